#include "engine/scheduler/TriggerLoop.h"

#include "engine/base/Log.h"
#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>

namespace engine {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Millis grace = seconds(60); // noticed later than this is a misfire
constexpr Millis lookBack = std::chrono::hours(24 * 7);
constexpr Millis longestSleep = seconds(30); // awake; the wall clock may have been set meanwhile
constexpr Millis sleepWhileSuspect = seconds(5);
constexpr Millis suspectJump = minutes(10);
constexpr Millis steadyTime = seconds(30);
constexpr Millis steadyTolerance = seconds(1);
constexpr int mostAtOnce = 7 * 24 * 60 + 10; // one each minute for the whole look-back

} // namespace

RunRequests::~RunRequests() = default;

class TriggerLoop::Private
{
    Q_DECLARE_TR_FUNCTIONS(engine::TriggerLoop)

public:
    struct Entry
    {
        Trigger trigger;
        std::optional<Recurrence> recurrence;
        QString cannotFire; // why, by its definition
        QString failure; // why its last occurrence made no run
        TriggerState state;
        Instant decided; // everything due up to here is decided or on its way into the ledger
    };
    using Entries = QMap<QString, Entry>;

    Private(TriggerLoop &ownLoop, RunJournal &ownJournal, RunRequests &ownRuns, Clock &ownClock)
        : loop(ownLoop)
        , journal(ownJournal)
        , runs(ownRuns)
        , clock(ownClock)
        , offset(wallMinusBoot())
    {
    }

    TriggerLoop &loop;
    RunJournal &journal;
    RunRequests &runs;
    Clock &clock;
    QMap<FactoryId, Entries> factories;
    bool resumed = false;
    Clock::TimerId timer = 0;

    Millis offset; // wall minus boot, as last trusted or, while suspect, as last seen
    std::optional<Millis> suspectSince; // awake time since which the offset has been steady

    void tick();
    void arm();
    Entry read(const FactoryId &factory, const Trigger &trigger) const;
    Entry *find(const FactoryId &factory, const QString &name);
    void keepOrForget(const FactoryId &factory, const Entries &before, Entries &entries);
    void startFrom(const FactoryId &factory, Entry &entry, const TriggerState &state);
    TriggerState stateNow(const FactoryId &factory, const QString &trigger, bool started) const;
    void save(const TriggerState &state);

private:
    Millis wallMinusBoot() const { return clock.now().time_since_epoch() - clock.boot(); }
    bool isClockSuspect();
    void correctTimes(Entry &entry, Instant now);
    void decide(const FactoryId &factory, Entry &entry, Instant now);
    void fire(const FactoryId &factory, Entry &entry, Instant planned, Instant now);
    void record(const FactoryId &factory, const QString &trigger, FireRecord fire, std::optional<RunRecord> run);
    FireRecord fireRecord(const FactoryId &factory, const Entry &entry, Instant planned, Instant now) const;
    Result<bool> isOpen(const FactoryId &factory, const Entry &entry, Instant planned) const;
};

TriggerLoop::Private::Entry TriggerLoop::Private::read(const FactoryId &factory, const Trigger &trigger) const
{
    Entry entry;
    entry.trigger = trigger;
    entry.state.factory = factory;
    entry.state.trigger = trigger.name;
    if (trigger.type != u"ScheduleTrigger") {
        entry.cannotFire = tr("It is a %1; this build starts triggers of type ScheduleTrigger.").arg(trigger.type);
        return entry;
    }
    const QString where = trigger.file + QStringLiteral(": typeProperties.recurrence");
    Result<Recurrence> recurrence = Recurrence::fromJson(memberAt(trigger.typeProperties, "recurrence"), where);
    if (!recurrence) {
        entry.cannotFire = QStringLiteral("%1: %2").arg(recurrence.error().where, recurrence.error().message);
        return entry;
    }
    entry.recurrence = *recurrence;
    if (trigger.pipelines.isEmpty())
        entry.cannotFire = tr("It starts no pipeline; add one to its \"pipelines\".");
    return entry;
}

