#include "designer/monitor/TimeAxis.h"

#include "designer/widgets/Format.h"

#include <QLocale>

#include <array>
#include <cmath>

namespace designer {

using namespace engine;

namespace {

constexpr double pixelsATick = 150;
constexpr double shortestMs = 2;
constexpr double longestMs = 20.0 * 365 * 86'400'000;
constexpr qint64 second = 1000;
constexpr qint64 minute = 60 * second;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;
constexpr std::array<qint64, 27> steps{
    1,           2,          5,          10,          20,          50,     100,        200,        500,
    second,      2 * second, 5 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute,
    30 * minute, hour,       2 * hour,   6 * hour,    12 * hour,   day,    7 * day,    30 * day,   365 * day};

double lengthOf(const TimeAxis &axis) { return double((axis.to - axis.from).count()); }

qint64 stepFor(double lengthMs, double width)
{
    const double least = lengthMs * pixelsATick / std::max(1.0, width);
    for (const qint64 step : steps) {
        if (double(step) >= least)
            return step;
    }
    return steps.back();
}

// As many digits of the second as the step needs.
QString fraction(const QDateTime &time, qint64 step)
{
    if (step >= second)
        return {};
    return u'.' + time.toString(QStringLiteral("zzz")).left(step >= 100 ? 1 : step >= 10 ? 2 : 3);
}

QString tickText(const QDateTime &time, const QDateTime &before, qint64 step)
{
    const bool isFirst = !before.isValid();
    QString text;
    if (step >= day || (!isFirst && time.date() != before.date()))
        text = QLocale().toString(time, step >= 365 * day ? QStringLiteral("yyyy") : QStringLiteral("d MMM"));
    else if (step >= minute)
        text = time.toString(QStringLiteral("HH:mm"));
    else if (isFirst || time.time().minute() != before.time().minute())
        text = time.toString(QStringLiteral("HH:mm:ss")) + fraction(time, step);
    else
        text = time.toString(QStringLiteral("ss")) + fraction(time, step);
    if (!isFirst && time.offsetFromUtc() != before.offsetFromUtc()) {
        const int minutes = std::abs(time.offsetFromUtc()) / 60;
        text += QStringLiteral(" (%1%2:%3)")
                    .arg(QChar(time.offsetFromUtc() < 0 ? u'-' : u'+'))
                    .arg(minutes / 60, 2, 10, QLatin1Char('0'))
                    .arg(minutes % 60, 2, 10, QLatin1Char('0'));
    }
    return text;
}

} // namespace

double TimeAxis::xOf(Instant at) const { return left + double((at - from).count()) / lengthOf(*this) * width; }

Instant TimeAxis::at(double x) const
{
    return from + Millis(qint64(std::llround((x - left) / width * lengthOf(*this))));
}

TimeAxis TimeAxis::zoomed(double factor, double x) const
{
    const double length = std::clamp(lengthOf(*this) / factor, shortestMs, longestMs);
    const double part = (x - left) / width;
    const double centre = double(from.time_since_epoch().count()) + part * lengthOf(*this);
    TimeAxis axis = *this;
    axis.from = Instant(Millis(qint64(std::llround(centre - part * length))));
    axis.to = axis.from + Millis(qint64(std::llround(length)));
    return axis;
}

TimeAxis TimeAxis::moved(double pixels) const
{
    const Millis by(qint64(std::llround(pixels / width * lengthOf(*this))));
    TimeAxis axis = *this;
    axis.from += by;
    axis.to += by;
    return axis;
}

QList<TimeAxis::Tick> TimeAxis::ticks(const QTimeZone &zone) const
{
    QList<Tick> ticks;
    const qint64 step = stepFor(lengthOf(*this), width);
    const auto offsetAt = [&zone](qint64 utc) {
        return qint64(zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(utc, Qt::UTC))) * 1000;
    };
    const qint64 first = from.time_since_epoch().count();
    const qint64 last = to.time_since_epoch().count();
    // Ticks stand at round times of the zone's clocks.
    qint64 wall = first + offsetAt(first);
    wall = wall / step * step;
    QDateTime before;
    for (int i = 0; i < 200; ++i, wall += step) {
        const qint64 utc = wall - offsetAt(wall - offsetAt(wall));
        if (utc < first || (!ticks.isEmpty() && utc <= ticks.last().at.time_since_epoch().count()))
            continue; // or the hour that the clocks leave out
        if (utc > last)
            break;
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(utc, zone);
        ticks.append({Instant(Millis(utc)), tickText(time, before, step)});
        before = time;
    }
    return ticks;
}

TimeAxis fittingAxis(Instant from, Instant to, double left, double width)
{
    const double length = std::max(shortestMs, double((to - from).count()) * 1.02);
    const qint64 step = stepFor(length, width);
    TimeAxis axis;
    axis.left = left;
    axis.width = width;
    const qint64 start = from.time_since_epoch().count();
    const qint64 part = std::max<qint64>(1, step / 4); // a quarter of a tick: little room is lost, nothing wobbles
    axis.from = Instant(Millis(start / part * part));
    const qint64 steps =
        qint64(std::ceil((double(start) + length - double(axis.from.time_since_epoch().count())) / double(part)));
    axis.to = axis.from + Millis(std::max<qint64>(2, steps * part));
    return axis;
}

} // namespace designer
