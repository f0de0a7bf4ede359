// bench_run_list [RUNS [FOLDER]]: how long the run list's questions take in a store of so many runs (100,000).

#include "tests/engine/store/RunHistory.h"
#include "tests/engine/store/StoreSamples.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>

using namespace engine;

namespace {

constexpr int rounds = 7;

struct Question
{
    const char *name;
    RunSearch search;
};

QList<Question> questions(int runs)
{
    using Key = RunSearch::Key;
    const Instant late = tests::at(qint64(runs) * 300 * 9 / 10);
    const FactoryId north(QStringLiteral("north"));
    const QString oneId = tests::historicRun(runs / 2).id.text();
    return {{"first page", {}},
            {"last page", {.offset = runs - 200}},
            {"numbers only", {.limit = 0}},
            {"one factory", {.factory = north}},
            {"one status", {.statuses = {RunStatus::Failed}}},
            {"status of none", {.statuses = {RunStatus::Queued}}},
            {"last tenth of the time", {.after = late}},
            {"one pipeline", {.pipelines = {QStringLiteral("Load Sales Region 3")}}},
            {"one trigger", {.triggeredBy = {QStringLiteral("Nightly 1")}}},
            {"text: in every name", {.text = QStringLiteral("SALES")}},
            {"text: in errors", {.text = QStringLiteral("no decimal")}},
            {"text: one id", {.text = oneId}},
            {"text: nowhere", {.text = QStringLiteral("zebra")}},
            {"by duration", {.orderBy = Key::Duration}},
            {"by duration, middle page", {.orderBy = Key::Duration, .offset = runs / 2}},
            {"by pipeline", {.orderBy = Key::Pipeline, .order = RunSearch::Direction::Ascending}},
            {"by trigger", {.orderBy = Key::TriggeredBy}},
            {"by version", {.orderBy = Key::Version}},
            {"everything at once",
             {.factory = FactoryId(QStringLiteral("south")),
              .text = QStringLiteral("amount"),
              .pipelines = {QStringLiteral("Load Sales Region 1"), QStringLiteral("Load Sales Region 7")},
              .statuses = {RunStatus::Failed},
              .after = late,
              .orderBy = Key::Duration}}};
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const int runs = arguments.size() > 1 ? std::max(1000, arguments.at(1).toInt()) : 100'000;
    const QTemporaryDir temporary;
    const QString folder = arguments.size() > 2 ? arguments.at(2) : temporary.path();
    SystemClock clock;
    auto opened =
        RunJournal::open(folder, clock, {.ballastBytes = 1024 * 1024, .backupInterval = std::chrono::hours(24)});
    if (!opened) {
        std::fprintf(stderr, "%s\n", qPrintable(opened.error().message));
        return 1;
    }
    RunJournal &journal = **opened;
    QElapsedTimer timer;
    timer.start();
    const auto known = journal.find({.limit = 0});
    if (known && known->total == 0 && !tests::appendHistory(journal, 0, runs)) {
        std::fprintf(stderr, "The store cannot be filled.\n");
        return 1;
    }
    std::printf("%d runs written in %.1f s\n\n%-28s %10s %10s %10s\n",
                runs,
                double(timer.elapsed()) / 1000,
                "question",
                "matching",
                "median ms",
                "worst ms");
    for (const Question &question : questions(runs)) {
        std::vector<double> times;
        int total = 0;
        for (int round = 0; round < rounds; ++round) {
            timer.start();
            const auto page = journal.find(question.search);
            times.push_back(double(timer.nsecsElapsed()) / 1e6);
            if (!page) {
                std::fprintf(stderr, "%s: %s\n", question.name, qPrintable(page.error().message));
                return 1;
            }
            total = page->total;
        }
        std::ranges::sort(times);
        std::printf("%-28s %10d %10.1f %10.1f\n", question.name, total, times[rounds / 2], times.back());
    }
    return 0;
}
