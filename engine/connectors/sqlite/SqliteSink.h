#pragma once

#include "engine/connectors/LoadOptions.h"
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
        LoadOptions options = {}; // a lock of the table or a procedure is not to be had here
    };

    explicit SqliteSink(Target target);
    ~SqliteSink() override;

    Result<QList<SinkColumn>> open(const CancelToken &cancel) override;
    bool makesColumns() const override { return m_makesTable; }
    Result<> define(const QList<SinkColumn> &columns) override;
    Result<> begin() override;
    Result<qint64> runScript(const QString &script) override;
    Result<LoadResult> load(const QList<int> &columns, BatchStream &rows) override;
    Result<std::optional<qint64>> countRows() override;
    Result<> writeLedger(const LedgerRow &row) override;
    std::pair<CommitAnswer, Error> commit() override;
    void rollBack() override;
    void setRejecter(RowRejecter *rejecter) override { m_rejecter = rejecter; }
    std::optional<QString> refusal(int column, const Column &value) const override;
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
    Result<> makeTable();
    QList<SinkColumn> sinkColumns() const;
    Result<LoadResult> feedRows(const QList<int> &columns, BatchStream &rows);
    Result<LoadResult> loadRowByRow(const QList<int> &columns, BatchStream &rows);
    void renewDeadline();
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
    bool m_makesTable = false; // it is not there
    RowRejecter *m_rejecter = nullptr;
    std::optional<std::chrono::steady_clock::time_point> m_deadline; // of the batch that is being written
    bool m_isLate = false;
};

} // namespace engine
