#include "engine/records/RunEvent.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

RunEvent eventOf(RunEvent::Body body, qint64 sequence)
{
    return {.sequence = sequence,
            .at = *instantFromIso(QStringLiteral("2026-01-01T00:00:00.001Z")),
            .factory = FactoryId(QStringLiteral("f")),
            .run = RunId(QStringLiteral("r")),
            .body = std::move(body)};
}

QList<RunEvent> oneOfEach()
{
    RunRecord run;
    run.pipeline = QStringLiteral("P");
    ActivityRecord activity;
    activity.name = QStringLiteral("A");
    AttemptRecord attempt;
    attempt.number = 2;
    CellRecord cell;
    cell.index = 5;
    CellOutput output;
    output.activityRun = ActivityRunId(QStringLiteral("a"));
    output.attempt = 2;
    output.cell = 3;
    output.change = CellOutput::Change::Replace;
    output.position = 1;
    output.output = {{"output_type", "stream"}, {"text", "ä"}};
    ActivityProgress progress;
    progress.activityRun = ActivityRunId(QStringLiteral("a"));
    progress.progress = {{"rowsRead", 100}};
    return {eventOf(run, 1),
            eventOf(activity, 2),
            eventOf(attempt, 3),
            eventOf(cell, 4),
            eventOf(output, 0),
            eventOf(progress, 0)};
}

} // namespace

class TestRunEvent : public QObject
{
    Q_OBJECT

private slots:
    void everyKindSurvives()
    {
        const QStringList kinds = {QStringLiteral("run"),
                                   QStringLiteral("activity"),
                                   QStringLiteral("attempt"),
                                   QStringLiteral("cell"),
                                   QStringLiteral("output"),
                                   QStringLiteral("progress")};
        const QList<RunEvent> events = oneOfEach();
        for (qsizetype i = 0; i < events.size(); ++i) {
            QCOMPARE(events[i].kind(), kinds[i]);
            QCOMPARE(events[i].isDurable(), i < 4);
            const Json json = toJson(events[i]);
            QVERIFY(json.contains(toStdString(kinds[i])));
            QCOMPARE(json.contains("seq"), i < 4);
            const auto again = runEventFromJson(*parseJson(toCompact(json), QStringLiteral("event")));
            VERIFY_OK(again);
            QVERIFY2(*again == events[i], qPrintable(kinds[i]));
        }
    }

    void everyChangeOfAnOutputSurvives()
    {
        for (const auto change : {CellOutput::Change::Append, CellOutput::Change::Replace, CellOutput::Change::Clear}) {
            CellOutput output;
            output.change = change;
            const auto again = runEventFromJson(toJson(eventOf(output, 0)));
            VERIFY_OK(again);
            QVERIFY(std::get<CellOutput>(again->body).change == change);
        }
    }

    void anUnknownKindIsAnError()
    {
        Json json = toJson(oneOfEach().first());
        json["kind"] = "rumour";
        const auto event = runEventFromJson(json);
        QVERIFY(!event);
        QCOMPARE(event.error().where, QStringLiteral("kind"));
        QVERIFY(event.error().message.contains(u"rumour"));
        QVERIFY(!runEventFromJson(Json()));
    }
};

SLIPWAY_TEST(TestRunEvent)

#include "TestRunEvent.moc"
