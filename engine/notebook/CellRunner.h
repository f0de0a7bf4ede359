#pragma once

#include "engine/notebook/JupyterMessage.h"
#include "engine/notebook/KernelProcess.h"

#include "engine/base/Clock.h"

#include <QStringList>

#include <optional>

namespace engine {

class KernelSession;

// What is known of one cell when it has ended.
struct CellResult
{
    enum class End { Ok, Error, Exit, KernelDied } end = End::KernelDied; // Exit: the notebook ended itself, well
    std::optional<int> executionCount;
    QString ename;
    QString evalue;
    QStringList traceback; // as the kernel sent it
    KernelExit exit; // of KernelDied
    QString warning; // "output may be incomplete"
    QMap<QString, Instant> times; // nbformat's "execution" metadata
};

// Runs one cell at a time in a kernel and knows when it is done: when its reply and the kernel's "idle" are both here,
// in either order. Lives on the engine loop.
class CellRunner final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CellRunner)

public:
    CellRunner(KernelSession &session, Clock &clock, Millis interruptStep, QObject *parent = nullptr);

    QString run(const QString &code); // id of the request, by which its outputs are known
    bool isRunning() const { return !m_request.isEmpty(); }

    // Interrupt at once, again after one step, SIGTERM after two, SIGKILL after three; ends when the cell does.
    void stop();

    void handle(const JupyterMessage &message); // what is not about the running cell is ignored
    void kernelEnded(const KernelExit &exit);

signals:
    void finished(const engine::CellResult &result);

private:
    void onReply(const JupyterMessage &message);
    void checkSilence();
    void escalate(int step);
    void finish();

    KernelSession &m_session;
    Clock &m_clock;
    const Millis m_interruptStep;
    QString m_request; // empty = none runs
    bool m_hasStarted = false; // the kernel has taken the cell: from here on an interrupt reaches it
    bool m_hasReply = false;
    bool m_isIdle = false;
    bool m_stopping = false;
    bool m_stopWaits = false; // for m_hasStarted
    Millis m_lastHeard{0};
    Clock::TimerId m_silenceTimer = 0;
    Clock::TimerId m_stopTimer = 0;
    CellResult m_result;
};

} // namespace engine
