#include "engine/kernel/KernelStatement.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct KernelStatementText
{
    Q_DECLARE_TR_FUNCTIONS(engine::KernelStatement)
};

// Reads one statement from left to right.
class Reading
{
public:
    Reading(const CellSource &cell, TokenRange range, const QStringList &services)
        : m_cell(cell)
        , m_range(range)
        , m_services(services)
        , m_at(range.first)
    {
    }

    Result<KernelStatement> statement();

private:
    using Words = std::initializer_list<const char *>;

    bool isAt(Words words) const
    {
        qsizetype at = m_at;
        for (const char *word : words) {
            if (at >= m_range.last || !m_cell.tokens.at(at).isWord(m_cell.sql, QLatin1String(word)))
                return false;
            ++at;
        }
        return true;
    }
    bool take(Words words)
    {
        if (!isAt(words))
            return false;
        m_at += qsizetype(words.size());
        return true;
    }
    bool isAtSign(char sign) const { return m_at < m_range.last && m_cell.tokens.at(m_at).isSign(m_cell.sql, sign); }
    bool isAtEnd() const { return m_at >= m_range.last; }
    TokenRange rest() const { return {m_at, m_range.last}; }

    Error expected(const QString &what) const
    {
        if (isAtEnd())
            return errorAt(m_cell.endOf(m_range), KernelStatementText::tr("%1 is missing at the end.").arg(what));
        return errorAt(m_cell.startOf(m_at),
                       KernelStatementText::tr("%1 should stand here, not “%2”.")
                           .arg(what, QString::fromUtf8(m_cell.tokens.at(m_at).source(m_cell.sql))));
    }

    Result<NamedModel> modelName();
    Result<QList<StatementOption>> options();
    Result<TokenRange> query(bool needsAs);
    Result<TokenRange> fileText();
    Result<> end() const { return isAtEnd() ? Result<>() : Result<>(expected(KernelStatementText::tr("The end"))); }
    std::optional<NamedTable> boundTable();
    Result<KernelStatement> createModel(bool replaces, bool isTemporary);
    Result<KernelStatement> exportModel();
    Result<KernelStatement> exportRows();
    Result<KernelStatement> insertRows();

    const CellSource &m_cell;
    const TokenRange m_range;
    const QStringList &m_services;
    qsizetype m_at;
};

Result<NamedModel> Reading::modelName()
{
    if (isAtEnd() || !m_cell.tokens.at(m_at).isName() || isAt({"as"}) || isAt({"options"}) || isAt({"from"}))
        return expected(KernelStatementText::tr("The name of a model"));
    return takeModelName(m_cell, m_at, m_range.last);
}

Result<QList<StatementOption>> Reading::options()
{
    QList<StatementOption> options;
    if (!take({"options"}))
        return options;
    if (!isAtSign('('))
        return expected(QStringLiteral("“(”"));
    const qsizetype behind = behindBracket(m_cell, m_at, m_range.last);
    const qsizetype close = behind - 1;
    if (!m_cell.tokens.at(close).isSign(m_cell.sql, ')') || close == m_at)
        return errorAt(m_cell.startOf(m_at), KernelStatementText::tr("The bracket of OPTIONS is never closed."));
    ++m_at;
    while (m_at < close) {
        StatementOption option;
        option.position = m_cell.startOf(m_at);
        if (!m_cell.tokens.at(m_at).isName())
            return expected(KernelStatementText::tr("The name of an option"));
        option.name = m_cell.tokens.at(m_at++).name(m_cell.sql).toLower();
        if (!isAtSign('='))
            return expected(QStringLiteral("“=”"));
        option.value.first = ++m_at;
        while (m_at < close && !isAtSign(',')) {
            const bool opens = isAtSign('(') || isAtSign('[') || isAtSign('{');
            m_at = opens ? std::min(behindBracket(m_cell, m_at, close), close) : m_at + 1;
        }
        option.value.last = m_at;
        if (option.value.isEmpty())
            return expected(KernelStatementText::tr("The value of %1").arg(option.name));
        for (const StatementOption &other : options) {
            if (other.name == option.name)
                return errorAt(option.position,
                               KernelStatementText::tr("The option %1 is there twice.").arg(option.name));
        }
        options.append(option);
        if (isAtSign(','))
            ++m_at;
    }
    m_at = behind;
    return options;
}

