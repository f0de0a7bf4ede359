#include "engine/store/ArtifactStore.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QUuid>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

namespace engine {

namespace {

struct ArtifactText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ArtifactStore)
};

constexpr qsizetype portion = 256 * 1024;

bool isArtifactName(const QString &hash)
{
    return hash.size() == 64
        && std::ranges::all_of(hash, [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
}

Error cannotWrite(const QString &path, int error)
{
    return {ErrorCode::Io, ArtifactText::tr("%1 cannot be written: %2.").arg(path, qt_error_string(error)), path};
}

Result<> makeDurable(const QString &folder)
{
    const int fd = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const int error = errno;
    if (fd >= 0)
        ::close(fd);
    return synced ? Result<>() : cannotWrite(folder, error);
}

// A file that is gone again unless it was moved to its place.
class UnfinishedArtifact
{
public:
    explicit UnfinishedArtifact(QString path)
        : m_path(std::move(path))
        , m_fd(
              ::open(QFile::encodeName(m_path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600))
        , m_error(m_fd < 0 ? errno : 0)
    {
    }
    UnfinishedArtifact(const UnfinishedArtifact &) = delete;
    UnfinishedArtifact &operator=(const UnfinishedArtifact &) = delete;
    ~UnfinishedArtifact()
    {
        if (m_fd < 0)
            return;
        ::close(m_fd);
        if (!m_moved)
            ::unlink(QFile::encodeName(m_path).constData());
    }

    bool write(QByteArrayView bytes)
    {
        while (m_error == 0 && !bytes.isEmpty()) {
            const ssize_t written = ::write(m_fd, bytes.data(), size_t(bytes.size()));
            if (written >= 0)
                bytes = bytes.sliced(written);
            else if (errno != EINTR)
                m_error = errno;
        }
        return m_error == 0;
    }

    bool moveTo(const QString &path)
    {
        if (m_error == 0 && ::fsync(m_fd) != 0)
            m_error = errno;
        if (m_error == 0 && ::rename(QFile::encodeName(m_path).constData(), QFile::encodeName(path).constData()) != 0)
            m_error = errno;
        m_moved = m_error == 0;
        return m_moved;
    }

    Error error() const { return cannotWrite(m_path, m_error); }

private:
    QString m_path;
    int m_fd;
    int m_error;
    bool m_moved = false;
};

QString hexOf(const QCryptographicHash &hash) { return QString::fromLatin1(hash.result().toHex()); }

} // namespace

ArtifactStore::ArtifactStore(QString folder) : m_folder(QDir(folder).absolutePath()) { QDir().mkpath(m_folder); }

QString ArtifactStore::path(const QString &hash) const { return m_folder + u'/' + hash.left(2) + u'/' + hash; }

bool ArtifactStore::contains(const QString &hash) const { return isArtifactName(hash) && QFile::exists(path(hash)); }

namespace {

// `read` gives the next portion, or an empty one at the end.
Result<QString>
store(const ArtifactStore &artifacts, const QString &folder, const std::function<Result<QByteArray>()> &read)
{
    if (!QDir().mkpath(folder))
        return cannotWrite(folder, errno);
    UnfinishedArtifact file(folder + u"/tmp-" + QUuid::createUuid().toString(QUuid::WithoutBraces));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    qint64 size = 0;
    while (true) {
        const auto bytes = read();
        if (!bytes)
            return bytes.error();
        if (bytes->isEmpty())
            break;
        hash.addData(*bytes);
        size += bytes->size();
        if (!file.write(*bytes))
            return file.error();
    }
    const QString name = hexOf(hash);
    const QString target = artifacts.path(name);
    // A file of another length under this name was damaged since: it is replaced by the sound one.
    if (QFileInfo(target).isFile() && QFileInfo(target).size() == size)
        return name;
    const QString place = QFileInfo(target).absolutePath();
    const bool isNewPlace = !QFileInfo::exists(place);
    if (!QDir().mkpath(place))
        return cannotWrite(place, errno);
    if (!file.moveTo(target))
        return file.error();
    if (auto durable = makeDurable(place); !durable)
        return durable.error();
    if (isNewPlace) {
        if (auto durable = makeDurable(folder); !durable)
            return durable.error();
    }
    return name;
}

} // namespace

Result<QString> ArtifactStore::put(const QByteArray &content) const
{
    // What is there already need not be written to be recognised.
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(content);
    const QString name = hexOf(hash);
    if (contains(name) && QFileInfo(path(name)).size() == content.size())
        return name;
    bool given = false;
    return store(*this, m_folder, [&content, &given]() -> Result<QByteArray> {
        return std::exchange(given, true) ? QByteArray() : content;
    });
}

Result<QString> ArtifactStore::putFile(const QString &source) const
{
    QFile file(source);
    if (!file.open(QIODevice::ReadOnly))
        return Error{file.exists() ? ErrorCode::Io : ErrorCode::NotFound,
                     ArtifactText::tr("%1 cannot be read: %2.").arg(source, file.errorString()),
                     source};
    return store(*this, m_folder, [&file, &source]() -> Result<QByteArray> {
        const QByteArray bytes = file.read(portion);
        if (bytes.isEmpty() && file.error() != QFile::NoError)
            return Error{
                ErrorCode::Io, ArtifactText::tr("%1 cannot be read: %2.").arg(source, file.errorString()), source};
        return bytes;
    });
}

Result<QByteArray> ArtifactStore::get(const QString &hash) const
{
    if (!contains(hash))
        return Error{ErrorCode::NotFound, ArtifactText::tr("There is no artifact %1.").arg(hash), hash};
    QFile file(path(hash));
    if (!file.open(QIODevice::ReadOnly))
        return Error{
            ErrorCode::Io, ArtifactText::tr("%1 cannot be read: %2.").arg(file.fileName(), file.errorString()), hash};
    const QByteArray content = file.readAll();
    const QByteArray actual = QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
    if (file.error() != QFile::NoError || actual != hash.toLatin1())
        return Error{ErrorCode::Io,
                     ArtifactText::tr("The artifact %1 is damaged: its content does not match its name. Restore it "
                                      "from a backup, or publish or run again what made it.")
                         .arg(file.fileName()),
                     hash};
    return content;
}

} // namespace engine
