#include "engine/store/Ballast.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace engine {

namespace {

struct BallastText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Ballast)
};

} // namespace

bool Ballast::exists() const { return QFileInfo(m_path).size() >= m_bytes; }

Result<> Ballast::take()
{
    if (exists())
        return {};
    const QByteArray path = QFile::encodeName(m_path);
    const int fd = ::open(path.constData(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return Error{ErrorCode::Io,
                     BallastText::tr("The reserve file %1 cannot be made: %2.").arg(m_path, qt_error_string(errno)),
                     m_path};
    const int error = ::posix_fallocate(fd, 0, m_bytes);
    ::close(fd);
    if (error == 0)
        return {};
    ::unlink(path.constData());
    return Error{ErrorCode::Io,
                 BallastText::tr("There is no room for the reserve file %1 (%2 MiB): %3.")
                     .arg(m_path)
                     .arg(m_bytes / 1024 / 1024)
                     .arg(qt_error_string(error)),
                 m_path};
}

bool Ballast::giveUp() { return QFile::exists(m_path) && QFile::remove(m_path); }

qint64 Ballast::freeBytes() const
{
    struct statvfs fs
    {
    };
    if (::statvfs(QFile::encodeName(QFileInfo(m_path).absolutePath()).constData(), &fs) != 0)
        return 0;
    return qint64(fs.f_bavail) * qint64(fs.f_frsize);
}

} // namespace engine
