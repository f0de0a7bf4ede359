#include "engine/connectors/sqlite/SqliteSink.h"
#include "engine/sqlite/Transaction.h"
#include "tests/engine/connectors/TextRows.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <atomic>
#include <thread>

using namespace engine;
using tests::TextRows;

class TestSqliteSink : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void replacesAllRowsAtTheCommit_data();
    void replacesAllRowsAtTheCommit();
    void schemaNamesMeanTheMainDatabase_data();
    void schemaNamesMeanTheMainDatabase();
    void readersSeeOldRowsUntilTheCommit();
    void constraintNamesRowColumnAndValue_data();
    void constraintNamesRowColumnAndValue();
    void aTablesOwnConflictClauseDropsNothing();
    void aTriggerThatDropsRowsIsNoticed();
    void deferredForeignKeyRollsBackAtTheCommit();
    void streamErrorRollsBack();
    void scriptThatEndsTheTransactionChangesNothing_data();
    void scriptThatEndsTheTransactionChangesNothing();
    void failingScriptRollsBack();
    void scriptCountsItsRows();
    void missingTableNamesWhatIsThere();
    void missingFileIsNotFound();
    void viewIsRefused();
    void columnsAreDescribed();
    void lockedDatabaseIsTransient();
    void cancelEndsTheWaitForALock();
    void readOnlyDatabaseIsTold();
    void fullDatabaseIsTold();
    void corruptDatabaseIsTold();
    void noDatabaseIsTold();
    void cancelStopsAScript();
    void cancelStopsALoad();
    void tableChangedMeanwhileIsAConflict();
    void ledgerTellsWhatWasLoaded();
    void ledgerForgetsAfterThirtyDays();
    void destroyingRollsBack();
    void journalModeIsKept();

private:
    SqliteSink::Target target(const char *table = "t") const
    {
        return {m_file, QStringLiteral("dbo"), QString::fromUtf8(table), std::chrono::milliseconds(300)};
    }
    void execute(const QByteArray &sql) { VERIFY_OK(m_database->exec(sql)); }
    QString all(const QByteArray &sql =
                    "SELECT group_concat(a || ':' || coalesce(b, 'NULL'), ' ') FROM (SELECT * FROM t ORDER BY a)")
    {
        const auto text = m_database->text(sql);
        return text ? text->value_or(QString()) : text.error().message;
    }
    static QList<TextRows::Row> newRows() { return {{"10", "ten"}, {"11", "eleven"}, {"12", QByteArray()}}; }
    static QList<InterimType> types() { return {InterimType::Int64, InterimType::String}; }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
    std::optional<Database> m_database; // somebody else's connection
};

SLIPWAY_TEST(TestSqliteSink)

void TestSqliteSink::init()
{
    m_database.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(QStringLiteral("titanic.db"));
    auto opened = Database::open(m_file);
    VERIFY_OK(opened);
    m_database = std::move(*opened);
    execute("CREATE TABLE t(a INTEGER, b TEXT); INSERT INTO t VALUES (1, 'one'), (2, 'two')");
}

void TestSqliteSink::replacesAllRowsAtTheCommit_data()
{
    QTest::addColumn<QByteArray>("journal");
    QTest::newRow("rollback journal") << QByteArray("delete");
    QTest::newRow("write-ahead log") << QByteArray("wal");
}

void TestSqliteSink::replacesAllRowsAtTheCommit()
{
    QFETCH(QByteArray, journal);
    execute("PRAGMA journal_mode=" + journal);
    SqliteSink sink(target());
    const auto columns = sink.open({});
    VERIFY_OK(columns);
    QCOMPARE(columns->size(), 2);
    VERIFY_OK(sink.begin());
    const auto deleted = sink.runScript(QStringLiteral("delete from [dbo].[t]"));
    VERIFY_OK(deleted);
    QCOMPARE(*deleted, 2);
    TextRows rows(types(), newRows());
    const auto loaded = sink.load({0, 1}, rows);
    VERIFY_OK(loaded);
    QCOMPARE(loaded->rowsWritten, 3);
    QVERIFY(loaded->bytesWritten > 0);
    VERIFY_OK(sink.writeLedger({LoadId(QStringLiteral("L1")), QStringLiteral("R1"), QStringLiteral("Copy"), 1, 3, {}}));
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
    QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
    QCOMPARE(all(), QStringLiteral("10:ten 11:eleven 12:NULL"));
}

