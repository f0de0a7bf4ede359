#pragma once

#include "engine/run/runners/DatasetPlace.h"
#include "engine/run/runners/PooledRunner.h"

#include <QStringList>

namespace engine {

struct MetadataPlan
{
    DatasetPlace dataset;
    QStringList fields; // as Data Factory spells them
    FileChoice choice; // of the modification times of childItems, or the list of the files that are meant
    std::optional<CsvFileSource> text; // where the columns are read from, or:
    bool isParquet = false;
};

// Pure. Errors: InvalidInput and Unsupported: an unknown field, or one that a table does not have.
Result<MetadataPlan> planMetadata(const ActivityTask &task);

// Says of a file, folder or table what fieldList asks for: exists, itemName, itemType, size, created, lastModified,
// contentMD5, childItems (files and folders; not hidden ones), structure, columnCount. What is not there is an error,
// unless "exists" is asked for: then the output says {"exists": false}. With a list of files (fileListPath) the
// childItems are those it names, and what exists is all of them. After a restart of the engine it runs again.
class GetMetadataRunner final : public PooledRunner
{
public:
    explicit GetMetadataRunner(const RunnerParts &parts) : PooledRunner(parts, Restart::Again) { }

    static constexpr qint64 usualBytes = 4 * 1024 * 1024; // of the output: Data Factory fails beyond
    static constexpr qsizetype mostChildren = 200'000;

protected:
    Result<Work> plan(const ActivityTask &task) const override;
};

} // namespace engine
