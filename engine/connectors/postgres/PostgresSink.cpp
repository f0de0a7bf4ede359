#include "engine/connectors/postgres/PostgresSink.h"

#include "engine/base/CrashPoint.h"
#include "engine/connectors/postgres/PostgresEncoder.h"
#include "engine/connectors/SqlScript.h"
#include "engine/connectors/ValueText.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QRegularExpression>
#include <QtEndian>

#include <thread>

namespace engine {
namespace {

struct PostgresSinkText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresSink)
};

constexpr size_t sendAt = 128 * 1024; // bytes
constexpr qsizetype rememberedBatches = 64; // of rows sent: more than what sockets and server hold back
constexpr std::chrono::milliseconds lockPoll(50);

// The advisory lock that a load holds from before its ledger row until its transaction is over.
QString lockKeyOf(const LoadId &load)
{
    const QByteArray name = "slipway load " + load.text().toUtf8();
    const QByteArray hash = QCryptographicHash::hash(name, QCryptographicHash::Sha256);
    return QString::number(qFromBigEndian<qint64>(hash.constData()));
}

} // namespace

PostgresSink::PostgresSink(Target target) : m_target(std::move(target)) { }

PostgresSink::~PostgresSink() { rollBack(); }

Error PostgresSink::fail(ErrorCode code, const QString &name, const QString &message)
{
    m_failureName = name;
    m_isTransient = false;
    return {code, message, m_table.name.isEmpty() ? m_target.table : QString(m_table.schema + u'.' + m_table.name)};
}

Error PostgresSink::failure(const Error &reported, const QString &what)
{
    if (m_cancel.isCancelled())
        return fail(ErrorCode::Cancelled, {}, PostgresSinkText::tr("The copy was cancelled."));
    const QByteArray state = m_connection ? m_connection->serverError().state : QByteArray();
    if (state.startsWith("53100")) {
        return fail(ErrorCode::Io,
                    QStringLiteral("SinkFull"),
                    PostgresSinkText::tr("%1: the disk of the PostgreSQL server is full.").arg(what));
    }
    if (state == "25006") {
        return fail(ErrorCode::Io,
                    QStringLiteral("SinkReadOnly"),
                    PostgresSinkText::tr("%1: the PostgreSQL server or database is read-only.").arg(what));
    }
    const bool isLost = !m_connection || m_connection->isLost();
    Error error = fail(isLost ? ErrorCode::Io : reported.code,
                       isLost ? QStringLiteral("SqlFailedToConnect") : QStringLiteral("SqlOperationFailed"),
                       what + QStringLiteral(": ") + reported.message);
    static const QList<QByteArray> passing{"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300"};
    m_isTransient = isLost || state.startsWith("08") || passing.contains(state);
    return error;
}

Result<> PostgresSink::connect(const CancelToken &cancel)
{
    auto opened = PostgresConnection::open(m_target.connection, cancel);
    if (!opened) {
        m_failureName = QStringLiteral("SqlFailedToConnect");
        m_isTransient = opened.error().code != ErrorCode::Cancelled;
        return opened.error();
    }
    m_connection = std::move(*opened);
    return {};
}

Result<QList<SinkColumn>> PostgresSink::open(const CancelToken &cancel)
{
    m_cancel = cancel;
    if (auto connected = connect(cancel); !connected)
        return connected.error();
    auto table = readPostgresTable(*m_connection, m_target.schema, m_target.table);
    if (!table) {
        const Error &error = table.error();
        if (error.code == ErrorCode::NotFound)
            return fail(error.code, QStringLiteral("SinkTableNotFound"), error.message);
        if (error.code == ErrorCode::Unsupported)
            return fail(error.code, QStringLiteral("SinkNotATable"), error.message);
        return failure(error, PostgresSinkText::tr("The table “%1” cannot be read").arg(m_target.table));
    }
    m_table = std::move(*table);
    QList<SinkColumn> columns;
    for (const PostgresColumn &column : std::as_const(m_table.columns))
        columns += column.column;
    return columns;
}

