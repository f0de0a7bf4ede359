#include "engine/connectors/postgres/PostgresConnection.h"
#include "engine/run/runners/LookupRunner.h"
#include "tests/engine/run/runners/RunnerFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QFile>

using namespace engine;
using tests::outputOf;

static QByteArray activity(const QByteArray &source, const QByteArray &dataset, bool firstRowOnly = true)
{
    return R"("type":"Lookup","typeProperties":{"source":)" + source + R"(,"dataset":{"referenceName":")" + dataset
        + R"(","type":"DatasetReference"},"firstRowOnly":)" + (firstRowOnly ? "true" : "false") + '}';
}

static QByteArray query(const QByteArray &sql)
{
    return toCompact({{"type", "AzureSqlSource"}, {"sqlReaderQuery", sql.toStdString()}});
}

class TestLookupRunner : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void givesTypedValues_data();
    void givesTypedValues();
    void givesAllRowsWithTheirCount();
    void hasNoFirstRowWhenThereIsNone();
    void readsTheWholeTable();
    void commitsAQueryThatChangesRows();
    void rollsBackAQueryWithoutRows();
    void refusesTwoSetsOfRows();
    void stopsReadingAtTheFirstRow();
    void saysWhereAQueryIsWrong();
    void endsAQueryAtItsTimeout();
    void cancelEndsAnEndlessQuery();
    void readsDelimitedText();
    void readsFilesThatAWildcardMeans();
    void readsJson_data();
    void readsJson();
    void saysWhichLineOfAFileIsWrong();
    void warnsBeyondWhatDataFactoryGives();
    void failsBeyondItsOwnLimit();
    void namesAMissingFile();
    void neverFollowsALinkOutOfTheFolder();
    void callsAFunctionForItsRows();
    void refusesWhatCannotBePlanned_data();
    void refusesWhatCannotBePlanned();

private:
    QByteArray lookUp(const QByteArray &source, const QByteArray &dataset, bool firstRowOnly = true)
    {
        return outputOf(m_fixture.run(m_runner, activity(source, dataset, firstRowOnly)));
    }
    tests::PostgresServer m_server;
    std::optional<PostgresConnection> m_connection;
    tests::RunnerFixture m_fixture;
    LookupRunner m_runner{m_fixture.parts()};
};

SLIPWAY_TEST(TestLookupRunner)

void TestLookupRunner::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    m_fixture.bindPostgres(m_server.folder(), m_server.port(), m_server.user());
    auto opened = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(opened);
    m_connection = std::move(*opened);
    VERIFY_OK(m_connection->script(
        "CREATE SCHEMA dbo; CREATE TABLE dbo.t(id int, name text); INSERT INTO dbo.t VALUES (1, 'one'), (2, NULL);"
        "CREATE FUNCTION dbo.above(low int) RETURNS SETOF dbo.t LANGUAGE sql AS 'SELECT * FROM dbo.t WHERE id > "
        "low';"));
    VERIFY_OK(m_fixture.sql("CREATE TABLE t(id INTEGER, name TEXT); INSERT INTO t VALUES (1, 'one'), (2, NULL)"));
    m_fixture.dataset(QStringLiteral("PgT"),
                      QStringLiteral("AzurePostgreSqlTable"),
                      QStringLiteral("Warehouse"),
                      R"({"schema":"dbo","table":"t"})");
    m_fixture.dataset(QStringLiteral("Pg"), QStringLiteral("AzurePostgreSqlTable"), QStringLiteral("Warehouse"), "{}");
    m_fixture.dataset(QStringLiteral("LiteT"),
                      QStringLiteral("AzureSqlTable"),
                      QStringLiteral("Base"),
                      R"({"schema":"dbo","table":"t"})");
    m_fixture.dataset(QStringLiteral("Lite"), QStringLiteral("AzureSqlTable"), QStringLiteral("Base"), "{}");
    m_fixture.dataset(QStringLiteral("Text"),
                      QStringLiteral("DelimitedText"),
                      QStringLiteral("Files"),
                      R"({"location":{"container":"c","folderPath":"in","fileName":"a.csv"},"firstRowAsHeader":true})");
    m_fixture.dataset(QStringLiteral("Texts"),
                      QStringLiteral("DelimitedText"),
                      QStringLiteral("Files"),
                      R"({"location":{"container":"c","folderPath":"in"},"firstRowAsHeader":true})");
    m_fixture.dataset(QStringLiteral("Json"),
                      QStringLiteral("Json"),
                      QStringLiteral("Files"),
                      R"({"location":{"container":"c","fileName":"a.json"}})");
    m_fixture.write(QStringLiteral("storage/c/in/a.csv"), "id,name\n1,one\n2,\n");
    m_fixture.write(QStringLiteral("storage/c/in/b.csv"), "id,name\n3,three\n");
    m_fixture.write(QStringLiteral("storage/c/in/_SUCCESS"), "");
}

