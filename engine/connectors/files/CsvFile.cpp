#include "engine/connectors/files/CsvFile.h"

#include "engine/connectors/files/Utf8.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstring>

using namespace engine;

namespace {

// The context of this file's texts for translators.
struct CsvFileText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CsvFile)
};

bool isLineBreak(char c) { return c == '\n' || c == '\r'; }

} // namespace

std::shared_ptr<TextBuffers::Buffer> TextBuffers::take(size_t capacity)
{
    std::unique_ptr<Buffer> buffer;
    {
        const std::lock_guard lock(m_free->mutex);
        auto &free = m_free->buffers;
        const auto fits =
            std::find_if(free.begin(), free.end(), [capacity](const auto &each) { return each->capacity >= capacity; });
        if (fits != free.end()) {
            buffer = std::move(*fits);
            free.erase(fits);
        } else {
            free.clear(); // too small by now
        }
    }
    if (!buffer) {
        buffer = std::make_unique<Buffer>();
        buffer->bytes.reset(new char[capacity + scanSlack]);
        buffer->capacity = capacity;
    }
    return {buffer.release(), [free = m_free](Buffer *used) {
                const std::lock_guard lock(free->mutex);
                free->buffers.emplace_back(used);
            }};
}

CsvFile::CsvFile(std::unique_ptr<ByteStream> text, QString displayPath, Options options, TextBuffers &buffers)
    : m_text(std::move(text))
    , m_displayPath(std::move(displayPath))
    , m_options(std::move(options))
    , m_buffers(buffers)
    , m_linesToSkip(m_options.skipLines)
{
}

// Moves what is left to a new buffer (the old one belongs to the rows given out) and reads on behind it.
Result<> CsvFile::fill()
{
    const size_t left = m_end - m_start;
    const size_t wanted = std::max(m_options.chunkBytes, left); // a row longer than a chunk: twice as much each time
    constexpr size_t usualRow = 4096;
    const size_t room =
        left + wanted <= m_options.chunkBytes + usualRow ? m_options.chunkBytes + usualRow : left + wanted;
    std::shared_ptr<TextBuffers::Buffer> buffer = m_buffers.take(room);
    if (left > 0)
        std::memcpy(buffer->bytes.get(), m_buffer->bytes.get() + m_start, left);
    m_buffer = std::move(buffer);
    m_start = 0;
    m_end = left;
    while (!m_atEnd && !m_error && m_end < left + wanted) {
        const Result<size_t> got = m_text->read(m_buffer->bytes.get() + m_end, left + wanted - m_end);
        if (!got) {
            m_error = got.error();
            break;
        }
        m_atEnd = *got == 0;
        m_end += *got;
    }
    if (m_error && m_end == left)
        return *m_error;
    std::memset(m_buffer->bytes.get() + m_end, 0, scanSlack);
    return {};
}

// False: more text is needed to know.
bool CsvFile::dropSkippedLines()
{
    const char *const text = m_buffer->bytes.get();
    const std::string &delimiter = m_options.dialect.rowDelimiter;
    while (m_linesToSkip > 0) {
        size_t next = m_end;
        if (delimiter.empty()) {
            const char *const found = std::find_if(text + m_start, text + m_end, isLineBreak);
            const auto at = size_t(found - text);
            if (at < m_end && *found == '\r' && at + 1 == m_end && !m_atEnd)
                return false;
            if (at < m_end)
                next = at + (*found == '\r' && at + 1 < m_end && found[1] == '\n' ? 2 : 1);
            else if (!m_atEnd)
                return false;
        } else if (const size_t at = std::string_view(text, m_end).find(delimiter, m_start); at < m_end) {
            next = at + delimiter.size();
        } else if (!m_atEnd) {
            return false;
        }
        if (m_start == m_end)
            return true;
        m_start = next;
        --m_linesToSkip;
        ++m_firstLine;
    }
    return true;
}

QString CsvFile::place(int64_t line) const { return m_displayPath + QLatin1Char(':') + QString::number(line); }

