#include "engine/connectors/postgres/PostgresDecoder.h"

#include "engine/data/TextNumbers.h"
#include "engine/data/Ticks.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <endian.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PostgresDecoderText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresDecoder)
};

constexpr int64_t ticksAt2000 = 730'119 * ticksPerDay; // PostgreSQL counts from 2000-01-01
constexpr Oid moneyOid = 790;

struct KnownType
{
    Oid oid; // fixed in every server (pg_type.dat)
    PostgresForm form;
};

constexpr std::array knownTypes{
    KnownType{16, PostgresForm::Bool},        KnownType{17, PostgresForm::Bytea},
    KnownType{19, PostgresForm::Text}, // name
    KnownType{20, PostgresForm::Int8},        KnownType{21, PostgresForm::Int2},
    KnownType{23, PostgresForm::Int4},        KnownType{25, PostgresForm::Text},
    KnownType{114, PostgresForm::Text}, // json
    KnownType{700, PostgresForm::Float4},     KnownType{701, PostgresForm::Float8},
    KnownType{1042, PostgresForm::Text}, // char(n)
    KnownType{1043, PostgresForm::Text}, // varchar
    KnownType{1082, PostgresForm::Date},      KnownType{1083, PostgresForm::Time},
    KnownType{1114, PostgresForm::Timestamp}, KnownType{1184, PostgresForm::TimestampTz},
    KnownType{1186, PostgresForm::Interval},  KnownType{1700, PostgresForm::Numeric},
    KnownType{2950, PostgresForm::Uuid},      KnownType{3802, PostgresForm::Jsonb},
};

std::optional<PostgresForm> formOf(Oid type)
{
    const auto known =
        std::find_if(knownTypes.begin(), knownTypes.end(), [&](const KnownType &each) { return each.oid == type; });
    return known == knownTypes.end() ? std::nullopt : std::optional(known->form);
}

// What the server sent is read in its order of bytes; the caller knows that there are enough.
template <typename Integer> Integer integerAt(std::string_view bytes, size_t at)
{
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(Integer); ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return Integer(value);
}

// 0: any.
size_t sizeOf(PostgresForm form)
{
    switch (form) {
    case PostgresForm::Bool:
        return 1;
    case PostgresForm::Int2:
        return 2;
    case PostgresForm::Int4:
    case PostgresForm::Float4:
    case PostgresForm::Date:
        return 4;
    case PostgresForm::Int8:
    case PostgresForm::Float8:
    case PostgresForm::Time:
    case PostgresForm::Timestamp:
    case PostgresForm::TimestampTz:
        return 8;
    case PostgresForm::Interval:
    case PostgresForm::Uuid:
        return 16;
    default:
        return 0;
    }
}

PostgresDecoder::Refusal garbled()
{
    return {QStringLiteral("?"), PostgresDecoderText::tr("the server sent it in an unknown form")};
}

PostgresDecoder::Refusal infinite(bool isNegative)
{
    return {isNegative ? QStringLiteral("-infinity") : QStringLiteral("infinity"),
            PostgresDecoderText::tr("it is infinite")};
}

} // namespace

PostgresFetch postgresFetch(Oid type, InterimType wanted)
{
    if (type == moneyOid)
        return wanted == InterimType::String ? PostgresFetch{PostgresForm::Text, "::numeric::text"}
                                             : PostgresFetch{PostgresForm::Numeric, "::numeric"};
    const std::optional<PostgresForm> form = formOf(type);
    const bool isText = !form || (form == PostgresForm::Numeric && wanted == InterimType::String)
        || (form == PostgresForm::Interval && wanted != InterimType::TimeSpan);
    return isText ? PostgresFetch{PostgresForm::Text, "::text"} : PostgresFetch{*form, ""};
}

InterimType postgresInterimType(Oid type)
{
    if (type == moneyOid)
        return InterimType::Decimal;
    const std::optional<PostgresForm> form = formOf(type);
    return form && form != PostgresForm::Interval ? PostgresDecoder(*form).type() : InterimType::String;
}

