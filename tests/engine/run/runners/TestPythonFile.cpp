#include "engine/records/DriftRecords.h"
#include "engine/run/runners/NotebookRunner.h"
#include "tests/engine/run/runners/RunnerFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;

// Python files, and notebooks that are no .ipynb, on a real kernel.
class TestPythonFile : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void runsTheFileWithItsParameters();
    void failsAtTheLineOfTheFile();
    void takesTheStatusOfSysExit();
    void namesAFileThatIsNotThere();
    void keepsTheDriftThatCellsTell();
    void runsNotebooksOfOtherTools_data();
    void runsNotebooksOfOtherTools();

private:
    ActivityOutcome run(const QByteArray &file, const QByteArray &parameters = "[]");

    tests::RunnerFixture m_fixture;
    std::unique_ptr<NotebookRunner> m_runner;
};

SLIPWAY_TEST(TestPythonFile)

ActivityOutcome TestPythonFile::run(const QByteArray &file, const QByteArray &parameters)
{
    return m_fixture.run(*m_runner,
                         R"json("type":"DatabricksSparkPython","linkedServiceName":{"referenceName":"Notebooks"},
        "typeProperties":{"pythonFile":")json"
                             + file + R"json(","parameters":)json" + parameters + '}');
}

void TestPythonFile::initTestCase()
{
    NotebookEnvironment environment;
    environment.runtimeFolder = m_fixture.folder.filePath(QStringLiteral("k"));
    environment.modulesFolder = tests::sourceDir() + QStringLiteral("/resources/python");
    m_runner = std::make_unique<NotebookRunner>(environment,
                                                m_fixture.places,
                                                ArtifactStore(m_fixture.folder.filePath(QStringLiteral("artifacts"))),
                                                m_fixture.pool,
                                                m_fixture.clock);
    m_fixture.write(QStringLiteral("notebooks/Shared/job.py"),
                    "import sys\nassert __name__ == '__main__'\nimport slipway\nslipway.exit(sys.argv)\n");
    m_fixture.write(QStringLiteral("notebooks/broken.py"), "x = 1\n\nprint(y)\n");
    m_fixture.write(QStringLiteral("notebooks/end.py"), "import sys\nsys.exit(int(sys.argv[1]))\nraise ValueError\n");
}

void TestPythonFile::runsTheFileWithItsParameters()
{
    const ActivityOutcome outcome = run("dbfs:/Shared/job.py", R"json(["a\"b\\","it's",3])json");
    QVERIFY2(outcome.status == ActivityOutcome::Status::Succeeded, qPrintable(outcome.error.message));
    QCOMPARE(toCompact(memberAt(outcome.output, "runOutput")),
             QByteArray(R"json(["notebooks/Shared/job.py","a\"b\\","it's","3"])json"));
}

void TestPythonFile::failsAtTheLineOfTheFile()
{
    const ActivityOutcome outcome = run("broken.py");
    QVERIFY(outcome.status == ActivityOutcome::Status::Failed);
    QCOMPARE(intAt(outcome.error.details, "line"), qint64(3));
    QVERIFY2(outcome.error.message.contains(u"NameError"), qPrintable(outcome.error.message));
}

void TestPythonFile::takesTheStatusOfSysExit()
{
    QVERIFY(run("end.py", "[\"0\"]").status == ActivityOutcome::Status::Succeeded);
    QVERIFY(run("end.py", "[\"2\"]").error.message.contains(u"sys.exit(2)"));
}

void TestPythonFile::namesAFileThatIsNotThere()
{
    QCOMPARE(run("/Shared/nothing.py").error.errorCode, QStringLiteral("UserErrorNotebookNotFound"));
}

// Any kernel may tell it, in the form that ours has.
void TestPythonFile::keepsTheDriftThatCellsTell()
{
    m_fixture.write(QStringLiteral("notebooks/drift.py"),
                    "from IPython.display import display\n"
                    "form = 'application/vnd.slipway.drift+json'\n"
                    "fare = {'name': 'fare', 'psi': 0.4, 'level': 'alarm'}\n"
                    "display({form: {'model': 'm', 'version': 2, 'rows': 7, 'features': [fare]}}, raw=True)\n");
    const ActivityOutcome outcome = run("drift.py");
    QVERIFY2(outcome.status == ActivityOutcome::Status::Succeeded, qPrintable(outcome.error.message));
    COMPARE_NAMED(driftOf(outcome.output).value(), DriftLevel::Alarm);
    const Json &drift = memberAt(memberAt(outcome.output, "slipway"), "drift");
    QCOMPARE(stringAt(drift.at("scorings").at(0).at("moved").at(0), "name"), QStringLiteral("fare"));
    const ArtifactStore artifacts(m_fixture.folder.filePath(QStringLiteral("artifacts")));
    const Result<QByteArray> report = artifacts.get(stringAt(drift, "report"));
    VERIFY_OK(report);
    const Json whole = memberAt(*parseJson(*report, QString()), "scorings");
    QCOMPARE(intAt(whole.at(0), "cell"), 2); // the first one sets the arguments
    QCOMPARE(intAt(whole.at(0), "rows"), 7);
}

void TestPythonFile::runsNotebooksOfOtherTools_data()
{
    QTest::addColumn<QByteArray>("activity");
    QTest::newRow("Databricks") << QByteArray(R"json("type":"DatabricksNotebook","typeProperties":
        {"notebookPath":"/Shared/score","baseParameters":{"word":"Hello"}})json");
    QTest::newRow("Synapse") << QByteArray(R"json("type":"SynapseNotebook","typeProperties":
        {"notebook":{"referenceName":"score"},"parameters":{"word":{"value":"Hello","type":"string"}}})json");
}

void TestPythonFile::runsNotebooksOfOtherTools()
{
    QFETCH(QByteArray, activity);
    m_fixture.write(QStringLiteral("notebooks/Shared/score.py"),
                    "# Databricks notebook source\n# MAGIC %md\n# MAGIC # Score\n\n# COMMAND ----------\n\n"
                    "import slipway\n\n# COMMAND ----------\n\nslipway.exit(word + '!')\n");
    m_fixture.write(QStringLiteral("notebook/score.json"),
                    R"json({"name":"score","properties":{"nbformat":4,"nbformat_minor":2,"metadata":{},"cells":[
                        {"cell_type":"code","metadata":{"tags":["parameters"]},"source":["word = ''"],"outputs":[]},
                        {"cell_type":"code","source":["import slipway\n","slipway.exit(word + '!')"],"outputs":[]}]}})json");
    const ActivityOutcome outcome =
        m_fixture.run(*m_runner, R"json("linkedServiceName":{"referenceName":"Notebooks"},)json" + activity);
    QVERIFY2(outcome.status == ActivityOutcome::Status::Succeeded, qPrintable(outcome.error.message));
    QVERIFY2(toCompact(outcome.output).contains("Hello!"), toCompact(outcome.output).constData());
}

#include "TestPythonFile.moc"
