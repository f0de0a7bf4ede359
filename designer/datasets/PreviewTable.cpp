#include "designer/datasets/PreviewTable.h"

#include "designer/datasets/ParameterQuestion.h"
#include "designer/datasets/StoreRequest.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int rowsAsked = 1000;
constexpr qsizetype longestShown = 300;

bool isNumber(const QString &type)
{
    return type.startsWith(u"Int") || type.startsWith(u"UInt") || type == u"Double" || type == u"Single"
        || type == u"Decimal" || type == u"Byte" || type == u"SByte";
}

} // namespace

void PreviewModel::setAnswer(Json answer)
{
    beginResetModel(); // other data, not a change of these
    m_answer = std::move(answer);
    const Json &columns = memberAt(m_answer, "columns");
    const Json &rows = memberAt(m_answer, "rows");
    m_columns = columns.is_array() ? int(columns.size()) : 0;
    m_rows = rows.is_array() ? int(rows.size()) : 0;
    m_areNumbers.clear();
    for (int i = 0; i < m_columns; ++i)
        m_areNumbers.append(isNumber(stringAt(columns[size_t(i)], "type")));
    m_problems.clear();
    const Json &problems = memberAt(m_answer, "problems");
    for (const Json &problem : problems.is_array() ? problems : Json::array()) {
        for (int i = 0; i < m_columns; ++i) {
            if (stringAt(columns[size_t(i)], "name") == stringAt(problem, "column"))
                m_problems.insert({int(intAt(problem, "row")), i}, stringAt(problem, "message"));
        }
    }
    endResetModel();
}

int PreviewModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_rows; }

int PreviewModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_columns; }

