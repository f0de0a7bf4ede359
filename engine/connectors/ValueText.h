#pragma once

#include "engine/data/RowBatch.h"

namespace engine {

// A value for a person to recognise, shortened to 200 characters; "NULL" when there is none.
QString displayedValue(const Column &column, int row);

} // namespace engine