InterimType PostgresDecoder::type() const
{
    switch (m_form) {
    case PostgresForm::Bool:
        return InterimType::Boolean;
    case PostgresForm::Int2:
        return InterimType::Int16;
    case PostgresForm::Int4:
        return InterimType::Int32;
    case PostgresForm::Int8:
        return InterimType::Int64;
    case PostgresForm::Float4:
        return InterimType::Single;
    case PostgresForm::Float8:
        return InterimType::Double;
    case PostgresForm::Numeric:
        return InterimType::Decimal;
    case PostgresForm::Bytea:
        return InterimType::Binary;
    case PostgresForm::Date:
    case PostgresForm::Timestamp:
        return InterimType::DateTime;
    case PostgresForm::TimestampTz:
        return InterimType::DateTimeOffset;
    case PostgresForm::Time:
    case PostgresForm::Interval:
        return InterimType::TimeSpan;
    case PostgresForm::Uuid:
        return InterimType::Guid;
    case PostgresForm::Text:
    case PostgresForm::Jsonb:
    case PostgresForm::None:
        break;
    }
    return InterimType::String;
}

// Digits of base 10,000: how many, weight of the first, sign, digits after the point, the digits.
std::optional<PostgresDecoder::Refusal>
PostgresDecoder::decodeNumeric(std::string_view bytes, Column &column, size_t slot, Arena &arena) const
{
    constexpr size_t headBytes = 8;
    constexpr int mostWeight = 10; // of numbers of up to 44 digits before the point
    if (bytes.size() < headBytes)
        return garbled();
    const int groups = integerAt<uint16_t>(bytes, 0);
    const int weight = integerAt<int16_t>(bytes, 2);
    const int sign = integerAt<uint16_t>(bytes, 4);
    const int scale = integerAt<uint16_t>(bytes, 6);
    if (sign != 0 && sign != 0x4000)
        return Refusal{sign == 0xd000 ? QStringLiteral("Infinity")
                                      : (sign == 0xf000 ? QStringLiteral("-Infinity") : QStringLiteral("NaN")),
                       PostgresDecoderText::tr("it is not a finite number")};
    if (bytes.size() != headBytes + size_t(groups) * 2)
        return garbled();
    const QString tooLong = PostgresDecoderText::tr("it needs more than 38 digits; a String column can hold it");
    if (groups > 0 && weight > mostWeight)
        return Refusal{PostgresDecoderText::tr("a number of about %n digit(s)", nullptr, weight * 4 + 4), tooLong};
    std::string text = sign == 0 ? "" : "-";
    const auto appendGroup = [&](int index) {
        int group = index >= 0 && index < groups ? integerAt<uint16_t>(bytes, headBytes + size_t(index) * 2) : 0;
        const size_t start = text.size();
        text.append(4, '0');
        for (size_t i = 4; i > 0; --i, group /= 10)
            text[start + i - 1] = char('0' + group % 10);
    };
    text += '0';
    for (int i = 0; i <= weight; ++i)
        appendGroup(i);
    text += '.';
    const size_t point = text.size();
    for (int i = weight + 1; int(text.size() - point) < scale; ++i)
        appendGroup(i);
    text.resize(point + size_t(scale));
    const std::optional<std::string> normal = normalDecimal(text);
    if (!normal)
        return Refusal{QString::fromStdString(text), tooLong};
    column.bytes[slot] = arena.copy(*normal);
    return {};
}