void TestSqliteSink::schemaNamesMeanTheMainDatabase_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("script");
    QTest::newRow("as in SQL Server") << QStringLiteral("dbo") << QStringLiteral("delete from [dbo].[t]");
    QTest::newRow("without schema") << QString() << QStringLiteral("delete from dbo.t");
    QTest::newRow("main") << QStringLiteral("dbo") << QStringLiteral("delete from main.t");
    QTest::newRow("bare") << QStringLiteral("sales") << QStringLiteral("delete from t; delete from sales.t");
    QTest::newRow("truncate") << QStringLiteral("dbo") << QStringLiteral("truncate table [dbo].[t];");
}

void TestSqliteSink::schemaNamesMeanTheMainDatabase()
{
    QFETCH(QString, schema);
    QFETCH(QString, script);
    SqliteSink sink({m_file, schema, QStringLiteral("T")}); // names of tables have no case in SQLite
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto changed = sink.runScript(script);
    VERIFY_OK(changed);
    QCOMPARE(*changed, 2);
}

void TestSqliteSink::readersSeeOldRowsUntilTheCommit()
{
    execute("PRAGMA journal_mode=wal");
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    VERIFY_OK(sink.runScript(QStringLiteral("delete from t")));
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
    TextRows rows(types(), 10000, [](qint64 i) { return TextRows::Row{QByteArray::number(i), "x"}; });
    rows.beforeBatch = [&](int) { QCOMPARE(all(), QStringLiteral("1:one 2:two")); };
    VERIFY_OK(sink.load({0, 1}, rows));
    sink.rollBack();
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
}

void TestSqliteSink::constraintNamesRowColumnAndValue_data()
{
    QTest::addColumn<QByteArray>("table");
    QTest::addColumn<QList<QByteArray>>("bad");
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("value");
    QTest::newRow("not null") << QByteArray("a INTEGER, b TEXT NOT NULL") << QList<QByteArray>{"5000", QByteArray()}
                              << QStringLiteral("b") << QStringLiteral("NULL");
    QTest::newRow("unique") << QByteArray("a INTEGER UNIQUE, b TEXT") << QList<QByteArray>{"7", "x"}
                            << QStringLiteral("a") << QStringLiteral("7");
    QTest::newRow("primary key") << QByteArray("a INTEGER PRIMARY KEY, b TEXT") << QList<QByteArray>{"7", "x"}
                                 << QStringLiteral("a") << QStringLiteral("7");
    QTest::newRow("two columns") << QByteArray("a INTEGER, b TEXT, PRIMARY KEY (a, b)") << QList<QByteArray>{"7", "x"}
                                 << QStringLiteral("a, b") << QStringLiteral("7, x");
    QTest::newRow("check") << QByteArray("a INTEGER CHECK (a < 90000), b TEXT") << QList<QByteArray>{"90001", "x"}
                           << QStringLiteral("a") << QStringLiteral("90001");
}

void TestSqliteSink::constraintNamesRowColumnAndValue()
{
    QFETCH(QByteArray, table);
    QFETCH(QList<QByteArray>, bad);
    execute("CREATE TABLE c(" + table + ")");
    SqliteSink sink(target("c"));
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows(types(), 6000, [&](qint64 i) { return i == 4321 ? bad : TextRows::Row{QByteArray::number(i), "x"}; });
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::InvalidInput);
    const auto problem = sink.rowProblem();
    QVERIFY(problem);
    QCOMPARE(problem->code, QStringLiteral("UserErrorSinkConstraint"));
    QCOMPARE(problem->row, 4321);
    QCOMPARE(problem->line, 4322);
    QTEST(problem->column, "column");
    QTEST(problem->value, "value");
    QVERIFY(problem->message.contains(u"row 4321"));
    QVERIFY(!sink.isTransient());
    QCOMPARE(all("SELECT count(*) FROM c"), QStringLiteral("0"));
}

void TestSqliteSink::aTablesOwnConflictClauseDropsNothing()
{
    execute("CREATE TABLE c(a INTEGER PRIMARY KEY ON CONFLICT IGNORE, b TEXT NOT NULL ON CONFLICT IGNORE)");
    for (const auto &bad : {TextRows::Row{"1", "again"}, TextRows::Row{"3", QByteArray()}}) {
        SqliteSink sink(target("c"));
        VERIFY_OK(sink.open({}));
        VERIFY_OK(sink.begin());
        TextRows rows(types(), {{"1", "x"}, {"2", "x"}, bad});
        QVERIFY(!sink.load({0, 1}, rows));
        QCOMPARE(sink.rowProblem()->row, 3);
    }
}

void TestSqliteSink::aTriggerThatDropsRowsIsNoticed()
{
    execute("CREATE TRIGGER drops BEFORE INSERT ON t WHEN new.a = 11 BEGIN SELECT raise(ignore); END");
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows(types(), newRows());
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().message.contains(u"2 of 3"), qPrintable(loaded.error().message));
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
}

