#include "engine/records/StoreContent.h"
#include "tests/journeys/EngineHome.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QFile>

using namespace engine;

// Looking into the stores of the Titanic sample, by the real programs: what the window asks, asked at a terminal.
class TestLooking : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void testsEveryLinkedService_data();
    void testsEveryLinkedService();
    void browsesContainersTablesAndNotebooks_data();
    void browsesContainersTablesAndNotebooks();
    void showsTheColumnsOfFileAndTable();
    void previewsTheRowsOfAFile();
    void previewsTheRowsOfATable();
    void givesTheDatasetsParameters();
    void looksIntoPostgres();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void aDraftIsLookedAtUnpublished();

private:
    tests::EngineHome::Answer ask(QStringList words) const { return m_home.ctl(words << QStringLiteral("--json")); }

    tests::EngineHome m_home;
    tests::PostgresServer m_server;
};

SLIPWAY_TEST(TestLooking)

void TestLooking::initTestCase()
{
    const auto made = m_home.ctl({QStringLiteral("sample"), QStringLiteral("titanic"), m_home.factory()});
    QCOMPARE(made.exitCode, 0);
    // As the notebook leaves it behind.
    m_home.write(QStringLiteral("storage/data/finoutput/part-0.csv"), "survived,pclass,age\n1,1,29\n0,3,\n1,2,0.92\n");
}

void TestLooking::testsEveryLinkedService_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("said");
    QTest::newRow("folder") << QStringLiteral("AzureBlobStorage1") << QStringLiteral("readable and writable");
    QTest::newRow("sqlite") << QStringLiteral("azuresqldatabase1") << QStringLiteral("WAL");
    QTest::newRow("kernel") << QStringLiteral("LocalNotebooks") << QStringLiteral("Kernel python3");
}

void TestLooking::testsEveryLinkedService()
{
    QFETCH(QString, name);
    QFETCH(QString, said);
    const auto text = m_home.ctl({QStringLiteral("linkedservice"), QStringLiteral("test"), name});
    QVERIFY2(text.exitCode == 0, qPrintable(text.err));
    QVERIFY2(text.out.contains(said), qPrintable(text.out));
    const auto json = ask({QStringLiteral("linkedservice"), QStringLiteral("test"), name});
    QCOMPARE(json.exitCode, 0);
    QVERIFY(boolAt(json.json().value(0), "ok"));
    QVERIFY(stringAt(json.json().value(0), "message").contains(said));
}

void TestLooking::browsesContainersTablesAndNotebooks_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("entry");
    QTest::newRow("containers") << QStringLiteral("AzureBlobStorage1") << QString() << QStringLiteral("folder data");
    QTest::newRow("files") << QStringLiteral("AzureBlobStorage1") << QStringLiteral("data/finoutput")
                           << QStringLiteral("file data/finoutput/part-0.csv");
    QTest::newRow("tables") << QStringLiteral("AzureSqlDatabase1") << QString()
                            << QStringLiteral("table titanic_features");
    QTest::newRow("notebooks") << QStringLiteral("LocalNotebooks") << QStringLiteral("Shared")
                               << QStringLiteral("notebook Shared/titanic_scoring.ipynb");
}

void TestLooking::browsesContainersTablesAndNotebooks()
{
    QFETCH(QString, name);
    QFETCH(QString, path);
    QFETCH(QString, entry);
    QStringList words{QStringLiteral("linkedservice"), QStringLiteral("browse"), name};
    if (!path.isEmpty())
        words += path;
    const auto answer = ask(words);
    QVERIFY2(answer.exitCode == 0, qPrintable(answer.out + answer.err));
    const StoreListing listing = storeListingFromJson(answer.json().value(0));
    QCOMPARE(toString(listing.entries.value(0).kind) + u' ' + listing.entries.value(0).path, entry);
    const auto text = m_home.ctl(words);
    QVERIFY2(text.out.contains(listing.entries.value(0).path), qPrintable(text.out));
}

