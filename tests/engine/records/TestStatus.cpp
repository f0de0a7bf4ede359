#include "engine/records/Status.h"
#include "tests/support/TestMain.h"

#include <QSet>

using namespace engine;

namespace {

// Every value from 0 to `last` has a name of its own that leads back to it; gives the names of the terminal ones.
template <typename Status> QString terminalNames(Status last)
{
    QSet<QString> names;
    QStringList terminal;
    for (int i = 0; i <= int(last); ++i) {
        const auto status = Status(i);
        const QString name = toString(status);
        names.insert(name);
        if (statusFromString<Status>(name) != status)
            return name + QStringLiteral(" does not lead back");
        if (isTerminal(status))
            terminal.append(name);
    }
    return names.size() == int(last) + 1 ? terminal.join(u' ') : QStringLiteral("two have one name");
}

} // namespace

class TestStatus : public QObject
{
    Q_OBJECT

private slots:
    void everyStatusHasItsName()
    {
        QCOMPARE(terminalNames(RunStatus::Cancelled), QStringLiteral("Succeeded Failed Cancelled"));
        QCOMPARE(terminalNames(ActivityStatus::Inactive),
                 QStringLiteral("Succeeded Failed Cancelled Skipped Inactive"));
        QCOMPARE(terminalNames(AttemptStatus::OutcomeUnknown),
                 QStringLiteral("Succeeded Failed TimedOut Cancelled Interrupted"));
        QCOMPARE(
            terminalNames(CellStatus::NotRun),
            QStringLiteral("Succeeded Failed FailedAllowed TimedOut Cancelled KernelDied Interrupted Skipped NotRun"));
    }

    void unknownWordsAreNoStatus()
    {
        QVERIFY(!statusFromString<RunStatus>(QStringLiteral("succeeded")));
        QVERIFY(!statusFromString<RunStatus>(QString()));
        QVERIFY(!statusFromString<AttemptStatus>(QStringLiteral("Queued")));
        QVERIFY(!statusFromString<CellStatus>(QStringLiteral("Done")));
    }
};

SLIPWAY_TEST(TestStatus)

#include "TestStatus.moc"
