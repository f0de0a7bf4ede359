#include "engine/sqlite/Database.h"
#include "engine/store/RunJournal.h"
#include "tests/engine/store/StoreSamples.h"
#include "tests/support/FakeClock.h"
#include "tests/support/TestMain.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using namespace engine;
using namespace tests;

class TestRunJournal : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void recordsComeBackWhole();
    void eventsComeInSequenceAndBeforeTheirCallback();
    void sequenceGoesOnAfterReopening();
    void aFailedAppendWritesNothing();
    void terminalStatesAreFinal();
    void onlyDurableEventsAreJournaled();
    void destructorCommitsWhatIsQueued();
    void anOccurrenceFiresOnce();
    void aDeferredOccurrenceMayStillFire();
    void aFireNeedsItsRun();
    void triggerStatesAndCursor();
    void versionsFollowOneAnother();
    void anEngineThatWasReplacedWritesNothing();
    void epochGrowsAndStoreKeepsItsId();
    void backupHoldsEverythingAndOldOnesGo();
    void backupHappensAtOpenWhenTheLastIsOld();

private:
    std::unique_ptr<RunJournal> open(const StoreLimits &limits = {.ballastBytes = 1024 * 1024})
    {
        auto journal = RunJournal::open(m_folder->path(), m_clock, limits);
        if (!journal)
            qFatal("%s", qPrintable(journal.error().message));
        return std::move(journal).value();
    }

    // Waits until everything asked for so far is committed; the result is that of an empty append.
    static bool settle(RunJournal &journal)
    {
        bool done = false;
        journal.append({}, [&done](Result<> result) { done = result.ok(); });
        return QTest::qWaitFor([&done] { return done; });
    }

    static Result<> appended(RunJournal &journal, QList<RunEvent> events)
    {
        std::optional<Result<>> answer;
        journal.append(std::move(events), [&answer](Result<> result) { answer = result; });
        if (!QTest::qWaitFor([&answer] { return answer.has_value(); }))
            return Error{ErrorCode::Timeout, QStringLiteral("No answer."), {}};
        return *answer;
    }

    static FireRecord sampleFire(FireRecord::Outcome outcome, Instant planned = at(60))
    {
        FireRecord fire;
        fire.factory = FactoryId(QStringLiteral("titanic"));
        fire.trigger = QStringLiteral("Monthly");
        fire.planned = planned;
        fire.noticed = planned + Millis(20);
        fire.outcome = outcome;
        fire.tzVersion = QStringLiteral("2026a");
        return fire;
    }

    std::optional<QTemporaryDir> m_folder;
    FakeClock m_clock{at(0)};
};

SLIPWAY_TEST(TestRunJournal)

void TestRunJournal::init() { m_folder.emplace(); }

void TestRunJournal::recordsComeBackWhole()
{
    auto journal = open();
    RunRecord run = sampleRun(QStringLiteral("r1"));
    ActivityRecord second = sampleActivity(QStringLiteral("r1"), QStringLiteral("Second"));
    const ActivityRecord first = sampleActivity(QStringLiteral("r1"), QStringLiteral("First"));
    AttemptRecord attempt;
    attempt.activityRun = second.id;
    attempt.run = run.id;
    attempt.epoch = 4;
    attempt.start = at(3);
    CellRecord cell;
    cell.run = run.id;
    cell.activityRun = second.id;
    cell.index = 1;
    cell.kind = QStringLiteral("code");
    cell.source = QStringLiteral("print('Grüße')\n");
    CellRecord earlier = cell;
    earlier.index = 0;
    VERIFY_OK(appended(*journal, {eventOf(run), eventOf(second), eventOf(first), eventOf(attempt), eventOf(cell)}));
    // The whole new state replaces the old one; the order of first appearance stays.
    run.status = RunStatus::InProgress;
    run.start = at(4);
    second.status = ActivityStatus::Succeeded;
    second.output = {{"rowsCopied", 891}};
    attempt.status = AttemptStatus::Succeeded;
    cell.status = CellStatus::Succeeded;
    cell.executionCount = 2;
    VERIFY_OK(appended(*journal, {eventOf(run), eventOf(second), eventOf(attempt), eventOf(cell), eventOf(earlier)}));

    QVERIFY((*journal->run(run.id))->status == RunStatus::InProgress);
    QVERIFY(**journal->run(run.id) == run);
    QVERIFY(!(*journal->run(RunId(QStringLiteral("absent")))).has_value());
    QVERIFY((*journal->activities(run.id) == QList<ActivityRecord>{second, first}));
    QVERIFY((*journal->attempts(run.id) == QList<AttemptRecord>{attempt}));
    QVERIFY((*journal->cells(run.id) == QList<CellRecord>{earlier, cell}));
    QVERIFY(journal->activities(RunId(QStringLiteral("absent")))->isEmpty());
    const auto events = journal->events(0, 100);
    VERIFY_OK(events);
    QCOMPARE(events->size(), 10);
    RunEvent expected = eventOf(cell);
    expected.sequence = 9;
    QVERIFY(events->at(8) == expected);
    QCOMPARE(journal->events(8, 1)->first().sequence, 9);
    QVERIFY(journal->events(10, 5)->isEmpty());
    QVERIFY(journal->events(0, 0)->isEmpty());
}

