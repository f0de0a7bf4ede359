#include "engine/data/TemporalText.h"

#include "engine/data/TextCursor.h"
#include "engine/data/TextNumbers.h"

#include <cstdio>

using namespace engine;

namespace {

constexpr int anyDigits = 1000;

bool takeIsoDate(TextCursor &cursor, CivilTime &time) // the ten characters at once: most dates are no more
{
    constexpr size_t length = 10;
    const std::string_view text = cursor.rest;
    if (text.size() < length || text[4] != '-' || text[7] != '-')
        return false;
    bool digits = true;
    const auto number = [&](size_t from, size_t to) {
        int sum = 0;
        for (size_t i = from; i < to; ++i) {
            digits &= TextCursor::isDigit(text[i]);
            sum = sum * 10 + (text[i] - '0');
        }
        return sum;
    };
    time.year = number(0, 4);
    time.month = number(5, 7);
    time.day = number(8, 10);
    cursor.rest.remove_prefix(length);
    return digits;
}

bool takeMonthFirstDate(TextCursor &cursor, CivilTime &time)
{
    return cursor.takeNumber(1, 2, time.month) && cursor.take('/') && cursor.takeNumber(1, 2, time.day)
        && cursor.take('/') && cursor.takeNumber(4, 4, time.year);
}

bool takeTime(TextCursor &cursor, CivilTime &time)
{
    if (!cursor.takeNumber(1, 2, time.hour) || !cursor.take(':') || !cursor.takeNumber(2, 2, time.minute))
        return false;
    if (!cursor.take(':'))
        return true;
    if (!cursor.takeNumber(2, 2, time.second))
        return false;
    return !cursor.take('.') || cursor.takeFraction(1, anyDigits, time.fraction);
}

bool takeHalfOfDay(TextCursor &cursor, CivilTime &time) // " PM": the hour was one of 1 … 12
{
    TextCursor ahead = cursor;
    ahead.take(' ');
    const bool afternoon = ahead.takeIgnoringCase("PM");
    if (!afternoon && !ahead.takeIgnoringCase("AM"))
        return true;
    if (time.hour < 1 || time.hour > 12)
        return false;
    time.hour = time.hour % 12 + (afternoon ? 12 : 0);
    cursor = ahead;
    return true;
}

struct ParsedTime
{
    int64_t ticks = 0; // as written
    std::optional<int> offset;
};

std::optional<ParsedTime> parseMoment(std::string_view text)
{
    TextCursor cursor{text};
    CivilTime time;
    TextCursor monthFirst = cursor;
    const bool iso = takeIsoDate(cursor, time);
    if (!iso) {
        time = {};
        if (!takeMonthFirstDate(monthFirst, time))
            return std::nullopt;
        cursor = monthFirst;
    }
    if (!cursor.atEnd()) {
        if (!cursor.takeAnyOf(iso ? "Tt " : " ") || !takeTime(cursor, time) || (!iso && !takeHalfOfDay(cursor, time)))
            return std::nullopt;
    }
    ParsedTime parsed;
    if (!cursor.atEnd()) {
        int minutes = 0;
        cursor.take(' ');
        if (!cursor.takeOffset(minutes) || !cursor.atEnd())
            return std::nullopt;
        parsed.offset = minutes;
    }
    const std::optional<int64_t> ticks = ticksOf(time);
    if (!ticks)
        return std::nullopt;
    parsed.ticks = *ticks;
    return parsed;
}

void appendFraction(std::string &out, int64_t ticks)
{
    if (ticks == 0)
        return;
    char digits[16];
    std::snprintf(digits, sizeof digits, ".%07d", int(ticks));
    std::string_view shown(digits, 8);
    while (shown.back() == '0')
        shown.remove_suffix(1);
    out.append(shown);
}

} // namespace

bool engine::parseDateTime(std::string_view text, int64_t &ticks)
{
    const std::optional<ParsedTime> parsed = parseMoment(text);
    if (!parsed || parsed->offset.value_or(0) != 0)
        return false;
    ticks = parsed->ticks;
    return true;
}

bool engine::parseDateTimeOffset(std::string_view text, OffsetTime &time)
{
    const std::optional<ParsedTime> parsed = parseMoment(text);
    if (!parsed)
        return false;
    const int offset = parsed->offset.value_or(0);
    const int64_t ticks = parsed->ticks - offset * ticksPerMinute;
    if (!isDateTime(ticks))
        return false;
    time = {ticks, int16_t(offset)};
    return true;
}

bool engine::parseTimeSpan(std::string_view text, int64_t &ticks)
{
    TextCursor cursor{text};
    const bool negative = cursor.take('-');
    int days = 0;
    TextCursor withDays = cursor;
    if (withDays.takeNumber(1, 8, days) && withDays.take('.'))
        cursor = withDays;
    else
        days = 0;
    CivilTime time;
    if (!takeTime(cursor, time) || !cursor.atEnd() || time.hour > 23 || time.minute > 59 || time.second > 59)
        return false;
    constexpr int mostDays = 10'675'199;
    if (days > mostDays)
        return false;
    const uint64_t magnitude = uint64_t(days * ticksPerDay)
        + uint64_t(time.hour * ticksPerHour + time.minute * ticksPerMinute)
        + uint64_t(time.second * ticksPerSecond + time.fraction);
    if (magnitude > uint64_t(INT64_MAX) + (negative ? 1 : 0))
        return false;
    ticks = int64_t(negative ? 0 - magnitude : magnitude);
    return true;
}

void engine::appendDateTime(std::string &out, int64_t ticks)
{
    const CivilTime time = civilTimeOf(ticks);
    char text[64];
    const int length = std::snprintf(text,
                                     sizeof text,
                                     "%04d-%02d-%02dT%02d:%02d:%02d",
                                     time.year,
                                     time.month,
                                     time.day,
                                     time.hour,
                                     time.minute,
                                     time.second);
    out.append(text, size_t(length));
    appendFraction(out, time.fraction);
}

void engine::appendDateTimeOffset(std::string &out, const OffsetTime &time)
{
    appendDateTime(out, time.ticks + time.offset * ticksPerMinute);
    const int minutes = time.offset < 0 ? -time.offset : time.offset;
    char text[32];
    const int length =
        std::snprintf(text, sizeof text, "%c%02d:%02d", time.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    out.append(text, size_t(length));
}

void engine::appendTimeSpan(std::string &out, int64_t ticks)
{
    // As unsigned: the magnitude of the smallest value does not fit into int64_t.
    const uint64_t magnitude = ticks < 0 ? 0 - uint64_t(ticks) : uint64_t(ticks);
    if (ticks < 0)
        out += '-';
    if (const uint64_t days = magnitude / uint64_t(ticksPerDay); days > 0)
        out.append(std::to_string(days)).append(1, '.');
    char text[32];
    const int length = std::snprintf(text,
                                     sizeof text,
                                     "%02d:%02d:%02d",
                                     int(magnitude / uint64_t(ticksPerHour) % 24),
                                     int(magnitude / uint64_t(ticksPerMinute) % 60),
                                     int(magnitude / uint64_t(ticksPerSecond) % 60));
    out.append(text, size_t(length));
    appendFraction(out, int64_t(magnitude % uint64_t(ticksPerSecond)));
}
