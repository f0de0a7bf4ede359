#pragma once

#include "engine/run/runners/DatasetPlace.h"
#include "engine/run/runners/PooledRunner.h"

namespace engine {

struct ScriptPlan
{
    struct Block
    {
        QString text;
        bool isQuery = true; // its rows are kept
        QList<SqlParameter> parameters;
    };
    StorePlan store;
    QList<Block> blocks;
    std::chrono::seconds timeout{7200}; // of each block
    bool keepsLog = true; // what the database says, in the output
    std::optional<FilePlace> log; // or in a file
};

// Pure. Errors: InvalidInput and Unsupported, `where` names the entity and property.
Result<ScriptPlan> planScript(const ActivityTask &task);

// Runs SQL on one connection, block after block, as the database runs it: PostgreSQL takes a block without parameters
// as one transaction, SQLite commits each statement. [names] of SQL Server are understood, parameters are bound. An
// Output parameter takes the column of its name in the first row of the last set that has one. A transaction that is
// still open at the end is rolled back, and slipway.warnings says so.
//
// {"resultSetCount", "recordsAffected", "resultSets": [{"rowCount", "rows"}], "outputParameters", "outputLogs",
// "outputLogsLocation", "outputTruncated"}. More than 5,000 rows or 4 MB are cut off, as Data Factory does, and
// "outputTruncated" is true. After a restart of the engine it fails: what it had done is not known.
class ScriptRunner final : public PooledRunner
{
public:
    explicit ScriptRunner(const RunnerParts &parts) : PooledRunner(parts, Restart::Fail) { }

    static constexpr qint64 mostRows = 5000;
    static constexpr qint64 mostBytes = 4 * 1024 * 1024;

protected:
    Result<Work> plan(const ActivityTask &task) const override;
};

// A procedure or function of PostgreSQL, by its name and the names of its parameters; SQLite has none, which is said
// before anything runs. Output: {"executionDuration", "slipway": {"outputParameters"}}. After a restart of the engine
// it fails.
struct ProcedurePlan
{
    StorePlan store;
    QString procedure;
    QList<SqlParameter> parameters;
};
Result<ProcedurePlan> planStoredProcedure(const ActivityTask &task);

class StoredProcedureRunner final : public PooledRunner
{
public:
    explicit StoredProcedureRunner(const RunnerParts &parts) : PooledRunner(parts, Restart::Fail) { }

protected:
    Result<Work> plan(const ActivityTask &task) const override;
};

} // namespace engine
