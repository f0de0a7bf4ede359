#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Json.h"
#include "engine/copy/AdditionalColumnsPlan.h"
#include "engine/copy/BinaryPlan.h"
#include "engine/copy/DatasetPlan.h"
#include "engine/copy/FileSinkPlan.h"
#include "engine/copy/RejectedRows.h"
#include "engine/copy/TranslatorPlan.h"
#include "engine/model/Factory.h"

#include <QString>

#include <chrono>
#include <optional>
#include <variant>

namespace engine {

using CopySource = std::
    variant<CsvFileSource, JsonFileSource, ParquetFileSource, SqliteQuerySource, PostgresQuerySource, BinaryFileSource>;
using CopySink = std::
    variant<SqliteTableSink, PostgresTableSink, BinaryFileSink, DelimitedTextFileSink, JsonFileSink, ParquetFileSink>;

// How often a copy that failed for a passing reason (connection lost, database locked) begins again by itself.
struct SinkRetry
{
    int count = 0;
    std::chrono::milliseconds wait{0}; // before each
};

struct CopyPlan : Translation
{
    CopySource source;
    CopySink sink;
    QString sourceService; // type of the linked service, for the report: "AzureBlobStorage"
    QString sinkService;
    QString preCopyScript; // not empty = a replace
    bool allowEmptySource = false; // a replace from nothing is refused otherwise
    SkipRules skip; // what becomes of bad rows
    AdditionalColumnsPlan additional; // columns behind those of the source
    bool deleteSourceFiles = false; // those that were read, once the load is committed
    bool validateConsistency = false; // what was written is read again before it is committed
    SinkRetry retry; // when the sink is busy or gone for a moment
};

// What a source reads when it reads files.
std::optional<FileSet> filesOf(const CopySource &source);

// Resolves a Copy activity, in which nothing is dynamic any more, against datasets, linked services and bindings. Pure;
// relative paths start at `folder`, and `now` is what utcNow() says in the datasets. Errors: InvalidInput and
// Unsupported, `where` names the entity and property.
Result<CopyPlan> planCopy(
    const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder, Instant now);

} // namespace engine
