#pragma once

#include "engine/base/Places.h"
#include "engine/kernel/KernelContext.h"

namespace engine {

// What a kernel may reach that no engine has started: the models kept here and, when `folder` or one above it is a
// factory, what the linked service of its SQL notebooks is bound to, with the person's own secrets. Errors: the
// bindings cannot be read.
Result<KernelContext> factoryContext(const QString &folder, const Places &places);

} // namespace engine
