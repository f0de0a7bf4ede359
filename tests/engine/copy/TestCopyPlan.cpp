#include "engine/copy/CopyPlan.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestCopyPlan : public QObject
{
    Q_OBJECT

private slots:
    void sampleIsPlanned();
    void sampleFactoryIsPlanned();
    void postgresBindingBecomesAConninfo();
    void legacyTableNameIsTakenApart_data();
    void legacyTableNameIsTakenApart();
    void formatIsRead();
    void filesAreChosen();
    void legacyMappingsAreRead_data();
    void legacyMappingsAreRead();
    void optionAllowsAnEmptySource();
    void tableOrQueryIsPlanned();
    void readersAreThoseOfTheActivity();
    void sourceOfATableIsRefused_data();
    void sourceOfATableIsRefused();
    void refusalNamesEntityAndProperty_data();
    void refusalNamesEntityAndProperty();

private:
    static Factory factory();
    // The tests change datasets as values; what is planned is read from their JSON.
    static Result<CopyPlan> planned(Factory factory)
    {
        for (Dataset &dataset : factory.datasets) {
            Json &properties = dataset.json["properties"] = Json::object();
            properties["type"] = toStdString(dataset.type);
            properties["linkedServiceName"] = {{"referenceName", toStdString(dataset.linkedService)}};
            properties["typeProperties"] = dataset.typeProperties;
        }
        const Pipeline &pipeline = factory.pipelines.first();
        return planCopy(factory, pipeline, pipeline.activities.first(), QStringLiteral("/factories/titanic"), {});
    }
    static CopyActivity &copyOf(Factory &factory)
    {
        return std::get<CopyActivity>(factory.pipelines.first().activities.first().typeProperties);
    }
    static Json json(const char *text)
    {
        auto parsed = parseJson(text, QStringLiteral("test"));
        if (!parsed)
            qFatal("%s", qPrintable(parsed.error().message));
        return *parsed;
    }
};

SLIPWAY_TEST(TestCopyPlan)

Factory TestCopyPlan::factory()
{
    Factory made;
    CopyActivity copy;
    copy.input = QStringLiteral("FinBlobOutput");
    copy.output = QStringLiteral("FinSqlTable");
    copy.source =
        json(R"({"type":"DelimitedTextSource","storeSettings":{"type":"AzureBlobStorageReadSettings","recursive":true},
                           "formatSettings":{"type":"DelimitedTextReadSettings","skipLineCount":2}})");
    copy.sink = json(
        R"({"type":"AzureSqlSink","preCopyScript":"delete from [dbo].[titanic_predictions]","writeBehavior":"insert"})");
    copy.translator = json(R"({"type":"TabularTranslator","mappings":[
        {"source":{"name":"survived","type":"String"},"sink":{"name":"survived","type":"Int64","physicalType":"bigint"}},
        {"source":{"ordinal":"2","format":"dd/MM/yyyy"},"sink":{"name":"day"}}],
        "typeConversion":true,"typeConversionSettings":{"treatBooleanAsNumber":true,"dateTimeFormat":"yyyy","culture":"en-us"}})");
    copy.settings = json(R"({"enableStaging":false})");
    Activity activity;
    activity.name = QStringLiteral("CopyStorageToSql");
    activity.type = QStringLiteral("Copy");
    activity.typeProperties = copy;
    Pipeline pipeline;
    pipeline.name = QStringLiteral("Publish");
    pipeline.file = QStringLiteral("pipeline/Publish.json");
    pipeline.activities = {activity};
    made.pipelines.insert(pipeline.name, pipeline);
    Dataset input;
    input.name = copy.input;
    input.file = QStringLiteral("dataset/FinBlobOutput.json");
    input.type = QStringLiteral("DelimitedText");
    input.linkedService = QStringLiteral("Blob");
    input.typeProperties =
        json(R"({"location":{"type":"AzureBlobStorageLocation","container":"data","folderPath":"finoutput"},
        "columnDelimiter":";","escapeChar":"\"","quoteChar":"\"","firstRowAsHeader":true,"nullValue":"NULL"})");
    made.datasets.insert(input.name, input);
    Dataset output;
    output.name = copy.output;
    output.file = QStringLiteral("dataset/FinSqlTable.json");
    output.type = QStringLiteral("AzureSqlTable");
    output.linkedService = QStringLiteral("Sql");
    output.typeProperties = json(R"({"schema":"dbo","table":"titanic_predictions"})");
    made.datasets.insert(output.name, output);
    for (const auto &[name, type] : {std::pair("Blob", "AzureBlobStorage"), std::pair("Sql", "AzureSqlDatabase")}) {
        LinkedService service;
        service.name = QString::fromLatin1(name);
        service.type = QString::fromLatin1(type);
        made.linkedServices.insert(service.name, service);
    }
    made.bindings.read(R"({"linkedServices":{"Blob":{"store":"folder","root":"storage"},
                           "Sql":{"store":"sqlite","file":"titanic.db","schemas":"ignore"}}})",
                       QStringLiteral(".slipway/bindings.json"));
    return made;
}

