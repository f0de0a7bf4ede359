#include "engine/connectors/sqlite/SqliteSink.h"
#include "tests/engine/connectors/TextRows.h"
#include "tests/support/TestMain.h"

#include <QTemporaryDir>

using namespace engine;
using tests::TextRows;

// What a value is in a column of some declared type: stored exactly, or refused.
class TestSqliteTypes : public QObject
{
    Q_OBJECT

private slots:
    void declaredTypeProposesAnInterimType_data();
    void declaredTypeProposesAnInterimType();
    void valueIsStoredExactlyOrRefused_data();
    void valueIsStoredExactlyOrRefused();
    void nullNeedsAPlace();
};

SLIPWAY_TEST(TestSqliteTypes)

void TestSqliteTypes::declaredTypeProposesAnInterimType_data()
{
    QTest::addColumn<InterimType>("type");
    QTest::addColumn<SqliteAffinity>("affinity");
    const auto row = [](const char *declared, InterimType type, SqliteAffinity affinity) {
        QTest::newRow(declared) << type << affinity;
    };
    row("INTEGER", InterimType::Int64, SqliteAffinity::Integer);
    row("bigint", InterimType::Int64, SqliteAffinity::Integer);
    row("REAL", InterimType::Double, SqliteAffinity::Real);
    row("float", InterimType::Double, SqliteAffinity::Real);
    row("double precision", InterimType::Double, SqliteAffinity::Real);
    row("TEXT", InterimType::String, SqliteAffinity::Text);
    row("nvarchar(50)", InterimType::String, SqliteAffinity::Text);
    row("BLOB", InterimType::Binary, SqliteAffinity::None);
    row("varbinary(8)", InterimType::Binary, SqliteAffinity::Numeric);
    row("decimal(10, 2)", InterimType::Decimal, SqliteAffinity::Numeric);
    row("bit", InterimType::Boolean, SqliteAffinity::Numeric);
    row("BOOLEAN", InterimType::Boolean, SqliteAffinity::Numeric);
    row("date", InterimType::DateTime, SqliteAffinity::Numeric);
    row("datetime2(7)", InterimType::DateTime, SqliteAffinity::Numeric);
    row("timestamp(3) with time zone", InterimType::DateTimeOffset, SqliteAffinity::Numeric);
    row("time", InterimType::TimeSpan, SqliteAffinity::Numeric);
    row("uniqueidentifier", InterimType::Guid, SqliteAffinity::Numeric);
    row("STRING", InterimType::String, SqliteAffinity::Numeric);
}

void TestSqliteTypes::declaredTypeProposesAnInterimType()
{
    QFETCH(InterimType, type);
    const SqliteColumn column = sqliteColumn(QStringLiteral("a"), QString::fromLatin1(QTest::currentDataTag()));
    QCOMPARE(toString(column.column.type), toString(type));
    QTEST(column.affinity, "affinity");
}

