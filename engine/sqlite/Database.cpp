#include "engine/sqlite/Database.h"

#include "engine/sqlite/Connection_p.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>
#include <QStringList>

#include <fcntl.h>
#include <unistd.h>

namespace engine {

namespace {

struct DatabaseText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Database)
};

ErrorCode sqliteErrorCode(int extended)
{
    const SqliteCode code{extended};
    if (code.isBusy())
        return ErrorCode::Timeout;
    if (code.isInterrupted())
        return ErrorCode::Cancelled;
    if (code.isConstraint())
        return ErrorCode::Conflict;
    switch (code.primary()) {
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
        return ErrorCode::InvalidInput;
    default:
        return ErrorCode::Io;
    }
}

Result<> syncToDisk(const QString &path, int flags)
{
    const int fd = ::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const int error = errno;
    if (fd >= 0)
        ::close(fd);
    if (synced)
        return {};
    return Error{ErrorCode::Io,
                 DatabaseText::tr("%1 cannot be brought safely to the disk: %2.").arg(path, qt_error_string(error)),
                 path};
}

} // namespace

Error SqliteConnection::failure(int code, const QString &context)
{
    int extended = code;
    QString said = QString::fromUtf8(sqlite3_errstr(code));
    if (handle && (sqlite3_extended_errcode(handle) & 0xff) == (code & 0xff)) {
        extended = sqlite3_extended_errcode(handle);
        said = QString::fromUtf8(sqlite3_errmsg(handle));
    }
    lastCode = extended;
    const QString what = DatabaseText::tr("SQLite says: %1 (code %2).").arg(said).arg(extended);
    return {sqliteErrorCode(extended), context.isEmpty() ? what : QString(context + u' ' + what), path};
}

Result<Database> Database::open(const QString &path, const DatabaseOptions &options)
{
    using Mode = DatabaseOptions::Mode;
    const bool isFile = path != u":memory:" && !options.allowUri;
    if (isFile && options.mode != Mode::Create && !QFileInfo::exists(path))
        return Error{ErrorCode::NotFound, DatabaseText::tr("There is no database file %1.").arg(path), path};
    auto connection = std::make_shared<SqliteConnection>();
    connection->path = path;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= options.mode == Mode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (options.mode == Mode::Create)
        flags |= SQLITE_OPEN_CREATE;
    if (options.allowUri)
        flags |= SQLITE_OPEN_URI;
    // An absolute name, so that a relative one that looks like ":memory:" or "file:" is still a file's.
    const QString name = isFile ? QFileInfo(path).absoluteFilePath() : path;
    int code = sqlite3_open_v2(name.toUtf8().constData(), &connection->handle, flags, nullptr);
    if (code != SQLITE_OK)
        return connection->failure(code, DatabaseText::tr("The database %1 cannot be opened.").arg(path));
    sqlite3 *handle = connection->handle;
    if (!options.mainSchema.isEmpty()) {
        connection->mainSchema = options.mainSchema;
        connection->mainSchema.detach();
        sqlite3_db_config(handle, SQLITE_DBCONFIG_MAINDBNAME, connection->mainSchema.constData());
    }
    // What stands in a file's schema may come from a stranger: it calls no function with side effects.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, int(options.foreignKeys), nullptr);
    sqlite3_busy_timeout(handle, int(options.busyTimeout.count()));
    return Database(std::move(connection));
}

Result<> Database::addTextFunction(const char *name, QString (*function)(const QString &))
{
    const auto call = [](sqlite3_context *context, int, sqlite3_value **values) {
        const auto chosen = reinterpret_cast<QString (*)(const QString &)>(sqlite3_user_data(context));
        if (sqlite3_value_type(values[0]) == SQLITE_NULL)
            return;
        const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(values[0]));
        const QByteArray result = chosen(QString::fromUtf8(text, sqlite3_value_bytes(values[0]))).toUtf8();
        sqlite3_result_text64(
            context, result.constData(), sqlite3_uint64(result.size()), SQLITE_TRANSIENT, SQLITE_UTF8);
    };
    const int code = sqlite3_create_function_v2(m_connection->handle,
                                                name,
                                                1,
                                                SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                                reinterpret_cast<void *>(function),
                                                call,
                                                nullptr,
                                                nullptr,
                                                nullptr);
    return code == SQLITE_OK ? Result<>() : Result<>(m_connection->failure(code));
}

