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
    uint64_t oddQuotes = 0; // up to which, themselves included, the quotes are odd in number: after one that opens
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

// Bit i = the exclusive or of the bits up to i.
inline uint64_t prefixXor(uint64_t bits)
{
    for (int shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

using Classify = void (*)(const ClassifiedCharacters &, const char *text, size_t blocks, ByteClasses *classes);

void classifyPortably(const ClassifiedCharacters &characters, const char *text, size_t blocks, ByteClasses *classes);
// nullptr when the processor cannot.
Classify classifierWithSse2();
Classify classifierWithAvx2(); // and bmi, popcnt, which came before it, and pclmul

} // namespace engine