void TestSqliteSink::deferredForeignKeyRollsBackAtTheCommit()
{
    execute("CREATE TABLE parent(id INTEGER PRIMARY KEY); "
            "CREATE TABLE c(a INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED, b TEXT)");
    SqliteSink sink(target("c"));
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows(types(), newRows());
    VERIFY_OK(sink.load({0, 1}, rows));
    const auto [answer, error] = sink.commit();
    QCOMPARE(answer, Sink::CommitAnswer::RolledBack);
    QVERIFY2(error.message.contains(u"FOREIGN KEY"), qPrintable(error.message));
    QCOMPARE(all("SELECT count(*) FROM c"), QStringLiteral("0"));
}

void TestSqliteSink::streamErrorRollsBack()
{
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    VERIFY_OK(sink.runScript(QStringLiteral("delete from t")));
    TextRows rows(types(), 10000, [](qint64 i) { return TextRows::Row{QByteArray::number(i), "x"}; });
    rows.failAtBatch = 3;
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QCOMPARE(loaded.error(), (Error{ErrorCode::Io, QStringLiteral("the disk is gone"), QStringLiteral("input.csv")}));
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
}

void TestSqliteSink::scriptThatEndsTheTransactionChangesNothing_data()
{
    QTest::addColumn<QString>("script");
    QTest::newRow("commit") << QStringLiteral("delete from t; commit");
    QTest::newRow("end") << QStringLiteral("delete from t; end transaction; delete from t");
    QTest::newRow("rollback") << QStringLiteral("delete from t; rollback");
    QTest::newRow("commit and begin") << QStringLiteral("delete from t; commit; begin");
    QTest::newRow("begin") << QStringLiteral("begin; delete from t");
}

void TestSqliteSink::scriptThatEndsTheTransactionChangesNothing()
{
    QFETCH(QString, script);
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto changed = sink.runScript(script);
    QVERIFY(!changed);
    QVERIFY(changed.error().code == ErrorCode::InvalidInput);
    QCOMPARE(sink.failureName(), QStringLiteral("UserErrorPreCopyScriptEndedTransaction"));
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
}

void TestSqliteSink::failingScriptRollsBack()
{
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto changed = sink.runScript(QStringLiteral("delete from t; delete from nowhere"));
    QVERIFY(!changed);
    QVERIFY2(changed.error().message.contains(u"no such table: nowhere"), qPrintable(changed.error().message));
    QCOMPARE(sink.failureName(), QStringLiteral("SqlOperationFailed"));
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
}

void TestSqliteSink::scriptCountsItsRows()
{
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto changed = sink.runScript(QStringLiteral("-- first\nupdate t set b = 'x';\n\nselect * from t; create "
                                                       "table u(x); savepoint s; delete from t; release s; -- done"));
    VERIFY_OK(changed);
    QCOMPARE(*changed, 4);
}

void TestSqliteSink::missingTableNamesWhatIsThere()
{
    execute("CREATE TABLE titanic_predictions(a)");
    SqliteSink near(target("titanic_prediction"));
    const auto columns = near.open({});
    QVERIFY(!columns);
    QVERIFY(columns.error().code == ErrorCode::NotFound);
    QCOMPARE(near.failureName(), QStringLiteral("SinkTableNotFound"));
    QVERIFY2(columns.error().message.contains(u"Did you mean “titanic_predictions”?"),
             qPrintable(columns.error().message));
    SqliteSink far(target("passengers"));
    QVERIFY(far.open({}).error().message.contains(u"There are: t, titanic_predictions."));
}

void TestSqliteSink::missingFileIsNotFound()
{
    SqliteSink sink({m_folder->filePath(QStringLiteral("none.db")), {}, QStringLiteral("t")});
    const auto columns = sink.open({});
    QVERIFY(!columns);
    QVERIFY(columns.error().code == ErrorCode::NotFound);
    QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("none.db"))));
}

void TestSqliteSink::viewIsRefused()
{
    execute("CREATE VIEW v AS SELECT * FROM t");
    SqliteSink sink(target("v"));
    const auto columns = sink.open({});
    QVERIFY(!columns);
    QVERIFY(columns.error().code == ErrorCode::Unsupported);
}

