#include "engine/connectors/sqlite/SqliteSource.h"

#include "engine/connectors/NearNames.h"
#include "engine/connectors/sqlite/SqliteColumn.h"
#include "engine/connectors/SqlScript.h"
#include "engine/connectors/TypedBatch.h"
#include "engine/connectors/ValueText.h"
#include "engine/data/ShortCopy.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QUtf8StringView>

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct SqliteSourceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SqliteSource)
};

constexpr int operationsBetweenPolls = 20000; // of SQLite's virtual machine: well below a millisecond
constexpr int lockPollMilliseconds = 10;
constexpr char takeFunction[] = "_slipway_take";
constexpr std::array storedTypes{InterimType::Int64, InterimType::Double, InterimType::String, InterimType::Binary};

bool isNothing(const SqlToken &token)
{
    return token.kind == SqlToken::Kind::Blank || token.kind == SqlToken::Kind::Comment || token.text == u";";
}

// Most texts are; short ones, too short for the machinery of isValidUtf8().
bool isAscii(std::string_view text)
{
    constexpr uint64_t highBits = 0x8080808080808080U;
    uint64_t all = 0;
    size_t at = 0;
    for (; text.size() - at >= sizeof all; at += sizeof all) {
        uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        all |= word;
    }
    for (; at < text.size(); ++at)
        all |= static_cast<unsigned char>(text[at]);
    return (all & highBits) == 0;
}

// The order matters: the text first, then its length in that encoding.
std::string_view textOf(sqlite3_value *value)
{
    const auto *const text = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return text ? std::string_view(text, size_t(sqlite3_value_bytes(value))) : std::string_view();
}

std::string_view blobOf(sqlite3_value *value)
{
    const auto *const bytes = static_cast<const char *>(sqlite3_value_blob(value));
    return bytes ? std::string_view(bytes, size_t(sqlite3_value_bytes(value))) : std::string_view();
}

QString nameOf(InterimType stored)
{
    switch (stored) {
    case InterimType::Int64:
        return SqliteSourceText::tr("a whole number");
    case InterimType::Double:
        return SqliteSourceText::tr("a real number");
    case InterimType::String:
        return SqliteSourceText::tr("a text");
    default:
        return SqliteSourceText::tr("bytes");
    }
}

} // namespace

SqliteSource::SqliteSource(Origin origin, CancelToken cancel)
    : m_origin(std::move(origin))
    , m_cancel(std::move(cancel))
    , m_timeLeft(m_origin.queryTimeout)
{
    for (size_t i = 0; i < m_value.size(); ++i) {
        m_value[i].type = storedTypes[i];
        m_value[i].resize(1);
        m_value[i].valid[0] = 1;
    }
}

SqliteSource::~SqliteSource() { close(); }

int SqliteSource::waitForLock(void *source, int attempt)
{
    const auto *self = static_cast<SqliteSource *>(source);
    if (isStopped(source) || std::chrono::milliseconds(attempt) * lockPollMilliseconds >= self->m_origin.busyTimeout)
        return 0;
    sqlite3_sleep(lockPollMilliseconds);
    return 1;
}

int SqliteSource::isStopped(void *source)
{
    auto *const self = static_cast<SqliteSource *>(source);
    self->m_isLate |= self->m_deadline && std::chrono::steady_clock::now() > *self->m_deadline;
    return self->m_isLate || self->m_cancel.isCancelled() || self->m_stop.isCancelled();
}

int SqliteSource::authorize(void *source, int action, const char *, const char *, const char *, const char *)
{
    if (action != SQLITE_ATTACH)
        return SQLITE_OK;
    static_cast<SqliteSource *>(source)->m_wantedOtherFile = true;
    return SQLITE_DENY;
}

void SqliteSource::startClock()
{
    m_deadline.reset();
    if (m_origin.queryTimeout.count() > 0)
        m_deadline = std::chrono::steady_clock::now() + m_timeLeft;
}

void SqliteSource::close()
{
    m_statement.reset();
    m_database.reset();
}

