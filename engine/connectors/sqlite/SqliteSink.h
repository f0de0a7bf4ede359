#pragma once

#include "engine/connectors/sqlite/SqliteColumn.h"

#include <chrono>
#include <optional>

namespace engine {

// Rows into a table of a SQLite file. The file keeps its journal mode: with WAL readers see the old rows until the
// commit, with a rollback journal the old rows, the new ones or "busy", never a mix.
class SqliteSink final : public Sink
{
public:
    struct Target
    {
        QString file;
        QString schema; // what scripts call the main database: "dbo" when empty; "main" works always
        QString table;
        std::chrono::milliseconds busyTimeout{15000}; // how long to wait for other programs' locks
    };

    explicit SqliteSink(Target target);
    ~SqliteSink() override;

    Result<QList<SinkColumn>> open(const CancelToken &cancel) override;
    Result<> begin() override;
    Result<qint64> runScript(const QString &script) override;
    Result<LoadResult> load(const QList<int> &columns, BatchStream &rows) override;
    Result<> writeLedger(const LedgerRow &row) override;
    std::pair<CommitAnswer, Error> commit() override;
    void rollBack() override;
    std::optional<RowProblem> rowProblem() const override { return m_rowProblem; }
    bool isTransient() const override { return m_isTransient; }
    QString failureName() const override { return m_failureName; }
    Result<std::optional<LedgerRow>> findLoad(const LoadId &load) override;

private:
    Result<> connect();
    // What SQLite reported last, for a person; `what` is the first half sentence.
    Error failure(const Error &reported, const QString &what);
    Error fail(ErrorCode code, const QString &name, const QString &message);
    Error describeConstraint(const class RowFeed &feed);
    Result<std::optional<LedgerRow>> readLedger(const LoadId &load);

    static int waitForLock(void *sink, int attempt);
    static int isStopped(void *sink);
    static int authorize(void *sink, int action, const char *, const char *, const char *, const char *);

    Target m_target;
    CancelToken m_cancel;
    std::optional<Database> m_database;
    SqliteTable m_table;
    LoadId m_load; // of the ledger row written
    std::optional<RowProblem> m_rowProblem;
    QString m_failureName;
    bool m_isTransient = false;
    bool m_endedTransaction = false; // a script tried to
};

} // namespace engine
