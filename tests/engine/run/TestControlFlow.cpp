#include "tests/engine/run/RunStage.h"
#include "tests/support/CaseFile.h"
#include "tests/support/TestMain.h"

using namespace engine;
using Step = tests::ScriptedRunner::Step;

namespace {

const QHash<QByteArray, Step> &steps()
{
    static const QHash<QByteArray, Step> known = {{"Succeed", Step::Succeed},
                                                  {"Fail", Step::Fail},
                                                  {"FailForGood", Step::FailForGood},
                                                  {"TimeOut", Step::TimeOut},
                                                  {"Hang", Step::Hang}};
    return known;
}

Json parse(const QByteArray &text)
{
    const Result<Json> json = parseJson(text, QStringLiteral("case"));
    if (!json)
        qFatal("%s: %s", qPrintable(json.error().where), qPrintable(json.error().message));
    return *json;
}

// All that the journal tells of what has happened.
QByteArray everything(tests::RunStage &stage)
{
    QByteArray text;
    const Result<QList<RunEvent>> events = stage.journal().events(0, 10000);
    for (const RunEvent &event : events ? *events : QList<RunEvent>())
        text += toCompact(toJson(event)) + '\n';
    return text;
}

// A case as leaf-rule.case describes it, made ready on the stage.
bool prepare(tests::RunStage &stage, const QByteArray &input)
{
    Json properties = {{"activities", Json::array()}};
    Json parameters = Json::object();
    QByteArray activities;
    for (const QByteArray &line : input.split('\n')) {
        if (line.startsWith("= variables "))
            properties["variables"] = parse(line.mid(12));
        else if (line.startsWith("= debug ")) {
            const Json debug = parse(line.mid(8));
            const Json &mocks = memberAt(debug, "mocks");
            stage.record.debug =
                DebugOptions{.until = stringAt(debug, "until"), .mocks = mocks.is_null() ? Json::object() : mocks};
        } else if (line.startsWith("= "))
            parameters = parse(line.mid(2));
        else if (!line.startsWith('[') && !line.startsWith(' ') && line.contains(": ")) {
            const qsizetype colon = line.indexOf(':');
            QList<Step> script;
            for (const QByteArray &step : line.mid(colon + 1).split(','))
                script.append(steps().value(step.trimmed()));
            stage.runner->script[QString::fromUtf8(line.left(colon))] = script;
        } else
            activities += line + '\n';
    }
    properties["activities"] = parse(activities);
    return stage.plan(properties, parameters);
}

Json loop(int items, const Json &inner, bool isSequential = false)
{
    Json list = Json::array();
    for (int i = 0; i < items; ++i)
        list.push_back(i);
    return {{"activities",
             {{{"name", "Each"},
               {"type", "ForEach"},
               {"typeProperties", {{"items", list}, {"isSequential", isSequential}, {"activities", inner}}}}}}};
}

} // namespace

class TestControlFlow : public QObject
{
    Q_OBJECT

private slots:
    void recordsWhatHappens_data();
    void recordsWhatHappens();
    void runsAsManyIterationsAtOnceAsItsBatchCount();
    void waitsAsLongAsItSays();
    void goesOnWaitingAfterARestart();
    void anUntilEndsAtItsTimeout();
    void anUntilThatNeverEndsIsBounded();
    void cancelsWhatIsInsideContainers();
    void goesOnInTheMiddleOfALoopAfterARestart();
    void takesTheSameWayAfterARestart();
    void keepsVariablesOverARestart();
    void readsWhatRanBeforeTheRestart();
    void keepsNoMoreThanWhatIsUnderWay();
    void refusesTooManyItems();
    void givesBackAReturnValue();
    void hidesSecureOutputsButReadsThem();
    void hidesWhatIsMadeOfWhatIsHidden();
    void readsWhatIsHiddenAfterARestart();
    void goesOnThroughHiddenItemsAfterARestart();
};

void TestControlFlow::recordsWhatHappens_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("expected");
    for (const QString &file : tests::caseFiles(QStringLiteral("tests/cases/run"))) {
        for (const tests::Case &each : tests::readCases(file))
            QTest::newRow(qPrintable(each.name)) << each.input << each.expected;
    }
}

void TestControlFlow::recordsWhatHappens()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, expected);
    tests::RunStage stage;
    QVERIFY2(prepare(stage, input), qPrintable(stage.failure));
    QVERIFY(stage.start());
    QCOMPARE(stage.log.join(u'\n'), QString::fromUtf8(expected));
    QCOMPARE(stage.runner->leases, 0);
}

