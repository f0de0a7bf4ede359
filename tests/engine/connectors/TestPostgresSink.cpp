#include "engine/connectors/postgres/PostgresSink.h"
#include "tests/engine/connectors/CuttingProxy.h"
#include "tests/engine/connectors/TextRows.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>

#include <thread>

using namespace engine;
using tests::TextRows;

class TestPostgresSink : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void replacesAllRowsAtTheCommit();
    void searchPathFindsTheTable();
    void constraintNamesRowColumnAndValue_data();
    void constraintNamesRowColumnAndValue();
    void deferredConstraintRollsBackAtTheCommit();
    void aTriggerThatDropsRowsIsNoticed();
    void streamErrorRollsBack();
    void scriptThatEndsTheTransactionChangesNothing_data();
    void scriptThatEndsTheTransactionChangesNothing();
    void failingScriptRollsBack();
    void scriptCountsItsRows();
    void missingTableNamesWhatIsThere();
    void missingSchemaIsTold();
    void unreachableServerIsTransient();
    void cancelStopsAScript();
    void cancelStopsALoad();
    void cancelStopsAWaitForALock();
    void tableChangedMeanwhileIsAConflict();
    void ledgerTellsWhatWasLoaded();
    void ledgerNeedsThePermission();
    void lookUpWaitsForTheSessionThatCommits();
    void lostConnectionDuringTheLoadRollsBack();
    void lostAnswerOfACommitIsFoundInTheLedger();
    void lostCommitIsRolledBack();
    void unreachableAfterTheCommitIsUnknown();

private:
    PostgresSink::Target target(const char *table = "t") const
    {
        return {m_server.connection(), QStringLiteral("dbo"), QString::fromUtf8(table), std::chrono::seconds(20)};
    }
    void execute(const QByteArray &sql) { VERIFY_OK(m_connection->script(sql)); }
    QString text(const QByteArray &sql)
    {
        const auto rows = m_connection->query(sql);
        return rows ? rows->text(0, 0) : rows.error().message;
    }
    QString all() { return text("SELECT string_agg(a || ':' || coalesce(b, 'NULL'), ' ' ORDER BY a) FROM dbo.t"); }
    // Begins, deletes, loads three rows and enters them in the ledger.
    void prepare(PostgresSink &sink, const LoadId &load)
    {
        VERIFY_OK(sink.open({}));
        VERIFY_OK(sink.begin());
        VERIFY_OK(sink.runScript(QStringLiteral("delete from [dbo].[t]")));
        TextRows rows(types(), {{"10", "ten"}, {"11", "eleven"}, {"12", QByteArray()}});
        const auto loaded = sink.load({0, 1}, rows);
        VERIFY_OK(loaded);
        QCOMPARE(loaded->rowsWritten, 3);
        QVERIFY(loaded->bytesWritten > 0);
        VERIFY_OK(sink.writeLedger(
            {load, QStringLiteral("R"), QStringLiteral("Outer[1]/Copy"), 2, 3, QStringLiteral("abc")}));
    }
    static QList<InterimType> types() { return {InterimType::Int64, InterimType::String}; }
    static TextRows manyRows(qint64 count)
    {
        return TextRows(types(), count, [](qint64 i) { return TextRows::Row{QByteArray::number(i), "x"}; });
    }

    tests::PostgresServer m_server;
    std::optional<PostgresConnection> m_connection; // somebody else's
    const QString m_old = QStringLiteral("1:one 2:two");
    const QString m_new = QStringLiteral("10:ten 11:eleven 12:NULL");
};

SLIPWAY_TEST(TestPostgresSink)

void TestPostgresSink::initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.error())); }

void TestPostgresSink::init()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    m_connection.reset();
    auto opened = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(opened);
    m_connection = std::move(*opened);
    execute("DROP SCHEMA IF EXISTS dbo CASCADE; CREATE SCHEMA dbo; CREATE TABLE dbo.t(a bigint, b text); "
            "INSERT INTO dbo.t VALUES (1, 'one'), (2, 'two')");
}

