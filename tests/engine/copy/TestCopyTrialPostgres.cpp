#include "engine/copy/CopyTrial.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>
#include <QProcess>

#include <thread>

using namespace engine;
using tests::CopyFixture;

// Copies into PostgreSQL, tried without doing them.
class TestCopyTrialPostgres : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.error())); }
    void init();
    void columnsSayWhatTheyHold();
    void tableThatIsToBeMadeIsNotMade();
    void scriptIsTriedAndTakenBack();
    void truncateLocksNobodyOut();
    void scriptThatCouldLeaveSomethingIsNotTried_data();
    void scriptThatCouldLeaveSomethingIsNotTried();
    void lockedTableIsNotWaitedForLong();
    void wrongScriptIsTold();
    void endlessScriptIsCancelled();

private:
    CopyPlan plan(const char *script = "") const
    {
        CopyPlan made = m_fixture->plan("in.csv");
        made.sink = PostgresTableSink{m_server.connection(), QStringLiteral("dbo"), QStringLiteral("t")};
        made.preCopyScript = QString::fromUtf8(script);
        return made;
    }
    QString rows() const { return m_server.sql(QStringLiteral("SELECT count(*), sum(a) FROM dbo.t")); }

    tests::PostgresServer m_server;
    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestCopyTrialPostgres)

void TestCopyTrialPostgres::init()
{
    m_fixture = std::make_unique<CopyFixture>();
    QCOMPARE(m_server.sql(QStringLiteral("SET client_min_messages = error; DROP SCHEMA IF EXISTS dbo CASCADE; CREATE "
                                         "SCHEMA dbo; CREATE TABLE dbo.t(a numeric(6,2) NOT NULL, b varchar(3)); "
                                         "INSERT INTO dbo.t VALUES (-1, 'old'), (-2, 'oli')")),
             QString());
}

void TestCopyTrialPostgres::columnsSayWhatTheyHold()
{
    m_fixture->write("in.csv", "a,b\n1.25,abc\n1.255,abcd\n12345,\nx,\"a\"\n,y\n");
    const auto preview = previewConversion(plan(), 1000, {});
    VERIFY_OK(preview);
    QCOMPARE(preview->rows, 5);
    QCOMPARE(preview->good, 1);
    const ConversionColumn &a = preview->columns.first();
    QCOMPARE(a.physicalType, QStringLiteral("numeric(6,2)"));
    QVERIFY(!a.nullable);
    QCOMPARE(a.ok, 1);
    QCOMPARE(a.lossy, 1); // 1.255 has one digit too many
    QCOMPARE(a.failing, 3); // too large, no number, NULL
    QCOMPARE(preview->columns.last().lossy, 1); // cut to three characters
    QCOMPARE(preview->columns.last().nulls + preview->columns.last().ok, 4);
    QCOMPARE(rows(), QStringLiteral("2|-3.00"));
}

void TestCopyTrialPostgres::tableThatIsToBeMadeIsNotMade()
{
    m_fixture->write("in.csv", "a,b\n1,x\n");
    CopyPlan made = plan();
    auto &sink = std::get<PostgresTableSink>(made.sink);
    sink.table = QStringLiteral("fresh");
    sink.options.makesTable = true;
    const auto preview = previewConversion(made, 1000, {});
    VERIFY_OK(preview);
    QCOMPARE(preview->good, 1);
    QCOMPARE(m_server.sql(QStringLiteral("SELECT to_regclass('dbo.fresh') IS NULL")), QStringLiteral("t"));
}

void TestCopyTrialPostgres::scriptIsTriedAndTakenBack()
{
    const auto trial = tryScript(
        plan("DELETE FROM [dbo].[t] WHERE a = -1; UPDATE dbo.t SET b = 'z'; INSERT INTO dbo.t SELECT g, 'n' FROM "
             "generate_series(1, 1309) g"),
        {});
    VERIFY_OK(trial);
    QCOMPARE(trial->statements.size(), 3);
    QCOMPARE(trial->statements.first().rows, 1);
    QCOMPARE(trial->statements.last().rows, 1309);
    QVERIFY2(trial->sentence.contains(u"inserts 1,309 rows into dbo.t"), qPrintable(trial->sentence));
    QCOMPARE(rows(), QStringLiteral("2|-3.00"));
}

