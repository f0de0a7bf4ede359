#include "engine/data/DuckHandles.h"
#include "engine/data/DuckSession.h"
#include "engine/data/Ticks.h"
#include "engine/data/WideDecimal.h"

#include <QCoreApplication>

#include <cstring>

namespace engine {
namespace {

struct DuckVectorsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DuckVectors)
};

constexpr int64_t hoursOfDay = 24;

// One column of a chunk, on its way into a column of a batch.
class VectorReader
{
public:
    VectorReader(duckdb_vector vector, int column, DuckBatch &batch)
        : m_values(DUCK(vector_get_data)(vector))
        , m_validity(DUCK(vector_get_validity)(vector))
        , m_type(DUCK(vector_get_column_type)(vector))
        , m_index(column)
        , m_batch(batch)
        , m_column(batch.columns[size_t(column)])
    {
    }

    void read();

private:
    template <typename Value> const Value *values() const { return static_cast<const Value *>(m_values); }
    bool isValid(int row) const { return m_validity == nullptr || DUCK(validity_row_is_valid)(m_validity, idx_t(row)); }
    template <typename Take> void eachValue(InterimType type, Take take);
    template <typename Value> void readIntegers(InterimType type);
    template <typename Value> void readReals(InterimType type);
    template <typename Value> void readDecimals(int scale);
    void readBytes(InterimType type);
    void readGuids();
    void readTimes(int64_t unitsPerTick, int64_t ticksPerUnit);
    template <typename Value> void readInstants(InterimType type, int64_t unitsPerTick, int64_t ticksPerUnit);
    bool takeTicks(int row, int64_t units, int64_t unitsPerTick, int64_t ticksPerUnit, int64_t epoch);
    void takeDecimal(int row, const WideInteger &value, int scale);
    void refuse(int row, const QString &value, const QString &reason);

    const void *m_values;
    uint64_t *m_validity;
    DuckType m_type;
    int m_index;
    DuckBatch &m_batch;
    Column &m_column;
};

void VectorReader::refuse(int row, const QString &value, const QString &reason)
{
    m_column.setNull(row);
    m_batch.refused.push_back({m_index, row, value, reason});
}

template <typename Take> void VectorReader::eachValue(InterimType type, Take take)
{
    m_column.type = type;
    m_column.resize(m_batch.rows);
    for (int row = 0; row < m_batch.rows; ++row) {
        if (isValid(row)) {
            m_column.valid[size_t(row)] = 1;
            take(row);
        } else {
            m_column.setNull(row);
        }
    }
}

template <typename Value> void VectorReader::readIntegers(InterimType type)
{
    eachValue(type, [this](int row) { m_column.integers[size_t(row)] = int64_t(values<Value>()[row]); });
}

template <typename Value> void VectorReader::readReals(InterimType type)
{
    eachValue(type, [this](int row) { m_column.reals[size_t(row)] = double(values<Value>()[row]); });
}

void VectorReader::takeDecimal(int row, const WideInteger &value, int scale)
{
    const std::string text = decimalText(value, scale);
    if (text.empty())
        return refuse(row, QString::fromStdString(wholeText(value)), DuckVectorsText::tr("it has more than 38 digits"));
    m_column.bytes[size_t(row)] = m_batch.arena.copy(text);
}

template <typename Value> void VectorReader::readDecimals(int scale)
{
    eachValue(InterimType::Decimal, [this, scale](int row) {
        const Value &value = values<Value>()[row];
        if constexpr (std::is_same_v<Value, duckdb_hugeint>)
            takeDecimal(row, WideInteger::of(value.upper, value.lower), scale);
        else if constexpr (std::is_same_v<Value, duckdb_uhugeint>)
            takeDecimal(row, WideInteger::ofUnsigned(value.upper, value.lower), scale);
        else
            takeDecimal(row, WideInteger::of(value < 0 ? -1 : 0, uint64_t(int64_t(value))), scale);
    });
}

void VectorReader::readBytes(InterimType type)
{
    eachValue(type, [this](int row) {
        const duckdb_string_t &text = values<duckdb_string_t>()[row];
        const uint32_t length = text.value.inlined.length;
        const bool isInlined = length <= sizeof(text.value.inlined.inlined);
        m_column.bytes[size_t(row)] = {isInlined ? text.value.inlined.inlined : text.value.pointer.ptr, length};
    });
}

// Kept as a signed number that sorts as its text does: the first bit is turned.
void VectorReader::readGuids()
{
    eachValue(InterimType::Guid, [this](int row) {
        const duckdb_hugeint &value = values<duckdb_hugeint>()[row];
        const uint64_t upper = uint64_t(value.upper) ^ (uint64_t(1) << 63);
        char *const bytes = m_batch.arena.allocate(16);
        for (int i = 0; i < 8; ++i) {
            bytes[i] = char(upper >> (56 - 8 * i));
            bytes[8 + i] = char(value.lower >> (56 - 8 * i));
        }
        m_column.bytes[size_t(row)] = {bytes, 16};
    });
}

