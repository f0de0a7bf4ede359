#pragma once

#include "engine/run/ActivityRunner.h"

namespace engine {

class PipelineRuns;

// ExecutePipeline: starts another pipeline of the same version and, when it says so, waits for its end. The child's id
// follows from the activity run, so that after an engine restart the same child is found again. Engine loop.
class ExecutePipelineRunner final : public ActivityRunner
{
public:
    // `runs` outlives every execution.
    explicit ExecutePipelineRunner(PipelineRuns &runs) : m_runs(runs) { }

    void acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting) override;
    std::unique_ptr<ActivityExecution> make(const ActivityTask &task) override;
    Json input(const ActivityTask &task) const override;
    Restart onEngineRestart(const ActivityTask &task) const override;
    void resolve(const ActivityTask &task,
                 const AttemptRecord &attempt,
                 QObject *context,
                 std::function<void(Result<std::optional<Json>>)> answer) override;

private:
    PipelineRuns &m_runs;
};

} // namespace engine
