#pragma once

#include <QMetaObject>
#include <QObject>

#include <utility>

namespace engine {

// The only way home from another thread: `call` runs later, in the thread of `context`, and not at all when it is gone.
template <typename F> void postTo(QObject *context, F &&call)
{
    QMetaObject::invokeMethod(context, std::forward<F>(call), Qt::QueuedConnection);
}

} // namespace engine
