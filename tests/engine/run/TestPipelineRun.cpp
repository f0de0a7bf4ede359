#include "engine/model/ActivityReader.h"
#include "engine/run/PipelineRun.h"
#include "tests/engine/run/ScriptedRunner.h"
#include "tests/support/FakeClock.h"
#include "tests/support/TestMain.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using namespace engine;
using namespace std::chrono_literals;
using tests::ScriptedRunner;
using Step = ScriptedRunner::Step;

namespace {

class NoFiles final : public FileTree
{
public:
    QStringList files() const override { return {}; }
    Result<QByteArray> read(const QString &path) const override
    {
        return Error{ErrorCode::NotFound, QStringLiteral("none"), path};
    }
};

} // namespace

// A real journal and telemetry in a temporary folder, virtual time, and a runner that does as it is told.
class TestPipelineRun : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void runsActivitiesInTheOrderOfTheirDependencies();
    void skipsWhatHangsOnASuccessThatDidNotCome();
    void takesTheFailureBranchAndSucceeds();
    void saysThatRowsDriftedFar();
    void saysThatItFailedRatherThanThatItsRowsDrifted();
    void marksAnInactiveActivityAsItSays();
    void triesAgainAsOftenAsThePolicySays();
    void doesNotTryAgainWhatCannotSucceed();
    void waitsTheRetryInterval();
    void cancelsWhatRunsAndWhatWaits();
    void cancelsDuringTheWaitForARetry();
    void refusesTheCommitOfACancelledRun();
    void journalsTheCommitIntentBeforeTheCommit();
    void givesEveryAttemptTheSameLoad();
    void showsWhyAnActivityIsQueued();
    void givesBackItsPlaces();
    void goesOnAfterARestartWithoutRepeatingWhatIsDone();
    void startsAnInterruptedAttemptAgainAtMostThreeTimes();
    void failsWhatMayNotBeStartedAgain();
    void believesTheLedgerAboutACommitInFlight();
    void asksUntilTheSinkAnswers();
    void closesTheCellsOfADeadEngine();

private:
    void add(const QString &name, const QList<Dependency> &dependsOn = {}, int retry = 0);
    PipelineRun &make();
    PipelineRun &restart(); // what is recorded, in the hands of a new run
    RunStatus finish(PipelineRun &run);
    QString states() const; // "A=Succeeded B=Skipped" as recorded
    ActivityRecord recorded(const QString &name) const;
    QList<AttemptRecord> attempts() const { return *m_journal->attempts(m_record.id); }
    static Dependency on(const QString &name, DependencyCondition condition = DependencyCondition::Succeeded)
    {
        return {name, {condition}};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeClock> m_clock;
    std::unique_ptr<RunJournal> m_journal;
    std::unique_ptr<TelemetryLog> m_telemetry;
    std::shared_ptr<ScriptedRunner> m_runner;
    RunnerRegistry m_runners;
    Pipeline m_pipeline;
    RunRecord m_record;
    std::unique_ptr<PipelineRun> m_run;
};

void TestPipelineRun::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<tests::FakeClock>(*instantFromIso(QStringLiteral("2026-01-31T22:00:00Z")));
    auto journal = RunJournal::open(m_folder->path(), *m_clock);
    VERIFY_OK(journal);
    m_journal = *std::move(journal);
    auto telemetry = TelemetryLog::open(m_folder->path());
    VERIFY_OK(telemetry);
    m_telemetry = *std::move(telemetry);
    m_runner = std::make_shared<ScriptedRunner>();
    m_runners.add(QStringLiteral("Copy"), m_runner);
    m_pipeline = {};
    m_pipeline.name = QStringLiteral("P");
    m_record = {};
    m_record.id = RunId::create();
    m_record.factory = FactoryId::create();
    m_record.pipeline = m_pipeline.name;
    m_record.queuedAt = m_clock->now();
}

void TestPipelineRun::cleanup()
{
    m_run.reset();
    m_runner.reset();
    m_telemetry.reset();
    m_journal.reset();
}

