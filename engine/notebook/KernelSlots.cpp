#include "engine/notebook/KernelSlots.h"

#include "engine/base/PostTo.h"

namespace engine {

KernelSlots::KernelSlots(int limit, QObject *parent) : QObject(parent), m_limit(std::max(1, limit)) { }

KernelSlots::~KernelSlots() = default;

void KernelSlots::acquire(QObject *context,
                          std::function<void(Token token)> granted,
                          std::function<void(QString reason)> waiting)
{
    m_queue.push_back({context, std::move(granted), waiting});
    const bool mustWait = m_inUse >= m_limit;
    grantNext();
    if (mustWait && waiting)
        postTo(context, [waiting, text = reason()] { waiting(text); });
}

void KernelSlots::setLimit(int limit)
{
    if (limit == m_limit)
        return;
    m_limit = std::max(1, limit);
    grantNext();
    for (const Request &request : m_queue) {
        if (request.context && request.waiting)
            postTo(request.context, [waiting = request.waiting, text = reason()] { waiting(text); });
    }
}

int KernelSlots::waiting() const
{
    return int(std::count_if(m_queue.begin(), m_queue.end(), [](const Request &request) { return request.context; }));
}

void KernelSlots::grantNext()
{
    while (m_inUse < m_limit && !m_queue.empty()) {
        Request request = std::move(m_queue.front());
        m_queue.pop_front();
        if (!request.context)
            continue;
        ++m_inUse;
        // The token frees its place wherever it dies, also inside a call that is never made.
        Token token(this, [kernels = QPointer<KernelSlots>(this)](void *) {
            if (!kernels)
                return;
            --kernels->m_inUse;
            kernels->grantNext();
        });
        postTo(request.context, [granted = std::move(request.granted), token = std::move(token)]() mutable {
            granted(std::exchange(token, {}));
        });
    }
}

QString KernelSlots::reason() const
{
    return tr("waiting for a free kernel (%1 of %2 in use)").arg(m_inUse).arg(m_limit);
}

} // namespace engine

#include "moc_KernelSlots.cpp"
