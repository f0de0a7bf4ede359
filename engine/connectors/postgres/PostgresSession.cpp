#include "engine/connectors/postgres/PostgresSession.h"

#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>

#include <cmath>

namespace engine {

namespace {

struct PostgresSessionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresSession)
};

// Of pg_type; they never change.
enum : Oid {
    BoolType = 16,
    ByteaType = 17,
    Int8Type = 20,
    Int2Type = 21,
    Int4Type = 23,
    OidType = 26,
    Float4Type = 700,
    Float8Type = 701,
    DateType = 1082,
    TimestampType = 1114,
    TimestampTzType = 1184,
    IntervalType = 1186,
    NumericType = 1700,
    UuidType = 2950
};

Json valueOf(const PostgresConnection::Rows &rows, int column)
{
    const QString text = rows.text(0, column);
    if (text.isNull())
        return nullptr;
    switch (rows.columnType(column)) {
    case BoolType:
        return text == u"t";
    case Int2Type:
    case Int4Type:
    case Int8Type:
    case OidType:
        return text.toLongLong();
    case Float4Type:
    case Float8Type: {
        const double value = text.toDouble();
        return std::isfinite(value) && text != u"NaN" ? Json(value) : Json(toStdString(text));
    }
    case NumericType:
        return decimalToJson(text.toLatin1());
    case DateType:
    case TimestampType:
    case TimestampTzType:
        return toStdString(isoFromSqlTime(text).value_or(text));
    case ByteaType:
        return QByteArray::fromHex(text.mid(2).toLatin1()).toBase64().toStdString();
    default:
        return toStdString(text);
    }
}

// 0 = the server finds out from where the parameter stands.
Oid typeOf(const QString &dataFactoryType)
{
    static const QMap<QString, Oid> types{{QStringLiteral("boolean"), BoolType},
                                          {QStringLiteral("bool"), BoolType},
                                          {QStringLiteral("int16"), Int2Type},
                                          {QStringLiteral("int32"), Int4Type},
                                          {QStringLiteral("int64"), Int8Type},
                                          {QStringLiteral("single"), Float4Type},
                                          {QStringLiteral("double"), Float8Type},
                                          {QStringLiteral("decimal"), NumericType},
                                          {QStringLiteral("datetime"), TimestampType},
                                          {QStringLiteral("datetimeoffset"), TimestampTzType},
                                          {QStringLiteral("timespan"), IntervalType},
                                          {QStringLiteral("guid"), UuidType}};
    return types.value(dataFactoryType.toLower());
}

bool isNothing(const SqlToken &token)
{
    return token.kind == SqlToken::Kind::Blank || token.kind == SqlToken::Kind::Comment;
}

} // namespace

QString postgresText(const Json &value)
{
    if (value.is_null())
        return {};
    if (!value.is_string())
        return QString::fromUtf8(toCompact(value));
    const QString text = toQString(value.get_ref<const std::string &>());
    return text.isNull() ? QStringLiteral("") : text;
}

PostgresSession::PostgresSession(QString connection, CancelToken cancel)
    : m_conninfo(std::move(connection))
    , m_cancel(std::move(cancel))
{
}

PostgresSession::~PostgresSession() = default;

QString PostgresSession::state() const { return m_state; }

bool PostgresSession::isTransient() const { return m_isTransient; }

Result<> PostgresSession::open()
{
    auto opened = PostgresConnection::open(m_conninfo, m_cancel);
    if (!opened) {
        m_state = QStringLiteral("08001");
        m_isTransient = true;
        return opened.error();
    }
    m_connection = std::move(*opened);
    if (auto dates = m_connection->script("SET datestyle = ISO"); !dates)
        return explained(dates.error());
    const auto notices = m_connection->collectNotices("notice");
    if (!notices)
        return explained(notices.error());
    m_notices = *notices;
    return {};
}

Error PostgresSession::explained(const Error &reported, const QString &script, qsizetype start)
{
    const ServerError &said = m_connection->serverError();
    const bool isLost = m_connection->isLost();
    m_state = isLost && said.state.isEmpty() ? QStringLiteral("08006") : QString::fromLatin1(said.state);
    static const QStringList passing{QStringLiteral("40001"),
                                     QStringLiteral("40P01"),
                                     QStringLiteral("55P03"),
                                     QStringLiteral("57P01"),
                                     QStringLiteral("57P02"),
                                     QStringLiteral("57P03"),
                                     QStringLiteral("53300")};
    m_isTransient = isLost || m_state.startsWith(u"08") || passing.contains(m_state);
    if (m_cancel.isCancelled())
        return {ErrorCode::Cancelled, PostgresSessionText::tr("The statement was stopped."), {}};
    Error error = reported;
    if (m_state == u"57014" && m_hasTimeout)
        error = {ErrorCode::Timeout, PostgresSessionText::tr("The statement did not end within its timeout."), {}};
    else if (m_state.startsWith(u"23"))
        error.code = ErrorCode::Conflict;
    if (!said.detail.isEmpty())
        error.message += u' ' + said.detail;
    if (said.position > 0 && !script.isEmpty())
        error.where = PostgresSessionText::tr("line %1").arg(
            script.first(std::min(start + said.position, script.size())).count(u'\n') + 1);
    return error;
}

