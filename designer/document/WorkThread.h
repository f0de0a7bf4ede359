#pragma once

#include "engine/base/PostTo.h"

#include <QThread>

#include <memory>

namespace designer {

// A thread that does jobs one after the other, in the order they were given. Its end waits for all of them.
class WorkThread final
{
public:
    explicit WorkThread(const QString &name)
    {
        m_thread.setObjectName(name);
        m_inside.moveToThread(&m_thread);
        m_thread.start();
    }
    ~WorkThread()
    {
        post([this] { m_thread.quit(); });
        m_thread.wait();
    }
    WorkThread(const WorkThread &) = delete;
    WorkThread &operator=(const WorkThread &) = delete;

    template <typename F> void post(F &&job) { engine::postTo(&m_inside, std::forward<F>(job)); }
    QThread &thread() { return m_thread; }

private:
    QThread m_thread;
    QObject m_inside;
};

} // namespace designer
