#include "engine/connectors/postgres/PostgresConnection.h"

#include <QCoreApplication>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <vector>

#include <poll.h>

namespace engine {
namespace {

struct PostgresConnectionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresConnection)
};

constexpr int pollMilliseconds = 50;
constexpr std::chrono::seconds stopGrace(5); // from asking the server to stop to closing the connection

QString field(const PGresult *result, int code)
{
    return QString::fromUtf8(PQresultErrorField(result, code)).trimmed();
}

Error cancelled() { return {ErrorCode::Cancelled, PostgresConnectionText::tr("The copy was cancelled."), {}}; }

QString oneLine(const char *message) { return QString::fromUtf8(message).simplified(); }

// libpq tells why a connection failed in words only.
QString blamedKeyword(const PGconn *handle)
{
    const QByteArray said(PQerrorMessage(handle));
    const auto says = [&said](const char *part) { return said.contains(part); };
    if (PQconnectionNeedsPassword(handle) || says("password authentication failed"))
        return QStringLiteral("password");
    if (says("SSL") || says("certificate"))
        return QStringLiteral("sslmode");
    if (says("database \"") && says("does not exist"))
        return QStringLiteral("dbname");
    if (says("role \"") || says("authentication failed") || says("pg_hba.conf"))
        return QStringLiteral("user");
    if (says("could not translate host name") || says("Connection refused") || says("No such file or directory")
        || says("unreachable") || says("timed out"))
        return QStringLiteral("host");
    return {};
}

// Over a connection of its own, which libpq waits for as long as the network lets it: not on this thread. When nobody
// hears it, the deadline of the caller closes the connection.
void askToStop(PGconn *handle)
{
    PGcancel *const request = PQgetCancel(handle);
    if (!request)
        return;
    std::thread([request] {
        char why[256];
        PQcancel(request, why, sizeof why);
        PQfreeCancel(request);
    }).detach();
}

} // namespace

QString PostgresConnection::Rows::text(int row, int column) const
{
    if (PQgetisnull(m_result.get(), row, column))
        return {};
    const QString value =
        QString::fromUtf8(PQgetvalue(m_result.get(), row, column), PQgetlength(m_result.get(), row, column));
    return value.isNull() ? QStringLiteral("") : value;
}

std::optional<std::string_view> PostgresConnection::Rows::bytes(int row, int column) const
{
    if (PQgetisnull(m_result.get(), row, column))
        return std::nullopt;
    return std::string_view(PQgetvalue(m_result.get(), row, column), size_t(PQgetlength(m_result.get(), row, column)));
}

qint64 PostgresConnection::Rows::affected() const
{
    const char *count = PQcmdTuples(m_result.get());
    return *count ? QByteArray(count).toLongLong() : -1;
}

