#pragma once

#include "engine/connectors/files/CsvScan.h"
#include "engine/data/RowBatch.h"

#include <string_view>

namespace engine {

// What a field says, and whether it stood in quotes.
struct CsvField
{
    std::string_view text;
    bool quoted = false;
};

// A field as it stands between two separators → what it says; text that differs from what stands there goes into the
// arena. `escapes`: there may be some (CsvScan). False: there is text after the closing quote.
bool decodeField(
    const CsvDialect &dialect, bool escapes, const char *from, const char *to, Arena &arena, CsvField &field);

} // namespace engine
