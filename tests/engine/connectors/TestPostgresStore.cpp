#include "engine/connectors/postgres/PostgresConnection.h"
#include "engine/connectors/postgres/PostgresStore.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>

#include <thread>

using namespace engine;

// A real PostgreSQL, looked at.
class TestPostgresStore : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void saysVersionTablesAndUser();
    void listsSchemasThenTablesAndViews();
    void findsNamesWithSlashes();
    void describesColumns();
    void showsTheFirstRowsAsText();
    void stopsAfterTheRowsAskedFor();
    void fetchesLongRowsAFewAtATime();
    void namesWhatIsNear_data();
    void namesWhatIsNear();
    void tellsWhyThereIsNoSession_data();
    void tellsWhyThereIsNoSession();
    void tellsThatATableMayNotBeRead();
    void cancelEndsAnEndlessView();
    void cancelEndsTheWaitForAServer();
    void writesNothing();

private:
    PostgresStore store() const { return PostgresStore(m_server.connection(), {}); }
    PostgresRows rows(const char *table, const CancelToken &cancel = {}) const
    {
        return PostgresRows(m_server.connection(), QStringLiteral("dbo"), QString::fromUtf8(table), cancel);
    }
    void execute(const QByteArray &sql) { VERIFY_OK(m_connection->script(sql)); }
    static QStringList entries(const StoreListing &listing)
    {
        QStringList texts;
        for (const StoreEntry &entry : listing.entries)
            texts += toString(entry.kind) + u' ' + entry.path;
        return texts;
    }

    tests::PostgresServer m_server;
    std::optional<PostgresConnection> m_connection; // somebody else's
};

SLIPWAY_TEST(TestPostgresStore)

void TestPostgresStore::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    // One role needs a password, all others are trusted.
    QFile access(m_server.folder() + QStringLiteral("/cluster/pg_hba.conf"));
    QVERIFY(access.open(QIODevice::ReadWrite));
    const QByteArray rest = access.readAll();
    QVERIFY(access.seek(0));
    access.write("host all locked 127.0.0.1/32 scram-sha-256\nhost all unwelcome 127.0.0.1/32 reject\n" + rest);
    access.close();
    auto opened = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(opened);
    m_connection = std::move(*opened);
    execute("CREATE ROLE locked LOGIN PASSWORD 'secret'; CREATE ROLE unwelcome LOGIN; CREATE ROLE poor LOGIN");
    execute("SELECT pg_reload_conf()");
}

void TestPostgresStore::init()
{
    execute("DROP SCHEMA IF EXISTS dbo CASCADE; CREATE SCHEMA dbo; SET search_path = dbo;"
            "CREATE TABLE t(id bigint PRIMARY KEY, b varchar(10), c numeric(10,2), d timestamptz, e bytea, f int[]);"
            "INSERT INTO t VALUES (1, 'one', 0.10, '2024-01-31T10:00Z', '\\x01ff', '{1,2}'), (2, '', NULL, NULL, NULL, "
            "NULL);"
            "CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;"
            "CREATE TABLE _slipway_load_ledger(a int)");
}

void TestPostgresStore::saysVersionTablesAndUser()
{
    const auto answer = store().test();
    VERIFY_OK(answer);
    QVERIFY2(answer->startsWith(u"PostgreSQL 1"), qPrintable(*answer));
    QVERIFY2(answer->contains(u", 1 table") && answer->endsWith(u"user slipway"), qPrintable(*answer));
}

void TestPostgresStore::listsSchemasThenTablesAndViews()
{
    const auto schemas = store().browse({});
    VERIFY_OK(schemas);
    QCOMPARE(entries(*schemas), (QStringList{QStringLiteral("schema dbo"), QStringLiteral("schema public")}));
    const auto tables = store().browse(QStringLiteral("dbo"));
    VERIFY_OK(tables);
    QCOMPARE(entries(*tables),
             (QStringList{QStringLiteral("table dbo/t"), QStringLiteral("view dbo/m"), QStringLiteral("view dbo/v")}));
    const auto below = store().browse(QStringLiteral("dbo/t"));
    VERIFY_OK(below);
    QVERIFY(below->entries.isEmpty());
}

void TestPostgresStore::findsNamesWithSlashes()
{
    execute(
        "DROP SCHEMA IF EXISTS \"a/b%2F\" CASCADE; CREATE SCHEMA \"a/b%2F\"; CREATE TABLE \"a/b%2F\".\"c/d\"(i int)");
    const auto schemas = store().browse({});
    VERIFY_OK(schemas);
    const StoreEntry odd = schemas->entries.first();
    QCOMPARE(odd.name, QStringLiteral("a/b%2F"));
    const auto tables = store().browse(odd.path);
    VERIFY_OK(tables);
    QCOMPARE(tables->entries.size(), 1);
    QCOMPARE(tables->entries.first().name, QStringLiteral("c/d"));
    VERIFY_OK(store().browse(tables->entries.first().path));
    execute("DROP SCHEMA \"a/b%2F\" CASCADE");
}

