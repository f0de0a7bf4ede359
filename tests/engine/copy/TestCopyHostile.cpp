#include "engine/copy/rejects/RejectWriter.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/OrdinaryUser.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>

#include <csignal>

#include <sys/resource.h>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

namespace {

// No file of this process grows beyond so many bytes while it lives: a full disk.
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes) : m_handler(std::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit small = m_before;
        small.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    FullDisk(const FullDisk &) = delete;
    FullDisk &operator=(const FullDisk &) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int);
};

QByteArray packed(const QByteArray &bytes)
{
    QProcess gzip;
    gzip.start(QStringLiteral("gzip"), {QStringLiteral("-c")});
    gzip.waitForStarted();
    gzip.write(bytes);
    gzip.closeWriteChannel();
    gzip.waitForFinished(-1);
    return gzip.readAllStandardOutput();
}

} // namespace

// What is wrong with files, names and disks is refused or contained: with the place, the sink as before, and no file
// left behind.
class TestCopyHostile : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<CopyFixture>(); }
    void acidSetIsReadAsItIs_data();
    void acidSetIsReadAsItIs();
    void badFileIsRefusedByItsName_data();
    void badFileIsRefusedByItsName();
    void oddTextIsContained_data();
    void oddTextIsContained();
    void aMillionColumnsAreNoTable_data();
    void aMillionColumnsAreNoTable();
    void manyColumnsAreMatchedQuickly();
    void aFieldOfAHundredMegabytesIsContained();
    void namesAreNames_data();
    void namesAreNames();
    void fullDiskLeavesTheOldFile_data();
    void fullDiskLeavesTheOldFile();
    void fullDiskLeavesTheOldRows();
    void fullDiskForRowsLeftOutFailsTheCopy();
    void folderThatMayNotBeWrittenIsNamed();

private:
    QStringList found(const char *folder) const
    {
        return QDir(m_fixture->path(folder))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }
    FileTarget target(const char *name) const
    {
        FileTarget target;
        target.root = m_fixture->path("store");
        target.fileName = QString::fromLatin1(name);
        QDir().mkpath(target.root);
        return target;
    }
    static CopySink sinkOf(const QString &form, const FileTarget &target)
    {
        if (form == u"JSON")
            return JsonFileSink{target, {}};
        if (form == u"Parquet")
            return ParquetFileSink{target, DuckFeed::Codec::None};
        DelimitedTextFileSink sink;
        sink.target = target;
        sink.format.firstRowAsHeader = true;
        return sink;
    }
    // Text that nothing makes smaller.
    void writeNoise(const char *name, int rows) const
    {
        QByteArray text = "a,b\n";
        unsigned noise = 1;
        for (int i = 0; i < rows; ++i) {
            text += QByteArray::number(i) + ',';
            for (int k = 0; k < 8; ++k) {
                noise = noise * 1'664'525U + 1'013'904'223U;
                text += QByteArray::number(noise, 36);
            }
            text += '\n';
        }
        m_fixture->write(name, text);
    }

    const QString m_old = QStringLiteral("-1:old -2:older");
    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestCopyHostile)

void TestCopyHostile::acidSetIsReadAsItIs_data()
{
    QTest::addColumn<QString>("file");
    const QDir set(tests::sourceDir() + QStringLiteral("/tests/data/csv-spectrum"));
    const QStringList files = set.entryList({QStringLiteral("*.csv")}, QDir::Files, QDir::Name);
    QCOMPARE(files.size(), 11);
    for (const QString &file : files)
        QTest::newRow(qPrintable(file)) << set.filePath(file);
}

