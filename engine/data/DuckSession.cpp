#include "engine/data/DuckSession.h"

#include "engine/base/Json.h"
#include "engine/data/DuckFunction.h"
#include "engine/data/DuckHandles.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <thread>

namespace engine {
namespace {

struct DuckSessionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DuckSession)
};

constexpr std::chrono::microseconds idlePause{200};

struct KnownType
{
    duckdb_type id;
    const char *spelled;
    InterimType type;
};

constexpr KnownType knownTypes[] = {
    {DUCKDB_TYPE_BOOLEAN, "BOOLEAN", InterimType::Boolean},
    {DUCKDB_TYPE_TINYINT, "TINYINT", InterimType::SByte},
    {DUCKDB_TYPE_SMALLINT, "SMALLINT", InterimType::Int16},
    {DUCKDB_TYPE_INTEGER, "INTEGER", InterimType::Int32},
    {DUCKDB_TYPE_BIGINT, "BIGINT", InterimType::Int64},
    {DUCKDB_TYPE_UTINYINT, "UTINYINT", InterimType::Byte},
    {DUCKDB_TYPE_USMALLINT, "USMALLINT", InterimType::UInt16},
    {DUCKDB_TYPE_UINTEGER, "UINTEGER", InterimType::UInt32},
    {DUCKDB_TYPE_UBIGINT, "UBIGINT", InterimType::UInt64},
    {DUCKDB_TYPE_HUGEINT, "HUGEINT", InterimType::Decimal},
    {DUCKDB_TYPE_UHUGEINT, "UHUGEINT", InterimType::Decimal},
    {DUCKDB_TYPE_DECIMAL, "DECIMAL", InterimType::Decimal},
    {DUCKDB_TYPE_FLOAT, "FLOAT", InterimType::Single},
    {DUCKDB_TYPE_DOUBLE, "DOUBLE", InterimType::Double},
    {DUCKDB_TYPE_BLOB, "BLOB", InterimType::Binary},
    {DUCKDB_TYPE_UUID, "UUID", InterimType::Guid},
    {DUCKDB_TYPE_DATE, "DATE", InterimType::DateTime},
    {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP", InterimType::DateTime},
    {DUCKDB_TYPE_TIMESTAMP_S, "TIMESTAMP_S", InterimType::DateTime},
    {DUCKDB_TYPE_TIMESTAMP_MS, "TIMESTAMP_MS", InterimType::DateTime},
    {DUCKDB_TYPE_TIMESTAMP_NS, "TIMESTAMP_NS", InterimType::DateTime},
    {DUCKDB_TYPE_TIMESTAMP_TZ, "TIMESTAMP WITH TIME ZONE", InterimType::DateTimeOffset},
    {DUCKDB_TYPE_TIME, "TIME", InterimType::TimeSpan},
    {DUCKDB_TYPE_TIME_NS, "TIME_NS", InterimType::TimeSpan},
    {DUCKDB_TYPE_TIME_TZ, "TIME WITH TIME ZONE", InterimType::TimeSpan},
    {DUCKDB_TYPE_VARCHAR, "VARCHAR", InterimType::String},
    {DUCKDB_TYPE_ENUM, "ENUM", InterimType::String},
    {DUCKDB_TYPE_INTERVAL, "INTERVAL", InterimType::String},
    {DUCKDB_TYPE_LIST, "LIST", InterimType::String},
    {DUCKDB_TYPE_ARRAY, "ARRAY", InterimType::String},
    {DUCKDB_TYPE_STRUCT, "STRUCT", InterimType::String},
    {DUCKDB_TYPE_MAP, "MAP", InterimType::String},
    {DUCKDB_TYPE_UNION, "UNION", InterimType::String},
    {DUCKDB_TYPE_BIT, "BIT", InterimType::String},
    {DUCKDB_TYPE_BIGNUM, "BIGNUM", InterimType::String},
    {DUCKDB_TYPE_SQLNULL, "NULL", InterimType::String},
};

const KnownType &knownType(duckdb_type id)
{
    static constexpr KnownType other{DUCKDB_TYPE_INVALID, "ANY", InterimType::String};
    const auto *const found = std::find_if(
        std::begin(knownTypes), std::end(knownTypes), [id](const KnownType &known) { return known.id == id; });
    return found == std::end(knownTypes) ? other : *found;
}

QString spelledType(duckdb_logical_type type)
{
    const duckdb_type id = DUCK(get_type_id)(type);
    if (id == DUCKDB_TYPE_DECIMAL)
        return QStringLiteral("DECIMAL(%1,%2)").arg(DUCK(decimal_width)(type)).arg(DUCK(decimal_scale)(type));
    return QString::fromLatin1(knownType(id).spelled);
}

QString expressionOf(const QString &name, duckdb_type type)
{
    const QString column = duckName(name);
    switch (type) {
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_ARRAY:
    case DUCKDB_TYPE_STRUCT:
    case DUCKDB_TYPE_MAP:
    case DUCKDB_TYPE_UNION:
        return QStringLiteral("to_json(%1)::VARCHAR").arg(column);
    case DUCKDB_TYPE_TIME_TZ: // of a file: always in UTC
        return column + QStringLiteral("::TIME");
    default:
        break;
    }
    const bool isTaken = knownType(type).type != InterimType::String || type == DUCKDB_TYPE_VARCHAR;
    return isTaken ? column : QString(column + QStringLiteral("::VARCHAR"));
}

// The kind that the text of an error begins with.
duckdb_error_type spelledError(const QByteArray &text)
{
    if (text.startsWith("INTERRUPT Error: "))
        return DUCKDB_ERROR_INTERRUPT;
    if (text.startsWith("Out of Memory Error: "))
        return DUCKDB_ERROR_OUT_OF_MEMORY;
    return text.startsWith("IO Error: ") ? DUCKDB_ERROR_IO : DUCKDB_ERROR_INVALID;
}

} // namespace