Result<> PostgresSink::begin()
{
    const QString what = PostgresSinkText::tr("The load into “%1” cannot begin").arg(m_table.name);
    if (auto begun = m_connection->query("BEGIN"); !begun)
        return failure(begun.error(), what);
    const auto table = readPostgresTable(*m_connection, m_table.schema, m_table.name);
    if (!table && table.error().code != ErrorCode::NotFound) {
        const Error error = failure(table.error(), what);
        rollBack();
        return error;
    }
    if (!table || table->columns != m_table.columns) {
        rollBack();
        return fail(ErrorCode::Conflict,
                    QStringLiteral("SinkSchemaChanged"),
                    PostgresSinkText::tr("The table “%1” was changed while the copy was starting; start it again.")
                        .arg(m_table.name));
    }
    return {};
}

Result<qint64> PostgresSink::runScript(const QString &script)
{
    const QString ended =
        PostgresSinkText::tr("The pre-copy script begins or ends a transaction: it runs inside the copy's "
                             "own, so that old rows stay until the new ones are there. Remove BEGIN, "
                             "COMMIT and ROLLBACK.");
    const QString endedName = QStringLiteral("UserErrorPreCopyScriptEndedTransaction");
    const QString translated = translateScript(script, SqlDialect::PostgreSql);
    if (transactionStatement(translated, SqlDialect::PostgreSql)) {
        rollBack();
        return fail(ErrorCode::InvalidInput, endedName, ended);
    }
    const auto changed = m_connection->script(translated.toUtf8());
    if (!changed) {
        const Error error = failure(changed.error(), PostgresSinkText::tr("The pre-copy script failed"));
        rollBack();
        return error;
    }
    if (!m_connection->isInTransaction()) // by a way the screening does not know
        return fail(ErrorCode::InvalidInput, endedName, ended);
    return changed;
}

// The server says which row it refused: "COPY t, line 3, column age".
Error PostgresSink::refusedRow(const Error &reported)
{
    const ServerError said = m_connection->serverError();
    static const QRegularExpression place(QStringLiteral("^COPY .*?, \\S+ (\\d+)(?:, \\S+ ([^:\\n]+))?"),
                                          QRegularExpression::MultilineOption);
    static const QRegularExpression key(QStringLiteral("\\(([^)]*)\\)=\\((.*)\\)"));
    const QRegularExpressionMatch at = place.match(said.context);
    if (!at.hasMatch())
        return failure(reported, PostgresSinkText::tr("The load into “%1” failed").arg(m_table.name));
    RowProblem problem;
    problem.row = at.captured(1).toLongLong();
    for (const SentBatch &batch : std::as_const(m_sent)) {
        const qint64 index = at.captured(1).toLongLong() - batch.firstSent;
        if (index < 0 || index >= qint64(batch.rowNumbers.size()))
            continue;
        problem.file = batch.file;
        problem.row = batch.rowNumbers[size_t(index)];
        if (!batch.lineNumbers.empty())
            problem.line = batch.lineNumbers[size_t(index)];
    }
    problem.column = said.column.isEmpty() ? at.captured(2) : said.column;
    const QRegularExpressionMatch duplicate = key.match(said.detail);
    if (duplicate.hasMatch()) {
        problem.column = duplicate.captured(1);
        problem.value = duplicate.captured(2).left(200);
    }
    const bool isConstraint = said.state.startsWith("23");
    problem.code =
        isConstraint ? QStringLiteral("UserErrorSinkConstraint") : QStringLiteral("UserErrorInvalidDataValue");
    problem.message =
        PostgresSinkText::tr("The table “%1” refuses row %2: %3.").arg(m_table.name).arg(problem.row).arg(said.message);
    if (!said.detail.isEmpty())
        problem.message += u' ' + said.detail.left(400);
    m_rowProblem = problem;
    return fail(ErrorCode::InvalidInput, problem.code, problem.message);
}

