#include "tests/engine/store/RunHistory.h"

#include "tests/engine/store/StoreSamples.h"

#include <QTest>

using namespace engine;

namespace tests {

RunRecord historicRun(int number)
{
    const int mixed = int((quint32(number) * 2654435761U) >> 8U); // spread evenly, but the same every time
    RunRecord run;
    run.id = RunId(QStringLiteral("%1-0000-4000-8000-%2")
                       .arg(quint32(number) * 2654435761U, 8, 16, QLatin1Char('0'))
                       .arg(number, 12, 10, QLatin1Char('0')));
    run.group = RunGroupId(run.id.text());
    run.factory = FactoryId(mixed % 2 == 0 ? QStringLiteral("north") : QStringLiteral("south"));
    run.version = 1 + number / 5000;
    run.pipeline = QStringLiteral("Load Sales Region %1").arg(mixed / 2 % 12);
    run.parameters = {{"Folder", "incoming/sales"}, {"Day", number % 28 + 1}};
    if (mixed % 4 != 0)
        run.invokedBy = {
            QStringLiteral("Nightly %1").arg(mixed % 6), QStringLiteral("ScheduleTrigger"), QStringLiteral("trigger")};
    run.status = mixed % 10 == 3 ? RunStatus::Failed : mixed % 50 == 7 ? RunStatus::Cancelled : RunStatus::Succeeded;
    if (run.status == RunStatus::Failed)
        run.message =
            QStringLiteral("Operation on target Load failed: row %1 of incoming/sales/2026-%2.csv has \"%3\" in "
                           "the column Amount, which is no Decimal. Correct the file, or allow faulty rows in "
                           "the settings of the activity, and run it again.")
                .arg(mixed % 10000)
                .arg(number % 12 + 1)
                .arg(mixed % 977);
    run.queuedAt = at(qint64(number) * 300);
    run.start = at(qint64(number) * 300 + mixed % 5);
    run.end = at(qint64(number) * 300 + 10 + mixed % 1800);
    run.lastUpdated = *run.end;
    return run;
}

bool appendHistory(RunJournal &journal, int first, int count)
{
    bool isDone = true;
    int waiting = 0;
    QList<RunEvent> events;
    const auto flush = [&] {
        ++waiting;
        journal.append(std::exchange(events, {}), [&](const Result<> &recorded) {
            isDone = isDone && recorded.ok();
            --waiting;
        });
    };
    for (int number = first; number < first + count; ++number) {
        events.append(eventOf(historicRun(number)));
        if (events.size() == 5000)
            flush();
    }
    flush();
    return QTest::qWaitFor([&waiting] { return waiting == 0; }, 300'000) && isDone;
}

} // namespace tests
