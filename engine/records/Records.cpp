#include "engine/records/Records.h"

namespace engine {

namespace {

Json text(const QString &value) { return Json(toStdString(value)); }

void putText(Json &json, const char *key, const QString &value)
{
    if (!value.isEmpty())
        json[key] = text(value);
}

void putInstant(Json &json, const char *key, const std::optional<Instant> &value)
{
    if (value)
        json[key] = text(toIso(*value));
}

void putJson(Json &json, const char *key, const Json &value)
{
    if (!value.is_null() && !value.empty())
        json[key] = value;
}

void putError(Json &json, const RunError &error)
{
    if (!error.isEmpty())
        json["error"] = toJson(error);
}

std::optional<Instant> instantAt(const Json &json, const char *key) { return instantFromIso(stringAt(json, key)); }

Json objectAt(const Json &json, const char *key)
{
    const Json &value = memberAt(json, key);
    return value.is_null() ? Json::object() : value;
}

template <typename Status> Status statusAt(const Json &json, Status fallback)
{
    return statusFromString<Status>(stringAt(json, "status")).value_or(fallback);
}

} // namespace

Json toJson(const RunError &error)
{
    Json json = {{"errorCode", toStdString(error.errorCode)},
                 {"message", toStdString(error.message)},
                 {"failureType", toStdString(error.failureType)},
                 {"target", toStdString(error.target)}};
    putJson(json, "details", error.details);
    return json;
}

Json toJson(const RunRecord &run)
{
    Json json;
    json["runId"] = text(run.id.text());
    json["runGroupId"] = text(run.group.text());
    putText(json, "rerunOf", run.rerunOf.text());
    json["isLatest"] = run.isLatest;
    json["factory"] = text(run.factory.text());
    json["version"] = run.version;
    json["pipeline"] = text(run.pipeline);
    json["parameters"] = run.parameters;
    json["invokedBy"] = {{"name", toStdString(run.invokedBy.name)},
                         {"type", toStdString(run.invokedBy.type)},
                         {"id", toStdString(run.invokedBy.id)}};
    putText(json["invokedBy"], "pipelineName", run.invokedBy.pipeline);
    putText(json["invokedBy"], "pipelineRunId", run.invokedBy.run.text());
    putJson(json, "trigger", run.trigger);
    json["status"] = text(toString(run.status));
    putText(json, "reason", run.reason);
    putText(json, "message", run.message);
    json["failedActivities"] = run.failedActivities;
    if (!run.returnValue.is_null())
        json["returnValue"] = run.returnValue;
    if (run.debug)
        json["debug"] = {{"until", text(run.debug->until)}, {"mocks", run.debug->mocks}};
    json["queuedAt"] = text(toIso(run.queuedAt));
    putInstant(json, "start", run.start);
    putInstant(json, "end", run.end);
    json["lastUpdated"] = text(toIso(run.lastUpdated));
    return json;
}

Json toJson(const ActivityRecord &activity)
{
    Json json;
    json["activityRunId"] = text(activity.id.text());
    json["runId"] = text(activity.run.text());
    json["pipeline"] = text(activity.pipeline);
    json["name"] = text(activity.name);
    json["path"] = text(activity.path);
    json["type"] = text(activity.type);
    putText(json, "linkedService", activity.linkedService);
    json["status"] = text(toString(activity.status));
    putText(json, "substate", activity.substate);
    putText(json, "reason", activity.reason);
    putInstant(json, "dueAt", activity.dueAt);
    json["attempts"] = activity.attempts;
    putInstant(json, "start", activity.start);
    putInstant(json, "end", activity.end);
    putJson(json, "input", activity.input);
    putJson(json, "output", activity.output);
    putError(json, activity.error);
    putJson(json, "userProperties", activity.userProperties);
    if (!activity.variable.is_null())
        json["variable"] = activity.variable;
    if (activity.isMocked)
        json["isMocked"] = true;
    return json;
}

Json toJson(const AttemptRecord &attempt)
{
    Json json;
    json["activityRunId"] = text(attempt.activityRun.text());
    json["runId"] = text(attempt.run.text());
    json["number"] = attempt.number;
    json["epoch"] = attempt.epoch;
    putText(json, "load", attempt.load.text());
    json["status"] = text(toString(attempt.status));
    json["systemRetry"] = attempt.systemRetry;
    putJson(json, "activity", attempt.activity);
    putJson(json, "commitIntent", attempt.commitIntent);
    json["start"] = text(toIso(attempt.start));
    putInstant(json, "end", attempt.end);
    putError(json, attempt.error);
    return json;
}

Json toJson(const CellRecord &cell)
{
    Json json;
    json["runId"] = text(cell.run.text());
    json["activityRunId"] = text(cell.activityRun.text());
    json["attempt"] = cell.attempt;
    json["index"] = cell.index;
    putText(json, "cellId", cell.cellId);
    json["kind"] = text(cell.kind);
    putText(json, "title", cell.title);
    putText(json, "language", cell.language);
    json["source"] = text(cell.source);
    json["status"] = text(toString(cell.status));
    if (cell.executionCount)
        json["executionCount"] = *cell.executionCount;
    putInstant(json, "start", cell.start);
    putInstant(json, "end", cell.end);
    putText(json, "ename", cell.ename);
    putText(json, "evalue", cell.evalue);
    if (cell.errorLine > 0)
        json["errorLine"] = cell.errorLine;
    putText(json, "traceback", cell.traceback);
    putText(json, "warning", cell.warning);
    return json;
}

RunError runErrorFromJson(const Json &json)
{
    return {.errorCode = stringAt(json, "errorCode"),
            .message = stringAt(json, "message"),
            .failureType = stringAt(json, "failureType"),
            .target = stringAt(json, "target"),
            .details = objectAt(json, "details")};
}

RunRecord runRecordFromJson(const Json &json)
{
    const Json &invoker = memberAt(json, "invokedBy");
    RunRecord run;
    run.id = RunId(stringAt(json, "runId"));
    run.group = RunGroupId(stringAt(json, "runGroupId"));
    run.rerunOf = RunId(stringAt(json, "rerunOf"));
    run.isLatest = boolAt(json, "isLatest", true);
    run.factory = FactoryId(stringAt(json, "factory"));
    run.version = int(intAt(json, "version"));
    run.pipeline = stringAt(json, "pipeline");
    run.parameters = objectAt(json, "parameters");
    run.invokedBy = {stringAt(invoker, "name", run.invokedBy.name),
                     stringAt(invoker, "type", run.invokedBy.type),
                     stringAt(invoker, "id"),
                     stringAt(invoker, "pipelineName"),
                     RunId(stringAt(invoker, "pipelineRunId"))};
    run.trigger = objectAt(json, "trigger");
    run.status = statusAt(json, RunStatus::Queued);
    run.reason = stringAt(json, "reason");
    run.message = stringAt(json, "message");
    run.failedActivities = boolAt(json, "failedActivities");
    run.returnValue = memberAt(json, "returnValue");
    if (const Json &debug = memberAt(json, "debug"); debug.is_object())
        run.debug = DebugOptions{.until = stringAt(debug, "until"), .mocks = objectAt(debug, "mocks")};
    run.queuedAt = instantAt(json, "queuedAt").value_or(Instant());
    run.start = instantAt(json, "start");
    run.end = instantAt(json, "end");
    run.lastUpdated = instantAt(json, "lastUpdated").value_or(Instant());
    return run;
}

ActivityRecord activityRecordFromJson(const Json &json)
{
    ActivityRecord activity;
    activity.id = ActivityRunId(stringAt(json, "activityRunId"));
    activity.run = RunId(stringAt(json, "runId"));
    activity.pipeline = stringAt(json, "pipeline");
    activity.name = stringAt(json, "name");
    activity.path = stringAt(json, "path");
    activity.type = stringAt(json, "type");
    activity.linkedService = stringAt(json, "linkedService");
    activity.status = statusAt(json, ActivityStatus::Pending);
    activity.substate = stringAt(json, "substate");
    activity.reason = stringAt(json, "reason");
    activity.dueAt = instantAt(json, "dueAt");
    activity.attempts = int(intAt(json, "attempts"));
    activity.start = instantAt(json, "start");
    activity.end = instantAt(json, "end");
    activity.input = objectAt(json, "input");
    activity.output = objectAt(json, "output");
    activity.error = runErrorFromJson(memberAt(json, "error"));
    activity.userProperties = objectAt(json, "userProperties");
    activity.variable = memberAt(json, "variable");
    activity.isMocked = boolAt(json, "isMocked");
    return activity;
}

AttemptRecord attemptRecordFromJson(const Json &json)
{
    AttemptRecord attempt;
    attempt.activityRun = ActivityRunId(stringAt(json, "activityRunId"));
    attempt.run = RunId(stringAt(json, "runId"));
    attempt.number = int(intAt(json, "number", 1));
    attempt.epoch = intAt(json, "epoch");
    attempt.load = LoadId(stringAt(json, "load"));
    attempt.status = statusAt(json, AttemptStatus::Starting);
    attempt.systemRetry = boolAt(json, "systemRetry");
    attempt.activity = memberAt(json, "activity");
    attempt.commitIntent = memberAt(json, "commitIntent");
    attempt.start = instantAt(json, "start").value_or(Instant());
    attempt.end = instantAt(json, "end");
    attempt.error = runErrorFromJson(memberAt(json, "error"));
    return attempt;
}

CellRecord cellRecordFromJson(const Json &json)
{
    CellRecord cell;
    cell.run = RunId(stringAt(json, "runId"));
    cell.activityRun = ActivityRunId(stringAt(json, "activityRunId"));
    cell.attempt = int(intAt(json, "attempt", 1));
    cell.index = int(intAt(json, "index"));
    cell.cellId = stringAt(json, "cellId");
    cell.kind = stringAt(json, "kind");
    cell.title = stringAt(json, "title");
    cell.language = stringAt(json, "language");
    cell.source = stringAt(json, "source");
    cell.status = statusAt(json, CellStatus::Pending);
    if (const Json &count = memberAt(json, "executionCount"); count.is_number_integer())
        cell.executionCount = count.get<int>();
    cell.start = instantAt(json, "start");
    cell.end = instantAt(json, "end");
    cell.ename = stringAt(json, "ename");
    cell.evalue = stringAt(json, "evalue");
    cell.errorLine = int(intAt(json, "errorLine"));
    cell.traceback = stringAt(json, "traceback");
    cell.warning = stringAt(json, "warning");
    return cell;
}

} // namespace engine
