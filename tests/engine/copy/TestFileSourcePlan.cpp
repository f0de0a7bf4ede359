#include "engine/copy/Endpoints.h"
#include "engine/copy/FileSourcePlan.h"
#include "engine/data/DuckSession.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace tests;

// JSON and Parquet files as sources: what a dataset and a mapping mean, and copies of them.
class TestFileSourcePlan : public QObject
{
    Q_OBJECT

private slots:
    void jsonFilesAreDescribed();
    void parquetFilesAreDescribed();
    void aSourceReadsDatasetsOfItsOwnType();
    void mappingsSayWhichValuesAreRead();
    void rowsOfACollectionAreCopied();
    void aRowThatDoesNotConvertIsSaid();
    void parquetIsCopied();
    void damagedParquetLeavesTheTable();
    void bothArePreviewed();
    void nestedValuesAreInTheSchema();

private:
    static Json json(const QByteArray &text)
    {
        auto parsed = parseJson(text, QStringLiteral("test"));
        if (!parsed)
            qFatal("%s", qPrintable(parsed.error().message));
        return *parsed;
    }
    static Dataset dataset(const char *type, const QByteArray &properties)
    {
        Dataset made;
        made.name = QStringLiteral("D");
        made.file = QStringLiteral("dataset/D.json");
        made.type = QString::fromLatin1(type);
        made.linkedService = QStringLiteral("Files");
        made.typeProperties = json(properties);
        return made;
    }
    static Result<FileSource> planned(const char *source, const Dataset &dataset)
    {
        return planFileSource(json(source),
                              QStringLiteral("source"),
                              dataset,
                              FolderBinding{QStringLiteral("storage")},
                              QStringLiteral("/f"));
    }
    static CopyPlan reading(const CopyFixture &fixture, CopySource source)
    {
        CopyPlan plan = fixture.plan("unused.csv");
        plan.source = std::move(source);
        return plan;
    }
    static void makeParquet(const CopyFixture &fixture, const char *name, const QString &select)
    {
        const QString path = fixture.path(name);
        const auto session = DuckSession::open({.files = {path}});
        const Result<> made = (*session)->run(
            QStringLiteral("COPY (%1) TO %2 (FORMAT parquet, USE_TMP_FILE false)").arg(select, duckText(path)));
        if (!made)
            qFatal("%s", qPrintable(made.error().message));
    }
};

SLIPWAY_TEST(TestFileSourcePlan)

void TestFileSourcePlan::jsonFilesAreDescribed()
{
    const char *const source = R"({"type":"JsonSource","storeSettings":{"type":"FileServerReadSettings",
        "wildcardFileName":"*.json","recursive":false},"formatSettings":{"type":"JsonReadSettings"}})";
    const auto plan = planned(source, dataset("Json", R"({"location":{"container":"data","folderPath":"in"},
                                  "encodingName":"UTF-16","compression":{"type":"gzip","level":"Optimal"}})"));
    VERIFY_OK(plan);
    const auto &files = std::get<JsonFileSource>(*plan);
    QCOMPARE(files.path, QStringLiteral("/f/storage/data/in"));
    QCOMPARE(files.displayPath, QStringLiteral("data/in"));
    QCOMPARE(files.encoding, QStringLiteral("UTF-16"));
    QVERIFY(files.compression == FileCompression::Gzip);
    QCOMPARE(files.files->choice.wildcardName, QStringLiteral("*.json"));
    QVERIFY(!files.files->choice.recursive);
    const auto refused =
        planned(source, dataset("Json", R"({"location":{"folderPath":"in"},"compression":{"type":"rar"}})"));
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, QStringLiteral("dataset/D.json: typeProperties.compression"));
}

void TestFileSourcePlan::parquetFilesAreDescribed()
{
    const auto plan = planned(R"({"type":"ParquetSource","storeSettings":{"prefix":"a/b"}})",
                              dataset("Parquet", R"({"location":{"folderPath":"in","fileName":"x.parquet"},
                                  "compressionCodec":"snappy"})"));
    VERIFY_OK(plan);
    const auto &files = std::get<ParquetFileSource>(*plan);
    QCOMPARE(files.path, QStringLiteral("/f/storage/in/x.parquet"));
    QCOMPARE(files.files->choice.prefix, QStringLiteral("a/b"));
}

