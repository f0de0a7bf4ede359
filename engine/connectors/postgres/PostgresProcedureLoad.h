#pragma once

#include "engine/connectors/LoadOptions.h"
#include "engine/connectors/postgres/PostgresEncoder.h"
#include "engine/connectors/postgres/PostgresSession.h"

namespace engine {

// Hands rows to a stored procedure or function, some thousand at a time: one of its parameters is an array of a
// composite type, PostgreSQL's equivalent of SQL Server's table-valued parameter. Inside the caller's transaction, on
// the caller's thread.
class PostgresProcedureLoad
{
public:
    struct Into
    {
        PostgresTable type; // of the rows
        QList<int> columns; // indexes into the type's, one per column of the batches; the others are NULL
        LoadOptions options;
        RowRejecter *rejecter = nullptr; // nullptr = a value that its column cannot hold ends the load
    };
    PostgresProcedureLoad(PostgresConnection &connection, Into into, const CancelToken &cancel);

    // Errors: what the server reports, or else streamError(), rowProblem() or isMisfit().
    Result<LoadResult> run(BatchStream &rows);
    const std::optional<Error> &streamError() const { return m_streamError; } // of the rows or of the rejecter
    const std::optional<RowProblem> &rowProblem() const { return m_rowProblem; } // the row that ended the load
    bool isMisfit() const { return m_isMisfit; } // the procedure cannot be called so

private:
    Result<> prepare();
    Result<> takeBatch(const RowBatch &batch);
    Result<> reject(const RowProblem &problem);
    Result<> call();

    PostgresConnection &m_connection;
    Into m_into;
    CancelToken m_cancel;
    std::vector<PostgresEncoder> m_encoders;
    std::vector<uint32_t> m_types; // of the type's columns
    std::vector<int> m_encoderOf; // of each column of the type; -1 = none
    uint32_t m_rowType = 0;
    PostgresCall m_call;
    qsizetype m_tableParameter = 0; // in the call
    CopyBuffer m_rows; // one after the other, each with its length
    CopyBuffer m_row;
    CopyBuffer m_array;
    int m_rowCount = 0; // in m_rows
    LoadResult m_result;
    std::optional<Error> m_streamError;
    std::optional<RowProblem> m_rowProblem;
    bool m_isMisfit = false;
};

} // namespace engine
