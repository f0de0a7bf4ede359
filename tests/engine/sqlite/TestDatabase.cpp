#include "engine/sqlite/Transaction.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QTemporaryDir>

#include <sqlite3.h>

#include <atomic>
#include <limits>
#include <thread>

using namespace engine;

class TestDatabase : public QObject
{
    Q_OBJECT

private slots:
    void valuesComeBackAsTheyWere();
    void badBindingIsReportedByStep();
    void errorsCarryMessageAndCode();
    void missingFileIsNotFound();
    void notADatabaseIsCorrupt();
    void readOnlyIsToldApart();
    void busyIsTransient();
    void fullIsToldApart();
    void transactionRollsBackWhenDestroyed();
    void failedCommitRollsBack();
    void mainSchemaHasAnotherName();
    void statementOutlivesItsDatabase();
    void interruptStopsARunningStatement();
    void quickCheckFindsDamage();
    void backupIsWhole();
    void backupIsOfOneMoment();
    void logMayStayWhenTheFileMustNotChange();
    void tailTellsWhereTheNextStatementStarts();

private:
    static Database database(const QString &path = QStringLiteral(":memory:"))
    {
        auto opened = Database::open(path);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        return std::move(opened).value();
    }
};

SLIPWAY_TEST(TestDatabase)

void TestDatabase::valuesComeBackAsTheyWere()
{
    Database db = database();
    VERIFY_OK(db.exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b REAL, c TEXT, d BLOB, e, f)"));
    auto insert = db.prepare("INSERT INTO t VALUES(?,?,?,?,?,:last)", true);
    VERIFY_OK(insert);
    QCOMPARE(insert->parameter(":last"), 6);
    const QString text = QStringLiteral("Müller, Owen \U0001F6A2") + QChar(0) + QStringLiteral("x");
    const QByteArray bytes("\0\xff\x01", 3);
    insert->bind(1, std::numeric_limits<qint64>::min()).bind(2, 0.1).bind(3, text).bindBlob(4, bytes);
    insert->bindNull(5).bind(6, std::optional<int>());
    VERIFY_OK(insert->run());
    insert->bind(1, true).bind(2, 7.0).bind(3, QString()).bindBlob(4, {}).bind(5, std::optional<int>(3));
    insert->bindBorrowedText(6, "borrowed");
    VERIFY_OK(insert->run());
    QCOMPARE(db.lastInsertId(), 1);
    QCOMPARE(db.changes(), 1);
    QCOMPARE(db.totalChanges(), 2);

    auto select = db.prepare("SELECT * FROM t ORDER BY a");
    VERIFY_OK(select);
    QVERIFY(select->isReadOnly());
    QVERIFY(!insert->isReadOnly());
    QCOMPARE(select->columnCount(), 6);
    QCOMPARE(select->columnName(2), QStringLiteral("c"));
    QCOMPARE(select->declaredType(1), QStringLiteral("REAL"));
    QVERIFY(*select->step());
    QCOMPARE(select->integer(0), std::numeric_limits<qint64>::min());
    QCOMPARE(select->real(1), 0.1);
    QCOMPARE(select->text(2), text);
    QCOMPARE(select->blob(3).toByteArray(), bytes);
    QVERIFY(select->isNull(4));
    QVERIFY(select->isNull(5));
    QVERIFY(*select->step());
    QCOMPARE(select->integer(0), 1);
    QVERIFY(select->type(2) == Statement::Type::Text);
    QCOMPARE(select->text(2), QString());
    QVERIFY(select->type(3) == Statement::Type::Blob);
    QCOMPARE(select->integer(4), 3);
    QCOMPARE(select->utf8(5).toByteArray(), QByteArray("borrowed"));
    QVERIFY(!*select->step());
    QCOMPARE(**db.integer("SELECT count(*) FROM t"), 2);
    QCOMPARE(**db.text("SELECT f FROM t WHERE a=1"), QStringLiteral("borrowed"));
    QVERIFY(!(*db.integer("SELECT a FROM t WHERE a=77")).has_value());
}

void TestDatabase::badBindingIsReportedByStep()
{
    Database db = database();
    auto statement = db.prepare("SELECT ?");
    VERIFY_OK(statement);
    const auto row = statement->bind(2, 1).step();
    QVERIFY(!row);
    QCOMPARE(toString(row.error().code), QStringLiteral("InvalidInput"));
    QCOMPARE(db.lastCode().primary(), SQLITE_RANGE);
    QVERIFY(*statement->bind(1, 5).step());
    QCOMPARE(statement->integer(0), 5);
}

