#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"
#include "engine/api/RestRecords.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RunControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunController)
};

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

// createRun?referencePipelineRunId=ID: with the parameters of that run; &isRecovery=true: and in its group.
void createRun(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const auto answer = [reply](const Result<RunRecord> &run) mutable {
        if (run)
            reply.send(Json{{"runId", toStdString(run->id.text())}});
        else
            reply.send(run.error());
    };
    const Result<FactoryRecord> factory = factoryOf(parts, request);
    if (!factory)
        return reply.send(factory.error());
    const QString pipeline = request.path.value(QStringLiteral("pipeline"));
    const QMap<QString, QString> &query = request.http.query;
    for (const char *option : {"startActivityName", "startFromFailure"}) {
        const QString value = query.value(QLatin1String(option));
        if (!value.isEmpty() && value.compare(u"false", Qt::CaseInsensitive) != 0)
            return reply.send(Error{
                ErrorCode::Unsupported,
                RunControllerText::tr("A run is repeated from its start; leave %1 out.").arg(QLatin1String(option)),
                QString::fromLatin1(option)});
    }
    const QString reference = query.value(QStringLiteral("referencePipelineRunId"));
    if (reference.isEmpty())
        return parts.runs.create(factory->id, pipeline, request.body, &parts.loop, answer);
    const Result<RunRecord> old = findRun(parts, reference);
    if (!old)
        return reply.send(old.error());
    if (old->factory != factory->id || old->pipeline != pipeline)
        return reply.send(
            Error{ErrorCode::InvalidInput,
                  RunControllerText::tr("Run %1 is a run of %2, not of %3.").arg(reference, old->pipeline, pipeline),
                  QStringLiteral("referencePipelineRunId")});
    const bool isRecovery = query.value(QStringLiteral("isRecovery")).compare(u"true", Qt::CaseInsensitive) == 0;
    parts.runs.rerun({.of = old->id,
                      .parameters = request.body.is_object() ? request.body : Json::object(),
                      .group = isRecovery ? Rerun::Group::Same : Rerun::Group::Own},
                     &parts.loop,
                     answer);
}

} // namespace

void addRunRoutes(Router &router, const ApiParts &parts)
{
    router.add("POST",
               factoryRoute + QStringLiteral("/pipelines/{pipeline}/createRun"),
               [parts](const ApiRequest &request, ApiReply reply) { createRun(parts, request, std::move(reply)); });
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
