#include "engine/copy/ColumnMatch.h"

#include "engine/connectors/NearNames.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace engine {
namespace {

struct ColumnMatchText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ColumnMatch)
};

Error invalidMapping(const QString &message, const QString &where = {})
{
    return {ErrorCode::InvalidInput, message, where};
}

template <typename Column> QStringList namesOf(const QList<Column> &columns)
{
    QStringList names;
    for (const Column &column : columns)
        names += column.name;
    return names;
}

template <typename Column>
int indexOf(const QList<Column> &columns, const QString &name, Qt::CaseSensitivity sensitivity)
{
    int found = -1;
    for (int i = 0; i < columns.size(); ++i) {
        if (columns.at(i).name.compare(name, sensitivity) != 0)
            continue;
        if (found >= 0)
            return -1; // ambiguous
        found = i;
    }
    return found;
}

bool isTemporal(InterimType type)
{
    return type == InterimType::DateTime || type == InterimType::DateTimeOffset || type == InterimType::TimeSpan;
}

bool isInteger(InterimType type)
{
    return storageOf(type) == Storage::Integer && !isTemporal(type) && type != InterimType::Boolean;
}

// The sink's column decides what a value must be, where it leaves no choice open.
InterimType wantedType(const SinkColumn &column, std::optional<InterimType> mapped)
{
    if (!mapped)
        return column.type;
    if (column.anyType)
        return *mapped;
    if (column.type == InterimType::String && isTemporal(*mapped))
        return *mapped; // read by the mapping's format, written as ISO 8601
    if (*mapped == InterimType::Boolean && isInteger(column.type))
        return *mapped; // 1 and 0
    return column.type;
}

QString formatOf(const TemporalFormats &formats, InterimType type)
{
    switch (type) {
    case InterimType::DateTime:
        return formats.dateTime;
    case InterimType::DateTimeOffset:
        return formats.dateTimeOffset;
    case InterimType::TimeSpan:
        return formats.timeSpan;
    default:
        return {};
    }
}

QString firstOf(const QString &own, const QString &other, const QString &common)
{
    return !own.isEmpty() ? own : !other.isEmpty() ? other : common;
}

// Text is read by the format and culture of the source's side, …
ProjectedColumn readAs(const CopyPlan &plan, int source, InterimType type, const ColumnMapping &mapping)
{
    const QString format =
        isTemporal(type) ? firstOf(mapping.sourceFormat, {}, formatOf(plan.formats, type)) : QString();
    const QString culture = firstOf(mapping.culture, mapping.sinkCulture, plan.culture);
    return {source, type, format, plan.treatBooleanAsNumber, culture};
}

// … and written by those of the sink's: the format and culture of values of `type` in text. A format at the side of a
// source that has no text means this too.
struct Spelling
{
    QString format;
    QString culture;
};

Spelling spellingOf(const CopyPlan &plan, InterimType type, InterimType sourceType, const ColumnMapping &mapping)
{
    const bool isRead = sourceType == InterimType::String;
    Spelling spelling;
    if (isTemporal(type))
        spelling.format =
            firstOf(mapping.sinkFormat, isRead ? QString() : mapping.sourceFormat, formatOf(plan.formats, type));
    spelling.culture = firstOf(mapping.sinkCulture, isRead ? QString() : mapping.culture, plan.culture);
    return spelling;
}

ProjectedColumn projected(
    const CopyPlan &plan, int source, const SourceColumn &column, InterimType type, const ColumnMapping &mapping = {})
{
    if (type != InterimType::String || column.type == InterimType::String)
        return readAs(plan, source, type, mapping);
    const Spelling spelling = spellingOf(plan, column.type, column.type, mapping);
    return {source, type, spelling.format, plan.treatBooleanAsNumber, spelling.culture};
}

QString targetOf(const ColumnMapping &mapping)
{
    return mapping.sinkName.isEmpty() ? mapping.sinkPath : mapping.sinkName;
}

// Sources of documents call their columns by paths or by the names of members; the mapping may count from the root or
// from the collection.
int indexOfPath(const CopyPlan &plan, const QList<SourceColumn> &columns, const QString &path)
{
    const QString root = plan.collectionReference;
    for (int i = 0; i < columns.size(); ++i) {
        const QString known = normalPath(columns.at(i).name);
        if (columns.at(i).name == path || known == path || u'$' + known == path || known == u'$' + path
            || (!root.isEmpty() && (known == root + path || known == root + QStringLiteral("[*]") + path)))
            return i;
    }
    return -1;
}

