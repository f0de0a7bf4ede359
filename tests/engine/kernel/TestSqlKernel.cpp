#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/TestMain.h"

#include <QCoreApplication>

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

private:
    static void prepare(tests::NotebookRun &run, const QList<CellText> &cells)
    {
        run.request.content = tests::notebookFile(cells, QStringLiteral("slipway-sql"));
        run.environment.kernelFolders = {
            QDir::cleanPath(QCoreApplication::applicationDirPath() + QStringLiteral("/../share/jupyter/kernels"))};
    }
};

SLIPWAY_TEST(TestSqlKernel)

#include "TestSqlKernel.moc"
