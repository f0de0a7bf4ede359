#include "engine/model/TriggerReader.h"

#include "engine/model/ActivityReader.h"

namespace engine {

namespace {

TriggeredPipeline readTriggered(const Json &json)
{
    const Json &parameters = memberAt(json, "parameters");
    return {stringAt(memberAt(json, "pipelineReference"), "referenceName"),
            readValues(parameters),
            parameters.is_object() ? parameters : Json::object()};
}

} // namespace

Trigger readTrigger(const Json &json, const QString &name, const QString &file)
{
    static const QStringList types = {QStringLiteral("ScheduleTrigger"),
                                      QStringLiteral("TumblingWindowTrigger"),
                                      QStringLiteral("BlobEventsTrigger"),
                                      QStringLiteral("CustomEventsTrigger")};
    const Json &properties = memberAt(json, "properties");
    Trigger trigger;
    trigger.name = name;
    trigger.file = file;
    trigger.type = spelledAs(types, stringAt(properties, "type"));
    trigger.description = stringAt(properties, "description");
    trigger.runtimeState = stringAt(properties, "runtimeState");
    if (const Json &pipelines = memberAt(properties, "pipelines"); pipelines.is_array()) {
        for (const Json &entry : pipelines)
            trigger.pipelines.append(readTriggered(entry));
    }
    if (const Json &single = memberAt(properties, "pipeline"); single.is_object()) // tumbling windows have exactly one
        trigger.pipelines.append(readTriggered(single));
    trigger.typeProperties = memberAt(properties, "typeProperties");
    trigger.json = json;
    return trigger;
}

} // namespace engine
