#include "engine/notebook/StreamText.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QTemporaryFile>

#include <cstring>

namespace engine {

namespace {

constexpr qsizetype inMemory = 512 * 1024;
constexpr qsizetype edge = 256 * 1024; // of the preview
constexpr qsizetype longestLine = 256 * 1024; // a longer one is no progress bar

bool movesCursor(QByteArrayView text)
{
    return std::memchr(text.data(), '\r', size_t(text.size())) != nullptr
        || std::memchr(text.data(), '\b', size_t(text.size())) != nullptr;
}

// On disk: /tmp is memory on many machines.
QString spillTemplate()
{
    const QString folder =
        QFileInfo(QStringLiteral("/var/tmp")).isWritable() ? QStringLiteral("/var/tmp") : QDir::tempPath();
    return folder + QStringLiteral("/slipway-output-XXXXXX");
}

// Not in the middle of a character.
QByteArrayView wholeCharactersFrom(QByteArrayView text)
{
    while (!text.isEmpty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80)
        text = text.sliced(1);
    return text;
}

QByteArrayView wholeCharactersTo(QByteArrayView text, qsizetype length)
{
    while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
        --length;
    return text.first(std::min(length, text.size()));
}

} // namespace

StreamText::StreamText() = default;

StreamText::~StreamText() = default;

void StreamText::append(QByteArrayView text)
{
    const bool plain = !movesCursor(text);
    while (!text.isEmpty()) {
        if (plain && m_cursor < 0) {
            const qsizetype lastEnd = text.lastIndexOf('\n') + 1;
            if (lastEnd > 0) {
                settle(m_line);
                m_line.clear();
                settle(text.first(lastEnd));
            }
            m_line += text.sliced(lastEnd).toByteArray();
            break;
        }
        const qsizetype end = text.indexOf('\n');
        edit(end < 0 ? text : text.first(end));
        if (end < 0)
            break;
        m_line += '\n';
        settle(m_line);
        m_line.clear();
        m_cursor = -1;
        text = text.sliced(end + 1);
    }
    if (m_line.size() > longestLine) {
        settle(m_line);
        m_line.clear();
        m_cursor = -1;
    }
}

void StreamText::edit(QByteArrayView text)
{
    while (!text.isEmpty()) {
        qsizetype length = 0;
        while (length < text.size() && text[length] != '\r' && text[length] != '\b')
            ++length;
        put(text.first(length));
        if (length == text.size())
            return;
        if (text[length] == '\r')
            m_cursor = m_line.isEmpty() ? -1 : 0;
        else
            m_cursor = std::max<qsizetype>(0, (m_cursor < 0 ? QString::fromUtf8(m_line).size() : m_cursor) - 1);
        text = text.sliced(length + 1);
    }
}

void StreamText::put(QByteArrayView text)
{
    if (text.isEmpty())
        return;
    if (m_cursor < 0) {
        m_line += text.toByteArray();
        return;
    }
    QString line = QString::fromUtf8(m_line);
    const QString insert = QString::fromUtf8(text);
    line.replace(m_cursor, insert.size(), insert);
    m_cursor += insert.size();
    if (m_cursor >= line.size())
        m_cursor = -1;
    m_line = line.toUtf8();
}

void StreamText::settle(QByteArrayView text)
{
    if (text.isEmpty())
        return;
    m_settledSize += text.size();
    if (!m_file && m_head.size() + text.size() <= inMemory) {
        m_head += text.toByteArray();
        return;
    }
    if (!m_file) {
        m_file = std::make_unique<QTemporaryFile>(spillTemplate());
        const QByteArray all = m_head;
        const QByteArrayView start = wholeCharactersTo(m_head, edge);
        m_head = start.toByteArray();
        m_tail = all;
        if (!m_file->open() || m_file->write(all) != all.size())
            m_lost += all.size();
        if (all.size() < edge)
            m_head += wholeCharactersTo(text, edge - all.size()).toByteArray();
    }
    if (!m_file->isOpen() || m_file->write(text.data(), text.size()) != text.size())
        m_lost += text.size();
    if (text.size() >= edge)
        m_tail = text.last(edge).toByteArray();
    else
        m_tail += text.toByteArray();
    if (m_tail.size() > 2 * edge)
        m_tail = m_tail.last(edge);
}

QByteArray StreamText::preview() const
{
    if (!m_file)
        return m_head + m_line;
    QByteArray end = m_tail + m_line;
    end = wholeCharactersFrom(QByteArrayView(end).last(std::min(edge, end.size()))).toByteArray();
    const qint64 between = size() - m_head.size() - end.size();
    if (between <= 0) // the text is short enough after all, but its parts overlap
        return m_head + end.last(std::max<qsizetype>(0, size() - m_head.size()));
    const QString note = QCoreApplication::translate("engine::StreamText",
                                                     "[… %1 bytes are left out here; the executed notebook has them …]")
                             .arg(between);
    return m_head + '\n' + note.toUtf8() + '\n' + end;
}

void StreamText::read(const std::function<void(QByteArrayView piece)> &take) const
{
    if (!m_file) {
        take(m_head);
    } else if (m_file->flush() && m_file->seek(0)) {
        while (true) {
            const QByteArray piece = m_file->read(1024 * 1024);
            if (piece.isEmpty())
                break;
            take(piece);
        }
        m_file->seek(m_file->size());
    }
    take(m_line);
}

} // namespace engine