void TestPostgresSink::replacesAllRowsAtTheCommit()
{
    PostgresSink sink(target());
    prepare(sink, LoadId::create());
    QCOMPARE(all(), m_old);
    QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
    QCOMPARE(all(), m_new);
}

void TestPostgresSink::searchPathFindsTheTable()
{
    execute("DROP TABLE IF EXISTS public.here; CREATE TABLE public.here(a bigint, b text)");
    PostgresSink sink({m_server.connection(), {}, QStringLiteral("here")});
    const auto columns = sink.open({});
    VERIFY_OK(columns);
    QCOMPARE(columns->size(), 2);
}

void TestPostgresSink::constraintNamesRowColumnAndValue_data()
{
    QTest::addColumn<QByteArray>("table");
    QTest::addColumn<QList<QByteArray>>("bad");
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("value");
    QTest::newRow("not null") << QByteArray("a bigint, b text NOT NULL") << QList<QByteArray>{"5000", QByteArray()}
                              << QStringLiteral("b") << QString();
    QTest::newRow("unique") << QByteArray("a bigint UNIQUE, b text") << QList<QByteArray>{"7", "x"}
                            << QStringLiteral("a") << QStringLiteral("7");
    QTest::newRow("two columns") << QByteArray("a bigint, b text, PRIMARY KEY (a, b)") << QList<QByteArray>{"7", "x"}
                                 << QStringLiteral("a, b") << QStringLiteral("7, x");
    QTest::newRow("check") << QByteArray("a bigint CHECK (a < 90000), b text") << QList<QByteArray>{"90001", "x"}
                           << QString() << QString();
}

void TestPostgresSink::constraintNamesRowColumnAndValue()
{
    QFETCH(QByteArray, table);
    QFETCH(QList<QByteArray>, bad);
    execute("CREATE TABLE dbo.c(" + table + ")");
    PostgresSink sink(target("c"));
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    // Far more rows follow than the server would be sent if the refusal were not noticed on the way.
    TextRows rows(types(), 2'000'000, [&](qint64 i) {
        return i == 4321 ? bad : TextRows::Row{QByteArray::number(i), "x"};
    });
    int batches = 0;
    rows.beforeBatch = [&](int batch) { batches = batch; };
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::InvalidInput);
    const auto problem = sink.rowProblem();
    QVERIFY2(problem, qPrintable(loaded.error().message));
    QCOMPARE(problem->code, QStringLiteral("UserErrorSinkConstraint"));
    QCOMPARE(problem->row, 4321);
    QCOMPARE(problem->line, 4322);
    QTEST(problem->column, "column");
    QTEST(problem->value, "value");
    QVERIFY2(batches < 500, "the rest was sent all the same");
    QVERIFY(!sink.isTransient());
    QCOMPARE(text("SELECT count(*) FROM dbo.c"), QStringLiteral("0"));
}

void TestPostgresSink::deferredConstraintRollsBackAtTheCommit()
{
    execute("CREATE TABLE dbo.parent(id bigint PRIMARY KEY); "
            "CREATE TABLE dbo.c(a bigint REFERENCES dbo.parent DEFERRABLE INITIALLY DEFERRED, b text)");
    PostgresSink sink(target("c"));
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows = manyRows(3);
    VERIFY_OK(sink.load({0, 1}, rows));
    const auto [answer, error] = sink.commit();
    QCOMPARE(answer, Sink::CommitAnswer::RolledBack);
    QVERIFY2(error.message.contains(u"foreign key"), qPrintable(error.message));
    QCOMPARE(sink.failureName(), QStringLiteral("UserErrorSinkConstraint"));
}

void TestPostgresSink::aTriggerThatDropsRowsIsNoticed()
{
    execute("CREATE FUNCTION dbo.drops() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE WARNING 'noise'; IF new.a = 11 THEN RETURN NULL; END IF; RETURN new; END $$; "
            "CREATE TRIGGER drops BEFORE INSERT ON dbo.t FOR EACH ROW EXECUTE FUNCTION dbo.drops()");
    PostgresSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    TextRows rows = manyRows(20000);
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().message.contains(u"19999 of 20000"), qPrintable(loaded.error().message));
    QCOMPARE(all(), m_old);
}

