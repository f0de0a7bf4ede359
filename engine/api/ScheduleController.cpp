#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"

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

} // namespace

void addScheduleRoutes(Router &router, const ApiParts &parts)
{
    router.add("POST", QStringLiteral("/slipway/v1/recurrence"), [parts](const ApiRequest &request, ApiReply reply) {
        sendRecurrence(parts, request, std::move(reply));
    });
}

} // namespace engine
