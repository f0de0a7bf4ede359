#include "scoring/onnx/OnnxReader.h"
#include "tests/fuzz/ScoredRows.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const auto model = scoring::onnx::readOnnx(text, QStringLiteral("fuzz.onnx"));
    if (model && (*model)->inputs().size() < 1000)
        scoreSomeRows(**model);
    return 0;
}
