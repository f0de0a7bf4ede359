#include "engine/data/ValueConversion.h"

#include "engine/data/IntegerRange.h"
#include "engine/data/Ticks.h"

#include <QCoreApplication>

#include <array>
#include <cmath>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ValueConversionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ValueConversion)
};

bool isNumber(InterimType type)
{
    return type <= InterimType::Decimal; // the types are in order: Boolean, the whole numbers, the real ones, Decimal
}

bool isTime(InterimType type) { return type == InterimType::DateTime || type == InterimType::DateTimeOffset; }

bool isWhole(InterimType type) { return isNumber(type) && storageOf(type) == Storage::Integer; }

// A whole number of -2^63 … 2^64 - 1.
struct Whole
{
    int64_t bits = 0;
    bool isAboveSigned = false; // the bits are those of a uint64_t of at least 2^63
};

std::optional<Whole> wholeOf(double real)
{
    if (!(real >= -0x1p63 && real < 0x1p64) || std::trunc(real) != real)
        return std::nullopt;
    if (real >= 0x1p63)
        return Whole{int64_t(uint64_t(real)), true};
    return Whole{int64_t(real), false};
}

std::optional<Whole> wholeOf(std::string_view decimal)
{
    const std::optional<std::string> normal = normalDecimal(decimal);
    if (!normal)
        return std::nullopt;
    Whole whole;
    if (parseInteger(*normal, whole.bits))
        return whole;
    uint64_t above = 0;
    if (!parseUnsigned(*normal, above))
        return std::nullopt;
    return Whole{int64_t(above), true};
}

std::optional<Whole> wholeOf(const Column &from, size_t row)
{
    switch (storageOf(from.type)) {
    case Storage::Integer:
        return Whole{from.integers[row], from.type == InterimType::UInt64 && from.integers[row] < 0};
    case Storage::Real:
        return wholeOf(from.reals[row]);
    case Storage::Bytes:
        break;
    }
    return wholeOf(from.bytes[row]);
}

bool fits(Whole whole, InterimType type)
{
    if (type == InterimType::UInt64)
        return whole.isAboveSigned || whole.bits >= 0;
    if (whole.isAboveSigned)
        return false;
    if (type == InterimType::Boolean)
        return whole.bits == 0 || whole.bits == 1;
    const IntegerRange range = *integerRange(type);
    return whole.bits >= range.smallest && whole.bits <= range.largest;
}

template <typename Real> std::optional<double> realOf(Whole whole)
{
    const auto real = whole.isAboveSigned ? Real(uint64_t(whole.bits)) : Real(whole.bits);
    const std::optional<Whole> back = wholeOf(double(real));
    if (!back || back->bits != whole.bits || back->isAboveSigned != whole.isAboveSigned)
        return std::nullopt;
    return double(real);
}

// The digits that no other number of the type has.
template <typename Real> std::optional<std::string> shortestDecimal(Real real)
{
    if (!std::isfinite(real))
        return std::nullopt;
    std::array<char, 64> digits;
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), real, std::chars_format::scientific);
    return normalDecimal({digits.data(), size_t(end - digits.data())});
}

// All digits, unless they are more than a Decimal has.
std::optional<std::string> exactDecimal(double real)
{
    constexpr int mostDigits = 38;
    std::array<char, 400> digits; // 309 before the point, 38 behind it
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), real, std::chars_format::fixed, mostDigits);
    return error == std::errc() ? normalDecimal({digits.data(), size_t(end - digits.data())}) : std::nullopt;
}

template <typename Real> std::optional<double> realOf(std::string_view decimal)
{
    const std::optional<std::string> normal = normalDecimal(decimal);
    Real real = 0;
    bool isRead = false;
    if constexpr (sizeof(Real) == sizeof(double))
        isRead = normal && parseReal(*normal, real);
    else
        isRead = normal && parseSingle(*normal, real);
    if (!isRead || (shortestDecimal(real) != *normal && exactDecimal(double(real)) != *normal))
        return std::nullopt;
    return double(real);
}

