#include "engine/copy/CopyPlan.h"
#include "engine/copy/FileSourcePlan.h"
#include "engine/model/LegacyDataset.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace tests;

// Datasets from before each form had a type of its own, and the sources that are called after their store.
class TestOlderSources : public QObject
{
    Q_OBJECT

private slots:
    void olderSourcesAreReadAsTodays();
    void olderFilesAreCopiedAsTheyAre();
    void olderDatasetsAreCopied();

private:
    static Json json(const QByteArray &text)
    {
        auto parsed = parseJson(text, QStringLiteral("test"));
        if (!parsed)
            qFatal("%s", qPrintable(parsed.error().message));
        return *parsed;
    }
    static Dataset dataset(const char *name, const char *service, const char *type, const QByteArray &properties)
    {
        Dataset made;
        made.name = QString::fromLatin1(name);
        made.file = QStringLiteral("dataset/%1.json").arg(made.name);
        made.type = QString::fromLatin1(type);
        made.linkedService = QString::fromLatin1(service);
        made.typeProperties = json(properties);
        return made;
    }
    static Factory factory()
    {
        Factory made;
        CopyActivity copy;
        copy.input = QStringLiteral("In");
        copy.output = QStringLiteral("Out");
        copy.sink = json(R"({"type":"AzureSqlSink"})");
        Activity activity;
        activity.name = QStringLiteral("Copy");
        activity.type = QStringLiteral("Copy");
        activity.typeProperties = copy;
        Pipeline pipeline;
        pipeline.name = QStringLiteral("Load");
        pipeline.file = QStringLiteral("pipeline/Load.json");
        pipeline.activities = {activity};
        made.pipelines.insert(pipeline.name, pipeline);
        for (const char *const name : {"Files", "Db"}) {
            LinkedService service;
            service.name = QString::fromLatin1(name);
            made.linkedServices.insert(service.name, service);
        }
        made.datasets.insert(QStringLiteral("In"), dataset("In", "Files", "AzureBlob", "{}"));
        made.datasets.insert(QStringLiteral("Out"), dataset("Out", "Db", "AzureSqlTable", R"({"table":"t"})"));
        made.bindings.read(R"({"linkedServices":{"Files":{"store":"folder","root":"storage"},
            "Db":{"store":"sqlite","file":"a.db"}}})",
                           QStringLiteral(".slipway/bindings.json"));
        return made;
    }
    static CopyActivity &copyOf(Factory &factory)
    {
        return std::get<CopyActivity>(factory.pipelines.first().activities.first().typeProperties);
    }
    // Datasets are changed as values; what is planned is read from their JSON.
    static Result<CopyPlan> planned(Factory factory)
    {
        for (Dataset &dataset : factory.datasets) {
            Json &properties = dataset.json["properties"] = Json::object();
            properties["type"] = toStdString(dataset.type);
            properties["linkedServiceName"] = {{"referenceName", toStdString(dataset.linkedService)}};
            properties["typeProperties"] = dataset.typeProperties;
        }
        const Pipeline &pipeline = factory.pipelines.first();
        return planCopy(factory, pipeline, pipeline.activities.first(), QStringLiteral("/f"), {});
    }
};

SLIPWAY_TEST(TestOlderSources)