Error SqliteSource::failure(const Error &reported)
{
    const SqliteCode code = m_database ? m_database->lastCode() : SqliteCode{};
    m_failureName = QStringLiteral("SqlOperationFailed");
    m_isTransient = false;
    if (m_cancel.isCancelled() || m_stop.isCancelled())
        return {ErrorCode::Cancelled, SqliteSourceText::tr("Reading %1 was stopped.").arg(m_origin.file), {}};
    if (m_isLate)
        return {ErrorCode::Timeout,
                SqliteSourceText::tr("The query on %1 did not end within its queryTimeout.").arg(m_origin.file),
                m_origin.file};
    if (m_wantedOtherFile)
        return {ErrorCode::Unsupported,
                SqliteSourceText::tr("A query reaches the bound database only: ATTACH is not allowed."),
                m_origin.file};
    if (code.isBusy()) {
        m_isTransient = true;
        return {ErrorCode::Conflict,
                SqliteSourceText::tr("Another program keeps the database %1 locked; try again when it is done.")
                    .arg(m_origin.file),
                m_origin.file};
    }
    if (code.primary() == SQLITE_NOTADB)
        return {ErrorCode::InvalidInput,
                SqliteSourceText::tr("The file %1 is no SQLite database.").arg(m_origin.file),
                m_origin.file};
    if (code.isCorrupt())
        return {ErrorCode::Io, SqliteSourceText::tr("The database %1 is damaged.").arg(m_origin.file), m_origin.file};
    m_isTransient = code.isIo();
    return {reported.code, reported.message, m_origin.file};
}

Result<> SqliteSource::connect()
{
    const QFileInfo info(m_origin.file);
    if (!info.isFile()) {
        m_failureName = QStringLiteral("SqlFailedToConnect");
        if (!info.exists())
            return missingPath(m_origin.file, m_origin.file);
        return Error{ErrorCode::InvalidInput,
                     SqliteSourceText::tr("%1 is no file: name the database file.").arg(m_origin.file),
                     m_origin.file};
    }
    // Also to read, a database in WAL mode needs its two files beside it, which a writer makes and takes away again.
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadWrite;
    options.mainSchema = m_origin.schema.isEmpty() ? QByteArray("dbo") : m_origin.schema.toUtf8();
    auto opened = Database::open(m_origin.file, options);
    if (!opened) {
        m_failureName = QStringLiteral("SqlFailedToConnect");
        return opened.error();
    }
    m_database = std::move(*opened);
    sqlite3_busy_handler(m_database->handle(), &SqliteSource::waitForLock, this);
    sqlite3_progress_handler(m_database->handle(), operationsBetweenPolls, &SqliteSource::isStopped, this);
    if (const Result<> begun = m_database->exec("PRAGMA query_only=1; BEGIN; PRAGMA schema_version"); !begun)
        return failure(begun.error());
    sqlite3_set_authorizer(m_database->handle(), &SqliteSource::authorize, this);
    return {};
}

Result<> SqliteSource::prepare(const QString &sql)
{
    const QByteArray text = sql.toUtf8();
    auto prepared = m_database->prepare(text, true);
    if (!prepared)
        return failure(prepared.error());
    m_failureName = QStringLiteral("SqlOperationFailed");
    const auto refused = [this](const QString &why) { return Error{ErrorCode::InvalidInput, why, m_origin.file}; };
    const QString rest = QString::fromUtf8(text.mid(prepared->tail()));
    const QList<SqlToken> tokens = tokenizeSql(rest, SqlDialect::Sqlite);
    if (!std::all_of(tokens.begin(), tokens.end(), isNothing))
        return refused(
            SqliteSourceText::tr("The query of a source is one statement, but there is more after its end."));
    if (!prepared->isReadOnly())
        return refused(SqliteSourceText::tr("The query of a source only reads, but this one changes the database."));
    if (prepared->columnCount() == 0)
        return refused(SqliteSourceText::tr("The query of the source gives no rows."));
    if (sqlite3_bind_parameter_count(prepared->handle()) > 0)
        return refused(SqliteSourceText::tr("The query of the source names a parameter, which has no value here: write "
                                            "the value into the query by an expression."));
    m_failureName.clear();
    m_statement.emplace(*std::move(prepared));
    return {};
}