void TestCopyPlan::sampleIsPlanned()
{
    const auto plan = planned(factory());
    VERIFY_OK(plan);
    const auto &source = std::get<CsvFileSource>(plan->source);
    QCOMPARE(source.path, QStringLiteral("/factories/titanic/storage/data/finoutput"));
    QCOMPARE(source.displayPath, QStringLiteral("data/finoutput"));
    const auto &sink = std::get<SqliteTableSink>(plan->sink);
    QCOMPARE(sink.file, QStringLiteral("/factories/titanic/titanic.db"));
    QCOMPARE(sink.schema, QStringLiteral("dbo"));
    QCOMPARE(sink.table, QStringLiteral("titanic_predictions"));
    QCOMPARE(plan->preCopyScript, QStringLiteral("delete from [dbo].[titanic_predictions]"));
    QCOMPARE(plan->mappings.size(), 2);
    QCOMPARE(plan->mappings.at(0).sourceName, QStringLiteral("survived"));
    QVERIFY(plan->mappings.at(0).sinkType == InterimType::Int64);
    QCOMPARE(plan->mappings.at(1).sourceOrdinal, 2);
    QCOMPARE(plan->mappings.at(1).sourceFormat, QStringLiteral("dd/MM/yyyy"));
    QVERIFY(!plan->mappings.at(1).sinkType);
    QVERIFY(plan->treatBooleanAsNumber);
    QCOMPARE(plan->formats.dateTime, QStringLiteral("yyyy"));
    QCOMPARE(plan->sourceService, QStringLiteral("AzureBlobStorage"));
    QCOMPARE(plan->sinkService, QStringLiteral("AzureSqlDatabase"));
    QVERIFY(!plan->allowEmptySource);
}

// The folder as it is shipped, read by the factory's own reader.
void TestCopyPlan::sampleFactoryIsPlanned()
{
    const FolderTree tree(tests::sourceDir() + QStringLiteral("/resources/samples/titanic"));
    const Factory sample = readFactory(tree).factory;
    const Pipeline pipeline = sample.pipelines.value(QStringLiteral("PublishPythonSql"));
    const Activity *activity = pipeline.activity(QStringLiteral("CopyStorageToSql"));
    QVERIFY(activity);
    const auto plan = planCopy(sample, pipeline, *activity, QStringLiteral("/t"), {});
    VERIFY_OK(plan);
    QCOMPARE(plan->mappings.size(), 10);
    QCOMPARE(std::get<CsvFileSource>(plan->source).path, QStringLiteral("/t/storage/data/finoutput"));
    QCOMPARE(std::get<SqliteTableSink>(plan->sink).file, QStringLiteral("/t/titanic.db"));
    QCOMPARE(plan->preCopyScript, QStringLiteral("delete from [dbo].[titanic_predictions]"));
}

void TestCopyPlan::postgresBindingBecomesAConninfo()
{
    Factory made = factory();
    made.bindings.read(
        R"({"linkedServices":{"Sql":{"store":"postgresql","host":"db.example.org","port":5433,"database":"it's","user":"a b"}}})",
        QStringLiteral(".slipway/local/bindings.json"));
    auto plan = planned(made);
    VERIFY_OK(plan);
    const auto &sink = std::get<PostgresTableSink>(plan->sink);
    QCOMPARE(sink.connection,
             QStringLiteral("port=5433 host='db.example.org' dbname='it\\'s' user='a b' sslmode='verify-full'"));
    QCOMPARE(sink.schema, QStringLiteral("dbo"));
    made.bindings.read(
        R"({"linkedServices":{"Sql":{"store":"postgresql","host":"/run/postgresql","database":"dw","user":"etl"}}})",
        QStringLiteral(".slipway/local/bindings.json"));
    plan = planned(made);
    VERIFY_OK(plan);
    QCOMPARE(std::get<PostgresTableSink>(plan->sink).connection,
             QStringLiteral("port=5432 host='/run/postgresql' dbname='dw' user='etl'"));
}

