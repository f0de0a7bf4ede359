#include "engine/connectors/sqlite/SqliteSource.h"
#include "tests/engine/connectors/SourceRows.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <future>

using namespace engine;
using tests::readAll;
using tests::SourceRows;

// Rows out of a SQLite file: each value by its own type, exactly or as a problem.
class TestSqliteSource : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void tableIsReadAsDeclared();
    void valueBecomesWhatIsAskedForOrAProblem_data();
    void valueBecomesWhatIsAskedForOrAProblem();
    void problemNamesRowColumnAndValue();
    void onlyWhatIsProjectedIsRead();
    void queryIsOneReadingStatement_data();
    void queryIsOneReadingStatement();
    void missingTableIsNamed();
    void rowsAreThoseOfOneMoment();
    void viewComesInItsOrder();
    void tableMayHaveManyColumns();
    void batchesStaySmall();
    void stopEndsALongQuery();
    void timeoutEndsALongQuery();
    void lockedDatabaseIsTransient();

private:
    void execute(const QByteArray &sql)
    {
        auto database = Database::open(file());
        VERIFY_OK(database);
        VERIFY_OK(database->exec(sql));
    }
    QString file() const { return m_folder->filePath(QStringLiteral("a.db")); }
    SqliteSource::Origin table(const char *name = "t") const
    {
        SqliteSource::Origin origin;
        origin.file = file();
        origin.schema = QStringLiteral("dbo");
        origin.table = QString::fromLatin1(name);
        return origin;
    }
    SqliteSource::Origin query(const char *text) const
    {
        SqliteSource::Origin origin;
        origin.file = file();
        origin.query = QString::fromUtf8(text);
        return origin;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    const char *m_endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n";
};

SLIPWAY_TEST(TestSqliteSource)

void TestSqliteSource::init() { m_folder = std::make_unique<QTemporaryDir>(); }

void TestSqliteSource::tableIsReadAsDeclared()
{
    execute(
        "PRAGMA journal_mode=wal; CREATE TABLE \"odd \"\" name\"(i INTEGER, r REAL, s TEXT, b BLOB, d DECIMAL(38), "
        "flag BOOLEAN, t DATETIME, o DATETIMEOFFSET, g UUID, \"select\" TEXT, twice AS (i * 2));"
        "INSERT INTO \"odd \"\" name\" VALUES (9223372036854775807, 0.1, 'Müller', x'00ff', 12.5, 1, "
        "'2024-02-29 12:34:56.1234567', '2024-02-29 12:34:56.1234567+02:00', "
        "'0f8fad5b-d9cb-469f-a165-70867728950e', 'x'), (-9223372036854775808, -1e300, '', x'', NULL, 0, NULL, NULL, "
        "NULL, NULL)");
    SqliteSource source(table("odd \" name"));
    const auto columns = source.open();
    VERIFY_OK(columns);
    QStringList names;
    for (const SourceColumn &column : *columns)
        names.append(column.name + u' ' + toString(column.type));
    QCOMPARE(names.join(QStringLiteral(", ")),
             QStringLiteral("i Int64, r Double, s String, b Byte[], d Decimal, flag Boolean, t DateTime, o "
                            "DateTimeOffset, g Guid, select String, twice String"));
    SqliteSource again(table("odd \" name"));
    const SourceRows read = readAll(again);
    QVERIFY2(!read.error && read.problems.isEmpty(), qPrintable(read.error ? read.error->message : QString()));
    QCOMPARE(read.rows.size(), 2);
    QCOMPARE(read.rows.at(0),
             QStringLiteral("1: 9223372036854775807 | 0.1 | 'Müller' | 'AP8=' | 12.5 | true | "
                            "2024-02-29T12:34:56.1234567 | 2024-02-29T12:34:56.1234567+02:00 | "
                            "0f8fad5b-d9cb-469f-a165-70867728950e | 'x' | '18446744073709551616'"));
    QCOMPARE(read.rows.at(1),
             QStringLiteral("2: -9223372036854775808 | -1e+300 | '' | '' | NULL | false | NULL | NULL | NULL | NULL | "
                            "'-18446744073709551616'"));
    QVERIFY(again.bytesRead() > 0);
    QCOMPARE(again.fingerprint()["table"].get<std::string>(), std::string("dbo.odd \" name"));
}

