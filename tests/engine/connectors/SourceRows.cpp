#include "tests/engine/connectors/SourceRows.h"

#include "engine/data/TypeConversion.h"

using namespace engine;

namespace tests {
namespace {

QString spelled(const Column &column, int row)
{
    if (!column.valid[size_t(row)])
        return QStringLiteral("NULL");
    std::string text;
    appendText(text, column, row);
    const QString value = QString::fromStdString(text);
    const bool isQuoted = column.type == InterimType::String || column.type == InterimType::Binary;
    return isQuoted ? QString(u'\'' + value + u'\'') : value;
}

} // namespace

SourceRows readAll(Source &source, const QList<InterimType> &types)
{
    SourceRows read;
    const auto columns = source.open();
    if (!columns) {
        read.error = columns.error();
        return read;
    }
    QList<ProjectedColumn> projection;
    for (int i = 0; i < columns->size(); ++i)
        projection.append({i, types.isEmpty() ? columns->at(i).type : types.at(i), {}, false});
    if (const auto projected = source.project(projection); !projected) {
        read.error = projected.error();
        return read;
    }
    return readRest(source);
}

SourceRows readRest(Source &source)
{
    SourceRows read;
    RowBatch batch;
    while (true) {
        const auto answer = source.read(batch);
        if (const auto *failed = std::get_if<Source::ReadError>(&answer)) {
            if (const auto *problem = std::get_if<RowProblem>(&failed->what)) {
                read.problems.append(*problem);
                continue;
            }
            read.error = std::get<Error>(failed->what);
            return read;
        }
        if (!std::get<bool>(answer))
            return read;
        read.largestBatch = std::max(read.largestBatch, batch.rows);
        for (int row = 0; row < batch.rows; ++row) {
            QStringList values;
            for (const Column &column : batch.columns)
                values.append(spelled(column, row));
            read.rows.append(QStringLiteral("%1: ").arg(batch.rowNumbers[size_t(row)])
                             + values.join(QStringLiteral(" | ")));
        }
    }
}

} // namespace tests
