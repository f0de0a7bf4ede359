#include "engine/copy/DatasetPlan.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/ResolvedEntities.h"
#include "tests/support/TestMain.h"

using namespace engine;

// What datasets and linked services are on this machine, when somebody only looks at them.
class TestDatasetPlan : public QObject
{
    Q_OBJECT

private slots:
    void storesAreWhatTheyAreBoundTo();
    void aDatasetIsFilesOrATable();
    void parametersTakeTheirDefaults_data();
    void parametersTakeTheirDefaults();
    void whatCannotBeEvaluatedIsRefused_data();
    void whatCannotBeEvaluatedIsRefused();
    void valuesOfAReferenceWinOverDefaults();
    void otherDatasetsAreRefusedByType();

private:
    static Json json(const QByteArray &text)
    {
        auto parsed = parseJson(text, QStringLiteral("test"));
        if (!parsed)
            qFatal("%s", qPrintable(parsed.error().message));
        return *parsed;
    }
    // A text file whose folder is `folderPath`, with three parameters.
    static Dataset dataset(const QByteArray &folderPath)
    {
        return readDataset(json(R"j({"name":"D","properties":{"type":"DelimitedText",
            "linkedServiceName":{"referenceName":"Files","type":"LinkedServiceReference"},
            "parameters":{"day":{"type":"string","defaultValue":"monday"},"week":{"type":"int","defaultValue":7},
                          "bare":{"type":"string"},"late":{"type":"string","defaultValue":"@utcNow()"},
                          "sign":{"type":"string","defaultValue":"@@home"}},
            "typeProperties":{"location":{"type":"AzureBlobStorageLocation","container":"data","folderPath":)j"
                                + folderPath + "}}}}"),
                           QStringLiteral("D"),
                           QStringLiteral("dataset/D.json"));
    }
    static Factory factory()
    {
        Factory made;
        made.linkedServices.insert(QStringLiteral("Files"), LinkedService());
        const QByteArray bindings = R"({"linkedServices":{"Files":{"store":"folder","root":"storage"}}})";
        (void)made.bindings.read(bindings, bindingsFile());
        return made;
    }
};

SLIPWAY_TEST(TestDatasetPlan)

void TestDatasetPlan::storesAreWhatTheyAreBoundTo()
{
    const QString folder = QStringLiteral("/f");
    const auto files = planStore(QStringLiteral("S"), FolderBinding{QStringLiteral("a/../b")}, folder);
    VERIFY_OK(files);
    QCOMPARE(std::get<FolderPlace>(*files).root, QStringLiteral("/f/b"));
    const auto sqlite = planStore(QStringLiteral("S"), SqliteBinding{QStringLiteral("/x.db"), true}, folder);
    VERIFY_OK(sqlite);
    QCOMPARE(std::get<SqlitePlace>(*sqlite).file, QStringLiteral("/x.db"));
    PostgresBinding server;
    server.host = QStringLiteral("db.example");
    server.database = QStringLiteral("d'w");
    const auto postgres = planStore(QStringLiteral("S"), server, folder);
    VERIFY_OK(postgres);
    QCOMPARE(std::get<PostgresPlace>(*postgres).connection,
             QStringLiteral("port=5432 host='db.example' dbname='d\\'w' sslmode='verify-full'"));
    server.secret = QStringLiteral("scope/key");
    const auto secret = planStore(QStringLiteral("S"), server, folder);
    QVERIFY(!secret);
    QCOMPARE(secret.error().where, QStringLiteral(".slipway/bindings.json: linkedServices.S.password"));
    const auto kernel = planStore(QStringLiteral("S"), KernelBinding{}, folder);
    VERIFY_OK(kernel);
    QCOMPARE(std::get<FolderPlace>(*kernel).root, QStringLiteral("/f/notebooks"));
    QVERIFY(std::get<FolderPlace>(*kernel).holdsNotebooks);
}

void TestDatasetPlan::aDatasetIsFilesOrATable()
{
    const auto files = planDataset(factory(), dataset(R"("in")"), QStringLiteral("/f"));
    VERIFY_OK(files);
    QCOMPARE(std::get<CsvFileSource>(*files).path, QStringLiteral("/f/storage/data/in"));
    Dataset table = dataset(R"("in")");
    table.type = QStringLiteral("AzureSqlTable");
    const auto refused = planDataset(factory(), table, QStringLiteral("/f"));
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, QStringLiteral("dataset/D.json: typeProperties.table"));
    table.typeProperties = json(R"({"schema":"dbo","table":"t"})");
    Factory bound = factory();
    (void)bound.bindings.read(R"({"linkedServices":{"Files":{"store":"sqlite","file":"x.db"}}})", bindingsFile());
    const auto sqlite = planDataset(bound, table, QStringLiteral("/f"));
    VERIFY_OK(sqlite);
    QCOMPARE(std::get<SqliteTableSink>(*sqlite).file, QStringLiteral("/f/x.db"));
    QCOMPARE(std::get<SqliteTableSink>(*sqlite).table, QStringLiteral("t"));
}