Result<LoadResult> PostgresSink::load(const QList<int> &columns, BatchStream &rows)
{
    m_rowProblem.reset();
    m_sent.clear();
    const QString what = PostgresSinkText::tr("The load into “%1” failed").arg(m_table.name);
    QByteArray names;
    for (const int index : columns)
        names += (names.isEmpty() ? "" : ", ") + quoteIdentifier(m_table.columns.at(index).column.name).toUtf8();
    const QByteArray copy = "COPY " + m_table.qualified().toUtf8() + " (" + names + ") FROM STDIN (FORMAT binary)";
    if (auto begun = m_connection->beginCopy(copy); !begun) {
        const Error error = failure(begun.error(), what);
        rollBack();
        return error;
    }
    auto loaded = sendRows(columns, rows);
    if (!loaded)
        rollBack();
    return loaded;
}

Result<LoadResult> PostgresSink::sendRows(const QList<int> &columns, BatchStream &rows)
{
    const QString what = PostgresSinkText::tr("The load into “%1” failed").arg(m_table.name);
    std::vector<PostgresEncoder> encoders;
    for (const int index : columns)
        encoders.emplace_back(m_table.columns.at(index));
    CopyBuffer buffer;
    buffer.put({"PGCOPY\n\377\r\n\0", 11});
    buffer.put32(0); // flags
    buffer.put32(0); // length of a header extension
    LoadResult result;
    const auto stop = [&](Error error) {
        m_connection->abandonCopy("the rows ended early");
        return error;
    };
    while (true) {
        const auto next =
            m_cancel.isCancelled() ? Result<const RowBatch *>(Error{ErrorCode::Cancelled, {}, {}}) : rows.next();
        if (!next) {
            Error error = fail(next.error().code, {}, next.error().message);
            error.where = next.error().where;
            return stop(error);
        }
        const RowBatch *batch = *next;
        if (!batch)
            break;
        for (size_t c = 0; c < encoders.size(); ++c) {
            if (!encoders[c].accepts(batch->columns[c].type))
                return stop(fail(ErrorCode::InvalidInput,
                                 QStringLiteral("UserErrorInvalidDataValue"),
                                 PostgresSinkText::tr("The column “%1” (%2) takes no value of type %3.")
                                     .arg(encoders[c].target().column.name,
                                          encoders[c].target().column.physicalType,
                                          toString(batch->columns[c].type))));
            const auto refusal = encoders[c].take(batch->columns[c], batch->rows);
            if (!refusal)
                continue;
            const size_t row = size_t(refusal->row);
            m_rowProblem = RowProblem{QStringLiteral("UserErrorInvalidDataValue"),
                                      batch->file,
                                      batch->rowNumbers[row],
                                      batch->lineNumbers.empty() ? 0 : batch->lineNumbers[row],
                                      encoders[c].target().column.name,
                                      displayedValue(batch->columns[c], refusal->row),
                                      refusal->message};
            return stop(fail(ErrorCode::InvalidInput, m_rowProblem->code, m_rowProblem->message));
        }
        m_sent.append({result.rowsWritten + 1, batch->file, batch->rowNumbers, batch->lineNumbers});
        if (m_sent.size() > rememberedBatches)
            m_sent.removeFirst();
        for (int row = 0; row < batch->rows; ++row) {
            buffer.put16(uint16_t(encoders.size()));
            for (const PostgresEncoder &encoder : encoders)
                encoder.append(buffer, row);
            if (buffer.size() < sendAt)
                continue;
            if (auto sent = m_connection->putCopy(buffer.data(), int(buffer.size())); !sent)
                return refusedRow(sent.error());
            result.bytesWritten += qint64(buffer.size());
            buffer.clear();
        }
        result.rowsWritten += batch->rows;
    }
    buffer.put16(0xffff); // the end
    if (auto sent = m_connection->putCopy(buffer.data(), int(buffer.size())); !sent)
        return refusedRow(sent.error());
    result.bytesWritten += qint64(buffer.size());
    const auto ended = m_connection->endCopy();
    if (!ended)
        return refusedRow(ended.error());
    if (ended->affected() != result.rowsWritten)
        return fail(
            ErrorCode::InvalidInput,
            QStringLiteral("UserErrorSinkConstraint"),
            PostgresSinkText::tr("The table “%1” took %2 of %3 rows: a trigger or rule of it drops rows silently.")
                .arg(m_table.name)
                .arg(ended->affected())
                .arg(result.rowsWritten));
    return result;
}

