#include "engine/sqlite/Database.h"
#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QXmlStreamReader>

using namespace engine;

namespace {

// Iterations of a loop whose inner activity never runs itself: a wait of minutes that tests mock.
constexpr const char *loopJson = R"json({"name": "Loop", "properties": {
  "parameters": {"days": {"type": "Array", "defaultValue": [1, 2]}},
  "variables": {"seen": {"type": "Array"}},
  "activities": [{"name": "Each", "type": "ForEach", "dependsOn": [], "userProperties": [], "typeProperties": {
    "items": {"value": "@pipeline().parameters.days", "type": "Expression"}, "isSequential": true,
    "activities": [{"name": "Load", "type": "Wait", "dependsOn": [], "userProperties": [],
      "typeProperties": {"waitTimeInSeconds": 300}}]}}]}})json";

// The first failing case in a JUnit file: "name: message", and how many cases there are.
QString firstFailure(const QString &path, int *cases)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return file.errorString();
    QXmlStreamReader xml(&file);
    QString name;
    QString failure;
    *cases = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == u"testcase") {
            ++*cases;
            name = xml.attributes().value(QStringLiteral("name")).toString();
        } else if ((xml.name() == u"failure" || xml.name() == u"error") && failure.isEmpty()) {
            const QString message = xml.attributes().value(QStringLiteral("message")).toString();
            failure = QStringLiteral("%1: %2\n%3").arg(name, message, xml.readElementText());
        }
    }
    return xml.hasError() ? xml.errorString() : failure;
}

} // namespace

// `slipwayctl test` as somebody meets it who checks a factory without a cloud: on the sample, with the real programs.
class TestPipelineTests : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void passesOnTheSample();
    void touchesNothingOfTheUsers();
    void showsWhatIsNotAsExpected();
    void writesWhatBuildServersRead();
    void writesFoundValues();
    void saysWhereATestFileIsBroken();
    void saysWhichActivityThereIsNot();
    void saysWhyTheEngineRefuses();
    void runsTheNamedTests();
    void looksIntoIterations();
    void endsWhatTakesTooLong();
    void refusesDatabasesOutsideTheCopy();
    void refusesCallsThatAreNotMocked();
    void takesWhatAnEarlierRunRecorded();

private:
    tests::EngineHome::Answer test(const QStringList &arguments) const
    {
        return m_home.ctl(QStringList{QStringLiteral("test")} + arguments);
    }
    // A test of the factory's, alone in a file outside .slipway/tests; its path.
    QString write(const QByteArray &yaml) const
    {
        m_home.write(QStringLiteral("one.test.yaml"), yaml);
        return m_home.factory() + QStringLiteral("/one.test.yaml");
    }

    tests::EngineHome m_home;
};

void TestPipelineTests::initTestCase()
{
    QCOMPARE(m_home.ctl({QStringLiteral("sample"), QStringLiteral("titanic"), m_home.factory()}).exitCode, 0);
}

void TestPipelineTests::passesOnTheSample()
{
    const auto done = test({});
    QVERIFY2(done.exitCode == 0, qPrintable(done.out + done.err));
    QVERIFY2(done.out.startsWith(u"✓ a scored file becomes the table"), qPrintable(done.out));
    QVERIFY2(done.out.contains(u"✓ a notebook that fails leaves the table as it was"), qPrintable(done.out));
    QVERIFY2(done.out.contains(QRegularExpression(QStringLiteral("\n3 tests?.*: 3 passed +[0-9.]+ s\n$"))),
             qPrintable(done.out));
    const auto json = test({QStringLiteral("--json")});
    QCOMPARE(json.exitCode, 0);
    const QList<Json> lines = json.json();
    QCOMPARE(lines.size(), 4);
    QVERIFY(boolAt(lines.first(), "passed"));
    QCOMPARE(stringAt(lines.first(), "file"), QStringLiteral(".slipway/tests/publish.test.yaml"));
    QCOMPARE(intAt(lines.last(), "tests"), 3);
    // Under a second where nothing else is at work; here many tests are.
    QVERIFY2(intAt(lines.last(), "milliseconds") < 10000, qPrintable(json.out));
}

