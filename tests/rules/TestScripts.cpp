#include "tests/support/TestMain.h"

#include <QDir>
#include <QFileInfo>
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

namespace {

struct Ended
{
    int code = -1;
    QString out;
    QString err;
};

Ended runScript(const QString &script, const QStringList &arguments, const QString &folder = {})
{
    QProcess process;
    process.setWorkingDirectory(folder.isEmpty() ? QDir::tempPath() : folder);
    process.start(QStringLiteral("bash"), QStringList{script} + arguments);
    process.waitForFinished(60000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

QString script(const char *name) { return QDir(tests::sourceDir()).filePath(QString::fromUtf8(name)); }

} // namespace

// The scripts a user meets first. That they install and build is tried on a bare machine (tests/journeys).
class TestScripts final : public QObject
{
    Q_OBJECT

private slots:
    void isARunnableScript_data()
    {
        QTest::addColumn<QString>("path");
        for (const char *name : {"setup", "run", "test", ".ci/run", "tests/journeys/bare-machine.sh"})
            QTest::newRow(name) << script(name);
    }

    void isARunnableScript()
    {
        QFETCH(QString, path);
        QVERIFY(QFileInfo(path).isExecutable());
        const Ended checked = runScript(QStringLiteral("-n"), {path});
        QVERIFY2(checked.code == 0, qPrintable(checked.err));
    }

    void explainsItself_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("usage");
        QTest::newRow("setup") << script("setup") << QStringLiteral("./setup [run|test]");
        QTest::newRow("run") << script("run") << QStringLiteral("./run [--headless | --pictures] [--dir DIR]");
        QTest::newRow("test") << script("test") << QStringLiteral("./test [--nightly]");
    }

    void explainsItself()
    {
        QFETCH(QString, path);
        QFETCH(QString, usage);
        const Ended help = runScript(path, {QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        QVERIFY2(help.out.contains(usage), qPrintable(help.out));
        QVERIFY2(!help.out.contains(QStringLiteral("set -e")), qPrintable(help.out));
    }

    void refusesWhatItDoesNotKnow()
    {
        QCOMPARE(runScript(script("setup"), {QStringLiteral("everything")}).code, 2);
        QCOMPARE(runScript(script("run"), {QStringLiteral("--quickly")}).code, 2);
        QCOMPARE(runScript(script("run"), {QStringLiteral("--dir")}).code, 2);
    }

    // `./test` has set this machine up already: once more finds nothing to do, from any folder.
    void setsUpOnlyOnce()
    {
        QTemporaryDir elsewhere;
        const Ended again = runScript(script("setup"), {QStringLiteral("test")}, elsewhere.path());
        QVERIFY2(again.code == 0, qPrintable(again.err));
        QCOMPARE(again.out, QStringLiteral("setup: everything for ./test is here\n"));
    }
};

SLIPWAY_TEST(TestScripts)

#include "TestScripts.moc"
