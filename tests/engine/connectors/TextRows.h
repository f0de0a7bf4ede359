#pragma once

#include "engine/connectors/Sink.h"
#include "engine/data/TypeConversion.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <vector>

namespace tests {

// Rows for a sink, written as text and converted to the given types. A null QByteArray is NULL.
class TextRows final : public engine::BatchStream
{
public:
    using Row = QList<QByteArray>;
    TextRows(QList<engine::InterimType> types, QList<Row> rows);
    TextRows(QList<engine::InterimType> types, qint64 count, std::function<Row(qint64 number)> make);

    engine::Result<const engine::RowBatch *> next() override;

    int batchRows = engine::RowBatch::maximumRows;
    std::function<void(int batch)> beforeBatch; // 1, 2 …
    int failAtBatch = 0; // the stream ends with an error there
    qint64 firstLine = 2; // of row 1: after a header

private:
    std::vector<engine::TextConverter> m_converters;
    qint64 m_count;
    std::function<Row(qint64 number)> m_make;
    qint64 m_done = 0;
    int m_batches = 0;
    engine::RowBatch m_batch;
    std::vector<Row> m_texts; // what the batch points into
};

} // namespace tests
