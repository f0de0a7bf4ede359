#include "designer/properties/ScriptsField.h"

#include "designer/properties/Records.h"
#include "designer/properties/RecordsField.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int textLines = 7;

RecordsField *parametersOfScript()
{
    const QStringList types = {QStringLiteral("String"),
                               QStringLiteral("Int32"),
                               QStringLiteral("Int64"),
                               QStringLiteral("Decimal"),
                               QStringLiteral("Double"),
                               QStringLiteral("Boolean"),
                               QStringLiteral("DateTime"),
                               QStringLiteral("Guid")};
    const QStringList directions = {QStringLiteral("Input"), QStringLiteral("Output"), QStringLiteral("InputOutput")};
    return new RecordsField(
        {{.title = ScriptsField::tr("Name"), .isCode = true, .width = 180},
         {.title = ScriptsField::tr("Type"), .choices = types, .width = 110},
         {.title = ScriptsField::tr("Value"), .isCode = true, .takesExpressions = true},
         {.title = ScriptsField::tr("Direction"), .choices = directions, .width = 120}},
        {.objectName = QStringLiteral("scriptParameters"),
         .title = ScriptsField::tr("Script parameters"),
         .newText = ScriptsField::tr("New parameter"),
         .empty = ScriptsField::tr("No parameters. Values given here cannot change the SQL, whatever is in them.")},
        {.read = records::ofScriptParameters,
         .write = records::scriptParameters,
         .mistake = records::nameMistake,
         .fresh =
             [](const QList<Record> &rows) {
                 return Record{{records::freeName(QStringLiteral("parameter"), rows),
                                QStringLiteral("String"),
                                QString(),
                                QStringLiteral("Input")}};
             },
         .removesEmpty = true,
         .summary = ScriptsField::tr("Script parameters")});
}

QString firstLine(const Json &script)
{
    const QString text = shownText(memberAt(script, "text")).trimmed();
    return text.isEmpty() ? ScriptsField::tr("(empty)") : text.section(u'\n', 0, 0);
}

} // namespace

ScriptsField::ScriptsField(QWidget *parent)
    : Field(parent)
    , m_details(new QWidget)
    , m_text(new QPlainTextEdit)
    , m_parameters(parametersOfScript())
{
    const QStringList kinds = {QStringLiteral("Query"), QStringLiteral("NonQuery")};
    auto *const model = new RecordModel({{.title = tr("Type"), .choices = kinds, .width = 120},
                                         {.title = tr("Script"), .isCode = true, .isReadOnly = true}});
    m_table = new RecordTable(model,
                              {.objectName = QStringLiteral("scripts"),
                               .title = tr("Scripts"),
                               .newText = tr("New script"),
                               .empty = tr("No scripts. New adds one.")});
    name(m_text,
         QStringLiteral("scriptText"),
         tr("Text of the chosen script"),
         tr("SQL; @{…} in it is worked out when the pipeline runs"));
    m_text->setFont(codeFont());
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(m_text->fontMetrics().lineSpacing() * textLines + 18);
    auto *const details = new QVBoxLayout(m_details);
    details->setContentsMargins(0, 0, 0, 0);
    details->addWidget(m_text);
    details->addWidget(m_parameters);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->addWidget(label(tr("Scripts"), "secondary"));
    layout->addWidget(m_table);
    layout->addWidget(m_details);
    watch(m_text);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        take();
        if (!m_isSetting)
            emit edited();
    });
    connect(m_parameters, &Field::committed, this, [this] {
        take();
        emit committed();
    });
    connect(m_parameters, &Field::undoAsked, this, &Field::undoAsked);
    connect(m_parameters, &Field::redoAsked, this, &Field::redoAsked);
    connect(m_table, &RecordTable::newAsked, this, [this] {
        Record fresh{{QStringLiteral("Query"), tr("(empty)")}};
        fresh.origin = Json{{"type", "Query"}, {"text", ""}};
        m_table->view()->selectRow(m_table->model().append(fresh));
        m_text->setFocus(Qt::OtherFocusReason);
    });
    connect(model, &RecordModel::edited, this, [this] {
        m_scripts = Json::array();
        for (const Record &row : m_table->model().records()) {
            Json script = row.origin.is_object() ? row.origin : Json::object();
            script["type"] = toStdString(row.cells.value(0));
            m_scripts.push_back(script);
        }
        showChosen();
        emit committed();
    });
    connect(m_table, &RecordTable::undoAsked, this, &Field::undoAsked);
    connect(m_table, &RecordTable::redoAsked, this, &Field::redoAsked);
    connect(
        m_table->view()->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ScriptsField::showChosen);
    showChosen();
}

int ScriptsField::chosen() const
{
    const int row = m_table->view()->currentIndex().row();
    return row < int(m_scripts.size()) ? row : -1;
}

void ScriptsField::showChosen()
{
    const QScopedValueRollback setting(m_isSetting, true);
    m_shown = chosen();
    m_details->setVisible(m_shown >= 0);
    if (m_shown < 0)
        return;
    const Json &script = m_scripts[size_t(m_shown)];
    const QString text = shownText(memberAt(script, "text"));
    if (text != m_text->toPlainText())
        m_text->setPlainText(text);
    m_parameters->setValue(memberAt(script, "parameters"));
}

void ScriptsField::take()
{
    if (m_isSetting || m_shown < 0 || m_shown >= int(m_scripts.size()))
        return;
    const QScopedValueRollback setting(m_isSetting, true);
    Json &script = m_scripts[size_t(m_shown)];
    const Json before = memberAt(script, "text");
    if (shownText(before) != m_text->toPlainText())
        script["text"] = dynamicValue(m_text->toPlainText(), before);
    if (!m_parameters->mistake().isEmpty())
        return;
    const Json parameters = m_parameters->value();
    if (parameters.is_null())
        script.erase("parameters");
    else
        script["parameters"] = parameters;
    showRows();
}

void ScriptsField::showRows()
{
    QList<Record> rows;
    for (const Json &script : m_scripts)
        rows.append({{stringAt(script, "type"), firstLine(script)}, script});
    m_table->model().setRecords(rows);
}

void ScriptsField::setValue(const Json &value)
{
    const int row = std::max(0, m_table->view()->currentIndex().row());
    m_value = value;
    m_scripts = value.is_array() ? value : Json::array();
    showRows();
    if (!m_scripts.empty())
        m_table->view()->setCurrentIndex(m_table->model().index(std::min(row, int(m_scripts.size()) - 1), 0));
    const int position = m_text->textCursor().position();
    showChosen();
    QTextCursor cursor = m_text->textCursor();
    cursor.setPosition(std::min(position, int(m_text->toPlainText().size())));
    m_text->setTextCursor(cursor);
}

Json ScriptsField::value() const { return m_scripts.empty() && m_value.is_null() ? Json() : m_scripts; }

QWidget *ScriptsField::editor() { return m_table->view(); }

} // namespace designer

#include "moc_ScriptsField.cpp"