void TestSqliteSink::columnsAreDescribed()
{
    execute("CREATE TABLE c(id INTEGER PRIMARY KEY, name TEXT NOT NULL, x, total AS (id * 2), d DATE DEFAULT "
            "'2020-01-01')");
    SqliteSink sink(target("c"));
    const auto columns = sink.open({});
    VERIFY_OK(columns);
    QCOMPARE(columns->size(), 5);
    QVERIFY(columns->at(0).hasDefault);
    QVERIFY(columns->at(0).type == InterimType::Int64);
    QVERIFY(!columns->at(1).nullable);
    QVERIFY(!columns->at(1).hasDefault);
    QVERIFY(columns->at(2).anyType);
    QVERIFY(columns->at(3).generated);
    QVERIFY(columns->at(4).type == InterimType::DateTime);
    QVERIFY(columns->at(4).hasDefault);
}

void TestSqliteSink::lockedDatabaseIsTransient()
{
    auto lock = Transaction::begin(*m_database);
    VERIFY_OK(lock);
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    const auto begun = sink.begin();
    QVERIFY(!begun);
    QVERIFY(begun.error().code == ErrorCode::Io);
    QVERIFY(sink.isTransient());
    QCOMPARE(sink.failureName(), QStringLiteral("SinkLocked"));
    QVERIFY2(begun.error().message.contains(u"locked for 0.3 seconds"), qPrintable(begun.error().message));
}

void TestSqliteSink::cancelEndsTheWaitForALock()
{
    auto lock = Transaction::begin(*m_database);
    VERIFY_OK(lock);
    SqliteSink sink({m_file, {}, QStringLiteral("t"), std::chrono::minutes(5)});
    CancelToken cancel;
    VERIFY_OK(sink.open(cancel));
    QElapsedTimer waited;
    waited.start();
    std::thread canceller([&] {
        while (waited.elapsed() < 100)
            std::this_thread::yield();
        cancel.cancel();
    });
    const auto begun = sink.begin();
    canceller.join();
    QVERIFY(!begun);
    QVERIFY(begun.error().code == ErrorCode::Cancelled);
    QVERIFY(waited.elapsed() < 5000);
}

void TestSqliteSink::readOnlyDatabaseIsTold()
{
    m_database.reset();
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(18)); // the format's write version: newer than this SQLite knows means read-only, for root too
    QCOMPARE(file.write("\3", 1), 1);
    file.close();
    SqliteSink sink(target());
    const auto columns = sink.open({});
    QVERIFY(!columns);
    QCOMPARE(sink.failureName(), QStringLiteral("SinkReadOnly"));
    QVERIFY(!sink.isTransient());
}

void TestSqliteSink::fullDatabaseIsTold()
{
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    VERIFY_OK(sink.runScript(QStringLiteral("delete from t; pragma max_page_count=50")));
    TextRows rows(types(), 100000, [](qint64 i) {
        return TextRows::Row{QByteArray::number(i), "some text to fill a page"};
    });
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QCOMPARE(sink.failureName(), QStringLiteral("SinkFull"));
    QVERIFY2(loaded.error().message.contains(m_file), qPrintable(loaded.error().message));
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
    QVERIFY(all("PRAGMA integrity_check") == u"ok");
}

void TestSqliteSink::corruptDatabaseIsTold()
{
    TextRows many(types(), 5000, [](qint64 i) { return TextRows::Row{QByteArray::number(i), QByteArray(200, 'x')}; });
    {
        SqliteSink sink(target());
        VERIFY_OK(sink.open({}));
        VERIFY_OK(sink.begin());
        VERIFY_OK(sink.load({0, 1}, many));
        QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
    }
    m_database.reset();
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(4096)); // keeps the schema, destroys the table
    file.write(QByteArray(int(file.size()) - 4096, '\xee'));
    file.close();
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto changed = sink.runScript(QStringLiteral("delete from t where a > 5"));
    QVERIFY(!changed);
    QCOMPARE(sink.failureName(), QStringLiteral("SinkCorrupt"));
    QVERIFY2(changed.error().message.contains(u"damaged"), qPrintable(changed.error().message));
}

