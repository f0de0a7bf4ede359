#include "engine/base/Clock.h"

#include <QDateTime>
#include <QTimer>
#include <QTimeZone>

#include <ctime>

namespace engine {

namespace {

Millis readClock(clockid_t id)
{
    timespec t{};
    clock_gettime(id, &t);
    return std::chrono::duration_cast<Millis>(std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec));
}

} // namespace

QString toIso(Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), Qt::UTC).toString(Qt::ISODateWithMs);
}

std::optional<Instant> instantFromIso(const QString &text)
{
    QDateTime time = QDateTime::fromString(text.trimmed(), Qt::ISODateWithMs);
    if (!time.isValid())
        return std::nullopt;
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeSpec(Qt::UTC);
    return Instant(Millis(time.toMSecsSinceEpoch()));
}

Clock::~Clock() = default;

SystemClock::SystemClock(QObject *parent) : QObject(parent) { }

SystemClock::~SystemClock() = default;

Instant SystemClock::now() const { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); }

Millis SystemClock::monotonic() const { return readClock(CLOCK_MONOTONIC); }

Millis SystemClock::boot() const { return readClock(CLOCK_BOOTTIME); }

Clock::TimerId SystemClock::after(Millis delay, QObject *context, std::function<void()> call)
{
    const TimerId id = ++m_last;
    auto *timer = new QTimer(this);
    timer->setSingleShot(true);
    timer->setTimerType(Qt::PreciseTimer);
    m_timers.insert(id, timer);
    connect(timer, &QTimer::timeout, this, [this, id] {
        if (QTimer *expired = m_timers.take(id))
            expired->deleteLater();
    });
    connect(timer, &QTimer::timeout, context, std::move(call));
    timer->start(std::max(delay, Millis(0)));
    return id;
}

void SystemClock::cancel(TimerId timer)
{
    if (QTimer *pending = m_timers.take(timer)) {
        pending->stop();
        pending->deleteLater();
    }
}

} // namespace engine

#include "moc_Clock.cpp"
