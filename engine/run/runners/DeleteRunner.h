#pragma once

#include "engine/run/runners/DatasetPlace.h"
#include "engine/run/runners/PooledRunner.h"

namespace engine {

struct DeletePlan
{
    FilePlace place;
    FileChoice choice;
    QString dataset;
    QString type; // of the dataset
    std::optional<FilePlace> log; // the folder of the logs
};

// Pure. Errors: InvalidInput and Unsupported: a table, or a log without a place.
Result<DeletePlan> planDelete(const ActivityTask &task);

// Deletes a file, the files that wildcards mean, or those of a folder: with "recursive" (on unless switched off) and
// without wildcards the folder goes too, but never the container. Nothing outside of the bound folder is touched, and
// of a symbolic link only the link goes. What cannot be deleted is counted, and fails the activity after all the rest.
// A file that is not there fails it too, but not in a later attempt, which may follow one that got further.
//
// {"datasetName", "type", "path", "recursive", "isWildcardUsed", "filesDeleted", "foldersDeleted", "logPath"?}. The log
// is a CSV: Name,Category,Status,Error. After a restart of the engine it runs again.
class DeleteRunner final : public PooledRunner
{
public:
    explicit DeleteRunner(const RunnerParts &parts) : PooledRunner(parts, Restart::Again) { }

protected:
    Result<Work> plan(const ActivityTask &task) const override;
};

} // namespace engine