void TestSqliteTypes::valueIsStoredExactlyOrRefused_data()
{
    QTest::addColumn<QByteArray>("declared");
    QTest::addColumn<InterimType>("type");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("stored"); // typeof and quote(); empty = refused
    const auto row = [](const char *declared, InterimType type, const char *value, const char *stored) {
        QTest::addRow("%s: %s %s", declared, qPrintable(toString(type)), value)
            << QByteArray(declared) << type << QByteArray(value) << QString::fromUtf8(stored);
    };
    row("INTEGER", InterimType::Int64, "9223372036854775807", "integer 9223372036854775807");
    row("INTEGER", InterimType::UInt64, "9223372036854775807", "integer 9223372036854775807");
    row("INTEGER", InterimType::UInt64, "9223372036854775808", "");
    row("TEXT", InterimType::UInt64, "18446744073709551615", "text '18446744073709551615'");
    row("", InterimType::UInt64, "18446744073709551615", "text '18446744073709551615'");
    row("REAL", InterimType::Int64, "9007199254740992", "real 9007199254740992.0");
    row("REAL", InterimType::Int64, "9007199254740993", "");
    row("REAL", InterimType::UInt64, "18446744073709551615", "");
    row("TEXT", InterimType::Int64, "-5", "text '-5'");
    row("INTEGER", InterimType::Boolean, "true", "integer 1");
    row("REAL", InterimType::Double, "0.1", "real 0.1");
    row("REAL", InterimType::Double, "-1e300", "real -1.0e+300");
    row("INTEGER", InterimType::Double, "2.5", "real 2.5");
    row("TEXT", InterimType::Double, "0.30000000000000004", "text '0.30000000000000004'");
    row("TEXT", InterimType::Single, "0.1", "text '0.1'");
    row("TEXT", InterimType::Decimal, "12345678901234567890.123456789", "text '12345678901234567890.123456789'");
    row("decimal(10,2)", InterimType::Decimal, "19.99", "real 19.99");
    row("decimal(10,2)", InterimType::Decimal, "20", "integer 20");
    row("decimal(30)", InterimType::Decimal, "9223372036854775807", "integer 9223372036854775807");
    row("decimal(30)", InterimType::Decimal, "9223372036854775808", "");
    row("decimal(30)", InterimType::Decimal, "1000000000000000000000", "real 1.0e+21");
    row("decimal(30,10)", InterimType::Decimal, "1234567.1234567891", "");
    row("REAL", InterimType::Decimal, "9007199254740993", "");
    row("TEXT", InterimType::String, "007", "text '007'");
    row("STRING", InterimType::String, "abc", "text 'abc'");
    row("STRING", InterimType::String, "7", "integer 7");
    row("STRING", InterimType::String, "007", "");
    row("STRING", InterimType::String, " 7", "");
    row("STRING", InterimType::String, "1e3", "");
    row("STRING", InterimType::String, "nan", "text 'nan'");
    row("STRING", InterimType::String, "infinity", "text 'infinity'");
    row("TEXT", InterimType::String, "", "text ''");
    row("BLOB", InterimType::Binary, "AP8B", "blob X'00FF01'");
    row("TEXT", InterimType::Binary, "AP8B", "blob X'00FF01'");
    row("date", InterimType::DateTime, "2024-02-29", "text '2024-02-29'");
    row("date", InterimType::DateTime, "2024-02-29T12:00:00", "text '2024-02-29 12:00:00'");
    row("datetime", InterimType::DateTime, "2024-02-29T00:00:00", "text '2024-02-29 00:00:00'");
    row("datetime2", InterimType::DateTime, "2024-02-29T12:34:56.1234567", "text '2024-02-29 12:34:56.1234567'");
    row("TEXT", InterimType::DateTime, "0001-01-01", "text '0001-01-01 00:00:00'");
    row("datetimeoffset", InterimType::DateTimeOffset, "2024-02-29T12:00:00+02:00", "text '2024-02-29 12:00:00+02:00'");
    row("time", InterimType::TimeSpan, "-1.02:03:04.5", "text '-1.02:03:04.5'");
    row("uuid",
        InterimType::Guid,
        "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
        "text '0f8fad5b-d9cb-469f-a165-70867728950e'");
}

void TestSqliteTypes::valueIsStoredExactlyOrRefused()
{
    QFETCH(QByteArray, declared);
    QFETCH(InterimType, type);
    QFETCH(QByteArray, value);
    QFETCH(QString, stored);
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("types.db"));
    auto database = Database::open(file);
    VERIFY_OK(database);
    VERIFY_OK(database->exec("CREATE TABLE t(\"the value\" " + declared + ")"));
    SqliteSink sink({file, {}, QStringLiteral("t")});
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows({type}, {{QByteArray()}, {value}});
    const auto loaded = sink.load({0}, rows);
    if (stored.isEmpty()) {
        QVERIFY(!loaded);
        const auto problem = sink.rowProblem();
        QVERIFY(problem);
        QCOMPARE(problem->code, QStringLiteral("UserErrorInvalidDataValue"));
        QCOMPARE(problem->row, 2);
        QCOMPARE(problem->line, 3);
        QCOMPARE(problem->column, QStringLiteral("the value"));
        QCOMPARE(problem->value, QString::fromUtf8(value));
        QVERIFY2(problem->message.contains(QString::fromUtf8(value)), qPrintable(problem->message));
        return;
    }
    VERIFY_OK(loaded);
    QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
    QCOMPARE(database->text("SELECT typeof(\"the value\") || ' ' || quote(\"the value\") FROM t WHERE rowid = 2")
                 ->value_or(QString()),
             stored);
    QCOMPARE(database->integer("SELECT count(*) FROM t WHERE \"the value\" IS NULL")->value_or(-1), 1);
}

void TestSqliteTypes::nullNeedsAPlace()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("types.db"));
    auto database = Database::open(file);
    VERIFY_OK(database);
    VERIFY_OK(database->exec("CREATE TABLE t(id INTEGER PRIMARY KEY, b TEXT)"));
    SqliteSink sink({file, {}, QStringLiteral("t")});
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows({InterimType::Int64}, {{"1"}, {QByteArray()}});
    QVERIFY(!sink.load({0}, rows)); // SQLite would invent a number
    QCOMPARE(sink.rowProblem()->row, 2);
    QCOMPARE(sink.rowProblem()->column, QStringLiteral("id"));
}

#include "TestSqliteTypes.moc"
