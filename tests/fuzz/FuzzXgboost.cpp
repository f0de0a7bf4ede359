#include "scoring/trees/XgboostReader.h"
#include "tests/fuzz/ScoredRows.h"

#include <cstddef>
#include <cstdint>

// Both encodings of the same document: what begins as text is JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const bool isUbj = size > 1 && bytes[1] == 'L';
    const auto model = isUbj ? scoring::trees::readXgboostUbj(text, QStringLiteral("fuzz.ubj"))
                             : scoring::trees::readXgboostJson(text, QStringLiteral("fuzz.json"));
    if (model && (*model)->inputs().size() < 1000)
        scoreSomeRows(**model);
    return 0;
}
