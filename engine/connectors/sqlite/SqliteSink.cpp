#include "engine/connectors/sqlite/SqliteSink.h"

#include "engine/base/CrashPoint.h"
#include "engine/connectors/sqlite/RowFeed.h"
#include "engine/connectors/sqlite/SqliteEncoder.h"
#include "engine/connectors/sqlite/SqliteRowLoad.h"
#include "engine/connectors/SqlScript.h"
#include "engine/connectors/TableKey.h"
#include "engine/connectors/TimedRows.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <cerrno>

#include <sqlite3.h>

namespace engine {
namespace {

struct SqliteSinkText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SqliteSink)
};

constexpr char ledgerTable[] = "_slipway_load_ledger";
constexpr int operationsBetweenPolls = 20000; // of SQLite's virtual machine: well below a millisecond
constexpr int lockPollMilliseconds = 10;

} // namespace

SqliteSink::SqliteSink(Target target) : m_target(std::move(target))
{
    if (m_target.schema.isEmpty())
        m_target.schema = QStringLiteral("dbo");
}

SqliteSink::~SqliteSink() { rollBack(); }

int SqliteSink::waitForLock(void *sink, int attempt)
{
    auto *self = static_cast<SqliteSink *>(sink);
    if (self->m_cancel.isCancelled()
        || std::chrono::milliseconds(attempt) * lockPollMilliseconds >= self->m_target.busyTimeout)
        return 0;
    sqlite3_sleep(lockPollMilliseconds);
    return 1;
}

int SqliteSink::isStopped(void *sink)
{
    auto *self = static_cast<SqliteSink *>(sink);
    self->m_isLate |= self->m_deadline && std::chrono::steady_clock::now() > *self->m_deadline;
    return self->m_isLate || self->m_cancel.isCancelled();
}

void SqliteSink::renewDeadline()
{
    if (m_target.options.batchTimeout.count() > 0)
        m_deadline = std::chrono::steady_clock::now() + m_target.options.batchTimeout;
}

// While a script runs: what would end the copy's own transaction is refused before it is executed.
int SqliteSink::authorize(void *sink, int action, const char *, const char *, const char *, const char *)
{
    if (action != SQLITE_TRANSACTION)
        return SQLITE_OK;
    static_cast<SqliteSink *>(sink)->m_endedTransaction = true;
    return SQLITE_DENY;
}

Error SqliteSink::fail(ErrorCode code, const QString &name, const QString &message)
{
    m_failureName = name;
    m_isTransient = false;
    return {code, message, m_target.file};
}

Error SqliteSink::failure(const Error &reported, const QString &what)
{
    const SqliteCode code = m_database ? m_database->lastCode() : SqliteCode{};
    if (m_cancel.isCancelled())
        return fail(ErrorCode::Cancelled, {}, SqliteSinkText::tr("The copy was cancelled."));
    if (m_isLate)
        return fail(ErrorCode::Timeout,
                    QStringLiteral("SqlOperationFailed"),
                    SqliteSinkText::tr("%1: a batch took longer than the %2 seconds that writeBatchTimeout allows.")
                        .arg(what)
                        .arg(double(m_target.options.batchTimeout.count()) / 1000));
    if (code.isBusy()) {
        Error error =
            fail(ErrorCode::Io,
                 QStringLiteral("SinkLocked"),
                 SqliteSinkText::tr("%1: another program kept the database %2 locked for %3 seconds; try again "
                                    "when it is done.")
                     .arg(what, m_target.file)
                     .arg(double(m_target.busyTimeout.count()) / 1000));
        m_isTransient = true;
        return error;
    }
    const int reason = m_database ? sqlite3_system_errno(m_database->handle()) : 0;
    const bool isLimited = code.primary() == SQLITE_IOERR && (reason == EFBIG || reason == EDQUOT);
    if (code.isFull() || isLimited)
        return fail(
            ErrorCode::Io,
            QStringLiteral("SinkFull"),
            SqliteSinkText::tr("%1: the database %2 cannot grow, because the disk or its own size limit is full.")
                .arg(what, m_target.file));
    if (code.isReadOnly())
        return fail(ErrorCode::Io,
                    QStringLiteral("SinkReadOnly"),
                    SqliteSinkText::tr("%1: the database %2 is read-only; make the file and its folder writable.")
                        .arg(what, m_target.file));
    if (code.isCorrupt())
        return fail(ErrorCode::Io,
                    QStringLiteral("SinkCorrupt"),
                    SqliteSinkText::tr("%1: the file %2 is damaged or no SQLite database.").arg(what, m_target.file));
    const QString name = reported.code == ErrorCode::NotFound ? QStringLiteral("SqlFailedToConnect")
                                                              : QStringLiteral("SqlOperationFailed");
    return fail(reported.code, name, what + QStringLiteral(": ") + reported.message);
}

