#include "tests/support/FakeClock.h"

#include <QCoreApplication>

using namespace engine;

namespace tests {

Clock::TimerId FakeClock::after(Millis delay, QObject *context, std::function<void()> call)
{
    m_timers.emplace(m_awake + std::max(delay, Millis(0)), Timer{++m_last, context, std::move(call)});
    return m_last;
}

void FakeClock::cancel(TimerId timer)
{
    std::erase_if(m_timers, [timer](const auto &entry) { return entry.second.id == timer; });
}

void FakeClock::advance(Millis by)
{
    const Millis target = m_awake + by;
    QCoreApplication::processEvents();
    while (!m_timers.empty() && m_timers.begin()->first <= target) {
        auto node = m_timers.extract(m_timers.begin());
        m_now += node.key() - m_awake;
        m_awake = node.key();
        if (node.mapped().context)
            node.mapped().call();
        QCoreApplication::processEvents();
    }
    m_now += target - m_awake;
    m_awake = target;
}

std::optional<Millis> FakeClock::untilNext() const
{
    return m_timers.empty() ? std::nullopt : std::optional(m_timers.begin()->first - m_awake);
}

void FakeClock::suspend(Millis by)
{
    m_now += by;
    m_suspended += by;
}

void FakeClock::jumpWall(Millis by) { m_now += by; }

} // namespace tests
