#include "engine/data/DuckFeed.h"

#include "engine/data/DuckHandles.h"
#include "engine/data/DuckSession.h"
#include "engine/data/Ticks.h"
#include "engine/data/TypeConversion.h"
#include "engine/data/WideDecimal.h"

#include <QCoreApplication>
#include <QSet>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace engine {
namespace {

struct DuckFeedText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DuckFeed)
};

using Reason = std::optional<QString>; // why a value does not fit

duckdb_type duckTypeOf(InterimType type)
{
    switch (type) {
    case InterimType::Boolean:
        return DUCKDB_TYPE_BOOLEAN;
    case InterimType::SByte:
        return DUCKDB_TYPE_TINYINT;
    case InterimType::Byte:
        return DUCKDB_TYPE_UTINYINT;
    case InterimType::Int16:
        return DUCKDB_TYPE_SMALLINT;
    case InterimType::UInt16:
        return DUCKDB_TYPE_USMALLINT;
    case InterimType::Int32:
        return DUCKDB_TYPE_INTEGER;
    case InterimType::UInt32:
        return DUCKDB_TYPE_UINTEGER;
    case InterimType::Int64:
        return DUCKDB_TYPE_BIGINT;
    case InterimType::UInt64:
        return DUCKDB_TYPE_UBIGINT;
    case InterimType::Single:
        return DUCKDB_TYPE_FLOAT;
    case InterimType::Double:
        return DUCKDB_TYPE_DOUBLE;
    case InterimType::Decimal:
        return DUCKDB_TYPE_DECIMAL;
    case InterimType::Binary:
        return DUCKDB_TYPE_BLOB;
    case InterimType::DateTime:
        return DUCKDB_TYPE_TIMESTAMP_NS;
    case InterimType::Guid:
        return DUCKDB_TYPE_UUID;
    case InterimType::String:
    case InterimType::DateTimeOffset:
    case InterimType::TimeSpan:
        break;
    }
    return DUCKDB_TYPE_VARCHAR;
}

DuckType makeType(const DuckFeed::Target &column)
{
    if (column.type == InterimType::Decimal)
        return DuckType(duckdb_create_decimal_type(uint8_t(column.precision), uint8_t(column.scale)));
    return DuckType(duckdb_create_logical_type(duckTypeOf(column.type)));
}

QString nameOf(DuckFeed::Codec codec)
{
    switch (codec) {
    case DuckFeed::Codec::Snappy:
        return QStringLiteral("snappy");
    case DuckFeed::Codec::Gzip:
        return QStringLiteral("gzip");
    case DuckFeed::Codec::Zstandard:
        return QStringLiteral("zstd");
    case DuckFeed::Codec::None:
        return QStringLiteral("uncompressed");
    }
    Q_UNREACHABLE();
}

// Some rows of one column of a batch, on their way into a vector. The first value that does not fit ends it.
class VectorWriter
{
public:
    VectorWriter(duckdb_vector vector, const DuckFeed::Target &target, const Column &column, int first, int count)
        : m_vector(vector)
        , m_values(duckdb_vector_get_data(vector))
        , m_target(target)
        , m_column(column)
        , m_first(first)
        , m_count(count)
    {
    }

    struct Refused
    {
        int row = 0; // of the batch
        QString reason;
    };
    std::optional<Refused> write();

private:
    template <typename Put> std::optional<Refused> eachValue(Put put);
    template <typename Value> std::optional<Refused> writeIntegers();
    std::optional<Refused> writeText();
    Reason putDecimal(idx_t to, std::string_view text);
    template <typename Value> Value &at(idx_t to) { return static_cast<Value *>(m_values)[to]; }

    duckdb_vector m_vector;
    void *m_values;
    const DuckFeed::Target &m_target;
    const Column &m_column;
    int m_first;
    int m_count;
};

