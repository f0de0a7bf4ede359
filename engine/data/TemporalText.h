#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace engine {

struct OffsetTime
{
    int64_t ticks = 0; // of the UTC instant
    int16_t offset = 0; // minutes
    bool operator==(const OffsetTime &) const = default;
};

// Dates and times without a pattern. Text → value accepts
//   2024-01-31 · 2024-01-31T12:34 · 2024-01-31 12:34:56.1234567   ISO 8601, "T", "t" or a space between
//   1/31/2024 · 01/31/2024 12:34:56 · 1/31/2024 1:34:56 PM        the invariant culture's month/day/year
// each with "Z" or, for a DateTimeOffset, "+02:00", "+0200", "+02". A DateTime has no zone: "Z" is taken as the mark
// that it is in UTC, any other offset is refused. A DateTimeOffset without offset is in UTC, as on Azure's runtimes.
// More than seven digits of a second are refused unless the further ones are zeros.
bool parseDateTime(std::string_view text, int64_t &ticks);
bool parseDateTimeOffset(std::string_view text, OffsetTime &time);

// Of ten characters, "2024-01-31": most columns of dates have nothing else. False: not of this kind; what it is says
// the other one.
bool parsePlainDate(const char *text, int64_t &ticks);

// [-][d.]hh:mm[:ss[.fffffff]], the hours below 24.
bool parseTimeSpan(std::string_view text, int64_t &ticks);

// Value → text: "2024-01-31T12:34:56.5", "…+02:00" (always with offset), "-1.02:03:04.5"; no zeros at the end of a
// fraction. Reading it back gives the same value.
void appendDateTime(std::string &out, int64_t ticks);
void appendDateTimeOffset(std::string &out, const OffsetTime &time);
void appendTimeSpan(std::string &out, int64_t ticks);

} // namespace engine
