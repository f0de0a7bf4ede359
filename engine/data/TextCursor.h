#pragma once

#include "engine/data/Ticks.h"

#include <string_view>

namespace engine {

// Reads a short text from left to right. Every take… leaves the position alone when it returns false.
struct TextCursor
{
    std::string_view rest;

    bool atEnd() const { return rest.empty(); }
    char peek() const { return rest.empty() ? '\0' : rest.front(); }

    bool take(char c)
    {
        if (rest.empty() || rest.front() != c)
            return false;
        rest.remove_prefix(1);
        return true;
    }

    bool takeAnyOf(std::string_view characters)
    {
        if (rest.empty() || characters.find(rest.front()) == std::string_view::npos)
            return false;
        rest.remove_prefix(1);
        return true;
    }

    bool takeIgnoringCase(std::string_view word) // of ASCII letters
    {
        if (rest.size() < word.size())
            return false;
        for (size_t i = 0; i < word.size(); ++i) {
            const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
            if (lower(rest[i]) != lower(word[i]))
                return false;
        }
        rest.remove_prefix(word.size());
        return true;
    }

    bool takeNumber(int fewest, int most, int &number) // up to nine digits
    {
        int sum = 0;
        int count = 0;
        while (count < most && size_t(count) < rest.size() && isDigit(rest[size_t(count)]))
            sum = sum * 10 + (rest[size_t(count++)] - '0');
        if (count < fewest)
            return false;
        rest.remove_prefix(size_t(count));
        number = sum;
        return true;
    }

    // Digits of a second as ticks; zeros beyond the seventh are allowed, other digits are not.
    bool takeFraction(int fewest, int most, int &ticks)
    {
        int sum = 0;
        int count = 0;
        for (; count < most && size_t(count) < rest.size() && isDigit(rest[size_t(count)]); ++count) {
            const int digit = rest[size_t(count)] - '0';
            if (count < 7)
                sum = sum * 10 + digit;
            else if (digit != 0)
                return false;
        }
        if (count < fewest)
            return false;
        rest.remove_prefix(size_t(count));
        for (; count < 7; ++count)
            sum *= 10;
        ticks = sum;
        return true;
    }

    bool takeOffset(int &minutes) // "Z", "+02:00", "-0330", "+02"; at most 14 hours
    {
        TextCursor ahead = *this;
        if (ahead.takeAnyOf("Zz")) {
            minutes = 0;
            *this = ahead;
            return true;
        }
        const bool negative = ahead.peek() == '-';
        int hour = 0;
        int minute = 0;
        if (!ahead.takeAnyOf("+-") || !ahead.takeNumber(2, 2, hour))
            return false;
        const bool colon = ahead.take(':');
        if (!ahead.takeNumber(2, 2, minute) && colon)
            return false;
        const int sum = hour * 60 + minute;
        if (minute > 59 || sum > 14 * 60)
            return false;
        minutes = negative ? -sum : sum;
        *this = ahead;
        return true;
    }

    static bool isDigit(char c) { return c >= '0' && c <= '9'; }
};

} // namespace engine
