#include "engine/copy/QueryPlan.h"
#include "engine/copy/SinkPlan.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <algorithm>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

// Sinks and sources of a Copy activity as it is written, by stored procedures and in partitions too.
class TestCopyProcedures : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void sinkOptionsArePlanned();
    void sinkOptionsAreRefused_data();
    void sinkOptionsAreRefused();
    void aProcedureTakesTheRows_data();
    void aProcedureTakesTheRows();
    void aFailingProcedureChangesNothing();
    void aProcedureThatDoesNotFitIsTold_data();
    void aProcedureThatDoesNotFitIsTold();
    void theRowsOfAFunctionAreRead();
    void aProcedureGivesNoRows();
    void partitionsAreReadWhole_data();
    void partitionsAreReadWhole();

private:
    QString psql(const QString &statements) const { return m_server.sql(statements); }
    Binding binding() const
    {
        PostgresBinding bound;
        bound.host = m_server.folder();
        bound.port = m_server.port();
        bound.database = QStringLiteral("postgres");
        bound.user = m_server.user();
        return bound;
    }
    static Dataset dataset(const char *table = "t")
    {
        Dataset made;
        made.name = QStringLiteral("Out");
        made.type = QStringLiteral("AzureSqlTable");
        made.file = QStringLiteral("dataset/Out.json");
        made.linkedService = QStringLiteral("Db");
        if (*table)
            made.typeProperties = {{"schema", "dbo"}, {"table", table}};
        return made;
    }
    Result<PlannedSink> planned(const char *sink, const std::optional<Binding> &bound = {}) const
    {
        const auto json = parseJson(sink, {});
        return planTableSink(
            *json, QStringLiteral("sink"), dataset(), bound.value_or(binding()), QStringLiteral("/work space"));
    }
    CopyPlan planOf(const char *sink) const
    {
        CopyPlan made = m_fixture->plan("in.csv");
        auto target = planned(sink);
        if (!target)
            qFatal("%s", qPrintable(target.error().message));
        made.sink = target->sink;
        made.preCopyScript.clear();
        return made;
    }
    CopyPlan reading(const char *source, const char *table = "t") const
    {
        CopyPlan made = m_fixture->plan("in.csv");
        const auto json = parseJson(source, {});
        auto from = planQuery(*json, QStringLiteral("source"), dataset(table), binding(), QStringLiteral("/"));
        if (!from)
            qFatal("%s", qPrintable(from.error().message));
        made.source = *from;
        return made;
    }

    tests::PostgresServer m_server;
    std::unique_ptr<CopyFixture> m_fixture;
    static constexpr char byProcedure[] = R"({"type":"AzureSqlSink","sqlWriterStoredProcedureName":"[dbo].[take]",
        "sqlWriterTableType":"[dbo].[item]","storedProcedureTableTypeParameterName":"@rows","writeBatchSize":2,
        "storedProcedureParameters":{"factor":{"value":10,"type":"Int32"}}})";
};

SLIPWAY_TEST(TestCopyProcedures)

void TestCopyProcedures::initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.error())); }

void TestCopyProcedures::init()
{
    m_fixture = std::make_unique<CopyFixture>();
    QCOMPARE(
        psql(QStringLiteral("SET client_min_messages = error; DROP SCHEMA IF EXISTS dbo CASCADE; CREATE SCHEMA dbo; "
                            "CREATE TABLE dbo.t(a bigint, b text); CREATE TABLE dbo.calls(count int); "
                            "CREATE TYPE dbo.mood AS ENUM ('good', 'bad'); "
                            "CREATE TYPE dbo.item AS (b text, a bigint, c dbo.mood, d numeric(5,2))")),
        QString());
}

