#include "engine/data/TypeConversion.h"

#include "engine/data/IntegerRange.h"
#include "engine/data/TextCursor.h"
#include "engine/data/Ticks.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace engine;

namespace {

bool isTemporal(InterimType type)
{
    return type == InterimType::DateTime || type == InterimType::DateTimeOffset || type == InterimType::TimeSpan;
}

std::optional<bool> truthOf(std::string_view text)
{
    TextCursor cursor{text};
    if (cursor.takeIgnoringCase("true") && cursor.atEnd())
        return true;
    if (cursor.takeIgnoringCase("false") && cursor.atEnd())
        return false;
    return std::nullopt;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool parseGuid(std::string_view text, std::array<char, 16> &bytes)
{
    if (text.size() == 38
        && ((text.front() == '{' && text.back() == '}') || (text.front() == '(' && text.back() == ')')))
        text = text.substr(1, 36);
    const bool hyphens = text.size() == 36;
    if (!hyphens && text.size() != 32)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10)) {
            if (text[at++] != '-')
                return false;
        }
        const int high = hexDigit(text[at++]);
        const int low = hexDigit(text[at++]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = char(high * 16 + low);
    }
    return true;
}

void appendGuid(std::string &out, std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out += '-';
        const auto byte = static_cast<unsigned char>(bytes[i]);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

bool decodeBase64(std::string_view text, Arena &arena, std::string_view &bytes)
{
    const auto encoded = QByteArray::fromRawData(text.data(), qsizetype(text.size()));
    const QByteArray decoded = QByteArray::fromBase64(encoded);
    if (decoded.toBase64() != encoded) // also when there are other characters, or spare bits that are set
        return false;
    bytes = arena.copy({decoded.constData(), size_t(decoded.size())});
    return true;
}

template <typename Number> void appendNumber(std::string &out, Number number)
{
    char digits[32];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    Q_ASSERT(error == std::errc());
    out.append(digits, end);
}

} // namespace

Result<TextConverter> TextConverter::make(InterimType type, const Options &options)
{
    TextConverter converter;
    Result<std::shared_ptr<const Culture>> culture = Culture::find(options.culture);
    if (!culture)
        return culture.error();
    converter.m_culture = *std::move(culture);
    converter.m_type = type;
    converter.m_booleanAsNumber = options.treatBooleanAsNumber;
    converter.m_kind = Kind::Other;
    if (const std::optional<IntegerRange> range = integerRange(type)) {
        converter.m_kind = Kind::Integer;
        converter.m_smallest = range->smallest;
        converter.m_largest = range->largest;
    } else if (type == InterimType::Double) {
        converter.m_kind = Kind::Double;
    } else if (type == InterimType::String) {
        converter.m_kind = Kind::Text;
    } else if (isTemporal(type) && !options.format.isEmpty()
               && !(type == InterimType::TimeSpan && options.format == QLatin1String("c"))) {
        Result<TemporalPattern> pattern = TemporalPattern::compile(type, options.format, converter.m_culture);
        if (!pattern)
            return pattern.error();
        converter.m_pattern = std::make_shared<const TemporalPattern>(*std::move(pattern));
    } else if (type == InterimType::DateTime) {
        converter.m_kind = Kind::Moment;
    }
    if (converter.m_culture && converter.m_kind != Kind::Text)
        converter.m_kind = Kind::Other; // numbers are spelled anew first
    return converter;
}

bool TextConverter::convertNumber(std::string_view text, const Column::Places &column, size_t slot) const
{
    if (m_booleanAsNumber) {
        if (const std::optional<bool> truth = truthOf(text)) {
            if (storageOf(m_type) == Storage::Real)
                column.reals[slot] = *truth ? 1 : 0;
            else if (m_type == InterimType::Decimal)
                column.bytes[slot] = *truth ? "1" : "0";
            else
                column.integers[slot] = *truth ? 1 : 0;
            return true;
        }
    }
    switch (m_type) {
    case InterimType::Double: {
        double value = 0;
        if (!parseReal(text, value))
            return false;
        column.reals[slot] = value;
        return true;
    }
    case InterimType::Single: {
        float value = 0;
        if (!parseSingle(text, value))
            return false;
        column.reals[slot] = double(value);
        return true;
    }
    case InterimType::UInt64: {
        uint64_t value = 0;
        if (!parseUnsigned(text, value))
            return false;
        column.integers[slot] = int64_t(value);
        return true;
    }
    default: {
        int64_t value = 0;
        if (!parseInteger(text, value) || value < m_smallest || value > m_largest)
            return false;
        column.integers[slot] = value;
        return true;
    }
    }
}

