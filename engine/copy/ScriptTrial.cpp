#include "engine/copy/CopyTrial.h"

#include "engine/connectors/SqlScript.h"
#include "engine/copy/Endpoints.h"

#include <QCoreApplication>
#include <QLocale>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace engine {

namespace {

constexpr std::chrono::seconds lockLimit{2};
constexpr std::chrono::seconds limit{10};
constexpr std::chrono::milliseconds pollInterval{50};

// The context of this file's texts for translators.
struct ScriptTrialText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ScriptTrial)
};

// Cancels a token when it was not destroyed in time, or when that of the user is cancelled.
class Deadline
{
public:
    Deadline(const CancelToken &token, const CancelToken &user) : m_thread([this, token, user] { watch(token, user); })
    {
    }
    ~Deadline()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isOver = true;
        }
        m_changed.notify_all();
        m_thread.join();
    }
    Deadline(const Deadline &) = delete;
    Deadline &operator=(const Deadline &) = delete;

    bool isLate()
    {
        const std::lock_guard lock(m_mutex);
        return m_isLate;
    }

private:
    void watch(const CancelToken &token, const CancelToken &user)
    {
        const auto end = std::chrono::steady_clock::now() + limit;
        std::unique_lock lock(m_mutex);
        while (!m_changed.wait_for(lock, pollInterval, [this] { return m_isOver; })) {
            m_isLate = std::chrono::steady_clock::now() >= end;
            if (m_isLate || user.isCancelled()) {
                token.cancel();
                return;
            }
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isOver = false;
    bool m_isLate = false;
    std::thread m_thread; // last: it uses the others
};

bool isWord(const SqlToken &token, QStringView word)
{
    return token.kind == SqlToken::Kind::Word && token.text.compare(word, Qt::CaseInsensitive) == 0;
}

bool isNothing(const SqlToken &token)
{
    return token.kind == SqlToken::Kind::Blank || token.kind == SqlToken::Kind::Comment;
}

// The name that begins at `at`, as it is shown: without quotes and brackets.
QString nameAt(const QList<SqlToken> &tokens, qsizetype at)
{
    QString name;
    for (; at < tokens.size(); ++at) {
        const SqlToken &token = tokens.at(at);
        if (token.kind == SqlToken::Kind::Bracketed || token.kind == SqlToken::Kind::Quoted)
            name += token.text.mid(1, token.text.size() - 2);
        else if (token.kind == SqlToken::Kind::Word && (name.isEmpty() || name.endsWith(u'.')))
            name += token.text;
        else if (token.kind == SqlToken::Kind::Symbol && token.text == u"." && !name.isEmpty())
            name += u'.';
        else
            break;
    }
    return name;
}

TriedStatement describe(const QString &text, SqlDialect dialect)
{
    TriedStatement statement;
    statement.text = text.trimmed();
    QList<SqlToken> tokens = tokenizeSql(statement.text, dialect);
    tokens.removeIf(isNothing);
    if (tokens.isEmpty())
        return statement;
    statement.kind = tokens.first().text.toString().toLower();
    qsizetype at = 1;
    while (at < tokens.size()
           && (isWord(tokens.at(at), u"from") || isWord(tokens.at(at), u"into") || isWord(tokens.at(at), u"table")
               || isWord(tokens.at(at), u"only")))
        ++at;
    static const QStringList named = {
        QStringLiteral("delete"), QStringLiteral("update"), QStringLiteral("insert"), QStringLiteral("truncate")};
    if (named.contains(statement.kind))
        statement.table = nameAt(tokens, at);
    return statement;
}

// Statements as they are written; one that has statements within it keeps all together.
QList<TriedStatement> statementsOf(const QString &script, SqlDialect dialect)
{
    const QList<SqlToken> tokens = tokenizeSql(script, dialect);
    QStringList texts{QString()};
    const bool isNested =
        std::any_of(tokens.begin(), tokens.end(), [](const SqlToken &token) { return isWord(token, u"begin"); });
    for (const SqlToken &token : tokens) {
        if (!isNested && token.kind == SqlToken::Kind::Symbol && token.text == u";")
            texts.append(QString());
        else
            texts.last() += token.text;
    }
    QList<TriedStatement> statements;
    for (const QString &text : std::as_const(texts)) {
        const TriedStatement statement = describe(text, dialect);
        if (!statement.kind.isEmpty())
            statements.append(statement);
    }
    return statements;
}

QString sentenceOf(const TriedStatement &statement)
{
    const QString rows = QLocale(QLocale::English, QLocale::UnitedStates).toString(statement.rows);
    const bool isOne = statement.rows == 1;
    if (statement.table.isEmpty() || statement.rows < 0)
        return statement.rows > 0 ? ScriptTrialText::tr("%1: rows changed: %2").arg(statement.kind.toUpper(), rows)
                                  : ScriptTrialText::tr("%1 runs").arg(statement.kind.toUpper());
    if (statement.kind == u"delete" || statement.kind == u"truncate")
        return isOne ? ScriptTrialText::tr("deletes one row from %1").arg(statement.table)
                     : ScriptTrialText::tr("deletes %1 rows from %2").arg(rows, statement.table);
    if (statement.kind == u"update")
        return isOne ? ScriptTrialText::tr("updates one row of %1").arg(statement.table)
                     : ScriptTrialText::tr("updates %1 rows of %2").arg(rows, statement.table);
    return isOne ? ScriptTrialText::tr("inserts one row into %1").arg(statement.table)
                 : ScriptTrialText::tr("inserts %1 rows into %2").arg(rows, statement.table);
}

std::optional<Error> whyUnsafe(const QString &script, const QList<TriedStatement> &statements, SqlDialect dialect)
{
    if (const auto ends = transactionStatement(script, dialect))
        return Error{ErrorCode::Unsupported,
                     ScriptTrialText::tr("The script begins or ends a transaction (%1), so that it cannot be tried "
                                         "without leaving something behind.")
                         .arg(*ends),
                     QStringLiteral("preCopyScript")};
    static const QStringList outside = {QStringLiteral("attach"),
                                        QStringLiteral("detach"),
                                        QStringLiteral("pragma"),
                                        QStringLiteral("vacuum"),
                                        QStringLiteral("copy"),
                                        QStringLiteral("call"),
                                        QStringLiteral("do"),
                                        QStringLiteral("exec"),
                                        QStringLiteral("execute"),
                                        QStringLiteral("set"),
                                        QStringLiteral("load"),
                                        QStringLiteral("checkpoint"),
                                        QStringLiteral("notify")};
    for (const TriedStatement &statement : statements) {
        if (outside.contains(statement.kind))
            return Error{ErrorCode::Unsupported,
                         ScriptTrialText::tr("The script uses %1, which may act outside of the transaction: it cannot "
                                             "be tried without leaving something behind.")
                             .arg(statement.kind.toUpper()),
                         QStringLiteral("preCopyScript")};
    }
    return {};
}

// TRUNCATE would lock out every reader and does not say how many rows there were; DELETE counts and locks little.
QString triedText(const TriedStatement &statement, SqlDialect dialect)
{
    if (statement.kind != u"truncate" || dialect == SqlDialect::Sqlite || statement.table.isEmpty())
        return statement.text;
    QStringList parts;
    for (const QString &part : statement.table.split(u'.'))
        parts.append(quoteIdentifier(part));
    return QStringLiteral("DELETE FROM ") + parts.join(u'.');
}

} // namespace

