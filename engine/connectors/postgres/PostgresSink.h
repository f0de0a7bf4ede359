#pragma once

#include "engine/connectors/LoadOptions.h"
#include "engine/connectors/postgres/PostgresColumn.h"

#include <chrono>
#include <optional>

namespace engine {

// Rows into a PostgreSQL table, by a binary COPY in one transaction with the pre-copy script and the ledger row; by way
// of a temporary table when rows may be refused or replaced, or into a stored procedure.
// Readers see the old rows until the commit.
class PostgresSink final : public Sink
{
public:
    struct Target
    {
        QString connection; // libpq conninfo
        QString schema; // empty = search path
        QString table;
        std::chrono::seconds outcomeLimit{60}; // how long to look for the outcome of a commit that got no answer
        LoadOptions options = {};
    };

    explicit PostgresSink(Target target);
    ~PostgresSink() override;

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
    // Which rows of the source lately went to the server: it counts what it gets, and refuses some time later.
    struct SentBatch
    {
        qint64 firstSent; // 1-based
        QString file;
        std::vector<int64_t> rowNumbers;
        std::vector<int64_t> lineNumbers;
        qint64 sentBytes; // before it
    };

    Result<> connect(const CancelToken &cancel);
    Error failure(const Error &reported, const QString &what);
    Error fail(ErrorCode code, const QString &name, const QString &message);
    Error refusedRow(const Error &reported);
    Result<PostgresTable> findTarget();
    Result<> makeTable();
    Result<> lockTable();
    Result<LoadResult> copyRows(const QList<int> &columns, BatchStream &rows);
    Result<LoadResult> sendRows(const QList<int> &columns, BatchStream &rows);
    Result<LoadResult> loadStaged(const QList<int> &columns, BatchStream &rows);
    Result<LoadResult> callProcedure(const QList<int> &columns, BatchStream &rows);
    template <typename Load> Result<LoadResult> outcomeOf(Load &load, BatchStream &rows, const QString &what);
    void renewDeadline();
    Result<> ensureLedger();
    Result<std::optional<LedgerRow>> readLedger(const LoadId &load);
    QString ledgerTable() const;

    Target m_target;
    CancelToken m_cancel;
    std::optional<PostgresConnection> m_connection;
    PostgresTable m_table;
    LoadId m_load; // of the ledger row written
    bool m_makesTable = false; // it is not there
    RowRejecter *m_rejecter = nullptr;
    QList<SentBatch> m_sent;
    std::optional<RowProblem> m_rowProblem;
    QString m_failureName;
    bool m_isTransient = false;
};

} // namespace engine
