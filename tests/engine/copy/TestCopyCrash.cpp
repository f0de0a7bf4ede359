#include "engine/base/CrashPoint.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QCoreApplication>
#include <QProcess>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

// The process dies at every named place of a copy; then the sink holds all old rows or all new ones, the ledger knows
// which, and another attempt loads exactly once.
class TestCopyCrash : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void deadProcessLeavesOldOrNewRows_data();
    void deadProcessLeavesOldOrNewRows();
    void copiesAndMayDie(); // the child; does nothing when it is not asked to

private:
    CopyPlan plan(const QString &csv, const QString &sink) const;
    QString postgres(const QString &statements) const;

    std::unique_ptr<tests::PostgresServer> m_server;
};

SLIPWAY_TEST(TestCopyCrash)

namespace {

constexpr char jobVariable[] = "SLIPWAY_TEST_COPY"; // CSV file|sink|load id

} // namespace

void TestCopyCrash::initTestCase()
{
    if (qEnvironmentVariableIsSet(jobVariable))
        return;
    m_server = std::make_unique<tests::PostgresServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->error()));
}

CopyPlan TestCopyCrash::plan(const QString &csv, const QString &sink) const
{
    CopyPlan made;
    CsvFileSource source;
    source.path = csv;
    source.format.firstRowAsHeader = true;
    made.source = source;
    made.preCopyScript = QStringLiteral("delete from [dbo].[t]");
    if (sink.contains(u'='))
        made.sink = PostgresTableSink{sink, QStringLiteral("dbo"), QStringLiteral("t")};
    else
        made.sink = SqliteTableSink{sink, {}, QStringLiteral("t"), std::chrono::milliseconds(500)};
    return made;
}

QString TestCopyCrash::postgres(const QString &statements) const { return m_server->sql(statements); }

void TestCopyCrash::copiesAndMayDie()
{
    const QStringList job = qEnvironmentVariable(jobVariable).split(u'|');
    if (job.size() != 3)
        return;
    const LoadIdentity identity{LoadId(job.at(2)), RunId(QStringLiteral("R")), QStringLiteral("Copy"), 1};
    const CopyOutcome outcome = copyNow(plan(job.at(0), job.at(1)), identity);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
}

void TestCopyCrash::deadProcessLeavesOldOrNewRows_data()
{
    QTest::addColumn<bool>("isPostgres");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("after"); // rows in the table: old, new, or either
    for (const bool isPostgres : {false, true}) {
        const auto row = [&](std::string_view name, const char *passage, const char *after) {
            const QString place = QString::fromUtf8(name.data(), qsizetype(name.size())) + QString::fromLatin1(passage);
            QTest::newRow(qPrintable((isPostgres ? QStringLiteral("PostgreSQL ") : QStringLiteral("SQLite ")) + place))
                << isPostgres << place << QString::fromLatin1(after);
        };
        row(CrashPoint::copyBegin, "", "old");
        row(CrashPoint::copyScript, "", "old");
        row(CrashPoint::copyLoad, "", "old");
        row(CrashPoint::copyLoad, ":3", "old");
        row(CrashPoint::copyBeforeCommit, "", "old");
        row(CrashPoint::copyCommitSent, "", isPostgres ? "either" : "old");
        row(CrashPoint::copyAfterCommit, "", "new");
        row("copy.never", "", "new");
    }
}

void TestCopyCrash::deadProcessLeavesOldOrNewRows()
{
    QFETCH(bool, isPostgres);
    QFETCH(QString, place);
    QFETCH(QString, after);
    CopyFixture fixture;
    fixture.writeRows("in.csv", 10000);
    if (isPostgres)
        postgres(QStringLiteral("SET client_min_messages = error; DROP SCHEMA IF EXISTS dbo CASCADE; CREATE SCHEMA "
                                "dbo; CREATE TABLE dbo.t(a bigint, b text); "
                                "INSERT INTO dbo.t VALUES (-1, 'old'), (-2, 'older')"));
    const auto count = [&] {
        return isPostgres ? postgres(QStringLiteral("SELECT count(*) FROM dbo.t"))
                          : fixture.text("SELECT count(*) FROM t");
    };
    const QString sink = isPostgres ? m_server->connection() : fixture.path("sink.db");
    const LoadId load = LoadId::create();

    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QString::fromLatin1(jobVariable), fixture.path("in.csv") + u'|' + sink + u'|' + load.text());
    environment.insert(QStringLiteral("SLIPWAY_CRASH_AT"), place);
    child.setProcessEnvironment(environment);
    child.setProcessChannelMode(QProcess::MergedChannels);
    child.start(QCoreApplication::applicationFilePath(),
                {QStringLiteral("--class"), QStringLiteral("TestCopyCrash"), QStringLiteral("copiesAndMayDie")});
    QVERIFY(child.waitForFinished());
    const bool mayLive = place == u"copy.never";
    QVERIFY2(child.exitCode() == (mayLive ? 0 : 9), child.readAll().constData());

    const CopyPlan made = plan(fixture.path("in.csv"), sink);
    const auto found = lookUpLoad(made.sink, load); // waits for a session that is still committing
    VERIFY_OK(found);
    if (after == u"old")
        QVERIFY(!found->committed);
    else if (after == u"new")
        QVERIFY(found->committed);
    QCOMPARE(count(), found->committed ? QStringLiteral("10000") : QStringLiteral("2"));

    CopyPlan again = made;
    again.preCopyScript.clear(); // an append, which would show a load that was made twice
    const CopyOutcome outcome = copyNow(again, {load, RunId(QStringLiteral("R")), QStringLiteral("Copy"), 2});
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 10000);
    QCOMPARE(count(), found->committed ? QStringLiteral("10000") : QStringLiteral("10002"));
}

#include "TestCopyCrash.moc"