TriggerLoop::Private::Entry *TriggerLoop::Private::find(const FactoryId &factory, const QString &name)
{
    const auto entries = factories.find(factory);
    if (entries == factories.end())
        return nullptr;
    const auto entry = entries->find(name);
    return entry == entries->end() ? nullptr : &*entry;
}

TriggerState TriggerLoop::Private::stateNow(const FactoryId &factory, const QString &trigger, bool started) const
{
    const Instant now = clock.now();
    return {.factory = factory, .trigger = trigger, .started = started, .changedAt = now, .cursor = now};
}

void TriggerLoop::Private::save(const TriggerState &state)
{
    journal.setTriggerState(state, [name = state.trigger](const Result<> &saved) {
        if (!saved)
            qCWarning(logScheduler,
                      "The state of trigger %s is not recorded: %s",
                      qPrintable(name),
                      qPrintable(saved.error().message));
    });
}

// Where the search for due occurrences begins after an engine start: at the cursor, but before anything that was put
// off.
void TriggerLoop::Private::startFrom(const FactoryId &factory, Entry &entry, const TriggerState &state)
{
    entry.state = state;
    entry.decided = std::max(state.cursor - Millis(1), state.changedAt); // the last one may be recorded in part only
    if (!state.started)
        return;
    const Result<QList<FireRecord>> fires = journal.fires(factory, entry.trigger.name, mostAtOnce);
    if (!fires) {
        entry.decided = state.changedAt; // the ledger is asked for each occurrence anyway
        return;
    }
    for (const FireRecord &fire : *fires) {
        if (fire.outcome == FireRecord::Outcome::DeferredDegraded)
            entry.decided = std::min(entry.decided, fire.planned - Millis(1));
    }
}

// After a publish: an unchanged trigger goes on; a changed one counts from now; a missing one is stopped.
void TriggerLoop::Private::keepOrForget(const FactoryId &factory, const Entries &before, Entries &entries)
{
    for (Entry &entry : entries) {
        const auto old = before.constFind(entry.trigger.name);
        if (old == before.cend()) {
            continue; // new, so not started
        }
        entry.state = old->state;
        entry.decided = old->decided;
        entry.failure = old->failure;
        if (old->trigger.typeProperties != entry.trigger.typeProperties || old->trigger.type != entry.trigger.type) {
            entry.state.changedAt = clock.now();
            entry.state.cursor = entry.state.changedAt;
            entry.decided = entry.state.changedAt;
            if (entry.state.started)
                save(entry.state);
        }
    }
    for (const Entry &old : before) {
        if (old.state.started && !entries.contains(old.trigger.name))
            save(stateNow(factory, old.trigger.name, false));
    }
}

// A jump of the wall clock against the boot clock, which counts sleep too, is somebody's or a broken battery's doing.
bool TriggerLoop::Private::isClockSuspect()
{
    const Millis seen = wallMinusBoot();
    const Millis awake = clock.monotonic();
    const Millis moved = std::chrono::abs(seen - offset);
    if (!suspectSince) {
        offset = seen; // small steps are corrections, and must not add up
        if (moved <= suspectJump)
            return false;
        suspectSince = awake;
        const QString why = tr("The clock jumped by %n minute(s) to %1. Triggers wait until it has been steady for 30 "
                               "seconds.",
                               nullptr,
                               int(std::chrono::floor<minutes>(moved).count()))
                                .arg(toIso(clock.now()));
        qCWarning(logScheduler, "%s", qPrintable(why));
        emit loop.suspended(why);
        return true;
    }
    offset = seen;
    if (moved > steadyTolerance) {
        suspectSince = awake;
        return true;
    }
    if (awake - *suspectSince < steadyTime)
        return true;
    suspectSince.reset();
    emit loop.suspended(QString());
    return false;
}

