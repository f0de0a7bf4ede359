#include "engine/data/DuckSession.h"
#include "engine/data/TypeConversion.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <atomic>
#include <thread>

using namespace engine;

class TestDuckSession : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryTypeExactly_data();
    void readsEveryTypeExactly();
    void refusesWhatNoTypeHolds_data();
    void refusesWhatNoTypeHolds();
    void opensNoFileButThoseNamed_data();
    void opensNoFileButThoseNamed();
    void saysWhyAStatementIsWrong();
    void givesRowsAsTheyComeInOrder();
    void endsWhenInterrupted();
};

namespace {

struct Value
{
    InterimType type = InterimType::String;
    QString text; // "NULL" when there is none
    QString refusal;
};

Value valueOf(const QString &expression)
{
    const auto session = DuckSession::open({});
    if (!session)
        return {{}, session.error().message, {}};
    const QString query = QStringLiteral("SELECT %1 AS v").arg(expression);
    const auto columns = (*session)->describe(query);
    if (!columns)
        return {{}, columns.error().message, {}};
    const auto rows =
        (*session)->query(QStringLiteral("SELECT %1 FROM (%2)").arg(columns->constFirst().expression, query));
    if (!rows)
        return {{}, rows.error().message, {}};
    DuckBatch batch;
    const Result<bool> some = (*rows)->next(batch);
    if (!some)
        return {{}, some.error().message, {}};
    Value value{columns->constFirst().type, QStringLiteral("NULL"), {}};
    if (batch.columns[0].type != value.type)
        return {{}, QStringLiteral("another type than described"), {}};
    if (!batch.refused.empty())
        value.refusal = batch.refused.front().reason;
    if (batch.columns[0].valid[0]) {
        std::string text;
        appendText(text, batch.columns[0], 0);
        value.text = QString::fromStdString(text);
    }
    return value;
}

} // namespace

void TestDuckSession::readsEveryTypeExactly_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *expression, const char *type, const char *text) {
        QTest::newRow(expression) << QString::fromUtf8(expression) << QString::fromUtf8(type)
                                  << QString::fromUtf8(text);
    };
    row("true", "Boolean", "true");
    row("(-128)::TINYINT", "SByte", "-128");
    row("255::UTINYINT", "Byte", "255");
    row("(-32768)::SMALLINT", "Int16", "-32768");
    row("65535::USMALLINT", "UInt16", "65535");
    row("2147483647::INTEGER", "Int32", "2147483647");
    row("4294967295::UINTEGER", "UInt32", "4294967295");
    row("(-9223372036854775808)::BIGINT", "Int64", "-9223372036854775808");
    row("18446744073709551615::UBIGINT", "UInt64", "18446744073709551615");
    row("0.1::FLOAT", "Single", "0.1");
    row("0.1::DOUBLE", "Double", "0.1");
    row("(-0.05)::DECIMAL(4,2)", "Decimal", "-0.05");
    row("12.50::DECIMAL(9,2)", "Decimal", "12.5");
    row("(-1234567890123456.78)::DECIMAL(18,2)", "Decimal", "-1234567890123456.78");
    row("'99999999999999999999999999999999999999'::DECIMAL(38,0)", "Decimal", "99999999999999999999999999999999999999");
    row("'-0.00000000000000000000000000000000000001'::DECIMAL(38,38)",
        "Decimal",
        "-0.00000000000000000000000000000000000001");
    row("0::DECIMAL(10,3)", "Decimal", "0");
    row("(-170141183460469231731687303715884)::HUGEINT", "Decimal", "-170141183460469231731687303715884");
    row("18446744073709551616::UHUGEINT", "Decimal", "18446744073709551616");
    row("''", "String", "");
    row("'twelve bytes'", "String", "twelve bytes");
    row("'thirteen: ärger'", "String", "thirteen: ärger");
    row("'\\x00\\xFF'::BLOB", "Byte[]", "AP8=");
    row("'00000000-0000-0000-0000-000000000001'::UUID", "Guid", "00000000-0000-0000-0000-000000000001");
    row("'fedcba98-7654-3210-0123-456789abcdef'::UUID", "Guid", "fedcba98-7654-3210-0123-456789abcdef");
    row("DATE '0001-01-01'", "DateTime", "0001-01-01T00:00:00");
    row("DATE '9999-12-31'", "DateTime", "9999-12-31T00:00:00");
    row("TIMESTAMP_S '2024-01-31 12:34:56'", "DateTime", "2024-01-31T12:34:56");
    row("TIMESTAMP_MS '1969-12-31 23:59:59.999'", "DateTime", "1969-12-31T23:59:59.999");
    row("TIMESTAMP '2024-01-31 12:34:56.123456'", "DateTime", "2024-01-31T12:34:56.123456");
    row("TIMESTAMP_NS '2024-01-31 12:34:56.1234567'", "DateTime", "2024-01-31T12:34:56.1234567");
    row("TIMESTAMPTZ '2024-01-31 12:34:56+02'", "DateTimeOffset", "2024-01-31T10:34:56+00:00");
    row("TIME '23:59:59.999999'", "TimeSpan", "23:59:59.999999");
    row("'a'::ENUM('a','b')", "String", "a");
    row("INTERVAL 3 DAY", "String", "3 days");
    row("[1,NULL,3]", "String", "[1,null,3]");
    row("{'a': 9007199254740993, 'b': 'ä'}", "String", "{\"a\":9007199254740993,\"b\":\"ä\"}");
    row("MAP {'k': 1.50::DECIMAL(38,2)}", "String", "{\"k\":1.50}");
    row("NULL::BIGINT", "Int64", "NULL");
    row("NULL", "Int32", "NULL");
}

