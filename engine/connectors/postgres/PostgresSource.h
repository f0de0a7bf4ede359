#pragma once

#include "engine/connectors/postgres/PostgresConnection.h"
#include "engine/connectors/postgres/PostgresDecoder.h"
#include "engine/connectors/Source.h"
#include "engine/connectors/SqlSession.h"
#include "engine/data/ValueConversion.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

namespace engine {

// The rows of a table or a query of a PostgreSQL database, as they were at one moment: in one transaction that is
// REPEATABLE READ and READ ONLY, by a binary COPY, or row by row where COPY cannot (SHOW, EXPLAIN). Memory does not
// grow with the rows. Names in brackets, as SQL Server writes them, are understood.
//
// A numeric is a Decimal (up to 38 digits, else a RowProblem), a timestamptz a DateTimeOffset in UTC. An interval is
// its text, unless a TimeSpan is asked for: then one with days or months is a RowProblem. Enums, arrays and whatever
// else has no interim type are the text that PostgreSQL writes.
class PostgresSource final : public Source
{
public:
    struct Origin
    {
        QString connection; // libpq conninfo; may hold a password: never shown
        QString schema; // empty = search path
        QString table; // or
        QString query; // one statement
        std::chrono::milliseconds queryTimeout{0}; // spent reading, not waiting for the sink; 0 = none
        QString procedure = {}; // or a function that returns rows: "[dbo].[recent]"
        QList<SqlParameter> parameters = {}; // of it
        QString condition = {}; // of a table: which of its rows
        bool isSelection = false; // the query only selects columns: those that are not wanted are not asked for
        QByteArray snapshot = {}; // of a transaction that is still open: its moment is that of the rows
    };

    explicit PostgresSource(Origin origin, CancelToken cancel = {});
    ~PostgresSource() override;
    Q_DISABLE_COPY_MOVE(PostgresSource)

    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;
    qint64 bytesRead() const override { return m_bytesRead.load(std::memory_order_relaxed); }
    qint64 size() const override { return 0; }
    Json fingerprint() const override;
    Result<> verifyUnchanged() const override { return {}; }
    void stop() override { m_stop.cancel(); }
    QString failureName() const override { return m_failureName; }
    bool isTransient() const override { return m_isTransient; }

private:
    struct Field // one per projected column
    {
        int index = 0; // in the rows that come
        QString name;
        PostgresDecoder decoder;
        std::optional<ValueConverter> converter; // nothing: it is decoded as what is asked for
        Column decoded; // of one row, when it is converted
        bool isSame = false; // what is decoded is of the type asked for
    };

    bool canBeCopied() const;
    Result<> planCall();
    QString tableRows() const; // what stands behind FROM
    Result<> start();
    Result<bool> nextRow(); // fills m_row
    Result<bool> nextCopiedRow();
    std::optional<RowProblem> takeRow(RowBatch &batch);
    std::optional<RowProblem::Fields> rowFields() const;
    std::optional<RowProblem> takeValue(Field &field, std::string_view bytes, Column &column, int row, Arena &arena);
    void startClock();
    Error failure(const Error &reported);

    Origin m_origin;
    CancelToken m_cancel;
    CancelToken m_stop;
    std::optional<PostgresConnection> m_connection;
    QString m_database;
    QString m_query; // without what stands behind its end; of a table: SELECT * FROM it
    QString m_table; // quoted; empty = a query
    QList<SourceColumn> m_columns;
    std::vector<Oid> m_types; // of the columns
    QList<ProjectedColumn> m_projection;
    std::vector<Field> m_fields;
    std::vector<Column::Places> m_places; // of the batch
    bool m_isWrapped = false; // only what is projected comes, in that order
    bool m_isStarted = false;
    bool m_isCopied = false; // by COPY
    bool m_isDone = false;
    bool m_sawHeader = false; // of the COPY
    std::optional<PostgresConnection::Rows> m_result; // the row that came last, when not by COPY
    std::vector<std::optional<std::string_view>> m_row; // its values, as they came
    std::optional<ReadError> m_pending; // after the rows before it
    qint64 m_rowNumber = 0;
    qint64 m_batchBytes = 0;
    std::atomic<qint64> m_bytesRead{0};
    std::chrono::steady_clock::duration m_timeLeft{};
    QString m_failureName;
    bool m_isTransient = false;
};

} // namespace engine
