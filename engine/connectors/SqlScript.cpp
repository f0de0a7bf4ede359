#include "engine/connectors/SqlScript.h"

#include <algorithm>

namespace engine {
namespace {

bool startsWord(QChar c) { return c.isLetter() || c == u'_' || c == u'@' || c == u'#' || c.unicode() >= 0x80; }

bool continuesWord(QChar c) { return startsWord(c) || c.isDigit() || c == u'$'; }

qsizetype endOfQuoted(QStringView script, qsizetype start, QChar quote, bool backslashEscapes)
{
    for (qsizetype i = start + 1; i < script.size(); ++i) {
        if (backslashEscapes && script[i] == u'\\') {
            ++i;
        } else if (script[i] == quote) {
            if (i + 1 == script.size() || script[i + 1] != quote)
                return i + 1;
            ++i; // doubled
        }
    }
    return script.size();
}

qsizetype endOfBlockComment(QStringView script, qsizetype start, bool nests)
{
    int depth = 1;
    qsizetype i = start + 2;
    while (i < script.size()) {
        const QStringView two = script.mid(i, 2);
        if (two == u"*/") {
            i += 2;
            if (--depth == 0)
                return i;
        } else if (nests && two == u"/*") {
            i += 2;
            ++depth;
        } else {
            ++i;
        }
    }
    return script.size();
}

// $$…$$ or $tag$…$tag$; `start` itself when it is something else, as $1.
qsizetype endOfDollarText(QStringView script, qsizetype start)
{
    qsizetype i = start + 1;
    while (i < script.size() && script[i] != u'$' && continuesWord(script[i]))
        ++i;
    const bool isTag = i < script.size() && script[i] == u'$' && (i == start + 1 || !script[start + 1].isDigit());
    if (!isTag)
        return start;
    const QStringView tag = script.mid(start, i + 1 - start);
    const qsizetype end = script.indexOf(tag, i + 1);
    return end < 0 ? script.size() : end + tag.size();
}

qsizetype endOfNumber(QStringView script, qsizetype start)
{
    qsizetype i = start;
    while (i < script.size() && (script[i].isLetterOrNumber() || script[i] == u'.'))
        ++i;
    return i;
}

// In PostgreSQL a bracket after a name or a value, or around numbers, is a subscript: a[1], ARRAY[1,2], int[].
bool isSubscript(QStringView inside, const SqlToken *before, bool touchesBefore)
{
    const bool onlyNumbers = std::all_of(
        inside.begin(), inside.end(), [](QChar c) { return c.isDigit() || c.isSpace() || c == u',' || c == u':'; });
    if (onlyNumbers || !before)
        return onlyNumbers;
    if (before->kind == SqlToken::Kind::Word
        && (touchesBefore || before->text.compare(u"array", Qt::CaseInsensitive) == 0))
        return true;
    if (before->kind == SqlToken::Kind::Symbol && (before->text == u")" || before->text == u"]"))
        return touchesBefore;
    return before->kind == SqlToken::Kind::Quoted && touchesBefore;
}

bool is(const SqlToken &token, QStringView word)
{
    return token.kind == SqlToken::Kind::Word && token.text.compare(word, Qt::CaseInsensitive) == 0;
}

bool isNothing(const SqlToken &token)
{
    return token.kind == SqlToken::Kind::Blank || token.kind == SqlToken::Kind::Comment;
}

} // namespace

QList<SqlToken> tokenizeSql(QStringView script, SqlDialect dialect)
{
    using Kind = SqlToken::Kind;
    const bool postgres = dialect == SqlDialect::PostgreSql;
    QList<SqlToken> tokens;
    qsizetype lastMeaning = -1; // index of the last token that is no blank or comment
    qsizetype i = 0;
    const auto add = [&](Kind kind, qsizetype end) {
        tokens.append({kind, script.mid(i, end - i)});
        if (!isNothing(tokens.last()))
            lastMeaning = tokens.size() - 1;
        i = end;
    };
    while (i < script.size()) {
        const QChar c = script[i];
        const QChar next = i + 1 < script.size() ? script[i + 1] : QChar();
        if (c.isSpace()) {
            qsizetype end = i + 1;
            while (end < script.size() && script[end].isSpace())
                ++end;
            add(Kind::Blank, end);
        } else if (c == u'-' && next == u'-') {
            const qsizetype end = script.indexOf(u'\n', i);
            add(Kind::Comment, end < 0 ? script.size() : end);
        } else if (c == u'/' && next == u'*') {
            add(Kind::Comment, endOfBlockComment(script, i, postgres));
        } else if (c == u'\'') {
            add(Kind::Text, endOfQuoted(script, i, c, false));
        } else if (postgres && (c == u'e' || c == u'E') && next == u'\'') {
            add(Kind::Text, endOfQuoted(script, i + 1, u'\'', true));
        } else if (c == u'"' || (!postgres && c == u'`')) {
            add(Kind::Quoted, endOfQuoted(script, i, c, false));
        } else if (c == u'[') {
            qsizetype end = i + 1;
            while (end < script.size() && (script[end] != u']' || script.mid(end, 2) == u"]]"))
                end += script[end] == u']' ? 2 : 1;
            const SqlToken *before = lastMeaning < 0 ? nullptr : &tokens.at(lastMeaning);
            const bool closed = end < script.size();
            if (!closed
                || (postgres && isSubscript(script.mid(i + 1, end - i - 1), before, lastMeaning == tokens.size() - 1)))
                add(Kind::Symbol, i + 1);
            else
                add(Kind::Bracketed, end + 1);
        } else if (postgres && c == u'$' && endOfDollarText(script, i) > i) {
            add(Kind::Text, endOfDollarText(script, i));
        } else if (c.isDigit()) {
            add(Kind::Number, endOfNumber(script, i));
        } else if (startsWord(c)) {
            qsizetype end = i + 1;
            while (end < script.size() && continuesWord(script[end]))
                ++end;
            add(Kind::Word, end);
        } else {
            add(Kind::Symbol, i + 1);
        }
    }
    return tokens;
}

QString translateScript(const QString &script, SqlDialect dialect)
{
    QString translated;
    translated.reserve(script.size());
    const QList<SqlToken> tokens = tokenizeSql(script, dialect);
    bool atStart = true; // of a statement
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const SqlToken &token = tokens.at(i);
        if (dialect == SqlDialect::PostgreSql && token.kind == SqlToken::Kind::Bracketed) {
            QString name = token.text.mid(1, token.text.size() - 2).toString();
            name.replace(QStringLiteral("]]"), QStringLiteral("]"));
            translated += quoteIdentifier(name);
        } else if (dialect == SqlDialect::Sqlite && atStart && is(token, u"truncate")) {
            qsizetype table = i + 1;
            while (table < tokens.size() && isNothing(tokens.at(table)))
                ++table;
            if (table < tokens.size() && is(tokens.at(table), u"table")) {
                translated += QStringLiteral("delete from");
                i = table;
            } else {
                translated += token.text;
            }
        } else {
            translated += token.text;
        }
        if (!isNothing(token))
            atStart = token.text == u";";
    }
    return translated;
}

