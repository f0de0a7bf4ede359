#include "engine/copy/CopyPace.h"
#include "engine/copy/CopyTrial.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace tests;

// Copies tried without doing them.
class TestCopyTrial : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<CopyFixture>(); }
    void countsWhatConvertsByColumn();
    void looksAtNoMoreRowsThanAsked();
    void saysWhatTheScriptWouldChange();
    void changesNothingWhileTrying();
    void triesNoScriptThatEndsTransactions_data();
    void triesNoScriptThatEndsTransactions();
    void tellsTheTimeThatIsLeft();

private:
    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestCopyTrial)

void TestCopyTrial::countsWhatConvertsByColumn()
{
    m_fixture->write("in.csv", "a,b\r\n1,x\r\n1.5,y\r\nn/a,z\r\n,w\r\n1,2,3\r\n");
    const auto preview = previewConversion(m_fixture->plan("in.csv"), 1000, {});
    VERIFY_OK(preview);
    QCOMPARE(preview->rows, 5);
    QCOMPARE(preview->ragged, 1);
    QVERIFY(!preview->more);
    const ConversionColumn &numbers = preview->columns.first();
    QCOMPARE(numbers.source, QStringLiteral("a"));
    QCOMPARE(numbers.ok, 1);
    QCOMPARE(numbers.lossy, 1);
    QCOMPARE(numbers.failing, 1);
    QCOMPARE(numbers.ok + numbers.lossy + numbers.failing + numbers.nulls, 4);
    QCOMPARE(numbers.worst.size(), 2);
    QCOMPARE(numbers.worst.first().value, QStringLiteral("n/a"));
    QCOMPARE(numbers.worst.first().row, 3);
    QVERIFY(numbers.worst.last().isLossy);
    QCOMPARE(preview->columns.last().ok, 4);
    QCOMPARE(m_fixture->text("select count(*) from t where b='x'"), QStringLiteral("0")); // nothing was copied
}

void TestCopyTrial::looksAtNoMoreRowsThanAsked()
{
    m_fixture->writeRows("in.csv", 5000);
    const auto preview = previewConversion(m_fixture->plan("in.csv"), 100, {});
    VERIFY_OK(preview);
    QCOMPARE(preview->rows, 100);
    QCOMPARE(preview->good, 100);
    QVERIFY(preview->more);
}

void TestCopyTrial::saysWhatTheScriptWouldChange()
{
    m_fixture->execute("delete from t; insert into t(a, b) values(1, 'x'), (2, 'y')");
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.preCopyScript = QStringLiteral("delete from [dbo].[t] where a = 1; update t set b = 'z'");
    const auto trial = tryScript(plan, {});
    VERIFY_OK(trial);
    QCOMPARE(trial->statements.size(), 2);
    QCOMPARE(trial->statements.first().table, QStringLiteral("dbo.t"));
    QCOMPARE(trial->statements.first().rows, 1);
    QCOMPARE(trial->rows, 2);
    QCOMPARE(trial->sentence, QStringLiteral("Deletes one row from dbo.t; updates one row of t."));
}

void TestCopyTrial::changesNothingWhileTrying()
{
    m_fixture->execute("delete from t; insert into t(a, b) values(1, 'x'), (2, 'y')");
    const QString before = m_fixture->rows();
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.preCopyScript = QStringLiteral("truncate table t");
    const auto trial = tryScript(plan, {});
    VERIFY_OK(trial);
    QCOMPARE(trial->sentence, QStringLiteral("Deletes 2 rows from t."));
    QCOMPARE(m_fixture->rows(), before);
}

void TestCopyTrial::triesNoScriptThatEndsTransactions_data()
{
    QTest::addColumn<QString>("script");
    QTest::newRow("commit") << QStringLiteral("delete from t; commit");
    QTest::newRow("begins one") << QStringLiteral("begin; delete from t");
    QTest::newRow("vacuum") << QStringLiteral("vacuum");
    QTest::newRow("another file") << QStringLiteral("attach 'x.db' as x");
}

void TestCopyTrial::triesNoScriptThatEndsTransactions()
{
    QFETCH(QString, script);
    m_fixture->execute("delete from t; insert into t(a, b) values(1, 'x')");
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.preCopyScript = script;
    const auto trial = tryScript(plan, {});
    QVERIFY(!trial);
    QVERIFY(trial.error().code == ErrorCode::Unsupported);
    QCOMPARE(m_fixture->text("select count(*) from t"), QStringLiteral("1"));
}

void TestCopyTrial::tellsTheTimeThatIsLeft()
{
    CopyPace pace;
    const CopyPace::Time start{};
    pace.add(start, 0, 0);
    QVERIFY(!pace.remaining(1000).has_value());
    pace.add(start + std::chrono::seconds(1), 10, 100);
    pace.add(start + std::chrono::seconds(2), 20, 200);
    QCOMPARE(pace.rowsPerSecond(), 10.0);
    QCOMPARE(pace.bytesPerSecond(), 100.0);
    QCOMPARE(pace.remaining(1000)->count(), 8);
    QVERIFY(!pace.remaining(0).has_value());
}

#include "TestCopyTrial.moc"
