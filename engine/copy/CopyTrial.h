#pragma once

#include "engine/base/CancelToken.h"
#include "engine/copy/CopyPlan.h"
#include "engine/records/CopyTrialRecords.h"

namespace engine {

// A copy tried without doing it. Both block; call them on a pool thread.

// Reads the first `rows` rows and converts each mapped column as the copy would, every value by itself; types, lengths
// and NOT NULL of the sink's columns are respected, keys and checks are not. Errors: as the copy would fail before its
// first row.
Result<ConversionPreview> previewConversion(const CopyPlan &plan, int rows, const CancelToken &cancel);

// Runs the pre-copy script statement by statement in a transaction that is rolled back, waits at most two seconds for
// locks and runs at most ten in all. What the database does outside of transactions is not undone: numbers drawn from
// sequences. Unsupported, with the reason, for a script that could leave something behind; Conflict and Timeout when a
// lock was not to be had.
Result<ScriptTrial> tryScript(const CopyPlan &plan, const CancelToken &cancel);

} // namespace engine
