#pragma once

#include "engine/connectors/files/RowWriter.h"
#include "engine/data/DuckFeed.h"

#include <memory>

namespace engine {

// Rows as Parquet, in the types of DuckFeed. A Decimal is DECIMAL(p,s) when the column's physical type says so
// ("numeric(10,2)"), else DECIMAL(38,18) as Data Factory has it; a value that does not fit is refused.
class ParquetWriter final : public RowWriter
{
public:
    explicit ParquetWriter(DuckFeed::Codec codec) : m_codec(codec) { }

    Result<> define(const QList<SinkColumn> &columns) override;
    Result<> begin(const File &file) override;
    Result<int> write(const RowBatch &rows, int first, int count, const QList<int> &columns) override;
    Result<> finish() override;
    Result<std::optional<qint64>> rowsIn(const QString &path, const QString &name) const override;
    void abandon() override { m_feed.reset(); }
    std::optional<RowProblem> rowProblem() const override { return m_problem; }
    int systemError() const override { return m_systemError; }

private:
    Error failure(const Error &error);

    DuckFeed::Codec m_codec;
    QList<DuckFeed::Target> m_columns;
    std::unique_ptr<DuckFeed> m_feed; // of the file that is being written
    std::optional<RowProblem> m_problem;
    int m_systemError = 0;
};

} // namespace engine