// What a clock that ran ahead has written must not hold a trigger back until then.
void TriggerLoop::Private::correctTimes(Entry &entry, Instant now)
{
    entry.decided = std::min(entry.decided, now);
    if (entry.state.changedAt > now) {
        entry.state.changedAt = now;
        entry.state.cursor = now;
        save(entry.state);
    }
}

void TriggerLoop::Private::tick()
{
    timer = 0;
    if (!isClockSuspect()) {
        const Instant now = clock.now();
        for (auto factory = factories.begin(); factory != factories.end(); ++factory) {
            for (Entry &entry : *factory) {
                if (entry.state.started && entry.recurrence && entry.cannotFire.isEmpty()) {
                    correctTimes(entry, now);
                    decide(factory.key(), entry, now);
                }
            }
        }
    }
    arm();
}

void TriggerLoop::Private::arm()
{
    if (timer != 0)
        clock.cancel(timer);
    timer = 0;
    if (!resumed || !loop.anyStarted())
        return;
    Millis sleep = longestSleep;
    if (suspectSince) {
        sleep = sleepWhileSuspect;
    } else {
        const Instant now = clock.now();
        for (const Entries &entries : std::as_const(factories)) {
            for (const Entry &entry : entries) {
                if (!entry.state.started || !entry.recurrence || !entry.cannotFire.isEmpty())
                    continue;
                const auto due = entry.recurrence->between(std::max(entry.decided, now), now + longestSleep, 1);
                if (!due.empty())
                    sleep = std::min(sleep, due.front().at - now);
            }
        }
    }
    timer = clock.after(std::max(sleep, Millis(1)), &loop, [this] { tick(); });
}

FireRecord
TriggerLoop::Private::fireRecord(const FactoryId &factory, const Entry &entry, Instant planned, Instant now) const
{
    FireRecord record;
    record.factory = factory;
    record.trigger = entry.trigger.name;
    record.planned = planned;
    record.noticed = now;
    record.tzVersion = tzdataVersion();
    return record;
}

// What the ledger says: each pipeline of a fired occurrence has a row of its own, and a crash may have come in between.
Result<bool> TriggerLoop::Private::isOpen(const FactoryId &factory, const Entry &entry, Instant planned) const
{
    for (qsizetype i = 0; i < entry.trigger.pipelines.size(); ++i) {
        const Result<std::optional<FireRecord>> row = journal.fire(factory, entry.trigger.name, planned + Millis(i));
        if (!row)
            return row.error();
        if (!row->has_value() || (*row)->outcome == FireRecord::Outcome::DeferredDegraded)
            return true;
        if ((*row)->outcome == FireRecord::Outcome::Coalesced)
            return false;
    }
    return false;
}

void TriggerLoop::Private::decide(const FactoryId &factory, Entry &entry, Instant now)
{
    const Instant from = std::max({entry.decided, entry.state.changedAt, now - lookBack});
    QList<Instant> open;
    for (const Occurrence &due : entry.recurrence->between(from, now, mostAtOnce)) {
        const Result<bool> stillOpen = isOpen(factory, entry, due.at);
        if (!stillOpen) {
            qCWarning(logScheduler, "The ledger cannot be read: %s", qPrintable(stillOpen.error().message));
            return; // nothing is decided; the next tick asks again
        }
        if (*stillOpen)
            open.append(due.at);
    }
    if (journal.isDegraded()) {
        for (const Instant planned : std::as_const(open)) {
            FireRecord put = fireRecord(factory, entry, planned, now);
            put.outcome = FireRecord::Outcome::DeferredDegraded;
            record(factory, entry.trigger.name, put, std::nullopt);
        }
        return; // they stay open until the disk has room again
    }
    entry.decided = now;
    // FireOnceNow: what is late goes into the first occurrence that is not, or else into the latest.
    const auto isLate = [now](Instant planned) { return now - planned > grace; };
    const auto firstInTime = std::find_if_not(open.cbegin(), open.cend(), isLate);
    const qsizetype firstFired =
        firstInTime != open.cend() ? firstInTime - open.cbegin() : std::max<qsizetype>(0, open.size() - 1);
    for (qsizetype i = 0; i < open.size(); ++i) {
        if (i >= firstFired) {
            fire(factory, entry, open[i], now);
            continue;
        }
        FireRecord missed = fireRecord(factory, entry, open[i], now);
        missed.outcome = FireRecord::Outcome::Coalesced;
        missed.coalescedInto = open[firstFired];
        record(factory, entry.trigger.name, missed, std::nullopt);
    }
}