// What a session that tells positions says, with or without the kind of error before it; null when it is plain text.
static Json toldInJson(const char *message)
{
    const QByteArray text(message != nullptr ? message : "");
    const qsizetype start = text.startsWith('{') ? 0 : text.indexOf("Error: {") + 7;
    if (!text.endsWith('}') || start == 6)
        return {};
    const Result<Json> json = parseJson(text.mid(start), {});
    return json ? *json : Json();
}

Error duckError(duckdb_error_type type, const char *message)
{
    const Json told = toldInJson(message);
    QString text = stringAt(told, "exception_message", QString::fromUtf8(message != nullptr ? message : ""));
    text = text.section(u'\n', 0, 0).trimmed();
    if (const qsizetype colon = text.indexOf(QStringLiteral("Error: ")); colon >= 0)
        text = text.mid(colon + 7);
    switch (type) {
    case DUCKDB_ERROR_INTERRUPT:
        return {ErrorCode::Cancelled, DuckSessionText::tr("It was stopped."), {}};
    case DUCKDB_ERROR_OUT_OF_MEMORY:
        return {ErrorCode::Io, DuckSessionText::tr("It needs more memory than it may use (%1).").arg(text), {}};
    case DUCKDB_ERROR_IO:
        return {ErrorCode::Io, text, {}};
    default:
        return {ErrorCode::InvalidInput, text, {}};
    }
}

QString duckName(const QString &name) { return u'"' + QString(name).replace(u'"', QStringLiteral("\"\"")) + u'"'; }

QString duckText(const QString &value) { return u'\'' + QString(value).replace(u'\'', QStringLiteral("''")) + u'\''; }

Error DuckSession::failure(int type, const char *message)
{
    m_errorPosition.reset();
    const Json told = toldInJson(message);
    if (memberAt(told, "position").is_string())
        m_errorPosition = int(intAt(told, "position"));
    if (stringAt(told, "exception_type") == u"Interrupt")
        type = DUCKDB_ERROR_INTERRUPT;
    if (stringAt(told, "exception_type") == u"Out of Memory")
        type = DUCKDB_ERROR_OUT_OF_MEMORY;
    return duckError(duckdb_error_type(type), message);
}

DuckSession::DuckSession(std::unique_ptr<State> state) : m_state(std::move(state)) { }

DuckSession::~DuckSession() = default;

Result<std::unique_ptr<DuckSession>> DuckSession::open(const Options &options)
{
    if (const Result<> loaded = loadDuckLibrary(); !loaded)
        return loaded.error();
    struct Config
    {
        duckdb_config handle = nullptr;
        ~Config() { DUCK(destroy_config)(&handle); }
    } config;
    DUCK(create_config)(&config.handle);
    const QByteArray memory = QByteArray::number(options.memory) + "B";
    const QByteArray threads = QByteArray::number(options.threads);
    const std::pair<const char *, QByteArray> configuration[] = {
        {"memory_limit", memory},
        {"threads", threads},
        {"temp_directory", options.workFolder.value_or(QString()).toUtf8()},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"enable_external_file_cache", "false"},
        {"preserve_insertion_order", options.keepsOrder ? "true" : "false"},
    };
    bool isConfigured = true;
    for (const auto &[name, value] : configuration)
        isConfigured = isConfigured && DUCK(set_config)(config.handle, name, value.constData()) == DuckDBSuccess;
    auto state = std::make_unique<State>();
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    char *said = nullptr;
    const bool isOpen = isConfigured && DUCK(open_ext)(nullptr, &database, config.handle, &said) == DuckDBSuccess;
    state->database.reset(database);
    if (isOpen && DUCK(connect)(database, &connection) == DuckDBSuccess)
        state->connection.reset(connection);
    if (!state->connection) {
        const QString why = QString::fromUtf8(said != nullptr ? said : "");
        DUCK(free)(said);
        return Error{ErrorCode::Internal, DuckSessionText::tr("DuckDB does not start: %1").arg(why), {}};
    }
    std::unique_ptr<DuckSession> session(new DuckSession(std::move(state)));
    QStringList files;
    for (const QString &file : options.files)
        files += duckText(file);
    QStringList settings = {QStringLiteral("SET allow_persistent_secrets=false")};
    if (options.tellsPositions)
        settings += QStringLiteral("SET errors_as_json=true");
    if (!options.workFolder)
        settings += {QString(u"SET allowed_paths=[" + files.join(u',') + u']'),
                     QStringLiteral("SET enable_external_access=false"),
                     QStringLiteral("SET lock_configuration=true")};
    for (const QString &sql : settings) {
        if (const Result<> set = session->run(sql); !set)
            return set.error();
    }
    return session;
}