// In which order two that run at once are told is up to the threads.
void TestControlFlow::runsAsManyIterationsAtOnceAsItsBatchCount()
{
    tests::RunStage stage;
    Json properties = loop(3, parse(R"-([{"name": "Load", "type": "Copy", "typeProperties": {"n": "@item()"}}])-"));
    properties["activities"][0]["typeProperties"]["batchCount"] = 2;
    QVERIFY2(stage.plan(properties), qPrintable(stage.failure));
    QVERIFY(stage.start());
    QList<qsizetype> queued;
    QList<qsizetype> begun;
    QList<qsizetype> ended;
    for (int i = 0; i < 3; ++i) {
        const QString load = QStringLiteral("Each[%1]/Load ").arg(i);
        queued += stage.log.indexOf(QString(load + QStringLiteral("Queued")));
        begun += stage.log.indexOf(load + QStringLiteral("InProgress {\"n\":%1}").arg(i));
        ended += stage.log.indexOf(QString(load + QStringLiteral("Succeeded")));
        QVERIFY2(0 < queued[i] && queued[i] < begun[i] && begun[i] < ended[i], qPrintable(stage.log.join(u'\n')));
    }
    QVERIFY(std::max(queued[0], queued[1]) < std::min(begun[0], begun[1])); // both at once
    QVERIFY(queued[2] > std::min(ended[0], ended[1])); // the third in the place of the first that ended
    QCOMPARE(stage.log.last(), QStringLiteral("run Succeeded"));
}

void TestControlFlow::waitsAsLongAsItSays()
{
    tests::RunStage stage;
    QVERIFY(stage.plan(parse(
        R"json({"activities": [{"name": "Pause", "type": "Wait", "typeProperties": {"waitTimeInSeconds": "@add(30, 60)"}}]})json")));
    const Instant before = stage.clock().now();
    QVERIFY(stage.start());
    QCOMPARE((*stage.activity(QStringLiteral("Pause")).end - before).count(), 90000);
}

void TestControlFlow::goesOnWaitingAfterARestart()
{
    tests::RunStage stage;
    QVERIFY(stage.plan(parse(
        R"json({"activities": [{"name": "Pause", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 100}}]})json")));
    stage.make().start();
    QTRY_COMPARE(stage.activity(QStringLiteral("Pause")).substate, QStringLiteral("Waiting"));
    const Instant due = *stage.activity(QStringLiteral("Pause")).dueAt;
    stage.clock().advance(std::chrono::seconds(40));
    stage.restart();
    QVERIFY(stage.finish());
    QCOMPARE((*stage.activity(QStringLiteral("Pause")).end - due).count(), 0);
}

void TestControlFlow::anUntilEndsAtItsTimeout()
{
    tests::RunStage stage;
    QVERIFY(stage.plan(
        parse(R"json({"activities": [{"name": "Loop", "type": "Until", "typeProperties": {"expression": "@equals(1, 2)",
        "timeout": "0.00:10:00", "activities": [{"name": "Pause", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 45}}]}}]})json")));
    const Instant before = stage.clock().now();
    QVERIFY(stage.start());
    const ActivityRecord loop = stage.activity(QStringLiteral("Loop"));
    COMPARE_NAMED(loop.status, ActivityStatus::Failed);
    QCOMPARE(loop.error.errorCode, QStringLiteral("UserErrorActivityTimeout"));
    QCOMPARE((*loop.end - before).count(), 600000);
    COMPARE_NAMED(stage.activities().last().status, ActivityStatus::Cancelled);
}

void TestControlFlow::anUntilThatNeverEndsIsBounded()
{
    tests::RunStage stage;
    QVERIFY(stage.plan(
        parse(R"json({"activities": [{"name": "Loop", "type": "Until", "typeProperties": {"expression": "@equals(1, 2)",
        "activities": []}}]})json")));
    stage.make().start();
    QVERIFY(stage.finish(tests::RunStage::Time::StandsStill));
    const QString message = stage.activity(QStringLiteral("Loop")).error.message;
    QVERIFY2(message.contains(QStringLiteral("100000 rounds")), qPrintable(message));
}

void TestControlFlow::cancelsWhatIsInsideContainers()
{
    tests::RunStage stage;
    stage.runner->script[QStringLiteral("Load")] = {Step::Hang, Step::Hang};
    QVERIFY(stage.plan(loop(5,
                            {{{"name", "Load"}, {"type", "Copy"}},
                             {{"name", "Pause"}, {"type", "Wait"}, {"typeProperties", {{"waitTimeInSeconds", 5}}}}},
                            true)));
    stage.make().start();
    QTRY_VERIFY(stage.runner->running.contains(QStringLiteral("Load")));
    stage.run().cancel();
    QVERIFY(stage.finish());
    COMPARE_NAMED(stage.run().record().status, RunStatus::Cancelled);
    const QList<ActivityRecord> activities = stage.activities();
    QCOMPARE(activities.size(), 3); // the loop and its first iteration; no second one
    for (const ActivityRecord &activity : activities)
        COMPARE_NAMED(activity.status, ActivityStatus::Cancelled);
}

