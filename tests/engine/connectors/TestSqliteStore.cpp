#include "engine/connectors/sqlite/SqliteStore.h"
#include "engine/sqlite/Database.h"
#include "engine/sqlite/Transaction.h"
#include "tests/support/OrdinaryUser.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <thread>

using namespace engine;

// A user's SQLite file, looked at.
class TestSqliteStore : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void saysVersionTablesAndJournal_data();
    void saysVersionTablesAndJournal();
    void listsTablesAndViewsOnly();
    void describesColumnsOfTablesAndViews();
    void showsTheFirstRowsAsText();
    void stopsAfterTheRowsAskedFor();
    void shortensLongValuesAndSaysSo();
    void stopsWhenThereIsEnoughText();
    void namesWhatIsNear();
    void tellsWhatIsWrongWithTheFile_data();
    void tellsWhatIsWrongWithTheFile();
    void tellsThatTheFileMayNotBeRead();
    void tellsThatItIsLocked();
    void tellsThatAViewIsBroken();
    void cancelEndsAnEndlessView();
    void changesNothing();

private:
    SqliteRows rows(const char *table, const CancelToken &cancel = {}) const
    {
        return SqliteRows(m_file, QString::fromUtf8(table), cancel);
    }
    void execute(const QByteArray &sql) { VERIFY_OK(m_database->exec(sql)); }
    static QString shown(const StorePreview &preview)
    {
        QStringList lines;
        for (const auto &row : preview.rows) {
            QStringList cells;
            for (const auto &cell : row)
                cells += cell.value_or(QStringLiteral("NULL"));
            lines += cells.join(u'|');
        }
        return lines.join(u' ');
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
    std::optional<Database> m_database; // somebody else's connection
};

SLIPWAY_TEST(TestSqliteStore)

void TestSqliteStore::init()
{
    m_database.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(QStringLiteral("titanic.db"));
    auto opened = Database::open(m_file);
    VERIFY_OK(opened);
    m_database = std::move(*opened);
    execute(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, b VARCHAR(10) NOT NULL, c REAL, d DATETIME, e BLOB);"
        "INSERT INTO t VALUES (1, 'one', 0.1, '2024-01-31', x'01ff'), (2, '', NULL, NULL, NULL), (3, 'c', 1e300, 0, 7);"
        "CREATE VIEW v AS SELECT id AS number, upper(b) AS word FROM t;"
        "CREATE TABLE _slipway_load_ledger(a); CREATE TABLE \"odd \"\"name\"(a)");
}

void TestSqliteStore::saysVersionTablesAndJournal_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<QString>("said");
    QTest::newRow("wal") << QByteArray("wal") << QStringLiteral("WAL");
    QTest::newRow("rollback") << QByteArray("delete") << QStringLiteral("rollback journal");
}

void TestSqliteStore::saysVersionTablesAndJournal()
{
    QFETCH(QByteArray, mode);
    QFETCH(QString, said);
    execute("PRAGMA journal_mode=" + mode);
    const auto answer = SqliteStore(m_file, {}).test();
    VERIFY_OK(answer);
    QVERIFY2(answer->startsWith(u"SQLite 3."), qPrintable(*answer));
    QVERIFY2(answer->contains(u", 2 table") && answer->endsWith(said), qPrintable(*answer));
}

void TestSqliteStore::listsTablesAndViewsOnly()
{
    const auto listing = SqliteStore(m_file, {}).browse({});
    VERIFY_OK(listing);
    QVERIFY(!listing->truncated);
    QStringList entries;
    for (const StoreEntry &entry : listing->entries)
        entries += toString(entry.kind) + u' ' + entry.path;
    QCOMPARE(entries,
             (QStringList{QStringLiteral("table odd \"name"), QStringLiteral("table t"), QStringLiteral("view v")}));
    const auto below = SqliteStore(m_file, {}).browse(QStringLiteral("t"));
    VERIFY_OK(below);
    QVERIFY(below->entries.isEmpty());
    QVERIFY(!SqliteStore(m_file, {}).browse(QStringLiteral("nothing")));
}