void TestSqliteSink::noDatabaseIsTold()
{
    const QString path = m_folder->filePath(QStringLiteral("notes.txt"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(5000, 'x'));
    file.close();
    SqliteSink sink({path, {}, QStringLiteral("t")});
    const auto columns = sink.open({});
    QVERIFY(!columns);
    QCOMPARE(sink.failureName(), QStringLiteral("SinkCorrupt"));
    QVERIFY2(columns.error().message.contains(u"no SQLite database"), qPrintable(columns.error().message));
}

void TestSqliteSink::cancelStopsAScript()
{
    SqliteSink sink(target());
    CancelToken cancel;
    VERIFY_OK(sink.open(cancel));
    VERIFY_OK(sink.begin());
    std::thread canceller([&] { cancel.cancel(); });
    QElapsedTimer waited;
    waited.start();
    const auto changed = sink.runScript(QStringLiteral(
        "delete from t; with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"));
    canceller.join();
    QVERIFY(!changed);
    QVERIFY(changed.error().code == ErrorCode::Cancelled);
    QVERIFY(waited.elapsed() < 5000);
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
}

void TestSqliteSink::cancelStopsALoad()
{
    SqliteSink sink(target());
    CancelToken cancel;
    VERIFY_OK(sink.open(cancel));
    VERIFY_OK(sink.begin());
    VERIFY_OK(sink.runScript(QStringLiteral("delete from t")));
    TextRows rows(types(), 1'000'000'000, [](qint64 i) { return TextRows::Row{QByteArray::number(i), "x"}; });
    rows.beforeBatch = [&](int batch) {
        if (batch == 4)
            cancel.cancel();
    };
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::Cancelled);
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
}

void TestSqliteSink::tableChangedMeanwhileIsAConflict()
{
    SqliteSink sink(target());
    VERIFY_OK(sink.open({}));
    execute("ALTER TABLE t ADD COLUMN c INTEGER NOT NULL DEFAULT 0");
    const auto begun = sink.begin();
    QVERIFY(!begun);
    QVERIFY(begun.error().code == ErrorCode::Conflict);
    execute("DELETE FROM t"); // nothing is locked
}

void TestSqliteSink::ledgerTellsWhatWasLoaded()
{
    const LoadId load = LoadId::create();
    for (const bool commits : {false, true}) {
        SqliteSink sink(target());
        VERIFY_OK(sink.open({}));
        VERIFY_OK(sink.begin());
        TextRows rows(types(), newRows());
        VERIFY_OK(sink.load({0, 1}, rows));
        VERIFY_OK(sink.writeLedger(
            {load, QStringLiteral("R"), QStringLiteral("Outer[1]/Copy"), 2, 3, QStringLiteral("abc")}));
        if (commits)
            QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
        else
            sink.rollBack();
        SqliteSink later(target());
        const auto found = later.findLoad(load);
        VERIFY_OK(found);
        QCOMPARE(found->has_value(), commits);
        if (commits) {
            QCOMPARE((*found)->rowsWritten, 3);
            QCOMPARE((*found)->activity, QStringLiteral("Outer[1]/Copy"));
            QCOMPARE((*found)->attempt, 2);
            QCOMPARE((*found)->checksum, QStringLiteral("abc"));
        }
        const auto other = later.findLoad(LoadId::create());
        VERIFY_OK(other);
        QVERIFY(!*other);
    }
    SqliteSink gone({m_folder->filePath(QStringLiteral("none.db")), {}, QStringLiteral("t")});
    const auto unreachable = gone.findLoad(load);
    QVERIFY(!unreachable);
    QVERIFY(unreachable.error().code == ErrorCode::Io);
}

void TestSqliteSink::ledgerForgetsAfterThirtyDays()
{
    const auto loadOne = [&](const char *name) {
        SqliteSink sink(target());
        VERIFY_OK(sink.open({}));
        VERIFY_OK(sink.begin());
        VERIFY_OK(
            sink.writeLedger({LoadId(QString::fromUtf8(name)), QStringLiteral("R"), QStringLiteral("C"), 1, 0, {}}));
        QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
    };
    loadOne("first");
    loadOne("second");
    execute("UPDATE _slipway_load_ledger SET committed_at = '2020-01-01T00:00:00.000Z' WHERE load_id = 'first'");
    loadOne("third");
    QCOMPARE(all("SELECT group_concat(load_id, ' ') FROM (SELECT load_id FROM _slipway_load_ledger ORDER BY 1)"),
             QStringLiteral("second third"));
}

void TestSqliteSink::destroyingRollsBack()
{
    {
        SqliteSink sink(target());
        VERIFY_OK(sink.open({}));
        VERIFY_OK(sink.begin());
        VERIFY_OK(sink.runScript(QStringLiteral("delete from t")));
    }
    QCOMPARE(all(), QStringLiteral("1:one 2:two"));
    execute("DELETE FROM t");
}

void TestSqliteSink::journalModeIsKept()
{
    execute("PRAGMA journal_mode=wal");
    {
        SqliteSink sink(target());
        VERIFY_OK(sink.open({}));
        VERIFY_OK(sink.begin());
        QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
    }
    m_database.reset();
    auto again = Database::open(m_file);
    VERIFY_OK(again);
    QCOMPARE(again->text("PRAGMA journal_mode")->value_or(QString()), QStringLiteral("wal"));
}

#include "TestSqliteSink.moc"
