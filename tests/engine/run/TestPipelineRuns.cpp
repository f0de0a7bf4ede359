#include "tests/engine/run/PublishedFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;
using Step = tests::ScriptedRunner::Step;

class TestPipelineRuns : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void runsWhatIsPublished();
    void pinsARunToItsVersion();
    void queuesWhatExceedsThePipelinesConcurrency();
    void cancelsAQueuedRunAtOnce();
    void refusesToCancelWhatHasEnded();
    void refusesARunThatCannotBePlanned();
    void startsNothingWhileHeld();
    void takesUpWhatAnotherEngineLeft();
    void debugsTheDraftApartFromTheOthers();
    void namesWhatIsWrongWithTheDraft();
    void evaluatesWhatATriggerGives();
    void takesGivenParametersAsTheyAre();
    void refusesARunWhoseKernelIsGone();
    void needsNoKernelForAGivenOutcome();

private:
    Result<RunRecord> debug(const DebugRun &wish);
    RunRecord create(const QString &pipeline = QStringLiteral("P"));
    QString status(const RunRecord &run) const { return toString((*m->journal->run(run.id))->status); }
    Result<> cancel(const RunId &run);

    std::unique_ptr<tests::PublishedFixture> m;
};

void TestPipelineRuns::init()
{
    m = std::make_unique<tests::PublishedFixture>();
    m->pipeline(QStringLiteral("One"), 1);
    VERIFY_OK(m->publish());
}

RunRecord TestPipelineRuns::create(const QString &pipeline)
{
    std::optional<Result<RunRecord>> answer;
    m->runs->create(
        m->factory.id, pipeline, Json::object(), this, [&answer](Result<RunRecord> run) { answer = std::move(run); });
    [&] { QTRY_VERIFY(answer.has_value()); }();
    [&] { VERIFY_OK(*answer); }();
    return *answer ? **answer : RunRecord();
}

Result<> TestPipelineRuns::cancel(const RunId &run)
{
    std::optional<Result<>> answer;
    m->runs->cancel(run, this, [&answer](Result<> cancelled) { answer = std::move(cancelled); });
    [&] { QTRY_VERIFY(answer.has_value()); }();
    return *answer;
}

Result<RunRecord> TestPipelineRuns::debug(const DebugRun &wish)
{
    std::optional<Result<RunRecord>> answer;
    m->runs->debug(wish, this, [&answer](Result<RunRecord> run) { answer = std::move(run); });
    [&] { QTRY_VERIFY(answer.has_value()); }();
    return *answer;
}

void TestPipelineRuns::debugsTheDraftApartFromTheOthers()
{
    m->pipeline(QStringLiteral("New"), 0); // not published
    const Result<RunRecord> run = debug({.factory = m->factory.id, .pipeline = QStringLiteral("New")});
    VERIFY_OK(run);
    QTRY_COMPARE(status(*run), QStringLiteral("Succeeded"));
    QCOMPARE(run->version, -1);
    QVERIFY((*m->journal->run(run->id))->debug.has_value());
    QVERIFY(m->journal->runs({.factory = m->factory.id})->isEmpty());
    QCOMPARE(m->journal->runs({.factory = m->factory.id, .kind = RunKind::Debug})->size(), 1);
    const RunRecord usual = create();
    QTRY_COMPARE(status(usual), QStringLiteral("Succeeded"));
    QCOMPARE(m->journal->runs({.factory = m->factory.id})->size(), 1);
    QCOMPARE(m->journal->find({.factory = m->factory.id, .kind = RunKind::Debug})->total, 1);
    QCOMPARE(m->journal->find({.factory = m->factory.id, .kind = RunKind::All})->total, 2);
}

void TestPipelineRuns::namesWhatIsWrongWithTheDraft()
{
    m->write(QStringLiteral("pipeline/P.json"), "{\"name\": \"P\",");
    const Result<RunRecord> broken = debug({.factory = m->factory.id, .pipeline = QStringLiteral("P")});
    QVERIFY(!broken);
    QVERIFY2(broken.error().where.startsWith(QStringLiteral("pipeline/P.json:1:")), qPrintable(broken.error().where));
    const Result<RunRecord> other = debug({.factory = m->factory.id, .pipeline = QStringLiteral("One")});
    VERIFY_OK(other); // it needs nothing of the broken one
    const Result<RunRecord> until =
        debug({.factory = m->factory.id, .pipeline = QStringLiteral("One"), .options = {.until = QStringLiteral("X")}});
    QVERIFY(!until);
    QVERIFY2(until.error().message.contains(QStringLiteral("\"X\"")), qPrintable(until.error().message));
}

