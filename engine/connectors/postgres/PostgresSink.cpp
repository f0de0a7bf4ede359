#include "engine/connectors/postgres/PostgresSink.h"

#include "engine/base/CrashPoint.h"
#include "engine/connectors/postgres/PostgresEncoder.h"
#include "engine/connectors/postgres/PostgresProcedureLoad.h"
#include "engine/connectors/postgres/PostgresRefusal.h"
#include "engine/connectors/postgres/PostgresStagedLoad.h"
#include "engine/connectors/SqlScript.h"
#include "engine/connectors/TableKey.h"
#include "engine/connectors/TimedRows.h"
#include "engine/connectors/ValueText.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <thread>

namespace engine {
namespace {

struct PostgresSinkText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresSink)
};

constexpr size_t sendAt = 128 * 1024; // bytes
constexpr qint64 heldBack = qint64(12) * 1024 * 1024; // bytes of rows sent: more than sockets and server hold back
constexpr std::chrono::milliseconds outcomePoll(500);

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
    if (m_connection && m_connection->isLate())
        return fail(ErrorCode::Timeout,
                    QStringLiteral("SqlOperationFailed"),
                    PostgresSinkText::tr("%1: a batch took longer than the %2 seconds that writeBatchTimeout allows.")
                        .arg(what)
                        .arg(double(m_target.options.batchTimeout.count()) / 1000));
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
    auto table = findTarget();
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

// The table, without columns when it is to be made, or the form of the rows that a procedure takes.
Result<PostgresTable> PostgresSink::findTarget()
{
    if (m_target.options.behavior == LoadOptions::Behavior::Procedure) {
        const QStringList parts = partsOfSqlName(m_target.options.tableType);
        const QString schema = parts.size() > 1 ? parts.at(parts.size() - 2) : QString();
        auto type = describePostgresTable(*m_connection, schema, parts.last());
        if (!type && type.error().code == ErrorCode::NotFound)
            return Error{
                ErrorCode::NotFound,
                PostgresSinkText::tr("There is no composite type or table “%1” (sqlWriterTableType), whose form "
                                     "the rows for the procedure “%2” would have: CREATE TYPE makes one.")
                    .arg(m_target.options.tableType, m_target.options.procedure),
                m_target.options.tableType};
        return type;
    }
    auto table = readPostgresTable(*m_connection, m_target.schema, m_target.table);
    if (table || table.error().code != ErrorCode::NotFound || !m_target.options.makesTable)
        return table;
    const auto schema =
        m_connection->query("SELECT nspname FROM pg_namespace WHERE nspname = CASE WHEN $1 = '' THEN current_schema() "
                            "ELSE $1 END",
                            {m_target.schema.isNull() ? QStringLiteral("") : m_target.schema});
    if (!schema)
        return schema.error();
    if (schema->count() == 0)
        return table; // says that there is no such schema
    m_makesTable = true;
    return PostgresTable{schema->text(0, 0), m_target.table, QStringLiteral("r"), {}};
}

Result<> PostgresSink::define(const QList<SinkColumn> &columns)
{
    constexpr int longestName = 63; // bytes; PostgreSQL cuts the rest off
    m_table.columns.clear();
    for (const SinkColumn &column : columns) {
        const qsizetype length = column.name.toUtf8().size();
        if (length == 0 || length > longestName || column.name.contains(QChar(u'\0')))
            return fail(
                ErrorCode::InvalidInput,
                QStringLiteral("UserErrorInvalidColumnMapping"),
                PostgresSinkText::tr("The new table “%1” cannot have a column called “%2”: PostgreSQL's names "
                                     "have 1 to %3 bytes and no character of code zero. Map it to another name.")
                    .arg(m_target.table, column.name)
                    .arg(longestName));
        PostgresColumn made;
        made.column = column;
        made.column.physicalType = postgresTypeFor(column.type);
        m_table.columns += made;
    }
    return {};
}

// As the columns were defined; the keys of an upsert become its primary key.
Result<> PostgresSink::makeTable()
{
    QList<SinkColumn> columns;
    for (const PostgresColumn &column : std::as_const(m_table.columns))
        columns += column.column;
    const bool isUpsert = m_target.options.behavior == LoadOptions::Behavior::Upsert;
    const QByteArray definition = tableDefinition(columns, isUpsert ? m_target.options.keys : QStringList());
    const QByteArray name = m_table.qualified().toUtf8();
    if (auto made = m_connection->query("CREATE TABLE " + name + " (" + definition + ')'); !made)
        return made.error();
    auto table = readPostgresTable(*m_connection, m_table.schema, m_table.name);
    if (!table)
        return table.error();
    m_table = std::move(*table);
    return {};
}

// Others may read, not write.
Result<> PostgresSink::lockTable()
{
    if (!m_target.options.locksTable || m_target.options.behavior == LoadOptions::Behavior::Procedure)
        return {};
    const auto locked = m_connection->query("LOCK TABLE " + m_table.qualified().toUtf8() + " IN EXCLUSIVE MODE");
    return locked ? Result<>() : Result<>(locked.error());
}