Result<TokenRange> Reading::query(bool needsAs)
{
    if (!take({"as"}) && needsAs)
        return expected(QStringLiteral("AS"));
    if (isAtEnd())
        return expected(KernelStatementText::tr("A query"));
    const bool isQuery = isAt({"select"}) || isAt({"with"}) || isAt({"from"}) || isAt({"values"}) || isAt({"table"})
        || isAt({"pivot"}) || isAt({"unpivot"}) || isAtSign('(');
    if (!isQuery)
        return expected(KernelStatementText::tr("A query"));
    return rest();
}

Result<TokenRange> Reading::fileText()
{
    if (isAtEnd())
        return expected(KernelStatementText::tr("A file name in quotes"));
    const TokenRange file = rest();
    m_at = m_range.last;
    return file;
}

// service.table or service.schema.table, when `service` is bound.
std::optional<NamedTable> Reading::boundTable()
{
    QStringList names;
    qsizetype at = m_at;
    while (at < m_range.last && m_cell.tokens.at(at).isName() && names.size() < 3) {
        names += m_cell.tokens.at(at++).name(m_cell.sql);
        if (at >= m_range.last || !m_cell.tokens.at(at).isSign(m_cell.sql, '.'))
            break;
        ++at;
    }
    if (names.size() < 2)
        return {};
    for (const QString &service : m_services) {
        if (service.compare(names.first(), Qt::CaseInsensitive) != 0)
            continue;
        const NamedTable table{
            service, names.size() == 3 ? names.at(1) : QString(), names.last(), m_cell.startOf(m_at)};
        m_at = at;
        return table;
    }
    return {};
}

Result<KernelStatement> Reading::createModel(bool replaces, bool isTemporary)
{
    CreateModel create;
    create.replaces = replaces;
    create.isTemporary = isTemporary;
    create.mayExist = take({"if", "not", "exists"});
    const Result<NamedModel> model = modelName();
    if (!model)
        return model.error();
    create.model = *model;
    Result<QList<StatementOption>> given = options();
    if (!given)
        return given.error();
    create.options = *std::move(given);
    const Result<TokenRange> rows = query(false);
    if (!rows)
        return rows.error();
    create.query = *rows;
    return KernelStatement(create);
}

Result<KernelStatement> Reading::exportModel()
{
    ExportModel out;
    const Result<NamedModel> model = modelName();
    if (!model)
        return model.error();
    out.model = *model;
    if (isAt({"options"})) {
        const Result<QList<StatementOption>> given = options();
        if (!given)
            return given.error();
        for (const StatementOption &option : *given) {
            if (option.name != u"uri")
                return errorAt(option.position,
                               KernelStatementText::tr("EXPORT MODEL has no option %1, only uri.").arg(option.name));
            out.file = option.value;
        }
        if (out.file.isEmpty())
            return errorAt(m_cell.endOf(m_range), KernelStatementText::tr("The option uri is missing."));
        if (const Result<> ended = end(); !ended)
            return ended.error();
        return KernelStatement(out);
    }
    if (!take({"to"}))
        return expected(QStringLiteral("TO"));
    const Result<TokenRange> file = fileText();
    if (!file)
        return file.error();
    out.file = *file;
    return KernelStatement(out);
}

Result<KernelStatement> Reading::exportRows()
{
    ExportRows out;
    out.position = m_cell.startOf(m_range.first);
    Result<QList<StatementOption>> given = options();
    if (!given)
        return given.error();
    out.options = *std::move(given);
    const Result<TokenRange> rows = query(true);
    if (!rows)
        return rows.error();
    out.query = *rows;
    return KernelStatement(out);
}

// Anything else than a bound table stays DuckDB's business.
Result<KernelStatement> Reading::insertRows()
{
    InsertRows insert;
    if (take({"insert", "overwrite"})) {
        insert.overwrites = true;
        if (!take({"into"}))
            take({"table"});
    } else if (take({"insert"})) {
        take({"into"});
    } else {
        insert.makesTable = true;
        if (!take({"create", "table"}))
            return KernelStatement(PlainStatement{m_range});
        insert.mayExist = take({"if", "not", "exists"});
    }
    const std::optional<NamedTable> table = boundTable();
    if (!table)
        return KernelStatement(PlainStatement{m_range});
    insert.table = *table;
    if (!insert.makesTable && isAtSign('(') && m_at + 1 < m_range.last && m_cell.tokens.at(m_at + 1).isName()
        && !m_cell.tokens.at(m_at + 1).isWord(m_cell.sql, QLatin1String("select"))
        && !m_cell.tokens.at(m_at + 1).isWord(m_cell.sql, QLatin1String("from"))
        && !m_cell.tokens.at(m_at + 1).isWord(m_cell.sql, QLatin1String("with"))) {
        ++m_at;
        while (!isAtEnd() && !isAtSign(')')) {
            if (!m_cell.tokens.at(m_at).isName())
                return expected(KernelStatementText::tr("The name of a column"));
            insert.columns += m_cell.tokens.at(m_at++).name(m_cell.sql);
            if (isAtSign(','))
                ++m_at;
        }
        if (isAtEnd())
            return expected(QStringLiteral("“)”"));
        ++m_at;
    }
    const Result<TokenRange> rows = query(insert.makesTable);
    if (!rows)
        return rows.error();
    insert.query = *rows;
    return KernelStatement(insert);
}