template <typename Real> std::optional<double> realOf(const Column &from, size_t row)
{
    switch (storageOf(from.type)) {
    case Storage::Integer:
        return realOf<Real>(Whole{from.integers[row], from.type == InterimType::UInt64 && from.integers[row] < 0});
    case Storage::Real: {
        const double real = from.reals[row];
        const bool isSame = std::isnan(real) || double(Real(real)) == real;
        return isSame ? std::optional(real) : std::nullopt;
    }
    case Storage::Bytes:
        break;
    }
    return realOf<Real>(from.bytes[row]);
}

std::optional<std::string> decimalOf(const Column &from, size_t row)
{
    if (const std::optional<Whole> whole = wholeOf(from, row))
        return whole->isAboveSigned ? std::to_string(uint64_t(whole->bits)) : std::to_string(whole->bits);
    return from.type == InterimType::Single ? shortestDecimal(float(from.reals[row]))
                                            : shortestDecimal(from.reals[row]);
}

bool convertNumber(const Column &from, size_t row, Column &to, size_t slot, Arena &arena)
{
    if (to.type == InterimType::Decimal) {
        const std::optional<std::string> decimal = decimalOf(from, row);
        if (decimal)
            to.bytes[slot] = arena.copy(*decimal);
        return decimal.has_value();
    }
    if (storageOf(to.type) == Storage::Real) {
        const std::optional<double> real =
            to.type == InterimType::Single ? realOf<float>(from, row) : realOf<double>(from, row);
        if (real)
            to.reals[slot] = *real;
        return real.has_value();
    }
    const std::optional<Whole> whole = wholeOf(from, row);
    if (!whole || !fits(*whole, to.type))
        return false;
    to.integers[slot] = whole->bits;
    return true;
}

bool convertTime(const Column &from, size_t row, Column &to, size_t slot)
{
    if (from.type == InterimType::DateTimeOffset && from.offsets[row] != 0)
        return false;
    to.integers[slot] = from.integers[row];
    if (to.type == InterimType::DateTimeOffset)
        to.offsets[slot] = 0;
    return true;
}

void copyValue(const Column &from, size_t row, Column &to, size_t slot, Arena &arena)
{
    switch (storageOf(from.type)) {
    case Storage::Integer:
        to.integers[slot] = from.integers[row];
        break;
    case Storage::Real:
        to.reals[slot] = from.reals[row];
        break;
    case Storage::Bytes:
        to.bytes[slot] = arena.copy(from.bytes[row]);
        break;
    }
    if (from.type == InterimType::DateTimeOffset)
        to.offsets[slot] = from.offsets[row];
}

QString rangeOf(InterimType type)
{
    const std::optional<IntegerRange> range = integerRange(type);
    return ValueConversionText::tr("it is outside %1 … %2")
        .arg(range ? QString::number(range->smallest) : QStringLiteral("0"),
             range ? QString::number(range->largest) : QStringLiteral("18446744073709551615"));
}

} // namespace

Result<ValueConverter> ValueConverter::make(InterimType from, const Options &options)
{
    ValueConverter converter;
    converter.m_from = from;
    converter.m_to = options.to;
    if (from == InterimType::String && options.to != from) {
        Result<TextConverter> reader =
            TextConverter::make(options.to, {options.format, options.treatBooleanAsNumber, options.culture});
        if (!reader)
            return reader.error();
        converter.m_way = Way::Read;
        converter.m_reader = *std::move(reader);
    } else if (from == options.to) {
        converter.m_way = Way::Copy;
    } else if (options.to == InterimType::String) {
        converter.m_way = Way::Spell;
        Result<std::shared_ptr<const Culture>> culture = Culture::find(options.culture);
        if (!culture)
            return culture.error();
        converter.m_culture = *std::move(culture);
        const bool isTemporal = isTime(from) || (from == InterimType::TimeSpan && options.format != u"c");
        if (isTemporal && !options.format.isEmpty()) {
            Result<TemporalPattern> pattern = TemporalPattern::compile(from, options.format, converter.m_culture);
            if (!pattern)
                return pattern.error();
            converter.m_pattern = *std::move(pattern);
        }
    } else if (isNumber(from) && isNumber(options.to)) {
        converter.m_way = Way::Number;
    } else if (isTime(from) && isTime(options.to)) {
        converter.m_way = Way::Time;
    } else {
        return Error{ErrorCode::Unsupported,
                     ValueConversionText::tr("A value of type %1 cannot become one of type %2: map it to a column of "
                                             "its own type, or of texts.")
                         .arg(toString(from), toString(options.to)),
                     {}};
    }
    return converter;
}

