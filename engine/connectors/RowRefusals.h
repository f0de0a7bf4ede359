#pragma once

#include "engine/connectors/ValueText.h"

#include <map>
#include <vector>

namespace engine {

// Takes a batch into the encoders, one per column, and tells which of its rows hold a value that its column cannot
// hold: row of the batch → problem, of its first such column.
template <typename Encoder> std::map<int, RowProblem> refusalsIn(std::vector<Encoder> &encoders, const RowBatch &batch)
{
    std::map<int, RowProblem> refusals;
    for (size_t i = 0; i < encoders.size(); ++i) {
        int from = 0;
        while (const auto refusal = encoders[i].take(batch.columns[i], batch.rows, from)) {
            RowProblem problem = problemAt(batch, refusal->row);
            problem.code = QStringLiteral("UserErrorInvalidDataValue");
            problem.column = encoders[i].target().column.name;
            problem.value = displayedValue(batch.columns[i], refusal->row);
            problem.message = refusal->message;
            refusals.try_emplace(refusal->row, std::move(problem));
            from = refusal->row + 1;
        }
    }
    return refusals;
}

} // namespace engine
