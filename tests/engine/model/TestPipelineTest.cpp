#include "engine/model/PipelineTest.h"
#include "tests/engine/model/TextTree.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

constexpr const char *file = ".slipway/tests/load.test.yaml";

constexpr const char *pipelineJson = R"json({"name": "Nightly", "properties": {"activities": [
  {"name": "List", "type": "Lookup", "dependsOn": []},
  {"name": "Each", "type": "ForEach", "dependsOn": [], "typeProperties": {
    "items": {"value": "@activity('List').output.value", "type": "Expression"},
    "activities": [
      {"name": "Choose", "type": "IfCondition", "dependsOn": [], "typeProperties": {
        "expression": {"value": "@equals(item(), 1)", "type": "Expression"},
        "ifTrueActivities": [{"name": "Load", "type": "Copy", "dependsOn": []}]}}]}}]}})json";

PipelineTestFile read(const QByteArray &text, const QString &name = QString::fromLatin1(file))
{
    return readPipelineTests(text, name);
}

QStringList messages(const QList<Problem> &problems)
{
    QStringList lines;
    for (const Problem &problem : problems)
        lines.append(problem.where + QStringLiteral(" ") + problem.message);
    return lines;
}

Factory nightly()
{
    return readFactory(tests::TextTree({{QStringLiteral("pipeline/Nightly.json"), pipelineJson},
                                        {QStringLiteral("linkedService/Warehouse.json"),
                                         R"({"name": "Warehouse", "properties": {"type": "AzureSqlDatabase"}})"}}))
        .factory;
}

PipelineTest resolved(const QByteArray &text)
{
    const PipelineTestFile document = read(text);
    PipelineTest test = document.tests.value(0);
    const QList<Problem> problems = resolveNames(test, nightly(), document.document);
    if (!document.problems.isEmpty() || !problems.isEmpty())
        qWarning("%s", qPrintable((messages(document.problems) + messages(problems)).join(u'\n')));
    return test;
}

QStringList lines(const QList<Mismatch> &found)
{
    QStringList all;
    for (const Mismatch &mismatch : found)
        all.append(QStringLiteral("%1: %2 / %3")
                       .arg(mismatch.path,
                            shortened(mismatch.expected),
                            mismatch.got ? shortened(*mismatch.got) : QStringLiteral("nothing")));
    return all;
}

Json activity(const char *path, const char *status, const Json &output = Json::object())
{
    return {
        {"path", path},
        {"status", status},
        {"output", output},
        {"input", Json::object()},
        {"error",
         status == std::string_view("Failed") ? Json{{"errorCode", "2011"}, {"message", "it broke"}} : Json::object()}};
}

} // namespace

class TestPipelineTest : public QObject
{
    Q_OBJECT

private slots:
    void readsATest();
    void readsSeveralTestsOfOneFile();
    void readsJson();
    void namesATestAfterItsFile();
    void expectsSuccessWhenNothingElseIsSaid();
    void saysWhereAMistakeIs_data();
    void saysWhereAMistakeIs();
    void keepsTheGoodTestsOfAFileWithAMistake();
    void saysWhichNameTheFactoryLacks();
    void findsActivitiesByPathByIterationAndByName();
    void comparesStatesAndOutputs();
    void comparesEveryIteration();
    void comparesOneIteration();
    void tellsWhatDidNotRun();
    void comparesTheReturnValue();
    void takesRecordedOutcomes();
    void writesFoundValuesIntoTheTest_data();
    void writesFoundValuesIntoTheTest();
    void keepsWhatCannotBeWritten();
};