void TestPipelineRun::add(const QString &name, const QList<Dependency> &dependsOn, int retry)
{
    Json json = {{"name", toStdString(name)}, {"type", "Copy"}, {"policy", {{"retry", retry}}}};
    for (const Dependency &dependency : dependsOn) {
        Json conditions = Json::array();
        for (const DependencyCondition condition : dependency.conditions)
            conditions.push_back(toStdString(toString(condition)));
        json["dependsOn"].push_back(
            {{"activity", toStdString(dependency.activity)}, {"dependencyConditions", conditions}});
    }
    m_pipeline.activities.append(readActivity(json));
}

PipelineRun &TestPipelineRun::make()
{
    Factory factory;
    factory.pipelines.insert(m_pipeline.name, m_pipeline);
    RunPlan plan{.factory = std::make_shared<const Factory>(factory),
                 .files = std::make_shared<NoFiles>(),
                 .folder = m_folder->path(),
                 .pipeline = m_pipeline.name};
    m_run = std::make_unique<PipelineRun>(m_record,
                                          std::make_shared<const RunPlan>(std::move(plan)),
                                          PipelineRun::Parts{m_runners, *m_journal, *m_telemetry, *m_clock});
    return *m_run;
}

PipelineRun &TestPipelineRun::restart()
{
    m_run.reset();
    m_telemetry.reset();
    m_journal.reset();
    m_journal = *RunJournal::open(m_folder->path(), *m_clock);
    m_telemetry = *TelemetryLog::open(m_folder->path());
    m_record = **m_journal->run(m_record.id);
    PipelineRun &run = make();
    run.resume(
        {*m_journal->activities(m_record.id), *m_journal->attempts(m_record.id), *m_journal->cells(m_record.id)});
    return run;
}

RunStatus TestPipelineRun::finish(PipelineRun &run)
{
    const QSignalSpy finished(&run, &PipelineRun::finished);
    [&] { QTRY_COMPARE(finished.count(), 1); }();
    return finished.isEmpty() ? RunStatus::Queued : finished.first().first().value<RunStatus>();
}

QString TestPipelineRun::states() const
{
    QStringList list;
    for (const ActivityRecord &activity : *m_journal->activities(m_record.id))
        list.append(activity.name + u'=' + toString(activity.status));
    return list.join(u' ');
}

ActivityRecord TestPipelineRun::recorded(const QString &name) const
{
    for (const ActivityRecord &activity : *m_journal->activities(m_record.id)) {
        if (activity.name == name)
            return activity;
    }
    return {};
}

void TestPipelineRun::runsActivitiesInTheOrderOfTheirDependencies()
{
    add(QStringLiteral("C"), {on(QStringLiteral("A")), on(QStringLiteral("B"))});
    add(QStringLiteral("B"), {on(QStringLiteral("A"))});
    add(QStringLiteral("A"));
    PipelineRun &run = make();
    run.start();
    COMPARE_NAMED(finish(run), RunStatus::Succeeded);
    QCOMPARE(m_runner->log,
             (QStringList{QStringLiteral("A:1 start"), QStringLiteral("B:1 start"), QStringLiteral("C:1 start")}));
    COMPARE_NAMED((*m_journal->run(m_record.id))->status, RunStatus::Succeeded);
    QCOMPARE(toCompact(recorded(QStringLiteral("A")).output), QByteArray(R"({"by":"A:1"})"));
}

void TestPipelineRun::skipsWhatHangsOnASuccessThatDidNotCome()
{
    add(QStringLiteral("A"));
    add(QStringLiteral("B"), {on(QStringLiteral("A"))});
    add(QStringLiteral("C"), {on(QStringLiteral("B"))});
    m_runner->script[QStringLiteral("A")] = {Step::Fail};
    PipelineRun &run = make();
    run.start();
    COMPARE_NAMED(finish(run), RunStatus::Failed);
    QCOMPARE(states(), QStringLiteral("A=Failed B=Skipped C=Skipped"));
    QCOMPARE(run.record().message, QStringLiteral("Operation on target A failed: A:1 broke"));
    QCOMPARE(recorded(QStringLiteral("A")).error.target, QStringLiteral("A"));
}

