#pragma once

#include "engine/data/RowBatch.h"

namespace engine {

// A value for a person to recognise, shortened to 200 characters; "NULL" when there is none.
QString displayedValue(const Column &column, int row);

constexpr size_t longestOriginal = 64 * 1024; // of a row, kept with its problem

// Which row it is: file, row, line and the row itself, as far as the batch knows.
RowProblem problemAt(const RowBatch &batch, int row);

} // namespace engine