void TestPipelineTest::readsATest()
{
    const PipelineTestFile document = read(R"(
name: rows are loaded
pipeline: Nightly
parameters: { day: 2026-01-31, count: 2 }
until: Each
mocks:
  List: { output: { value: [1, 2] } }
  Load: { status: Failed, error: { errorCode: "2011", message: no network } }
mocksFrom: { file: recorded.json, activities: [List] }
fixtures:
  storage/in.csv: { text: "a,b\n1,2\n" }
  storage/more.csv: { file: more.csv }
  bank.db: { sql: create table t (n int), file: tables.sql }
  other.db: { file: tables.sql }
allow: [postgresql]
expect:
  status: Failed
  activities: { Each: Failed, Load: { status: Failed, error: { message: { matches: network } } } }
  returnValue: { n: 1 }
  tables: [ { linkedService: Warehouse, query: select 1 as n, rows: [ { n: 1 } ] } ]
  timeoutSeconds: 5
)");
    QCOMPARE(messages(document.problems).join(u'\n'), QString());
    QCOMPARE(document.tests.size(), 1);
    const PipelineTest &test = document.tests.first();
    QCOMPARE(test.name, QStringLiteral("rows are loaded"));
    QCOMPARE(test.pipeline, QStringLiteral("Nightly"));
    QCOMPARE(toCompact(test.parameters), QByteArray(R"({"day":"2026-01-31","count":2})"));
    QCOMPARE(test.until, QStringLiteral("Each"));
    QCOMPARE(stringAt(memberAt(memberAt(test.mocks, "Load"), "error"), "errorCode"), QStringLiteral("2011"));
    QCOMPARE(test.mocksFile, QStringLiteral("recorded.json"));
    QCOMPARE(test.mocksChosen, QStringList{QStringLiteral("List")});
    using Kind = TestFixture::Kind;
    const QList<TestFixture> fixtures{
        {QStringLiteral("storage/in.csv"), Kind::File, "a,b\n1,2\n", {}},
        {QStringLiteral("storage/more.csv"), Kind::File, {}, QStringLiteral("more.csv")},
        {QStringLiteral("bank.db"), Kind::Database, "create table t (n int)", QStringLiteral("tables.sql")},
        {QStringLiteral("other.db"), Kind::Database, {}, QStringLiteral("tables.sql")}};
    QVERIFY(test.fixtures == fixtures);
    QCOMPARE(test.allow, QStringList{QStringLiteral("postgresql")});
    QCOMPARE(test.status, QStringLiteral("Failed"));
    QCOMPARE(test.activities.size(), size_t(2));
    QVERIFY(test.returnValue == Json({{"n", 1}}));
    QCOMPARE(test.tables.size(), 1);
    QCOMPARE(test.tables.first().pointer, QStringLiteral("/expect/tables/0/rows"));
    QCOMPARE(test.timeoutSeconds, 5);
}

void TestPipelineTest::readsSeveralTestsOfOneFile()
{
    const PipelineTestFile document = read("tests:\n- name: one\n  pipeline: A\n- pipeline: B\n");
    QCOMPARE(messages(document.problems).join(u'\n'), QString());
    QCOMPARE(document.tests.size(), 2);
    QCOMPARE(document.tests.at(0).name, QStringLiteral("one"));
    QCOMPARE(document.tests.at(1).name, QStringLiteral("load #2"));
    QCOMPARE(document.tests.at(1).pointer, QStringLiteral("/tests/1"));
    QCOMPARE(document.document.placeOf(document.tests.at(1).pointer).line, 4);
}

void TestPipelineTest::readsJson()
{
    const PipelineTestFile document =
        read("{\n\t\"pipeline\": \"A\",\n\t\"expect\": {\"state\": \"Failed\"}\n}", QStringLiteral("a.test.json"));
    QCOMPARE(messages(document.problems),
             QStringList{QStringLiteral("a.test.json:3:13 \"state\" is not known here; did you mean \"status\"?")});
}

void TestPipelineTest::namesATestAfterItsFile()
{
    QCOMPARE(read("pipeline: A\n").tests.value(0).name, QStringLiteral("load"));
}

void TestPipelineTest::expectsSuccessWhenNothingElseIsSaid()
{
    const PipelineTest test = resolved("pipeline: Nightly\n");
    QVERIFY(compareRun(test, {.status = QStringLiteral("Succeeded"), .message = {}, .returnValue = {}}).isEmpty());
    QCOMPARE(lines(compareRun(test, {.status = QStringLiteral("Failed"), .message = {}, .returnValue = {}})),
             QStringList{QStringLiteral("status: \"Succeeded\" / \"Failed\"")});
}

