#pragma once

#include "engine/base/Clock.h"

#include <QPointer>

#include <map>

namespace tests {

// Virtual time: stands still until advance(); timers then run in order, each at its own instant, inside advance().
class FakeClock final : public engine::Clock
{
public:
    explicit FakeClock(engine::Instant start) : m_now(start) { }

    engine::Instant now() const override { return m_now; }
    engine::Millis monotonic() const override { return m_awake; }
    engine::Millis boot() const override { return m_awake + m_suspended; }
    TimerId after(engine::Millis delay, QObject *context, std::function<void()> call) override;
    void cancel(TimerId timer) override;

    void advance(engine::Millis by); // awake time passes
    void suspend(engine::Millis by); // the machine sleeps: wall and boot time pass, no timer fires
    void jumpWall(engine::Millis by); // somebody sets the clock
    std::optional<engine::Millis> untilNext() const; // nothing when no timer is set
    bool hasTimers() const { return !m_timers.empty(); }

private:
    struct Timer
    {
        TimerId id;
        QPointer<QObject> context;
        std::function<void()> call;
    };

    engine::Instant m_now;
    engine::Millis m_awake{0};
    engine::Millis m_suspended{0};
    std::multimap<engine::Millis, Timer> m_timers; // by due awake time
    TimerId m_last = 0;
};

} // namespace tests
