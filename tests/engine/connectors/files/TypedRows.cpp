#include "tests/engine/connectors/files/TypedRows.h"

#include "engine/data/TypeConversion.h"

using namespace engine;

namespace tests {

TypedRows::TypedRows(QList<SinkColumn> columns, QList<Row> rows, int rowsInBatch)
    : m_columns(std::move(columns))
    , m_rows(std::move(rows))
    , m_rowsInBatch(rowsInBatch)
{
}

QList<int> TypedRows::order() const
{
    QList<int> order;
    for (int i = 0; i < m_columns.size(); ++i)
        order += i;
    return order;
}

Result<const RowBatch *> TypedRows::next()
{
    if (m_next == m_rows.size()) {
        if (m_error)
            return *m_error;
        return nullptr;
    }
    RowBatch &batch = *m_batch;
    batch.clear();
    const int rows = int(std::min<qsizetype>(m_rowsInBatch, m_rows.size() - m_next));
    batch.columns.resize(size_t(m_columns.size()));
    for (qsizetype i = 0; i < m_columns.size(); ++i) {
        Column &column = batch.columns[size_t(i)];
        column.type = m_columns.at(i).type;
        column.resize(rows);
        const auto converter = TextConverter::make(column.type, {});
        if (!converter)
            qFatal("no converter");
        for (int row = 0; row < rows; ++row) {
            const std::optional<QByteArray> &value = m_rows.at(m_next + row).at(i);
            if (!value)
                column.setNull(row);
            else if (!converter->convert(
                         batch.arena.copy({value->constData(), size_t(value->size())}), column, row, batch.arena))
                qFatal("no value: %s", value->constData());
        }
    }
    for (int row = 0; row < rows; ++row)
        batch.rowNumbers.push_back(m_next + row + 1);
    batch.rows = rows;
    batch.file = m_files.value(m_batches++);
    m_next += rows;
    return &batch;
}

SinkColumn sinkColumn(const char *name, InterimType type)
{
    SinkColumn column;
    column.name = QString::fromUtf8(name);
    column.type = type;
    return column;
}

QList<TypedRows::Row> readRows(const CsvFileSource &file, const QList<InterimType> &types)
{
    const auto said = [](const QString &text) { return TypedRows::Row{text.toUtf8()}; };
    CsvSource source(file);
    const auto columns = source.open();
    if (!columns)
        return {said(columns.error().message)};
    QList<ProjectedColumn> projection;
    for (int i = 0; i < columns->size(); ++i)
        projection.append({i, types.at(std::min<qsizetype>(i, types.size() - 1)), {}, false});
    if (const auto projected = source.project(projection); !projected)
        return {said(projected.error().message)};
    QList<TypedRows::Row> rows;
    RowBatch batch;
    while (true) {
        const auto read = source.read(batch);
        if (const auto *failure = std::get_if<Source::ReadError>(&read)) {
            const auto *problem = std::get_if<RowProblem>(&failure->what);
            rows += said(problem ? problem->message : std::get<Error>(failure->what).message);
            if (!problem)
                return rows;
            continue;
        }
        if (!std::get<bool>(read))
            return rows;
        for (int i = 0; i < batch.rows; ++i) {
            TypedRows::Row row;
            for (const Column &column : batch.columns) {
                std::string text;
                if (column.valid[size_t(i)])
                    appendText(text, column, i);
                row += column.valid[size_t(i)] ? std::optional(QByteArray::fromStdString(text)) : std::nullopt;
            }
            rows += row;
        }
    }
}

} // namespace tests