void TestPipelineTest::saysWhereAMistakeIs_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("part");
    const auto row = [](const char *name, const QByteArray &text, const char *where, const char *part) {
        QTest::newRow(name) << text << QString::fromLatin1(where) << QString::fromUtf8(part);
    };
    row("broken YAML", "pipeline: [A\nexpect: {}\n", "2:7", "YAML");
    row("a list", "- pipeline: A\n", "1:1", "object");
    row("no pipeline", "name: x\n", "1:1", "needs \"pipeline\"");
    row("an unknown key", "pipeline: A\nmock: {}\n", "2:1", "did you mean \"mocks\"?");
    row("an unknown key that is near none", "pipeline: A\nqwertz: {}\n", "2:1", "there are: name, pipeline");
    row("a key beside tests", "tests: []\npipeline: A\n", "2:1", "\"pipeline\" is not known here");
    row("a wrong type", "pipeline: A\nparameters: [1]\n", "2:1", "must be an object");
    row("a mock that is no outcome", "pipeline: A\nmocks:\n  Load: Succeeded\n", "3:3", "object");
    row("a mock's unknown status", "pipeline: A\nmocks:\n  Load: { status: Skipped }\n", "3:11", "Skipped");
    row("a mock's unknown key", "pipeline: A\nmocks:\n  Load: { outputs: {} }\n", "3:11", "\"output\"");
    row("a fixture outside", "pipeline: A\nfixtures:\n  ../x.csv: { text: x }\n", "3:3", "inside the factory");
    row("a fixture from the root", "pipeline: A\nfixtures:\n  /etc/x: { text: x }\n", "3:3", "inside the factory");
    row("a fixture of nothing", "pipeline: A\nfixtures:\n  x.csv: {}\n", "3:3", "text or file");
    row("a fixture of two kinds", "pipeline: A\nfixtures:\n  x.csv: { text: x, file: y }\n", "3:3", "\"file\"");
    row("an unknown status", "pipeline: A\nexpect:\n  status: Success\n", "3:3", "no status");
    row("an activity's unknown status", "pipeline: A\nexpect: { activities: { B: Done } }\n", "2:25", "no status");
    row("an activity's unknown key", "pipeline: A\nexpect: { activities: { B: { outputs: 1 } } }\n", "2:30", "output");
    row("a table without rows", "pipeline: A\nexpect:\n  tables:\n  - { linkedService: B, query: c }\n", "4:5", "rows");
    row("a pattern that is none", "pipeline: A\nexpect: { returnValue: { matches: '(' } }\n", "2:11", "regular");
    row("a time limit of no time", "pipeline: A\nexpect: { timeoutSeconds: 0 }\n", "2:11", "between");
    row("what cannot be allowed", "pipeline: A\nallow: [internet]\n", "2:1", "internet");
}

void TestPipelineTest::saysWhereAMistakeIs()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, where);
    QFETCH(QString, part);
    const PipelineTestFile document = read(text);
    QVERIFY(document.tests.isEmpty());
    QCOMPARE(document.problems.size(), 1);
    const Problem &problem = document.problems.first();
    QCOMPARE(problem.where, QString::fromLatin1(file) + u':' + where);
    QVERIFY2(problem.message.contains(part), qPrintable(problem.message));
}

void TestPipelineTest::keepsTheGoodTestsOfAFileWithAMistake()
{
    const PipelineTestFile document = read("tests:\n- pipeline: A\n- pipelines: B\n- pipeline: C\n");
    QCOMPARE(document.problems.size(), 1);
    QCOMPARE(document.tests.size(), 2);
    QCOMPARE(document.tests.at(1).pipeline, QStringLiteral("C"));
}

void TestPipelineTest::saysWhichNameTheFactoryLacks()
{
    const auto problemsOf = [](const QByteArray &text) {
        const PipelineTestFile document = read(text);
        PipelineTest test = document.tests.value(0);
        return messages(resolveNames(test, nightly(), document.document));
    };
    const QString prefix = QString::fromLatin1(file) + u':';
    QCOMPARE(problemsOf("pipeline: Nightli\n"),
             QStringList{prefix + QStringLiteral("1:1 There is no pipeline \"Nightli\". Did you mean \"Nightly\"?")});
    QCOMPARE(
        problemsOf("pipeline: Nightly\nexpect:\n  activities:\n    Lists: Succeeded\n"),
        QStringList{prefix
                    + QStringLiteral("4:5 The pipeline Nightly has no activity \"Lists\". Did you mean \"List\"?")});
    QCOMPARE(problemsOf("pipeline: Nightly\nmocks:\n  Each/Choose/Loa: {}\n"),
             QStringList{prefix
                         + QStringLiteral("3:3 The pipeline Nightly has no activity \"Each/Choose/Loa\". Did you mean "
                                          "\"Each/Choose/Load\"?")});
    QCOMPARE(problemsOf("pipeline: Nightly\nuntil: Qwertz\n"),
             QStringList{prefix + QStringLiteral("2:1 The pipeline Nightly has no activity \"Qwertz\".")});
    QCOMPARE(problemsOf("pipeline: Nightly\nexpect:\n  tables: [ {linkedService: Ware, query: q, rows: []} ]\n").size(),
             1);
}

