#pragma once

#include "engine/connectors/postgres/PostgresConnection.h"
#include "engine/connectors/SqlSession.h"

#include <optional>

namespace engine {

// Statements on a PostgreSQL database; `connection` is libpq's conninfo. Names in brackets, as SQL Server writes them,
// are understood. call() runs a procedure, or selects from a function.
class PostgresSession final : public SqlSession
{
public:
    PostgresSession(QString connection, CancelToken cancel);
    ~PostgresSession() override;

    Result<> open() override;
    Result<SqlOutcome>
    run(const QString &script, const QList<SqlParameter> &parameters, const SqlLimits &limits) override;
    Result<SqlRows> query(const QString &text, const SqlLimits &limits, bool *tooLarge) override;
    Result<SqlOutcome>
    call(const QString &procedure, const QList<SqlParameter> &parameters, const SqlLimits &limits) override;
    bool isInTransaction() const override { return m_connection && m_connection->isInTransaction(); }
    QString state() const override;
    bool isTransient() const override;

private:
    struct Statement
    {
        QString text; // with $1 … for parameters
        QList<PostgresConnection::Parameter> parameters;
        qsizetype start = 0; // in the script
    };
    struct Reading // of one call
    {
        SqlRowKeeper keeper;
        qint64 affected = -1;
    };

    QList<Statement> statementsOf(const QString &script, const QList<SqlParameter> &parameters) const;
    Result<> runOne(const Statement &statement, const QString &script, Reading &reading);
    Result<> execute(const QByteArray &sql);
    Result<> readRows(const QString &text, qint64 most, Reading &reading);
    Result<> setTimeout(const SqlLimits &limits);
    Error explained(const Error &reported, const QString &script = {}, qsizetype start = 0);
    QStringList takeMessages();
    SqlOutcome outcomeOf(Reading reading, const QList<SqlParameter> &parameters);

    QString m_conninfo;
    CancelToken m_cancel;
    std::optional<PostgresConnection> m_connection;
    std::shared_ptr<QStringList> m_notices;
    bool m_hasTimeout = false;
    QString m_state;
    bool m_isTransient = false;
};

// How a procedure or function of the catalogue is called with values for some of its parameters.
struct PostgresCall
{
    QString text; // "CALL "s"."p"("a" => $1::integer)"
    QString literalText; // the same with the values in it, for statements that take no parameters
    bool isProcedure = false; // else a function, selected from
    QList<PostgresConnection::Parameter> parameters;
    QStringList names; // of each, as the routine spells it
    QStringList types; // of each, as SQL spells it
};
// NotFound, or InvalidInput: a parameter it does not have, one without value and default, more than one that fits.
Result<PostgresCall>
planPostgresCall(PostgresConnection &connection, const QString &procedure, const QList<SqlParameter> &parameters);

// As libpq takes it: true → "true", an object → its JSON; null stays null.
QString postgresText(const Json &value);

} // namespace engine
