#include "engine/copy/TranslatorPlan.h"

#include <QCoreApplication>
#include <QStringList>

namespace engine {
namespace {

class TranslatorPlanner
{
    Q_DECLARE_TR_FUNCTIONS(engine::TranslatorPlan)

public:
    explicit TranslatorPlanner(const QString &place) : m_place(place) { }

    using Step = std::optional<Error>;
    Step plan(const Json &translator);

    Translation translation;

private:
    Step planLegacyMappings(const Json &mappings);
    Step planMapping(const Json &mapping, const QString &where);

    Error invalid(const QString &where, const QString &message) const
    {
        return {ErrorCode::InvalidInput, message, where};
    }
    Error unsupported(const QString &where, const QString &message) const
    {
        return {ErrorCode::Unsupported, message, where};
    }

    QString m_place;
};

TranslatorPlanner::Step TranslatorPlanner::plan(const Json &translator)
{
    if (translator.is_null())
        return {};
    const QString &where = m_place;
    if (stringAt(translator, "type").compare(u"TabularTranslator", Qt::CaseInsensitive) != 0)
        return unsupported(where + QStringLiteral(".type"), tr("Columns can only be mapped by a TabularTranslator."));
    for (const char *nested : {"collectionReference", "schemaMapping"}) {
        const Json &value = memberAt(translator, nested);
        if (!value.is_null() && !value.empty() && value != Json(""))
            return unsupported(where + u'.' + QString::fromLatin1(nested),
                               tr("“%1” maps nested values, which rows of text files and tables do not have.")
                                   .arg(QString::fromLatin1(nested)));
    }
    const Json &settings = memberAt(translator, "typeConversionSettings");
    translation.treatBooleanAsNumber = boolAt(settings, "treatBooleanAsNumber");
    translation.formats = {stringAt(settings, "dateTimeFormat"),
                           stringAt(settings, "dateTimeOffsetFormat"),
                           stringAt(settings, "timeSpanFormat")};
    const auto isInvariant = [](const QString &culture) {
        return culture.isEmpty() || culture.startsWith(u"en", Qt::CaseInsensitive);
    };
    if (const QString culture = stringAt(settings, "culture"); !isInvariant(culture))
        return unsupported(
            where + QStringLiteral(".typeConversionSettings.culture"),
            tr("Numbers and dates of the culture “%1” cannot be read: give the formats instead.").arg(culture));
    if (const Json &legacy = memberAt(translator, "columnMappings"); !legacy.is_null())
        return planLegacyMappings(legacy);
    const Json &mappings = memberAt(translator, "mappings");
    for (size_t i = 0; mappings.is_array() && i < mappings.size(); ++i) {
        const QString row = where + QStringLiteral(".mappings[%1]").arg(i);
        if (const QString culture = stringAt(memberAt(mappings[i], "source"), "culture"); !isInvariant(culture))
            return unsupported(
                row + QStringLiteral(".source.culture"),
                tr("Numbers and dates of the culture “%1” cannot be read: give a format instead.").arg(culture));
        if (auto error = planMapping(mappings[i], row))
            return error;
    }
    return {};
}

// {"source": "sink", …} or "source: sink, …"
TranslatorPlanner::Step TranslatorPlanner::planLegacyMappings(const Json &mappings)
{
    const QString where = m_place + QStringLiteral(".columnMappings");
    const auto add = [this](const QString &source, const QString &sink) {
        ColumnMapping mapping;
        mapping.sourceName = source.trimmed();
        mapping.sinkName = sink.trimmed();
        translation.mappings += mapping;
        return !mapping.sourceName.isEmpty() && !mapping.sinkName.isEmpty();
    };
    bool isValid = mappings.is_object() || mappings.is_string();
    if (mappings.is_object()) {
        for (const auto &[source, sink] : mappings.items())
            isValid = isValid && sink.is_string() && add(toQString(source), toQString(sink.get<std::string>()));
    } else if (mappings.is_string()) {
        const QStringList pairs = toQString(mappings.get<std::string>()).split(u',');
        for (const QString &pair : pairs) {
            const QStringList sides = pair.split(u':');
            isValid = isValid && sides.size() == 2 && add(sides.at(0), sides.at(1));
        }
    }
    if (!isValid)
        return invalid(where,
                       tr("The mapping must be written as \"source: sink, source: sink\" or as an object of names."));
    return {};
}

TranslatorPlanner::Step TranslatorPlanner::planMapping(const Json &mapping, const QString &where)
{
    const Json &source = memberAt(mapping, "source");
    const Json &sink = memberAt(mapping, "sink");
    ColumnMapping row;
    row.sourceName = stringAt(source, "name");
    row.sourceOrdinal = int(intAt(source, "ordinal"));
    row.sourceFormat = stringAt(source, "format");
    row.sinkName = stringAt(sink, "name");
    if (row.sourceName.isEmpty() && row.sourceOrdinal < 1)
        return invalid(where + QStringLiteral(".source"),
                       tr("This row of the mapping names no source column, by name or ordinal."));
    if (row.sinkName.isEmpty())
        return invalid(where + QStringLiteral(".sink"), tr("This row of the mapping names no sink column."));
    if (const QString type = stringAt(sink, "type"); !type.isEmpty()) {
        row.sinkType = interimTypeFromString(type);
        if (!row.sinkType)
            return invalid(where + QStringLiteral(".sink.type"), tr("“%1” is no type of a column.").arg(type));
    }
    translation.mappings += row;
    return {};
}

} // namespace

Result<Translation> planTranslator(const Json &translator, const QString &place)
{
    TranslatorPlanner planner(place);
    if (auto error = planner.plan(translator))
        return *error;
    return planner.translation;
}

} // namespace engine
