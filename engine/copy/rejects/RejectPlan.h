#pragma once

#include "engine/copy/ColumnMatch.h"
#include "engine/copy/CopyJob.h"

namespace engine {

// What a reject store has to know of a copy: its columns, and where and as what they go. Pure.
RejectHead rejectHead(const CopyPlan &plan,
                      const LoadIdentity &identity,
                      const ColumnMatch &match,
                      const QList<SourceColumn> &source,
                      const QList<SinkColumn> &sink);

} // namespace engine
