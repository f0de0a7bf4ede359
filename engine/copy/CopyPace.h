#pragma once

#include <QtGlobal>

#include <chrono>
#include <deque>
#include <optional>

namespace engine {

// How fast a copy goes, over the last three seconds, and how long it will still take. Pure.
class CopyPace
{
public:
    using Time = std::chrono::steady_clock::time_point;

    void add(Time at, qint64 rows, qint64 bytes); // so far
    double rowsPerSecond() const;
    double bytesPerSecond() const;
    // Of a source of `size` bytes (0 = not known); nothing before there are two points a second apart.
    std::optional<std::chrono::seconds> remaining(qint64 size) const;

private:
    struct Point
    {
        Time at;
        qint64 rows;
        qint64 bytes;
    };
    double perSecond(qint64 Point::*member) const;

    std::deque<Point> m_points;
};

} // namespace engine