std::optional<Error> checkSinkColumn(const SinkColumn &column, const QString &where)
{
    if (column.generated)
        return invalidMapping(
            ColumnMatchText::tr("The sink computes the column “%1” itself: remove it from the mapping.")
                .arg(column.name),
            where);
    if (!column.supported)
        return invalidMapping(ColumnMatchText::tr("The sink column “%1” is of the type %2, which a copy cannot write.")
                                  .arg(column.name, column.physicalType),
                              where);
    return {};
}

// A column that must have a value and gets none.
std::optional<Error> checkUnmapped(const QList<SinkColumn> &sink, const QList<int> &mapped)
{
    for (int i = 0; i < sink.size(); ++i) {
        const SinkColumn &column = sink.at(i);
        if (!column.nullable && !column.hasDefault && !column.generated && !mapped.contains(i))
            return invalidMapping(
                ColumnMatchText::tr(
                    "The sink column “%1” needs a value (it is NOT NULL and has no default), but no source column "
                    "is mapped to it.")
                    .arg(column.name));
    }
    return {};
}

// The index of the column that a mapping takes.
Result<int> mappedSource(const CopyPlan &plan,
                         const ColumnMapping &mapping,
                         const QList<SourceColumn> &source,
                         const QString &where)
{
    if (!mapping.sourceName.isEmpty()) {
        const int from = indexOf(source, mapping.sourceName, Qt::CaseSensitive);
        if (from < 0)
            return invalidMapping(
                ColumnMatchText::tr("The source has no column “%1”, which is mapped to “%2”. %3")
                    .arg(mapping.sourceName, targetOf(mapping), suggestName(mapping.sourceName, namesOf(source))),
                where);
        return from;
    }
    if (!mapping.sourcePath.isEmpty()) {
        const int from = indexOfPath(plan, source, mapping.sourcePath);
        if (from < 0)
            return invalidMapping(
                ColumnMatchText::tr("The source has no value at “%1”, which is mapped to “%2”. %3")
                    .arg(mapping.sourcePath, targetOf(mapping), suggestName(mapping.sourcePath, namesOf(source))),
                where);
        return from;
    }
    const int from = mapping.sourceOrdinal - 1;
    if (from < 0 || from >= source.size())
        return invalidMapping(
            ColumnMatchText::tr("The source has no column number %1, which is mapped to “%2”: it has %3.")
                .arg(mapping.sourceOrdinal)
                .arg(targetOf(mapping))
                .arg(source.size()),
            where);
    return from;
}

Result<ColumnMatch>
matchByMappings(const CopyPlan &plan, const QList<SourceColumn> &source, const QList<SinkColumn> &sink)
{
    ColumnMatch match;
    for (int i = 0; i < plan.mappings.size(); ++i) {
        const ColumnMapping &mapping = plan.mappings.at(i);
        const QString where = QStringLiteral("mapping[%1]").arg(i);
        const Result<int> mapped = mappedSource(plan, mapping, source, where);
        if (!mapped)
            return mapped.error();
        const int from = *mapped;
        const QString target = targetOf(mapping);
        int to = indexOf(sink, target, Qt::CaseSensitive);
        if (to < 0)
            to = indexOf(sink, target, Qt::CaseInsensitive);
        if (to < 0 && mapping.sinkOrdinal <= sink.size())
            to = mapping.sinkOrdinal - 1;
        if (to < 0)
            return invalidMapping(ColumnMatchText::tr("The sink has no column “%1”, to which “%2” is mapped. %3")
                                      .arg(target, source.at(from).name, suggestName(target, namesOf(sink))),
                                  where);
        if (match.sinkColumns.contains(to))
            return invalidMapping(
                ColumnMatchText::tr("Two source columns are mapped to the sink column “%1”.").arg(sink.at(to).name),
                where);
        if (const auto error = checkSinkColumn(sink.at(to), where))
            return *error;
        match.projection += projected(plan, from, source.at(from), wantedType(sink.at(to), mapping.sinkType), mapping);
        match.sinkColumns += to;
    }
    return match;
}

