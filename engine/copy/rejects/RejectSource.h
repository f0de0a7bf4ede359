#pragma once

#include "engine/copy/rejects/RejectConversion.h"
#include "engine/copy/rejects/RejectFile.h"

namespace engine {

// The Loading rows of a reload as a source: a column for each target of the store's head, named by its place. Row
// numbers are those of the copy's source where they are unique, else numberOf(). No lock of the store is held between
// two batches.
class RejectSource final : public Source
{
public:
    static constexpr qint64 firstMadeNumber = qint64(1) << 40;
    static qint64 numberOf(qint64 id) { return firstMadeNumber + id; }

    RejectSource(QString file, int reload) : m_file(std::move(file)), m_reload(reload) { }

    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;
    qint64 bytesRead() const override { return 0; }
    qint64 size() const override { return 0; }
    Json fingerprint() const override;
    Result<> verifyUnchanged() const override { return {}; }

private:
    Result<bool> fetch();

    QString m_file;
    int m_reload;
    std::optional<RejectFile> m_store;
    std::optional<RejectConversion> m_conversion;
    QList<ProjectedColumn> m_projection;
    QList<RejectedRow> m_rows; // fetched
    qsizetype m_next = 0;
    qint64 m_lastId = 0;
    std::optional<ReadError> m_pending;
};

} // namespace engine
