#include "engine/connectors/files/CsvFile.h"

#include "engine/connectors/files/Utf8.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace engine;

namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
constexpr size_t fewestAtStart = 4; // a byte order mark is seen at once

// The context of this file's texts for translators.
struct CsvFileText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CsvFile)
};

bool isLineBreak(char c) { return c == '\n' || c == '\r'; }

FileStamp stampFrom(const struct stat &state)
{
    const auto nanoseconds = [](const timespec &time) { return int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec; };
    return {state.st_dev, state.st_ino, state.st_size, nanoseconds(state.st_mtim), nanoseconds(state.st_ctim)};
}

// A break of two characters counts as one.
int64_t lineBreaksIn(const char *from, const char *to)
{
    int64_t breaks = 0;
    for (const char *at = from; at < to; ++at)
        breaks += *at == '\n' || (*at == '\r' && (at + 1 == to || at[1] != '\n')) ? 1 : 0;
    return breaks;
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

CsvFile::CsvFile(
    QString path, QString displayPath, Options options, TextBuffers &buffers, std::atomic<qint64> &bytesRead)
    : m_path(std::move(path))
    , m_displayPath(std::move(displayPath))
    , m_options(std::move(options))
    , m_buffers(buffers)
    , m_bytesRead(bytesRead)
    , m_linesToSkip(m_options.skipLines)
{
}

CsvFile::~CsvFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<FileStamp> CsvFile::open()
{
    const QByteArray name = QFile::encodeName(m_path);
    m_descriptor = ::open(name.constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (m_descriptor < 0) {
        const int reason = errno;
        if (reason == ENOENT || reason == ENOTDIR)
            return Error{
                ErrorCode::NotFound,
                CsvFileText::tr(QT_TRANSLATE_NOOP("engine::CsvFile", "There is no file %1.")).arg(m_displayPath),
                m_displayPath};
        return Error{ErrorCode::Io,
                     CsvFileText::tr(QT_TRANSLATE_NOOP("engine::CsvFile", "%1 cannot be opened: %2."))
                         .arg(m_displayPath, qt_error_string(reason)),
                     m_displayPath};
    }
    struct stat state;
    if (::fstat(m_descriptor, &state) != 0 || !S_ISREG(state.st_mode)) {
        return Error{
            ErrorCode::InvalidInput,
            CsvFileText::tr(QT_TRANSLATE_NOOP("engine::CsvFile", "%1 is not a regular file: name one that is."))
                .arg(m_displayPath),
            m_displayPath};
    }
    ::posix_fadvise(m_descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return stampFrom(state);
}

std::optional<FileStamp> CsvFile::stampNow() const
{
    struct stat state;
    if (m_descriptor < 0 || ::fstat(m_descriptor, &state) != 0)
        return std::nullopt;
    return stampFrom(state);
}

// Moves what is left to a new buffer (the old one belongs to the rows given out) and reads on behind it.
Result<> CsvFile::fill()
{
    const size_t left = m_end - m_start;
    size_t wanted = std::max(m_options.chunkBytes, left); // a row longer than a chunk: twice as much each time
    if (!m_started)
        wanted = std::max(wanted, fewestAtStart);
    constexpr size_t usualRow = 4096;
    const size_t room =
        left + wanted <= m_options.chunkBytes + usualRow ? m_options.chunkBytes + usualRow : left + wanted;
    std::shared_ptr<TextBuffers::Buffer> buffer = m_buffers.take(room);
    if (left > 0)
        std::memcpy(buffer->bytes.get(), m_buffer->bytes.get() + m_start, left);
    m_buffer = std::move(buffer);
    m_start = 0;
    m_end = left;
    while (!m_atEnd && m_end < left + wanted) {
        const ssize_t got = ::read(m_descriptor, m_buffer->bytes.get() + m_end, left + wanted - m_end);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            return Error{ErrorCode::Io,
                         CsvFileText::tr(QT_TRANSLATE_NOOP("engine::CsvFile", "Reading %1 failed: %2."))
                             .arg(m_displayPath, qt_error_string(errno)),
                         m_displayPath};
        }
        m_atEnd = got == 0;
        m_end += size_t(got);
        m_bytesRead.fetch_add(got, std::memory_order_relaxed);
    }
    std::memset(m_buffer->bytes.get() + m_end, 0, scanSlack);
    return {};
}

// False: more text is needed to know.
bool CsvFile::dropSkippedLines()
{
    const char *const text = m_buffer->bytes.get();
    while (m_linesToSkip > 0) {
        const char *const found = std::find_if(text + m_start, text + m_end, isLineBreak);
        m_start = size_t(found - text);
        if (m_start == m_end)
            return m_atEnd;
        if (*found == '\r' && m_start + 1 == m_end && !m_atEnd)
            return false;
        m_start += *found == '\r' && m_start + 1 < m_end && found[1] == '\n' ? 2 : 1;
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
    const qint64 at = line + lineBreaksIn(text, lineStart);
    return {ErrorCode::InvalidInput,
            CsvFileText::tr(
                QT_TRANSLATE_NOOP("engine::CsvFile",
                                  "%1 is not UTF-8: line %2, column %3 holds the byte 0x%4. Save the file as UTF-8."))
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
    const auto endsRow = [&](size_t i) { return isLineBreak(text[positions[i]]); };
    if (m_atEnd && !scan.openQuote && size > 0
        && (count == 0 || positions[count - 1] != size - 1 || !endsRow(count - 1))) {
        text[size] = '\n'; // the last line need not be ended
        positions[count++] = uint32_t(size);
    } else if (!m_atEnd && count > 0 && positions[count - 1] == size - 1 && text[size - 1] == '\r') {
        --count; // half of a CR LF, perhaps
    }
    while (count > 0 && (!endsRow(count - 1) || positions[count - 1] >= m_validEnd + (m_invalid ? 0 : 1)))
        --count;
    m_window = {};
    m_window.hold = m_buffer;
    m_window.text = text;
    m_window.separators = positions;
    m_window.count = count;
    m_window.size = count > 0 ? std::min(size_t(positions[count - 1]) + 1, size) : 0;
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
        if (!m_started) {
            m_started = true;
            const std::string_view text(m_buffer->bytes.get(), m_end);
            if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
                return Error{
                    ErrorCode::InvalidInput,
                    CsvFileText::tr(QT_TRANSLATE_NOOP("engine::CsvFile", "%1 is UTF-16: save the file as UTF-8."))
                        .arg(m_displayPath),
                    place(1)};
            }
            if (text.starts_with(byteOrderMark))
                m_start += byteOrderMark.size();
        }
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
