#include "engine/scheduler/ScheduleRule.h"

#include <QDateTime>

#include <algorithm>

namespace engine {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::year_month;
using std::chrono::year_month_day;

qint64 floorDivide(qint64 value, qint64 by)
{
    const qint64 quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

year_month monthOf(local_days day)
{
    const year_month_day date(day);
    return date.year() / date.month();
}

qint64 monthsBetween(year_month from, year_month to)
{
    return qint64(int(to.year()) - int(from.year())) * 12 + (qint64(unsigned(to.month())) - unsigned(from.month()));
}

Occurrence occurrenceAt(const TimeZone &zone, Instant at, Occurrence::Adjusted adjusted)
{
    const LocalTime local = zone.toLocal(at);
    const auto text = QDateTime::fromMSecsSinceEpoch(local.time_since_epoch().count(), Qt::UTC);
    const auto offset = local.time_since_epoch() - at.time_since_epoch();
    return {at,
            text.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss")),
            int(std::chrono::floor<minutes>(offset).count()),
            adjusted};
}

} // namespace

Occurrence Recurrence::Rule::elapsed(Instant at) const { return occurrenceAt(zone, at, Occurrence::Adjusted::No); }

// Seconds of startTime count only where the schedule says nothing of times.
std::vector<Millis> Recurrence::Rule::timesOfDay() const
{
    const auto startOfDay = std::chrono::floor<days>(localStart);
    const Millis ofStart = localStart - startOfDay;
    if (hours.empty() && minutes.empty())
        return {ofStart};
    const int startHour = int(std::chrono::floor<std::chrono::hours>(ofStart).count());
    const int startMinute = int(std::chrono::floor<std::chrono::minutes>(ofStart).count() % 60);
    std::vector<Millis> times;
    for (const int hour : hours.empty() ? std::vector{startHour} : hours) {
        for (const int minute : minutes.empty() ? std::vector{startMinute} : minutes)
            times.push_back(std::chrono::hours(hour) + std::chrono::minutes(minute));
    }
    return times;
}

// The first day of a period of days, weeks or months. Weeks begin on Sunday.
local_days Recurrence::Rule::firstDay(qint64 index) const
{
    const auto startDay = std::chrono::floor<days>(localStart);
    switch (frequency) {
    case Frequency::Week: {
        const auto sunday = startDay - (std::chrono::weekday(startDay) - std::chrono::Sunday);
        return sunday + days(7 * interval * index);
    }
    case Frequency::Month:
        return local_days((monthOf(startDay) + months(interval * index)) / 1);
    default:
        return startDay + days(interval * index);
    }
}

std::vector<local_days> Recurrence::Rule::daysOfMonth(year_month month) const
{
    const int length = int(unsigned((month / std::chrono::last).day()));
    const local_days first(month / 1);
    std::vector<local_days> found;
    const auto addDay = [&](int day) {
        if (day >= 1 && day <= length)
            found.push_back(first + days(day - 1));
    };
    for (const int day : monthDays)
        addDay(day > 0 ? day : length + 1 + day);
    for (const MonthlyDay &monthly : monthlyDays) {
        const int firstOfThem = 1 + int((monthly.day - std::chrono::weekday(first)).count());
        const int count = (length - firstOfThem) / 7 + 1;
        const int position = monthly.occurrence > 0 ? monthly.occurrence : count + 1 + monthly.occurrence;
        if (position >= 1 && position <= count)
            addDay(firstOfThem + 7 * (position - 1));
    }
    if (monthDays.empty() && monthlyDays.empty())
        addDay(int(unsigned(year_month_day(std::chrono::floor<days>(localStart)).day())));
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<local_days> Recurrence::Rule::daysOf(qint64 index) const
{
    const local_days first = firstDay(index);
    if (frequency == Frequency::Day)
        return {first};
    if (frequency == Frequency::Month)
        return daysOfMonth(monthOf(first));
    if (weekDays.empty())
        return {first + (std::chrono::weekday(std::chrono::floor<days>(localStart)) - std::chrono::Sunday)};
    std::vector<local_days> found;
    for (const std::chrono::weekday day : weekDays)
        found.push_back(first + (day - std::chrono::Sunday));
    return found;
}

std::vector<Occurrence> Recurrence::Rule::period(qint64 index) const
{
    std::vector<Occurrence> found;
    if (frequency == Frequency::Minute)
        return {elapsed(start + std::chrono::minutes(interval * index))};
    if (frequency == Frequency::Hour) {
        if (minutes.empty())
            return {elapsed(start + std::chrono::hours(interval * index))};
        // The hours of the clock as it stood at startTime, for hours are blind to DST.
        const LocalTime hour = std::chrono::floor<std::chrono::hours>(localStart);
        const Instant first = start - (localStart - hour) + std::chrono::hours(interval * index);
        for (const int minute : minutes)
            found.push_back(elapsed(first + std::chrono::minutes(minute)));
        return found;
    }
    for (const local_days day : daysOf(index)) {
        for (const Millis time : timesOfDay()) {
            const TimeZone::Resolved resolved = zone.toInstant(LocalTime(day) + time);
            const auto adjusted = resolved.fit == TimeZone::Fit::Gap ? Occurrence::Adjusted::Gap
                : resolved.fit == TimeZone::Fit::Overlap             ? Occurrence::Adjusted::Overlap
                                                                     : Occurrence::Adjusted::No;
            // Several times in one gap are one instant; one that is there by itself is not "moved".
            if (!found.empty() && found.back().at == resolved.at) {
                if (adjusted == Occurrence::Adjusted::No)
                    found.back().adjusted = adjusted;
                continue;
            }
            found.push_back(occurrenceAt(zone, resolved.at, adjusted));
        }
    }
    return found;
}

qint64 Recurrence::Rule::firstPeriodFor(Instant instant) const
{
    if (instant <= start)
        return 0;
    qint64 index = 0;
    switch (frequency) {
    case Frequency::Minute:
        index = floorDivide((instant - start).count(), Millis(std::chrono::minutes(interval)).count());
        break;
    case Frequency::Hour:
        index = floorDivide((instant - start).count(), Millis(std::chrono::hours(interval)).count());
        break;
    case Frequency::Month: {
        const auto day = std::chrono::floor<days>(zone.toLocal(instant));
        index = floorDivide(monthsBetween(monthOf(firstDay(0)), monthOf(day)), interval);
        break;
    }
    case Frequency::Day:
    case Frequency::Week: {
        const auto day = std::chrono::floor<days>(zone.toLocal(instant));
        const int length = frequency == Frequency::Week ? 7 * interval : interval;
        index = floorDivide((day - firstDay(0)).count(), length);
        break;
    }
    }
    return std::max<qint64>(0, index - 1);
}

bool Recurrence::Rule::isAfter(qint64 index, Instant until) const
{
    switch (frequency) {
    case Frequency::Minute:
        return start + std::chrono::minutes(interval * index) > until;
    case Frequency::Hour:
        return start + std::chrono::hours(interval * index - 1) > until;
    default:
        // A local day begins at most a day before or after the same day in UTC.
        return Instant(firstDay(index).time_since_epoch()) - days(2) > until;
    }
}

} // namespace engine
