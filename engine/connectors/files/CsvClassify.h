#pragma once

#include <cstddef>
#include <cstdint>

namespace engine {

// Which of 64 consecutive bytes are what; bit 0 is the first byte.
struct ByteClasses
{
    uint64_t quotes = 0;
    uint64_t lineBreaks = 0; // what ends rows
    uint64_t delimiters = 0;
    uint64_t escapes = 0;
};

// The characters to look for. The quote stands for an absent escape, and a NUL that is masked out for an absent quote.
struct ClassifiedCharacters
{
    char delimiter = ',';
    char quote = '"';
    char escape = '\\';
    char lineBreak = '\n';
    char otherLineBreak = '\r';
};

using Classify = void (*)(const ClassifiedCharacters &, const char *text, size_t blocks, ByteClasses *classes);

void classifyPortably(const ClassifiedCharacters &characters, const char *text, size_t blocks, ByteClasses *classes);
// nullptr when the processor cannot.
Classify classifierWithSse2();
Classify classifierWithAvx2();

} // namespace engine
