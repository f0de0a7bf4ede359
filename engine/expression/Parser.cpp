#include "engine/expression/Parser.h"

#include "engine/expression/functions/Function.h"
#include "engine/expression/Lexer.h"
#include "engine/expression/Limits.h"

#include <optional>

namespace engine::expression {

namespace {

std::optional<ExpressionRoot> rootOf(QStringView name)
{
    for (int i = 0; i <= int(ExpressionRoot::LinkedService); ++i) {
        if (name.compare(toString(ExpressionRoot(i)), Qt::CaseInsensitive) == 0)
            return ExpressionRoot(i);
    }
    return std::nullopt;
}

QString named(const Token &token)
{
    return token.kind == Token::Kind::End ? ExpressionText::tr("the end") : u'"' + token.source + u'"';
}

Node literal(Json value, qsizetype position) { return {Literal{std::move(value)}, int(position)}; }

// Recursive descent over one expression. The first problem is kept and ends it.
class Parser
{
public:
    Parser(QStringView text, qsizetype at) : m_lexer(text, at) { advance(); }

    const Token &token() const { return m_token; }
    const std::optional<Error> &error() const { return m_error; }

    bool expression(Node &out, int depth)
    {
        if (depth > maximumDepth)
            return fail(m_token.position,
                        ExpressionText::tr("The calls are nested more than %1 deep; use variables in between.")
                            .arg(maximumDepth));
        return primary(out, depth) && steps(out, depth);
    }

    bool fail(qsizetype position, const QString &message)
    {
        if (!m_error)
            m_error = m_token.kind == Token::Kind::Bad ? errorAt(int(m_token.position), m_token.problem)
                                                       : errorAt(int(position), message);
        return false;
    }

private:
    void advance() { m_token = m_lexer.next(); }

    bool expect(Token::Kind kind, const QString &what)
    {
        if (m_token.kind != kind)
            return fail(m_token.position, ExpressionText::tr("%1 is missing before %2.").arg(what, named(m_token)));
        advance();
        return true;
    }

    bool primary(Node &out, int depth)
    {
        const qsizetype position = m_token.position;
        if (m_token.kind == Token::Kind::Text || m_token.kind == Token::Kind::Number) {
            out = literal(std::move(m_token.value), position);
            advance();
            return true;
        }
        if (m_token.kind != Token::Kind::Name)
            return fail(position,
                        ExpressionText::tr("A function, a text, a number, true, false or null is missing before %1.")
                            .arg(named(m_token)));
        const QStringView name = m_token.source;
        advance();
        if (m_token.kind == Token::Kind::LeftParenthesis) {
            advance();
            return call(out, name, position, depth);
        }
        if (m_token.kind == Token::Kind::Bad)
            return fail(position, {});
        if (name.compare(u"true", Qt::CaseInsensitive) == 0)
            out = literal(true, position);
        else if (name.compare(u"false", Qt::CaseInsensitive) == 0)
            out = literal(false, position);
        else if (name.compare(u"null", Qt::CaseInsensitive) == 0)
            out = literal(nullptr, position);
        else if (rootOf(name) || findFunction(name.toUtf8().toStdString()) != nullptr)
            return fail(m_token.position, ExpressionText::tr("\"(\" is missing after \"%1\".").arg(name));
        else
            return fail(position,
                        ExpressionText::tr("\"%1\" is neither a function nor text in single quotes.").arg(name));
        return true;
    }

    // Behind "(".
    bool arguments(std::vector<Node> &out, int depth)
    {
        if (m_token.kind != Token::Kind::RightParenthesis) {
            for (;;) {
                Node argument;
                if (!expression(argument, depth + 1))
                    return false;
                out.push_back(std::move(argument));
                if (m_token.kind != Token::Kind::Comma)
                    break;
                advance();
            }
        }
        return expect(Token::Kind::RightParenthesis, ExpressionText::tr("\",\" or \")\""));
    }

    bool call(Node &out, QStringView name, qsizetype position, int depth)
    {
        const std::optional<ExpressionRoot> root = rootOf(name);
        const Function *function = root ? nullptr : findFunction(name.toUtf8().toStdString());
        if (!root && function == nullptr)
            return fail(position, unknownFunction(name));
        std::vector<Node> given;
        if (!arguments(given, depth))
            return false;
        if (root)
            return rootCall(out, *root, std::move(given), position);
        const int count = int(given.size());
        if (count < function->minimum || (function->maximum >= 0 && count > function->maximum))
            return fail(position, wrongCount(*function, count));
        out = {FunctionCall{function, std::move(given)}, int(position)};
        return true;
    }

    bool rootCall(Node &out, ExpressionRoot root, std::vector<Node> given, qsizetype position)
    {
        const bool isNamed = root == ExpressionRoot::Activity || root == ExpressionRoot::Variables;
        if (given.size() != (isNamed ? 1U : 0U))
            return fail(position,
                        isNamed ? ExpressionText::tr("%1() takes one argument, a name.").arg(toString(root))
                                : ExpressionText::tr("%1() takes no argument.").arg(toString(root)));
        RootAccess access{root, {}, {}};
        if (isNamed) {
            const auto *text = std::get_if<Literal>(&given.front().what);
            if (text != nullptr && text->value.is_string())
                access.name = text->value.get_ref<const std::string &>();
            else
                access.argument = std::make_unique<Node>(std::move(given.front()));
        }
        out = {std::move(access), int(position)};
        return true;
    }