Result<> Database::exec(const QByteArray &sql)
{
    const int code = sqlite3_exec(m_connection->handle, sql.constData(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return m_connection->failure(code);
    return {};
}

Result<Statement> Database::prepare(const QByteArray &sql, bool reused)
{
    sqlite3_stmt *statement = nullptr;
    const char *tail = nullptr;
    const int code = sqlite3_prepare_v3(m_connection->handle,
                                        sql.constData(),
                                        int(sql.size()) + 1,
                                        reused ? SQLITE_PREPARE_PERSISTENT : 0,
                                        &statement,
                                        &tail);
    if (code != SQLITE_OK)
        return m_connection->failure(code);
    if (!statement)
        return Error{ErrorCode::InvalidInput, DatabaseText::tr("There is no SQL statement in this text."), path()};
    return Statement(m_connection, statement, tail - sql.constData());
}

Result<std::optional<qint64>> Database::integer(const QByteArray &sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return statement.error();
    const auto row = statement->step();
    if (!row)
        return row.error();
    return *row && !statement->isNull(0) ? std::optional(statement->integer(0)) : std::nullopt;
}

Result<std::optional<QString>> Database::text(const QByteArray &sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return statement.error();
    const auto row = statement->step();
    if (!row)
        return row.error();
    return *row && !statement->isNull(0) ? std::optional(statement->text(0)) : std::nullopt;
}

bool Database::inTransaction() const { return sqlite3_get_autocommit(m_connection->handle) == 0; }

qint64 Database::lastInsertId() const { return sqlite3_last_insert_rowid(m_connection->handle); }

qint64 Database::changes() const { return sqlite3_changes64(m_connection->handle); }

qint64 Database::totalChanges() const { return sqlite3_total_changes64(m_connection->handle); }

SqliteCode Database::lastCode() const { return {m_connection->lastCode}; }

void Database::forgetCode() { m_connection->lastCode = SQLITE_OK; }

void Database::setBusyTimeout(std::chrono::milliseconds timeout)
{
    sqlite3_busy_timeout(m_connection->handle, int(timeout.count()));
}

void Database::setCheckpointOnClose(bool on)
{
    sqlite3_db_config(m_connection->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, int(!on), nullptr);
}

void Database::interrupt() { sqlite3_interrupt(m_connection->handle); }

QString Database::path() const { return m_connection->path; }

sqlite3 *Database::handle() const { return m_connection->handle; }

Error Database::failure(int code, const QString &context) const { return m_connection->failure(code, context); }

Result<> Database::quickCheck()
{
    auto check = prepare("PRAGMA quick_check(5)");
    if (!check)
        return check.error();
    QStringList found;
    while (true) {
        const auto row = check->step();
        if (!row) {
            Error error = row.error();
            error.message = DatabaseText::tr("The database %1 cannot be checked.").arg(path()) + u' ' + error.message;
            return error;
        }
        if (!*row)
            break;
        found += check->text(0);
    }
    if (found == QStringList{QStringLiteral("ok")})
        return {};
    m_connection->lastCode = SQLITE_CORRUPT;
    return Error{ErrorCode::Io,
                 DatabaseText::tr("The database %1 is damaged: %2").arg(path(), found.join(QStringLiteral("; "))),
                 path()};
}

Result<> Database::backupTo(const QString &target, const std::function<bool()> &keepGoing)
{
    const QString unfinished = target + QStringLiteral(".tmp");
    QFile::remove(unfinished);
    {
        DatabaseOptions options;
        options.foreignKeys = false;
        auto copy = open(unfinished, options);
        if (!copy)
            return copy.error();
        // One snapshot from the first page to the last: without it every commit of another connection would make the
        // copying start over.
        const bool ownSnapshot = !inTransaction();
        if (ownSnapshot) {
            if (auto begun = exec("BEGIN; SELECT count(*) FROM sqlite_schema"); !begun)
                return begun;
        }
        const auto endSnapshot = qScopeGuard([this, ownSnapshot] {
            if (ownSnapshot)
                sqlite3_exec(handle(), "COMMIT", nullptr, nullptr, nullptr);
        });
        const QByteArray schema = m_connection->mainSchema.isEmpty() ? QByteArray("main") : m_connection->mainSchema;
        sqlite3_backup *backup = sqlite3_backup_init(copy->handle(), "main", handle(), schema.constData());
        if (!backup)
            return copy->failure(sqlite3_extended_errcode(copy->handle()));
        int code = SQLITE_OK;
        bool stopped = false;
        while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
            code = sqlite3_backup_step(backup, 1024);
            stopped = code != SQLITE_DONE && keepGoing && !keepGoing();
            if (stopped)
                break;
            if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
                sqlite3_sleep(5);
        }
        const int finished = sqlite3_backup_finish(backup);
        if (stopped || finished != SQLITE_OK) {
            const Error error = stopped
                ? Error{ErrorCode::Cancelled,
                        DatabaseText::tr("Copying the database %1 was stopped.").arg(path()),
                        path()}
                : copy->failure(finished,
                                DatabaseText::tr("The database %1 cannot be copied to %2.").arg(path(), target));
            m_connection->lastCode = stopped ? SQLITE_INTERRUPT : copy->lastCode().extended;
            QFile::remove(unfinished);
            return error;
        }
    }
    if (auto synced = syncToDisk(unfinished, O_RDONLY); !synced)
        return synced;
    if (::rename(QFile::encodeName(unfinished).constData(), QFile::encodeName(target).constData()) != 0) {
        const int error = errno;
        QFile::remove(unfinished);
        return Error{
            ErrorCode::Io, DatabaseText::tr("%1 cannot be written: %2.").arg(target, qt_error_string(error)), target};
    }
    return syncToDisk(QFileInfo(target).absolutePath(), O_RDONLY | O_DIRECTORY);
}

} // namespace engine