void TestCopyPlan::legacyTableNameIsTakenApart_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("table");
    QTest::newRow("[dbo].[my table]") << QStringLiteral("dbo") << QStringLiteral("my table");
    QTest::newRow("dbo.t") << QStringLiteral("dbo") << QStringLiteral("t");
    QTest::newRow("t") << QString() << QStringLiteral("t");
    QTest::newRow("\"sales\".\"a.b\"") << QStringLiteral("sales") << QStringLiteral("a.b");
    QTest::newRow("[a]]b]") << QString() << QStringLiteral("a]b");
}

void TestCopyPlan::legacyTableNameIsTakenApart()
{
    Factory made = factory();
    made.datasets[QStringLiteral("FinSqlTable")].typeProperties = {{"tableName", QTest::currentDataTag()}};
    const auto plan = planned(made);
    VERIFY_OK(plan);
    QTEST(std::get<SqliteTableSink>(plan->sink).schema, "schema");
    QTEST(std::get<SqliteTableSink>(plan->sink).table, "table");
}

void TestCopyPlan::formatIsRead()
{
    Factory made = factory();
    DelimitedTextFormat format = std::get<CsvFileSource>(planned(made)->source).format;
    QCOMPARE(format.columnDelimiter, QByteArray(";"));
    QCOMPARE(format.quote, '"');
    QCOMPARE(format.escape, '"');
    QVERIFY(format.firstRowAsHeader);
    QCOMPARE(format.nullValue, QByteArray("NULL"));
    QCOMPARE(format.skipLines, 2);
    made.datasets[QStringLiteral("FinBlobOutput")].typeProperties = json(
        R"({"location":{"container":"data","fileName":"a.csv"},"columnDelimiter":"\t","quoteChar":"","encodingName":"ISO-8859-1"})");
    const auto source = std::get<CsvFileSource>(planned(made)->source);
    QCOMPARE(source.displayPath, QStringLiteral("data/a.csv"));
    QCOMPARE(source.format.columnDelimiter, QByteArray("\t"));
    QCOMPARE(source.format.quote, '\0');
    QCOMPARE(source.format.escape, '\\');
    QVERIFY(!source.format.firstRowAsHeader);
    QCOMPARE(source.format.encoding, QStringLiteral("ISO-8859-1"));
    QCOMPARE(source.format.rowDelimiter, QByteArray());
    QVERIFY(source.format.compression == FileCompression::None);
    Json &properties = made.datasets[QStringLiteral("FinBlobOutput")].typeProperties;
    for (const auto &[written, read] : {std::pair("\n", "\n"), std::pair("\\r\\n", "\r\n"), std::pair(";", ";")}) {
        properties["rowDelimiter"] = written;
        QCOMPARE(std::get<CsvFileSource>(planned(made)->source).format.rowDelimiter, QByteArray(read));
    }
    for (const auto &[written, read] : {std::pair("gzip", FileCompression::Gzip),
                                        std::pair("bzip2", FileCompression::Bzip2),
                                        std::pair("Deflate", FileCompression::Deflate),
                                        std::pair("zstd", FileCompression::Zstandard),
                                        std::pair("ZipDeflate", FileCompression::ZipDeflate),
                                        std::pair("tar", FileCompression::Tar),
                                        std::pair("tarGZip", FileCompression::TarGzip),
                                        std::pair("None", FileCompression::None)}) {
        properties["compressionCodec"] = written;
        properties["compressionLevel"] = "Optimal";
        QVERIFY(std::get<CsvFileSource>(planned(made)->source).format.compression == read);
    }
}

