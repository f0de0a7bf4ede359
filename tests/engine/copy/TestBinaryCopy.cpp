#include "engine/copy/BinaryPlan.h"
#include "engine/copy/CopyJob.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QDirIterator>
#include <QProcess>

using namespace engine;

// Files copied as they are, from one folder into another.
class TestBinaryCopy : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void hierarchyIsPreserved();
    void filesAreChosen_data();
    void filesAreChosen();
    void hierarchyIsFlattened();
    void filesAreMerged();
    void oneFileGetsTheNameOfTheSink();
    void compressionIsTakenOff_data();
    void compressionIsTakenOff();
    void compressionIsPutOn();
    void archiveIsUnpacked_data();
    void archiveIsUnpacked();
    void archiveThatLeadsOutIsRefused();
    void nothingIsThereWhenItFails();
    void aFileThatChangesFailsTheCopy();
    void filesThatAreGoneAreLeftOut();
    void filesAreReadAgain();
    void sourceIsDeletedAfterwards();
    void aLoadIsNotDoneTwice();
    void itIsCancelled();
    void planRefusesWhatCannotBe_data();
    void planRefusesWhatCannotBe();

private:
    struct Settings
    {
        QByteArray source = "{}"; // storeSettings
        QByteArray sink = "{}";
        QByteArray sourceDataset = R"({"location":{"folderPath":"in"}})";
        QByteArray sinkDataset = R"({"location":{"folderPath":"out"}})";
        QByteArray activity = "{}";
        QByteArray format = "{}"; // formatSettings of the source
    };
    Result<BinaryCopy> planned(const Settings &settings) const;
    CopyPlan plan(const Settings &settings) const;
    CopyOutcome copied(const Settings &settings) const { return tests::copyNow(plan(settings)); }
    void write(const char *path, const QByteArray &bytes) const;
    QByteArray read(const QString &path) const;
    QStringList files(const char *folder) const; // below it, hidden ones too, but no ledger

    std::unique_ptr<QTemporaryDir> m_folder;
};

SLIPWAY_TEST(TestBinaryCopy)

namespace {

Json json(const QByteArray &text)
{
    const auto parsed = parseJson(text, QStringLiteral("test"));
    if (!parsed)
        qFatal("%s: %s", text.constData(), qPrintable(parsed.error().message));
    return *parsed;
}

void runTool(const QString &program, const QStringList &arguments, const QString &folder)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    if (!process.waitForFinished() || process.exitCode() != 0)
        qFatal("%s: %s", qPrintable(program), process.readAllStandardError().constData());
}

} // namespace

void TestBinaryCopy::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QByteArray large;
    for (int i = 0; i < 300'000; ++i)
        large += QByteArray::number(i) + ',';
    write("in/a.bin", QByteArray("\0\xff\r\nx", 5));
    write("in/deep/b.csv", large); // more than one piece
    write("in/deep/empty", {});
    write("in/.hidden", "h");
    write("in/_SUCCESS", "");
    write("in/.slipway-loads/note.json", "ours");
}

Result<BinaryCopy> TestBinaryCopy::planned(const Settings &settings) const
{
    Dataset source;
    source.name = QStringLiteral("In");
    source.file = QStringLiteral("dataset/In.json");
    source.type = QStringLiteral("Binary");
    source.typeProperties = json(settings.sourceDataset);
    Dataset sink = source;
    sink.name = QStringLiteral("Out");
    sink.file = QStringLiteral("dataset/Out.json");
    sink.typeProperties = json(settings.sinkDataset);
    const Binding binding = FolderBinding{QStringLiteral(".")};
    const Json from = {
        {"type", "BinarySource"}, {"storeSettings", json(settings.source)}, {"formatSettings", json(settings.format)}};
    const Json to = {{"type", "BinarySink"}, {"storeSettings", json(settings.sink)}};
    return planBinaryCopy({from, QStringLiteral("source"), source, binding},
                          {to, QStringLiteral("sink"), sink, binding},
                          json(settings.activity),
                          m_folder->path());
}

