#include "engine/connectors/postgres/PostgresPartsPlan.h"
#include "tests/engine/connectors/SourceRows.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>

#include <algorithm>
#include <future>

using namespace engine;
using tests::readAll;
using tests::SourceRows;
using By = PostgresParts::By;

// Tables and queries read by several connections at once: each row once, all of one moment.
class TestPostgresParts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void rangesGiveEveryRowOnce_data();
    void rangesGiveEveryRowOnce();
    void rangesDivideTheRows();
    void partitionsGiveEveryRowOnce_data();
    void partitionsGiveEveryRowOnce();
    void whatCannotBeCutIsReadWhole_data();
    void whatCannotBeCutIsReadWhole();
    void rowsAreThoseOfOneMoment();
    void badRowsAreNumberedAmongTheOthers();
    void oneFailureEndsAllReaders();
    void stopEndsAllReaders();
    void refusesWhatMakesNoRanges_data();
    void refusesWhatMakesNoRanges();
    void unreachableServerIsTransient();

private:
    void execute(const QByteArray &sql) { VERIFY_OK(m_connection->script(sql)); }
    std::unique_ptr<ParallelSource> source(const PostgresParts &parts, const char *table = "t") const
    {
        PostgresSource::Origin whole{m_server.connection(), {}, {}, {}, {}};
        if (parts.query.isEmpty())
            whole.table = QString::fromLatin1(table);
        return std::make_unique<ParallelSource>(
            [whole, parts](const CancelToken &cancel) { return planPostgresParts(whole, parts, cancel); });
    }
    // Without their numbers, in order.
    static QStringList sorted(const SourceRows &read)
    {
        QStringList rows;
        for (const QString &row : read.rows)
            rows += row.section(u':', 1).trimmed();
        rows.sort();
        return rows;
    }
    static PostgresParts ranges(const char *column, const char *lower = "", const char *upper = "")
    {
        PostgresParts parts;
        parts.column = QString::fromUtf8(column);
        parts.lower = QString::fromLatin1(lower);
        parts.upper = QString::fromLatin1(upper);
        return parts;
    }

    tests::PostgresServer m_server;
    std::optional<PostgresConnection> m_connection;
};

SLIPWAY_TEST(TestPostgresParts)

void TestPostgresParts::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    auto opened = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(opened);
    m_connection = std::move(*opened);
    execute("CREATE TABLE t(\"Id\" bigint PRIMARY KEY, small smallint, day date, at timestamp, tz timestamptz, word "
            "text);"
            "INSERT INTO t SELECT i, (i % 7)::smallint, date '1999-12-30' + (i % 40)::integer, timestamp '2024-01-01' "
            "+ i * interval '7 hours', timestamptz '1970-03-15 12:00+05' + i * interval '1 day', 'w' || i "
            "FROM generate_series(-300, 4700) i;"
            "INSERT INTO t VALUES (9223372036854775807, NULL, NULL, NULL, NULL, NULL), (-9223372036854775808, 32767, "
            "'infinity', '-infinity', 'infinity', ''), (9001, -32768, '-infinity', 'infinity', '-infinity', 'x')");
    execute("CREATE SCHEMA dbo; CREATE TABLE dbo.parted(a bigint, b text, c text) PARTITION BY RANGE (a);"
            "CREATE TABLE dbo.low PARTITION OF dbo.parted FOR VALUES FROM (MINVALUE) TO (10) PARTITION BY RANGE (a);"
            "CREATE TABLE dbo.\"lowest 1\" PARTITION OF dbo.low FOR VALUES FROM (MINVALUE) TO (5);"
            "CREATE TABLE dbo.lower2 PARTITION OF dbo.low FOR VALUES FROM (5) TO (10);"
            "CREATE TABLE high(c text, a bigint, b text);"
            "ALTER TABLE dbo.parted ATTACH PARTITION high FOR VALUES FROM (10) TO (5000);"
            "INSERT INTO dbo.parted SELECT i, 'b' || i, 'c' || i FROM generate_series(1, 4000) i");
}