void TestPostgresSink::streamErrorRollsBack()
{
    PostgresSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    VERIFY_OK(sink.runScript(QStringLiteral("delete from dbo.t")));
    TextRows rows = manyRows(100000);
    rows.failAtBatch = 20;
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QCOMPARE(loaded.error(), (Error{ErrorCode::Io, QStringLiteral("the disk is gone"), QStringLiteral("input.csv")}));
    QCOMPARE(all(), m_old);
}

void TestPostgresSink::scriptThatEndsTheTransactionChangesNothing_data()
{
    QTest::addColumn<QString>("script");
    QTest::newRow("commit") << QStringLiteral("delete from dbo.t; commit");
    QTest::newRow("rollback") << QStringLiteral("delete from dbo.t; rollback");
    QTest::newRow("commit and chain") << QStringLiteral("delete from dbo.t; commit and chain");
    QTest::newRow("commit in a block") << QStringLiteral("do $$ begin delete from dbo.t; commit; end $$");
}

void TestPostgresSink::scriptThatEndsTheTransactionChangesNothing()
{
    QFETCH(QString, script);
    PostgresSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto changed = sink.runScript(script);
    QVERIFY(!changed);
    QVERIFY(changed.error().code == ErrorCode::InvalidInput);
    QCOMPARE(all(), m_old);
}

void TestPostgresSink::failingScriptRollsBack()
{
    PostgresSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto changed = sink.runScript(QStringLiteral("delete from dbo.t; delete from nothing"));
    QVERIFY(!changed);
    QVERIFY2(changed.error().message.contains(u"relation \"nothing\" does not exist"),
             qPrintable(changed.error().message));
    QCOMPARE(sink.failureName(), QStringLiteral("SqlOperationFailed"));
    QCOMPARE(all(), m_old);
}

void TestPostgresSink::scriptCountsItsRows()
{
    PostgresSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto changed = sink.runScript(QStringLiteral(
        "update [dbo].[t] set b = '[x]'; select * from generate_series(1, 100000); -- [y]\ndelete from dbo.t"));
    VERIFY_OK(changed);
    QCOMPARE(*changed, 4);
    const auto copied = sink.runScript(QStringLiteral("copy dbo.t from stdin"));
    QVERIFY(!copied);
}

void TestPostgresSink::missingTableNamesWhatIsThere()
{
    execute("CREATE TABLE dbo.titanic_predictions(a int)");
    PostgresSink sink(target("Titanic_Predictions"));
    const auto columns = sink.open({});
    QVERIFY(!columns);
    QVERIFY(columns.error().code == ErrorCode::NotFound);
    QCOMPARE(sink.failureName(), QStringLiteral("SinkTableNotFound"));
    QVERIFY2(columns.error().message.contains(u"Did you mean “titanic_predictions”?"),
             qPrintable(columns.error().message));
}

void TestPostgresSink::missingSchemaIsTold()
{
    PostgresSink sink({m_server.connection(), QStringLiteral("dbx"), QStringLiteral("t")});
    const auto columns = sink.open({});
    QVERIFY(!columns);
    QVERIFY2(columns.error().message.contains(u"schema “dbx”"), qPrintable(columns.error().message));
    QVERIFY2(columns.error().message.contains(u"Did you mean “dbo”?"), qPrintable(columns.error().message));
}

void TestPostgresSink::unreachableServerIsTransient()
{
    PostgresSink sink({QStringLiteral("host=/nonexistent dbname=x"), {}, QStringLiteral("t")});
    const auto columns = sink.open({});
    QVERIFY(!columns);
    QVERIFY(columns.error().code == ErrorCode::Io);
    QVERIFY(sink.isTransient());
    QCOMPARE(sink.failureName(), QStringLiteral("SqlFailedToConnect"));
}

