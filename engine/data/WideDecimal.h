#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine {

// A whole number of 128 bits: sign and magnitude. Decimals of columnar files are such, with a scale beside.
__extension__ using WideMagnitude = unsigned __int128;

struct WideInteger
{
    WideMagnitude magnitude = 0;
    bool isNegative = false;

    static WideInteger of(int64_t upper, uint64_t lower); // two's complement
    static WideInteger ofUnsigned(uint64_t upper, uint64_t lower);
    std::pair<int64_t, uint64_t> halves() const; // two's complement: upper, lower
};

std::string wholeText(const WideInteger &value); // all digits

// value × 10^-scale in the normal spelling (TextNumbers.h); empty when it has more than 38 digits.
std::string decimalText(const WideInteger &value, int scale);

// A decimal in its normal spelling as a whole number of units of 10^-scale. Nothing when it has more digits behind the
// point, or more than `precision` in all.
std::optional<WideInteger> scaledDecimal(std::string_view text, int precision, int scale);

} // namespace engine
