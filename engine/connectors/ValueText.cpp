#include "engine/connectors/ValueText.h"

#include "engine/data/TypeConversion.h"

#include <algorithm>

namespace engine {

QString displayedValue(const Column &column, int row)
{
    constexpr int shownCharacters = 200;
    const size_t i = size_t(row);
    if (!column.valid[i])
        return QStringLiteral("NULL");
    std::string text;
    if (column.type == InterimType::String)
        text = column.bytes[i].substr(0, size_t(shownCharacters) * 4); // at most four bytes make one character
    else
        appendText(text, column, row);
    return QString::fromStdString(text).left(shownCharacters);
}

RowProblem problemAt(const RowBatch &batch, int row)
{
    const auto i = size_t(row);
    RowProblem problem;
    problem.file = batch.file;
    problem.row = batch.rowNumbers[i];
    if (!batch.lineNumbers.empty())
        problem.line = batch.lineNumbers[i];
    if (!batch.originals.empty())
        problem.original =
            QByteArray(batch.originals[i].data(), qsizetype(std::min(batch.originals[i].size(), longestOriginal)));
    return problem;
}

} // namespace engine
