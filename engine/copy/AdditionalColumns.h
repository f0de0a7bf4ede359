#pragma once

#include "engine/connectors/Source.h"
#include "engine/copy/AdditionalColumnsPlan.h"
#include "engine/data/TypeConversion.h"

#include <memory>
#include <optional>

namespace engine {

// A source with columns added behind its own: literals, the path of the file, another column once more, and those that
// the names of folders tell ("year=2026/month=05"). Rows, their numbers and what is wrong with them are the source's
// own; no value of it is copied. What is added is a String, but for a repeated column.
class AdditionalColumns final : public Source
{
public:
    AdditionalColumns(std::unique_ptr<Source> source, AdditionalColumnsPlan plan);
    ~AdditionalColumns() override;
    Q_DISABLE_COPY_MOVE(AdditionalColumns)

    // Also InvalidInput for a name that the source has, or a column to repeat that it has not.
    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;
    std::optional<RowProblem::Fields> fieldsOf(const RowProblem &row) const override;

    qint64 bytesRead() const override { return m_source->bytesRead(); }
    qint64 size() const override { return m_source->size(); }
    Json fingerprint() const override { return m_source->fingerprint(); }
    Result<> verifyUnchanged() const override { return m_source->verifyUnchanged(); }
    void keepOriginals() override { m_source->keepOriginals(); }
    int readers() const override { return m_source->readers(); }
    void stop() override { m_source->stop(); }
    QString failureName() const override { return m_source->failureName(); }
    bool isTransient() const override { return m_source->isTransient(); }

private:
    struct Added // a column of the batch that is not read
    {
        size_t place = 0; // in the batch
        int column = 0; // of m_added
        TextConverter converter;
    };

    Result<> addPartitions();
    std::variant<bool, ReadError> readSource(RowBatch &batch);
    std::optional<QString> valueOf(int column, const QString &file) const; // nothing = NULL
    void addFields(RowProblem::Fields &fields, const QString &file) const;
    Result<> fill(RowBatch &batch, const Added &added, Column &column) const;

    std::unique_ptr<Source> m_source;
    AdditionalColumnsPlan m_plan;
    int m_sourceColumns = 0;
    QList<AdditionalColumn> m_added; // behind those of the source
    qsizetype m_firstPartition = 0; // of m_added; the rest are partitions
    std::vector<int> m_repeated; // by column of m_added: the source column it repeats, or -1
    std::vector<Added> m_filled; // in the order of their places
    size_t m_width = 0; // columns of a batch
};

} // namespace engine
