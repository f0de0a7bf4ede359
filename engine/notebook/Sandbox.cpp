#include "engine/notebook/Sandbox.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QMutex>
#include <QProcess>
#include <QStandardPaths>

#include <array>
#include <vector>

namespace engine {

namespace {

constexpr int probeMilliseconds = 10000;

QString translate(const char *text) { return QCoreApplication::translate("engine::Sandbox", text); }

// The system itself, read-only, with namespaces of its own. Interrupts go to the process group, so no new session.
QStringList systemArguments(bool network)
{
    QStringList arguments = {QStringLiteral("--unshare-pid"),
                             QStringLiteral("--unshare-ipc"),
                             QStringLiteral("--unshare-uts"),
                             QStringLiteral("--die-with-parent"),
                             QStringLiteral("--proc"),
                             QStringLiteral("/proc"),
                             QStringLiteral("--dev"),
                             QStringLiteral("/dev")};
    if (!network)
        arguments += QStringLiteral("--unshare-net");
    static const std::array folders = {"/usr", "/etc", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};
    for (const char *folder : folders) {
        const QFileInfo info(QString::fromLatin1(folder));
        if (info.isSymLink())
            arguments += {QStringLiteral("--symlink"), info.symLinkTarget(), info.filePath()};
        else if (info.isDir())
            arguments += {QStringLiteral("--ro-bind"), info.filePath(), info.filePath()};
    }
    static const std::array optional = {
        "/opt", "/sys/devices/system/cpu", "/var/cache/fontconfig", "/var/lib/texmf", "/run/systemd/resolve"};
    for (const char *folder : optional) {
        if (QFileInfo::exists(QString::fromLatin1(folder)))
            arguments += {QStringLiteral("--ro-bind-try"), QString::fromLatin1(folder), QString::fromLatin1(folder)};
    }
    return arguments;
}

SandboxProbe tryProgram(const QString &program)
{
    if (program.isEmpty())
        return {false, translate("The sandbox is switched off in the engine's settings.")};
    const QString path = QStandardPaths::findExecutable(program);
    if (path.isEmpty())
        return {false, translate("The program \"%1\" is not installed (package bubblewrap).").arg(program)};
    QProcess process;
    process.start(path, systemArguments(false) + QStringList{QStringLiteral("/bin/true")});
    if (!process.waitForFinished(probeMilliseconds)) {
        process.kill();
        process.waitForFinished();
        return {false, translate("\"%1\" does not answer.").arg(program)};
    }
    if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return {true, {}};
    const QString said = QString::fromLocal8Bit(process.readAllStandardError()).trimmed();
    return {false,
            translate("This system does not allow \"%1\" to isolate programs (%2).")
                .arg(program, said.isEmpty() ? process.errorString() : said)};
}

bool isAtOrBelow(const QString &path, const QString &folder)
{
    return path == folder || path.startsWith(folder + u'/');
}

} // namespace

SandboxProbe probeSandbox(const QString &program)
{
    // What the system allows does not change while the engine runs, and belongs to the machine, not to an engine.
    static QMutex mutex;
    static QHash<QString, SandboxProbe> known;
    const QMutexLocker lock(&mutex);
    auto found = known.find(program);
    if (found == known.end())
        found = known.insert(program, tryProgram(program));
    return *found;
}

QStringList sandboxCommand(const QString &program, const SandboxLayout &layout, const QStringList &command)
{
    struct Bind
    {
        QString option;
        QString outside;
        QString inside;
    };
    std::vector<Bind> binds;
    for (const QString &folder : layout.readOnly)
        binds.push_back({QStringLiteral("--ro-bind"), folder, folder});
    for (auto folder = layout.writable.begin(); folder != layout.writable.end(); ++folder)
        binds.push_back({QStringLiteral("--bind"), folder.value(), folder.key()});
    // Outer folders first, so that what lies inside them is not covered; writable after read-only at one place.
    std::stable_sort(binds.begin(), binds.end(), [](const Bind &a, const Bind &b) {
        return a.inside.count(u'/') < b.inside.count(u'/');
    });

    QStringList line = {QStandardPaths::findExecutable(program)};
    line += systemArguments(layout.network);
    for (const Bind &bind : binds)
        line += {bind.option, bind.outside, bind.inside};
    line += {QStringLiteral("--chdir"), layout.folder, QStringLiteral("--")};
    return line + command;
}

Result<> checkMountPath(const QString &path)
{
    static const std::array system = {
        "/usr", "/etc", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/dev", "/sys"};
    const auto refused = [&path](const QString &message) {
        return Error{ErrorCode::InvalidInput, message.arg(path), QStringLiteral("mounts/") + path};
    };
    if (!path.startsWith(u'/') || path != QDir::cleanPath(path) || path == u"/")
        return refused(translate("The mount \"%1\" is no absolute path; write it like \"/dbfs/mnt/data\"."));
    for (const char *folder : system) {
        if (isAtOrBelow(path, QString::fromLatin1(folder)))
            return refused(translate("The mount \"%1\" would cover a folder of the system; choose another path."));
    }
    return {};
}

} // namespace engine
