// bench_parse_slipway FILE.csv: the engine's own reader, doing what bench_parse_limit does, and all its checks.
#include "engine/connectors/files/CsvSource.h"

#include <cstdio>

using namespace engine;

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    CsvFileSource file;
    file.path = QString::fromLocal8Bit(argv[1]);
    file.displayPath = file.path;
    file.format.firstRowAsHeader = true;
    CsvSource source(file);
    const Result<QList<SourceColumn>> columns = source.open();
    if (!columns)
        return 1;
    using enum InterimType;
    const QList<InterimType> types = columns->size() == 12
        ? QList{Int32, Int32, Int32, String, String, Double, Int32, Int32, String, Double, String, String}
        : QList{Int32, Int32, Double, String};
    QList<ProjectedColumn> projection;
    for (int i = 0; i < columns->size(); ++i)
        projection.append({i, types.at(i), {}, false});
    if (!source.project(projection))
        return 1;
    RowBatch batch;
    long rows = 0;
    int64_t integers = 0;
    double reals = 0;
    size_t bytes = 0;
    while (true) {
        const auto read = source.read(batch);
        if (!std::holds_alternative<bool>(read))
            return 1;
        if (!std::get<bool>(read))
            break;
        rows += batch.rows;
        for (const Column &column : batch.columns) {
            for (const int64_t value : column.integers)
                integers += value;
            for (const double value : column.reals)
                reals += value;
            for (const std::string_view value : column.bytes)
                bytes += value.size();
        }
    }
    if (!source.verifyUnchanged())
        return 1;
    std::printf("rows %ld integers %lld reals %.2f bytes %zu\n", rows, static_cast<long long>(integers), reals, bytes);
}
