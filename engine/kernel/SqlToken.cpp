#include "engine/kernel/SqlToken.h"

#include <algorithm>

namespace engine {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool startsWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool continuesWord(char c) { return startsWord(c) || isDigit(c); }

class Scan
{
public:
    explicit Scan(const QByteArray &sql) : m_sql(sql) { }

    QList<SqlToken> run()
    {
        QList<SqlToken> tokens;
        while (true) {
            skipBlanks();
            if (m_at >= m_sql.size())
                return tokens;
            SqlToken token;
            token.start = m_at;
            token.kind = take();
            token.end = m_at;
            tokens.append(token);
        }
    }

private:
    char peek(qsizetype ahead = 0) const { return m_at + ahead < m_sql.size() ? m_sql.at(m_at + ahead) : '\0'; }

    void skipBlanks()
    {
        while (m_at < m_sql.size()) {
            const char c = peek();
            if (c == ' ' || (c >= '\t' && c <= '\r'))
                ++m_at;
            else if (c == '-' && peek(1) == '-')
                m_at = endOf("\n", m_at);
            else if (c == '/' && peek(1) == '*')
                skipComment();
            else
                return;
        }
    }

    void skipComment() // they nest
    {
        int depth = 0;
        do {
            if (peek() == '/' && peek(1) == '*') {
                ++depth;
                m_at += 2;
            } else if (peek() == '*' && peek(1) == '/') {
                --depth;
                m_at += 2;
            } else {
                ++m_at;
            }
        } while (depth > 0 && m_at < m_sql.size());
        m_at = std::min(m_at, m_sql.size());
    }

    qsizetype endOf(const QByteArray &mark, qsizetype from) const
    {
        const qsizetype found = m_sql.indexOf(mark, from);
        return found < 0 ? m_sql.size() : found + mark.size();
    }

    void skipQuoted(char quote, bool hasEscapes)
    {
        ++m_at;
        while (m_at < m_sql.size()) {
            const char c = peek();
            if (hasEscapes && c == '\\') {
                m_at += 2;
            } else if (c != quote) {
                ++m_at;
            } else if (peek(1) == quote) {
                m_at += 2;
            } else {
                ++m_at;
                return;
            }
        }
        m_at = std::min(m_at, m_sql.size());
    }

    bool skipDollarQuoted()
    {
        qsizetype end = m_at + 1;
        while (end < m_sql.size() && continuesWord(m_sql.at(end)))
            ++end;
        if (end >= m_sql.size() || m_sql.at(end) != '$' || isDigit(peek(1)))
            return false;
        const QByteArray mark = m_sql.mid(m_at, end + 1 - m_at);
        m_at = endOf(mark, end + 1);
        return true;
    }

    void skipNumber()
    {
        while (continuesWord(peek()) || (peek() == '.' && isDigit(peek(1)))
               || ((peek() == '+' || peek() == '-') && (m_sql.at(m_at - 1) | 0x20) == 'e' && isDigit(peek(1))))
            ++m_at;
    }

    SqlToken::Kind take()
    {
        const char c = peek();
        if ((c == 'e' || c == 'E') && peek(1) == '\'') {
            ++m_at;
            skipQuoted('\'', true);
            return SqlToken::Kind::Text;
        }
        if (startsWord(c)) {
            while (continuesWord(peek()) || peek() == '$')
                ++m_at;
            return SqlToken::Kind::Word;
        }
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            ++m_at;
            skipNumber();
            return SqlToken::Kind::Number;
        }
        if (c == '\'') {
            skipQuoted(c, false);
            return SqlToken::Kind::Text;
        }
        if (c == '"' || c == '`') {
            skipQuoted(c, false);
            return SqlToken::Kind::QuotedName;
        }
        if (c == '$' && skipDollarQuoted())
            return SqlToken::Kind::Text;
        ++m_at;
        return SqlToken::Kind::Sign;
    }

    const QByteArray &m_sql;
    qsizetype m_at = 0;
};

} // namespace

QList<SqlToken> sqlTokens(const QByteArray &sql) { return Scan(sql).run(); }

bool SqlToken::isWord(const QByteArray &sql, QLatin1String word) const
{
    return kind == Kind::Word && end - start == word.size()
        && qstrnicmp(sql.constData() + start, word.data(), size_t(word.size())) == 0;
}

QString SqlToken::name(const QByteArray &sql) const
{
    if (kind != Kind::QuotedName)
        return QString::fromUtf8(source(sql));
    const char quote = sql.at(start);
    QByteArray inside = source(sql).mid(1);
    if (inside.endsWith(quote))
        inside.chop(1);
    return QString::fromUtf8(inside.replace(QByteArray(2, quote), QByteArray(1, quote)));
}

QString SqlToken::text(const QByteArray &sql) const
{
    QByteArray inside = source(sql);
    if (inside.startsWith('$')) {
        const qsizetype mark = inside.indexOf('$', 1) + 1;
        return QString::fromUtf8(inside.mid(mark, std::max<qsizetype>(0, inside.size() - 2 * mark)));
    }
    const bool hasEscapes = !inside.startsWith('\'');
    inside.remove(0, hasEscapes ? 2 : 1);
    if (inside.endsWith('\''))
        inside.chop(1);
    inside.replace("''", "'");
    if (hasEscapes)
        inside.replace("\\n", "\n").replace("\\t", "\t").replace("\\'", "'").replace("\\\\", "\\");
    return QString::fromUtf8(inside);
}

Error errorAt(qsizetype position, const QString &message, ErrorCode code)
{
    return {code, message, u'@' + QString::number(position)};
}

std::optional<qsizetype> positionOf(const Error &error)
{
    bool isNumber = false;
    const qsizetype position = QStringView(error.where).mid(1).toLongLong(&isNumber);
    if (!error.where.startsWith(u'@') || !isNumber)
        return {};
    return position;
}

CellPlace placeOf(const QByteArray &cell, qsizetype position)
{
    const QByteArray before = cell.left(position);
    const qsizetype line = before.lastIndexOf('\n') + 1;
    return {int(before.count('\n')) + 1, int(QString::fromUtf8(before.mid(line)).toUcs4().size()) + 1};
}

} // namespace engine
