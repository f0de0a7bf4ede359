#pragma once

#include "engine/connectors/files/BoundFolder.h"
#include "engine/connectors/SqlSession.h"
#include "engine/copy/DatasetPlan.h"
#include "engine/run/ActivityRunner.h"

#include <memory>

namespace engine {

// A file or folder below what a linked service is bound to.
struct FilePlace
{
    QString root; // absolute
    QString container; // the first folder: Data Factory's container; empty where the store has none
    QString path; // from the root, the container included; "" = the root
    QString fileName; // empty = a folder is meant
};

struct TablePlace
{
    StorePlan store; // SqlitePlace or PostgresPlace
    QString schema;
    QString table; // empty = the dataset names none
    QString selectAll() const; // the statement that reads it; needs `table`
};

// A dataset as an activity means it, its parameters given, and where it is on this machine.
struct DatasetPlace
{
    Dataset dataset;
    QString linkedServiceType;
    std::variant<FilePlace, TablePlace> place;
};

// The dataset that `reference` ({"referenceName", "parameters"}) of the activity names. Pure.
// Errors: InvalidInput and Unsupported, `where` names the entity and property.
Result<DatasetPlace> planDatasetPlace(const ActivityTask &task, const Json &reference);
// The folder or database that the activity's linkedServiceName is bound to. As above.
Result<StorePlan> planActivityStore(const ActivityTask &task);
// A folder that something is to be written to: {"linkedServiceName": {…}, "path": "logs/x"}. As above.
Result<FilePlace> planFolderSetting(const ActivityTask &task, const Json &setting, const QString &property);

// What storeSettings choose below the place. InvalidInput for a time that cannot be read and for a list that leads out.
Result<FileChoice> planFileChoice(const ActivityTask &task, const FilePlace &place, const Json &storeSettings);
// Those files: all that the choice means, or the one file; hidden ones ("." and "_") only when they are named.
// NotFound when there is no such file or folder. Blocks.
Result<QList<BoundFolder::Entry>>
filesOf(const BoundFolder &folder, const FilePlace &place, const FileChoice &choice, const CancelToken &cancel);

std::unique_ptr<SqlSession> makeSqlSession(const StorePlan &store, const CancelToken &cancel);
// What went wrong with a statement, in Data Factory's words: SqlFailedToConnect, SqlOperationFailed …
ActivityOutcome failedStatement(const SqlSession &session, const Error &error, Json details = Json::object());
// {"name": …, "value": …, "type": …, "direction": …}
Result<QList<SqlParameter>> readScriptParameters(const ActivityTask &task, const Json &list, const QString &property);

} // namespace engine