void TestLookupRunner::givesTypedValues_data()
{
    QTest::addColumn<QByteArray>("dataset");
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("row");
    const QByteArray pg = "Pg";
    QTest::newRow("postgres numbers") << pg << QByteArray("SELECT 1 AS a, 2.5 AS b, 0.1::float8 AS c, 7::bigint AS d")
                                      << QByteArray(R"({"a":1,"b":2.5,"c":0.1,"d":7})");
    QTest::newRow("postgres exact decimals") << pg << QByteArray("SELECT 12345678901234567890.12::numeric AS a")
                                             << QByteArray(R"({"a":"12345678901234567890.12"})");
    QTest::newRow("postgres truth and null")
        << pg << QByteArray("SELECT true AS a, NULL::int AS b, '' AS c") << QByteArray(R"({"a":true,"b":null,"c":""})");
    QTest::newRow("postgres times") << pg
                                    << QByteArray(
                                           "SELECT date '2024-01-31' AS a, timestamptz '2024-01-31 12:00:00.5+02' AS b")
                                    << QByteArray(R"({"a":"2024-01-31T00:00:00Z","b":"2024-01-31T10:00:00.5Z"})");
    QTest::newRow("postgres bytes") << pg << QByteArray("SELECT '\\x01ff'::bytea AS a")
                                    << QByteArray(R"({"a":"Af8="})");
    QTest::newRow("postgres with") << pg << QByteArray("WITH x AS (SELECT 5 AS a) SELECT a FROM x; -- done\n")
                                   << QByteArray(R"({"a":5})");
    QTest::newRow("postgres brackets") << pg << QByteArray("SELECT [id] FROM [dbo].[t] ORDER BY id DESC")
                                       << QByteArray(R"({"id":2})");
    const QByteArray lite = "Lite";
    QTest::newRow("sqlite values") << lite << QByteArray("SELECT 1 AS a, 2.5 AS b, NULL AS c, x'01ff' AS d, 'x' AS e")
                                   << QByteArray(R"({"a":1,"b":2.5,"c":null,"d":"Af8=","e":"x"})");
    QTest::newRow("sqlite schema") << lite << QByteArray("SELECT name FROM [dbo].[t] WHERE id = 1")
                                   << QByteArray(R"({"name":"one"})");
}

void TestLookupRunner::givesTypedValues()
{
    QFETCH(QByteArray, dataset);
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, row);
    QCOMPARE(lookUp(query(sql), dataset), "{\"firstRow\":" + row + "}");
}

void TestLookupRunner::givesAllRowsWithTheirCount()
{
    const QByteArray all = R"({"count":2,"value":[{"id":1,"name":"one"},{"id":2,"name":null}]})";
    QCOMPARE(lookUp(query("SELECT * FROM dbo.t ORDER BY id"), "Pg", false), all);
    QCOMPARE(lookUp(query("SELECT * FROM t ORDER BY id"), "Lite", false), all);
}

void TestLookupRunner::hasNoFirstRowWhenThereIsNone()
{
    QCOMPARE(lookUp(query("SELECT * FROM dbo.t WHERE false"), "Pg"), QByteArray("{}"));
    QCOMPARE(lookUp(query("SELECT * FROM t WHERE 0"), "Lite", false), QByteArray(R"({"count":0,"value":[]})"));
}

void TestLookupRunner::readsTheWholeTable()
{
    const QByteArray source = R"({"type":"AzureSqlSource"})";
    const QByteArray all = R"({"count":2,"value":[{"id":1,"name":"one"},{"id":2,"name":null}]})";
    QCOMPARE(lookUp(source, "LiteT", false), all);
    QCOMPARE(lookUp(source, "PgT", false), all);
}

