#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/data/RowBatch.h"

#include <QList>
#include <QString>

#include <optional>

namespace engine {

// One row of a TabularTranslator. The source is a name, else an ordinal, else a path; the sink a name, else a path.
struct ColumnMapping
{
    QString sourceName; // or, when empty:
    int sourceOrdinal = 0; // 1-based
    QString sourceFormat; // .NET pattern of dates and times
    QString sinkName;
    std::optional<InterimType> sinkType; // nothing = the sink column's own
    QString sourcePath =
        {}; // of a value in a JSON document: "$['a']['b']", below the collection reference when relative
    QString sinkPath = {}; // where a JSON sink writes the value: "$['a']['b']"
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
    QString culture; // of numbers and dates in text: "de-DE"; empty = the invariant one
    QString collectionReference; // path of the array whose elements are the rows: "$.orders"; empty = none
    bool mapComplexValuesToString = false; // arrays and objects of a JSON source as their text
};

// Pure. A translator that is null says nothing. Errors: InvalidInput and Unsupported; `where` starts with `place`, the
// place of the translator.
Result<Translation> planTranslator(const Json &translator, const QString &place);

} // namespace engine
