#include "scoring/ModelFile.h"

#include <QFile>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

using namespace scoring;

// bench_trees MODEL ROWS ROUNDS: ROWS are floats, row by row, as many as the model has inputs. Prints the least CPU and
// wall time of a round in nanoseconds per row, on one thread, and the sum of the first output, which others must give
// as well.
int main(int count, char **words)
{
    if (count != 4) {
        std::fprintf(stderr, "usage: bench_trees MODEL ROWS ROUNDS\n");
        return 2;
    }
    const auto model = readModel(QString::fromLocal8Bit(words[1]));
    if (!model) {
        std::fprintf(stderr, "%s\n", qPrintable(model.error().message));
        return 2;
    }
    QFile file(QString::fromLocal8Bit(words[2]));
    if (!file.open(QIODevice::ReadOnly))
        return 2;
    const QByteArray bytes = file.readAll();
    const auto *cells = reinterpret_cast<const float *>(bytes.constData());
    const auto inputs = size_t((*model)->inputs().size());
    const size_t rows = size_t(bytes.size()) / sizeof(float) / inputs;
    std::vector<std::vector<double>> columns(inputs, std::vector<double>(rows));
    for (size_t row = 0; row < rows; ++row)
        for (size_t input = 0; input < inputs; ++input)
            columns[input][row] = double(cells[row * inputs + input]);

    const auto scorer = (*model)->scorer({.output = OutputChoice::Raw, .iterations = {}});
    if (!scorer)
        return 2;
    constexpr size_t batchRows = 2048;
    double cpu = 1e300;
    double wall = 1e300;
    double sum = 0;
    for (int round = 0; round < std::atoi(words[3]); ++round) {
        sum = 0;
        OutputBatch scored;
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t used = std::clock();
        for (size_t first = 0; first < rows; first += batchRows) {
            InputBatch batch;
            batch.rows = int(std::min(batchRows, rows - first));
            for (const std::vector<double> &column : columns)
                batch.columns.push_back({std::span(column).subspan(first, size_t(batch.rows)), {}, {}});
            (*scorer)->score(batch, scored);
            for (size_t row = 0; row < size_t(batch.rows); ++row)
                sum += scored.columns[0].numbers[row];
        }
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
        wall = std::min(wall, took.count() / double(rows));
        cpu = std::min(cpu, double(std::clock() - used) * 1e9 / CLOCKS_PER_SEC / double(rows));
    }
    std::printf("%.2f %.2f %.6f\n", cpu, wall, sum);
    return 0;
}