void TestLookupRunner::commitsAQueryThatChangesRows()
{
    VERIFY_OK(m_connection->script("CREATE TABLE w(a int)"));
    QCOMPARE(lookUp(query("INSERT INTO w VALUES (7) RETURNING a"), "Pg"), QByteArray(R"({"firstRow":{"a":7}})"));
    QCOMPARE(lookUp(query("WITH x AS (INSERT INTO w VALUES (8) RETURNING a) SELECT a FROM x"), "Pg"),
             QByteArray(R"({"firstRow":{"a":8}})"));
    QCOMPARE(lookUp(query("SELECT count(*) AS n FROM w"), "Pg"), QByteArray(R"({"firstRow":{"n":2}})"));
    VERIFY_OK(m_fixture.sql("CREATE TABLE w(a INTEGER)"));
    QCOMPARE(lookUp(query("INSERT INTO w VALUES (7), (8) RETURNING a"), "Lite"), QByteArray(R"({"firstRow":{"a":7}})"));
    QCOMPARE(lookUp(query("SELECT count(*) AS n FROM w"), "Lite"), QByteArray(R"({"firstRow":{"n":2}})"));
}

void TestLookupRunner::rollsBackAQueryWithoutRows()
{
    QVERIFY(lookUp(query("DELETE FROM dbo.t"), "Pg").contains("rolled back"));
    QVERIFY(lookUp(query("DELETE FROM t"), "Lite").contains("rolled back"));
    QCOMPARE(lookUp(query("SELECT count(*) AS n FROM dbo.t"), "Pg"), QByteArray(R"({"firstRow":{"n":2}})"));
    QCOMPARE(lookUp(query("SELECT count(*) AS n FROM t"), "Lite"), QByteArray(R"({"firstRow":{"n":2}})"));
}

void TestLookupRunner::refusesTwoSetsOfRows()
{
    QVERIFY(lookUp(query("SELECT 1 AS a; SELECT 2 AS a"), "Pg").contains("2 sets"));
    QVERIFY(lookUp(query("SELECT 1 AS a; SELECT 2 AS a"), "Lite").contains("2 sets"));
    QVERIFY(lookUp(query("SELECT 1 AS a, 2 AS a"), "Pg").contains("AS"));
}

void TestLookupRunner::stopsReadingAtTheFirstRow()
{
    const QByteArray endless = query("WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a FROM n) SELECT a FROM n");
    QCOMPARE(lookUp(endless, "Pg"), QByteArray(R"({"firstRow":{"a":1}})"));
    QCOMPARE(lookUp(endless, "Lite"), QByteArray(R"({"firstRow":{"a":1}})"));
}

void TestLookupRunner::saysWhereAQueryIsWrong()
{
    ActivityOutcome outcome = m_fixture.run(m_runner, activity(query("SELECT id\nFROM nowhere"), "Pg"));
    QCOMPARE(outcome.error.errorCode, QStringLiteral("SqlOperationFailed"));
    QCOMPARE(stringAt(outcome.error.details, "sqlState"), QStringLiteral("42P01"));
    QCOMPARE(stringAt(outcome.error.details, "where"), QStringLiteral("line 2"));
    QVERIFY(outcome.retryable);
    outcome = m_fixture.run(m_runner, activity(query("SELECT id\nFRM t"), "Lite"));
    QCOMPARE(outcome.error.errorCode, QStringLiteral("SqlOperationFailed"));
    QCOMPARE(stringAt(outcome.error.details, "where"), QStringLiteral("line 2"));
    QCOMPARE(outcome.error.failureType, QStringLiteral("UserError"));
}

void TestLookupRunner::endsAQueryAtItsTimeout()
{
    const QByteArray endless = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT max(a) FROM n";
    for (const auto &[sql, dataset] :
         {std::pair<QByteArray, QByteArray>{"SELECT pg_sleep(20)", "Pg"}, {endless, "Lite"}}) {
        const QByteArray source =
            toCompact({{"type", "X"}, {"query", sql.toStdString()}, {"queryTimeout", "00:00:01"}});
        const ActivityOutcome outcome = m_fixture.run(m_runner, activity(source, dataset));
        QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorQueryTimeout"));
        QVERIFY(outcome.status == ActivityOutcome::Status::Failed);
    }
}

