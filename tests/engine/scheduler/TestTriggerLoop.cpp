#include "engine/scheduler/TriggerLoop.h"
#include "tests/support/FakeClock.h"
#include "tests/support/TestMain.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using namespace engine;
using namespace std::chrono_literals;

namespace {

Instant at(const char *text) { return *instantFromIso(QString::fromLatin1(text)); }

// Makes runs and remembers which were dispatched.
class FakeRuns final : public RunRequests
{
public:
    Result<RunRecord> prepare(const FactoryId &factory,
                              const QString &pipeline,
                              const Json &parameters,
                              const Invoker &invoker,
                              const Json &trigger) override
    {
        if (pipeline == refused)
            return Error{ErrorCode::NotFound, QStringLiteral("no such pipeline"), pipeline};
        RunRecord run;
        run.id = RunId::create();
        run.group = RunGroupId(run.id.text());
        run.factory = factory;
        run.version = 1;
        run.pipeline = pipeline;
        run.parameters = parameters;
        run.invokedBy = invoker;
        run.trigger = trigger;
        return run;
    }
    void dispatch(const RunRecord &run) override { dispatched.append(run); }

    QString refused;
    QList<RunRecord> dispatched;
};

Trigger trigger(const char *recurrence, const QStringList &pipelines = {QStringLiteral("P")})
{
    Trigger made;
    made.name = QStringLiteral("T");
    made.file = QStringLiteral("trigger/T.json");
    made.type = QStringLiteral("ScheduleTrigger");
    for (const QString &pipeline : pipelines)
        made.pipelines.append({pipeline, {{QStringLiteral("p"), ValueSource::fromJson(Json("v"))}}, Json{{"p", "v"}}});
    made.typeProperties = {{"recurrence", *parseJson(recurrence, QStringLiteral("test"))}};
    return made;
}

constexpr auto everyHour = R"({"frequency":"Hour","startTime":"2026-01-01T00:00:00Z"})";
constexpr auto everyMinute = R"({"frequency":"Minute","startTime":"2026-01-01T00:00:00Z"})";

} // namespace

