#include "engine/base/ProcessState.h"
#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QThread>

using namespace engine;

namespace {

constexpr int oldRows = 500;
constexpr int newRows = 60000;

QStringList statesOf(const QList<Json> &runs)
{
    QStringList states;
    for (const Json &run : memberAt(runs.value(0), "value"))
        states.append(stringAt(run, "status"));
    return states;
}

} // namespace

// The engine dies in the middle of a copy. Afterwards the table has all old or all new rows, the run's state is what
// the table says, the next run works, and nothing of the dead engine is alive.
class TestCrashes : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void settlesACopyAfterACrashAtEachPoint_data();
    void settlesACopyAfterACrashAtEachPoint();
    void settlesACopyAfterKillsAtRandomMoments();
    void leavesNoKernelBehind();
    void takesUpAQueuedRun();
    void followsARunAcrossTheDeathOfItsEngine();
    void keepsWhatIsHiddenOverAKillAndNoLonger();

private:
    // The engine is gone. Starts another and waits until no run is under way.
    void recover();
    void verifyTruth(int generation);
    QStringList filesWith(const QByteArray &text) const; // of the engine's own

    std::unique_ptr<tests::EngineHome> m_home;
};

void TestCrashes::init()
{
    m_home = std::make_unique<tests::EngineHome>();
    m_home->makeCopyFactory(oldRows);
    m_home->writeRows(newRows, 1);
    const auto published = m_home->ctl({QStringLiteral("publish")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.out + published.err));
}

void TestCrashes::cleanup() { m_home.reset(); }

void TestCrashes::recover()
{
    m_home->setEnvironment(QStringLiteral("SLIPWAY_CRASH_AT"), {});
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const auto runs = m_home->ctl({QStringLiteral("runs"), QStringLiteral("--json")});
            const QStringList states = statesOf(runs.json());
            return runs.exitCode == 0 && !states.contains(QStringLiteral("InProgress"))
                && !states.contains(QStringLiteral("Queued"));
        }(),
        30000);
}

