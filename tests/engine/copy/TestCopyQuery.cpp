#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

// Copies from a table or query of one database into a table of another.
class TestCopyQuery : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void sqliteToPostgresKeepsEveryValue();
    void postgresToSqliteKeepsEveryValue();
    void postgresToPostgresAndBack();
    void sqliteIntoTheSameFile();
    void valueThatDoesNotFitFailsTheLoad_data();
    void valueThatDoesNotFitFailsTheLoad();
    void missingTableIsTheSourcesFault();
    void emptyResultDoesNotReplaceTheRows();
    void cancelEndsTheQuery_data();
    void cancelEndsTheQuery();
    void failingSinkEndsTheQuery();

private:
    QString sql(const QString &statements) const { return m_server.sql(statements); }
    CopyPlan plan(CopySource source, CopySink sink) const
    {
        CopyPlan made;
        made.source = std::move(source);
        made.sink = std::move(sink);
        return made;
    }
    SqliteQuerySource sqliteTable(const char *table) const
    {
        return {m_fixture->path("sink.db"), QStringLiteral("dbo"), QString::fromLatin1(table), {}, {}};
    }
    SqliteQuerySource sqliteQuery(const char *query) const
    {
        return {m_fixture->path("sink.db"), {}, {}, QString::fromLatin1(query), {}};
    }
    PostgresQuerySource postgresTable(const char *table) const
    {
        return {m_server.connection(), QStringLiteral("dbo"), QString::fromLatin1(table), {}, {}};
    }
    PostgresQuerySource postgresQuery(const char *query) const
    {
        return {m_server.connection(), {}, {}, QString::fromLatin1(query), {}};
    }
    SqliteTableSink intoSqlite(const char *table) const
    {
        return {m_fixture->path("sink.db"), QStringLiteral("dbo"), QString::fromLatin1(table)};
    }
    PostgresTableSink intoPostgres(const char *table) const
    {
        return {m_server.connection(), QStringLiteral("dbo"), QString::fromLatin1(table)};
    }

    tests::PostgresServer m_server;
    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestCopyQuery)

void TestCopyQuery::initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.error())); }

void TestCopyQuery::init()
{
    m_fixture = std::make_unique<CopyFixture>();
    QCOMPARE(sql(QStringLiteral("SET client_min_messages = error; DROP SCHEMA IF EXISTS dbo CASCADE; CREATE SCHEMA "
                                "dbo; CREATE TABLE dbo.t(a bigint, b text); "
                                "INSERT INTO dbo.t VALUES (-1, 'old'), (-2, 'older')")),
             QString());
}

void TestCopyQuery::sqliteToPostgresKeepsEveryValue()
{
    m_fixture->execute("CREATE TABLE v(id INTEGER, l BIGINT, d DOUBLE, n DECIMAL(38,18), s TEXT, y BLOB, g UUID, t "
                       "DATETIME, o DATETIMEOFFSET, f BOOLEAN, e);"
                       "INSERT INTO v VALUES (1, 9223372036854775807, 0.1, 0.5, '', x'', "
                       "'0F8FAD5B-D9CB-469F-A165-70867728950E', '9999-12-31 23:59:59.999999', '2024-02-29 "
                       "12:34:56.123456+02:00', 1, '12345678901234567890.123456789012345678'), "
                       "(2, -9223372036854775808, 1.7976931348623157e308, -1, 'a\tb\n\"c\" \\N', x'00ff5c0a', NULL, "
                       "'0001-01-01', '1969-07-20 20:17:40Z', 0, 7), "
                       "(3, NULL, 5e-324, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
    QCOMPARE(sql(QStringLiteral("CREATE TABLE dbo.v(id int, l bigint, d double precision, n numeric(38,18), s text, y "
                                "bytea, g uuid, t timestamp, o timestamptz, f boolean, e numeric)")),
             QString());
    const CopyOutcome outcome = copyNow(plan(sqliteTable("v"), intoPostgres("v")));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 3);
    QVERIFY(outcome.counts.dataRead > 0);
    QCOMPARE(outcome.output["filesRead"].get<int>(), 0);
    QCOMPARE(sql(QStringLiteral("SET timezone = 'UTC'; SELECT l, d, n, s IS NULL, length(s), y, g, t, o, f, e FROM "
                                "dbo.v WHERE id <> 2 ORDER BY id")),
             QStringLiteral("9223372036854775807|0.1|0.500000000000000000|f|0|\\x|0f8fad5b-d9cb-469f-a165-70867728950e|"
                            "9999-12-31 23:59:59.999999|2024-02-29 10:34:56.123456+00|t|"
                            "12345678901234567890.123456789012345678\n|5e-324||t|||||||"));
    QCOMPARE(sql(QStringLiteral("SET timezone = 'UTC'; SELECT l, d, n, quote_literal(s), y, g IS NULL, t, o, f, e FROM "
                                "dbo.v WHERE id = 2")),
             QStringLiteral("-9223372036854775808|1.7976931348623157e+308|-1.000000000000000000|E'a\tb\n\"c\" "
                            "\\\\N'|\\x00ff5c0a|t|0001-01-01 00:00:00|1969-07-20 20:17:40+00|f|7"));
}

