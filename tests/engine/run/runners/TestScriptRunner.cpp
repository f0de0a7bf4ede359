#include "engine/connectors/postgres/PostgresConnection.h"
#include "engine/run/runners/ScriptRunner.h"
#include "tests/engine/run/runners/RunnerFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

using namespace engine;
using tests::outputOf;

class TestScriptRunner : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void givesResultSets();
    void bindsParameters();
    void keepsOneConnectionForAllScripts();
    void saysWhichScriptAndLineIsWrong();
    void cutsOffTooManyRows();
    void gathersWhatTheDatabaseSays();
    void opensNoOtherFile();
    void callsProceduresAndFunctions();
    void refusesProceduresOfSqlite();
    void namesProceduresAndParametersThatAreNotThere();
    void failsAfterARestart();

private:
    QByteArray run(const QByteArray &service, const QByteArray &scripts);

    tests::PostgresServer m_server;
    std::optional<PostgresConnection> m_connection;
    tests::RunnerFixture m_fixture;
    ScriptRunner m_runner{m_fixture.parts()};
    StoredProcedureRunner m_procedures{m_fixture.parts()};
};

SLIPWAY_TEST(TestScriptRunner)

static QByteArray script(const QByteArray &service, const QByteArray &scripts)
{
    return R"("type":"Script","linkedServiceName":{"referenceName":")" + service + R"("},"typeProperties":{"scripts":[)"
        + scripts + "]}";
}

static QByteArray procedure(const QByteArray &service, const QByteArray &name, const QByteArray &parameters)
{
    return R"("type":"SqlServerStoredProcedure","linkedServiceName":{"referenceName":")" + service
        + R"("},"typeProperties":{"storedProcedureName":")" + name + R"(","storedProcedureParameters":)" + parameters
        + '}';
}

static QByteArray block(const char *type, const QByteArray &text, const QByteArray &parameters = "[]")
{
    Json json = {{"type", type}, {"text", text.toStdString()}};
    json["parameters"] = *parseJson(parameters, QStringLiteral("parameters"));
    return toCompact(json);
}

QByteArray TestScriptRunner::run(const QByteArray &service, const QByteArray &scripts)
{
    return outputOf(m_fixture.run(m_runner, script(service, scripts)));
}

void TestScriptRunner::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    m_fixture.bindPostgres(m_server.folder(), m_server.port(), m_server.user());
    auto opened = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(opened);
    m_connection = std::move(*opened);
}

void TestScriptRunner::init()
{
    VERIFY_OK(m_connection->script(
        "DROP SCHEMA IF EXISTS dbo CASCADE; CREATE SCHEMA dbo; CREATE TABLE dbo.t(id int, name text);"
        "CREATE PROCEDURE dbo.load(id int, name text DEFAULT 'none', INOUT total bigint DEFAULT 0) LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO dbo.t VALUES (load.id, load.name); SELECT count(*) INTO load.total FROM dbo.t; END';"
        "CREATE FUNCTION dbo.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';"));
    VERIFY_OK(m_fixture.sql("DROP TABLE IF EXISTS t; CREATE TABLE t(id INTEGER, name TEXT)"));
}

void TestScriptRunner::givesResultSets()
{
    const QByteArray scripts = block("NonQuery", "INSERT INTO [dbo].[t] VALUES (1, 'one'), (2, 'two')") + ','
        + block("Query",
                "SELECT id FROM dbo.t ORDER BY id; UPDATE dbo.t SET name = 'x'; SELECT count(*) AS n FROM dbo.t;");
    const QByteArray expected =
        R"({"resultSetCount":2,"recordsAffected":4,"resultSets":[{"rowCount":2,"rows":[{"id":1},{"id":2}]},)"
        R"({"rowCount":1,"rows":[{"n":2}]}],"outputParameters":{},"outputLogs":"","outputLogsLocation":"","outputTruncated":false})";
    QCOMPARE(run("Warehouse", scripts), expected);
    QCOMPARE(run("Base", scripts), expected);
}