class TestTriggerLoop : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<tests::FakeClock>(at("2026-06-01T09:30:00Z"));
        m_runs = std::make_unique<FakeRuns>();
        open();
    }

    void cleanup()
    {
        m_loop.reset();
        m_journal.reset();
    }

    void firesEachOccurrenceOnce()
    {
        begin(trigger(everyHour));
        QVERIFY(m_loop->anyStarted());
        advance(29min);
        QCOMPARE(ledger(), QString());
        advance(2min);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
        advance(2h);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired|11:00 Fired|12:00 Fired"));
        QCOMPARE(m_runs->dispatched.size(), 3);
        const RunRecord run = m_runs->dispatched.first();
        QCOMPARE(run.invokedBy.name, QStringLiteral("T"));
        QCOMPARE(run.invokedBy.type, QStringLiteral("ScheduleTrigger"));
        QCOMPARE(stringAt(run.trigger, "scheduledTime"), QStringLiteral("2026-06-01T10:00:00.000Z"));
        QCOMPARE(stringAt(run.trigger, "startTime"), QStringLiteral("2026-06-01T10:00:00.000Z"));
        QCOMPARE(stringAt(run.parameters, "p"), QStringLiteral("v"));
        const auto stored = m_journal->run(run.id);
        VERIFY_OK(stored);
        QVERIFY(stored->has_value());
    }

    void firesNothingUntilStarted()
    {
        setTriggers(trigger(everyHour));
        m_loop->resume();
        advance(3h);
        QVERIFY(!m_loop->anyStarted());
        QCOMPARE(ledger(), QString());
        QVERIFY(!m_clock->hasTimers());
    }

    void stopMeansNothingMore()
    {
        begin(trigger(everyHour));
        advance(1h);
        stop();
        advance(5h);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
        start(); // 15:30: what was due in between is never caught up
        advance(1h);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired|16:00 Fired"));
    }

    void sleepFiresTheLatestOnce()
    {
        begin(trigger(everyHour));
        m_clock->suspend(4h + 10min); // 13:40
        advance(31s);
        QCOMPARE(ledger(),
                 QStringLiteral("10:00 Coalesced 13:00|11:00 Coalesced 13:00|12:00 Coalesced 13:00|13:00 Fired"));
        QCOMPARE(m_runs->dispatched.size(), 1);
        QCOMPARE(stringAt(m_runs->dispatched[0].trigger, "scheduledTime"), QStringLiteral("2026-06-01T13:00:00.000Z"));
        QVERIFY(stringAt(m_runs->dispatched[0].trigger, "startTime") > QStringLiteral("2026-06-01T13:40"));
        advance(1h);
        QCOMPARE(m_runs->dispatched.size(), 2);
    }

    void anOccurrenceInTimeTakesTheMissedOnes()
    {
        begin(trigger(everyMinute));
        m_clock->suspend(5min + 20s);
        advance(30s); // 9:35:50
        QCOMPARE(
            ledger(),
            QStringLiteral("09:31 Coalesced 09:35|09:32 Coalesced 09:35|09:33 Coalesced 09:35|09:34 Coalesced 09:35|"
                           "09:35 Fired"));
    }

    void lookBackIsSevenDays()
    {
        begin(trigger(R"({"frequency":"Day","startTime":"2026-01-01T12:00:00Z"})"));
        m_clock->suspend(24h * 20);
        advance(1min);
        QCOMPARE(m_runs->dispatched.size(), 1);
        QCOMPARE(rows().size(), 7);
    }

    void aRestartDecidesWhatWasMissed()
    {
        begin(trigger(everyHour));
        advance(40min); // fires 10:00
        restart([this] { m_clock->suspend(2h); }); // 12:10
        setTriggers(trigger(everyHour));
        QCOMPARE(m_runs->dispatched.size(), 0);
        m_loop->resume();
        settle();
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired|11:00 Coalesced 12:00|12:00 Fired"));
        QCOMPARE(m_runs->dispatched.size(), 1);
        restart([] {});
        setTriggers(trigger(everyHour));
        m_loop->resume();
        settle();
        QCOMPARE(m_runs->dispatched.size(), 0); // once decided, decided
        advance(1h);
        QCOMPARE(m_runs->dispatched.size(), 1);
    }

    void aRestartBetweenDueAndFireFiresOnce()
    {
        begin(trigger(everyHour));
        advance(29min + 59s);
        restart([this] { m_clock->suspend(5s); }); // 10:00:04
        setTriggers(trigger(everyHour));
        m_loop->resume();
        settle();
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
        advance(5min);
        QCOMPARE(m_runs->dispatched.size(), 1);
    }

    void aSmallBackwardJumpNeverFiresTwice()
    {
        begin(trigger(everyHour));
        advance(31min); // 10:01, fired
        m_clock->jumpWall(-5min);
        advance(30min);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
        QCOMPARE(m_runs->dispatched.size(), 1);
    }

    void aLargeBackwardJumpNeverFiresTwice()
    {
        begin(trigger(everyHour));
        advance(2h); // 11:30
        QCOMPARE(m_runs->dispatched.size(), 2);
        m_clock->jumpWall(-2h);
        QSignalSpy suspended(m_loop.get(), &TriggerLoop::suspended);
        advance(2h);
        QCOMPARE(m_runs->dispatched.size(), 2);
        QCOMPARE(suspended.size(), 2);
        advance(1h);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired|11:00 Fired|12:00 Fired"));
    }

    void aJumpTo2038IsHeld()
    {
        begin(trigger(everyHour));
        QSignalSpy suspended(m_loop.get(), &TriggerLoop::suspended);
        const Millis far = at("2038-01-19T03:14:08Z") - m_clock->now();
        m_clock->jumpWall(far);
        advance(50s); // noticed within 30 s, and not yet 30 s steady
        QCOMPARE(suspended.size(), 1);
        QVERIFY(!suspended[0][0].toString().isEmpty());
        QCOMPARE(ledger(), QString());
        m_clock->jumpWall(-far); // somebody corrects it
        advance(1min);
        QCOMPARE(suspended.size(), 2);
        QCOMPARE(suspended[1][0].toString(), QString());
        QCOMPARE(ledger(), QString());
        advance(1h);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
    }

    void aSteadyWrongClockDoesNotBlockForYears()
    {
        begin(trigger(everyHour));
        const Millis far = at("2038-01-19T03:14:08Z") - m_clock->now();
        m_clock->jumpWall(far);
        advance(2min);
        QCOMPARE(m_runs->dispatched.size(), 1); // the misfire rule took 2038 for the truth
        stop();
        start(); // recorded as started in 2038
        m_clock->jumpWall(-far);
        advance(2min);
        QCOMPARE(m_runs->dispatched.size(), 1);
        advance(1h);
        QCOMPARE(m_runs->dispatched.size(), 2);
        QCOMPARE(stringAt(m_runs->dispatched[1].trigger, "scheduledTime"), QStringLiteral("2026-06-01T10:00:00.000Z"));
    }

    void publishingNeverFiresBackwards()
    {
        begin(trigger(everyHour));
        advance(5min);
        // 09:35; the new definition was due at 09:00 and 09:30 too
        setTriggers(trigger(R"({"frequency":"Minute","interval":30,"startTime":"2026-01-01T00:00:00Z"})"));
        advance(1min);
        QCOMPARE(ledger(), QString());
        advance(30min);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
        m_loop->setTriggers(m_factory, {});
        advance(1h);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
        setTriggers(trigger(everyHour)); // it was gone: it does not start by itself
        advance(2h);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
        restart([] {});
        setTriggers(trigger(everyHour));
        m_loop->resume();
        settle();
        QVERIFY(!m_loop->anyStarted());
    }

    void anUnchangedTriggerGoesOnAcrossAPublish()
    {
        begin(trigger(everyHour));
        setTriggers(trigger(everyHour));
        advance(1h);
        QCOMPARE(ledger(), QStringLiteral("10:00 Fired"));
    }

    void aDayOfTheGapFiresOnce()
    {
        m_clock->jumpWall(at("2026-03-28T12:00:00Z") - m_clock->now());
        begin(trigger(
            R"({"frequency":"Day","startTime":"2026-01-01T00:00:00","timeZone":"Europe/Berlin","schedule":{"hours":[2,3],"minutes":[0]}})"));
        advance(24h);
        QCOMPARE(m_runs->dispatched.size(), 1);
        QCOMPARE(stringAt(m_runs->dispatched[0].trigger, "scheduledTime"), QStringLiteral("2026-03-29T01:00:00.000Z"));
    }

    void everyPipelineOfATriggerRuns()
    {
        begin(trigger(everyHour, {QStringLiteral("A"), QStringLiteral("B")}));
        advance(1h);
        QCOMPARE(m_runs->dispatched.size(), 2);
        QCOMPARE(m_runs->dispatched[0].pipeline + m_runs->dispatched[1].pipeline, QStringLiteral("AB"));
        QVERIFY(m_runs->dispatched[0].trigger == m_runs->dispatched[1].trigger);
    }

    void aRunThatCannotBeMadeIsSaid()
    {
        m_runs->refused = QStringLiteral("P");
        begin(trigger(everyHour));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("no such pipeline")));
        advance(40min);
        QCOMPARE(ledger(), QStringLiteral("10:00 SkippedMisfire"));
        QVERIFY(m_loop->status(m_factory).first().problem.contains(u"no such pipeline"));
        m_runs->refused.clear();
        advance(1h);
        QCOMPARE(ledger(), QStringLiteral("10:00 SkippedMisfire|11:00 Fired"));
        QCOMPARE(m_loop->status(m_factory).first().problem, QString());
    }

    void refusesWhatCannotFire()
    {
        Trigger broken = trigger(R"({"frequency":"Decade"})");
        setTriggers(broken);
        const auto start = [this](const char *name) {
            std::optional<Result<>> answer;
            m_loop->start(m_factory, QString::fromLatin1(name), [&](Result<> result) { answer = result; });
            while (!answer)
                QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            return *answer;
        };
        const auto invalid = start("T");
        QVERIFY(!invalid.ok());
        QVERIFY(invalid.error().code == ErrorCode::InvalidInput);
        QVERIFY(invalid.error().message.contains(u"frequency"));
        const auto missing = start("Nobody");
        QVERIFY(!missing.ok());
        QVERIFY(missing.error().code == ErrorCode::NotFound);
        QVERIFY(!m_loop->anyStarted());
        const TriggerStatus status = m_loop->status(m_factory).first();
        QVERIFY(status.problem.contains(u"trigger/T.json: typeProperties.recurrence.frequency"));
        QVERIFY(status.next.empty());

        broken = trigger(everyHour, {});
        setTriggers(broken);
        QVERIFY(!start("T").ok());
        broken = trigger(everyHour);
        broken.type = QStringLiteral("BlobEventsTrigger");
        setTriggers(broken);
        QVERIFY(!start("T").ok());
    }

    void handsDynamicParametersOverAsTheyAreWritten()
    {
        Trigger dynamic = trigger(everyHour);
        dynamic.pipelines[0].written = {{"p", "@trigger().scheduledTime"}};
        begin(dynamic);
        advance(31min);
        QCOMPARE(stringAt(m_runs->dispatched.first().parameters, "p"), QStringLiteral("@trigger().scheduledTime"));
    }

    void tellsWhatComesNext()
    {
        begin(trigger(everyHour));
        advance(31min);
        const TriggerStatus status = m_loop->status(m_factory).first();
        QCOMPARE(status.name, QStringLiteral("T"));
        QVERIFY(status.started);
        QCOMPARE(status.sentence, QStringLiteral("Every hour from 2026-01-01 00:00 (UTC)"));
        QCOMPARE(int(status.next.size()), 5);
        QCOMPARE(toIso(status.next.front().at), QStringLiteral("2026-06-01T11:00:00.000Z"));
        QVERIFY(status.last);
        QCOMPARE(toIso(status.last->planned), QStringLiteral("2026-06-01T10:00:00.000Z"));
        QVERIFY(!status.last->tzVersion.isEmpty());
        QVERIFY(m_loop->status(FactoryId(QStringLiteral("other"))).isEmpty());
    }

    // Whatever sleeps, jumps and restarts: one Fired row has one run, and no occurrence has two.
    void yearsOfTroubleKeepTheLedgerTrue()
    {
        begin(trigger(everyMinute));
        quint32 random = 12345;
        const auto dice = [&random](int sides) {
            random = random * 1664525u + 1013904223u;
            return int((random >> 8) % quint32(sides));
        };
        QSet<QString> runs;
        for (int step = 0; step < 60; ++step) {
            switch (dice(6)) {
            case 0:
                m_clock->suspend(minutes(dice(30)));
                break;
            case 1:
                m_clock->jumpWall(seconds(dice(1200) - 600));
                break;
            case 2:
                for (const RunRecord &run : std::as_const(m_runs->dispatched))
                    runs.insert(run.id.text());
                restart([this, &dice] { m_clock->suspend(seconds(dice(300))); });
                setTriggers(trigger(everyMinute));
                m_loop->resume();
                break;
            default:
                break;
            }
            advance(seconds(dice(120)));
        }
        for (const RunRecord &run : std::as_const(m_runs->dispatched))
            runs.insert(run.id.text());
        QSet<QString> fired;
        for (const FireRecord &row : rows()) {
            if (row.outcome == FireRecord::Outcome::Fired)
                fired.insert(row.run.text());
        }
        QVERIFY(fired.size() > 20);
        QCOMPARE(runs, fired);
    }

