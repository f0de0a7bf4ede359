#pragma once

#include "engine/base/Clock.h"
#include "engine/model/Factory.h"

namespace engine {

// Entities as an activity means them: their dynamic content evaluated with the values that the reference gives to their
// parameters, defaults for the others. What a runner reads is always resolved: it never sees an expression.
//
// Pure; any thread. Errors: NotFound (no such entity), InvalidInput (a parameter that is read and has neither value
// nor default, a value for a parameter that is not there, an expression that cannot be evaluated), `where` names entity
// and property.

// `parameters`: name → value, already evaluated. `now` is what utcNow() says.
Result<Dataset> resolveDataset(const Dataset &dataset, const Json &parameters, Instant now);
Result<Dataset> resolveDataset(const Factory &factory, const QString &name, const Json &parameters, Instant now);
Result<LinkedService>
resolveLinkedService(const Factory &factory, const QString &name, const Json &parameters, Instant now);

// The same of a reference as JSON writes it: {"referenceName", "parameters"}.
Result<Dataset> resolveDataset(const Factory &factory, const Json &reference, Instant now);

} // namespace engine
