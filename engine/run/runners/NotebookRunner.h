#pragma once

#include "engine/notebook/NotebookJob.h"
#include "engine/run/ActivityRunner.h"
#include "engine/run/Slots.h"
#include "engine/store/ArtifactStore.h"

#include <QThreadPool>

namespace engine {

// Runs DatabricksNotebook, SynapseNotebook and TridentNotebook activities on local Jupyter kernels, and the Python file
// of DatabricksSparkPython as a notebook, with sys.argv. The executed copy
// goes into the artifact store; its hash is in the activity's output under `slipway.executedNotebook`. What its cells
// have said of drift is summed up under `slipway.drift` (DriftRecords.h), all of it in the artifact
// `slipway.drift.report`.
class NotebookRunner final : public ActivityRunner
{
public:
    NotebookRunner(
        NotebookEnvironment environment, Slots &kernels, ArtifactStore artifacts, QThreadPool &pool, Clock &clock);

    void acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting) override;
    std::unique_ptr<ActivityExecution> make(const ActivityTask &task) override;
    Json input(const ActivityTask &task) const override;
    Restart
    onEngineRestart(const ActivityTask &task) const override; // Fail, unless the option onEngineRestart says "restart"
    void resolve(const ActivityTask &task,
                 const AttemptRecord &attempt,
                 QObject *context,
                 std::function<void(Result<std::optional<Json>>)> answer) override;

private:
    NotebookEnvironment m_environment;
    Slots &m_kernels;
    ArtifactStore m_artifacts;
    QThreadPool &m_pool;
    Clock &m_clock;
};

// What a notebook activity asks the kernel for: its file, binding, mounts and connections resolved. Pure but for
// reading the notebook from the version's files.
Result<NotebookRequest> makeNotebookRequest(const ActivityTask &task);

} // namespace engine
