#pragma once

#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace designer {

// Computes `work()` on a thread of the pool and calls `take(result)` on the GUI thread, unless the receiver has gone by
// then. `work` holds all it needs by value. GUI thread.
//
// The result comes home to the application, which outlives the pool's tasks: nobody has to wait for them.
template <typename Work, typename Take> void onPool(QObject *receiver, Work work, Take take)
{
    QThreadPool::globalInstance()->start([home = QCoreApplication::instance(),
                                          receiver = QPointer<QObject>(receiver),
                                          work = std::move(work),
                                          take = std::move(take)]() mutable {
        engine::postTo(home, [receiver = std::move(receiver), take = std::move(take), result = work()]() mutable {
            if (receiver)
                take(result);
        });
    });
}

} // namespace designer
