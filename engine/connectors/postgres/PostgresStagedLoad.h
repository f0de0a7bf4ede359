#pragma once

#include "engine/connectors/postgres/PostgresEncoder.h"
#include "engine/connectors/TableKey.h"

#include <QMap>

namespace engine {

// The primary key and the unique indexes of a table, those with conditions or expressions left out.
Result<QList<TableKey>> readPostgresKeys(PostgresConnection &connection, const PostgresTable &table);

// Rows into a table in two steps: a temporary table without any constraint takes a window of them, by COPY, and the
// server moves the window on, some hundred rows at once and one by one where a row is refused. So the rows that the
// table refuses can be left out, and a row can take the place of the one that has its key. Inside the caller's
// transaction, on the caller's thread; what is in memory does not grow with the rows.
class PostgresStagedLoad
{
public:
    struct Into
    {
        PostgresTable table;
        QList<int> columns; // indexes into the table's, one per column of the batches
        std::optional<TableKey> key; // of an upsert; nothing = every row is a new one
        RowRejecter *rejecter = nullptr; // nullptr = the first bad row ends the load
    };
    PostgresStagedLoad(PostgresConnection &connection, Into into, const CancelToken &cancel);

    // Errors: what the server reports, or else streamError() or rowProblem().
    Result<LoadResult> run(BatchStream &rows);
    const std::optional<Error> &streamError() const { return m_streamError; } // of the rows or of the rejecter
    const std::optional<RowProblem> &rowProblem() const { return m_rowProblem; } // the row that ended the load

private:
    Result<> prepare();
    Result<bool> fillWindow(BatchStream &rows); // false: there are no more rows
    Result<> takeBatch(const RowBatch &batch, CopyBuffer &buffer);
    Result<> send(CopyBuffer &buffer);
    Result<> moveWindow();
    Result<> tellRefused();
    Result<> reject(const RowProblem &problem);
    Result<> readConstraints();
    QByteArray moveScript() const;
    QByteArray moveStatements(const QByteArray &range) const;
    Error stop(Error error);

    PostgresConnection &m_connection;
    Into m_into;
    CancelToken m_cancel;
    std::vector<PostgresEncoder> m_encoders;
    std::vector<RowProblem> m_window; // where each row of it is from, without a problem so far
    qint64 m_windowBytes = 0;
    std::optional<QMap<QString, QStringList>> m_constraints; // name → columns
    LoadResult m_result;
    std::optional<Error> m_streamError;
    std::optional<RowProblem> m_rowProblem;
};

} // namespace engine