void TestCopyHostile::acidSetIsReadAsItIs()
{
    QFETCH(QString, file);
    CopyPlan made = m_fixture->plan("in.csv");
    std::get<CsvFileSource>(made.source).path = file;
    made.preCopyScript.clear();
    JsonFileSink sink;
    sink.target = target("out.json");
    sink.format.pattern = JsonTextFormat::Pattern::ArrayOfObjects;
    made.sink = sink;
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    const auto read = [](const QString &path) {
        QFile json(path);
        const auto parsed = json.open(QIODevice::ReadOnly) ? parseJson(json.readAll(), path)
                                                           : Result<Json>(Error{ErrorCode::Io, {}, {}});
        return parsed ? toCompact(*parsed) : parsed.error().message.toUtf8();
    };
    QString expected = file;
    expected.chop(3);
    QCOMPARE(read(m_fixture->path("store/out.json")), read(expected + QStringLiteral("json")));
}

void TestCopyHostile::badFileIsRefusedByItsName_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("form");
    m_fixture = std::make_unique<CopyFixture>();
    QByteArray rows = "a,b\n";
    for (int i = 0; i < 50'000; ++i)
        rows += QByteArray::number(i) + ",row " + QByteArray::number(i) + '\n';
    const QByteArray gzip = packed(rows);
    const QString text = QStringLiteral("packed text");
    const QString json = QStringLiteral("JSON");
    const QString parquet = QStringLiteral("Parquet");
    QTest::newRow("truncated gzip") << gzip.left(gzip.size() / 2) << text;
    QByteArray damaged = gzip;
    damaged[damaged.size() - 6] = char(~damaged.at(damaged.size() - 6)); // in the check sum
    QTest::newRow("gzip with another check sum") << damaged << text;
    QTest::newRow("no gzip") << rows << text;
    QTest::newRow("bomb") << packed("a,b\n" + QByteArray(40'000'000, '\n')) << text;
    QTest::newRow("open quote") << rows + "\"never closed,1\n" << QStringLiteral("text");
    QTest::newRow("JSON that ends early") << QByteArray(R"([{"a":1,"b":"x"},{"a":2,)") << json;
    QTest::newRow("JSON of depth 10,000")
        << QByteArray(R"([{"a":1,"b":)") + QByteArray(10'000, '[') + QByteArray(10'000, ']') + "}]" << json;
    QTest::newRow("no JSON") << rows << json;
    QTest::newRow("no Parquet") << rows << parquet;
    QTest::newRow("empty Parquet") << QByteArray() << parquet;
    QTest::newRow("Parquet by its ends only") << QByteArray("PAR1") + QByteArray(400, 'x') + "PAR1" << parquet;
}

void TestCopyHostile::badFileIsRefusedByItsName()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, form);
    m_fixture->write("hostile.bin", content);
    CopyPlan made = m_fixture->plan("hostile.bin");
    if (form == u"JSON")
        made.source = JsonFileSource{m_fixture->path("hostile.bin"), QStringLiteral("data/hostile.bin")};
    else if (form == u"Parquet")
        made.source = ParquetFileSource{m_fixture->path("hostile.bin"), QStringLiteral("data/hostile.bin")};
    else if (form == u"packed text")
        std::get<CsvFileSource>(made.source).format.compression = FileCompression::Gzip;
    for (const bool skips : {false, true}) { // no row can be left out where nobody knows what one is
        made.skip.isOn = skips;
        const CopyOutcome outcome = copyNow(made);
        QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
        QVERIFY2(outcome.error.message.contains(u"hostile.bin"), qPrintable(outcome.error.message));
        QVERIFY(!outcome.transient);
        QCOMPARE(m_fixture->rows(), m_old);
    }
    made.skip.isOn = false;
    made.preCopyScript.clear();
    made.sink = sinkOf(QStringLiteral("text"), target("out.csv"));
    QVERIFY(copyNow(made).status == Status::Failed);
    QCOMPARE(found("store"), QStringList());
}