QString PostgresSink::ledgerTable() const
{
    return qualifiedName(m_table.schema, QStringLiteral("_slipway_load_ledger"));
}

Result<> PostgresSink::ensureLedger()
{
    const QString what = PostgresSinkText::tr("The load cannot be entered in the load ledger");
    const auto isThere = [&]() -> Result<bool> {
        const auto found = m_connection->query("SELECT to_regclass($1) IS NOT NULL", {ledgerTable()});
        if (!found)
            return failure(found.error(), what);
        return found->isTrue(0, 0);
    };
    auto there = isThere();
    if (!there || *there)
        return there ? Result<>() : Result<>(there.error());
    const QByteArray create = "CREATE TABLE " + ledgerTable().toUtf8()
        + " (load_id text PRIMARY KEY, run_id text NOT NULL, activity text NOT NULL, attempt integer NOT NULL, "
          "rows_written bigint NOT NULL, checksum text NOT NULL, committed_at timestamptz NOT NULL DEFAULT now())";
    if (auto point = m_connection->query("SAVEPOINT slipway_ledger"); !point)
        return failure(point.error(), what);
    const auto created = m_connection->query(create);
    if (created)
        return {};
    const QByteArray state = m_connection->serverError().state;
    const Error refused = created.error();
    if (auto back = m_connection->query("ROLLBACK TO SAVEPOINT slipway_ledger"); !back)
        return failure(back.error(), what);
    there = isThere(); // another load may have made it meanwhile
    if (!there)
        return there.error();
    if (*there)
        return {};
    if (state == "42501")
        return fail(ErrorCode::Io,
                    QStringLiteral("SqlOperationFailed"),
                    PostgresSinkText::tr("%1: the user may not create it. Let an administrator run: %2")
                        .arg(what, QString::fromUtf8(create)));
    return failure(refused, what);
}

Result<> PostgresSink::writeLedger(const LedgerRow &row)
{
    const QString what = PostgresSinkText::tr("The load cannot be entered in the load ledger");
    // Held until the transaction is over: whoever looks the load up waits for it (findLoad).
    if (auto locked = m_connection->query("SELECT pg_advisory_xact_lock($1::bigint)", {lockKeyOf(row.load)}); !locked)
        return failure(locked.error(), what);
    if (auto ledger = ensureLedger(); !ledger)
        return ledger;
    const QByteArray table = ledgerTable().toUtf8();
    const auto pruned =
        m_connection->query("DELETE FROM " + table + " WHERE committed_at < now() - interval '30 days'");
    if (!pruned)
        return failure(pruned.error(), what);
    const auto written =
        m_connection->query("INSERT INTO " + table
                                + " (load_id, run_id, activity, attempt, rows_written, checksum, "
                                  "committed_at) VALUES ($1, $2, $3, $4::integer, $5::bigint, $6, now())",
                            {row.load.text(),
                             row.run,
                             row.activity,
                             QString::number(row.attempt),
                             QString::number(row.rowsWritten),
                             row.checksum});
    if (!written)
        return failure(written.error(), what);
    m_load = row.load;
    return {};
}

