#include "engine/connectors/postgres/PostgresEncoder.h"

#include "engine/connectors/ValueText.h"
#include "engine/data/Ticks.h"
#include "engine/data/TypeConversion.h"

#include <QCoreApplication>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <endian.h>

namespace engine {
namespace {

struct PostgresEncoderText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresEncoder)
};

constexpr int64_t ticksAt2000 = 730'119 * ticksPerDay; // PostgreSQL counts from 2000-01-01
constexpr int timeDigits = 6; // microseconds
constexpr uint32_t nullLength = 0xffffffff;

bool isIntegerType(InterimType type)
{
    return storageOf(type) == Storage::Integer && type != InterimType::DateTime && type != InterimType::DateTimeOffset
        && type != InterimType::TimeSpan;
}

// "-012.340" has the integer digits "012" and the fraction "340".
struct DecimalParts
{
    bool isNegative = false;
    std::string_view integer;
    std::string_view fraction;
};

DecimalParts partsOf(std::string_view text)
{
    DecimalParts parts;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        parts.isNegative = text.front() == '-';
        text.remove_prefix(1);
    }
    const size_t point = text.find('.');
    parts.integer = text.substr(0, point);
    if (point != std::string_view::npos)
        parts.fraction = text.substr(point + 1);
    while (!parts.integer.empty() && parts.integer.front() == '0')
        parts.integer.remove_prefix(1);
    return parts;
}

bool areDays(const Column &column, int rows)
{
    return std::all_of(column.integers.begin(), column.integers.begin() + rows, [](int64_t ticks) {
        return ticks % ticksPerDay == 0; // of a NULL: 0
    });
}

} // namespace

void CopyBuffer::enlarge(size_t bytes) { m_bytes.resize(std::max(m_used + bytes, m_bytes.size() * 2)); }

PostgresEncoder::PostgresEncoder(PostgresColumn target) : m_target(std::move(target)) { }

bool PostgresEncoder::accepts(InterimType type) const
{
    switch (m_target.form) {
    case PostgresForm::Bool:
        return type == InterimType::Boolean;
    case PostgresForm::Int2:
    case PostgresForm::Int4:
    case PostgresForm::Int8:
        return isIntegerType(type);
    case PostgresForm::Float4:
    case PostgresForm::Float8:
        return isIntegerType(type) || storageOf(type) == Storage::Real;
    case PostgresForm::Numeric:
        return (isIntegerType(type) && type != InterimType::Boolean) || type == InterimType::Decimal;
    case PostgresForm::Text:
        return type != InterimType::Binary;
    case PostgresForm::Jsonb:
        return type == InterimType::String;
    case PostgresForm::Bytea:
        return type == InterimType::Binary;
    case PostgresForm::Date:
    case PostgresForm::Timestamp:
        return type == InterimType::DateTime;
    case PostgresForm::TimestampTz:
        return type == InterimType::DateTimeOffset;
    case PostgresForm::Time:
    case PostgresForm::Interval:
        return type == InterimType::TimeSpan;
    case PostgresForm::Uuid:
        return type == InterimType::Guid;
    case PostgresForm::None:
        break;
    }
    return false;
}

// No value of the type needs a look: the inner loop of most columns is then only append().
bool PostgresEncoder::isAlwaysExact(InterimType type) const
{
    switch (m_target.form) {
    case PostgresForm::Bool:
    case PostgresForm::Bytea:
    case PostgresForm::Uuid:
        return true;
    case PostgresForm::Int2:
        return type == InterimType::Int16;
    case PostgresForm::Int4:
        return type == InterimType::Int32 || type == InterimType::Int16;
    case PostgresForm::Int8:
        return type != InterimType::UInt64;
    case PostgresForm::Float4:
        return type == InterimType::Single;
    case PostgresForm::Float8:
        return storageOf(type) == Storage::Real;
    default:
        return false;
    }
}

std::optional<PostgresEncoder::Refusal> PostgresEncoder::take(const Column &column, int rows, int from)
{
    m_column = &column;
    m_isSpelled = (m_target.form == PostgresForm::Text && column.type != InterimType::String)
        || (m_target.form == PostgresForm::Numeric && column.type != InterimType::Decimal);
    if (m_isSpelled && from == 0) {
        m_spelled.clear();
        m_ends.clear();
        for (int i = 0; i < rows; ++i) {
            if (column.valid[size_t(i)])
                appendText(m_spelled, column, i);
            m_ends.push_back(m_spelled.size());
        }
    }
    if (isAlwaysExact(column.type) || (m_target.form == PostgresForm::Date && areDays(column, rows)))
        return {};
    for (int i = from; i < rows; ++i) {
        if (!column.valid[size_t(i)])
            continue;
        if (const auto reason = problem(column, size_t(i)))
            return Refusal{
                i,
                PostgresEncoderText::tr("The value “%1” cannot be stored exactly in the column “%2” (%3): %4.")
                    .arg(displayedValue(column, i), m_target.column.name, m_target.column.physicalType, *reason)};
    }
    return {};
}

