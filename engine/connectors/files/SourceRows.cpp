#include "engine/connectors/files/SourceRows.h"

#include "engine/connectors/NearNames.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace engine {
namespace {

struct SourceRowsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SourceRows)
};

QList<StoreColumn> described(const QList<SourceColumn> &columns)
{
    QList<StoreColumn> described;
    for (const SourceColumn &column : columns)
        described.append({column.name, toString(column.type), toString(column.type), true});
    return described;
}

} // namespace

SourceRows::SourceRows(Origin origin, CancelToken cancel) : m_origin(std::move(origin)), m_cancel(std::move(cancel)) { }

Error SourceRows::explained(const Error &error) const
{
    const QString where = datasetProperty + QStringLiteral("location");
    if (error.code != ErrorCode::NotFound)
        return error;
    return QFileInfo::exists(m_origin.path) ? Error{error.code, error.message, where}
                                            : missingPath(m_origin.path, where);
}

Result<QList<StoreColumn>> SourceRows::schema()
{
    if (m_origin.describe) {
        auto columns = m_origin.describe();
        return columns ? columns : explained(columns.error());
    }
    const std::unique_ptr<Source> source = m_origin.makeSource();
    const Result<QList<SourceColumn>> columns = source->open();
    if (!columns)
        return explained(columns.error());
    return described(*columns);
}

Result<StorePreview> SourceRows::preview(int rows)
{
    const std::unique_ptr<Source> source = m_origin.makeSource();
    const Result<QList<SourceColumn>> columns = source->open();
    if (!columns)
        return explained(columns.error());
    QList<ProjectedColumn> projected;
    for (int i = 0; i < columns->size(); ++i)
        projected.append({.source = i, .type = InterimType::String, .format = {}});
    if (const Result<> made = source->project(projected); !made)
        return made.error();

    StorePreview preview;
    preview.columns = described(*columns);
    PreviewText text(preview);
    RowBatch batch;
    qint64 seen = 0;
    while (true) {
        if (m_cancel.isCancelled())
            return Error{
                ErrorCode::Cancelled, SourceRowsText::tr("Reading %1 was stopped.").arg(m_origin.displayPath), {}};
        const auto read = source->read(batch);
        if (const auto *failed = std::get_if<Source::ReadError>(&read)) {
            const auto *problem = std::get_if<RowProblem>(&failed->what);
            if (!problem)
                return std::get<Error>(failed->what);
            if (seen == rows || text.isFull()) {
                preview.more = true;
                return preview;
            }
            text.addProblem({problem->row, problem->column, problem->value, problem->message});
            ++seen;
            continue;
        }
        if (!std::get<bool>(read))
            return preview;
        for (int row = 0; row < batch.rows; ++row, ++seen) {
            if (seen == rows || text.isFull()) {
                preview.more = true;
                return preview;
            }
            text.beginRow(batch.rowNumbers[size_t(row)]);
            for (const Column &column : batch.columns) {
                if (column.valid[size_t(row)]) {
                    text.addUtf8(column.bytes[size_t(row)]);
                } else {
                    text.addNull();
                }
            }
        }
    }
}

} // namespace engine