void TestPipelineRun::takesTheFailureBranchAndSucceeds()
{
    add(QStringLiteral("A"));
    add(QStringLiteral("OnError"), {on(QStringLiteral("A"), DependencyCondition::Failed)});
    m_runner->script[QStringLiteral("A")] = {Step::Fail};
    PipelineRun &run = make();
    run.start();
    COMPARE_NAMED(finish(run), RunStatus::Succeeded);
    QVERIFY(run.record().failedActivities);
    QVERIFY(run.record().message.isEmpty());
}

void TestPipelineRun::saysThatRowsDriftedFar()
{
    add(QStringLiteral("A"));
    add(QStringLiteral("B"), {on(QStringLiteral("A"))});
    add(QStringLiteral("C"), {on(QStringLiteral("B"))});
    const auto drift = [](const char *worst) { return Json{{"drift", {{"worst", worst}}}}; };
    m_runner->slipway = {{QStringLiteral("A"), drift("alarm")}, {QStringLiteral("B"), drift("warning")}};
    PipelineRun &run = make();
    run.start();
    COMPARE_NAMED(finish(run), RunStatus::Succeeded);
    QCOMPARE(run.record().message,
             QStringLiteral("Drift: the rows that A scored have moved far from those of training."));
    QCOMPARE(m_journal->run(run.record().id)->value().message, run.record().message);
}

void TestPipelineRun::saysThatItFailedRatherThanThatItsRowsDrifted()
{
    add(QStringLiteral("A"));
    add(QStringLiteral("B"), {on(QStringLiteral("A"))});
    m_runner->slipway = {{QStringLiteral("A"), {{"drift", {{"worst", "alarm"}}}}}};
    m_runner->script[QStringLiteral("B")] = {Step::FailForGood};
    PipelineRun &run = make();
    run.start();
    COMPARE_NAMED(finish(run), RunStatus::Failed);
    QCOMPARE(run.record().message, QStringLiteral("Operation on target B failed: B:1 broke"));
}

void TestPipelineRun::marksAnInactiveActivityAsItSays()
{
    add(QStringLiteral("A"));
    m_pipeline.activities.last().inactive = true;
    m_pipeline.activities.last().onInactiveMarkAs = QStringLiteral("Failed");
    add(QStringLiteral("B"), {on(QStringLiteral("A"), DependencyCondition::Failed)});
    PipelineRun &run = make();
    run.start();
    COMPARE_NAMED(finish(run), RunStatus::Succeeded);
    QCOMPARE(states(), QStringLiteral("A=Inactive B=Succeeded"));
    QCOMPARE(m_runner->log, QStringList{QStringLiteral("B:1 start")});
}

void TestPipelineRun::triesAgainAsOftenAsThePolicySays()
{
    add(QStringLiteral("A"), {}, 2);
    m_runner->script[QStringLiteral("A")] = {Step::Fail, Step::TimeOut, Step::Fail};
    PipelineRun &run = make();
    const QSignalSpy finished(&run, &PipelineRun::finished);
    run.start();
    for (int retry = 0; retry < 2; ++retry) {
        QTRY_VERIFY(m_clock->hasTimers());
        m_clock->advance(30s);
    }
    QTRY_COMPARE(finished.count(), 1);
    COMPARE_NAMED(run.record().status, RunStatus::Failed);
    QCOMPARE(attempts().size(), 3);
    COMPARE_NAMED(attempts().at(1).status, AttemptStatus::TimedOut);
    QCOMPARE(recorded(QStringLiteral("A")).attempts, 3);
}

