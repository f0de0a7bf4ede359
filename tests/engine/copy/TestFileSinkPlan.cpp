#include "engine/copy/CopyPlan.h"
#include "engine/model/LegacyDataset.h"
#include "tests/support/TestMain.h"

using namespace engine;

// Data Factory's sinks of files, as what is written where.
class TestFileSinkPlan : public QObject
{
    Q_OBJECT

private slots:
    void delimitedTextIsPlanned();
    void parquetIsPlanned();
    void jsonIsPlanned();
    void namesAreThoseOfTheSource();
    void namesAreMade_data();
    void namesAreMade();
    void extensionSaysFormAndCompression_data();
    void extensionSaysFormAndCompression();
    void olderSinksWriteTheFormOfTheDataset();
    void olderDatasetsAreWritten();
    void olderDatasetsHaveTheDefaultsOfTheirTime();
    void refusalNamesTheProperty_data();
    void refusalNamesTheProperty();

private:
    static Json json(const QByteArray &text)
    {
        auto parsed = parseJson(text, QStringLiteral("test"));
        if (!parsed)
            qFatal("%s", qPrintable(parsed.error().message));
        return *parsed;
    }
    static Dataset dataset(const QByteArray &properties, const QString &type = u"DelimitedText"_qs)
    {
        Dataset made;
        made.name = u"Out"_qs;
        made.file = u"dataset/Out.json"_qs;
        made.type = type;
        made.linkedService = u"Blob"_qs;
        made.typeProperties = json(properties);
        return made;
    }
    static Result<RowFileSink>
    planned(const QByteArray &sink, const Dataset &dataset, const std::optional<FileSet> &source = {})
    {
        FolderBinding binding;
        binding.root = u"storage"_qs;
        const Json settings = json(sink);
        return planRowFileSink({settings, u"sink"_qs, dataset, Binding(binding), u"/f"_qs, source});
    }
    static FileSet sourceFiles()
    {
        FileSet files;
        files.root = u"/f/storage"_qs;
        files.path = u"in/raw"_qs;
        files.choice.folder = u"in/raw"_qs;
        return files;
    }
};

SLIPWAY_TEST(TestFileSinkPlan)

namespace {

constexpr char folder[] =
    R"({"location":{"type":"AzureBlobStorageLocation","container":"out","folderPath":"2024/01"},)"
    R"("columnDelimiter":";","quoteChar":"\"","escapeChar":"\\","firstRowAsHeader":true,"nullValue":"NULL",)"
    R"("encodingName":"UTF-16","compressionCodec":"gzip","compressionLevel":"Fastest","rowDelimiter":"\n"})";
constexpr char file[] = R"({"location":{"type":"FileServerLocation","folderPath":"a/b","fileName":"out.json"},)"
                        R"("encodingName":"windows-1252","compression":{"type":"bzip2","level":"Optimal"}})";

} // namespace

void TestFileSinkPlan::delimitedTextIsPlanned()
{
    const auto plan = planned(
        R"({"type":"DelimitedTextSink","storeSettings":{"type":"AzureBlobStorageWriteSettings"},
            "formatSettings":{"type":"DelimitedTextWriteSettings","quoteAllText":true,"fileExtension":".txt",
            "maxRowsPerFile":"1000","fileNamePrefix":"sales"}})",
        dataset(folder),
        sourceFiles());
    VERIFY_OK(plan);
    const auto &sink = std::get<DelimitedTextFileSink>(*plan);
    QCOMPARE(sink.target.root, u"/f/storage"_qs);
    QCOMPARE(sink.target.container, u"out"_qs);
    QCOMPARE(sink.target.folder, u"out/2024/01"_qs);
    QVERIFY(sink.target.fileName.isEmpty());
    QCOMPARE(sink.target.namePrefix, u"sales"_qs);
    QCOMPARE(sink.target.extension, u".txt"_qs);
    QCOMPARE(sink.target.maxRowsPerFile, 1000);
    QVERIFY(sink.target.naming == FileTarget::Naming::Made); // maxRowsPerFile makes the names
    QVERIFY(sink.writing.quoteAllText);
    QVERIFY(sink.writing.level == Packing::Level::Fastest);
    QCOMPARE(sink.format.columnDelimiter, QByteArray(";"));
    QCOMPARE(sink.format.escape, '\\');
    QCOMPARE(sink.format.nullValue, QByteArray("NULL"));
    QCOMPARE(sink.format.encoding, u"UTF-16"_qs);
    QCOMPARE(sink.format.rowDelimiter, QByteArray("\n"));
    QVERIFY(sink.format.compression == FileCompression::Gzip);
    QVERIFY(sink.format.firstRowAsHeader);
}

