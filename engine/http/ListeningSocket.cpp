#include "engine/http/ListeningSocket.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace engine {

namespace {

struct ListeningSocketText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ListeningSocket)
};

constexpr int kind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

} // namespace

Result<int> listenOnUnixSocket(const QString &path, struct stat *file)
{
    const QByteArray name = QFile::encodeName(path);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.isEmpty() || size_t(name.size()) >= sizeof address.sun_path)
        return Error{
            ErrorCode::InvalidInput,
            ListeningSocketText::tr("No socket can be made at %1: the path may have at most %2 bytes. Choose a "
                                    "shorter folder.")
                .arg(path)
                .arg(sizeof address.sun_path - 1),
            path};
    std::copy(name.begin(), name.end(), address.sun_path);
    const auto *generic = reinterpret_cast<const sockaddr *>(&address);

    struct stat known
    {
    };
    if (::lstat(name.constData(), &known) == 0) {
        const int probe = ::socket(AF_UNIX, kind, 0);
        const bool isStale =
            S_ISSOCK(known.st_mode) && ::connect(probe, generic, sizeof address) != 0 && errno == ECONNREFUSED;
        ::close(probe);
        if (!isStale)
            return Error{
                ErrorCode::Conflict,
                ListeningSocketText::tr("Another engine answers at %1, or another file is in the way there.").arg(path),
                path};
        ::unlink(name.constData());
    }
    const int fd = ::socket(AF_UNIX, kind, 0);
    // The rights are set before the name exists: nobody else can connect in between.
    if (fd < 0 || ::fchmod(fd, 0600) != 0 || ::bind(fd, generic, sizeof address) != 0
        || ::chmod(name.constData(), 0600) != 0 || ::listen(fd, SOMAXCONN) != 0
        || ::lstat(name.constData(), file) != 0) {
        const int error = errno;
        ::close(fd);
        return Error{ErrorCode::Io,
                     ListeningSocketText::tr("No socket can be made at %1: %2.").arg(path, qt_error_string(error)),
                     path};
    }
    return fd;
}

Result<int> listenOnLoopback(quint16 *port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto *const generic = reinterpret_cast<sockaddr *>(&address);
    socklen_t size = sizeof address;
    const int fd = ::socket(AF_INET, kind, 0);
    if (fd < 0 || ::bind(fd, generic, size) != 0 || ::listen(fd, SOMAXCONN) != 0
        || ::getsockname(fd, generic, &size) != 0) {
        const int error = errno;
        ::close(fd);
        return Error{
            ErrorCode::Io,
            ListeningSocketText::tr("No port of 127.0.0.1 can be listened at: %1.").arg(qt_error_string(error)),
            QStringLiteral("127.0.0.1")};
    }
    *port = ntohs(address.sin_port);
    return fd;
}

} // namespace engine
