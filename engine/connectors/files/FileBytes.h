#pragma once

#include "engine/base/Json.h"
#include "engine/connectors/files/ByteStream.h"

#include <QString>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace engine {

// What tells one state of a file from another.
struct FileStamp
{
    uint64_t device = 0;
    uint64_t inode = 0;
    int64_t size = 0;
    int64_t modified = 0; // ns since 1970
    int64_t changed = 0; // ns since 1970; of the inode, so that a restored mtime does not hide a change
    bool operator==(const FileStamp &) const = default;
};

Json toJson(const FileStamp &stamp);
std::optional<FileStamp> stampOf(const QString &path); // nullopt: not there or no regular file
std::optional<FileStamp> stampOf(int descriptor);

// A regular file as it is stored.
class FileBytes final : public ByteStream
{
public:
    // Never waits for a writer: a named pipe is refused, as is everything else that is no regular file. `bytesRead` is
    // counted up as the file is read, and lives longer. Errors: NotFound, Io, InvalidInput.
    static Result<std::unique_ptr<FileBytes>>
    open(const QString &path, const QString &displayPath, std::atomic<qint64> &bytesRead);
    // Takes the descriptor of a regular file.
    FileBytes(int descriptor, QString displayPath, std::atomic<qint64> &bytesRead);
    ~FileBytes() override;
    Q_DISABLE_COPY_MOVE(FileBytes)

    const FileStamp &stamp() const { return m_stamp; } // when it was opened
    std::optional<FileStamp> stampNow() const; // of the open file, whatever its path leads to now
    int64_t taken() const { return m_taken; } // bytes read so far
    int descriptor() const { return m_descriptor; } // ours; for libraries that read by themselves

    Result<size_t> read(char *to, size_t size) override;
    std::optional<int64_t> seek(int64_t offset, int whence) override;

private:
    int m_descriptor;
    QString m_displayPath;
    std::atomic<qint64> &m_bytesRead;
    FileStamp m_stamp;
    int64_t m_taken = 0;
};

} // namespace engine
