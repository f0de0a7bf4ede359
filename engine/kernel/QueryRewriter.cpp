#include "engine/kernel/QueryRewriter.h"

#include "engine/kernel/BoundTables.h"
#include "engine/kernel/ModelCalls.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct QueryRewriterText
{
    Q_DECLARE_TR_FUNCTIONS(engine::QueryRewriter)
};

bool isOneOf(const QString &word, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(), [&word](const char *other) { return word == QLatin1String(other); });
}

bool endsFrom(const QString &word)
{
    return isOneOf(word,
                   {"select",
                    "where",
                    "group",
                    "order",
                    "having",
                    "window",
                    "qualify",
                    "limit",
                    "offset",
                    "on",
                    "set",
                    "values",
                    "union",
                    "except",
                    "intersect",
                    "returning"});
}

// What may stand behind a table instead of its alias.
bool followsTable(const QString &word)
{
    return endsFrom(word)
        || isOneOf(word,
                   {"join",
                    "inner",
                    "left",
                    "right",
                    "full",
                    "cross",
                    "natural",
                    "asof",
                    "positional",
                    "semi",
                    "anti",
                    "using",
                    "pivot",
                    "unpivot",
                    "tablesample",
                    "fetch",
                    "for"});
}

} // namespace

QueryRewriter::QueryRewriter(const CellSource &cell, QueryWorld &world) : m_cell(cell), m_world(world) { }

bool QueryRewriter::isSign(qsizetype at, TokenRange range, char sign) const
{
    return at >= range.first && at < range.last && m_cell.tokens.at(at).isSign(m_cell.sql, sign);
}

bool QueryRewriter::isWord(qsizetype at, TokenRange range, const char *word) const
{
    return at >= range.first && at < range.last && m_cell.tokens.at(at).isWord(m_cell.sql, QLatin1String(word));
}

Result<MappedText> QueryRewriter::rewrite(TokenRange range, bool isTable)
{
    MappedText made;
    if (isTable)
        made.add("FROM ", m_cell.startOf(range.first));
    const std::vector<Clause> outer = std::exchange(m_clauses, {Clause{isTable, isTable, false}});
    if (m_firstWord.isEmpty() && !range.isEmpty())
        m_firstWord = m_cell.tokens.at(range.first).name(m_cell.sql).toLower();
    qsizetype at = range.first;
    qsizetype copied = m_cell.startOf(range.first);
    while (at < range.last) {
        MappedText replaced;
        const Result<qsizetype> next = takeToken(at, range, replaced);
        if (!next)
            return next.error();
        if (*next > at) {
            made.copy(m_cell.sql, copied, m_cell.startOf(at));
            made.append(replaced);
            copied = m_cell.tokens.at(*next - 1).end;
        }
        at = std::max(*next, at + 1);
    }
    made.copy(m_cell.sql, copied, m_cell.endOf(range));
    m_clauses = outer;
    return made;
}

// The token behind what was replaced; `at` itself when nothing was.
Result<qsizetype> QueryRewriter::takeToken(qsizetype at, TokenRange range, MappedText &made)
{
    const SqlToken &token = m_cell.tokens.at(at);
    if (token.kind == SqlToken::Kind::Sign) {
        if (const std::optional<qsizetype> next = takeVariable(at, range, made))
            return *next;
        followSign(at);
        return at;
    }
    if (token.kind == SqlToken::Kind::Text) {
        m_clauses.back().awaitsTable = false;
        const QString path = token.text(m_cell.sql);
        const QString here = m_world.context.pathHere(path);
        if (here == path)
            return at;
        made.add(duckText(here).toUtf8(), token.start);
        return at + 1;
    }
    if (token.isName())
        return takeWord(at, range, made);
    m_clauses.back().awaitsTable = false;
    return at;
}

void QueryRewriter::followSign(qsizetype at)
{
    const char sign = m_cell.sql.at(m_cell.tokens.at(at).start);
    Clause &clause = m_clauses.back();
    if (sign == '(' || sign == '[' || sign == '{') {
        const bool awaits = sign == '(' && clause.awaitsTable;
        clause.awaitsTable = false;
        m_clauses.push_back({awaits, awaits, sign != '('});
    } else if ((sign == ')' || sign == ']' || sign == '}') && m_clauses.size() > 1) {
        m_clauses.pop_back();
    } else if (sign == ',') {
        clause.awaitsTable = clause.isFrom;
    } else {
        clause.awaitsTable = false;
    }
}