void TestPipelineRuns::refusesARunWhoseKernelIsGone()
{
    m->notebookPipeline(QStringLiteral("Notes"));
    VERIFY_OK(m->publish());
    m->kernels = QStringList{};
    std::optional<Result<RunRecord>> answer;
    m->runs->create(
        m->factory.id, QStringLiteral("Notes"), Json::object(), this, [&answer](const auto &run) { answer = run; });
    QTRY_VERIFY(answer.has_value());
    QVERIFY(!answer->ok());
    QVERIFY(!m->publish());
    QCOMPARE(answer->error().message, m->problems[0].message + u' ' + m->problems[0].fix); // the same sentence
    QCOMPARE(answer->error().where, m->problems[0].where);
}

void TestPipelineRuns::needsNoKernelForAGivenOutcome()
{
    m->notebookPipeline(QStringLiteral("Notes"));
    m->kernels = QStringList{};
    QVERIFY(!debug({.factory = m->factory.id, .pipeline = QStringLiteral("Notes")}));
    const Json outcome = {{"status", "Succeeded"}, {"output", Json::object()}};
    QVERIFY(!debug({.factory = m->factory.id,
                    .pipeline = QStringLiteral("Notes"),
                    .options = {.until = {}, .mocks = {{"Other", outcome}}}}));
    const Result<RunRecord> run = debug({.factory = m->factory.id,
                                         .pipeline = QStringLiteral("Notes"),
                                         .options = {.until = {}, .mocks = {{"N", outcome}}}});
    VERIFY_OK(run);
    QTRY_COMPARE(status(*run), QStringLiteral("Succeeded"));
}

void TestPipelineRuns::evaluatesWhatATriggerGives()
{
    m->write(QStringLiteral("pipeline/T.json"),
             R"({"name":"T","properties":{"parameters":{"day":{"type":"string"}},"activities":[]}})");
    VERIFY_OK(m->publish());
    const Json trigger = {{"scheduledTime", "2026-01-31T22:00:00.000Z"}, {"startTime", "2026-01-31T22:00:01.000Z"}};
    const Result<RunRecord> run = m->runs->prepare(
        m->factory.id,
        QStringLiteral("T"),
        Json{{"day", "@formatDateTime(trigger().scheduledTime, 'dd.MM.')"}},
        {.name = QStringLiteral("Nightly"), .type = QStringLiteral("ScheduleTrigger"), .id = QStringLiteral("i")},
        trigger);
    VERIFY_OK(run);
    QCOMPARE(stringAt(run->parameters, "day"), QStringLiteral("31.01."));
}

void TestPipelineRuns::takesGivenParametersAsTheyAre()
{
    m->write(QStringLiteral("pipeline/T.json"),
             R"({"name":"T","properties":{"parameters":{"day":{"type":"string"}},"activities":[]}})");
    const Result<RunRecord> run =
        debug({.factory = m->factory.id, .pipeline = QStringLiteral("T"), .parameters = {{"day", "@utcNow()"}}});
    VERIFY_OK(run);
    QCOMPARE(stringAt(run->parameters, "day"), QStringLiteral("@utcNow()"));
}

void TestPipelineRuns::runsWhatIsPublished()
{
    const RunRecord run = create();
    QTRY_COMPARE(status(run), QStringLiteral("Succeeded"));
    QTRY_COMPARE(m->runs->active(), 0);
    QCOMPARE((*m->journal->run(run.id))->version, 1);
}

void TestPipelineRuns::pinsARunToItsVersion()
{
    m->runner->script[QStringLiteral("A")] = {Step::Hang};
    const RunRecord run = create();
    QTRY_COMPARE(m->runner->log.size(), 1);
    m->pipeline(QStringLiteral("P"), 5);
    VERIFY_OK(m->publish());
    m->runner->release(QStringLiteral("A"), Step::Succeed);
    QTRY_COMPARE(status(run), QStringLiteral("Succeeded"));
    QCOMPARE((*m->journal->run(run.id))->version, 1);
    QCOMPARE(create().version, 2);
    QTRY_COMPARE(m->runs->active(), 0);
}