void TestCopyPlan::filesAreChosen()
{
    Factory made = factory();
    const auto files = [&made] { return *std::get<CsvFileSource>(planned(made)->source).files; };
    QCOMPARE(files().root, QStringLiteral("/factories/titanic/storage"));
    QCOMPARE(files().path, QStringLiteral("data/finoutput"));
    QCOMPARE(files().choice.folder, QStringLiteral("data/finoutput"));
    QVERIFY(files().choice.recursive);
    QVERIFY(!files().choice.isFiltered());
    Json &store = copyOf(made).source["storeSettings"];
    store = json(R"({"recursive":false,"wildcardFileName":"*.csv","modifiedDatetimeStart":"2024-01-31T12:00:00Z"})");
    QVERIFY(!files().choice.recursive);
    QCOMPARE(files().choice.wildcardName, QStringLiteral("*.csv"));
    QCOMPARE(files().choice.folder, QStringLiteral("data/finoutput"));
    QVERIFY(files().choice.modifiedFrom == instantFromIso(QStringLiteral("2024-01-31T12:00:00Z")));
    QVERIFY(!files().choice.modifiedBefore);
    store = json(R"({"wildcardFolderPath":"20*/x","wildcardFileName":"?.csv"})");
    QCOMPARE(files().choice.folder, QStringLiteral("data")); // the container: the dataset's folder does not count then
    QCOMPARE(files().choice.wildcardFolder, QStringLiteral("20*/x"));
    store = json(R"({"prefix":"fin"})");
    QCOMPARE(files().choice.folder, QStringLiteral("data"));
    QCOMPARE(files().choice.prefix, QStringLiteral("fin"));
    store = json(R"({"fileListPath":"data/list.txt"})");
    QCOMPARE(files().choice.fileList, QStringLiteral("data/list.txt"));
    QCOMPARE(files().choice.folder, QStringLiteral("data/finoutput"));
    store = Json::object();
    made.datasets[QStringLiteral("FinBlobOutput")].typeProperties["location"]["fileName"] = "part-*.csv";
    QCOMPARE(files().choice.wildcardName, QStringLiteral("part-*.csv"));
    QCOMPARE(files().choice.folder, QStringLiteral("data/finoutput"));
}

void TestCopyPlan::legacyMappingsAreRead_data()
{
    QTest::addColumn<QByteArray>("mappings");
    QTest::newRow("object") << QByteArray(R"({"a":"x","b":"y"})");
    QTest::newRow("text") << QByteArray(R"("a: x, b:y")");
}

void TestCopyPlan::legacyMappingsAreRead()
{
    QFETCH(QByteArray, mappings);
    Factory made = factory();
    copyOf(made).translator = {{"type", "TabularTranslator"}, {"columnMappings", json(mappings.constData())}};
    const auto plan = planned(made);
    VERIFY_OK(plan);
    QCOMPARE(plan->mappings.size(), 2);
    QCOMPARE(plan->mappings.at(1).sourceName, QStringLiteral("b"));
    QCOMPARE(plan->mappings.at(1).sinkName, QStringLiteral("y"));
}

void TestCopyPlan::optionAllowsAnEmptySource()
{
    Factory made = factory();
    made.options.insert(QStringLiteral("Publish"), json(R"({"CopyStorageToSql":{"allowEmptySource":true}})"));
    QVERIFY(planned(made)->allowEmptySource);
}