void TestPostgresParts::rangesGiveEveryRowOnce_data()
{
    QTest::addColumn<PostgresParts>("parts");
    QTest::newRow("key") << ranges("");
    QTest::newRow("whole numbers, in other letters") << ranges("id");
    QTest::newRow("bounds inside of the values") << ranges("Id", "10", "2000");
    QTest::newRow("bounds outside of them") << ranges("Id", "-99999", "99999999999999999999999999");
    QTest::newRow("few values") << ranges("small");
    QTest::newRow("dates") << ranges("day");
    QTest::newRow("moments") << ranges("at");
    QTest::newRow("moments with a zone") << ranges("tz");
    PostgresParts many = ranges("small");
    many.readers = PostgresParts::mostReaders;
    QTest::newRow("more readers than values") << many;
    PostgresParts query = ranges("day");
    query.query = QStringLiteral("SELECT * FROM t WHERE ?AdfDynamicRangePartitionCondition OR [day] <> [day]; ");
    QTest::newRow("query") << query;
    PostgresParts qualified = ranges("s.Id", "0", "4000");
    qualified.query = QStringLiteral("SELECT s.* FROM t AS s WHERE ?adfdynamicrangepartitioncondition -- all");
    qualified.column = QStringLiteral("s.[Id]");
    QTest::newRow("query, a column of one of its tables") << qualified;
}

void TestPostgresParts::rangesGiveEveryRowOnce()
{
    QFETCH(PostgresParts, parts);
    PostgresSource whole({m_server.connection(), {}, QStringLiteral("t"), {}, {}});
    const auto several = source(parts);
    const SourceRows read = readAll(*several);
    QVERIFY2(!read.error, read.error ? qPrintable(read.error->message) : "");
    QVERIFY(several->readers() > 1);
    SourceRows expected = readAll(whole);
    QCOMPARE(read.problems.size(), expected.problems.size());
    QCOMPARE(sorted(read), sorted(expected));
    QCOMPARE(read.rows.size(), 5002);
}

// Not all in one of them.
void TestPostgresParts::rangesDivideTheRows()
{
    PostgresParts parts = ranges("Id", "1", "4000");
    PostgresSource::Origin whole{m_server.connection(), {}, QStringLiteral("t"), {}, {}};
    auto planned = planPostgresParts(whole, parts, {});
    auto *const made = std::get_if<ParallelSource::Parts>(&planned);
    QVERIFY(made);
    QCOMPARE(made->parts.size(), size_t(4));
    for (const auto &part : made->parts) {
        const SourceRows read = readAll(*part({}), QList<InterimType>(6, InterimType::String));
        QVERIFY2(!read.error, read.error ? qPrintable(read.error->message) : "");
        const qsizetype rows = read.rows.size();
        QVERIFY2(rows >= 1000 && rows < 2100, QByteArray::number(rows).constData());
    }
}

void TestPostgresParts::partitionsGiveEveryRowOnce_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("readers");
    QTest::addColumn<int>("rows");
    const QString query = QStringLiteral("SELECT a, b, c FROM ?AdfTabularPartitionName WHERE a % 2 = 0");
    QTest::newRow("all, one with another order of columns") << QStringList() << QString() << 3 << 4000;
    QTest::newRow("names") << QStringList({QStringLiteral("[lowest 1]"), QStringLiteral("public.high")}) << QString()
                           << 2 << 3995;
    QTest::newRow("one") << QStringList({QStringLiteral("dbo.lower2")}) << QString() << 1 << 5;
    QTest::newRow("a query for each") << QStringList() << query << 3 << 2000;
}

void TestPostgresParts::partitionsGiveEveryRowOnce()
{
    QFETCH(QStringList, names);
    QFETCH(QString, query);
    QFETCH(int, rows);
    PostgresSource::Origin whole{m_server.connection(), QStringLiteral("dbo"), QStringLiteral("parted"), {}, {}};
    PostgresParts parts;
    parts.by = By::Partitions;
    parts.partitions = names;
    parts.query = query;
    ParallelSource several(
        [whole, parts](const CancelToken &cancel) { return planPostgresParts(whole, parts, cancel); });
    const SourceRows read = readAll(several);
    QVERIFY2(!read.error, read.error ? qPrintable(read.error->message) : "");
    QTEST(several.readers(), "readers");
    QStringList found = sorted(read);
    QCOMPARE(found.size(), rows);
    QCOMPARE(found.removeDuplicates(), 0);
    for (const QString &row : std::as_const(found)) {
        const QString number = row.section(u' ', 0, 0);
        QCOMPARE(row, QStringLiteral("%1 | 'b%1' | 'c%1'").arg(number));
    }
}