Result<PostgresConnection>
PostgresConnection::open(const QString &conninfo, const CancelToken &cancel, std::chrono::seconds limit)
{
    const QByteArray info = conninfo.toUtf8();
    // What stands before "dbname" the conninfo may override, what stands after it not.
    const char *const keywords[] = {
        "fallback_application_name", "keepalives_idle", "keepalives_interval", "dbname", "client_encoding", nullptr};
    const char *const values[] = {"slipway", "20", "5", info.constData(), "UTF8", nullptr};
    PostgresConnection connection(PQconnectStartParams(keywords, values, 1), cancel);
    PGconn *handle = connection.m_handle.get();
    const auto refused = [&](const QString &why, const QString &keyword = {}) {
        return Error{ErrorCode::Io, PostgresConnectionText::tr("PostgreSQL cannot be reached: %1").arg(why), keyword};
    };
    if (!handle)
        return refused(PostgresConnectionText::tr("out of memory"));
    const auto deadline = std::chrono::steady_clock::now() + limit;
    PostgresPollingStatusType status =
        PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
        if (cancel.isCancelled())
            return cancelled();
        if (std::chrono::steady_clock::now() > deadline)
            return refused(PostgresConnectionText::tr("no answer within %1 seconds").arg(limit.count()),
                           QStringLiteral("host"));
        pollfd waiting{PQsocket(handle), short(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        if (::poll(&waiting, 1, pollMilliseconds) > 0)
            status = PQconnectPoll(handle);
    }
    if (status != PGRES_POLLING_OK)
        return refused(oneLine(PQerrorMessage(handle)), blamedKeyword(handle));
    PQsetnonblocking(handle, 1);
    // While rows are sent nothing but an error may come back (see putCopy).
    if (auto quiet = connection.query("SET client_min_messages = error"); !quiet)
        return quiet.error();
    return connection;
}

Error PostgresConnection::lost()
{
    m_serverError = {};
    m_serverError.message = m_handle ? oneLine(PQerrorMessage(m_handle.get())) : QString();
    if (m_cancel.isCancelled())
        return cancelled();
    return {ErrorCode::Io,
            PostgresConnectionText::tr("The connection to PostgreSQL was lost: %1").arg(m_serverError.message),
            {}};
}

Error PostgresConnection::failure(const PGresult *result)
{
    if (!result || (isLost() && !PQresultErrorField(result, PG_DIAG_SQLSTATE)))
        return lost();
    m_serverError = {PQresultErrorField(result, PG_DIAG_SQLSTATE),
                     field(result, PG_DIAG_MESSAGE_PRIMARY),
                     field(result, PG_DIAG_MESSAGE_DETAIL),
                     field(result, PG_DIAG_CONTEXT),
                     field(result, PG_DIAG_COLUMN_NAME),
                     field(result, PG_DIAG_CONSTRAINT_NAME),
                     field(result, PG_DIAG_STATEMENT_POSITION).toInt()};
    if (m_serverError.message.isEmpty())
        m_serverError.message = oneLine(PQresultErrorMessage(result));
    if (m_cancel.isCancelled())
        return cancelled();
    QString said = m_serverError.message;
    if (const QString hint = field(result, PG_DIAG_MESSAGE_HINT); !hint.isEmpty())
        said += QStringLiteral(" (") + hint + u')';
    const bool isLoss = m_serverError.state.startsWith("08") || m_serverError.state.startsWith("57P");
    return {isLoss ? ErrorCode::Io : ErrorCode::InvalidInput,
            PostgresConnectionText::tr("PostgreSQL says: %1.").arg(said),
            {}};
}

Result<> PostgresConnection::wait(Wait what, bool *isReadable)
{
    pollfd waiting{PQsocket(m_handle.get()), short(what == Wait::Read ? POLLIN : POLLIN | POLLOUT), 0};
    while (true) {
        if (waiting.fd < 0)
            return lost();
        const int ready = ::poll(&waiting, 1, pollMilliseconds);
        if (ready > 0 && isReadable)
            *isReadable |= (waiting.revents & POLLIN) != 0;
        if (ready > 0)
            return {};
        if (ready < 0 && errno != EINTR)
            return lost();
        m_isLate |= m_deadline && std::chrono::steady_clock::now() > *m_deadline;
        if (!m_cancel.isCancelled() && !m_isLate)
            continue;
        if (!m_askedToStop) {
            m_askedToStop = true;
            m_stopDeadline = std::chrono::steady_clock::now() + stopGrace;
            askToStop(m_handle.get());
        } else if (std::chrono::steady_clock::now() > m_stopDeadline) {
            close();
            return cancelled();
        }
    }
}

Result<> PostgresConnection::flush(bool *isReadable)
{
    while (true) {
        const int left = PQflush(m_handle.get());
        if (left == 0)
            return {};
        if (left < 0)
            return lost();
        if (auto ready = wait(Wait::Write, isReadable); !ready)
            return ready;
        if (!PQconsumeInput(m_handle.get())) // the server may not read on before its answer is taken
            return lost();
    }
}

Result<> PostgresConnection::send(const QByteArray &sql)
{
    if (isLost())
        return lost();
    if (m_cancel.isCancelled() && !PQisBusy(m_handle.get()) && sql != "ROLLBACK")
        return cancelled();
    if (!PQsendQuery(m_handle.get(), sql.constData()))
        return lost();
    return flush();
}

Result<PGresult *> PostgresConnection::nextResult()
{
    while (PQisBusy(m_handle.get())) {
        if (auto ready = wait(Wait::Read); !ready)
            return ready.error();
        if (!PQconsumeInput(m_handle.get()))
            return lost();
    }
    return PQgetResult(m_handle.get());
}

Result<PostgresConnection::Rows> PostgresConnection::answer()
{
    Rows last;
    std::optional<Error> error;
    while (true) {
        const auto next = nextResult();
        if (!next)
            return next.error();
        if (!*next)
            break;
        const ExecStatusType status = PQresultStatus(*next);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
            last = Rows(*next);
            continue;
        }
        if (!error)
            error = failure(*next);
        PQclear(*next);
    }
    if (error)
        return *error;
    return last;
}

