#pragma once

#include "engine/base/Json.h"

#include <QList>

namespace engine {

// The functions of ARM templates that need nothing but their arguments. `function` in any case. Pure, for any thread.
// InvalidInput: arguments that do not fit; Unsupported: a function that has no value without a deployment, or none.
Result<Json> callArmFunction(const QString &function, const QList<Json> &arguments);

} // namespace engine
