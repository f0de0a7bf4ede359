#include "engine/expression/Lexer.h"

#include "engine/expression/Ast.h"

#include <charconv>
#include <cmath>

namespace engine::expression {

bool isNameStart(QChar character) { return character.isLetter() || character == u'_' || character == u'$'; }
bool isNamePart(QChar character) { return character.isLetterOrNumber() || character == u'_' || character == u'$'; }

void Lexer::skipSpace()
{
    while (m_at < m_text.size() && m_text[m_at].isSpace())
        ++m_at;
}

Token Lexer::take(Token::Kind kind, qsizetype start, qsizetype length)
{
    m_at = start + length;
    return {kind, start, m_at, m_text.mid(start, length), {}, {}};
}

Token Lexer::bad(qsizetype start, const QString &problem)
{
    m_at = m_text.size();
    return {Token::Kind::Bad, start, m_at, {}, {}, problem};
}

Token Lexer::next()
{
    skipSpace();
    const qsizetype start = m_at;
    if (start >= m_text.size())
        return take(Token::Kind::End, m_text.size(), 0);
    const QChar first = m_text[start];
    switch (first.unicode()) {
    case u'(':
        return take(Token::Kind::LeftParenthesis, start, 1);
    case u')':
        return take(Token::Kind::RightParenthesis, start, 1);
    case u'[':
        return take(Token::Kind::LeftBracket, start, 1);
    case u']':
        return take(Token::Kind::RightBracket, start, 1);
    case u'}':
        return take(Token::Kind::RightBrace, start, 1);
    case u',':
        return take(Token::Kind::Comma, start, 1);
    case u'.':
        return take(Token::Kind::Dot, start, 1);
    case u'?':
        if (isAt(start + 1, u'.'))
            return take(Token::Kind::QuestionDot, start, 2);
        if (isAt(start + 1, u'['))
            return take(Token::Kind::QuestionBracket, start, 2);
        return bad(start, ExpressionText::tr("\"?\" stands only before \".\" or \"[\"."));
    case u'\'':
        return text(start);
    case u'"':
        return bad(start, ExpressionText::tr("Text in an expression stands in single quotes: 'like this'."));
    default:
        break;
    }
    if (first == u'-' || first == u'+' || (first >= u'0' && first <= u'9'))
        return number(start);
    if (!isNameStart(first))
        return bad(start, ExpressionText::tr("\"%1\" means nothing in an expression.").arg(first));
    qsizetype end = start + 1;
    while (end < m_text.size() && isNamePart(m_text[end]))
        ++end;
    return take(Token::Kind::Name, start, end - start);
}

Token Lexer::memberName()
{
    skipSpace();
    const qsizetype start = m_at;
    qsizetype end = start;
    while (end < m_text.size() && (isNamePart(m_text[end]) || (m_text[end] == u'-' && end > start)))
        ++end;
    if (end == start)
        return bad(start, ExpressionText::tr("A name is missing after the dot; write ['name'] for an unusual one."));
    return take(Token::Kind::Name, start, end - start);
}

Token Lexer::text(qsizetype start)
{
    qsizetype at = start + 1;
    bool isEscaped = false;
    while (at < m_text.size()) {
        if (m_text[at] != u'\'') {
            ++at;
        } else if (isAt(at + 1, u'\'')) {
            isEscaped = true;
            at += 2;
        } else {
            break;
        }
    }
    if (at >= m_text.size())
        return bad(start, ExpressionText::tr("The text that begins here has no closing single quote."));
    Token token = take(Token::Kind::Text, start, at + 1 - start);
    QString content = m_text.mid(start + 1, at - start - 1).toString();
    if (isEscaped)
        content.replace(QStringLiteral("''"), QStringLiteral("'"));
    token.value = toStdString(content);
    return token;
}

Token Lexer::number(qsizetype start)
{
    const auto isDigit = [this](qsizetype at) {
        return at < m_text.size() && m_text[at] >= u'0' && m_text[at] <= u'9';
    };
    qsizetype end = start + (isDigit(start) ? 0 : 1);
    if (!isDigit(end))
        return bad(start,
                   ExpressionText::tr("\"%1\" begins no number; calculate with add(), sub(), mul() and div().")
                       .arg(m_text[start]));
    while (isDigit(end))
        ++end;
    bool isFraction = false;
    if (isAt(end, u'.') && isDigit(end + 1)) {
        isFraction = true;
        while (isDigit(++end)) { }
    }
    if (isAt(end, u'e') || isAt(end, u'E')) {
        const qsizetype digits = end + (isAt(end + 1, u'+') || isAt(end + 1, u'-') ? 2 : 1);
        if (isDigit(digits)) {
            isFraction = true;
            end = digits;
            while (isDigit(end))
                ++end;
        }
    }
    if (end < m_text.size() && isNamePart(m_text[end]))
        return bad(start, ExpressionText::tr("This is no number; text stands in single quotes."));
    Token token = take(Token::Kind::Number, start, end - start);
    const QByteArray digits = m_text.mid(start, end - start).toLatin1();
    const char *from = digits.constData() + (digits.startsWith('+') ? 1 : 0);
    const char *to = digits.constData() + digits.size();
    int64_t whole = 0;
    if (!isFraction && std::from_chars(from, to, whole).ec == std::errc()) {
        token.value = whole;
        return token;
    }
    double value = 0;
    if (std::from_chars(from, to, value).ec != std::errc() || !std::isfinite(value))
        return bad(start, ExpressionText::tr("This number is too large or too small."));
    token.value = value;
    return token;
}

} // namespace engine::expression