std::optional<QString> PostgresEncoder::problem(const Column &column, size_t row) const
{
    switch (m_target.form) {
    case PostgresForm::Int2:
    case PostgresForm::Int4:
    case PostgresForm::Int8:
        return integerProblem(column.type, column.integers[row]);
    case PostgresForm::Float4:
        if (storageOf(column.type) == Storage::Real) {
            const double value = column.reals[row];
            if (!std::isnan(value) && double(float(value)) != value)
                return PostgresEncoderText::tr("a single-precision number does not hold all its digits");
            return {};
        }
        if (const double real = double(float(column.integers[row]));
            real >= 0x1p63 || int64_t(real) != column.integers[row])
            return PostgresEncoderText::tr("a floating-point number does not hold all its digits");
        return {};
    case PostgresForm::Float8:
        if (const double real = double(column.integers[row]); real >= 0x1p63 || int64_t(real) != column.integers[row])
            return PostgresEncoderText::tr("a floating-point number does not hold all its digits");
        return {};
    case PostgresForm::Numeric:
        if (m_isSpelled) {
            const size_t start = row == 0 ? 0 : m_ends[row - 1];
            return decimalProblem(std::string_view(m_spelled).substr(start, m_ends[row] - start));
        }
        return decimalProblem(column.bytes[row]);
    case PostgresForm::Text:
        if (m_isSpelled) {
            const size_t start = row == 0 ? 0 : m_ends[row - 1];
            return textProblem(std::string_view(m_spelled).substr(start, m_ends[row] - start));
        }
        return textProblem(column.bytes[row]);
    case PostgresForm::Jsonb:
        return textProblem(column.bytes[row]);
    case PostgresForm::Date:
        if (column.integers[row] % ticksPerDay != 0)
            return PostgresEncoderText::tr("a date has no time of day");
        return {};
    case PostgresForm::Time:
        if (column.integers[row] < 0 || column.integers[row] >= ticksPerDay)
            return PostgresEncoderText::tr("a time of day is between 00:00 and 24:00");
        return timeProblem(column.integers[row]);
    case PostgresForm::Timestamp:
    case PostgresForm::TimestampTz:
        return timeProblem(column.integers[row]);
    case PostgresForm::Interval:
        return timeProblem(column.integers[row]);
    default:
        return {};
    }
}

std::optional<QString> PostgresEncoder::textProblem(std::string_view text) const
{
    if (text.find('\0') != std::string_view::npos)
        return PostgresEncoderText::tr("PostgreSQL's texts hold no character of code zero");
    if (m_target.length < 0 || text.size() <= size_t(m_target.length))
        return {};
    const auto characters = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
    if (characters > m_target.length)
        return PostgresEncoderText::tr("it has %1 characters, the column takes %2")
            .arg(characters)
            .arg(m_target.length);
    return {};
}

std::optional<QString> PostgresEncoder::decimalProblem(std::string_view text) const
{
    if (m_target.precision < 0)
        return {};
    const DecimalParts parts = partsOf(text);
    const int scale = m_target.scale;
    if (int(parts.fraction.size()) > std::max(scale, 0))
        return PostgresEncoderText::tr("it has %1 digits after the point, the column takes %2")
            .arg(parts.fraction.size())
            .arg(std::max(scale, 0));
    if (int(parts.integer.size()) > m_target.precision - scale)
        return PostgresEncoderText::tr("it has %1 digits before the point, the column takes %2")
            .arg(parts.integer.size())
            .arg(m_target.precision - scale);
    const size_t rounded = size_t(scale < 0 ? -scale : 0);
    const std::string_view tail = parts.integer.substr(parts.integer.size() - std::min(rounded, parts.integer.size()));
    if (tail.find_first_not_of('0') != std::string_view::npos)
        return PostgresEncoderText::tr("the column rounds its last %1 digits").arg(rounded);
    return {};
}

std::optional<QString> PostgresEncoder::integerProblem(InterimType type, int64_t value) const
{
    const int bits = m_target.form == PostgresForm::Int2 ? 16 : m_target.form == PostgresForm::Int4 ? 32 : 64;
    const int64_t largest = int64_t((uint64_t(1) << (bits - 1)) - 1);
    const bool isTooLarge = type == InterimType::UInt64 && value < 0;
    if (isTooLarge || value > largest || value < -largest - 1)
        return PostgresEncoderText::tr("the column takes %1 to %2").arg(-largest - 1).arg(largest);
    return {};
}