void TestDatasetPlan::parametersTakeTheirDefaults_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QString>("path");
    QTest::newRow("literal") << QByteArray(R"("in")") << QStringLiteral("in");
    QTest::newRow("whole") << QByteArray(R"j("@dataset().day")j") << QStringLiteral("monday");
    QTest::newRow("as an object") << QByteArray(R"j({"value":"@dataset().day","type":"Expression"})j")
                                  << QStringLiteral("monday");
    QTest::newRow("by index") << QByteArray(R"j("@dataset()['day']")j") << QStringLiteral("monday");
    QTest::newRow("any case") << QByteArray(R"j("@Dataset().DAY")j") << QStringLiteral("monday");
    QTest::newRow("a number") << QByteArray(R"j("@dataset().week")j") << QStringLiteral("7");
    QTest::newRow("interpolated") << QByteArray(R"j("a/@{dataset().day}-@{dataset().week}.d")j")
                                  << QStringLiteral("a/monday-7.d");
    QTest::newRow("begins with one") << QByteArray(R"j("@{dataset().day}/x")j") << QStringLiteral("monday/x");
    QTest::newRow("a default with an at sign") << QByteArray(R"j("@dataset().sign")j") << QStringLiteral("@home");
}

void TestDatasetPlan::parametersTakeTheirDefaults()
{
    QFETCH(QByteArray, written);
    QFETCH(QString, path);
    const auto replaced = resolveDataset(dataset(written), Json::object(), {});
    VERIFY_OK(replaced);
    const auto plan = planDataset(factory(), *replaced, QStringLiteral("/f"));
    VERIFY_OK(plan);
    QCOMPARE(std::get<CsvFileSource>(*plan).displayPath, u"data/" + path);
}

void TestDatasetPlan::whatCannotBeEvaluatedIsRefused_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QString>("said");
    QTest::newRow("no value and no default") << QByteArray(R"j("@dataset().bare")j") << QStringLiteral("bare");
    QTest::newRow("no such parameter") << QByteArray(R"j("x@{dataset().other}")j") << QStringLiteral("other");
    QTest::newRow("of the pipeline") << QByteArray(R"j("@pipeline().parameters.x")j")
                                     << QStringLiteral("knows its own parameters only");
    QTest::newRow("no expression") << QByteArray(R"j("@concat(")j") << QStringLiteral("missing before the end");
}

void TestDatasetPlan::whatCannotBeEvaluatedIsRefused()
{
    QFETCH(QByteArray, written);
    QFETCH(QString, said);
    const auto resolved = resolveDataset(dataset(written), Json::object(), {});
    QVERIFY(!resolved);
    QVERIFY2(resolved.error().message.contains(said), qPrintable(resolved.error().message));
    QVERIFY2(resolved.error().where.startsWith(QStringLiteral("dataset/D.json:")), qPrintable(resolved.error().where));
}

void TestDatasetPlan::valuesOfAReferenceWinOverDefaults()
{
    const auto resolved =
        resolveDataset(dataset(R"j("@{dataset().day}/@{toUpper('x')}")j"), Json{{"day", "@sunday"}}, {});
    VERIFY_OK(resolved);
    const auto plan = planDataset(factory(), *resolved, QStringLiteral("/f"));
    VERIFY_OK(plan);
    QCOMPARE(std::get<CsvFileSource>(*plan).displayPath, QStringLiteral("data/@sunday/X"));
    const auto unknown = resolveDataset(dataset(R"j("in")j"), Json{{"nobody", 1}}, {});
    QVERIFY(!unknown);
    QVERIFY2(unknown.error().message.contains(QStringLiteral("nobody")), qPrintable(unknown.error().message));
}

void TestDatasetPlan::otherDatasetsAreRefusedByType()
{
    Dataset avro = dataset(R"("in")");
    avro.type = QStringLiteral("Avro");
    const auto plan = planDataset(factory(), avro, QStringLiteral("/f"));
    QVERIFY(!plan);
    QVERIFY(plan.error().code == ErrorCode::Unsupported);
    QCOMPARE(plan.error().where, QStringLiteral("dataset/D.json: type"));
}

#include "TestDatasetPlan.moc"