void TestControlFlow::goesOnInTheMiddleOfALoopAfterARestart()
{
    tests::RunStage stage;
    stage.runner->script[QStringLiteral("Load")] = {Step::Succeed, Step::Fail, Step::Hang};
    QVERIFY(stage.plan(loop(4, {{{"name", "Load"}, {"type", "Copy"}, {"typeProperties", {{"n", "@item()"}}}}}, true)));
    stage.make().start();
    QTRY_COMPARE(stage.log.size(), 9);
    stage.runner->script[QStringLiteral("Load")].clear();
    stage.restart();
    QVERIFY(stage.finish());
    COMPARE_NAMED(stage.run().record().status, RunStatus::Failed); // by the iteration that failed before
    QStringList ends;
    for (const ActivityRecord &activity : stage.activities())
        ends.append(activity.path + u' ' + toString(activity.status) + u' ' + QString::number(activity.attempts));
    QCOMPARE(ends,
             (QStringList{QStringLiteral("Each Failed 0"),
                          QStringLiteral("Each[0]/Load Succeeded 1"),
                          QStringLiteral("Each[1]/Load Failed 1"),
                          QStringLiteral("Each[2]/Load Succeeded 2"),
                          QStringLiteral("Each[3]/Load Succeeded 1")}));
    QCOMPARE(toCompact(stage.activity(QStringLiteral("Each[3]/Load")).input), QByteArray(R"({"n":3})"));
    QCOMPARE(intAt(stage.activity(QStringLiteral("Each")).error.details, "failedIterations"), 1);
}

void TestControlFlow::takesTheSameWayAfterARestart()
{
    tests::RunStage stage;
    stage.runner->script[QStringLiteral("Yes")] = {Step::Hang};
    QVERIFY(stage.plan(parse(R"json({"variables": {"go": {"type": "Bool", "defaultValue": true}}, "activities": [
        {"name": "Choice", "type": "IfCondition", "typeProperties": {"expression": "@variables('go')",
          "ifTrueActivities": [{"name": "Yes", "type": "Copy"}], "ifFalseActivities": [{"name": "No", "type": "Copy"}]}},
        {"name": "Turn", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}},
        {"name": "Off", "type": "SetVariable", "dependsOn": [{"activity": "Turn", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"variableName": "go", "value": false}}]})json")));
    stage.make().start();
    QTRY_VERIFY(stage.runner->running.contains(QStringLiteral("Yes")));
    QTRY_COMPARE(stage.activity(QStringLiteral("Turn")).substate, QStringLiteral("Waiting"));
    stage.clock().advance(std::chrono::seconds(1));
    QTRY_COMPARE(toString(stage.activity(QStringLiteral("Off")).status), QStringLiteral("Succeeded"));
    stage.restart(); // the variable says false now, the decision was true
    QVERIFY(stage.finish());
    COMPARE_NAMED(stage.activity(QStringLiteral("Choice/Yes")).status, ActivityStatus::Succeeded);
    QVERIFY(stage.activity(QStringLiteral("Choice/No")).path.isEmpty());
}

