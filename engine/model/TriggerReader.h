#pragma once

#include "engine/model/Factory.h"

namespace engine {

Trigger readTrigger(const Json &json, const QString &name, const QString &file);

} // namespace engine