// One run for each pipeline. The ledger has one row for each occurrence, so the second pipeline's row is a millisecond
// later than the first's, and so on; occurrences are whole seconds apart.
void TriggerLoop::Private::fire(const FactoryId &factory, Entry &entry, Instant planned, Instant now)
{
    const Json trigger = {{"scheduledTime", toStdString(toIso(planned))}, {"startTime", toStdString(toIso(now))}};
    const Invoker invoker{entry.trigger.name, entry.trigger.type, entry.trigger.name + u'/' + toIso(planned)};
    entry.failure.clear();
    for (qsizetype i = 0; i < entry.trigger.pipelines.size(); ++i) {
        const TriggeredPipeline &triggered = entry.trigger.pipelines[i];
        FireRecord fired = fireRecord(factory, entry, planned + Millis(i), now);
        Result<RunRecord> run = runs.prepare(factory, triggered.pipeline, triggered.written, invoker, trigger);
        if (!run) {
            entry.failure =
                tr("%1 made no run of \"%2\": %3").arg(toIso(planned), triggered.pipeline, run.error().message);
            qCWarning(logScheduler, "Trigger %s: %s", qPrintable(entry.trigger.name), qPrintable(entry.failure));
            fired.outcome = FireRecord::Outcome::SkippedMisfire;
            record(factory, entry.trigger.name, fired, std::nullopt);
            continue;
        }
        fired.outcome = FireRecord::Outcome::Fired;
        fired.run = run->id;
        fired.pipeline = triggered.pipeline;
        record(factory, entry.trigger.name, fired, *run);
    }
}

void TriggerLoop::Private::record(const FactoryId &factory,
                                  const QString &trigger,
                                  FireRecord fire,
                                  std::optional<RunRecord> run)
{
    QPointer<TriggerLoop> alive(&loop);
    journal.recordFire(fire, run, [this, alive, factory, trigger, fire, run](const Result<> &recorded) {
        if (!alive)
            return;
        if (recorded) {
            emit loop.fired(fire);
            if (run)
                runs.dispatch(*run);
            return;
        }
        if (recorded.error().code == ErrorCode::Conflict)
            return; // decided before
        qCWarning(logScheduler,
                  "An occurrence of trigger %s is not recorded and will be tried again: %s",
                  qPrintable(trigger),
                  qPrintable(recorded.error().message));
        if (Entry *entry = find(factory, trigger))
            entry->decided = std::min(entry->decided, fire.planned - Millis(1));
    });
}

TriggerLoop::TriggerLoop(RunJournal &journal, RunRequests &runs, Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, journal, runs, clock))
{
    connect(&journal, &RunJournal::degraded, this, [this](bool isDegraded, const QString &why) {
        emit suspended(isDegraded ? why : QString());
        if (!isDegraded && d->resumed)
            d->tick();
    });
}

TriggerLoop::~TriggerLoop()
{
    if (d->timer != 0)
        d->clock.cancel(d->timer);
}

void TriggerLoop::setTriggers(const FactoryId &factory, const QMap<QString, Trigger> &triggers)
{
    Private::Entries entries;
    for (const Trigger &trigger : triggers)
        entries.insert(trigger.name, d->read(factory, trigger));
    if (const auto before = d->factories.constFind(factory); before != d->factories.cend()) {
        d->keepOrForget(factory, *before, entries);
    } else if (const Result<QList<TriggerState>> states = d->journal.triggerStates()) {
        for (const TriggerState &state : *states) {
            if (state.factory != factory)
                continue;
            if (const auto entry = entries.find(state.trigger); entry != entries.end())
                d->startFrom(factory, *entry, state);
            else if (state.started)
                d->save(d->stateNow(factory, state.trigger, false));
        }
    } else {
        qCWarning(logScheduler, "The states of the triggers cannot be read: %s", qPrintable(states.error().message));
    }
    d->factories.insert(factory, entries);
    d->arm();
}