void TestPostgresParts::whatCannotBeCutIsReadWhole_data()
{
    QTest::addColumn<QByteArray>("table");
    QTest::addColumn<PostgresParts>("parts");
    QTest::addColumn<int>("rows");
    PostgresParts partitions;
    partitions.by = By::Partitions;
    PostgresParts any;
    any.by = By::Any;
    QTest::newRow("no rows") << QByteArray("CREATE TABLE u(a integer PRIMARY KEY)") << ranges("a") << 0;
    QTest::newRow("no value") << QByteArray("CREATE TABLE u(a integer); INSERT INTO u VALUES (NULL), (NULL)")
                              << ranges("a") << 2;
    QTest::newRow("one value") << QByteArray("CREATE TABLE u(a date); INSERT INTO u VALUES ('2024-01-01')")
                               << ranges("a") << 1;
    QTest::newRow("no key") << QByteArray("CREATE TABLE u(a integer); INSERT INTO u VALUES (1), (2)") << ranges("")
                            << 2;
    QTest::newRow("a key of text") << QByteArray("CREATE TABLE u(a text PRIMARY KEY); INSERT INTO u VALUES (1), (2)")
                                   << ranges("") << 2;
    QTest::newRow("no partitions") << QByteArray("CREATE TABLE u(a integer); INSERT INTO u VALUES (1), (2)")
                                   << partitions << 2;
    QTest::newRow("neither") << QByteArray("CREATE TABLE u(a integer); INSERT INTO u VALUES (1), (2)") << any << 2;
}

void TestPostgresParts::whatCannotBeCutIsReadWhole()
{
    QFETCH(QByteArray, table);
    QFETCH(PostgresParts, parts);
    execute("DROP TABLE IF EXISTS u; " + table);
    const auto one = source(parts, "u");
    const SourceRows read = readAll(*one);
    QVERIFY2(!read.error, read.error ? qPrintable(read.error->message) : "");
    QCOMPARE(one->readers(), 1);
    QTEST(int(read.rows.size()), "rows");
}

void TestPostgresParts::rowsAreThoseOfOneMoment()
{
    execute("DROP TABLE IF EXISTS u; CREATE TABLE u(a integer PRIMARY KEY); INSERT INTO u SELECT generate_series(1, "
            "5000)");
    const auto several = source(ranges("a"), "u");
    VERIFY_OK(several->open());
    execute("DELETE FROM u WHERE a > 10; INSERT INTO u SELECT generate_series(90001, 90100)");
    VERIFY_OK(several->project({{0, InterimType::Int32, {}, false}}));
    const SourceRows read = tests::readRest(*several);
    QVERIFY2(!read.error, read.error ? qPrintable(read.error->message) : "");
    QCOMPARE(read.rows.size(), 5000);
    QVERIFY(!sorted(read).contains(QStringLiteral("90001")));
    QVERIFY(sorted(read).contains(QStringLiteral("5000")));
    // Nothing of it goes on.
    QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'")),
             QStringLiteral("0"));
}

void TestPostgresParts::badRowsAreNumberedAmongTheOthers()
{
    execute("DROP TABLE IF EXISTS u; CREATE TABLE u(a integer PRIMARY KEY, b text); INSERT INTO u SELECT i, CASE WHEN "
            "i % 100 = 0 THEN 'no' ELSE i::text END FROM generate_series(1, 5000) i");
    const auto several = source(ranges("a"), "u");
    const SourceRows read = readAll(*several, {InterimType::Int32, InterimType::Int32});
    QVERIFY2(!read.error, read.error ? qPrintable(read.error->message) : "");
    QCOMPARE(read.rows.size(), 4950);
    QCOMPARE(read.problems.size(), 50);
    QList<qint64> numbers;
    for (const QString &row : read.rows)
        numbers += row.section(u':', 0, 0).toLongLong();
    for (const RowProblem &problem : read.problems) {
        numbers += problem.row;
        QCOMPARE(problem.value, QStringLiteral("no"));
        QVERIFY(problem.fields && problem.fields->at(0)->toInt() % 100 == 0);
    }
    std::sort(numbers.begin(), numbers.end());
    for (qsizetype i = 0; i < numbers.size(); ++i)
        QCOMPARE(numbers.at(i), i + 1);
}