void TestLookupRunner::cancelEndsAnEndlessQuery()
{
    const QByteArray endless = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT max(a) FROM n";
    for (const auto &[sql, dataset] :
         {std::pair<QByteArray, QByteArray>{"SELECT pg_sleep(60)", "Pg"}, {endless, "Lite"}}) {
        const auto execution = m_fixture.start(m_runner, m_fixture.task(activity(query(sql), dataset)));
        execution->cancel();
        QTRY_VERIFY(m_fixture.ended.has_value());
        QVERIFY(m_fixture.ended->status == ActivityOutcome::Status::Cancelled);
    }
    ActivityTask task = m_fixture.task(activity(query(endless), "Lite") + R"(,"policy":{"timeout":"0.00:00:01"})");
    const ActivityOutcome late = m_fixture.run(m_runner, task);
    QVERIFY(late.status == ActivityOutcome::Status::TimedOut);
    QCOMPARE(late.error.errorCode, QStringLiteral("UserErrorActivityTimeout"));
}

void TestLookupRunner::readsDelimitedText()
{
    const QByteArray source = R"({"type":"DelimitedTextSource"})";
    QCOMPARE(lookUp(source, "Text"), QByteArray(R"({"firstRow":{"id":"1","name":"one"}})"));
    QCOMPARE(lookUp(source, "Texts", false),
             QByteArray(
                 R"({"count":3,"value":[{"id":"1","name":"one"},{"id":"2","name":null},{"id":"3","name":"three"}]})"));
}