QStringList PostgresSession::takeMessages() { return m_notices ? std::exchange(*m_notices, {}) : QStringList(); }

Result<> PostgresSession::execute(const QByteArray &sql)
{
    auto done = m_connection->script(sql);
    return done ? Result<>() : Result<>(explained(done.error()));
}

Result<> PostgresSession::setTimeout(const SqlLimits &limits)
{
    m_state.clear();
    m_isTransient = false;
    if (limits.timeout.count() == 0 && !m_hasTimeout)
        return {};
    m_hasTimeout = limits.timeout.count() > 0;
    const QByteArray milliseconds = QByteArray::number(qint64(limits.timeout.count()));
    return execute(QByteArray("SET statement_timeout = " + milliseconds));
}

// Without parameters the script stays whole: PostgreSQL splits it best.
QList<PostgresSession::Statement> PostgresSession::statementsOf(const QString &script,
                                                                const QList<SqlParameter> &parameters) const
{
    if (parameters.isEmpty())
        return {{.text = script, .parameters = {}}};
    const QList<SqlToken> tokens = tokenizeSql(script, SqlDialect::PostgreSql);
    QList<Statement> statements{Statement{}};
    QList<int> used(parameters.size(), 0); // position of each parameter in the statement, 0 = none
    bool isEmpty = true;
    const auto numberOf = [&](QStringView name) {
        for (int i = 0; i < parameters.size(); ++i) {
            if (parameters.at(i).name.compare(name, Qt::CaseInsensitive) != 0)
                continue;
            if (used.at(i) == 0) {
                const SqlParameter &parameter = parameters.at(i);
                statements.last().parameters.append({postgresText(parameter.value), typeOf(parameter.type)});
                used[i] = int(statements.last().parameters.size());
            }
            return used.at(i);
        }
        return 0;
    };
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const SqlToken &token = tokens.at(i);
        const bool isColon = token.text == u":" && i + 1 < tokens.size()
            && tokens.at(i + 1).kind == SqlToken::Kind::Word && (i == 0 || tokens.at(i - 1).text != u":");
        int number = 0;
        if (token.kind == SqlToken::Kind::Word && token.text.startsWith(u'@'))
            number = numberOf(token.text.mid(1));
        else if (isColon && (number = numberOf(tokens.at(i + 1).text)) > 0)
            ++i;
        if (token.text == u";") {
            if (isEmpty)
                statements.removeLast();
            statements.append({.text = {}, .parameters = {}, .start = token.text.constData() + 1 - script.constData()});
            used.fill(0);
            isEmpty = true;
            continue;
        }
        statements.last().text += number > 0 ? QString(u'$' + QString::number(number)) : token.text.toString();
        isEmpty = isEmpty && isNothing(token);
    }
    if (isEmpty)
        statements.removeLast();
    return statements;
}

Result<> PostgresSession::runOne(const Statement &statement, const QString &script, Reading &reading)
{
    if (auto sent = m_connection->sendForRows(statement.text.toUtf8(), statement.parameters); !sent)
        return explained(sent.error());
    std::optional<Error> error;
    bool inSet = false;
    std::vector<std::string> names;
    while (true) {
        const auto next = m_connection->nextRows();
        if (!next) {
            if (!error)
                error = explained(next.error(), script, statement.start);
            if (m_connection->isLost())
                break;
            continue;
        }
        if (!*next)
            break;
        const PostgresConnection::Rows &rows = **next;
        if (error)
            continue; // to the end, so that the connection can be used again
        if (rows.hasColumns() && !inSet) {
            QStringList columns;
            names.clear();
            for (int i = 0; i < rows.columnCount(); ++i) {
                columns.append(rows.columnName(i));
                names.push_back(toStdString(columns.last()));
            }
            inSet = true;
            if (const Result<> begun = reading.keeper.beginSet(columns); !begun) {
                error = begun.error();
                continue;
            }
        }
        if (rows.isOneOfMany()) {
            if (!reading.keeper.wantsRow()) {
                reading.keeper.leaveOut();
                continue;
            }
            Json values = Json::object();
            for (int i = 0; i < rows.columnCount(); ++i)
                values[names[size_t(i)]] = valueOf(rows, i);
            reading.keeper.addRow(std::move(values));
            continue;
        }
        inSet = false;
        const bool isQuery = rows.tag().startsWith("SELECT") || rows.tag().startsWith("FETCH");
        if (const qint64 count = rows.affected(); count >= 0 && !isQuery)
            reading.affected = std::max<qint64>(reading.affected, 0) + count;
    }
    return error ? Result<>(*error) : Result<>();
}

