#include "designer/properties/ParametersField.h"

#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Records.h"
#include "designer/shell/PoolTask.h"

namespace designer {

using namespace engine;

namespace {

bool isTypedEntry(const Json &entry)
{
    return entry.is_object() && entry.contains("value") && stringAt(entry, "type") != u"Expression";
}

QString shortText(const QString &text)
{
    const QString line = text.simplified();
    return line.size() > 120 ? line.left(119) + u'…' : line;
}

// As Synapse calls them.
std::string typedName(const QString &type)
{
    const QString lower = type.toLower();
    return toStdString(lower.isEmpty() ? QStringLiteral("string") : lower);
}

} // namespace

ParametersField::ParametersField(Form form, EditScope &scope, QWidget *parent)
    : GivenValuesField(
        {.objectName = QStringLiteral("baseParameters"),
         .title = tr("Base parameters"),
         .newText = tr("New parameter"),
         .empty =
             tr("No parameters. Tag a cell of the notebook \"parameters\" and they are listed here by themselves."),
         .canMove = false},
        tr("Default in the notebook"),
        scope,
        parent)
    , m_form(form)
{
    connect(&scope, &EditScope::changed, this, &ParametersField::readNotebook);
    if (FactoryDocument *const document = scope.document())
        connect(document, &FactoryDocument::filesChanged, this, &ParametersField::readNotebook);
    readNotebook();
}

void ParametersField::readNotebook()
{
    FactoryDocument *const document = m_scope.document();
    if (document == nullptr || m_scope.isEmpty())
        return;
    const QString file = lookUpNotebook(*document, m_scope.json()).file;
    const QByteArray content = file.endsWith(u".ipynb", Qt::CaseInsensitive) ? document->content(file) : QByteArray();
    if (file == m_file && content == m_content)
        return;
    m_file = file;
    m_content = content;
    if (content.isEmpty()) {
        m_parameters.reset();
        showRows();
        return;
    }
    onPool(
        this,
        [content] { return parametersOfNotebook(content); },
        [this, file, content](const std::optional<QList<NotebookParameter>> &parameters) {
            if (file != m_file || content != m_content)
                return; // another one meanwhile
            m_parameters = parameters;
            showRows();
        });
}

// First what the notebook declares, then what only the activity names.
void ParametersField::showRows()
{
    QList<Record> rows;
    Json left = m_value.is_object() ? m_value : Json::object();
    for (const NotebookParameter &parameter : m_parameters.value_or(QList<NotebookParameter>())) {
        const std::string key = toStdString(parameter.name);
        Record row{{parameter.name, parameter.type, shortText(parameter.defaultText), {}}, {}};
        if (left.contains(key)) {
            row.origin = left[key];
            row.cells[Value] = shownText(isTypedEntry(row.origin) ? memberAt(row.origin, "value") : row.origin);
            left.erase(key);
        }
        rows.append(row);
    }
    for (const auto &[key, entry] : left.items()) {
        const bool isTyped = m_form == Form::Typed && isTypedEntry(entry);
        rows.append({{toQString(key),
                      isTyped ? stringAt(entry, "type") : QString(),
                      {},
                      shownText(isTyped ? memberAt(entry, "value") : entry)},
                     entry});
    }
    show(rows, note());
}

QString ParametersField::note() const
{
    if (m_file.isEmpty())
        return tr("The notebook is not known, so its parameters are not checked.");
    if (!m_parameters)
        return tr("%1 could not be read, so its parameters are not checked.").arg(m_file);
    if (m_parameters->isEmpty())
        return tr("%1 has no cell tagged \"parameters\".").arg(m_file);
    return tr("From the parameters cell of %1. An empty value leaves the default.").arg(m_file);
}

QString ParametersField::markOf(const Record &row) const
{
    if (!m_parameters)
        return {};
    const auto known = std::find_if(m_parameters->begin(), m_parameters->end(), [&](const NotebookParameter &one) {
        return one.name == row.cells.value(Name);
    });
    if (known == m_parameters->end())
        return m_parameters->isEmpty()
            ? tr("The notebook has no cell tagged \"parameters\": the value is set at its top and may be overwritten.")
            : tr("The notebook has no parameter of this name. Delete the row, or rename it.");
    if (row.origin.is_null())
        return known->hasDefault ? QString() : tr("The notebook gives it no default: write a value.");
    const Json &value = isTypedEntry(row.origin) ? memberAt(row.origin, "value") : row.origin;
    if (value.is_string() && !isDynamic(value) && !known->type.isEmpty() && known->type != u"String")
        return tr("The notebook expects %1, and this is passed as text.").arg(known->type);
    return {};
}

void ParametersField::setValue(const Json &value)
{
    m_value = value;
    m_isEdited = false;
    showRows();
}

Json ParametersField::value() const
{
    if (!m_isEdited)
        return m_value;
    Json json = Json::object();
    for (const Record &row : rows()) {
        const QString text = row.cells.value(Value);
        const bool isDeclared =
            m_parameters && std::any_of(m_parameters->begin(), m_parameters->end(), [&](const NotebookParameter &one) {
                return one.name == row.cells.value(Name);
            });
        if (text.isEmpty() && (row.origin.is_null() || isDeclared))
            continue; // the default
        const bool isTyped = isTypedEntry(row.origin);
        const Json before = isTyped ? memberAt(row.origin, "value") : row.origin;
        const Json now = records::valueOf(text, row.cells.value(Type), before);
        Json entry = now;
        if (m_form == Form::Typed) {
            entry = isTyped ? row.origin : Json{{"value", now}, {"type", typedName(row.cells.value(Type))}};
            entry["value"] = now;
        }
        json[toStdString(row.cells.value(Name))] = entry;
    }
    return json;
}

} // namespace designer

#include "moc_ParametersField.cpp"
