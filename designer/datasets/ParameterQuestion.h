#pragma once

#include "designer/document/Entity.h"
#include "engine/base/Json.h"

#include <optional>

class QWidget;

namespace designer {

class Workbench;

// The values that the parameters of a dataset or a pipeline have while it is looked at: {"name": value}, defaults left
// out. `declared`: {"name": {"type", "defaultValue"}}; `given`: what a reference sets. Values without dynamic content
// are taken as they are; for the others a dialog asks, with what was answered last time. Waits for the answer; nullopt
// when there is none. GUI thread.
std::optional<engine::Json> askParameters(Workbench &workbench,
                                          const EntityRef &entity,
                                          const engine::Json &declared,
                                          const engine::Json &given,
                                          QWidget *window);

} // namespace designer
