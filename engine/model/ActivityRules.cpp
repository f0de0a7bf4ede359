#include "engine/model/ActivityReader.h"
#include "engine/model/Validation.h"

#include <algorithm>

namespace engine {

namespace {

using Kind = PropertyDescriptor::Kind;

bool isReference(Kind kind)
{
    return kind == Kind::DatasetReference || kind == Kind::LinkedServiceReference || kind == Kind::PipelineReference;
}

// Nothing is there, or something that says nothing.
bool isMissing(const Json &value, Kind kind)
{
    if (value.is_null())
        return true;
    if (isReference(kind))
        return stringAt(value, "referenceName").isEmpty();
    if (value.is_array()
        || (value.is_object() && stringAt(value, "type").compare(u"Expression", Qt::CaseInsensitive) != 0))
        return value.empty();
    return ValueSource::fromJson(value).text().trimmed().isEmpty();
}

const char *codeOfMissing(Kind kind)
{
    switch (kind) {
    case Kind::DatasetReference:
        return "MissingDataset";
    case Kind::LinkedServiceReference:
        return "MissingLinkedService";
    case Kind::PipelineReference:
        return "MissingPipeline";
    case Kind::VariableReference:
        return "MissingVariable";
    default:
        return "MissingProperty";
    }
}

// Copies and notebooks have rules of their own for what they read, write and run.
bool isCheckedElsewhere(const Activity &activity, const PropertyDescriptor &property)
{
    if (property.path == u"name" || property.tab == u"General")
        return true;
    if (std::holds_alternative<CopyActivity>(activity.typeProperties))
        return property.kind == Kind::DatasetReference || property.kind == Kind::Choice;
    return std::holds_alternative<NotebookActivity>(activity.typeProperties)
        && (property.kind == Kind::NotebookPath || property.kind == Kind::LinkedServiceReference);
}

bool isBoolean(const Json &value)
{
    if (value.is_boolean())
        return true;
    const QString text = value.is_string() ? toQString(value.get_ref<const std::string &>()) : QString();
    return text.compare(u"true", Qt::CaseInsensitive) == 0 || text.compare(u"false", Qt::CaseInsensitive) == 0;
}

} // namespace

void Validation::checkDescriptor(const ActivityPlace &at, const ActivityDescriptor &descriptor)
{
    QSet<QString> paths; // several properties may mean one path in several ways
    for (const PropertyDescriptor &property : descriptor.properties) {
        if (isCheckedElsewhere(at.activity, property) || !descriptor.applies(property, at.activity.json))
            continue;
        const Json &value = propertyAt(at.activity.json, property.path);
        const bool mayBeEmpty = property.path == u"typeProperties.value"; // of a variable
        if (mayBeEmpty ? value.is_null() : isMissing(value, property.kind)) {
            if (property.isRequired && !paths.contains(property.path))
                checkRequired(at, descriptor, property, value);
            paths.insert(property.path);
            continue;
        }
        if (isReference(property.kind))
            checkReferences(at, property, value);
        else if (!isDynamicValue(value))
            checkLiteral(at, property, value);
    }
}

void Validation::checkRequired(const ActivityPlace &at,
                               const ActivityDescriptor &descriptor,
                               const PropertyDescriptor &property,
                               const Json &value)
{
    if (value.is_array() && property.kind == Kind::Branch)
        return; // an empty list is one
    const Place place = at.place / property.path;
    if (property.kind == Kind::DatasetReference
        && sayInlineDataset(memberAt(typePropertiesOf(at.activity), "datasetSettings"), place))
        return;
    const Json &connection = memberAt(memberAt(at.activity.json, "externalReferences"), "connection");
    if (property.path == u"typeProperties.url" && connection.is_string()) {
        error("MissingProperty",
              place,
              tr("\"%1\" takes its address from a connection of Fabric, which is not here.").arg(at.activity.name),
              tr("Write the whole address as typeProperties.url."));
        return;
    }
    Problem &problem = error(codeOfMissing(property.kind),
                             place,
                             tr("The activity \"%1\" says nothing for \"%2\".").arg(at.activity.name, property.label),
                             tr("Fill in %1. %2").arg(property.path, property.help));
    const Json &usual =
        property.defaultValue.is_null() ? propertyAt(descriptor.initial, property.path) : property.defaultValue;
    if (!isMissing(usual, property.kind) && !usual.is_structured())
        problem.repair = setting(place.property, usual);
}

void Validation::checkLiteral(const ActivityPlace &at, const PropertyDescriptor &property, const Json &value)
{
    const Place place = at.place / property.path;
    switch (property.kind) {
    case Kind::Integer:
        checkNumber(place, property, value);
        break;
    case Kind::Boolean:
    case Kind::OptionalBoolean:
        if (!isBoolean(value))
            error("BadValue",
                  place,
                  tr("\"%1\" is neither true nor false.").arg(shortened(ValueSource::fromJson(value).text())),
                  tr("Write true or false."))
                .repair = property.isRequired ? std::nullopt : std::optional(removing(place.property, false));
        break;
    case Kind::Choice: {
        const QString text = ValueSource::fromJson(value).text();
        if (!property.choices.contains(text, Qt::CaseInsensitive))
            suggest(error("BadValue",
                          place,
                          tr("\"%1\" is nothing that \"%2\" can be.").arg(shortened(text), property.label),
                          tr("Write one of: %1.").arg(property.choices.join(QStringLiteral(", ")))),
                    text,
                    property.choices,
                    place.property);
        break;
    }
    case Kind::Fields: {
        const QStringList words = readStrings(value);
        for (qsizetype i = 0; i < words.size(); ++i) {
            if (!property.choices.contains(words[i], Qt::CaseInsensitive) && !words[i].startsWith(u'@'))
                suggest(error("UnknownField",
                              place[i],
                              tr("\"%1\" is nothing that can be asked for.").arg(shortened(words[i])),
                              tr("Write one of: %1.").arg(property.choices.join(QStringLiteral(", ")))),
                        words[i],
                        property.choices,
                        place[i].property);
        }
        break;
    }
    case Kind::Duration:
        checkTimeSpan(value, place, tr("Leave it out for the usual one."));
        break;
    case Kind::Branch:
    case Kind::Cases:
    case Kind::Scripts:
        if (!value.is_array())
            error("WrongType",
                  place,
                  tr("\"%1\" is no list.").arg(property.label),
                  tr("Put what is in it between [ and ]."));
        break;
    default:
        break;
    }
}

void Validation::checkNumber(const Place &place, const PropertyDescriptor &property, const Json &value)
{
    const QString written = shortened(ValueSource::fromJson(value).text());
    const bool hasMost = property.maximum > 0;
    if (!isWholeNumber(value)
        && !(value.is_number_float() && value.get<double>() == double(qint64(value.get<double>())))) {
        error("BadValue",
              place,
              tr("\"%1\" is no whole number.").arg(written),
              tr("Write a number from %1.").arg(property.minimum));
        return;
    }
    const qint64 number = value.is_number_float() ? qint64(value.get<double>())
        : value.is_string()                       ? toQString(value.get_ref<const std::string &>()).toLongLong()
                                                  : value.get<qint64>();
    if (number < property.minimum)
        error("BadValue",
              place,
              tr("%1 is too small for \"%2\".").arg(written, property.label),
              tr("Write at least %1.").arg(property.minimum))
            .repair = setting(place.property, Json(property.minimum));
    else if (hasMost && number > property.maximum)
        warning("BeyondLimit",
                place,
                tr("Data Factory takes at most %1 for \"%2\", not %3.")
                    .arg(QString::number(property.maximum), property.label, written),
                tr("It works here; write at most %1 if the factory is to move to Azure.").arg(property.maximum))
            .repair = setting(place.property, Json(property.maximum));
}

void Validation::checkReferences(const ActivityPlace &at, const PropertyDescriptor &property, const Json &value)
{
    const Place place = at.place / property.path;
    if (property.kind == Kind::DatasetReference) {
        checkDatasetReference(value, place);
        return;
    }
    const QString name = stringAt(value, "referenceName");
    if (name.contains(u'@'))
        return; // dynamic content is no name: its expression is checked
    if (property.kind == Kind::PipelineReference) {
        if (m_factory.fabricItems.contains(name.toLower()) && m_factory.pipelineNamed(name) != name)
            return; // by its id
        if (!spelled(m_factory.pipelines, name, (place / QStringLiteral("referenceName"))))
            suggest(
                error("MissingPipeline",
                      place,
                      tr("\"%1\" executes \"%2\", which is no pipeline of this factory.").arg(at.activity.name, name)),
                name,
                m_factory.pipelines.keys(),
                (place / QStringLiteral("referenceName")).property);
        return;
    }
    const LinkedService *const service =
        spelled(m_factory.linkedServices, name, place / QStringLiteral("referenceName"));
    if (service == nullptr) {
        suggest(
            error("MissingLinkedService", place, tr("There is no linked service \"%1\" in this factory.").arg(name)),
            name,
            m_factory.linkedServices.keys(),
            (place / QStringLiteral("referenceName")).property);
        return;
    }
    checkArguments(readParameters(memberAt(memberAt(service->json, "properties"), "parameters")),
                   memberAt(value, "parameters"),
                   place / QStringLiteral("parameters"),
                   tr("The linked service \"%1\"").arg(name),
                   Problem::Severity::Warning);
}

} // namespace engine
