#pragma once

#include "engine/run/ActivityRunner.h"
#include "engine/run/Transitions.h"
#include "engine/store/RunJournal.h"
#include "engine/store/TelemetryLog.h"

#include <QObject>

#include <map>
#include <memory>

namespace engine {

// What is known of a run that an earlier engine left behind.
struct RunHistory
{
    QList<ActivityRecord> activities;
    QList<AttemptRecord> attempts;
    QList<CellRecord> cells;
};

// Runs one pipeline from plan to terminal state. Lives on the engine loop. Every state is journaled before it has an
// effect; a store that cannot be written holds the run where it is until it can.
class PipelineRun final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PipelineRun)

public:
    struct Parts
    {
        RunnerRegistry &runners;
        RunJournal &journal;
        TelemetryLog &telemetry;
        Clock &clock;
    };

    // `record` is recorded as Queued (or, to resume, as InProgress or Canceling).
    PipelineRun(RunRecord record, std::shared_ptr<const RunPlan> plan, const Parts &parts, QObject *parent = nullptr);
    ~PipelineRun() override; // ends what is running; records nothing

    void start();
    // Goes on after an engine restart: decides by runner and ledger what became of attempts in flight.
    void resume(const RunHistory &history);
    void cancel(); // idempotent; ends in Cancelled or in the state already committed

    const RunRecord &record() const { return m_record; }

signals:
    void finished(engine::RunStatus status); // terminal and recorded

private:
    struct Node;
    using Bodies = QList<RunEvent::Body>;

    void record(Bodies bodies, std::function<void()> then = {});
    void appendUntilRecorded(QList<RunEvent> events, std::function<void()> then);

    ActivityTask task(const Node &node) const;
    ActivityRunner *runner(const Node &node) const;
    QMap<QString, ActivityStatus> statusByName() const;

    // Appends to `bodies` what follows from the present states: skips, inactive marks, newly ready activities, and the
    // end of the run when nothing is left. Returns the activities to start once all that is recorded.
    QList<Node *> advance(Bodies &bodies);
    void recordAndStart(Bodies bodies);

    void acquire(Node &node);
    void beginAttempt(Node &node, bool systemRetry);
    void launch(Node &node);
    void commitIntended(Node &node, const Json &intent, const ActivityExecution::Proceed &proceed);
    void attemptEnded(Node &node, const ActivityOutcome &outcome);
    void scheduleRetry(Node &node, Millis delay);
    void stopNode(Node &node, Bodies &bodies);
    void resumeNode(Node &node, const RunHistory &history, Bodies &bodies);
    void settleInterrupted(Node &node, Bodies &bodies);
    void resolveCommit(Node &node);
    void finishAttempt(Node &node, AttemptInput input, const RunError &error, Bodies &bodies);
    void finishActivity(Node &node, ActivityInput input, const Json &output, const RunError &error, Bodies &bodies);
    void succeed(Node &node, const Json &output, Bodies &bodies);

    void setRun(RunInput input);
    bool isStopping() const { return m_record.status == RunStatus::Canceling; }

    RunRecord m_record;
    std::shared_ptr<const RunPlan> m_plan;
    RunnerRegistry &m_runners;
    RunJournal &m_journal;
    TelemetryLog &m_telemetry;
    Clock &m_clock;
    std::map<QString, std::unique_ptr<Node>> m_nodes; // by activity name
};

} // namespace engine
