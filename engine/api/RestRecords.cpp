#include "engine/api/RestRecords.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RestRecordsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RestRecords)
};

Json instantOrNull(const std::optional<Instant> &instant)
{
    return instant ? Json(toStdString(toIso(*instant))) : Json();
}

Json durationOrNull(const std::optional<Instant> &start, const std::optional<Instant> &end)
{
    return start && end ? Json((*end - *start).count()) : Json();
}

// Data Factory's parameters are text; what is not text is JSON-encoded.
Json asTexts(const Json &parameters)
{
    Json texts = Json::object();
    for (const auto &item : parameters.items())
        texts[item.key()] = item.value().is_string() ? item.value() : Json(item.value().dump());
    return texts;
}

std::optional<RunFilter::Condition::Operand> operandFrom(const QString &text)
{
    using Operand = RunFilter::Condition::Operand;
    static const QMap<QString, Operand> names{{QStringLiteral("PipelineName"), Operand::PipelineName},
                                              {QStringLiteral("Status"), Operand::Status},
                                              {QStringLiteral("RunStart"), Operand::RunStart},
                                              {QStringLiteral("RunEnd"), Operand::RunEnd},
                                              {QStringLiteral("RunGroupId"), Operand::RunGroup},
                                              {QStringLiteral("LatestOnly"), Operand::LatestOnly},
                                              {QStringLiteral("TriggerName"), Operand::InvokedByName}};
    const auto found = names.constFind(text);
    return found == names.constEnd() ? std::nullopt : std::optional(*found);
}

std::optional<RunFilter::Condition::Operator> operatorFrom(const QString &text)
{
    using Operator = RunFilter::Condition::Operator;
    static const QMap<QString, Operator> names{{QStringLiteral("Equals"), Operator::Equals},
                                               {QStringLiteral("NotEquals"), Operator::NotEquals},
                                               {QStringLiteral("In"), Operator::In},
                                               {QStringLiteral("NotIn"), Operator::NotIn}};
    const auto found = names.constFind(text);
    return found == names.constEnd() ? std::nullopt : std::optional(*found);
}

Error badFilter(const QString &message, const QString &where) { return {ErrorCode::InvalidInput, message, where}; }

} // namespace

Json pipelineRunJson(const RunRecord &run)
{
    Json json;
    json["id"] = toStdString(u"/pipelineruns/" + run.id.text());
    json["runId"] = toStdString(run.id.text());
    json["runGroupId"] = toStdString(run.group.text());
    json["isLatest"] = run.isLatest;
    json["pipelineName"] = toStdString(run.pipeline);
    json["parameters"] = asTexts(run.parameters);
    json["runDimensions"] = Json::object();
    json["invokedBy"] = {{"id", toStdString(run.invokedBy.id)},
                         {"name", toStdString(run.invokedBy.name)},
                         {"invokedByType", toStdString(run.invokedBy.type)}};
    json["lastUpdated"] = toStdString(toIso(run.lastUpdated));
    json["runStart"] = toStdString(toIso(run.start.value_or(run.queuedAt)));
    json["runEnd"] = instantOrNull(run.end);
    json["durationInMs"] = durationOrNull(run.start ? run.start : std::optional(run.queuedAt), run.end);
    json["status"] = toStdString(toString(run.status));
    json["message"] = toStdString(run.message);
    json["annotations"] = Json::array();
    Json ours = {{"factory", toStdString(run.factory.text())},
                 {"version", run.version},
                 {"queuedAt", toStdString(toIso(run.queuedAt))},
                 {"failedActivities", run.failedActivities}};
    if (!run.reason.isEmpty())
        ours["reason"] = toStdString(run.reason);
    if (!run.rerunOf.isEmpty())
        ours["rerunOf"] = toStdString(run.rerunOf.text());
    if (!run.trigger.empty())
        ours["trigger"] = run.trigger;
    json["slipway"] = ours;
    return json;
}

