#include "tests/engine/kernel/WorkbenchRun.h"
#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QCoreApplication>
#include <QFile>

using namespace engine;
using tests::WorkbenchRun;

namespace {

const QString secret = QStringLiteral("it's a \\secret 7");

} // namespace

// Tables of a bound PostgreSQL database in cells: by socket, by TCP, and with a password that is a secret.
class TestBoundPostgres final : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_server.start(), qPrintable(m_server.error()));
        QFile access(m_server.folder() + QStringLiteral("/cluster/pg_hba.conf"));
        QVERIFY(access.open(QIODevice::ReadWrite));
        const QByteArray before = access.readAll();
        access.seek(0);
        access.write("host all analyst 127.0.0.1/32 scram-sha-256\n" + before);
        access.close();
        const QString quoted = QString(secret).replace(u'\'', QStringLiteral("''"));
        QCOMPARE(m_server.sql(QStringLiteral("CREATE ROLE analyst LOGIN PASSWORD '%1'; "
                                             "CREATE TABLE orders (id bigint PRIMARY KEY, item text, price numeric(12, "
                                             "2), made_at timestamptz); CREATE TABLE totals (item text NOT NULL, total "
                                             "double precision); INSERT INTO orders SELECT i, 'item ' || i %% 3, i / "
                                             "4.0, timestamptz '2026-01-31 12:00Z' FROM generate_series(1, 5000) i; "
                                             "GRANT ALL ON ALL TABLES IN SCHEMA public TO analyst; GRANT CREATE ON "
                                             "SCHEMA public TO analyst")
                                  .arg(quoted)
                                  .replace(QStringLiteral("%%"), QStringLiteral("%"))),
                 QString());
        QCOMPARE(m_server.sql(QStringLiteral("SELECT pg_reload_conf()")), QStringLiteral("t"));
    }

    void init() { m_server.sql(QStringLiteral("DELETE FROM totals")); }

    void readsAndWrites_data()
    {
        QTest::addColumn<bool>("isTcp");
        QTest::newRow("socket") << false;
        QTest::newRow("tcp") << true;
    }

    void readsAndWrites()
    {
        QFETCH(bool, isTcp);
        WorkbenchRun run(context(isTcp ? m_server.tcpConnection() : m_server.connection()));
        QCOMPARE(
            run.rows(QStringLiteral("SELECT count(*), sum(price), max(made_at) = TIMESTAMPTZ '2026-01-31 12:00:00Z' "
                                    "FROM Sales.public.orders")),
            QStringList{QStringLiteral("5000|3125625.0|true")});
        QCOMPARE(run.run(QStringLiteral("INSERT INTO Sales.totals SELECT item, sum(price) FROM Sales.orders GROUP BY "
                                        "item")),
                 QString());
        QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*), sum(total) FROM totals")), QStringLiteral("3|3125625"));
        // All rows or none.
        QVERIFY(!run.run(QStringLiteral("INSERT INTO Sales.totals SELECT CASE WHEN id < 5000 THEN item END, price "
                                        "FROM Sales.orders"))
                     .isEmpty());
        QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*) FROM totals")), QStringLiteral("3"));
        const QString table = isTcp ? QStringLiteral("by_tcp") : QStringLiteral("by_socket");
        QCOMPARE(
            run.run(
                QStringLiteral("CREATE TABLE Sales.%1 AS SELECT id, item FROM Sales.orders WHERE id <= 10").arg(table)),
            QString());
        QCOMPARE(m_server.sql(QStringLiteral("SELECT count(*), max(item) FROM ") + table), QStringLiteral("10|item 2"));
        QVERIFY(run.run(QStringLiteral("SELECT * FROM\n  Sales.nothing")).startsWith(u"2:3 "));
    }

    void asksForAPasswordOnce()
    {
        KernelContext asking =
            context(QStringLiteral("host=127.0.0.1 port=%1 user=analyst dbname=postgres").arg(m_server.port()));
        asking.connections["Sales"]["password"] = "person";
        WorkbenchRun run(asking);
        run.typed = QStringList{QStringLiteral("wrong"), secret};
        const QString count = QStringLiteral("SELECT count(*) FROM Sales.orders");
        const QString refused = run.run(count);
        QVERIFY2(refused.contains(u"password") && !refused.contains(u"wrong"), qPrintable(refused));
        QCOMPARE(run.rows(count), QStringList{QStringLiteral("5000")});
        QCOMPARE(run.rows(count), QStringList{QStringLiteral("5000")});
        QCOMPARE(run.asked, (QStringList{QStringLiteral("Sales"), QStringLiteral("Sales")}));
    }

    // The whole way: the engine starts the kernel in its sandbox, the cell needs the database, the kernel asks.
    void theEngineHandsThePasswordOver()
    {
        tests::NotebookRun run;
        run.request.content = tests::notebookFile(
            {{QStringLiteral("SELECT count(*) AS n FROM Sales.orders")},
             {QStringLiteral("INSERT INTO Sales.totals SELECT 'all', sum(price) FROM Sales.orders")},
             {QStringLiteral("SELECT * FROM Other.orders")}},
            QStringLiteral("slipway-sql"));
        run.environment.kernelFolders = {
            QDir::cleanPath(QCoreApplication::applicationDirPath() + QStringLiteral("/../share/jupyter/kernels"))};
        const QString connection =
            QStringLiteral("host=127.0.0.1 port=%1 user=analyst dbname=postgres").arg(m_server.port());
        run.request.connections = {
            {"Sales", {{"store", "postgresql"}, {"connection", toStdString(connection)}, {"password", "engine"}}},
            {"Other", {{"store", "postgresql"}, {"connection", toStdString(connection)}, {"password", "engine"}}}};
        run.request.network = true;
        QStringList asked;
        run.request.password = [&asked](const QString &name) -> Result<QString> {
            asked += name;
            if (name == u"Sales")
                return secret;
            return Error{ErrorCode::NotFound, QStringLiteral("The scope holds no such secret."), {}};
        };
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(run.isFinished(), 60000);
        QVERIFY2(toCompact(run.outputs(0)).contains("5000"), qPrintable(run.outcome().error.message));
        QCOMPARE(m_server.sql(QStringLiteral("SELECT total FROM totals")), QStringLiteral("3125625"));
        QCOMPARE(asked, (QStringList{QStringLiteral("Sales"), QStringLiteral("Other")}));
        QVERIFY2(run.outcome().error.message.contains(u"holds no such secret"),
                 qPrintable(run.outcome().error.message));
        QVERIFY(!run.outcome().executed.contains("secret 7"));
    }

    void otherKernelsAreNotGivenIt()
    {
        tests::NotebookRun run;
        run.request.content = tests::notebookFile({{QStringLiteral("print(1)")}});
        run.request.connections = {
            {"Sales", {{"store", "postgresql"}, {"connection", "host=127.0.0.1"}, {"password", "engine"}}}};
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(run.isFinished(), 60000);
        QVERIFY2(run.outcome().error.message.contains(u"cannot be given the password of Sales"),
                 qPrintable(run.outcome().error.message));
    }

private:
    static KernelContext context(const QString &connection)
    {
        KernelContext context;
        context.connections = Json{{"Sales", {{"store", "postgresql"}, {"connection", toStdString(connection)}}}};
        return context;
    }

    tests::PostgresServer m_server;
};

SLIPWAY_TEST(TestBoundPostgres)

#include "TestBoundPostgres.moc"
