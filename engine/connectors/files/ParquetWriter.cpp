#include "engine/connectors/files/ParquetWriter.h"

#include "engine/connectors/files/ParquetSource.h"
#include "engine/connectors/ValueText.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <cerrno>
#include <cstring>

namespace engine {
namespace {

struct ParquetWriterText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ParquetWriter)
};

DuckFeed::Target targetOf(const SinkColumn &column)
{
    constexpr int mostDigits = 38;
    DuckFeed::Target target{.name = column.name, .type = column.type};
    static const QRegularExpression places(QStringLiteral("\\(\\s*(\\d{1,2})\\s*(?:,\\s*(\\d{1,2})\\s*)?\\)"));
    const QRegularExpressionMatch match = places.match(column.physicalType);
    if (column.type != InterimType::Decimal || !match.hasMatch())
        return target;
    const int precision = match.captured(1).toInt();
    const int scale = match.captured(2).toInt();
    if (precision >= 1 && precision <= mostDigits && scale <= precision) {
        target.precision = precision;
        target.scale = scale;
    }
    return target;
}

} // namespace

Error ParquetWriter::failure(const Error &error)
{
    m_feed.reset();
    for (const int reason : {ENOSPC, EDQUOT, EFBIG}) { // DuckDB tells in words only
        if (error.message.contains(QString::fromLocal8Bit(std::strerror(reason))))
            m_systemError = reason;
    }
    return error;
}

Result<> ParquetWriter::define(const QList<SinkColumn> &columns)
{
    m_columns.clear();
    for (const SinkColumn &column : columns)
        m_columns += targetOf(column);
    if (m_columns.isEmpty())
        return Error{ErrorCode::InvalidInput, ParquetWriterText::tr("A Parquet file needs at least one column."), {}};
    return DuckFeed::check(m_columns);
}

Result<> ParquetWriter::begin(const File &file)
{
    auto feed = DuckFeed::start(m_columns, file.descriptor, m_codec);
    if (!feed)
        return failure(feed.error());
    m_feed = *std::move(feed);
    return {};
}

Result<int> ParquetWriter::write(const RowBatch &rows, int first, int count, const QList<int> &columns)
{
    m_problem.reset();
    const Result<> pushed = m_feed->push(rows, first, count, columns);
    if (pushed)
        return count;
    if (!m_feed->refusal())
        return failure(pushed.error());
    const DuckFeed::Refusal refusal = *m_feed->refusal();
    RowProblem problem = problemAt(rows, refusal.row);
    problem.code = QStringLiteral("UserErrorInvalidDataValue");
    problem.column = m_columns.at(columns.at(refusal.column)).name;
    problem.value = displayedValue(rows.columns[size_t(refusal.column)], refusal.row);
    problem.message = ParquetWriterText::tr("Column '%1' contains a value '%2' that cannot be written: %3 (row %4).")
                          .arg(problem.column, problem.value, refusal.reason, QString::number(problem.row));
    const int taken = refusal.row - first;
    if (taken > 0) {
        if (const Result<> before = m_feed->push(rows, first, taken, columns); !before)
            return failure(before.error());
    }
    m_problem = std::move(problem);
    return taken;
}

Result<> ParquetWriter::finish()
{
    const Result<> finished = m_feed->finish();
    if (!finished)
        return failure(finished.error());
    m_feed.reset();
    return {};
}

Result<std::optional<qint64>> ParquetWriter::rowsIn(const QString &path, const QString &name) const
{
    ParquetSource source({.path = path, .displayPath = name});
    return countRows(source);
}

} // namespace engine