Json activityRunJson(const ActivityRecord &activity)
{
    Json json;
    json["id"] = toStdString(u"/activityruns/" + activity.id.text());
    json["pipelineName"] = toStdString(activity.pipeline);
    json["pipelineRunId"] = toStdString(activity.run.text());
    json["activityName"] = toStdString(activity.name);
    json["activityType"] = toStdString(activity.type);
    json["activityRunId"] = toStdString(activity.id.text());
    json["linkedServiceName"] = toStdString(activity.linkedService);
    json["status"] = toStdString(toString(activity.status));
    json["activityRunStart"] = instantOrNull(activity.start);
    json["activityRunEnd"] = instantOrNull(activity.end);
    json["durationInMs"] = durationOrNull(activity.start, activity.end);
    json["input"] = activity.input;
    json["output"] = activity.output;
    json["error"] = {{"errorCode", toStdString(activity.error.errorCode)},
                     {"message", toStdString(activity.error.message)},
                     {"failureType", toStdString(activity.error.failureType)},
                     {"target", toStdString(activity.error.target.isEmpty() ? activity.name : activity.error.target)}};
    if (!activity.error.details.empty())
        json["error"]["details"] = activity.error.details;
    json["retryAttempt"] = activity.attempts > 1 ? Json(activity.attempts - 1) : Json();
    json["userProperties"] = activity.userProperties;
    Json ours = {{"path", toStdString(activity.path)}, {"attempts", activity.attempts}};
    if (!activity.substate.isEmpty())
        ours["substate"] = toStdString(activity.substate);
    if (!activity.reason.isEmpty())
        ours["reason"] = toStdString(activity.reason);
    if (activity.dueAt)
        ours["dueAt"] = toStdString(toIso(*activity.dueAt));
    json["slipway"] = ours;
    return json;
}

Json triggerRunJson(const FireRecord &fire)
{
    const bool fired = fire.outcome == FireRecord::Outcome::Fired;
    Json json;
    json["triggerRunId"] = toStdString(fire.trigger + u'@' + toIso(fire.planned));
    json["triggerName"] = toStdString(fire.trigger);
    json["triggerType"] = "ScheduleTrigger";
    json["triggerRunTimestamp"] = toStdString(toIso(fire.noticed));
    json["status"] = "Succeeded"; // fire and forget: the occurrence was decided
    json["message"] = fired ? "" : toStdString(toString(fire.outcome));
    json["properties"] = {{"TriggerTime", toStdString(toIso(fire.noticed))},
                          {"ScheduleTime", toStdString(toIso(fire.planned))}};
    json["triggeredPipelines"] = Json::object();
    if (fired)
        json["triggeredPipelines"][toStdString(fire.pipeline)] = toStdString(fire.run.text());
    Json ours = {
        {"outcome", toStdString(toString(fire.outcome))},
        {"lateBySeconds", std::chrono::duration_cast<std::chrono::seconds>(fire.noticed - fire.planned).count()}};
    if (fire.outcome == FireRecord::Outcome::Coalesced)
        ours["coalescedInto"] = toStdString(toIso(fire.coalescedInto));
    json["slipway"] = ours;
    return json;
}

Result<RunFilter> runFilterFromJson(const Json &json, const FactoryId &factory)
{
    RunFilter filter;
    filter.factory = factory;
    for (const auto &[key, target] :
         {std::pair{"lastUpdatedAfter", &filter.updatedAfter}, {"lastUpdatedBefore", &filter.updatedBefore}}) {
        const Json &value = memberAt(json, key);
        if (value.is_null())
            continue;
        *target = instantFromIso(stringAt(json, key));
        if (!*target)
            return badFilter(RestRecordsText::tr("%1 is no ISO 8601 time.").arg(QString::fromUtf8(key)),
                             QString::fromUtf8(key));
    }
    const Json &filters = memberAt(json, "filters");
    for (size_t i = 0; filters.is_array() && i < filters.size(); ++i) {
        const Json &entry = filters.at(i);
        const QString where = QStringLiteral("filters[%1]").arg(i);
        const auto operand = operandFrom(stringAt(entry, "operand"));
        const auto op = operatorFrom(stringAt(entry, "operator"));
        if (!operand)
            return badFilter(RestRecordsText::tr("\"%1\" cannot be filtered by.").arg(stringAt(entry, "operand")),
                             where + QStringLiteral(".operand"));
        if (!op)
            return badFilter(RestRecordsText::tr("\"%1\" is no operator; use Equals, NotEquals, In or NotIn.")
                                 .arg(stringAt(entry, "operator")),
                             where + QStringLiteral(".operator"));
        QStringList values;
        for (const Json &value : memberAt(entry, "values"))
            values.append(value.is_string() ? toQString(value.get_ref<const std::string &>())
                                            : toQString(value.dump()));
        filter.conditions.append({*operand, *op, values});
    }
    const Json &order = memberAt(json, "orderBy");
    if (order.is_array() && !order.empty()
        && stringAt(order.front(), "order").compare(u"ASC", Qt::CaseInsensitive) == 0)
        filter.order = RunFilter::Order::OldestFirst;
    filter.limit = int(std::clamp<qint64>(intAt(memberAt(json, "slipway"), "limit", 100), 1, 1000));
    filter.offset = int(std::max<qint64>(0, intAt(json, "continuationToken")));
    return filter;
}

} // namespace engine
