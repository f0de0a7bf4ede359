#pragma once

#include "engine/connectors/postgres/PostgresColumn.h"

#include <chrono>
#include <optional>

namespace engine {

// Rows into a PostgreSQL table, by a binary COPY in one transaction with the pre-copy script and the ledger row.
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
    };

    explicit PostgresSink(Target target);
    ~PostgresSink() override;

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
    // Which rows of the source lately went to the server: it counts what it gets, and refuses some time later.
    struct SentBatch
    {
        qint64 firstSent; // 1-based
        QString file;
        std::vector<int64_t> rowNumbers;
        std::vector<int64_t> lineNumbers;
    };

    Result<> connect(const CancelToken &cancel);
    Error failure(const Error &reported, const QString &what);
    Error fail(ErrorCode code, const QString &name, const QString &message);
    Error refusedRow(const Error &reported);
    Result<LoadResult> sendRows(const QList<int> &columns, BatchStream &rows);
    Result<> ensureLedger();
    Result<std::optional<LedgerRow>> readLedger(const LoadId &load);
    QString ledgerTable() const;

    Target m_target;
    CancelToken m_cancel;
    std::optional<PostgresConnection> m_connection;
    PostgresTable m_table;
    LoadId m_load; // of the ledger row written
    QList<SentBatch> m_sent;
    std::optional<RowProblem> m_rowProblem;
    QString m_failureName;
    bool m_isTransient = false;
};

} // namespace engine