Result<> DuckSession::run(const QString &sql)
{
    duckdb_result result;
    const duckdb_state state = DUCK(query)(m_state->connection.get(), sql.toUtf8().constData(), &result);
    Result<> done;
    if (state != DuckDBSuccess)
        done = failure(DUCK(result_error_type)(&result), DUCK(result_error)(&result));
    DUCK(destroy_result)(&result);
    return done;
}

Result<QList<DuckColumn>> DuckSession::describe(const QString &sql)
{
    duckdb_prepared_statement made = nullptr;
    const bool isMade = DUCK(prepare)(m_state->connection.get(), sql.toUtf8().constData(), &made) == DuckDBSuccess;
    const DuckStatement statement(made);
    if (!isMade)
        return failure(DUCKDB_ERROR_INVALID, DUCK(prepare_error)(made));
    QList<DuckColumn> columns;
    for (idx_t i = 0; i < DUCK(prepared_statement_column_count)(made); ++i) {
        const char *const text = DUCK(prepared_statement_column_name)(made, i);
        const QString name = QString::fromUtf8(text);
        DUCK(free)(const_cast<char *>(text)); // ours, as the header says
        const DuckType type(DUCK(prepared_statement_column_logical_type)(made, i));
        const duckdb_type id = DUCK(get_type_id)(type.get());
        columns.append({name, knownType(id).type, spelledType(type.get()), expressionOf(name, id)});
    }
    return columns;
}

struct DuckRows::State
{
    ~State() { DUCK(destroy_result)(&result); }
    duckdb_result result{};
};

DuckRows::DuckRows(std::unique_ptr<State> state) : m_state(std::move(state)) { }

DuckRows::~DuckRows() = default;

Result<std::unique_ptr<DuckRows>> DuckSession::query(const QString &sql)
{
    duckdb_prepared_statement made = nullptr;
    const bool isMade = DUCK(prepare)(m_state->connection.get(), sql.toUtf8().constData(), &made) == DuckDBSuccess;
    const DuckStatement statement(made);
    if (!isMade)
        return failure(DUCKDB_ERROR_INVALID, DUCK(prepare_error)(made));
    duckdb_pending_result pending = nullptr;
    const bool isPending = DUCK(pending_prepared_streaming)(made, &pending) == DuckDBSuccess;
    // Left to itself DuckDB asks again without a pause while its only task runs on another thread.
    for (bool isWorking = isPending; isWorking;) {
        const duckdb_pending_state now = DUCK(pending_execute_task)(pending);
        isWorking = now == DUCKDB_PENDING_RESULT_NOT_READY || now == DUCKDB_PENDING_NO_TASKS_AVAILABLE;
        if (now == DUCKDB_PENDING_NO_TASKS_AVAILABLE)
            std::this_thread::sleep_for(idlePause);
    }
    auto state = std::make_unique<DuckRows::State>();
    Result<> done;
    if (const QByteArray said(DUCK(pending_error)(pending)); !said.isEmpty())
        done = failure(spelledError(said), said.constData());
    else if (DUCK(execute_pending)(pending, &state->result) != DuckDBSuccess)
        done = failure(DUCK(result_error_type)(&state->result), DUCK(result_error)(&state->result));
    DUCK(destroy_pending)(&pending);
    if (!done)
        return done.error();
    return std::unique_ptr<DuckRows>(new DuckRows(std::move(state)));
}

bool DuckRows::isResult() const { return DUCK(result_return_type)(m_state->result) == DUCKDB_RESULT_TYPE_QUERY_RESULT; }

qint64 DuckRows::changed() const
{
    return DUCK(result_return_type)(m_state->result) == DUCKDB_RESULT_TYPE_CHANGED_ROWS
        ? qint64(DUCK(rows_changed)(&m_state->result))
        : -1;
}

void DuckSession::interrupt() const { DUCK(interrupt)(m_state->connection.get()); }

Result<bool> DuckRows::next(DuckBatch &batch)
{
    batch.rows = 0;
    batch.refused.clear();
    batch.arena.clear();
    batch.hold.reset();
    auto chunk = std::make_shared<DuckChunk>(DUCK(fetch_chunk)(m_state->result));
    if (!*chunk) {
        if (const char *const error = DUCK(result_error)(&m_state->result); error != nullptr && *error != '\0')
            return duckError(DUCK(result_error_type)(&m_state->result), error);
        return false;
    }
    if (DUCK(data_chunk_get_size)(chunk->get()) == 0)
        return false;
    readDuckChunk(chunk->get(), batch);
    batch.hold = std::move(chunk);
    return true;
}

} // namespace engine
