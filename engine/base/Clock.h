#pragma once

#include <QHash>
#include <QObject>
#include <QString>

#include <chrono>
#include <functional>
#include <optional>

class QTimer;

namespace engine {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>; // UTC
using Millis = std::chrono::milliseconds;

// ISO 8601 UTC with milliseconds, "2026-01-31T00:00:00.000Z".
QString toIso(Instant instant);
// Reads ISO 8601 with "Z", an offset or neither (then UTC); any number of fractional digits.
std::optional<Instant> instantFromIso(const QString &text);

// All time in the engine comes from here, so that tests can run years in seconds. Lives on the engine loop.
class Clock
{
public:
    using TimerId = quint64; // 0 = none

    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock();

    virtual Instant now() const = 0; // wall clock; may jump
    virtual Millis monotonic() const = 0; // awake time (CLOCK_MONOTONIC); never goes back
    virtual Millis boot() const = 0; // like monotonic, but counts suspended time too

    // Calls `call` once after `delay` of awake time, in the thread of `context`; never when `context` is gone.
    virtual TimerId after(Millis delay, QObject *context, std::function<void()> call) = 0;
    virtual void cancel(TimerId timer) = 0; // unknown and expired ids are ignored
};

class SystemClock final : public QObject, public Clock
{
    Q_OBJECT

public:
    explicit SystemClock(QObject *parent = nullptr);
    ~SystemClock() override;

    Instant now() const override;
    Millis monotonic() const override;
    Millis boot() const override;
    TimerId after(Millis delay, QObject *context, std::function<void()> call) override;
    void cancel(TimerId timer) override;

private:
    QHash<TimerId, QTimer *> m_timers;
    TimerId m_last = 0;
};

} // namespace engine
