#include "engine/connectors/files/RowWriter.h"

namespace engine {

RowWriter::~RowWriter() = default;

Result<std::optional<qint64>> countRows(Source &source)
{
    if (const auto columns = source.open(); !columns)
        return columns.error();
    if (const Result<> projected = source.project({}); !projected)
        return projected.error();
    RowBatch batch;
    qint64 rows = 0;
    while (true) {
        const auto answer = source.read(batch);
        if (const auto *failed = std::get_if<Source::ReadError>(&answer)) {
            if (const auto *problem = std::get_if<RowProblem>(&failed->what))
                return Error{ErrorCode::InvalidInput, problem->message, problem->file};
            return std::get<Error>(failed->what);
        }
        if (!std::get<bool>(answer))
            return std::optional(rows);
        rows += batch.rows;
    }
}

} // namespace engine
