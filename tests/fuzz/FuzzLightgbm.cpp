#include "scoring/trees/LightgbmReader.h"
#include "tests/fuzz/ScoredRows.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    if (const auto model = scoring::trees::readLightgbm(text, QStringLiteral("fuzz.txt")))
        scoreSomeRows(**model);
    return 0;
}
