#pragma once

#include "engine/base/CancelToken.h"
#include "engine/run/ActivityRunner.h"
#include "engine/run/Slots.h"

#include <QThreadPool>

namespace engine {

// What runners of one kind share. Slots keep one kind from taking every thread: fifty web calls that wait must not
// stop a copy.
struct RunnerParts
{
    Slots &places;
    QThreadPool &pool;
    Clock &clock;
};

// A runner whose activity commits nothing of its own. What becomes of it after a restart of the engine is its default,
// or what the option onEngineRestart says: "restart" or "fail".
class PlainRunner : public ActivityRunner
{
public:
    PlainRunner(const RunnerParts &parts, Restart restart) : m_parts(parts), m_restart(restart) { }

    void acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting) override;
    Json input(const ActivityTask &task) const override; // the activity's typeProperties
    Restart onEngineRestart(const ActivityTask &task) const override;
    void resolve(const ActivityTask &task,
                 const AttemptRecord &attempt,
                 QObject *context,
                 std::function<void(Result<std::optional<Json>>)> answer) override;

protected:
    const RunnerParts &parts() const { return m_parts; }

private:
    RunnerParts m_parts;
    Restart m_restart;
};

// An activity whose attempt is one piece of blocking work. `work` runs on a pool thread and polls the token, which is
// cancelled by cancel() and by the policy's timeout.
class PooledRunner : public PlainRunner
{
public:
    using PlainRunner::PlainRunner;
    using Work = std::function<ActivityOutcome(const CancelToken &cancel)>;

    std::unique_ptr<ActivityExecution> make(const ActivityTask &task) final;

protected:
    // On the engine loop: pure. An error is the activity's definition: it fails without another attempt.
    virtual Result<Work> plan(const ActivityTask &task) const = 0;
};

std::unique_ptr<ActivityExecution>
makePooledExecution(const ActivityTask &task, Result<PooledRunner::Work> work, const RunnerParts &parts);

// Outcomes in the words of Data Factory. A failure is the user's or the system's by the code of the error; `errorCode`
// is the general one of the activity, "UserErrorLookupFailed". Cancelled gives a cancelled outcome.
ActivityOutcome succeededWith(Json output);
ActivityOutcome failedWith(const QString &errorCode, const Error &error, Json details = Json::object());
ActivityOutcome invalidActivity(const ActivityTask &task, const Error &error); // not to be tried again
ActivityOutcome timedOutAfter(const ActivityTask &task);
void addWarning(Json &output, const QString &warning); // to slipway.warnings

// Of the values of typeProperties, where Data Factory's files write numbers and durations as text too.
std::optional<std::chrono::seconds> durationAt(const Json &object, const char *key);
Error invalidProperty(const ActivityTask &task, const QString &property, const QString &message);
Error unsupportedProperty(const ActivityTask &task, const QString &property, const QString &message);

} // namespace engine
