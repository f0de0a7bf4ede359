#pragma once

#include "engine/model/Factory.h"
#include "engine/scheduler/Recurrence.h"
#include "engine/store/RunJournal.h"

#include <QObject>

#include <memory>

namespace engine {

// What the scheduler may ask of runs.
class RunRequests
{
public:
    virtual ~RunRequests();
    // A Queued run of `pipeline` of the published version, not recorded yet. Errors: NotFound, InvalidInput
    // (parameters).
    virtual Result<RunRecord> prepare(const FactoryId &factory,
                                      const QString &pipeline,
                                      const Json &parameters,
                                      const Invoker &invoker,
                                      const Json &trigger) = 0;
    virtual void dispatch(const RunRecord &run) = 0; // after it is recorded
};

struct TriggerStatus
{
    QString name;
    QString type;
    QStringList pipelines;
    bool started = false;
    QString sentence;
    std::vector<Occurrence> next; // as many as asked for
    std::optional<FireRecord> last;
    QString problem; // why it cannot fire
};

// Decides from ledger and clock which triggers fire, and fires each occurrence exactly once. A trigger runs only after
// start(). Misfire (noticed over 60 s late) is FireOnceNow: missed occurrences are Coalesced into the first one that is
// in time, or, when there is none, into the latest missed one, which fires; look-back 7 days, never before the trigger
// was started or its definition changed. A wall clock that jumps more than 10 min against the boot clock holds new
// fires until it is steady for 30 s; a full disk puts them off (DeferredDegraded). A trigger with several pipelines has
// a ledger row for each, a millisecond apart; one whose run cannot be prepared is recorded as SkippedMisfire, with the
// reason in its status. Lives on the engine loop.
class TriggerLoop final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TriggerLoop)

public:
    TriggerLoop(RunJournal &journal, RunRequests &runs, Clock &clock, QObject *parent = nullptr);
    ~TriggerLoop() override;

    // The triggers of a factory's published version; called at start and after each publish. No retroactive fires.
    void setTriggers(const FactoryId &factory, const QMap<QString, Trigger> &triggers);
    void
    resume(); // after setTriggers of all factories at start-up: decides what was missed, then sleeps until the next

    // Errors: NotFound, InvalidInput (cannot fire). `done` after the state is recorded.
    void start(const FactoryId &factory, const QString &trigger, RunJournal::Committed done);
    void stop(const FactoryId &factory, const QString &trigger, RunJournal::Committed done);

    QList<TriggerStatus> status(const FactoryId &factory, int next = 5) const; // next: how many occurrences
    int startedCount() const; // those that can fire, of all factories
    bool anyStarted() const { return startedCount() > 0; }

signals:
    void fired(const engine::FireRecord &fire); // recorded
    void suspended(const QString &why); // the clock is suspect; empty = goes on

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace engine