Error CsvFile::invalidText(int64_t line) const
{
    const char *const text = m_buffer->bytes.get() + m_start;
    const char *const bad = text + m_validEnd;
    const char *lineStart = bad;
    while (lineStart > text && !isLineBreak(lineStart[-1]))
        --lineStart;
    const auto isFirstByte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    const qint64 column = std::count_if(lineStart, bad, isFirstByte) + 1;
    const qint64 at = line + m_options.dialect.linesIn(text, lineStart);
    return {
        ErrorCode::InvalidInput,
        CsvFileText::tr(QT_TRANSLATE_NOOP("engine::CsvFile",
                                          "%1 is not UTF-8: line %2, column %3 holds the byte 0x%4. Save the file as "
                                          "UTF-8, or choose the encoding it has in its dataset."))
            .arg(m_displayPath)
            .arg(at)
            .arg(column)
            .arg(uint(static_cast<unsigned char>(*bad)), 2, 16, QLatin1Char('0')),
        place(at) + QLatin1Char(':') + QString::number(column)};
}

void CsvFile::findWholeRows()
{
    char *const text = m_buffer->bytes.get() + m_start;
    const size_t size = m_end - m_start;
    if (m_positionRoom < size + scanSlack) {
        m_positionRoom = size + size / 4 + scanSlack;
        m_positions.reset(new uint32_t[m_positionRoom]);
    }
    const CsvScan scan = scanSeparators(m_options.dialect, m_options.path, text, size, m_positions.get());
    m_openQuote = scan.openQuote;
    m_validEnd = endOfUtf8(text, size, m_atEnd ? MoreText::Ends : MoreText::Follows);
    m_invalid = m_validEnd < size;

    size_t count = scan.separators;
    uint32_t *const positions = m_positions.get();
    const std::string &rowDelimiter = m_options.dialect.rowDelimiter;
    const auto endsRow = [&](size_t i) { return m_options.dialect.endsRow(text[positions[i]]); };
    const auto endOf = [&](size_t i) { return positions[i] + std::max<size_t>(rowDelimiter.size(), 1); };
    if (m_atEnd && !scan.openQuote && size > 0 && (count == 0 || !endsRow(count - 1) || endOf(count - 1) != size)) {
        // The last line need not be ended.
        if (rowDelimiter.empty())
            text[size] = '\n';
        else
            std::memcpy(text + size, rowDelimiter.data(), rowDelimiter.size());
        positions[count++] = uint32_t(size);
    } else if (!m_atEnd && rowDelimiter.empty() && count > 0 && positions[count - 1] == size - 1
               && text[size - 1] == '\r') {
        --count; // half of a CR LF, perhaps
    }
    while (count > 0 && (!endsRow(count - 1) || positions[count - 1] >= m_validEnd + (m_invalid ? 0 : 1)))
        --count;
    m_window = {};
    m_window.hold = m_buffer;
    m_window.text = text;
    m_window.separators = positions;
    m_window.count = count;
    m_window.size = count > 0 ? std::min(endOf(count - 1), size) : 0;
    m_window.quotedLineBreaks = scan.quotedLineBreaks;
    m_window.escapes = scan.escapes;
}

Result<bool> CsvFile::next(int64_t line)
{
    m_start += m_window.size;
    m_validEnd -= m_window.size;
    m_window = {};
    if (m_started && m_invalid)
        return invalidText(line);
    do {
        if (m_started && m_atEnd && m_start == m_end)
            return false;
        if (m_end - m_start > longestRow) {
            return Error{
                ErrorCode::InvalidInput,
                CsvFileText::tr(QT_TRANSLATE_NOOP("engine::CsvFile",
                                                  "The row at line %1 of %2 is longer than 64 MiB: is a quote not "
                                                  "closed?"))
                    .arg(line)
                    .arg(m_displayPath),
                place(line)};
        }
        if (const Result<> filled = fill(); !filled)
            return filled.error();
        m_started = true;
        if (!dropSkippedLines())
            continue;
        line = std::max(line, m_firstLine);
        findWholeRows();
        if (m_window.count > 0)
            return true;
        if (m_invalid)
            return invalidText(line);
        if (m_atEnd && m_openQuote) {
            return Error{
                ErrorCode::InvalidInput,
                CsvFileText::tr(QT_TRANSLATE_NOOP("engine::CsvFile",
                                                  "The row at line %1 of %2 opens a quote that is never closed."))
                    .arg(line)
                    .arg(m_displayPath),
                place(line)};
        }
    } while (true);
}