void TestRunJournal::eventsComeInSequenceAndBeforeTheirCallback()
{
    auto journal = open();
    QStringList log;
    connect(journal.get(), &RunJournal::recorded, this, [&](const RunEvent &event) {
        log += QStringLiteral("event %1").arg(event.sequence);
        // What is seen is committed.
        QVERIFY((*journal->run(event.run)).has_value());
    });
    for (int i = 0; i < 50; ++i) {
        journal->append(
            {eventOf(sampleRun(QStringLiteral("a%1").arg(i))), eventOf(sampleRun(QStringLiteral("b%1").arg(i)))},
            [&log, i](const Result<> &result) {
                log += QStringLiteral("done %1%2").arg(i).arg(result ? u"" : u" failed");
            });
    }
    QVERIFY(log.isEmpty()); // never before the control returns to the loop
    QVERIFY(settle(*journal));
    QStringList expected;
    for (int i = 0; i < 50; ++i) {
        expected += {QStringLiteral("event %1").arg(2 * i + 1),
                     QStringLiteral("event %1").arg(2 * i + 2),
                     QStringLiteral("done %1").arg(i)};
    }
    QCOMPARE(log, expected);
}

void TestRunJournal::sequenceGoesOnAfterReopening()
{
    VERIFY_OK(appended(*open(), {eventOf(sampleRun(QStringLiteral("r1")))}));
    auto journal = open();
    VERIFY_OK(appended(*journal, {eventOf(sampleRun(QStringLiteral("r2")))}));
    const auto events = journal->events(0, 10);
    VERIFY_OK(events);
    QCOMPARE(events->size(), 2);
    QCOMPARE(events->at(1).sequence, 2);
    QVERIFY((*journal->run(RunId(QStringLiteral("r1")))).has_value());
}

void TestRunJournal::aFailedAppendWritesNothing()
{
    auto journal = open();
    RunRecord ended = sampleRun(QStringLiteral("r1"));
    ended.status = RunStatus::Failed;
    VERIFY_OK(appended(*journal, {eventOf(ended)}));
    RunRecord again = ended;
    again.status = RunStatus::InProgress;
    QSignalSpy recorded(journal.get(), &RunJournal::recorded);
    std::optional<Result<>> bad;
    std::optional<Result<>> good;
    // In one group: the bad one takes back only its own.
    journal->append({eventOf(sampleRun(QStringLiteral("r2"))), eventOf(again)}, [&](Result<> r) { bad = r; });
    journal->append({eventOf(sampleRun(QStringLiteral("r3")))}, [&](Result<> r) { good = r; });
    QTRY_VERIFY(bad && good);
    QVERIFY(!bad->ok());
    QCOMPARE(toString(bad->error().code), QStringLiteral("Conflict"));
    VERIFY_OK(*good);
    QVERIFY(!(*journal->run(RunId(QStringLiteral("r2")))).has_value());
    QVERIFY((*journal->run(RunId(QStringLiteral("r3")))).has_value());
    QCOMPARE(recorded.size(), 1);
    QCOMPARE(journal->events(0, 10)->constLast().sequence, 2);
}