void TestPostgresParts::oneFailureEndsAllReaders()
{
    PostgresParts parts = ranges("i", "0", "400000");
    parts.query = QStringLiteral("SELECT i, 1 / (i - 250000) AS d FROM generate_series(1, 400000) AS i WHERE "
                                 "?AdfDynamicRangePartitionCondition");
    QElapsedTimer since;
    since.start();
    const auto several = source(parts);
    const SourceRows read = readAll(*several);
    QVERIFY(read.error);
    QVERIFY2(read.error->message.contains(u"division by zero"), qPrintable(read.error->message));
    QCOMPARE(several->failureName(), QStringLiteral("SqlOperationFailed"));
}

void TestPostgresParts::stopEndsAllReaders()
{
    PostgresParts parts = ranges("i", "0", "100");
    parts.query = QStringLiteral("SELECT i, pg_sleep(600)::text FROM generate_series(1, 100) AS i WHERE "
                                 "?AdfDynamicRangePartitionCondition");
    const auto several = source(parts);
    VERIFY_OK(several->open());
    VERIFY_OK(several->project({{0, InterimType::Int32, {}, false}, {1, InterimType::String, {}, false}}));
    auto reading = std::async(std::launch::async, [&several] { return tests::readRest(*several); });
    const auto sleeping = [this] {
        return m_server.sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"));
    };
    QTRY_COMPARE(sleeping(), QStringLiteral("4"));
    QElapsedTimer sinceStop;
    sinceStop.start();
    several->stop();
    const SourceRows read = reading.get();
    const qint64 elapsed = sinceStop.elapsed();
    QVERIFY(read.error && read.error->code == ErrorCode::Cancelled);
    QVERIFY2(elapsed < 5000, QByteArray::number(elapsed).constData());
    QTRY_COMPARE(sleeping(), QStringLiteral("0"));
}

void TestPostgresParts::refusesWhatMakesNoRanges_data()
{
    QTest::addColumn<PostgresParts>("parts");
    QTest::addColumn<QString>("message");
    QTest::newRow("text") << ranges("word") << QStringLiteral("whole numbers, dates or moments");
    QTest::newRow("no such column") << ranges("nothing") << QStringLiteral("no column “nothing”");
    QTest::newRow("bounds") << ranges("Id", "one", "9") << QStringLiteral("no bounds of the partition column");
    PostgresParts unknown = ranges("Id");
    unknown.query = QStringLiteral("SELECT word FROM t WHERE ?AdfDynamicRangePartitionCondition");
    QTest::newRow("a column the query does not give") << unknown << QStringLiteral("lower and upper bound");
}

void TestPostgresParts::refusesWhatMakesNoRanges()
{
    QFETCH(PostgresParts, parts);
    QFETCH(QString, message);
    const auto columns = source(parts)->open();
    QVERIFY(!columns);
    QVERIFY2(columns.error().message.contains(message), qPrintable(columns.error().message));
    QVERIFY2(columns.error().where.startsWith(u"partitionSettings."), qPrintable(columns.error().where));
}

void TestPostgresParts::unreachableServerIsTransient()
{
    PostgresSource::Origin whole{QStringLiteral("host=/nowhere port=1 dbname=x"), {}, QStringLiteral("t"), {}, {}};
    ParallelSource several([whole](const CancelToken &cancel) { return planPostgresParts(whole, {}, cancel); });
    QVERIFY(!several.open());
    QVERIFY(several.isTransient());
    QCOMPARE(several.failureName(), QStringLiteral("SqlFailedToConnect"));
}

#include "TestPostgresParts.moc"