void TestSqliteSource::valueBecomesWhatIsAskedForOrAProblem_data()
{
    QTest::addColumn<QByteArray>("declared");
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<InterimType>("type");
    QTest::addColumn<QString>("expected"); // null = a problem
    const auto row = [](const char *declared, const char *stored, InterimType type, const char *expected) {
        QTest::addRow("%s %s as %s", declared, stored, qPrintable(toString(type)))
            << QByteArray(declared) << QByteArray(stored) << type << QString::fromUtf8(expected);
    };
    row("INTEGER", "'abc'", InterimType::Int64, nullptr);
    row("", "'42'", InterimType::Int64, "42");
    row("INTEGER", "1.5", InterimType::Int64, nullptr);
    row("INTEGER", "1.5", InterimType::Double, "1.5");
    row("INTEGER", "9007199254740993", InterimType::Double, nullptr);
    row("INTEGER", "2147483648", InterimType::Int32, nullptr);
    row("REAL", "3", InterimType::Int32, "3");
    row("REAL", "0.1", InterimType::Decimal, "0.1");
    row("TEXT",
        "'12345678901234567890.123456789012345678'",
        InterimType::Decimal,
        "12345678901234567890.123456789012345678");
    row("BOOLEAN", "2", InterimType::Boolean, nullptr);
    row("DATE", "'2024-02-30'", InterimType::DateTime, nullptr);
    row("DATE", "1709164800", InterimType::DateTime, nullptr);
    row("BLOB", "x'00ff'", InterimType::Int64, nullptr);
    row("BLOB", "'AP8='", InterimType::Binary, nullptr);
    row("TEXT", "'AP8='", InterimType::Binary, "'AP8='");
    row("TEXT", "x'00ff'", InterimType::Binary, "'AP8='");
    row("TEXT", "CAST(x'ff' AS TEXT)", InterimType::String, nullptr);
    row("TEXT", "''", InterimType::String, "''");
    row("TEXT", "''", InterimType::Int64, nullptr);
    row("TEXT", "NULL", InterimType::Int64, "NULL");
}

void TestSqliteSource::valueBecomesWhatIsAskedForOrAProblem()
{
    QFETCH(QByteArray, declared);
    QFETCH(QByteArray, stored);
    QFETCH(InterimType, type);
    QFETCH(QString, expected);
    execute("CREATE TABLE t(v " + declared + "); INSERT INTO t VALUES (" + stored + ")");
    SqliteSource source(table());
    const SourceRows read = readAll(source, {type});
    QVERIFY2(!read.error, qPrintable(read.error ? read.error->message : QString()));
    QCOMPARE(read.problems.size(), expected.isNull() ? 1 : 0);
    QCOMPARE(read.rows, expected.isNull() ? QStringList() : QStringList(QStringLiteral("1: ") + expected));
}

void TestSqliteSource::problemNamesRowColumnAndValue()
{
    execute("CREATE TABLE t(a TEXT, n INTEGER); INSERT INTO t VALUES ('x', 1), ('y', 'two'), ('z', 3)");
    SqliteSource source(table());
    const SourceRows read = readAll(source);
    QCOMPARE(read.rows, QStringList({QStringLiteral("1: 'x' | 1"), QStringLiteral("3: 'z' | 3")}));
    QCOMPARE(read.problems.size(), 1);
    const RowProblem &problem = read.problems.first();
    QCOMPARE(problem.code, QStringLiteral("UserErrorInvalidDataValue"));
    QCOMPARE(problem.row, 2);
    QCOMPARE(problem.line, 0);
    QCOMPARE(problem.column, QStringLiteral("n"));
    QCOMPARE(problem.value, QStringLiteral("two"));
    QCOMPARE(problem.message,
             QStringLiteral("Column 'n' contains an invalid value 'two'. Cannot convert 'two' to type 'Int64': it is "
                            "not a whole number (row 2)."));
}