void TestCopyHostile::oddTextIsContained_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("encoding");
    QTest::addColumn<QString>("loaded"); // empty = refused
    const QString utf8 = QStringLiteral("UTF-8");
    QTest::newRow("lone quotes") << QByteArray("a,b\n1,x\"y\n2,\"\"\"\"\n") << utf8 << QStringLiteral("1:x\"y 2:\"");
    QTest::newRow("text behind a quote") << QByteArray("a,b\n1,\"x\"y\n") << utf8 << QString();
    QTest::newRow("NUL bytes") << QByteArray("a,b\n1,x\0y\n", 11) << utf8 << QString(); // SQLite would cut it
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                   "a,b\n1,x\n")
                                     << utf8 << QStringLiteral("1:x");
    QTest::newRow("mark of UTF-16 wins") << QByteArray("\xFF\xFE"
                                                       "a\0,\0b\0\n\0"
                                                       "1\0,\0x\0\n\0",
                                                       18)
                                         << utf8 << QStringLiteral("1:x");
    QTest::newRow("not UTF-8") << QByteArray("a,b\n1,M\xFCnchen\n") << utf8 << QString();
    QTest::newRow("half of a UTF-16") << QByteArray("a\0,\0b\0\n\0"
                                                    "1\0,\0x\0\n",
                                                    15)
                                      << QStringLiteral("UTF-16LE") << QString();
    QTest::newRow("too many fields") << QByteArray("a,b\n1,x\n2,y,z\n") << utf8 << QString();
    QTest::newRow("too few fields") << QByteArray("a,b\n1,x\n2\n") << utf8 << QString();
}

void TestCopyHostile::oddTextIsContained()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, encoding);
    QFETCH(QString, loaded);
    m_fixture->write("odd.csv", content);
    CopyPlan made = m_fixture->plan("odd.csv");
    std::get<CsvFileSource>(made.source).format.encoding = encoding;
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2((outcome.status == Status::Failed) == loaded.isEmpty(), described(outcome).constData());
    if (loaded.isEmpty()) {
        QVERIFY2(QString(outcome.error.message + stringAt(outcome.error.details, "file")).contains(u"odd.csv"),
                 described(outcome).constData());
        QCOMPARE(m_fixture->rows(), m_old);
    } else {
        QCOMPARE(m_fixture->rows(), loaded);
    }
}

void TestCopyHostile::aMillionColumnsAreNoTable_data()
{
    QTest::addColumn<bool>("isJson");
    QTest::newRow("text") << false;
    QTest::newRow("JSON") << true;
}

void TestCopyHostile::aMillionColumnsAreNoTable()
{
    QFETCH(bool, isJson);
    QByteArray wide = isJson ? "[{" : "";
    for (int i = 0; i < 1'000'000; ++i) {
        const QByteArray name = 'c' + QByteArray::number(i);
        wide += (i > 0 ? "," : "") + (isJson ? '"' + name + "\":1" : name);
    }
    m_fixture->write("wide", wide + (isJson ? "}]" : "\n1\n"));
    CopyPlan made = m_fixture->plan("wide");
    if (isJson)
        made.source = JsonFileSource{m_fixture->path("wide"), QStringLiteral("data/wide")};
    QElapsedTimer watch;
    watch.start();
    const CopyOutcome outcome = copyNow(made);
    QVERIFY(outcome.status == Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"data/wide") && outcome.error.message.contains(u"20000"),
             qPrintable(outcome.error.message));
    QVERIFY2(watch.elapsed() < 20'000, qPrintable(QString::number(watch.elapsed())));
    QCOMPARE(m_fixture->rows(), m_old);
}

