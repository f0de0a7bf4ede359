#include "engine/records/DriftRecords.h"
#include "engine/records/OutputPreview.h"
#include "tests/engine/api/ApiFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;
using Step = tests::ScriptedRunner::Step;

// What a monitor asks of runs, over a real socket.
class TestRunRoutes : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void listsRunsWithNumbersAndNames();
    void namesWhatIsWrongInAQuery_data();
    void namesWhatIsWrongInAQuery();
    void givesARunAndItsActivitiesWhole();
    void drawsTheRunsOwnVersion();
    void repeatsARunInItsGroup();
    void repeatsWithOtherParameters();
    void repeatsByDataFactorysRoute();
    void repeatsNothingThatStillRuns();
    void showsTheCourseOfACopy();
    void tellsTheDriftOfAnActivityAndOfTheRunsBefore();
    void sendsALargeOutputOnlyWhenAsked();

private:
    Json query(const Json &body) { return m->post(QStringLiteral("/slipway/v1/runs/query"), body).json; }
    tests::ApiFixture::Answer rerun(const RunId &run, const Json &body = Json::object())
    {
        return m->post(QStringLiteral("/slipway/v1/runs/%1/rerun").arg(run.text()), body);
    }
    RunRecord record(const QString &id) { return **m->engine.journal->run(RunId(id)); }

    std::unique_ptr<tests::ApiFixture> m;
};

SLIPWAY_TEST(TestRunRoutes)

void TestRunRoutes::init()
{
    m = std::make_unique<tests::ApiFixture>();
    m->engine.write(
        QStringLiteral("pipeline/Q.json"),
        R"({"name":"Q","properties":{"parameters":{"day":{"type":"string","defaultValue":"mon"},"n":{"type":"int","defaultValue":1}},
        "activities":[{"name":"A","type":"Copy","dependsOn":[],
        "typeProperties":{"source":{"type":"DelimitedTextSource"},"sink":{"type":"AzureSqlSink"}},
        "inputs":[{"referenceName":"In","type":"DatasetReference"}],"outputs":[{"referenceName":"Out","type":"DatasetReference"}]}]}})");
    m->engine.write(QStringLiteral(".slipway/layout/P.json"), R"({"nodes":{"A":{"x":10,"y":20}}})");
    VERIFY_OK(m->engine.publish());
}

void TestRunRoutes::listsRunsWithNumbersAndNames()
{
    m->engine.runner->script[QStringLiteral("A")] = {Step::Succeed, Step::FailForGood};
    const RunId good = m->runToTheEnd();
    const RunId bad = m->runToTheEnd(QStringLiteral("Q"));
    const Json all = query(Json::object());
    QCOMPARE(intAt(all, "total"), 2);
    QCOMPARE(toCompact(memberAt(all, "counts")), QByteArray(R"({"Succeeded":1,"Failed":1})"));
    QCOMPARE(stringAt(memberAt(all, "value").at(0), "runId"), bad.text());
    QCOMPARE(stringAt(memberAt(all, "value").at(0), "pipeline"), QStringLiteral("Q"));
    QCOMPARE(stringAt(memberAt(all, "value").at(0), "factoryName"), m->engine.factory.name);
    const Json failed = query({{"statuses", {"Failed"}}, {"pipelines", {"P", "Q"}}, {"triggeredBy", {"Manual"}}});
    QCOMPARE(intAt(failed, "total"), 1);
    QCOMPARE(intAt(query({{"text", toStdString(good.text().left(8).toUpper())}}), "total"), 1);
    QCOMPARE(intAt(query({{"after", "2026-02-01T00:00:00Z"}}), "total"), 0);
    QCOMPARE(
        intAt(query({{"factory", toStdString(m->engine.factory.id.text())}, {"before", "2026-02-01T00:00:00+01:00"}}),
              "total"),
        2);
    const Json page = query({{"orderBy", "pipeline"}, {"order", "asc"}, {"offset", 1}, {"limit", 1}});
    QCOMPARE(memberAt(page, "value").size(), size_t(1));
    QCOMPARE(stringAt(memberAt(page, "value").at(0), "pipeline"), QStringLiteral("Q"));
}

