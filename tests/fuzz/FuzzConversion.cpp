#include "engine/data/ValueConversion.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;

namespace {

// Sets the one slot of `column`; false when `text` is no value of its type.
bool convertOne(const TextConverter &converter, std::string_view text, Column &column, Arena &arena)
{
    column.type = converter.type();
    column.resize(1);
    return converter.convert(text, column, 0, arena);
}

bool isSame(const Column &a, const Column &b)
{
    return a.integers == b.integers && a.bytes == b.bytes && a.offsets == b.offsets && a.reals == b.reals;
}

// Into every other type: what is refused has a reason, and what becomes a text of the culture is read there as the same
// value.
void convertOn(const Column &column, const QString &culture)
{
    for (unsigned to = 0; to <= unsigned(InterimType::Guid); ++to) {
        const auto type = static_cast<InterimType>(to);
        const auto converter = ValueConverter::make(
            column.type, {.to = type, .format = {}, .treatBooleanAsNumber = false, .culture = culture});
        if (!converter)
            continue;
        Arena arena;
        Column other;
        other.type = type;
        other.resize(1);
        if (!converter->convert(column, 0, other, 0, arena)) {
            if (converter->reason(column, 0).isEmpty())
                std::abort();
            continue;
        }
        if (type != InterimType::String || column.type == InterimType::String)
            continue;
        const auto reader = TextConverter::make(column.type, {{}, false, culture});
        Column again;
        if (!reader || !convertOne(*reader, other.bytes[0], again, arena) || !isSame(again, column))
            std::abort();
    }
}

constexpr std::array cultures{
    "", "de-DE", "fr-FR", "en-US", "ja-JP", "zh-CN", "sv-SE", "fi-FI", "en-IN", "de-CH", "ru-RU"};

} // namespace

// The first byte is the type, with 0x40 the second one a culture, the rest the text. A value that was read is written
// in a spelling that reads back as the same value, and the reason of a refusal can always be told.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size < 2)
        return 0;
    const auto type = static_cast<InterimType>(bytes[0] % (unsigned(InterimType::Guid) + 1));
    const bool hasCulture = (bytes[0] & 0x40) != 0;
    const size_t start = hasCulture ? 2 : 1;
    const std::string_view text(reinterpret_cast<const char *>(bytes) + start, size - start);

    TextConverter::Options options;
    options.treatBooleanAsNumber = (bytes[0] & 0x80) != 0;
    if (hasCulture)
        options.culture = QString::fromLatin1(cultures.at(bytes[1] % cultures.size()));
    const Result<TextConverter> converter = TextConverter::make(type, options);
    const Result<TextConverter> invariant = TextConverter::make(type, {});
    if (!converter || !invariant)
        std::abort();

    Arena arena;
    Column column;
    if (!convertOne(*converter, text, column, arena)) {
        if (converter->reason(text).isEmpty())
            std::abort();
        return 0;
    }
    std::string written;
    appendText(written, column, 0);
    Column again;
    if (!convertOne(*invariant, written, again, arena) || !isSame(again, column))
        std::abort();
    convertOn(column, options.culture);
    return 0;
}