void TestRunJournal::terminalStatesAreFinal()
{
    auto journal = open();
    for (const RunStatus last : {RunStatus::Succeeded, RunStatus::Failed, RunStatus::Cancelled}) {
        RunRecord run = sampleRun(toString(last));
        run.status = last;
        VERIFY_OK(appended(*journal, {eventOf(run)}));
        for (const RunStatus next : {RunStatus::Queued,
                                     RunStatus::InProgress,
                                     RunStatus::Canceling,
                                     RunStatus::Succeeded,
                                     RunStatus::Failed,
                                     RunStatus::Cancelled}) {
            run.status = next;
            QCOMPARE(appended(*journal, {eventOf(run)}).ok(), next == last);
        }
        run.status = last;
        run.isLatest = false; // a rerun came
        VERIFY_OK(appended(*journal, {eventOf(run)}));
        QVERIFY(!(*journal->run(run.id))->isLatest);
    }
}

void TestRunJournal::onlyDurableEventsAreJournaled()
{
    auto journal = open();
    RunEvent event;
    event.body = ActivityProgress{ActivityRunId(QStringLiteral("a")), {{"rowsRead", 5}}};
    const auto refused = appended(*journal, {event});
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), QStringLiteral("InvalidInput"));
    QVERIFY2(refused.error().message.contains(QStringLiteral("progress")), qPrintable(refused.error().message));
    QVERIFY(journal->events(0, 10)->isEmpty());
}

void TestRunJournal::destructorCommitsWhatIsQueued()
{
    bool called = false;
    {
        auto journal = open();
        for (int i = 0; i < 3000; ++i)
            journal->append({eventOf(sampleRun(QStringLiteral("r%1").arg(i)))},
                            [&called](const Result<> &) { called = true; });
    }
    QCoreApplication::processEvents();
    QVERIFY(!called);
    auto journal = open();
    QCOMPARE(journal->events(2999, 10)->size(), 1);
    QVERIFY((*journal->run(RunId(QStringLiteral("r2999")))).has_value());
}

void TestRunJournal::anOccurrenceFiresOnce()
{
    auto journal = open();
    FireRecord fire = sampleFire(FireRecord::Outcome::Fired);
    const RunRecord run = sampleRun(QStringLiteral("r1"));
    fire.run = run.id;
    fire.pipeline = run.pipeline;
    FireRecord twice = fire;
    RunRecord other = sampleRun(QStringLiteral("r2"));
    twice.run = other.id;
    FireRecord coalesced = sampleFire(FireRecord::Outcome::Coalesced);
    coalesced.coalescedInto = at(120);

    QSignalSpy recorded(journal.get(), &RunJournal::recorded);
    QList<Result<>> answers;
    const auto note = [&answers](Result<> result) { answers += result; };
    journal->recordFire(fire, run, note);
    journal->recordFire(twice, other, note);
    journal->recordFire(coalesced, std::nullopt, note);
    QTRY_COMPARE(answers.size(), 3);
    VERIFY_OK(answers.at(0));
    QCOMPARE(toString(answers.at(1).error().code), QStringLiteral("Conflict"));
    QCOMPARE(toString(answers.at(2).error().code), QStringLiteral("Conflict"));
    QCOMPARE(recorded.size(), 1); // the run's
    QVERIFY((*journal->run(run.id)).has_value());
    QVERIFY(!(*journal->run(other.id)).has_value()); // nothing written
    QVERIFY(**journal->fire(fire.factory, fire.trigger, fire.planned) == fire);
    QVERIFY(!(*journal->fire(fire.factory, fire.trigger, fire.planned + Millis(1))).has_value());

    // Another instant, another trigger: other occurrences.
    coalesced.planned = at(90);
    VERIFY_OK([&] {
        std::optional<Result<>> answer;
        journal->recordFire(coalesced, std::nullopt, [&answer](Result<> r) { answer = r; });
        return QTest::qWaitFor([&answer] { return answer.has_value(); }) ? *answer : Result<>(Error{});
    }());
    QVERIFY((*journal->fires(fire.factory, fire.trigger, 10) == QList<FireRecord>{coalesced, fire}));
    QVERIFY((*journal->fires(fire.factory, fire.trigger, 1) == QList<FireRecord>{coalesced}));
    QVERIFY(journal->fires(fire.factory, QStringLiteral("Other"), 10)->isEmpty());
}

