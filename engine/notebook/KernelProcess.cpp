#include "engine/notebook/KernelProcess.h"

#include "engine/base/Log.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSocketNotifier>
#include <QThread>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace engine {

namespace {

constexpr qsizetype tailLength = 16 * 1024;

QString translate(const char *text) { return QCoreApplication::translate("engine::KernelProcess", text); }

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// "VmHWM:    70000 kB" and the like.
qint64 kilobytesIn(const QByteArray &status, const char *name)
{
    const qsizetype at = status.indexOf(name);
    if (at < 0)
        return 0;
    const qsizetype end = status.indexOf('\n', at);
    QByteArray line = status.mid(at + qsizetype(std::strlen(name)), end - at - qsizetype(std::strlen(name)));
    return line.replace("kB", "").trimmed().toLongLong();
}

qint64 oomKills()
{
    const QByteArray figures = contentOf(QStringLiteral("/proc/vmstat"));
    const qsizetype at = figures.indexOf("\noom_kill ");
    if (at < 0)
        return 0;
    return figures.mid(at + 10, figures.indexOf('\n', at + 1) - at - 10).toLongLong();
}

QString folderOf(qint64 pid) { return QStringLiteral("/proc/%1").arg(pid); }

QList<qint64> treeBelow(qint64 pid)
{
    QList<qint64> tree = {pid};
    for (qsizetype at = 0; at < tree.size() && tree.size() < 1000; ++at) {
        const QString path = folderOf(tree.at(at)) + QStringLiteral("/task/%1/children").arg(tree.at(at));
        const QList<QByteArray> children = contentOf(path).split(' ');
        for (const QByteArray &child : children)
            if (const qint64 id = child.toLongLong(); id > 0)
                tree += id;
    }
    return tree;
}

double cpuSecondsOf(qint64 pid)
{
    const QByteArray stat = contentOf(folderOf(pid) + QStringLiteral("/stat"));
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.size() < 15)
        return 0;
    qint64 ticks = 0;
    for (int field = 11; field <= 14; ++field) // utime, stime, and those of children that have ended
        ticks += fields.at(field).toLongLong();
    return double(ticks) / double(sysconf(_SC_CLK_TCK));
}

void setLimit(__rlimit_resource_t resource, rlim_t value)
{
    const rlimit limit{value, value};
    setrlimit(resource, &limit);
}

} // namespace

QString KernelExit::text() const
{
    const double megabytes = double(peakRss) / (1024 * 1024);
    if (signal == SIGKILL && outOfMemory)
        return translate("was ended by Linux because memory ran out (it used %1 MB at its largest); give the notebook "
                         "less data or the machine more memory")
            .arg(megabytes, 0, 'f', 0);
    if (signal == SIGKILL)
        return translate("was killed (signal 9, SIGKILL; it used %1 MB of memory at its largest)")
            .arg(megabytes, 0, 'f', 0);
    if (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE || signal == SIGABRT)
        return translate("crashed in native code (signal %1, %2)")
            .arg(signal)
            .arg(QStringLiteral("SIG") + QString::fromLatin1(sigabbrev_np(signal)));
    if (signal != 0) {
        const char *name = sigabbrev_np(signal);
        return translate("was ended by signal %1 (%2)")
            .arg(signal)
            .arg(QStringLiteral("SIG") + QString::fromLatin1(name != nullptr ? name : "?"));
    }
    return translate("ended by itself with exit code %1").arg(code);
}

KernelProcess::KernelProcess(KernelLaunch launch, QObject *parent) : QObject(parent), m_launch(std::move(launch))
{
    connect(&m_process, &QProcess::finished, this, &KernelProcess::onFinished);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit failedToStart(translate("The program \"%1\" of the kernel cannot be started: %2.")
                                   .arg(m_launch.command.value(0), m_process.errorString()));
    });
}

KernelProcess::~KernelProcess()
{
    disconnect(&m_process, nullptr, this, nullptr);
    if (isRunning()) {
        kill();
        m_process.waitForFinished(5000);
    }
    if (m_group > 0)
        killProcesses(m_launch.token);
    for (Stream &stream : m_streams) {
        stream.notifier.reset();
        if (stream.readEnd >= 0)
            ::close(stream.readEnd);
        if (stream.writeEnd >= 0)
            ::close(stream.writeEnd);
    }
}

bool KernelProcess::openPipes()
{
    for (const Pipe pipe : {Pipe::Output, Pipe::Error}) {
        Stream &stream = m_streams[size_t(pipe)];
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return false;
        stream.readEnd = ends[0];
        stream.writeEnd = ends[1];
        ::fcntl(stream.readEnd, F_SETFL, O_NONBLOCK);
        stream.notifier = std::make_unique<QSocketNotifier>(stream.readEnd, QSocketNotifier::Read);
        connect(stream.notifier.get(), &QSocketNotifier::activated, this, [this, pipe] { read(pipe); });
    }
    return true;
}