void TestSqliteStore::describesColumnsOfTablesAndViews()
{
    const auto table = rows("T").schema(); // names of tables have no case in SQLite
    VERIFY_OK(table);
    QStringList columns;
    for (const StoreColumn &column : *table)
        columns +=
            column.name + u' ' + column.type + u' ' + column.physicalType + (column.nullable ? u"" : u" NOT NULL");
    QCOMPARE(columns,
             (QStringList{QStringLiteral("id Int64 INTEGER NOT NULL"),
                          QStringLiteral("b String VARCHAR(10) NOT NULL"),
                          QStringLiteral("c Double REAL"),
                          QStringLiteral("d DateTime DATETIME"),
                          QStringLiteral("e Byte[] BLOB")}));
    const auto view = rows("v").schema();
    VERIFY_OK(view);
    QCOMPARE(view->size(), 2);
    QCOMPARE(view->at(0).type, QStringLiteral("Int64"));
}

void TestSqliteStore::showsTheFirstRowsAsText()
{
    const auto preview = rows("t").preview(100);
    VERIFY_OK(preview);
    QCOMPARE(shown(*preview), QStringLiteral("1|one|0.1|2024-01-31|0x01FF 2||NULL|NULL|NULL 3|c|1e+300|0|7"));
    QVERIFY(!preview->more);
    QVERIFY(preview->problems.isEmpty());
    const auto view = rows("v").preview(100);
    VERIFY_OK(view);
    QCOMPARE(shown(*view), QStringLiteral("1|ONE 2| 3|C"));
}

void TestSqliteStore::stopsAfterTheRowsAskedFor()
{
    // Counting to the end would take for ever.
    execute("CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
    const auto preview = rows("endless").preview(2);
    VERIFY_OK(preview);
    QCOMPARE(shown(*preview), QStringLiteral("1 2"));
    QVERIFY(preview->more);
    const auto exact = rows("t").preview(3);
    VERIFY_OK(exact);
    QCOMPARE(exact->rows.size(), 3);
    QVERIFY(!exact->more);
}

void TestSqliteStore::shortensLongValuesAndSaysSo()
{
    execute("DELETE FROM t; INSERT INTO t(id, b) VALUES (9, printf('%.*c', 1000000, 'é'))");
    const auto preview = rows("t").preview(10);
    VERIFY_OK(preview);
    const QString value = preview->rows.first().at(1).value_or(QString());
    QCOMPARE(value.size(), PreviewText::longestValue);
    QVERIFY(value.endsWith(QChar(0x2026)) && value.startsWith(u"éé"));
    QCOMPARE(preview->problems.size(), 1);
    QCOMPARE(preview->problems.first().column, QStringLiteral("b"));
    QCOMPARE(preview->problems.first().row, 1);
}

void TestSqliteStore::stopsWhenThereIsEnoughText()
{
    execute(
        "DELETE FROM t; INSERT INTO t(b) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) "
        "SELECT printf('%.*c', 10000, 'x') FROM n");
    const auto preview = rows("t").preview(2000);
    VERIFY_OK(preview);
    QVERIFY(preview->more);
    QVERIFY(preview->rows.size() < 1000);
    QVERIFY(preview->rows.size() > 500);
}

void TestSqliteStore::namesWhatIsNear()
{
    execute("CREATE TABLE titanic_predictions(a)");
    const auto table = rows("titanic_prediction").schema();
    QVERIFY(!table);
    QVERIFY(table.error().code == ErrorCode::NotFound);
    QCOMPARE(table.error().where, QStringLiteral("dataset.table"));
    QVERIFY2(table.error().message.contains(u"Did you mean “titanic_predictions”?"), qPrintable(table.error().message));
    const auto file = SqliteStore(m_folder->filePath(QStringLiteral("titanc.db")), {}).test();
    QVERIFY(!file);
    QVERIFY(file.error().code == ErrorCode::NotFound);
    QCOMPARE(file.error().where, QStringLiteral("binding.file"));
    QVERIFY2(file.error().message.contains(u"Did you mean “titanic.db”?"), qPrintable(file.error().message));
}

void TestSqliteStore::tellsWhatIsWrongWithTheFile_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("said");
    QTest::newRow("a text") << QStringLiteral("text.db") << QStringLiteral("is no SQLite database");
    QTest::newRow("a folder") << QStringLiteral(".") << QStringLiteral("is a folder");
    QTest::newRow("in no folder") << QStringLiteral("nowhere/x.db") << QStringLiteral("There is no “nowhere”");
    QTest::newRow("below a file") << QStringLiteral("titanic.db/x.db") << QStringLiteral("titanic.db is no folder");
}

