#include "engine/model/Validation.h"

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
    if (trigger.type != u"ScheduleTrigger") {
        warning("UnsupportedTrigger",
                place / QStringLiteral("type"),
                tr("\"%1\" is a %2, which this build cannot start.").arg(trigger.name, trigger.type),
                tr("It needs a ScheduleTrigger."));
        return;
    }
    const Place recurrencePlace = place / QStringLiteral("typeProperties.recurrence");
    const Json &recurrence = memberAt(trigger.typeProperties, "recurrence");
    if (!recurrence.is_object())
        error(
            "MissingRecurrence",
            recurrencePlace,
            tr("The trigger \"%1\" says not when it fires.").arg(trigger.name),
            tr("Write \"recurrence\": {\"frequency\": \"Day\", \"interval\": 1, \"startTime\": …, \"timeZone\": …}."));
    else if (stringAt(recurrence, "frequency").isEmpty())
        error("MissingRecurrence",
              recurrencePlace / QStringLiteral("frequency"),
              tr("The recurrence of \"%1\" has no frequency.").arg(trigger.name),
              tr("Write Minute, Hour, Day or Week."));
    checkDynamicContent(recurrence, recurrencePlace);
}

void Validation::checkTriggeredPipelines(const Trigger &trigger)
{
    const bool isSingle = !memberAt(memberAt(trigger.json, "properties"), "pipelines").is_array();
    const Place list{trigger.file, QStringLiteral("pipelines")};
    if (trigger.pipelines.isEmpty())
        warning("NoPipelines",
                list,
                tr("The trigger \"%1\" starts no pipeline.").arg(trigger.name),
                tr("Add one to \"pipelines\"."));
    for (qsizetype i = 0; i < trigger.pipelines.size(); ++i) {
        const TriggeredPipeline &triggered = trigger.pipelines[i];
        const Place place = isSingle ? Place{trigger.file, QStringLiteral("pipeline")} : list[i];
        const Place parameters = place / QStringLiteral("parameters");
        for (auto value = triggered.parameters.cbegin(); value != triggered.parameters.cend(); ++value)
            checkDynamicContent(value->isExpression ? Json(toStdString(value->expression)) : value->literal,
                                parameters / value.key());
        const auto pipeline = m_factory.pipelines.constFind(triggered.pipeline);
        if (pipeline == m_factory.pipelines.cend()) {
            error("MissingPipeline",
                  place / QStringLiteral("pipelineReference"),
                  tr("The trigger \"%1\" starts \"%2\", which is no pipeline of this factory.")
                      .arg(trigger.name, triggered.pipeline),
                  suggestion(triggered.pipeline, m_factory.pipelines.keys()));
            continue;
        }
        for (auto value = triggered.parameters.cbegin(); value != triggered.parameters.cend(); ++value) {
            if (!pipeline->parameters.contains(value.key()))
                warning("UnknownParameter",
                        parameters / value.key(),
                        tr("The pipeline \"%1\" has no parameter \"%2\".").arg(pipeline->name, value.key()),
                        suggestion(value.key(), pipeline->parameters.keys()));
        }
        for (auto parameter = pipeline->parameters.cbegin(); parameter != pipeline->parameters.cend(); ++parameter) {
            if (!parameter->hasDefault && !triggered.parameters.contains(parameter.key()))
                error("MissingParameter",
                      parameters,
                      tr("The pipeline \"%1\" needs the parameter \"%2\", which has no default.")
                          .arg(pipeline->name, parameter.key()),
                      tr("Add \"%1\" here, or give it a default in the pipeline.").arg(parameter.key()));
        }
    }
}

} // namespace engine
