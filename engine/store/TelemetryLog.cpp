#include "engine/store/TelemetryLog.h"

#include "engine/base/Log.h"
#include "engine/base/PostTo.h"
#include "engine/records/OutputPreview.h"
#include "engine/store/StatementCache.h"
#include "engine/store/StoreFile.h"
#include "engine/store/StoreLock.h"
#include "engine/store/StoreWriter.h"
#include "engine/store/TelemetryChanges.h"

#include <QCoreApplication>
#include <QDir>
#include <QTimer>

namespace engine {

namespace {

constexpr std::chrono::milliseconds flushDelay{200};
constexpr std::chrono::milliseconds retryDelay{1000};
constexpr qsizetype unwrittenMost = 20'000; // changes kept while the disk is full, then the oldest state is dropped
constexpr size_t numbersMost = 1000;

Result<> writeCells(StatementCache &statements, const TelemetryChanges &changes)
{
    for (const auto &[cell, outputs] : changes.cells()) {
        const auto &[activityRun, attempt, index] = cell;
        if (outputs.cleared) {
            for (const char *sql : {"DELETE FROM output WHERE activity_run=? AND attempt=? AND cell=?",
                                    "DELETE FROM output_preview WHERE activity_run=? AND attempt=? AND cell=?"}) {
                const auto clear = statements.get(sql);
                if (!clear)
                    return clear.error();
                if (auto done = (*clear)->bind(1, activityRun).bind(2, attempt).bind(3, index).run(); !done)
                    return done;
            }
        }
        for (auto position = outputs.positions.begin(); position != outputs.positions.end(); ++position) {
            const auto put = statements.get(
                "INSERT INTO output(activity_run, attempt, cell, position, output) VALUES(?,?,?,?,?) "
                "ON CONFLICT(activity_run, attempt, cell, position) DO UPDATE SET output=excluded.output");
            if (!put)
                return put.error();
            const QByteArray text = toCompact(position.value());
            (*put)->bind(1, activityRun).bind(2, attempt).bind(3, index).bind(4, position.key());
            if (auto done = (*put)->bindBorrowedText(5, text).run(); !done)
                return done;
            if (text.size() <= largestOutput)
                continue;
            const auto preview = statements.get(
                "INSERT INTO output_preview(activity_run, attempt, cell, position, preview) VALUES(?,?,?,?,?) "
                "ON CONFLICT(activity_run, attempt, cell, position) DO UPDATE SET preview=excluded.preview");
            if (!preview)
                return preview.error();
            (*preview)->bind(1, activityRun).bind(2, attempt).bind(3, index).bind(4, position.key());
            (*preview)->bindText(5, toCompact(outputPreview(position.value(), text.size())));
            if (auto done = (*preview)->run(); !done)
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

Result<> writePoints(StatementCache &statements, const TelemetryChanges &changes)
{
    for (const auto &[key, points] : changes.points()) {
        const auto &[activityRun, attempt] = key;
        const auto thinOut =
            statements.get("DELETE FROM progress_point WHERE activity_run=? AND attempt=? AND number % ? <> 0");
        if (!thinOut)
            return thinOut.error();
        (*thinOut)->bind(1, activityRun).bind(2, attempt).bind(3, ProgressPoints::strideAt(points.newest()));
        if (auto done = (*thinOut)->run(); !done)
            return done;
        for (const auto &[number, point] : points.kept) {
            const auto put = statements.get("INSERT OR REPLACE INTO progress_point(activity_run, attempt, number, at, "
                                            "progress) VALUES(?,?,?,?,?)");
            if (!put)
                return put.error();
            (*put)->bind(1, activityRun).bind(2, attempt).bind(3, number).bind(4, point.at.time_since_epoch().count());
            if (auto done = (*put)->bindText(5, toCompact(point.progress)).run(); !done)
                return done;
        }
    }
    return {};
}

Error noOutput(int position)
{
    return {ErrorCode::NotFound,
            QCoreApplication::translate("engine::TelemetryLog", "The cell has no output %1.").arg(position),
            QStringLiteral("outputs/%1").arg(position)};
}

Json withPosition(Json preview, int position)
{
    preview["position"] = position;
    return preview;
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
    Result<std::map<int, ProgressPoints>> points(const QString &activityRun); // by attempt
    qint64 nextNumber(const TelemetryChanges::Attempt &attempt);

    TelemetryLog *q;
    QTimer timer;
    TelemetryChanges changes; // since the last flush
    std::shared_ptr<const TelemetryChanges> underWay; // with the writer
    std::map<TelemetryChanges::Attempt, qint64> numbers; // of the next point of attempts that report
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
            if (auto written = writeProgress(*statements, *batch); !written)
                return written;
            return writePoints(*statements, *batch);
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
        d->changes.apply(*progress, d->nextNumber({progress->activityRun.text(), progress->attempt}), event.at);
    else
        qCWarning(logStore, "An event of kind %s belongs into the journal.", qPrintable(event.kind()));
    if (!d->underWay && !d->timer.isActive() && !d->changes.isEmpty())
        d->timer.start(flushDelay);
    if (!event.isDurable())
        emit recorded(event);
}

qint64 TelemetryLog::Private::nextNumber(const TelemetryChanges::Attempt &attempt)
{
    auto known = numbers.find(attempt);
    if (known == numbers.end()) {
        if (numbers.size() >= numbersMost)
            numbers.clear(); // attempts that ended long ago; what still reports is looked up again
        qint64 newest = -1;
        if (const auto stored = points(attempt.first)) {
            if (const auto own = stored->find(attempt.second); own != stored->end())
                newest = own->second.newest();
        }
        known = numbers.emplace(attempt, newest + 1).first;
    }
    return known->second++;
}

Result<std::map<int, ProgressPoints>> TelemetryLog::Private::points(const QString &activityRun)
{
    const auto query = queries->get(
        "SELECT attempt, number, at, progress FROM progress_point WHERE activity_run=? ORDER BY attempt, number");
    if (!query)
        return query.error();
    (*query)->bind(1, activityRun);
    std::map<int, ProgressPoints> found;
    while (true) {
        const auto row = (*query)->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        auto progress = parseJson((*query)->utf8(3).toByteArray(), QStringLiteral("telemetry.db"));
        if (!progress) {
            (*query)->reset();
            return progress.error();
        }
        found[int((*query)->integer(0))].kept.insert_or_assign(
            (*query)->integer(1),
            ProgressPoints::Point{Instant(Millis((*query)->integer(2))), std::move(progress).value()});
    }
    (*query)->reset();
    for (const TelemetryChanges *later : {underWay.get(), &std::as_const(changes)}) {
        if (!later)
            continue;
        for (const auto &[attempt, added] : later->points()) {
            if (attempt.first == activityRun)
                found[attempt.second].add(added);
        }
    }
    return found;
}

Result<QMap<int, Json>> TelemetryLog::outputs(const ActivityRunId &activityRun, int attempt, Outputs which) const
{
    const bool whole = which == Outputs::Whole;
    // Of a large output only its preview is read; one that an older engine wrote has none, and gets it here.
    const auto query = d->queries->get(
        whole ? "SELECT cell, position, output, 0 FROM output WHERE activity_run=? AND attempt=? "
                "ORDER BY cell, position"
              : "SELECT o.cell, o.position, CASE WHEN octet_length(o.output)<=?3 THEN o.output "
                "ELSE coalesce(p.preview, o.output) END, "
                "CASE WHEN octet_length(o.output)<=?3 THEN 0 ELSE 1+(p.preview IS NULL) END FROM output o "
                "LEFT JOIN output_preview p USING(activity_run, attempt, cell, position) "
                "WHERE o.activity_run=?1 AND o.attempt=?2 ORDER BY o.cell, o.position");
    if (!query)
        return query.error();
    (*query)->bind(1, activityRun.text()).bind(2, attempt);
    if (!whole)
        (*query)->bind(3, largestOutput);
    QMap<int, QMap<int, Json>> places;
    while (true) {
        const auto row = (*query)->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const QByteArray text = (*query)->utf8(2).toByteArray();
        auto output = parseJson(text, QStringLiteral("telemetry.db"));
        if (!output) {
            (*query)->reset();
            return output.error();
        }
        const int position = int((*query)->integer(1));
        if ((*query)->integer(3) == 2)
            output = outputPreview(*output, text.size());
        if ((*query)->integer(3) != 0)
            output = withPosition(std::move(output).value(), position);
        places[int((*query)->integer(0))].insert(position, std::move(output).value());
    }
    (*query)->reset();
    const auto shown = [whole](const Json &output, int position) {
        const qint64 size = whole ? 0 : outputBytes(output);
        return size > largestOutput ? withPosition(outputPreview(output, size), position) : output;
    };
    for (const TelemetryChanges *later : {d->underWay.get(), &std::as_const(d->changes)}) {
        if (!later)
            continue;
        for (const auto &[cell, outputs] : later->cells()) {
            if (std::get<0>(cell) != activityRun.text() || std::get<1>(cell) != attempt)
                continue;
            QMap<int, Json> &list = places[std::get<2>(cell)];
            if (outputs.cleared)
                list.clear();
            for (auto output = outputs.positions.cbegin(); output != outputs.positions.cend(); ++output)
                list.insert(output.key(), shown(output.value(), output.key()));
        }
    }
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

Result<QByteArray> TelemetryLog::output(const ActivityRunId &activityRun, int attempt, int cell, int position) const
{
    for (const TelemetryChanges *later : {&std::as_const(d->changes), d->underWay.get()}) {
        if (!later)
            continue;
        const auto changed = later->cells().find({activityRun.text(), attempt, cell});
        if (changed == later->cells().end())
            continue;
        if (const auto known = changed->second.positions.constFind(position); known != changed->second.positions.cend())
            return toCompact(*known);
        if (changed->second.cleared)
            return noOutput(position);
    }
    const auto query =
        d->queries->get("SELECT output FROM output WHERE activity_run=? AND attempt=? AND cell=? AND position=?");
    if (!query)
        return query.error();
    const auto row = (*query)->bind(1, activityRun.text()).bind(2, attempt).bind(3, cell).bind(4, position).step();
    if (!row)
        return row.error();
    const QByteArray text = *row ? (*query)->utf8(0).toByteArray() : QByteArray();
    (*query)->reset();
    return text.isEmpty() ? Result<QByteArray>(noOutput(position)) : Result<QByteArray>(text);
}

Result<QList<ProgressRecord>> TelemetryLog::progressHistory(const ActivityRunId &activityRun) const
{
    const auto found = d->points(activityRun.text());
    if (!found)
        return found.error();
    QList<ProgressRecord> history;
    for (const auto &[attempt, points] : *found) {
        for (const auto &[number, point] : points.kept)
            history.append({attempt, point.at, point.progress});
    }
    return history;
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
