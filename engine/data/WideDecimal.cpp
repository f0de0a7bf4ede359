#include "engine/data/WideDecimal.h"

#include <algorithm>

namespace engine {

namespace {

constexpr int mostDigits = 38; // of a Decimal

}

WideInteger WideInteger::of(int64_t upper, uint64_t lower)
{
    WideMagnitude bits = (WideMagnitude(uint64_t(upper)) << 64) | lower;
    if (upper < 0)
        bits = ~bits + 1;
    return {bits, upper < 0};
}

WideInteger WideInteger::ofUnsigned(uint64_t upper, uint64_t lower)
{
    return {(WideMagnitude(upper) << 64) | lower, false};
}

std::pair<int64_t, uint64_t> WideInteger::halves() const
{
    const WideMagnitude bits = isNegative ? ~magnitude + 1 : magnitude;
    return {int64_t(uint64_t(bits >> 64)), uint64_t(bits)};
}

std::string wholeText(const WideInteger &value)
{
    std::string text;
    WideMagnitude rest = value.magnitude;
    do {
        text += char('0' + int(rest % 10));
        rest /= 10;
    } while (rest != 0);
    if (value.isNegative)
        text += '-';
    std::reverse(text.begin(), text.end());
    return text;
}

std::string decimalText(const WideInteger &value, int scale)
{
    std::string digits = wholeText({value.magnitude, false});
    if (int(digits.size()) > mostDigits || scale > mostDigits)
        return {};
    if (value.magnitude == 0)
        return "0";
    if (scale > 0) {
        if (int(digits.size()) <= scale)
            digits.insert(0, size_t(scale) + 1 - digits.size(), '0');
        digits.insert(digits.size() - size_t(scale), 1, '.');
        digits.erase(digits.find_last_not_of('0') + 1);
        if (digits.back() == '.')
            digits.pop_back();
    }
    return value.isNegative ? '-' + digits : digits;
}

std::optional<WideInteger> scaledDecimal(std::string_view text, int precision, int scale)
{
    WideInteger value;
    if (!text.empty() && text.front() == '-') {
        value.isNegative = true;
        text.remove_prefix(1);
    }
    const size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    if (int(fraction.size()) > scale || (whole != "0" && int(whole.size()) > precision - scale))
        return std::nullopt;
    const auto add = [&value](char digit) { value.magnitude = value.magnitude * 10 + unsigned(digit - '0'); };
    std::for_each(whole.begin(), whole.end(), add);
    std::for_each(fraction.begin(), fraction.end(), add);
    for (int i = int(fraction.size()); i < scale; ++i)
        add('0');
    value.isNegative = value.isNegative && value.magnitude != 0;
    return value;
}

} // namespace engine
