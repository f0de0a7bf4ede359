#pragma once

#include "engine/model/Factory.h"

namespace engine {

Dataset readDataset(const Json &json, const QString &name, const QString &file);

} // namespace engine
