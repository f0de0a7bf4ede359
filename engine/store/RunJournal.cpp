#include "engine/store/RunJournal.h"

#include "engine/base/Log.h"
#include "engine/base/PostTo.h"
#include "engine/store/Ballast.h"
#include "engine/store/JournalReader.h"
#include "engine/store/JournalTables.h"
#include "engine/store/StoreBackups.h"
#include "engine/store/StoreFile.h"
#include "engine/store/StoreLock.h"
#include "engine/store/StoreWriter.h"

#include <QDir>
#include <QTimer>

namespace engine {

// What is written under "writer's thread" is touched there only, once the writer runs.
class RunJournal::Private
{
public:
    Private(RunJournal *journal, const QString &storeFolder, const Clock &runClock, const StoreLimits &storeLimits)
        : q(journal)
        , clock(runClock)
        , limits(storeLimits)
        , path(QDir(storeFolder).filePath(QStringLiteral("store.db")))
        , folder(storeFolder)
        , copies(path, QDir(storeFolder).filePath(QStringLiteral("backups")), storeLimits.keptBackups)
        , ballast(QDir(storeFolder).filePath(QStringLiteral("ballast")), storeLimits.ballastBytes)
    {
    }

    Result<> open();
    Result<> openTurn(Database &database);
    void startWriter(Database database, bool isNew);
    void startBackups();
    void submit(StoreWriter::Write write, std::shared_ptr<QList<RunEvent>> events, Committed committed);

    // Writer's thread.
    JournalTables &tablesOf(Database &database)
    {
        if (!tables)
            tables.emplace(database);
        return *tables;
    }
    Result<> beginGroup(Database &database);
    bool makeRoom(const Error &error, SqliteCode code);
    void lookForRoom(Database &database);
    void setTrouble(bool isTrouble, const QString &why);

    RunJournal *q;
    const Clock &clock;
    StoreLimits limits;
    QString path;
    QString folder;
    qint64 epoch = 0;
    QString storeId;
    bool degraded = false;
    qint64 backedUp = 0; // the last sequence in the newest copy, as far as known
    QTimer backupTimer;