bool VectorReader::takeTicks(int row, int64_t units, int64_t unitsPerTick, int64_t ticksPerUnit, int64_t epoch)
{
    int64_t ticks = 0;
    if (units % unitsPerTick != 0) {
        refuse(row, QStringLiteral("%1 ns").arg(units), DuckVectorsText::tr("it has fractions of 100 ns"));
        return false;
    }
    if (__builtin_mul_overflow(units / unitsPerTick, ticksPerUnit, &ticks)
        || __builtin_add_overflow(ticks, epoch, &ticks) || (epoch != 0 && !isDateTime(ticks))) {
        refuse(row, QString::number(units), DuckVectorsText::tr("it is outside the years 1 to 9999"));
        return false;
    }
    m_column.integers[size_t(row)] = ticks;
    return true;
}

template <typename Value> void VectorReader::readInstants(InterimType type, int64_t unitsPerTick, int64_t ticksPerUnit)
{
    eachValue(type, [=, this](int row) {
        if (takeTicks(row, int64_t(values<Value>()[row]), unitsPerTick, ticksPerUnit, ticksAtUnixEpoch)
            && type == InterimType::DateTimeOffset)
            m_column.offsets[size_t(row)] = 0;
    });
}

void VectorReader::readTimes(int64_t unitsPerTick, int64_t ticksPerUnit)
{
    eachValue(InterimType::TimeSpan,
              [=, this](int row) { takeTicks(row, values<int64_t>()[row], unitsPerTick, ticksPerUnit, 0); });
}

void VectorReader::read()
{
    constexpr int64_t nanosecondsPerTick = 100;
    switch (DUCK(get_type_id)(m_type.get())) {
    case DUCKDB_TYPE_BOOLEAN:
        return readIntegers<bool>(InterimType::Boolean);
    case DUCKDB_TYPE_TINYINT:
        return readIntegers<int8_t>(InterimType::SByte);
    case DUCKDB_TYPE_SMALLINT:
        return readIntegers<int16_t>(InterimType::Int16);
    case DUCKDB_TYPE_INTEGER:
        return readIntegers<int32_t>(InterimType::Int32);
    case DUCKDB_TYPE_BIGINT:
        return readIntegers<int64_t>(InterimType::Int64);
    case DUCKDB_TYPE_UTINYINT:
        return readIntegers<uint8_t>(InterimType::Byte);
    case DUCKDB_TYPE_USMALLINT:
        return readIntegers<uint16_t>(InterimType::UInt16);
    case DUCKDB_TYPE_UINTEGER:
        return readIntegers<uint32_t>(InterimType::UInt32);
    case DUCKDB_TYPE_UBIGINT:
        return readIntegers<uint64_t>(InterimType::UInt64);
    case DUCKDB_TYPE_FLOAT:
        return readReals<float>(InterimType::Single);
    case DUCKDB_TYPE_DOUBLE:
        return readReals<double>(InterimType::Double);
    case DUCKDB_TYPE_HUGEINT:
        return readDecimals<duckdb_hugeint>(0);
    case DUCKDB_TYPE_UHUGEINT:
        return readDecimals<duckdb_uhugeint>(0);
    case DUCKDB_TYPE_BLOB:
        return readBytes(InterimType::Binary);
    case DUCKDB_TYPE_UUID:
        return readGuids();
    case DUCKDB_TYPE_DATE:
        return readInstants<int32_t>(InterimType::DateTime, 1, ticksPerHour * hoursOfDay);
    case DUCKDB_TYPE_TIMESTAMP_S:
        return readInstants<int64_t>(InterimType::DateTime, 1, ticksPerSecond);
    case DUCKDB_TYPE_TIMESTAMP_MS:
        return readInstants<int64_t>(InterimType::DateTime, 1, ticksPerSecond / 1000);
    case DUCKDB_TYPE_TIMESTAMP:
        return readInstants<int64_t>(InterimType::DateTime, 1, ticksPerMicrosecond);
    case DUCKDB_TYPE_TIMESTAMP_NS:
        return readInstants<int64_t>(InterimType::DateTime, nanosecondsPerTick, 1);
    case DUCKDB_TYPE_TIMESTAMP_TZ:
        return readInstants<int64_t>(InterimType::DateTimeOffset, 1, ticksPerMicrosecond);
    case DUCKDB_TYPE_TIME:
        return readTimes(1, ticksPerMicrosecond);
    case DUCKDB_TYPE_TIME_NS:
        return readTimes(nanosecondsPerTick, 1);
    case DUCKDB_TYPE_DECIMAL:
        break;
    default: // the query has made a text of everything else
        return readBytes(InterimType::String);
    }
    const int scale = DUCK(decimal_scale)(m_type.get());
    switch (DUCK(decimal_internal_type)(m_type.get())) {
    case DUCKDB_TYPE_SMALLINT:
        return readDecimals<int16_t>(scale);
    case DUCKDB_TYPE_INTEGER:
        return readDecimals<int32_t>(scale);
    case DUCKDB_TYPE_BIGINT:
        return readDecimals<int64_t>(scale);
    default:
        return readDecimals<duckdb_hugeint>(scale);
    }
}

} // namespace

void readDuckChunk(duckdb_data_chunk chunk, DuckBatch &batch)
{
    batch.rows = int(DUCK(data_chunk_get_size)(chunk));
    batch.columns.resize(size_t(DUCK(data_chunk_get_column_count)(chunk)));
    for (int i = 0; i < int(batch.columns.size()); ++i)
        VectorReader(DUCK(data_chunk_get_vector)(chunk, idx_t(i)), i, batch).read();
}

} // namespace engine