Result<qsizetype> QueryRewriter::takeWord(qsizetype at, TokenRange range, MappedText &made)
{
    const SqlToken &token = m_cell.tokens.at(at);
    Clause &clause = m_clauses.back();
    const bool isPart = isSign(at - 1, range, '.');
    const QString word = token.kind == SqlToken::Kind::Word ? token.name(m_cell.sql).toLower() : QString();
    if (!isPart && word == u"ml" && isSign(at + 1, range, '.') && isSign(at + 3, range, '(')) {
        clause.awaitsTable = false;
        return ModelCalls(m_cell, m_world, *this).take(at, range, made);
    }
    if (!isPart && m_isValue && word == u"struct" && isSign(at + 1, range, '(')) {
        clause.awaitsTable = false;
        return takeStruct(at, range, made);
    }
    if (!isPart
        && (word == u"from" || word == u"join" || word == u"table" || word == u"describe" || word == u"summarize"
            || word == u"update" || word == u"into")) {
        clause.isFrom = word == u"from" || (clause.isFrom && word == u"join");
        clause.awaitsTable = true;
        return at;
    }
    if (!isPart && endsFrom(word)) {
        clause.isFrom = false;
        clause.awaitsTable = false;
        return at;
    }
    if (clause.awaitsTable && !isPart) {
        if (word == u"lateral" || word == u"only" || word == u"exists" || word == u"if")
            return at;
        clause.awaitsTable = false;
        return takeBoundTable(at, range, made);
    }
    return at;
}

// STRUCT('a', 0.2) and STRUCT('a' AS label, 0.2 AS weight): DuckDB wants a name for each member.
Result<qsizetype> QueryRewriter::takeStruct(qsizetype at, TokenRange range, MappedText &made)
{
    const qsizetype behind = behindBracket(m_cell, at + 1, range.last);
    const qsizetype close = behind - 1;
    if (!m_cell.tokens.at(close).isSign(m_cell.sql, ')'))
        return errorAt(m_cell.startOf(at + 1), QueryRewriterText::tr("This bracket is never closed."));
    made.add("{", m_cell.startOf(at));
    int members = 0;
    for (qsizetype token = at + 2; token < close; ++token) {
        TokenRange member{token, token};
        while (token < close && !m_cell.tokens.at(token).isSign(m_cell.sql, ',')) {
            const bool opens = isSign(token, range, '(') || isSign(token, range, '[') || isSign(token, range, '{');
            token = opens ? std::min(behindBracket(m_cell, token, close), close) : token + 1;
        }
        member.last = token;
        if (member.isEmpty())
            return errorAt(m_cell.startOf(token), QueryRewriterText::tr("A value is missing here."));
        QString name = QStringLiteral("f%1").arg(members);
        const bool isNamed = member.last - member.first > 2 && isWord(member.last - 2, member, "as")
            && m_cell.tokens.at(member.last - 1).isName();
        if (isNamed) {
            name = m_cell.tokens.at(member.last - 1).name(m_cell.sql);
            member.last -= 2;
        }
        const Result<MappedText> value = rewrite(member);
        if (!value)
            return value.error();
        made.add(((members++ > 0 ? QStringLiteral(", ") : QString()) + duckText(name) + QStringLiteral(": ")).toUtf8(),
                 m_cell.startOf(member.first));
        made.append(*value);
    }
    made.add("}", m_cell.startOf(close));
    return behind;
}

