#include "engine/store/TelemetryLog.h"

#include "engine/base/Log.h"
#include "engine/base/PostTo.h"
#include "engine/store/StatementCache.h"
#include "engine/store/StoreFile.h"
#include "engine/store/StoreLock.h"
#include "engine/store/StoreWriter.h"
#include "engine/store/TelemetryChanges.h"

#include <QDir>
#include <QTimer>

namespace engine {

namespace {

constexpr std::chrono::milliseconds flushDelay{200};
constexpr std::chrono::milliseconds retryDelay{1000};
constexpr qsizetype unwrittenMost = 20'000; // changes kept while the disk is full, then the oldest state is dropped

Result<> writeCells(StatementCache &statements, const TelemetryChanges &changes)
{
    for (const auto &[cell, outputs] : changes.cells()) {
        const auto &[activityRun, attempt, index] = cell;
        if (outputs.cleared) {
            const auto clear = statements.get("DELETE FROM output WHERE activity_run=? AND attempt=? AND cell=?");
            if (!clear)
                return clear.error();
            if (auto done = (*clear)->bind(1, activityRun).bind(2, attempt).bind(3, index).run(); !done)
                return done;
        }
        for (auto position = outputs.positions.begin(); position != outputs.positions.end(); ++position) {
            const auto put = statements.get(
                "INSERT INTO output(activity_run, attempt, cell, position, output) VALUES(?,?,?,?,?) "
                "ON CONFLICT(activity_run, attempt, cell, position) DO UPDATE SET output=excluded.output");
            if (!put)
                return put.error();
            (*put)->bind(1, activityRun).bind(2, attempt).bind(3, index).bind(4, position.key());
            if (auto done = (*put)->bindText(5, toCompact(position.value())).run(); !done)
                return done;
        }
    }
    return {};
}

Result<> writeProgress(StatementCache &statements, const TelemetryChanges &changes)
{
    for (const auto &[activityRun, progress] : changes.progress()) {
        const auto put = statements.get("INSERT INTO progress(activity_run, progress) VALUES(?,?) "
                                        "ON CONFLICT(activity_run) DO UPDATE SET progress=excluded.progress");
        if (!put)
            return put.error();
        if (auto done = (*put)->bind(1, activityRun).bindText(2, toCompact(progress)).run(); !done)
            return done;
    }
    return {};
}

} // namespace

class TelemetryLog::Private
{
public:
    explicit Private(TelemetryLog *log) : q(log) { }

    Result<> open(const QString &folder);
    Result<Database> openFile(const QString &path);
    void flush();
    void flushed(const Result<> &result);

    TelemetryLog *q;
    QTimer timer;
    TelemetryChanges changes; // since the last flush
    std::shared_ptr<const TelemetryChanges> underWay; // with the writer
    std::optional<StoreLock> lock;
    std::optional<Database> reading;
    std::optional<StatementCache> queries;
    std::optional<StatementCache> statements; // writer's thread
    std::unique_ptr<StoreWriter> writer;
};

TelemetryLog::TelemetryLog() = default;

Result<std::unique_ptr<TelemetryLog>> TelemetryLog::open(const QString &folder)
{
    std::unique_ptr<TelemetryLog> log(new TelemetryLog);
    log->d = std::make_unique<Private>(log.get());
    if (auto opened = log->d->open(QDir(folder).absolutePath()); !opened)
        return opened.error();
    return log;
}

TelemetryLog::~TelemetryLog()
{
    if (!d || !d->writer)
        return;
    // What is with the writer is committed first; a second time does no harm.
    d->flush();
    d->queries.reset();
    d->reading.reset();
    d->writer.reset();
    d->statements.reset();
}

Result<> TelemetryLog::Private::open(const QString &folder)
{
    if (auto made = makeStoreFolder(folder); !made)
        return made;
    auto taken = StoreLock::take(QDir(folder).filePath(QStringLiteral("telemetry.lock")));
    if (!taken)
        return taken.error();
    lock.emplace(std::move(taken).value());
    const QString path = QDir(folder).filePath(QStringLiteral("telemetry.db"));
    auto database = openFile(path);
    if (!database)
        return database.error();
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadOnly;
    auto reader = Database::open(path, options);
    if (!reader)
        return reader.error();
    reading.emplace(std::move(reader).value());
    if (auto set = reading->exec("PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0"); !set)
        return set;
    queries.emplace(*reading);
    writer = std::make_unique<StoreWriter>(std::move(database).value(), StoreWriter::Hooks{});
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, q, [this] { flush(); });
    return {};
}