std::optional<QString> PostgresEncoder::timeProblem(int64_t ticks) const
{
    const int digits = m_target.precision < 0 ? timeDigits : m_target.precision;
    int64_t unit = ticksPerSecond;
    for (int i = 0; i < digits; ++i)
        unit /= 10;
    if (ticks % unit != 0)
        return PostgresEncoderText::tr("the column takes %1 digits of a second").arg(digits);
    return {};
}

// Base 10,000: how many digits, weight of the first, sign, digits after the point, digits.
void PostgresEncoder::appendNumeric(CopyBuffer &out, std::string_view text) const
{
    const DecimalParts parts = partsOf(text);
    std::string digits((4 - parts.integer.size() % 4) % 4, '0');
    digits += parts.integer;
    int weight = int(digits.size() / 4) - 1;
    digits += parts.fraction;
    digits.append((4 - digits.size() % 4) % 4, '0');
    size_t groups = digits.size() / 4;
    size_t first = 0;
    const auto group = [&](size_t i) {
        return uint16_t((digits[i * 4] - '0') * 1000 + (digits[i * 4 + 1] - '0') * 100 + (digits[i * 4 + 2] - '0') * 10
                        + (digits[i * 4 + 3] - '0'));
    };
    while (first < groups && group(first) == 0) {
        ++first;
        --weight;
    }
    while (groups > first && group(groups - 1) == 0)
        --groups;
    const bool isZero = first == groups;
    out.put32(uint32_t(8 + 2 * (groups - first)));
    out.put16(uint16_t(groups - first));
    out.put16(uint16_t(int16_t(isZero ? 0 : weight)));
    out.put16(parts.isNegative && !isZero ? 0x4000 : 0);
    out.put16(uint16_t(parts.fraction.size()));
    for (size_t i = first; i < groups; ++i)
        out.put16(group(i));
}

void PostgresEncoder::append(CopyBuffer &out, int row) const
{
    const size_t i = size_t(row);
    const Column &column = *m_column;
    if (!column.valid[i]) {
        out.put32(nullLength);
        return;
    }
    const auto spelled = [&] {
        const size_t start = i == 0 ? 0 : m_ends[i - 1];
        return std::string_view(m_spelled).substr(start, m_ends[i] - start);
    };
    switch (m_target.form) {
    case PostgresForm::Bool:
        out.put32(1);
        *out.grow(1) = char(column.integers[i] != 0);
        break;
    case PostgresForm::Int2:
        out.put32(2);
        out.put16(uint16_t(column.integers[i]));
        break;
    case PostgresForm::Int4:
        out.put32WithLength(uint32_t(column.integers[i]));
        break;
    case PostgresForm::Int8:
        out.put64WithLength(uint64_t(column.integers[i]));
        break;
    case PostgresForm::Float4:
        out.put32WithLength(
            std::bit_cast<uint32_t>(column.reals.empty() ? float(column.integers[i]) : float(column.reals[i])));
        break;
    case PostgresForm::Float8:
        out.put64WithLength(
            std::bit_cast<uint64_t>(column.reals.empty() ? double(column.integers[i]) : column.reals[i]));
        break;
    case PostgresForm::Numeric:
        appendNumeric(out, m_isSpelled ? spelled() : column.bytes[i]);
        break;
    case PostgresForm::Text: {
        const std::string_view text = m_isSpelled ? spelled() : column.bytes[i];
        out.put32(uint32_t(text.size()));
        out.put(text);
        break;
    }
    case PostgresForm::Jsonb:
        out.put32(uint32_t(column.bytes[i].size() + 1));
        *out.grow(1) = 1; // version of the format
        out.put(column.bytes[i]);
        break;
    case PostgresForm::Bytea:
    case PostgresForm::Uuid:
        out.put32(uint32_t(column.bytes[i].size()));
        out.put(column.bytes[i]);
        break;
    case PostgresForm::Date:
        out.put32WithLength(uint32_t(int32_t((column.integers[i] - ticksAt2000) / ticksPerDay)));
        break;
    case PostgresForm::Time:
        out.put64WithLength(uint64_t(column.integers[i] / ticksPerMicrosecond));
        break;
    case PostgresForm::Timestamp:
    case PostgresForm::TimestampTz:
        out.put64WithLength(uint64_t((column.integers[i] - ticksAt2000) / ticksPerMicrosecond));
        break;
    case PostgresForm::Interval:
        out.put32(16);
        out.put64(uint64_t(column.integers[i] / ticksPerMicrosecond));
        out.put32(0); // days
        out.put32(0); // months
        break;
    case PostgresForm::None:
        break;
    }
}

} // namespace engine
