#pragma once

#include "engine/records/Records.h"
#include "engine/store/RunJournal.h"

namespace engine {

// Records in the shape of Data Factory's management REST API, 2018-06-01 (format.md §3.2); what only Slipway knows is
// under `slipway`. Pure.
Json pipelineRunJson(const RunRecord &run);
Json activityRunJson(const ActivityRecord &activity);
Json triggerRunJson(const FireRecord &fire);

// RunFilterParameters: lastUpdatedAfter, lastUpdatedBefore, filters, orderBy, continuationToken. Errors name the
// property.
Result<RunFilter> runFilterFromJson(const Json &json, const FactoryId &factory);

} // namespace engine
