#pragma once

#include "engine/model/Factory.h"

namespace engine {

LinkedService readLinkedService(const Json &json, const QString &name, const QString &file);

} // namespace engine