void TestCopyProcedures::sinkOptionsArePlanned()
{
    const auto plan = planned(R"({"type":"AzureSqlSink","writeBehavior":"Upsert","upsertSettings":{"useTempDB":true,
        "keys":["a","b"]},"tableOption":"autoCreate","sqlWriterUseTableLock":true,"writeBatchSize":"500",
        "writeBatchTimeout":"00:30:00","sinkRetryCount":3,"sinkRetryWait":"00:00:10","disableMetricsCollection":true})");
    VERIFY_OK(plan);
    const auto &sink = std::get<PostgresTableSink>(plan->sink);
    QVERIFY(sink.options.behavior == LoadOptions::Behavior::Upsert);
    QCOMPARE(sink.options.keys, (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    QVERIFY(sink.options.makesTable && sink.options.locksTable);
    QCOMPARE(sink.options.batchRows, 500);
    QVERIFY(sink.options.batchTimeout == std::chrono::minutes(30));
    QCOMPARE(plan->retry.count, 3);
    QVERIFY(plan->retry.wait == std::chrono::seconds(10));
    const auto plain = planned(R"({"type":"SqlSink","preCopyScript":"delete from t"})");
    VERIFY_OK(plain);
    QVERIFY(std::get<PostgresTableSink>(plain->sink).options.behavior == LoadOptions::Behavior::Insert);
    QCOMPARE(plain->preCopyScript, QStringLiteral("delete from t"));
}

void TestCopyProcedures::sinkOptionsAreRefused_data()
{
    QTest::addColumn<QByteArray>("sink");
    QTest::addColumn<bool>("isSqlite");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const char *sink, const char *where, bool isSqlite = false) {
        QTest::newRow(name) << QByteArray(sink) << isSqlite << QStringLiteral("sink.") + QString::fromLatin1(where);
    };
    row("another behavior", R"({"writeBehavior":"merge"})", "writeBehavior");
    row("keys that are no list", R"({"writeBehavior":"upsert","upsertSettings":{"keys":"a"}})", "upsertSettings.keys");
    row("a key twice", R"({"writeBehavior":"upsert","upsertSettings":{"keys":["a","A"]}})", "upsertSettings.keys");
    row("another table option", R"({"tableOption":"recreate"})", "tableOption");
    row("no rows in a batch", R"({"writeBatchSize":0})", "writeBatchSize");
    row("no time", R"({"writeBatchTimeout":"soon"})", "writeBatchTimeout");
    row("too many retries", R"({"sinkRetryCount":-1})", "sinkRetryCount");
    row("a procedure without a type", R"({"sqlWriterStoredProcedureName":"p"})", "sqlWriterTableType");
    row("a script with a NUL", R"({"preCopyScript":"delete from t\u0000where a = 1"})", "preCopyScript");
    row("a procedure of SQLite", byProcedure, "sqlWriterStoredProcedureName", true);
}

void TestCopyProcedures::sinkOptionsAreRefused()
{
    QFETCH(QByteArray, sink);
    QFETCH(bool, isSqlite);
    SqliteBinding sqlite;
    sqlite.file = QStringLiteral("a.db");
    sqlite.ignoreSchemas = true;
    const auto plan = planned(sink.constData(), isSqlite ? Binding(sqlite) : binding());
    QVERIFY(!plan);
    QTEST(plan.error().where, "where");
}

void TestCopyProcedures::aProcedureTakesTheRows_data()
{
    QTest::addColumn<bool>("isFunction");
    QTest::newRow("procedure") << false;
    QTest::newRow("function") << true;
}

void TestCopyProcedures::aProcedureTakesTheRows()
{
    QFETCH(bool, isFunction);
    const QString body =
        QStringLiteral("INSERT INTO dbo.t SELECT r.a * factor, coalesce(r.b, 'NULL') || r.c || r.d FROM "
                       "unnest(rows) AS r; INSERT INTO dbo.calls VALUES (cardinality(rows))");
    QCOMPARE(psql((isFunction ? QStringLiteral("CREATE FUNCTION dbo.take(rows dbo.item[], factor int) RETURNS void "
                                               "LANGUAGE sql AS $$ %1 $$")
                              : QStringLiteral("CREATE PROCEDURE dbo.take(rows dbo.item[], factor int) LANGUAGE sql AS "
                                               "$$ %1 $$"))
                      .arg(body)),
             QString());
    m_fixture->write("in.csv", "a,b,c,d\n1,x,good,1.50\n2,\"a \"\"b\"\", {c}\",bad,2\n3,,good,-3.25\n");
    CopyPlan made = planOf(byProcedure);
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 3);
    QCOMPARE(psql(QStringLiteral("SELECT string_agg(a || '=' || b, ' ' ORDER BY a) FROM dbo.t")),
             QStringLiteral("10=xgood1.50 20=a \"b\", {c}bad2.00 30=NULLgood-3.25"));
    QCOMPARE(psql(QStringLiteral("SELECT string_agg(count::text, ' ') FROM dbo.calls")), QStringLiteral("2 1"));
}

void TestCopyProcedures::aFailingProcedureChangesNothing()
{
    psql(QStringLiteral(
        "CREATE PROCEDURE dbo.take(rows dbo.item[], factor int) LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
        "dbo.t SELECT a, b FROM unnest(rows); IF rows[1].a = 3 THEN RAISE EXCEPTION 'no three'; END IF; "
        "END $$"));
    m_fixture->write("in.csv", "a,b\n1,x\n2,y\n3,z\n");
    const CopyOutcome outcome = copyNow(planOf(byProcedure));
    QVERIFY(outcome.status == Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"no three"), qPrintable(outcome.error.message));
    QCOMPARE(psql(QStringLiteral("SELECT count(*) FROM dbo.t")), QStringLiteral("0"));
}

void TestCopyProcedures::aProcedureThatDoesNotFitIsTold_data()
{
    QTest::addColumn<QString>("made");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const char *made, const char *said) {
        QTest::newRow(name) << QString::fromUtf8(made) << QString::fromUtf8(said);
    };
    row("none", "SELECT", "has no procedure or function");
    row("no such parameter", "CREATE PROCEDURE dbo.take(factor int) LANGUAGE sql AS ''", "it has no parameter “rows”");
    row("another type",
        "CREATE PROCEDURE dbo.take(rows int[], factor int) LANGUAGE sql AS ''",
        "is of type integer[], but the rows are dbo.item[]");
    row("no type", "DROP TYPE dbo.item", "There is no composite type or table “[dbo].[item]”");
    row("a commit",
        "CREATE PROCEDURE dbo.take(rows dbo.item[], factor int) LANGUAGE plpgsql AS 'BEGIN COMMIT; END'",
        "invalid transaction termination");
}

