#pragma once

#include "engine/connectors/sqlite/SqliteEncoder.h"
#include "engine/connectors/TableKey.h"

namespace engine {

// The primary key and the unique indexes of a table, those with conditions or expressions left out.
Result<QList<TableKey>> readSqliteKeys(Database &database, const QString &table);

// The columns that SQLite names in what it says of a refused row: "UNIQUE constraint failed: t.a, t.b" → a, b.
QStringList constrainedColumns(const QString &message, const QList<SqliteColumn> &columns);

// Rows into a table one by one, so that one that the table refuses can be left out alone, or can take the place of the
// row that has its key. Inside the caller's transaction, on the caller's thread.
class SqliteRowLoad
{
public:
    struct Into
    {
        QString table;
        QList<SqliteColumn> columns; // one per column of the batches
        std::optional<TableKey> key; // of an upsert; nothing = every row is a new one
        RowRejecter *rejecter = nullptr; // nullptr = the first bad row ends the load
    };
    SqliteRowLoad(Database &database, Into into, const CancelToken &cancel);

    // Errors: what SQLite reports, or else streamError() or rowProblem().
    Result<LoadResult> run(BatchStream &rows);
    const std::optional<Error> &streamError() const { return m_streamError; } // of the rows or of the rejecter
    const std::optional<RowProblem> &rowProblem() const { return m_rowProblem; } // the row that ended the load

private:
    Result<> prepare();
    Result<> insertRow(const RowBatch &batch, int row);
    Result<> refuse(const RowBatch &batch, int row, bool canGoOn);
    Result<> reject(const RowProblem &problem);
    int indexOf(const QString &column) const;

    Database &m_database;
    Into m_into;
    CancelToken m_cancel;
    std::vector<SqliteEncoder> m_encoders;
    std::optional<Statement> m_insert;
    std::optional<Statement> m_enterKey; // of an upsert: the keys of the rows so far
    std::optional<Statement> m_leaveKey;
    std::vector<size_t> m_keyColumns; // among the columns
    LoadResult m_result;
    std::optional<Error> m_streamError;
    std::optional<RowProblem> m_rowProblem;
};

} // namespace engine
