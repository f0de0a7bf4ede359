#pragma once

#include "engine/connectors/Source.h"

namespace engine {

// What sources of typed values share: a batch that is filled row by row.

inline constexpr qint64 fullBatchBytes =
    4 * 1024 * 1024; // a batch with so many bytes in its arena takes no further row

void beginBatch(RowBatch &batch, const QList<ProjectedColumn> &columns); // cleared, with room for maximumRows
void endBatch(RowBatch &batch); // its columns have `rows` rows
// What read() answers with a batch that has ended: its rows first, then what came behind them, then that there is no
// more.
std::variant<bool, Source::ReadError> answerOf(const RowBatch &batch, std::optional<Source::ReadError> &pending);

// The value as text, or nothing when it is NULL: for RowProblem::fields.
std::optional<QByteArray> spelledValue(const Column &column, int row);

// A value that does not become the type asked for. `reason` is a clause: "it has a fraction".
RowProblem
invalidValue(qint64 row, const QString &column, const QString &value, InterimType type, const QString &reason);

// "table": "dbo.t", or "query" with the hash of its text: what a fingerprint says about rows of a database.
Json rowsFingerprint(const QString &database, const QString &table, const QString &query);

} // namespace engine
