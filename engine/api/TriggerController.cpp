#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"
#include "engine/api/RestRecords.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct TriggerControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::TriggerController)
};

Json statusJson(const TriggerStatus &status)
{
    Json next = Json::array();
    for (const Occurrence &occurrence : status.next)
        next.push_back(occurrenceJson(occurrence));
    Json json = {{"name", toStdString(status.name)},
                 {"type", toStdString(status.type)},
                 {"runtimeState", status.started ? "Started" : "Stopped"},
                 {"sentence", toStdString(status.sentence)},
                 {"next", next}};
    if (status.last)
        json["last"] = triggerRunJson(*status.last);
    if (!status.problem.isEmpty())
        json["problem"] = toStdString(status.problem);
    return json;
}

// The trigger as published, with the engine's own state in the place of the file's.
Json restTriggerJson(const Trigger &trigger, const TriggerStatus &status)
{
    Json properties = memberAt(trigger.json, "properties");
    properties["runtimeState"] = status.started ? "Started" : "Stopped";
    return {{"id", toStdString(u"/triggers/" + trigger.name)},
            {"name", toStdString(trigger.name)},
            {"type", "Microsoft.DataFactory/factories/triggers"},
            {"etag", std::to_string(std::hash<std::string>()(properties.dump()))},
            {"properties", properties},
            {"slipway", statusJson(status)}};
}

void setStarted(const ApiParts &parts, const ApiRequest &request, ApiReply reply, bool start)
{
    const Result<FactoryRecord> factory = factoryOf(parts, request);
    if (!factory)
        return reply.send(factory.error());
    const QString trigger = request.path.value(QStringLiteral("trigger"));
    const auto done = [reply](const Result<> &recorded) mutable {
        if (recorded)
            reply.sendNothing();
        else
            reply.send(recorded.error());
    };
    if (start)
        parts.triggers.start(factory->id, trigger, done);
    else
        parts.triggers.stop(factory->id, trigger, done);
}

void sendTriggers(const ApiParts &parts, const ApiRequest &request, ApiReply reply, const QString &only)
{
    const Result<FactoryRecord> factory = factoryOf(parts, request);
    if (!factory)
        return reply.send(factory.error());
    const Result<PublishedFactory> published = parts.versions.load(factory->id);
    if (!published)
        return reply.send(published.error());
    Json list = Json::array();
    for (const TriggerStatus &status : parts.triggers.status(factory->id)) {
        const auto trigger = published->factory->triggers.constFind(status.name);
        if (trigger == published->factory->triggers.constEnd())
            continue;
        const Json json = restTriggerJson(*trigger, status);
        if (status.name == only)
            return reply.send(json);
        list.push_back(json);
    }
    if (only.isEmpty())
        reply.send(Json{{"value", list}});
    else
        reply.send(Error{ErrorCode::NotFound,
                         TriggerControllerText::tr("There is no trigger \"%1\" in the published version.").arg(only),
                         only});
}

void queryTriggerRuns(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Result<FactoryRecord> factory = factoryOf(parts, request);
    if (!factory)
        return reply.send(factory.error());
    QString only;
    for (const Json &condition : memberAt(request.body, "filters")) {
        const Json &values = memberAt(condition, "values");
        if (stringAt(condition, "operand") == u"TriggerName" && values.is_array() && !values.empty()
            && values.front().is_string())
            only = toQString(values.front().get<std::string>());
    }
    QList<FireRecord> fires;
    for (const TriggerStatus &status : parts.triggers.status(factory->id)) {
        if (!only.isEmpty() && status.name != only)
            continue;
        const Result<QList<FireRecord>> read = parts.journal.fires(factory->id, status.name, 100);
        if (!read)
            return reply.send(read.error());
        fires += *read;
    }
    std::sort(
        fires.begin(), fires.end(), [](const FireRecord &a, const FireRecord &b) { return a.planned > b.planned; });
    Json list = Json::array();
    for (const FireRecord &fire : std::as_const(fires))
        list.push_back(triggerRunJson(fire));
    reply.send(Json{{"value", list}});
}

} // namespace

void addTriggerRoutes(Router &router, const ApiParts &parts)
{
    const QString base = factoryRoute + QStringLiteral("/triggers");
    router.add("GET", base, [parts](const ApiRequest &request, ApiReply reply) {
        sendTriggers(parts, request, std::move(reply), {});
    });
    router.add("GET", base + QStringLiteral("/{trigger}"), [parts](const ApiRequest &request, ApiReply reply) {
        sendTriggers(parts, request, std::move(reply), request.path.value(QStringLiteral("trigger")));
    });
    router.add("POST", base + QStringLiteral("/{trigger}/start"), [parts](const ApiRequest &request, ApiReply reply) {
        setStarted(parts, request, std::move(reply), true);
    });
    router.add("POST", base + QStringLiteral("/{trigger}/stop"), [parts](const ApiRequest &request, ApiReply reply) {
        setStarted(parts, request, std::move(reply), false);
    });
    router.add(
        "POST", factoryRoute + QStringLiteral("/queryTriggerRuns"), [parts](const ApiRequest &request, ApiReply reply) {
            queryTriggerRuns(parts, request, std::move(reply));
        });
}

} // namespace engine