void TestDatabase::errorsCarryMessageAndCode()
{
    Database db = database();
    const auto wrong = db.prepare("SELECT * FROM nowhere");
    QVERIFY(!wrong);
    QCOMPARE(toString(wrong.error().code), QStringLiteral("InvalidInput"));
    QVERIFY2(wrong.error().message.contains(QStringLiteral("no such table: nowhere")),
             qPrintable(wrong.error().message));
    QCOMPARE(db.lastCode().primary(), SQLITE_ERROR);
    VERIFY_OK(db.exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT UNIQUE); INSERT INTO t VALUES(1,'x')"));
    const auto twice = db.exec("INSERT INTO t VALUES(2,'x')");
    QVERIFY(!twice);
    QCOMPARE(toString(twice.error().code), QStringLiteral("Conflict"));
    QCOMPARE(db.lastCode().extended, SQLITE_CONSTRAINT_UNIQUE);
    QVERIFY(db.lastCode().isConstraint());
    QVERIFY2(twice.error().message.contains(QStringLiteral("t.b")), qPrintable(twice.error().message));
    QCOMPARE(toString(db.prepare("  -- nothing here").error().code), QStringLiteral("InvalidInput"));
}

void TestDatabase::missingFileIsNotFound()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("absent.db"));
    for (const auto mode : {DatabaseOptions::Mode::ReadOnly, DatabaseOptions::Mode::ReadWrite}) {
        const auto opened = Database::open(path, {.mode = mode});
        QVERIFY(!opened);
        QCOMPARE(toString(opened.error().code), QStringLiteral("NotFound"));
        QVERIFY(opened.error().message.contains(path));
    }
    QVERIFY(!QFile::exists(path));
    const auto nowhere = Database::open(folder.filePath(QStringLiteral("no/such/folder.db")));
    QVERIFY(!nowhere);
    QCOMPARE(toString(nowhere.error().code), QStringLiteral("Io"));
}

void TestDatabase::notADatabaseIsCorrupt()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("letter.db"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(5000, 'x'));
    file.close();
    Database db = database(path);
    const auto read = db.integer("SELECT count(*) FROM sqlite_schema");
    QVERIFY(!read);
    QVERIFY(db.lastCode().isCorrupt());
    QCOMPARE(toString(read.error().code), QStringLiteral("Io"));
}

void TestDatabase::readOnlyIsToldApart()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.db"));
    VERIFY_OK(database(path).exec("CREATE TABLE t(a)"));
    auto db = Database::open(path, {.mode = DatabaseOptions::Mode::ReadOnly});
    VERIFY_OK(db);
    QVERIFY(!db->exec("INSERT INTO t VALUES(1)"));
    QVERIFY(db->lastCode().isReadOnly());
    QVERIFY(!db->lastCode().isBusy());
}

void TestDatabase::busyIsTransient()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.db"));
    Database first = database(path);
    VERIFY_OK(first.exec("CREATE TABLE t(a)"));
    auto second = Database::open(path, {.busyTimeout = std::chrono::milliseconds(10)});
    VERIFY_OK(second);
    auto held = Transaction::begin(first);
    VERIFY_OK(held);
    const auto refused = Transaction::begin(*second);
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), QStringLiteral("Timeout"));
    QVERIFY(second->lastCode().isBusy());
    VERIFY_OK(held->commit());
    VERIFY_OK(Transaction::begin(*second));
}

void TestDatabase::fullIsToldApart()
{
    Database db = database();
    VERIFY_OK(db.exec("CREATE TABLE t(a); PRAGMA max_page_count=5"));
    const auto full = db.exec("INSERT INTO t VALUES(zeroblob(100000))");
    QVERIFY(!full);
    QVERIFY(db.lastCode().isFull());
    QCOMPARE(toString(full.error().code), QStringLiteral("Io"));
    QCOMPARE(**db.integer("SELECT count(*) FROM t"), 0);
}

void TestDatabase::transactionRollsBackWhenDestroyed()
{
    Database db = database();
    VERIFY_OK(db.exec("CREATE TABLE t(a)"));
    {
        auto transaction = Transaction::begin(db);
        VERIFY_OK(transaction);
        VERIFY_OK(db.exec("INSERT INTO t VALUES(1)"));
        QVERIFY(db.inTransaction());
    }
    QVERIFY(!db.inTransaction());
    QCOMPARE(**db.integer("SELECT count(*) FROM t"), 0);
    auto transaction = Transaction::begin(db, Transaction::Kind::Deferred);
    VERIFY_OK(transaction);
    VERIFY_OK(db.exec("INSERT INTO t VALUES(1)"));
    VERIFY_OK(transaction->commit());
    QCOMPARE(**db.integer("SELECT count(*) FROM t"), 1);
}

void TestDatabase::failedCommitRollsBack()
{
    Database db = database();
    VERIFY_OK(db.exec("CREATE TABLE p(a PRIMARY KEY); "
                      "CREATE TABLE c(a REFERENCES p DEFERRABLE INITIALLY DEFERRED)"));
    auto transaction = Transaction::begin(db);
    VERIFY_OK(transaction);
    VERIFY_OK(db.exec("INSERT INTO c VALUES(1)"));
    const auto committed = transaction->commit();
    QVERIFY(!committed);
    QVERIFY(db.lastCode().isConstraint());
    QVERIFY(!db.inTransaction());
    QCOMPARE(**db.integer("SELECT count(*) FROM c"), 0);
}

