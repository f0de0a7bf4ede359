#pragma once

#include "engine/records/RunEvent.h"
#include "engine/run/RunPlan.h"

#include <QObject>

#include <functional>
#include <memory>

namespace engine {

// One attempt of one activity, as its runner needs to know it.
struct ActivityTask
{
    std::shared_ptr<const RunPlan> plan;
    std::shared_ptr<const Activity> activity; // as written, but with every expression in it evaluated
    QString path;
    RunId run;
    std::shared_ptr<const RunRecord> record; // of the pipeline run, as it is now
    ActivityRunId activityRun;
    int attempt = 1;
    int userAttempt = 1; // as attempt, but not counting those made because an engine went away
    LoadId load;
    bool hidesInput = false; // what it is told is not to be seen by anybody
    Instant begun; // when the activity run began: the utcNow() of whatever it still has to evaluate
};

struct ActivityOutcome
{
    enum class Status { Succeeded, Failed, TimedOut, Cancelled, OutcomeUnknown } status = Status::Failed;
    bool retryable = true; // of Failed and TimedOut: another attempt may succeed
    Json output = Json::object();
    RunError error;
};

// An attempt under way. Lives on the engine loop and never blocks it. finished() comes exactly once, always queued.
class ActivityExecution : public QObject
{
    Q_OBJECT

public:
    ~ActivityExecution() override; // ends the work: kills children, waits for threads
    virtual void start() = 0;
    virtual void cancel() = 0; // idempotent

    using Proceed = std::function<void(Result<>)>;

signals:
    void started(); // the worker is live
    void happened(const engine::RunEvent::Body &body); // cells, outputs, progress
    void committing(const engine::Json &intent,
                    const engine::ActivityExecution::Proceed &proceed); // journal, then proceed
    void sinkLost(const engine::RunError &error); // during COMMIT; the execution goes on asking the sink
    void finished(const engine::ActivityOutcome &outcome);
};

// Knows one kind of activity. Engine loop.
class ActivityRunner
{
public:
    virtual ~ActivityRunner();

    // A place to run in: `granted` is called with a lease as soon as there is one, `waiting` each time the reason to
    // wait changes. Neither is called when `context` is gone.
    using Lease = std::shared_ptr<void>; // the place is free again when the last copy goes
    virtual void
    acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting) = 0;

    virtual std::unique_ptr<ActivityExecution> make(const ActivityTask &task) = 0;
    virtual Json input(const ActivityTask &task) const = 0; // what the run history shows as the activity's input

    // What becomes of an attempt that an engine left behind (semantics.md §1.2).
    enum class Restart { Again, Fail };
    virtual Restart onEngineRestart(const ActivityTask &task) const = 0;
    // Of an attempt left in Committing or OutcomeUnknown: asks the sink. `answer` comes on the loop, with the output
    // when the load is there and nothing when it is not.
    virtual void resolve(const ActivityTask &task,
                         const AttemptRecord &attempt,
                         QObject *context,
                         std::function<void(Result<std::optional<Json>>)> answer) = 0;
};

// Which runner an activity type has. One line a type, in RunnerRegistry.cpp.
class RunnerRegistry
{
public:
    void add(const QString &type, std::shared_ptr<ActivityRunner> runner);
    ActivityRunner *find(const QString &type) const; // nullptr when this build does not run the type

private:
    QMap<QString, std::shared_ptr<ActivityRunner>> m_runners;
};

} // namespace engine