void TestCopyQuery::postgresToSqliteKeepsEveryValue()
{
    QCOMPARE(
        sql(QStringLiteral(
            "CREATE TABLE dbo.v(id int, l bigint, d double precision, n numeric(38,18), s text, y bytea, g uuid, t "
            "timestamp, o timestamptz, f boolean, j jsonb, a int[]);"
            "INSERT INTO dbo.v VALUES (1, 9223372036854775807, 0.1, "
            "'12345678901234567890.123456789012345678', '', '', '0f8fad5b-d9cb-469f-a165-70867728950e', "
            "'9999-12-31 23:59:59.999999', '2024-02-29 12:34:56.123456+02', true, '{\"a\": 1}', '{1,NULL}'), "
            "(2, -9223372036854775808, 5e-324, 0.5, E'a\\tb\\n\\\\N', '\\x00ff5c0a', NULL, '0001-01-01', "
            "'1969-07-20 20:17:40Z', false, 'null', '{}'); INSERT INTO dbo.v(id) VALUES (3)")),
        QString());
    m_fixture->execute("CREATE TABLE v(id INTEGER, l BIGINT, d DOUBLE, n TEXT, s TEXT, y BLOB, g UUID, t DATETIME, o "
                       "DATETIMEOFFSET, f BOOLEAN, j TEXT, a TEXT)");
    const CopyOutcome outcome = copyNow(plan(postgresTable("v"), intoSqlite("v")));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 3);
    const QByteArray all =
        "SELECT group_concat(quote(l) || quote(d) || quote(n) || quote(s) || quote(y) || quote(g) || "
        "quote(t) || quote(o) || quote(f) || quote(j) || quote(a), char(10)) FROM (SELECT * FROM v "
        "WHERE id = %1)";
    QCOMPARE(m_fixture->text(QByteArray(all).replace("%1", "1")),
             QStringLiteral("92233720368547758070.1'12345678901234567890.123456789012345678'''X"
                            "'''0f8fad5b-d9cb-469f-a165-70867728950e''9999-12-31 23:59:59.999999''2024-02-29 "
                            "10:34:56.123456+00:00'1'{\"a\": 1}''{1,NULL}'"));
    QCOMPARE(m_fixture->text(QByteArray(all).replace("%1", "3")),
             QStringLiteral("NULLNULLNULLNULLNULLNULLNULLNULLNULLNULLNULL"));
    QCOMPARE(m_fixture->text("SELECT l || typeof(d) || (d = 5e-324) || n || hex(s) || quote(y) || t || o || f FROM v "
                             "WHERE id = 2"),
             QStringLiteral(
                 "-9223372036854775808real10.5000000000000000006109620A5C4EX'00FF5C0A'0001-01-01 00:00:001969-07-20 "
                 "20:17:40+00:000"));
}

// A type that only the text of one and the reader of the other know: an interval, an enum.
void TestCopyQuery::postgresToPostgresAndBack()
{
    QCOMPARE(
        sql(QStringLiteral(
            "CREATE TYPE dbo.mood AS ENUM ('sad', 'happy'); CREATE TABLE dbo.v(iv interval, m dbo.mood, c char(3), "
            "n numeric(10,2), clock time); CREATE TABLE dbo.w(LIKE dbo.v);"
            "INSERT INTO dbo.v VALUES ('-26:03:04.5', 'happy', 'a', 19.9, '23:59:59.999999')")),
        QString());
    const CopyOutcome outcome = copyNow(plan(postgresTable("v"), intoPostgres("w")));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM dbo.v JOIN dbo.w USING (iv, m, c, n, clock)")),
             QStringLiteral("1"));
}

// The file has one writer, and the rows are read before it commits.
void TestCopyQuery::sqliteIntoTheSameFile()
{
    for (const char *journal : {"wal", "delete"}) {
        m_fixture->execute(QByteArray("PRAGMA journal_mode=") + journal
                           + "; DROP TABLE IF EXISTS u; CREATE TABLE u(a INTEGER, b TEXT)");
        const CopyOutcome outcome = copyNow(plan(sqliteTable("t"), intoSqlite("u")));
        QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
        QCOMPARE(m_fixture->text("SELECT group_concat(a || b) FROM u"), QStringLiteral("-1old,-2older"));
    }
}