Result<QList<SourceColumn>> SqliteSource::open()
{
    startClock();
    if (const Result<> connected = connect(); !connected)
        return connected.error();
    QString sql = m_origin.query;
    if (sql.isEmpty()) {
        const QString schema = m_origin.schema.isEmpty() ? QStringLiteral("dbo") : m_origin.schema;
        const auto table = describeSqliteTable(*m_database, schema, m_origin.table);
        if (!table) {
            const Error error = failure(table.error());
            if (error.code == ErrorCode::NotFound)
                m_failureName = QStringLiteral("SourceTableNotFound");
            return error;
        }
        m_table = qualifiedName(schema, table->name);
        m_isView = table->kind != u"table";
        sql = QStringLiteral("SELECT * FROM ") + m_table;
    }
    if (const Result<> prepared = prepare(sql); !prepared)
        return prepared.error();
    m_columns.clear();
    for (int i = 0; i < m_statement->columnCount(); ++i) {
        const QString name = m_statement->columnName(i);
        m_columns.append({name, sqliteColumn(name, m_statement->declaredType(i)).column.type});
    }
    return m_columns;
}

Result<> SqliteSource::project(const QList<ProjectedColumn> &columns)
{
    m_projection = columns;
    m_fields.clear();
    QStringList names;
    for (const ProjectedColumn &column : columns) {
        const SourceColumn &source = m_columns.at(column.source);
        Field field;
        field.index = m_table.isEmpty() ? column.source : int(names.size());
        field.name = source.name;
        names += quoteIdentifier(source.name);
        for (size_t stored = 0; stored < storedTypes.size(); ++stored) {
            // What was declared to be bytes, and is a text, nobody has written as base64.
            if (stored == Text && source.type == InterimType::Binary && column.type == InterimType::Binary)
                continue;
            auto way = ValueConverter::make(storedTypes[stored],
                                            {.to = column.type,
                                             .format = column.format,
                                             .treatBooleanAsNumber = column.treatBooleanAsNumber,
                                             .culture = column.culture});
            field.isSame[stored] = way && storedTypes[stored] == column.type;
            if (way)
                field.ways[stored] = *std::move(way);
            else if (way.error().code != ErrorCode::Unsupported)
                return way.error().at(source.name);
        }
        if (const Result<> made = makeDeclared(field, source.type, column); !made)
            return made;
        field.isSame[Text] = field.isSame[Text] && !field.declared;
        m_fields.push_back(std::move(field));
    }
    if (m_table.isEmpty() || names.isEmpty())
        return {};
    sqlite3 *const database = m_database->handle();
    const QString wanted = names.join(QStringLiteral(", "));
    m_isTaken = !m_isView && names.size() <= sqlite3_limit(database, SQLITE_LIMIT_FUNCTION_ARG, -1);
    if (!m_isTaken)
        return prepare(QStringLiteral("SELECT %1 FROM %2").arg(wanted, m_table));
    constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY; // DIRECTONLY: not for what the file itself defines
    sqlite3_create_function_v2(database, takeFunction, -1, flags, this, &takeNext, nullptr, nullptr, nullptr);
    return prepare(QStringLiteral("SELECT 1 FROM %1 WHERE %2(%3)").arg(m_table, QLatin1String(takeFunction), wanted));
}

// A date that is kept as text is one before it is anything else: a format is that of what is made of it, and only of
// the text when that is none of the usual forms.
Result<> SqliteSource::makeDeclared(Field &field, InterimType type, const ProjectedColumn &column) const
{
    const bool isTemporal =
        type == InterimType::DateTime || type == InterimType::DateTimeOffset || type == InterimType::TimeSpan;
    if (!isTemporal || column.format.isEmpty())
        return {};
    auto read = ValueConverter::make(InterimType::String, {.to = type, .format = {}});
    auto made = ValueConverter::make(type, {.to = column.type, .format = column.format, .culture = column.culture});
    if (!read)
        return read.error().at(field.name);
    if (!made)
        return made.error().code == ErrorCode::Unsupported ? Result<>() : made.error().at(field.name);
    field.declared = *std::move(read);
    field.fromDeclared = *std::move(made);
    return {};
}

