#include "tests/support/Watchdog.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QMetaEnum>

namespace tests {

namespace {

// Sanitizers make everything several times slower.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr double busyLimitMs = 500;
#else
constexpr double busyLimitMs = 50;
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

bool WatchedApplication::notify(QObject *receiver, QEvent *event)
{
    const bool isOutermost = m_depth++ == 0 && m_paused == 0;
    const double before = isOutermost ? threadMs() : 0;
    QElapsedTimer wall;
    wall.start();
    const QEvent::Type type = event->type(); // the receiver may delete itself
    const QString who = isOutermost ? QString::fromLatin1(receiver->metaObject()->className()) : QString();
    const bool handled = QApplication::notify(receiver, event);
    --m_depth;
    if (isOutermost && m_paused == 0) {
        const double busy = threadMs() - before;
        if (busy > busyLimitMs || wall.elapsed() > waitLimitMs) {
            ++m_slow;
            qCritical("WATCHDOG: %s kept the GUI thread busy for %.0f ms (%lld ms passed) in a %s event",
                      qPrintable(who),
                      busy,
                      wall.elapsed(),
                      QMetaEnum::fromType<QEvent::Type>().valueToKey(type));
        }
    }
    return handled;
}

WatchedApplication::Pause::Pause() { ++static_cast<WatchedApplication *>(qApp)->m_paused; }

WatchedApplication::Pause::~Pause() { --static_cast<WatchedApplication *>(qApp)->m_paused; }

} // namespace tests

#include "moc_Watchdog.cpp"
