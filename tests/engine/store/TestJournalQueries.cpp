#include "engine/store/RunJournal.h"
#include "tests/engine/store/StoreSamples.h"
#include "tests/support/FakeClock.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

using namespace engine;
using namespace tests;

using Operand = RunFilter::Condition::Operand;
using Operator = RunFilter::Condition::Operator;

class TestJournalQueries : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void filter_data();
    void filter();
    void badFilterIsNamed_data();
    void badFilterIsNamed();
    void pages();
    void unfinishedOldestFirst();
    void manyRunsAreFoundFast();

private:
    QString ids(const RunFilter &filter) const
    {
        const auto runs = m_journal->runs(filter);
        if (!runs)
            return runs.error().message;
        QStringList found;
        for (const RunRecord &run : *runs)
            found += run.id.text();
        return found.join(u' ');
    }

    bool append(const QList<RunEvent> &events)
    {
        bool done = false;
        m_journal->append(events, [&done](const Result<> &result) { done = result.ok(); });
        return QTest::qWaitFor([&done] { return done; }, 60'000);
    }

    QTemporaryDir m_folder;
    FakeClock m_clock{at(0)};
    std::unique_ptr<RunJournal> m_journal;
};

SLIPWAY_TEST(TestJournalQueries)

void TestJournalQueries::initTestCase()
{
    auto opened = RunJournal::open(m_folder.path(), m_clock, {.ballastBytes = 1024 * 1024});
    VERIFY_OK(opened);
    m_journal = std::move(opened).value();
    // id, pipeline, status, queued, start, end, updated, factory, invoker, latest
    RunRecord a = sampleRun(QStringLiteral("a"), QStringLiteral("Load"));
    a.status = RunStatus::Succeeded;
    a.queuedAt = at(10);
    a.start = at(11);
    a.end = at(20);
    a.lastUpdated = at(20);
    a.isLatest = false;
    RunRecord b = a;
    b.id = RunId(QStringLiteral("b"));
    b.rerunOf = a.id;
    b.isLatest = true;
    b.status = RunStatus::Failed;
    b.queuedAt = at(30);
    b.start = at(31);
    b.end = at(40);
    b.lastUpdated = at(40);
    RunRecord c = sampleRun(QStringLiteral("c"), QStringLiteral("Train; DROP TABLE run"));
    c.status = RunStatus::InProgress;
    c.queuedAt = at(20);
    c.start = at(50);
    c.lastUpdated = at(50);
    c.invokedBy = {QStringLiteral("Monthly"), QStringLiteral("ScheduleTrigger"), QStringLiteral("x")};
    RunRecord d = sampleRun(QStringLiteral("d"), QStringLiteral("Load"));
    d.factory = FactoryId(QStringLiteral("other"));
    d.queuedAt = at(5);
    d.lastUpdated = at(5);
    QVERIFY(append({eventOf(a), eventOf(b), eventOf(c), eventOf(d)}));
}

void TestJournalQueries::cleanupTestCase() { m_journal.reset(); }

void TestJournalQueries::filter_data()
{
    QTest::addColumn<RunFilter>("filter");
    QTest::addColumn<QString>("expected");

    const auto where = [](Operand operand, Operator op, const QStringList &values) {
        return RunFilter{.conditions = {{operand, op, values}}};
    };
    const FactoryId titanic(QStringLiteral("titanic"));
    QTest::newRow("all, newest first") << RunFilter{} << "b c a d";
    QTest::newRow("oldest first") << RunFilter{.order = RunFilter::Order::OldestFirst} << "d a c b";
    QTest::newRow("factory") << RunFilter{.factory = titanic} << "b c a";
    QTest::newRow("updated after") << RunFilter{.updatedAfter = at(40)} << "b c";
    QTest::newRow("updated before") << RunFilter{.updatedBefore = at(20)} << "a d";
    QTest::newRow("updated between") << RunFilter{.updatedAfter = at(20), .updatedBefore = at(40)} << "b a";
    QTest::newRow("pipeline") << where(Operand::PipelineName, Operator::Equals, {QStringLiteral("Load")}) << "b a d";
    QTest::newRow("not pipeline") << where(Operand::PipelineName, Operator::NotEquals, {QStringLiteral("Load")}) << "c";
    QTest::newRow("values are only values")
        << where(Operand::PipelineName, Operator::Equals, {QStringLiteral("Train; DROP TABLE run")}) << "c";
    QTest::newRow("quotes") << where(Operand::PipelineName, Operator::Equals, {QStringLiteral("' OR 1=1 --")}) << "";
    QTest::newRow("status in") << where(
        Operand::Status, Operator::In, {QStringLiteral("Failed"), QStringLiteral("InProgress")})
                               << "b c";
    QTest::newRow("status not in") << where(
        Operand::Status, Operator::NotIn, {QStringLiteral("Failed"), QStringLiteral("InProgress")})
                                   << "a d";
    QTest::newRow("start") << where(Operand::RunStart, Operator::Equals, {QStringLiteral("2026-01-01T00:00:50Z")})
                           << "c";
    QTest::newRow("end is not, running ones included")
        << where(Operand::RunEnd, Operator::NotEquals, {QStringLiteral("2026-01-01T01:00:40+01:00")}) << "c a d";
    QTest::newRow("group") << where(Operand::RunGroup, Operator::Equals, {QStringLiteral("group of a")}) << "b a";
    QTest::newRow("latest") << where(Operand::LatestOnly, Operator::Equals, {QStringLiteral("true")}) << "b c d";
    QTest::newRow("not only the latest") << where(Operand::LatestOnly, Operator::Equals, {QStringLiteral("false")})
                                         << "b c a d";
    QTest::newRow("invoked by") << where(Operand::InvokedByName, Operator::Equals, {QStringLiteral("Monthly")}) << "c";
    QTest::newRow("all conditions hold")
        << RunFilter{.factory = titanic,
                     .conditions = {{Operand::PipelineName, Operator::Equals, {QStringLiteral("Load")}},
                                    {Operand::Status, Operator::Equals, {QStringLiteral("Succeeded")}}}}
        << "a";
}

