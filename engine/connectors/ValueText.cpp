#include "engine/connectors/ValueText.h"

#include "engine/data/TemporalText.h"

#include <algorithm>
#include <charconv>

namespace engine {
namespace {

constexpr qsizetype shownCharacters = 200;

template <typename T> void appendShortest(std::string &out, T value)
{
    char text[40];
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void appendHex(std::string &out, char byte)
{
    static constexpr char digits[] = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(byte);
    out += digits[value >> 4];
    out += digits[value & 15];
}

} // namespace

void appendReal(std::string &out, double value) { appendShortest(out, value); }

void appendSingle(std::string &out, double value) { appendShortest(out, float(value)); }

void appendGuid(std::string &out, std::string_view bytes)
{
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out += '-';
        appendHex(out, bytes[i]);
    }
}

QString displayedValue(const Column &column, int row)
{
    const size_t i = size_t(row);
    if (!column.valid[i])
        return QStringLiteral("NULL");
    std::string text;
    switch (column.type) {
    case InterimType::Boolean:
        text = column.integers[i] ? "true" : "false";
        break;
    case InterimType::Single:
        appendSingle(text, column.reals[i]);
        break;
    case InterimType::Double:
        appendReal(text, column.reals[i]);
        break;
    case InterimType::Decimal:
    case InterimType::String: // at most four bytes make one character
        text = column.bytes[i].substr(0, size_t(shownCharacters) * 4);
        break;
    case InterimType::Binary:
        text = "0x";
        for (const char byte : column.bytes[i].substr(0, size_t(shownCharacters) / 2))
            appendHex(text, byte);
        break;
    case InterimType::Guid:
        appendGuid(text, column.bytes[i]);
        break;
    case InterimType::DateTime:
        appendDateTime(text, column.integers[i]);
        break;
    case InterimType::DateTimeOffset:
        appendDateTimeOffset(text, {column.integers[i], column.offsets[i]});
        break;
    case InterimType::TimeSpan:
        appendTimeSpan(text, column.integers[i]);
        break;
    case InterimType::UInt64:
        text = std::to_string(uint64_t(column.integers[i]));
        break;
    default:
        text = std::to_string(column.integers[i]);
        break;
    }
    return QString::fromStdString(text).left(shownCharacters);
}

} // namespace engine
