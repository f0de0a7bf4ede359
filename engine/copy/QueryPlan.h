#pragma once

#include "engine/copy/CopyPlan.h"

namespace engine {

// The source of a Copy activity, of one of the tableSourceTypes(), as rows of the store its dataset is bound to. Pure
// but for the secrets it reads; `where` is the source's place. Errors: InvalidInput and Unsupported, as planCopy().
Result<CopySource> planQuery(
    const Json &source, const QString &where, const Dataset &dataset, const Binding &binding, const QString &folder);

} // namespace engine