SqlOutcome PostgresSession::outcomeOf(Reading reading, const QList<SqlParameter> &parameters)
{
    SqlOutcome outcome;
    outcome.tooLarge = reading.keeper.isTooLarge();
    outcome.sets = std::move(reading.keeper).sets();
    outcome.recordsAffected = reading.affected;
    outcome.messages = takeMessages();
    outcome.outputParameters = outputParametersOf(parameters, outcome.sets);
    return outcome;
}

Result<SqlOutcome>
PostgresSession::run(const QString &script, const QList<SqlParameter> &parameters, const SqlLimits &limits)
{
    if (auto set = setTimeout(limits); !set)
        return set.error();
    const QString translated = translateScript(script, SqlDialect::PostgreSql);
    Reading reading{.keeper = SqlRowKeeper(limits)};
    const QList<Statement> statements = statementsOf(translated, parameters);
    for (const Statement &statement : statements) {
        if (const Result<> ran = runOne(statement, translated, reading); !ran)
            return ran.error();
    }
    return outcomeOf(std::move(reading), parameters);
}

// Of what only selects, a cursor fetches no more than is wanted; everything else runs to its end.
Result<> PostgresSession::readRows(const QString &text, qint64 most, Reading &reading)
{
    QList<SqlToken> tokens = tokenizeSql(text, SqlDialect::PostgreSql);
    while (!tokens.isEmpty() && (isNothing(tokens.last()) || tokens.last().text == u";"))
        tokens.removeLast();
    const QString statement = tokens.isEmpty()
        ? QString()
        : text.first(tokens.last().text.constData() + tokens.last().text.size() - text.constData());
    const bool isOne =
        std::none_of(tokens.begin(), tokens.end(), [](const SqlToken &token) { return token.text == u";"; });
    tokens.removeIf(isNothing);
    static const QStringList selecting{
        QStringLiteral("select"), QStringLiteral("with"), QStringLiteral("values"), QStringLiteral("table")};
    if (isOne && !tokens.isEmpty() && selecting.contains(tokens.first().text.toString(), Qt::CaseInsensitive)) {
        static const QString declare = QStringLiteral("DECLARE slipway_rows NO SCROLL CURSOR FOR ");
        const Statement declared{.text = declare + statement, .parameters = {}, .start = -declare.size()};
        Reading none{.keeper = SqlRowKeeper({})};
        const Result<> made = runOne(declared, text, none);
        if (made)
            return runOne({.text = QStringLiteral("FETCH FORWARD %1 FROM slipway_rows").arg(most), .parameters = {}},
                          {},
                          reading);
        if (m_state != u"0A000") // it changes rows too
            return made;
        if (const Result<> again = execute("ROLLBACK; BEGIN"); !again)
            return again;
    }
    return runOne({.text = text, .parameters = {}}, text, reading);
}

Result<SqlRows> PostgresSession::query(const QString &text, const SqlLimits &limits, bool *tooLarge)
{
    if (auto set = setTimeout(limits); !set)
        return set.error();
    const QString translated = translateScript(text, SqlDialect::PostgreSql);
    if (const auto statement = transactionStatement(translated, SqlDialect::PostgreSql))
        return Error{ErrorCode::InvalidInput,
                     PostgresSessionText::tr("The query says %1, but it runs in a transaction of its own: remove it, "
                                             "or use a Script activity.")
                         .arg(*statement),
                     {}};
    if (const Result<> begun = execute("BEGIN"); !begun)
        return begun.error();
    Reading reading{.keeper = SqlRowKeeper(limits)};
    Result<> read = readRows(translated, limits.rows + 1, reading);
    if (read && reading.keeper.count() != 1)
        read = Error{ErrorCode::InvalidInput,
                     reading.keeper.count() == 0
                         ? PostgresSessionText::tr("The query gives no rows, and what it did was rolled back: use a "
                                                   "Script activity for statements without a result.")
                         : PostgresSessionText::tr("The query gives %1 sets of rows; only one is allowed.")
                               .arg(reading.keeper.count()),
                     {}};
    if (read)
        read = execute("COMMIT");
    if (!read) {
        const QString state = m_state;
        const bool isPassing = m_isTransient;
        if (!m_connection->isLost())
            (void)m_connection->script("ROLLBACK");
        m_state = state;
        m_isTransient = isPassing;
        return read.error();
    }
    *tooLarge = reading.keeper.isTooLarge();
    return std::move(reading.keeper).sets().first();
}

Result<SqlOutcome>
PostgresSession::call(const QString &procedure, const QList<SqlParameter> &parameters, const SqlLimits &limits)
{
    if (auto set = setTimeout(limits); !set)
        return set.error();
    const auto planned = planPostgresCall(*m_connection, procedure, parameters);
    if (!planned)
        return planned.error();
    Reading reading{.keeper = SqlRowKeeper(limits)};
    const Result<> ran = runOne({.text = planned->text, .parameters = planned->parameters}, {}, reading);
    if (!ran)
        return ran.error();
    return outcomeOf(std::move(reading), parameters);
}

} // namespace engine
