#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/TestMain.h"

#include <QCoreApplication>
#include <QProcess>

using namespace engine;
using tests::CellText;

// The kernel as the engine runs it: as a process, in the sandbox where there is one.
class TestSqlKernel final : public QObject
{
    Q_OBJECT

private slots:
    void runsANotebook()
    {
        QTemporaryDir storage;
        tests::NotebookRun run;
        prepare(run,
                {{QStringLiteral("SET VARIABLE least = 1;"), {QStringLiteral("parameters")}},
                 {QStringLiteral("SELECT range AS i FROM range(5) WHERE range >= :least")},
                 {QStringLiteral("EXPORT DATA OPTIONS(uri = '/dbfs/mnt/x/a.csv') AS SELECT 1 AS a;\n"
                                 "EXIT {'least': getvariable('least')}")},
                 {QStringLiteral("SELECT 'never'")}});
        run.request.parameters = Json{{"least", 3}};
        run.request.mounts.insert(QStringLiteral("/dbfs/mnt/x"), storage.path());
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(run.isFinished(), 60000);
        QCOMPARE(run.outcome().error.message, QString());
        QCOMPARE(int(run.outcome().status), int(NotebookOutcome::Status::Succeeded));
        QCOMPARE(run.outcome().kernelName, QStringLiteral("slipway-sql"));
        QCOMPARE(toCompact(run.outcome().runOutput), QByteArray(R"({"least":3})"));
        QVERIFY(toCompact(run.outputs(2)).contains("<td style"));
        QVERIFY(QFile::exists(storage.filePath(QStringLiteral("a.csv"))));
        QCOMPARE(run.statuses().last(), QStringLiteral("Skipped"));
    }

    void namesTheLineOfAnError()
    {
        tests::NotebookRun run;
        prepare(run, {{QStringLiteral("\nSELECT 1;\n\nSELECT foo")}});
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(run.isFinished(), 60000);
        QVERIFY2(run.outcome().error.message.contains(u"(line 4)"), qPrintable(run.outcome().error.message));
    }

    void stopsWhenItIsCancelled()
    {
        tests::NotebookRun run;
        prepare(run, {{QStringLiteral("SELECT count(*) FROM range(100000000000) a, range(1000) b")}});
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(run.statuses().value(0), QStringLiteral("Running"), 60000);
        run.job()->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(run.isFinished(), 4000); // before SIGTERM would be sent
        QCOMPARE(int(run.outcome().status), int(NotebookOutcome::Status::Cancelled));
    }

    // As JupyterLab starts it: it is to rest while nothing runs, and to go when JupyterLab is gone.
    void restsWhenIdleAndEndsWithItsParent()
    {
        QTemporaryDir folder;
        QFile connection(folder.filePath(QStringLiteral("c.json")));
        QVERIFY(connection.open(QIODevice::WriteOnly));
        connection.write(toCompact(Json{{"transport", "ipc"},
                                        {"ip", toStdString(folder.filePath(QStringLiteral("k")))},
                                        {"shell_port", 1},
                                        {"iopub_port", 2},
                                        {"stdin_port", 3},
                                        {"control_port", 4},
                                        {"hb_port", 5},
                                        {"key", "k"},
                                        {"signature_scheme", "hmac-sha256"},
                                        {"kernel_name", "slipway-sql"}}));
        connection.close();
        QProcess parent;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("TMPDIR"), folder.path());
        environment.insert(QStringLiteral("SLIPWAY_HOME"), folder.path());
        parent.setProcessEnvironment(environment);
        parent.setWorkingDirectory(folder.path());
        parent.start(QStringLiteral("/bin/sh"),
                     {QStringLiteral("-c"),
                      QStringLiteral("export JPY_PARENT_PID=$$; \"$0\" -f \"$1\" >/dev/null 2>&1 & echo $!; wait"),
                      QCoreApplication::applicationDirPath() + QStringLiteral("/slipway-kernel"),
                      connection.fileName()});
        QVERIFY(parent.waitForReadyRead());
        const QString process = QStringLiteral("/proc/") + QString::fromLatin1(parent.readAll().trimmed());
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder.filePath(QStringLiteral("k-5"))), 10000);
        QTest::qWait(500);
        const qint64 before = ticksOf(process);
        QVERIFY(before > 0);
        QTest::qWait(2000);
        QVERIFY2(ticksOf(process) - before <= 4, qPrintable(QString::number(ticksOf(process) - before))); // 2 %
        parent.kill();
        QVERIFY(parent.waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(ticksOf(process) == 0, 5000);
        QCOMPARE(QDir(folder.path()).entryList({QStringLiteral("slipway-sql-*")}).size(), 0);
    }

private:
    static qint64 ticksOf(const QString &process) // of the processor; 0 = it is gone
    {
        QFile file(process + QStringLiteral("/stat"));
        if (!file.open(QIODevice::ReadOnly))
            return 0;
        const QByteArray stat = file.readAll();
        const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
        return fields.value(0) == "Z" ? 0 : fields.value(11).toLongLong() + fields.value(12).toLongLong();
    }
    static void prepare(tests::NotebookRun &run, const QList<CellText> &cells)
    {
        run.request.content = tests::notebookFile(cells, QStringLiteral("slipway-sql"));
        run.environment.kernelFolders = {
            QDir::cleanPath(QCoreApplication::applicationDirPath() + QStringLiteral("/../share/jupyter/kernels"))};
    }
};

SLIPWAY_TEST(TestSqlKernel)

#include "TestSqlKernel.moc"
