#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"
#include "engine/api/RestRecords.h"
#include "engine/base/TimeZone.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ScheduleControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ScheduleController)
};

constexpr int firesUsual = 20;
constexpr int firesMost = 1000;

// What a trigger's form shows while it is filled in; nothing is stored.
void sendRecurrence(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const auto recurrence = Recurrence::fromJson(memberAt(request.body, "recurrence"), QStringLiteral("recurrence"));
    if (!recurrence)
        return reply.send(recurrence.error());
    const auto count = numberIn(request.body, "count", firesUsual, 0, firesMost);
    const auto from = instantIn(request.body, "from");
    if (!count || !from)
        return reply.send(count ? from.error() : count.error());
    Json next = Json::array();
    for (const Occurrence &occurrence : recurrence->next(from->value_or(parts.clock.now()), *count))
        next.push_back(occurrenceJson(occurrence));
    reply.send(Json{{"sentence", toStdString(recurrence->sentence())},
                    {"timeZone", toStdString(recurrence->timeZone())},
                    {"next", std::move(next)}});
}

Json triggerJson(const FactoryRecord &factory, const TriggerStatus &status)
{
    Json next = Json::array();
    for (const Occurrence &occurrence : status.next)
        next.push_back(occurrenceJson(occurrence));
    Json pipelines = Json::array();
    for (const QString &pipeline : status.pipelines)
        pipelines.push_back(toStdString(pipeline));
    Json json = {{"factory", toStdString(factory.id.text())},
                 {"factoryName", toStdString(factory.name)},
                 {"name", toStdString(status.name)},
                 {"type", toStdString(status.type)},
                 {"runtimeState", status.started ? "Started" : "Stopped"},
                 {"sentence", toStdString(status.sentence)},
                 {"next", std::move(next)},
                 {"last", status.last ? triggerRunJson(*status.last) : Json()},
                 {"pipelines", std::move(pipelines)}};
    if (!status.problem.isEmpty())
        json["problem"] = toStdString(status.problem);
    return json;
}

// The triggers of every factory, or of one.
void sendTriggers(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const QMap<QString, QString> &query = request.http.query;
    bool isNumber = true;
    const int next =
        query.contains(QStringLiteral("next")) ? query.value(QStringLiteral("next")).toInt(&isNumber) : firesUsual;
    if (!isNumber || next < 0 || next > firesMost)
        return reply.send(Error{ErrorCode::InvalidInput,
                                ScheduleControllerText::tr("\"next\" must be a number from 0 to %1.").arg(firesMost),
                                QStringLiteral("next")});
    Result<QList<FactoryRecord>> factories = parts.journal.factories();
    if (const QString only = query.value(QStringLiteral("factory")); factories && !only.isEmpty()) {
        const Result<FactoryRecord> factory = parts.versions.factory(only);
        factories = factory ? Result<QList<FactoryRecord>>(QList<FactoryRecord>{*factory})
                            : Result<QList<FactoryRecord>>(factory.error());
    }
    if (!factories)
        return reply.send(factories.error());
    Json list = Json::array();
    for (const FactoryRecord &factory : std::as_const(*factories)) {
        for (const TriggerStatus &status : parts.triggers.status(factory.id, next))
            list.push_back(triggerJson(factory, status));
    }
    reply.send(Json{{"value", std::move(list)}});
}

void sendTimeZones(const ApiRequest &, ApiReply reply)
{
    Json names = Json::array();
    for (const QString &name : timeZoneNames())
        names.push_back(toStdString(name));
    reply.send(Json{{"value", std::move(names)},
                    {"tzdata", toStdString(tzdataVersion())},
                    {"system", toStdString(systemTimeZone())}});
}

} // namespace

void addScheduleRoutes(Router &router, const ApiParts &parts)
{
    router.add("GET", QStringLiteral("/slipway/v1/triggers"), [parts](const ApiRequest &request, ApiReply reply) {
        sendTriggers(parts, request, std::move(reply));
    });
    router.add("GET", QStringLiteral("/slipway/v1/timezones"), sendTimeZones);
    router.add("POST", QStringLiteral("/slipway/v1/recurrence"), [parts](const ApiRequest &request, ApiReply reply) {
        sendRecurrence(parts, request, std::move(reply));
    });
}

} // namespace engine
