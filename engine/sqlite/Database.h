#pragma once

#include "engine/sqlite/Statement.h"

#include <chrono>
#include <functional>

namespace engine {

struct DatabaseOptions
{
    enum class Mode { ReadOnly, ReadWrite, Create } mode = Mode::Create;
    std::chrono::milliseconds busyTimeout{5000}; // how long a statement waits for somebody else's lock
    bool foreignKeys = true;
    bool allowUri = false; // "file:…?immutable=1"
    QByteArray mainSchema = {}; // another name for the schema "main": with "dbo", `dbo.Customers` means main's table
};

// One connection. Move-only; closes itself when the last of its statements is gone too. No locks inside: it belongs to
// one thread at a time, only interrupt() may be called from elsewhere. Names and texts are UTF-8.
class Database
{
public:
    // NotFound when the file is not there (without Create), Io otherwise.
    static Result<Database> open(const QString &path, const DatabaseOptions &options = {});

    Result<> exec(const QByteArray &sql); // any number of statements; rows are dropped
    // The first statement in `sql`; InvalidInput when it is none. `reused` = kept for long and stepped often.
    Result<Statement> prepare(const QByteArray &sql, bool reused = false);
    // The first column of the first row; nothing when there is no row.
    Result<std::optional<qint64>> integer(const QByteArray &sql);
    Result<std::optional<QString>> text(const QByteArray &sql);

    // An SQL function of one text for this connection's own statements; null stays null.
    Result<> addTextFunction(const char *name, QString (*function)(const QString &));

    bool inTransaction() const;
    qint64 lastInsertId() const;
    qint64 changes() const; // rows changed by the last statement
    qint64 totalChanges() const;
    SqliteCode lastCode() const; // of the last call here or on a statement that failed
    void forgetCode(); // lastCode() is 0 until the next failure
    void setBusyTimeout(std::chrono::milliseconds timeout);
    void setCheckpointOnClose(bool on); // on unless set: the last connection to a WAL file writes its log back
    void interrupt(); // thread-safe; the running statement fails with Cancelled

    // What PRAGMA quick_check finds; an Io error lists it.
    Result<> quickCheck();
    // A copy of one moment while others go on reading and writing (in WAL mode; else writers wait). The copy appears
    // whole under `path` or not at all.
    // `keepGoing` is asked between portions; false gives up with Cancelled.
    Result<> backupTo(const QString &path, const std::function<bool()> &keepGoing = {});

    QString path() const;
    sqlite3 *handle() const; // for virtual tables and whatever is not wrapped here

    // Makes an Error of what SQLite reports for the connection now, and remembers its code.
    Error failure(int code, const QString &context = {}) const;

private:
    explicit Database(std::shared_ptr<SqliteConnection> connection) : m_connection(std::move(connection)) { }

    std::shared_ptr<SqliteConnection> m_connection;
};

} // namespace engine
