#include "engine/notebook/RunFolder.h"

#include "engine/notebook/KernelProcess.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QUuid>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace engine {

namespace {

// sun_path holds 108 bytes with its end mark; "/k-1" and zmq's own prefix must still fit.
constexpr qsizetype longestFolder = 96;

QString translate(const char *text) { return QCoreApplication::translate("engine::RunFolder", text); }

Error folderError(const QString &message, const QString &path)
{
    return {ErrorCode::Io, message.arg(path, QString::fromLocal8Bit(std::strerror(errno))), path};
}

QByteArray randomBytes(int count)
{
    QByteArray bytes(count, '\0');
    for (char &byte : bytes)
        byte = char(QRandomGenerator::system()->bounded(256));
    return bytes;
}

} // namespace

QString KernelConnection::endpoint(int port) const { return QStringLiteral("ipc://%1-%2").arg(prefix).arg(port); }

QByteArray KernelConnection::fileContent() const
{
    return toPretty(Json{{"transport", "ipc"},
                         {"ip", toStdString(prefix)},
                         {"shell_port", 1},
                         {"iopub_port", 2},
                         {"stdin_port", 3},
                         {"control_port", 4},
                         {"hb_port", 5},
                         {"key", key.toStdString()},
                         {"signature_scheme", "hmac-sha256"},
                         {"kernel_name", toStdString(kernelName)}});
}

RunFolder::RunFolder(QString path)
    : m_path(std::move(path))
    , m_token(QUuid::createUuid().toString(QUuid::WithoutBraces))
{
}

RunFolder::~RunFolder() { QDir(m_path).removeRecursively(); }

Result<std::unique_ptr<RunFolder>> RunFolder::make(const QString &runtimeFolder)
{
    if (!QDir().mkpath(runtimeFolder))
        return folderError(translate("The runtime folder \"%1\" cannot be made: %2."), runtimeFolder);
    const QByteArray base = QFile::encodeName(runtimeFolder);
    if (base.size() + 9 > longestFolder)
        return Error{ErrorCode::InvalidInput,
                     translate("The runtime folder \"%1\" has too long a name for sockets (%2 bytes, at most %3); set "
                               "XDG_RUNTIME_DIR to a shorter one.")
                         .arg(runtimeFolder)
                         .arg(base.size())
                         .arg(longestFolder - 9),
                     runtimeFolder};
    for (int attempt = 0; attempt < 100; ++attempt) {
        const QString path = runtimeFolder + u'/' + QString::fromLatin1(randomBytes(4).toHex());
        if (::mkdir(QFile::encodeName(path).constData(), 0700) != 0) {
            if (errno == EEXIST)
                continue;
            return folderError(translate("A folder for the notebook's run cannot be made at \"%1\": %2."), path);
        }
        std::unique_ptr<RunFolder> folder(new RunFolder(path));
        const std::array inside = {folder->work(), folder->home(), folder->temporary()};
        for (const QString &part : inside) {
            if (::mkdir(QFile::encodeName(part).constData(), 0700) != 0)
                return folderError(translate("A folder for the notebook's run cannot be made at \"%1\": %2."), part);
        }
        if (Result<> written = folder->write(QStringLiteral("token"), folder->token().toUtf8()); !written)
            return written.error();
        return folder;
    }
    return folderError(translate("No free name for a folder was found below \"%1\": %2."), runtimeFolder);
}

QString RunFolder::work() const { return m_path + QStringLiteral("/work"); }

QString RunFolder::home() const { return m_path + QStringLiteral("/home"); }

QString RunFolder::temporary() const { return m_path + QStringLiteral("/tmp"); }

Result<KernelConnection> RunFolder::writeConnection(const QString &kernelName) const
{
    KernelConnection connection{m_path + QStringLiteral("/k"), randomBytes(32).toHex(), kernelName};
    if (Result<> written = write(QStringLiteral("connection.json"), connection.fileContent()); !written)
        return written.error();
    return connection;
}

Result<> RunFolder::write(const QString &name, const QByteArray &content) const
{
    const QString path = m_path + u'/' + name;
    const int fd =
        ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return folderError(translate("The file \"%1\" cannot be made: %2."), path);
    QFile file;
    const bool ok = file.open(fd, QIODevice::WriteOnly, QFileDevice::AutoCloseHandle)
        && file.write(content) == content.size() && file.flush();
    if (!ok)
        return Error{
            ErrorCode::Io, translate("The file \"%1\" cannot be written: %2.").arg(path, file.errorString()), path};
    return {};
}

std::optional<QByteArray> RunFolder::read(const QString &name, qint64 limit) const
{
    // The kernel owns this folder too, so what lies there need not be what was agreed.
    const int fd =
        ::open(QFile::encodeName(m_path + u'/' + name).constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return std::nullopt;
    QFile file;
    struct stat status
    {
    };
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > limit) {
        ::close(fd);
        return std::nullopt;
    }
    if (!file.open(fd, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
        return std::nullopt;
    return file.read(limit);
}

int removeStaleRuns(const QString &runtimeFolder)
{
    static const QRegularExpression runName(QStringLiteral("^[0-9a-f]{8}$"));
    int removed = 0;
    const QStringList names = QDir(runtimeFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks);
    for (const QString &name : names) {
        if (!runName.match(name).hasMatch())
            continue;
        const QString path = runtimeFolder + u'/' + name;
        QFile file(path + QStringLiteral("/token"));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        if (const QByteArray token = file.read(100); !token.isEmpty())
            killProcesses(QString::fromUtf8(token));
        if (QDir(path).removeRecursively())
            ++removed;
    }
    return removed;
}

} // namespace engine