void TestLookupRunner::readsFilesThatAWildcardMeans()
{
    m_fixture.write(QStringLiteral("storage/c/deep/x/b1.csv"), "id,name\n9,nine\n");
    const QByteArray byName = R"({"type":"DelimitedTextSource","storeSettings":{"wildcardFileName":"b*.csv"}})";
    QCOMPARE(lookUp(byName, "Texts", false), QByteArray(R"({"count":1,"value":[{"id":"3","name":"three"}]})"));
    const QByteArray byFolder =
        R"({"type":"DelimitedTextSource","storeSettings":{"wildcardFolderPath":"deep/*","wildcardFileName":"*.csv"}})";
    QCOMPARE(lookUp(byFolder, "Texts", false), QByteArray(R"({"count":1,"value":[{"id":"9","name":"nine"}]})"));
}

void TestLookupRunner::readsJson_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("rows");
    const QByteArray two = R"([{"a":1,"b":{"c":[true,null]}},{"a":"}"}])";
    QTest::newRow("array") << QByteArray("\xEF\xBB\xBF ["
                                         R"({"a":1,"b":{"c":[true,null]}}, {"a":"}"} ] )")
                           << two;
    QTest::newRow("lines") << QByteArray(R"({"a":1,"b":{"c":[true,null]}})"
                                         "\n"
                                         R"({"a":"}"})")
                           << two;
    QTest::newRow("one object") << QByteArray("{\n \"a\": \"\\\"{\"\n}\n") << QByteArray(R"([{"a":"\"{"}])");
    QTest::newRow("no object") << QByteArray("[]") << QByteArray("[]");
    QTest::newRow("empty file") << QByteArray("") << QByteArray("[]");
}

void TestLookupRunner::readsJson()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, rows);
    m_fixture.write(QStringLiteral("storage/c/a.json"), text);
    const ActivityOutcome outcome = m_fixture.run(m_runner, activity(R"({"type":"JsonSource"})", "Json", false));
    QVERIFY2(outcome.status == ActivityOutcome::Status::Succeeded, qPrintable(outcome.error.message));
    QCOMPARE(toCompact(memberAt(outcome.output, "value")), rows);
}

void TestLookupRunner::saysWhichLineOfAFileIsWrong()
{
    for (const QByteArray text :
         {"[{\"a\":1}\n{\"a\":2}]", "{\"a\":1}\n{\"a\":}", "{\"a\":1}\n7", "[{\"a\":1},\n{\"a\""}) {
        m_fixture.write(QStringLiteral("storage/c/a.json"), text);
        const ActivityOutcome outcome = m_fixture.run(m_runner, activity(R"({"type":"JsonSource"})", "Json", false));
        QCOMPARE(stringAt(outcome.error.details, "where"), QStringLiteral("c/a.json:2"));
    }
    m_fixture.write(QStringLiteral("storage/c/in/a.csv"), "id,name\n1,one\n2,two,too\n");
    const ActivityOutcome outcome = m_fixture.run(m_runner, activity(R"({"type":"X"})", "Text", false));
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorInvalidColumnCount"));
    QCOMPARE(intAt(outcome.error.details, "line"), qint64(3));
    m_fixture.write(QStringLiteral("storage/c/in/a.csv"), "id,name\n1,one\n2,\n");
}

void TestLookupRunner::warnsBeyondWhatDataFactoryGives()
{
    const ActivityOutcome outcome =
        m_fixture.run(m_runner, activity(query("SELECT g AS a FROM generate_series(1, 5001) g"), "Pg", false));
    QCOMPARE(intAt(outcome.output, "count"), qint64(5001));
    QVERIFY(toCompact(memberAt(outcome.output, "slipway")).contains("5000"));
}

void TestLookupRunner::failsBeyondItsOwnLimit()
{
    QVERIFY(lookUp(query("SELECT g AS a FROM generate_series(1, 50001) g"), "Pg", false)
                .startsWith("UserErrorLookupTooLarge"));
    QVERIFY(lookUp(query("SELECT repeat('x', 1000000) AS a FROM generate_series(1, 40)"), "Pg", false)
                .startsWith("UserErrorLookupTooLarge"));
}

void TestLookupRunner::namesAMissingFile()
{
    QFile::remove(m_fixture.factoryFolder + QStringLiteral("/storage/c/a.json"));
    const QByteArray said = lookUp(R"({"type":"JsonSource"})", "Json");
    QVERIFY2(said.startsWith("UserErrorFileNotFound"), said.constData());
    QVERIFY(said.contains("a.json"));
}

void TestLookupRunner::neverFollowsALinkOutOfTheFolder()
{
    m_fixture.write(QStringLiteral("secret.json"), R"({"password":"x"})");
    QVERIFY(QFile::link(m_fixture.factoryFolder + QStringLiteral("/secret.json"),
                        m_fixture.factoryFolder + QStringLiteral("/storage/c/a.json")));
    const QByteArray said = lookUp(R"({"type":"JsonSource"})", "Json");
    QVERIFY2(said.contains("leads out"), said.constData());
    QFile::remove(m_fixture.factoryFolder + QStringLiteral("/storage/c/a.json"));
}

void TestLookupRunner::callsAFunctionForItsRows()
{
    const QByteArray source = R"({"type":"AzureSqlSource","sqlReaderStoredProcedureName":"[dbo].[above]",
        "storedProcedureParameters":{"Low":{"type":"Int32","value":"1"}}})";
    QCOMPARE(lookUp(source, "Pg"), QByteArray(R"({"firstRow":{"id":2,"name":null}})"));
}

void TestLookupRunner::refusesWhatCannotBePlanned_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QByteArray>("dataset");
    QTest::addColumn<QString>("where");
    QTest::newRow("no dataset") << QByteArray("{}") << QByteArray("Nothing")
                                << QStringLiteral("typeProperties.dataset");
    QTest::newRow("neither query nor table")
        << QByteArray("{}") << QByteArray("Lite") << QStringLiteral("typeProperties.source");
    QTest::newRow("procedure of SQLite") << QByteArray(R"({"sqlReaderStoredProcedureName":"p"})") << QByteArray("Lite")
                                         << QStringLiteral("sqlReaderStoredProcedureName");
    QTest::newRow("a list of files beside one file")
        << QByteArray(R"({"storeSettings":{"fileListPath":"c/list"}})") << QByteArray("Text")
        << QStringLiteral("storeSettings.fileListPath");
}

void TestLookupRunner::refusesWhatCannotBePlanned()
{
    QFETCH(QByteArray, source);
    QFETCH(QByteArray, dataset);
    QFETCH(QString, where);
    const ActivityTask task = m_fixture.task(activity(source, dataset));
    const Result<LookupPlan> planned = planLookup(task);
    QVERIFY(!planned);
    QVERIFY2(planned.error().where.endsWith(where), qPrintable(planned.error().where));
    const ActivityOutcome outcome = m_fixture.run(m_runner, task);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorInvalidLookupActivity"));
    QVERIFY(!outcome.retryable);
}

#include "TestLookupRunner.moc"