void TestFileSinkPlan::parquetIsPlanned()
{
    const QByteArray sink =
        R"({"type":"ParquetSink","formatSettings":{"type":"ParquetWriteSettings","maxRowsPerFile":9}})";
    const QByteArray place = R"({"location":{"type":"FileServerLocation","folderPath":"a/b"})";
    const auto plan = planned(sink, dataset(place + R"(,"compressionCodec":"gzip"})", u"Parquet"_qs));
    VERIFY_OK(plan);
    const auto &parquet = std::get<ParquetFileSink>(*plan);
    QCOMPARE(parquet.target.folder, u"a/b"_qs);
    QCOMPARE(parquet.target.extension, u".parquet"_qs);
    QCOMPARE(parquet.target.maxRowsPerFile, 9);
    QVERIFY(parquet.codec == DuckFeed::Codec::Gzip);
    const auto usual = planned(sink, dataset(place + "}", u"Parquet"_qs));
    VERIFY_OK(usual);
    QVERIFY(std::get<ParquetFileSink>(*usual).codec == DuckFeed::Codec::Snappy);
    const auto refused = planned(sink, dataset(place + R"(,"compressionCodec":"lzo"})", u"Parquet"_qs));
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, u"dataset/Out.json: typeProperties.compressionCodec"_qs);
}

void TestFileSinkPlan::jsonIsPlanned()
{
    const auto plan =
        planned(R"({"type":"JsonSink","formatSettings":{"type":"JsonWriteSettings","filePattern":"arrayOfObjects"}})",
                dataset(file, u"Json"_qs),
                sourceFiles());
    VERIFY_OK(plan);
    const auto &sink = std::get<JsonFileSink>(*plan);
    QCOMPARE(sink.target.folder, u"a/b"_qs);
    QCOMPARE(sink.target.fileName, u"out.json"_qs);
    QVERIFY(sink.target.naming == FileTarget::Naming::Made); // it has a name
    QVERIFY(sink.format.pattern == JsonTextFormat::Pattern::ArrayOfObjects);
    QCOMPARE(sink.format.encoding, u"windows-1252"_qs);
    QVERIFY(sink.format.compression == FileCompression::Bzip2);
}

void TestFileSinkPlan::namesAreThoseOfTheSource()
{
    const auto naming = [](const QByteArray &behavior, const std::optional<FileSet> &source) {
        const auto plan =
            planned(R"({"type":"DelimitedTextSink","storeSettings":{"copyBehavior":")" + behavior + "\"}}",
                    dataset(folder),
                    source);
        return std::get<DelimitedTextFileSink>(*plan).target;
    };
    using Naming = FileTarget::Naming;
    QVERIFY(naming("", sourceFiles()).naming == Naming::AsSource);
    QCOMPARE(naming("PreserveHierarchy", sourceFiles()).sourceFolder, u"in/raw"_qs);
    QVERIFY(naming("flattenHierarchy", sourceFiles()).naming == Naming::MadeForEach);
    QVERIFY(naming("MergeFiles", sourceFiles()).naming == Naming::Made);
    QVERIFY(naming("", {}).naming == Naming::Made); // rows of a database
    FileSet one = sourceFiles();
    one.path = one.choice.folder = u"in/raw/a.csv"_qs;
    one.fileName = u"a.csv"_qs;
    QCOMPARE(naming("", one).sourceFolder, u"in/raw"_qs);
}

void TestFileSinkPlan::namesAreMade_data()
{
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<bool>("isAccepted");
    QTest::newRow("a word") << u"sales"_qs << true;
    QTest::newRow("a folder") << u"../sales"_qs << false;
}

void TestFileSinkPlan::namesAreMade()
{
    QFETCH(QString, prefix);
    QFETCH(bool, isAccepted);
    const QByteArray sink = R"({"type":"DelimitedTextSink","formatSettings":{"maxRowsPerFile":5,"fileNamePrefix":")"
        + prefix.toUtf8() + "\"}}";
    QCOMPARE(planned(sink, dataset(folder)).ok(), isAccepted);
}

