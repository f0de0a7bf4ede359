#include "engine/copy/RejectedRows.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QDirIterator>

using namespace engine;
using namespace tests;
using Status = CopyOutcome::Status;

// Copies that leave bad rows out (enableSkipIncompatibleRow).
class TestRejectedRows : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<CopyFixture>(); }
    void leavesBadRowsOutAndCountsThem();
    void writesTheLogOfDataFactory();
    void redirectsRowsWithTheirErrors();
    void writesNoLogWithoutABadRow();
    void failsWhenTooManyAreBad_data();
    void failsWhenTooManyAreBad();
    void neverReplacesWithNothing();
    void logsTheFirstOfEachReasonAndCountsAll();
    void makesNoFormulas();
    void failsWhenTheLogCannotBeWritten();
    void tellsProgress();

private:
    // `good` rows, each `every`-th followed by a bad one: by turns no number, and a column too many.
    QByteArray mixed(int good, int every) const
    {
        QByteArray text = "a,b\r\n";
        int bad = 0;
        for (int i = 1; i <= good; ++i) {
            text += QByteArray::number(i) + ",good\r\n";
            if (i % every == 0)
                text += bad++ % 2 == 0 ? "no number,x\r\n" : "1,2,3\r\n";
        }
        return text;
    }
    CopyPlan plan(SkipRules::Log log = SkipRules::Log::Activity) const
    {
        CopyPlan plan = m_fixture->plan("in.csv");
        plan.skip.isOn = true;
        plan.skip.log = log;
        plan.skip.root = m_fixture->path("logs");
        plan.skip.path = QStringLiteral("container/bad");
        return plan;
    }
    LoadIdentity identity() const
    {
        LoadIdentity identity = CopyFixture::identity();
        identity.activityRun = QStringLiteral("run-1");
        return identity;
    }
    QStringList logs() const
    {
        QStringList found;
        QDirIterator all(m_fixture->path("logs"), QDir::Files, QDirIterator::Subdirectories);
        while (all.hasNext())
            found += all.next();
        return found;
    }
    QByteArray logText() const
    {
        QFile file(logs().value(0));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestRejectedRows)