Result<Database> TelemetryLog::Private::openFile(const QString &path)
{
    const StoreFile file{
        .path = path, .kind = StoreKind::Telemetry, .migrations = telemetryMigrations(), .synchronous = "NORMAL"};
    bool damaged = false;
    auto database = file.open(damaged);
    if (database || !damaged)
        return database;
    // Outputs of past cells are no reason not to start: the damaged file is kept under another name.
    QString aside;
    for (int number = 1; aside.isEmpty() || QFile::exists(aside); ++number)
        aside = path + QStringLiteral(".damaged-%1").arg(number);
    qCWarning(logStore, "%s Kept as %s; a new one is begun.", qPrintable(database.error().message), qPrintable(aside));
    if (!QFile::rename(path, aside))
        return database;
    QFile::rename(path + QStringLiteral("-wal"), aside + QStringLiteral("-wal"));
    QFile::remove(path + QStringLiteral("-shm"));
    return file.open(damaged);
}

void TelemetryLog::Private::flush()
{
    if (changes.isEmpty())
        return;
    auto batch = std::make_shared<const TelemetryChanges>(std::exchange(changes, {}));
    if (underWay) {
        // Only from the destructor: the timer waits for the writer.
        auto both = *underWay;
        both.apply(*batch);
        batch = std::make_shared<const TelemetryChanges>(std::move(both));
    }
    underWay = batch;
    TelemetryLog *log = q;
    writer->submit(
        [this, batch](Database &database) -> Result<> {
            if (!statements)
                statements.emplace(database);
            if (auto written = writeCells(*statements, *batch); !written)
                return written;
            return writeProgress(*statements, *batch);
        },
        [log](Result<> result) { postTo(log, [log, result = std::move(result)] { log->d->flushed(result); }); });
}

void TelemetryLog::Private::flushed(const Result<> &result)
{
    if (!result) {
        qCWarning(logStore, "Outputs cannot be written: %s", qPrintable(result.error().message));
        const qsizetype unwritten = qsizetype(underWay->cells().size() + underWay->progress().size());
        if (unwritten < unwrittenMost) {
            TelemetryChanges both = *underWay;
            both.apply(changes);
            changes = std::move(both);
        }
    }
    underWay.reset();
    if (!changes.isEmpty())
        timer.start(result ? flushDelay : retryDelay);
}

void TelemetryLog::append(const RunEvent &event)
{
    if (const auto *output = std::get_if<CellOutput>(&event.body))
        d->changes.apply(*output);
    else if (const auto *progress = std::get_if<ActivityProgress>(&event.body))
        d->changes.apply(*progress);
    else
        qCWarning(logStore, "An event of kind %s belongs into the journal.", qPrintable(event.kind()));
    if (!d->underWay && !d->timer.isActive() && !d->changes.isEmpty())
        d->timer.start(flushDelay);
    if (!event.isDurable())
        emit recorded(event);
}

Result<QMap<int, Json>> TelemetryLog::outputs(const ActivityRunId &activityRun, int attempt) const
{
    const auto query = d->queries->get(
        "SELECT cell, position, output FROM output WHERE activity_run=? AND attempt=? ORDER BY cell, position");
    if (!query)
        return query.error();
    (*query)->bind(1, activityRun.text()).bind(2, attempt);
    QMap<int, QMap<int, Json>> places;
    while (true) {
        const auto row = (*query)->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        auto output = parseJson((*query)->utf8(2).toByteArray(), QStringLiteral("telemetry.db"));
        if (!output) {
            (*query)->reset();
            return output.error();
        }
        places[int((*query)->integer(0))].insert(int((*query)->integer(1)), std::move(output).value());
    }
    (*query)->reset();
    const auto overlay = [&](const TelemetryChanges &changes) {
        for (const auto &[cell, outputs] : changes.cells()) {
            if (std::get<0>(cell) != activityRun.text() || std::get<1>(cell) != attempt)
                continue;
            QMap<int, Json> &list = places[std::get<2>(cell)];
            if (outputs.cleared)
                list.clear();
            list.insert(outputs.positions);
        }
    };
    if (d->underWay)
        overlay(*d->underWay);
    overlay(d->changes);
    QMap<int, Json> result;
    for (auto cell = places.cbegin(); cell != places.cend(); ++cell) {
        if (cell->isEmpty())
            continue;
        Json list = Json::array();
        for (const Json &output : *cell)
            list.push_back(output);
        result.insert(cell.key(), list);
    }
    return result;
}

Result<Json> TelemetryLog::progress(const ActivityRunId &activityRun) const
{
    for (const TelemetryChanges *changes : {&std::as_const(d->changes), d->underWay.get()}) {
        if (!changes)
            continue;
        const auto known = changes->progress().find(activityRun.text());
        if (known != changes->progress().end())
            return known->second;
    }
    const auto query = d->queries->get("SELECT progress FROM progress WHERE activity_run=?");
    if (!query)
        return query.error();
    const auto row = (*query)->bind(1, activityRun.text()).step();
    if (!row)
        return row.error();
    const QByteArray text = *row ? (*query)->utf8(0).toByteArray() : QByteArray("null");
    (*query)->reset();
    return parseJson(text, QStringLiteral("telemetry.db"));
}

} // namespace engine

#include "moc_TelemetryLog.cpp"
