#include "engine/store/RunJournal.h"
#include "tests/engine/store/StoreSamples.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>

#include <csignal>
#include <cstdio>
#include <functional>
#include <sys/resource.h>
#include <unistd.h>

using namespace engine;
using namespace tests;

// An engine's store without the engine: `store_probe hold|append|full|limited <folder>`. Says one line per fact on
// stdout; the test reads them.
namespace {

void say(const QString &line)
{
    std::fputs((line + u'\n').toUtf8().constData(), stdout);
    std::fflush(stdout);
}

int fail(const QString &why)
{
    say(u"failed: " + why);
    return 1;
}

bool waitFor(const std::function<bool()> &condition)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition() && timer.elapsed() < 20'000)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    return condition();
}

QList<RunEvent> bigEvents(int number)
{
    RunRecord run = sampleRun(QStringLiteral("r%1").arg(number));
    run.parameters["big"] = std::string(20'000, 'x');
    return {eventOf(run)};
}

// Appends, four unacknowledged at a time, and names each sequence once its commit is acknowledged; until it is killed.
int appendForEver(RunJournal &journal)
{
    int number = int(journal.events(0, 1'000'000)->size());
    std::function<void()> next = [&] {
        RunRecord run = sampleRun(QStringLiteral("r%1").arg(++number));
        journal.append({eventOf(run), eventOf(sampleActivity(run.id.text(), QStringLiteral("Copy")))},
                       [&next, id = run.id](const Result<> &result) {
                           if (result)
                               say(id.text());
                           next();
                       });
    };
    for (int i = 0; i < 4; ++i)
        next();
    return QCoreApplication::exec();
}

// The life of a store on a disk that fills up: `makeFull` takes the room away, `makeRoom` gives it back. Degraded and
// well follow each other, `mostStates` of them at the most.
int liveThroughFullDisk(RunJournal &journal,
                        qsizetype mostStates,
                        const std::function<void()> &makeFull,
                        const std::function<void()> &makeRoom)
{
    QStringList states;
    QObject::connect(&journal, &RunJournal::degraded, &journal, [&states](bool isDegraded, const QString &why) {
        say(QStringLiteral("degraded %1 %2").arg(isDegraded ? QStringLiteral("true") : QStringLiteral("false"), why));
        states += isDegraded ? QStringLiteral("true") : QStringLiteral("false");
    });
    int number = 0;
    std::optional<Result<>> answer;
    const auto append = [&] {
        answer.reset();
        journal.append(bigEvents(++number), [&answer](const Result<> &result) { answer = result; });
        return waitFor([&answer] { return answer.has_value(); }) && answer->ok();
    };
    if (!append() || journal.isDegraded())
        return fail(QStringLiteral("the first append"));
    makeFull();
    int written = 1;
    while (!journal.isDegraded() && number < 5000)
        written += append();
    if (!journal.isDegraded())
        return fail(QStringLiteral("a full disk went unnoticed"));
    say(QStringLiteral("acknowledged at degradation: %1")
            .arg(answer->ok() ? QStringLiteral("yes") : QStringLiteral("no")));
    while (append() && number < 5000)
        ++written;
    if (answer->ok())
        return fail(QStringLiteral("the disk is not full"));
    say(u"refused: " + answer->error().message);
    const auto events = journal.events(0, 100'000);
    if (!events || events->size() != written)
        return fail(QStringLiteral("%1 acknowledged, %2 stored").arg(written).arg(events ? events->size() : -1));
    if (!journal.runs({}))
        return fail(QStringLiteral("a full store cannot be read"));
    makeRoom();
    if (!waitFor([&journal] { return !journal.isDegraded(); }))
        return fail(QStringLiteral("still degraded with room"));
    if (!append())
        return fail(answer ? answer->error().message : QStringLiteral("no answer"));
    const QString said = states.join(u' ');
    if (said != QStringLiteral("true false ").repeated(states.size() / 2).trimmed() || states.size() > mostStates)
        return fail(u"degraded " + said);
    if (journal.events(0, 100'000)->size() != written + 1)
        return fail(QStringLiteral("events after the recovery"));
    say(QStringLiteral("recovered"));
    return 0;
}

int fillDisk(RunJournal &journal, const QString &folder)
{
    QFile filler(folder + u"/filler");
    const auto makeFull = [&filler] {
        if (!filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            return;
        const QByteArray block(64 * 1024, 'f');
        while (filler.write(block) == block.size()) { }
    };
    return liveThroughFullDisk(journal, 2, makeFull, [&filler] { filler.remove(); });
}

int limitFiles(RunJournal &journal)
{
    // A write beyond the limit fails instead of ending the process.
    std::signal(SIGXFSZ, SIG_IGN);
    const auto limitTo = [](rlim_t bytes) {
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    };
    // The store's own small probe may fit below the limit where the next event does not: it may get well in between.
    return liveThroughFullDisk(
        journal, 100, [&limitTo] { limitTo(2 * 1024 * 1024); }, [&limitTo] { limitTo(RLIM_INFINITY); });
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QString mode = application.arguments().value(1);
    const QString folder = application.arguments().value(2);
    const SystemClock clock;
    StoreLimits limits;
    limits.ballastBytes = 2 * 1024 * 1024;
    limits.healthyBytes = 6 * 1024 * 1024;
    limits.checkInterval = std::chrono::milliseconds(50);
    auto journal = RunJournal::open(folder, clock, limits);
    if (!journal)
        return fail(journal.error().message);
    say(QStringLiteral("open %1").arg(::getpid()));
    if (mode == u"hold")
        return QCoreApplication::exec();
    if (mode == u"append")
        return appendForEver(**journal);
    if (mode == u"full")
        return fillDisk(**journal, folder);
    if (mode == u"limited")
        return limitFiles(**journal);
    return fail(u"unknown mode " + mode);
}
