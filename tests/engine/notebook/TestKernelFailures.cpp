#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/TestMain.h"

#include "engine/notebook/KernelProcess.h"
#include "engine/notebook/RunFolder.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>

#include <csignal>

using namespace engine;
using namespace tests;

namespace {

const QString failureSucceeded = toString(CellStatus::Succeeded);
const QString failureNotRun = toString(CellStatus::NotRun);
const QString failureDied = toString(CellStatus::KernelDied);
const QString failureCancelled = toString(CellStatus::Cancelled);
const QString failureTimedOut = toString(CellStatus::TimedOut);

bool isRunning(const NotebookRun &run, int cell) { return run.cell(cell).status == CellStatus::Running; }

} // namespace

// Kernels that die, hang, do not start, and jobs that are cancelled, timed out or destroyed. Real kernels.
class TestKernelFailures : public QObject
{
    Q_OBJECT

private slots:
    void tellsHowTheKernelDied_data();
    void tellsHowTheKernelDied();
    void diesBetweenCells();
    void cancels_data();
    void cancels();
    void cancelsTwiceAndBeforeTheStart();
    void cancelsWhileTheKernelStarts();
    void timesOut();
    void timesOutWhileTheKernelStarts();
    void leavesNothingWhenDestroyed();
    void endsProgramsThatLeftTheGroup();
    void saysWhyTheKernelDidNotStart();
    void namesInstalledKernelsWhenOneIsMissing();
    void fallsBackToAKernelOfTheLanguage();
    void refusesFilesThatAreNoNotebook_data();
    void refusesFilesThatAreNoNotebook();
    void limitsMemoryWithAnException();
    void removesWhatACrashedEngineLeft();
};

void TestKernelFailures::tellsHowTheKernelDied_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("bubblewrap");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("signal");
    QTest::addColumn<QString>("words");
    const QString bwrap = QStringLiteral("bwrap");
    const QString exit = QStringLiteral("import os\nos._exit(0)");
    const QString kill = QStringLiteral("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)");
    const QString crash = QStringLiteral("import ctypes\nctypes.string_at(0)");
    QTest::newRow("exit 0") << exit << bwrap << 0 << 0 << QStringLiteral("ended by itself with exit code 0");
    QTest::newRow("exit 0, no sandbox") << exit << QString() << 0 << 0 << QStringLiteral("exit code 0");
    QTest::newRow("killed, no sandbox") << kill << QString() << 0 << SIGKILL << QStringLiteral("signal 9, SIGKILL");
    QTest::newRow("crash") << crash << bwrap << 128 + SIGSEGV << SIGSEGV << QStringLiteral("signal 11, SIGSEGV");
    QTest::newRow("crash, no sandbox") << crash << QString() << 0 << SIGSEGV << QStringLiteral("signal 11, SIGSEGV");
}

void TestKernelFailures::tellsHowTheKernelDied()
{
    QFETCH(QString, source);
    QFETCH(QString, bubblewrap);
    QFETCH(int, code);
    QFETCH(int, signal);
    QFETCH(QString, words);
    NotebookRun run;
    run.environment.bubblewrap = bubblewrap;
    run.start({{QStringLiteral("print(1)")},
               {source},
               {QStringLiteral("print(3)")},
               {QStringLiteral("# text"), {}, QStringLiteral("markdown")}});
    VERIFY_OUTCOME(run, Failed);
    QCOMPARE(run.statuses(), QStringList({failureSucceeded, failureDied, failureNotRun, failureNotRun}));
    const NotebookOutcome &outcome = run.outcome();
    QVERIFY(outcome.transient);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("NotebookKernelDied"));
    QVERIFY2(outcome.error.message.startsWith(u"Cell 2 failed: the kernel ") && outcome.error.message.contains(words),
             qPrintable(outcome.error.message));
    if (run.outcome().sandbox == u"bubblewrap" || bubblewrap.isEmpty()) {
        QCOMPARE(outcome.error.details.at("signal").get<int>(), signal);
        QCOMPARE(outcome.error.details.at("exitCode").get<int>(), code);
    }
    if (signal == SIGSEGV) // the stack of the native code arrives although the kernel is gone
        QVERIFY2(run.cell(1).traceback.contains(u"string_at"), qPrintable(run.cell(1).traceback));
    QVERIFY(run.leftNothing());
}

