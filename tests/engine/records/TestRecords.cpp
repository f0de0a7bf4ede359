#include "engine/records/Records.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace std::chrono_literals;

namespace {

Instant moment(int second) { return Instant(1'767'225'600'123ms + std::chrono::seconds(second)); }

RunError fullError()
{
    return {QStringLiteral("3204"),
            QStringLiteral("Cell 4 failed: KeyError: 'x' – größer"),
            QStringLiteral("UserError"),
            QStringLiteral("TitanicPredictions"),
            {{"cell", 3}, {"line", 2}}};
}

RunRecord fullRun()
{
    RunRecord run;
    run.id = RunId(QStringLiteral("r"));
    run.group = RunGroupId(QStringLiteral("g"));
    run.rerunOf = RunId(QStringLiteral("r0"));
    run.isLatest = false;
    run.factory = FactoryId(QStringLiteral("f"));
    run.version = 7;
    run.pipeline = QStringLiteral("P");
    run.parameters = {{"z", 1}, {"a", {1.5, nullptr, "ä"}}};
    run.invokedBy = {QStringLiteral("TriggerEveryDay"), QStringLiteral("ScheduleTrigger"), QStringLiteral("i")};
    run.trigger = {{"scheduledTime", "2026-01-01T22:00:00.000Z"}};
    run.status = RunStatus::Failed;
    run.reason = QStringLiteral("waiting");
    run.message = QStringLiteral("it failed");
    run.failedActivities = true;
    run.queuedAt = moment(0);
    run.start = moment(1);
    run.end = moment(2);
    run.lastUpdated = moment(3);
    return run;
}

ActivityRecord fullActivity()
{
    ActivityRecord activity;
    activity.id = ActivityRunId(QStringLiteral("a"));
    activity.run = RunId(QStringLiteral("r"));
    activity.pipeline = QStringLiteral("P");
    activity.name = QStringLiteral("Load");
    activity.path = QStringLiteral("Loop[3]/Load");
    activity.type = QStringLiteral("Copy");
    activity.linkedService = QStringLiteral("L");
    activity.status = ActivityStatus::InProgress;
    activity.substate = QStringLiteral("WaitingRetry");
    activity.reason = QStringLiteral("waiting for a free kernel");
    activity.dueAt = moment(9);
    activity.attempts = 2;
    activity.start = moment(1);
    activity.end = moment(2);
    activity.input = {{"source", "x"}};
    activity.output = {{"rowsRead", 5}};
    activity.error = fullError();
    activity.userProperties = {{"owner", "me"}};
    return activity;
}

AttemptRecord fullAttempt()
{
    AttemptRecord attempt;
    attempt.activityRun = ActivityRunId(QStringLiteral("a"));
    attempt.run = RunId(QStringLiteral("r"));
    attempt.number = 3;
    attempt.epoch = 12'345'678'901;
    attempt.load = LoadId(QStringLiteral("l"));
    attempt.status = AttemptStatus::OutcomeUnknown;
    attempt.systemRetry = true;
    attempt.commitIntent = {{"rowsRead", 1309}, {"checksum", "00ff"}};
    attempt.start = moment(1);
    attempt.end = moment(2);
    attempt.error = fullError();
    return attempt;
}

CellRecord fullCell()
{
    CellRecord cell;
    cell.run = RunId(QStringLiteral("r"));
    cell.activityRun = ActivityRunId(QStringLiteral("a"));
    cell.attempt = 2;
    cell.index = 4;
    cell.cellId = QStringLiteral("c");
    cell.kind = QStringLiteral("code");
    cell.title = QStringLiteral("Load the model");
    cell.language = QStringLiteral("python");
    cell.source = QStringLiteral("print('ä')\n\tx = 1\n");
    cell.status = CellStatus::KernelDied;
    cell.executionCount = 0;
    cell.start = moment(1);
    cell.end = moment(2);
    cell.ename = QStringLiteral("KeyError");
    cell.evalue = QStringLiteral("'x'");
    cell.errorLine = 2;
    cell.traceback = QStringLiteral("Traceback …");
    cell.warning = QStringLiteral("output may be incomplete");
    return cell;
}

// What the record is after it was written as text and read again.
template <typename Record> Record reread(const Record &record, Record (*fromJson)(const Json &))
{
    const auto json = parseJson(toCompact(toJson(record)), QStringLiteral("record"));
    return json ? fromJson(*json) : Record();
}

} // namespace

class TestRecords : public QObject
{
    Q_OBJECT

private slots:
    void fullRecordsSurvive()
    {
        QVERIFY(reread(fullError(), runErrorFromJson) == fullError());
        QVERIFY(reread(fullRun(), runRecordFromJson) == fullRun());
        QVERIFY(reread(fullActivity(), activityRecordFromJson) == fullActivity());
        QVERIFY(reread(fullAttempt(), attemptRecordFromJson) == fullAttempt());
        QVERIFY(reread(fullCell(), cellRecordFromJson) == fullCell());
    }

    void emptyRecordsSurvive()
    {
        QVERIFY(reread(RunError(), runErrorFromJson) == RunError());
        QVERIFY(reread(RunRecord(), runRecordFromJson) == RunRecord());
        QVERIFY(reread(ActivityRecord(), activityRecordFromJson) == ActivityRecord());
        QVERIFY(reread(AttemptRecord(), attemptRecordFromJson) == AttemptRecord());
        QVERIFY(reread(CellRecord(), cellRecordFromJson) == CellRecord());
    }

    void olderStoresLackMembers()
    {
        QVERIFY(runErrorFromJson(Json()) == RunError());
        QVERIFY(runRecordFromJson(Json::object()) == RunRecord());
        QVERIFY(activityRecordFromJson(Json::object()) == ActivityRecord());
        QVERIFY(attemptRecordFromJson(Json::object()) == AttemptRecord());
        QVERIFY(cellRecordFromJson(Json::object()) == CellRecord());
    }

    void unknownMembersAreIgnored()
    {
        Json json = toJson(fullRun());
        json["later"] = "x";
        json["status"] = "Succeeded";
        const RunRecord run = runRecordFromJson(json);
        QVERIFY(run.status == RunStatus::Succeeded);
        json["status"] = "Evaporated";
        QVERIFY(runRecordFromJson(json).status == RunStatus::Queued);
    }

    void whatIsNotKnownIsAbsent()
    {
        const Json json = toJson(RunRecord());
        QVERIFY(!json.contains("start"));
        QVERIFY(!json.contains("end"));
        QVERIFY(!json.contains("message"));
        QVERIFY(!json.contains("rerunOf"));
        QCOMPARE(stringAt(json, "status"), QStringLiteral("Queued"));
        QVERIFY(!toJson(ActivityRecord()).contains("error"));
        QCOMPARE(stringAt(toJson(fullRun()), "queuedAt"), QStringLiteral("2026-01-01T00:00:00.123Z"));
    }
};

SLIPWAY_TEST(TestRecords)

#include "TestRecords.moc"
