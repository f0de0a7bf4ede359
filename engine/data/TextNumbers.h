#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine {

// Numbers as text, in the invariant culture: no thousands separators, "." before the fraction, no surrounding spaces.
// Each function is exact or refuses. The inline ones are the inner loop of every text source.

// Sign and digits. False when it is anything else or does not fit.
[[gnu::always_inline]] inline bool parseInteger(std::string_view text, int64_t &value)
{
    const char *at = text.data();
    const char *const end = at + text.size();
    const bool negative = at != end && *at == '-';
    if (negative || (at != end && *at == '+'))
        ++at;
    const auto digits = end - at;
    if (digits < 1)
        return false;
    if (digits > 18) { // may overflow: let the library count
        uint64_t magnitude = 0;
        const auto [stop, error] = std::from_chars(at, end, magnitude);
        const uint64_t limit = uint64_t(INT64_MAX) + (negative ? 1 : 0);
        if (error != std::errc() || stop != end || magnitude > limit)
            return false;
        value = int64_t(negative ? 0 - magnitude : magnitude);
        return true;
    }
    int64_t sum = 0;
    for (; at != end; ++at) {
        const unsigned digit = static_cast<unsigned char>(*at) - unsigned('0');
        if (digit > 9)
            return false;
        sum = sum * 10 + digit;
    }
    value = negative ? -sum : sum;
    return true;
}

bool parseUnsigned(std::string_view text, uint64_t &value);

// The nearest double. At most 15 digits and no exponent are done here: both the digits and the power of ten are exact
// doubles then, so that one division rounds correctly. The rest is the library's.
bool parseLongReal(std::string_view text, double &value);

[[gnu::always_inline]] inline bool parseReal(std::string_view text, double &value)
{
    static constexpr double powersOfTen[] = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *at = text.data();
    const char *const end = at + text.size();
    const bool negative = at != end && *at == '-';
    if (negative)
        ++at;
    if (at == end || end - at > 16) // 15 digits and the point
        return parseLongReal(text, value);
    int64_t sum = 0;
    int digits = 0;
    const char *point = nullptr;
    for (; at != end; ++at) {
        const unsigned digit = static_cast<unsigned char>(*at) - unsigned('0');
        if (digit <= 9) {
            sum = sum * 10 + digit;
            ++digits;
        } else if (*at == '.' && !point) {
            point = at;
        } else {
            return parseLongReal(text, value);
        }
    }
    if (digits == 0 || digits > 15)
        return parseLongReal(text, value);
    double result = double(sum);
    if (point)
        result /= powersOfTen[end - point - 1];
    value = negative ? -result : result;
    return true;
}

bool parseSingle(std::string_view text, float &value); // rounded once, from the text

// A decimal of at most 38 digits in its one normal spelling: no plus, no exponent, no zeros that say nothing ("-0.50"
// is
// "-0.5", "1e3" is "1000", "-0" is "0").
std::optional<std::string> normalDecimal(std::string_view text);

std::string_view withoutSpaces(std::string_view text); // at both ends: space and tab

} // namespace engine