void TestPostgresStore::describesColumns()
{
    const auto table = rows("t").schema();
    VERIFY_OK(table);
    QStringList columns;
    for (const StoreColumn &column : *table)
        columns +=
            column.name + u' ' + column.type + u' ' + column.physicalType + (column.nullable ? u"" : u" NOT NULL");
    QCOMPARE(columns,
             (QStringList{QStringLiteral("id Int64 bigint NOT NULL"),
                          QStringLiteral("b String character varying(10)"),
                          QStringLiteral("c Decimal numeric(10,2)"),
                          QStringLiteral("d DateTimeOffset timestamp with time zone"),
                          QStringLiteral("e Byte[] bytea"),
                          QStringLiteral("f String integer[]")}));
    VERIFY_OK(rows("v").schema());
    VERIFY_OK(rows("m").schema());
}

void TestPostgresStore::showsTheFirstRowsAsText()
{
    const auto preview = rows("t").preview(100);
    VERIFY_OK(preview);
    QCOMPARE(preview->rows.size(), 2);
    const auto &first = preview->rows.at(0);
    QCOMPARE(*first.at(0), QStringLiteral("1"));
    QCOMPARE(*first.at(2), QStringLiteral("0.10"));
    QVERIFY(first.at(3)->startsWith(u"2024-01-31"));
    QCOMPARE(*first.at(4), QStringLiteral("\\x01ff"));
    QCOMPARE(*first.at(5), QStringLiteral("{1,2}"));
    QCOMPARE(*preview->rows.at(1).at(1), QString());
    QVERIFY(!preview->rows.at(1).at(2));
    QVERIFY(!preview->more);
}

void TestPostgresStore::stopsAfterTheRowsAskedFor()
{
    // Counting to the end would take for ever.
    execute("CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1::numeric UNION ALL SELECT i + 1 FROM n) "
            "SELECT i FROM n");
    const auto preview = rows("endless").preview(700);
    VERIFY_OK(preview);
    QCOMPARE(preview->rows.size(), 700);
    QCOMPARE(*preview->rows.last().first(), QStringLiteral("700"));
    QVERIFY(preview->more);
    const auto exact = rows("t").preview(2);
    VERIFY_OK(exact);
    QVERIFY(!exact->more);
}

void TestPostgresStore::fetchesLongRowsAFewAtATime()
{
    execute("CREATE TABLE long AS SELECT i, repeat('x', 100000) AS text FROM generate_series(1, 1000) i");
    const auto preview = rows("long").preview(1000);
    VERIFY_OK(preview);
    QVERIFY(preview->more);
    QCOMPARE(preview->rows.first().at(1)->size(), PreviewText::longestValue);
    // As many problems as rows: every text was shortened.
    QCOMPARE(preview->problems.size(), preview->rows.size());
    QCOMPARE(preview->rows.size(), PreviewText::mostProblems);
}

void TestPostgresStore::namesWhatIsNear_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("said");
    QTest::newRow("table") << QStringLiteral("dbo") << QStringLiteral("tt") << QStringLiteral("Did you mean “t”?");
    QTest::newRow("schema") << QStringLiteral("db") << QStringLiteral("t") << QStringLiteral("Did you mean “dbo”?");
    QTest::newRow("no table") << QStringLiteral("dbo") << QStringLiteral("t_pkey")
                              << QStringLiteral("is no table and no view");
}

void TestPostgresStore::namesWhatIsNear()
{
    QFETCH(QString, schema);
    QFETCH(QString, table);
    QFETCH(QString, said);
    const auto columns = PostgresRows(m_server.connection(), schema, table, {}).schema();
    QVERIFY(!columns);
    QVERIFY2(columns.error().message.contains(said), qPrintable(columns.error().message));
    QCOMPARE(columns.error().where, QStringLiteral("dataset.table"));
}

