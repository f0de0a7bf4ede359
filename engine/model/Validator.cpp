#include "engine/model/Validator.h"

#include "engine/model/ProblemPlace.h"
#include "engine/model/Validation.h"

namespace engine {

QList<Problem> validate(const Factory &factory, const KnownMachine &machine)
{
    Validation validation(factory, machine);
    validation.checkAll();
    return validation.takeProblems();
}

QList<Problem> validatePipeline(const Factory &factory, const QString &pipeline, const KnownMachine &machine)
{
    Validation validation(factory, machine);
    validation.checkPipelineAndNeeds(pipeline);
    return validation.takeProblems();
}

FactoryReading checkFactory(const FileTree &tree, const KnownMachine &machine)
{
    FactoryReading reading = readFactory(tree);
    reading.problems += validate(reading.factory, machine);
    sortProblems(reading.problems);
    locateProblems(reading.problems, tree);
    return reading;
}

} // namespace engine
