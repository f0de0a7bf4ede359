#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Ids.h"
#include "engine/base/Json.h"
#include "engine/records/Status.h"

#include <QList>

#include <optional>

namespace engine {

// What is known of runs, as values that cross walls: journal, API, command line, monitor. toJson() is our own shape
// (camelCase, instants as ISO 8601 UTC, absent = not known); the shape of Data Factory's REST API is made in
// engine/api.

// What went wrong, in Data Factory's shape.
struct RunError
{
    QString errorCode; // "UserErrorNotebookCellFailed", "3204" …; empty = no error
    QString message; // one sentence for a person
    QString failureType; // UserError | SystemError
    QString target; // the activity
    Json details = Json::object(); // cell, line, ename, evalue, traceback; file, row, column, value …

    bool isEmpty() const { return errorCode.isEmpty() && message.isEmpty(); }
    bool operator==(const RunError &) const = default;
};

struct Invoker
{
    QString name = QStringLiteral("Manual"); // "Manual" or the trigger's name
    QString type = QStringLiteral("Manual"); // Manual | ScheduleTrigger … | PipelineActivity
    QString id;
    QString pipeline = {}; // of PipelineActivity: the pipeline whose ExecutePipeline started the run
    RunId run = {}; // and its run
    bool operator==(const Invoker &) const = default;
};

// What a debug run leaves out (Studio's "Debug until") and what it takes as given.
struct DebugOptions
{
    QString until; // only this activity and those it needs; empty = all
    // By activity path without iterations, "Loop/Load": {"status", "output", "error"}. Such an activity does not run.
    Json mocks = Json::object();
    bool operator==(const DebugOptions &) const = default;
};

struct RunRecord
{
    RunId id;
    RunGroupId group;
    RunId rerunOf;
    bool isLatest = true;
    FactoryId factory;
    int version = 0; // the published version the run is pinned to; below 0 a draft, kept for a debug run
    QString pipeline;
    Json parameters = Json::object(); // resolved: name → value
    Invoker invokedBy;
    Json trigger = Json::object(); // {"scheduledTime", "startTime"} when a trigger fired it
    RunStatus status = RunStatus::Queued;
    QString reason; // why it is queued
    QString message; // failed: its first failed activity's message; else what to know
    bool failedActivities = false; // a Succeeded run with failed activities inside
    Json returnValue; // what SetVariable has put into pipelineReturnValue; null = nothing
    std::optional<DebugOptions> debug; // of the draft, not of a published version; never among the production runs
    Instant queuedAt;
    std::optional<Instant> start;
    std::optional<Instant> end;
    Instant lastUpdated;
    bool operator==(const RunRecord &) const = default;
};

struct ActivityRecord
{
    ActivityRunId id;
    RunId run;
    QString pipeline;
    QString name;
    QString path; // name, with containers and iterations before it: "Outer[3]/Inner"
    QString type;
    QString linkedService;
    ActivityStatus status = ActivityStatus::Pending;
    QString substate; // "WaitingRetry"
    QString reason; // why it is queued: "waiting for a free kernel (2 of 2 in use)"
    std::optional<Instant> dueAt; // of WaitingRetry
    int attempts = 0; // started so far
    std::optional<Instant> start;
    std::optional<Instant> end;
    Json input = Json::object();
    Json output = Json::object();
    RunError error;
    Json userProperties = Json::object();
    Json variable; // what it wrote: {"name", "value", "order"}, order counting the writes of the run; null = nothing
    bool isMocked = false; // did not run: a debug run was given its outcome
    bool operator==(const ActivityRecord &) const = default;
};

struct AttemptRecord
{
    ActivityRunId activityRun;
    RunId run;
    int number = 1; // 1, 2, …
    qint64 epoch = 0; // of the engine that made it
    LoadId load; // the same for every attempt of one activity run
    AttemptStatus status = AttemptStatus::Starting;
    bool systemRetry = false; // made because an engine went away: does not count as the user's retry
    Json activity; // as resolved, when it has expressions and its input is not secure: a restart reads the same
    Json commitIntent; // {"rowsRead","rowsWritten","rowsSkipped","checksum"}, from Committing on
    Instant start;
    std::optional<Instant> end;
    RunError error;
    bool operator==(const AttemptRecord &) const = default;
};

struct CellRecord
{
    RunId run;
    ActivityRunId activityRun;
    int attempt = 1;
    int index = 0; // 0-based, among all cells of the executed notebook
    QString cellId; // nbformat id
    QString kind; // code | markdown | raw
    QString title; // first heading or comment line, shortened; may be empty
    QString language;
    QString source; // as executed, injected parameters included
    CellStatus status = CellStatus::Pending;
    std::optional<int> executionCount;
    std::optional<Instant> start;
    std::optional<Instant> end;
    QString ename;
    QString evalue;
    int errorLine = 0; // 1-based line in `source`; 0 = not known
    QString traceback; // plain text, ANSI removed
    QString warning; // "output may be incomplete"
    bool operator==(const CellRecord &) const = default;
};

Json toJson(const RunError &error);
Json toJson(const RunRecord &run);
Json toJson(const ActivityRecord &activity);
Json toJson(const AttemptRecord &attempt);
Json toJson(const CellRecord &cell);

// The inverse; unknown members are ignored, missing ones keep their default (older stores).
RunError runErrorFromJson(const Json &json);
RunRecord runRecordFromJson(const Json &json);
ActivityRecord activityRecordFromJson(const Json &json);
AttemptRecord attemptRecordFromJson(const Json &json);
CellRecord cellRecordFromJson(const Json &json);

} // namespace engine