QVariant PreviewModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Json &row = m_answer["rows"][size_t(index.row())];
    static const Json none;
    const Json &cell = row.is_array() && size_t(index.column()) < row.size() ? row[size_t(index.column())] : none;
    const QString problem = m_problems.value({index.row() + 1, index.column()});
    switch (role) {
    case Qt::DisplayRole: {
        if (cell.is_null())
            return QStringLiteral("NULL");
        const QString text =
            cell.is_string() ? toQString(cell.get_ref<const std::string &>()) : QString::fromUtf8(toCompact(cell));
        return text.size() > longestShown ? QString(text.left(longestShown) + u'…') : text;
    }
    case Qt::ToolTipRole:
        if (!problem.isEmpty())
            return problem;
        return cell.is_string() ? toQString(cell.get_ref<const std::string &>()).left(4000) : QString();
    case Qt::ForegroundRole:
        if (!problem.isEmpty())
            return Theme::current().bad;
        return cell.is_null() ? QVariant(Theme::current().text3) : QVariant();
    case Qt::TextAlignmentRole:
        return int((m_areNumbers[index.column()] ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(countText(section + 1)) : QVariant();
    if (section < 0 || section >= m_columns)
        return {};
    const Json &column = m_answer["columns"][size_t(section)];
    if (role == Qt::DisplayRole)
        return stringAt(column, "name");
    if (role == Qt::ToolTipRole)
        return QStringLiteral("%1 · %2").arg(stringAt(column, "name"), stringAt(column, "type"));
    if (role == Qt::TextAlignmentRole)
        return int((m_areNumbers[section] ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

PreviewTable::PreviewTable(EditScope &scope, QWidget *parent)
    : QWidget(parent)
    , m_scope(scope)
    , m_model(new PreviewModel(this))
    , m_button(pushButton(QStringLiteral("loadPreview"),
                          tr("Refresh"),
                          QStringLiteral("refresh-cw"),
                          tr("Read the first 1,000 rows again")))
    , m_state(label({}, "secondary"))
    , m_problems(label({}, "warn"))
    , m_view(new QTableView)
    , m_empty(label({}, "hint"))
{
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 8);
    auto *const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_button);
    head->addWidget(m_state, 1);
    layout->addLayout(head);
    layout->addWidget(m_problems);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_view, 1);
    m_state->setWordWrap(true);
    m_state->setObjectName(QStringLiteral("previewState"));
    m_problems->setWordWrap(true);
    m_problems->hide();
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setText(tr("Refresh reads the first 1,000 rows of the dataset as it is in the window."));
    name(m_view, QStringLiteral("previewTable"), tr("Preview of the data"), tr("Ctrl+C copies what is selected"));
    m_view->setTabKeyNavigation(false);
    m_view->setModel(m_model);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->verticalHeader()->setDefaultSectionSize(measure::atLeast(measure::tableRow));
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setFixedHeight(measure::atLeast(measure::tableHeader));
    m_view->horizontalHeader()->setDefaultSectionSize(120);
    m_view->hide();
    connect(m_button, &QPushButton::clicked, this, &PreviewTable::load);
    auto *const copy = new QShortcut(QKeySequence::Copy, m_view);
    copy->setContext(Qt::WidgetShortcut);
    connect(copy, &QShortcut::activated, this, [this] {
        QMap<int, QStringList> lines;
        for (const QModelIndex &index : m_view->selectionModel()->selectedIndexes())
            lines[index.row()].append(index.data().toString());
        QStringList text;
        for (const QStringList &line : std::as_const(lines))
            text.append(line.join(u'\t'));
        QGuiApplication::clipboard()->setText(text.join(u'\n'));
    });
}

void PreviewTable::say(const char *look, const QString &text)
{
    m_state->setText(text);
    setLook(m_state, look);
}

void PreviewTable::load()
{
    if (m_isAsking) { // the button says Cancel meanwhile
        ++m_request;
        m_isAsking = false;
        m_button->setText(tr("Refresh"));
        say("secondary", tr("Cancelled."));
        return;
    }
    FactoryDocument *const document = m_scope.document();
    if (document == nullptr)
        return;
    const Json dataset = document->json(m_scope.entity());
    Result<Json> body = datasetRequest(*document, dataset);
    if (!body) {
        say("bad", body.error().message);
        return;
    }
    const auto parameters = askParameters(m_scope.workbench(),
                                          m_scope.entity(),
                                          jsonAt(dataset, QStringLiteral("properties.parameters")),
                                          m_given,
                                          window());
    if (!parameters)
        return;
    (*body)["parameters"] = *parameters;
    (*body)["rows"] = rowsAsked;
    m_isAsking = true;
    m_button->setText(tr("Cancel"));
    say("secondary", tr("Reading…"));
    m_scope.workbench().engine().post(QStringLiteral("/slipway/v1/datasets/preview"),
                                      *body,
                                      this,
                                      [this, request = ++m_request](const Result<Json> &answer) {
                                          if (request != m_request)
                                              return;
                                          m_isAsking = false;
                                          m_button->setText(tr("Refresh"));
                                          if (answer)
                                              show(*answer);
                                          else
                                              say("bad", answer.error().message);
                                      });
}

void PreviewTable::show(const Json &answer)
{
    m_model->setAnswer(answer);
    const int rows = m_model->rowCount();
    say("secondary",
        boolAt(answer, "more") ? tr("The first %n row(s); there are more.", nullptr, rows)
                               : tr("%n row(s), all there are.", nullptr, rows));
    const Json &problems = memberAt(answer, "problems");
    QStringList lines;
    for (size_t i = 0; problems.is_array() && i < problems.size() && i < 5; ++i)
        lines.append(tr("Row %1, %2: %3")
                         .arg(countText(intAt(problems[i], "row")),
                              stringAt(problems[i], "column"),
                              stringAt(problems[i], "message")));
    if (problems.is_array() && problems.size() > 5)
        lines.append(tr("… and %n more.", nullptr, int(problems.size() - 5)));
    m_problems->setText(lines.join(u'\n'));
    m_problems->setVisible(!lines.isEmpty());
    const bool hasColumns = m_model->columnCount() > 0;
    m_view->setVisible(hasColumns);
    m_empty->setVisible(!hasColumns);
    m_empty->setText(tr("There are no columns: the file is empty."));
    const QFontMetrics metrics = m_view->fontMetrics();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        int width = metrics.horizontalAdvance(m_model->headerData(column, Qt::Horizontal).toString());
        for (int row = 0; row < std::min(rows, 20); ++row)
            width = std::max(width, metrics.horizontalAdvance(m_model->index(row, column).data().toString().left(60)));
        m_view->setColumnWidth(column, std::clamp(width + 28, 72, 320));
    }
}

} // namespace designer

#include "moc_PreviewTable.cpp"