void TestPipelineTest::findsActivitiesByPathByIterationAndByName()
{
    const PipelineTest test = resolved("pipeline: Nightly\n"
                                       "mocks: { Load: {}, 'Each[1]/Choose/Load': { status: Failed }, List: {} }\n"
                                       "expect: { activities: { Load: Succeeded, 'Each[0]/Choose': Succeeded } }\n");
    QStringList keys;
    for (const auto &item : test.mocks.items())
        keys.append(toQString(item.key()));
    QCOMPARE(keys.join(u' '), QStringLiteral("Each/Choose/Load Each[1]/Choose/Load List"));
    QCOMPARE(test.paths.value(QStringLiteral("Load")), QStringLiteral("Each/Choose/Load"));
    QCOMPARE(test.paths.value(QStringLiteral("Each[0]/Choose")), QStringLiteral("Each[0]/Choose"));
}

void TestPipelineTest::comparesStatesAndOutputs()
{
    const PipelineTest test = resolved("pipeline: Nightly\n"
                                       "expect:\n"
                                       "  activities:\n"
                                       "    List: Succeeded\n"
                                       "    Each: { output: { count: 2 } }\n");
    ObservedRun run{.status = QStringLiteral("Succeeded"), .message = {}, .returnValue = {}};
    run.activities = {activity("List", "Succeeded"), activity("Each", "Succeeded", {{"count", 2}, {"more", 1}})};
    QCOMPARE(lines(compareRun(test, run)), QStringList());
    run.activities = {activity("List", "Failed"), activity("Each", "Skipped", {{"count", 3}})};
    const QList<Mismatch> found = compareRun(test, run);
    QCOMPARE(lines(found),
             (QStringList{QStringLiteral("List.status: \"Succeeded\" / \"Failed\""),
                          QStringLiteral("Each.output.count: 2 / 3")}));
    QCOMPARE(found.at(0).note, QStringLiteral("it broke"));
    QCOMPARE(found.at(0).pointer, QStringLiteral("/expect/activities/List"));
}

void TestPipelineTest::comparesEveryIteration()
{
    const PipelineTest test =
        resolved("pipeline: Nightly\nexpect: { activities: { Load: { output: { rows: 1 } } } }\n");
    ObservedRun run{.status = QStringLiteral("Succeeded"), .message = {}, .returnValue = {}};
    run.activities = {activity("Each[0]/Choose/Load", "Succeeded", {{"rows", 1}}),
                      activity("Each[1]/Choose/Load", "Succeeded", {{"rows", 2}})};
    QCOMPARE(lines(compareRun(test, run)), QStringList{QStringLiteral("Each[1]/Choose/Load.output.rows: 1 / 2")});
}

void TestPipelineTest::comparesOneIteration()
{
    const PipelineTest test =
        resolved("pipeline: Nightly\nexpect: { activities: { 'Each[1]/Choose/Load': Failed, 'Each[2]/Choose': "
                 "Succeeded } }\n");
    ObservedRun run{.status = QStringLiteral("Succeeded"), .message = {}, .returnValue = {}};
    run.activities = {activity("Each[0]/Choose/Load", "Succeeded"), activity("Each[1]/Choose/Load", "Failed")};
    QCOMPARE(lines(compareRun(test, run)), QStringList{QStringLiteral("Each[2]/Choose: \"Succeeded\" / nothing")});
}

void TestPipelineTest::tellsWhatDidNotRun()
{
    const PipelineTest test =
        resolved("pipeline: Nightly\nexpect: { activities: { Load: NotRun, List: Succeeded, Each: NotRun } }\n");
    ObservedRun run{.status = QStringLiteral("Succeeded"), .message = {}, .returnValue = {}};
    run.activities = {activity("Each", "Succeeded")};
    QCOMPARE(lines(compareRun(test, run)),
             (QStringList{QStringLiteral("List: \"Succeeded\" / nothing"),
                          QStringLiteral("Each.status: \"NotRun\" / \"Succeeded\"")}));
}

