#include "engine/base/TimeZone.h"
#include "engine/expression/functions/Function.h"
#include "engine/expression/functions/Moment.h"
#include "engine/expression/functions/Texts.h"

#include <QMutex>

#include <algorithm>
#include <unordered_map>

namespace engine::expression {

namespace {

constexpr size_t longestFormat = 1000;

bool moment(Call &call, size_t index, Moment &out)
{
    const std::string *text = call.text(index);
    if (text == nullptr)
        return false;
    const std::optional<Moment> found = parseMoment(*text);
    if (!found)
        return call.failAt(
            index,
            ExpressionText::tr("is no date and time: %1. Write it as 2024-01-31T12:30:00Z.").arg(shortText(*text)));
    out = *found;
    return true;
}

bool give(Call &call, const Moment &value, size_t formatIndex)
{
    static const std::string roundTrip = "o";
    const std::string *format = call.optionalText(formatIndex, roundTrip);
    if (format == nullptr)
        return false;
    std::string text;
    if (format->size() > longestFormat || !formatMoment(value, *format, text))
        return call.failAt(
            formatIndex,
            ExpressionText::tr("is no format of dates: %1. Use one like yyyy-MM-dd HH:mm:ss.").arg(shortText(*format)));
    return call.giveText(std::move(text));
}

bool moved(Call &call, Moment value, int64_t count, int64_t unit, size_t formatIndex)
{
    int64_t ticks = 0;
    if (__builtin_mul_overflow(count, unit, &ticks) || __builtin_add_overflow(value.ticks, ticks, &ticks) || ticks < 0
        || ticks >= Moment::end)
        return call.fail(ExpressionText::tr("The result is outside the years 1 to 9999."));
    value.ticks = ticks;
    return give(call, value, formatIndex);
}

template <int64_t unit> bool addUnits(Call &call)
{
    Moment value;
    int64_t count = 0;
    return moment(call, 0, value) && call.whole(1, count) && moved(call, value, count, unit, 2);
}

// A day that the month has not becomes its last.
bool movedByMonths(Call &call, Moment value, int64_t count, size_t formatIndex)
{
    const CalendarDay day = dayOf(value);
    if (std::abs(count) > 120'000)
        return call.fail(ExpressionText::tr("The result is outside the years 1 to 9999."));
    const int64_t months = (day.year - 1) * 12 + (day.month - 1) + count;
    if (months < 0 || months >= 9999 * 12)
        return call.fail(ExpressionText::tr("The result is outside the years 1 to 9999."));
    const int year = int(months / 12) + 1;
    const int month = int(months % 12) + 1;
    value.ticks = *ticksOf({year, month, std::min(day.day, daysIn(year, month))}) + value.ticks % Moment::perDay;
    return give(call, value, formatIndex);
}

// addToTime(timestamp, interval, timeUnit, format?) and its like; `first` is the index of the interval.
bool shifted(Call &call, const Moment &value, size_t first, int sign)
{
    int64_t count = 0;
    if (!call.whole(first, count))
        return false;
    const std::string *unit = call.text(first + 1);
    if (unit == nullptr)
        return false;
    if (count == INT64_MIN)
        return call.fail(ExpressionText::tr("The result is outside the years 1 to 9999."));
    count *= sign;
    const QString name = toQString(*unit).toLower();
    if (name == u"second")
        return moved(call, value, count, Moment::perSecond, first + 2);
    if (name == u"minute")
        return moved(call, value, count, Moment::perMinute, first + 2);
    if (name == u"hour")
        return moved(call, value, count, Moment::perHour, first + 2);
    if (name == u"day")
        return moved(call, value, count, Moment::perDay, first + 2);
    if (name == u"week")
        return moved(call, value, count, 7 * Moment::perDay, first + 2);
    if (name == u"month")
        return movedByMonths(call, value, count, first + 2);
    if (name == u"year") {
        if (std::abs(count) > 10'000)
            return call.fail(ExpressionText::tr("The result is outside the years 1 to 9999."));
        return movedByMonths(call, value, count * 12, first + 2);
    }
    return call.failAt(first + 1, ExpressionText::tr("must be Second, Minute, Hour, Day, Week, Month or Year."));
}

bool addToTime(Call &call)
{
    Moment value;
    return moment(call, 0, value) && shifted(call, value, 1, 1);
}

bool subtractFromTime(Call &call)
{
    Moment value;
    return moment(call, 0, value) && shifted(call, value, 1, -1);
}

bool now(Call &call, Moment &out)
{
    const std::optional<Moment> found = momentOf(call.now());
    if (!found)
        return call.fail(ExpressionText::tr("The clock is outside the years 1 to 9999."));
    out = *found;
    return true;
}

bool getFutureTime(Call &call)
{
    Moment value;
    return now(call, value) && shifted(call, value, 0, 1);
}

bool getPastTime(Call &call)
{
    Moment value;
    return now(call, value) && shifted(call, value, 0, -1);
}

bool utcNow(Call &call)
{
    Moment value;
    return now(call, value) && give(call, value, 0);
}

// ---- zones

// Looking a zone up costs a hundred times what using it does. Any thread.
class Zones
{
public:
    std::optional<TimeZone> find(const std::string &name)
    {
        const QMutexLocker lock(&m_mutex);
        if (const auto found = m_zones.find(name); found != m_zones.end())
            return found->second;
        std::optional<TimeZone> zone = TimeZone::find(toQString(name));
        if (zone && m_zones.size() < most)
            m_zones.emplace(name, *zone);
        return zone;
    }

private:
    static constexpr size_t most = 1000;
    QMutex m_mutex;
    std::unordered_map<std::string, TimeZone> m_zones;
};

std::optional<TimeZone> zone(Call &call, size_t index)
{
    static Zones zones;
    const std::string *name = call.text(index);
    if (name == nullptr)
        return std::nullopt;
    std::optional<TimeZone> found = zones.find(*name);
    if (!found)
        call.failAt(index,
                    ExpressionText::tr("is no time zone: %1. Use a name like \"W. Europe Standard Time\" or "
                                       "\"Europe/Berlin\".")
                        .arg(shortText(*name)));
    return found;
}

bool toUtc(Call &call, Moment &value, const TimeZone &from)
{
    const Instant local = instantOf(value);
    const Instant at = from.toInstant(LocalTime(local.time_since_epoch())).at;
    value.ticks += (at - local).count() * Moment::perMillisecond;
    value.isUtc = true;
    return (value.ticks >= 0 && value.ticks < Moment::end)
        || call.fail(ExpressionText::tr("The result is outside the years 1 to 9999."));
}

bool fromUtc(Call &call, Moment &value, const TimeZone &to)
{
    const Instant at = instantOf(value);
    value.ticks += (to.toLocal(at).time_since_epoch() - at.time_since_epoch()).count() * Moment::perMillisecond;
    value.isUtc = to.id() == u"UTC" || to.id() == u"Etc/UTC";
    return (value.ticks >= 0 && value.ticks < Moment::end)
        || call.fail(ExpressionText::tr("The result is outside the years 1 to 9999."));
}

bool convertFromUtc(Call &call)
{
    Moment value;
    if (!moment(call, 0, value))
        return false;
    const std::optional<TimeZone> to = zone(call, 1);
    return to && fromUtc(call, value, *to) && give(call, value, 2);
}

bool convertToUtc(Call &call)
{
    Moment value;
    if (!moment(call, 0, value))
        return false;
    const std::optional<TimeZone> from = zone(call, 1);
    return from && toUtc(call, value, *from) && give(call, value, 2);
}

bool convertTimeZone(Call &call)
{
    Moment value;
    if (!moment(call, 0, value))
        return false;
    const std::optional<TimeZone> from = zone(call, 1);
    const std::optional<TimeZone> to = from ? zone(call, 2) : std::nullopt;
    return to && toUtc(call, value, *from) && fromUtc(call, value, *to) && give(call, value, 3);
}

// ---- parts

bool dayOfMonth(Call &call)
{
    Moment value;
    return moment(call, 0, value) && call.give(int64_t(dayOf(value).day));
}

bool dayOfWeek(Call &call)
{
    Moment value;
    return moment(call, 0, value) && call.give(int64_t(weekdayOf(value)));
}

bool dayOfYear(Call &call)
{
    Moment value;
    if (!moment(call, 0, value))
        return false;
    const int64_t newYear = *ticksOf({dayOf(value).year, 1, 1});
    return call.give((value.ticks - newYear) / Moment::perDay + 1);
}

bool formatDateTime(Call &call)
{
    Moment value;
    return moment(call, 0, value) && give(call, value, 1);
}

template <int64_t unit> bool startOf(Call &call)
{
    Moment value;
    if (!moment(call, 0, value))
        return false;
    value.ticks -= value.ticks % unit;
    return give(call, value, 1);
}

bool startOfMonth(Call &call)
{
    Moment value;
    if (!moment(call, 0, value))
        return false;
    const CalendarDay day = dayOf(value);
    value.ticks = *ticksOf({day.year, day.month, 1});
    return give(call, value, 1);
}

bool ticks(Call &call)
{
    Moment value;
    return moment(call, 0, value) && call.give(value.ticks);
}

constexpr auto group = FunctionGroup::Date;

// clang-format off
const Function functions[] = {
    {"addDays", "addDays(timestamp, days, format?)", 2, 3, addUnits<Moment::perDay>, QT_TRANSLATE_NOOP("engine::Expression", "The time so many days later."), group},
    {"addHours", "addHours(timestamp, hours, format?)", 2, 3, addUnits<Moment::perHour>, QT_TRANSLATE_NOOP("engine::Expression", "The time so many hours later."), group},
    {"addMinutes", "addMinutes(timestamp, minutes, format?)", 2, 3, addUnits<Moment::perMinute>, QT_TRANSLATE_NOOP("engine::Expression", "The time so many minutes later."), group},
    {"addSeconds", "addSeconds(timestamp, seconds, format?)", 2, 3, addUnits<Moment::perSecond>, QT_TRANSLATE_NOOP("engine::Expression", "The time so many seconds later."), group},
    {"addToTime", "addToTime(timestamp, interval, timeUnit, format?)", 3, 4, addToTime, QT_TRANSLATE_NOOP("engine::Expression", "The time so many Seconds, Minutes, Hours, Days, Weeks, Months or Years later (the unit in the singular)."), group},
    {"convertFromUtc", "convertFromUtc(timestamp, destinationTimeZone, format?)", 2, 3, convertFromUtc, QT_TRANSLATE_NOOP("engine::Expression", "A time in UTC as the clocks of a zone show it."), group},
    {"convertTimeZone", "convertTimeZone(timestamp, sourceTimeZone, destinationTimeZone, format?)", 3, 4, convertTimeZone, QT_TRANSLATE_NOOP("engine::Expression", "A time of one zone as the clocks of another show it."), group},
    {"convertToUtc", "convertToUtc(timestamp, sourceTimeZone, format?)", 2, 3, convertToUtc, QT_TRANSLATE_NOOP("engine::Expression", "A time of a zone in UTC."), group},
    {"dayOfMonth", "dayOfMonth(timestamp)", 1, 1, dayOfMonth, QT_TRANSLATE_NOOP("engine::Expression", "The day in its month, from 1."), group},
    {"dayOfWeek", "dayOfWeek(timestamp)", 1, 1, dayOfWeek, QT_TRANSLATE_NOOP("engine::Expression", "The day in its week; Sunday is 0."), group},
    {"dayOfYear", "dayOfYear(timestamp)", 1, 1, dayOfYear, QT_TRANSLATE_NOOP("engine::Expression", "The day in its year, from 1."), group},
    {"formatDateTime", "formatDateTime(timestamp, format?)", 1, 2, formatDateTime, QT_TRANSLATE_NOOP("engine::Expression", "The time in a format of .NET, like yyyy-MM-dd."), group},
    {"getFutureTime", "getFutureTime(interval, timeUnit, format?)", 2, 3, getFutureTime, QT_TRANSLATE_NOOP("engine::Expression", "Now, so many units later."), group},
    {"getPastTime", "getPastTime(interval, timeUnit, format?)", 2, 3, getPastTime, QT_TRANSLATE_NOOP("engine::Expression", "Now, so many units earlier."), group},
    {"startOfDay", "startOfDay(timestamp, format?)", 1, 2, startOf<Moment::perDay>, QT_TRANSLATE_NOOP("engine::Expression", "The first moment of the day."), group},
    {"startOfHour", "startOfHour(timestamp, format?)", 1, 2, startOf<Moment::perHour>, QT_TRANSLATE_NOOP("engine::Expression", "The first moment of the hour."), group},
    {"startOfMonth", "startOfMonth(timestamp, format?)", 1, 2, startOfMonth, QT_TRANSLATE_NOOP("engine::Expression", "The first moment of the month."), group},
    {"subtractFromTime", "subtractFromTime(timestamp, interval, timeUnit, format?)", 3, 4, subtractFromTime, QT_TRANSLATE_NOOP("engine::Expression", "The time so many units earlier."), group},
    {"ticks", "ticks(timestamp)", 1, 1, ticks, QT_TRANSLATE_NOOP("engine::Expression", "How many 100 nanoseconds have passed since the year 1."), group},
    {"utcNow", "utcNow(format?)", 0, 1, utcNow, QT_TRANSLATE_NOOP("engine::Expression", "The present time in UTC."), group},
};
// clang-format on

} // namespace

std::span<const Function> dateFunctions() { return functions; }

} // namespace engine::expression