std::pair<Sink::CommitAnswer, Error> PostgresSink::commit()
{
    const QString what = PostgresSinkText::tr("The load into “%1” cannot be committed").arg(m_table.name);
    m_cancel = {}; // from here on it is all or nothing
    m_connection->setCancel(m_cancel);
    if (auto sent = m_connection->send("COMMIT"); sent) {
        crashPoint(CrashPoint::copyCommitSent);
        const auto committed = m_connection->answer();
        if (committed && committed->tag() == "COMMIT")
            return {CommitAnswer::Committed, {}};
        const bool isKnown = committed || !m_connection->isLost();
        if (isKnown) { // an error of a deferred constraint, or ROLLBACK as the answer
            const ServerError said = m_connection->serverError();
            if (!committed && said.state.startsWith("23")) {
                RowProblem problem;
                problem.code = QStringLiteral("UserErrorSinkConstraint");
                problem.column = said.column;
                problem.message =
                    PostgresSinkText::tr("The table “%1” refuses the rows: %2.").arg(m_table.name, said.message);
                if (!said.detail.isEmpty())
                    problem.message += u' ' + said.detail.left(400);
                m_rowProblem = problem;
                return {CommitAnswer::RolledBack, fail(ErrorCode::InvalidInput, problem.code, problem.message)};
            }
            const Error reported = committed
                ? Error{ErrorCode::Io, PostgresSinkText::tr("the server had rolled the transaction back"), {}}
                : committed.error();
            return {CommitAnswer::RolledBack, failure(reported, what)};
        }
    }
    // No answer: the server may have committed all the same. Its ledger knows, once the old session is over.
    const Error lost = failure({ErrorCode::Io, PostgresSinkText::tr("the connection was lost"), {}}, what);
    const auto deadline = std::chrono::steady_clock::now() + m_target.outcomeLimit;
    while (true) {
        m_connection.reset();
        const auto found = findLoad(m_load);
        if (found)
            return {*found ? CommitAnswer::Committed : CommitAnswer::RolledBack, lost};
        if (m_cancel.isCancelled() || std::chrono::steady_clock::now() > deadline)
            return {CommitAnswer::Unknown, lost};
        std::this_thread::sleep_for(lockPoll * 10);
    }
}

void PostgresSink::rollBack()
{
    if (!m_connection || !m_connection->isInTransaction())
        return;
    auto sent = m_connection->send("ROLLBACK");
    const bool rolledBack = sent && m_connection->answer();
    if (!rolledBack)
        m_connection->close(); // the server rolls back what loses its session
}

Result<std::optional<LedgerRow>> PostgresSink::readLedger(const LoadId &load)
{
    const QString what = PostgresSinkText::tr("The load ledger cannot be read");
    const auto there = m_connection->query("SELECT to_regclass($1) IS NOT NULL", {ledgerTable()});
    if (!there)
        return failure(there.error(), what);
    if (!there->isTrue(0, 0))
        return std::optional<LedgerRow>();
    const auto found = m_connection->query("SELECT run_id, activity, attempt, rows_written, checksum FROM "
                                               + ledgerTable().toUtf8() + " WHERE load_id = $1",
                                           {load.text()});
    if (!found)
        return failure(found.error(), what);
    if (found->count() == 0)
        return std::optional<LedgerRow>();
    return std::optional(LedgerRow{load,
                                   found->text(0, 0),
                                   found->text(0, 1),
                                   int(found->integer(0, 2)),
                                   found->integer(0, 3),
                                   found->text(0, 4)});
}

Result<std::optional<LedgerRow>> PostgresSink::findLoad(const LoadId &load)
{
    const QString what = PostgresSinkText::tr("The load ledger cannot be read");
    if (!m_connection || m_connection->isLost()) {
        if (auto connected = connect(m_cancel); !connected)
            return connected.error();
    }
    if (m_table.name.isEmpty()) { // not opened: where the table is, the ledger is
        auto table = readPostgresTable(*m_connection, m_target.schema, m_target.table);
        if (!table)
            return failure(table.error(), what);
        m_table = std::move(*table);
    }
    const bool ownTransaction = !m_connection->isInTransaction();
    if (ownTransaction) {
        if (auto begun = m_connection->query("BEGIN"); !begun)
            return failure(begun.error(), what);
    }
    const auto deadline = std::chrono::steady_clock::now() + m_target.outcomeLimit;
    while (true) {
        const auto locked = m_connection->query("SELECT pg_try_advisory_xact_lock($1::bigint)", {lockKeyOf(load)});
        if (!locked)
            return failure(locked.error(), what);
        if (locked->isTrue(0, 0))
            break;
        if (m_cancel.isCancelled() || std::chrono::steady_clock::now() > deadline) {
            if (ownTransaction)
                rollBack();
            Error error = failure(
                {ErrorCode::Io, PostgresSinkText::tr("another session is still working on the same load"), {}}, what);
            m_isTransient = true;
            return error;
        }
        std::this_thread::sleep_for(lockPoll);
    }
    auto found = readLedger(load);
    if (ownTransaction)
        rollBack();
    return found;
}

} // namespace engine
