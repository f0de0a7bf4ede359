#pragma once

#include "engine/base/TimeZone.h"
#include "engine/scheduler/Recurrence.h"

namespace engine {

// The parsed recurrence: what repeats, from when to when, and at which times within a period. A period is one
// repetition of the frequency: `interval` minutes, hours, days, weeks or months, counted from startTime (period 0).
struct Recurrence::Rule
{
    enum class Frequency { Minute, Hour, Day, Week, Month };
    struct MonthlyDay // of monthlyOccurrences: the second Friday, the last Monday (-1)
    {
        std::chrono::weekday day;
        int occurrence = 1;
    };

    Frequency frequency = Frequency::Day;
    int interval = 1;
    TimeZone zone;
    Instant start;
    LocalTime localStart;
    std::optional<Instant> end; // an occurrence at this very instant still fires
    std::vector<int> minutes; // as written, sorted; empty = those of localStart
    std::vector<int> hours;
    std::vector<std::chrono::weekday> weekDays; // Sunday first
    std::vector<int> monthDays; // 1…31, -1 = the last
    std::vector<MonthlyDay> monthlyDays;

    // Occurrences of one period, ascending and distinct; startTime and endTime are not looked at.
    std::vector<Occurrence> period(qint64 index) const;
    // A period that has no occurrence after `instant` in those before it. May be early by one, never late.
    qint64 firstPeriodFor(Instant instant) const;
    bool isAfter(qint64 index, Instant until) const; // the whole period

    static Result<std::shared_ptr<const Rule>> fromJson(const Json &json, const QString &where);
    QString sentence() const;

private:
    using Days = std::chrono::local_days;
    std::vector<std::chrono::milliseconds> timesOfDay() const;
    std::vector<Days> daysOf(qint64 index) const;
    std::vector<Days> daysOfMonth(std::chrono::year_month month) const;
    Days firstDay(qint64 index) const;
    Occurrence elapsed(Instant at) const;
};

} // namespace engine