private:
    using minutes = std::chrono::minutes;
    using seconds = std::chrono::seconds;

    void open()
    {
        auto opened = RunJournal::open(m_dir->path(), *m_clock);
        VERIFY_OK(opened);
        m_journal = std::move(*opened);
        m_loop = std::make_unique<TriggerLoop>(*m_journal, *m_runs, *m_clock);
    }

    // The engine goes away, something happens, and it comes back.
    template <typename F> void restart(F &&meanwhile)
    {
        settle();
        m_loop.reset();
        m_journal.reset();
        m_runs->dispatched.clear();
        meanwhile();
        open();
    }

    void setTriggers(const Trigger &only) { m_loop->setTriggers(m_factory, {{only.name, only}}); }

    void begin(const Trigger &only)
    {
        setTriggers(only);
        m_loop->resume();
        start();
    }

    void start()
    {
        bool done = false;
        m_loop->start(m_factory, QStringLiteral("T"), [&done](const Result<> &result) {
            VERIFY_OK(result);
            done = true;
        });
        QTRY_VERIFY(done);
    }

    void stop()
    {
        bool done = false;
        m_loop->stop(m_factory, QStringLiteral("T"), [&done](const Result<> &result) {
            VERIFY_OK(result);
            done = true;
        });
        QTRY_VERIFY(done);
    }

    // Everything handed to the journal is committed and its callbacks have run: commits come in the order of the calls.
    void settle()
    {
        bool done = false;
        m_journal->append({}, [&done](const Result<> &) { done = true; });
        QTRY_VERIFY(done);
    }

    // In steps no longer than those of the loop, so that the journal answers in between.
    void advance(Millis by)
    {
        while (by > 0ms) {
            const Millis step = std::min<Millis>(by, 20min);
            m_clock->advance(step);
            settle();
            by -= step;
        }
    }

    QList<FireRecord> rows() const
    {
        auto fires = m_journal->fires(m_factory, QStringLiteral("T"), 100'000);
        if (!fires)
            return {};
        std::sort(fires->begin(), fires->end(), [](const FireRecord &left, const FireRecord &right) {
            return left.planned < right.planned;
        });
        return *fires;
    }

    // "10:00 Fired|11:00 Coalesced 12:00"
    QString ledger() const
    {
        QStringList lines;
        for (const FireRecord &row : rows()) {
            QString line = toIso(row.planned).mid(11, 5) + u' ' + toString(row.outcome);
            if (row.outcome == FireRecord::Outcome::Coalesced)
                line += u' ' + toIso(row.coalescedInto).mid(11, 5);
            lines.append(line);
        }
        return lines.join(u'|');
    }

    FactoryId m_factory{QStringLiteral("f")};
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<tests::FakeClock> m_clock;
    std::unique_ptr<FakeRuns> m_runs;
    std::unique_ptr<RunJournal> m_journal;
    std::unique_ptr<TriggerLoop> m_loop;
};

SLIPWAY_TEST(TestTriggerLoop)

#include "TestTriggerLoop.moc"
