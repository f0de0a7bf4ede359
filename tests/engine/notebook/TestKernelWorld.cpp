#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/TestMain.h"

#include "engine/notebook/Sandbox.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTcpServer>

using namespace engine;
using namespace tests;

namespace {

bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString warningsOf(const NotebookRun &run) { return run.outcome().warnings.join(u'\n'); }

} // namespace

// What a notebook sees of the machine: mounts, databases, network, environment. Real kernels and sandboxes.
class TestKernelWorld : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void mountsFoldersAtTheirLiteralPath();
    void mountsWithoutASandbox();
    void refusesMounts_data();
    void refusesMounts();
    void connectsToSqlite();
    void keepsTheWalReadableForOthers();
    void saysWhatCannotBeConnected();
    void connectsToPostgresql();
    void isolates();
    void startsWithACleanEnvironment();
    void getsTheVariablesOfTheEngine();
    void saysWhyThereIsNoSandbox();
    void ordersWhatIsBound();
    void refusesALongRuntimeFolder();

private:
    bool m_hasSandbox = false;
};

void TestKernelWorld::initTestCase() { m_hasSandbox = probeSandbox(QStringLiteral("bwrap")).usable; }

void TestKernelWorld::mountsFoldersAtTheirLiteralPath()
{
    if (!m_hasSandbox)
        QSKIP("bubblewrap cannot be used here");
    NotebookRun run;
    const QString storage = run.folder() + QStringLiteral("/storage");
    QVERIFY(QDir().mkpath(storage) && writeFile(storage + QStringLiteral("/in.csv"), "a,b\n1,2\n"));
    run.request.mounts = {{QStringLiteral("/dbfs/mnt/frzstg"), storage}};
    run.start({{QStringLiteral("print(open('/dbfs/mnt/frzstg/in.csv').read())")},
               {QStringLiteral("import os\nos.makedirs('/dbfs/mnt/frzstg/finoutput')\n"
                               "open('/dbfs/mnt/frzstg/finoutput/output.csv', 'w').write('x')")},
               {QStringLiteral("import slipway\nprint(slipway.mount('/dbfs/mnt/frzstg'), "
                               "slipway.mount('/dbfs/mnt/frzstg/in.csv'))")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.outcome().sandbox, QStringLiteral("bubblewrap"));
    QCOMPARE(run.text(0), QStringLiteral("a,b\n1,2\n\n"));
    QCOMPARE(run.text(2), QStringLiteral("/dbfs/mnt/frzstg /dbfs/mnt/frzstg/in.csv\n"));
    QCOMPARE(readFile(storage + QStringLiteral("/finoutput/output.csv")), QByteArrayLiteral("x"));
    QVERIFY(!QFileInfo::exists(QStringLiteral("/dbfs/mnt/frzstg")));
    QVERIFY2(run.outcome().warnings.isEmpty(), qPrintable(warningsOf(run)));
}

void TestKernelWorld::mountsWithoutASandbox()
{
    NotebookRun run;
    run.environment.bubblewrap.clear();
    const QString storage = run.folder() + QStringLiteral("/storage");
    QVERIFY(QDir().mkpath(storage));
    run.request.mounts = {{QStringLiteral("/dbfs/mnt/frzstg"), storage}};
    run.start({{QStringLiteral("import slipway\nopen(slipway.mount('/dbfs/mnt/frzstg/') + '/out', 'w').write('y')\n"
                               "print(slipway.mount('/dbfs/mnt/frzstg'))")},
               {QStringLiteral("slipway.mount('/mnt/other')")}});
    VERIFY_OUTCOME(run, Failed);
    QCOMPARE(run.text(0), storage + u'\n');
    QCOMPARE(readFile(storage + QStringLiteral("/out")), QByteArrayLiteral("y"));
    QVERIFY(run.outcome().error.message.contains(u"There is no mount \"/mnt/other\""));
    QVERIFY2(warningsOf(run).contains(u"\"/dbfs/mnt/frzstg\" does not exist"), qPrintable(warningsOf(run)));
    QVERIFY(run.outcome().sandbox.contains(u"switched off"));
}

void TestKernelWorld::refusesMounts_data()
{
    QTest::addColumn<QString>("literal");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("words");
    const QString here = QStringLiteral("/tmp");
    QTest::newRow("relative") << QStringLiteral("mnt/x") << here << QStringLiteral("no absolute path");
    QTest::newRow("climbing") << QStringLiteral("/mnt/../etc") << here << QStringLiteral("no absolute path");
    QTest::newRow("of the system") << QStringLiteral("/usr/lib") << here << QStringLiteral("folder of the system");
    QTest::newRow("missing folder") << QStringLiteral("/mnt/x") << QStringLiteral("/nowhere/x")
                                    << QStringLiteral("\"/nowhere/x\" behind the mount \"/mnt/x\" does not exist");
}

void TestKernelWorld::refusesMounts()
{
    QFETCH(QString, literal);
    QFETCH(QString, folder);
    QFETCH(QString, words);
    NotebookRun run;
    run.request.mounts = {{literal, folder}};
    run.start({{QStringLiteral("print(1)")}});
    VERIFY_OUTCOME(run, Failed);
    QVERIFY2(run.outcome().error.message.contains(words), qPrintable(run.outcome().error.message));
}

void TestKernelWorld::connectsToSqlite()
{
    NotebookRun run;
    const QString home = run.folder() + QStringLiteral("/data base");
    const QString file = home + QStringLiteral("/ti%tanic.db");
    QVERIFY(QDir().mkpath(home) && writeFile(file, {}));
    run.request.connections = {{"Db", {{"store", "sqlite"}, {"file", toStdString(file)}}}};
    run.start({{QStringLiteral("import slipway, warnings\nimport pandas as pd\nc = slipway.connect('Db')\n"
                               "c.execute('pragma journal_mode=wal')\n"
                               "c.executescript('create table dbo.titanic_features(id int, s text);')\n"
                               "c.executemany('insert into [dbo].[titanic_features] values(?, ?)', "
                               "[(1, 'dbo.x'), (2, None)])\nc.commit()")},
               {QStringLiteral("warnings.simplefilter('error')\n"
                               "print(len(pd.read_sql('select * from dbo.titanic_features', c)))\n"
                               "print(pd.read_sql(\"select s from [dbo].[titanic_features] where s = 'dbo.x'\", c)"
                               ".to_csv(index=False))")},
               {QStringLiteral("pd.DataFrame({'v': [1, 2, 3]}).to_sql('made', c, index=False)\n"
                               "print(c.execute('select sum(v) from \"dbo\".made').fetchall())\n"
                               "print(c.execute('select count(*) from titanic_features').fetchone())\nc.close()")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.text(1), QStringLiteral("2\ns\ndbo.x\n\n"));
    QCOMPARE(run.text(2), QStringLiteral("[(6,)]\n(2,)\n"));
    QVERIFY(readFile(file).startsWith("SQLite format 3"));
}

void TestKernelWorld::keepsTheWalReadableForOthers()
{
    // Two kernels, each in its own sandbox, see each other's commits through one WAL file.
    NotebookRun writer;
    NotebookRun reader;
    const QString home = writer.folder() + QStringLiteral("/db");
    const QString file = home + QStringLiteral("/shared.db");
    QVERIFY(QDir().mkpath(home) && writeFile(file, {}));
    const Json connections = {{"Db", {{"store", "sqlite"}, {"file", toStdString(file)}}}};
    writer.request.connections = reader.request.connections = connections;
    const QString open = QStringLiteral("import slipway, time\nc = slipway.connect('Db')\n");
    writer.start({{open
                   + QStringLiteral("c.execute('pragma journal_mode=wal')\nc.execute('create table t(x)')\n"
                                    "c.execute('insert into dbo.t values(1)')\nc.commit()\n"
                                    "while c.execute('select count(*) from t').fetchone()[0] < 2:\n"
                                    "    time.sleep(0.01)\nprint('seen')")}});
    reader.start({{open
                   + QStringLiteral("while c.execute(\"select count(*) from sqlite_master where name='t'\")"
                                    ".fetchone()[0] == 0:\n    time.sleep(0.01)\n"
                                    "while c.execute('select count(*) from dbo.t').fetchone()[0] == 0:\n"
                                    "    time.sleep(0.01)\nc.execute('insert into dbo.t values(2)')\nc.commit()")}});
    VERIFY_OUTCOME(reader, Succeeded);
    VERIFY_OUTCOME(writer, Succeeded);
    QCOMPARE(writer.text(0), QStringLiteral("seen\n"));
}

void TestKernelWorld::saysWhatCannotBeConnected()
{
    NotebookRun run;
    const QString file = run.folder() + QStringLiteral("/missing.db");
    run.request.connections = {{"Db", {{"store", "sqlite"}, {"file", toStdString(file)}}},
                               {"Odd", {{"store", "oracle"}}}};
    const QStringList allowed = {QStringLiteral("raises-exception")};
    run.start({{QStringLiteral("import slipway\nslipway.connect('Db')"), allowed},
               {QStringLiteral("slipway.connect('Nope')"), allowed},
               {QStringLiteral("slipway.connect('Odd')"), allowed}});
    VERIFY_OUTCOME(run, Succeeded);
    QVERIFY2(run.cell(0).evalue.contains(u"missing.db\" of the linked service \"Db\" does not exist"),
             qPrintable(run.cell(0).evalue));
    QVERIFY(!QFileInfo::exists(file));
    QVERIFY2(run.cell(1).evalue.contains(u"(\"Db\", \"Odd\")"), qPrintable(run.cell(1).evalue));
    QVERIFY2(run.cell(2).evalue.contains(u"\"oracle\""), qPrintable(run.cell(2).evalue));
}

void TestKernelWorld::connectsToPostgresql()
{
    // No server is needed to see that the module is asked, and that the reason is told.
    NotebookRun run;
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost));
    const QString connection = QStringLiteral("host=127.0.0.1 port=%1 dbname=dw").arg(closed.serverPort());
    closed.close();
    run.request.connections = {{"Dw", {{"store", "postgresql"}, {"connection", toStdString(connection)}}}};
    run.start({{QStringLiteral("import slipway\nslipway.connect('Dw')")}});
    VERIFY_OUTCOME(run, Failed);
    const QString message = run.outcome().error.message;
    if (message.contains(u"ImportError"))
        QVERIFY2(message.contains(u"install the package python3-psycopg2"), qPrintable(message));
    else if (m_hasSandbox)
        QVERIFY2(message.contains(u"runs without network") && warningsOf(run).contains(u"\"Dw\""), qPrintable(message));
    else
        QVERIFY2(message.contains(u"OperationalError"), qPrintable(message));
}

void TestKernelWorld::isolates()
{
    if (!m_hasSandbox)
        QSKIP("bubblewrap cannot be used here");
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QString knock = QStringLiteral("import socket\nsocket.create_connection(('127.0.0.1', %1), 5)\n"
                                         "print('reached')")
                              .arg(server.serverPort());
    NotebookRun closed;
    QVERIFY(writeFile(closed.folder() + QStringLiteral("/private"), "x"));
    closed.start({{knock, {QStringLiteral("raises-exception")}},
                  {QStringLiteral("import os\nprint(os.path.exists('%1/private'), os.path.exists('%2'), "
                                  "os.listdir('/tmp'), len([p for p in os.listdir('/proc') if p.isdigit()]) < 10)")
                       .arg(closed.folder(), QDir::homePath())},
                  {QStringLiteral("open('/usr/x', 'w')"), {QStringLiteral("raises-exception")}}});
    NotebookRun open;
    open.request.network = true;
    open.start({{knock}});
    VERIFY_OUTCOME(closed, Succeeded);
    QCOMPARE(closed.cell(0).ename, QStringLiteral("ConnectionRefusedError")); // its own loopback
    QVERIFY2(closed.text(1).startsWith(u"False False [") && closed.text(1).endsWith(u"True\n"),
             qPrintable(closed.text(1)));
    QCOMPARE(closed.cell(2).ename, QStringLiteral("OSError"));
    VERIFY_OUTCOME(open, Succeeded);
    QCOMPARE(open.text(0), QStringLiteral("reached\n"));
}

void TestKernelWorld::startsWithACleanEnvironment()
{
    NotebookRun run;
    qputenv("SLIPWAY_TEST_SECRET", "do not tell");
    qputenv("PYTHONSTARTUP", "/nowhere");
    run.start({{QStringLiteral("import os, resource, stat\n"
                               "print('SLIPWAY_TEST_SECRET' in os.environ, 'PYTHONSTARTUP' in os.environ)\n"
                               "print(resource.getrlimit(resource.RLIMIT_CORE)[0], oct(os.umask(0)))\n"
                               "print(os.listdir('.'))\n"
                               "c = os.environ['SLIPWAY_CONTEXT']\nprint(oct(os.stat(c).st_mode & 0o777), "
                               "oct(os.stat(os.path.dirname(c)).st_mode & 0o777))\n"
                               "print(sorted(int(f) for f in os.listdir('/proc/self/fd'))[:3])")}});
    VERIFY_OUTCOME(run, Succeeded);
    qunsetenv("SLIPWAY_TEST_SECRET");
    qunsetenv("PYTHONSTARTUP");
    QCOMPARE(run.text(0), QStringLiteral("False False\n0 0o77\n[]\n0o600 0o700\n[0, 1, 2]\n"));
}

void TestKernelWorld::getsTheVariablesOfTheEngine()
{
    NotebookRun run;
    run.environment.variables = {{QStringLiteral("http_proxy"), QStringLiteral("http://proxy.intern:3128")}};
    run.start({{QStringLiteral("import os\nprint(os.environ['http_proxy'], 'https_proxy' in os.environ)")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.text(0), QStringLiteral("http://proxy.intern:3128 False\n"));
}

void TestKernelWorld::saysWhyThereIsNoSandbox()
{
    NotebookRun run;
    run.environment.bubblewrap = QStringLiteral("/bin/false");
    run.start({{QStringLiteral("print(1)")}});
    VERIFY_OUTCOME(run, Succeeded);
    QVERIFY2(run.outcome().sandbox.contains(u"does not allow \"/bin/false\""), qPrintable(run.outcome().sandbox));
    QVERIFY(warningsOf(run).contains(u"runs without a sandbox"));
    QVERIFY(!probeSandbox(QStringLiteral("no-such-program")).usable);
    QVERIFY(probeSandbox(QStringLiteral("no-such-program")).reason.contains(u"not installed"));
}

void TestKernelWorld::ordersWhatIsBound()
{
    SandboxLayout layout;
    layout.folder = QStringLiteral("/tmp/r/1/work");
    layout.readOnly = {QStringLiteral("/tmp/m")};
    layout.writable = {{QStringLiteral("/tmp/r/1"), QStringLiteral("/tmp/r/1")},
                       {QStringLiteral("/tmp"), QStringLiteral("/tmp/r/1/tmp")}};
    const QStringList line = sandboxCommand(QStringLiteral("sh"), layout, {QStringLiteral("kernel")});
    const auto bindOf = [&line](const QString &inside) {
        for (qsizetype at = 2; at < line.size(); ++at) {
            if (line.at(at) == inside && line.at(at - 2).endsWith(u"bind"))
                return at;
        }
        return qsizetype(-1);
    };
    QVERIFY(bindOf(QStringLiteral("/tmp")) > 0);
    QVERIFY(bindOf(QStringLiteral("/tmp/m")) > bindOf(QStringLiteral("/tmp")));
    QVERIFY(bindOf(QStringLiteral("/tmp/r/1")) > bindOf(QStringLiteral("/tmp")));
    QVERIFY(line.contains(QStringLiteral("--unshare-net")));
    QCOMPARE(line.last(), QStringLiteral("kernel"));
    layout.network = true;
    QVERIFY(!sandboxCommand(QStringLiteral("sh"), layout, {}).contains(QStringLiteral("--unshare-net")));
}

void TestKernelWorld::refusesALongRuntimeFolder()
{
    NotebookRun run;
    run.environment.runtimeFolder = run.folder() + u'/' + QString(90, u'x');
    run.start({{QStringLiteral("print(1)")}});
    VERIFY_OUTCOME(run, Failed);
    QVERIFY2(run.outcome().error.message.contains(u"XDG_RUNTIME_DIR"), qPrintable(run.outcome().error.message));
    QCOMPARE(run.statuses(), QStringList(toString(CellStatus::NotRun)));
}

SLIPWAY_TEST(TestKernelWorld)

#include "TestKernelWorld.moc"
