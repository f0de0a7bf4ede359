#include "tests/engine/connectors/TextRows.h"

using namespace engine;

namespace tests {

TextRows::TextRows(QList<InterimType> types, QList<Row> rows)
    : TextRows(std::move(types), rows.size(), [rows](qint64 number) { return rows.at(qsizetype(number) - 1); })
{
}

TextRows::TextRows(QList<InterimType> types, qint64 count, std::function<Row(qint64 number)> make)
    : m_count(count)
    , m_make(std::move(make))
{
    for (const InterimType type : std::as_const(types)) {
        auto converter = TextConverter::make(type, {});
        Q_ASSERT(converter.ok());
        m_converters.push_back(*converter);
        m_batch.columns.emplace_back().type = type;
    }
}

Result<const RowBatch *> TextRows::next()
{
    ++m_batches;
    if (beforeBatch)
        beforeBatch(m_batches);
    if (m_batches == failAtBatch)
        return Error{ErrorCode::Io, QStringLiteral("the disk is gone"), QStringLiteral("input.csv")};
    m_batch.clear();
    m_texts.clear();
    const qint64 rows = std::min<qint64>(batchRows, m_count - m_done);
    if (rows == 0)
        return nullptr;
    for (qint64 i = 0; i < rows; ++i)
        m_texts.push_back(m_make(m_done + i + 1));
    for (size_t c = 0; c < m_converters.size(); ++c) {
        m_batch.columns[c].resize(int(rows));
        for (int row = 0; row < rows; ++row) {
            const QByteArray &text = m_texts[size_t(row)].at(qsizetype(c));
            if (!text.isNull()
                && !m_converters[c].convert(
                    {text.constData(), size_t(text.size())}, m_batch.columns[c], row, m_batch.arena))
                qFatal("%s is no %s", text.constData(), qPrintable(toString(m_converters[c].type())));
        }
    }
    m_batch.rows = int(rows);
    for (qint64 i = 0; i < rows; ++i) {
        m_batch.rowNumbers.push_back(m_done + i + 1);
        m_batch.lineNumbers.push_back(m_done + i + firstLine);
    }
    m_done += rows;
    return &m_batch;
}

} // namespace tests
