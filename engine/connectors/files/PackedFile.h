#pragma once

#include "engine/connectors/files/DelimitedText.h"
#include "engine/connectors/files/RowWriter.h"

#include <memory>
#include <string_view>

namespace engine {

// How the bytes of a file are packed.
struct Packing
{
    FileCompression compression = FileCompression::None;
    enum class Level { Optimal, Fastest } level = Level::Optimal; // as Data Factory calls them
};

// ".gz", ".tar.gz" …; empty for none.
QString extensionOf(FileCompression compression);

// Bytes written into a new file, packed on the way: by gzip, bzip2, zstd, lz4 or as a deflate stream, or as the only
// member of a zip or tar archive. Memory does not grow with them; a tar, which begins with the size of its member,
// needs room for its text on the same disk meanwhile. One thread at a time; calls block.
//
// Errors: Io; systemError() is then the errno when there is one.
class PackedFile
{
public:
    virtual ~PackedFile();

    // The descriptor stays the caller's. A member of an archive is called `file.name` without the archive's extension.
    static Result<std::unique_ptr<PackedFile>> make(const RowWriter::File &file, const Packing &packing);

    virtual Result<> write(std::string_view bytes) = 0;
    virtual Result<> finish() = 0;

    int systemError() const { return m_systemError; }

protected:
    explicit PackedFile(const RowWriter::File &file) : m_file(file) { }
    Result<> writeRaw(const char *bytes, size_t size);
    Error failure(int reason);
    Error failure(const QString &reason);

    RowWriter::File m_file;
    int m_systemError = 0;
};

} // namespace engine
