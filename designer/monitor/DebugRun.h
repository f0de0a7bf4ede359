#pragma once

#include "designer/document/Entity.h"
#include "designer/monitor/RunWatch.h"

#include <memory>

namespace designer {

// The last debug run of a pipeline that is edited: started with the draft as it is in the window, saved or not, then
// watched. GUI thread.
class DebugRun final : public QObject
{
    Q_OBJECT

public:
    explicit DebugRun(Workbench &workbench, QObject *parent = nullptr);

    // `mocks`: outcomes of activities that do not run, by path; `until`: an activity's path, empty = all.
    void
    start(const EntityRef &pipeline, const engine::Json &parameters, const engine::Json &mocks, const QString &until);
    void cancel();
    void forget(); // shows nothing any more; the run goes on

    bool isStarting() const { return m_isStarting; }
    bool isRunning() const; // started and not ended
    const RunWatch *watch() const { return m_watch.get(); } // nullptr: none, or it is being started
    const QString &until() const { return m_until; }
    const QString &error() const { return m_error; } // why it did not start

signals:
    void watchChanged(); // another watch(), or none: the old one is gone
    void changed(); // any of the above, or the run

private:
    Workbench &m_workbench;
    std::unique_ptr<RunWatch> m_watch;
    QString m_until;
    QString m_error;
    int m_request = 0;
    bool m_isStarting = false;
};

} // namespace designer