Result<> SqliteSink::connect()
{
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadWrite;
    options.mainSchema = m_target.schema.toUtf8();
    auto opened = Database::open(m_target.file, options);
    if (!opened) {
        m_failureName = QStringLiteral("SqlFailedToConnect");
        m_isTransient = false;
        return opened.error();
    }
    m_database = std::move(*opened);
    sqlite3_busy_handler(m_database->handle(), &SqliteSink::waitForLock, this);
    sqlite3_progress_handler(m_database->handle(), operationsBetweenPolls, &SqliteSink::isStopped, this);
    return {};
}

Result<QList<SinkColumn>> SqliteSink::open(const CancelToken &cancel)
{
    m_cancel = cancel;
    const QString what = SqliteSinkText::tr("The table “%1” cannot be opened").arg(m_target.table);
    if (auto connected = connect(); !connected)
        return connected.error();
    auto table = readSqliteTable(*m_database, m_target.schema, m_target.table);
    m_makesTable = !table && table.error().code == ErrorCode::NotFound && m_target.options.makesTable;
    if (!table && !m_makesTable) {
        if (m_database->lastCode().extended != 0)
            return failure(table.error(), what);
        const bool absent = table.error().code == ErrorCode::NotFound;
        return fail(table.error().code,
                    absent ? QStringLiteral("SinkTableNotFound") : QStringLiteral("SinkNotATable"),
                    table.error().message);
    }
    if (sqlite3_db_readonly(m_database->handle(), "main") == 1)
        return fail(ErrorCode::Io,
                    QStringLiteral("SinkReadOnly"),
                    SqliteSinkText::tr("%1: the database %2 is read-only; make the file and its folder writable.")
                        .arg(what, m_target.file));
    if (auto cached = m_database->exec("PRAGMA cache_size=-16384"); !cached) // 16 MiB, of this connection only
        return failure(cached.error(), what);
    if (!m_makesTable)
        m_table = std::move(*table);
    return sinkColumns();
}

QList<SinkColumn> SqliteSink::sinkColumns() const
{
    QList<SinkColumn> columns;
    for (const SqliteColumn &column : m_table.columns)
        columns += column.column;
    return columns;
}

Result<> SqliteSink::define(const QList<SinkColumn> &columns)
{
    m_table = {m_target.table, QStringLiteral("table"), {}};
    for (const SinkColumn &column : columns) {
        if (column.name.isEmpty() || column.name.contains(QChar(u'\0')))
            return fail(ErrorCode::InvalidInput,
                        QStringLiteral("UserErrorInvalidColumnMapping"),
                        SqliteSinkText::tr("The new table “%1” cannot have a column without a name, or with the "
                                           "character of code zero in it: map it to a name.")
                            .arg(m_target.table));
        m_table.columns += sqliteColumn(column.name, sqliteTypeFor(column.type));
    }
    return {};
}

// As the columns were defined; the keys of an upsert become its primary key.
Result<> SqliteSink::makeTable()
{
    QList<SinkColumn> columns;
    for (const SqliteColumn &column : std::as_const(m_table.columns))
        columns += column.column;
    const bool isUpsert = m_target.options.behavior == LoadOptions::Behavior::Upsert;
    const QByteArray definition = tableDefinition(columns, isUpsert ? m_target.options.keys : QStringList());
    const QByteArray name = "main." + quoteIdentifier(m_table.name).toUtf8();
    if (auto made = m_database->exec("CREATE TABLE " + name + " (" + definition + ')'); !made)
        return made;
    auto table = readSqliteTable(*m_database, m_target.schema, m_table.name);
    if (!table)
        return table.error();
    m_table = std::move(*table);
    return {};
}

