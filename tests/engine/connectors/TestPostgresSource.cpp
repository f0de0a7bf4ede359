#include "engine/connectors/postgres/PostgresSource.h"
#include "tests/engine/connectors/SourceRows.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>

#include <future>

using namespace engine;
using tests::readAll;
using tests::SourceRows;

// Rows out of a PostgreSQL database: by their types, exactly or as a problem.
class TestPostgresSource : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void tableIsReadByItsTypes();
    void valueBecomesWhatIsAskedForOrAProblem_data();
    void valueBecomesWhatIsAskedForOrAProblem();
    void problemNamesRowColumnAndValue();
    void onlyWhatIsProjectedIsRead_data();
    void onlyWhatIsProjectedIsRead();
    void statementsThatCannotBeCopiedAreReadRowByRow();
    void queryIsOneReadingStatement_data();
    void queryIsOneReadingStatement();
    void missingTableIsNamed();
    void rowsAreThoseOfOneMoment();
    void batchesStaySmall();
    void stopEndsALongQuery();
    void timeoutEndsALongQuery();
    void unreachableServerIsTransient();

private:
    void execute(const QByteArray &sql) { VERIFY_OK(m_connection->script(sql)); }
    PostgresSource::Origin table(const char *name = "t") const
    {
        return {m_server.connection(), {}, QString::fromLatin1(name), {}, {}};
    }
    PostgresSource::Origin query(const char *text) const
    {
        return {m_server.connection(), {}, {}, QString::fromUtf8(text), {}};
    }

    tests::PostgresServer m_server;
    std::optional<PostgresConnection> m_connection;
};

SLIPWAY_TEST(TestPostgresSource)

void TestPostgresSource::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    auto opened = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(opened);
    m_connection = std::move(*opened);
    execute("CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN code AS varchar(3)");
}

void TestPostgresSource::tableIsReadByItsTypes()
{
    execute(
        "DROP TABLE IF EXISTS \"odd \"\" name\"; CREATE TABLE \"odd \"\" name\"(b boolean, s smallint, i integer, l "
        "bigint, f real, d double precision, n numeric(38, 10), t text, \"select\" varchar(9), c char(3), y bytea, "
        "day date, clock time, at timestamp, tz timestamptz, g uuid, j json, jb jsonb, m mood, a integer[], k code, "
        "iv interval, mo money);"
        "INSERT INTO \"odd \"\" name\" VALUES (true, -32768, 2147483647, -9223372036854775808, 0.1, 'NaN', "
        "1234567890123456789012345678.0123456789, 'Müller', '', 'a', '\\x00ff', '0001-01-01', '23:59:59.999999', "
        "'9999-12-31 23:59:59.999999', '2024-02-29 12:00:00+02', '0f8fad5b-d9cb-469f-a165-70867728950e', "
        "'{\"a\" : 1}', '{\"a\" : 1}', 'happy', '{1,NULL}', 'abc', '1 mon 2 days', 1.5), "
        "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
        "NULL, NULL, NULL, NULL, NULL, NULL)");
    PostgresSource source(table("odd \" name"));
    const auto columns = source.open();
    VERIFY_OK(columns);
    QStringList types;
    for (const SourceColumn &column : *columns)
        types.append(toString(column.type));
    QCOMPARE(types.join(u' '),
             QStringLiteral("Boolean Int16 Int32 Int64 Single Double Decimal String String String Byte[] DateTime "
                            "TimeSpan DateTime DateTimeOffset Guid String String String String String String Decimal"));
    PostgresSource again(table("odd \" name"));
    const SourceRows read = readAll(again);
    QVERIFY2(!read.error, qPrintable(read.error ? read.error->message : QString()));
    QVERIFY2(read.problems.isEmpty(), qPrintable(read.problems.isEmpty() ? QString() : read.problems.first().message));
    QCOMPARE(read.rows.size(), 2);
    QCOMPARE(read.rows.at(0),
             QStringLiteral("1: true | -32768 | 2147483647 | -9223372036854775808 | 0.1 | nan | "
                            "1234567890123456789012345678.0123456789 | 'Müller' | '' | 'a  ' | 'AP8=' | "
                            "0001-01-01T00:00:00 | 23:59:59.999999 | 9999-12-31T23:59:59.999999 | "
                            "2024-02-29T10:00:00+00:00 | 0f8fad5b-d9cb-469f-a165-70867728950e | '{\"a\" : 1}' | "
                            "'{\"a\": 1}' | 'happy' | '{1,NULL}' | 'abc' | '1 mon 2 days' | 1.5"));
    QCOMPARE(read.rows.at(1).count(QStringLiteral("NULL")), 23);
    QVERIFY(again.bytesRead() > 0);
    QCOMPARE(again.fingerprint()["database"].get<std::string>(), std::string("postgres"));
}

