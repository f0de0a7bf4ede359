#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Result.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace engine {

// What the server said when it refused, field by field.
struct ServerError
{
    QByteArray state; // SQLSTATE, "23505"; empty when the connection failed
    QString message;
    QString detail;
    QString context;
    QString column;
    QString constraint;
    int position = 0; // 1-based character in the statement; 0 = not known
};

// One session. Every call waits in poll() and gives up when the token is cancelled: the server is asked to stop, and
// after a grace period the connection is closed, which rolls back. Move-only; one thread at a time.
class PostgresConnection
{
public:
    // The rows of one statement. Fields are text; NULL is a null QString.
    class Rows
    {
    public:
        explicit Rows(PGresult *result = nullptr) : m_result(result) { }
        int count() const { return PQntuples(m_result.get()); }
        QString text(int row, int column) const;
        qint64 integer(int row, int column) const { return text(row, column).toLongLong(); }
        bool isTrue(int row, int column) const { return text(row, column) == u"t"; }
        qint64 affected() const; // of INSERT, DELETE, COPY …; -1 when the statement changes no rows
        QByteArray tag() const { return PQcmdStatus(m_result.get()); }
        bool hasColumns() const { return PQnfields(m_result.get()) > 0; }
        int columnCount() const { return PQnfields(m_result.get()); }
        QString columnName(int column) const { return QString::fromUtf8(PQfname(m_result.get(), column)); }
        Oid columnType(int column) const { return PQftype(m_result.get(), column); }
        std::optional<std::string_view> bytes(int row, int column) const; // as they came; nothing = NULL
        bool isOneOfMany() const { return PQresultStatus(m_result.get()) == PGRES_SINGLE_TUPLE; } // see sendForRows

    private:
        struct Clear
        {
            void operator()(PGresult *result) const { PQclear(result); }
        };
        std::unique_ptr<PGresult, Clear> m_result;
    };

    static constexpr std::chrono::seconds connectLimit{15};
    // `conninfo` as libpq reads it; passwords come from ~/.pgpass or the environment. Io when there is no session:
    // `where` is then the keyword that is to blame (host, user, password, dbname, sslmode), empty when that is unknown.
    static Result<PostgresConnection>
    open(const QString &conninfo, const CancelToken &cancel, std::chrono::seconds limit = connectLimit);

    // One statement, with parameters $1, $2 …
    Result<Rows> query(const QByteArray &sql, const QList<QString> &parameters = {});
    // Any number of statements. Rows changed in all, -1 = not known.
    Result<qint64> script(const QByteArray &sql);
    // The two halves of a statement without parameters.
    Result<> send(const QByteArray &sql);
    Result<Rows> answer();

    // Any number of statements without parameters, or one with them ($1 …; type 0 = the server finds out). The rows are
    // then taken one at a time: each nextRows() is a row, or the end of a statement (a set that has no rows left, or
    // what was affected). Nothing = all is done; call it until then, also after an error.
    struct Parameter
    {
        QString text; // null = NULL
        Oid type = 0;
        std::optional<std::string_view> bytes = {}; // in the type's binary form, instead of the text
    };
    Result<> sendForRows(const QByteArray &sql, const QList<Parameter> &parameters);
    Result<std::optional<Rows>> nextRows();

    // The columns of the one statement `sql`, which is then prepared, without a name. It is not executed.
    Result<Rows> describe(const QByteArray &sql);
    // Executes what was described; its rows come from nextRows(), each value in the type's binary form.
    Result<> sendDescribed();

    // What the server says that is no error, from `level` on ("notice"), goes into a list that lives as long as this.
    Result<std::shared_ptr<QStringList>> collectNotices(const QByteArray &level);

    Result<> beginCopy(const QByteArray &sql);
    Result<> putCopy(const char *bytes, int size); // an error when the server has refused what it got so far
    Result<Rows> endCopy();
    void abandonCopy(const QByteArray &reason);

    // The other way round. Each message of a COPY … TO STDOUT is a row, valid until the next call; nothing = the end.
    Result<> beginCopyOut(const QByteArray &sql);
    Result<std::optional<std::string_view>> nextCopied();

    // From then on waiting is over: the server is asked to stop, as when the token is cancelled.
    void setDeadline(std::optional<std::chrono::steady_clock::time_point> deadline) { m_deadline = deadline; }
    bool isLate() const { return m_isLate; }

    bool isLost() const { return !m_handle || PQstatus(m_handle.get()) != CONNECTION_OK; }
    bool isInTransaction() const;
    void setCancel(const CancelToken &cancel) { m_cancel = cancel; }
    const ServerError &serverError() const { return m_serverError; } // of the last call that failed
    void close() { m_handle.reset(); }

private:
    explicit PostgresConnection(PGconn *handle, const CancelToken &cancel) : m_handle(handle), m_cancel(cancel) { }

    enum class Wait { Read, Write };
    Result<> beginCopy(const QByteArray &sql, ExecStatusType direction);
    // Both say besides whether something has arrived.
    Result<> wait(Wait what, bool *isReadable = nullptr);
    Result<> flush(bool *isReadable = nullptr);
    Result<PGresult *> nextResult();
    Error failure(const PGresult *result);
    Error lost();

    struct Finish
    {
        void operator()(PGconn *handle) const { PQfinish(handle); }
    };
    struct Free
    {
        void operator()(char *bytes) const { PQfreemem(bytes); }
    };
    std::unique_ptr<char, Free> m_copied; // the row given last
    std::shared_ptr<QStringList> m_notices; // outlives the handle, which writes into it
    std::unique_ptr<PGconn, Finish> m_handle;
    CancelToken m_cancel;
    std::optional<std::chrono::steady_clock::time_point> m_deadline;
    bool m_isLate = false;
    bool m_askedToStop = false;
    std::chrono::steady_clock::time_point m_stopDeadline;
    ServerError m_serverError;
};

} // namespace engine