Result<> SqliteSink::begin()
{
    const QString what = SqliteSinkText::tr("The load into “%1” cannot begin").arg(m_table.name);
    if (auto begun = m_database->exec("BEGIN IMMEDIATE"); !begun)
        return failure(begun.error(), what);
    if (m_makesTable) {
        if (auto made = makeTable(); !made) {
            const Error error = failure(made.error(), what);
            rollBack();
            return error;
        }
        return {};
    }
    auto table = readSqliteTable(*m_database, m_target.schema, m_table.name);
    if (!table || table->columns != m_table.columns) {
        rollBack();
        return fail(ErrorCode::Conflict,
                    QStringLiteral("SinkSchemaChanged"),
                    SqliteSinkText::tr("The table “%1” in %2 was changed while the copy was starting; start it again.")
                        .arg(m_table.name, m_target.file));
    }
    return {};
}

Result<qint64> SqliteSink::runScript(const QString &script)
{
    const QString what = SqliteSinkText::tr("The pre-copy script failed");
    const QByteArray sql = translateScript(script, SqlDialect::Sqlite).toUtf8();
    const qint64 before = m_database->totalChanges();
    m_endedTransaction = false;
    sqlite3 *handle = m_database->handle();
    sqlite3_set_authorizer(handle, &SqliteSink::authorize, this);
    int code = SQLITE_OK;
    Error reported;
    const char *rest = sql.constData();
    const char *const end = rest + sql.size();
    while (code == SQLITE_OK && rest != end && !m_endedTransaction) {
        sqlite3_stmt *statement = nullptr;
        code = sqlite3_prepare_v2(handle, rest, int(end - rest) + 1, &statement, &rest);
        if (code == SQLITE_OK && statement) {
            while ((code = sqlite3_step(statement)) == SQLITE_ROW) { }
            if (code == SQLITE_DONE)
                code = SQLITE_OK;
        }
        if (code != SQLITE_OK)
            reported = m_database->failure(code);
        sqlite3_finalize(statement);
        m_endedTransaction |= !m_database->inTransaction() && code == SQLITE_OK;
    }
    sqlite3_set_authorizer(handle, nullptr, nullptr);
    if (m_endedTransaction) {
        rollBack();
        return fail(
            ErrorCode::InvalidInput,
            QStringLiteral("UserErrorPreCopyScriptEndedTransaction"),
            SqliteSinkText::tr("The pre-copy script begins or ends a transaction: it runs inside the copy's own, "
                               "so that old rows stay until the new ones are there. Remove BEGIN, COMMIT and "
                               "ROLLBACK."));
    }
    if (code != SQLITE_OK) {
        const Error error = failure(reported, what);
        rollBack();
        return error;
    }
    return m_database->totalChanges() - before;
}

Error SqliteSink::describeConstraint(const RowFeed &feed)
{
    const QString said = QString::fromUtf8(sqlite3_errmsg(m_database->handle()));
    RowProblem problem = feed.currentRow();
    problem.code = QStringLiteral("UserErrorSinkConstraint");
    const QStringList columns = constrainedColumns(said, m_table.columns);
    QStringList values;
    for (const QString &column : columns) {
        if (const QString value = feed.currentValue(column); !value.isEmpty())
            values += value;
    }
    problem.column = columns.join(QStringLiteral(", "));
    problem.value = values.join(QStringLiteral(", ")).left(200);
    problem.message = problem.row > 0
        ? SqliteSinkText::tr("The table “%1” refuses row %2: %3.").arg(m_table.name).arg(problem.row).arg(said)
        : SqliteSinkText::tr("The table “%1” refuses the rows: %2.").arg(m_table.name, said);
    if (!problem.value.isEmpty())
        problem.message += u' ' + SqliteSinkText::tr("The value is “%1”.").arg(problem.value);
    m_rowProblem = problem;
    return fail(ErrorCode::InvalidInput, problem.code, problem.message);
}

Result<LoadResult> SqliteSink::load(const QList<int> &columns, BatchStream &rows)
{
    m_rowProblem.reset();
    TimedRows timed(rows, [this] { renewDeadline(); });
    renewDeadline();
    const bool isPlain = !m_rejecter && m_target.options.behavior == LoadOptions::Behavior::Insert;
    auto loaded = isPlain ? feedRows(columns, timed) : loadRowByRow(columns, timed);
    m_deadline.reset();
    if (!loaded)
        rollBack();
    return loaded;
}

