#pragma once

#include "engine/base/Result.h"
#include "engine/connectors/files/DelimitedText.h"

#include <QList>

#include <cstddef>
#include <cstdint>
#include <string>

namespace engine {

// The characters that have a meaning. quote 0 = none; escape 0 = a quote is only escaped by doubling it. Without a
// quote the escape is for column delimiters and itself.
struct CsvDialect
{
    std::string delimiter = ",";
    char quote = '"';
    char escape = 0;
    std::string rowDelimiter = {}; // empty = any of CR LF, LF, CR; else exactly that

    // Whether a separator that begins so ends a row.
    bool endsRow(char c) const { return rowDelimiter.empty() ? c == '\n' || c == '\r' : c == rowDelimiter.front(); }
    // Lines that end in this text; of any line break, one of two characters counts as one.
    int64_t linesIn(const char *from, const char *to) const;

    // Errors: InvalidInput, Unsupported; `where` is the property of the dataset.
    static Result<CsvDialect> of(const DelimitedTextFormat &format);
};

// How the text is searched. All ways find the same; StateMachine is the definition, and what odd quotes and delimiters
// of several characters are read by.
enum class ScanPath { Best, Avx2, Sse2, Portable, StateMachine };
QList<ScanPath> scanPathsHere(); // those that this processor can take, without Best

struct CsvScan
{
    size_t separators = 0; // how many were found
    bool openQuote = false; // the text ends inside quotes
    bool quotedLineBreaks = false; // there may be some
    bool escapes = false; // there may be some
};

// Finds the delimiters of columns and rows (by default LFs and CRs, each by itself) outside of quotes, in order of
// where they begin. A field is quoted when its first character is the quote; a quote further on in an unquoted field is
// an ordinary character. `text` starts at the start of a row; 64 bytes behind its end must be readable. `positions` has
// room for size + scanSlack.
constexpr size_t scanSlack = 64;
CsvScan scanSeparators(const CsvDialect &dialect, ScanPath path, const char *text, size_t size, uint32_t *positions);

} // namespace engine