void TestCopyPlan::tableOrQueryIsPlanned()
{
    Factory made = factory();
    copyOf(made).input = QStringLiteral("FinSqlTable");
    copyOf(made).source = json(R"({"type":"azuresqlsource","queryTimeout":"00:01:30","partitionOption":"None"})");
    auto plan = planned(made);
    VERIFY_OK(plan);
    auto sqlite = std::get<SqliteQuerySource>(plan->source);
    QCOMPARE(sqlite.file, QStringLiteral("/factories/titanic/titanic.db"));
    QCOMPARE(sqlite.schema, QStringLiteral("dbo"));
    QCOMPARE(sqlite.table, QStringLiteral("titanic_predictions"));
    QCOMPARE(sqlite.query, QString());
    QCOMPARE(sqlite.queryTimeout.count(), 90'000);
    QCOMPARE(plan->sourceService, QStringLiteral("AzureSqlDatabase"));

    copyOf(made).source = json(R"({"type":"SqlServerSource","sqlReaderQuery":"SELECT 1 AS a"})");
    made.datasets.find(QStringLiteral("FinSqlTable"))->typeProperties = Json::object(); // a query needs no table
    copyOf(made).output = QStringLiteral("Other");
    Dataset other = *made.datasets.find(QStringLiteral("FinSqlTable"));
    other.name = QStringLiteral("Other");
    other.typeProperties = json(R"({"table":"t"})");
    made.datasets.insert(other.name, other);
    plan = planned(made);
    VERIFY_OK(plan);
    sqlite = std::get<SqliteQuerySource>(plan->source);
    QCOMPARE(sqlite.query, QStringLiteral("SELECT 1 AS a"));
    QCOMPARE(sqlite.queryTimeout, std::chrono::hours(2));

    made.bindings.read(R"({"linkedServices":{"Sql":{"store":"postgresql","host":"h","database":"d"}}})",
                       QStringLiteral(".slipway/bindings.json"));
    copyOf(made).source = json(R"({"type":"AzurePostgreSqlSource","query":"SELECT 2"})");
    plan = planned(made);
    VERIFY_OK(plan);
    const auto postgres = std::get<PostgresQuerySource>(plan->source);
    QCOMPARE(postgres.query, QStringLiteral("SELECT 2"));
    QVERIFY(postgres.connection.contains(u"dbname='d'"));
}

void TestCopyPlan::readersAreThoseOfTheActivity()
{
    Factory made = factory();
    made.bindings.read(R"({"linkedServices":{"Sql":{"store":"postgresql","host":"h","database":"d"}}})",
                       QStringLiteral(".slipway/bindings.json"));
    copyOf(made).input = QStringLiteral("FinSqlTable");
    copyOf(made).source = json(R"({"type":"AzureSqlSource","partitionOption":"DynamicRange","partitionSettings":
        {"partitionColumnName":"id","partitionLowerBound":"1","partitionUpperBound":9}})");
    const auto parts = [&] {
        const auto plan = planned(made);
        return plan ? std::get<PostgresQuerySource>(plan->source).parts : std::nullopt;
    };
    QVERIFY(parts());
    QCOMPARE(parts()->readers, PostgresParts::usualReaders);
    QCOMPARE(parts()->column, QStringLiteral("id"));
    QCOMPARE(parts()->lower + parts()->upper, QStringLiteral("19"));
    copyOf(made).settings = json(R"({"parallelCopies":7})");
    QCOMPARE(parts()->readers, 7);
    copyOf(made).settings = json(R"({"parallelCopies":5000})");
    QCOMPARE(parts()->readers, PostgresParts::mostReaders);
    copyOf(made).source =
        json(R"({"type":"AzureSqlSource","query":"SELECT * FROM t WHERE ?dfdynamicrangepartitioncondition",
             "partitionOption":"DynamicRange","partitionSettings":{"partitionColumnName":"id"}})");
    QCOMPARE(parts()->query, QStringLiteral("SELECT * FROM t WHERE ?AdfDynamicRangePartitionCondition"));
    QCOMPARE(std::get<PostgresQuerySource>(planned(made)->source).query,
             QStringLiteral("SELECT * FROM t WHERE (1 = 1)"));
    copyOf(made).source = json(R"({"type":"AzureSqlSource","partitionOption":"None"})");
    QVERIFY(!parts());
}

void TestCopyPlan::sourceOfATableIsRefused_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("where");
    QTest::newRow("partitions") << QByteArray(R"({"type":"AzureSqlSource","partitionOption":"Halves"})")
                                << QStringLiteral("source.partitionOption");
    QTest::newRow("procedure") << QByteArray(R"({"type":"AzureSqlSource","sqlReaderStoredProcedureName":"p"})")
                               << QStringLiteral("source.sqlReaderStoredProcedureName");
    QTest::newRow("timeout") << QByteArray(R"({"type":"AzureSqlSource","queryTimeout":"soon"})")
                             << QStringLiteral("source.queryTimeout");
    QTest::newRow("columns") << QByteArray(
        R"({"type":"AzureSqlSource","additionalColumns":[{"name":"a","value":"$$FILEPATH"}]})")
                             << QStringLiteral("source.additionalColumns[0].value");
    QTest::newRow("unknown") << QByteArray(R"({"type":"RestSource"})") << QStringLiteral("source.type");
}

void TestCopyPlan::sourceOfATableIsRefused()
{
    QFETCH(QByteArray, source);
    QFETCH(QString, where);
    Factory made = factory();
    copyOf(made).input = QStringLiteral("FinSqlTable");
    copyOf(made).source = json(source.constData());
    const auto plan = planned(made);
    QVERIFY(!plan);
    QVERIFY2(plan.error().where.endsWith(where), qPrintable(plan.error().where));
}