void TestScriptRunner::bindsParameters()
{
    const QByteArray parameters =
        R"([{"name":"id","type":"Int32","value":"7"},{"name":"name","type":"String","value":"a'); DROP TABLE t"},
        {"name":"n","type":"Int64","direction":"Output"}])";
    const QByteArray scripts = block(
        "Query",
        "INSERT INTO dbo.t VALUES (@id, @name); SELECT count(*) AS n, max(name) AS name FROM dbo.t WHERE id = :id",
        parameters);
    for (const char *service : {"Warehouse", "Base"}) {
        const QByteArray output = run(service, scripts);
        QVERIFY2(output.contains(R"("rows":[{"n":1,"name":"a'); DROP TABLE t"}])"), output.constData());
        QVERIFY2(output.contains(R"("outputParameters":{"n":1})"), output.constData());
    }
}

void TestScriptRunner::keepsOneConnectionForAllScripts()
{
    const QByteArray scripts = block("NonQuery", "CREATE TEMP TABLE x AS SELECT 5 AS a") + ','
        + block("NonQuery", "BEGIN") + ',' + block("NonQuery", "INSERT INTO dbo.t VALUES (1, 'lost')") + ','
        + block("Query", "SELECT a FROM x");
    for (const char *service : {"Warehouse", "Base"}) {
        const QByteArray output = run(service, scripts);
        QVERIFY2(output.contains(R"("rows":[{"a":5}])") && output.contains("rolled back"), output.constData());
        QVERIFY(run(service, block("Query", "SELECT count(*) AS n FROM dbo.t")).contains(R"({"n":0})"));
    }
}

void TestScriptRunner::saysWhichScriptAndLineIsWrong()
{
    const QByteArray scripts =
        block("NonQuery", "SELECT 1") + ',' + block("Query", "SELECT 1;\n\nSELECT nothing FROM nowhere");
    for (const char *service : {"Warehouse", "Base"}) {
        const ActivityOutcome outcome = m_fixture.run(m_runner, script(service, scripts));
        QCOMPARE(outcome.error.errorCode, QStringLiteral("SqlOperationFailed"));
        QCOMPARE(stringAt(outcome.error.details, "where"), QStringLiteral("scripts[1], line 3"));
    }
}

void TestScriptRunner::cutsOffTooManyRows()
{
    const ActivityOutcome outcome =
        m_fixture.run(m_runner, script("Warehouse", block("Query", "SELECT g FROM generate_series(1, 6000) g")));
    QVERIFY(boolAt(outcome.output, "outputTruncated"));
    QCOMPARE(intAt(memberAt(outcome.output, "resultSets")[0], "rowCount"), qint64(5000));
}

void TestScriptRunner::gathersWhatTheDatabaseSays()
{
    const QByteArray talk = block("NonQuery", "DO $$ BEGIN RAISE NOTICE 'half done'; END $$");
    QVERIFY(run("Warehouse", talk).contains(R"("outputLogs":"half done")"));
    const QByteArray toFile = script("Warehouse", talk);
    const QByteArray settings = R"(,"logSettings":{"logDestination":"ExternalStore","logLocationSettings":
        {"linkedServiceName":{"referenceName":"Files"},"path":"logs"}}})";
    const ActivityOutcome outcome = m_fixture.run(m_runner, toFile.chopped(1) + settings);
    const QString path = stringAt(outcome.output, "outputLogsLocation");
    QCOMPARE(m_fixture.read(QStringLiteral("storage/") + path), QByteArray("half done"));
}

void TestScriptRunner::opensNoOtherFile()
{
    const QByteArray path = m_fixture.factoryFolder.toUtf8();
    QVERIFY(run("Base", block("NonQuery", "ATTACH '" + path + "/other.db' AS o")).contains("ATTACH"));
    QVERIFY(!run("Base", block("NonQuery", "VACUUM INTO '" + path + "/other.db'")).startsWith('{'));
    QVERIFY(run("Base", block("NonQuery", "VACUUM")).startsWith('{'));
    QVERIFY(!m_fixture.exists(QStringLiteral("other.db")));
}

void TestScriptRunner::callsProceduresAndFunctions()
{
    ActivityOutcome outcome = m_fixture.run(
        m_procedures,
        procedure("Warehouse", "[dbo].[Load]", R"({"@ID":{"value":"3","type":"Int32"},"Name":{"value":null}})"));
    QVERIFY2(outcome.status == ActivityOutcome::Status::Succeeded, qPrintable(outcome.error.message));
    QCOMPARE(toCompact(memberAt(memberAt(outcome.output, "slipway"), "outputParameters")),
             QByteArray(R"({"total":1})"));
    QVERIFY(run("Warehouse", block("Query", "SELECT * FROM dbo.t")).contains(R"({"id":3,"name":null})"));
    outcome = m_fixture.run(m_procedures, procedure("Warehouse", "dbo.twice", R"({"n":{"value":4,"type":"Int32"}})"));
    QCOMPARE(toCompact(memberAt(memberAt(outcome.output, "slipway"), "outputParameters")),
             QByteArray(R"({"twice":8})"));
}

void TestScriptRunner::refusesProceduresOfSqlite()
{
    const ActivityTask task = m_fixture.task(procedure("Base", "dbo.load", "{}"));
    const Result<ProcedurePlan> plan = planStoredProcedure(task);
    QVERIFY(!plan);
    COMPARE_NAMED(plan.error().code, ErrorCode::Unsupported);
    QVERIFY(plan.error().message.contains(u"dbo.load") && plan.error().message.contains(u"PostgreSQL"));
}

void TestScriptRunner::namesProceduresAndParametersThatAreNotThere()
{
    QVERIFY(m_fixture.run(m_procedures, procedure("Warehouse", "dbo.lod", "{}")).error.message.contains(u"dbo.load"));
    QVERIFY(m_fixture.run(m_procedures, procedure("Warehouse", "dbo.load", R"({"id":1,"x":2})"))
                .error.message.contains(u"“x”"));
    QVERIFY(m_fixture.run(m_procedures, procedure("Warehouse", "dbo.load", "{}")).error.message.contains(u"“id”"));
}

void TestScriptRunner::failsAfterARestart()
{
    const ActivityTask task = m_fixture.task(script("Base", block("Query", "SELECT 1")));
    QVERIFY(m_runner.onEngineRestart(task) == ActivityRunner::Restart::Fail);
    m_fixture.write(QStringLiteral(".slipway/options/P.json"), R"({"A":{"onEngineRestart":"restart"}})");
    const ActivityTask again = m_fixture.task(script("Base", block("Query", "SELECT 1")));
    QVERIFY(m_runner.onEngineRestart(again) == ActivityRunner::Restart::Again);
}

#include "TestScriptRunner.moc"
