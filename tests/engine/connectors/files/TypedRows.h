#pragma once

#include "engine/connectors/files/CsvSource.h"
#include "engine/connectors/Sink.h"

#include <QList>

namespace tests {

// Rows for a sink, made of the texts of their values: as TextConverter reads them; nothing = NULL.
class TypedRows final : public engine::BatchStream
{
public:
    using Row = QList<std::optional<QByteArray>>;

    TypedRows(QList<engine::SinkColumn> columns, QList<Row> rows, int rowsInBatch = 3);

    const QList<engine::SinkColumn> &columns() const { return m_columns; }
    QList<int> order() const; // of all columns
    void endWith(engine::Error error) { m_error = std::move(error); }
    void setFiles(QStringList files) { m_files = std::move(files); } // of the batches, by their number

    engine::Result<const engine::RowBatch *> next() override;

private:
    QList<engine::SinkColumn> m_columns;
    QList<Row> m_rows;
    int m_rowsInBatch;
    qsizetype m_next = 0;
    int m_batches = 0;
    QStringList m_files;
    std::optional<engine::Error> m_error;
    std::shared_ptr<engine::RowBatch> m_batch = std::make_shared<engine::RowBatch>();
};

engine::SinkColumn sinkColumn(const char *name, engine::InterimType type = engine::InterimType::String);

// All rows of a file, the values as text; what is no row is one of the text of its problem.
QList<TypedRows::Row> readRows(const engine::CsvFileSource &file,
                               const QList<engine::InterimType> &types = {engine::InterimType::String});

} // namespace tests