void TestPostgresSink::cancelStopsAScript()
{
    PostgresSink sink(target());
    CancelToken cancel;
    VERIFY_OK(sink.open(cancel));
    VERIFY_OK(sink.begin());
    QElapsedTimer waited;
    waited.start();
    std::thread canceller([&] { cancel.cancel(); });
    const auto changed = sink.runScript(QStringLiteral("delete from dbo.t; select pg_sleep(600)"));
    canceller.join();
    QVERIFY(!changed);
    QVERIFY(changed.error().code == ErrorCode::Cancelled);
    QVERIFY(waited.elapsed() < 5000);
    QCOMPARE(all(), m_old);
}

void TestPostgresSink::cancelStopsALoad()
{
    PostgresSink sink(target());
    CancelToken cancel;
    VERIFY_OK(sink.open(cancel));
    VERIFY_OK(sink.begin());
    VERIFY_OK(sink.runScript(QStringLiteral("delete from dbo.t")));
    TextRows rows = manyRows(1'000'000'000);
    rows.beforeBatch = [&](int batch) {
        if (batch == 40)
            cancel.cancel();
    };
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::Cancelled);
    QCOMPARE(all(), m_old);
}

void TestPostgresSink::cancelStopsAWaitForALock()
{
    execute("BEGIN; LOCK TABLE dbo.t IN ACCESS EXCLUSIVE MODE");
    PostgresSink sink(target());
    CancelToken cancel;
    VERIFY_OK(sink.open(cancel));
    VERIFY_OK(sink.begin());
    QElapsedTimer waited;
    waited.start();
    std::thread canceller([&] {
        while (waited.elapsed() < 150)
            std::this_thread::yield();
        cancel.cancel();
    });
    TextRows rows = manyRows(3);
    const auto loaded = sink.load({0, 1}, rows);
    canceller.join();
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::Cancelled);
    QVERIFY(waited.elapsed() < 5000);
}

void TestPostgresSink::tableChangedMeanwhileIsAConflict()
{
    PostgresSink sink(target());
    VERIFY_OK(sink.open({}));
    execute("ALTER TABLE dbo.t ALTER COLUMN a TYPE integer");
    const auto begun = sink.begin();
    QVERIFY(!begun);
    QVERIFY(begun.error().code == ErrorCode::Conflict);
}

void TestPostgresSink::ledgerTellsWhatWasLoaded()
{
    const LoadId load = LoadId::create();
    for (const bool commits : {false, true}) {
        PostgresSink sink(target());
        prepare(sink, load);
        if (commits)
            QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
        else
            sink.rollBack();
        PostgresSink later(target());
        const auto found = later.findLoad(load);
        VERIFY_OK(found);
        QCOMPARE(found->has_value(), commits);
        if (commits) {
            QCOMPARE((*found)->rowsWritten, 3);
            QCOMPARE((*found)->activity, QStringLiteral("Outer[1]/Copy"));
            QCOMPARE((*found)->attempt, 2);
            QCOMPARE((*found)->checksum, QStringLiteral("abc"));
        }
    }
    execute("UPDATE dbo._slipway_load_ledger SET committed_at = '2020-01-01'");
    PostgresSink next(target());
    prepare(next, LoadId::create());
    QCOMPARE(next.commit().first, Sink::CommitAnswer::Committed);
    QCOMPARE(text("SELECT count(*) FROM dbo._slipway_load_ledger"), QStringLiteral("1"));
}

void TestPostgresSink::ledgerNeedsThePermission()
{
    execute("DO $$ BEGIN CREATE ROLE loader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; "
            "GRANT USAGE ON SCHEMA dbo TO loader; GRANT SELECT, INSERT, DELETE ON dbo.t TO loader");
    const QString connection =
        m_server.connection().replace(QStringLiteral("user=slipway"), QStringLiteral("user=loader"));
    PostgresSink sink({connection, QStringLiteral("dbo"), QStringLiteral("t")});
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    const auto written = sink.writeLedger({LoadId::create(), QStringLiteral("R"), QStringLiteral("C"), 1, 0, {}});
    QVERIFY(!written);
    const QString message = written.error().message;
    const qsizetype statement = message.indexOf(u"CREATE TABLE");
    QVERIFY2(statement > 0, qPrintable(message));
    sink.rollBack();
    execute(message.mid(statement).toUtf8()); // what the message says helps
    execute("GRANT SELECT, INSERT, DELETE ON dbo._slipway_load_ledger TO loader");
    VERIFY_OK(sink.begin());
    VERIFY_OK(sink.writeLedger({LoadId::create(), QStringLiteral("R"), QStringLiteral("C"), 1, 0, {}}));
}