Result<ColumnMatch> matchByName(const CopyPlan &plan, const QList<SourceColumn> &source, const QList<SinkColumn> &sink)
{
    ColumnMatch match;
    QHash<QString, int> places; // -1 = of several columns
    for (int i = 0; i < sink.size(); ++i)
        places.insert(sink.at(i).name, places.contains(sink.at(i).name) ? -1 : i);
    for (int from = 0; from < source.size(); ++from) {
        const QString &name = source.at(from).name;
        const int to = places.value(name, -1);
        if (to < 0 || sink.at(to).generated) {
            match.ignored += name;
            continue;
        }
        if (match.sinkColumns.contains(to))
            return invalidMapping(
                ColumnMatchText::tr("The source has two columns called “%1”: map them by their numbers.").arg(name));
        if (const auto error = checkSinkColumn(sink.at(to), {}))
            return *error;
        match.projection += projected(plan, from, source.at(from), wantedType(sink.at(to), {}));
        match.sinkColumns += to;
    }
    if (!match.sinkColumns.isEmpty())
        return match;
    const auto *csv = std::get_if<CsvFileSource>(&plan.source);
    if (csv && !csv->format.firstRowAsHeader)
        return invalidMapping(
            ColumnMatchText::tr("The source has no header, so its columns cannot be matched by name: map them by their "
                                "numbers (ordinal), or switch “First row as header” on."));
    return invalidMapping(
        ColumnMatchText::tr(
            "No source column is called as a column of the sink (upper and lower case count). The source "
            "has: %1. The sink has: %2.")
            .arg(namesOf(source).join(QStringLiteral(", ")), namesOf(sink).join(QStringLiteral(", "))));
}

} // namespace

Result<QList<SinkColumn>> proposeColumns(const CopyPlan &plan, const QList<SourceColumn> &source)
{
    QList<SinkColumn> columns;
    QSet<QString> names;
    QHash<QString, int> ordinals; // by name
    const auto add = [&](const QString &name,
                         InterimType type,
                         const Spelling &spelling,
                         const QString &where) -> std::optional<Error> {
        if (names.contains(name))
            return invalidMapping(
                plan.mappings.isEmpty()
                    ? ColumnMatchText::tr("The source has two columns called “%1”: map them by their "
                                          "numbers to names of their own.")
                          .arg(name)
                    : ColumnMatchText::tr("Two source columns are mapped to the sink column “%1”.").arg(name),
                where);
        names.insert(name);
        SinkColumn column;
        column.name = name;
        column.type = type;
        if (name.startsWith(u"$[")) // as sources of nested values name their columns
            column.path = normalPath(name);
        column.format = spelling.format;
        column.culture = spelling.culture;
        columns += column;
        return {};
    };
    for (const SourceColumn &column : plan.mappings.isEmpty() ? source : QList<SourceColumn>()) {
        if (const auto error = add(column.name, column.type, spellingOf(plan, column.type, column.type, {}), {}))
            return *error;
    }
    for (int i = 0; i < plan.mappings.size(); ++i) {
        const ColumnMapping &mapping = plan.mappings.at(i);
        const QString where = QStringLiteral("mapping[%1]").arg(i);
        const Result<int> from = mappedSource(plan, mapping, source, where);
        if (!from)
            return from.error();
        const InterimType own = source.at(*from).type;
        const InterimType type = mapping.sinkType.value_or(own);
        if (const auto error = add(targetOf(mapping), type, spellingOf(plan, type, own, mapping), where))
            return *error;
        columns.last().precision = mapping.sinkPrecision;
        columns.last().scale = mapping.sinkScale;
        if (const QString path = normalPath(mapping.sinkPath); !path.isEmpty())
            columns.last().path = path.startsWith(u'$') ? path : QString(u'$' + path);
        ordinals.insert(columns.last().name, mapping.sinkOrdinal);
    }
    if (!ordinals.values().contains(0)) // else they are in the order of the mappings
        std::stable_sort(columns.begin(), columns.end(), [&ordinals](const SinkColumn &a, const SinkColumn &b) {
            return ordinals.value(a.name) < ordinals.value(b.name);
        });
    if (columns.isEmpty())
        return invalidMapping(ColumnMatchText::tr("The source has no columns to write."));
    return columns;
}

Result<ColumnMatch> matchColumns(const CopyPlan &plan, const QList<SourceColumn> &source, const QList<SinkColumn> &sink)
{
    auto match = plan.mappings.isEmpty() ? matchByName(plan, source, sink) : matchByMappings(plan, source, sink);
    if (!match)
        return match;
    if (const auto error = checkUnmapped(sink, match->sinkColumns))
        return *error;
    return match;
}

} // namespace engine
