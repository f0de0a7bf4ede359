// What tests/bench/scoring.py measures of Slipway: bench_scoring train|predict|titanic FILE ROWS P ROUNDS. FILE has
// P columns of doubles one after another and, to train, a last one of 0 and 1. One line of JSON: CPU and wall seconds
// of each round.

#include "engine/base/Json.h"
#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/Trainer.h"

#include <QFile>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <numeric>
#include <random>

using namespace scoring;

namespace {

constexpr int batchRows = 2048; // of DuckDB and of the engine

double now(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

// What each round takes: CPU time of the process, as the machine may be busy, and wall time.
class Times
{
public:
    void start()
    {
        m_seconds.push_back(now(CLOCK_PROCESS_CPUTIME_ID));
        m_walls.push_back(now(CLOCK_MONOTONIC));
    }
    void stop()
    {
        m_seconds.back() = now(CLOCK_PROCESS_CPUTIME_ID) - m_seconds.back();
        m_walls.back() = now(CLOCK_MONOTONIC) - m_walls.back();
    }
    const std::vector<double> &seconds() const { return m_seconds; }
    const std::vector<double> &walls() const { return m_walls; }

private:
    std::vector<double> m_seconds;
    std::vector<double> m_walls;
};

void print(const Times &times, engine::Json more)
{
    more["seconds"] = times.seconds();
    more["walls"] = times.walls();
    std::printf("%s\n", engine::toCompact(more).constData());
}

std::vector<std::vector<double>> readColumns(const char *path, int rows, int columns)
{
    QFile file(QString::fromLocal8Bit(path));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", path);
    const std::vector<double> one(static_cast<size_t>(rows));
    std::vector<std::vector<double>> read(static_cast<size_t>(columns), one);
    for (std::vector<double> &column : read)
        file.read(reinterpret_cast<char *>(column.data()), qint64(rows) * 8);
    return read;
}

int train(const char *path, int rows, int width, int rounds)
{
    std::vector<std::vector<double>> numbers = readColumns(path, rows, width + 1);
    std::vector<TrainingColumn> columns;
    for (int j = 0; j <= width; ++j) {
        TrainingColumn column;
        column.name = j == width ? QStringLiteral("y") : QStringLiteral("x%1").arg(j);
        column.numbers = std::move(numbers[size_t(j)]);
        columns.push_back(std::move(column));
    }
    const auto table = TrainingTable::ofColumns(std::move(columns), rows);
    std::vector<int> all(static_cast<size_t>(rows));
    std::iota(all.begin(), all.end(), 0);
    TrainingOptions options;
    options.target = QStringLiteral("y");
    options.preparation.standardise = false;
    options.preparation.numbers = NumberImpute::None; // nor does the peer replace anything
    Times times;
    engine::Json more;
    for (int round = 0; round < rounds; ++round) {
        times.start();
        const auto trained = trainLinear(*table, all, options);
        times.stop();
        if (!trained)
            qFatal("%s", qPrintable(trained.error().message));
        more = {{"gradient", trained->report.gradientNorm},
                {"iterations", trained->report.iterations},
                {"coefficients", trained->pipeline.coefficients},
                {"intercept", trained->pipeline.intercepts[0]}};
    }
    print(times, more);
    return 0;
}

double scoreAll(Scorer &scorer, const InputBatch &all, OutputBatch &scored)
{
    double sum = 0;
    for (int first = 0; first < all.rows; first += batchRows) {
        InputBatch batch;
        batch.rows = std::min(batchRows, all.rows - first);
        for (const InputColumn &column : all.columns) {
            InputColumn part;
            if (!column.numbers.empty())
                part.numbers = column.numbers.subspan(size_t(first), size_t(batch.rows));
            else
                part.texts = column.texts.subspan(size_t(first), size_t(batch.rows));
            batch.columns.push_back(part);
        }
        scorer.score(batch, scored);
        sum += scored.columns[1].numbers[0];
    }
    return sum;
}

int measure(const LinearPipeline &pipeline, const InputBatch &all, int rounds)
{
    const auto model = LinearPipelineModel::make(pipeline);
    if (!model)
        qFatal("%s", qPrintable(model.error().message));
    const auto scorer = (*model)->scorer({.output = OutputChoice::Probability});
    OutputBatch scored;
    Times times;
    double sum = 0;
    for (int round = 0; round < rounds; ++round) {
        times.start();
        sum = scoreAll(**scorer, all, scored);
        times.stop();
    }
    print(times, {{"sum", sum}});
    return 0;
}

int predict(const char *path, int rows, int width, int rounds)
{
    const std::vector<std::vector<double>> numbers = readColumns(path, rows, width);
    LinearPipeline pipeline;
    pipeline.target = QStringLiteral("y");
    pipeline.link = LinearLink::Logit;
    pipeline.classes = {QStringLiteral("0"), QStringLiteral("1")};
    pipeline.intercepts = {0.1};
    InputBatch all;
    all.rows = rows;
    for (int j = 0; j < width; ++j) {
        PipelineFeature feature;
        feature.name = QStringLiteral("x%1").arg(j);
        pipeline.features.append(feature);
        pipeline.columns.append({feature.name, j, -1});
        pipeline.coefficients.push_back(-1 + 2.0 * j / (width - 1));
        InputColumn column;
        column.numbers = numbers[size_t(j)];
        all.columns.push_back(column);
    }
    return measure(pipeline, all, rounds);
}

// The prepared Titanic: four numbers with missing cells, three texts; the same rows that the peer makes.
int titanic(int rows, int rounds)
{
    const char *const levels[3][3] = {{"1", "2", "3"}, {"female", "male", nullptr}, {"C", "Q", "S"}};
    LinearPipeline pipeline;
    pipeline.target = QStringLiteral("survived");
    pipeline.link = LinearLink::Logit;
    pipeline.classes = {QStringLiteral("0"), QStringLiteral("1")};
    pipeline.intercepts = {-0.03};
    std::vector<std::vector<double>> numbers(4);
    std::vector<std::vector<std::string_view>> texts(3);
    std::mt19937 random(1);
    for (int i = 0; i < rows; ++i) {
        for (std::vector<double> &column : numbers)
            column.push_back(random() % 5 == 0 ? std::numeric_limits<double>::quiet_NaN() : double(random() % 80));
        for (size_t j = 0; j < 3; ++j) {
            const char *const text = random() % 50 == 0 ? nullptr : levels[j][random() % (j == 1 ? 2 : 3)];
            texts[j].push_back(text ? std::string_view(text) : std::string_view());
        }
    }
    InputBatch all;
    all.rows = rows;
    for (int j = 0; j < 4; ++j) {
        PipelineFeature feature;
        feature.name = QStringLiteral("x%1").arg(j);
        feature.imputeValue = 28;
        feature.mean = 29.7;
        feature.scale = 12.6;
        pipeline.features.append(feature);
        pipeline.columns.append({feature.name, j, -1});
        pipeline.coefficients.push_back(-0.3 + 0.1 * j);
        InputColumn column;
        column.numbers = numbers[size_t(j)];
        all.columns.push_back(column);
    }
    for (int j = 0; j < 3; ++j) {
        PipelineFeature feature;
        feature.name = QStringLiteral("t%1").arg(j);
        feature.type = FieldType::Text;
        feature.use = FieldUse::Categorical;
        for (int level = 0; level < (j == 1 ? 2 : 3); ++level) {
            feature.levels.append(QString::fromLatin1(levels[j][level]));
            pipeline.columns.append({feature.levels.constLast(), 4 + j, level});
            pipeline.coefficients.push_back(0.2 * level - 0.1);
        }
        feature.imputeLevel = feature.levels.constFirst();
        pipeline.features.append(feature);
        InputColumn column;
        column.texts = texts[size_t(j)];
        all.columns.push_back(column);
    }
    return measure(pipeline, all, rounds);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    const int rows = std::atoi(argv[3]);
    const int width = std::atoi(argv[4]);
    const int rounds = std::atoi(argv[5]);
    if (std::strcmp(argv[1], "train") == 0)
        return train(argv[2], rows, width, rounds);
    if (std::strcmp(argv[1], "predict") == 0)
        return predict(argv[2], rows, width, rounds);
    return titanic(rows, rounds);
}