Result<qsizetype> QueryRewriter::takeBoundTable(qsizetype at, TokenRange range, MappedText &made)
{
    QStringList names;
    qsizetype next = at;
    while (next < range.last && m_cell.tokens.at(next).isName() && names.size() < 3) {
        names += m_cell.tokens.at(next++).name(m_cell.sql);
        if (!isSign(next, range, '.'))
            break;
        ++next;
    }
    const std::optional<QString> service =
        names.size() < 2 ? std::optional<QString>() : m_world.tables.serviceNamed(names.first());
    if (!service)
        return at;
    const NamedTable table{*service, names.size() == 3 ? names.at(1) : QString(), names.last(), m_cell.startOf(at)};
    if (isOneOf(m_firstWord, {"delete", "update", "drop", "alter", "truncate", "merge", "create", "insert"})
        && !isWord(at - 1, range, "from") && !isWord(at - 1, range, "join") && !isSign(at - 1, range, ','))
        return errorAt(table.position,
                       QueryRewriterText::tr("%1 is a bound database: a cell can read its tables, and write them by "
                                             "INSERT INTO … SELECT and CREATE TABLE … AS. A Script activity does the "
                                             "rest.")
                           .arg(*service),
                       ErrorCode::Unsupported);
    const Result<QString> function =
        m_world.tables.publish(table, m_world.session, QStringLiteral("slipway_rows_%1").arg(++m_world.functions));
    if (!function)
        return errorAt(table.position, function.error().message, function.error().code);
    QString sql = *function + QStringLiteral("()");
    if (isWord(at - 1, range, "describe") || isWord(at - 1, range, "summarize"))
        sql.prepend(QStringLiteral("FROM "));
    const bool hasAlias = next < range.last && m_cell.tokens.at(next).isName()
        && !followsTable(m_cell.tokens.at(next).name(m_cell.sql).toLower());
    if (!hasAlias)
        sql += QStringLiteral(" AS ") + duckName(table.table);
    made.add(sql.toUtf8(), table.position);
    return next;
}

void QueryRewriter::readVariables()
{
    m_variables.emplace();
    const auto rows = m_world.session.query(QStringLiteral("SELECT lower(name) FROM duckdb_variables()"));
    DuckBatch batch;
    while (rows) {
        const Result<bool> more = (*rows)->next(batch);
        if (!more || !*more)
            return;
        for (const std::string_view name : batch.columns.front().bytes)
            m_variables->insert(QString::fromUtf8(name.data(), qsizetype(name.size())));
    }
}

// :name where no type or slice can be meant, and ${name}.
std::optional<qsizetype> QueryRewriter::takeVariable(qsizetype at, TokenRange range, MappedText &made)
{
    const qsizetype start = m_cell.startOf(at);
    qsizetype name = 0;
    qsizetype next = 0;
    if (isSign(at, range, '$') && isSign(at + 1, range, '{') && isSign(at + 3, range, '}')) {
        name = at + 2;
        next = at + 4;
    } else if (isSign(at, range, ':') && !isSign(at - 1, range, ':') && !m_clauses.back().isBrackets
               && at + 1 < range.last && m_cell.startOf(at + 1) == start + 1) {
        name = at + 1;
        next = at + 2;
    }
    if (next == 0 || m_cell.tokens.at(name).kind != SqlToken::Kind::Word)
        return {};
    if (!m_variables)
        readVariables();
    const QString variable = m_cell.tokens.at(name).name(m_cell.sql).toLower();
    if (!m_variables->contains(variable))
        return {};
    m_clauses.back().awaitsTable = false;
    made.add(QStringLiteral("getvariable(%1)").arg(duckText(variable)).toUtf8(), start);
    return next;
}

Error QueryRewriter::placed(const Error &error, const MappedText &text, qsizetype before) const
{
    const std::optional<int> position = m_world.session.errorPosition();
    if (error.code == ErrorCode::Cancelled || !position)
        return {error.code, error.message, {}};
    return errorAt(text.positionInCell(std::max<qsizetype>(0, *position - before)), error.message, error.code);
}

Result<QueryRewriter::Described> QueryRewriter::describe(TokenRange query, bool isTable)
{
    Result<MappedText> text = rewrite(query, isTable);
    if (!text)
        return text.error();
    Result<QList<DuckColumn>> columns = m_world.session.describe(QString::fromUtf8(text->text()));
    if (!columns)
        return placed(columns.error(), *text);
    return Described{*std::move(text), *std::move(columns)};
}

Result<Json> QueryRewriter::value(TokenRange expression)
{
    m_isValue = true;
    const Result<MappedText> text = rewrite(expression);
    m_isValue = false;
    if (!text)
        return text.error();
    const QString begin = QStringLiteral("SELECT to_json((");
    const QString sql = begin + QString::fromUtf8(text->text()) + QStringLiteral("\n))::VARCHAR");
    const auto rows = m_world.session.query(sql);
    if (!rows)
        return placed(rows.error(), *text, begin.size());
    DuckBatch batch;
    const Result<bool> more = (*rows)->next(batch);
    if (!more)
        return placed(more.error(), *text, begin.size());
    if (!*more || batch.rows != 1 || !batch.columns.front().valid.front())
        return Json();
    const std::string_view json = batch.columns.front().bytes.front();
    return parseJson(QByteArray(json.data(), qsizetype(json.size())), {});
}

} // namespace engine
