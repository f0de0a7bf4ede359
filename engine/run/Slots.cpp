#include "engine/run/Slots.h"

#include "engine/base/PostTo.h"

#include <QPointer>

#include <deque>

namespace engine {

struct Slots::State : std::enable_shared_from_this<Slots::State>
{
    struct Waiter
    {
        QPointer<QObject> context;
        std::function<void(Lease)> granted;
    };

    int limit = 1;
    int used = 0;
    QString reason;
    std::deque<Waiter> waiters;

    Lease lease()
    {
        ++used;
        return Lease(this, [state = shared_from_this()](void *) { state->release(); });
    }

    void release()
    {
        --used;
        while (!waiters.empty() && used < limit) {
            const Waiter waiter = std::move(waiters.front());
            waiters.pop_front();
            if (!waiter.context)
                continue;
            // Queued: a lease is released in destructors, where nobody expects the next activity to start.
            postTo(waiter.context, [granted = waiter.granted, lease = lease()] { granted(lease); });
        }
    }
};

Slots::Slots(int limit, QString reason, QObject *parent) : QObject(parent), m_state(std::make_shared<State>())
{
    m_state->limit = std::max(1, limit);
    m_state->reason = std::move(reason);
}

Slots::~Slots() = default;

void Slots::acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting)
{
    if (m_state->used < m_state->limit) {
        granted(m_state->lease());
        return;
    }
    m_state->waiters.push_back({context, std::move(granted)});
    waiting(m_state->reason.arg(m_state->used).arg(m_state->limit));
}

int Slots::inUse() const { return m_state->used; }

int Slots::limit() const { return m_state->limit; }

} // namespace engine

#include "moc_Slots.cpp"
