#include "tests/support/Watchdog.h"

#include <QEvent>
#include <QMetaEnum>
#include <QThread>

#include <ctime>
#include <utility>

namespace tests {

namespace {

// Processor time of one event. It is no measure of speed, that is the bench's: builds that are not optimised take about
// four times as long, on a host that others share twice that, and sanitizers slow down everything several times. What
// it finds is work that does not belong into this thread.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr double busyLimitMs = 500;
#elif defined(__OPTIMIZE__)
constexpr double busyLimitMs = 50;
#else
constexpr double busyLimitMs = 150;
#endif
constexpr qint64 waitLimitMs = 2000;

double threadMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1000 + double(time.tv_nsec) / 1e6;
}

} // namespace

WatchedApplication::WatchedApplication(int &argc, char **argv) : QApplication(argc, argv) { }

// Work of one event: until it ends, or until it opens an event loop of its own (a dialog, a menu, a drag), whose events
// count for themselves; what comes after that loop is work again.
struct WatchedApplication::Work
{
    Work *const outer;
    const int loopLevel;
    double since = threadMs();
    QElapsedTimer wall = {};
    qint64 pausedMs = 0; // of wall
    bool hasLoop = false;
};

bool WatchedApplication::notify(QObject *receiver, QEvent *event)
{
    const int loopLevel = thread()->loopLevel();
    if (m_paused > 0 || QThread::currentThread() != thread() || (m_work != nullptr && m_work->loopLevel >= loopLevel))
        return QApplication::notify(receiver, event);
    const QEvent::Type type = event->type(); // the receiver may delete itself
    const QString who = QString::fromLatin1(receiver->metaObject()->className()) + u' ' + receiver->objectName();
    if (m_work != nullptr && !std::exchange(m_work->hasLoop, true))
        judge(*m_work, QStringLiteral("before its event loop"), QEvent::None);
    Work work{m_work, loopLevel};
    work.wall.start();
    m_work = &work;
    const bool handled = QApplication::notify(receiver, event);
    m_work = work.outer;
    judge(work, who, type);
    if (m_work != nullptr)
        m_work->since = threadMs();
    return handled;
}

void WatchedApplication::judge(const Work &work, const QString &who, QEvent::Type type)
{
    const double busy = threadMs() - work.since;
    const qint64 passed = work.hasLoop ? 0 : work.wall.elapsed() - work.pausedMs;
    if (m_paused == 0 && busy > m_longest) {
        m_longest = busy;
        m_slowest = QStringLiteral("%1 %2: %3 ms")
                        .arg(who, QLatin1String(QMetaEnum::fromType<QEvent::Type>().valueToKey(type)))
                        .arg(busy, 0, 'f', 1);
    }
    if (m_paused > 0 || (busy <= busyLimitMs && passed <= waitLimitMs))
        return;
    ++m_slow;
    qCritical("WATCHDOG: %s kept the GUI thread busy for %.0f ms (%lld ms passed) in a %s event",
              qPrintable(who),
              busy,
              passed,
              QMetaEnum::fromType<QEvent::Type>().valueToKey(type));
}

WatchedApplication::Pause::Pause() : m_busyBefore(threadMs())
{
    m_wall.start();
    ++static_cast<WatchedApplication *>(qApp)->m_paused;
}

WatchedApplication::Pause::~Pause()
{
    auto *const application = static_cast<WatchedApplication *>(qApp);
    if (--application->m_paused > 0 || application->m_work == nullptr)
        return;
    application->m_work->since += threadMs() - m_busyBefore;
    application->m_work->pausedMs += m_wall.elapsed();
}

} // namespace tests

#include "moc_Watchdog.cpp"
