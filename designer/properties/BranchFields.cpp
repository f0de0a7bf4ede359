#include "designer/properties/BranchFields.h"

#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Records.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

struct BranchText
{
    Q_DECLARE_TR_FUNCTIONS(designer::BranchField)
};

constexpr size_t namesShown = 12;

void openBranch(EditScope &scope, const QString &path)
{
    const QString place = scope.absolute(path);
    if (!place.isEmpty())
        scope.workbench().go(entityLink(scope.entity().toString(), place));
}

} // namespace

QString activityWords(const Json &activities)
{
    if (!activities.is_array() || activities.empty())
        return BranchText::tr("No activities yet");
    if (activities.size() == 1)
        return stringAt(activities[0], "name");
    QStringList names;
    for (size_t i = 0; i < activities.size() && i < namesShown; ++i)
        names.append(stringAt(activities[i], "name"));
    const QString count = BranchText::tr("%n activities", nullptr, int(activities.size()));
    const QString list = names.join(QStringLiteral(", "));
    return activities.size() > namesShown ? BranchText::tr("%1: %2 …").arg(count, list)
                                          : BranchText::tr("%1: %2").arg(count, list);
}

BranchField::BranchField(QString path, const QString &title, EditScope &scope, QWidget *parent)
    : Field(parent)
    , m_words(label({}))
    , m_open(pushButton(QStringLiteral("openBranch"),
                        tr("Open"),
                        QStringLiteral("pencil"),
                        tr("Open the activities of %1 on the canvas").arg(title)))
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_open);
    layout->addWidget(m_words, 1);
    m_words->setWordWrap(true);
    setFocusProxy(m_open);
    connect(m_open, &QPushButton::clicked, this, [&scope, path = std::move(path)] { openBranch(scope, path); });
}

void BranchField::setValue(const Json &value)
{
    m_value = value;
    m_words->setText(activityWords(value));
}

QWidget *BranchField::editor() { return m_open; }

// --- CasesField -----------------------------------------------------------------------------------------------------

CasesField::CasesField(EditScope &scope, QWidget *parent) : Field(parent), m_scope(scope)
{
    auto *const model = new RecordModel(
        {{.title = tr("Value"), .isCode = true, .width = 260}, {.title = tr("Activities"), .isReadOnly = true}});
    m_table = new RecordTable(model,
                              {.objectName = QStringLiteral("cases"),
                               .title = tr("Cases"),
                               .newText = tr("New case"),
                               .empty = tr("No cases yet. New adds one; without any, Default is always taken.")});
    m_open = pushButton(QStringLiteral("openCase"),
                        tr("Open"),
                        QStringLiteral("pencil"),
                        tr("Open the activities of the chosen case on the canvas"));
    m_table->toolBar()->insertWidget(1, m_open);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->addWidget(label(tr("Cases"), "secondary"));
    layout->addWidget(m_table);
    connect(model, &RecordModel::edited, this, [this] {
        m_isEdited = true;
        emit committed();
    });
    connect(m_table, &RecordTable::newAsked, this, [this] {
        const Record row{{records::freeName(QStringLiteral("case"), m_table->model().records()), activityWords({})}};
        m_table->edit(m_table->model().append(row), 0);
    });
    connect(m_table, &RecordTable::undoAsked, this, &Field::undoAsked);
    connect(m_table, &RecordTable::redoAsked, this, &Field::redoAsked);
    const auto showOpen = [this] { m_open->setEnabled(m_table->view()->currentIndex().isValid()); };
    connect(m_table->view()->selectionModel(), &QItemSelectionModel::currentChanged, this, showOpen);
    connect(model, &QAbstractItemModel::rowsRemoved, this, showOpen);
    connect(m_open, &QPushButton::clicked, this, &CasesField::open);
    showOpen();
}

void CasesField::open()
{
    const int row = m_table->view()->currentIndex().row();
    if (row >= 0)
        openBranch(m_scope, QStringLiteral("typeProperties.cases[%1].activities").arg(row));
}

void CasesField::setValue(const Json &value)
{
    m_value = value;
    m_isEdited = false;
    QList<Record> rows;
    if (value.is_array()) {
        for (const Json &entry : value)
            rows.append({{shownText(memberAt(entry, "value")), activityWords(memberAt(entry, "activities"))}, entry});
    }
    m_table->model().setRecords(rows);
}

Json CasesField::value() const
{
    if (!m_isEdited)
        return m_value;
    Json json = Json::array();
    for (const Record &row : m_table->model().records()) {
        Json entry = row.origin.is_object() ? row.origin : Json{{"value", ""}, {"activities", Json::array()}};
        if (shownText(memberAt(entry, "value")) != row.cells.value(0))
            entry["value"] = toStdString(row.cells.value(0));
        json.push_back(entry);
    }
    return json;
}

QString CasesField::mistake() const
{
    return m_isEdited ? records::nameMistake(m_table->model().records()) : QString();
}

QWidget *CasesField::editor() { return m_table->view(); }

} // namespace designer

#include "moc_BranchFields.cpp"
