#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/connectors/files/CsvScan.h"

#include <QString>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

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

// Memory of fixed size for pieces of text. Comes back to the pool when its last user lets go, on whatever thread.
class TextBuffers
{
public:
    struct Buffer
    {
        std::unique_ptr<char[]> bytes;
        size_t capacity = 0; // and scanSlack more behind it
    };
    std::shared_ptr<Buffer> take(size_t capacity);

private:
    struct Free
    {
        std::mutex mutex;
        std::vector<std::unique_ptr<Buffer>> buffers;
    };
    std::shared_ptr<Free> m_free = std::make_shared<Free>();
};

// One delimited text file, read piece by piece; each piece is a window of whole rows with its separators found and its
// UTF-8 checked. Memory does not grow with the file, only with its longest row.
class CsvFile
{
public:
    static constexpr size_t defaultChunk = 256 * 1024;
    static constexpr size_t longestRow = 64 * 1024 * 1024;

    struct Options
    {
        CsvDialect dialect;
        int skipLines = 0;
        ScanPath path = ScanPath::Best;
        size_t chunkBytes = defaultChunk; // read at once
    };

    // `bytesRead` is counted up as the file is read.
    CsvFile(QString path, QString displayPath, Options options, TextBuffers &buffers, std::atomic<qint64> &bytesRead);
    ~CsvFile();
    Q_DISABLE_COPY_MOVE(CsvFile)

    // Never waits for a writer: a named pipe is refused, as is everything else that is no regular file.
    Result<FileStamp> open();
    std::optional<FileStamp> stampNow() const; // of the open file, whatever its path leads to now

    struct Window
    {
        std::shared_ptr<const void> hold;
        const char *text = nullptr;
        const uint32_t *separators = nullptr;
        size_t count = 0; // separators of whole rows; the last one ends a row
        size_t size = 0; // of whole rows
        bool quotedLineBreaks = false;
        bool escapes = false;
    };

    // The next whole rows, at least one; false at the end. `line` is the one where the window starts. An error that
    // stands in the text is reported once all rows before it are given out.
    Result<bool> next(int64_t line);
    const Window &window() const { return m_window; }
    int64_t firstLine() const { return m_firstLine; } // after the skipped ones; valid after the first next()

    const QString &displayPath() const { return m_displayPath; }

private:
    Result<> fill();
    bool dropSkippedLines();
    void findWholeRows();
    Error invalidText(int64_t line) const;
    QString place(int64_t line) const;

    QString m_path;
    QString m_displayPath;
    Options m_options;
    TextBuffers &m_buffers;
    std::atomic<qint64> &m_bytesRead;
    int m_descriptor = -1;

    std::shared_ptr<TextBuffers::Buffer> m_buffer;
    size_t m_start = 0; // of what is not given out yet, in m_buffer
    size_t m_end = 0;
    bool m_atEnd = false;
    bool m_started = false;
    int m_linesToSkip = 0;
    int64_t m_firstLine = 1;
    size_t m_validEnd = 0; // from m_start: up to here it is UTF-8
    bool m_invalid = false;
    bool m_openQuote = false;
    std::unique_ptr<uint32_t[]> m_positions;
    size_t m_positionRoom = 0;
    Window m_window;
};

} // namespace engine
