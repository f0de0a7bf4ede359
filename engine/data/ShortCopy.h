#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace engine {

// memcpy() of what is mostly short: without a call then. They do not overlap.
[[gnu::always_inline]] inline void copyShort(char *to, std::string_view text)
{
    const char *const from = text.data();
    const size_t size = text.size();
    const auto ends = [from, to, size](auto word) { // the first and the last bytes, which may be the same ones
        auto last = word;
        std::memcpy(&word, from, sizeof word);
        std::memcpy(&last, from + size - sizeof last, sizeof last);
        std::memcpy(to, &word, sizeof word);
        std::memcpy(to + size - sizeof last, &last, sizeof last);
    };
    if (size > 2 * sizeof(uint64_t)) {
        std::memcpy(to, from, size);
    } else if (size >= sizeof(uint64_t)) {
        ends(uint64_t(0));
    } else if (size >= sizeof(uint32_t)) {
        ends(uint32_t(0));
    } else if (size > 0) {
        to[0] = from[0];
        to[size / 2] = from[size / 2];
        to[size - 1] = from[size - 1];
    }
}

} // namespace engine
