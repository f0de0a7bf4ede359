#pragma once

#include "engine/base/Json.h"

namespace ctl {

// A problem in its JSON shape as lines: "pipeline/P.json:12:5: error: There is … [MissingDataset]", as editors and
// compilers understand it; then the path in the file and what to do.
QString problemText(const engine::Json &problem);

} // namespace ctl
