#pragma once

#include "engine/connectors/files/CsvScan.h"
#include "engine/data/RowBatch.h"

#include <optional>
#include <span>
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

// What NULL is written as, without quotes.
struct CsvNull
{
    std::string_view text; // borrowed
    bool isEmptyToo = false;

    bool is(std::string_view field) const { return field == text || (isEmptyToo && field.empty()); }
};

// What a row says, field by field; nothing when a quote in it does not. `separators`: where the fields of the row that
// begins at `start` end in `text`, the last one with the row.
std::optional<RowProblem::Fields> decodeRow(const CsvDialect &dialect,
                                            const CsvNull &null,
                                            bool escapes,
                                            const char *text,
                                            size_t start,
                                            std::span<const uint32_t> separators);

// The same of a row by itself, without its line end.
std::optional<RowProblem::Fields> decodeRow(const CsvDialect &dialect, const CsvNull &null, const QByteArray &row);

} // namespace engine