template <typename Put> std::optional<VectorWriter::Refused> VectorWriter::eachValue(Put put)
{
    uint64_t *validity = nullptr;
    for (int i = 0; i < m_count; ++i) {
        const size_t row = size_t(m_first + i);
        if (m_column.valid[row]) {
            if (const Reason reason = put(row, idx_t(i)))
                return Refused{int(row), *reason};
            continue;
        }
        if (validity == nullptr) {
            duckdb_vector_ensure_validity_writable(m_vector);
            validity = duckdb_vector_get_validity(m_vector);
        }
        duckdb_validity_set_row_invalid(validity, idx_t(i));
    }
    return {};
}

template <typename Value> std::optional<VectorWriter::Refused> VectorWriter::writeIntegers()
{
    return eachValue([this](size_t row, idx_t to) -> Reason {
        at<Value>(to) = Value(m_column.integers[row]);
        return {};
    });
}

// What has no type of its own there.
std::optional<VectorWriter::Refused> VectorWriter::writeText()
{
    std::string text;
    return eachValue([this, &text](size_t row, idx_t to) -> Reason {
        text.clear();
        appendText(text, m_column, int(row));
        duckdb_vector_assign_string_element_len(m_vector, to, text.data(), text.size());
        return {};
    });
}

Reason VectorWriter::putDecimal(idx_t to, std::string_view text)
{
    const std::optional<WideInteger> value = scaledDecimal(text, m_target.precision, m_target.scale);
    if (!value)
        return DuckFeedText::tr("a DECIMAL(%1,%2) has no room for its digits")
            .arg(m_target.precision)
            .arg(m_target.scale);
    const auto [upper, lower] = value->halves();
    constexpr int digitsOfInt16 = 4;
    constexpr int digitsOfInt32 = 9;
    constexpr int digitsOfInt64 = 18;
    if (m_target.precision <= digitsOfInt16)
        at<int16_t>(to) = int16_t(lower);
    else if (m_target.precision <= digitsOfInt32)
        at<int32_t>(to) = int32_t(lower);
    else if (m_target.precision <= digitsOfInt64)
        at<int64_t>(to) = int64_t(lower);
    else
        at<duckdb_hugeint>(to) = {lower, upper};
    return {};
}

duckdb_hugeint uuidOf(std::string_view bytes)
{
    uint64_t halves[2] = {0, 0};
    for (size_t i = 0; i < 16; ++i)
        halves[i / 8] = (halves[i / 8] << 8) | uint8_t(bytes[i]);
    return {halves[1], int64_t(halves[0] ^ (uint64_t(1) << 63))};
}

std::optional<VectorWriter::Refused> VectorWriter::write()
{
    switch (m_target.type) {
    case InterimType::Boolean:
        return eachValue([this](size_t row, idx_t to) -> Reason {
            at<bool>(to) = m_column.integers[row] != 0;
            return {};
        });
    case InterimType::SByte:
    case InterimType::Byte:
        return writeIntegers<int8_t>();
    case InterimType::Int16:
    case InterimType::UInt16:
        return writeIntegers<int16_t>();
    case InterimType::Int32:
    case InterimType::UInt32:
        return writeIntegers<int32_t>();
    case InterimType::Int64:
    case InterimType::UInt64:
        return writeIntegers<int64_t>();
    case InterimType::Single:
        return eachValue([this](size_t row, idx_t to) -> Reason {
            at<float>(to) = float(m_column.reals[row]);
            return {};
        });
    case InterimType::Double:
        return eachValue([this](size_t row, idx_t to) -> Reason {
            at<double>(to) = m_column.reals[row];
            return {};
        });
    case InterimType::Decimal:
        return eachValue([this](size_t row, idx_t to) { return putDecimal(to, m_column.bytes[row]); });
    case InterimType::Guid:
        return eachValue([this](size_t row, idx_t to) -> Reason {
            at<duckdb_hugeint>(to) = uuidOf(m_column.bytes[row]);
            return {};
        });
    case InterimType::String:
    case InterimType::Binary:
        return eachValue([this](size_t row, idx_t to) -> Reason {
            const std::string_view bytes = m_column.bytes[row];
            duckdb_vector_assign_string_element_len(m_vector, to, bytes.empty() ? "" : bytes.data(), bytes.size());
            return {};
        });
    case InterimType::DateTime:
        return eachValue([this](size_t row, idx_t to) -> Reason {
            constexpr int64_t nanosecondsPerTick = 100;
            if (__builtin_mul_overflow(m_column.integers[row] - ticksAtUnixEpoch, nanosecondsPerTick, &at<int64_t>(to)))
                return DuckFeedText::tr("Parquet's moments with 100 ns reach from 1677-09-21 to 2262-04-11 only: map "
                                        "the column to String");
            return {};
        });
    case InterimType::DateTimeOffset:
    case InterimType::TimeSpan:
        break;
    }
    return writeText();
}

} // namespace