void TestPostgresSource::valueBecomesWhatIsAskedForOrAProblem_data()
{
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<InterimType>("type");
    QTest::addColumn<QString>("expected"); // null = a problem
    const auto row = [](const char *stored, InterimType type, const char *expected) {
        QTest::addRow("%s as %s", stored, qPrintable(toString(type)))
            << QByteArray(stored) << type << QString::fromUtf8(expected);
    };
    row("9007199254740993::bigint", InterimType::Double, nullptr);
    row("9007199254740992::bigint", InterimType::Double, "9007199254740992");
    row("256::smallint", InterimType::Byte, nullptr);
    row("0.5::float8", InterimType::Int32, nullptr);
    row("'x'::text", InterimType::Int32, nullptr);
    row("'42'::text", InterimType::Int32, "42");
    row("1.0::numeric", InterimType::Int64, "1");
    row("19.90::numeric(10,2)", InterimType::Decimal, "19.9");
    row("19.90::numeric(10,2)", InterimType::String, "'19.90'");
    row("0::numeric", InterimType::Decimal, "0");
    row("-0.0001::numeric", InterimType::Decimal, "-0.0001");
    row("0.00000001::numeric", InterimType::Decimal, "0.00000001");
    row("10000::numeric", InterimType::Decimal, "10000");
    row("-99999999999999999999999999999999999999::numeric",
        InterimType::Decimal,
        "-99999999999999999999999999999999999999");
    row("0.00000000000000000000000000000000000001::numeric",
        InterimType::Decimal,
        "0.00000000000000000000000000000000000001");
    row("1e38::numeric", InterimType::Decimal, nullptr);
    row("1e200::numeric", InterimType::Decimal, nullptr);
    row("'NaN'::numeric", InterimType::Decimal, nullptr);
    row("'NaN'::numeric", InterimType::String, "'NaN'");
    row("1e39::numeric", InterimType::String, "'1000000000000000000000000000000000000000'");
    row("'infinity'::timestamp", InterimType::DateTime, nullptr);
    row("'-infinity'::date", InterimType::DateTime, nullptr);
    row("'0001-12-31 BC'::date", InterimType::DateTime, nullptr);
    row("'5000000-01-01'::date", InterimType::DateTime, nullptr);
    row("'10000-01-01'::timestamptz", InterimType::DateTimeOffset, nullptr);
    row("'1969-07-20 20:17:40.5'::timestamp", InterimType::DateTimeOffset, "1969-07-20T20:17:40.5+00:00");
    row("'2024-02-29 12:00:00+02'::timestamptz", InterimType::DateTime, "2024-02-29T10:00:00");
    row("'-26:03:04.5'::interval", InterimType::TimeSpan, "-1.02:03:04.5");
    row("'1 day'::interval", InterimType::TimeSpan, nullptr);
    row("'1 day'::interval", InterimType::String, "'1 day'");
    row("'24:00:00'::time", InterimType::TimeSpan, "1.00:00:00");
    row("true", InterimType::Int32, "1");
    row("2::int", InterimType::Boolean, nullptr);
    row("'\\x00ff'::bytea", InterimType::String, "'AP8='");
    row("point(1, 2)", InterimType::String, "'(1,2)'");
    row("NULL::int", InterimType::String, "NULL");
    row("''::text", InterimType::String, "''");
}

