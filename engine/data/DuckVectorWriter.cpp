#include "engine/data/DuckVectorWriter.h"

#include "engine/data/Ticks.h"
#include "engine/data/TypeConversion.h"
#include "engine/data/WideDecimal.h"

#include <QCoreApplication>

#include <string>

namespace engine {
namespace {

struct DuckFeedText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DuckFeed)
};

duckdb_type typeIdOf(InterimType type)
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

} // namespace

DuckType duckTypeOf(const DuckFeed::Target &column)
{
    if (column.type == InterimType::Decimal)
        return DuckType(DUCK(create_decimal_type)(uint8_t(column.precision), uint8_t(column.scale)));
    if (column.inMicroseconds && column.type == InterimType::DateTime)
        return DuckType(DUCK(create_logical_type)(DUCKDB_TYPE_TIMESTAMP));
    if (column.inMicroseconds && column.type == InterimType::DateTimeOffset)
        return DuckType(DUCK(create_logical_type)(DUCKDB_TYPE_TIMESTAMP_TZ));
    return DuckType(DUCK(create_logical_type)(typeIdOf(column.type)));
}

template <typename Put> std::optional<DuckVectorWriter::Refused> DuckVectorWriter::eachValue(Put put)
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
            DUCK(vector_ensure_validity_writable)(m_vector);
            validity = DUCK(vector_get_validity)(m_vector);
        }
        DUCK(validity_set_row_invalid)(validity, idx_t(i));
    }
    return {};
}

template <typename Value> std::optional<DuckVectorWriter::Refused> DuckVectorWriter::writeIntegers()
{
    return eachValue([this](size_t row, idx_t to) -> Reason {
        at<Value>(to) = Value(m_column.integers[row]);
        return {};
    });
}

// What has no type of its own there.
std::optional<DuckVectorWriter::Refused> DuckVectorWriter::writeText()
{
    std::string text;
    return eachValue([this, &text](size_t row, idx_t to) -> Reason {
        text.clear();
        appendText(text, m_column, int(row));
        DUCK(vector_assign_string_element_len)(m_vector, to, text.data(), text.size());
        return {};
    });
}

DuckVectorWriter::Reason DuckVectorWriter::putDecimal(idx_t to, std::string_view text)
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

namespace {

duckdb_hugeint uuidOf(std::string_view bytes)
{
    uint64_t halves[2] = {0, 0};
    for (size_t i = 0; i < 16; ++i)
        halves[i / 8] = (halves[i / 8] << 8) | uint8_t(bytes[i]);
    return {halves[1], int64_t(halves[0] ^ (uint64_t(1) << 63))};
}

} // namespace

std::optional<DuckVectorWriter::Refused> DuckVectorWriter::writeMicroseconds()
{
    return eachValue([this](size_t row, idx_t to) -> Reason {
        const int64_t ticks = m_column.integers[row] - ticksAtUnixEpoch;
        if (ticks % ticksPerMicrosecond != 0)
            return DuckFeedText::tr("a TIMESTAMP has no room for its 100 ns");
        at<int64_t>(to) = ticks / ticksPerMicrosecond;
        return {};
    });
}

std::optional<DuckVectorWriter::Refused> DuckVectorWriter::write()
{
    if (m_target.inMicroseconds
        && (m_target.type == InterimType::DateTime || m_target.type == InterimType::DateTimeOffset))
        return writeMicroseconds();
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
            DUCK(vector_assign_string_element_len)(m_vector, to, bytes.empty() ? "" : bytes.data(), bytes.size());
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

} // namespace engine
