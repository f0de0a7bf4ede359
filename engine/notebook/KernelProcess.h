#pragma once

#include <QMap>
#include <QObject>
#include <QProcess>
#include <QStringDecoder>
#include <QStringList>

#include <array>
#include <memory>

class QSocketNotifier;

namespace engine {

struct KernelLaunch
{
    QStringList command; // program with its full path, then arguments
    QMap<QString, QString> env; // the whole environment
    QString folder; // where it starts
    QString token; // marks the process and all it starts
    qint64 memoryLimit = 0; // bytes of data segment; 0 = none
};

// How a kernel ended.
struct KernelExit
{
    int code = 0;
    int signal = 0; // 0 = it ended by itself
    bool outOfMemory = false; // Linux ended a process for want of memory while this one ran
    qint64 peakRss = 0;

    QString text() const; // "was ended by signal 11 (SIGSEGV), a crash in native code"
};

// One kernel as a process: in a group of its own, ended by Linux when this thread ends, without core files, with SIGINT
// ignored until the kernel installs its handler. Its stdout and stderr are pipes of ours. Lives on the engine loop.
class KernelProcess final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KernelProcess)

public:
    enum class Pipe { Output, Error };

    explicit KernelProcess(KernelLaunch launch, QObject *parent = nullptr);
    ~KernelProcess() override; // kills everything that is left, and waits

    void start();
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

    void interrupt(); // SIGINT to the group, and so on
    void terminate();
    void kill();

    void drain(); // takes what is in the pipes now: everything written before a message that has been received
    void sample(); // memory and processor time of the whole tree, for the figures below
    qint64 peakRss() const { return m_peakRss; } // bytes, of the largest process
    double cpuSeconds() const { return m_cpuSeconds; }
    QString errorTail() const; // the last 16 KB of stderr

signals:
    void failedToStart(const QString &reason);
    void printed(engine::KernelProcess::Pipe pipe, const QByteArray &text); // UTF-8
    void ended(const engine::KernelExit &exit);

private:
    struct Stream
    {
        int readEnd = -1;
        int writeEnd = -1;
        QStringDecoder decoder{QStringDecoder::Utf8};
        std::unique_ptr<QSocketNotifier> notifier;
    };

    void signalGroup(int number) const;
    bool openPipes();
    void read(Pipe pipe);
    void onFinished(int code, QProcess::ExitStatus status);

    const KernelLaunch m_launch;
    QProcess m_process;
    std::array<Stream, 2> m_streams; // by Pipe
    qint64 m_group = 0; // also the process's id; 0 = not started
    QByteArray m_errorTail;
    qint64 m_oomKills = 0; // of the machine, when the process started
    qint64 m_peakRss = 0;
    double m_cpuSeconds = 0;
};

// Kills every process that carries the token in its environment, and waits until none is left (2 s at most).
void killProcesses(const QString &token);

// The variable that carries it.
inline constexpr char tokenVariable[] = "SLIPWAY_RUN_TOKEN";

} // namespace engine
