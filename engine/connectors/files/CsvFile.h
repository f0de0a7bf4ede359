#pragma once

#include "engine/base/Result.h"
#include "engine/connectors/files/ByteStream.h"
#include "engine/connectors/files/CsvScan.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace engine {

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

// One delimited text, read piece by piece; each piece is a window of whole rows with its separators found and its
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

    CsvFile(std::unique_ptr<ByteStream> text, QString displayPath, Options options, TextBuffers &buffers);
    Q_DISABLE_COPY_MOVE(CsvFile)

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

    std::unique_ptr<ByteStream> m_text;
    QString m_displayPath;
    Options m_options;
    TextBuffers &m_buffers;

    std::shared_ptr<TextBuffers::Buffer> m_buffer;
    size_t m_start = 0; // of what is not given out yet, in m_buffer
    size_t m_end = 0;
    bool m_atEnd = false;
    std::optional<Error> m_error; // of reading on; comes after the rows before it
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
