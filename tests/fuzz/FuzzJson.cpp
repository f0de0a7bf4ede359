#include "engine/base/Json.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace engine;

// Whatever parses can be written and read again as the same value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const Result<Json> json = parseJson(text, QStringLiteral("fuzz.json"));
    if (!json)
        return 0;
    const Result<Json> again = parseJson(toPretty(*json), QStringLiteral("again.json"));
    if (!again || toCompact(*again) != toCompact(*json))
        std::abort();
    return 0;
}
