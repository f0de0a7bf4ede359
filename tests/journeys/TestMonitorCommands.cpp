#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;

// Looking at runs, repeating them, and looking at the machine: by the command line, through a real engine.
class TestMonitorCommands : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void findsRunsByTextStatusAndTime();
    void tellsWrongQuestions_data();
    void tellsWrongQuestions();
    void repeatsARun();
    void showsAVersion();
    void checksTheMachine();
    void findsWhatIsWrongWithTheMachine();
    void listsKernels();
    void readsTheEnginesLog();

private:
    Json jsonOf(const QStringList &arguments) const
    {
        return m_home.ctl(arguments + QStringList{QStringLiteral("--json")}).json().value(0);
    }

    tests::EngineHome m_home;
};

SLIPWAY_TEST(TestMonitorCommands)

void TestMonitorCommands::initTestCase()
{
    m_home.makeCopyFactory(10);
    m_home.writeRows(100, 1);
    QCOMPARE(m_home.ctl({QStringLiteral("publish"), QStringLiteral("-m"), QStringLiteral("the first")}).exitCode, 0);
    QCOMPARE(m_home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly")}).exitCode, 0);
    m_home.write(QStringLiteral("storage/data/in.csv"), "id,generation,text\n1,2,a\n2,oops,b\n");
    QCOMPARE(m_home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly")}).exitCode, 1);
    m_home.writeRows(50, 3);
}

void TestMonitorCommands::findsRunsByTextStatusAndTime()
{
    const Json all = jsonOf({QStringLiteral("runs")});
    QCOMPARE(intAt(all, "total"), 2);
    QCOMPARE(toCompact(memberAt(all, "counts")), QByteArray(R"({"Succeeded":1,"Failed":1})"));
    const Json failed = jsonOf({QStringLiteral("runs"), QStringLiteral("--text"), QStringLiteral("OOPS")});
    QCOMPARE(intAt(failed, "total"), 1);
    QCOMPARE(stringAt(memberAt(failed, "value").at(0), "status"), QStringLiteral("Failed"));
    QCOMPARE(intAt(jsonOf({QStringLiteral("runs"), QStringLiteral("--status"), QStringLiteral("Failed,Succeeded")}),
                   "total"),
             2);
    QCOMPARE(intAt(jsonOf({QStringLiteral("runs"), QStringLiteral("--after"), QStringLiteral("2100-01-01T00:00:00Z")}),
                   "total"),
             0);
    const auto table = m_home.ctl({QStringLiteral("runs"),
                                   QStringLiteral("--all"),
                                   QStringLiteral("--sort"),
                                   QStringLiteral("duration"),
                                   QStringLiteral("--limit"),
                                   QStringLiteral("1")});
    QCOMPARE(table.exitCode, 0);
    QVERIFY2(table.out.contains(u"LoadOnly") && table.out.contains(u"1 of 2"), qPrintable(table.out));
    const auto none = m_home.ctl({QStringLiteral("runs"), QStringLiteral("--triggered-by"), QStringLiteral("Nobody")});
    QCOMPARE(none.exitCode, 0);
    QVERIFY(none.out.contains(u"No runs."));
}

void TestMonitorCommands::tellsWrongQuestions_data()
{
    QTest::addColumn<QStringList>("arguments");
    const QString runs = QStringLiteral("runs");
    QTest::newRow("status") << QStringList{runs, QStringLiteral("--status"), QStringLiteral("Sunk")};
    QTest::newRow("time") << QStringList{runs, QStringLiteral("--after"), QStringLiteral("noon")};
    QTest::newRow("column") << QStringList{runs, QStringLiteral("--sort"), QStringLiteral("colour")};
    QTest::newRow("limit") << QStringList{runs, QStringLiteral("--limit"), QStringLiteral("5000")};
    QTest::newRow("rerun of nothing") << QStringList{QStringLiteral("rerun"), QStringLiteral("00000000")};
    QTest::newRow("rerun without a run") << QStringList{QStringLiteral("rerun")};
    QTest::newRow("unknown version") << QStringList{
        QStringLiteral("versions"), QStringLiteral("show"), QStringLiteral("99")};
    QTest::newRow("doctor of something") << QStringList{QStringLiteral("doctor"), QStringLiteral("me")};
    QTest::newRow("log in words") << QStringList{
        QStringLiteral("engine"), QStringLiteral("log"), QStringLiteral("--bytes"), QStringLiteral("all")};
}

void TestMonitorCommands::tellsWrongQuestions()
{
    QFETCH(QStringList, arguments);
    const auto answer = m_home.ctl(arguments);
    QVERIFY2(answer.exitCode == 2, qPrintable(answer.out + answer.err));
    QVERIFY(!answer.err.isEmpty());
}

void TestMonitorCommands::repeatsARun()
{
    const Json first =
        memberAt(jsonOf({QStringLiteral("runs"), QStringLiteral("--status"), QStringLiteral("Failed")}), "value").at(0);
    const QString id = stringAt(first, "runId");
    const auto again = m_home.ctl({QStringLiteral("rerun"), id.left(8)});
    QVERIFY2(again.exitCode == 0, qPrintable(again.out + again.err));
    QVERIFY2(again.out.contains(u"LoadOnly") && again.out.contains(u"Succeeded"), qPrintable(again.out));
    QCOMPARE(m_home.generations(), (QMap<int, int>{{3, 50}}));
    const Json latest =
        memberAt(jsonOf({QStringLiteral("runs"), QStringLiteral("--limit"), QStringLiteral("1")}), "value").at(0);
    QCOMPARE(stringAt(latest, "rerunOf"), id);
    QCOMPARE(stringAt(latest, "runGroupId"), stringAt(first, "runGroupId"));
    const Json quick = jsonOf({QStringLiteral("rerun"), QStringLiteral("last"), QStringLiteral("--no-wait")});
    QVERIFY(!stringAt(quick, "runId").isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(
        stringAt(
            memberAt(jsonOf({QStringLiteral("runs"), QStringLiteral("--limit"), QStringLiteral("1")}), "value").at(0),
            "status"),
        QStringLiteral("Succeeded"),
        20000);
}

void TestMonitorCommands::showsAVersion()
{
    const auto shown = m_home.ctl({QStringLiteral("versions"), QStringLiteral("show"), QStringLiteral("1")});
    QCOMPARE(shown.exitCode, 0);
    QVERIFY2(shown.out.contains(u"the first") && shown.out.contains(u"pipeline/LoadOnly.json"), qPrintable(shown.out));
    const Json json = jsonOf({QStringLiteral("versions"), QStringLiteral("show"), QStringLiteral("1")});
    QCOMPARE(stringAt(memberAt(json, "files"), "pipeline/LoadOnly.json").size(), 64);
}

void TestMonitorCommands::checksTheMachine()
{
    const auto doctor = m_home.ctl({QStringLiteral("doctor")});
    QVERIFY2(doctor.exitCode == 0, qPrintable(doctor.out + doctor.err));
    const Json checks = memberAt(jsonOf({QStringLiteral("doctor")}), "checks");
    QStringList ids;
    for (const Json &check : checks) {
        ids += stringAt(check, "id");
        QVERIFY2(stringAt(check, "state") != u"error", toCompact(check).constData());
        QVERIFY(!stringAt(check, "message").isEmpty());
        QCOMPARE(stringAt(check, "fix").isEmpty(), stringAt(check, "state") == u"ok");
    }
    QCOMPARE(ids.join(u' '), QStringLiteral("store disk kernels sandbox clock timezone database"));
}

void TestMonitorCommands::findsWhatIsWrongWithTheMachine()
{
    // An interpreter that starts, but no kernel in it.
    tests::EngineHome broken;
    QDir().mkpath(broken.path(QStringLiteral("kernels/kernels/python3")));
    QFile spec(broken.path(QStringLiteral("kernels/kernels/python3/kernel.json")));
    QVERIFY(spec.open(QIODevice::WriteOnly));
    spec.write(
        R"({"argv":["/bin/false","-m","ipykernel_launcher","-f","{connection_file}"],"display_name":"Broken","language":"python"})");
    spec.close();
    broken.setEnvironment(QStringLiteral("JUPYTER_PATH"), broken.path(QStringLiteral("kernels")));
    const auto kernels = broken.ctl({QStringLiteral("kernels"), QStringLiteral("--json")});
    bool isNamed = false;
    for (const Json &kernel : memberAt(kernels.json().value(0), "value"))
        isNamed =
            isNamed || (stringAt(kernel, "name") == u"python3" && stringAt(kernel, "problem").contains(u"/bin/false"));
    QVERIFY2(isNamed, qPrintable(kernels.out + kernels.err));
    const auto doctor = broken.ctl({QStringLiteral("doctor")});
    QVERIFY2(doctor.out.contains(u"ipykernel"), qPrintable(doctor.out));
}

void TestMonitorCommands::listsKernels()
{
    const auto list = m_home.ctl({QStringLiteral("kernels")});
    QCOMPARE(list.exitCode, 0);
    QVERIFY2(list.out.contains(u"python3") && list.out.contains(u"ipykernel"), qPrintable(list.out));
    const Json python = memberAt(jsonOf({QStringLiteral("kernels")}), "value");
    for (const Json &kernel : python) {
        if (stringAt(kernel, "name") == u"python3") {
            QVERIFY(QFile::exists(stringAt(kernel, "interpreter")));
            QVERIFY(stringAt(kernel, "version").startsWith(u"Python 3."));
            QCOMPARE(stringAt(kernel, "problem"), QString());
        }
    }
}

void TestMonitorCommands::readsTheEnginesLog()
{
    const Json hello = jsonOf({QStringLiteral("engine"), QStringLiteral("status")});
    for (const char *key : {"dataFolder", "settingsFolder", "log"})
        QVERIFY2(!stringAt(hello, key).isEmpty(), key);
    QVERIFY(intAt(hello, "clients") >= 1);
    QCOMPARE(intAt(hello, "startedTriggers", -1), 0);
    const auto log = m_home.ctl({QStringLiteral("engine"), QStringLiteral("log")});
    QCOMPARE(log.exitCode, 0);
    QVERIFY2(log.out.contains(u"serves"), qPrintable(log.out));
    const auto end =
        m_home.ctl({QStringLiteral("engine"), QStringLiteral("log"), QStringLiteral("--bytes"), QStringLiteral("10")});
    QVERIFY(end.out.size() <= 11 && log.out.endsWith(end.out));
    m_home.stopEngine();
    QCOMPARE(m_home.ctl({QStringLiteral("engine"), QStringLiteral("log")}).exitCode, 3);
}

#include "TestMonitorCommands.moc"
