#include "engine/connectors/postgres/PostgresSource.h"

#include "engine/connectors/postgres/PostgresSession.h"
#include "engine/connectors/SqlScript.h"
#include "engine/connectors/TypedBatch.h"
#include "engine/connectors/ValueText.h"
#include "engine/data/ShortCopy.h"

#include <QCoreApplication>

#include <cstring>

#include <endian.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PostgresSourceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresSource)
};

constexpr std::string_view copySignature("PGCOPY\n\xff\r\n\0", 11);

bool isNothing(const SqlToken &token)
{
    return token.kind == SqlToken::Kind::Blank || token.kind == SqlToken::Kind::Comment;
}

// Without the semicolon, blanks and comments at its end.
QString withoutEnd(const QString &query)
{
    const QList<SqlToken> tokens = tokenizeSql(query, SqlDialect::PostgreSql);
    qsizetype count = tokens.size();
    while (count > 0 && (isNothing(tokens.at(count - 1)) || tokens.at(count - 1).text == u";"))
        --count;
    QString text;
    for (qsizetype i = 0; i < count; ++i)
        text += tokens.at(i).text;
    return text;
}

// Reads the message of a COPY from left to right.
struct CopyCursor
{
    std::string_view rest;

    template <typename Number> bool take(Number &number) // of 16 or 32 bits
    {
        if (rest.size() < sizeof number)
            return false;
        std::memcpy(&number, rest.data(), sizeof number);
        number = sizeof number == sizeof(uint16_t) ? Number(be16toh(uint16_t(number))) : Number(be32toh(number));
        rest.remove_prefix(sizeof number);
        return true;
    }
};

} // namespace

PostgresSource::PostgresSource(Origin origin, CancelToken cancel)
    : m_origin(std::move(origin))
    , m_cancel(std::move(cancel))
    , m_timeLeft(m_origin.queryTimeout)
{
}

PostgresSource::~PostgresSource() = default;

void PostgresSource::startClock()
{
    if (m_connection && m_origin.queryTimeout.count() > 0)
        m_connection->setDeadline(std::chrono::steady_clock::now() + m_timeLeft);
}

Error PostgresSource::failure(const Error &reported)
{
    m_isTransient = false;
    m_failureName = QStringLiteral("SqlOperationFailed");
    if (m_cancel.isCancelled() || m_stop.isCancelled())
        return {ErrorCode::Cancelled, PostgresSourceText::tr("Reading from PostgreSQL was stopped."), {}};
    if (m_connection && m_connection->isLate())
        return {ErrorCode::Timeout,
                PostgresSourceText::tr("The query on the PostgreSQL database “%1” did not end within its queryTimeout.")
                    .arg(m_database),
                {}};
    const ServerError server = m_connection ? m_connection->serverError() : ServerError{};
    const bool isLost = !m_connection || m_connection->isLost();
    static const QList<QByteArray> passing{"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300"};
    m_isTransient = isLost || server.state.startsWith("08") || passing.contains(server.state);
    if (isLost)
        m_failureName = QStringLiteral("SqlFailedToConnect");
    if (server.state == "25006") // read_only_sql_transaction
        return {ErrorCode::InvalidInput,
                PostgresSourceText::tr("The query of a source only reads, but this one changes the database: %1.")
                    .arg(server.message),
                {}};
    if (server.state == "42501") // insufficient_privilege
        return {ErrorCode::InvalidInput,
                PostgresSourceText::tr("%1 Let the server's administrator GRANT the right to read it.")
                    .arg(reported.message),
                {}};
    return reported;
}

bool PostgresSource::canBeCopied() const
{
    static const QStringList copied{
        QStringLiteral("select"), QStringLiteral("with"), QStringLiteral("values"), QStringLiteral("table")};
    const QList<SqlToken> tokens = tokenizeSql(m_query, SqlDialect::PostgreSql);
    for (const SqlToken &token : tokens) {
        if (!isNothing(token))
            return token.text == u"(" || copied.contains(token.text, Qt::CaseInsensitive);
    }
    return false;
}