void TestRunJournal::aDeferredOccurrenceMayStillFire()
{
    auto journal = open();
    FireRecord fire = sampleFire(FireRecord::Outcome::DeferredDegraded);
    QList<bool> answers;
    const auto note = [&answers](const Result<> &result) { answers += result.ok(); };
    journal->recordFire(fire, std::nullopt, note);
    journal->recordFire(fire, std::nullopt, note); // noted already
    fire.outcome = FireRecord::Outcome::Fired;
    fire.run = RunId(QStringLiteral("r1"));
    journal->recordFire(fire, sampleRun(QStringLiteral("r1")), note);
    fire.outcome = FireRecord::Outcome::SkippedMisfire;
    fire.run = {};
    journal->recordFire(fire, std::nullopt, note);
    QTRY_COMPARE(answers.size(), 4);
    QCOMPARE(answers, (QList<bool>{true, false, true, false}));
    QVERIFY((*journal->fire(fire.factory, fire.trigger, fire.planned))->outcome == FireRecord::Outcome::Fired);
}

void TestRunJournal::aFireNeedsItsRun()
{
    auto journal = open();
    QList<QString> codes;
    const auto note = [&codes](const Result<> &result) { codes += result ? QString() : toString(result.error().code); };
    journal->recordFire(sampleFire(FireRecord::Outcome::Fired), std::nullopt, note);
    journal->recordFire(sampleFire(FireRecord::Outcome::SkippedMisfire), sampleRun(QStringLiteral("r1")), note);
    journal->recordFire(sampleFire(FireRecord::Outcome::Fired), sampleRun(QStringLiteral("not its run")), note);
    QTRY_COMPARE(codes.size(), 3);
    QCOMPARE(codes, QList<QString>(3, QStringLiteral("InvalidInput")));
    QVERIFY(journal->fires(FactoryId(QStringLiteral("titanic")), QStringLiteral("Monthly"), 10)->isEmpty());
}

void TestRunJournal::triggerStatesAndCursor()
{
    auto journal = open();
    TriggerState state{.factory = FactoryId(QStringLiteral("titanic")),
                       .trigger = QStringLiteral("Monthly"),
                       .started = true,
                       .changedAt = at(10),
                       .cursor = at(10)};
    journal->setTriggerState(state);
    journal->recordFire(sampleFire(FireRecord::Outcome::SkippedMisfire, at(60)), std::nullopt);
    journal->recordFire(sampleFire(FireRecord::Outcome::SkippedMisfire, at(30)), std::nullopt);
    QVERIFY(settle(*journal));
    state.cursor = at(60);
    QVERIFY((*journal->triggerStates() == QList<TriggerState>{state}));
    state.started = false;
    state.cursor = at(20); // the clock went back
    journal->setTriggerState(state);
    QVERIFY(settle(*journal));
    QVERIFY((*journal->triggerStates() == QList<TriggerState>{state}));
}

void TestRunJournal::versionsFollowOneAnother()
{
    auto journal = open();
    FactoryRecord factory{.id = FactoryId(QStringLiteral("f")),
                          .name = QStringLiteral("Titanic"),
                          .path = QStringLiteral("/samples/titanic")};
    VersionRecord version{.factory = factory.id,
                          .number = 1,
                          .publishedAt = at(5),
                          .comment = QStringLiteral("first"),
                          .manifest = {{"files", {{"pipeline/Load.json", "ab12"}}}}};
    QStringList answers;
    const auto note = [&answers](const Result<> &result) {
        answers += result ? QStringLiteral("ok") : toString(result.error().code);
    };
    journal->addVersion(version, note); // nobody knows the factory yet
    journal->saveFactory(factory, note);
    journal->addVersion(version, note);
    journal->addVersion(version, note); // published by somebody else in between
    VersionRecord second = version;
    second.number = 2;
    second.restoredFrom = 1;
    journal->addVersion(second, note);
    second.number = 4;
    journal->addVersion(second, note);
    QTRY_COMPARE(answers.size(), 6);
    QCOMPARE(answers.join(u' '), QStringLiteral("NotFound ok ok Conflict ok Conflict"));
    second.number = 2;
    factory.publishedVersion = 2;
    QVERIFY((*journal->factories() == QList<FactoryRecord>{factory}));
    QVERIFY((*journal->versions(factory.id) == QList<VersionRecord>{second, version}));
    QVERIFY(**journal->version(factory.id, 1) == version);
    QVERIFY(!(*journal->version(factory.id, 3)).has_value());
}