bool ValueConverter::convert(const Column &from, int row, Column &to, int slot, Arena &arena) const
{
    Q_ASSERT(from.type == m_from && to.type == m_to);
    const auto source = size_t(row);
    const auto target = size_t(slot);
    if (!from.valid[source]) {
        to.setNull(slot);
        return true;
    }
    bool isConverted = true;
    switch (m_way) {
    case Way::Copy:
        copyValue(from, source, to, target, arena);
        break;
    case Way::Read:
        isConverted = m_reader->convert(from.bytes[source], to, slot, arena);
        if (isConverted && m_to == InterimType::Decimal) // may point at the text it was read from
            to.bytes[target] = arena.copy(to.bytes[target]);
        break;
    case Way::Spell: {
        std::string text;
        isConverted = spell(from, source, text);
        if (isConverted)
            to.bytes[target] = arena.copy(text);
        break;
    }
    case Way::Number:
        isConverted = convertNumber(from, source, to, target, arena);
        break;
    case Way::Time:
        isConverted = convertTime(from, source, to, target);
        break;
    }
    if (isConverted)
        to.valid[target] = 1;
    return isConverted;
}

bool ValueConverter::spell(const Column &from, size_t row, std::string &text) const
{
    if (!m_pattern) {
        appendText(text, from, int(row));
        const bool isFraction = storageOf(m_from) == Storage::Real || m_from == InterimType::Decimal;
        if (m_culture && isFraction)
            m_culture->localizeNumber(text);
        return true;
    }
    TemporalPattern::Moment moment{from.integers[row], {}};
    if (m_from == InterimType::DateTimeOffset) {
        moment.offset = from.offsets[row];
        moment.ticks += from.offsets[row] * ticksPerMinute;
    }
    return m_pattern->write(text, moment);
}

QString ValueConverter::reason(const Column &from, int row) const
{
    const auto source = size_t(row);
    if (m_reader)
        return m_reader->reason(from.bytes[source]);
    if (m_way == Way::Spell)
        return ValueConversionText::tr("the format leaves out a part of it");
    if (m_way == Way::Time)
        return ValueConversionText::tr("it has an offset from UTC; a DateTimeOffset column can hold it");
    if (storageOf(from.type) == Storage::Real && !std::isfinite(from.reals[source]))
        return ValueConversionText::tr("it is not a finite number; a Double column can hold it");
    if (m_to == InterimType::Decimal)
        return ValueConversionText::tr("it needs more than 38 digits");
    if (storageOf(m_to) == Storage::Real)
        return ValueConversionText::tr("a number of type %1 does not hold all its digits").arg(toString(m_to));
    if (m_to == InterimType::Boolean)
        return ValueConversionText::tr("it is neither 0 nor 1");
    std::string spelled;
    appendText(spelled, from, row);
    const std::optional<std::string> normal = normalDecimal(spelled);
    if (!isWhole(from.type) && normal && normal->find('.') != std::string::npos)
        return ValueConversionText::tr("it has a fraction; a Double or Decimal column can hold it");
    return rangeOf(m_to);
}

} // namespace engine
