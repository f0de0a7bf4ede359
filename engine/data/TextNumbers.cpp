#include "engine/data/TextNumbers.h"

#include <algorithm>
#include <cmath>

using namespace engine;

namespace {

constexpr int decimalDigits = 38;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// What from_chars also takes, but is no number here: "inf", "nan".
bool looksLikeNumber(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return isDigit(c) || c == '.' || c == 'e' || c == 'E' || c == '-' || c == '+';
    });
}

// Out of range is an error in both directions: 1e400 is not infinity, 1e-400 is not zero.
template <typename Real> bool parseWhole(std::string_view text, Real &value)
{
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-'))
            return false;
    }
    if (!looksLikeNumber(text))
        return false;
    const char *const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end && std::isfinite(value);
}

} // namespace

bool engine::parseUnsigned(std::string_view text, uint64_t &value)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    else if (text.starts_with('-') && text.find_first_not_of('0', 1) == std::string_view::npos)
        text.remove_prefix(1); // "-0" is zero
    const char *const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end;
}

bool engine::parseLongReal(std::string_view text, double &value) { return parseWhole(text, value); }

bool engine::parseSingle(std::string_view text, float &value) { return parseWhole(text, value); }

// Most numbers are prices and measurements: up to four digits behind the point, fifteen in all. No two decimals of so
// many digits are the same double, so the one that is read as the number has its shortest digits.
char *engine::writeReal(char *to, double value)
{
    constexpr int64_t unit = 10'000;
    constexpr double smallest = 0.001; // below, the form with an exponent may be shorter
    constexpr double end = 1e11;
    constexpr int64_t manyZeros = 100'000; // as for what ends with so many
    const double size = std::abs(value);
    if (!(size >= smallest && size < end))
        return std::to_chars(to, to + longestReal, value).ptr;
    const auto scaled = int64_t(size * double(unit) + 0.5);
    const int64_t whole = scaled / unit;
    const auto fraction = unsigned(scaled % unit);
    if (double(scaled) / double(unit) != size || (fraction == 0 && whole >= manyZeros && whole % manyZeros == 0))
        return std::to_chars(to, to + longestReal, value).ptr;
    *to = '-';
    to += value < 0;
    to = std::to_chars(to, to + longestReal, whole).ptr;
    if (fraction == 0)
        return to;
    const unsigned first = fraction / 100;
    const unsigned last = fraction % 100;
    *to++ = '.';
    *to++ = char('0' + first / 10);
    to[0] = char('0' + first % 10);
    to[1] = char('0' + last / 10);
    to[2] = char('0' + last % 10);
    if (last != 0)
        return to + (last % 10 != 0 ? 3 : 2);
    return to + (first % 10 != 0 ? 1 : 0);
}

std::optional<std::string> engine::normalDecimal(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);

    std::string digits; // without leading zeros
    int64_t scale = 0; // digits after the point
    bool any = false;
    bool point = false;
    size_t at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.' && !point) {
            point = true;
        } else if (isDigit(c)) {
            any = true;
            scale += point ? 1 : 0;
            if (!digits.empty() || c != '0')
                digits += c;
        } else {
            break;
        }
    }
    if (!any)
        return std::nullopt;
    if (at < text.size()) {
        int64_t exponent = 0;
        if ((text[at] != 'e' && text[at] != 'E') || !parseInteger(text.substr(at + 1), exponent) || exponent > 100'000
            || exponent < -100'000)
            return std::nullopt;
        scale -= exponent;
    }
    while (scale > 0 && digits.ends_with('0')) {
        digits.pop_back();
        --scale;
    }
    if (digits.empty())
        return "0";
    const int64_t whole = int64_t(digits.size()) - scale; // digits before the point; negative: zeros after it
    if (std::max(whole, int64_t(0)) + std::max(scale, int64_t(0)) > decimalDigits)
        return std::nullopt;
    if (scale < 0)
        digits.append(size_t(-scale), '0');
    else if (whole < 0)
        digits.insert(0, size_t(-whole), '0');

    std::string normal = negative ? "-" : "";
    normal.append(whole > 0 ? digits.substr(0, size_t(whole)) : "0");
    if (scale > 0)
        normal.append(".").append(digits, size_t(std::max(whole, int64_t(0))));
    return normal;
}

std::string_view engine::withoutSpaces(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}