std::optional<PostgresDecoder::Refusal>
PostgresDecoder::decodeTime(std::string_view bytes, Column &column, size_t slot) const
{
    constexpr int64_t smallest = -ticksAt2000 / ticksPerMicrosecond;
    constexpr int64_t end = (endOfTicks - ticksAt2000) / ticksPerMicrosecond;
    constexpr int64_t endOfDays = endOfTicks / ticksPerDay; // and a product that fits
    constexpr int64_t microsecondsPerDay = ticksPerDay / ticksPerMicrosecond;
    int64_t microseconds = 0;
    if (m_form == PostgresForm::Date) {
        const int64_t days = integerAt<int32_t>(bytes, 0);
        if (days == INT32_MAX || days == INT32_MIN)
            return infinite(days < 0);
        microseconds = std::clamp(days, -endOfDays, endOfDays) * microsecondsPerDay;
    } else {
        microseconds = integerAt<int64_t>(bytes, 0);
        if (microseconds == INT64_MAX || microseconds == INT64_MIN)
            return infinite(microseconds < 0);
    }
    if (microseconds < smallest || microseconds >= end)
        return Refusal{microseconds < 0 ? PostgresDecoderText::tr("a time before Christ")
                                        : PostgresDecoderText::tr("a time after the year 9999"),
                       PostgresDecoderText::tr("it is outside the years 1 … 9999")};
    column.integers[slot] = ticksAt2000 + microseconds * ticksPerMicrosecond;
    if (m_form == PostgresForm::TimestampTz)
        column.offsets[slot] = 0;
    return {};
}

std::optional<PostgresDecoder::Refusal>
PostgresDecoder::decode(std::string_view bytes, Column &column, size_t slot, Arena &arena) const
{
    if (const size_t size = sizeOf(m_form); size != 0 && bytes.size() != size)
        return garbled();
    std::optional<Refusal> problem;
    switch (m_form) {
    case PostgresForm::Bool:
        column.integers[slot] = bytes[0] != 0;
        break;
    case PostgresForm::Int2:
        column.integers[slot] = integerAt<int16_t>(bytes, 0);
        break;
    case PostgresForm::Int4:
        column.integers[slot] = integerAt<int32_t>(bytes, 0);
        break;
    case PostgresForm::Int8:
        column.integers[slot] = integerAt<int64_t>(bytes, 0);
        break;
    case PostgresForm::Float4:
        column.reals[slot] = double(std::bit_cast<float>(integerAt<uint32_t>(bytes, 0)));
        break;
    case PostgresForm::Float8:
        column.reals[slot] = std::bit_cast<double>(integerAt<uint64_t>(bytes, 0));
        break;
    case PostgresForm::Numeric:
        problem = decodeNumeric(bytes, column, slot, arena);
        break;
    case PostgresForm::Jsonb:
        if (bytes.empty() || bytes[0] != 1) // version of the format
            return garbled();
        column.bytes[slot] = bytes.substr(1);
        break;
    case PostgresForm::Date:
    case PostgresForm::Timestamp:
    case PostgresForm::TimestampTz:
        problem = decodeTime(bytes, column, slot);
        break;
    case PostgresForm::Time:
        column.integers[slot] = integerAt<int64_t>(bytes, 0) * ticksPerMicrosecond;
        break;
    case PostgresForm::Interval: {
        const auto microseconds = integerAt<int64_t>(bytes, 0);
        const auto days = integerAt<int32_t>(bytes, 8);
        const auto months = integerAt<int32_t>(bytes, 12);
        constexpr int64_t most = INT64_MAX / ticksPerMicrosecond;
        if (days != 0 || months != 0)
            return Refusal{
                QStringLiteral("%1 mons %2 days").arg(months).arg(days),
                PostgresDecoderText::tr("its days and months have no fixed length; a String column can hold it")};
        if (microseconds > most || microseconds < -most)
            return Refusal{QStringLiteral("%1 µs").arg(microseconds),
                           PostgresDecoderText::tr("it is longer than an interval of type TimeSpan can be")};
        column.integers[slot] = microseconds * ticksPerMicrosecond;
        break;
    }
    case PostgresForm::Text:
    case PostgresForm::Bytea:
    case PostgresForm::Uuid:
        column.bytes[slot] = bytes;
        break;
    case PostgresForm::None:
        return garbled();
    }
    if (!problem)
        column.valid[slot] = 1;
    return problem;
}

} // namespace engine