void TestLooking::showsTheColumnsOfFileAndTable()
{
    const auto table = ask({QStringLiteral("dataset"), QStringLiteral("schema"), QStringLiteral("FinSqlTable")});
    QVERIFY2(table.exitCode == 0, qPrintable(table.out + table.err));
    const QList<StoreColumn> columns = storeColumnsFromJson(memberAt(table.json().value(0), "columns"));
    QCOMPARE(columns.size(), 10);
    QCOMPARE(columns.at(4),
             (StoreColumn{QStringLiteral("age"), QStringLiteral("Double"), QStringLiteral("REAL"), true}));
    const auto file =
        m_home.ctl({QStringLiteral("dataset"), QStringLiteral("schema"), QStringLiteral("FinBlobOutput")});
    QCOMPARE(file.exitCode, 0);
    QVERIFY2(file.out.contains(u"survived") && file.out.contains(u"String"), qPrintable(file.out));
}

void TestLooking::previewsTheRowsOfAFile()
{
    const auto answer = ask({QStringLiteral("dataset"),
                             QStringLiteral("preview"),
                             QStringLiteral("FinBlobOutput"),
                             QStringLiteral("--rows"),
                             QStringLiteral("2")});
    QVERIFY2(answer.exitCode == 0, qPrintable(answer.out + answer.err));
    const StorePreview preview = storePreviewFromJson(answer.json().value(0));
    QCOMPARE(preview.rows.size(), 2);
    QCOMPARE(*preview.rows.at(0).at(2), QStringLiteral("29"));
    QVERIFY(!preview.rows.at(1).at(2)); // an unquoted empty field
    QVERIFY(preview.more);
    const auto text =
        m_home.ctl({QStringLiteral("dataset"), QStringLiteral("preview"), QStringLiteral("FinBlobOutput")});
    QVERIFY2(text.out.contains(u"NULL") && text.out.contains(u"0.92"), qPrintable(text.out));
}

void TestLooking::previewsTheRowsOfATable()
{
    m_home.write(QStringLiteral("dataset/Features.json"),
                 R"({"name":"Features","properties":{"type":"AzureSqlTable","linkedServiceName":{"referenceName":
                 "AzureSqlDatabase1","type":"LinkedServiceReference"},"typeProperties":{"tableName":"[dbo].[titanic_features]"}}})");
    const auto answer = ask({QStringLiteral("dataset"),
                             QStringLiteral("preview"),
                             QStringLiteral("Features"),
                             QStringLiteral("--rows"),
                             QStringLiteral("1308")});
    QVERIFY2(answer.exitCode == 0, qPrintable(answer.out + answer.err));
    const StorePreview preview = storePreviewFromJson(answer.json().value(0));
    QCOMPARE(preview.rows.size(), 1308);
    QVERIFY(preview.more);
    QVERIFY(preview.problems.isEmpty());
}

void TestLooking::givesTheDatasetsParameters()
{
    m_home.write(QStringLiteral("dataset/AnyTable.json"),
                 R"({"name":"AnyTable","properties":{"type":"AzureSqlTable","linkedServiceName":{"referenceName":
                 "AzureSqlDatabase1","type":"LinkedServiceReference"},"parameters":{"table":{"type":"string"}},
                 "typeProperties":{"schema":"dbo","table":{"value":"@dataset().table","type":"Expression"}}}})");
    const auto given = ask({QStringLiteral("dataset"),
                            QStringLiteral("schema"),
                            QStringLiteral("AnyTable"),
                            QStringLiteral("--parameter"),
                            QStringLiteral("table=titanic_features")});
    QVERIFY2(given.exitCode == 0, qPrintable(given.out + given.err));
    QVERIFY(!storeColumnsFromJson(memberAt(given.json().value(0), "columns")).isEmpty());
    const auto missing = m_home.ctl({QStringLiteral("dataset"), QStringLiteral("preview"), QStringLiteral("AnyTable")});
    QCOMPARE(missing.exitCode, 2);
    QVERIFY2(missing.err.contains(u"table"), qPrintable(missing.err));
}