void TestPostgresStore::tellsWhyThereIsNoSession_data()
{
    QTest::addColumn<QString>("connection");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("said");
    const QString server = QStringLiteral("host=127.0.0.1 port=%1 ").arg(m_server.port());
    QTest::newRow("wrong password") << server + QStringLiteral("user=locked password=wrong dbname=postgres")
                                    << QStringLiteral("password") << QStringLiteral(".pgpass");
    QTest::newRow("no password") << server + QStringLiteral("user=locked dbname=postgres passfile=/nowhere/pgpass")
                                 << QStringLiteral("password") << QStringLiteral(".pgpass");
    QTest::newRow("no such user") << server + QStringLiteral("user=nobodyhere dbname=postgres")
                                  << QStringLiteral("user") << QStringLiteral("nobodyhere");
    QTest::newRow("user not let in") << server + QStringLiteral("user=unwelcome dbname=postgres")
                                     << QStringLiteral("user") << QStringLiteral("unwelcome");
    QTest::newRow("no such database") << server + QStringLiteral("user=slipway dbname=nowhere")
                                      << QStringLiteral("database") << QStringLiteral("nowhere");
    QTest::newRow("no TLS") << server + QStringLiteral("user=slipway dbname=postgres sslmode=require")
                            << QStringLiteral("sslMode") << QStringLiteral("SSL");
    QTest::newRow("nobody at the port") << QStringLiteral("host=127.0.0.1 port=1 user=slipway dbname=postgres")
                                        << QStringLiteral("host") << QStringLiteral("Is the server running");
    QTest::newRow("no such host") << QStringLiteral("host=nowhere.invalid user=slipway dbname=postgres")
                                  << QStringLiteral("host") << QStringLiteral("nowhere.invalid");
    QTest::newRow("no such socket") << QStringLiteral("host=/nowhere user=slipway dbname=postgres")
                                    << QStringLiteral("host") << QStringLiteral("/nowhere");
}

void TestPostgresStore::tellsWhyThereIsNoSession()
{
    QFETCH(QString, connection);
    QFETCH(QString, where);
    QFETCH(QString, said);
    const auto answer = PostgresStore(connection, {}).test();
    QVERIFY(!answer);
    QVERIFY2(answer.error().message.contains(said), qPrintable(answer.error().message));
    QCOMPARE(answer.error().where, u"binding." + where);
    QVERIFY(!answer.error().message.contains(u"wrong"));
}

void TestPostgresStore::tellsThatATableMayNotBeRead()
{
    execute("GRANT USAGE ON SCHEMA dbo TO poor");
    const QString connection =
        QStringLiteral("host=%1 port=%2 user=poor dbname=postgres").arg(m_server.folder()).arg(m_server.port());
    const auto preview = PostgresRows(connection, QStringLiteral("dbo"), QStringLiteral("t"), {}).preview(10);
    QVERIFY(!preview);
    QVERIFY2(preview.error().message.contains(u"GRANT"), qPrintable(preview.error().message));
    QCOMPARE(preview.error().where, QStringLiteral("dataset.table"));
}

void TestPostgresStore::cancelEndsAnEndlessView()
{
    execute("CREATE VIEW slow AS SELECT pg_sleep(600)::text AS a");
    const CancelToken cancel;
    QElapsedTimer waited;
    waited.start();
    std::thread canceller([&] {
        while (waited.elapsed() < 200)
            std::this_thread::yield();
        cancel.cancel();
    });
    const auto preview = rows("slow", cancel).preview(10);
    canceller.join();
    QVERIFY(!preview);
    QVERIFY(preview.error().code == ErrorCode::Cancelled);
    QVERIFY(waited.elapsed() < 8000);
}

void TestPostgresStore::cancelEndsTheWaitForAServer()
{
    QTcpServer silent; // takes the connection, says nothing
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const CancelToken cancel;
    QElapsedTimer waited;
    waited.start();
    std::thread canceller([&] {
        while (waited.elapsed() < 100)
            std::this_thread::yield();
        cancel.cancel();
    });
    const QString connection = QStringLiteral("host=127.0.0.1 port=%1 user=a dbname=b").arg(silent.serverPort());
    const auto answer = PostgresStore(connection, cancel).test();
    canceller.join();
    QVERIFY(!answer);
    QVERIFY(answer.error().code == ErrorCode::Cancelled);
    QVERIFY(waited.elapsed() < 5000);
}

void TestPostgresStore::writesNothing()
{
    execute("CREATE TABLE seen(a int); CREATE FUNCTION note() RETURNS int LANGUAGE sql AS 'INSERT INTO dbo.seen "
            "VALUES (1) RETURNING a'; CREATE VIEW nosy AS SELECT dbo.note() AS a");
    const auto preview = rows("nosy").preview(10);
    QVERIFY(!preview);
    QVERIFY2(preview.error().message.contains(u"read-only"), qPrintable(preview.error().message));
}

#include "TestPostgresStore.moc"