void TestFileSourcePlan::aSourceReadsDatasetsOfItsOwnType()
{
    const auto wrong = planned(R"({"type":"JsonSource"})", dataset("Parquet", R"({"location":{"folderPath":"in"}})"));
    QVERIFY(!wrong);
    QVERIFY(wrong.error().code == ErrorCode::Unsupported);
    QCOMPARE(wrong.error().where, QStringLiteral("source.type"));
    QVERIFY(!planned(R"({"type":"AvroSource"})", dataset("Avro", R"({"location":{"folderPath":"in"}})")));
}

void TestFileSourcePlan::mappingsSayWhichValuesAreRead()
{
    const auto described = [](const QByteArray &translator) {
        const auto translation = planTranslator(json(translator), QStringLiteral("translator"));
        if (!translation)
            return QStringList{translation.error().message};
        JsonFileSource source;
        describeRows(source, *translation);
        QStringList texts{source.collection};
        for (const JsonColumn &column : source.columns)
            texts += column.name + QStringLiteral(" = ") + column.path;
        return texts;
    };
    const QByteArray byPath = R"({"type":"TabularTranslator","collectionReference":"$.orders","mappings":[
        {"source":{"path":"$['number']"},"sink":{"name":"a"}},
        {"source":{"path":"['id']"},"sink":{"name":"b"}},
        {"source":{"name":"it's"},"sink":{"name":"c"}}]})";
    QCOMPARE(described(byPath),
             QStringList({QStringLiteral("$['orders']"),
                          QStringLiteral("$['number'] = $['number']"),
                          QStringLiteral("['id'] = ['id']"),
                          QStringLiteral("it's = ['it\\'s']")}));
    const QByteArray byNumber =
        R"({"type":"TabularTranslator","mappings":[{"source":{"ordinal":1},"sink":{"name":"a"}}]})";
    QCOMPARE(described(byNumber), QStringList{QString()});
}

void TestFileSourcePlan::rowsOfACollectionAreCopied()
{
    const CopyFixture fixture;
    fixture.write("in.json", R"({"batch": 7, "orders": [{"id": 9007199254740993, "what": {"name": "a"}},
                                                        {"id": 2, "what": {"name": null}}]})");
    CopyPlan plan = reading(fixture, JsonFileSource{fixture.path("in.json"), QStringLiteral("in.json")});
    const auto translation = planTranslator(json(R"({"type":"TabularTranslator","collectionReference":"$['orders']",
        "mappings":[{"source":{"path":"['id']"},"sink":{"name":"a"}},
                    {"source":{"path":"['what']['name']"},"sink":{"name":"b"}}]})"),
                                            QStringLiteral("translator"));
    VERIFY_OK(translation);
    static_cast<Translation &>(plan) = *translation;
    describeRows(std::get<JsonFileSource>(plan.source), plan);
    const CopyOutcome outcome = copyNow(plan);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 2);
    QCOMPARE(fixture.text("select max(a) from t"), QStringLiteral("9007199254740993"));
    QCOMPARE(fixture.text("select count(*) from t where b is null"), QStringLiteral("1"));
}

void TestFileSourcePlan::aRowThatDoesNotConvertIsSaid()
{
    const CopyFixture fixture;
    fixture.write("in.json", "{\"a\":1,\"b\":\"x\"}\n{\"a\":\"one\",\"b\":\"y\"}\n");
    const CopyPlan plan = reading(fixture, JsonFileSource{fixture.path("in.json"), QStringLiteral("in.json")});
    const QString before = fixture.rows();
    const CopyOutcome outcome = copyNow(plan);
    QVERIFY(outcome.status == CopyOutcome::Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorInvalidDataValue"));
    QCOMPARE(intAt(outcome.error.details, "line"), 2);
    QCOMPARE(fixture.rows(), before);
}

void TestFileSourcePlan::parquetIsCopied()
{
    const CopyFixture fixture;
    makeParquet(fixture, "in.parquet", QStringLiteral("SELECT range AS a, 'row ' || range AS b FROM range(5000)"));
    const CopyOutcome outcome =
        copyNow(reading(fixture, ParquetFileSource{fixture.path("in.parquet"), QStringLiteral("in.parquet")}));
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 5000);
    QCOMPARE(fixture.text("select sum(a) from t"), QStringLiteral("12497500"));
    QCOMPARE(fixture.text("select count(distinct b) from t"), QStringLiteral("5000"));
}

