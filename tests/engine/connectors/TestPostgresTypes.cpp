#include "engine/connectors/postgres/PostgresSink.h"
#include "tests/engine/connectors/TextRows.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

using namespace engine;
using tests::TextRows;

// What a value is in a column of some type: stored exactly, or refused.
class TestPostgresTypes : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void valueIsStoredExactlyOrRefused_data();
    void valueIsStoredExactlyOrRefused();
    void typeWithoutBinaryFormIsUnsupported();
    void wrongInterimTypeIsRefused();
    void columnsAreDescribed();

private:
    void execute(const QByteArray &sql) { VERIFY_OK(m_connection->script(sql)); }

    tests::PostgresServer m_server;
    std::optional<PostgresConnection> m_connection;
};

SLIPWAY_TEST(TestPostgresTypes)

void TestPostgresTypes::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    auto opened = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(opened);
    m_connection = std::move(*opened);
    execute("SET timezone = 'UTC'; CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN age AS integer CHECK "
            "(value >= 0); "
            "CREATE DOMAIN code AS varchar(3); CREATE DOMAIN short_code AS code NOT NULL");
}

void TestPostgresTypes::valueIsStoredExactlyOrRefused_data()
{
    QTest::addColumn<QByteArray>("declared");
    QTest::addColumn<InterimType>("type");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("stored"); // as text; null = refused
    const auto row = [](const char *declared, InterimType type, const char *value, const char *stored) {
        QTest::addRow("%s: %s %s", declared, qPrintable(toString(type)), value)
            << QByteArray(declared) << type << QByteArray(value) << QString::fromUtf8(stored);
    };
    row("boolean", InterimType::Boolean, "true", "true");
    row("smallint", InterimType::Int16, "-32768", "-32768");
    row("smallint", InterimType::Int64, "32768", nullptr);
    row("integer", InterimType::Int32, "2147483647", "2147483647");
    row("integer", InterimType::Int64, "-2147483648", "-2147483648");
    row("integer", InterimType::Int64, "2147483648", nullptr);
    row("integer", InterimType::Boolean, "true", "1");
    row("bigint", InterimType::Int64, "-9223372036854775808", "-9223372036854775808");
    row("bigint", InterimType::UInt64, "9223372036854775808", nullptr);
    row("age", InterimType::Int32, "7", "7");
    row("age", InterimType::Int32, "-7", nullptr);
    row("real", InterimType::Single, "0.1", "0.1");
    row("real", InterimType::Double, "0.5", "0.5");
    row("real", InterimType::Double, "0.1", nullptr);
    row("real", InterimType::Int64, "16777216", "1.6777216e+07");
    row("real", InterimType::Int64, "16777217", nullptr);
    row("double precision", InterimType::Double, "0.30000000000000004", "0.30000000000000004");
    row("double precision", InterimType::Int64, "9007199254740993", nullptr);
    row("numeric", InterimType::Decimal, "0", "0");
    row("numeric", InterimType::Decimal, "-0.5", "-0.5");
    row("numeric", InterimType::Decimal, "1.00001", "1.00001");
    row("numeric", InterimType::Decimal, "0.00001", "0.00001");
    row("numeric", InterimType::Decimal, "10000", "10000");
    row("numeric",
        InterimType::Decimal,
        "12345678901234567890.123456789012345678",
        "12345678901234567890.123456789012345678");
    row("numeric",
        InterimType::Decimal,
        "-99999999999999999999999999999999999999",
        "-99999999999999999999999999999999999999");
    row("numeric", InterimType::UInt64, "18446744073709551615", "18446744073709551615");
    row("numeric(10,2)", InterimType::Decimal, "19.99", "19.99");
    row("numeric(10,2)", InterimType::Decimal, "19.9", "19.90");
    row("numeric(10,2)", InterimType::Decimal, "19.999", nullptr);
    row("numeric(4,2)", InterimType::Decimal, "99.99", "99.99");
    row("numeric(4,2)", InterimType::Decimal, "100", nullptr);
    row("numeric(3,-2)", InterimType::Decimal, "12300", "12300");
    row("numeric(3,-2)", InterimType::Decimal, "12345", nullptr);
    row("text", InterimType::String, "Müller \U0001F6A2", "Müller \U0001F6A2");
    row("text", InterimType::String, "", "");
    row("text", InterimType::DateTime, "2024-02-29", "2024-02-29T00:00:00");
    row("varchar(3)", InterimType::String, "äöü", "äöü");
    row("varchar(3)", InterimType::String, "äöü ", nullptr);
    row("char(3)", InterimType::String, "abcd", nullptr);
    row("code", InterimType::String, "abc", "abc");
    row("code", InterimType::String, "abcd", nullptr);
    row("mood", InterimType::String, "happy", "happy");
    row("mood", InterimType::String, "angry", nullptr);
    row("json", InterimType::String, "{\"a\" : 1}", "{\"a\" : 1}");
    row("json", InterimType::String, "{", nullptr);
    row("jsonb", InterimType::String, "{\"a\":1}", "{\"a\": 1}");
    row("jsonb", InterimType::String, "{", nullptr);
    row("bytea", InterimType::Binary, "AP8B", "\\x00ff01");
    row("date", InterimType::DateTime, "2024-02-29", "2024-02-29");
    row("date", InterimType::DateTime, "1999-12-31", "1999-12-31");
    row("date", InterimType::DateTime, "0001-01-01", "0001-01-01");
    row("date", InterimType::DateTime, "9999-12-31", "9999-12-31");
    row("date", InterimType::DateTime, "2024-02-29T00:00:01", nullptr);
    row("timestamp", InterimType::DateTime, "2024-02-29T12:34:56.123456", "2024-02-29 12:34:56.123456");
    row("timestamp", InterimType::DateTime, "1969-07-20T20:17:40.5", "1969-07-20 20:17:40.5");
    row("timestamp", InterimType::DateTime, "2024-02-29T12:34:56.1234567", nullptr);
    row("timestamp(3)", InterimType::DateTime, "2024-02-29T12:34:56.123", "2024-02-29 12:34:56.123");
    row("timestamp(3)", InterimType::DateTime, "2024-02-29T12:34:56.1234", nullptr);
    row("timestamptz", InterimType::DateTimeOffset, "2024-02-29T12:00:00+02:00", "2024-02-29 10:00:00+00");
    row("time", InterimType::TimeSpan, "23:59:59.999999", "23:59:59.999999");
    row("time", InterimType::TimeSpan, "1.00:00:00", nullptr);
    row("time", InterimType::TimeSpan, "-00:00:01", nullptr);
    row("time(0)", InterimType::TimeSpan, "00:00:00.5", nullptr);
    row("interval", InterimType::TimeSpan, "-1.02:03:04.5", "-26:03:04.5");
    row("interval", InterimType::TimeSpan, "00:00:00.0000001", nullptr);
    row("uuid", InterimType::Guid, "{0F8FAD5B-D9CB-469F-A165-70867728950E}", "0f8fad5b-d9cb-469f-a165-70867728950e");
}