void TestPipelineTests::touchesNothingOfTheUsers()
{
    QCOMPARE(m_home.enginePid(), 0);
    QVERIFY(!QFileInfo::exists(m_home.path(QStringLiteral("home/data/store.db"))));
    QVERIFY(QDir(m_home.factory() + QStringLiteral("/storage/data")).isEmpty());
    Result<Database> database = Database::open(m_home.factory() + QStringLiteral("/titanic.db"));
    VERIFY_OK(database);
    const auto rows = database->integer("select count(*) from titanic_predictions");
    VERIFY_OK(rows);
    QCOMPARE(rows->value_or(-1), 0);
}

constexpr const char *wrongTest = "name: too many rows\n"
                                  "pipeline: PublishPythonSql\n"
                                  "mocks: { TitanicPredictions: {} }\n"
                                  "fixtures:\n"
                                  "  storage/data/finoutput/o.csv: { file: .slipway/tests/fixtures/scored.csv }\n"
                                  "  titanic.db: { file: sql/create.sql }\n"
                                  "expect:\n"
                                  "  activities:\n"
                                  "    CopyStorageToSql: { output: { rowsCopied: 4 } }\n"
                                  "  tables:\n"
                                  "    - linkedService: AzureSqlDatabase1\n"
                                  "      query: select count(*) as n from titanic_predictions\n"
                                  "      rows: [ { n: 5 } ]\n";

void TestPipelineTests::showsWhatIsNotAsExpected()
{
    const auto done = test({write(wrongTest)});
    QCOMPARE(done.exitCode, 1);
    QVERIFY2(done.out.contains(u"✗ too many rows"), qPrintable(done.out));
    QVERIFY2(done.out.contains(QRegularExpression(
                 QStringLiteral("    CopyStorageToSql\\.output\\.rowsCopied   one\\.test\\.yaml:9\n"
                                "      expected  4\n      got       3\n      beside it: \\{.*\"rowsRead\":3"))),
             qPrintable(done.out));
    QVERIFY2(done.out.contains(u"    tables[0].rows[0].n   one.test.yaml:13\n      expected  5\n      got       3"),
             qPrintable(done.out));
    QVERIFY2(done.out.contains(QRegularExpression(QStringLiteral("1 test.*: 0 passed, 1 failed"))),
             qPrintable(done.out));
}

void TestPipelineTests::writesWhatBuildServersRead()
{
    const QString xml = m_home.path(QStringLiteral("out.xml"));
    const auto done = test({write(wrongTest), QStringLiteral(".slipway/tests"), QStringLiteral("--junit"), xml});
    QCOMPARE(done.exitCode, 1);
    int cases = 0;
    const QString failure = firstFailure(xml, &cases);
    QCOMPARE(cases, 4);
    QVERIFY2(failure.startsWith(u"too many rows: CopyStorageToSql.output.rowsCopied"), qPrintable(failure));
    QVERIFY2(failure.contains(u"expected  4"), qPrintable(failure));
    QCOMPARE(test({QStringLiteral("--junit"), xml}).exitCode, 0);
    QCOMPARE(firstFailure(xml, &cases), QString());
    QCOMPARE(cases, 3);
}

void TestPipelineTests::writesFoundValues()
{
    const QString path = write(wrongTest);
    const auto updated = test({path, QStringLiteral("--update")});
    QVERIFY2(updated.exitCode == 0, qPrintable(updated.out + updated.err));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray expected(wrongTest);
    expected.replace("rowsCopied: 4", "rowsCopied: 3").replace("n: 5", "n: 3");
    QCOMPARE(file.readAll(), expected);
    QCOMPARE(test({path}).exitCode, 0);
}