void KernelProcess::start()
{
    if (!openPipes()) {
        emit failedToStart(
            translate("No pipes can be made for the kernel: %1.").arg(QString::fromLocal8Bit(std::strerror(errno))));
        return;
    }
    QProcessEnvironment environment;
    for (auto variable = m_launch.env.begin(); variable != m_launch.env.end(); ++variable)
        environment.insert(variable.key(), variable.value());
    environment.insert(QString::fromLatin1(tokenVariable), m_launch.token);
    m_process.setProcessEnvironment(environment);
    m_process.setWorkingDirectory(m_launch.folder);
    m_process.setProgram(m_launch.command.value(0));
    m_process.setArguments(m_launch.command.mid(1));
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setProcessChannelMode(QProcess::ForwardedChannels); // replaced by our pipes below

    // Runs in the child between fork and exec: only calls that are safe there.
    const pid_t engineProcess = ::getpid();
    m_process.setChildProcessModifier([out = m_streams[0].writeEnd,
                                       error = m_streams[1].writeEnd,
                                       memoryLimit = m_launch.memoryLimit,
                                       engineProcess] {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != engineProcess)
            ::_exit(1); // the engine was gone before the line above
        ::dup2(out, STDOUT_FILENO);
        ::dup2(error, STDERR_FILENO);
        ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
        ::umask(077);
        setLimit(RLIMIT_CORE, 0);
        if (memoryLimit > 0)
            setLimit(RLIMIT_DATA, rlim_t(memoryLimit));
        // bubblewrap would die of the first interrupt; kernels install a handler of their own.
        ::signal(SIGINT, SIG_IGN);
        ::signal(SIGTERM, SIG_DFL);
        ::signal(SIGHUP, SIG_DFL);
        ::signal(SIGPIPE, SIG_DFL);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
    });
    m_oomKills = oomKills();
    m_process.start(QIODevice::ReadOnly);
    m_group = m_process.processId();
    for (Stream &stream : m_streams) {
        ::close(stream.writeEnd);
        stream.writeEnd = -1;
    }
}

void KernelProcess::interrupt() { signalGroup(SIGINT); }

void KernelProcess::terminate() { signalGroup(SIGTERM); }

void KernelProcess::kill() { signalGroup(SIGKILL); }

void KernelProcess::signalGroup(int number) const
{
    if (m_group > 0 && isRunning())
        ::kill(pid_t(-m_group), number);
}

void KernelProcess::drain()
{
    read(Pipe::Output);
    read(Pipe::Error);
}

void KernelProcess::read(Pipe pipe)
{
    Stream &stream = m_streams[size_t(pipe)];
    QByteArray buffer(64 * 1024, Qt::Uninitialized);
    for (int turn = 0; turn < 64 && stream.notifier; ++turn) {
        const ssize_t count = ::read(stream.readEnd, buffer.data(), size_t(buffer.size()));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            return;
        if (count <= 0) { // everybody who could write has ended
            stream.notifier->setEnabled(false);
            stream.notifier.release()->deleteLater();
            return;
        }
        const QString decoded = stream.decoder.decode(QByteArrayView(buffer.constData(), qsizetype(count)));
        const QByteArray text = decoded.toUtf8();
        if (pipe == Pipe::Error) {
            m_errorTail += text;
            if (m_errorTail.size() > 2 * tailLength)
                m_errorTail = m_errorTail.last(tailLength);
        }
        emit printed(pipe, text);
    }
}

QString KernelProcess::errorTail() const
{
    const QByteArray tail = m_errorTail.size() > tailLength ? m_errorTail.last(tailLength) : m_errorTail;
    return QString::fromUtf8(tail).trimmed();
}

void KernelProcess::sample()
{
    if (m_group <= 0 || !isRunning())
        return;
    double seconds = 0;
    const QList<qint64> tree = treeBelow(m_group);
    for (const qint64 pid : tree) {
        const QByteArray status = contentOf(folderOf(pid) + QStringLiteral("/status"));
        m_peakRss = std::max(m_peakRss, kilobytesIn(status, "VmHWM:") * 1024);
        seconds += cpuSecondsOf(pid);
    }
    m_cpuSeconds = std::max(m_cpuSeconds, seconds);
}

void KernelProcess::onFinished(int code, QProcess::ExitStatus status)
{
    drain();
    KernelExit exit;
    if (status == QProcess::CrashExit) {
        exit.signal = code;
    } else {
        exit.code = code;
        if (code > 128 && code < 128 + NSIG) // so a sandbox and a shell report the signal of their child
            exit.signal = code - 128;
    }
    exit.outOfMemory = oomKills() > m_oomKills;
    exit.peakRss = m_peakRss;
    emit ended(exit);
}

void killProcesses(const QString &token)
{
    const QByteArray mark = '\0' + QByteArray(tokenVariable) + '=' + token.toUtf8() + '\0';
    const qint64 self = ::getpid();
    for (int round = 0; round < 400; ++round) {
        bool found = false;
        const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString &entry : entries) {
            const qint64 pid = entry.toLongLong();
            if (pid <= 1 || pid == self)
                continue;
            const QByteArray environment = '\0' + contentOf(folderOf(pid) + QStringLiteral("/environ"));
            if (environment.contains(mark)) {
                found = true;
                ::kill(pid_t(pid), SIGKILL);
            }
        }
        if (!found)
            return;
        QThread::msleep(5);
    }
    qCWarning(logNotebook) << "Processes of a kernel do not end although they were killed.";
}

} // namespace engine

#include "moc_KernelProcess.cpp"