void TestControlFlow::keepsVariablesOverARestart()
{
    tests::RunStage stage;
    stage.runner->script[QStringLiteral("Hold")] = {Step::Hang};
    QVERIFY(
        stage.plan(parse(R"json({"variables": {"seen": {"type": "Array"}, "name": {"type": "String"}}, "activities": [
        {"name": "Each", "type": "ForEach", "typeProperties": {"items": ["a", "b", "c"], "isSequential": true,
          "activities": [{"name": "Note", "type": "AppendVariable", "typeProperties": {"variableName": "seen", "value": "@item()"}}]}},
        {"name": "One", "type": "SetVariable", "typeProperties": {"variableName": "name", "value": "first"}},
        {"name": "Two", "type": "SetVariable", "dependsOn": [{"activity": "One", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"variableName": "name", "value": "second"}},
        {"name": "Hold", "type": "Copy", "dependsOn": [{"activity": "Each", "dependencyConditions": ["Succeeded"]},
          {"activity": "Two", "dependencyConditions": ["Succeeded"]}]},
        {"name": "Tell", "type": "Copy", "dependsOn": [{"activity": "Hold", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"seen": "@variables('seen')", "name": "@variables('name')"}}]})json")));
    stage.make().start();
    QTRY_VERIFY(stage.runner->running.contains(QStringLiteral("Hold")));
    stage.restart();
    QVERIFY(stage.finish());
    QCOMPARE(toCompact(stage.activity(QStringLiteral("Tell")).input),
             QByteArray(R"({"seen":["a","b","c"],"name":"second"})"));
}

void TestControlFlow::readsWhatRanBeforeTheRestart()
{
    tests::RunStage stage;
    stage.runner->script[QStringLiteral("B")] = {Step::Hang};
    QVERIFY(stage.plan(parse(R"json({"activities": [{"name": "A", "type": "Copy"},
        {"name": "B", "type": "Copy", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"by": "@activity('A').output.by", "at": "@utcNow()"}}]})json")));
    stage.make().start();
    QTRY_VERIFY(stage.runner->running.contains(QStringLiteral("B")));
    const QByteArray before = toCompact(stage.activity(QStringLiteral("B")).input);
    QVERIFY(before.contains(R"("by":"A:1")"));
    stage.clock().advance(std::chrono::hours(1));
    stage.restart();
    QVERIFY(stage.finish());
    QCOMPARE(toCompact(stage.activity(QStringLiteral("B")).input), before); // the same attempt at the same thing
    QCOMPARE(stage.activity(QStringLiteral("B")).attempts, 2);
}

void TestControlFlow::keepsNoMoreThanWhatIsUnderWay()
{
    tests::RunStage stage;
    QVERIFY(stage.plan(
        loop(3000, {{{"name", "Pause"}, {"type", "Wait"}, {"typeProperties", {{"waitTimeInSeconds", 0}}}}})));
    QVERIFY(stage.start());
    COMPARE_NAMED(stage.run().record().status, RunStatus::Succeeded);
    QCOMPARE(stage.activities().size(), 3001);
}

void TestControlFlow::refusesTooManyItems()
{
    tests::RunStage stage;
    QVERIFY(stage.plan(parse(R"json({"activities": [{"name": "Each", "type": "ForEach", "typeProperties": {
        "items": "@range(0, 100001)", "activities": [{"name": "Load", "type": "Copy"}]}}]})json")));
    QVERIFY(stage.start());
    QVERIFY2(stage.activity(QStringLiteral("Each")).error.message.contains(QStringLiteral("100001")),
             qPrintable(stage.activity(QStringLiteral("Each")).error.message));
}

void TestControlFlow::givesBackAReturnValue()
{
    tests::RunStage stage;
    QVERIFY(stage.plan(parse(R"json({"activities": [{"name": "Return", "type": "SetVariable", "typeProperties": {
        "variableName": "pipelineReturnValue", "setSystemVariable": true, "value": [
          {"key": "rows", "value": {"type": "Int", "content": "7"}},
          {"key": "who", "value": {"type": "String", "content": "@concat('a', 'b')"}},
          {"key": "nothing", "value": {"type": "Null"}}]}}]})json")));
    QVERIFY(stage.start());
    QCOMPARE(toCompact((*stage.journal().run(stage.record.id))->returnValue),
             QByteArray(R"({"rows":7,"who":"ab","nothing":null})"));
}

void TestControlFlow::hidesSecureOutputsButReadsThem()
{
    tests::RunStage stage;
    QVERIFY(stage.plan(parse(R"json({"activities": [{"name": "A", "type": "Copy", "policy": {"secureOutput": true}},
        {"name": "B", "type": "Copy", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"by": "@activity('A').output.by"}}]})json")));
    QVERIFY(stage.start());
    QCOMPARE(toCompact(stage.activity(QStringLiteral("A")).output), QByteArray(R"({"secureOutput":true})"));
    QCOMPARE(toCompact(stage.activity(QStringLiteral("B")).input), QByteArray(R"({"secureInput":true})"));
    COMPARE_NAMED(stage.activity(QStringLiteral("B")).status, ActivityStatus::Succeeded);
    QVERIFY(!everything(stage).contains("A:1"));
}