void TestRunRoutes::namesWhatIsWrongInAQuery_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("where");
    QTest::newRow("status") << QByteArray(R"({"statuses":["Sunk"]})") << "statuses";
    QTest::newRow("statuses no list") << QByteArray(R"({"statuses":"Failed"})") << "statuses";
    QTest::newRow("pipelines") << QByteArray(R"({"pipelines":[1]})") << "pipelines";
    QTest::newRow("triggeredBy") << QByteArray(R"({"triggeredBy":{}})") << "triggeredBy";
    QTest::newRow("after") << QByteArray(R"({"after":"noon"})") << "after";
    QTest::newRow("before") << QByteArray(R"({"before":7})") << "before";
    QTest::newRow("orderBy") << QByteArray(R"({"orderBy":"colour"})") << "orderBy";
    QTest::newRow("order") << QByteArray(R"({"order":"sideways"})") << "order";
    QTest::newRow("offset") << QByteArray(R"({"offset":-1})") << "offset";
    QTest::newRow("limit") << QByteArray(R"({"limit":1001})") << "limit";
    QTest::newRow("limit no number") << QByteArray(R"({"limit":"all"})") << "limit";
}

void TestRunRoutes::namesWhatIsWrongInAQuery()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, where);
    const auto answer = m->post(QStringLiteral("/slipway/v1/runs/query"), *parseJson(body, QString()));
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.where(), where);
    QCOMPARE(m->post(QStringLiteral("/slipway/v1/runs/query"), {{"factory", "none"}}).status, 404);
}

void TestRunRoutes::givesARunAndItsActivitiesWhole()
{
    const RunId run = m->runToTheEnd();
    const QString path = QStringLiteral("/slipway/v1/runs/") + run.text();
    const Json json = m->get(path + QStringLiteral("/record")).json;
    QVERIFY(runRecordFromJson(json) == record(run.text()));
    QCOMPARE(stringAt(json, "factoryName"), m->engine.factory.name);
    const Json activities = memberAt(m->get(path + QStringLiteral("/activityrecords")).json, "value");
    QCOMPARE(activities.size(), size_t(1));
    QVERIFY(activityRecordFromJson(activities.at(0)) == m->engine.journal->activities(run)->first());
    QCOMPARE(m->get(QStringLiteral("/slipway/v1/runs/none/record")).status, 404);
}

void TestRunRoutes::drawsTheRunsOwnVersion()
{
    const RunId run = m->runToTheEnd();
    m->engine.pipeline(QStringLiteral("P"), 7);
    VERIFY_OK(m->engine.publish());
    const Json json = m->get(QStringLiteral("/slipway/v1/runs/%1/pipeline").arg(run.text())).json;
    QCOMPARE(intAt(json, "version"), 1);
    QCOMPARE(stringAt(json, "name"), QStringLiteral("P"));
    const Json &properties = memberAt(memberAt(json, "pipeline"), "properties");
    QCOMPARE(intAt(properties, "concurrency"), 0);
    QCOMPARE(stringAt(memberAt(properties, "activities").at(0), "name"), QStringLiteral("A"));
    QCOMPARE(intAt(memberAt(memberAt(memberAt(json, "layout"), "nodes"), "A"), "y"), 20);
    QCOMPARE(memberAt(json, "datasets").size(), size_t(2));
    QCOMPARE(stringAt(memberAt(memberAt(json, "datasets"), "Out"), "name"), QStringLiteral("Out"));
    const RunId plain = m->runToTheEnd(QStringLiteral("Q"));
    QVERIFY(
        memberAt(m->get(QStringLiteral("/slipway/v1/runs/%1/pipeline").arg(plain.text())).json, "layout").is_null());
}

void TestRunRoutes::repeatsARunInItsGroup()
{
    m->engine.runner->script[QStringLiteral("A")] = {Step::FailForGood, Step::Succeed};
    const RunId first = m->runToTheEnd(QStringLiteral("Q"), {{"day", "fri"}});
    m->engine.write(QStringLiteral("pipeline/R.json"), R"({"name":"R","properties":{"activities":[]}})");
    VERIFY_OK(m->engine.publish());
    const auto answer = rerun(first);
    QCOMPARE(answer.status, 200);
    const QString id = stringAt(answer.json, "runId");
    QTRY_COMPARE(toString(record(id).status), QStringLiteral("Succeeded"));
    const RunRecord again = record(id);
    QCOMPARE(again.rerunOf.text(), first.text());
    QCOMPARE(again.group.text(), record(first.text()).group.text());
    QCOMPARE(toCompact(again.parameters), QByteArray(R"({"day":"fri","n":1})"));
    QCOMPARE(again.version, 2); // what is published now
    QVERIFY(again.isLatest);
    QVERIFY(!record(first.text()).isLatest);
    QCOMPARE(toString(record(first.text()).status), QStringLiteral("Failed"));
    QTRY_COMPARE(m->engine.runs->active(), 0);
    const QString third = stringAt(rerun(RunId(id)).json, "runId"); // a rerun of a rerun
    QCOMPARE(record(third).group.text(), again.group.text());
    QVERIFY(!record(id).isLatest);
    QTRY_COMPARE(m->engine.runs->active(), 0);
    QCOMPARE(rerun(RunId(QStringLiteral("none"))).status, 404);
}