Result<KernelStatement> Reading::statement()
{
    for (const bool replaces : {true, false}) {
        const qsizetype first = m_at;
        if (!(replaces ? take({"create", "or", "replace"}) : take({"create"})))
            continue;
        const bool isTemporary = take({"temp"}) || take({"temporary"});
        if (take({"model"}))
            return createModel(replaces, isTemporary);
        m_at = first;
    }
    if (take({"drop", "model"})) {
        DropModel drop;
        drop.mayMiss = take({"if", "exists"});
        const Result<NamedModel> model = modelName();
        if (!model)
            return model.error();
        drop.model = *model;
        if (const Result<> ended = end(); !ended)
            return ended.error();
        return KernelStatement(drop);
    }
    if (take({"show", "models"})) {
        if (const Result<> ended = end(); !ended)
            return ended.error();
        return KernelStatement(ShowModels{});
    }
    if (take({"import", "model"}) || take({"import", "or", "replace", "model"})) {
        const Result<NamedModel> model = modelName();
        if (!model)
            return model.error();
        if (!take({"from"}))
            return expected(QStringLiteral("FROM"));
        const Result<TokenRange> file = fileText();
        if (!file)
            return file.error();
        return KernelStatement(ImportModel{*model, *file});
    }
    if (take({"export", "model"}))
        return exportModel();
    if (take({"export", "data"}))
        return exportRows();
    if (take({"exit"}))
        return KernelStatement(ExitNotebook{rest()});
    if (isAt({"insert"}) || isAt({"create"}))
        return insertRows();
    return KernelStatement(PlainStatement{m_range});
}

} // namespace

qsizetype behindBracket(const CellSource &cell, qsizetype open, qsizetype last)
{
    int depth = 0;
    for (qsizetype at = open; at < last; ++at) {
        const SqlToken &token = cell.tokens.at(at);
        if (token.kind != SqlToken::Kind::Sign)
            continue;
        const char sign = cell.sql.at(token.start);
        if (sign == '(' || sign == '[' || sign == '{')
            ++depth;
        else if ((sign == ')' || sign == ']' || sign == '}') && --depth <= 0)
            return at + 1;
    }
    return last;
}

NamedModel takeModelName(const CellSource &cell, qsizetype &at, qsizetype last)
{
    const auto isSign = [&](char sign) { return at + 1 < last && cell.tokens.at(at).isSign(cell.sql, sign); };
    NamedModel model{cell.tokens.at(at).name(cell.sql), cell.startOf(at)};
    ++at;
    while (isSign('.') && cell.tokens.at(at + 1).isName()) {
        model.name += u'.' + cell.tokens.at(at + 1).name(cell.sql); // dataset.model: one name here
        at += 2;
    }
    const bool hasVersion = isSign('/') && cell.tokens.at(at + 1).kind == SqlToken::Kind::Number;
    const bool hasAlias = isSign('@') && cell.tokens.at(at + 1).isName();
    if (hasVersion || hasAlias) {
        model.name += QString::fromUtf8(cell.tokens.at(at).source(cell.sql))
            + (hasAlias ? cell.tokens.at(at + 1).name(cell.sql)
                        : QString::fromUtf8(cell.tokens.at(at + 1).source(cell.sql)));
        at += 2;
    }
    return model;
}

QList<TokenRange> statementsIn(const CellSource &cell)
{
    QList<TokenRange> statements;
    qsizetype first = 0;
    for (qsizetype at = 0; at <= cell.tokens.size(); ++at) {
        if (at < cell.tokens.size() && !cell.tokens.at(at).isSign(cell.sql, ';'))
            continue;
        if (at > first)
            statements.append({first, at});
        first = at + 1;
    }
    return statements;
}

Result<KernelStatement> readStatement(const CellSource &cell, TokenRange range, const QStringList &services)
{
    return Reading(cell, range, services).statement();
}

} // namespace engine