CopyPlan TestBinaryCopy::plan(const Settings &settings) const
{
    const auto made = planned(settings);
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    CopyPlan plan;
    plan.source = made->source;
    plan.sink = made->sink;
    plan.additional.storeRoot = made->source.files.root;
    plan.validateConsistency = made->sink.validates;
    return plan;
}

void TestBinaryCopy::write(const char *path, const QByteArray &bytes) const
{
    const QString absolute = m_folder->filePath(QString::fromLatin1(path));
    QDir().mkpath(QFileInfo(absolute).path());
    QFile file(absolute);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("%s cannot be written", path);
}

QByteArray TestBinaryCopy::read(const QString &path) const
{
    QFile file(m_folder->filePath(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not there");
}

QStringList TestBinaryCopy::files(const char *folder) const
{
    const QDir root(m_folder->filePath(QString::fromLatin1(folder)));
    QStringList found;
    QDirIterator each(root.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QString path = root.relativeFilePath(each.next());
        if (!path.startsWith(u".slipway-loads/"))
            found += path;
    }
    found.sort();
    return found;
}

void TestBinaryCopy::hierarchyIsPreserved()
{
    write("out/a.bin", "old");
    write("out/stays", "stays");
    const CopyOutcome outcome = copied({});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(files("out"),
             (QStringList{QStringLiteral(".hidden"),
                          QStringLiteral("_SUCCESS"),
                          QStringLiteral("a.bin"),
                          QStringLiteral("deep/b.csv"),
                          QStringLiteral("deep/empty"),
                          QStringLiteral("stays")}));
    for (const char *name : {".hidden", "_SUCCESS", "a.bin", "deep/b.csv", "deep/empty"})
        QCOMPARE(read(QStringLiteral("out/") + QString::fromLatin1(name)),
                 read(QStringLiteral("in/") + QString::fromLatin1(name)));
    QCOMPARE(intAt(outcome.output, "filesRead"), 5);
    QCOMPARE(intAt(outcome.output, "filesWritten"), 5);
    QCOMPARE(intAt(outcome.output, "dataRead"), intAt(outcome.output, "dataWritten"));
    QCOMPARE(intAt(outcome.output, "dataRead"), 5 + 1 + read(QStringLiteral("in/deep/b.csv")).size());
    QVERIFY(memberAt(outcome.output, "rowsRead").is_null()); // there are no rows
}

void TestBinaryCopy::filesAreChosen_data()
{
    QTest::addColumn<QByteArray>("store");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("not recursive") << QByteArray(R"({"recursive":false})")
                                   << QStringList{QStringLiteral(".hidden"),
                                                  QStringLiteral("_SUCCESS"),
                                                  QStringLiteral("a.bin")};
    QTest::newRow("wildcard") << QByteArray(R"({"wildcardFileName":"*.csv"})")
                              << QStringList{QStringLiteral("deep/b.csv")};
    QTest::newRow("folders by wildcard") << QByteArray(R"({"wildcardFolderPath":"in/d*","wildcardFileName":"*"})")
                                         << QStringList{QStringLiteral("deep/b.csv"), QStringLiteral("deep/empty")};
    QTest::newRow("list") << QByteArray(R"({"fileListPath":"list.txt"})") << QStringList{QStringLiteral("a.bin")};
    QTest::newRow("too early") << QByteArray(R"({"modifiedDatetimeEnd":"2001-01-01T00:00:00Z"})") << QStringList{};
}

void TestBinaryCopy::filesAreChosen()
{
    QFETCH(QByteArray, store);
    QFETCH(QStringList, expected);
    write("list.txt", "a.bin\n");
    const CopyOutcome outcome = copied({.source = store});
    QCOMPARE(outcome.status == CopyOutcome::Status::Succeeded, !expected.isEmpty());
    QCOMPARE(files("out"), expected);
}

void TestBinaryCopy::hierarchyIsFlattened()
{
    const CopyOutcome outcome = copied({.sink = R"({"copyBehavior":"FlattenHierarchy"})"});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    const QStringList found = files("out");
    QCOMPARE(found.size(), 5);
    QCOMPARE(found.filter(QStringLiteral("/")).size(), 0);
    QCOMPARE(found.filter(QRegularExpression(QStringLiteral("^data_[0-9a-f-]{36}\\.csv$"))).size(), 1);
}

void TestBinaryCopy::filesAreMerged()
{
    write("in/c.bin", "tail");
    const CopyOutcome outcome = copied({.source = R"({"wildcardFileName":"*.bin"})",
                                        .sink = R"({"copyBehavior":"MergeFiles"})",
                                        .sinkDataset = R"({"location":{"folderPath":"out","fileName":"all.bin"}})"});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(files("out"), QStringList{QStringLiteral("all.bin")});
    QCOMPARE(read(QStringLiteral("out/all.bin")), QByteArray("\0\xff\r\nxtail", 9));
    QCOMPARE(intAt(outcome.output, "filesRead"), 2);
    QCOMPARE(intAt(outcome.output, "filesWritten"), 1);
}

void TestBinaryCopy::oneFileGetsTheNameOfTheSink()
{
    const CopyOutcome outcome = copied({.sourceDataset = R"({"location":{"folderPath":"in","fileName":"a.bin"}})",
                                        .sinkDataset = R"({"location":{"folderPath":"out","fileName":"renamed"}})"});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(files("out"), QStringList{QStringLiteral("renamed")});
}

void TestBinaryCopy::compressionIsTakenOff_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QByteArray>("compression");
    QTest::newRow("gzip") << QStringLiteral("gzip") << QByteArray(R"({"type":"GZip","level":"Optimal"})");
    QTest::newRow("bzip2") << QStringLiteral("bzip2") << QByteArray(R"({"type":"BZip2"})");
}

void TestBinaryCopy::compressionIsTakenOff()
{
    QFETCH(QString, program);
    QFETCH(QByteArray, compression);
    const QByteArray bytes = read(QStringLiteral("in/deep/b.csv"));
    runTool(program, {QStringLiteral("b.csv")}, m_folder->filePath(QStringLiteral("in/deep")));
    const CopyOutcome outcome =
        copied({.source = R"({"wildcardFileName":"b.*"})",
                .sourceDataset = R"({"location":{"folderPath":"in/deep"},"compression":)" + compression + '}'});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(files("out"), QStringList{QStringLiteral("b.csv")});
    QCOMPARE(read(QStringLiteral("out/b.csv")), bytes);
}

void TestBinaryCopy::compressionIsPutOn()
{
    const CopyOutcome outcome =
        copied({.source = R"({"wildcardFileName":"b.csv"})",
                .sinkDataset = R"({"location":{"folderPath":"out"},"compression":{"type":"GZip","level":"Fastest"}})",
                .activity = R"({"validateDataConsistency":true})"});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(files("out"), QStringList{QStringLiteral("deep/b.csv.gz")});
    runTool(QStringLiteral("gzip"),
            {QStringLiteral("-d"), QStringLiteral("b.csv.gz")},
            m_folder->filePath(QStringLiteral("out/deep")));
    QCOMPARE(read(QStringLiteral("out/deep/b.csv")), read(QStringLiteral("in/deep/b.csv")));
}

void TestBinaryCopy::archiveIsUnpacked_data()
{
    QTest::addColumn<QByteArray>("format");
    QTest::addColumn<QString>("folder");
    QTest::newRow("into a folder of its name") << QByteArray("{}") << QStringLiteral("all.tar.gz/");
    QTest::newRow("beside") << QByteArray(
        R"({"compressionProperties":{"type":"TarGZipReadSettings","preserveCompressionFileNameAsFolder":false}})")
                            << QString();
}

void TestBinaryCopy::archiveIsUnpacked()
{
    QFETCH(QByteArray, format);
    QFETCH(QString, folder);
    QDir().mkpath(m_folder->filePath(QStringLiteral("packed")));
    runTool(QStringLiteral("tar"),
            {QStringLiteral("czf"),
             QStringLiteral("../packed/all.tar.gz"),
             QStringLiteral("a.bin"),
             QStringLiteral(".hidden"),
             QStringLiteral("deep")},
            m_folder->filePath(QStringLiteral("in")));
    const CopyOutcome outcome =
        copied({.sourceDataset = R"({"location":{"folderPath":"packed"},"compression":{"type":"TarGzip"}})",
                .format = format});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QStringList expected{folder + QStringLiteral(".hidden"),
                         folder + QStringLiteral("a.bin"),
                         folder + QStringLiteral("deep/b.csv"),
                         folder + QStringLiteral("deep/empty")};
    expected.sort();
    QCOMPARE(files("out"), expected);
    QCOMPARE(read(QStringLiteral("out/") + folder + QStringLiteral("deep/b.csv")),
             read(QStringLiteral("in/deep/b.csv")));
}

void TestBinaryCopy::archiveThatLeadsOutIsRefused()
{
    QDir().mkpath(m_folder->filePath(QStringLiteral("packed")));
    for (const QStringList &members :
         {QStringList{QStringLiteral("-P"), QStringLiteral("../in/a.bin")}, QStringList{QStringLiteral("link")}}) {
        QFile::remove(m_folder->filePath(QStringLiteral("packed/all.tar")));
        QFile::link(QStringLiteral("/etc/passwd"), m_folder->filePath(QStringLiteral("in/link")));
        runTool(QStringLiteral("tar"),
                QStringList{QStringLiteral("cf"), QStringLiteral("../packed/all.tar")} + members,
                m_folder->filePath(QStringLiteral("in")));
        const CopyOutcome outcome =
            copied({.sourceDataset = R"({"location":{"folderPath":"packed"},"compression":{"type":"Tar"}})"});
        QVERIFY(outcome.status == CopyOutcome::Status::Failed);
        QVERIFY2(outcome.error.message.contains(u"all.tar"), qPrintable(outcome.error.message));
        QCOMPARE(files("out"), QStringList());
    }
}

void TestBinaryCopy::nothingIsThereWhenItFails()
{
    write("out/a.bin", "old");
    write("in/z.gz", "no gzip");
    const QString bytes = m_folder->filePath(QStringLiteral("in/y"));
    QFile::copy(m_folder->filePath(QStringLiteral("in/deep/b.csv")), bytes);
    runTool(QStringLiteral("gzip"), {QStringLiteral("y")}, m_folder->filePath(QStringLiteral("in")));
    const CopyOutcome outcome =
        copied({.source = R"({"wildcardFileName":"?.gz"})",
                .sourceDataset = R"({"location":{"folderPath":"in"},"compression":{"type":"GZip"}})"});
    QVERIFY(outcome.status == CopyOutcome::Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"z.gz"), qPrintable(outcome.error.message));
    QCOMPARE(files("out"), QStringList{QStringLiteral("a.bin")});
    QCOMPARE(read(QStringLiteral("out/a.bin")), QByteArray("old"));
}

