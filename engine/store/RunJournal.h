#pragma once

#include "engine/records/RunEvent.h"
#include "engine/store/RunSearch.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <memory>

namespace engine {

// One occurrence of a trigger. The pair (trigger, occurrence) is unique per factory: the ledger decides, no cursor.
struct FireRecord
{
    enum class Outcome { Fired, Coalesced, SkippedMisfire, SkippedConcurrency, DeferredDegraded };

    FactoryId factory;
    QString trigger;
    Instant planned; // the occurrence key
    Instant noticed;
    Outcome outcome = Outcome::Fired;
    RunId run; // of Fired
    QString pipeline; // of Fired
    Instant coalescedInto; // of Coalesced
    QString tzVersion;
    bool operator==(const FireRecord &) const = default;
};

QString toString(FireRecord::Outcome outcome);

// Whether a trigger is started here, and since when: the engine's own state, never the file's runtimeState.
struct TriggerState
{
    FactoryId factory;
    QString trigger;
    bool started = false;
    Instant changedAt; // nothing due before it is ever caught up
    Instant cursor; // a search hint only: occurrences up to here are decided
    bool operator==(const TriggerState &) const = default;
};

struct RunFilter
{
    struct Condition
    {
        enum class Operand { PipelineName, Status, RunStart, RunEnd, RunGroup, LatestOnly, InvokedByName } operand;
        enum class Operator { Equals, NotEquals, In, NotIn } op = Operator::Equals;
        QStringList values;
    };
    FactoryId factory = {}; // empty = all
    RunKind kind = RunKind::Production;
    std::optional<Instant> updatedAfter = {}; // at or after
    std::optional<Instant> updatedBefore = {}; // at or before
    QList<Condition> conditions = {}; // all must hold
    enum class Order { NewestFirst, OldestFirst } order = Order::NewestFirst; // by queuedAt
    int limit = 100;
    int offset = 0;
};

struct FactoryRecord
{
    FactoryId id;
    QString name;
    QString path; // the folder, absolute
    int publishedVersion = 0; // the one that runs use; 0 = none
    bool operator==(const FactoryRecord &) const = default;
};

struct VersionRecord
{
    FactoryId factory;
    int number = 0; // 1, 2, …; of a draft kept for debug runs -1, -2, …
    Instant publishedAt = {};
    QString comment = {};
    int restoredFrom = 0; // the number it repeats, or 0
    Json manifest = {}; // {"files": {"pipeline/X.json": "<sha256>", …}}: everything a run needs, by content
    bool operator==(const VersionRecord &) const = default;
};

// What a policy keeps from being seen of one activity run, for an engine that takes the run up after a restart. It is
// in no event and no record, and gone when the run has ended.
struct HiddenValue
{
    RunId run;
    ActivityRunId activityRun;
    Json value;
};

struct StoreLimits
{
    qint64 ballastBytes = 32 * 1024 * 1024; // given up when the disk is full, to be able to record that
    qint64 healthyBytes = 256 * 1024 * 1024; // free room at which the store is no longer degraded
    std::chrono::milliseconds checkInterval{5000}; // between looks at the free room while degraded
    std::chrono::milliseconds backupInterval{std::chrono::hours(1)};
    int keptBackups = 5;
};

// The run store (`store.db`): D1, the only truth about runs. One writer thread owns the only connection that writes or
// checkpoints the file and commits in groups (gathering at most 5 ms); WAL, synchronous=FULL. Every method is called on
// the engine loop; callbacks and signals come there too, after the commit, in the order of the calls. Reads use a
// connection of their own on the engine loop and see everything whose callback has run.
class RunJournal final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunJournal)

public:
    using Committed = std::function<void(Result<>)>;

    // Opens or creates, migrates in one transaction (after a copy into backups/), takes the lock. Errors: Conflict when
    // another engine holds the store (names its pid and start), Unsupported when the store is of a newer version or on
    // a network file system, Io with what SQLite says (corrupt: names the backups).
    static Result<std::unique_ptr<RunJournal>>
    open(const QString &folder, const Clock &clock, const StoreLimits &limits = {});
    ~RunJournal() override; // commits what is queued; callbacks that have not run by then do not run any more

    qint64 epoch() const; // grows by one at each open
    QString storeId() const; // a UUID made with the store
    bool isDegraded() const; // as the last degraded() said
    QStringList backups() const; // paths, newest first
    // Makes a copy on a thread of its own; happens by itself once per StoreLimits::backupInterval when there is
    // something new. Conflict when one is under way.
    void backUp(Committed done = {});

    // Appends events with their sequence numbers and updates the records they carry, all in one transaction: all of
    // them or none. First recorded() for each event, then the callback. InvalidInput for an event that is not durable,
    // Conflict when a run would leave a terminal state.
    // `hidden` replaces what is hidden of those activity runs, in the same transaction.
    void append(QList<RunEvent> events, Committed committed = {}, QList<HiddenValue> hidden = {});
    // The ledger row and, for Fired, the Queued run in one transaction, with the trigger's cursor moved on. Conflict
    // (and nothing written) when the occurrence is in the ledger already; one that is DeferredDegraded may still be
    // decided.
    void recordFire(FireRecord fire, std::optional<RunRecord> run, Committed committed = {});
    void setTriggerState(TriggerState state, Committed committed = {});
    void saveFactory(FactoryRecord factory, Committed committed = {});
    // Stores the version and makes it the published one. Number must be the last + 1, else Conflict. NotFound before
    // saveFactory().
    void addVersion(VersionRecord version, Committed committed = {});
    // Stores a draft, which never is published. Conflict when the number is taken or not below 0.
    void addDraft(VersionRecord draft, Committed committed = {});

    Result<std::optional<RunRecord>> run(const RunId &id) const;
    Result<QList<RunRecord>> runs(const RunFilter &filter) const;
    Result<RunPage> find(const RunSearch &search) const;
    Result<QList<RunRecord>> unfinishedRuns() const; // oldest first
    Result<QList<ActivityRecord>> activities(const RunId &run) const; // in order of first appearance
    Result<QList<AttemptRecord>> attempts(const RunId &run) const;
    Result<QList<CellRecord>> cells(const RunId &run) const; // by activity run, attempt, index
    Result<QHash<QString, Json>> hidden(const RunId &run) const; // HiddenValue::value by activity run
    Result<QList<RunEvent>> events(qint64 after, int limit) const; // sequence > after, ascending
    Result<std::optional<FireRecord>> fire(const FactoryId &factory, const QString &trigger, Instant planned) const;
    Result<QList<FireRecord>> fires(const FactoryId &factory, const QString &trigger, int limit) const; // newest first
    Result<QList<TriggerState>> triggerStates() const;
    Result<QList<FactoryRecord>> factories() const;
    Result<std::optional<VersionRecord>> version(const FactoryId &factory, int number) const;
    Result<QList<VersionRecord>> versions(const FactoryId &factory) const; // newest first; no drafts
    Result<std::optional<VersionRecord>> lastDraft(const FactoryId &factory) const;

signals:
    void recorded(const engine::RunEvent &event); // committed; in sequence order
    // The disk is full, the file cannot be written, or another engine has taken the store over (then for good): nothing
    // new may start until false comes.
    void degraded(bool isDegraded, const QString &why);

private:
    RunJournal();
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace engine