void TestJournalQueries::filter()
{
    QFETCH(const RunFilter, filter);
    QFETCH(const QString, expected);
    QCOMPARE(ids(filter), expected);
}

void TestJournalQueries::badFilterIsNamed_data()
{
    QTest::addColumn<RunFilter>("filter");
    QTest::addColumn<QString>("named");
    QTest::newRow("no value") << RunFilter{.conditions = {{Operand::RunGroup, Operator::Equals, {}}}} << "RunGroupId";
    QTest::newRow("no time") << RunFilter{.conditions = {{Operand::RunEnd, Operator::Equals, {QStringLiteral("noon")}}}}
                             << "noon";
    QTest::newRow("no status") << RunFilter{.conditions = {{Operand::Status, Operator::In, {QStringLiteral("Sunk")}}}}
                               << "Sunk";
    QTest::newRow("no truth")
        << RunFilter{.conditions = {{Operand::LatestOnly, Operator::Equals, {QStringLiteral("1")}}}} << "LatestOnly";
    QTest::newRow("negative") << RunFilter{.limit = -1} << "negative";
}

void TestJournalQueries::badFilterIsNamed()
{
    QFETCH(const RunFilter, filter);
    QFETCH(const QString, named);
    const auto runs = m_journal->runs(filter);
    QVERIFY(!runs);
    QCOMPARE(toString(runs.error().code), QStringLiteral("InvalidInput"));
    QVERIFY2(runs.error().message.contains(named), qPrintable(runs.error().message));
}

void TestJournalQueries::pages()
{
    QCOMPARE(ids({.limit = 2}), QStringLiteral("b c"));
    QCOMPARE(ids({.limit = 2, .offset = 2}), QStringLiteral("a d"));
    QCOMPARE(ids({.limit = 2, .offset = 4}), QString());
    QCOMPARE(ids({.limit = 0}), QString());
}

void TestJournalQueries::unfinishedOldestFirst()
{
    const auto runs = m_journal->unfinishedRuns();
    VERIFY_OK(runs);
    QCOMPARE(runs->size(), 2);
    QCOMPARE(runs->at(0).id.text(), QStringLiteral("d"));
    QCOMPARE(runs->at(1).id.text(), QStringLiteral("c"));
}

void TestJournalQueries::manyRunsAreFoundFast()
{
    const FactoryId busy(QStringLiteral("busy"));
    QList<RunEvent> events;
    for (int i = 0; i < 30'000; ++i) {
        RunRecord run = sampleRun(QStringLiteral("many%1").arg(i), QStringLiteral("P%1").arg(i % 100));
        run.factory = busy;
        run.status = i % 1000 == 0 ? RunStatus::InProgress : RunStatus::Succeeded;
        run.queuedAt = at(1000 + i);
        events += eventOf(run);
        if (events.size() == 5000)
            QVERIFY(append(std::exchange(events, {})));
    }
    // A scan of all runs takes ten times as long as the limit here.
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(m_journal
                     ->runs({.factory = busy,
                             .conditions = {{Operand::PipelineName, Operator::Equals, {QStringLiteral("P7")}}},
                             .limit = 10})
                     ->first()
                     .id.text(),
                 QStringLiteral("many29907"));
        QCOMPARE(m_journal->runs({.factory = busy, .limit = 10})->size(), 10);
        QCOMPARE(m_journal->unfinishedRuns()->size(), 32);
    }
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
}

#include "TestJournalQueries.moc"