// Somebody reads all the time; TRUNCATE would wait for them, or they for it.
void TestCopyTrialPostgres::truncateLocksNobodyOut()
{
    QProcess reader;
    reader.start(QStringLiteral("psql"), {QStringLiteral("-qAtX"), QStringLiteral("-d"), m_server.connection()});
    QVERIFY(reader.waitForStarted());
    reader.write("BEGIN; SELECT count(*) FROM dbo.t;\n");
    QVERIFY(reader.waitForReadyRead());
    const auto trial = tryScript(plan("TRUNCATE TABLE dbo.t"), {});
    reader.write("COMMIT;\n");
    reader.closeWriteChannel();
    reader.waitForFinished();
    VERIFY_OK(trial);
    QCOMPARE(trial->sentence, QStringLiteral("Deletes 2 rows from dbo.t."));
    QCOMPARE(rows(), QStringLiteral("2|-3.00"));
}

void TestCopyTrialPostgres::scriptThatCouldLeaveSomethingIsNotTried_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("commit") << QByteArray("DELETE FROM dbo.t; COMMIT");
    QTest::newRow("commit in comments") << QByteArray("DELETE FROM dbo.t; /* no */ commit -- yes");
    QTest::newRow("block") << QByteArray("DO $$ BEGIN DELETE FROM dbo.t; END $$");
    QTest::newRow("copy") << QByteArray("COPY dbo.t TO PROGRAM 'cat > /dev/null'");
    QTest::newRow("call") << QByteArray("CALL dbo.p()");
    QTest::newRow("notify") << QByteArray("NOTIFY others");
}

void TestCopyTrialPostgres::scriptThatCouldLeaveSomethingIsNotTried()
{
    QFETCH(QByteArray, script);
    const auto trial = tryScript(plan(script.constData()), {});
    QVERIFY(!trial);
    QVERIFY(trial.error().code == ErrorCode::Unsupported);
    QCOMPARE(rows(), QStringLiteral("2|-3.00"));
}

void TestCopyTrialPostgres::lockedTableIsNotWaitedForLong()
{
    QProcess writer;
    writer.start(QStringLiteral("psql"), {QStringLiteral("-qAtX"), QStringLiteral("-d"), m_server.connection()});
    QVERIFY(writer.waitForStarted());
    writer.write("BEGIN; LOCK TABLE dbo.t; SELECT 1;\n");
    QVERIFY(writer.waitForReadyRead());
    QElapsedTimer waited;
    waited.start();
    const auto trial = tryScript(plan("DELETE FROM dbo.t"), {});
    const qint64 took = waited.elapsed();
    writer.write("COMMIT;\n");
    writer.closeWriteChannel();
    writer.waitForFinished();
    QVERIFY(!trial);
    QVERIFY2(trial.error().code == ErrorCode::Conflict, qPrintable(trial.error().message));
    QVERIFY2(took < 8000, qPrintable(QString::number(took)));
}

void TestCopyTrialPostgres::wrongScriptIsTold()
{
    const auto trial = tryScript(plan("DELETE FROM dbo.missing"), {});
    QVERIFY(!trial);
    QVERIFY2(trial.error().message.contains(u"dbo.missing"), qPrintable(trial.error().message));
}

void TestCopyTrialPostgres::endlessScriptIsCancelled()
{
    CancelToken cancel;
    std::thread user([&cancel] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        cancel.cancel();
    });
    QElapsedTimer waited;
    waited.start();
    const auto trial = tryScript(plan("SELECT pg_sleep(60)"), cancel);
    const qint64 took = waited.elapsed();
    user.join();
    QVERIFY(!trial);
    QVERIFY2(took < 5000, qPrintable(QString::number(took)));
}

#include "TestCopyTrialPostgres.moc"