void TestPipelineRun::doesNotTryAgainWhatCannotSucceed()
{
    add(QStringLiteral("A"), {}, 5);
    m_runner->script[QStringLiteral("A")] = {Step::FailForGood};
    PipelineRun &run = make();
    run.start();
    COMPARE_NAMED(finish(run), RunStatus::Failed);
    QCOMPARE(attempts().size(), 1);
}

void TestPipelineRun::waitsTheRetryInterval()
{
    add(QStringLiteral("A"), {}, 1);
    Json json = m_pipeline.activities.last().json;
    json["policy"]["retryIntervalInSeconds"] = 90;
    m_pipeline.activities.last() = readActivity(json);
    m_runner->script[QStringLiteral("A")] = {Step::Fail};
    PipelineRun &run = make();
    const QSignalSpy finished(&run, &PipelineRun::finished);
    run.start();
    QTRY_VERIFY(m_clock->hasTimers());
    QCOMPARE(recorded(QStringLiteral("A")).substate, QStringLiteral("WaitingRetry"));
    QCOMPARE(*recorded(QStringLiteral("A")).dueAt, m_clock->now() + 90s);
    m_clock->advance(89s);
    QCOMPARE(m_runner->log.size(), 1);
    m_clock->advance(1s);
    QTRY_COMPARE(finished.count(), 1);
    COMPARE_NAMED(run.record().status, RunStatus::Succeeded);
    QVERIFY(recorded(QStringLiteral("A")).error.isEmpty());
}

void TestPipelineRun::cancelsWhatRunsAndWhatWaits()
{
    add(QStringLiteral("A"));
    add(QStringLiteral("B"), {on(QStringLiteral("A"), DependencyCondition::Completed)});
    m_runner->script[QStringLiteral("A")] = {Step::Hang};
    PipelineRun &run = make();
    run.start();
    QTRY_COMPARE(m_runner->log.size(), 1);
    run.cancel();
    run.cancel();
    COMPARE_NAMED(finish(run), RunStatus::Cancelled);
    QCOMPARE(states(), QStringLiteral("A=Cancelled B=Cancelled"));
    QCOMPARE(m_runner->log, (QStringList{QStringLiteral("A:1 start"), QStringLiteral("A:1 cancel")}));
}

void TestPipelineRun::cancelsDuringTheWaitForARetry()
{
    add(QStringLiteral("A"), {}, 3);
    m_runner->script[QStringLiteral("A")] = {Step::Fail};
    PipelineRun &run = make();
    run.start();
    QTRY_VERIFY(m_clock->hasTimers());
    run.cancel();
    COMPARE_NAMED(finish(run), RunStatus::Cancelled);
    QCOMPARE(states(), QStringLiteral("A=Cancelled"));
    QVERIFY(!m_clock->hasTimers());
}

void TestPipelineRun::refusesTheCommitOfACancelledRun()
{
    add(QStringLiteral("A"));
    add(QStringLiteral("B"));
    m_runner->script[QStringLiteral("A")] = {Step::Hang};
    m_runner->script[QStringLiteral("B")] = {Step::Hang};
    PipelineRun &run = make();
    run.start();
    QTRY_COMPARE(m_runner->log.size(), 2);
    run.cancel();
    COMPARE_NAMED(finish(run), RunStatus::Cancelled);
    for (const AttemptRecord &attempt : attempts())
        COMPARE_NAMED(attempt.status, AttemptStatus::Cancelled);
}

void TestPipelineRun::journalsTheCommitIntentBeforeTheCommit()
{
    add(QStringLiteral("A"));
    m_runner->script[QStringLiteral("A")] = {Step::CommitThenHang};
    PipelineRun &run = make();
    run.start();
    QTRY_VERIFY(m_runner->log.contains(QStringLiteral("A:1 committed")));
    COMPARE_NAMED(attempts().first().status, AttemptStatus::Committing);
    QCOMPARE(intAt(attempts().first().commitIntent, "rowsCopied"), 3);
    m_runner->release(QStringLiteral("A"), Step::Succeed);
    COMPARE_NAMED(finish(run), RunStatus::Succeeded);
}