void TestFileSinkPlan::extensionSaysFormAndCompression_data()
{
    QTest::addColumn<QByteArray>("properties");
    QTest::addColumn<QString>("extension");
    QTest::newRow("comma") << QByteArray() << u".csv"_qs;
    QTest::newRow("tab, as it is written by hand") << QByteArray(R"(,"columnDelimiter":"\\t")") << u".tsv"_qs;
    QTest::newRow("bar") << QByteArray(R"(,"columnDelimiter":"|","compressionCodec":"TarGzip")") << u".txt.tar.gz"_qs;
    QTest::newRow("zip") << QByteArray(R"(,"compressionCodec":"ZipDeflate")") << u".csv.zip"_qs;
}

void TestFileSinkPlan::extensionSaysFormAndCompression()
{
    QFETCH(QByteArray, properties);
    QFETCH(QString, extension);
    const auto plan =
        planned(R"({"type":"DelimitedTextSink"})", dataset(R"({"location":{"container":"out"})" + properties + "}"));
    VERIFY_OK(plan);
    QCOMPARE(std::get<DelimitedTextFileSink>(*plan).target.extension, extension);
    QCOMPARE(std::get<DelimitedTextFileSink>(*plan).target.folder, u"out"_qs);
}

void TestFileSinkPlan::olderSinksWriteTheFormOfTheDataset()
{
    const auto text = planned(R"({"type":"BlobSink","blobWriterAddHeader":true,"copyBehavior":"MergeFiles"})",
                              dataset(R"({"location":{"container":"out"}})"),
                              sourceFiles());
    VERIFY_OK(text);
    QVERIFY(std::get<DelimitedTextFileSink>(*text).format.firstRowAsHeader);
    QVERIFY(std::get<DelimitedTextFileSink>(*text).target.naming == FileTarget::Naming::Made);
    const auto nested = planned(R"({"type":"FileSystemSink"})", dataset(file, u"Json"_qs));
    VERIFY_OK(nested);
    QVERIFY(std::holds_alternative<JsonFileSink>(*nested));
}

void TestFileSinkPlan::olderDatasetsAreWritten()
{
    const QByteArray sink = R"({"type":"BlobSink","copyBehavior":"MergeFiles"})";
    const QByteArray place =
        R"({"folderPath":"/out/2024/01","fileName":"sales","compression":{"type":"GZip","level":"Fastest"},)";
    const auto of = [&](const QByteArray &format, const QString &type = u"AzureBlob"_qs) {
        return planned(sink, modernDataset(dataset(place + "\"format\":" + format + '}', type)), sourceFiles());
    };
    const auto text = of(R"({"type":"TextFormat","columnDelimiter":";","quoteChar":"'","encodingName":"UTF-16",
        "firstRowAsHeader":true,"rowDelimiter":"\n","nullValue":"-"})");
    VERIFY_OK(text);
    const auto &written = std::get<DelimitedTextFileSink>(*text);
    QCOMPARE(written.target.container, u"out"_qs);
    QCOMPARE(written.target.folder, u"out/2024/01"_qs);
    QCOMPARE(written.target.fileName, u"sales"_qs);
    QCOMPARE(written.format.columnDelimiter, QByteArray(";"));
    QCOMPARE(written.format.quote, '\'');
    QCOMPARE(written.format.nullValue, QByteArray("-"));
    QCOMPARE(written.format.encoding, u"UTF-16"_qs);
    QVERIFY(written.format.firstRowAsHeader);
    QVERIFY(written.format.compression == FileCompression::Gzip);
    QVERIFY(written.writing.level == Packing::Level::Fastest);

    const auto json = of(R"({"type":"JsonFormat","filePattern":"arrayOfObjects"})");
    VERIFY_OK(json);
    QVERIFY(std::get<JsonFileSink>(*json).format.pattern == JsonTextFormat::Pattern::ArrayOfObjects);
    QVERIFY(std::get<JsonFileSink>(*json).format.compression == FileCompression::Gzip);

    const auto parquet = of(R"({"type":"ParquetFormat"})");
    VERIFY_OK(parquet);
    QVERIFY(std::get<ParquetFileSink>(*parquet).codec == DuckFeed::Codec::Gzip);

    const auto share = of(R"({"type":"TextFormat"})", u"FileShare"_qs); // has no containers
    VERIFY_OK(share);
    QCOMPARE(std::get<DelimitedTextFileSink>(*share).target.container, QString());
    QCOMPARE(std::get<DelimitedTextFileSink>(*share).target.folder, u"out/2024/01"_qs);

    QVERIFY(!of(R"({"type":"OrcFormat"})"));
    const auto plain = planned(sink, modernDataset(dataset(R"({"folderPath":"out"})", u"AzureBlob"_qs)));
    QVERIFY(!plain); // files as they are
    QVERIFY2(plain.error().message.contains(u"Binary"), qPrintable(plain.error().message));
}