    StoreBackups copies;
    std::optional<StoreLock> lock;
    Ballast ballast; // writer's thread
    std::optional<JournalTables> tables; // writer's thread
    bool inTrouble = false; // writer's thread
    bool fenced = false; // writer's thread: another engine has the store
    std::unique_ptr<JournalReader> reader;
    std::unique_ptr<StoreWriter> writer;
};

RunJournal::RunJournal() = default;

Result<std::unique_ptr<RunJournal>>
RunJournal::open(const QString &folder, const Clock &clock, const StoreLimits &limits)
{
    std::unique_ptr<RunJournal> journal(new RunJournal);
    journal->d = std::make_unique<Private>(journal.get(), QDir(folder).absolutePath(), clock, limits);
    if (auto opened = journal->d->open(); !opened)
        return opened.error();
    return journal;
}

RunJournal::~RunJournal()
{
    if (!d)
        return;
    d->reader.reset(); // before the writer, whose connection is the last and clears the log away
    d->writer.reset();
    d->tables.reset();
}

Result<> RunJournal::Private::open()
{
    if (auto made = makeStoreFolder(folder); !made)
        return made;
    auto taken = StoreLock::take(QDir(folder).filePath(QStringLiteral("store.lock")));
    if (!taken)
        return taken.error();
    lock.emplace(std::move(taken).value());
    const bool isNew = QFileInfo(path).size() == 0;

    StoreFile file{.path = path, .kind = StoreKind::Journal, .migrations = journalMigrations()};
    file.beforeMigrating = [this](int format) { return copies.copyBefore(format, clock.now()); };
    bool damaged = false;
    auto database = file.open(damaged);
    if (!database && damaged) {
        const QStringList known = copies.list();
        const QString advice = known.isEmpty() ? tr("There is no backup of it.")
                                               : tr("The newest backup is %1: stop the engine, move store.db aside "
                                                    "together with store.db-wal, and copy the backup to its place.")
                                                     .arg(known.first());
        return Error{
            ErrorCode::Io,
            tr("The run store %1 is damaged and was left as it is. %2 %3").arg(path, advice, database.error().message),
            path};
    }
    if (!database)
        return database.error();
    if (auto begun = openTurn(*database); !begun)
        return begun;
    auto opened = JournalReader::open(path);
    if (!opened)
        return opened.error();
    reader = std::move(opened).value();
    startWriter(std::move(database).value(), isNew);
    startBackups();
    return {};
}

Result<> RunJournal::Private::openTurn(Database &database)
{
    const QByteArray newId = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    if (auto written =
            database.exec("BEGIN IMMEDIATE;"
                          "INSERT INTO identity VALUES('storeId', '"
                          + newId
                          + "') ON CONFLICT DO NOTHING;"
                            "INSERT INTO identity VALUES('epoch', 1) ON CONFLICT DO UPDATE SET value=value+1;"
                            "COMMIT");
        !written)
        return written;
    const auto turn = database.integer("SELECT value FROM identity WHERE name='epoch'");
    if (!turn)
        return turn.error();
    epoch = turn->value_or(0);
    const auto id = database.text("SELECT value FROM identity WHERE name='storeId'");
    if (!id)
        return id.error();
    storeId = id->value_or(QString());
    return {};
}

void RunJournal::Private::startWriter(Database database, bool isNew)
{
    // A ballast that is missing was given up on a full disk: the engine is well again only with room to spare. A new
    // store is content with room for the ballast.
    const bool hasRoom = ballast.exists() || isNew || ballast.freeBytes() > limits.healthyBytes;
    const Result<> taken = hasRoom ? ballast.take() : Result<>();
    if (!hasRoom || !taken) {
        const QString why = tr("The disk of %1 is nearly full. Free at least %2 MiB.")
                                .arg(folder)
                                .arg(limits.healthyBytes / 1024 / 1024);
        setTrouble(true, taken ? why : QString(taken.error().message + u' ' + why));
    }
    StoreWriter::Hooks hooks;
    hooks.beginGroup = [this](Database &connection) { return beginGroup(connection); };
    hooks.trouble = [this](const Error &error, SqliteCode code) { return makeRoom(error, code); };
    hooks.tick = [this](Database &connection) { lookForRoom(connection); };
    hooks.tickInterval = limits.checkInterval;
    writer = std::make_unique<StoreWriter>(std::move(database), std::move(hooks));
}

void RunJournal::Private::startBackups()
{
    QObject::connect(&backupTimer, &QTimer::timeout, q, [this] {
        // Nothing new, nothing to copy. A copy that fails is tried again with the next turn of the timer.
        const auto newer = reader->events(backedUp, 1);
        if (newer && !newer->isEmpty() && !degraded)
            q->backUp();
    });
    backupTimer.setInterval(limits.backupInterval);
    backupTimer.start();
    const auto newest = copies.newest();
    const auto any = reader->events(0, 1);
    if (any && !any->isEmpty() && !degraded && (!newest || clock.now() - *newest >= limits.backupInterval))
        q->backUp();
}

void RunJournal::Private::submit(StoreWriter::Write write, std::shared_ptr<QList<RunEvent>> events, Committed committed)
{
    RunJournal *journal = q;
    writer->submit(std::move(write), [journal, events, committed = std::move(committed)](Result<> result) {
        postTo(journal, [journal, events, committed, result = std::move(result)] {
            if (events && result) {
                for (const RunEvent &event : std::as_const(*events))
                    emit journal->recorded(event);
            }
            if (committed)
                committed(result);
        });
    });
}

Result<> RunJournal::Private::beginGroup(Database &database)
{
    auto own = tablesOf(database).checkEpoch(epoch);
    if (!own && own.error().code == ErrorCode::Conflict && !fenced) {
        fenced = true;
        setTrouble(true, own.error().message);
    }
    return own;
}

bool RunJournal::Private::makeRoom(const Error &error, SqliteCode code)
{
    const bool freed = ballast.giveUp();
    const QString why = code.isFull()
        ? tr("The disk of %1 is full: nothing new starts until %2 MiB are free.")
              .arg(folder)
              .arg(limits.healthyBytes / 1024 / 1024)
        : tr("The run store cannot be written: nothing new starts until it can. %1").arg(error.message);
    setTrouble(true, why);
    return freed;
}

void RunJournal::Private::lookForRoom(Database &database)
{
    if (!inTrouble || fenced || ballast.freeBytes() <= limits.healthyBytes || !ballast.take())
        return;
    // Only a commit proves that the file can be written again.
    const auto probe = [this, &database]() -> Result<> {
        if (auto begun = database.exec("BEGIN IMMEDIATE"); !begun)
            return begun;
        if (auto own = beginGroup(database); !own)
            return own;
        return database.exec("UPDATE identity SET value=value WHERE name='epoch'; COMMIT");
    };
    if (const Result<> written = probe(); written)
        setTrouble(false, {});
    else if (database.inTransaction() && !database.exec("ROLLBACK"))
        qCWarning(logStore, "The probe of the run store cannot be taken back: %s", qPrintable(written.error().message));
}

void RunJournal::Private::setTrouble(bool isTrouble, const QString &why)
{
    if (isTrouble == inTrouble && !fenced)
        return;
    inTrouble = isTrouble;
    if (isTrouble)
        qCWarning(logStore, "%s", qPrintable(why));
    RunJournal *journal = q;
    postTo(journal, [journal, isTrouble, why] {
        journal->d->degraded = isTrouble;
        emit journal->degraded(isTrouble, why);
    });
}

qint64 RunJournal::epoch() const { return d->epoch; }

QString RunJournal::storeId() const { return d->storeId; }

bool RunJournal::isDegraded() const { return d->degraded; }

QStringList RunJournal::backups() const { return d->copies.list(); }

void RunJournal::backUp(Committed done)
{
    const auto last = d->reader->lastSequence();
    const qint64 sequence = last ? *last : d->backedUp;
    const bool started = d->copies.start(d->clock.now(), [this, done, sequence](Result<> copied) {
        postTo(this, [this, done, sequence, copied = std::move(copied)] {
            if (copied)
                d->backedUp = sequence;
            else
                qCWarning(logStore, "The backup failed: %s", qPrintable(copied.error().message));
            if (done)
                done(copied);
        });
    });
    if (!started && done) {
        postTo(this, [done] { done(Error{ErrorCode::Conflict, tr("A backup is under way already."), {}}); });
    }
}

void RunJournal::append(QList<RunEvent> events, Committed committed, QList<HiddenValue> hidden)
{
    auto shared = std::make_shared<QList<RunEvent>>(std::move(events));
    d->submit(
        [this, shared, hidden = std::move(hidden)](Database &database) -> Result<> {
            JournalTables &tables = d->tablesOf(database);
            if (const Result<> kept = tables.hide(hidden); !kept) // first: the end of the run takes it away
                return kept;
            return tables.append(*shared);
        },
        shared,
        std::move(committed));
}

void RunJournal::recordFire(FireRecord fire, std::optional<RunRecord> run, Committed committed)
{
    const bool isFired = fire.outcome == FireRecord::Outcome::Fired;
    if (isFired != run.has_value() || (run && run->id != fire.run)) {
        d->submit(
            [trigger = fire.trigger](Database &) {
                return Error{ErrorCode::InvalidInput,
                             tr("A fired occurrence needs its run, and no other outcome has one."),
                             trigger};
            },
            nullptr,
            std::move(committed));
        return;
    }
    auto events = std::make_shared<QList<RunEvent>>();
    if (run) {
        events->append(RunEvent{
            .sequence = 0, .at = d->clock.now(), .factory = fire.factory, .run = fire.run, .body = std::move(*run)});
    }
    d->submit(
        [this, events, fire = std::move(fire)](Database &database) -> Result<> {
            JournalTables &tables = d->tablesOf(database);
            if (auto recorded = tables.recordFire(fire); !recorded)
                return recorded;
            return tables.append(*events);
        },
        events,
        std::move(committed));
}

void RunJournal::setTriggerState(TriggerState state, Committed committed)
{
    d->submit(
        [this, state = std::move(state)](Database &database) { return d->tablesOf(database).setTriggerState(state); },
        nullptr,
        std::move(committed));
}

void RunJournal::saveFactory(FactoryRecord factory, Committed committed)
{
    d->submit(
        [this, factory = std::move(factory)](Database &database) { return d->tablesOf(database).saveFactory(factory); },
        nullptr,
        std::move(committed));
}

void RunJournal::addDraft(VersionRecord draft, Committed committed)
{
    d->submit([this, draft = std::move(draft)](Database &database) { return d->tablesOf(database).addDraft(draft); },
              nullptr,
              std::move(committed));
}

void RunJournal::addVersion(VersionRecord version, Committed committed)
{
    d->submit(
        [this, version = std::move(version)](Database &database) { return d->tablesOf(database).addVersion(version); },
        nullptr,
        std::move(committed));
}

Result<std::optional<RunRecord>> RunJournal::run(const RunId &id) const { return d->reader->run(id); }

Result<QList<RunRecord>> RunJournal::runs(const RunFilter &filter) const { return d->reader->runs(filter); }

Result<RunPage> RunJournal::find(const RunSearch &search) const { return d->reader->find(search); }

Result<QList<RunRecord>> RunJournal::unfinishedRuns() const { return d->reader->unfinishedRuns(); }

Result<QList<ActivityRecord>> RunJournal::activities(const RunId &run) const { return d->reader->activities(run); }

Result<QList<AttemptRecord>> RunJournal::attempts(const RunId &run) const { return d->reader->attempts(run); }

Result<QList<CellRecord>> RunJournal::cells(const RunId &run) const { return d->reader->cells(run); }

Result<QHash<QString, Json>> RunJournal::hidden(const RunId &run) const { return d->reader->hidden(run); }

Result<QList<RunEvent>> RunJournal::events(qint64 after, int limit) const { return d->reader->events(after, limit); }

Result<std::optional<FireRecord>>
RunJournal::fire(const FactoryId &factory, const QString &trigger, Instant planned) const
{
    return d->reader->fire(factory, trigger, planned);
}

Result<QList<FireRecord>> RunJournal::fires(const FactoryId &factory, const QString &trigger, int limit) const
{
    return d->reader->fires(factory, trigger, limit);
}

Result<QList<TriggerState>> RunJournal::triggerStates() const { return d->reader->triggerStates(); }

Result<QList<FactoryRecord>> RunJournal::factories() const { return d->reader->factories(); }

Result<std::optional<VersionRecord>> RunJournal::version(const FactoryId &factory, int number) const
{
    return d->reader->version(factory, number);
}

Result<std::optional<VersionRecord>> RunJournal::lastDraft(const FactoryId &factory) const
{
    return d->reader->lastDraft(factory);
}

Result<QList<VersionRecord>> RunJournal::versions(const FactoryId &factory) const
{
    return d->reader->versions(factory);
}

} // namespace engine

#include "moc_RunJournal.cpp"
