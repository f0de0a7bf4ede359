#include "scoring/pmml/field/DateTime.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace scoring::pmml {

namespace {

constexpr double daySeconds = 86400;

// Days since 1970-01-01 in the Gregorian calendar, for any year (Hinnant's days_from_civil).
int64_t dayNumber(int64_t year, int month, int day)
{
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t yearOfEra = year - era * 400;
    const int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

bool isLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int daysIn(int year, int month)
{
    constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : days[size_t(month - 1)];
}

std::optional<int> digits(std::string_view &text, size_t count, char after)
{
    if (text.size() < count)
        return std::nullopt;
    int number = 0;
    const auto end = std::from_chars(text.data(), text.data() + count, number);
    if (end.ec != std::errc() || end.ptr != text.data() + count || number < 0)
        return std::nullopt;
    text.remove_prefix(count);
    if (after != 0) {
        if (!text.starts_with(after))
            return std::nullopt;
        text.remove_prefix(1);
    }
    return number;
}

std::optional<double> timeOfDay(std::string_view text)
{
    const auto hour = digits(text, 2, ':');
    const auto minute = digits(text, 2, 0);
    if (!hour || !minute || *hour > 24 || *minute > 59)
        return std::nullopt;
    double seconds = *hour * 3600.0 + *minute * 60.0;
    if (text.starts_with(':')) {
        text.remove_prefix(1);
        double second = 0;
        const auto end = std::from_chars(text.data(), text.data() + text.size(), second, std::chars_format::fixed);
        if (end.ec != std::errc() || second < 0 || second >= 61)
            return std::nullopt;
        seconds += second;
        text.remove_prefix(size_t(end.ptr - text.data()));
    }
    const bool zone = text.empty() || text == "Z" || text[0] == '+' || text[0] == '-';
    return zone ? std::optional(seconds) : std::nullopt;
}

constexpr std::array<const char *, 12> months{"January",
                                              "February",
                                              "March",
                                              "April",
                                              "May",
                                              "June",
                                              "July",
                                              "August",
                                              "September",
                                              "October",
                                              "November",
                                              "December"};
constexpr std::array<const char *, 7> weekdays{
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

std::string padded(int64_t number, int width, char fill = '0')
{
    std::string text = std::to_string(number);
    if (int(text.size()) < width)
        text.insert(0, size_t(width) - text.size(), fill);
    return text;
}

} // namespace

std::optional<Moment> parseMoment(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    Moment moment;
    if (text.size() >= 10 && text[4] == '-') {
        const auto year = digits(text, 4, '-');
        const auto month = digits(text, 2, '-');
        const auto day = digits(text, 2, 0);
        if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1 || *day > daysIn(*year, *month))
            return std::nullopt;
        moment = {true, *year, *month, *day, 0};
        if (text.empty() || text == "Z")
            return moment;
        if (text[0] != 'T' && text[0] != ' ')
            return std::nullopt;
        text.remove_prefix(1);
    }
    const auto seconds = timeOfDay(text);
    if (!seconds)
        return std::nullopt;
    moment.secondOfDay = *seconds;
    return moment;
}

int64_t daysSince(const Moment &moment, int year)
{
    return dayNumber(moment.year, moment.month, moment.day) - dayNumber(year, 1, 1);
}

double secondsSince(const Moment &moment, int year)
{
    return double(daysSince(moment, year)) * daySeconds + moment.secondOfDay;
}

Moment momentOf(double seconds)
{
    const double days = std::floor(seconds / daySeconds);
    Moment moment;
    moment.hasDate = true;
    moment.secondOfDay = seconds - days * daySeconds;
    const auto z = int64_t(days) + 719468;
    const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t dayOfEra = z - era * 146097;
    const int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const int64_t shifted = (5 * dayOfYear + 2) / 153;
    moment.day = int(dayOfYear - (153 * shifted + 2) / 5 + 1);
    moment.month = int(shifted < 10 ? shifted + 3 : shifted - 9);
    moment.year = int(yearOfEra + era * 400 + (moment.month <= 2 ? 1 : 0));
    return moment;
}

std::string formatMoment(const Moment &moment, std::string_view pattern)
{
    const auto second = int64_t(moment.secondOfDay);
    const auto hour = int(second / 3600);
    const int hour12 = hour % 12 == 0 ? 12 : hour % 12;
    const int64_t days = dayNumber(moment.year, moment.month, moment.day);
    const auto weekday = size_t(((days + 4) % 7 + 7) % 7);
    const int64_t yearDay = days - dayNumber(moment.year, 1, 1);
    std::string text;
    for (size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '%' || i + 1 == pattern.size()) {
            text += pattern[i];
            continue;
        }
        switch (pattern[++i]) {
        case 'Y':
            text += padded(moment.year, 4);
            break;
        case 'y':
            text += padded(moment.year % 100, 2);
            break;
        case 'C':
            text += padded(moment.year / 100, 2);
            break;
        case 'm':
            text += padded(moment.month, 2);
            break;
        case 'd':
            text += padded(moment.day, 2);
            break;
        case 'e':
            text += padded(moment.day, 2, ' ');
            break;
        case 'H':
            text += padded(hour, 2);
            break;
        case 'I':
            text += padded(hour12, 2);
            break;
        case 'M':
            text += padded(second / 60 % 60, 2);
            break;
        case 'S':
            text += padded(second % 60, 2);
            break;
        case 'p':
            text += hour < 12 ? "AM" : "PM";
            break;
        case 'j':
            text += padded(yearDay + 1, 3);
            break;
        case 'a':
            text += std::string(weekdays[weekday]).substr(0, 3);
            break;
        case 'A':
            text += weekdays[weekday];
            break;
        case 'b':
        case 'h':
            text += std::string(months[size_t(moment.month - 1)]).substr(0, 3);
            break;
        case 'B':
            text += months[size_t(moment.month - 1)];
            break;
        case 'w':
            text += std::to_string(weekday);
            break;
        case 'u':
            text += std::to_string(weekday == 0 ? 7 : weekday);
            break;
        case 'D':
            text += formatMoment(moment, "%m/%d/%y");
            break;
        case 'F':
            text += formatMoment(moment, "%Y-%m-%d");
            break;
        case 'T':
            text += formatMoment(moment, "%H:%M:%S");
            break;
        case 'R':
            text += formatMoment(moment, "%H:%M");
            break;
        case 'x':
            text += formatMoment(moment, "%m/%d/%y");
            break;
        case 'X':
            text += formatMoment(moment, "%H:%M:%S");
            break;
        case 'c':
            text += formatMoment(moment, "%a %b %e %H:%M:%S %Y");
            break;
        case 's':
            text += std::to_string(int64_t(secondsSince(moment, 1970)));
            break;
        case '%':
            text += '%';
            break;
        default:
            text += '%';
            text += pattern[i];
            break;
        }
    }
    return text;
}

} // namespace scoring::pmml