void TestPipelineTests::saysWhereATestFileIsBroken()
{
    const auto broken = test({write("pipeline: PublishPythonSql\nmocks: { a: [ }\n")});
    QCOMPARE(broken.exitCode, 2);
    QVERIFY2(broken.out.contains(QRegularExpression(QStringLiteral("one\\.test\\.yaml:2:\\d+\n +This is not valid"))),
             qPrintable(broken.out));
    const auto unknown = test({write("pipeline: PublishPythonSql\nexpects: {}\n")});
    QCOMPARE(unknown.exitCode, 2);
    QVERIFY2(unknown.out.contains(u"one.test.yaml:2:1\n    \"expects\" is not known here; did you mean \"expect\"?"),
             qPrintable(unknown.out));
    const auto nothing = test({QStringLiteral("a scored fil becomes the table")});
    QCOMPARE(nothing.exitCode, 2);
    QVERIFY2(nothing.err.contains(u"did you mean \"a scored file becomes the table\"?"), qPrintable(nothing.err));
}

void TestPipelineTests::saysWhichActivityThereIsNot()
{
    const auto done =
        test({write("pipeline: PublishPythonSql\nexpect:\n  activities:\n    CopyStorageToSQl: Succeeded\n")});
    QCOMPARE(done.exitCode, 1);
    QVERIFY2(done.out.contains(u"has no activity \"CopyStorageToSQl\". Did you mean \"CopyStorageToSql\"? "
                               u"[one.test.yaml:4:5]"),
             qPrintable(done.out));
}

void TestPipelineTests::saysWhyTheEngineRefuses()
{
    const auto done = test({write("pipeline: PublishPythonSql\nparameters: { day: 1 }\n")});
    QCOMPARE(done.exitCode, 1);
    QVERIFY2(done.out.contains(u"day"), qPrintable(done.out));
}

void TestPipelineTests::runsTheNamedTests()
{
    const auto one = test({QStringLiteral("a SCORED file*"), QStringLiteral("--json")});
    QCOMPARE(one.exitCode, 0);
    QCOMPARE(intAt(one.json().last(), "tests"), 1);
    const auto folder = test({QStringLiteral(".slipway/tests"), QStringLiteral("--json")});
    QCOMPARE(intAt(folder.json().last(), "tests"), 3);
}

void TestPipelineTests::looksIntoIterations()
{
    m_home.write(QStringLiteral("pipeline/Loop.json"), loopJson);
    const QByteArray given = "pipeline: Loop\n"
                             "parameters: { days: [7, 8] }\n"
                             "mocks:\n"
                             "  Load: { output: { rows: 1 } }\n"
                             "  'Each[1]/Load': { status: Failed, error: { errorCode: '22', message: no file } }\n"
                             "expect:\n"
                             "  status: Failed\n"
                             "  activities:\n"
                             "    Each: Failed\n"
                             "    'Each[0]/Load': { status: Succeeded, output: { rows: 1 } }\n"
                             "    'Each[1]/Load': { status: Failed, error: { errorCode: '22' } }\n";
    const auto green = test({write(given)});
    QVERIFY2(green.exitCode == 0, qPrintable(green.out + green.err));
    const auto red = test({write(given + "    'Each[2]/Load': Succeeded\n    Load: Succeeded\n")});
    QCOMPARE(red.exitCode, 1);
    QVERIFY2(
        red.out.contains(u"Each[2]/Load   one.test.yaml:12\n      expected  \"Succeeded\"\n      got       nothing"),
        qPrintable(red.out));
    QVERIFY2(red.out.contains(u"Each[1]/Load.status   one.test.yaml:13"), qPrintable(red.out));
    QVERIFY2(red.out.contains(u"no file"), qPrintable(red.out));
}

void TestPipelineTests::endsWhatTakesTooLong()
{
    m_home.write(QStringLiteral("pipeline/Loop.json"), loopJson);
    const auto late = test({write("pipeline: Loop\nexpect: { timeoutSeconds: 1 }\n")});
    QCOMPARE(late.exitCode, 1);
    QVERIFY2(late.out.contains(u"timeoutSeconds"), qPrintable(late.out));
    QVERIFY2(late.out.contains(u"Each[0]/Load InProgress"), qPrintable(late.out));
}

