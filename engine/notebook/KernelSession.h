#pragma once

#include "engine/notebook/KernelChannels.h"
#include "engine/notebook/KernelProcess.h"
#include "engine/notebook/NotebookJob.h"
#include "engine/notebook/Sandbox.h"

#include <optional>

namespace engine {

// Everything that decides how a kernel is started.
struct KernelSetup
{
    KernelSpec spec;
    QStringList command; // of the kernel itself
    QMap<QString, QString> env;
    std::optional<SandboxLayout> sandbox; // none = no isolation
    QString sandboxProgram;
    qint64 memoryLimit = 0;
    bool mayAsk = false; // cells may send input_request
};

// One kernel with its process and its sockets, from start to end. Lives on the engine loop.
class KernelSession final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KernelSession)

public:
    KernelSession(KernelSetup setup,
                  const RunFolder &folder,
                  const KernelConnection &connection,
                  Clock &clock,
                  QObject *parent = nullptr);
    ~KernelSession() override; // kills the process group and waits for it

    void start(Millis timeout);
    QString execute(const QString &code); // id of the request
    void answer(const JupyterMessage &question, const QString &value); // of an input_request
    QString interrupt(); // by signal or by message, as the kernelspec says
    void terminate() { m_process.terminate(); }
    void kill() { m_process.kill(); }
    void shutdown(); // asks, and kills what is still there after the grace time; then ended()

    KernelProcess &process() { return m_process; }
    bool isEnded() const { return m_stage == Stage::Ended; }

signals:
    void ready(const QJsonObject &kernelInfo);
    void startFailed(const QString &reason); // instead of ready(); nothing follows
    void received(const engine::JupyterMessage &message);
    void printed(engine::KernelProcess::Pipe pipe, const QByteArray &text);
    void ended(const engine::KernelExit &exit); // after ready(); what the kernel sent before has been received

private:
    enum class Stage { Idle, Starting, Ready, Stopping, Ended };

    void askForInfo();
    void onReceived(const JupyterMessage &message);
    void onEnded(const KernelExit &exit);
    void failStart(const QString &reason);
    void end(const KernelExit &exit);

    const KernelSetup m_setup;
    Clock &m_clock;
    KernelProcess m_process;
    KernelChannels m_channels;
    Stage m_stage = Stage::Idle;
    QStringList m_infoRequests;
    std::optional<QJsonObject> m_info;
    bool m_hearsIopub = false;
};

} // namespace engine