void TestFileSinkPlan::olderDatasetsHaveTheDefaultsOfTheirTime()
{
    const auto plan =
        planned(R"({"type":"BlobSink","blobWriterAddHeader":true})",
                modernDataset(dataset(R"({"folderPath":"out","fileName":"a.txt","format":{"type":"TextFormat"}})",
                                      u"AzureBlob"_qs)));
    VERIFY_OK(plan);
    const DelimitedTextFormat &format = std::get<DelimitedTextFileSink>(*plan).format;
    QCOMPARE(format.columnDelimiter, QByteArray(","));
    QCOMPARE(format.quote, '\0');
    QCOMPARE(format.escape, '\0');
    QCOMPARE(format.nullValue, QByteArray("\\N"));
    QVERIFY(format.firstRowAsHeader); // by the sink
    const Dataset modern = dataset(R"({"location":{}})");
    QVERIFY(modernDataset(modern) == modern);
}

void TestFileSinkPlan::refusalNamesTheProperty_data()
{
    QTest::addColumn<QByteArray>("sink");
    QTest::addColumn<QByteArray>("properties");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("where");
    const QByteArray text = R"({"type":"DelimitedTextSink"})";
    const QByteArray place = R"({"location":{"container":"out"})";
    const QString csv = u"DelimitedText"_qs;
    const auto row = [](const char *name,
                        const QByteArray &sink,
                        const QByteArray &properties,
                        const QString &type,
                        const char *where) {
        QTest::newRow(name) << sink << properties << type << QString::fromLatin1(where);
    };
    row("behavior",
        R"({"type":"DelimitedTextSink","storeSettings":{"copyBehavior":"Shuffle"}})",
        place + "}",
        csv,
        "sink.storeSettings.copyBehavior");
    row("rows",
        R"({"type":"DelimitedTextSink","formatSettings":{"maxRowsPerFile":"many"}})",
        place + "}",
        csv,
        "sink.formatSettings.maxRowsPerFile");
    row("extension",
        R"({"type":"DelimitedTextSink","formatSettings":{"fileExtension":"/../x"}})",
        place + "}",
        csv,
        "sink.formatSettings.fileExtension");
    row("pattern",
        R"({"type":"JsonSink","formatSettings":{"filePattern":"heap"}})",
        place + "}",
        u"Json"_qs,
        "sink.formatSettings.filePattern");
    row("another form", R"({"type":"JsonSink"})", place + "}", csv, "sink.type");
    row("wildcard",
        text,
        R"({"location":{"container":"out","fileName":"*.csv"}})",
        csv,
        "dataset/Out.json: typeProperties.location");
    row("own name", text, R"({"location":{"container":".slipway"}})", csv, "dataset/Out.json: typeProperties.location");
    row("out of it",
        text,
        R"({"location":{"container":"out","folderPath":"../../x"}})",
        csv,
        "dataset/Out.json: typeProperties.location.folderPath");
    row("level",
        text,
        place + R"(,"compressionLevel":"Extreme"})",
        csv,
        "dataset/Out.json: typeProperties.compressionLevel");
    row("codec",
        text,
        place + R"(,"compressionCodec":"rar"})",
        csv,
        "dataset/Out.json: typeProperties.compressionCodec");
    row("encoding",
        text,
        place + R"(,"encodingName":"klingon"})",
        csv,
        "dataset/Out.json: typeProperties/encodingName");
    row("encoding of JSON",
        R"({"type":"JsonSink"})",
        place + R"(,"encodingName":"klingon"})",
        u"Json"_qs,
        "dataset/Out.json: typeProperties.encodingName");
}

void TestFileSinkPlan::refusalNamesTheProperty()
{
    QFETCH(QByteArray, sink);
    QFETCH(QByteArray, properties);
    QFETCH(QString, type);
    QFETCH(QString, where);
    const auto plan = planned(sink, dataset(properties, type));
    QVERIFY(!plan);
    QCOMPARE(plan.error().where, where);
    QVERIFY(!plan.error().message.isEmpty());
}

#include "TestFileSinkPlan.moc"