    bool steps(Node &out, int depth)
    {
        std::vector<Step> found;
        for (;;) {
            const Token::Kind kind = m_token.kind;
            Step step;
            step.nullConditional = kind == Token::Kind::QuestionDot || kind == Token::Kind::QuestionBracket;
            if (kind == Token::Kind::Dot || kind == Token::Kind::QuestionDot) {
                m_token = m_lexer.memberName();
                if (m_token.kind == Token::Kind::Bad)
                    return fail(m_token.position, {});
                step.position = int(m_token.position);
                step.member = m_token.source.toUtf8().toStdString();
                advance();
            } else if (kind == Token::Kind::LeftBracket || kind == Token::Kind::QuestionBracket) {
                advance();
                if (!bracket(step, depth))
                    return false;
            } else {
                break;
            }
            found.push_back(std::move(step));
        }
        if (found.empty())
            return true;
        const int position = out.position;
        auto base = std::make_unique<Node>(std::move(out));
        out = {Access{std::move(base), std::move(found)}, position};
        return true;
    }

    bool bracket(Step &step, int depth)
    {
        step.position = int(m_token.position);
        Node key;
        if (!expression(key, depth + 1))
            return false;
        const auto *text = std::get_if<Literal>(&key.what);
        if (text != nullptr && text->value.is_string())
            step.member = text->value.get_ref<const std::string &>();
        else
            step.key = std::make_unique<Node>(std::move(key));
        return expect(Token::Kind::RightBracket, QStringLiteral("\"]\""));
    }

    Lexer m_lexer;
    Token m_token;
    std::optional<Error> m_error;
};

bool parseTyped(const QString &text, Node &root, std::optional<Error> &error)
{
    Parser parser(text, 1);
    bool ok = parser.expression(root, 1);
    if (ok && parser.token().kind != Token::Kind::End)
        ok = parser.fail(parser.token().position,
                         ExpressionText::tr("The expression ends before %1; put text and several expressions together "
                                            "with concat() or @{…}.")
                             .arg(named(parser.token())));
    error = parser.error();
    return ok;
}

// Text with "@{…}" in it; "@@{" is "@{" as text.
bool parseText(const QString &text, Node &root, std::optional<Error> &error)
{
    std::vector<Node> parts;
    QString plain;
    qsizetype plainStart = 0;
    const auto endPlain = [&] {
        if (!plain.isEmpty())
            parts.push_back(literal(toStdString(plain), plainStart));
        plain.clear();
    };
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype sign = text.indexOf(u'@', at);
        if (sign < 0) {
            plain += QStringView(text).mid(at);
            break;
        }
        qsizetype end = sign;
        while (end < text.size() && text[end] == u'@')
            ++end;
        const bool atBrace = end < text.size() && text[end] == u'{';
        plain += QStringView(text).mid(at, end - at - (atBrace ? 1 : 0));
        if (!atBrace || end - sign > 1) {
            at = end;
            continue;
        }
        endPlain();
        Parser parser(text, end + 1);
        Node part;
        bool ok = parser.expression(part, 1);
        if (ok && parser.token().kind != Token::Kind::RightBrace)
            ok = parser.fail(parser.token().position,
                             ExpressionText::tr("\"}\" is missing before %1.").arg(named(parser.token())));
        if (!ok) {
            error = parser.error();
            return false;
        }
        parts.push_back(std::move(part));
        at = parser.token().end;
        plainStart = at;
    }
    endPlain();
    root = interpolation(std::move(parts));
    return true;
}

} // namespace

bool isDynamicText(std::string_view text)
{
    if (text.empty())
        return false;
    if (text[0] == '@' && (text.size() == 1 || text[1] != '@'))
        return true;
    if (text[0] == '@' && text.substr(0, 3) != "@@{")
        return false;
    for (size_t at = text.find("@{"); at != std::string_view::npos; at = text.find("@{", at + 2)) {
        if (at == 0 || text[at - 1] != '@')
            return true;
    }
    return false;
}

Result<std::shared_ptr<const Ast>> parse(const QString &text)
{
    if (text.size() > maximumLength)
        return errorAt(0, ExpressionText::tr("The expression is longer than %1 characters.").arg(maximumLength));
    auto ast = std::make_shared<Ast>();
    std::optional<Error> error;
    const bool startsWithTwo = text.startsWith(u"@@") && !text.startsWith(u"@@{");
    ast->isText = !text.startsWith(u'@') || text.startsWith(u"@{") || text.startsWith(u"@@");
    if (startsWithTwo)
        ast->root = literal(toStdString(text.mid(1)), 0);
    else if (!(ast->isText ? parseText(text, ast->root, error) : parseTyped(text, ast->root, error)))
        return *error;
    collectReferences(ast->root, ast->references);
    return std::shared_ptr<const Ast>(std::move(ast));
}

} // namespace engine::expression