void TestDatabase::mainSchemaHasAnotherName()
{
    DatabaseOptions options;
    options.mainSchema = "dbo";
    auto opened = Database::open(QStringLiteral(":memory:"), options);
    VERIFY_OK(opened);
    options.mainSchema = "other"; // the database keeps its own copy
    Database db = std::move(opened).value();
    VERIFY_OK(db.exec("CREATE TABLE dbo.Passenger(a); INSERT INTO dbo.Passenger VALUES(1)"));
    QCOMPARE(**db.integer("SELECT count(*) FROM Passenger"), 1);
    QCOMPARE(**db.text("SELECT name FROM pragma_database_list"), QStringLiteral("dbo"));
    QTemporaryDir folder;
    VERIFY_OK(db.backupTo(folder.filePath(QStringLiteral("copy.db"))));
    QCOMPARE(**database(folder.filePath(QStringLiteral("copy.db"))).integer("SELECT count(*) FROM Passenger"), 1);
}

void TestDatabase::statementOutlivesItsDatabase()
{
    auto db = std::make_unique<Database>(database());
    auto statement = db->prepare("SELECT 42");
    VERIFY_OK(statement);
    db.reset();
    QVERIFY(*statement->step());
    QCOMPARE(statement->integer(0), 42);
}

void TestDatabase::interruptStopsARunningStatement()
{
    Database db = database();
    std::atomic_bool over = false;
    std::thread other([&db, &over] {
        // The statement may not have started yet: SQLite forgets an interrupt without a running statement.
        for (int i = 0; i < 10000 && !over; ++i) {
            db.interrupt();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    });
    const auto endless =
        db.integer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n");
    over = true;
    other.join();
    QVERIFY(!endless);
    QCOMPARE(toString(endless.error().code), QStringLiteral("Cancelled"));
}

void TestDatabase::quickCheckFindsDamage()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.db"));
    {
        Database db = database(path);
        VERIFY_OK(db.exec("CREATE TABLE t(a); CREATE INDEX i ON t(a); "
                          "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<5000) "
                          "INSERT INTO t SELECT printf('%050d', x) FROM n"));
        VERIFY_OK(db.quickCheck());
    }
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(4096 * 5));
    file.write(QByteArray(4096, '\x55'));
    file.close();
    Database db = database(path);
    const auto checked = db.quickCheck();
    QVERIFY(!checked);
    QCOMPARE(toString(checked.error().code), QStringLiteral("Io"));
    QVERIFY(db.lastCode().isCorrupt());
    QVERIFY(checked.error().message.contains(path));
}

void TestDatabase::backupIsWhole()
{
    QTemporaryDir folder;
    Database db = database(folder.filePath(QStringLiteral("a.db")));
    VERIFY_OK(db.exec("PRAGMA journal_mode=WAL; CREATE TABLE t(a); "
                      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<9000) "
                      "INSERT INTO t SELECT printf('%01000d', x) FROM n"));
    const QString target = folder.filePath(QStringLiteral("copy.db"));
    const auto stopped = db.backupTo(target, [] { return false; });
    QVERIFY(!stopped);
    QCOMPARE(toString(stopped.error().code), QStringLiteral("Cancelled"));
    QVERIFY(!QFile::exists(target));
    QVERIFY(!QFile::exists(target + QStringLiteral(".tmp")));
    VERIFY_OK(db.backupTo(target, [] { return true; }));
    Database copy = database(target);
    VERIFY_OK(copy.quickCheck());
    QCOMPARE(**copy.integer("SELECT count(*) FROM t"), 9000);
    QVERIFY(!db.backupTo(folder.filePath(QStringLiteral("no/such/copy.db"))));
}

void TestDatabase::backupIsOfOneMoment()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.db"));
    Database writer = database(path);
    VERIFY_OK(writer.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE TABLE t(a); "
                          "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<9000) "
                          "INSERT INTO t SELECT printf('%01000d', x) FROM n"));
    Database reader = database(path);
    int portions = 0;
    const QString target = folder.filePath(QStringLiteral("copy.db"));
    // A commit between any two portions neither gets into the copy nor makes it start over.
    VERIFY_OK(reader.backupTo(target, [&writer, &portions] {
        ++portions;
        return writer.exec("INSERT INTO t VALUES('later')").ok() && portions < 100;
    }));
    QVERIFY(portions > 1);
    QCOMPARE(**database(target).integer("SELECT count(*) FROM t"), 9000);
    QVERIFY(!reader.inTransaction());
}

void TestDatabase::logMayStayWhenTheFileMustNotChange()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.db"));
    for (const bool checkpoint : {false, true}) {
        Database db = database(path);
        db.setCheckpointOnClose(checkpoint);
        VERIFY_OK(db.exec("PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS t(a); INSERT INTO t VALUES(1)"));
        db = database(QStringLiteral(":memory:"));
        QCOMPARE(QFile::exists(path + QStringLiteral("-wal")), !checkpoint);
    }
}

void TestDatabase::tailTellsWhereTheNextStatementStarts()
{
    Database db = database();
    const QByteArray script = "SELECT 1; SELECT 2";
    const auto first = db.prepare(script);
    VERIFY_OK(first);
    QCOMPARE(script.mid(first->tail()).trimmed(), QByteArray("SELECT 2"));
}

#include "TestDatabase.moc"