void TestCopyHostile::manyColumnsAreMatchedQuickly()
{
    QByteArray header;
    QByteArray row;
    for (int i = 0; i < 10'000; ++i) {
        header += (i > 0 ? ",c" : "c") + QByteArray::number(i);
        row += (i > 0 ? "," : "") + QByteArray::number(i);
    }
    m_fixture->write("in.csv", header + "\n" + row + "\n");
    CopyPlan made = m_fixture->plan("in.csv");
    made.preCopyScript.clear();
    made.sink = sinkOf(QStringLiteral("text"), target("out.csv"));
    QElapsedTimer watch;
    watch.start();
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QVERIFY2(watch.elapsed() < 10'000, qPrintable(QString::number(watch.elapsed())));
}

void TestCopyHostile::aFieldOfAHundredMegabytesIsContained()
{
    m_fixture->write("in.csv", "a,b\n1,x\n2," + QByteArray(100'000'000, 'y') + "\n3,z\n");
    const CopyOutcome outcome = copyNow(m_fixture->plan("in.csv"));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(m_fixture->text("SELECT group_concat(a || ':' || length(b), ' ') FROM t"),
             QStringLiteral("1:1 2:100000000 3:1"));
    m_fixture->write("in.csv", "a,b\n1,x\n2," + QByteArray(200'000'000, 'y') + "\n3,z\n");
    const CopyOutcome refused = copyNow(m_fixture->plan("in.csv"));
    QVERIFY(refused.status == Status::Failed);
    QVERIFY2(refused.error.message.contains(u"in.csv") && refused.error.message.contains(u"line 3"),
             qPrintable(refused.error.message));
    QCOMPARE(m_fixture->text("SELECT count(*) FROM t"), QStringLiteral("3"));
}

void TestCopyHostile::namesAreNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("quotes") << QStringLiteral("a\"; DROP TABLE safe; --");
    QTest::newRow("apostrophe") << QStringLiteral("a'); DROP TABLE safe; --");
    QTest::newRow("brackets") << QStringLiteral("[a]] x]");
    QTest::newRow("line break") << QStringLiteral("a\nb");
    QTest::newRow("parameter") << QStringLiteral("$1 ? :a @b %s");
    QTest::newRow("keyword") << QStringLiteral("select");
    QTest::newRow("letters") << QStringLiteral("größe 表 🚲");
    QTest::newRow("blank") << QStringLiteral(" ");
}

void TestCopyHostile::namesAreNames()
{
    QFETCH(QString, name);
    static tests::PostgresServer server;
    if (server.port() == 0)
        QVERIFY2(server.start(), qPrintable(server.error()));
    QCOMPARE(server.sql(QStringLiteral("SET client_min_messages = error; DROP SCHEMA IF EXISTS dbo CASCADE; CREATE "
                                       "SCHEMA dbo; CREATE TABLE dbo.safe(a int)")),
             QString());
    m_fixture->execute("CREATE TABLE safe(a INTEGER)");
    QString quoted = name;
    quoted.replace(u'"', QStringLiteral("\"\""));
    m_fixture->write("in.csv", "a,\"" + quoted.toUtf8() + "\"\n1,x\n2,y\n");
    CopyPlan made = m_fixture->plan("in.csv");
    made.preCopyScript.clear();
    LoadOptions options;
    options.makesTable = true;
    const QList<CopySink> sinks{
        SqliteTableSink{m_fixture->path("sink.db"), {}, name, std::chrono::milliseconds(500), options},
        PostgresTableSink{server.connection(), QStringLiteral("dbo"), name, options}};
    for (const CopySink &sink : sinks) {
        for (int times = 0; times < 2; ++times) { // makes the table, then finds it
            made.sink = sink;
            const CopyOutcome outcome = copyNow(made);
            QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
        }
    }
    const QString sum = QStringLiteral("SELECT count(*) || '|' || min(%1) FROM %2")
                            .arg(u'"' + quoted + u'"', QStringLiteral("%1") + u'"' + quoted + u'"');
    QCOMPARE(m_fixture->text(sum.arg(QString()).toUtf8()), QStringLiteral("4|x"));
    QCOMPARE(server.sql(sum.arg(QStringLiteral("dbo."))), QStringLiteral("4|x"));
    QCOMPARE(m_fixture->text("SELECT count(*) FROM safe"), QStringLiteral("0"));
    QCOMPARE(server.sql(QStringLiteral("SELECT count(*) FROM dbo.safe")), QStringLiteral("0"));
}