// "A:1" is what A hides.
void TestControlFlow::hidesWhatIsMadeOfWhatIsHidden()
{
    tests::RunStage stage;
    QVERIFY(
        stage.plan(parse(R"json({"variables": {"v": {"type": "String"}, "w": {"type": "String"}, "n": {"type": "Bool"}},
      "activities": [{"name": "A", "type": "Copy", "policy": {"secureOutput": true}},
        {"name": "Keep", "type": "SetVariable", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"variableName": "v", "value": "@activity('A').output.by"}},
        {"name": "Copied", "type": "SetVariable", "dependsOn": [{"activity": "Keep", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"variableName": "w", "value": "@concat('x', variables('v'))"}},
        {"name": "Wrong", "type": "SetVariable", "dependsOn": [{"activity": "Keep", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"variableName": "n", "value": "@variables('v')"}},
        {"name": "Use", "type": "Copy", "dependsOn": [{"activity": "Copied", "dependencyConditions": ["Succeeded"]}],
          "userProperties": [{"name": "who", "value": "@variables('w')"}, {"name": "what", "value": "plain"}],
          "typeProperties": {"all": "@variables('w')", "is": "@equals(variables('w'), 'xA:1')"}},
        {"name": "Other", "type": "Copy", "typeProperties": {"open": "@pipeline().Pipeline"}}]})json")));
    QVERIFY(stage.start());
    for (const char16_t *name : {u"Keep", u"Copied"})
        QCOMPARE(toCompact(stage.activity(QString::fromUtf16(name)).output), QByteArray(R"({"secureOutput":true})"));
    QVERIFY(stage.activity(QStringLiteral("Wrong")).error.message.contains(u"hidden"));
    QCOMPARE(toCompact(stage.activity(QStringLiteral("Use")).userProperties),
             QByteArray(R"({"what":"plain","who":"***"})"));
    QCOMPARE(stage.runner->inputs.value(QStringLiteral("Use")), QByteArray(R"({"all":"xA:1","is":true})"));
    QCOMPARE(toCompact(stage.activity(QStringLiteral("Other")).input), QByteArray(R"({"open":"P"})"));
    QVERIFY(!everything(stage).contains("A:1"));
    QVERIFY(stage.journal().hidden(stage.record.id)->isEmpty()); // gone with its run
}

void TestControlFlow::readsWhatIsHiddenAfterARestart()
{
    tests::RunStage stage;
    stage.runner->script[QStringLiteral("Hold")] = {Step::Hang};
    QVERIFY(stage.plan(parse(R"json({"variables": {"v": {"type": "String"}}, "activities": [
        {"name": "A", "type": "Copy", "policy": {"secureOutput": true}},
        {"name": "Keep", "type": "SetVariable", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"variableName": "v", "value": "@activity('A').output.by"}},
        {"name": "Hold", "type": "Copy", "dependsOn": [{"activity": "Keep", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"by": "@variables('v')"}},
        {"name": "Use", "type": "Copy", "dependsOn": [{"activity": "Hold", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"a": "@activity('A').output.by", "v": "@variables('v')"}}]})json")));
    stage.make().start();
    QTRY_VERIFY(stage.runner->running.contains(QStringLiteral("Hold")));
    QCOMPARE(stage.journal().hidden(stage.record.id)->size(), 3);
    stage.restart();
    QVERIFY(stage.finish());
    QCOMPARE(stage.runner->inputs.value(QStringLiteral("Hold")), QByteArray(R"({"by":"A:1"})"));
    QCOMPARE(stage.runner->inputs.value(QStringLiteral("Use")), QByteArray(R"({"a":"A:1","v":"A:1"})"));
    QVERIFY(!everything(stage).contains("A:1"));
    QVERIFY(stage.journal().hidden(stage.record.id)->isEmpty());
}

void TestControlFlow::goesOnThroughHiddenItemsAfterARestart()
{
    tests::RunStage stage;
    stage.runner->script[QStringLiteral("Load")] = {Step::Hang};
    QVERIFY(stage.plan(parse(R"json({"activities": [{"name": "A", "type": "Copy", "policy": {"secureOutput": true}},
        {"name": "Each", "type": "ForEach", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}],
          "typeProperties": {"items": "@createArray(activity('A').output.by, 'second')", "isSequential": true, "activities": [
            {"name": "Load", "type": "Copy", "typeProperties": {"what": "@item()"}}]}}]})json")));
    stage.make().start();
    QTRY_VERIFY(stage.runner->running.contains(QStringLiteral("Load")));
    stage.restart();
    QVERIFY(stage.finish());
    QCOMPARE(toCompact(stage.activity(QStringLiteral("Each")).input), QByteArray(R"({"secureInput":true})"));
    QCOMPARE(toCompact(stage.activity(QStringLiteral("Each[1]/Load")).input), QByteArray(R"({"secureInput":true})"));
    QCOMPARE(stage.runner->inputs.value(QStringLiteral("Load")), QByteArray(R"({"what":"second"})"));
    QVERIFY(!everything(stage).contains("A:1"));
}

SLIPWAY_TEST(TestControlFlow)
#include "TestControlFlow.moc"
