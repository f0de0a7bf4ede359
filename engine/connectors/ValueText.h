#pragma once

#include "engine/data/RowBatch.h"

namespace engine {

// A value for a person to recognise, shortened to 200 characters; "NULL" when there is none.
QString displayedValue(const Column &column, int row);

constexpr size_t longestOriginal = 64 * 1024; // of a row, kept with its problem

// Which row it is: file, row, line and, where the source keeps it, the row itself.
RowProblem placeAt(const RowBatch &batch, int row);

// The same; where the source does not keep its rows, with the values in `fields`, by column of the batch (isConverted).
RowProblem problemAt(const RowBatch &batch, int row);

} // namespace engine