Result<PostgresConnection::Rows> PostgresConnection::query(const QByteArray &sql, const QList<QString> &parameters)
{
    if (isLost())
        return lost();
    QList<QByteArray> texts;
    std::vector<const char *> values;
    for (const QString &parameter : parameters)
        texts += parameter.toUtf8();
    for (const QByteArray &text : std::as_const(texts))
        values.push_back(text.constData());
    const int sent = PQsendQueryParams(
        m_handle.get(), sql.constData(), int(values.size()), nullptr, values.data(), nullptr, nullptr, 0);
    if (!sent)
        return lost();
    if (auto flushed = flush(); !flushed)
        return flushed.error();
    return answer();
}

Result<qint64> PostgresConnection::script(const QByteArray &sql)
{
    if (auto sent = send(sql); !sent)
        return sent.error();
    PQsetSingleRowMode(m_handle.get()); // rows a script selects are dropped one by one
    qint64 changed = -1;
    std::optional<Error> error;
    while (true) {
        const auto next = nextResult();
        if (!next)
            return next.error();
        if (!*next)
            break;
        const Rows rows(*next);
        switch (PQresultStatus(*next)) {
        case PGRES_COMMAND_OK:
            if (const qint64 count = rows.affected(); count >= 0)
                changed = std::max<qint64>(changed, 0) + count;
            break;
        case PGRES_TUPLES_OK:
        case PGRES_SINGLE_TUPLE:
        case PGRES_EMPTY_QUERY:
            break;
        case PGRES_COPY_IN:
            PQputCopyEnd(m_handle.get(), "a script has no rows to copy");
            break;
        case PGRES_COPY_OUT:
        case PGRES_COPY_BOTH:
            close();
            return Error{
                ErrorCode::InvalidInput,
                PostgresConnectionText::tr("The script copies rows out to the client, which is not possible here."),
                {}};
        default:
            if (!error)
                error = failure(*next);
            break;
        }
    }
    if (error)
        return *error;
    return changed;
}

Result<> PostgresConnection::sendForRows(const QByteArray &sql, const QList<Parameter> &parameters)
{
    if (parameters.isEmpty()) {
        if (auto sent = send(sql); !sent)
            return sent;
    } else {
        if (isLost())
            return lost();
        QList<QByteArray> texts;
        std::vector<const char *> values;
        std::vector<Oid> types;
        std::vector<int> lengths;
        std::vector<int> formats;
        for (const Parameter &parameter : parameters) {
            texts += parameter.text.toUtf8();
            types.push_back(parameter.type);
            lengths.push_back(parameter.bytes ? int(parameter.bytes->size()) : 0);
            formats.push_back(parameter.bytes ? 1 : 0);
        }
        for (qsizetype i = 0; i < parameters.size(); ++i) {
            const Parameter &parameter = parameters.at(i);
            const char *const text = parameter.text.isNull() ? nullptr : texts.at(i).constData();
            values.push_back(parameter.bytes ? parameter.bytes->data() : text);
        }
        if (!PQsendQueryParams(m_handle.get(),
                               sql.constData(),
                               int(values.size()),
                               types.data(),
                               values.data(),
                               lengths.data(),
                               formats.data(),
                               0))
            return lost();
        if (auto flushed = flush(); !flushed)
            return flushed;
    }
    PQsetSingleRowMode(m_handle.get());
    return {};
}

Result<PostgresConnection::Rows> PostgresConnection::describe(const QByteArray &sql)
{
    if (isLost())
        return lost();
    if (!PQsendPrepare(m_handle.get(), "", sql.constData(), 0, nullptr))
        return lost();
    if (auto flushed = flush(); !flushed)
        return flushed.error();
    if (auto prepared = answer(); !prepared)
        return prepared.error();
    if (!PQsendDescribePrepared(m_handle.get(), ""))
        return lost();
    if (auto flushed = flush(); !flushed)
        return flushed.error();
    return answer();
}

Result<> PostgresConnection::sendDescribed()
{
    constexpr int binary = 1;
    if (isLost() || !PQsendQueryPrepared(m_handle.get(), "", 0, nullptr, nullptr, nullptr, binary))
        return lost();
    if (auto flushed = flush(); !flushed)
        return flushed;
    PQsetSingleRowMode(m_handle.get());
    return {};
}

