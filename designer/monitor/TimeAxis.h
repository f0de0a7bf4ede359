#pragma once

#include "engine/base/Clock.h"

#include <QList>
#include <QString>
#include <QTimeZone>

namespace designer {

// A stretch of time laid over pixels. A value.
struct TimeAxis
{
    engine::Instant from;
    engine::Instant to; // > from
    double left = 0; // pixel of `from`
    double width = 1; // pixels

    double xOf(engine::Instant at) const;
    engine::Instant at(double x) const;
    TimeAxis zoomed(double factor, double x) const; // around the pixel; not below 2 ms nor above 20 years
    TimeAxis moved(double pixels) const;

    struct Tick
    {
        engine::Instant at;
        QString text; // "22:00:01", then "02"; the date at midnight; the offset after the clocks changed
    };
    QList<Tick> ticks(const QTimeZone &zone) const;
};

// The stretch that shows [from, to] with the last tick beyond it, and does not change with every moment that passes.
TimeAxis fittingAxis(engine::Instant from, engine::Instant to, double left, double width);

} // namespace designer
