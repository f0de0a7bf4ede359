#include "designer/properties/ReferenceFields.h"

#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Records.h"
#include "designer/shell/Icons.h"

#include <QComboBox>
#include <QHBoxLayout>

namespace designer {

using namespace engine;

namespace {

const Json &declarationOf(const Json &declared, const QString &name)
{
    static const Json none;
    if (!declared.is_object())
        return none;
    for (const auto &[key, entry] : declared.items()) {
        if (toQString(key).compare(name, Qt::CaseInsensitive) == 0)
            return entry;
    }
    return none;
}

} // namespace

// --- VariableField --------------------------------------------------------------------------------------------------

VariableField::VariableField(QStringList types, EditScope &scope, QWidget *parent)
    : Field(parent)
    , m_types(std::move(types))
    , m_scope(scope)
    , m_box(new QComboBox)
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_box);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setFocusProxy(m_box);
    watch(m_box);
    connect(m_box, &QComboBox::activated, this, &Field::committed);
    if (FactoryDocument *const document = scope.document()) {
        connect(document, &FactoryDocument::filesChanged, this, [this](const QStringList &paths) {
            if (paths.contains(m_scope.file()))
                list();
        });
    }
    list();
}

void VariableField::list()
{
    const QString current = shownText(m_value);
    const QSignalBlocker quiet(m_box);
    m_box->clear();
    const FactoryDocument *const document = m_scope.document();
    const Json file = document ? document->json(m_scope.entity()) : Json();
    const Json &variables = jsonAt(file, QStringLiteral("properties.variables"));
    if (variables.is_object()) {
        for (const auto &[key, entry] : variables.items()) {
            const QString name = toQString(key);
            const QString type = stringAt(entry, "type");
            if (m_types.isEmpty() || m_types.contains(type, Qt::CaseInsensitive) || name == current)
                m_box->addItem(icon(QStringLiteral("variable")), tr("%1 (%2)").arg(name, type), name);
        }
    }
    m_box->setPlaceholderText(m_box->count() > 0 ? tr("Choose a variable")
                                                 : tr("The pipeline has no such variable; add one to it first"));
    int index = current.isEmpty() ? -1 : m_box->findData(current);
    if (index < 0 && !current.isEmpty()) {
        m_box->addItem(icon(QStringLiteral("circle-alert"), IconRole::Bad), tr("%1 (missing)").arg(current), current);
        index = m_box->count() - 1;
    }
    m_box->setCurrentIndex(index);
}

void VariableField::setValue(const Json &value)
{
    m_value = value;
    list();
}

Json VariableField::value() const
{
    const QString chosen = m_box->currentData().toString();
    return chosen == shownText(m_value) ? m_value : Json(toStdString(chosen));
}

QWidget *VariableField::editor() { return m_box; }

// --- ArgumentsField -------------------------------------------------------------------------------------------------

ArgumentsField::ArgumentsField(QString of, const QString &title, EditScope &scope, QWidget *parent)
    : GivenValuesField({.objectName = QStringLiteral("arguments"),
                        .title = title,
                        .newText = tr("New parameter"),
                        .empty = tr("It has no parameters."),
                        .canMove = false},
                       tr("Default"),
                       scope,
                       parent)
    , m_of(std::move(of))
{
    connect(&scope, &EditScope::changed, this, &ArgumentsField::readDeclarations);
    if (FactoryDocument *const document = scope.document())
        connect(document, &FactoryDocument::filesChanged, this, &ArgumentsField::readDeclarations);
    readDeclarations();
}

void ArgumentsField::readDeclarations()
{
    const FactoryDocument *const document = m_scope.document();
    if (document == nullptr || m_scope.isEmpty())
        return;
    const Json &reference = m_scope.at(m_of);
    const EntityKind kind =
        stringAt(reference, "type") == u"PipelineReference" ? EntityKind::Pipeline : EntityKind::Dataset;
    const EntityRef other{kind, stringAt(reference, "referenceName")};
    const bool isFound = !other.isEmpty() && document->contains(other);
    const Json file = isFound ? document->json(other) : Json();
    const Json &declared = jsonAt(file, QStringLiteral("properties.parameters"));
    if (isFound == m_isFound && declared == m_declared)
        return;
    m_isFound = isFound;
    m_declared = declared;
    showRows();
    emit declarationsChanged();
}

bool ArgumentsField::isNeeded() const
{
    return (m_declared.is_object() && !m_declared.empty()) || (m_value.is_object() && !m_value.empty());
}

// First what is declared, then what only stands here.
void ArgumentsField::showRows()
{
    QList<Record> rows;
    Json left = m_value.is_object() ? m_value : Json::object();
    if (m_declared.is_object()) {
        for (const auto &[key, entry] : m_declared.items()) {
            const QString name = toQString(key);
            Record row{{name, stringAt(entry, "type"), shownText(memberAt(entry, "defaultValue")), {}}, {}};
            for (const auto &[given, value] : left.items()) {
                if (toQString(given).compare(name, Qt::CaseInsensitive) != 0)
                    continue;
                row.cells[Name] = toQString(given); // as it is written
                row.origin = value;
                row.cells[Value] = shownText(value);
                left.erase(std::string(given));
                break;
            }
            rows.append(row);
        }
    }
    for (const auto &[key, value] : left.items())
        rows.append({{toQString(key), {}, {}, shownText(value)}, value});
    show(rows,
         m_isFound ? tr("An empty value leaves the default.")
                   : tr("What it refers to is not there, so its parameters are not known."));
}

QString ArgumentsField::markOf(const Record &row) const
{
    if (!m_isFound)
        return {};
    const Json &declaration = declarationOf(m_declared, row.cells.value(Name));
    if (declaration.is_null())
        return tr("There is no parameter of this name. Delete the row, or rename it.");
    if (row.origin.is_null() && !declaration.contains("defaultValue"))
        return tr("It has no default: write a value.");
    return {};
}

void ArgumentsField::setValue(const Json &value)
{
    m_value = value;
    m_isEdited = false;
    showRows();
    emit declarationsChanged();
}

Json ArgumentsField::value() const
{
    if (!m_isEdited)
        return m_value;
    Json json = Json::object();
    for (const Record &row : rows()) {
        const QString text = row.cells.value(Value);
        const bool isDeclared = !declarationOf(m_declared, row.cells.value(Name)).is_null();
        if (text.isEmpty() && (row.origin.is_null() || isDeclared))
            continue; // the default
        json[toStdString(row.cells.value(Name))] = records::valueOf(text, row.cells.value(Type), row.origin);
    }
    return json.empty() && m_value.is_null() ? Json() : json;
}

} // namespace designer

#include "moc_ReferenceFields.cpp"
