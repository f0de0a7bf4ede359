#pragma once

#include "engine/connectors/files/ByteStream.h"

#include <QString>

#include <memory>

namespace engine {

// The files in a zip or tar archive, one after the other, or the one text that is packed by bzip2, zstd or lz4. Nothing
// is written to a disk. Memory does not grow with the archive. One thread at a time; calls block.
//
// Errors, all final: InvalidInput for what is damaged, ends early, is protected by a password, or holds a member that
// is no file or whose name is absolute or leads out ("..", links, devices); and those of the bytes below.
class Archive
{
public:
    enum class Form { Zip, Tar, Bzip2, Zstandard, Lz4 };
    // A zip archive needs bytes that can seek.
    enum class Hidden { PassedOver, Given };
    Archive(std::unique_ptr<ByteStream> packed, Form form, QString displayPath, Hidden hidden = Hidden::PassedOver);
    ~Archive();
    Q_DISABLE_COPY_MOVE(Archive)

    // To the next file: its path in the archive, empty for a text that is packed alone; nothing at the end. Folders are
    // passed over, and so is, unless it is to be given, everything below a name that begins with "." or "_" (resource
    // forks, marks of writers).
    Result<std::optional<QString>> next();
    Result<size_t> read(char *to, size_t size); // of that file; 0 at its end

private:
    struct State;
    Result<> open();
    Result<> readToEnd();
    Error failure() const;
    Error refused(const QString &message) const;

    std::unique_ptr<State> m_state;
};

} // namespace engine