void TestRunRoutes::repeatsWithOtherParameters()
{
    const RunId first = m->runToTheEnd(QStringLiteral("Q"), {{"day", "fri"}});
    const QString id = stringAt(rerun(first, {{"parameters", {{"n", 9}}}}).json, "runId");
    QCOMPARE(toCompact(record(id).parameters), QByteArray(R"({"day":"fri","n":9})"));
    QTRY_COMPARE(m->engine.runs->active(), 0);
    QCOMPARE(rerun(first, {{"parameters", {{"strange", 9}}}}).status, 400);
    QCOMPARE(rerun(first, {{"parameters", 9}}).where(), QStringLiteral("parameters"));
    // A parameter that the pipeline has no more is left out.
    m->engine.write(QStringLiteral("pipeline/Q.json"), R"({"name":"Q","properties":{"activities":[]}})");
    VERIFY_OK(m->engine.publish());
    const QString plain = stringAt(rerun(first).json, "runId");
    QVERIFY(record(plain).parameters.empty());
    QTRY_COMPARE(m->engine.runs->active(), 0);
}

void TestRunRoutes::repeatsByDataFactorysRoute()
{
    const RunId first = m->runToTheEnd(QStringLiteral("Q"), {{"day", "fri"}});
    const QString path =
        QStringLiteral("/subscriptions/s/resourceGroups/g/providers/Microsoft.DataFactory/factories/%1/"
                       "pipelines/%2/createRun?referencePipelineRunId=%3")
            .arg(m->engine.factory.id.text(), QStringLiteral("%1"), first.text());
    const QString own = stringAt(m->post(path.arg(QStringLiteral("Q"))).json, "runId");
    QCOMPARE(stringAt(record(own).parameters, "day"), QStringLiteral("fri"));
    QVERIFY(record(own).group != record(first.text()).group);
    QVERIFY(record(first.text()).isLatest);
    QTRY_COMPARE(m->engine.runs->active(), 0);
    const QString same =
        stringAt(m->post(path.arg(QStringLiteral("Q")) + QStringLiteral("&isRecovery=true")).json, "runId");
    QVERIFY(record(same).group == record(first.text()).group);
    QVERIFY(!record(first.text()).isLatest);
    QTRY_COMPARE(m->engine.runs->active(), 0);
    QCOMPARE(m->post(path.arg(QStringLiteral("P"))).where(), QStringLiteral("referencePipelineRunId"));
    QCOMPARE(m->post(path.arg(QStringLiteral("Q")) + QStringLiteral("&startFromFailure=true")).where(),
             QStringLiteral("startFromFailure"));
}

void TestRunRoutes::repeatsNothingThatStillRuns()
{
    m->engine.runner->script[QStringLiteral("A")] = {Step::Succeed, Step::Hang};
    const RunId first = m->runToTheEnd();
    const RunId second(stringAt(rerun(first).json, "runId"));
    QTRY_COMPARE(m->engine.runner->running.size(), 1);
    QCOMPARE(rerun(second).status, 409);
    QCOMPARE(rerun(first).where(), second.text()); // it is being repeated already
    m->engine.runner->release(QStringLiteral("A"), Step::Succeed);
    QTRY_COMPARE(m->engine.runs->active(), 0);
    QCOMPARE(rerun(first).status, 200);
    QTRY_COMPARE(m->engine.runs->active(), 0);
}

void TestRunRoutes::showsTheCourseOfACopy()
{
    const RunId run = m->runToTheEnd();
    const QString path = QStringLiteral("/slipway/v1/runs/%1/progress").arg(run.text());
    for (int second = 0; second < 3; ++second) {
        RunEvent event;
        event.run = run;
        event.at = *instantFromIso(QStringLiteral("2026-01-31T22:00:0%1Z").arg(second));
        event.body = ActivityProgress{ActivityRunId(QStringLiteral("a b")), {{"rowsRead", second * 100}}, 2};
        m->engine.telemetry->append(event);
    }
    const Json points = memberAt(m->get(path + QStringLiteral("?activityRun=a%20b")).json, "value");
    QCOMPARE(points.size(), size_t(3));
    QCOMPARE(toCompact(points.at(2)), QByteArray(R"({"at":"2026-01-31T22:00:02.000Z","attempt":2,"rowsRead":200})"));
    QVERIFY(memberAt(m->get(path + QStringLiteral("?activityRun=none")).json, "value").empty());
    QCOMPARE(m->get(path).where(), QStringLiteral("activityRun"));
}