void TestCopyHostile::fullDiskLeavesTheOldFile_data()
{
    QTest::addColumn<QString>("form");
    for (const char *form : {"text", "JSON", "Parquet"})
        QTest::newRow(form) << QString::fromLatin1(form);
}

void TestCopyHostile::fullDiskLeavesTheOldFile()
{
    QFETCH(QString, form);
    writeNoise("in.csv", 20'000);
    CopyPlan made = m_fixture->plan("in.csv");
    made.preCopyScript.clear();
    made.sink = sinkOf(form, target("out"));
    m_fixture->write("store/out", "old");
    const CopyOutcome outcome = [&made] {
        const FullDisk disk(rlim_t(256) * 1024);
        return copyNow(made);
    }();
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    QCOMPARE(outcome.error.errorCode, QStringLiteral("SinkFull"));
    QVERIFY2(outcome.error.message.contains(m_fixture->path("store")), qPrintable(outcome.error.message));
    QCOMPARE(found("store"), QStringList{QStringLiteral("out")});
    QFile out(m_fixture->path("store/out"));
    QVERIFY(out.open(QIODevice::ReadOnly));
    QCOMPARE(out.readAll(), QByteArray("old"));
}

void TestCopyHostile::fullDiskLeavesTheOldRows()
{
    writeNoise("in.csv", 100'000);
    const CopyOutcome outcome = [this] {
        const FullDisk disk(rlim_t(512) * 1024);
        return copyNow(m_fixture->plan("in.csv"));
    }();
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    QCOMPARE(outcome.error.errorCode, QStringLiteral("SinkFull"));
    QVERIFY2(outcome.error.message.contains(u"sink.db"), qPrintable(outcome.error.message));
    QCOMPARE(m_fixture->rows(), m_old);
    QCOMPARE(m_fixture->text("PRAGMA integrity_check"), QStringLiteral("ok"));
}

// Rows that nobody could see again are no rows left out.
void TestCopyHostile::fullDiskForRowsLeftOutFailsTheCopy()
{
    QByteArray text = "a,b\n1,x\n";
    for (int i = 0; i < 20'000; ++i)
        text += "bad,row that is left out " + QByteArray::number(i) + '\n';
    m_fixture->write("in.csv", text);
    CopyPlan made = m_fixture->plan("in.csv");
    made.skip.isOn = true;
    CopyHooks hooks;
    hooks.rejects = std::make_shared<RejectWriter>(RejectWriter::Options{.file = m_fixture->path("kept/rejects.db")});
    const CopyOutcome outcome = [&] {
        const FullDisk disk(rlim_t(256) * 1024);
        return copyNow(made, CopyFixture::identity(), hooks);
    }();
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    QVERIFY2(outcome.error.message.contains(u"rejected rows cannot be kept"), qPrintable(outcome.error.message));
    QCOMPARE(m_fixture->rows(), m_old);
    hooks.rejects.reset();
    QCOMPARE(found("kept"), QStringList());
}

void TestCopyHostile::folderThatMayNotBeWrittenIsNamed()
{
    m_fixture->writeRows("in.csv", 3);
    CopyPlan made = m_fixture->plan("in.csv");
    made.preCopyScript.clear();
    made.sink = sinkOf(QStringLiteral("text"), target("out.csv"));
    const auto everybody = QFile::ReadOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther;
    QVERIFY(QFile::setPermissions(m_fixture->path("."), everybody | QFile::WriteOwner));
    QVERIFY(QFile::setPermissions(m_fixture->path("in.csv"), everybody));
    QVERIFY(QFile::setPermissions(m_fixture->path("store"), everybody));
    const tests::OrdinaryUser user;
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    QVERIFY2(outcome.error.message.contains(m_fixture->path("store"))
                 && outcome.error.message.contains(u"Permission", Qt::CaseInsensitive),
             qPrintable(outcome.error.message));
    QCOMPARE(found("store"), QStringList());
}

#include "TestCopyHostile.moc"
