#include "designer/document/WindowLock.h"

#include "engine/base/Places.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace designer {

WindowLock::~WindowLock()
{
    if (m_descriptor < 0)
        return;
    // Emptied, not removed: another window may have it open already, and would hold the lock of a file that is gone.
    [[maybe_unused]] const int emptied = ::ftruncate(m_descriptor, 0);
    ::close(m_descriptor);
}

QString WindowLock::file() const
{
    const QString canonical = QFileInfo(m_folder).canonicalFilePath();
    const QByteArray hash = QCryptographicHash::hash(canonical.toUtf8(), QCryptographicHash::Sha256).toHex().first(16);
    return engine::Places::standard().runtime + QStringLiteral("/window-%1.lock").arg(QString::fromLatin1(hash));
}

bool WindowLock::take()
{
    if (m_descriptor >= 0)
        return true;
    const QString path = file();
    const QString folder = QFileInfo(path).path();
    const bool isThere = QFileInfo::exists(QFileInfo(QFileInfo(folder).path()).path()); // the factory; else it moved
    if (isThere && !QFileInfo::exists(folder)) {
        QDir().mkpath(folder);
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    const int descriptor = ::open(QFile::encodeName(path).constData(), flags, 0600);
    if (descriptor < 0)
        return true;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const bool isHeld = errno == EWOULDBLOCK;
        ::close(descriptor);
        return !isHeld;
    }
    const QByteArray process = QByteArray::number(QCoreApplication::applicationPid());
    if (::ftruncate(descriptor, 0) != 0 || ::write(descriptor, process.constData(), size_t(process.size())) < 0)
        errno = 0; // only the message of others knows less
    m_descriptor = descriptor;
    return true;
}

qint64 WindowLock::holder() const
{
    QFile lock(file());
    return lock.open(QIODevice::ReadOnly) ? lock.read(20).trimmed().toLongLong() : 0;
}

} // namespace designer
