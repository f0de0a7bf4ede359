#include "engine/model/Validator.h"

#include "engine/model/Validation.h"

namespace engine {

QList<Problem> validate(const Factory &factory)
{
    Validation validation(factory);
    validation.checkAll();
    return validation.takeProblems();
}

QList<Problem> validatePipeline(const Factory &factory, const QString &pipeline)
{
    Validation validation(factory);
    validation.checkPipelineAndNeeds(pipeline);
    return validation.takeProblems();
}

} // namespace engine
