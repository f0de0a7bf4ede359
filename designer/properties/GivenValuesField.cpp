#include "designer/properties/GivenValuesField.h"

#include "designer/properties/EditScope.h"
#include "designer/properties/Records.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

GivenValuesField::GivenValuesField(const RecordTable::Words &words,
                                   const QString &defaultTitle,
                                   EditScope &scope,
                                   QWidget *parent)
    : Field(parent)
    , m_scope(scope)
    , m_note(label({}, "hint"))
{
    auto *const model = new RecordModel({{.title = tr("Name"), .isCode = true, .width = 220},
                                         {.title = tr("Type"), .isReadOnly = true, .width = 90},
                                         {.title = defaultTitle, .isCode = true, .isReadOnly = true, .width = 200},
                                         {.title = tr("Value"), .isCode = true, .takesExpressions = true}});
    m_table = new RecordTable(model, words);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    auto *const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(label(words.title, "secondary"));
    head->addWidget(m_note, 1);
    m_note->setWordWrap(true);
    layout->addLayout(head);
    layout->addWidget(m_table);
    connect(model, &RecordModel::edited, this, [this] {
        m_isEdited = true;
        emit committed();
    });
    connect(m_table, &RecordTable::newAsked, this, [this] {
        Record row{{records::freeName(QStringLiteral("parameter"), rows()), {}, {}, {}}};
        row.origin = Json("");
        m_table->edit(m_table->model().append(row), Name);
    });
    connect(m_table, &RecordTable::undoAsked, this, &Field::undoAsked);
    connect(m_table, &RecordTable::redoAsked, this, &Field::redoAsked);
}

void GivenValuesField::show(const QList<Record> &rows, const QString &note)
{
    m_table->model().setRecords(rows);
    QList<QString> marks;
    for (const Record &row : rows)
        marks.append(markOf(row));
    m_table->model().setMarks(marks);
    m_note->setText(note);
}

QString GivenValuesField::mistake() const { return m_isEdited ? records::nameMistake(rows()) : QString(); }

QWidget *GivenValuesField::editor() { return m_table->view(); }

} // namespace designer

#include "moc_GivenValuesField.cpp"
