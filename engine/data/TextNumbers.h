#pragma once

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
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

// The same for up to eight characters, nine of which must be readable, without a loop: digits, a minus before them and,
// of reals, a point among them. Nothing at all is 0. False: not of this kind; what it is says the other one.
namespace shortNumbers {

constexpr uint64_t everyByte = 0x0101010101010101U;
constexpr std::array<uint64_t, 9> firstBytes{
    0, 0xFFU, 0xFFFFU, 0xFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFFFU, 0xFFFFFFFFFFFFU, 0xFFFFFFFFFFFFFFU, ~uint64_t(0)};

// The first characters are the lowest bytes; digits become 0 to 9, what lies behind `size` becomes 0.
[[gnu::always_inline]] inline uint64_t load(const char *text, size_t size)
{
    uint64_t word = 0;
    std::memcpy(&word, text, sizeof word);
    return (word ^ (everyByte * '0')) & firstBytes[size];
}

// The number that the lowest `digits` bytes say; 0 digits are 0.
[[gnu::always_inline]] inline bool fromDigits(uint64_t word, size_t digits, uint64_t &number)
{
    word <<= (64 - 8 * digits) & 63; // the last digit is the highest byte; before the first one are zeros
    const uint64_t notDigits = ((word + everyByte * (0x80 - 10)) | word) & (everyByte * 0x80);
    word = word * 10 + (word >> 8); // pairs of digits
    constexpr uint64_t everyFourth = 0x000000FF000000FFU;
    number = ((word & everyFourth) * 0x000F424000000064U + ((word >> 16) & everyFourth) * 0x0000271000000001U) >> 32;
    return notDigits == 0;
}

} // namespace shortNumbers

[[gnu::always_inline]] inline bool parseShortInteger(const char *text, size_t size, int64_t &value)
{
    if constexpr (std::endian::native != std::endian::little) {
        value = 0;
        return size == 0 || parseInteger({text, size}, value);
    }
    const unsigned digit = static_cast<unsigned char>(*text) - unsigned('0');
    if (size == 1) { // many columns have nothing else
        value = digit;
        return digit <= 9;
    }
    const bool negative = *text == '-';
    text += negative;
    size -= negative;
    if (size > 8)
        return false;
    uint64_t number = 0;
    const bool isNumber = shortNumbers::fromDigits(shortNumbers::load(text, size), size, number);
    value = negative ? -int64_t(number) : int64_t(number);
    return isNumber;
}

[[gnu::always_inline]] inline bool parseShortReal(const char *text, size_t size, double &value)
{
    if constexpr (std::endian::native != std::endian::little) {
        value = 0;
        return size == 0 || parseReal({text, size}, value);
    }
    using namespace shortNumbers;
    static constexpr std::array<double, 8> powersOfTen{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};
    const bool negative = *text == '-';
    const bool isNothing = size == 0;
    text += negative;
    size -= negative;
    if (size > 8)
        return false;
    uint64_t word = load(text, size);
    // The lowest byte that is a point: the first one that is zero in `others`.
    const uint64_t others = word ^ (everyByte * ('.' ^ '0'));
    const uint64_t points = (others - everyByte) & ~others & (everyByte * 0x80);
    const size_t before = points ? size_t(std::countr_zero(points)) / 8 : 8;
    const size_t digits = size - (points ? 1 : 0);
    const size_t fraction = points ? digits - before : 0;
    word = (word & firstBytes[before]) | ((word >> 8) & ~firstBytes[before]);
    uint64_t number = 0;
    const bool isNumber = fromDigits(word, digits, number);
    const double result = double(int64_t(number)) / powersOfTen[fraction];
    value = negative ? -result : result;
    return isNumber && (digits > 0 || isNothing);
}

bool parseSingle(std::string_view text, float &value); // rounded once, from the text

// The shortest digits that are read as the same double, as std::to_chars() writes them; `to` has room for
// longestReal characters. The end of them.
constexpr size_t longestReal = 32;
char *writeReal(char *to, double value);

// A decimal of at most 38 digits in its one normal spelling: no plus, no exponent, no zeros that say nothing ("-0.50"
// is
// "-0.5", "1e3" is "1000", "-0" is "0").
std::optional<std::string> normalDecimal(std::string_view text);

std::string_view withoutSpaces(std::string_view text); // at both ends: space and tab

} // namespace engine