bool SqliteSource::takeDeclared(const Field &field, const Column &text, Column &column, int row, Arena &arena)
{
    if (!field.declared)
        return false;
    m_declared.type = field.fromDeclared->from();
    m_declared.resize(1);
    return field.declared->convert(text, 0, m_declared, 0, arena)
        && field.fromDeclared->convert(m_declared, 0, column, row, arena);
}

Json SqliteSource::fingerprint() const
{
    return rowsFingerprint(m_origin.file,
                           m_origin.schema.isEmpty() ? m_origin.table
                                                     : QString(m_origin.schema + u'.' + m_origin.table),
                           m_origin.query);
}

// The value as SQLite keeps it, when that is what is wanted. False: it is not, or no UTF-8; takeValue() knows more.
[[gnu::always_inline]] inline bool
SqliteSource::takeSame(const Cell &cell, sqlite3_value *value, size_t row, Arena &arena, qint64 &size) const
{
    const Column::Places &to = cell.to;
    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL:
        to.setNull(row);
        return true;
    case SQLITE_INTEGER:
        if (!cell.isSame[Integer])
            return false;
        to.integers[row] = sqlite3_value_int64(value);
        size += qint64(sizeof(int64_t));
        break;
    case SQLITE_FLOAT:
        if (!cell.isSame[Real])
            return false;
        to.reals[row] = sqlite3_value_double(value);
        size += qint64(sizeof(double));
        break;
    case SQLITE_TEXT: {
        if (!cell.isSame[Text])
            return false;
        const std::string_view bytes = textOf(value);
        if (!isAscii(bytes) && !QUtf8StringView(bytes.data(), qsizetype(bytes.size())).isValidUtf8())
            return false;
        char *const kept = arena.allocate(bytes.size());
        copyShort(kept, bytes);
        to.bytes[row] = {kept, bytes.size()};
        size += qint64(bytes.size());
        break;
    }
    default:
        return false;
    }
    to.valid[row] = 1;
    return true;
}

std::optional<RowProblem> SqliteSource::takeValue(size_t number, Column &column, int row, Arena &arena)
{
    const Field &field = m_fields[number];
    sqlite3_value *const kept = m_values[number];
    size_t stored = Integer;
    qint64 bytes = qint64(sizeof(int64_t));
    switch (sqlite3_value_type(kept)) {
    case SQLITE_NULL:
        column.setNull(row);
        return {};
    case SQLITE_INTEGER:
        m_value[Integer].integers[0] = sqlite3_value_int64(kept);
        break;
    case SQLITE_FLOAT:
        stored = Real;
        m_value[Real].reals[0] = sqlite3_value_double(kept);
        break;
    case SQLITE_TEXT:
        stored = Text;
        m_value[Text].bytes[0] = textOf(kept);
        bytes = qint64(m_value[Text].bytes[0].size());
        break;
    default:
        stored = Blob;
        m_value[Blob].bytes[0] = blobOf(kept);
        bytes = qint64(m_value[Blob].bytes[0].size());
        break;
    }
    m_batchBytes += bytes;
    const Column &value = m_value[stored];
    const std::optional<ValueConverter> &way = field.ways[stored];
    if (!way)
        return invalidValue(m_row,
                            field.name,
                            displayedValue(value, 0),
                            column.type,
                            SqliteSourceText::tr("the database keeps %1 there").arg(nameOf(value.type)));
    if (stored == Text) {
        const std::string_view text = value.bytes[0];
        if (!QUtf8StringView(text.data(), qsizetype(text.size())).isValidUtf8())
            return invalidValue(m_row,
                                field.name,
                                displayedValue(value, 0),
                                column.type,
                                SqliteSourceText::tr("the text is not UTF-8"));
        if (takeDeclared(field, value, column, row, arena))
            return {};
    }
    if (way->convert(value, 0, column, row, arena))
        return {};
    return invalidValue(m_row, field.name, displayedValue(value, 0), column.type, way->reason(value, 0));
}

