#include "engine/model/PipelineReader.h"

#include "engine/model/ActivityReader.h"

#include <limits>

namespace engine {

Pipeline readPipeline(const Json &json, const QString &name, const QString &file)
{
    const Json &properties = memberAt(json, "properties");
    Pipeline pipeline;
    pipeline.name = name;
    pipeline.file = file;
    pipeline.description = stringAt(properties, "description");
    pipeline.folder = stringAt(memberAt(properties, "folder"), "name");
    pipeline.activities = readActivities(memberAt(properties, "activities"));
    pipeline.parameters = readParameters(memberAt(properties, "parameters"));
    pipeline.variables = readParameters(memberAt(properties, "variables"));
    pipeline.concurrency =
        int(std::clamp<qint64>(intAt(properties, "concurrency"), 0, std::numeric_limits<int>::max()));
    pipeline.annotations = readStrings(memberAt(properties, "annotations"));
    pipeline.json = json;
    return pipeline;
}

} // namespace engine