void TestRunJournal::anEngineThatWasReplacedWritesNothing()
{
    auto journal = open();
    VERIFY_OK(appended(*journal, {eventOf(sampleRun(QStringLiteral("r1")))}));
    QSignalSpy degraded(journal.get(), &RunJournal::degraded);
    {
        // As if another engine had got past the lock while this one slept.
        auto other = Database::open(m_folder->filePath(QStringLiteral("store.db")));
        VERIFY_OK(other);
        VERIFY_OK(other->exec("UPDATE identity SET value=value+1 WHERE name='epoch'"));
    }
    const auto refused = appended(*journal, {eventOf(sampleRun(QStringLiteral("r2")))});
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), QStringLiteral("Conflict"));
    QVERIFY(!(*journal->run(RunId(QStringLiteral("r2")))).has_value());
    QCOMPARE(degraded.size(), 1);
    QCOMPARE(degraded.first().first().toBool(), true);
    QVERIFY(journal->isDegraded());
}

void TestRunJournal::epochGrowsAndStoreKeepsItsId()
{
    auto journal = open();
    const QString id = journal->storeId();
    QCOMPARE(id.size(), 36);
    QCOMPARE(journal->epoch(), 1);
    journal.reset();
    journal = open();
    QCOMPARE(journal->epoch(), 2);
    QCOMPARE(journal->storeId(), id);
}

void TestRunJournal::backupHoldsEverythingAndOldOnesGo()
{
    auto journal = open({.ballastBytes = 1024 * 1024, .keptBackups = 2});
    for (int i = 0; i < 4; ++i) {
        VERIFY_OK(appended(*journal, {eventOf(sampleRun(QStringLiteral("r%1").arg(i)))}));
        std::optional<Result<>> done;
        journal->backUp([&done](Result<> result) { done = result; });
        QTRY_VERIFY(done);
        VERIFY_OK(*done);
        m_clock.advance(std::chrono::hours(1));
    }
    const QStringList backups = journal->backups();
    QCOMPARE(backups.size(), 2);
    QVERIFY2(backups.first().endsWith(QStringLiteral("store-20260101T030000000Z.db")), qPrintable(backups.first()));
    journal.reset();
    // A backup put in the place of the store is a store.
    QVERIFY(QFile::remove(m_folder->filePath(QStringLiteral("store.db"))));
    QVERIFY(QFile::copy(backups.first(), m_folder->filePath(QStringLiteral("store.db"))));
    journal = open();
    QCOMPARE(journal->events(0, 100)->size(), 4);
}

void TestRunJournal::backupHappensAtOpenWhenTheLastIsOld()
{
    VERIFY_OK(appended(*open(), {eventOf(sampleRun(QStringLiteral("r1")))}));
    auto journal = open();
    QTRY_COMPARE(journal->backups().size(), 1);
    QVERIFY(settle(*journal));
    m_clock.advance(std::chrono::minutes(59));
    journal.reset();
    journal = open();
    std::optional<Result<>> done;
    journal->backUp([&done](Result<> result) { done = result; }); // a Conflict if one had begun by itself
    QTRY_VERIFY(done);
    VERIFY_OK(*done);
    QCOMPARE(journal->backups().size(), 2);
    journal.reset();
    m_clock.advance(std::chrono::hours(1));
    journal = open();
    QTRY_COMPARE(journal->backups().size(), 3);
}

#include "TestRunJournal.moc"