std::optional<RowProblem> SqliteSource::takeRow()
{
    RowBatch &batch = *m_batch;
    const auto row = size_t(batch.rows);
    qint64 size = 0;
    for (size_t i = 0; i < m_cells.size(); ++i) {
        if (takeSame(m_cells[i], m_values[i], row, batch.arena, size)) [[likely]]
            continue;
        if (auto problem = takeValue(i, batch.columns[i], batch.rows, batch.arena)) {
            problem->fields = rowFields();
            return problem;
        }
    }
    m_batchBytes += size;
    return {};
}

bool SqliteSource::hasRoom() const
{
    return !m_pending && m_batch->rows < RowBatch::maximumRows && m_batchBytes < fullBatchBytes;
}

void SqliteSource::take(sqlite3_value *const *values)
{
    ++m_row;
    m_values = values;
    if (auto problem = takeRow()) {
        m_pending = ReadError{*std::move(problem)};
    } else {
        m_batch->rowNumbers.push_back(m_row);
        ++m_batch->rows;
    }
}

// A table's rows are taken by a condition on them, which holds only for the row that the batch ends with: SQLite goes
// from row to row by itself, and hands over all values of one at once.
void SqliteSource::takeNext(sqlite3_context *context, int, sqlite3_value **values)
{
    auto *const self = static_cast<SqliteSource *>(sqlite3_user_data(context));
    if (!self->hasRoom()) { // it would have to sort them first
        sqlite3_result_error(context, "the rows of this table cannot be taken one after the other", -1);
        return;
    }
    self->take(values);
    sqlite3_result_int(context, self->hasRoom() ? 0 : 1);
}

std::optional<RowProblem::Fields> SqliteSource::rowFields()
{
    RowProblem::Fields fields(size_t(m_columns.size()));
    size_t size = 0;
    for (size_t i = 0; i < m_fields.size(); ++i) {
        auto &text = fields[size_t(m_projection.at(qsizetype(i)).source)];
        sqlite3_value *const value = m_values[i];
        switch (sqlite3_value_type(value)) {
        case SQLITE_NULL:
            break;
        case SQLITE_INTEGER:
            text = QByteArray::number(qint64(sqlite3_value_int64(value)));
            break;
        case SQLITE_FLOAT:
            m_value[Real].reals[0] = sqlite3_value_double(value);
            text = spelledValue(m_value[Real], 0);
            break;
        case SQLITE_TEXT:
            text = QByteArray(textOf(value).data(), qsizetype(textOf(value).size()));
            break;
        default:
            text = QByteArray(blobOf(value).data(), qsizetype(blobOf(value).size())).toBase64();
            break;
        }
        size += text ? size_t(text->size()) : 0;
        if (size > RowProblem::mostFieldBytes)
            return {};
    }
    return fields;
}

std::variant<bool, Source::ReadError> SqliteSource::read(RowBatch &batch)
{
    beginBatch(batch, m_projection);
    m_batch = &batch;
    m_cells.clear();
    for (size_t i = 0; i < m_fields.size(); ++i)
        m_cells.push_back({batch.columns[i].places(), m_fields[i].isSame});
    m_batchBytes = 0;
    startClock();
    const auto started = std::chrono::steady_clock::now();
    std::vector<sqlite3_value *> values(m_fields.size());
    while (m_statement && hasRoom()) {
        const Result<bool> row = m_statement->step();
        if (!row) {
            m_pending = ReadError{failure(row.error())};
            close();
        } else if (!*row) {
            close(); // ends the transaction
        } else if (!m_isTaken) {
            for (size_t i = 0; i < values.size(); ++i)
                values[i] = sqlite3_column_value(m_statement->handle(), m_fields[i].index);
            take(values.data());
        }
    }
    m_timeLeft -= std::chrono::steady_clock::now() - started;
    m_bytesRead += m_batchBytes;
    endBatch(batch);
    return answerOf(batch, m_pending);
}

} // namespace engine
