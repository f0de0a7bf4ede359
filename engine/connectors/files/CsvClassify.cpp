#include "engine/connectors/files/CsvClassify.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

using namespace engine;

void engine::classifyPortably(const ClassifiedCharacters &characters,
                              const char *text,
                              size_t blocks,
                              ByteClasses *classes)
{
    for (size_t block = 0; block < blocks; ++block, text += 64) {
        ByteClasses found;
        for (int i = 0; i < 64; ++i) {
            const char c = text[i];
            found.quotes |= uint64_t(c == characters.quote) << i;
            found.lineBreaks |= uint64_t(c == characters.lineBreak || c == characters.otherLineBreak) << i;
            found.delimiters |= uint64_t(c == characters.delimiter) << i;
            found.escapes |= uint64_t(c == characters.escape) << i;
        }
        found.oddQuotes = found.quotes ? prefixXor(found.quotes) : 0;
        classes[block] = found;
    }
}

#if defined(__x86_64__)

// Functions of a target may only inline functions of the same target, so each way is spelled out.
#define AVX2 __attribute__((target("avx2,pclmul")))

namespace {

uint64_t maskOf(__m128i a, __m128i b, __m128i c, __m128i d)
{
    const auto bits = [](__m128i v) { return uint64_t(uint32_t(_mm_movemask_epi8(v))); };
    return bits(a) | bits(b) << 16 | bits(c) << 32 | bits(d) << 48;
}

void classifyWithSse2(const ClassifiedCharacters &characters, const char *text, size_t blocks, ByteClasses *classes)
{
    const __m128i quote = _mm_set1_epi8(characters.quote);
    const __m128i delimiter = _mm_set1_epi8(characters.delimiter);
    const __m128i escape = _mm_set1_epi8(characters.escape);
    const __m128i lf = _mm_set1_epi8(characters.lineBreak);
    const __m128i cr = _mm_set1_epi8(characters.otherLineBreak);
    for (size_t block = 0; block < blocks; ++block, text += 64) {
        const auto *const at = reinterpret_cast<const __m128i *>(text);
        const __m128i a = _mm_loadu_si128(at);
        const __m128i b = _mm_loadu_si128(at + 1);
        const __m128i c = _mm_loadu_si128(at + 2);
        const __m128i d = _mm_loadu_si128(at + 3);
        const auto where = [&](__m128i character) {
            return maskOf(_mm_cmpeq_epi8(a, character),
                          _mm_cmpeq_epi8(b, character),
                          _mm_cmpeq_epi8(c, character),
                          _mm_cmpeq_epi8(d, character));
        };
        const uint64_t quotes = where(quote);
        classes[block] = {
            quotes, where(lf) | where(cr), where(delimiter), where(escape), quotes ? prefixXor(quotes) : 0};
    }
}

AVX2 inline uint64_t maskOf(__m256i low, __m256i high)
{
    return uint64_t(uint32_t(_mm256_movemask_epi8(low))) | uint64_t(uint32_t(_mm256_movemask_epi8(high))) << 32;
}

AVX2 inline uint64_t where(__m256i low, __m256i high, __m256i character)
{
    return maskOf(_mm256_cmpeq_epi8(low, character), _mm256_cmpeq_epi8(high, character));
}

AVX2 void
classifyWithAvx2(const ClassifiedCharacters &characters, const char *text, size_t blocks, ByteClasses *classes)
{
    const __m256i quote = _mm256_set1_epi8(characters.quote);
    const __m256i delimiter = _mm256_set1_epi8(characters.delimiter);
    const __m256i escape = _mm256_set1_epi8(characters.escape);
    const __m256i lf = _mm256_set1_epi8(characters.lineBreak);
    const __m256i cr = _mm256_set1_epi8(characters.otherLineBreak);
    for (size_t block = 0; block < blocks; ++block, text += 64) {
        const auto *const at = reinterpret_cast<const __m256i *>(text);
        const __m256i low = _mm256_loadu_si256(at);
        const __m256i high = _mm256_loadu_si256(at + 1);
        const __m256i lowBreaks = _mm256_or_si256(_mm256_cmpeq_epi8(low, lf), _mm256_cmpeq_epi8(low, cr));
        const __m256i highBreaks = _mm256_or_si256(_mm256_cmpeq_epi8(high, lf), _mm256_cmpeq_epi8(high, cr));
        ByteClasses &found = classes[block];
        found.quotes = where(low, high, quote);
        // Multiplying by ones without carries adds up, modulo two, all bits to the right.
        const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, int64_t(found.quotes)), _mm_set1_epi8(-1), 0);
        found.oddQuotes = uint64_t(_mm_cvtsi128_si64(product));
        found.lineBreaks = maskOf(lowBreaks, highBreaks);
        found.delimiters = where(low, high, delimiter);
        found.escapes = where(low, high, escape);
    }
}

} // namespace

Classify engine::classifierWithSse2() { return classifyWithSse2; }
Classify engine::classifierWithAvx2()
{
    const bool can = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt")
        && __builtin_cpu_supports("pclmul");
    return can ? classifyWithAvx2 : nullptr;
}

#else

Classify engine::classifierWithSse2() { return nullptr; }
Classify engine::classifierWithAvx2() { return nullptr; }

#endif