void TriggerLoop::resume()
{
    d->resumed = true;
    d->tick();
}

void TriggerLoop::start(const FactoryId &factory, const QString &trigger, RunJournal::Committed done)
{
    const auto answer = [this, done](Result<> result) {
        if (done)
            postTo(this, [done, result] { done(result); });
    };
    const Private::Entry *entry = d->find(factory, trigger);
    if (entry == nullptr)
        return answer(Error{ErrorCode::NotFound,
                            tr("The published version has no trigger \"%1\"; publish it first.").arg(trigger),
                            trigger});
    if (!entry->cannotFire.isEmpty())
        return answer(Error{ErrorCode::InvalidInput,
                            tr("The trigger \"%1\" cannot be started. %2").arg(trigger, entry->cannotFire),
                            entry->trigger.file});
    if (entry->state.started)
        return answer({});
    const TriggerState state = d->stateNow(factory, trigger, true);
    QPointer<TriggerLoop> alive(this);
    d->journal.setTriggerState(state, [this, alive, state, done](const Result<> &saved) {
        if (!alive)
            return;
        if (Private::Entry *started = saved ? d->find(state.factory, state.trigger) : nullptr) {
            started->state = state;
            started->decided = state.changedAt;
            d->arm();
        }
        if (done)
            done(saved);
    });
}

void TriggerLoop::stop(const FactoryId &factory, const QString &trigger, RunJournal::Committed done)
{
    Private::Entry *entry = d->find(factory, trigger);
    if (entry == nullptr) {
        if (done)
            postTo(this, [done, trigger] {
                done(Error{
                    ErrorCode::NotFound, tr("The published version has no trigger \"%1\".").arg(trigger), trigger});
            });
        return;
    }
    const TriggerState before = entry->state;
    entry->state = d->stateNow(factory, trigger, false); // nothing fires from here on
    d->arm();
    QPointer<TriggerLoop> alive(this);
    d->journal.setTriggerState(entry->state, [this, alive, before, done](const Result<> &saved) {
        if (!alive)
            return;
        if (Private::Entry *stopped = d->find(before.factory, before.trigger); !saved && stopped != nullptr) {
            stopped->state = before;
            d->arm();
        }
        if (done)
            done(saved);
    });
}

QList<TriggerStatus> TriggerLoop::status(const FactoryId &factory, int next) const
{
    QList<TriggerStatus> all;
    const auto entries = d->factories.constFind(factory);
    if (entries == d->factories.cend())
        return all;
    const Instant now = d->clock.now();
    for (const Private::Entry &entry : *entries) {
        TriggerStatus status;
        status.name = entry.trigger.name;
        status.type = entry.trigger.type;
        for (const TriggeredPipeline &pipeline : entry.trigger.pipelines)
            status.pipelines += pipeline.pipeline;
        status.started = entry.state.started;
        status.problem = entry.cannotFire.isEmpty() ? entry.failure : entry.cannotFire;
        if (entry.recurrence) {
            status.sentence = entry.recurrence->sentence();
            status.next = entry.recurrence->next(now, next);
        }
        if (const Result<QList<FireRecord>> fires = d->journal.fires(factory, entry.trigger.name, 1);
            fires && !fires->isEmpty())
            status.last = fires->first();
        all.append(status);
    }
    return all;
}

int TriggerLoop::startedCount() const
{
    int count = 0;
    for (const Private::Entries &entries : std::as_const(d->factories)) {
        for (const Private::Entry &entry : entries)
            count += entry.state.started && entry.cannotFire.isEmpty() ? 1 : 0;
    }
    return count;
}

} // namespace engine

#include "moc_TriggerLoop.cpp"