void TestSqliteStore::tellsWhatIsWrongWithTheFile()
{
    QFETCH(QString, path);
    QFETCH(QString, said);
    QFile text(m_folder->filePath(QStringLiteral("text.db")));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write(QByteArray(2000, 'x'));
    text.close();
    const auto answer = SqliteStore(QDir::cleanPath(m_folder->filePath(path)), {}).test();
    QVERIFY(!answer);
    QVERIFY2(answer.error().message.contains(said), qPrintable(answer.error().message));
    QCOMPARE(answer.error().where, QStringLiteral("binding.file"));
}

void TestSqliteStore::tellsThatTheFileMayNotBeRead()
{
    QVERIFY(QFile::setPermissions(m_folder->path(),
                                  QFile::permissions(m_folder->path()) | QFile::ReadOther | QFile::ExeOther));
    QVERIFY(QFile::setPermissions(m_file, {}));
    const tests::OrdinaryUser user;
    const auto answer = SqliteStore(m_file, {}).test();
    QVERIFY(!answer);
    QVERIFY(answer.error().code == ErrorCode::Io);
    QVERIFY2(answer.error().message.contains(u"permission"), qPrintable(answer.error().message));
}

void TestSqliteStore::tellsThatItIsLocked()
{
    auto lock = Transaction::begin(*m_database, Transaction::Kind::Exclusive);
    VERIFY_OK(lock);
    QElapsedTimer waited;
    waited.start();
    const auto answer = SqliteStore(m_file, {}).test();
    QVERIFY(!answer);
    QVERIFY(answer.error().code == ErrorCode::Conflict);
    QVERIFY2(answer.error().message.contains(u"locked"), qPrintable(answer.error().message));
    QVERIFY(waited.elapsed() < 10000);
}

void TestSqliteStore::tellsThatAViewIsBroken()
{
    execute("CREATE VIEW broken AS SELECT * FROM gone");
    const auto preview = rows("broken").preview(10);
    QVERIFY(!preview);
    QVERIFY2(preview.error().message.contains(u"gone"), qPrintable(preview.error().message));
    QCOMPARE(preview.error().where, QStringLiteral("dataset.table"));
}

void TestSqliteStore::cancelEndsAnEndlessView()
{
    execute(
        "CREATE VIEW sum AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
    const CancelToken cancel;
    QElapsedTimer waited;
    waited.start();
    std::thread canceller([&] {
        while (waited.elapsed() < 100)
            std::this_thread::yield();
        cancel.cancel();
    });
    const auto preview = rows("sum", cancel).preview(10);
    canceller.join();
    QVERIFY(!preview);
    QVERIFY(preview.error().code == ErrorCode::Cancelled);
    QVERIFY(waited.elapsed() < 5000);
}

void TestSqliteStore::changesNothing()
{
    execute("PRAGMA journal_mode=wal");
    m_database.reset();
    const auto content = [this] {
        QFile file(m_file);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QByteArray before = content();
    VERIFY_OK(SqliteStore(m_file, {}).test());
    VERIFY_OK(SqliteStore(m_file, {}).browse({}));
    VERIFY_OK(rows("t").preview(10));
    QCOMPARE(content(), before);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{QStringLiteral("titanic.db")});
}

#include "TestSqliteStore.moc"
