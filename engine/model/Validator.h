#pragma once

#include "engine/model/Factory.h"
#include "engine/model/FileTree.h"

#include <optional>

namespace engine {

// What is known of this machine beside the factory. What is absent is not asked about.
struct KnownMachine
{
    std::optional<QStringList> kernels; // names of the installed kernelspecs
};

// What is wrong with a factory before anything runs: names Data Factory forbids, references to nothing, cycles, unknown
// types, missing properties, expressions that cannot be evaluated, unbound linked services, missing notebooks, mappings
// to absent columns, triggers that cannot fire; as warnings what Azure would refuse, as hints what nothing uses. Pure,
// thread-safe, linear in the size of the factory.
QList<Problem> validate(const Factory &factory, const KnownMachine &machine = {});
// It and all it needs: the pipelines it executes too.
QList<Problem> validatePipeline(const Factory &factory, const QString &pipeline, const KnownMachine &machine = {});

// Reads the factory and says everything that is wrong with it, each problem with its line and column: what the command
// line, publishing and the API tell. Reads the files with problems twice.
FactoryReading checkFactory(const FileTree &tree, const KnownMachine &machine = {});

} // namespace engine
