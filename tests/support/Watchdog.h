#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>

namespace tests {

// The application of GUI tests: an event that keeps the GUI thread busy for more than the limit fails the test program.
// What counts is the time of this thread's processor, so that other programs on the machine change nothing; a handler
// that waits instead of working is caught by a much longer limit of real time.
class WatchedApplication final : public QApplication
{
    Q_OBJECT

public:
    WatchedApplication(int &argc, char **argv);

    bool notify(QObject *receiver, QEvent *event) override;
    int slowEvents() const { return m_slow; }
    QString slowest() const { return m_slowest; } // of all events: who, and how long

    // What the test itself does inside is not measured (building a window with 1,000 nodes to look at).
    class Pause
    {
    public:
        Pause();
        ~Pause();
        Pause(const Pause &) = delete;
        Pause &operator=(const Pause &) = delete;

    private:
        double m_busyBefore;
        QElapsedTimer m_wall;
    };

private:
    struct Work;
    void judge(const Work &work, const QString &who, QEvent::Type type);

    Work *m_work = nullptr; // of the event that is being handled
    int m_paused = 0;
    int m_slow = 0;
    double m_longest = 0; // ms
    QString m_slowest;
};

} // namespace tests
