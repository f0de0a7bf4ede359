#include "engine/connectors/files/JsonRows.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct JsonRowsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::JsonRows)
};

constexpr qint64 readAtOnce = 256 * 1024;

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

} // namespace

JsonRows::JsonRows(int descriptor, QString displayPath, CancelToken cancel)
    : m_displayPath(std::move(displayPath))
    , m_cancel(std::move(cancel))
{
    m_isOpened = m_file.open(descriptor, QIODevice::ReadOnly | QIODevice::Unbuffered, QFileDevice::AutoCloseHandle);
}

Error JsonRows::invalid(const QString &message) const
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("%1:%2").arg(m_displayPath).arg(m_line)};
}

Result<bool> JsonRows::fill()
{
    if (m_cancel.isCancelled())
        return Error{ErrorCode::Cancelled, JsonRowsText::tr("Reading %1 was stopped.").arg(m_displayPath), {}};
    m_text.remove(0, m_at);
    m_at = 0;
    const QByteArray more = m_isOpened ? m_file.read(readAtOnce) : QByteArray();
    if (!m_isOpened || m_file.error() != QFileDevice::NoError)
        return Error{ErrorCode::Io,
                     JsonRowsText::tr("%1 cannot be read: %2.").arg(m_displayPath, m_file.errorString()),
                     m_displayPath};
    const bool atStart = m_file.pos() == more.size();
    m_text += atStart && more.startsWith("\xEF\xBB\xBF") ? more.mid(3) : more;
    return !more.isEmpty();
}

void JsonRows::drop(qsizetype bytes)
{
    m_line += QByteArrayView(m_text).sliced(m_at, bytes).count('\n');
    m_at += bytes;
}

Result<std::optional<char>> JsonRows::peek()
{
    while (true) {
        while (m_at < m_text.size() && isBlank(m_text.at(m_at)))
            drop(1);
        if (m_at < m_text.size())
            return std::optional<char>(m_text.at(m_at));
        const Result<bool> filled = fill();
        if (!filled)
            return filled.error();
        if (!*filled)
            return std::optional<char>();
    }
}

// Up to the brace that closes the one it begins with.
Result<QByteArray> JsonRows::takeValue()
{
    qsizetype length = 0;
    int depth = 0;
    bool inText = false;
    bool escaped = false;
    while (true) {
        if (m_at + length == m_text.size()) {
            if (length > largestObject)
                return invalid(JsonRowsText::tr("%1 holds an object of more than %2 MB.")
                                   .arg(m_displayPath)
                                   .arg(largestObject / 1024 / 1024));
            const Result<bool> filled = fill();
            if (!filled)
                return filled.error();
            if (!*filled)
                return invalid(JsonRowsText::tr("%1 ends inside an object.").arg(m_displayPath));
            continue;
        }
        const char c = m_text.at(m_at + length++);
        if (inText) {
            inText = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            inText = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return m_text.mid(m_at, length);
        }
    }
}

Result<std::optional<Json>> JsonRows::next()
{
    if (m_isOver)
        return std::optional<Json>();
    Result<std::optional<char>> c = peek();
    if (!c)
        return c.error();
    if (m_isFirst && *c == '[') {
        m_isArray = true;
        drop(1);
        c = peek();
    } else if (m_isArray && !m_isFirst && *c == ',') {
        drop(1);
        c = peek();
    } else if (m_isArray && !m_isFirst && c.ok() && *c && **c != ']') {
        return invalid(JsonRowsText::tr("A comma or “]” is missing."));
    }
    if (!c)
        return c.error();
    if (!*c || (m_isArray && **c == ']')) {
        m_isOver = true;
        if (m_isArray && !*c)
            return invalid(JsonRowsText::tr("%1 ends inside its array.").arg(m_displayPath));
        return std::optional<Json>();
    }
    m_isFirst = false;
    if (**c != '{')
        return invalid(
            JsonRowsText::tr("%1 holds something that is no object; every row must be one.").arg(m_displayPath));
    const Result<QByteArray> text = takeValue();
    if (!text)
        return text.error();
    Result<Json> row = parseJson(*text, m_displayPath);
    if (!row) {
        const qint64 line = row.error().where.section(u':', -2, -2).toLongLong();
        return Error{row.error().code,
                     row.error().message,
                     QStringLiteral("%1:%2").arg(m_displayPath).arg(m_line + std::max<qint64>(line, 1) - 1)};
    }
    drop(text->size());
    return std::optional<Json>(*std::move(row));
}

} // namespace engine