void TestPipelineRuns::queuesWhatExceedsThePipelinesConcurrency()
{
    m->runner->script[QStringLiteral("A")] = {Step::Hang};
    const RunRecord first = create(QStringLiteral("One"));
    QTRY_COMPARE(m->runner->log.size(), 1);
    const RunRecord second = create(QStringLiteral("One"));
    QTRY_VERIFY((*m->journal->run(second.id))->reason.contains(u"1 of 1"));
    QCOMPARE(status(second), QStringLiteral("Queued"));
    m->runner->release(QStringLiteral("A"), Step::Succeed);
    QTRY_COMPARE(status(second), QStringLiteral("Succeeded"));
    QCOMPARE(status(first), QStringLiteral("Succeeded"));
}

void TestPipelineRuns::cancelsAQueuedRunAtOnce()
{
    m->runner->script[QStringLiteral("A")] = {Step::Hang};
    const RunRecord first = create(QStringLiteral("One"));
    QTRY_COMPARE(m->runner->log.size(), 1);
    const RunRecord second = create(QStringLiteral("One"));
    VERIFY_OK(cancel(second.id));
    QCOMPARE(status(second), QStringLiteral("Cancelled"));
    VERIFY_OK(cancel(first.id));
    QTRY_COMPARE(status(first), QStringLiteral("Cancelled"));
}

void TestPipelineRuns::refusesToCancelWhatHasEnded()
{
    const RunRecord run = create();
    QTRY_COMPARE(status(run), QStringLiteral("Succeeded"));
    QTRY_COMPARE(m->runs->active(), 0);
    COMPARE_NAMED(cancel(run.id).error().code, ErrorCode::Conflict);
    COMPARE_NAMED(cancel(RunId(QStringLiteral("none"))).error().code, ErrorCode::NotFound);
}

void TestPipelineRuns::refusesARunThatCannotBePlanned()
{
    COMPARE_NAMED(
        m->runs->prepare(m->factory.id, QStringLiteral("None"), Json::object(), {}, Json::object()).error().code,
        ErrorCode::NotFound);
    COMPARE_NAMED(m->runs->prepare(m->factory.id, QStringLiteral("P"), {{"x", 1}}, {}, Json::object()).error().code,
                  ErrorCode::InvalidInput);
    COMPARE_NAMED(
        m->runs->prepare(FactoryId(QStringLiteral("none")), QStringLiteral("P"), Json::object(), {}, Json::object())
            .error()
            .code,
        ErrorCode::NotFound);
}

void TestPipelineRuns::startsNothingWhileHeld()
{
    m->runs->setHeld(true);
    const RunRecord run = create();
    QCoreApplication::processEvents();
    QCOMPARE(status(run), QStringLiteral("Queued"));
    QVERIFY(m->runner->log.isEmpty());
    m->runs->setHeld(false);
    QTRY_COMPARE(status(run), QStringLiteral("Succeeded"));
}

void TestPipelineRuns::takesUpWhatAnotherEngineLeft()
{
    m->runner->script[QStringLiteral("A")] = {Step::Hang};
    const RunRecord running = create(QStringLiteral("One"));
    QTRY_COMPARE(m->runner->log.size(), 1);
    const RunRecord queued = create(QStringLiteral("One"));
    // Another set of runs on the same journal is what a new engine has.
    m->runs = std::make_unique<PipelineRuns>(*m->versions,
                                             PipelineRun::Parts{m->runners, *m->journal, *m->telemetry, m->clock});
    VERIFY_OK(m->runs->recover());
    QTRY_VERIFY(m->clock.hasTimers());
    m->clock.advance(Millis(0));
    QTRY_COMPARE(status(running), QStringLiteral("Succeeded"));
    QTRY_COMPARE(status(queued), QStringLiteral("Succeeded"));
    QCOMPARE(m->journal->attempts(running.id)->size(), 2);
}

SLIPWAY_TEST(TestPipelineRuns)

#include "TestPipelineRuns.moc"
