#include "engine/store/StoreLock.h"

#include "engine/base/Clock.h"
#include "engine/base/Json.h"
#include "engine/base/Log.h"

#include <QCoreApplication>
#include <QFile>
#include <QStorageInfo>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace engine {

namespace {

struct StoreLockText
{
    Q_DECLARE_TR_FUNCTIONS(engine::StoreLock)
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// When this process started, as the kernel tells it: a process id alone may be used again.
Instant processStart()
{
    const QByteArray stat = contentOf(QStringLiteral("/proc/self/stat"));
    // The name in parentheses may hold anything; the start is the 20th field after it, in ticks since boot.
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    const qint64 ticks = fields.value(19).toLongLong();
    qint64 boot = 0;
    const auto lines = contentOf(QStringLiteral("/proc/stat")).split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("btime "))
            boot = line.mid(6).trimmed().toLongLong();
    }
    return Instant(Millis(boot * 1000 + ticks * 1000 / ::sysconf(_SC_CLK_TCK)));
}

} // namespace

Result<StoreLock> StoreLock::take(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return Error{ErrorCode::Io,
                     StoreLockText::tr("The lock file %1 cannot be opened: %2.").arg(path, qt_error_string(errno)),
                     path};
    StoreLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return Error{ErrorCode::Io,
                         StoreLockText::tr("The lock file %1 cannot be locked: %2.").arg(path, qt_error_string(errno)),
                         path};
        const auto holder = parseJson(contentOf(path), path);
        const qint64 pid = holder ? intAt(*holder, "pid") : 0;
        const QString started = holder ? stringAt(*holder, "started") : QString();
        return Error{ErrorCode::Conflict,
                     StoreLockText::tr("Another engine (process %1, started %2) uses this folder. Stop it, or choose "
                                       "another folder with SLIPWAY_HOME.")
                         .arg(pid)
                         .arg(started),
                     path};
    }
    const QByteArray holder =
        toCompact(Json{{"pid", qint64(::getpid())}, {"started", toStdString(toIso(processStart()))}});
    // Without room for it the lock still holds; only the name of its holder is missing then.
    if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, holder.constData(), size_t(holder.size()), 0) != holder.size())
        qCWarning(
            logStore, "The holder of %s cannot be noted: %s", qPrintable(path), qPrintable(qt_error_string(errno)));
    return lock;
}

StoreLock::StoreLock(StoreLock &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) { }

StoreLock::~StoreLock()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

bool isNetworkFileSystem(const QByteArray &type)
{
    static constexpr std::array<QByteArrayView, 20> network = {
        "nfs",         "nfs4",      "cifs",      "smb3",           "smbfs",           "ncpfs",      "afs",
        "9p",          "ceph",      "lustre",    "glusterfs",      "davfs",           "coda",       "fuse.sshfs",
        "fuse.rclone", "fuse.s3fs", "fuse.ceph", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.davfs2"};
    return std::ranges::find(network, QByteArrayView(type)) != network.end();
}

QString networkFileSystem(const QString &folder)
{
    struct statfs fs
    {
    };
    if (::statfs(QFile::encodeName(folder).constData(), &fs) == 0) {
        switch (quint32(fs.f_type)) {
        case 0x6969:
            return QStringLiteral("nfs");
        case 0xff534d42:
        case 0x517b:
            return QStringLiteral("cifs");
        case 0xfe534d42:
            return QStringLiteral("smb3");
        case 0x01021997:
            return QStringLiteral("9p");
        case 0x00c36400:
            return QStringLiteral("ceph");
        case 0x5346414f:
            return QStringLiteral("afs");
        case 0x0bd00bd0:
            return QStringLiteral("lustre");
        default:
            break;
        }
    }
    // FUSE has one number for all: the mount table tells sshfs from a local disk.
    const QByteArray type = QStorageInfo(folder).fileSystemType();
    return isNetworkFileSystem(type) ? QString::fromUtf8(type) : QString();
}

} // namespace engine