void TestPostgresSink::lookUpWaitsForTheSessionThatCommits()
{
    const LoadId load = LoadId::create();
    PostgresSink sink(target());
    prepare(sink, load);
    std::optional<bool> found;
    std::thread looking([&] {
        PostgresSink other(target());
        const auto row = other.findLoad(load);
        found = row && row->has_value();
    });
    QTRY_COMPARE(
        text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%try_advisory%' AND pid <> pg_backend_pid()"),
        QStringLiteral("1"));
    QCOMPARE(sink.commit().first, Sink::CommitAnswer::Committed);
    looking.join();
    QVERIFY(found.has_value());
    QVERIFY(*found); // and not "absent", as it would have been at first
}

void TestPostgresSink::lostConnectionDuringTheLoadRollsBack()
{
    PostgresSink sink(target());
    VERIFY_OK(sink.open({}));
    VERIFY_OK(sink.begin());
    VERIFY_OK(sink.runScript(QStringLiteral("delete from dbo.t")));
    TextRows rows = manyRows(10'000'000);
    rows.beforeBatch = [&](int batch) {
        if (batch == 20)
            execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slipway' AND pid "
                    "<> pg_backend_pid()");
    };
    const auto loaded = sink.load({0, 1}, rows);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::Io);
    QVERIFY(sink.isTransient());
    QCOMPARE(all(), m_old);
}

void TestPostgresSink::lostAnswerOfACommitIsFoundInTheLedger()
{
    tests::CuttingProxy proxy(m_server.port());
    PostgresSink::Target through = target();
    through.connection.replace(QStringLiteral("host=%1 port=%2").arg(m_server.folder()).arg(m_server.port()),
                               QStringLiteral("host=127.0.0.1 port=%1").arg(proxy.port()));
    PostgresSink sink(through);
    prepare(sink, LoadId::create());
    proxy.cutAt("COMMIT", tests::CuttingProxy::Cut::Answer);
    const auto [answer, error] = sink.commit();
    QCOMPARE(answer, Sink::CommitAnswer::Committed);
    QCOMPARE(all(), m_new);
    QCOMPARE(proxy.cuts(), 1);
}

void TestPostgresSink::lostCommitIsRolledBack()
{
    tests::CuttingProxy proxy(m_server.port());
    PostgresSink::Target through = target();
    through.connection.replace(QStringLiteral("host=%1 port=%2").arg(m_server.folder()).arg(m_server.port()),
                               QStringLiteral("host=127.0.0.1 port=%1").arg(proxy.port()));
    PostgresSink sink(through);
    prepare(sink, LoadId::create());
    proxy.cutAt("COMMIT", tests::CuttingProxy::Cut::Request);
    const auto [answer, error] = sink.commit();
    QCOMPARE(answer, Sink::CommitAnswer::RolledBack);
    QVERIFY(sink.isTransient());
    QCOMPARE(all(), m_old);
}

void TestPostgresSink::unreachableAfterTheCommitIsUnknown()
{
    PostgresSink::Target impatient = target();
    impatient.outcomeLimit = std::chrono::seconds(1);
    PostgresSink sink(impatient);
    prepare(sink, LoadId::create());
    m_server.stop();
    const auto [answer, error] = sink.commit();
    QCOMPARE(answer, Sink::CommitAnswer::Unknown);
    QVERIFY(error.code == ErrorCode::Io);
}

#include "TestPostgresSink.moc"