Result<> PostgresSink::begin()
{
    const QString what = PostgresSinkText::tr("The load into “%1” cannot begin").arg(m_table.name);
    if (auto begun = m_connection->query("BEGIN"); !begun)
        return failure(begun.error(), what);
    const Result<> prepared = m_makesTable ? makeTable() : lockTable();
    if (!prepared) {
        const Error error = failure(prepared.error(), what);
        rollBack();
        return error;
    }
    if (m_makesTable)
        return {};
    const auto table = m_target.options.behavior == LoadOptions::Behavior::Procedure
        ? findTarget()
        : readPostgresTable(*m_connection, m_table.schema, m_table.name);
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
    const QRegularExpressionMatch at = place.match(said.context);
    if (!at.hasMatch() || said.state == "57014") // stopped: no row is to blame
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
    problem = describeRefusal(problem, m_table.name, said, at.captured(2));
    m_rowProblem = problem;
    return fail(ErrorCode::InvalidInput, problem.code, problem.message);
}

void PostgresSink::renewDeadline()
{
    if (m_target.options.batchTimeout.count() > 0)
        m_connection->setDeadline(std::chrono::steady_clock::now() + m_target.options.batchTimeout);
}

Result<LoadResult> PostgresSink::load(const QList<int> &columns, BatchStream &rows)
{
    m_rowProblem.reset();
    TimedRows timed(rows, [this] { renewDeadline(); });
    renewDeadline();
    const bool isPlain = !m_rejecter && m_target.options.behavior == LoadOptions::Behavior::Insert;
    const bool isProcedure = m_target.options.behavior == LoadOptions::Behavior::Procedure;
    auto loaded = isPlain ? copyRows(columns, timed)
        : isProcedure     ? callProcedure(columns, timed)
                          : loadStaged(columns, timed);
    m_connection->setDeadline({});
    if (!loaded)
        rollBack();
    return loaded;
}

// Runs the load and tells its errors as the sink's.
template <typename Load> Result<LoadResult> PostgresSink::outcomeOf(Load &load, BatchStream &rows, const QString &what)
{
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

Result<LoadResult> PostgresSink::loadStaged(const QList<int> &columns, BatchStream &rows)
{
    const QString what = PostgresSinkText::tr("The load into “%1” failed").arg(m_table.name);
    PostgresStagedLoad::Into into{m_table, columns, {}, m_rejecter};
    if (m_target.options.behavior == LoadOptions::Behavior::Upsert) {
        QStringList names;
        for (const int index : columns)
            names += m_table.columns.at(index).column.name;
        const auto keys = readPostgresKeys(*m_connection, m_table);
        if (!keys)
            return failure(keys.error(), what);
        const auto key = chooseKey(*keys, m_target.options.keys, names, m_table.name);
        if (!key) {
            fail(key.error().code, QStringLiteral("UserErrorInvalidUpsertKeys"), key.error().message);
            return key.error();
        }
        into.key = *key;
    }
    PostgresStagedLoad load(*m_connection, into, m_cancel);
    return outcomeOf(load, rows, what);
}

Result<LoadResult> PostgresSink::callProcedure(const QList<int> &columns, BatchStream &rows)
{
    const QString what = PostgresSinkText::tr("The procedure “%1” failed").arg(m_target.options.procedure);
    PostgresProcedureLoad load(*m_connection, {m_table, columns, m_target.options, m_rejecter}, m_cancel);
    auto loaded = outcomeOf(load, rows, what);
    if (!loaded && load.isMisfit()) {
        fail(loaded.error().code, QStringLiteral("UserErrorInvalidStoredProcedure"), {});
        return Error{loaded.error().code, loaded.error().message, {}};
    }
    return loaded;
}

Result<LoadResult> PostgresSink::copyRows(const QList<int> &columns, BatchStream &rows)
{
    m_sent.clear();
    const QString what = PostgresSinkText::tr("The load into “%1” failed").arg(m_table.name);
    QByteArray names;
    for (const int index : columns)
        names += (names.isEmpty() ? "" : ", ") + quoteIdentifier(m_table.columns.at(index).column.name).toUtf8();
    const QByteArray copy = "COPY " + m_table.qualified().toUtf8() + " (" + names + ") FROM STDIN (FORMAT binary)";
    if (auto begun = m_connection->beginCopy(copy); !begun)
        return failure(begun.error(), what);
    return sendRows(columns, rows);
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
        m_sent.append(
            {result.rowsWritten + 1, batch->file, batch->rowNumbers, batch->lineNumbers, result.bytesWritten});
        while (m_sent.size() > 1 && result.bytesWritten - m_sent.at(1).sentBytes > heldBack)
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
        std::this_thread::sleep_for(outcomePoll);
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

std::optional<QString> PostgresSink::refusal(int column, const Column &value) const
{
    PostgresEncoder encoder(m_table.columns.at(column));
    if (!encoder.accepts(value.type))
        return {}; // which matching the columns has seen to
    const auto refused = encoder.take(value, 1);
    return refused ? std::optional(refused->message) : std::nullopt;
}

} // namespace engine
