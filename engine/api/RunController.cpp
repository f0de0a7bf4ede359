#include "engine/api/Controllers.h"

#include "engine/api/RestRecords.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RunControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunController)
};

Result<RunRecord> findRun(const ApiParts &parts, const QString &id)
{
    const Result<std::optional<RunRecord>> run = parts.journal.run(RunId(id));
    if (!run)
        return run.error();
    if (!*run)
        return Error{ErrorCode::NotFound, RunControllerText::tr("There is no run %1.").arg(id), id};
    return **run;
}

// Of the whole list, the entries that a RunFilterParameters body asks for.
Json filteredActivities(const QList<ActivityRecord> &activities, const Json &filter)
{
    Json list = Json::array();
    for (const ActivityRecord &activity : activities) {
        bool wanted = true;
        for (const Json &condition : memberAt(filter, "filters")) {
            const QString operand = stringAt(condition, "operand");
            const QString op = stringAt(condition, "operator");
            const QString own = operand == u"ActivityName" ? activity.name
                : operand == u"ActivityType"               ? activity.type
                                                           : toString(activity.status);
            bool among = false;
            for (const Json &value : memberAt(condition, "values"))
                among = among || (value.is_string() && toQString(value.get<std::string>()) == own);
            wanted = wanted && (op.startsWith(u"Not") ? !among : among);
        }
        if (wanted)
            list.push_back(activityRunJson(activity));
    }
    return list;
}

void cancelRun(const ApiParts &parts, const QString &id, ApiReply reply)
{
    parts.runs.cancel(RunId(id), &parts.loop, [reply](const Result<> &cancelled) mutable {
        if (cancelled)
            reply.sendNothing();
        else
            reply.send(cancelled.error());
    });
}

void sendCells(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const RunId run(request.path.value(QStringLiteral("run")));
    const Result<QList<CellRecord>> cells = parts.journal.cells(run);
    if (!cells)
        return reply.send(cells.error());
    Json list = Json::array();
    QMap<QString, QMap<int, Json>> outputs; // of each attempt, read once
    for (const CellRecord &cell : *cells) {
        const QString key = QStringLiteral("%1/%2").arg(cell.activityRun.text()).arg(cell.attempt);
        if (!outputs.contains(key)) {
            const Result<QMap<int, Json>> read = parts.telemetry.outputs(cell.activityRun, cell.attempt);
            if (!read)
                return reply.send(read.error());
            outputs.insert(key, *read);
        }
        Json json = toJson(cell);
        const Json shown = outputs.value(key).value(cell.index);
        json["outputs"] = shown.is_array() ? shown : Json::array();
        list.push_back(json);
    }
    reply.send(Json{{"value", list}});
}

} // namespace

void addRunRoutes(Router &router, const ApiParts &parts)
{
    router.add("POST",
               factoryRoute + QStringLiteral("/pipelines/{pipeline}/createRun"),
               [parts](const ApiRequest &request, ApiReply reply) {
                   const Result<FactoryRecord> factory =
                       parts.versions.factory(request.path.value(QStringLiteral("factory")));
                   if (!factory)
                       return reply.send(factory.error());
                   parts.runs.create(factory->id,
                                     request.path.value(QStringLiteral("pipeline")),
                                     request.body,
                                     &parts.loop,
                                     [reply](const Result<RunRecord> &run) mutable {
                                         if (run)
                                             reply.send(Json{{"runId", toStdString(run->id.text())}});
                                         else
                                             reply.send(run.error());
                                     });
               });
    router.add("POST",
               factoryRoute + QStringLiteral("/queryPipelineRuns"),
               [parts](const ApiRequest &request, ApiReply reply) {
                   const Result<FactoryRecord> factory =
                       parts.versions.factory(request.path.value(QStringLiteral("factory")));
                   if (!factory)
                       return reply.send(factory.error());
                   const Result<RunFilter> filter = runFilterFromJson(request.body, factory->id);
                   if (!filter)
                       return reply.send(filter.error());
                   const Result<QList<RunRecord>> runs = parts.journal.runs(*filter);
                   if (!runs)
                       return reply.send(runs.error());
                   Json list = Json::array();
                   for (const RunRecord &run : *runs)
                       list.push_back(pipelineRunJson(run));
                   Json json = {{"value", list}};
                   if (runs->size() == filter->limit)
                       json["continuationToken"] = std::to_string(filter->offset + filter->limit);
                   reply.send(json);
               });
    router.add("GET",
               factoryRoute + QStringLiteral("/pipelineruns/{run}"),
               [parts](const ApiRequest &request, ApiReply reply) {
                   const Result<RunRecord> run = findRun(parts, request.path.value(QStringLiteral("run")));
                   if (run)
                       reply.send(pipelineRunJson(*run));
                   else
                       reply.send(run.error());
               });
    router.add("POST",
               factoryRoute + QStringLiteral("/pipelineruns/{run}/cancel"),
               [parts](const ApiRequest &request, ApiReply reply) {
                   cancelRun(parts, request.path.value(QStringLiteral("run")), std::move(reply));
               });
    router.add("POST",
               factoryRoute + QStringLiteral("/pipelineruns/{run}/queryActivityruns"),
               [parts](const ApiRequest &request, ApiReply reply) {
                   const Result<RunRecord> run = findRun(parts, request.path.value(QStringLiteral("run")));
                   if (!run)
                       return reply.send(run.error());
                   const Result<QList<ActivityRecord>> activities = parts.journal.activities(run->id);
                   if (activities)
                       reply.send(Json{{"value", filteredActivities(*activities, request.body)}});
                   else
                       reply.send(activities.error());
               });

    const QString own = QStringLiteral("/slipway/v1/runs/{run}");
    router.add("GET", own, [parts](const ApiRequest &request, ApiReply reply) {
        const Result<RunRecord> run = findRun(parts, request.path.value(QStringLiteral("run")));
        if (run)
            reply.send(pipelineRunJson(*run));
        else
            reply.send(run.error());
    });
    router.add("POST", own + QStringLiteral("/cancel"), [parts](const ApiRequest &request, ApiReply reply) {
        cancelRun(parts, request.path.value(QStringLiteral("run")), std::move(reply));
    });
    router.add("GET", own + QStringLiteral("/activities"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<QList<ActivityRecord>> activities =
            parts.journal.activities(RunId(request.path.value(QStringLiteral("run"))));
        if (activities)
            reply.send(Json{{"value", filteredActivities(*activities, Json())}});
        else
            reply.send(activities.error());
    });
    router.add("GET", own + QStringLiteral("/attempts"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<QList<AttemptRecord>> attempts =
            parts.journal.attempts(RunId(request.path.value(QStringLiteral("run"))));
        if (!attempts)
            return reply.send(attempts.error());
        Json list = Json::array();
        for (const AttemptRecord &attempt : *attempts)
            list.push_back(toJson(attempt));
        reply.send(Json{{"value", list}});
    });
    router.add("GET", own + QStringLiteral("/cells"), [parts](const ApiRequest &request, ApiReply reply) {
        sendCells(parts, request, std::move(reply));
    });
    router.add(
        "GET", QStringLiteral("/slipway/v1/artifacts/{hash}"), [parts](const ApiRequest &request, ApiReply reply) {
            const Result<QByteArray> content = parts.artifacts.get(request.path.value(QStringLiteral("hash")));
            if (content)
                reply.sendText(*content, "application/octet-stream");
            else
                reply.send(content.error());
        });
}

} // namespace engine