void TestPipelineTest::comparesTheReturnValue()
{
    const PipelineTest test = resolved("pipeline: Nightly\nexpect: { returnValue: { n: 1 } }\n");
    ObservedRun run{.status = QStringLiteral("Succeeded"), .message = {}, .returnValue = {}};
    QCOMPARE(lines(compareRun(test, run)), QStringList{QStringLiteral("returnValue: {\"n\":1} / nothing")});
    run.returnValue = {{"n", 2}};
    QCOMPARE(lines(compareRun(test, run)), QStringList{QStringLiteral("returnValue.n: 1 / 2")});
    run.returnValue = {{"n", 1}, {"m", 2}};
    QVERIFY(compareRun(test, run).isEmpty());
}

void TestPipelineTest::takesRecordedOutcomes()
{
    const Json recorded = {
        {"activities", {{"List", {{"status", "Succeeded"}}}, {"Each[1]/Choose/Load", {{"status", "Failed"}}}}}};
    const auto all = recordedMocks(recorded, {}, QStringLiteral("r.json"));
    VERIFY_OK(all);
    QVERIFY(*all == recorded["activities"]);
    const auto chosen = recordedMocks(recorded, {QStringLiteral("Load")}, QStringLiteral("r.json"));
    VERIFY_OK(chosen);
    QCOMPARE(toCompact(*chosen), QByteArray(R"({"Each[1]/Choose/Load":{"status":"Failed"}})"));
    const auto missing = recordedMocks(recorded, {QStringLiteral("Store")}, QStringLiteral("r.json"));
    QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
    QVERIFY(!recordedMocks(Json::array(), {}, QStringLiteral("r.json")));
}

void TestPipelineTest::writesFoundValuesIntoTheTest_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("updated");
    QTest::addColumn<QString>("name");
    QTest::newRow("words and numbers of YAML")
        << QByteArray("# why\npipeline: A\nexpect:\n  returnValue:\n    n: 1 # a\n    s: old\n    q: 'old'\n")
        << QByteArray("# why\npipeline: A\nexpect:\n  returnValue:\n    n: 2 # a\n    s: new\n    q: \"it's\"\n")
        << QStringLiteral("a.test.yaml");
    QTest::newRow("rows of YAML")
        << QByteArray("pipeline: A\nexpect:\n  returnValue:\n    rows:\n      - n: 1\n      - n: 2 # b\n    n: 2\n")
        << QByteArray("pipeline: A\nexpect:\n  returnValue:\n    rows:\n      [{\"n\":9}] # b\n    n: 2\n")
        << QStringLiteral("a.test.yml");
    QTest::newRow("JSON") << QByteArray(R"({"pipeline": "A", "expect": {"returnValue" : { "n":1, "s": "old" }}})")
                          << QByteArray(R"({"pipeline": "A", "expect": {"returnValue" : { "n":2, "s": "new" }}})")
                          << QStringLiteral("a.test.json");
}

void TestPipelineTest::writesFoundValuesIntoTheTest()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, updated);
    QFETCH(QString, name);
    const PipelineTestFile document = read(text, name);
    QCOMPARE(document.tests.size(), 1);
    const Json got = {{"n", 2}, {"s", "new"}, {"q", "it's"}, {"rows", {{{"n", 9}}}}};
    const QList<Mismatch> found =
        compareRun(document.tests.first(), {.status = QStringLiteral("Succeeded"), .message = {}, .returnValue = got});
    const UpdatedTests written = withFoundValues(text, document.document, found);
    QCOMPARE(written.text, updated);
    QCOMPARE(written.kept, 0);
    const PipelineTestFile again = read(written.text, name);
    QVERIFY(compareRun(again.tests.value(0), {.status = QStringLiteral("Succeeded"), .message = {}, .returnValue = got})
                .isEmpty());
}

void TestPipelineTest::keepsWhatCannotBeWritten()
{
    const QByteArray text =
        "pipeline: A\nexpect:\n  returnValue:\n    a: { greaterThan: 3 }\n    b: |\n      x\n    c: 1\n";
    const PipelineTestFile document = read(text);
    const QList<Mismatch> found =
        compareRun(document.tests.first(),
                   {.status = QStringLiteral("Failed"), .message = {}, .returnValue = {{"a", 1}, {"b", "y"}}});
    QCOMPARE(found.size(), 4);
    const UpdatedTests written = withFoundValues(text, document.document, found);
    QCOMPARE(written.text, text);
    QCOMPARE(written.kept, 4);
    QCOMPARE(written.changed, 0);
}

SLIPWAY_TEST(TestPipelineTest)

#include "TestPipelineTest.moc"