// Numbers of a culture become those of the invariant one.
bool TextConverter::convertLocal(std::string_view text, const Column::Places &column, size_t slot, Arena &arena) const
{
    const std::optional<std::string> normal = m_culture->normalNumber(text);
    if (m_type != InterimType::Decimal)
        return (normal || truthOf(text)) && convertNumber(normal ? std::string_view(*normal) : text, column, slot);
    const std::optional<std::string> decimal = normal ? normalDecimal(*normal) : std::nullopt;
    if (!decimal)
        return m_booleanAsNumber && truthOf(text) && convertNumber(text, column, slot);
    column.bytes[slot] = arena.copy(*decimal);
    return true;
}

// By the pattern, or as the culture writes dates.
bool TextConverter::convertTime(std::string_view text, const Column::Places &column, size_t slot) const
{
    const bool isInterval = m_type == InterimType::TimeSpan;
    if (!m_pattern && isInterval)
        return parseTimeSpan(text, column.integers[slot]);
    std::optional<TemporalPattern::Moment> moment;
    if (m_pattern) {
        moment = m_pattern->read(text);
    } else if (m_culture) {
        const std::optional<Culture::Moment> local = m_culture->readMoment(text);
        const std::optional<int64_t> ticks = local ? ticksOf(local->time) : std::nullopt;
        if (ticks)
            moment = {*ticks, local->offset};
    } else if (m_type == InterimType::DateTime) {
        return parseDateTime(text, column.integers[slot]);
    } else if (OffsetTime time; parseDateTimeOffset(text, time)) {
        moment = {time.ticks + time.offset * ticksPerMinute, time.offset};
    }
    const int offset = moment ? moment->offset.value_or(0) : 0;
    if (!moment || (m_type == InterimType::DateTime && offset != 0))
        return false;
    const int64_t ticks = moment->ticks - offset * ticksPerMinute;
    if (!isInterval && !isDateTime(ticks))
        return false;
    column.integers[slot] = ticks;
    if (m_type == InterimType::DateTimeOffset)
        column.offsets[slot] = int16_t(offset);
    return true;
}

bool TextConverter::convertOther(std::string_view text, const Column::Places &column, size_t slot, Arena &arena) const
{
    bool converted = false;
    switch (m_type) {
    case InterimType::Boolean: {
        std::optional<bool> truth = truthOf(text);
        if (!truth && m_booleanAsNumber && (text == "1" || text == "0"))
            truth = text == "1";
        if (truth)
            column.integers[slot] = *truth ? 1 : 0;
        converted = truth.has_value();
        break;
    }
    case InterimType::Decimal:
        if (m_culture) {
            converted = convertLocal(text, column, slot, arena);
        } else if (const std::optional<std::string> normal = normalDecimal(text)) {
            column.bytes[slot] = *normal == text ? text : arena.copy(*normal);
            converted = true;
        } else {
            converted = m_booleanAsNumber && convertNumber(text, column, slot);
        }
        break;
    case InterimType::Binary:
        converted = decodeBase64(text, arena, column.bytes[slot]);
        break;
    case InterimType::Guid:
        if (std::array<char, 16> bytes; parseGuid(text, bytes)) {
            column.bytes[slot] = arena.copy({bytes.data(), bytes.size()});
            converted = true;
        }
        break;
    case InterimType::DateTime:
    case InterimType::DateTimeOffset:
    case InterimType::TimeSpan:
        converted = convertTime(text, column, slot);
        break;
    default:
        converted = m_culture ? convertLocal(text, column, slot, arena) : convertNumber(text, column, slot);
        break;
    }
    if (converted)
        column.valid[slot] = 1;
    return converted;
}