void TestPostgresSource::valueBecomesWhatIsAskedForOrAProblem()
{
    QFETCH(QByteArray, stored);
    QFETCH(InterimType, type);
    QFETCH(QString, expected);
    PostgresSource source(query(QByteArray("SELECT " + stored).constData()));
    const SourceRows read = readAll(source, {type});
    QVERIFY2(!read.error, qPrintable(read.error ? read.error->message : QString()));
    QCOMPARE(read.rows, expected.isNull() ? QStringList() : QStringList(QStringLiteral("1: ") + expected));
    QCOMPARE(read.problems.size(), expected.isNull() ? 1 : 0);
}

void TestPostgresSource::problemNamesRowColumnAndValue()
{
    PostgresSource source(query("SELECT * FROM (VALUES ('x', 1.5), ('y', 'Infinity'::numeric), ('z', 3)) v(a, n)"));
    const SourceRows read = readAll(source);
    QCOMPARE(read.rows, QStringList({QStringLiteral("1: 'x' | 1.5"), QStringLiteral("3: 'z' | 3")}));
    QCOMPARE(read.problems.size(), 1);
    QCOMPARE(read.problems.first().row, 2);
    QCOMPARE(read.problems.first().column, QStringLiteral("n"));
    QCOMPARE(read.problems.first().message,
             QStringLiteral("Column 'n' contains an invalid value 'Infinity'. Cannot convert 'Infinity' to type "
                            "'Decimal': it is not a finite number (row 2)."));
}

void TestPostgresSource::onlyWhatIsProjectedIsRead_data()
{
    QTest::addColumn<QByteArray>("text"); // empty = the table
    QTest::newRow("table") << QByteArray();
    QTest::newRow("query") << QByteArray("SELECT * FROM [public].[t]");
    QTest::newRow("comment at its end") << QByteArray("SELECT * FROM t -- all of it\n ; /* really */ ");
    QTest::newRow("equal names, a type of its own") << QByteArray("SELECT a, point(1, 2) AS a, c AS a FROM t --");
    QTest::newRow("percent") << QByteArray("SELECT a, b, c, '{1}'::int[] AS \"%1\" FROM t WHERE a LIKE '%x%'");
}

void TestPostgresSource::onlyWhatIsProjectedIsRead()
{
    QFETCH(QByteArray, text);
    execute(
        "DROP TABLE IF EXISTS t; CREATE TABLE t(a text, b numeric, c text); INSERT INTO t VALUES ('x', 'NaN', 'z')");
    PostgresSource source(text.isEmpty() ? table() : query(text.constData()));
    VERIFY_OK(source.open());
    VERIFY_OK(source.project({{2, InterimType::String, {}, false}, {0, InterimType::String, {}, false}}));
    const SourceRows read = tests::readRest(source);
    QVERIFY2(!read.error, qPrintable(read.error ? read.error->message : QString()));
    QCOMPARE(read.rows, QStringList(QStringLiteral("1: 'z' | 'x'")));
}

void TestPostgresSource::statementsThatCannotBeCopiedAreReadRowByRow()
{
    PostgresSource source(query("EXPLAIN SELECT 1"));
    const SourceRows read = readAll(source);
    QVERIFY2(!read.error, qPrintable(read.error ? read.error->message : QString()));
    QCOMPARE(read.rows.size(), 1);
    QVERIFY2(read.rows.first().startsWith(u"1: 'Result"), qPrintable(read.rows.first()));
}

void TestPostgresSource::queryIsOneReadingStatement_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("two") << QByteArray("SELECT 1; DELETE FROM t") << QStringLiteral("multiple commands");
    QTest::newRow("write") << QByteArray("WITH d AS (DELETE FROM t RETURNING a) SELECT * FROM d")
                           << QStringLiteral("only reads");
    QTest::newRow("no rows") << QByteArray("COMMIT") << QStringLiteral("gives no rows");
    QTest::newRow("leaves its brackets") << QByteArray("SELECT 1) TO '/tmp/x'; --") << QStringLiteral("syntax error");
    QTest::newRow("wrong") << QByteArray("SELEKT 1") << QStringLiteral("SELEKT");
}

