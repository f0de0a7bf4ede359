#pragma once

#include "engine/connectors/files/DelimitedText.h"
#include "engine/connectors/files/FileBytes.h"

#include <QString>

#include <limits>
#include <memory>
#include <optional>

namespace engine {

class Archive;

// What unpacking may make of a file at most, so that a small one cannot fill the machine.
struct UnpackingBounds
{
    int64_t ratio = 200; // of unpacked to packed bytes …
    int64_t free = int64_t(1024) * 1024; // … behind the first unpacked ones
    int64_t most = int64_t(1) << 40; // unpacked bytes of one file

    static UnpackingBounds ofOwnFile() // zeros pack well
    {
        UnpackingBounds bounds;
        bounds.ratio = std::numeric_limits<int>::max();
        return bounds;
    }
};

// The texts in a file: itself, what is packed in it, or the files of an archive; or their bytes as they are. One thread
// at a time; calls block.
class StoredText
{
public:
    StoredText(std::unique_ptr<FileBytes> file,
               QString displayPath,
               FileCompression compression,
               QByteArray codec, // as codecOf() names it; a byte order mark wins over it. Empty = bytes, not text:
                                 // all of them, of hidden files in an archive too
               UnpackingBounds bounds);
    ~StoredText();
    Q_DISABLE_COPY_MOVE(StoredText)

    struct Member
    {
        std::unique_ptr<ByteStream> text; // UTF-8; gone before the StoredText and before the next one is asked for
        QString displayPath; // "in/a.zip/b.csv"
    };
    // In the order of the archive; nothing at the end. Errors: those of the streams; InvalidInput when an archive holds
    // no file.
    Result<std::optional<Member>> next();

    const FileStamp &stamp() const { return m_file->stamp(); }
    std::optional<FileStamp> stampNow() const { return m_file->stampNow(); }

private:
    Result<std::optional<Member>> nextOfArchive();
    Result<std::unique_ptr<ByteStream>> decoded(std::unique_ptr<ByteStream> text, const QString &displayPath) const;

    std::unique_ptr<FileBytes> m_file;
    QString m_displayPath;
    FileCompression m_compression;
    QByteArray m_codec;
    UnpackingBounds m_bounds;
    int64_t m_unpacked = 0;
    int64_t m_unpackedArchive = 0; // the tar in a tar.gz
    bool m_isStarted = false;
    std::unique_ptr<Archive> m_archive;
};

} // namespace engine
