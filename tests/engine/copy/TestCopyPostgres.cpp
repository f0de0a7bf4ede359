#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

class TestCopyPostgres : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void replacesTheRows();
    void countsTheRowsOfTheTableAgain();
    void failureKeepsTheOldRows_data();
    void failureKeepsTheOldRows();
    void cancelLeavesTheSinkAsItWas();
    void sameLoadTwiceIsLoadedOnce();
    void stoppedServerIsTransient();

private:
    QString sql(const QString &statements) const { return m_server.sql(statements); }
    QString rows() const
    {
        return sql(QStringLiteral("SELECT string_agg(a || ':' || b, ' ' ORDER BY a DESC) FROM dbo.t"));
    }
    CopyPlan plan() const
    {
        CopyPlan made = m_fixture->plan("in.csv");
        made.sink = PostgresTableSink{m_server.connection(), QStringLiteral("dbo"), QStringLiteral("t")};
        return made;
    }

    tests::PostgresServer m_server;
    std::unique_ptr<CopyFixture> m_fixture;
    const QString m_old = QStringLiteral("-1:old -2:older");
};

SLIPWAY_TEST(TestCopyPostgres)

void TestCopyPostgres::initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.error())); }

void TestCopyPostgres::init()
{
    m_fixture = std::make_unique<CopyFixture>();
    QCOMPARE(sql(QStringLiteral("SET client_min_messages = error; DROP SCHEMA IF EXISTS dbo CASCADE; CREATE SCHEMA "
                                "dbo; CREATE TABLE dbo.t(a bigint, b text); "
                                "INSERT INTO dbo.t VALUES (-1, 'old'), (-2, 'older')")),
             QString());
}

void TestCopyPostgres::replacesTheRows()
{
    m_fixture->writeRows("in.csv", 10000);
    const CopyOutcome outcome = copyNow(plan());
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 10000);
    QCOMPARE(outcome.output["slipway"]["preCopyScriptRows"].get<int>(), 2);
    QCOMPARE(sql(QStringLiteral("SELECT count(*), sum(a), min(b) FROM dbo.t")), QStringLiteral("10000|50005000|row 1"));
}

void TestCopyPostgres::countsTheRowsOfTheTableAgain()
{
    m_fixture->writeRows("in.csv", 1000);
    CopyPlan made = plan();
    made.validateConsistency = true;
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 1000);
    sql(QStringLiteral("CREATE FUNCTION eats() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM dbo.t WHERE a = "
                       "2; RETURN NULL; END'; CREATE TRIGGER eats AFTER INSERT ON dbo.t EXECUTE FUNCTION eats()"));
    const CopyOutcome refused = copyNow(made);
    QVERIFY2(refused.status == Status::Failed, described(refused).constData());
    QCOMPARE(refused.error.errorCode, QStringLiteral("DataConsistencyRowCountMismatch"));
    QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM dbo.t")), QStringLiteral("1000"));
}

void TestCopyPostgres::failureKeepsTheOldRows_data()
{
    QTest::addColumn<QByteArray>("extra"); // rows at the end
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("errorCode");
    const QString deletes = QStringLiteral("delete from [dbo].[t]");
    QTest::newRow("bad value") << QByteArray("x,1\n") << deletes << QString()
                               << QStringLiteral("UserErrorInvalidDataValue");
    QTest::newRow("failing script") << QByteArray() << QStringLiteral("delete from dbo.t; delete from nowhere")
                                    << QString() << QStringLiteral("SqlOperationFailed");
    QTest::newRow("script that commits") << QByteArray() << QStringLiteral("delete from dbo.t; commit") << QString()
                                         << QStringLiteral("UserErrorPreCopyScriptEndedTransaction");
    QTest::newRow("constraint") << QByteArray("7,again\n") << deletes
                                << QStringLiteral("CREATE UNIQUE INDEX u ON dbo.t(a)")
                                << QStringLiteral("UserErrorSinkConstraint");
}

void TestCopyPostgres::failureKeepsTheOldRows()
{
    QFETCH(QByteArray, extra);
    QFETCH(QString, script);
    QFETCH(QString, before);
    QFETCH(QString, errorCode);
    QByteArray csv = "a,b\n";
    for (int i = 0; i < 20000; ++i)
        csv += QByteArray::number(i) + ",x\n";
    m_fixture->write("in.csv", csv + extra);
    sql(before);
    CopyPlan made = plan();
    made.preCopyScript = script;
    const LoadIdentity identity = CopyFixture::identity();
    const CopyOutcome outcome = copyNow(made, identity);
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    QCOMPARE(outcome.error.errorCode, errorCode);
    if (!extra.isEmpty()) {
        QCOMPARE(outcome.error.details["row"].get<int>(), 20001);
        QCOMPARE(outcome.error.details["line"].get<int>(), 20002);
    }
    QCOMPARE(rows(), m_old);
    const auto found = lookUpLoad(made.sink, identity.load);
    VERIFY_OK(found);
    QVERIFY(!found->committed);
}

void TestCopyPostgres::cancelLeavesTheSinkAsItWas()
{
    m_fixture->writeRows("in.csv", 50000);
    for (const CopyPhase phase : {CopyPhase::PreCopyScript, CopyPhase::Transferring, CopyPhase::Committing}) {
        CopyPlan made = plan();
        if (phase == CopyPhase::PreCopyScript)
            made.preCopyScript += QStringLiteral("; select pg_sleep(600)");
        CancelToken cancel;
        CopyHooks hooks;
        hooks.progress = [&](const CopyProgress &progress) {
            if (progress.phase == phase)
                cancel.cancel();
        };
        const CopyOutcome outcome = copyNow(made, CopyFixture::identity(), hooks, cancel);
        QVERIFY2(outcome.status == Status::Cancelled, described(outcome).constData());
        QCOMPARE(rows(), m_old);
    }
}

void TestCopyPostgres::sameLoadTwiceIsLoadedOnce()
{
    m_fixture->writeRows("in.csv", 3);
    CopyPlan made = plan();
    made.preCopyScript.clear();
    const LoadIdentity identity = CopyFixture::identity();
    QVERIFY(copyNow(made, identity).status == Status::Succeeded);
    QVERIFY(copyNow(made, identity).output["slipway"]["alreadyLoaded"].get<bool>());
    QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM dbo.t")), QStringLiteral("5"));
    const auto found = lookUpLoad(made.sink, identity.load);
    VERIFY_OK(found);
    QVERIFY(found->committed);
    QCOMPARE(found->rowsWritten, 3);
}

void TestCopyPostgres::stoppedServerIsTransient()
{
    m_fixture->writeRows("in.csv", 3);
    m_server.stop();
    const CopyOutcome outcome = copyNow(plan());
    QVERIFY(m_server.start());
    QVERIFY(outcome.status == Status::Failed);
    QVERIFY(outcome.transient);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("SqlFailedToConnect"));
    QCOMPARE(rows(), m_old);
}

#include "TestCopyPostgres.moc"