Result<ScriptTrial> tryScript(const CopyPlan &plan, const CancelToken &cancel)
{
    ScriptTrial trial;
    const bool isSqlite = std::holds_alternative<SqliteTableSink>(plan.sink);
    const auto dialect = isSqlite ? SqlDialect::Sqlite : SqlDialect::PostgreSql;
    trial.statements = statementsOf(plan.preCopyScript, dialect);
    if (trial.statements.isEmpty()) {
        trial.sentence = ScriptTrialText::tr("There is no pre-copy script.");
        trial.rows = 0;
        return trial;
    }
    if (const auto unsafe = whyUnsafe(plan.preCopyScript, trial.statements, dialect))
        return *unsafe;
    CopySink described = plan.sink;
    if (auto *sqlite = std::get_if<SqliteTableSink>(&described))
        sqlite->busyTimeout = lockLimit;
    const CancelToken token;
    Deadline deadline(token, cancel);
    const auto sink = makeSink(described);
    const auto explained = [&](const Error &error) {
        if (cancel.isCancelled())
            return Error{ErrorCode::Cancelled, {}, {}};
        if (deadline.isLate())
            return Error{ErrorCode::Timeout,
                         ScriptTrialText::tr("The script was stopped after %1 s, so that the table is not held longer; "
                                             "nothing was changed.")
                             .arg(limit.count()),
                         error.where};
        return sink->isTransient() ? Error{ErrorCode::Conflict, error.message, error.where} : error;
    };
    if (const auto opened = sink->open(token); !opened)
        return explained(opened.error());
    if (const auto begun = sink->begin(); !begun)
        return explained(begun.error());
    if (!isSqlite) {
        const QString limits = QStringLiteral("SET LOCAL lock_timeout='%1s'; SET LOCAL statement_timeout='%2s'")
                                   .arg(lockLimit.count())
                                   .arg(limit.count());
        if (const auto set = sink->runScript(limits); !set)
            return explained(set.error());
    }
    QStringList sentences;
    trial.rows = 0;
    for (TriedStatement &statement : trial.statements) {
        if (cancel.isCancelled())
            return Error{ErrorCode::Cancelled, {}, {}};
        const auto rows = sink->runScript(triedText(statement, dialect));
        if (!rows)
            return explained(rows.error());
        statement.rows = *rows;
        statement.sentence = sentenceOf(statement);
        sentences.append(statement.sentence);
        trial.rows = *rows < 0 || trial.rows < 0 ? -1 : trial.rows + *rows;
    }
    sink->rollBack();
    trial.sentence = sentences.join(QStringLiteral("; ")) + u'.';
    trial.sentence[0] = trial.sentence.at(0).toUpper();
    return trial;
}

} // namespace engine
