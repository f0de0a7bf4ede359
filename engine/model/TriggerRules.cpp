#include "engine/model/Validation.h"

#include "engine/base/TimeZone.h"

namespace engine {

void Validation::checkTrigger(const Trigger &trigger)
{
    const Place place{trigger.file, {}};
    checkName(trigger.name, NamedThing::Trigger, place);
    if (trigger.type.isEmpty()) {
        error("MissingType",
              place / QStringLiteral("type"),
              tr("The trigger \"%1\" has no type.").arg(trigger.name),
              tr("Write \"type\": \"ScheduleTrigger\"."));
        return;
    }
    checkTriggeredPipelines(trigger);
    ContentScope scope;
    scope.trigger = &trigger;
    checkContent(trigger.typeProperties, place / QStringLiteral("typeProperties"), scope);
    if (trigger.type == u"ScheduleTrigger") {
        checkRecurrence(trigger);
        return;
    }
    warning("UnsupportedTrigger",
            place / QStringLiteral("type"),
            tr("\"%1\" is a %2, which this build cannot start.").arg(trigger.name, trigger.type),
            tr("A ScheduleTrigger starts here; \"slipwayctl run\" starts the pipeline by hand."));
    checkOtherTrigger(trigger);
}

void Validation::checkRecurrence(const Trigger &trigger)
{
    static const QStringList frequencies = {QStringLiteral("Minute"),
                                            QStringLiteral("Hour"),
                                            QStringLiteral("Day"),
                                            QStringLiteral("Week"),
                                            QStringLiteral("Month"),
                                            QStringLiteral("Year"),
                                            QStringLiteral("NotSpecified")};
    const Place place{trigger.file, QStringLiteral("typeProperties.recurrence")};
    const Json &recurrence = memberAt(trigger.typeProperties, "recurrence");
    if (!recurrence.is_object()) {
        error(
            "MissingRecurrence",
            place,
            tr("The trigger \"%1\" says not when it fires.").arg(trigger.name),
            tr("Write \"recurrence\": {\"frequency\": \"Day\", \"interval\": 1, \"startTime\": …, \"timeZone\": …}."));
        return;
    }
    const QString frequency = stringAt(recurrence, "frequency");
    const Place where = place / QStringLiteral("frequency");
    if (frequency.isEmpty())
        error("MissingRecurrence",
              where,
              tr("The recurrence of \"%1\" has no frequency.").arg(trigger.name),
              tr("Write Minute, Hour, Day or Week."));
    else if (!frequencies.contains(frequency, Qt::CaseInsensitive))
        suggest(error("BadValue",
                      where,
                      tr("\"%1\" is no frequency.").arg(shortened(frequency)),
                      tr("Write Minute, Hour, Day, Week or Month.")),
                frequency,
                frequencies,
                where.property);
    const QString zone = stringAt(recurrence, "timeZone");
    if (!zone.isEmpty() && !isDynamicValue(memberAt(recurrence, "timeZone")) && !ianaZone(zone)
        && !timeZoneNames().isEmpty()) {
        const Place timeZone = place / QStringLiteral("timeZone");
        suggest(error("UnknownTimeZone",
                      timeZone,
                      tr("There is no time zone \"%1\".").arg(shortened(zone)),
                      tr("Write a Windows name like \"W. Europe Standard Time\" or an IANA name like "
                         "\"Europe/Berlin\".")),
                zone,
                timeZoneNames(),
                timeZone.property);
    }
    const Json &interval = memberAt(recurrence, "interval");
    const Place number = place / QStringLiteral("interval");
    if (interval.is_null() || isDynamicValue(interval))
        return;
    if (!isWholeNumber(interval) || intAt(recurrence, "interval") < 1)
        error("BadValue",
              number,
              tr("\"%1\" is no interval.").arg(shortened(ValueSource::fromJson(interval).text())),
              tr("Write a whole number from 1 to 1000."))
            .repair = setting(number.property, 1, false);
    else if (intAt(recurrence, "interval") > 1000)
        warning("BeyondLimit",
                number,
                tr("Data Factory takes at most %1 for \"%2\", not %3.")
                    .arg(1000)
                    .arg(QStringLiteral("interval"))
                    .arg(intAt(recurrence, "interval")),
                tr("Write a greater frequency."));
}

// They do not start here, but what they miss would keep them from starting anywhere.
void Validation::checkOtherTrigger(const Trigger &trigger)
{
    const Place place{trigger.file, QStringLiteral("typeProperties")};
    QStringList needed;
    if (trigger.type.startsWith(u"TumblingWindow", Qt::CaseInsensitive))
        needed = {QStringLiteral("frequency"), QStringLiteral("interval"), QStringLiteral("startTime")};
    else if (trigger.type.compare(u"BlobEventsTrigger", Qt::CaseInsensitive) == 0
             || trigger.type.compare(u"CustomEventsTrigger", Qt::CaseInsensitive) == 0)
        needed = {QStringLiteral("events"), QStringLiteral("scope")};
    for (const QString &name : std::as_const(needed)) {
        if (memberAt(trigger.typeProperties, name.toUtf8().constData()).is_null())
            warning("MissingProperty",
                    place / name,
                    tr("The trigger \"%1\" says nothing for \"%2\".").arg(trigger.name, name),
                    tr("Data Factory refuses it without."));
    }
    const Json &dependencies = memberAt(trigger.typeProperties, "dependsOn");
    for (size_t i = 0; dependencies.is_array() && i < dependencies.size(); ++i) {
        const QString name = stringAt(memberAt(dependencies[i], "referenceTrigger"), "referenceName");
        const Place where = (place / QStringLiteral("dependsOn"))[qsizetype(i)] / QStringLiteral("referenceTrigger");
        if (!name.isEmpty() && named(m_factory.triggers, name) == nullptr)
            suggest(warning("MissingTrigger",
                            where,
                            tr("The trigger \"%1\" waits for \"%2\", which is no trigger of this factory.")
                                .arg(trigger.name, name)),
                    name,
                    m_factory.triggers.keys(),
                    (where / QStringLiteral("referenceName")).property);
    }
}

void Validation::checkTriggeredPipelines(const Trigger &trigger)
{
    const Json &properties = memberAt(trigger.json, "properties");
    const Json &several = memberAt(properties, "pipelines");
    const qsizetype count = several.is_array() ? qsizetype(several.size()) : 0;
    const Place list{trigger.file, QStringLiteral("pipelines")};
    if (trigger.pipelines.isEmpty())
        warning("NoPipelines",
                list,
                tr("The trigger \"%1\" starts no pipeline.").arg(trigger.name),
                trigger.type.startsWith(u"TumblingWindow", Qt::CaseInsensitive)
                    ? tr("Name it in \"pipeline\": {\"pipelineReference\": {…}}.")
                    : tr("Add one to \"pipelines\"."));
    ContentScope scope;
    scope.trigger = &trigger;
    for (qsizetype i = 0; i < trigger.pipelines.size(); ++i) {
        const TriggeredPipeline &triggered = trigger.pipelines[i];
        const bool isSingle = i >= count; // of a tumbling window
        const Place place = isSingle ? Place{trigger.file, QStringLiteral("pipeline")} : list[i];
        const Json &written = isSingle ? memberAt(properties, "pipeline") : several[size_t(i)];
        const Json &given = memberAt(written, "parameters");
        const Place parameters = place / QStringLiteral("parameters");
        checkContent(given, parameters, scope);
        const Pipeline *const pipeline = named(m_factory.pipelines, triggered.pipeline);
        if (pipeline == nullptr) {
            const Place reference = place / QStringLiteral("pipelineReference");
            suggest(error("MissingPipeline",
                          reference,
                          tr("The trigger \"%1\" starts \"%2\", which is no pipeline of this factory.")
                              .arg(trigger.name, triggered.pipeline)),
                    triggered.pipeline,
                    m_factory.pipelines.keys(),
                    (reference / QStringLiteral("referenceName")).property);
            continue;
        }
        checkArguments(pipeline->parameters, given, parameters, tr("The pipeline \"%1\"").arg(pipeline->name));
    }
}

} // namespace engine