Result<LoadResult> SqliteSink::loadRowByRow(const QList<int> &columns, BatchStream &rows)
{
    const QString what = SqliteSinkText::tr("The load into “%1” failed").arg(m_table.name);
    SqliteRowLoad::Into into;
    into.table = m_table.name;
    into.rejecter = m_rejecter;
    QStringList names;
    for (const int index : columns) {
        into.columns += m_table.columns.at(index);
        names += into.columns.last().column.name;
    }
    if (m_target.options.behavior == LoadOptions::Behavior::Upsert) {
        const auto keys = readSqliteKeys(*m_database, m_table.name);
        if (!keys)
            return failure(keys.error(), what);
        const auto key = chooseKey(*keys, m_target.options.keys, names, m_table.name);
        if (!key) {
            fail(key.error().code, QStringLiteral("UserErrorInvalidUpsertKeys"), key.error().message);
            return key.error();
        }
        into.key = *key;
    }
    SqliteRowLoad load(*m_database, into, m_cancel);
    auto loaded = load.run(rows);
    if (loaded)
        return loaded;
    if (load.streamError()) {
        Error error = fail(load.streamError()->code, {}, load.streamError()->message);
        error.where = load.streamError()->where;
        return error;
    }
    m_rowProblem = load.rowProblem();
    if (m_rowProblem)
        return fail(ErrorCode::InvalidInput, m_rowProblem->code, m_rowProblem->message);
    return failure(loaded.error(), what);
}

Result<LoadResult> SqliteSink::feedRows(const QList<int> &columns, BatchStream &rows)
{
    QList<SqliteColumn> targets;
    QByteArray names;
    for (const int index : columns) {
        targets += m_table.columns.at(index);
        names += (names.isEmpty() ? "" : ", ") + quoteIdentifier(targets.last().column.name).toUtf8();
    }
    RowFeed feed(*m_database, targets, rows, m_cancel);
    if (auto attached = feed.attach(); !attached)
        return failure(attached.error(), SqliteSinkText::tr("The load into “%1” cannot begin").arg(m_table.name));
    // OR ROLLBACK: no row is dropped by a conflict clause of the table's own, and no statement journal is kept.
    const auto loaded = m_database->exec("INSERT OR ROLLBACK INTO main." + quoteIdentifier(m_table.name).toUtf8() + " ("
                                         + names + ") SELECT * FROM " + RowFeed::tableName);
    if (loaded) {
        const qint64 written = m_database->changes();
        if (written == feed.rowsFed())
            return LoadResult{written, feed.bytesFed()};
        return fail(ErrorCode::InvalidInput,
                    QStringLiteral("UserErrorSinkConstraint"),
                    SqliteSinkText::tr("The table “%1” took %2 of %3 rows: a trigger of it drops rows silently.")
                        .arg(m_table.name)
                        .arg(written)
                        .arg(feed.rowsFed()));
    }
    const SqliteCode code = m_database->lastCode();
    Error error;
    if (feed.streamError()) {
        error = fail(feed.streamError()->code, {}, feed.streamError()->message);
        error.where = feed.streamError()->where;
    } else if (feed.refusal()) {
        m_rowProblem = feed.refusal();
        error = fail(ErrorCode::InvalidInput, m_rowProblem->code, m_rowProblem->message);
    } else if (code.isConstraint() || code.primary() == SQLITE_MISMATCH) {
        error = describeConstraint(feed);
    } else {
        error = failure(loaded.error(), SqliteSinkText::tr("The load into “%1” failed").arg(m_table.name));
    }
    return error;
}

// The transaction has the only right to write: nobody else's rows are among them.
Result<std::optional<qint64>> SqliteSink::countRows()
{
    if (m_target.options.behavior != LoadOptions::Behavior::Insert)
        return std::optional<qint64>(); // rows that are replaced do not add up
    const auto counted = m_database->integer("SELECT count(*) FROM main." + quoteIdentifier(m_table.name).toUtf8());
    if (!counted)
        return failure(counted.error(), SqliteSinkText::tr("The rows of “%1” cannot be counted").arg(m_table.name));
    return std::optional<qint64>(counted->value_or(0));
}

