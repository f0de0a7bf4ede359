#pragma once

#include "engine/data/RowBatch.h"

#include <string>
#include <string_view>

namespace engine {

// The shortest text that reads back as the same number.
void appendReal(std::string &out, double value);
void appendSingle(std::string &out, double value);
// 16 bytes in text order → "0f8fad5b-d9cb-469f-a165-70867728950e".
void appendGuid(std::string &out, std::string_view bytes);

// A value for a person to recognise, shortened to 200 characters; "NULL" when there is none.
QString displayedValue(const Column &column, int row);

} // namespace engine