QString TextConverter::reason(std::string_view text) const
{
    const auto say = [](const char *sentence) {
        return QCoreApplication::translate("engine::TextConverter", sentence);
    };
    text = withoutSpaces(text);
    std::optional<std::string> normal;
    if (m_culture && m_type <= InterimType::Decimal && m_type != InterimType::Boolean) {
        normal = m_culture->normalNumber(text);
        if (!normal)
            return say(QT_TRANSLATE_NOOP("engine::TextConverter", "numbers are not written so in the culture %1"))
                .arg(m_culture->name());
        text = *normal;
    }
    double number = 0;
    const bool isNumber = parseReal(text, number);
    if (integerRange(m_type) || m_type == InterimType::UInt64) {
        const bool digits = !text.empty() && text.find_first_not_of("+-0123456789") == std::string_view::npos;
        if (digits && normalDecimal(text)) {
            const std::optional<IntegerRange> range = integerRange(m_type);
            return say(QT_TRANSLATE_NOOP("engine::TextConverter", "it is outside %1 … %2"))
                .arg(range ? QString::number(range->smallest) : QStringLiteral("0"),
                     range ? QString::number(range->largest) : QStringLiteral("18446744073709551615"));
        }
        if (isNumber)
            return say(QT_TRANSLATE_NOOP("engine::TextConverter",
                                         "a whole number is written without decimal point and exponent; a Double or "
                                         "Decimal column can hold it"));
        return say(QT_TRANSLATE_NOOP("engine::TextConverter", "it is not a whole number"));
    }
    switch (m_type) {
    case InterimType::Single:
    case InterimType::Double:
        return normalDecimal(text)
                || (!text.empty() && text.find_first_not_of("+-.0123456789eE") == std::string_view::npos)
            ? say(QT_TRANSLATE_NOOP("engine::TextConverter", "it is not a number this type can hold"))
            : say(QT_TRANSLATE_NOOP("engine::TextConverter", "it is not a number; a point comes before the fraction"));
    case InterimType::Decimal:
        return isNumber ? say(QT_TRANSLATE_NOOP("engine::TextConverter", "it needs more than 38 digits"))
                        : say(QT_TRANSLATE_NOOP("engine::TextConverter", "it is not a number"));
    case InterimType::Boolean:
        return say(QT_TRANSLATE_NOOP("engine::TextConverter", "it is neither true nor false"));
    case InterimType::DateTime:
        if (int64_t ticks = 0; !m_pattern && !parseDateTime(text, ticks)) {
            OffsetTime time;
            if (parseDateTimeOffset(text, time))
                return say(QT_TRANSLATE_NOOP("engine::TextConverter",
                                             "it has an offset from UTC; a DateTimeOffset column can hold it"));
        }
        [[fallthrough]];
    case InterimType::DateTimeOffset:
        if (m_culture && !m_pattern)
            return say(QT_TRANSLATE_NOOP("engine::TextConverter",
                                         "no such date and time in the culture %1, where the year has four digits"))
                .arg(m_culture->name());
        return m_pattern ? say(QT_TRANSLATE_NOOP("engine::TextConverter", "it does not have the format of the mapping"))
                         : say(QT_TRANSLATE_NOOP("engine::TextConverter",
                                                 "no such date and time; write it as 2024-01-31T12:34:56 or give the "
                                                 "mapping a format"));
    case InterimType::TimeSpan:
        return m_pattern ? say(QT_TRANSLATE_NOOP("engine::TextConverter", "it does not have the format of the mapping"))
                         : say(QT_TRANSLATE_NOOP("engine::TextConverter",
                                                 "no such interval; write it as days.hours:minutes:seconds"));
    case InterimType::Guid:
        return say(QT_TRANSLATE_NOOP("engine::TextConverter", "it is not 32 hexadecimal digits"));
    case InterimType::Binary:
        return say(QT_TRANSLATE_NOOP("engine::TextConverter", "it is not base64"));
    default:
        return {};
    }
}

void engine::appendText(std::string &out, const Column &column, int row)
{
    const auto slot = size_t(row);
    Q_ASSERT(column.valid[slot]);
    switch (column.type) {
    case InterimType::Boolean:
        out.append(column.integers[slot] ? "true" : "false");
        return;
    case InterimType::UInt64:
        appendNumber(out, uint64_t(column.integers[slot]));
        return;
    case InterimType::Single:
        appendNumber(out, float(column.reals[slot]));
        return;
    case InterimType::Double: {
        char digits[longestReal];
        out.append(digits, writeReal(digits, column.reals[slot]));
        return;
    }
    case InterimType::Decimal:
    case InterimType::String:
        out.append(column.bytes[slot]);
        return;
    case InterimType::Binary: {
        const std::string_view bytes = column.bytes[slot];
        out.append(QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64().toStdString());
        return;
    }
    case InterimType::DateTime:
        appendDateTime(out, column.integers[slot]);
        return;
    case InterimType::DateTimeOffset:
        appendDateTimeOffset(out, {column.integers[slot], column.offsets[slot]});
        return;
    case InterimType::TimeSpan:
        appendTimeSpan(out, column.integers[slot]);
        return;
    case InterimType::Guid:
        appendGuid(out, column.bytes[slot]);
        return;
    default:
        appendNumber(out, column.integers[slot]);
        return;
    }
}