void TestPipelineRun::givesEveryAttemptTheSameLoad()
{
    add(QStringLiteral("A"), {}, 1);
    m_runner->script[QStringLiteral("A")] = {Step::Fail};
    PipelineRun &run = make();
    const QSignalSpy finished(&run, &PipelineRun::finished);
    run.start();
    QTRY_VERIFY(m_clock->hasTimers());
    m_clock->advance(30s);
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!attempts().at(0).load.isEmpty());
    QCOMPARE(attempts().at(0).load, attempts().at(1).load);
}

void TestPipelineRun::showsWhyAnActivityIsQueued()
{
    add(QStringLiteral("A"));
    m_runner->waitingFor = {QStringLiteral("waiting for a free kernel (2 of 2 in use)")};
    PipelineRun &run = make();
    run.start();
    QTRY_COMPARE(recorded(QStringLiteral("A")).reason, m_runner->waitingFor.first());
    COMPARE_NAMED(recorded(QStringLiteral("A")).status, ActivityStatus::Queued);
    run.cancel();
    COMPARE_NAMED(finish(run), RunStatus::Cancelled);
}

void TestPipelineRun::givesBackItsPlaces()
{
    add(QStringLiteral("A"), {}, 1);
    m_runner->script[QStringLiteral("A")] = {Step::Fail};
    PipelineRun &run = make();
    const QSignalSpy finished(&run, &PipelineRun::finished);
    run.start();
    QTRY_VERIFY(m_clock->hasTimers());
    QCOMPARE(m_runner->leases, 0); // also while it waits for the retry
    m_clock->advance(30s);
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(m_runner->leases, 0);
}

void TestPipelineRun::goesOnAfterARestartWithoutRepeatingWhatIsDone()
{
    add(QStringLiteral("A"));
    add(QStringLiteral("B"), {on(QStringLiteral("A"))});
    add(QStringLiteral("C"), {on(QStringLiteral("B"))});
    m_runner->script[QStringLiteral("B")] = {Step::Hang};
    make().start();
    QTRY_COMPARE(m_runner->log.size(), 2);
    PipelineRun &resumed = restart();
    QTRY_VERIFY(m_clock->hasTimers());
    m_clock->advance(0s);
    COMPARE_NAMED(finish(resumed), RunStatus::Succeeded);
    QCOMPARE(m_runner->log.mid(2), (QStringList{QStringLiteral("B:2 start"), QStringLiteral("C:1 start")}));
    COMPARE_NAMED(attempts().at(1).status, AttemptStatus::Interrupted);
    QVERIFY(attempts().at(2).systemRetry);
    QVERIFY(attempts().at(2).epoch > attempts().at(1).epoch);
}

void TestPipelineRun::startsAnInterruptedAttemptAgainAtMostThreeTimes()
{
    add(QStringLiteral("A"));
    m_runner->script[QStringLiteral("A")] = {Step::Hang, Step::Hang, Step::Hang, Step::Hang, Step::Hang};
    make().start();
    QTRY_COMPARE(m_runner->log.size(), 1);
    for (int engine = 0; engine < 3; ++engine) {
        restart();
        QTRY_VERIFY(m_clock->hasTimers());
        m_clock->advance(0s);
        QTRY_COMPARE(m_runner->log.size(), engine + 2);
    }
    COMPARE_NAMED(finish(restart()), RunStatus::Failed);
    QCOMPARE(recorded(QStringLiteral("A")).error.errorCode, QStringLiteral("EngineInterrupted"));
    QCOMPARE(m_runner->log.size(), 4);
}

void TestPipelineRun::failsWhatMayNotBeStartedAgain()
{
    add(QStringLiteral("A"));
    m_runner->script[QStringLiteral("A")] = {Step::Hang};
    m_runner->restart = ActivityRunner::Restart::Fail;
    make().start();
    QTRY_COMPARE(m_runner->log.size(), 1);
    COMPARE_NAMED(finish(restart()), RunStatus::Failed);
    QCOMPARE(recorded(QStringLiteral("A")).error.errorCode, QStringLiteral("EngineInterrupted"));
    COMPARE_NAMED(attempts().first().status, AttemptStatus::Interrupted);
}

