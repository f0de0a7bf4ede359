#pragma once

#include "engine/run/runners/DatasetPlace.h"
#include "engine/run/runners/PooledRunner.h"

namespace engine {

struct ValidationPlan
{
    DatasetPlace dataset;
    std::chrono::seconds timeout{std::chrono::hours(7 * 24)};
    std::chrono::seconds sleep{10};
    qint64 minimumSize = 0; // bytes of a file
    std::optional<bool> childItems; // of a folder: true = it must hold something, false = nothing
};

// Pure. Errors: InvalidInput and Unsupported, `where` names the entity and property.
Result<ValidationPlan> planValidation(const ActivityTask &task);

// Waits until the file, folder or table of a dataset is there as it should be; looks every `sleep`, and takes no thread
// between. A store that cannot be reached is looked at again too; what it said last is in the error when the time is
// over. Output: {"exists", "itemName", "itemType", "size"?}. After a restart of the engine it waits again.
class ValidationRunner final : public PlainRunner
{
public:
    explicit ValidationRunner(const RunnerParts &parts) : PlainRunner(parts, Restart::Again) { }

    std::unique_ptr<ActivityExecution> make(const ActivityTask &task) override;
};

} // namespace engine