Result<> SqliteSink::writeLedger(const LedgerRow &row)
{
    const QString what = SqliteSinkText::tr("The load cannot be entered in the load ledger");
    const QByteArray table = QByteArray("main.") + ledgerTable;
    const auto made =
        m_database->exec("CREATE TABLE IF NOT EXISTS " + table
                         + " (load_id TEXT PRIMARY KEY, run_id TEXT NOT NULL, activity TEXT NOT NULL, "
                           "attempt INTEGER NOT NULL, rows_written INTEGER NOT NULL, checksum TEXT NOT NULL, "
                           "committed_at TEXT NOT NULL); DELETE FROM "
                         + table + " WHERE committed_at < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-30 days')");
    if (!made)
        return failure(made.error(), what);
    auto insert = m_database->prepare("INSERT INTO " + table
                                      + " VALUES (?1, ?2, ?3, ?4, ?5, ?6, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
    if (!insert)
        return failure(insert.error(), what);
    insert->bind(1, row.load.text()).bind(2, row.run).bind(3, row.activity).bind(4, row.attempt);
    insert->bind(5, row.rowsWritten).bind(6, row.checksum);
    if (const auto written = insert->run(); !written)
        return failure(written.error(), what);
    m_load = row.load;
    return {};
}

std::pair<Sink::CommitAnswer, Error> SqliteSink::commit()
{
    sqlite3_progress_handler(m_database->handle(), 0, nullptr, nullptr); // from here on it is all or nothing
    crashPoint(CrashPoint::copyCommitSent);
    const auto committed = m_database->exec("COMMIT");
    if (committed)
        return {CommitAnswer::Committed, {}};
    const SqliteCode code = m_database->lastCode();
    Error error;
    if (code.isConstraint()) {
        const QString said = QString::fromUtf8(sqlite3_errmsg(m_database->handle()));
        error = fail(ErrorCode::InvalidInput,
                     QStringLiteral("UserErrorSinkConstraint"),
                     SqliteSinkText::tr("The table “%1” refuses the rows: %2.").arg(m_table.name, said));
    } else {
        error =
            failure(committed.error(), SqliteSinkText::tr("The load into “%1” cannot be committed").arg(m_table.name));
    }
    if (m_database->inTransaction()) {
        rollBack();
        return {CommitAnswer::RolledBack, error};
    }
    // SQLite ended the transaction itself: what the file holds decides.
    const auto found = readLedger(m_load);
    if (!found)
        return {CommitAnswer::Unknown, error};
    return {*found ? CommitAnswer::Committed : CommitAnswer::RolledBack, error};
}

void SqliteSink::rollBack()
{
    if (!m_database || !m_database->inTransaction())
        return;
    sqlite3_progress_handler(m_database->handle(), 0, nullptr, nullptr); // a cancelled copy rolls back all the same
    const auto rolledBack = m_database->exec("ROLLBACK");
    if (!rolledBack)
        m_database.reset(); // closing the file rolls back, now or when it is opened next
    else
        sqlite3_progress_handler(m_database->handle(), operationsBetweenPolls, &SqliteSink::isStopped, this);
}

Result<std::optional<LedgerRow>> SqliteSink::readLedger(const LoadId &load)
{
    const auto exists = m_database->integer("SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = '"
                                            + QByteArray(ledgerTable) + '\'');
    if (!exists)
        return exists.error();
    if (exists->value_or(0) == 0)
        return std::optional<LedgerRow>();
    auto query = m_database->prepare("SELECT run_id, activity, attempt, rows_written, checksum FROM main."
                                     + QByteArray(ledgerTable) + " WHERE load_id = ?1");
    if (!query)
        return query.error();
    query->bind(1, load.text());
    const auto row = query->step();
    if (!row)
        return row.error();
    if (!*row)
        return std::optional<LedgerRow>();
    return std::optional(
        LedgerRow{load, query->text(0), query->text(1), int(query->integer(2)), query->integer(3), query->text(4)});
}

Result<std::optional<LedgerRow>> SqliteSink::findLoad(const LoadId &load)
{
    const QString what = SqliteSinkText::tr("The load ledger cannot be read");
    if (!m_database) {
        if (auto connected = connect(); !connected)
            return Error{ErrorCode::Io, connected.error().message, connected.error().where};
    }
    // Whoever holds the write lock may be committing this very load: wait for it.
    const bool ownTransaction = !m_database->inTransaction();
    if (ownTransaction) {
        const auto begun = m_database->exec("BEGIN IMMEDIATE");
        if (!begun && !m_database->lastCode().isReadOnly())
            return failure(begun.error(), what);
    }
    auto found = readLedger(load);
    if (ownTransaction)
        rollBack();
    if (!found)
        return failure(found.error(), what);
    return found;
}

std::optional<QString> SqliteSink::refusal(int column, const Column &value) const
{
    SqliteEncoder encoder(m_table.columns.at(column));
    const auto refused = encoder.take(value, 1);
    return refused ? std::optional(refused->message) : std::nullopt;
}

} // namespace engine