void TestBinaryCopy::aFileThatChangesFailsTheCopy()
{
    CopyHooks hooks;
    bool isChanged = false;
    hooks.progress = [&](const CopyProgress &progress) {
        if (progress.phase == CopyPhase::Transferring && !std::exchange(isChanged, true))
            write("in/deep/empty", "not empty any more");
    };
    const CopyOutcome outcome = tests::copyNow(plan({}), tests::CopyFixture::identity(), hooks);
    QVERIFY(isChanged);
    if (outcome.status == CopyOutcome::Status::Succeeded) // all was read before the first report
        QCOMPARE(read(QStringLiteral("out/deep/empty")), QByteArray());
    else
        QCOMPARE(files("out"), QStringList());
}

void TestBinaryCopy::filesThatAreGoneAreLeftOut()
{
    write("list.txt", "a.bin\ngone.bin\n");
    const QByteArray list = R"({"fileListPath":"list.txt"})";
    const CopyOutcome refused = copied({.source = list});
    QVERIFY(refused.status == CopyOutcome::Status::Failed);
    const CopyOutcome outcome = copied({.source = list, .activity = R"({"skipErrorFile":{"fileMissing":true}})"});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(files("out"), QStringList{QStringLiteral("a.bin")});
}

void TestBinaryCopy::filesAreReadAgain()
{
    const CopyOutcome outcome = copied({.activity = R"({"validateDataConsistency":true})"});
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(stringAt(memberAt(outcome.output, "dataConsistencyVerification"), "VerificationResult"),
             QStringLiteral("Verified"));
    QCOMPARE(files("out").size(), 5);
}

