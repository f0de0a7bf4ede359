#pragma once

#include <cstdint>
#include <optional>

namespace engine {

// Time as .NET counts it: 100 ns ticks since 0001-01-01T00:00:00, years 1 to 9999.
constexpr int64_t ticksPerMicrosecond = 10;
constexpr int64_t ticksPerSecond = 10'000'000;
constexpr int64_t ticksPerMinute = 60 * ticksPerSecond;
constexpr int64_t ticksPerHour = 60 * ticksPerMinute;
constexpr int64_t ticksPerDay = 24 * ticksPerHour;
constexpr int64_t daysAtUnixEpoch = 719'162;
constexpr int64_t ticksAtUnixEpoch = daysAtUnixEpoch * ticksPerDay;
constexpr int64_t endOfTicks = 3'652'059 * ticksPerDay; // 10000-01-01

struct CivilTime
{
    int year = 1;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int fraction = 0; // ticks of the second
};

std::optional<int64_t> ticksOf(const CivilTime &time); // nullopt: no such day or time
CivilTime civilTimeOf(int64_t ticks); // of 0 … endOfTicks - 1
constexpr bool isDateTime(int64_t ticks) { return ticks >= 0 && ticks < endOfTicks; }

} // namespace engine
