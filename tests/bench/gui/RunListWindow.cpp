// bench_run_list_window [ROUNDS]: how long Monitor's run list takes to open and to filter, from the choice to the
// painted rows, with a real engine on the store of SLIPWAY_HOME (fill it with bench_run_list first).

#include "designer/monitor/RunListPage.h"
#include "designer/monitor/RunTableModel.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace designer;
using namespace engine;

namespace {

constexpr int patienceMs = 30'000;
constexpr int restMs = 400;

// Turns of the event loop until it is so; false after 30 s.
bool waitFor(const std::function<bool()> &isSo)
{
    QElapsedTimer timer;
    timer.start();
    while (!isSo()) {
        if (timer.elapsed() > patienceMs)
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 5);
    }
    return true;
}

// What a choice leads to afterwards (counts, neighbours) belongs to no other choice.
void letItRest()
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < restMs)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 5);
}

struct Choice
{
    const char *name;
    RunListFilter filter;
};

QList<Choice> choices()
{
    RunListFilter all;
    all.span = RunListFilter::Span::All;
    const auto with = [&all](auto change) {
        RunListFilter filter = all;
        change(filter);
        return filter;
    };
    return {{"all runs", all},
            {"failed", with([](RunListFilter &filter) { filter.statuses = {RunStatus::Failed}; })},
            {"one pipeline",
             with([](RunListFilter &filter) { filter.pipelines = {QStringLiteral("Load Sales Region 3")}; })},
            {"text in errors", with([](RunListFilter &filter) { filter.text = QStringLiteral("no decimal"); })},
            {"text in every name", with([](RunListFilter &filter) { filter.text = QStringLiteral("SALES"); })},
            {"text nowhere", with([](RunListFilter &filter) { filter.text = QStringLiteral("zebra"); })},
            {"by duration", with([](RunListFilter &filter) { filter.orderBy = RunListFilter::Key::Duration; })}};
}

// Milliseconds from the choice until its rows are painted; negative: it failed.
double measure(RunListPage &page, const RunListFilter &filter)
{
    bool isThere = false;
    QObject context;
    QObject::connect(page.model(), &RunTableModel::modelReset, &context, [&isThere] { isThere = true; });
    QElapsedTimer timer;
    timer.start();
    page.model()->setFilter(filter);
    if (!waitFor([&] { return isThere || page.model()->state() == RunTableModel::State::Failed; }) || !isThere)
        return -1;
    page.repaint();
    return double(timer.nsecsElapsed()) / 1e6;
}

void print(const char *name, int rows, QList<double> times)
{
    std::ranges::sort(times);
    std::printf("%-24s %10d %10.1f %10.1f\n", name, rows, times.at(times.size() / 2), times.last());
}

int measureAll(Workbench &workbench, int rounds)
{
    std::printf("%-24s %10s %10s %10s\n", "the run list", "runs", "median ms", "worst ms");
    QList<double> opening;
    int runs = 0;
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        RunListPage page(workbench);
        page.resize(1536, 900);
        page.show();
        if (!waitFor([&page] { return page.model()->state() == RunTableModel::State::Ready; })) {
            std::fprintf(stderr, "%s\n", qPrintable(page.model()->error().message));
            return 1;
        }
        page.repaint();
        opening.append(double(timer.nsecsElapsed()) / 1e6);
        runs = page.model()->total();
        letItRest();
    }
    RunListPage page(workbench);
    page.resize(1536, 900);
    page.show();
    print("opens", runs, opening);
    letItRest();
    for (const Choice &choice : choices()) {
        QList<double> times;
        for (int round = 0; round < rounds; ++round) {
            times.append(measure(page, choice.filter));
            letItRest();
        }
        print(choice.name, page.model()->total(), times);
    }
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QApplication application(argc, argv);
    applyTheme(Theme::light());
    const QStringList arguments = QCoreApplication::arguments();
    const int rounds = arguments.size() > 1 ? std::max(1, arguments.at(1).toInt()) : 7;
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    settings.setValue(QStringLiteral("monitor/span"), toString(RunListFilter::Span::All));
    LocalEngineClient client(Places::standard());
    EngineConnection connection(client, QCoreApplication::applicationDirPath() + QStringLiteral("/slipwayd"), {});
    Workbench workbench(connection, settings);
    connection.start();
    if (!waitFor([&] { return connection.state() != EngineConnection::State::Connecting; })
        || connection.state() == EngineConnection::State::Failed) {
        std::fprintf(stderr, "%s\n", qPrintable(connection.error().message));
        return 1;
    }
    const int failed = measureAll(workbench, rounds);
    connection.stop();
    waitFor([&] { return connection.state() == EngineConnection::State::Stopped; });
    return failed;
}