void TestBinaryCopy::sourceIsDeletedAfterwards()
{
    CopyPlan made = plan({.source = R"({"wildcardFileName":"*.csv"})"});
    made.deleteSourceFiles = true;
    const CopyOutcome outcome = tests::copyNow(made);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QVERIFY(!files("in").contains(QStringLiteral("deep/b.csv")));
    QVERIFY(files("in").contains(QStringLiteral("deep/empty")));
}

void TestBinaryCopy::aLoadIsNotDoneTwice()
{
    const LoadIdentity identity = tests::CopyFixture::identity();
    QVERIFY(tests::copyNow(plan({}), identity).status == CopyOutcome::Status::Succeeded);
    QFile::remove(m_folder->filePath(QStringLiteral("out/a.bin")));
    const CopyOutcome again = tests::copyNow(plan({}), identity);
    QVERIFY(again.status == CopyOutcome::Status::Succeeded);
    QVERIFY(boolAt(memberAt(again.output, "slipway"), "alreadyLoaded"));
    QVERIFY(!files("out").contains(QStringLiteral("a.bin")));
}

void TestBinaryCopy::itIsCancelled()
{
    const CancelToken cancel;
    CopyHooks hooks;
    hooks.beforeCommit = [&cancel](const CommitIntent &) {
        cancel.cancel();
        return Result<>(Error{ErrorCode::Cancelled, {}, {}});
    };
    const CopyOutcome outcome = tests::copyNow(plan({}), tests::CopyFixture::identity(), hooks, cancel);
    QVERIFY2(outcome.status == CopyOutcome::Status::Cancelled, tests::described(outcome).constData());
    QCOMPARE(files("out"), QStringList());
}

