#include "engine/data/Ticks.h"

#include <chrono>

using namespace engine;

std::optional<int64_t> engine::ticksOf(const CivilTime &time)
{
    using namespace std::chrono;
    const year_month_day date(year(time.year), month(unsigned(time.month)), day(unsigned(time.day)));
    if (time.year < 1 || time.year > 9999 || time.month < 1 || time.day < 1 || !date.ok())
        return std::nullopt;
    if (time.hour < 0 || time.hour > 23 || time.minute < 0 || time.minute > 59 || time.second < 0 || time.second > 59
        || time.fraction < 0 || time.fraction >= ticksPerSecond)
        return std::nullopt;
    const int64_t days = sys_days(date).time_since_epoch().count() + daysAtUnixEpoch;
    return days * ticksPerDay + time.hour * ticksPerHour + time.minute * ticksPerMinute + time.second * ticksPerSecond
        + time.fraction;
}

CivilTime engine::civilTimeOf(int64_t ticks)
{
    using namespace std::chrono;
    const year_month_day date(sys_days(days(ticks / ticksPerDay - daysAtUnixEpoch)));
    const int64_t ofDay = ticks % ticksPerDay;
    return {int(date.year()),
            int(unsigned(date.month())),
            int(unsigned(date.day())),
            int(ofDay / ticksPerHour),
            int(ofDay / ticksPerMinute % 60),
            int(ofDay / ticksPerSecond % 60),
            int(ofDay % ticksPerSecond)};
}