void TestCopyQuery::valueThatDoesNotFitFailsTheLoad_data()
{
    QTest::addColumn<bool>("fromSqlite");
    QTest::newRow("from SQLite") << true;
    QTest::newRow("from PostgreSQL") << false;
}

void TestCopyQuery::valueThatDoesNotFitFailsTheLoad()
{
    QFETCH(bool, fromSqlite);
    const char *values = "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y' UNION ALL SELECT 3.5, 'z' ORDER BY 1";
    CopyPlan made =
        fromSqlite ? plan(sqliteQuery(values), intoPostgres("t")) : plan(postgresQuery(values), intoSqlite("t"));
    made.preCopyScript = QStringLiteral("delete from dbo.t");
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorInvalidDataValue"));
    QCOMPARE(outcome.error.details["row"].get<int>(), 3);
    QVERIFY(!outcome.error.details.contains("line"));
    QCOMPARE(outcome.error.details["column"].get<std::string>(), std::string("a"));
    QCOMPARE(outcome.error.details["value"].get<std::string>(), std::string("3.5"));
    QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM dbo.t")), QStringLiteral("2"));
    QCOMPARE(m_fixture->rows(), QStringLiteral("-1:old -2:older"));
}

void TestCopyQuery::missingTableIsTheSourcesFault()
{
    for (const CopySource &source : {CopySource(sqliteTable("nowhere")), CopySource(postgresTable("nowhere"))}) {
        const CopyOutcome outcome = copyNow(plan(source, intoSqlite("t")));
        QVERIFY(outcome.status == Status::Failed);
        QCOMPARE(outcome.error.errorCode, QStringLiteral("SourceTableNotFound"));
        QVERIFY(!outcome.transient);
    }
}

void TestCopyQuery::emptyResultDoesNotReplaceTheRows()
{
    CopyPlan made = plan(postgresQuery("SELECT 1 AS a WHERE false"), intoSqlite("t"));
    made.preCopyScript = QStringLiteral("delete from dbo.t");
    const CopyOutcome outcome = copyNow(made);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("EmptySource"));
    QVERIFY2(outcome.error.message.contains(u"the query"), qPrintable(outcome.error.message));
    QCOMPARE(m_fixture->rows(), QStringLiteral("-1:old -2:older"));
}

void TestCopyQuery::cancelEndsTheQuery_data()
{
    QTest::addColumn<bool>("fromSqlite");
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("SQLite at work") << true
                                    << QByteArray("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                                  "SELECT sum(i) AS a FROM n");
    QTest::newRow("SQLite with rows") << true
                                      << QByteArray("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                                    "SELECT i AS a FROM n");
    QTest::newRow("PostgreSQL at work") << false << QByteArray("SELECT 1 AS a FROM pg_sleep(600)");
    QTest::newRow("PostgreSQL with rows") << false << QByteArray("SELECT generate_series(1, 2000000000) AS a");
}

void TestCopyQuery::cancelEndsTheQuery()
{
    QFETCH(bool, fromSqlite);
    QFETCH(QByteArray, query);
    const CopySource source =
        fromSqlite ? CopySource(sqliteQuery(query.constData())) : CopySource(postgresQuery(query.constData()));
    CancelToken cancel;
    CopyHooks hooks;
    QElapsedTimer sinceStart;
    sinceStart.start();
    qint64 cancelledAt = 0;
    hooks.progress = [&](const CopyProgress &) {
        if (cancelledAt == 0 && sinceStart.elapsed() > 300) {
            cancelledAt = sinceStart.elapsed();
            cancel.cancel();
        }
    };
    const CopyOutcome outcome = copyNow(plan(source, intoSqlite("t")), CopyFixture::identity(), hooks, cancel);
    const qint64 elapsed = sinceStart.elapsed() - cancelledAt;
    QVERIFY2(outcome.status == Status::Cancelled, described(outcome).constData());
    QVERIFY2(elapsed < 2000, QByteArray::number(elapsed).constData());
    QCOMPARE(m_fixture->rows(), QStringLiteral("-1:old -2:older"));
    if (!fromSqlite)
        QTRY_COMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'slipway'")),
                     QStringLiteral("0"));
}

// The reader is not waited for when nobody wants its rows any more.
void TestCopyQuery::failingSinkEndsTheQuery()
{
    m_fixture->execute("CREATE UNIQUE INDEX u ON t(a)");
    QElapsedTimer elapsed;
    elapsed.start();
    const CopyOutcome outcome =
        copyNow(plan(postgresQuery("SELECT 7 AS a FROM generate_series(1, 3000) UNION ALL SELECT 8 FROM pg_sleep(600)"),
                     intoSqlite("t")));
    QVERIFY(outcome.status == Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorSinkConstraint"));
    QVERIFY(elapsed.elapsed() < 60'000);
}

#include "TestCopyQuery.moc"
