#include "engine/connectors/files/FileBytes.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace engine;

namespace {

// The context of this file's texts for translators.
struct FileBytesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FileBytes)
};

FileStamp stampFrom(const struct stat &state)
{
    const auto nanoseconds = [](const timespec &time) { return int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec; };
    return {state.st_dev, state.st_ino, state.st_size, nanoseconds(state.st_mtim), nanoseconds(state.st_ctim)};
}

} // namespace

Json engine::toJson(const FileStamp &stamp)
{
    return {{"device", stamp.device},
            {"inode", stamp.inode},
            {"size", stamp.size},
            {"mtime", stamp.modified},
            {"ctime", stamp.changed}};
}

std::optional<FileStamp> engine::stampOf(const QString &path)
{
    struct stat state;
    if (::stat(QFile::encodeName(path).constData(), &state) != 0 || !S_ISREG(state.st_mode))
        return std::nullopt;
    return stampFrom(state);
}

std::optional<FileStamp> engine::stampOf(int descriptor)
{
    struct stat state;
    if (::fstat(descriptor, &state) != 0 || !S_ISREG(state.st_mode))
        return std::nullopt;
    return stampFrom(state);
}

Result<std::unique_ptr<FileBytes>>
FileBytes::open(const QString &path, const QString &displayPath, std::atomic<qint64> &bytesRead)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        const int reason = errno;
        if (reason == ENOENT || reason == ENOTDIR)
            return Error{ErrorCode::NotFound, FileBytesText::tr("There is no file %1.").arg(displayPath), displayPath};
        return Error{ErrorCode::Io,
                     FileBytesText::tr("%1 cannot be opened: %2.").arg(displayPath, qt_error_string(reason)),
                     displayPath};
    }
    if (!stampOf(descriptor)) {
        ::close(descriptor);
        return Error{ErrorCode::InvalidInput,
                     FileBytesText::tr("%1 is not a regular file: name one that is.").arg(displayPath),
                     displayPath};
    }
    return std::make_unique<FileBytes>(descriptor, displayPath, bytesRead);
}

FileBytes::FileBytes(int descriptor, QString displayPath, std::atomic<qint64> &bytesRead)
    : m_descriptor(descriptor)
    , m_displayPath(std::move(displayPath))
    , m_bytesRead(bytesRead)
    , m_stamp(stampOf(descriptor).value_or(FileStamp()))
{
    ::posix_fadvise(m_descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
}

FileBytes::~FileBytes() { ::close(m_descriptor); }

std::optional<FileStamp> FileBytes::stampNow() const { return stampOf(m_descriptor); }

Result<size_t> FileBytes::read(char *to, size_t size)
{
    while (true) {
        const ssize_t got = ::read(m_descriptor, to, size);
        if (got >= 0) {
            m_taken += got;
            m_bytesRead.fetch_add(got, std::memory_order_relaxed);
            return size_t(got);
        }
        if (errno != EINTR)
            return Error{ErrorCode::Io,
                         FileBytesText::tr("Reading %1 failed: %2.").arg(m_displayPath, qt_error_string(errno)),
                         m_displayPath};
    }
}

std::optional<int64_t> FileBytes::seek(int64_t offset, int whence)
{
    const off_t position = ::lseek(m_descriptor, offset, whence);
    return position < 0 ? std::nullopt : std::optional<int64_t>(position);
}