void TestCrashes::verifyTruth(int generation)
{
    const QMap<int, int> rows = m_home->generations();
    const auto shown = m_home->ctl({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--json")});
    const QString status = stringAt(memberAt(shown.json().value(0), "run"), "status");
    QVERIFY2(rows.size() == 1,
             qPrintable(QStringLiteral("a mix of old and new rows: %1 generations").arg(rows.size())));
    const bool isNew = rows.firstKey() == generation;
    QCOMPARE(rows.first(), isNew || rows.firstKey() > 0 ? newRows : oldRows);
    QCOMPARE(status, isNew ? QStringLiteral("Succeeded") : QStringLiteral("Failed"));
    const Json activity = memberAt(shown.json().value(0), "activities").at(0);
    if (isNew)
        QCOMPARE(intAt(memberAt(activity, "output"), "rowsCopied"), newRows);
}

void TestCrashes::settlesACopyAfterACrashAtEachPoint_data()
{
    QTest::addColumn<QString>("point");
    for (const char *point : {"copy.begin", "copy.load", "copy.before-commit", "copy.after-commit"})
        QTest::newRow(point) << QString::fromLatin1(point);
}

void TestCrashes::settlesACopyAfterACrashAtEachPoint()
{
    QFETCH(QString, point);
    m_home->stopEngine();
    m_home->setEnvironment(QStringLiteral("SLIPWAY_CRASH_AT"), point);
    QCOMPARE(m_home->ctl({QStringLiteral("engine"), QStringLiteral("start")}).exitCode, 0);
    const qint64 pid = m_home->enginePid();
    const auto run = m_home->ctl({QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--no-wait")});
    QCOMPARE(run.exitCode, 0);
    QTRY_VERIFY_WITH_TIMEOUT(!isProcessAlive(pid), 20000);
    recover();
    verifyTruth(1);
    // A copy is taken up again: whatever the point, its rows are there in the end, once.
    QCOMPARE(m_home->generations().firstKey(), 1);
    m_home->writeRows(newRows, 2);
    const auto next = m_home->ctl({QStringLiteral("run"), QStringLiteral("LoadOnly")});
    QVERIFY2(next.exitCode == 0, qPrintable(next.out + next.err));
    QCOMPARE(m_home->generations().firstKey(), 2);
}

void TestCrashes::settlesACopyAfterKillsAtRandomMoments()
{
    // Five in every test run; the nightly loop sets a hundred.
    const int kills = std::max(
        1, qEnvironmentVariableIntValue("SLIPWAY_KILLS") > 0 ? qEnvironmentVariableIntValue("SLIPWAY_KILLS") : 5);
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u, %d kills", seed, kills);
    QRandomGenerator random(seed);
    for (int kill = 1; kill <= kills; ++kill) {
        m_home->writeRows(newRows, kill);
        const qint64 pid = m_home->enginePid();
        const auto run = m_home->ctl({QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--no-wait")});
        QVERIFY2(run.exitCode == 0, qPrintable(run.err));
        QThread::msleep(random.bounded(150)); // the random moment; no state is waited for
        m_home->killEngine();
        QVERIFY(pid == 0 || !isProcessAlive(pid));
        recover();
        verifyTruth(kill);
        if (QTest::currentTestFailed())
            return;
    }
    const auto next = m_home->ctl({QStringLiteral("run"), QStringLiteral("LoadOnly")});
    QVERIFY2(next.exitCode == 0, qPrintable(next.out + next.err));
}

void TestCrashes::leavesNoKernelBehind()
{
    m_home->write(
        QStringLiteral("notebooks/wait.ipynb"),
        R"json({"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"name":"python3","display_name":"Python 3"}},
                      "cells":[{"id":"a","cell_type":"code","metadata":{},"execution_count":null,"outputs":[],
                      "source":"import os\nopen('/dbfs/mnt/out/pid.txt', 'w').write('up')\nos.system('sleep 98765')"}]})json");
    m_home->write(QStringLiteral("linkedService/Local.json"),
                  R"({"name":"Local","properties":{"type":"AzureDatabricks","typeProperties":{}}})");
    m_home->write(
        QStringLiteral(".slipway/bindings.json"),
        R"({"linkedServices":{"Files":{"store":"folder","root":"storage"},"Warehouse":{"store":"sqlite","file":"sink.db"},
                      "Local":{"compute":"kernel","kernel":"python3","notebooks":"notebooks","mounts":{"/dbfs/mnt/out":{"linkedService":"Files","container":"out"}}}}})");
    m_home->write(QStringLiteral("pipeline/Wait.json"),
                  R"({"name":"Wait","properties":{"activities":[{"name":"N","type":"DatabricksNotebook","dependsOn":[],
                      "typeProperties":{"notebookPath":"/wait"},"linkedServiceName":{"referenceName":"Local","type":"LinkedServiceReference"}}]}})");
    const auto published = m_home->ctl({QStringLiteral("publish")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.out + published.err));
    QCOMPARE(m_home->ctl({QStringLiteral("run"), QStringLiteral("Wait"), QStringLiteral("--no-wait")}).exitCode, 0);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_home->factory() + QStringLiteral("/storage/out/pid.txt")), 60000);
    const auto sleepers = [] {
        QProcess process;
        process.start(QStringLiteral("pgrep"), {QStringLiteral("-fc"), QStringLiteral("^sleep 98765")});
        process.waitForFinished();
        return process.readAllStandardOutput().trimmed().toInt();
    };
    QTRY_COMPARE_WITH_TIMEOUT(sleepers(), 1, 20000);
    m_home->killEngine();
    QTRY_COMPARE_WITH_TIMEOUT(sleepers(), 0, 10000);
    recover();
    const Json shown = m_home->ctl({QStringLiteral("show"), QStringLiteral("--json")}).json().value(0);
    QCOMPARE(stringAt(memberAt(shown, "run"), "status"), QStringLiteral("Failed"));
    QCOMPARE(stringAt(memberAt(memberAt(shown, "activities").at(0), "error"), "errorCode"),
             QStringLiteral("EngineInterrupted"));
    QCOMPARE(stringAt(memberAt(shown, "cells").at(0), "status"), QStringLiteral("Interrupted"));
}

