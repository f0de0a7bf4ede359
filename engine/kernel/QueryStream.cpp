#include "engine/kernel/QueryStream.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct QueryStreamText
{
    Q_DECLARE_TR_FUNCTIONS(engine::QueryStream)
};

} // namespace

QueryStream::~QueryStream() = default;

Result<std::unique_ptr<QueryStream>> QueryStream::open(const QString &query,
                                                       const QList<DuckColumn> &columns,
                                                       const QList<SinkColumn> &targets,
                                                       const QList<int> &chosen,
                                                       DuckSession &session)
{
    std::unique_ptr<QueryStream> stream(new QueryStream);
    QStringList names;
    QStringList expressions;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        const SinkColumn &target = targets.at(chosen.at(i));
        if (!target.supported)
            return Error{ErrorCode::Unsupported,
                         QueryStreamText::tr("The column %1 is of the type %2, which cannot be written.")
                             .arg(target.name, target.physicalType),
                         {}};
        ValueConverter::Options options;
        options.to = target.type;
        Result<ValueConverter> converter = ValueConverter::make(columns.at(i).type, options);
        if (!converter)
            return Error{ErrorCode::InvalidInput,
                         QueryStreamText::tr("The column %1 of the query is %2, and the table's column %3 is %4: cast "
                                             "it in the query.")
                             .arg(columns.at(i).name, columns.at(i).spelled, target.name, target.physicalType),
                         {}};
        stream->m_fields.push_back({target.name, target.type, *std::move(converter)});
        // By place: a query may give one name to two columns.
        const QString name = QStringLiteral("c%1").arg(i);
        names += name;
        QString expression = columns.at(i).expression;
        expressions += expression.replace(duckName(columns.at(i).name), name);
    }
    const QString sql =
        QStringLiteral("SELECT %1 FROM (%2\n) AS written(%3)").arg(expressions.join(u','), query, names.join(u','));
    Result<std::unique_ptr<DuckRows>> rows = session.query(sql);
    if (!rows)
        return rows.error();
    stream->m_rows = *std::move(rows);
    return stream;
}

Result<> QueryStream::convert(const Field &field, const Column &from, Column &to)
{
    for (int row = 0; row < m_read.rows; ++row) {
        if (!from.valid[size_t(row)]) {
            to.setNull(row);
            continue;
        }
        if (!field.converter.convert(from, row, to, row, m_batch.arena))
            return Error{ErrorCode::InvalidInput,
                         QueryStreamText::tr("Row %1 of the query cannot go into the column %2: %3.")
                             .arg(m_row + row + 1)
                             .arg(field.name, field.converter.reason(from, row)),
                         {}};
        to.valid[size_t(row)] = 1;
    }
    return {};
}

Result<const RowBatch *> QueryStream::next()
{
    const Result<bool> more = m_rows->next(m_read);
    if (!more)
        return more.error();
    if (!*more)
        return nullptr;
    if (!m_read.refused.empty()) {
        const DuckBatch::Refused &refused = m_read.refused.front();
        return Error{ErrorCode::InvalidInput,
                     QueryStreamText::tr("Row %1 of the query cannot go into the column %2: %3.")
                         .arg(m_row + refused.row + 1)
                         .arg(m_fields[size_t(refused.column)].name, refused.reason),
                     {}};
    }
    m_batch.clear();
    m_batch.columns.resize(m_fields.size());
    m_batch.rows = m_read.rows;
    for (size_t i = 0; i < m_fields.size(); ++i) {
        m_batch.columns[i].type = m_fields[i].type;
        m_batch.columns[i].resize(m_read.rows);
        if (const Result<> converted = convert(m_fields[i], m_read.columns[i], m_batch.columns[i]); !converted)
            return converted.error();
    }
    for (int row = 0; row < m_read.rows; ++row)
        m_batch.rowNumbers.push_back(m_row + row + 1);
    m_row += m_read.rows;
    return &m_batch;
}

} // namespace engine