void TestPostgresSource::queryIsOneReadingStatement()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, named);
    execute("DROP TABLE IF EXISTS t; CREATE TABLE t(a integer); INSERT INTO t VALUES (1)");
    PostgresSource source(query(text.constData()));
    const SourceRows read = readAll(source);
    QVERIFY(read.error);
    QVERIFY2(read.error->message.contains(named), qPrintable(read.error->message));
    QCOMPARE(source.failureName(), QStringLiteral("SqlOperationFailed"));
    QVERIFY(!source.isTransient());
    PostgresSource still(table());
    QCOMPARE(readAll(still).rows.size(), 1);
}

void TestPostgresSource::missingTableIsNamed()
{
    execute("CREATE TABLE customers(a int)");
    PostgresSource source(table("costumers"));
    const auto opened = source.open();
    QVERIFY(!opened);
    QVERIFY(opened.error().code == ErrorCode::NotFound);
    QVERIFY2(opened.error().message.contains(u"customers"), qPrintable(opened.error().message));
    QCOMPARE(source.failureName(), QStringLiteral("SourceTableNotFound"));
}

void TestPostgresSource::rowsAreThoseOfOneMoment()
{
    execute("DROP TABLE IF EXISTS t; CREATE TABLE t(a integer); INSERT INTO t SELECT generate_series(1, 5000)");
    PostgresSource source(table());
    VERIFY_OK(source.open());
    execute("DELETE FROM t");
    VERIFY_OK(source.project({{0, InterimType::Int32, {}, false}}));
    const SourceRows read = tests::readRest(source);
    QVERIFY(!read.error);
    QCOMPARE(read.rows.size(), 5000);
    QCOMPARE(read.rows.last(), QStringLiteral("5000: 5000"));
}

void TestPostgresSource::batchesStaySmall()
{
    PostgresSource source(query("SELECT decode(repeat('00', 1000000), 'hex') FROM generate_series(1, 20)"));
    const SourceRows read = readAll(source);
    QCOMPARE(read.rows.size(), 20);
    QVERIFY(read.largestBatch < 6);
}

void TestPostgresSource::stopEndsALongQuery()
{
    PostgresSource source(query("SELECT pg_sleep(600)::text"));
    VERIFY_OK(source.open());
    VERIFY_OK(source.project({{0, InterimType::String, {}, false}}));
    auto reading = std::async(std::launch::async, [&source] { return tests::readRest(source); });
    QTest::qWait(100);
    QElapsedTimer sinceStop;
    sinceStop.start();
    source.stop();
    const SourceRows read = reading.get();
    const qint64 elapsed = sinceStop.elapsed();
    QVERIFY(read.error && read.error->code == ErrorCode::Cancelled);
    QVERIFY2(elapsed < 1000, QByteArray::number(elapsed).constData());
}

void TestPostgresSource::timeoutEndsALongQuery()
{
    PostgresSource::Origin origin = query("SELECT pg_sleep(600)::text");
    origin.queryTimeout = std::chrono::milliseconds(100);
    PostgresSource source(origin);
    const SourceRows read = readAll(source);
    QVERIFY(read.error && read.error->code == ErrorCode::Timeout);
    QVERIFY2(read.error->message.contains(u"queryTimeout"), qPrintable(read.error->message));
}

void TestPostgresSource::unreachableServerIsTransient()
{
    PostgresSource::Origin origin = table();
    origin.connection = QStringLiteral("host=/nowhere port=1 dbname=x");
    PostgresSource source(origin);
    QVERIFY(!source.open());
    QCOMPARE(source.failureName(), QStringLiteral("SqlFailedToConnect"));
    QVERIFY(source.isTransient());
}

#include "TestPostgresSource.moc"