void TestCopyProcedures::aProcedureThatDoesNotFitIsTold()
{
    QFETCH(QString, made);
    QFETCH(QString, said);
    psql(made);
    m_fixture->write("in.csv", "a,b\n1,x\n");
    const CopyOutcome outcome = copyNow(planOf(byProcedure));
    QVERIFY(outcome.status == Status::Failed);
    QVERIFY2(outcome.error.message.contains(said), qPrintable(outcome.error.message));
}

void TestCopyProcedures::theRowsOfAFunctionAreRead()
{
    QCOMPARE(
        psql(QStringLiteral("CREATE FUNCTION dbo.\"Recent\"(first int, word text DEFAULT 'w') RETURNS TABLE(a bigint, "
                            "b text) LANGUAGE sql AS $$ SELECT i, word || i FROM generate_series(first, first + 2) i "
                            "$$")),
        QString());
    const CopyOutcome outcome = copyNow(reading(R"({"type":"AzureSqlSource","sqlReaderStoredProcedureName":"dbo.recent",
        "isolationLevel":"ReadCommitted","storedProcedureParameters":{"@first":{"value":"7","type":"Int32"},
        "word":{"value":"it's \\ "}}})"));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(m_fixture->rows(), QStringLiteral("7:it's \\ 7 8:it's \\ 8 9:it's \\ 9"));
}

void TestCopyProcedures::aProcedureGivesNoRows()
{
    psql(QStringLiteral("CREATE PROCEDURE dbo.p() LANGUAGE sql AS ''"));
    const CopyOutcome outcome = copyNow(reading(R"({"type":"AzureSqlSource","sqlReaderStoredProcedureName":"dbo.p"})"));
    QVERIFY(outcome.status == Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"make it a function"), qPrintable(outcome.error.message));
}

void TestCopyProcedures::partitionsAreReadWhole_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("rows");
    QTest::addColumn<int>("readers");
    const auto row = [](const char *name, const char *source, const char *rows, int readers = 1) {
        QTest::newRow(name) << QByteArray(source) << QString::fromUtf8(rows) << readers;
    };
    row("physical", R"({"partitionOption":"PhysicalPartitionsOfTable"})", "1:x 5:y 12:z", 2);
    row("range, outside its bounds too",
        R"({"partitionOption":"DynamicRange","partitionSettings":{"partitionColumnName":"a","partitionLowerBound":"2",
            "partitionUpperBound":"6"}})",
        "1:x 5:y 12:z",
        4);
    row("condition",
        R"({"partitionOption":"DynamicRange","query":
            "SELECT * FROM dbo.parted WHERE ?AdfDynamicRangePartitionCondition AND b <> 'y' ORDER BY a"})",
        "1:x 12:z");
    row("names",
        R"({"partitionOption":"PhysicalPartitionsOfTable","partitionSettings":{"partitionNames":["low","dbo.high"]}})",
        "1:x 5:y 12:z",
        2);
    row("one name", R"({"partitionSettings":{"partitionNames":["high"]}})", "12:z");
    row("a query for each",
        R"({"query":"SELECT * FROM ?AdfTabularPartitionName WHERE a > 1 -- not all",
            "partitionSettings":{"partitionNames":["low","high"]}})",
        "5:y 12:z",
        2);
    row("a query for all", R"({"query":"SELECT * FROM ?AdfTabularPartitionName WHERE a > 1 ORDER BY a"})", "5:y 12:z");
}

void TestCopyProcedures::partitionsAreReadWhole()
{
    QFETCH(QByteArray, source);
    QCOMPARE(
        psql(QStringLiteral("CREATE TABLE dbo.parted(a bigint, b text) PARTITION BY RANGE (a); CREATE TABLE dbo.low "
                            "PARTITION OF dbo.parted FOR VALUES FROM (0) TO (10); CREATE TABLE dbo.high PARTITION OF "
                            "dbo.parted FOR VALUES FROM (10) TO (20); INSERT INTO dbo.parted VALUES (1, 'x'), (5, "
                            "'y'), (12, 'z')")),
        QString());
    const CopyOutcome outcome = copyNow(reading(source.constData(), "parted"));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QStringList rows = m_fixture->rows().split(u' '); // of several readers in any order
    std::sort(rows.begin(), rows.end(), [](const QString &a, const QString &b) {
        return a.section(u':', 0, 0).toInt() < b.section(u':', 0, 0).toInt();
    });
    QTEST(rows.join(u' '), "rows");
    QTEST(int(intAt(outcome.output, "usedParallelCopies")), "readers");
}

#include "TestCopyProcedures.moc"
