#include "engine/model/PipelineReader.h"
#include "engine/run/PipelineRun.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <cstdio>
#include <cstdlib>
#include <ctime>

// bench_foreach [ITERATIONS] [FOLDER]: runs a ForEach whose iterations do nothing (a Wait of no time, and an If that
// decides by an expression), side by side and one after the other, on a store in FOLDER (default: a temporary one), and
// prints how long it took until the end of the run was durable.

using namespace engine;

namespace {

class NoFiles final : public FileTree
{
public:
    QStringList files() const override { return {}; }
    Result<QByteArray> read(const QString &path) const override { return Error{ErrorCode::NotFound, path, path}; }
};

Json pipelineOf(int iterations, bool isSequential, const Json &inner)
{
    Json items = Json::array();
    for (int i = 0; i < iterations; ++i)
        items.push_back(i);
    return {{"activities",
             {{{"name", "Each"},
               {"type", "ForEach"},
               {"typeProperties",
                {{"items", items}, {"isSequential", isSequential}, {"batchCount", 50}, {"activities", inner}}}}}}};
}

void measure(const char *name, const Json &properties, const QString &folder)
{
    SystemClock clock;
    const auto journal = RunJournal::open(folder, clock);
    const auto telemetry = TelemetryLog::open(folder);
    if (!journal || !telemetry) {
        std::fprintf(stderr, "%s\n", qPrintable(journal ? telemetry.error().message : journal.error().message));
        std::exit(1);
    }
    Factory factory;
    factory.pipelines.insert(QStringLiteral("P"),
                             readPipeline(Json{{"properties", properties}}, QStringLiteral("P"), QStringLiteral("P")));
    RunPlan plan{.factory = std::make_shared<const Factory>(factory),
                 .files = std::make_shared<NoFiles>(),
                 .folder = folder,
                 .pipeline = QStringLiteral("P")};
    RunRecord record;
    record.id = RunId::create();
    record.factory = FactoryId::create();
    record.pipeline = plan.pipeline;
    record.queuedAt = clock.now();
    RunnerRegistry runners;
    PipelineRun run(record,
                    std::make_shared<const RunPlan>(std::move(plan)),
                    {.runners = runners, .journal = **journal, .telemetry = **telemetry, .clock = clock});
    QObject::connect(&run, &PipelineRun::finished, &run, [](RunStatus status) {
        QCoreApplication::exit(status == RunStatus::Succeeded ? 0 : 1);
    });
    QElapsedTimer wall;
    wall.start();
    const std::clock_t cpu = std::clock();
    run.start();
    if (QCoreApplication::exec() != 0) {
        std::fprintf(stderr, "%s: the run failed: %s\n", name, qPrintable(run.record().message));
        std::exit(1);
    }
    const auto recorded = (*journal)->activities(record.id);
    std::printf("%-40s %8.3f s wall %8.3f s CPU %8lld activity runs recorded\n",
                name,
                double(wall.nsecsElapsed()) / 1e9,
                double(std::clock() - cpu) / CLOCKS_PER_SEC,
                static_cast<long long>(recorded ? recorded->size() : -1));
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const int iterations = argc > 1 ? std::atoi(argv[1]) : 10000;
    const QTemporaryDir temporary;
    const QString folder = argc > 2 ? QString::fromLocal8Bit(argv[2]) : temporary.path();
    const Json wait = {{{"name", "Nothing"}, {"type", "Wait"}, {"typeProperties", {{"waitTimeInSeconds", 0}}}}};
    const Json choice = {{{"name", "Choice"},
                          {"type", "IfCondition"},
                          {"typeProperties", {{"expression", "@greater(item(), -1)"}, {"ifTrueActivities", wait}}}}};
    measure("Wait, 50 at once", pipelineOf(iterations, false, wait), folder);
    measure("Wait, one after the other", pipelineOf(iterations, true, wait), folder);
    measure("If with Wait, 50 at once", pipelineOf(iterations, false, choice), folder);
    measure("If with Wait, one after the other", pipelineOf(iterations, true, choice), folder);
}
