#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Json.h"
#include "engine/copy/DatasetPlan.h"
#include "engine/copy/RejectedRows.h"
#include "engine/data/RowBatch.h"
#include "engine/model/Factory.h"

#include <QList>
#include <QString>

#include <optional>
#include <variant>

namespace engine {

using CopySource = std::variant<CsvFileSource, SqliteQuerySource, PostgresQuerySource>;
using CopySink = std::variant<SqliteTableSink, PostgresTableSink>;

// One row of a TabularTranslator.
struct ColumnMapping
{
    QString sourceName; // or, when empty:
    int sourceOrdinal = 0; // 1-based
    QString sourceFormat; // .NET pattern of dates and times
    QString sinkName;
    std::optional<InterimType> sinkType; // nothing = the sink column's own
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

struct CopyPlan
{
    CopySource source;
    CopySink sink;
    QString sourceService; // type of the linked service, for the report: "AzureBlobStorage"
    QString sinkService;
    QList<ColumnMapping> mappings; // empty = by name, case-sensitive
    TemporalFormats formats; // of columns whose mapping names none
    bool treatBooleanAsNumber = false;
    QString preCopyScript; // not empty = a replace
    bool allowEmptySource = false; // a replace from nothing is refused otherwise
    SkipRules skip; // what becomes of bad rows
};

// Resolves a Copy activity, in which nothing is dynamic any more, against datasets, linked services and bindings. Pure;
// relative paths start at `folder`, and `now` is what utcNow() says in the datasets. Errors: InvalidInput and
// Unsupported, `where` names the entity and property.
Result<CopyPlan> planCopy(
    const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder, Instant now);

} // namespace engine
