#pragma once

#include "engine/base/Json.h"

namespace designer {

class EditScope;

// What the engine is asked about a copy with, as it stands in the window: {"folder", "files", "pipeline", "activity",
// "parameters"}. Nothing needs to be saved. Errors: NotFound, no factory is open or no activity is shown.
engine::Result<engine::Json> copyRequest(const EditScope &scope);

} // namespace designer