void TestPipelineTests::refusesDatabasesOutsideTheCopy()
{
    tests::EngineHome home;
    home.makeCopyFactory(1);
    home.write(QStringLiteral(".slipway/bindings.json"), R"({"linkedServices": {
      "Files": {"store": "folder", "root": "storage"},
      "Warehouse": {"store": "postgresql", "host": "localhost", "database": "d", "user": "u"}}})");
    home.write(QStringLiteral(".slipway/tests/load.test.yml"), "pipeline: LoadOnly\nmocks: { Load: {} }\n");
    const auto refused = home.ctl({QStringLiteral("test")});
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.out.contains(u"Warehouse is bound to PostgreSQL"), qPrintable(refused.out));
    home.write(QStringLiteral(".slipway/tests/load.test.yml"),
               "pipeline: LoadOnly\nmocks: { Load: {} }\nallow: [postgresql]\n");
    const auto allowed = home.ctl({QStringLiteral("test")});
    QVERIFY2(allowed.exitCode == 0, qPrintable(allowed.out + allowed.err));
}

void TestPipelineTests::refusesCallsThatAreNotMocked()
{
    tests::EngineHome home;
    home.makeCopyFactory(1);
    home.write(QStringLiteral("pipeline/Inner.json"), R"json({"name": "Inner", "properties": {"activities": [
      {"name": "Ask", "type": "WebActivity", "typeProperties": {"method": "GET", "url": "http://127.0.0.1:9/a?key=k"}},
      {"name": "Calm", "type": "Wait", "dependsOn": [{"activity": "Ask", "dependencyConditions": ["Failed"]}],
        "typeProperties": {"waitTimeInSeconds": 0}}]}})json");
    home.write(QStringLiteral("pipeline/Outer.json"), R"json({"name": "Outer", "properties": {"activities": [
      {"name": "Call", "type": "ExecutePipeline", "typeProperties": {"waitOnCompletion": true,
        "pipeline": {"referenceName": "Inner", "type": "PipelineReference"}}}]}})json");
    const QString tests = QStringLiteral(".slipway/tests/web.test.yml");
    // What the pipeline makes of the failure counts for nothing: it would have succeeded.
    home.write(tests, "pipeline: Outer\nexpect: { status: Succeeded }\n");
    const auto refused = home.ctl({QStringLiteral("test")});
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.out.contains(u"“Ask” would call http://127.0.0.1:9/a, which"), qPrintable(refused.out));
    QVERIFY2(refused.out.contains(u"allow: [network]"), qPrintable(refused.out));
    home.write(tests, "pipeline: Inner\nmocks: { Ask: { output: {} } }\n");
    QCOMPARE(home.ctl({QStringLiteral("test")}).exitCode, 0);
    // It is called, and nobody is there; the address of this machine would have to be allowed too.
    home.write(
        tests,
        "pipeline: Inner\nallow: [network]\nexpect: { activities: { Ask: { status: Failed }, Calm: Succeeded } }\n");
    const auto called = home.ctl({QStringLiteral("test")});
    QVERIFY2(called.exitCode == 0, qPrintable(called.out + called.err));
    home.write(tests, "pipeline: Inner\nallow: [internet]\n");
    QCOMPARE(home.ctl({QStringLiteral("test")}).exitCode, 2);
}

void TestPipelineTests::takesWhatAnEarlierRunRecorded()
{
    const QString mocks = m_home.path(QStringLiteral("mocks.json"));
    QFile file(mocks);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"TitanicTraining": {"output": {"runOutput": "0.76"}}})");
    file.close();
    const auto run =
        m_home.ctl({QStringLiteral("debug"), QStringLiteral("TrainTitanicModel"), QStringLiteral("--mocks"), mocks});
    QVERIFY2(run.exitCode == 0, qPrintable(run.out + run.err));
    const auto recorded =
        test({QStringLiteral("--record"), QStringLiteral("last"), m_home.factory() + QStringLiteral("/recorded.json")});
    QVERIFY2(recorded.exitCode == 0, qPrintable(recorded.out + recorded.err));
    const auto done = test({write("pipeline: TrainTitanicModel\n"
                                  "mocksFrom: { file: recorded.json, activities: [TitanicTraining] }\n"
                                  "expect: { activities: { TitanicTraining: { output: { runOutput: '0.76' } } } }\n")});
    QVERIFY2(done.exitCode == 0, qPrintable(done.out + done.err));
}

SLIPWAY_TEST(TestPipelineTests)

#include "TestPipelineTests.moc"
