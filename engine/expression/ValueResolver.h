#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <string>

namespace engine {

// What an expression reads beside its own functions: pipeline(), activity('x'), variables('x'), item() …
enum class ExpressionRoot { Pipeline, Activity, Variables, Item, Trigger, TriggerBody, Dataset, LinkedService };

QString toString(ExpressionRoot root); // as it is written: "triggerBody"

// Where the values come from. Called in the thread that evaluates, as often as the expression names a root.
class ValueResolver
{
public:
    ValueResolver() = default;
    ValueResolver(const ValueResolver &) = default;
    ValueResolver &operator=(const ValueResolver &) = default;
    virtual ~ValueResolver();

    // Borrowed: stays valid until the evaluation has ended. `name` is the argument of activity('x') and
    // variables('x'), else empty. NotFound: the error's message says what is there.
    virtual Result<const Json *> root(ExpressionRoot root, const std::string &name) = 0;
    virtual Instant now() const = 0; // utcNow()
};

} // namespace engine
