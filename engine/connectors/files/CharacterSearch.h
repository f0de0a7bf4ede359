#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace engine {

// Whether any of a few characters is in a text, sixteen bytes at a time. A value.
class CharacterSearch
{
public:
    void add(char c)
    {
        bool &isOne = m_isOne[static_cast<unsigned char>(c)];
        if (isOne)
            return;
        isOne = true;
        for (size_t i = m_count; i < m_wide.size(); ++i) // without a count, the search needs no branches
            m_wide[i].fill(c);
        ++m_count;
    }
    bool has(char c) const { return m_isOne[static_cast<unsigned char>(c)]; }

    [[gnu::always_inline]] bool isIn(std::string_view text) const
    {
#if defined(__SSE2__)
        const char *const from = text.data();
        const size_t size = text.size();
        if (size >= sizeof(uint32_t) && m_count - 1 < m_wide.size()) { // some, and not too many
            if (size > stride)
                return isInLong(text);
            if (size == stride)
                return isAmong(_mm_loadu_si128(reinterpret_cast<const __m128i *>(from)));
            // The first and the last bytes, which may be the same ones.
            if (size >= sizeof(uint64_t))
                return isAmong(_mm_set_epi64x(wordAt<int64_t>(from), wordAt<int64_t>(from + size - sizeof(int64_t))));
            const auto last = wordAt<int32_t>(from + size - sizeof(int32_t));
            return isAmong(_mm_set_epi32(wordAt<int32_t>(from), last, last, last));
        }
#endif
        return std::any_of(text.begin(), text.end(), [this](char c) { return has(c); });
    }

private:
    static constexpr size_t stride = 16;

#if defined(__SSE2__)
    template <typename Word> static Word wordAt(const char *from)
    {
        Word word = 0;
        std::memcpy(&word, from, sizeof word);
        return word;
    }
    [[gnu::always_inline]] bool isAmong(__m128i block) const
    {
        __m128i found = _mm_setzero_si128();
        for (const auto &wide : m_wide)
            found = _mm_or_si128(found,
                                 _mm_cmpeq_epi8(block, _mm_load_si128(reinterpret_cast<const __m128i *>(wide.data()))));
        return _mm_movemask_epi8(found) != 0;
    }
    bool isInLong(std::string_view text) const
    {
        const char *from = text.data();
        const char *const last = from + text.size() - stride;
        for (; from < last; from += stride) {
            if (isAmong(_mm_loadu_si128(reinterpret_cast<const __m128i *>(from))))
                return true;
        }
        return isAmong(_mm_loadu_si128(reinterpret_cast<const __m128i *>(last)));
    }
#endif

    std::array<bool, 256> m_isOne{};
    alignas(stride) std::array<std::array<char, stride>, 6> m_wide{};
    size_t m_count = 0;
};

} // namespace engine