void TestDuckSession::readsEveryTypeExactly()
{
    QFETCH(QString, expression);
    const Value value = valueOf(expression);
    QTEST(value.text, "text");
    QTEST(toString(value.type), "type");
    QCOMPARE(value.refusal, QString());
}

void TestDuckSession::refusesWhatNoTypeHolds_data()
{
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *expression, const char *reason) {
        QTest::newRow(expression) << QString::fromUtf8(expression) << QString::fromUtf8(reason);
    };
    row("TIMESTAMP_NS '2024-01-31 12:34:56.123456789'", "it has fractions of 100 ns");
    row("DATE '10000-01-01'", "it is outside the years 1 to 9999");
    row("TIMESTAMP 'infinity'", "it is outside the years 1 to 9999");
    row("DATE '0044-03-15 (BC)'", "it is outside the years 1 to 9999");
    row("170141183460469231731687303715884105727::HUGEINT", "it has more than 38 digits");
}

void TestDuckSession::refusesWhatNoTypeHolds()
{
    QFETCH(QString, expression);
    const Value value = valueOf(expression);
    QTEST(value.refusal, "reason");
    QCOMPARE(value.text, QStringLiteral("NULL"));
}

void TestDuckSession::opensNoFileButThoseNamed_data()
{
    QTest::addColumn<QString>("sql");
    const auto row = [](const char *sql) { QTest::newRow(sql) << QString::fromUtf8(sql); };
    row("SELECT * FROM read_csv('%1/other.csv')");
    row("SELECT * FROM read_text('/etc/passwd')");
    row("SELECT * FROM glob('%1/*')");
    row("COPY (SELECT 1) TO '%1/made.parquet'");
    row("ATTACH '%1/made.db'");
    row("INSTALL httpfs");
    row("LOAD '%1/evil.duckdb_extension'");
    row("SELECT * FROM read_parquet('https://localhost/a.parquet')");
    row("SET enable_external_access=true");
    row("SET memory_limit='8GB'");
    row("CREATE PERSISTENT SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')");
}

void TestDuckSession::opensNoFileButThoseNamed()
{
    QFETCH(QString, sql);
    const QTemporaryDir folder;
    QFile other(folder.filePath(QStringLiteral("other.csv")));
    QVERIFY(other.open(QIODevice::WriteOnly));
    other.write("a\n1\n");
    other.close();
    const QString named = folder.filePath(QStringLiteral("named.parquet"));
    const auto session = DuckSession::open({.files = {named}});
    QVERIFY2(session, qPrintable(session ? QString() : session.error().message));
    QVERIFY((*session)->run(QStringLiteral("COPY (SELECT 1) TO %1").arg(duckText(named))));
    if (sql.contains(u"%1"))
        sql = sql.arg(folder.path());
    QVERIFY(!(*session)->run(sql));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files),
             QStringList({QStringLiteral("named.parquet"), QStringLiteral("other.csv")}));
}

void TestDuckSession::saysWhyAStatementIsWrong()
{
    const auto session = DuckSession::open({});
    const Result<> run = (*session)->run(QStringLiteral("SELECT nothing"));
    QVERIFY(!run);
    QVERIFY(run.error().code == ErrorCode::InvalidInput);
    QVERIFY2(run.error().message.startsWith(u"Referenced column \"nothing\""), qPrintable(run.error().message));
    QVERIFY(!(*session)->describe(QStringLiteral("SELECT nothing")));
    QVERIFY(!(*session)->query(QStringLiteral("SELECT nothing")));
    const auto failing = (*session)->query(QStringLiteral("SELECT error('late') FROM range(3)"));
    DuckBatch batch;
    const Result<bool> next = failing ? (*failing)->next(batch) : Result<bool>(failing.error());
    QVERIFY(!next);
}

void TestDuckSession::givesRowsAsTheyComeInOrder()
{
    const auto session = DuckSession::open({.files = {}, .memory = 32 * 1024 * 1024});
    const auto rows =
        (*session)->query(QStringLiteral("SELECT range, repeat('x', 1000) FROM range(1000000)")); // a gigabyte of text
    QVERIFY(rows);
    DuckBatch batch;
    int64_t expected = 0;
    while (expected < 300'000) {
        const Result<bool> some = (*rows)->next(batch);
        QVERIFY(some && *some);
        for (int row = 0; row < batch.rows; ++row)
            QCOMPARE(batch.columns[0].integers[size_t(row)], expected++);
        QCOMPARE(batch.columns[1].bytes[0].size(), 1000U);
    }
}

void TestDuckSession::endsWhenInterrupted()
{
    const auto session = DuckSession::open({});
    std::atomic_bool isOver = false;
    std::thread other([&] {
        while (!isOver) {
            (*session)->interrupt();
            std::this_thread::yield();
        }
    });
    const Result<> run = (*session)->run(QStringLiteral("SELECT count(*) FROM range(100000000000) a, range(1000) b"));
    isOver = true;
    other.join();
    QVERIFY(!run);
    QVERIFY(run.error().code == ErrorCode::Cancelled);
}

SLIPWAY_TEST(TestDuckSession)
#include "TestDuckSession.moc"