struct DuckFeed::State
{
    QList<Target> columns;
    std::vector<DuckType> types;
    std::unique_ptr<DuckSession> session;
    std::thread writer;

    std::mutex mutex; // of what follows
    std::condition_variable changed;
    DuckChunk waiting; // for the writer
    bool isEnded = false; // no more rows
    bool isStopped = false;
    bool isWritten = false; // the writer is over
    Result<> outcome; // once it is

    static State &of(void *extra) { return *static_cast<State *>(extra); }
    static void bind(duckdb_bind_info call);
    static void begin(duckdb_init_info call) { duckdb_init_set_max_threads(call, 1); }
    static void give(duckdb_function_info call, duckdb_data_chunk output);
    bool publish();
    void stop();
};

void DuckFeed::State::bind(duckdb_bind_info call)
{
    const State &state = of(duckdb_bind_get_extra_info(call));
    for (qsizetype i = 0; i < state.columns.size(); ++i)
        duckdb_bind_add_result_column(
            call, state.columns.at(i).name.toUtf8().constData(), state.types[size_t(i)].get());
}

// On the writer's thread: the next rows, none at the end.
void DuckFeed::State::give(duckdb_function_info call, duckdb_data_chunk output)
{
    State &state = of(duckdb_function_get_extra_info(call));
    std::unique_lock lock(state.mutex);
    state.changed.wait(lock, [&state] { return state.waiting || state.isEnded || state.isStopped; });
    if (state.isStopped)
        return duckdb_function_set_error(call, "stopped");
    const DuckChunk chunk = std::move(state.waiting);
    lock.unlock();
    state.changed.notify_all();
    if (!chunk)
        return duckdb_data_chunk_set_size(output, 0);
    for (idx_t i = 0; i < duckdb_data_chunk_get_column_count(chunk.get()); ++i)
        duckdb_vector_reference_vector(duckdb_data_chunk_get_vector(output, i),
                                       duckdb_data_chunk_get_vector(chunk.get(), i));
    duckdb_data_chunk_set_size(output, duckdb_data_chunk_get_size(chunk.get()));
}

bool DuckFeed::State::publish()
{
    const DuckFunction function(duckdb_create_table_function());
    duckdb_table_function_set_name(function.get(), "slipway_rows");
    duckdb_table_function_set_extra_info(function.get(), this, nullptr);
    duckdb_table_function_set_bind(function.get(), &State::bind);
    duckdb_table_function_set_init(function.get(), &State::begin);
    duckdb_table_function_set_function(function.get(), &State::give);
    return duckdb_register_table_function(session->state().connection.get(), function.get()) == DuckDBSuccess;
}

void DuckFeed::State::stop()
{
    {
        const std::lock_guard lock(mutex);
        isStopped = true;
    }
    changed.notify_all();
    if (writer.joinable()) {
        session->interrupt();
        writer.join();
    }
}

