#include "engine/data/TemporalText.h"

#include "engine/data/TextCursor.h"
#include "engine/data/TextNumbers.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include <endian.h>

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

char *putDigits(char *to, int number, int digits)
{
    for (int i = digits; i > 0; --i, number /= 10)
        to[i - 1] = char('0' + number % 10);
    return to + digits;
}

void appendFraction(std::string &out, int64_t ticks)
{
    constexpr int digitsOfTicks = 7;
    if (ticks == 0)
        return;
    char digits[digitsOfTicks];
    std::string_view shown(digits, size_t(putDigits(digits, int(ticks), digitsOfTicks) - digits));
    while (shown.back() == '0')
        shown.remove_suffix(1);
    out.append(1, '.').append(shown);
}

} // namespace

// The ten characters as two words, in which the first one is the lowest byte and digits are 0 to 9.
bool engine::parsePlainDate(const char *text, int64_t &ticks)
{
    constexpr uint64_t everyByte = 0x0101010101010101U;
    constexpr uint64_t hyphens = 0xFF0000FF00000000U; // the fifth character and the eighth
    uint64_t word = 0; // "2024-01-"
    uint16_t end = 0; // "31"
    std::memcpy(&word, text, sizeof word);
    std::memcpy(&end, text + sizeof word, sizeof end);
    word = le64toh(word) ^ (everyByte * '0');
    const uint64_t days = le16toh(end) ^ (uint64_t('0') << 8 | '0');
    if ((word & hyphens) != ((everyByte * ('-' ^ '0')) & hyphens))
        return false;
    word &= ~hyphens;
    constexpr uint64_t aboveNine = everyByte * (0x80 - 10);
    if (((word + aboveNine) | word | (days + aboveNine) | days) & (everyByte * 0x80))
        return false;
    word = word * 10 + (word >> 8); // pairs of digits
    using namespace std::chrono;
    const auto pair = [word](int at) { return unsigned(word >> (8 * at)) & 0xFF; };
    const int number = int(pair(0) * 100 + pair(2));
    const year_month_day date(year(number), month(pair(5)), day(unsigned(days & 0xFF) * 10 + unsigned(days >> 8)));
    if (number < 1 || !date.ok())
        return false;
    ticks = (sys_days(date).time_since_epoch().count() + daysAtUnixEpoch) * ticksPerDay;
    return true;
}

bool engine::parseDateTime(std::string_view text, int64_t &ticks)
{
    constexpr size_t plainDate = 10;
    if (text.size() == plainDate && parsePlainDate(text.data(), ticks))
        return true;
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
    char text[32];
    char *to = putDigits(text, time.year, 4);
    for (const auto &[mark, number] : {std::pair('-', time.month),
                                       std::pair('-', time.day),
                                       std::pair('T', time.hour),
                                       std::pair(':', time.minute),
                                       std::pair(':', time.second)}) {
        *to = mark;
        to = putDigits(to + 1, number, 2);
    }
    out.append(text, to);
    appendFraction(out, time.fraction);
}

void engine::appendDateTimeOffset(std::string &out, const OffsetTime &time)
{
    appendDateTime(out, time.ticks + time.offset * ticksPerMinute);
    const int minutes = time.offset < 0 ? -time.offset : time.offset;
    char text[] = "+00:00";
    if (time.offset < 0)
        text[0] = '-';
    putDigits(text + 1, minutes / 60, 2);
    putDigits(text + 4, minutes % 60, 2);
    out.append(text);
}

void engine::appendTimeSpan(std::string &out, int64_t ticks)
{
    // As unsigned: the magnitude of the smallest value does not fit into int64_t.
    const uint64_t magnitude = ticks < 0 ? 0 - uint64_t(ticks) : uint64_t(ticks);
    if (ticks < 0)
        out += '-';
    if (const uint64_t days = magnitude / uint64_t(ticksPerDay); days > 0)
        out.append(std::to_string(days)).append(1, '.');
    char text[] = "00:00:00";
    putDigits(text, int(magnitude / uint64_t(ticksPerHour) % 24), 2);
    putDigits(text + 3, int(magnitude / uint64_t(ticksPerMinute) % 60), 2);
    putDigits(text + 6, int(magnitude / uint64_t(ticksPerSecond) % 60), 2);
    out.append(text);
    appendFraction(out, int64_t(magnitude % uint64_t(ticksPerSecond)));
}
