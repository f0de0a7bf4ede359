#include "engine/connectors/files/Utf8.h"

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

using namespace engine;

namespace {

constexpr size_t stride = 64;

bool isAscii(const char *text) // `stride` bytes
{
#if defined(__SSE2__)
    const auto *const at = reinterpret_cast<const __m128i *>(text);
    const __m128i first = _mm_or_si128(_mm_loadu_si128(at), _mm_loadu_si128(at + 1));
    const __m128i second = _mm_or_si128(_mm_loadu_si128(at + 2), _mm_loadu_si128(at + 3));
    return _mm_movemask_epi8(_mm_or_si128(first, second)) == 0;
#else
    uint64_t words[stride / 8];
    std::memcpy(words, text, stride);
    uint64_t all = 0;
    for (const uint64_t word : words)
        all |= word;
    return (all & 0x8080808080808080U) == 0;
#endif
}

// Of a sequence by its first byte: how long it is, and which second bytes it may have (overlong forms, surrogates and
// what lies beyond U+10FFFF are kept out by the second byte). Length 0: no sequence starts so.
struct Lead
{
    int length = 0;
    uint8_t from = 0x80;
    uint8_t to = 0xBF;
};

Lead leadOf(uint8_t byte)
{
    if (byte < 0x80)
        return {1};
    if (byte >= 0xC2 && byte <= 0xDF)
        return {2};
    if (byte == 0xE0)
        return {3, 0xA0};
    if (byte == 0xED)
        return {3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF)
        return {3};
    if (byte == 0xF0)
        return {4, 0x90};
    if (byte >= 0xF1 && byte <= 0xF3)
        return {4};
    if (byte == 0xF4)
        return {4, 0x80, 0x8F};
    return {};
}

} // namespace

size_t engine::endOfUtf8(const char *text, size_t size, MoreText more)
{
    size_t at = 0;
    while (at < size) {
        if (size - at >= stride && isAscii(text + at)) {
            at += stride;
            continue;
        }
        // One sequence after the other, up to the end of this stride.
        const size_t end = size - at < stride ? size : at + stride;
        while (at < end) {
            const Lead lead = leadOf(uint8_t(text[at]));
            if (lead.length == 0)
                return at;
            for (size_t i = 1; i < size_t(lead.length); ++i) {
                if (at + i == size)
                    return more == MoreText::Follows ? size : at;
                const auto byte = uint8_t(text[at + i]);
                const bool fits = i == 1 ? byte >= lead.from && byte <= lead.to : (byte & 0xC0) == 0x80;
                if (!fits)
                    return at;
            }
            at += size_t(lead.length);
        }
    }
    return size;
}
