#pragma once

#include "engine/expression/Expression.h"
#include "engine/run/ActivityRunner.h"
#include "engine/run/RunTree.h"
#include "engine/run/RunValues.h"
#include "engine/run/Transitions.h"
#include "engine/secrets/SecretStore.h"
#include "engine/store/RunJournal.h"
#include "engine/store/TelemetryLog.h"

#include <QHash>
#include <QObject>

#include <deque>
#include <memory>

namespace engine {

// What is known of a run that an earlier engine left behind.
struct RunHistory
{
    QList<ActivityRecord> activities;
    QList<AttemptRecord> attempts;
    QList<CellRecord> cells;
    QHash<QString, Json> hidden = {}; // RunJournal::hidden()
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
        const SecretStore *secrets = nullptr; // what must not be recorded; none = nothing
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
    using Node = ActivityNode;
    using Scope = ActivityScope;
    using Bodies = QList<RunEvent::Body>;
    using Starts = QList<std::weak_ptr<Node>>; // activities to give to their runners once all is recorded

    // PipelineRun.cpp: recording, and what follows from the present states
    void record(Bodies bodies, std::function<void()> then = {});
    void appendUntilRecorded(QList<RunEvent> events, std::function<void()> then, QList<HiddenValue> hidden = {});
    // Keeps `value` for a restart, with the next record(): the store has it no later than what refers to it.
    void hide(Node &node, const char *what, const Json &value);
    void setInput(Node &node, const Json &input); // into the record, or hidden
    void setRun(RunInput input);
    bool isStopping() const { return m_record.status == RunStatus::Canceling; }
    void enqueue(Node &node);
    void
    proceed(Bodies bodies = {}); // works on the queue for a moment, records, starts; comes back while there is more
    void proceedLater();
    void step(Node &node, Bodies &bodies, Starts &starts);
    // Appends what follows: skips, inactive marks; newly ready activities and containers with news go into the queue.
    void advance(Scope &scope, Bodies &bodies);
    void endRun(Bodies &bodies);
    void stopScope(Scope &scope, Bodies &bodies);
    void stopNode(Node &node, Bodies &bodies);

    // ActivityRuns.cpp: one activity from Queued to its end
    // Of the plan's JSON, parsed once; nullptr and `error` when it cannot be.
    const PreparedValue *
    prepared(const Json &value, const QString &place, Error &error, const QStringList &asWritten = {});
    bool resolve(Node &node, Bodies &bodies); // false: it has failed by an expression
    static RunError expressionError(const Error &error);
    bool takeMock(Node &node, Bodies &bodies);
    ActivityTask task(const Node &node) const;
    ActivityRunner *runner(const Node &node) const;
    void acquire(Node &node);
    void beginAttempt(Node &node, bool systemRetry);
    void launch(Node &node);
    void connectExecution(Node &node);
    void commitIntended(Node &node, const Json &intent, const ActivityExecution::Proceed &proceed);
    ActivityOutcome withoutSecrets(ActivityOutcome outcome) const;
    void attemptEnded(Node &node, const ActivityOutcome &outcome);
    void scheduleRetry(Node &node, Millis delay);
    void begin(Node &node); // without an attempt: control flow
    void finishAttempt(Node &node, AttemptInput input, const RunError &error, Bodies &bodies);
    void noteDrift(const ActivityRecord &activity); // it has ended
    void finishActivity(Node &node, ActivityInput input, const Json &output, const RunError &error, Bodies &bodies);
    void succeed(Node &node, const Json &output, Bodies &bodies);
    void fail(Node &node, const RunError &error, Bodies &bodies); // of control flow

    // ControlFlow.cpp: activities that decide and work on the run itself
    Result<Json> evaluateProperty(Node &node, const Scope &scope, const char *key, const Json *item = nullptr);
    Result<Json> evaluateProperties(Node &node, const QStringList &asWritten = {});
    void runControl(Node &node, Bodies &bodies);
    void startWait(Node &node, const Json &input, Bodies &bodies);
    void waitUntilDue(Node &node);
    Result<Json> writeVariable(Node &node, Bodies &bodies);
    Result<Json> filter(Node &node);

    // Containers.cpp
    void beginContainer(Node &node, Bodies &bodies);
    Result<> planContainer(Node &node);
    void stepContainer(Node &node, Bodies &bodies);
    Scope &openScope(Node &node, int branch, int iteration);
    void closeEndedScopes(Node &node);
    std::optional<int> nextBranch(Node &node, Error &error); // the branch to open next; nothing when all is done
    void startUntilTimer(Node &node, Millis left);

    // RunResume.cpp: after a restart
    struct Past;
    void resumeScope(Scope &scope, const Past &past, Bodies &bodies);
    void resumeNode(Node &node, const Past &past, Bodies &bodies);
    void resumeContainer(Node &node, const Past &past, Bodies &bodies);
    void settleInterrupted(Node &node, Bodies &bodies);
    void resolveCommit(Node &node);

    RunRecord m_record;
    QString m_drifted; // the first activity that scored rows far from those of training; empty = none
    std::shared_ptr<const RunPlan> m_plan;
    RunnerRegistry &m_runners;
    RunJournal &m_journal;
    TelemetryLog &m_telemetry;
    Clock &m_clock;
    const SecretStore *m_secrets;
    RunValues m_values;
    Scope m_root;
    std::deque<Node *> m_queue; // to step; each once
    QHash<const Json *, PreparedValue> m_prepared; // by the place of the text in the plan: parsed once
    QHash<const Activity *, std::shared_ptr<const Activity>> m_constant; // activities without expressions, resolved
    QList<HiddenValue> m_hidden; // to go into the journal with the next events
    qsizetype m_unrecorded = 0; // events on their way into the journal
    bool m_willProceed = false;
    bool m_isFinishing = false; // finished() is on its way
};

} // namespace engine