void TestKernelFailures::diesBetweenCells()
{
    NotebookRun run;
    run.start({{QStringLiteral("import os, threading\nthreading.Timer(0.2, lambda: os._exit(7)).start()")},
               {QStringLiteral("import time\ntime.sleep(60)")}});
    VERIFY_OUTCOME(run, Failed);
    QCOMPARE(run.statuses(), QStringList({failureSucceeded, failureDied}));
    QCOMPARE(run.outcome().error.details.at("exitCode").get<int>(), 7);
}

void TestKernelFailures::cancels_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("bubblewrap");
    const QString bwrap = QStringLiteral("bwrap");
    const QString program = QStringLiteral("import os\nprint('go', flush=True)\nos.system('sleep 100')");
    const QString stubborn =
        QStringLiteral("import time\nprint('go', flush=True)\nwhile True:\n    try:\n        while True: "
                       "time.sleep(0.01)\n    except KeyboardInterrupt:\n        pass");
    const QString deaf =
        QStringLiteral("import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n") + stubborn;
    QTest::newRow("sleep") << QStringLiteral("import time\nprint('go', flush=True)\ntime.sleep(100)") << bwrap;
    QTest::newRow("a program, which answers ok") << program << bwrap;
    QTest::newRow("a program, no sandbox") << program << QString();
    QTest::newRow("swallows the interrupt") << stubborn << bwrap;
    QTest::newRow("swallows the interrupt, no sandbox") << stubborn << QString();
    QTest::newRow("ignores SIGTERM too, no sandbox") << deaf << QString();
}

void TestKernelFailures::cancels()
{
    QFETCH(QString, source);
    QFETCH(QString, bubblewrap);
    NotebookRun run;
    run.environment.bubblewrap = bubblewrap;
    run.environment.interruptStep = Millis(700);
    run.start({{QStringLiteral("print(1)")}, {source}, {QStringLiteral("print(3)")}});
    QTRY_COMPARE_WITH_TIMEOUT(run.text(1), QStringLiteral("go\n"), 30000);
    run.job()->cancel();
    VERIFY_OUTCOME(run, Cancelled);
    QCOMPARE(run.statuses(), QStringList({failureSucceeded, failureCancelled, failureNotRun}));
    QCOMPARE(run.outcome().error.message, QStringLiteral("The notebook was cancelled in cell 2."));
    QVERIFY(!run.outcome().executed.isEmpty());
    QVERIFY(run.leftNothing());
}

void TestKernelFailures::cancelsTwiceAndBeforeTheStart()
{
    NotebookRun run;
    run.start({{QStringLiteral("print(1)")}});
    run.job()->cancel();
    run.job()->cancel();
    VERIFY_OUTCOME(run, Cancelled);
    run.job()->cancel();
    QCoreApplication::processEvents();
    QCOMPARE(run.finishedCount(), 1);
    QCOMPARE(run.statuses(), QStringList(failureNotRun));
}

void TestKernelFailures::cancelsWhileTheKernelStarts()
{
    NotebookRun run;
    run.start({{QStringLiteral("print(1)")}});
    QTRY_COMPARE(run.statuses(), QStringList(toString(CellStatus::Pending)));
    run.job()->cancel();
    VERIFY_OUTCOME(run, Cancelled);
    QCOMPARE(run.statuses(), QStringList(failureNotRun));
    QVERIFY(run.leftNothing());
}