void TestCopyPlan::refusalNamesEntityAndProperty_data()
{
    QTest::addColumn<Factory>("made");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const Factory &made, const char *where) {
        QTest::newRow(name) << made << QString::fromLatin1(where);
    };
    Factory made = factory();
    copyOf(made).input = QStringLiteral("Nothing");
    row("missing dataset", made, "pipeline/Publish.json: activities[0].inputs");
    made = factory();
    made.linkedServices.remove(QStringLiteral("Sql"));
    row("missing linked service", made, "dataset/FinSqlTable.json: linkedServiceName");
    made = factory();
    made.bindings = {};
    row("no binding", made, "dataset/FinBlobOutput.json: linkedServiceName");
    made = factory();
    made.datasets[QStringLiteral("FinSqlTable")].linkedService = QStringLiteral("Blob");
    row("table in a folder", made, "dataset/FinSqlTable.json: linkedServiceName");
    made = factory();
    made.datasets[QStringLiteral("FinBlobOutput")].typeProperties["location"]["folderPath"] = "../../etc";
    row("out of the store", made, "dataset/FinBlobOutput.json: typeProperties.location.folderPath");
    made = factory();
    made.datasets[QStringLiteral("FinBlobOutput")].typeProperties["location"]["folderPath"] = "@dataset().folder";
    row("a folder that depends on nothing known",
        made,
        "dataset/FinBlobOutput.json: typeProperties.location.folderPath, character 12");
    made = factory();
    made.datasets[QStringLiteral("FinBlobOutput")].typeProperties["compressionCodec"] = "snappy";
    row("compressed", made, "dataset/FinBlobOutput.json: typeProperties.compressionCodec");
    made = factory();
    made.datasets[QStringLiteral("FinBlobOutput")].typeProperties["quoteChar"] = "''";
    row("two quotes", made, "dataset/FinBlobOutput.json: typeProperties.quoteChar");
    made = factory();
    made.datasets[QStringLiteral("FinSqlTable")].typeProperties = Json::object();
    row("no table", made, "dataset/FinSqlTable.json: typeProperties.table");
    made = factory();
    copyOf(made).source["type"] = "ParquetSource";
    row("another source", made, "pipeline/Publish.json: activities[0].typeProperties.source.type");
    made = factory();
    const auto store = [&row](const char *name, const char *property, const Json &value) {
        Factory changed = factory();
        copyOf(changed).source["storeSettings"][property] = value;
        const QByteArray where =
            QByteArray("pipeline/Publish.json: activities[0].typeProperties.source.storeSettings.") + property;
        row(name, changed, where.constData());
    };
    store("no time", "modifiedDatetimeEnd", "yesterday");
    store("a list above the store", "fileListPath", "../list.txt");
    made.datasets[QStringLiteral("FinBlobOutput")].typeProperties["location"]["fileName"] = "a.csv";
    copyOf(made).source["storeSettings"]["fileListPath"] = "data/list.txt";
    row("a list and a file",
        made,
        "pipeline/Publish.json: activities[0].typeProperties.source.storeSettings.fileListPath");
    made = factory();
    copyOf(made).sink["writeBehavior"] = "merge";
    row("another way to write", made, "pipeline/Publish.json: activities[0].typeProperties.sink.writeBehavior");
    made = factory();
    copyOf(made).settings["enableSkipIncompatibleRow"] = true;
    copyOf(made).settings["logSettings"]["logLocationSettings"] = {
        {"linkedServiceName", {{"referenceName", "Nobody"}}}};
    row("a log nowhere",
        made,
        "pipeline/Publish.json: activities[0].typeProperties.logSettings.logLocationSettings.linkedServiceName");
    made = factory();
    copyOf(made).translator["mappings"][0]["sink"]["type"] = "Int128";
    row("unknown type", made, "pipeline/Publish.json: activities[0].typeProperties.translator.mappings[0].sink.type");
    made = factory();
    copyOf(made).translator["mappings"][1]["source"] = Json::object();
    row("mapping from nothing",
        made,
        "pipeline/Publish.json: activities[0].typeProperties.translator.mappings[1].source");
    made = factory();
    copyOf(made).translator["typeConversionSettings"]["culture"] = "xx-YY";
    row("another culture",
        made,
        "pipeline/Publish.json: activities[0].typeProperties.translator.typeConversionSettings.culture");
}

void TestCopyPlan::refusalNamesEntityAndProperty()
{
    QFETCH(Factory, made);
    const auto plan = planned(made);
    QVERIFY(!plan);
    QTEST(plan.error().where, "where");
    QVERIFY(plan.error().code == ErrorCode::InvalidInput || plan.error().code == ErrorCode::Unsupported);
    QVERIFY(!plan.error().message.isEmpty());
}

#include "TestCopyPlan.moc"