void TestCrashes::takesUpAQueuedRun()
{
    // Killed as soon as the run is acknowledged: it must not be lost.
    const auto run = m_home->ctl(
        {QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--no-wait"), QStringLiteral("--json")});
    QCOMPARE(run.exitCode, 0);
    m_home->killEngine();
    recover();
    const Json shown = m_home->ctl({QStringLiteral("show"), QStringLiteral("--json")}).json().value(0);
    QCOMPARE(stringAt(memberAt(shown, "run"), "runId"), stringAt(run.json().value(0), "runId"));
    QCOMPARE(stringAt(memberAt(shown, "run"), "status"), QStringLiteral("Succeeded"));
    QCOMPARE(m_home->generations(), (QMap<int, int>{{1, newRows}}));
}

void TestCrashes::followsARunAcrossTheDeathOfItsEngine()
{
    m_home->writeRows(400000, 1);
    const auto run = m_home->startCtl({QStringLiteral("run"), QStringLiteral("LoadOnly")});
    QString said;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            run->waitForReadyRead(50);
            said += QString::fromUtf8(run->readAllStandardOutput());
            return said.contains(u"Load (Copy) started");
        }(),
        20000);
    m_home->killEngine();
    QVERIFY(run->waitForFinished(30000));
    said += QString::fromUtf8(run->readAllStandardOutput());
    QVERIFY2(run->exitCode() == 0, qPrintable(said + QString::fromUtf8(run->readAllStandardError())));
    QVERIFY2(said.contains(u"Succeeded"), qPrintable(said));
    QCOMPARE(m_home->generations(), (QMap<int, int>{{1, 400000}}));
}

QStringList TestCrashes::filesWith(const QByteArray &text) const
{
    QStringList found;
    QDirIterator files(m_home->path(QStringLiteral("home")), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(text))
            found.append(file.fileName());
    }
    return found;
}

void TestCrashes::keepsWhatIsHiddenOverAKillAndNoLonger()
{
    // "hush-2222" stands in no file of the factory.
    m_home->write(QStringLiteral("pipeline/Hush.json"), R"json({"name": "Hush", "properties": {
      "variables": {"v": {"type": "String"}}, "activities": [
      {"name": "Make", "type": "SetVariable", "policy": {"secureOutput": true, "secureInput": true},
        "typeProperties": {"variableName": "v", "value": "@concat('hu', 'sh-', string(mul(1111, 2)))"}},
      {"name": "Pause", "type": "Wait", "dependsOn": [{"activity": "Make", "dependencyConditions": ["Succeeded"]}],
        "typeProperties": {"waitTimeInSeconds": 3}},
      {"name": "Look", "type": "IfCondition", "dependsOn": [{"activity": "Pause", "dependencyConditions": ["Succeeded"]}],
        "typeProperties": {"expression": {"value": "@equals(variables('v'), concat('hush', '-2222'))", "type": "Expression"},
          "ifFalseActivities": [{"name": "Lost", "type": "Fail", "typeProperties": {"message": "lost", "errorCode": "1"}}]}}]}})json");
    QCOMPARE(m_home->ctl({QStringLiteral("publish")}).exitCode, 0);
    QCOMPARE(m_home->ctl({QStringLiteral("run"), QStringLiteral("Hush"), QStringLiteral("--no-wait")}).exitCode, 0);
    const QStringList last{QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--json")};
    QTRY_VERIFY_WITH_TIMEOUT(m_home->ctl(last).out.contains(u"\"Waiting\""), 20000);
    m_home->killEngine();
    const QStringList kept = filesWith("hush-2222");
    QVERIFY(!kept.isEmpty()); // for the engine that goes on
    for (const QString &path : kept)
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    recover();
    const auto shown = m_home->ctl(last);
    QVERIFY2(shown.out.contains(u"\"Succeeded\"") && !shown.out.contains(u"\"Failed\""), qPrintable(shown.out));
    QVERIFY2(!shown.out.contains(u"hush-2222"), qPrintable(shown.out));
    m_home->stopEngine();
    const QStringList left = filesWith("hush-2222");
    QVERIFY2(left.isEmpty(), qPrintable(left.join(u' ')));
}

SLIPWAY_TEST(TestCrashes)

#include "TestCrashes.moc"