void TestPipelineRun::believesTheLedgerAboutACommitInFlight()
{
    for (const bool isThere : {true, false}) {
        if (!isThere) {
            cleanup();
            init();
        }
        add(QStringLiteral("A"));
        m_runner->script[QStringLiteral("A")] = {Step::CommitThenHang};
        make().start();
        QTRY_VERIFY(m_runner->log.contains(QStringLiteral("A:1 committed")));
        if (isThere)
            m_runner->ledger = Json{{"rowsCopied", 3}};
        PipelineRun &resumed = restart();
        if (!isThere) {
            QTRY_VERIFY(m_clock->hasTimers());
            m_clock->advance(0s);
        }
        COMPARE_NAMED(finish(resumed), RunStatus::Succeeded);
        QCOMPARE(attempts().size(), isThere ? 1 : 2);
        COMPARE_NAMED(attempts().first().status, isThere ? AttemptStatus::Succeeded : AttemptStatus::Interrupted);
        if (isThere)
            QCOMPARE(intAt(recorded(QStringLiteral("A")).output, "rowsCopied"), 3);
    }
}

void TestPipelineRun::asksUntilTheSinkAnswers()
{
    add(QStringLiteral("A"));
    m_runner->script[QStringLiteral("A")] = {Step::CommitThenHang};
    make().start();
    QTRY_VERIFY(m_runner->log.contains(QStringLiteral("A:1 committed")));
    m_runner->sinkReachable = false;
    m_runner->ledger = Json{{"rowsCopied", 3}};
    PipelineRun &resumed = restart();
    QTRY_COMPARE(recorded(QStringLiteral("A")).substate, QStringLiteral("OutcomeUnknown"));
    COMPARE_NAMED(attempts().first().status, AttemptStatus::OutcomeUnknown);
    m_runner->sinkReachable = true;
    const QSignalSpy finished(&resumed, &PipelineRun::finished);
    m_clock->advance(5s);
    QTRY_COMPARE(finished.count(), 1);
    COMPARE_NAMED(attempts().first().status, AttemptStatus::Succeeded);
    COMPARE_NAMED(resumed.record().status, RunStatus::Succeeded);
}

void TestPipelineRun::closesTheCellsOfADeadEngine()
{
    add(QStringLiteral("A"));
    m_runner->script[QStringLiteral("A")] = {Step::Hang};
    m_runner->restart = ActivityRunner::Restart::Fail;
    PipelineRun &run = make();
    run.start();
    QTRY_COMPARE(m_runner->log.size(), 1);
    bool isRecorded = false;
    QList<RunEvent> events;
    const QList<CellStatus> before{CellStatus::Succeeded, CellStatus::Running, CellStatus::Pending};
    for (int index = 0; index < 3; ++index) {
        CellRecord cell;
        cell.run = m_record.id;
        cell.activityRun = recorded(QStringLiteral("A")).id;
        cell.index = index;
        cell.status = before.at(index);
        events.append({.at = m_clock->now(), .factory = m_record.factory, .run = m_record.id, .body = cell});
    }
    m_journal->append(events, [&](const Result<> &result) { isRecorded = result.ok(); });
    QTRY_VERIFY(isRecorded);
    COMPARE_NAMED(finish(restart()), RunStatus::Failed);
    const QList<CellRecord> cells = *m_journal->cells(m_record.id);
    COMPARE_NAMED(cells.at(0).status, CellStatus::Succeeded);
    COMPARE_NAMED(cells.at(1).status, CellStatus::Interrupted);
    COMPARE_NAMED(cells.at(2).status, CellStatus::NotRun);
}

SLIPWAY_TEST(TestPipelineRun)

#include "TestPipelineRun.moc"