void TestSqliteSource::onlyWhatIsProjectedIsRead()
{
    execute("CREATE TABLE t(a TEXT, b INTEGER, c TEXT); INSERT INTO t VALUES ('x', 'bad', 'z')");
    for (const SqliteSource::Origin &origin : {table(), query("SELECT * FROM dbo.t -- all of it\n ; ")}) {
        SqliteSource source(origin);
        VERIFY_OK(source.open());
        VERIFY_OK(source.project({{2, InterimType::String, {}, false}, {0, InterimType::String, {}, false}}));
        QCOMPARE(tests::readRest(source).rows, QStringList(QStringLiteral("1: 'z' | 'x'")));
    }
}

void TestSqliteSource::queryIsOneReadingStatement_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("two") << QByteArray("SELECT 1; DELETE FROM t") << QStringLiteral("one statement");
    QTest::newRow("write") << QByteArray("DELETE FROM t RETURNING a") << QStringLiteral("only reads");
    QTest::newRow("no rows") << QByteArray("BEGIN") << QStringLiteral("gives no rows");
    QTest::newRow("attach") << QByteArray("ATTACH 'x.db' AS x") << QStringLiteral("ATTACH");
    QTest::newRow("parameter") << QByteArray("SELECT * FROM t WHERE a = :a") << QStringLiteral("parameter");
    QTest::newRow("wrong") << QByteArray("SELEKT 1") << QStringLiteral("SELEKT");
    QTest::newRow("nothing") << QByteArray("-- only this") << QStringLiteral("no SQL statement");
}

void TestSqliteSource::queryIsOneReadingStatement()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, named);
    execute("CREATE TABLE t(a INTEGER); INSERT INTO t VALUES (1)");
    SqliteSource source(query(text.constData()));
    const auto opened = source.open();
    QVERIFY(!opened);
    QVERIFY2(opened.error().message.contains(named), qPrintable(opened.error().message));
    QCOMPARE(source.failureName(), QStringLiteral("SqlOperationFailed"));
    QVERIFY(!source.isTransient());
    SqliteSource still(table());
    QCOMPARE(readAll(still).rows.size(), 1);
}

void TestSqliteSource::missingTableIsNamed()
{
    execute("CREATE TABLE customers(a)");
    SqliteSource source(table("costumers"));
    const auto opened = source.open();
    QVERIFY(!opened);
    QVERIFY(opened.error().code == ErrorCode::NotFound);
    QVERIFY2(opened.error().message.contains(u"customers"), qPrintable(opened.error().message));
    QCOMPARE(source.failureName(), QStringLiteral("SourceTableNotFound"));
    SqliteSource::Origin nowhere = table();
    nowhere.file += QStringLiteral(".gone");
    SqliteSource gone(nowhere);
    QVERIFY(!gone.open());
    QCOMPARE(gone.failureName(), QStringLiteral("SqlFailedToConnect"));
}