void TestPostgresTypes::valueIsStoredExactlyOrRefused()
{
    QFETCH(QByteArray, declared);
    QFETCH(InterimType, type);
    QFETCH(QByteArray, value);
    QFETCH(QString, stored);
    execute("DROP TABLE IF EXISTS t; CREATE TABLE t(n serial, v " + declared + ")");
    PostgresSink sink({m_server.connection(), {}, QStringLiteral("t")});
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows({type}, {{QByteArray()}, {value}});
    const auto loaded = sink.load({1}, rows);
    if (stored.isNull()) {
        QVERIFY(!loaded);
        const auto problem = sink.rowProblem();
        QVERIFY2(problem, qPrintable(loaded.error().message));
        QCOMPARE(problem->row, 2);
        QCOMPARE(problem->line, 3);
        QVERIFY(!problem->message.isEmpty());
        if (declared != "age") // the server names no column when a domain refuses
            QCOMPARE(problem->column, QStringLiteral("v"));
        QVERIFY(!sink.isTransient());
        return;
    }
    VERIFY_OK(loaded);
    QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
    const auto read = m_connection->query("SELECT v::text FROM t ORDER BY n");
    VERIFY_OK(read);
    QCOMPARE(read->count(), 2);
    QVERIFY(read->text(0, 0).isNull());
    QCOMPARE(read->text(1, 0), stored);
}

void TestPostgresTypes::typeWithoutBinaryFormIsUnsupported()
{
    execute("DROP TABLE IF EXISTS t; CREATE TABLE t(a integer[], b point, c interval day to hour, d integer)");
    PostgresSink sink({m_server.connection(), {}, QStringLiteral("t")});
    const auto columns = sink.open({});
    VERIFY_OK(columns);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(columns->at(i).supported, i == 3);
}

void TestPostgresTypes::wrongInterimTypeIsRefused()
{
    execute("DROP TABLE IF EXISTS t; CREATE TABLE t(a date)");
    PostgresSink sink({m_server.connection(), {}, QStringLiteral("t")});
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows({InterimType::String}, {{"2024-01-01"}});
    const auto loaded = sink.load({0}, rows);
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().message.contains(u"“a” (date) takes no value of type String"),
             qPrintable(loaded.error().message));
}

void TestPostgresTypes::columnsAreDescribed()
{
    execute("DROP TABLE IF EXISTS t; CREATE TABLE t(id bigint GENERATED ALWAYS AS IDENTITY, gone text, name "
            "varchar(40) NOT NULL, "
            "d timestamp DEFAULT now(), twice bigint GENERATED ALWAYS AS (id * 2) STORED, s short_code); "
            "ALTER TABLE t DROP COLUMN gone");
    PostgresSink sink({m_server.connection(), QStringLiteral("public"), QStringLiteral("t")});
    const auto columns = sink.open({});
    VERIFY_OK(columns);
    QCOMPARE(columns->size(), 5);
    QVERIFY(columns->at(0).hasDefault && !columns->at(0).generated);
    QCOMPARE(columns->at(1).physicalType, QStringLiteral("character varying(40)"));
    QVERIFY(!columns->at(1).nullable && !columns->at(1).hasDefault);
    QVERIFY(columns->at(2).type == InterimType::DateTime);
    QVERIFY(columns->at(2).hasDefault);
    QVERIFY(columns->at(3).generated);
    QVERIFY(!columns->at(4).nullable);
    QVERIFY(columns->at(4).type == InterimType::String);
}

#include "TestPostgresTypes.moc"
