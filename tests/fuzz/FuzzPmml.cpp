#include "scoring/pmml/PmmlReader.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <vector>

using namespace scoring;

// Whatever can be read scores rows of anything: missing, invalid, numbers and texts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const QByteArray document(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const auto model = readPmml(document, QStringLiteral("fuzz.pmml"));
    if (!model)
        return 0;
    auto scorer = (*model)->scorer({});
    if (!scorer)
        return 0;
    const std::vector<double> numbers{0, 1, -1.5, 1e300, std::numeric_limits<double>::quiet_NaN(), 3};
    const std::vector<std::string_view> texts{"a", "1", "", {}, "2004-08-20", "setosa"};
    const std::vector<std::uint8_t> invalid{0, 0, 0, 0, 0, 1};
    InputBatch batch;
    batch.rows = int(numbers.size());
    for (const Field &field : (*model)->inputs()) {
        InputColumn column;
        if (field.type == FieldType::Text)
            column.texts = texts;
        else
            column.numbers = numbers;
        column.invalid = invalid;
        batch.columns.push_back(column);
    }
    OutputBatch scored;
    (*scorer)->score(batch, scored);
    if (scored.columns.size() != std::size_t((*scorer)->outputs().size()))
        std::abort();
    return 0;
}
