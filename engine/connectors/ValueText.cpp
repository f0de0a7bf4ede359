#include "engine/connectors/ValueText.h"

#include "engine/connectors/TypedBatch.h"
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

// The values of the row as they are in the batch: of sources that do not keep their rows.
static void tellConverted(RowProblem &problem, const RowBatch &batch, int row)
{
    RowProblem::Fields fields;
    size_t size = 0;
    for (const Column &column : batch.columns) {
        fields.push_back(spelledValue(column, row));
        size += fields.back() ? size_t(fields.back()->size()) : 0;
        if (size > RowProblem::mostFieldBytes)
            return;
    }
    problem.fields = std::move(fields);
    problem.isConverted = true;
}

RowProblem placeAt(const RowBatch &batch, int row)
{
    const auto i = size_t(row);
    RowProblem problem;
    problem.file = batch.file;
    if (i < batch.rowNumbers.size())
        problem.row = batch.rowNumbers[i];
    if (i < batch.lineNumbers.size())
        problem.line = batch.lineNumbers[i];
    if (i < batch.originals.size())
        problem.original =
            QByteArray(batch.originals[i].data(), qsizetype(std::min(batch.originals[i].size(), longestOriginal)));
    return problem;
}

RowProblem problemAt(const RowBatch &batch, int row)
{
    RowProblem problem = placeAt(batch, row);
    if (size_t(row) >= batch.originals.size())
        tellConverted(problem, batch, row);
    return problem;
}

} // namespace engine
