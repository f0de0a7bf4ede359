#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;

// `slipwayctl copy`: from a file into a table, without an engine.
class TestCopyCommand : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void copiesOneFileWithoutAFactory();
    void leavesBadRowsOut();

private:
    tests::EngineHome m_home;
};

void TestCopyCommand::initTestCase()
{
    m_home.makeCopyFactory(10);
    m_home.writeRows(100, 1);
}

void TestCopyCommand::copiesOneFileWithoutAFactory()
{
    const QString from = m_home.factory() + QStringLiteral("/storage/data/in.csv");
    const QString to = QStringLiteral("sqlite:%1/sink.db#dbo.target").arg(m_home.factory());
    const QString script = QStringLiteral("delete from [dbo].[target]");
    m_home.writeRows(7, 5);
    const auto copied = m_home.ctl({QStringLiteral("copy"),
                                    QStringLiteral("--from"),
                                    from,
                                    QStringLiteral("--to"),
                                    to,
                                    QStringLiteral("--pre-copy"),
                                    script,
                                    QStringLiteral("--json")});
    QVERIFY2(copied.exitCode == 0, qPrintable(copied.out + copied.err));
    QCOMPARE(intAt(copied.json().value(0), "rowsCopied"), 7);
    QCOMPARE(m_home.generations(), (QMap<int, int>{{5, 7}}));
    const auto missing = m_home.ctl(
        {QStringLiteral("copy"), QStringLiteral("--from"), QStringLiteral("none.csv"), QStringLiteral("--to"), to});
    QCOMPARE(missing.exitCode, 1);
    QVERIFY2(missing.err.contains(u"none.csv"), qPrintable(missing.err));
    // The table's own rows, by a query: the database is a source as well.
    const auto queried = m_home.ctl({QStringLiteral("copy"),
                                     QStringLiteral("--from"),
                                     to.section(u'#', 0, 0),
                                     QStringLiteral("--query"),
                                     QStringLiteral("SELECT id + 100 AS id, 6 AS generation, text FROM target"),
                                     QStringLiteral("--to"),
                                     to});
    QVERIFY2(queried.exitCode == 0, qPrintable(queried.out + queried.err));
    QCOMPARE(m_home.generations(), (QMap<int, int>{{5, 7}, {6, 7}}));
    m_home.writeRows(100, 1);
}

void TestCopyCommand::leavesBadRowsOut()
{
    QFile csv(m_home.path(QStringLiteral("bad.csv")));
    QVERIFY(csv.open(QIODevice::WriteOnly) && csv.write("id,generation,text\n1,77,a\nx,77,b\n3,77,c,d\n4,77,e\n") > 0);
    csv.close();
    QVERIFY(QDir().mkpath(m_home.path(QStringLiteral("left-out"))));
    const QStringList command{QStringLiteral("copy"),
                              QStringLiteral("--from"),
                              m_home.path(QStringLiteral("bad.csv")),
                              QStringLiteral("--to"),
                              QStringLiteral("sqlite:%1#target").arg(m_home.path(QStringLiteral("factory/sink.db")))};
    QCOMPARE(m_home.ctl(command).exitCode, 1);
    QVERIFY(!m_home.generations().contains(77));
    QCOMPARE(m_home.ctl(command + QStringList{QStringLiteral("--max-errors"), QStringLiteral("1")}).exitCode, 2);
    const auto one = m_home.ctl(
        command + QStringList{QStringLiteral("--skip"), QStringLiteral("--max-errors"), QStringLiteral("1")});
    QCOMPARE(one.exitCode, 1);
    QVERIFY2(one.err.contains(u"2 rows are bad, and 1 are allowed"), qPrintable(one.err));
    QVERIFY(!m_home.generations().contains(77));
    const auto copied = m_home.ctl(
        command
        + QStringList{QStringLiteral("--skip"), QStringLiteral("--log"), m_home.path(QStringLiteral("left-out"))});
    QVERIFY2(copied.exitCode == 0, qPrintable(copied.err));
    QVERIFY2(copied.out.contains(u"4 rows read, 2 copied, 2 skipped"), qPrintable(copied.out));
    QVERIFY2(copied.out.contains(u"Column 'id' contains an invalid value 'x'"), qPrintable(copied.out));
    QVERIFY2(copied.out.contains(u"copyactivity-logs/copy/"), qPrintable(copied.out));
    QCOMPARE(m_home.generations().value(77), 2);
}

SLIPWAY_TEST(TestCopyCommand)
#include "TestCopyCommand.moc"
