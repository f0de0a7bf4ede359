#pragma once

#include "engine/base/Json.h"

#include <QString>
#include <QStringView>

namespace engine::expression {

struct Token
{
    enum class Kind {
        End,
        Name,
        Text,
        Number,
        LeftParenthesis,
        RightParenthesis,
        LeftBracket,
        RightBracket,
        RightBrace,
        Comma,
        Dot,
        QuestionDot,
        QuestionBracket,
        Bad
    };
    Kind kind = Kind::End;
    qsizetype position = 0; // 0-based
    qsizetype end = 0; // behind its last character
    QStringView source; // as written
    Json value; // of Text and Number
    QString problem; // of Bad
};

// Reads tokens out of `text`, which must outlive it, from `at` on.
class Lexer
{
public:
    Lexer(QStringView text, qsizetype at) : m_text(text), m_at(at) { }

    Token next();
    // Behind a dot, where a name may begin with a digit and contain "-".
    Token memberName();

private:
    Token text(qsizetype start);
    Token number(qsizetype start);
    Token take(Token::Kind kind, qsizetype start, qsizetype length);
    Token bad(qsizetype start, const QString &problem);
    void skipSpace();
    bool isAt(qsizetype at, char16_t wanted) const { return at < m_text.size() && m_text[at] == wanted; }

    QStringView m_text;
    qsizetype m_at;
};

bool isNameStart(QChar character);
bool isNamePart(QChar character);

} // namespace engine::expression
