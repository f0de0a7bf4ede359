#pragma once

#include <QMetaObject>
#include <QObject>

#ifdef __SANITIZE_THREAD__
#include <mutex>
#endif
#include <utility>

namespace engine {

#ifdef __SANITIZE_THREAD__
// Debian's Qt is not instrumented: ThreadSanitizer does not see that its event queue orders the thread that posts and
// the one that is called, and reports what a call captured as a race now and then. A lock held while posting, and taken
// by the call before it touches anything, shows that order.
inline std::recursive_mutex &postOrder()
{
    static auto *const order = new std::recursive_mutex; // outlives every thread
    return *order;
}

template <typename F> class OrderedCall
{
public:
    explicit OrderedCall(F call) : m_call(std::move(call)) { }
    OrderedCall(OrderedCall &&) = default;
    OrderedCall(const OrderedCall &) = default;
    ~OrderedCall() { seeOrder(); } // also of a call whose context went away first
    void operator()()
    {
        seeOrder();
        m_call();
    }

private:
    static void seeOrder() { const std::lock_guard lock(postOrder()); }

    F m_call;
};
#endif

// The only way home from another thread: `call` runs later, in the thread of `context`, and not at all when it is gone.
template <typename F> void postTo(QObject *context, F &&call)
{
#ifdef __SANITIZE_THREAD__
    OrderedCall<std::decay_t<F>> ordered(std::forward<F>(call));
    const std::lock_guard lock(postOrder());
    QMetaObject::invokeMethod(context, std::move(ordered), Qt::QueuedConnection);
#else
    QMetaObject::invokeMethod(context, std::forward<F>(call), Qt::QueuedConnection);
#endif
}

} // namespace engine