void TestKernelFailures::timesOut()
{
    NotebookRun run;
    run.request.timeout = Millis(3000);
    run.start({{QStringLiteral("import time\ntime.sleep(100)")}, {QStringLiteral("print(2)")}});
    VERIFY_OUTCOME(run, TimedOut);
    QCOMPARE(run.statuses(), QStringList({failureTimedOut, failureNotRun}));
    QCOMPARE(run.outcome().error.message,
             QStringLiteral("The notebook did not finish within 3 seconds; it was stopped in cell 1."));
    QVERIFY(run.leftNothing());
}

void TestKernelFailures::timesOutWhileTheKernelStarts()
{
    NotebookRun run;
    const QString specs = run.folder() + QStringLiteral("/kernels/python3");
    QVERIFY(QDir().mkpath(specs));
    QFile spec(specs + QStringLiteral("/kernel.json"));
    QVERIFY(spec.open(QIODevice::WriteOnly));
    spec.write(R"({"argv":["sh","-c","echo not yet >&2; sleep 100"],"display_name":"Slow","language":"python"})");
    spec.close();
    run.environment.kernelFolders = {run.folder() + QStringLiteral("/kernels")};
    run.environment.startTimeout = Millis(500);
    run.start({{QStringLiteral("print(1)")}});
    VERIFY_OUTCOME(run, Failed);
    QCOMPARE(run.outcome().error.errorCode, QStringLiteral("NotebookKernelStartFailed"));
    QVERIFY2(run.outcome().error.message.contains(u"did not answer within 0.5 seconds")
                 && run.outcome().error.message.contains(u"not yet"),
             qPrintable(run.outcome().error.message));
    QVERIFY(run.outcome().transient);
    QCOMPARE(run.statuses(), QStringList(failureNotRun));
    QVERIFY(run.leftNothing());
}

void TestKernelFailures::leavesNothingWhenDestroyed()
{
    NotebookRun run;
    run.start({{QStringLiteral("import subprocess, time\np = subprocess.Popen(['sleep', '100'])\ntime.sleep(100)")}});
    QTRY_VERIFY_WITH_TIMEOUT(isRunning(run, 0), 30000);
    run.destroyJob();
    QVERIFY(run.leftNothing());
    QCOMPARE(run.finishedCount(), 0);
}

void TestKernelFailures::endsProgramsThatLeftTheGroup()
{
    NotebookRun run;
    run.environment.bubblewrap.clear();
    run.start({{QStringLiteral("import subprocess\np = subprocess.Popen(['setsid', 'sleep', '100'])")}});
    VERIFY_OUTCOME(run, Succeeded);
    QVERIFY(run.leftNothing());
}

void TestKernelFailures::saysWhyTheKernelDidNotStart()
{
    NotebookRun run;
    const QString specs = run.folder() + QStringLiteral("/kernels/python3");
    QVERIFY(QDir().mkpath(specs));
    QFile spec(specs + QStringLiteral("/kernel.json"));
    QVERIFY(spec.open(QIODevice::WriteOnly));
    spec.write(R"x({"argv":["python3","-c","import sys; sys.exit('No module named ipykernel_launcher')"],)x"
               R"x("display_name":"Broken","language":"python"})x");
    spec.close();
    run.environment.kernelFolders = {run.folder() + QStringLiteral("/kernels")};
    run.start({{QStringLiteral("print(1)")}});
    VERIFY_OUTCOME(run, Failed);
    const QString message = run.outcome().error.message;
    QVERIFY2(message.contains(u"exit code 1") && message.contains(u"install it there (package python3-ipykernel)"),
             qPrintable(message));
    QVERIFY(run.leftNothing());
}

void TestKernelFailures::namesInstalledKernelsWhenOneIsMissing()
{
    NotebookRun run;
    run.request.kernel = QStringLiteral("pyspark9");
    run.start({{QStringLiteral("print(1)")}});
    VERIFY_OUTCOME(run, Failed);
    const QString message = run.outcome().error.message;
    QVERIFY2(message.contains(u"\"pyspark9\"") && message.contains(u"python3 (Python 3 (ipykernel))"),
             qPrintable(message));
    QVERIFY(!run.outcome().transient);
    QVERIFY(run.statuses().isEmpty());
}