Result<QList<SourceColumn>> PostgresSource::open()
{
    auto opened = PostgresConnection::open(m_origin.connection, m_cancel);
    if (!opened) {
        m_failureName = QStringLiteral("SqlFailedToConnect");
        m_isTransient = opened.error().code != ErrorCode::Cancelled;
        return opened.error();
    }
    m_connection = std::move(*opened);
    startClock();
    QList<QByteArray> beginning{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
    if (!m_origin.snapshot.isEmpty())
        beginning += "SET TRANSACTION SNAPSHOT '" + m_origin.snapshot + '\'';
    beginning += "SET LOCAL extra_float_digits = 1";
    for (const QByteArray &sql : std::as_const(beginning)) {
        if (const auto begun = m_connection->query(sql); !begun)
            return failure(begun.error());
    }
    const auto database = m_connection->query("SELECT current_database()");
    if (!database)
        return failure(database.error());
    m_database = database->text(0, 0);
    m_query = withoutEnd(translateScript(m_origin.query, SqlDialect::PostgreSql));
    if (!m_origin.procedure.isEmpty()) {
        if (auto planned = planCall(); !planned)
            return planned.error();
    } else if (m_origin.query.isEmpty()) {
        const auto table = describePostgresTable(*m_connection, m_origin.schema, m_origin.table);
        if (!table) {
            const Error error = failure(table.error());
            if (error.code == ErrorCode::NotFound)
                m_failureName = QStringLiteral("SourceTableNotFound");
            return error;
        }
        m_table = table->qualified();
        m_query = QStringLiteral("SELECT * FROM ") + tableRows();
    }
    const auto described = m_connection->describe(m_query.toUtf8());
    if (!described)
        return failure(described.error());
    if (!described->hasColumns()) {
        m_failureName = QStringLiteral("SqlOperationFailed");
        return Error{ErrorCode::InvalidInput, PostgresSourceText::tr("The query of the source gives no rows."), {}};
    }
    m_columns.clear();
    m_types.clear();
    for (int i = 0; i < described->columnCount(); ++i) {
        m_types.push_back(described->columnType(i));
        m_columns.append({described->columnName(i), postgresInterimType(m_types.back())});
    }
    m_isCopied = canBeCopied();
    m_connection->setDeadline({});
    return m_columns;
}

Result<> PostgresSource::planCall()
{
    const auto call = planPostgresCall(*m_connection, m_origin.procedure, m_origin.parameters);
    if (!call) {
        const Error error = failure(call.error());
        m_failureName = QStringLiteral("UserErrorInvalidStoredProcedure");
        return error;
    }
    if (call->isProcedure) {
        m_failureName = QStringLiteral("UserErrorInvalidStoredProcedure");
        return Error{
            ErrorCode::Unsupported,
            PostgresSourceText::tr("“%1” is a procedure, and PostgreSQL's procedures return no rows: make it a "
                                   "function that RETURNS TABLE.")
                .arg(m_origin.procedure),
            {}};
    }
    m_query = call->literalText;
    return {};
}

Result<> PostgresSource::project(const QList<ProjectedColumn> &columns)
{
    m_projection = columns;
    m_fields.clear();
    m_isWrapped = !m_table.isEmpty() || m_origin.isSelection;
    for (const ProjectedColumn &column : columns) {
        const SourceColumn &source = m_columns.at(column.source);
        const PostgresFetch fetch = postgresFetch(m_types.at(size_t(column.source)), column.type);
        m_isWrapped = m_isWrapped || *fetch.cast;
        Field field{column.source, source.name, PostgresDecoder(fetch.form), {}, {}, {}};
        field.isSame = field.decoder.type() == column.type;
        if (field.decoder.type() != column.type || column.type == InterimType::String) {
            auto converter = ValueConverter::make(field.decoder.type(),
                                                  {.to = column.type,
                                                   .format = column.format,
                                                   .treatBooleanAsNumber = column.treatBooleanAsNumber,
                                                   .culture = column.culture});
            if (!converter)
                return converter.error().at(source.name);
            field.converter = *std::move(converter);
            field.decoded.type = field.decoder.type();
            field.decoded.resize(1);
        }
        m_fields.push_back(std::move(field));
    }
    if (m_isWrapped && !m_isCopied) {
        m_failureName = QStringLiteral("SqlOperationFailed");
        return Error{
            ErrorCode::Unsupported,
            PostgresSourceText::tr("This statement gives values of a type that only a SELECT can be read with: "
                                   "write one."),
            {}};
    }
    return {};
}

QString PostgresSource::tableRows() const
{
    return m_origin.condition.isEmpty() ? m_table : QString(m_table + QStringLiteral(" WHERE ") + m_origin.condition);
}

// The server makes texts of what cannot be read otherwise, and sends only what is wanted: by a SELECT around the query.
Result<> PostgresSource::start()
{
    m_isStarted = true;
    if (!m_isCopied)
        return m_connection->sendDescribed();
    QString query = m_query;
    if (m_isWrapped) {
        QStringList wanted;
        for (size_t i = 0; i < m_fields.size(); ++i) {
            const int source = m_projection.at(qsizetype(i)).source;
            const QString name =
                m_table.isEmpty() ? QStringLiteral("c%1").arg(source) : quoteIdentifier(m_columns.at(source).name);
            const PostgresFetch fetch = postgresFetch(m_types.at(size_t(source)), m_projection.at(qsizetype(i)).type);
            wanted += name + QLatin1String(fetch.cast);
            m_fields[i].index = int(i);
        }
        QString from = tableRows();
        if (m_table.isEmpty()) {
            QStringList names; // of its columns may be equal, so that they get new ones
            for (qsizetype i = 0; i < m_columns.size(); ++i)
                names += QStringLiteral("c%1").arg(i);
            from = u'(' + m_query + QStringLiteral("\n) AS q(") + names.join(QStringLiteral(", ")) + u')';
        }
        query = QStringLiteral("SELECT ") + wanted.join(QStringLiteral(", ")) + QStringLiteral(" FROM ") + from;
    }
    return m_connection->beginCopyOut("COPY (" + query.toUtf8() + "\n) TO STDOUT (FORMAT binary)");
}

Result<bool> PostgresSource::nextCopiedRow()
{
    const auto garbled = [] {
        return Error{ErrorCode::Io, PostgresSourceText::tr("PostgreSQL sent rows in an unknown form."), {}};
    };
    while (true) {
        const auto message = m_connection->nextCopied();
        if (!message)
            return message.error();
        if (!*message)
            return false;
        m_batchBytes += qint64((*message)->size());
        CopyCursor cursor{**message};
        if (!m_sawHeader) {
            if (!cursor.rest.starts_with(copySignature))
                return garbled();
            cursor.rest.remove_prefix(copySignature.size());
            uint32_t flags = 0;
            uint32_t extension = 0;
            if (!cursor.take(flags) || !cursor.take(extension) || extension > cursor.rest.size())
                return garbled();
            cursor.rest.remove_prefix(extension);
            m_sawHeader = true;
            if (cursor.rest.empty())
                continue;
        }
        uint16_t count = 0;
        if (!cursor.take(count))
            return garbled();
        if (count == 0xffff) // the end; the server has yet to say so
            continue;
        m_row.resize(count);
        for (auto &value : m_row) {
            uint32_t size = 0;
            if (!cursor.take(size))
                return garbled();
            value.reset();
            if (size == 0xffffffff)
                continue; // NULL
            if (size > cursor.rest.size())
                return garbled();
            value = cursor.rest.substr(0, size);
            cursor.rest.remove_prefix(size);
        }
        return true;
    }
}

Result<bool> PostgresSource::nextRow()
{
    if (!m_isStarted) {
        if (const Result<> started = start(); !started)
            return started.error();
    }
    if (m_isCopied)
        return nextCopiedRow();
    while (true) {
        auto rows = m_connection->nextRows();
        if (!rows)
            return rows.error();
        if (!*rows)
            return false;
        if (!(*rows)->isOneOfMany())
            continue;
        m_result = std::move(**rows);
        m_row.clear();
        for (int i = 0; i < m_result->columnCount(); ++i) {
            m_row.push_back(m_result->bytes(0, i));
            m_batchBytes += m_row.back() ? qint64(m_row.back()->size()) : 0;
        }
        return true;
    }
}

std::optional<RowProblem>
PostgresSource::takeValue(Field &field, std::string_view bytes, Column &column, int row, Arena &arena)
{
    const bool isConverted = field.converter.has_value();
    Column &decoded = isConverted ? field.decoded : column;
    const size_t slot = isConverted ? 0 : size_t(row);
    if (const auto refusal = field.decoder.decode(bytes, decoded, slot, arena))
        return invalidValue(m_rowNumber, field.name, refusal->value, column.type, refusal->reason);
    if (!isConverted) {
        // Numerics are in the arena already; these point at what libpq gives up with the next row.
        if (column.type == InterimType::Binary || column.type == InterimType::Guid)
            column.bytes[slot] = arena.copy(column.bytes[slot]);
        return {};
    }
    if (field.converter->convert(decoded, 0, column, row, arena))
        return {};
    return invalidValue(
        m_rowNumber, field.name, displayedValue(decoded, 0), column.type, field.converter->reason(decoded, 0));
}

std::optional<RowProblem> PostgresSource::takeRow(RowBatch &batch)
{
    const auto row = size_t(batch.rows);
    for (size_t i = 0; i < m_fields.size(); ++i) {
        Field &field = m_fields[i];
        const auto bytes = size_t(field.index) < m_row.size() ? m_row[size_t(field.index)] : std::nullopt;
        const Column::Places &to = m_places[i];
        if (!bytes) {
            to.setNull(row);
            continue;
        }
        if (field.isSame && field.decoder.decodePlain(*bytes, to, row)) [[likely]] {
            if (to.bytes) { // they point at what libpq gives up with the next row
                char *const kept = batch.arena.allocate(bytes->size());
                copyShort(kept, *bytes);
                to.bytes[row] = {kept, bytes->size()};
            }
            continue;
        }
        if (auto problem = takeValue(field, *bytes, batch.columns[i], batch.rows, batch.arena)) {
            problem->fields = rowFields();
            return problem;
        }
    }
    return {};
}

std::optional<RowProblem::Fields> PostgresSource::rowFields() const
{
    RowProblem::Fields fields(size_t(m_columns.size()));
    Arena arena;
    size_t size = 0;
    for (size_t i = 0; i < m_fields.size(); ++i) {
        const Field &field = m_fields[i];
        const auto bytes = size_t(field.index) < m_row.size() ? m_row[size_t(field.index)] : std::nullopt;
        if (!bytes)
            continue;
        Column value;
        value.type = field.decoder.type();
        value.resize(1);
        auto &text = fields[size_t(m_projection.at(qsizetype(i)).source)];
        if (const auto refusal = field.decoder.decode(*bytes, value, 0, arena))
            text = refusal->value.toUtf8();
        else
            text = spelledValue(value, 0);
        size += text ? size_t(text->size()) : 0;
        if (size > RowProblem::mostFieldBytes)
            return {};
    }
    return fields;
}

std::variant<bool, Source::ReadError> PostgresSource::read(RowBatch &batch)
{
    beginBatch(batch, m_projection);
    m_places.clear();
    for (Column &column : batch.columns)
        m_places.push_back(column.places());
    m_batchBytes = 0;
    m_connection->setCancel(m_stop); // from here on the copy says when it is over
    startClock();
    const auto started = std::chrono::steady_clock::now();
    while (!m_isDone && !m_pending && batch.rows < RowBatch::maximumRows && m_batchBytes < fullBatchBytes) {
        const Result<bool> row = m_stop.isCancelled() ? Result<bool>(Error{ErrorCode::Cancelled, {}, {}}) : nextRow();
        if (!row) {
            m_pending = ReadError{failure(row.error())};
            m_isDone = true;
            m_connection->close();
        } else if (!*row) {
            m_isDone = true;
            m_connection->close(); // ends the transaction
        } else {
            ++m_rowNumber;
            if (auto problem = takeRow(batch)) {
                m_pending = ReadError{*std::move(problem)};
            } else {
                batch.rowNumbers.push_back(m_rowNumber);
                ++batch.rows;
            }
        }
    }
    m_timeLeft -= std::chrono::steady_clock::now() - started;
    m_bytesRead += m_batchBytes;
    endBatch(batch);
    return answerOf(batch, m_pending);
}

Json PostgresSource::fingerprint() const
{
    return rowsFingerprint(m_database,
                           m_origin.schema.isEmpty() ? m_origin.table
                                                     : QString(m_origin.schema + u'.' + m_origin.table),
                           m_origin.query);
}

} // namespace engine
