#include "engine/api/RestRecords.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

Instant at(const char *iso) { return *instantFromIso(QString::fromLatin1(iso)); }

} // namespace

// The shapes of Data Factory's management REST API: names and types that its SDKs read.
class TestRestRecords : public QObject
{
    Q_OBJECT

private slots:
    void writesAPipelineRun();
    void writesAnActivityRunWithAnErrorEvenWhenThereIsNone();
    void writesATriggerRun();
    void readsRunFilters();
    void namesWhatIsWrongInAFilter_data();
    void namesWhatIsWrongInAFilter();
};

void TestRestRecords::writesAPipelineRun()
{
    RunRecord run;
    run.id = RunId(QStringLiteral("r1"));
    run.group = RunGroupId(QStringLiteral("g1"));
    run.pipeline = QStringLiteral("P");
    run.parameters = {{"day", "x"}, {"n", 3}, {"list", {1, 2}}};
    run.invokedBy = {QStringLiteral("TriggerEveryDay"), QStringLiteral("ScheduleTrigger"), QStringLiteral("i")};
    run.status = RunStatus::Succeeded;
    run.start = at("2026-01-01T00:00:00Z");
    run.end = at("2026-01-01T00:00:51Z");
    const Json json = pipelineRunJson(run);
    QCOMPARE(stringAt(json, "runId"), QStringLiteral("r1"));
    QCOMPARE(stringAt(json, "runGroupId"), QStringLiteral("g1"));
    QCOMPARE(stringAt(json, "pipelineName"), QStringLiteral("P"));
    QCOMPARE(toCompact(json.at("parameters")), QByteArray(R"({"day":"x","n":"3","list":"[1,2]"})"));
    QCOMPARE(stringAt(json.at("invokedBy"), "invokedByType"), QStringLiteral("ScheduleTrigger"));
    QCOMPARE(intAt(json, "durationInMs"), 51000);
    QCOMPARE(stringAt(json, "status"), QStringLiteral("Succeeded"));
    QCOMPARE(stringAt(json, "runStart"), QStringLiteral("2026-01-01T00:00:00.000Z"));
    QVERIFY(json.at("isLatest").is_boolean());
}

void TestRestRecords::writesAnActivityRunWithAnErrorEvenWhenThereIsNone()
{
    ActivityRecord activity;
    activity.name = QStringLiteral("A");
    activity.type = QStringLiteral("Copy");
    activity.status = ActivityStatus::Succeeded;
    const Json good = activityRunJson(activity);
    QCOMPARE(toCompact(good.at("error")), QByteArray(R"({"errorCode":"","message":"","failureType":"","target":"A"})"));
    QVERIFY(good.at("retryAttempt").is_null());

    activity.status = ActivityStatus::Failed;
    activity.attempts = 3;
    activity.error = {.errorCode = QStringLiteral("3204"),
                      .message = QStringLiteral("m"),
                      .failureType = QStringLiteral("UserError"),
                      .target = QStringLiteral("A"),
                      .details = {{"cell", 4}}};
    const Json bad = activityRunJson(activity);
    QCOMPARE(stringAt(bad.at("error"), "errorCode"), QStringLiteral("3204"));
    QCOMPARE(intAt(bad.at("error").at("details"), "cell"), 4);
    QCOMPARE(intAt(bad, "retryAttempt"), 2);
}

void TestRestRecords::writesATriggerRun()
{
    FireRecord fire;
    fire.trigger = QStringLiteral("T");
    fire.planned = at("2026-01-01T22:00:00Z");
    fire.noticed = at("2026-01-01T22:00:05Z");
    fire.pipeline = QStringLiteral("P");
    fire.run = RunId(QStringLiteral("r"));
    const Json json = triggerRunJson(fire);
    QCOMPARE(toCompact(json.at("triggeredPipelines")), QByteArray(R"({"P":"r"})"));
    QCOMPARE(intAt(json.at("slipway"), "lateBySeconds"), 5);
    fire.outcome = FireRecord::Outcome::Coalesced;
    QVERIFY(triggerRunJson(fire).at("triggeredPipelines").empty());
}

void TestRestRecords::readsRunFilters()
{
    const Json json = {{"lastUpdatedAfter", "2026-01-01T00:00:00Z"},
                       {"lastUpdatedBefore", "2026-01-02T00:00:00Z"},
                       {"filters", {{{"operand", "PipelineName"}, {"operator", "In"}, {"values", {"A", "B"}}}}},
                       {"orderBy", {{{"orderBy", "RunStart"}, {"order", "ASC"}}}},
                       {"continuationToken", "200"}};
    const Result<RunFilter> filter = runFilterFromJson(json, FactoryId(QStringLiteral("f")));
    VERIFY_OK(filter);
    QCOMPARE(*filter->updatedAfter, at("2026-01-01T00:00:00Z"));
    QCOMPARE(filter->conditions.size(), 1);
    QCOMPARE(filter->conditions.first().values, (QStringList{QStringLiteral("A"), QStringLiteral("B")}));
    QCOMPARE(filter->order, RunFilter::Order::OldestFirst);
    QCOMPARE(filter->offset, 200);
}

void TestRestRecords::namesWhatIsWrongInAFilter_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("where");
    QTest::newRow("time") << QByteArray(R"({"lastUpdatedAfter":"yesterday"})") << "lastUpdatedAfter";
    QTest::newRow("operand") << QByteArray(R"({"filters":[{"operand":"Colour","operator":"Equals","values":[]}]})")
                             << "filters[0].operand";
    QTest::newRow("operator") << QByteArray(R"({"filters":[{"operand":"Status","operator":"Like","values":[]}]})")
                              << "filters[0].operator";
}

void TestRestRecords::namesWhatIsWrongInAFilter()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, where);
    const Result<RunFilter> filter = runFilterFromJson(*parseJson(json, QString()), {});
    QVERIFY(!filter);
    QCOMPARE(filter.error().where, where);
}

SLIPWAY_TEST(TestRestRecords)

#include "TestRestRecords.moc"