void TestRejectedRows::leavesBadRowsOutAndCountsThem()
{
    m_fixture->write("in.csv", mixed(9'963, 269)); // 37 bad ones
    QDir().mkpath(m_fixture->path("logs"));
    const CopyOutcome outcome = copyNow(plan(), identity());
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsRead, 10'000);
    QCOMPARE(outcome.counts.rowsCopied, 9'963);
    QCOMPARE(outcome.counts.rowsSkipped, 37);
    QCOMPARE(m_fixture->text("SELECT count(*) || ' ' || sum(a) FROM t WHERE b = 'good'"),
             QStringLiteral("9963 %1").arg(9963 * 9964 / 2));
    const Json &rejected = outcome.output["slipway"]["rejected"];
    QCOMPARE(intAt(rejected["reasons"], "UserErrorInvalidDataValue"), 19);
    QCOMPARE(intAt(rejected["reasons"], "UserErrorInvalidColumnCount"), 18);
    QCOMPARE(int(rejected["rows"].size()), 37);
    const Json &first = rejected["rows"][0];
    QCOMPARE(intAt(first, "row"), 270);
    QCOMPARE(intAt(first, "line"), 271);
    QCOMPARE(stringAt(first, "column"), QStringLiteral("a"));
    QCOMPARE(stringAt(first, "value"), QStringLiteral("no number"));
    QCOMPARE(intAt(outcome.output, "rowsSkipped"), 37);
    QVERIFY(
        stringAt(outcome.output, "logFilePath").startsWith(u"container/bad/copyactivity-logs/CopyStorageToSql/run-1/"));
}

void TestRejectedRows::writesTheLogOfDataFactory()
{
    m_fixture->write("in.csv", "a,b\nx,\"say \"\"hi\"\"\"\n1,good\n");
    QDir().mkpath(m_fixture->path("logs"));
    QVERIFY(copyNow(plan(), identity()).status == Status::Succeeded);
    const QList<QByteArray> lines = logText().split('\n');
    QCOMPARE(lines.value(0), QByteArray("Timestamp,Level,OperationName,OperationItem,Message\r"));
    QVERIFY2(lines.value(1).contains(
                 R"(,Warning,TabularRowSkip,"x,""say """"hi""""""","Column 'a' contains an invalid value 'x'.)"),
             lines.value(1).constData());
    QCOMPARE(lines.size(), 3); // and nothing behind the last line end
    QVERIFY(instantFromIso(QString::fromLatin1(lines.value(1).left(lines.value(1).indexOf(',')))).has_value());
}

void TestRejectedRows::redirectsRowsWithTheirErrors()
{
    m_fixture->write("in.csv", "a,b\n1,2,3\n1,good\n");
    QDir().mkpath(m_fixture->path("logs"));
    const CopyOutcome outcome = copyNow(plan(SkipRules::Log::Redirect), identity());
    QVERIFY(outcome.status == Status::Succeeded);
    QVERIFY(logText().startsWith(R"(1,2,3,"UserErrorInvalidColumnCount","Row 1 (line 2)"));
    QVERIFY(stringAt(outcome.output, "redirectRowPath").startsWith(u"container/bad/run-1/"));
    QVERIFY(!outcome.output.contains("logFilePath"));
}

void TestRejectedRows::writesNoLogWithoutABadRow()
{
    m_fixture->writeRows("in.csv", 10);
    const CopyOutcome outcome = copyNow(plan(), identity());
    QVERIFY(outcome.status == Status::Succeeded);
    QVERIFY(!QFileInfo::exists(m_fixture->path("logs")));
    QVERIFY(!outcome.output["slipway"].contains("rejected"));
}

void TestRejectedRows::failsWhenTooManyAreBad_data()
{
    QTest::addColumn<qint64>("maxErrors"); // -1 = none
    QTest::addColumn<double>("maxErrorPercent");
    QTest::addColumn<bool>("succeeds");
    QTest::newRow("as many as allowed") << qint64(10) << -1.0 << true;
    QTest::newRow("one more") << qint64(9) << -1.0 << false;
    QTest::newRow("none allowed") << qint64(0) << -1.0 << false;
    QTest::newRow("the share allowed") << qint64(-1) << 10.0 << true;
    QTest::newRow("a bigger share") << qint64(-1) << 9.99 << false;
}

void TestRejectedRows::failsWhenTooManyAreBad()
{
    QFETCH(qint64, maxErrors);
    QFETCH(double, maxErrorPercent);
    QFETCH(bool, succeeds);
    m_fixture->write("in.csv", mixed(90, 9)); // 10 of 100
    QDir().mkpath(m_fixture->path("logs"));
    const QString before = m_fixture->rows();
    CopyPlan limited = plan();
    if (maxErrors >= 0)
        limited.skip.maxErrors = maxErrors;
    if (maxErrorPercent >= 0)
        limited.skip.maxErrorPercent = maxErrorPercent;
    const CopyOutcome outcome = copyNow(limited, identity());
    QCOMPARE(outcome.status == Status::Succeeded, succeeds);
    if (succeeds)
        return;
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorTooManyBadRows"));
    QVERIFY(!outcome.transient);
    QCOMPARE(outcome.counts.rowsCopied, 0);
    QCOMPARE(m_fixture->rows(), before);
    QVERIFY(logText().contains("no number")); // what was found is kept
}

void TestRejectedRows::neverReplacesWithNothing()
{
    m_fixture->write("in.csv", "a,b\nx,1\ny,2\n");
    const QString before = m_fixture->rows();
    const CopyOutcome outcome = copyNow(plan(SkipRules::Log::None), identity());
    QCOMPARE(outcome.error.errorCode, QStringLiteral("EmptySource"));
    QCOMPARE(outcome.counts.rowsSkipped, 2);
    QCOMPARE(m_fixture->rows(), before);
}

void TestRejectedRows::logsTheFirstOfEachReasonAndCountsAll()
{
    QByteArray text = "a,b\n";
    for (int i = 0; i < RejectedRows::mostLogged + 50; ++i)
        text += "x,y\n";
    text += "1,2,3\n1,good\n";
    m_fixture->write("in.csv", text);
    QDir().mkpath(m_fixture->path("logs"));
    const CopyOutcome outcome = copyNow(plan(), identity());
    QVERIFY(outcome.status == Status::Succeeded);
    QCOMPARE(outcome.counts.rowsSkipped, RejectedRows::mostLogged + 51);
    QCOMPARE(logText().count("\r\n"), RejectedRows::mostLogged + 2); // the header, and the row of the other reason
    QCOMPARE(int(outcome.output["slipway"]["rejected"]["rows"].size()), RejectedRows::mostReported);
}

void TestRejectedRows::makesNoFormulas()
{
    m_fixture->write("in.csv", "a,b\n=cmd|x,1\n1,good\n");
    QDir().mkpath(m_fixture->path("logs"));
    QVERIFY(copyNow(plan(), identity()).status == Status::Succeeded);
    QVERIFY(logText().contains("\"'=cmd|x,1\""));
}

void TestRejectedRows::failsWhenTheLogCannotBeWritten()
{
    m_fixture->write("in.csv", "a,b\nx,1\n1,good\n");
    const QString before = m_fixture->rows();
    const CopyOutcome outcome = copyNow(plan(), identity()); // the folder of the store is not there
    QVERIFY(outcome.status == Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"logs"), qPrintable(outcome.error.message));
    QCOMPARE(m_fixture->rows(), before);
}

void TestRejectedRows::tellsProgress()
{
    m_fixture->write("in.csv", mixed(30'000, 100));
    QDir().mkpath(m_fixture->path("logs"));
    CopyCounts last;
    CopyHooks hooks;
    hooks.progress = [&last](const CopyProgress &progress) { last = progress.counts; };
    QVERIFY(copyNow(plan(), identity(), hooks).status == Status::Succeeded);
    QCOMPARE(last.rowsSkipped, 300);
    QCOMPARE(last.rowsRead, 30'300);
}

#include "TestRejectedRows.moc"
