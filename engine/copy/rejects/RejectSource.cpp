#include "engine/copy/rejects/RejectSource.h"

#include "engine/connectors/TypedBatch.h"

namespace engine {

Result<QList<SourceColumn>> RejectSource::open()
{
    auto store = RejectFile::open(m_file);
    if (!store)
        return store.error();
    m_store.emplace(*std::move(store));
    auto conversion = RejectConversion::make(m_store->head());
    if (!conversion)
        return conversion.error();
    m_conversion.emplace(*std::move(conversion));
    QList<SourceColumn> columns;
    const RejectHead &head = m_store->head();
    for (int i = 0; i < head.targets.size(); ++i)
        columns.append({QString::number(i), head.targets.at(i).type});
    return columns;
}

Result<> RejectSource::project(const QList<ProjectedColumn> &columns)
{
    m_projection = columns;
    RejectHead head = m_store->head();
    for (const ProjectedColumn &column : columns)
        head.targets[column.source].type = column.type; // what the sink's column is now
    auto conversion = RejectConversion::make(head);
    if (!conversion)
        return conversion.error();
    m_conversion.emplace(*std::move(conversion));
    return {};
}

Result<bool> RejectSource::fetch()
{
    if (m_next < m_rows.size())
        return true;
    auto rows = m_store->loadingRows(m_reload, m_lastId, RowBatch::maximumRows);
    if (!rows)
        return rows.error();
    m_rows = *std::move(rows);
    m_next = 0;
    if (m_rows.isEmpty())
        return false;
    m_lastId = m_rows.last().id;
    return true;
}

std::variant<bool, Source::ReadError> RejectSource::read(RowBatch &batch)
{
    QList<ProjectedColumn> all; // by target; given away in the order of the projection
    for (const RejectHead::Target &target : m_conversion->head().targets)
        all.append({int(all.size()), target.type, {}, false});
    beginBatch(batch, all);
    while (!m_pending && batch.rows < RowBatch::maximumRows) {
        const Result<bool> more = fetch();
        if (!more)
            return ReadError{more.error()};
        if (!*more)
            break;
        const RejectedRow &row = m_rows.at(m_next++);
        const Result<qint64> unique = row.row > 0 ? m_store->loadingRow(m_reload, row.row) : Result<qint64>(0);
        if (!unique)
            return ReadError{unique.error()};
        const qint64 number = *unique == row.id ? row.row : numberOf(row.id);
        if (const auto problem = m_conversion->convert(row, batch.columns, batch.rows, batch.arena)) {
            RowProblem refused;
            refused.code = QStringLiteral("UserErrorInvalidDataValue");
            refused.file = row.file;
            refused.row = number;
            refused.column = problem->column;
            refused.value = problem->value;
            refused.message = problem->message;
            m_pending = ReadError{std::move(refused)};
            break;
        }
        batch.rowNumbers.push_back(number);
        ++batch.rows;
    }
    endBatch(batch);
    std::vector<Column> wanted;
    for (const ProjectedColumn &column : m_projection)
        wanted.push_back(batch.columns[size_t(column.source)]);
    batch.columns = std::move(wanted);
    return answerOf(batch, m_pending);
}

Json RejectSource::fingerprint() const { return {{"rejects", toStdString(m_file)}, {"files", Json::array()}}; }

} // namespace engine