std::optional<QString> transactionStatement(const QString &script, SqlDialect dialect)
{
    QList<SqlToken> tokens = tokenizeSql(script, dialect);
    tokens.removeIf(isNothing);
    bool atStart = true;
    int depth = 0; // inside BEGIN ATOMIC … END of a function's body
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const SqlToken &token = tokens.at(i);
        const auto follows = [&](qsizetype by, QStringView word) {
            return i + by < tokens.size() && is(tokens.at(i + by), word);
        };
        if (depth > 0 && is(token, u"case"))
            ++depth;
        else if (depth > 0 && is(token, u"end"))
            --depth;
        else if (!atStart && is(token, u"begin") && follows(1, u"atomic"))
            ++depth;
        else if (depth == 0 && atStart) {
            const bool toSavepoint =
                follows(1, u"to") || ((follows(1, u"work") || follows(1, u"transaction")) && follows(2, u"to"));
            if (is(token, u"commit") || is(token, u"end") || is(token, u"abort") || is(token, u"begin")
                || (is(token, u"rollback") && !toSavepoint) || (is(token, u"start") && follows(1, u"transaction"))
                || (is(token, u"prepare") && follows(1, u"transaction")))
                return token.text.toString().toUpper();
        }
        atStart = depth == 0 && token.text == u";";
    }
    return std::nullopt;
}

QString quoteIdentifier(const QString &name)
{
    QString quoted = name;
    quoted.replace(u'"', QStringLiteral("\"\""));
    return u'"' + quoted + u'"';
}

QString qualifiedName(const QString &schema, const QString &table)
{
    return schema.isEmpty() ? quoteIdentifier(table) : QString(quoteIdentifier(schema) + u'.' + quoteIdentifier(table));
}

} // namespace engine