void TestLooking::looksIntoPostgres()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    m_home.write(QStringLiteral("linkedService/Dw.json"),
                 R"({"name":"Dw","properties":{"type":"PostgreSqlV2","typeProperties":{}}})");
    m_home.write(QStringLiteral("dataset/Types.json"),
                 R"({"name":"Types","properties":{"type":"PostgreSqlV2Table","linkedServiceName":{"referenceName":"Dw",
                 "type":"LinkedServiceReference"},"typeProperties":{"schema":"pg_catalog","table":"pg_type"}}})");
    m_home.write(
        QStringLiteral(".slipway/local/bindings.json"),
        QStringLiteral(R"({"linkedServices":{"Dw":{"store":"postgresql","host":"%1","port":%2,"database":"postgres",
                 "user":"%3"}}})")
            .arg(m_server.folder(), QString::number(m_server.port()), m_server.user())
            .toUtf8());
    const auto test = m_home.ctl({QStringLiteral("linkedservice"), QStringLiteral("test"), QStringLiteral("Dw")});
    QVERIFY2(test.exitCode == 0 && test.out.startsWith(u"PostgreSQL "), qPrintable(test.out + test.err));
    const auto browse = ask({QStringLiteral("linkedservice"), QStringLiteral("browse"), QStringLiteral("Dw")});
    QCOMPARE(storeListingFromJson(browse.json().value(0)).entries.value(0).name, QStringLiteral("public"));
    const auto preview = ask({QStringLiteral("dataset"), QStringLiteral("preview"), QStringLiteral("Types")});
    QCOMPARE(storePreviewFromJson(preview.json().value(0)).rows.size(), 20);
    m_server.stop();
    const auto stopped = m_home.ctl({QStringLiteral("linkedservice"), QStringLiteral("test"), QStringLiteral("Dw")});
    QCOMPARE(stopped.exitCode, 1);
    QVERIFY2(stopped.err.contains(u"linkedServices.Dw.host"), qPrintable(stopped.err));
}

void TestLooking::tellsWhatIsWrong_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("said");
    const auto words = [](const char *text) { return QString::fromLatin1(text).split(u' '); };
    QTest::newRow("no action") << words("linkedservice") << 2 << QStringLiteral("Usage");
    QTest::newRow("no dataset") << words("dataset preview") << 2 << QStringLiteral("Usage");
    QTest::newRow("no number") << words("dataset preview FinSqlTable --rows many") << 2 << QStringLiteral("Usage");
    QTest::newRow("too many") << words("dataset preview FinSqlTable --rows 10001") << 2 << QStringLiteral("10000");
    QTest::newRow("no such service") << words("linkedservice test AzureSqlDatabas1") << 2
                                     << QStringLiteral("Did you mean “AzureSqlDatabase1”?");
    QTest::newRow("no such dataset") << words("dataset schema FinSqlTabel") << 2
                                     << QStringLiteral("Did you mean “FinSqlTable”?");
    QTest::newRow("no such path") << words("linkedservice browse AzureBlobStorage1 dta") << 2
                                  << QStringLiteral("Did you mean “data”?");
    QTest::newRow("out of the store") << words("linkedservice browse AzureBlobStorage1 ..") << 2
                                      << QStringLiteral("leads out");
}

void TestLooking::tellsWhatIsWrong()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, said);
    const auto answer = m_home.ctl(words);
    QCOMPARE(answer.exitCode, exitCode);
    QVERIFY2(answer.err.contains(said), qPrintable(answer.err));
}

void TestLooking::aDraftIsLookedAtUnpublished()
{
    QFile file(m_home.factory() + QStringLiteral("/titanic.db"));
    QVERIFY(file.rename(m_home.factory() + QStringLiteral("/titanik.db")));
    const auto answer =
        ask({QStringLiteral("linkedservice"), QStringLiteral("test"), QStringLiteral("AzureSqlDatabase1")});
    QCOMPARE(answer.exitCode, 1);
    const Json error = memberAt(answer.json().value(0), "error");
    QCOMPARE(stringAt(error, "where"), QStringLiteral(".slipway/bindings.json: linkedServices.AzureSqlDatabase1.file"));
    QVERIFY2(stringAt(error, "message").contains(u"Did you mean “titanik.db”?"), qPrintable(answer.out));
    QVERIFY(file.rename(m_home.factory() + QStringLiteral("/titanic.db")));
}

#include "TestLooking.moc"