void TestSqliteSource::rowsAreThoseOfOneMoment()
{
    execute("PRAGMA journal_mode=wal; CREATE TABLE t(a INTEGER); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + "
            "1 FROM n WHERE i < 5000) INSERT INTO t SELECT i FROM n");
    SqliteSource source(table());
    VERIFY_OK(source.open());
    execute("UPDATE t SET a = 0; DELETE FROM t WHERE rowid % 2");
    VERIFY_OK(source.project({{0, InterimType::Int64, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(source.read(batch)));
    SourceRows rest = tests::readRest(source);
    QCOMPARE(rest.rows.size() + batch.rows, 5000);
    QCOMPARE(rest.rows.last(), QStringLiteral("5000: 5000"));
}

void TestSqliteSource::viewComesInItsOrder()
{
    execute("CREATE TABLE t(a INTEGER); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
            "INSERT INTO t SELECT i * 7919 % 9001 FROM n; CREATE VIEW v AS SELECT a FROM t ORDER BY a DESC");
    SqliteSource source(table("v"));
    const SourceRows read = readAll(source);
    QVERIFY(!read.error && read.problems.isEmpty());
    QCOMPARE(read.rows.size(), 9000);
    for (int i = 0; i < 9000; ++i)
        QCOMPARE(read.rows.at(i), QStringLiteral("%1: %2").arg(i + 1).arg(9000 - i));
}

void TestSqliteSource::tableMayHaveManyColumns()
{
    QStringList names;
    for (int i = 0; i < 1500; ++i)
        names.append(QStringLiteral("c%1").arg(i));
    const QByteArray declared = names.join(QStringLiteral(", ")).toUtf8();
    execute("CREATE TABLE t(" + declared + "); INSERT INTO t(c0, c1499) VALUES (1, 2), (3, 4)");
    SqliteSource source(table());
    const SourceRows read = readAll(source);
    QVERIFY(!read.error && read.problems.isEmpty());
    QCOMPARE(read.rows.size(), 2);
    QVERIFY(read.rows.at(1).startsWith(QLatin1String("2: '3' | NULL")));
    QVERIFY(read.rows.at(1).endsWith(QLatin1String("NULL | '4'")));
}

void TestSqliteSource::batchesStaySmall()
{
    execute("CREATE TABLE t(a BLOB); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) "
            "INSERT INTO t SELECT zeroblob(1000000) FROM n");
    SqliteSource source(table());
    const SourceRows read = readAll(source);
    QCOMPARE(read.rows.size(), 20);
    QVERIFY(read.largestBatch < 6);
}

void TestSqliteSource::stopEndsALongQuery()
{
    SqliteSource source(query(m_endless));
    execute("CREATE TABLE t(a)");
    VERIFY_OK(source.open());
    VERIFY_OK(source.project({{0, InterimType::String, {}, false}}));
    auto reading = std::async(std::launch::async, [&source] { return tests::readRest(source); });
    QTest::qWait(50);
    QElapsedTimer sinceStop;
    sinceStop.start();
    source.stop();
    const SourceRows read = reading.get();
    const qint64 elapsed = sinceStop.elapsed();
    QVERIFY(read.error && read.error->code == ErrorCode::Cancelled);
    QVERIFY2(elapsed < 1000, QByteArray::number(elapsed).constData());
}

void TestSqliteSource::timeoutEndsALongQuery()
{
    execute("CREATE TABLE t(a)");
    SqliteSource::Origin origin = query(m_endless);
    origin.queryTimeout = std::chrono::milliseconds(50);
    SqliteSource source(origin);
    const SourceRows read = readAll(source);
    QVERIFY(read.error && read.error->code == ErrorCode::Timeout);
    QVERIFY2(read.error->message.contains(u"queryTimeout"), qPrintable(read.error->message));
}

void TestSqliteSource::lockedDatabaseIsTransient()
{
    execute("CREATE TABLE t(a)");
    auto other = Database::open(file());
    VERIFY_OK(other);
    VERIFY_OK(other->exec("BEGIN EXCLUSIVE"));
    SqliteSource::Origin origin = table();
    origin.busyTimeout = std::chrono::milliseconds(20);
    SqliteSource source(origin);
    const auto opened = source.open();
    QVERIFY(!opened);
    QVERIFY(opened.error().code == ErrorCode::Conflict);
    QVERIFY(source.isTransient());
}

#include "TestSqliteSource.moc"
