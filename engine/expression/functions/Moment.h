#pragma once

#include "engine/base/Clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine::expression {

// A date and time as .NET's DateTime has it: from year 1 to 9999, in ticks of 100 ns, in UTC or in a zone not told.
struct Moment
{
    int64_t ticks = 0; // since 0001-01-01
    bool isUtc = false;

    static constexpr int64_t perMillisecond = 10'000;
    static constexpr int64_t perSecond = 10'000'000;
    static constexpr int64_t perMinute = 60 * perSecond;
    static constexpr int64_t perHour = 60 * perMinute;
    static constexpr int64_t perDay = 24 * perHour;
    static constexpr int64_t end = 3'652'059 * perDay; // 10000-01-01

    bool operator==(const Moment &) const = default;
};

struct CalendarDay
{
    int year = 1;
    int month = 1;
    int day = 1;
};

CalendarDay dayOf(const Moment &moment);
int weekdayOf(const Moment &moment); // 0 = Sunday
std::optional<int64_t> ticksOf(const CalendarDay &day); // nothing when there is no such day
int daysIn(int year, int month);

// Reads what .NET's DateTime.Parse reads in English: ISO 8601 in its forms, "1/31/2024 1:30 PM", "Wed, 31 Jan 2024
// 13:30:00 GMT", "January 31, 2024". With an offset the result is in UTC; more than seven digits of a second are
// rounded. Nothing when the text is no date.
std::optional<Moment> parseMoment(std::string_view text);

// Appends the moment in a standard ("o", "D") or custom ("yyyy-MM-dd") format of .NET, in English. False when the
// format is none.
bool formatMoment(const Moment &moment, std::string_view format, std::string &out);

std::optional<Moment> momentOf(Instant instant); // in UTC; nothing outside years 1 to 9999
Instant instantOf(const Moment &moment); // as if in UTC; without what is below a millisecond

} // namespace engine::expression
