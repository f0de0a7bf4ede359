#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/SqlSession.h"
#include "engine/sqlite/Database.h"

#include <optional>

namespace engine {

// Statements on a SQLite file that is there; its main schema is called "dbo" too. Other files stay closed: ATTACH and
// VACUUM INTO are refused. Waits 15 s for other programs' locks. There are no stored procedures: call() is Unsupported.
class SqliteSession final : public SqlSession
{
public:
    SqliteSession(QString file, CancelToken cancel); // absolute
    ~SqliteSession() override;
    Q_DISABLE_COPY_MOVE(SqliteSession)

    Result<> open() override;
    Result<SqlOutcome>
    run(const QString &script, const QList<SqlParameter> &parameters, const SqlLimits &limits) override;
    Result<SqlRows> query(const QString &text, const SqlLimits &limits, bool *tooLarge) override;
    Result<SqlOutcome>
    call(const QString &procedure, const QList<SqlParameter> &parameters, const SqlLimits &limits) override;
    bool isInTransaction() const override;
    QString state() const override;
    bool isTransient() const override;

private:
    struct Reading // of one call
    {
        const QList<SqlParameter> *parameters;
        SqlRowKeeper keeper;
        bool stopsAtLimit = false;
        qint64 affected = -1;
    };

    Result<> runAll(const QByteArray &sql, Reading &reading);
    Result<> runOne(Statement &statement, Reading &reading);
    Result<> bind(Statement &statement, const QList<SqlParameter> &parameters) const;
    void begin(const SqlLimits &limits);
    Error explained(const Error &reported);

    static int waitForLock(void *session, int attempt);
    static int isStopped(void *session);
    static int authorize(void *session, int action, const char *, const char *, const char *, const char *);

    QString m_file;
    CancelToken m_cancel;
    std::optional<Database> m_database;
    std::optional<std::chrono::steady_clock::time_point> m_deadline;
    bool m_isLate = false;
    bool m_wantedOtherFile = false;
};

} // namespace engine
