#include "engine/data/TypeConversion.h"

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

} // namespace

// The first byte is the type, the rest the text. A value that was read is written in a spelling that reads back as the
// same value, and the reason of a refusal can always be told.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size == 0)
        return 0;
    const auto type = static_cast<InterimType>(bytes[0] % (unsigned(InterimType::Guid) + 1));
    const std::string_view text(reinterpret_cast<const char *>(bytes) + 1, size - 1);

    TextConverter::Options options;
    options.treatBooleanAsNumber = (bytes[0] & 0x80) != 0;
    const Result<TextConverter> converter = TextConverter::make(type, options);
    if (!converter)
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
    if (!convertOne(*converter, written, again, arena))
        std::abort();
    if (again.integers != column.integers || again.bytes != column.bytes || again.offsets != column.offsets
        || again.reals != column.reals)
        std::abort();
    return 0;
}
