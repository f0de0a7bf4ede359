#pragma once

#include "engine/model/Factory.h"

namespace engine {

// What is wrong with a factory before anything runs: names Data Factory forbids, references to nothing, cycles, unknown
// types, unbound linked services, missing notebooks, mappings to absent columns, triggers that cannot fire. Pure.
QList<Problem> validate(const Factory &factory);
QList<Problem> validatePipeline(const Factory &factory, const QString &pipeline); // it and all it needs

} // namespace engine
