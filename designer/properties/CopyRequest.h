#pragma once

#include "engine/base/Json.h"

class QWidget;

namespace designer {

class EditScope;

// What the engine is asked about a copy with, as it stands in the window: {"folder", "files", "pipeline", "activity",
// "parameters"}. Nothing needs to be saved. Where the pipeline has parameters their values are asked for: a dialog over
// `window`. Errors: NotFound, no factory is open or no activity is shown; Cancelled, the dialog had no answer.
engine::Result<engine::Json> copyRequest(const EditScope &scope, QWidget *window);

} // namespace designer
