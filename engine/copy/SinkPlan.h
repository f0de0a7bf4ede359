#pragma once

#include "engine/copy/CopyPlan.h"

namespace engine {

// The sink of a Copy activity that loads a table of a database, of the store its dataset is bound to. Pure but for the
// secrets it reads; `where` is the sink's place. Errors: InvalidInput and Unsupported, as planCopy().
struct PlannedSink
{
    CopySink sink;
    QString preCopyScript; // empty = none
    SinkRetry retry;
};
Result<PlannedSink> planTableSink(
    const Json &sink, const QString &where, const Dataset &dataset, const Binding &binding, const QString &folder);

} // namespace engine
