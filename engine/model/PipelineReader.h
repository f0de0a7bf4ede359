#pragma once

#include "engine/model/Factory.h"

namespace engine {

// A pipeline from the JSON of its file. Tolerant; the Validator reads `json` again for what is wrong in it.
Pipeline readPipeline(const Json &json, const QString &name, const QString &file);

} // namespace engine