DuckFeed::DuckFeed(std::unique_ptr<State> state) : m_state(std::move(state)) { }

DuckFeed::~DuckFeed() { m_state->stop(); }

Result<> DuckFeed::check(const QList<Target> &columns)
{
    QSet<QString> names;
    for (const Target &column : columns) {
        if (names.contains(column.name.toLower()))
            return Error{ErrorCode::Unsupported,
                         DuckFeedText::tr("A Parquet file cannot have two columns called “%1”, upper and lower case "
                                          "aside: map one of them to another name.")
                             .arg(column.name),
                         column.name};
        names += column.name.toLower();
    }
    return {};
}

Result<std::unique_ptr<DuckFeed>> DuckFeed::start(const QList<Target> &columns, int descriptor, Codec codec)
{
    if (const Result<> checked = check(columns); !checked)
        return checked.error();
    auto state = std::make_unique<State>();
    state->columns = columns;
    for (const Target &column : columns)
        state->types.push_back(makeType(column));
    const QString path = QStringLiteral("/proc/self/fd/%1").arg(descriptor);
    auto session = DuckSession::open({.files = {path}, .memory = memory, .threads = 1, .keepsOrder = false});
    if (!session)
        return session.error();
    state->session = *std::move(session);
    if (!state->publish())
        return Error{ErrorCode::Internal, DuckFeedText::tr("DuckDB does not take rows."), {}};
    const QString sql = QStringLiteral("COPY (SELECT * FROM slipway_rows()) TO %1 (FORMAT parquet, COMPRESSION %2, "
                                       "ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MB', USE_TMP_FILE false)")
                            .arg(duckText(path), nameOf(codec));
    std::unique_ptr<DuckFeed> feed(new DuckFeed(std::move(state)));
    feed->m_state->writer = std::thread([shared = feed->m_state.get(), sql] {
        Result<> outcome = shared->session->run(sql);
        {
            const std::lock_guard lock(shared->mutex);
            shared->outcome = std::move(outcome);
            shared->isWritten = true;
        }
        shared->changed.notify_all();
    });
    return feed;
}

Result<> DuckFeed::push(const RowBatch &rows, int first, int count, const QList<int> &targets)
{
    m_refusal.reset();
    std::vector<duckdb_logical_type> types;
    for (const DuckType &type : m_state->types)
        types.push_back(type.get());
    DuckChunk chunk(duckdb_create_data_chunk(types.data(), types.size()));
    Q_ASSERT(idx_t(count) <= duckdb_vector_size());
    for (qsizetype i = 0; i < targets.size(); ++i) {
        const int target = targets.at(i);
        VectorWriter writer(duckdb_data_chunk_get_vector(chunk.get(), idx_t(target)),
                            m_state->columns.at(target),
                            rows.columns[size_t(i)],
                            first,
                            count);
        const auto refused = writer.write();
        if (refused && (!m_refusal || refused->row < m_refusal->row))
            m_refusal = Refusal{int(i), refused->row, refused->reason};
    }
    if (m_refusal)
        return Error{
            ErrorCode::InvalidInput, m_refusal->reason, m_state->columns.at(targets.at(m_refusal->column)).name};
    duckdb_data_chunk_set_size(chunk.get(), idx_t(count));
    std::unique_lock lock(m_state->mutex);
    m_state->changed.wait(lock, [this] { return !m_state->waiting || m_state->isWritten; });
    if (m_state->isWritten)
        return m_state->outcome ? Result<>(Error{ErrorCode::Internal, DuckFeedText::tr("DuckDB ended early."), {}})
                                : m_state->outcome;
    m_state->waiting = std::move(chunk);
    lock.unlock();
    m_state->changed.notify_all();
    return {};
}

Result<> DuckFeed::finish()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->isEnded = true;
    }
    m_state->changed.notify_all();
    if (m_state->writer.joinable())
        m_state->writer.join();
    return m_state->outcome;
}

} // namespace engine