void TestOlderSources::olderSourcesAreReadAsTodays()
{
    Factory made = factory();
    Dataset &dataset = made.datasets[QStringLiteral("In")];
    dataset.type = QStringLiteral("AzureBlob");
    dataset.typeProperties = json(R"({"folderPath":"data/in","fileName":"*.txt","modifiedDatetimeStart":
        "2024-01-31T12:00:00Z","format":{"type":"TextFormat","columnDelimiter":"|","skipLineCount":3}})");
    copyOf(made).source = json(R"({"type":"BlobSource","recursive":false})");
    auto plan = planned(made);
    VERIFY_OK(plan);
    auto text = std::get<CsvFileSource>(plan->source);
    QCOMPARE(text.files->choice.wildcardName, QStringLiteral("*.txt"));
    QCOMPARE(text.files->choice.folder, QStringLiteral("data/in"));
    QVERIFY(!text.files->choice.recursive);
    QVERIFY(text.files->choice.modifiedFrom.has_value());
    QCOMPARE(text.format.columnDelimiter, QByteArray("|"));
    QCOMPARE(text.format.nullValue, QByteArray("\\N"));
    QVERIFY(text.format.emptyIsNull);
    QCOMPARE(text.format.skipLines, 3);
    copyOf(made).source = json(R"({"type":"BlobSource","skipHeaderLineCount":1,"treatEmptyAsNull":false})");
    plan = planned(made);
    VERIFY_OK(plan);
    text = std::get<CsvFileSource>(plan->source);
    QCOMPARE(text.format.skipLines, 1);
    QVERIFY(!text.format.emptyIsNull);
    QVERIFY(text.files->choice.recursive);

    dataset.type = QStringLiteral("FileShare");
    dataset.typeProperties = json(R"({"folderPath":"in","fileFilter":"*.json","format":{"type":"JsonFormat",
        "jsonNodeReference":"$.orders","jsonPathDefinition":{"number":"$.n","price":"price.net"}}})");
    copyOf(made).source = json(R"({"type":"FileSystemSource"})");
    copyOf(made).translator = json(R"({"type":"TabularTranslator","columnMappings":"number: a, price: b"})");
    plan = planned(made);
    VERIFY_OK(plan);
    const auto orders = std::get<JsonFileSource>(plan->source);
    QCOMPARE(orders.files->choice.wildcardName, QStringLiteral("*.json"));
    QCOMPARE(orders.collection, QStringLiteral("$.orders"));
    QCOMPARE(orders.columns.size(), 2);
    QCOMPARE(orders.columns.at(1).name + orders.columns.at(1).path, QStringLiteral("priceprice.net"));

    dataset.typeProperties["format"] = json(R"({"type":"OrcFormat"})");
    plan = planned(made);
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(u"OrcFormat"), qPrintable(plan.error().message));
}

void TestOlderSources::olderFilesAreCopiedAsTheyAre()
{
    Factory made = factory();
    Dataset &input = made.datasets[QStringLiteral("In")];
    input.type = QStringLiteral("AzureBlob");
    input.typeProperties = json(R"({"folderPath":"data/in"})");
    Dataset output = input;
    output.name = QStringLiteral("Out");
    output.typeProperties = json(R"({"folderPath":"data/out"})");
    made.datasets.insert(output.name, output);
    copyOf(made).source = json(R"({"type":"BlobSource"})");
    copyOf(made).sink = json(R"({"type":"BlobSink","copyBehavior":"FlattenHierarchy"})");
    copyOf(made).translator = Json();
    const auto plan = planned(made);
    VERIFY_OK(plan);
    QVERIFY(std::get<BinaryFileSource>(plan->source).isFlattened);
    QCOMPARE(std::get<BinaryFileSink>(plan->sink).target.folder, QStringLiteral("data/out"));
}

void TestOlderSources::olderDatasetsAreCopied()
{
    const CopyFixture fixture;
    fixture.execute("CREATE TABLE w(a BIGINT, b TEXT)");
    fixture.write("in.csv", "skipped\n1,\n2,\\N\n3,\"x\"\n,N\n");
    const Dataset older =
        dataset("In", "Files", "AzureBlob", R"({"folderPath":"in","format":{"type":"TextFormat","skipLineCount":1}})");
    const auto planned = planFileSource(modernSource(json(R"({"type":"BlobSource"})"), older),
                                        QStringLiteral("source"),
                                        modernDataset(older),
                                        FolderBinding{QStringLiteral("storage")},
                                        QStringLiteral("/f"));
    VERIFY_OK(planned);
    CsvFileSource source = std::get<CsvFileSource>(*planned);
    source.files.reset();
    source.path = fixture.path("in.csv");
    CopyPlan plan = fixture.plan("unused.csv", "w");
    plan.source = source;
    plan.preCopyScript.clear();
    plan.mappings.clear();
    for (int i = 1; i <= 2; ++i) {
        ColumnMapping mapping;
        mapping.sourceOrdinal = i;
        mapping.sinkName = i == 1 ? QStringLiteral("a") : QStringLiteral("b");
        plan.mappings.append(mapping);
    }
    const CopyOutcome outcome = copyNow(plan);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, described(outcome).constData());
    QCOMPARE(fixture.text("SELECT group_concat(quote(a) || quote(b)) FROM w"),
             QStringLiteral("1NULL,2NULL,3'\"x\"',NULL'N'"));
}

#include "TestOlderSources.moc"