Result<std::optional<PostgresConnection::Rows>> PostgresConnection::nextRows()
{
    const auto next = nextResult();
    if (!next)
        return next.error();
    if (!*next)
        return std::optional<Rows>();
    Rows rows(*next);
    switch (PQresultStatus(*next)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_EMPTY_QUERY:
        return std::optional<Rows>(std::move(rows));
    case PGRES_COPY_IN:
        PQputCopyEnd(m_handle.get(), "a script has no rows to copy");
        return nextRows();
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
        close();
        return Error{ErrorCode::InvalidInput,
                     PostgresConnectionText::tr("The script copies rows out to the client, which is not possible "
                                                "here."),
                     {}};
    default:
        return failure(*next);
    }
}

Result<std::shared_ptr<QStringList>> PostgresConnection::collectNotices(const QByteArray &level)
{
    if (auto heard = query("SET client_min_messages = " + level); !heard)
        return heard.error();
    m_notices = std::make_shared<QStringList>();
    PQsetNoticeReceiver(
        m_handle.get(),
        [](void *notices, const PGresult *result) {
            constexpr qsizetype most = 1000; // a loop that talks must not fill the memory
            auto *const list = static_cast<QStringList *>(notices);
            if (list->size() < most)
                list->append(field(result, PG_DIAG_MESSAGE_PRIMARY));
        },
        m_notices.get());
    return m_notices;
}

Result<> PostgresConnection::beginCopy(const QByteArray &sql) { return beginCopy(sql, PGRES_COPY_IN); }

Result<> PostgresConnection::beginCopyOut(const QByteArray &sql) { return beginCopy(sql, PGRES_COPY_OUT); }

Result<> PostgresConnection::beginCopy(const QByteArray &sql, ExecStatusType direction)
{
    if (auto sent = send(sql); !sent)
        return sent;
    const auto next = nextResult();
    if (!next)
        return next.error();
    const Rows rows(*next);
    if (*next && PQresultStatus(*next) == direction)
        return {};
    const Error error = failure(*next);
    if (auto drained = answer(); !drained && isLost())
        return drained.error();
    return error;
}

Result<> PostgresConnection::putCopy(const char *bytes, int size)
{
    // A socket that can be written takes this much at once. Of more, libpq would wait for room, and read meanwhile: a
    // refusal in its buffer is seen by nobody before the end.
    constexpr int atOnce = 32 * 1024;
    // Notices are switched off: input during a COPY is the server's refusal, and the rest need not be sent.
    bool isRefused = false;
    for (int sent = 0; sent < size && !isRefused; sent += atOnce) {
        if (auto ready = wait(Wait::Write, &isRefused); !ready)
            return ready;
        if (isRefused)
            break;
        if (PQputCopyData(m_handle.get(), bytes + sent, std::min(atOnce, size - sent)) < 0)
            return lost();
        if (auto flushed = flush(&isRefused); !flushed)
            return flushed;
    }
    if (!isRefused)
        return {};
    if (PQputCopyEnd(m_handle.get(), nullptr) < 0)
        return lost();
    auto refused = answer();
    if (!refused)
        return refused.error();
    return Error{
        ErrorCode::Internal, PostgresConnectionText::tr("PostgreSQL ended the COPY early, without saying why."), {}};
}

Result<PostgresConnection::Rows> PostgresConnection::endCopy()
{
    if (PQputCopyEnd(m_handle.get(), nullptr) < 0)
        return lost();
    if (auto flushed = flush(); !flushed)
        return flushed.error();
    return answer();
}

void PostgresConnection::abandonCopy(const QByteArray &reason)
{
    if (isLost() || PQputCopyEnd(m_handle.get(), reason.constData()) < 0 || !flush() || (!answer() && isLost()))
        close();
}

Result<std::optional<std::string_view>> PostgresConnection::nextCopied()
{
    if (isLost())
        return lost();
    while (true) {
        char *bytes = nullptr;
        const int size = PQgetCopyData(m_handle.get(), &bytes, 1);
        m_copied.reset(bytes);
        if (size > 0)
            return std::optional(std::string_view(bytes, size_t(size)));
        if (size == 0) {
            if (auto ready = wait(Wait::Read); !ready)
                return ready.error();
            if (!PQconsumeInput(m_handle.get()))
                return lost();
            continue;
        }
        if (auto ended = answer(); !ended)
            return ended.error();
        if (isLost())
            return lost();
        return std::optional<std::string_view>();
    }
}

bool PostgresConnection::isInTransaction() const
{
    if (isLost())
        return false;
    const PGTransactionStatusType status = PQtransactionStatus(m_handle.get());
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

} // namespace engine
