#include "engine/run/Transitions.h"
#include "tests/support/TestMain.h"

using namespace engine;

// Walks every cell of from × input. What is not listed here must be refused, and nothing leads out of a terminal state.
class TestTransitions : public QObject
{
    Q_OBJECT

private slots:
    void allowsForARunOnlyWhatTheTableSays();
    void allowsForAnActivityOnlyWhatTheTableSays();
    void allowsForAnAttemptOnlyWhatTheTableSays();
    void neverSucceedsARunThatIsBeingCancelled();
    void journalsEverythingButTheWorkersFirstSign();
};

namespace {

template <typename Status, typename Input> QStringList walk(int states, int inputs)
{
    QStringList legal;
    for (int from = 0; from < states; ++from) {
        for (int input = 0; input < inputs; ++input) {
            const auto to = after(Status(from), Input(input));
            if (!to)
                continue;
            legal.append(QStringLiteral("%1-%2>%3").arg(toString(Status(from))).arg(input).arg(toString(*to)));
            if (isTerminal(Status(from)))
                legal.append(QStringLiteral("OUT OF A TERMINAL STATE"));
        }
    }
    return legal;
}

} // namespace

void TestTransitions::allowsForARunOnlyWhatTheTableSays()
{
    const QStringList expected{
        QStringLiteral("Queued-0>InProgress"),
        QStringLiteral("Queued-1>Failed"),
        QStringLiteral("Queued-2>Cancelled"),
        QStringLiteral("InProgress-1>Failed"),
        QStringLiteral("InProgress-2>Canceling"),
        QStringLiteral("InProgress-3>Succeeded"),
        QStringLiteral("InProgress-4>Failed"),
        QStringLiteral("Canceling-1>Cancelled"),
        QStringLiteral("Canceling-5>Cancelled"),
    };
    QCOMPARE((walk<RunStatus, RunInput>(6, 6)), expected);
}

void TestTransitions::allowsForAnActivityOnlyWhatTheTableSays()
{
    const QStringList expected{
        QStringLiteral("Pending-0>Queued"),
        QStringLiteral("Pending-1>Skipped"),
        QStringLiteral("Pending-2>Inactive"),
        QStringLiteral("Pending-7>Cancelled"),
        QStringLiteral("Queued-3>InProgress"),
        QStringLiteral("Queued-7>Cancelled"),
        QStringLiteral("InProgress-3>InProgress"),
        QStringLiteral("InProgress-4>InProgress"),
        QStringLiteral("InProgress-5>Succeeded"),
        QStringLiteral("InProgress-6>Failed"),
        QStringLiteral("InProgress-7>Cancelled"),
    };
    QCOMPARE((walk<ActivityStatus, ActivityInput>(8, 8)), expected);
}

void TestTransitions::allowsForAnAttemptOnlyWhatTheTableSays()
{
    const QStringList expected{
        QStringLiteral("Starting-0>Running"),          QStringLiteral("Starting-3>Failed"),
        QStringLiteral("Starting-4>TimedOut"),         QStringLiteral("Starting-5>Cancelled"),
        QStringLiteral("Starting-6>Interrupted"),      QStringLiteral("Running-1>Committing"),
        QStringLiteral("Running-2>Succeeded"),         QStringLiteral("Running-3>Failed"),
        QStringLiteral("Running-4>TimedOut"),          QStringLiteral("Running-5>Cancelled"),
        QStringLiteral("Running-6>Interrupted"),       QStringLiteral("Committing-2>Succeeded"),
        QStringLiteral("Committing-3>Failed"),         QStringLiteral("Committing-4>TimedOut"),
        QStringLiteral("Committing-5>Cancelled"),      QStringLiteral("Committing-6>Interrupted"),
        QStringLiteral("Committing-7>OutcomeUnknown"), QStringLiteral("OutcomeUnknown-2>Succeeded"),
        QStringLiteral("OutcomeUnknown-3>Failed"),     QStringLiteral("OutcomeUnknown-6>Interrupted"),
    };
    QCOMPARE((walk<AttemptStatus, AttemptInput>(9, 8)), expected);
}

void TestTransitions::neverSucceedsARunThatIsBeingCancelled()
{
    QVERIFY(!after(RunStatus::Canceling, RunInput::ActivitiesSucceeded));
    QVERIFY(!after(RunStatus::Canceling, RunInput::ActivitiesFailed));
}

void TestTransitions::journalsEverythingButTheWorkersFirstSign()
{
    for (const auto &transition : runTransitions)
        QCOMPARE(transition.durability, Durability::D1);
    for (const auto &transition : activityTransitions)
        QCOMPARE(transition.durability, Durability::D1);
    for (const auto &transition : attemptTransitions)
        QCOMPARE(transition.durability == Durability::D2, transition.input == AttemptInput::WorkerLive);
}

SLIPWAY_TEST(TestTransitions)

#include "TestTransitions.moc"