void TestFileSourcePlan::damagedParquetLeavesTheTable()
{
    const CopyFixture fixture;
    fixture.execute("insert into t values (1, 'kept')");
    fixture.write("in.parquet", "PAR1 and nothing else");
    const QString before = fixture.rows();
    const CopyOutcome outcome =
        copyNow(reading(fixture, ParquetFileSource{fixture.path("in.parquet"), QStringLiteral("in.parquet")}));
    QVERIFY(outcome.status == CopyOutcome::Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("ParquetInvalidFile"));
    QCOMPARE(fixture.rows(), before);
}

void TestFileSourcePlan::bothArePreviewed()
{
    const CopyFixture fixture;
    makeParquet(fixture, "in.parquet", QStringLiteral("SELECT range::DECIMAL(10,2) AS a, [range] AS b FROM range(9)"));
    fixture.write("in.json", "[{\"a\":1.50,\"b\":[0]},{\"a\":2,\"b\":null}]");
    const auto shown = [](const DatasetPlan &dataset) {
        const auto rows = makeStoredRows(dataset, {});
        const auto preview = rows->preview(1);
        if (!preview)
            return preview.error().message;
        QStringList texts;
        for (const StoreColumn &column : preview->columns)
            texts += column.name + u' ' + column.type;
        for (const auto &row : preview->rows) {
            for (const auto &value : row)
                texts += value.value_or(QStringLiteral("NULL"));
        }
        return QString(texts.join(u'|') + (preview->more ? QStringLiteral(" …") : QString()));
    };
    QCOMPARE(shown(ParquetFileSource{fixture.path("in.parquet"), QStringLiteral("in.parquet")}),
             QStringLiteral("a Decimal|b String|0|[0] …"));
    QCOMPARE(shown(JsonFileSource{fixture.path("in.json"), QStringLiteral("in.json")}),
             QStringLiteral("a Double|b String|1.50|[0] …"));
}

void TestFileSourcePlan::nestedValuesAreInTheSchema()
{
    const CopyFixture fixture;
    fixture.write(
        "in.json",
        R"({"id":1,"who":{"first name":"a","it's":{"deep":1.5}},"tags":["x"],"orders":[{"n":1,"to":{"zip":"1"}}]}
{"id":2,"who":{"first name":"b"},"orders":[{"n":2,"lines":[{"k":true}]},{"extra":7}]})");
    const auto schemaOf = [&](const char *collection) {
        JsonFileSource source{.path = fixture.path("in.json"), .displayPath = QStringLiteral("in.json")};
        source.collection = QString::fromLatin1(collection);
        const auto columns = makeStoredRows(source, {})->schema();
        if (!columns)
            return columns.error().message;
        QStringList texts;
        for (const StoreColumn &column : *columns)
            texts += column.name + u' ' + column.type
                + (column.physicalType == column.type ? QString() : QString(u'/' + column.physicalType));
        return texts.join(u'\n');
    };
    QCOMPARE(schemaOf(""),
             QStringLiteral("id Int64\n"
                            "who String/object\n"
                            "$['who']['first name'] String\n"
                            "$['who']['it\\'s'] String/object\n"
                            "$['who']['it\\'s']['deep'] Double\n"
                            "tags String/array\n"
                            "orders String/array\n"
                            "$['orders'][*]['n'] Int64\n"
                            "$['orders'][*]['to'] String/object\n"
                            "$['orders'][*]['to']['zip'] String\n"
                            "$['orders'][*]['lines'] String/array\n"
                            "$['orders'][*]['lines'][*]['k'] Boolean\n"
                            "$['orders'][*]['extra'] Int64"));
    QCOMPARE(schemaOf("$['orders']"),
             QStringLiteral("n Int64\nto String/object\n['to']['zip'] String\nlines String/array\n"
                            "['lines'][*]['k'] Boolean\nextra Int64"));
}

#include "TestFileSourcePlan.moc"
