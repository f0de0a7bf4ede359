#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/data/RowBatch.h"

#include <QList>
#include <QString>

#include <optional>

namespace engine {

// One row of a TabularTranslator. The source is a name, else an ordinal, else a path; the sink a name, else an ordinal,
// else a path.
struct ColumnMapping
{
    QString sourceName; // or, when empty:
    int sourceOrdinal = 0; // 1-based
    QString sourceFormat; // .NET pattern of dates and times
    QString sinkName;
    std::optional<InterimType> sinkType; // nothing = the sink column's own
    QString sourcePath = {}; // of a value in a JSON document: "$['a']['b']", or below the collection reference "['b']"
    QString sinkPath = {}; // where a JSON sink writes the value: "$['a']['b']"
    int sinkOrdinal = 0; // 1-based; of a sink whose columns have no names
    QString culture = {}; // of the text that is read: "de-DE"; empty = the translator's
    QString sinkFormat = {}; // .NET pattern of dates and times that become text
    QString sinkCulture = {}; // of what becomes text; empty = that of what is read, else the translator's
    int sinkPrecision = 0; // digits of a Decimal, where the sink makes its columns; 0 = not said
    int sinkScale = -1; // of them behind the point; -1 = not said
    bool operator==(const ColumnMapping &) const = default;
};

// .NET patterns; empty = ISO 8601 and the invariant culture's usual forms.
struct TemporalFormats
{
    QString dateTime;
    QString dateTimeOffset;
    QString timeSpan;
    bool operator==(const TemporalFormats &) const = default;
};

// What a TabularTranslator says.
struct Translation
{
    QList<ColumnMapping> mappings; // empty = by name, case-sensitive
    TemporalFormats formats; // of columns whose mapping names none
    bool treatBooleanAsNumber = false;
    QString culture; // of numbers and dates in text, where a mapping names none: "de-DE"; empty = the invariant one
    QString collectionReference; // path of the array whose elements are the rows: "$['orders']"; empty = none
    bool mapComplexValuesToString = false; // arrays and objects of a JSON source as their text
};

// `translator` has no expression in it any more: null says nothing, and text is read as the JSON it holds. Every form
// is understood: mappings, columnMappings, schemaMapping. The typeConversionSettings count when typeConversion is true;
// allowDataTruncation never does: a value is not cut to fit. Pure. Errors: InvalidInput and Unsupported; `where` starts
// with `place`, the place of the translator.
Result<Translation> planTranslator(const Json &translator, const QString &place);

// The same path in one spelling, "$['a'][0]['b']" for "$.a[0].b": what names and paths are compared by. A path below
// the collection reference begins without "$". Empty for what is no path.
QString normalPath(const QString &path);

} // namespace engine