void TestBinaryCopy::planRefusesWhatCannotBe_data()
{
    QTest::addColumn<QByteArray>("sink");
    QTest::addColumn<QByteArray>("sinkDataset");
    QTest::addColumn<QString>("where");
    const QByteArray folder = R"({"location":{"folderPath":"out"}})";
    QTest::newRow("several into one") << QByteArray("{}")
                                      << QByteArray(R"({"location":{"folderPath":"out","fileName":"x"}})")
                                      << QStringLiteral("dataset/Out.json: typeProperties.location.fileName");
    QTest::newRow("behavior") << QByteArray(R"({"copyBehavior":"Twist"})") << folder
                              << QStringLiteral("sink.storeSettings.copyBehavior");
    QTest::newRow("compression") << QByteArray("{}")
                                 << QByteArray(R"({"location":{"folderPath":"out"},"compression":{"type":"rar"}})")
                                 << QStringLiteral("dataset/Out.json: typeProperties.compression");
    QTest::newRow("out of the store") << QByteArray("{}") << QByteArray(R"({"location":{"folderPath":"../out"}})")
                                      << QStringLiteral("dataset/Out.json: typeProperties.location.folderPath");
}

void TestBinaryCopy::planRefusesWhatCannotBe()
{
    QFETCH(QByteArray, sink);
    QFETCH(QByteArray, sinkDataset);
    const auto made = planned({.sink = sink, .sinkDataset = sinkDataset});
    QVERIFY(!made);
    QTEST(made.error().where, "where");
}

#include "TestBinaryCopy.moc"