void TestRunRoutes::tellsTheDriftOfAnActivityAndOfTheRunsBefore()
{
    const ArtifactStore artifacts(m->engine.folder.filePath(QStringLiteral("data/artifacts")));
    const auto score = [&](double stability) {
        const Json feature = {{"name", "fare"}, {"psi", stability}, {"level", stability < 0.25 ? "none" : "alarm"}};
        const Json scorings = Json::array({{{"cell", 3}, {"rows", 9}, {"features", {feature}}}});
        Json drift = driftSummary(scorings);
        drift["report"] = toStdString(*artifacts.put(toCompact(Json{{"scorings", scorings}})));
        m->engine.runner->slipway = {{QStringLiteral("A"), {{"drift", drift}}}};
        return m->runToTheEnd();
    };
    const RunId first = score(0.02);
    const RunId second = score(0.5);
    m->engine.runner->slipway.clear();
    const RunId without = m->runToTheEnd();
    const auto ask = [&](const RunId &run) {
        const ActivityRunId activity = m->engine.journal->activities(run)->first().id;
        return m->get(QStringLiteral("/slipway/v1/runs/%1/activities/%2/drift").arg(run.text(), activity.text()));
    };
    const Json drift = ask(second).json;
    QCOMPARE(stringAt(drift, "worst"), QStringLiteral("alarm"));
    QCOMPARE(memberAt(drift, "scorings").size(), size_t(1));
    QCOMPARE(stringAt(drift.at("scorings").at(0).at("features").at(0), "name"), QStringLiteral("fare"));
    QCOMPARE(memberAt(drift, "history").size(), size_t(2));
    QCOMPARE(stringAt(drift.at("history").at(0), "runId"), first.text());
    QCOMPARE(drift.at("history").at(1).at("scorings").at(0).at("most").get<double>(), 0.5);
    QCOMPARE(stringAt(m->get(QStringLiteral("/slipway/v1/runs/%1/record").arg(second.text())).json, "message"),
             QStringLiteral("Drift: the rows that A scored have moved far from those of training."));
    QCOMPARE(ask(without).status, 404);
    QCOMPARE(m->get(QStringLiteral("/slipway/v1/runs/%1/activities/none/drift").arg(second.text())).status, 404);
}

void TestRunRoutes::sendsALargeOutputOnlyWhenAsked()
{
    const RunId run = m->runToTheEnd();
    const ActivityRunId activity = m->engine.journal->activities(run)->first().id;
    CellRecord cell;
    cell.run = run;
    cell.activityRun = activity;
    cell.kind = QStringLiteral("code");
    bool isRecorded = false;
    m->engine.journal->append({{.at = {}, .factory = m->engine.factory.id, .run = run, .body = cell}},
                              [&isRecorded](const Result<> &done) { isRecorded = done.ok(); });
    QTRY_VERIFY(isRecorded);
    const Json small = {{"output_type", "stream"}, {"name", "stdout"}, {"text", "small"}};
    const Json large = {{"output_type", "display_data"},
                        {"data", {{"text/plain", "a picture"}, {"image/png", std::string(300'000, 'A')}}},
                        {"metadata", Json::object()}};
    int position = 0;
    for (const Json &output : {small, large}) {
        RunEvent event;
        event.run = run;
        event.body = CellOutput{.activityRun = activity, .position = position++, .output = output};
        m->engine.telemetry->append(event);
    }
    const QString path = QStringLiteral("/slipway/v1/runs/%1").arg(run.text());
    const Json whole = memberAt(m->get(path + QStringLiteral("/cells")).json, "value").at(0);
    QVERIFY(memberAt(whole, "outputs").at(1) == large);
    const auto preview = m->get(path + QStringLiteral("/cells?outputs=preview"));
    QVERIFY(preview.body.size() < largestOutput);
    const Json outputs = memberAt(memberAt(preview.json, "value").at(0), "outputs");
    QVERIFY(outputs.at(0) == small);
    QVERIFY(boolAt(outputs.at(1), "truncated"));
    QVERIFY(intAt(outputs.at(1), "size") > 300'000);
    const QString one = path
        + QStringLiteral("/activities/%1/attempts/1/cells/0/outputs/%2")
              .arg(activity.text())
              .arg(intAt(outputs.at(1), "position"));
    QVERIFY(m->get(one).json == large);
    QCOMPARE(m->get(path + QStringLiteral("/activities/x/attempts/1/cells/0/outputs/0")).status, 404);
    QCOMPARE(m->get(path + QStringLiteral("/activities/x/attempts/1/cells/y/outputs/0")).where(),
             QStringLiteral("index"));
    QVERIFY(!memberAt(m->get(path + QStringLiteral("/cells?outputs=none")).json, "value").at(0).contains("outputs"));
    QCOMPARE(m->get(path + QStringLiteral("/cells?outputs=some")).where(), QStringLiteral("outputs"));
}

#include "TestRunRoutes.moc"