void TestKernelFailures::fallsBackToAKernelOfTheLanguage()
{
    NotebookRun run;
    run.request.content = notebookFile({{QStringLiteral("print(1)")}}, QStringLiteral("conda-env-old"));
    run.start();
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.outcome().kernelName, QStringLiteral("python3"));
    QVERIFY2(run.outcome().warnings.join(u' ').contains(u"\"conda-env-old\""),
             qPrintable(run.outcome().warnings.join(u' ')));
}

void TestKernelFailures::refusesFilesThatAreNoNotebook_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("where");
    const QString path = QStringLiteral("notebooks/score.ipynb");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("is empty") << path;
    QTest::newRow("no JSON") << QByteArrayLiteral("{\n \"cells\": [,]\n}") << QStringLiteral("cannot be read")
                             << path + QStringLiteral(":2:12");
    QTest::newRow("old format") << QByteArrayLiteral("{\"nbformat\":3,\"worksheets\":[]}")
                                << QStringLiteral("is in format 3") << path + QStringLiteral("/nbformat");
    QTest::newRow("other JSON") << QByteArrayLiteral("{\"a\":1}") << QStringLiteral("no Jupyter notebook")
                                << path + QStringLiteral("/nbformat");
    QTest::newRow("bad cell") << QByteArrayLiteral(
        "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":\"\"},{\"cell_type\":\"video\"}]}")
                              << QStringLiteral("\"video\"") << path + QStringLiteral("/cells[1]/cell_type");
}

void TestKernelFailures::refusesFilesThatAreNoNotebook()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, words);
    QFETCH(QString, where);
    NotebookRun run;
    run.request.content = content;
    run.start();
    VERIFY_OUTCOME(run, Failed);
    QVERIFY2(run.outcome().error.message.contains(words), qPrintable(run.outcome().error.message));
    QVERIFY(run.outcome().error.message.contains(u"notebooks/score.ipynb") || words.startsWith(u'"'));
    QCOMPARE(stringAt(run.outcome().error.details, "where"), where);
    QCOMPARE(run.outcome().error.failureType, QStringLiteral("UserError"));
    QVERIFY(run.outcome().executed.isEmpty());
}

void TestKernelFailures::limitsMemoryWithAnException()
{
    NotebookRun run;
    run.request.memoryLimit = 400LL * 1024 * 1024;
    run.start({{QStringLiteral("x = bytearray(100_000_000)\nprint(len(x))")},
               {QStringLiteral("y = bytearray(600_000_000)"), {QStringLiteral("raises-exception")}},
               {QStringLiteral("print('alive')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.cell(1).ename, QStringLiteral("MemoryError"));
    QCOMPARE(run.text(2), QStringLiteral("alive\n"));
}

void TestKernelFailures::removesWhatACrashedEngineLeft()
{
    QTemporaryDir runtime;
    const QString stale = runtime.path() + QStringLiteral("/0123abcd");
    QVERIFY(QDir().mkpath(stale + QStringLiteral("/work")));
    QVERIFY(QDir().mkpath(runtime.path() + QStringLiteral("/other")));
    const QString token = QStringLiteral("token-of-a-crashed-engine-%1").arg(QCoreApplication::applicationPid());
    QFile file(stale + QStringLiteral("/token"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(token.toUtf8());
    file.close();
    QProcess left;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QString::fromLatin1(tokenVariable), token);
    left.setProcessEnvironment(environment);
    left.start(QStringLiteral("sleep"), {QStringLiteral("100")});
    QVERIFY(left.waitForStarted());
    QCOMPARE(removeStaleRuns(runtime.path()), 1);
    QVERIFY(left.waitForFinished());
    QCOMPARE(left.exitStatus(), QProcess::CrashExit);
    QVERIFY(!QDir(stale).exists());
    QVERIFY(QDir(runtime.path() + QStringLiteral("/other")).exists());
}

SLIPWAY_TEST(TestKernelFailures)

#include "TestKernelFailures.moc"
