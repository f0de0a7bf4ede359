#include "engine/base/CrashPoint.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSet>

#include <atomic>
#include <thread>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

// Copies into files: whole or not at all, whoever reads and whoever dies.
class TestCopyFiles : public QObject
{
    Q_OBJECT

private slots:
    void copiesTextIntoText();
    void copiesATableIntoJson();
    void copiesPostgresIntoText();
    void reportsItsFiles();
    void copiesEachFileOfTheSource();
    void leavesOutWhatTheFormCannotHold();
    void refusesAPreCopyScript();
    void readerSeesWholeFilesOnly();
    void deadProcessLeavesOldOrNewFiles_data();
    void deadProcessLeavesOldOrNewFiles();
    void copiesAndMayDie(); // the child; does nothing when it is not asked to

private:
    static FileTarget target(const CopyFixture &fixture, const char *fileName)
    {
        FileTarget target;
        target.root = fixture.path("store");
        target.folder = QStringLiteral("out");
        target.fileName = QString::fromLatin1(fileName);
        target.extension = QStringLiteral(".csv");
        QDir().mkpath(target.root);
        return target;
    }
    static DelimitedTextFileSink text(const FileTarget &target)
    {
        DelimitedTextFileSink sink;
        sink.target = target;
        sink.format.firstRowAsHeader = true;
        sink.format.rowDelimiter = "\n";
        return sink;
    }
    static CopyPlan plan(const CopyFixture &fixture, const char *file, const CopySink &sink)
    {
        CopyPlan plan = fixture.plan(file);
        plan.sink = sink;
        plan.preCopyScript.clear();
        return plan;
    }
    static QByteArray content(const CopyFixture &fixture, const char *name)
    {
        QFile file(fixture.path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(nothing)");
    }
    // What is in the folder, hidden things too, but the notes of loads.
    static QStringList found(const CopyFixture &fixture)
    {
        QStringList names =
            QDir(fixture.path("store/out")).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        names.removeAll(QStringLiteral(".slipway-loads"));
        return names;
    }
};

SLIPWAY_TEST(TestCopyFiles)

namespace {

constexpr char jobVariable[] = "SLIPWAY_TEST_COPY_FILES"; // CSV file|root|rows per file|load id

CopyPlan crashPlan(const QString &csv, const QString &root, int rowsPerFile)
{
    CopyPlan plan;
    CsvFileSource source;
    source.path = csv;
    source.format.firstRowAsHeader = true;
    plan.source = source;
    DelimitedTextFileSink sink;
    sink.target.root = root;
    sink.target.folder = QStringLiteral("out");
    sink.target.fileName = rowsPerFile == 0 ? QStringLiteral("all.csv") : QString();
    sink.target.namePrefix = QStringLiteral("part");
    sink.target.extension = QStringLiteral(".csv");
    sink.target.maxRowsPerFile = rowsPerFile;
    plan.sink = sink;
    return plan;
}

} // namespace

void TestCopyFiles::copiesTextIntoText()
{
    const CopyFixture fixture;
    const QByteArray odd = "a,b\n1,\"x,\"\"y\"\"\"\n,\n2,\"\"\n\" \",\"\n\"\n";
    fixture.write("in.csv", odd);
    DelimitedTextFileSink sink = text(target(fixture, "out.csv"));
    sink.format.escape = '"';
    const CopyOutcome outcome = copyNow(plan(fixture, "in.csv", sink));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(content(fixture, "store/out/out.csv"), QByteArray("a,b\n1,\"x,\"\"y\"\"\"\n,\n2,\"\"\n ,\"\n\"\n"));
    // Once more, by way of UTF-16 in a tar: nothing is lost.
    sink.target.fileName = QStringLiteral("packed.tar.gz");
    sink.format.encoding = QStringLiteral("UTF-16");
    sink.format.compression = FileCompression::TarGzip;
    QVERIFY(copyNow(plan(fixture, "store/out/out.csv", sink)).status == Status::Succeeded);
    CopyPlan back = plan(fixture, "store/out/packed.tar.gz", text(target(fixture, "back.csv")));
    std::get<CsvFileSource>(back.source).format = sink.format;
    std::get<CsvFileSource>(back.source).format.firstRowAsHeader = true;
    std::get<DelimitedTextFileSink>(back.sink).format.escape = '"';
    const CopyOutcome again = copyNow(back);
    QVERIFY2(again.status == Status::Succeeded, described(again).constData());
    QCOMPARE(content(fixture, "store/out/back.csv"), content(fixture, "store/out/out.csv"));
}

void TestCopyFiles::copiesATableIntoJson()
{
    const CopyFixture fixture;
    fixture.execute(
        "CREATE TABLE odd(id INTEGER, price REAL, name TEXT, data BLOB); INSERT INTO odd VALUES "
        "(9223372036854775807, 0.1, 'a\"' || char(10) || 'é', x'00ff'), (NULL, NULL, NULL, NULL), (1, 2.0, '', x'')");
    CopyPlan made;
    made.source = SqliteQuerySource{fixture.path("sink.db"), {}, QStringLiteral("odd"), {}, {}};
    JsonFileSink sink;
    sink.target = target(fixture, "odd.json");
    made.sink = sink;
    ColumnMapping id;
    id.sourceName = QStringLiteral("id");
    id.sinkPath = QStringLiteral("$['key']['id']");
    ColumnMapping name = id;
    name.sourceName = QStringLiteral("name");
    name.sinkPath = QStringLiteral("$.key.name");
    ColumnMapping price = id;
    price.sourceName = price.sinkName = QStringLiteral("price");
    price.sinkPath.clear();
    ColumnMapping data = price;
    data.sourceName = data.sinkName = QStringLiteral("data");
    made.mappings = {id, price, name, data};
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(
        content(fixture, "store/out/odd.json"),
        QByteArray(
            "{\"key\":{\"id\":9223372036854775807,\"name\":\"a\\\"\\n\xC3\xA9\"},\"price\":0.1,\"data\":\"AP8=\"}\n"
            "{\"key\":{\"id\":null,\"name\":null},\"price\":null,\"data\":null}\n"
            "{\"key\":{\"id\":1,\"name\":\"\"},\"price\":2,\"data\":\"\"}\n"));
}

void TestCopyFiles::copiesPostgresIntoText()
{
    tests::PostgresServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const CopyFixture fixture;
    CopyPlan made;
    made.source = PostgresQuerySource{
        server.connection(),
        {},
        {},
        QStringLiteral(
            "SELECT 9223372036854775807 AS big, 12345678901234567890.12345678901234567 AS exact, 0.1::float8 AS real, "
            "true AS yes, '2024-01-31 12:34:56.123456'::timestamp AS at, '2024-01-31 12:34:56+02'::timestamptz AS "
            "zoned, "
            "'\\x00ff'::bytea AS raw, '00112233-4455-6677-8899-aabbccddeeff'::uuid AS id, E'a,\"b\"\\n' AS text, "
            "NULL::text "
            "AS nothing, '' AS empty"),
        {}};
    made.sink = text(target(fixture, "pg.csv"));
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(
        content(fixture, "store/out/pg.csv"),
        QByteArray("big,exact,real,yes,at,zoned,raw,id,text,nothing,empty\n"
                   "9223372036854775807,12345678901234567890.12345678901234567,0.1,true,2024-01-31T12:34:56.123456,"
                   "2024-01-31T10:34:56+00:00,AP8=,00112233-4455-6677-8899-aabbccddeeff,\"a,\\\"b\\\"\n\",,\"\"\n"));
}

void TestCopyFiles::reportsItsFiles()
{
    const CopyFixture fixture;
    fixture.writeRows("in.csv", 10);
    FileTarget divided = target(fixture, "");
    divided.maxRowsPerFile = 4;
    divided.namePrefix = QStringLiteral("part");
    const CopyOutcome outcome = copyNow(plan(fixture, "in.csv", text(divided)));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(intAt(outcome.output, "filesWritten"), 3);
    QCOMPARE(intAt(outcome.output, "rowsCopied"), 10);
    QCOMPARE(intAt(outcome.output, "dataWritten"),
             content(fixture, "store/out/part_00000.csv").size() + content(fixture, "store/out/part_00001.csv").size()
                 + content(fixture, "store/out/part_00002.csv").size());
    QVERIFY(outcome.output.contains("filesRead"));
    fixture.write("empty.csv", "a,b\n");
    const CopyOutcome empty = copyNow(plan(fixture, "empty.csv", text(target(fixture, "empty.csv"))));
    QVERIFY2(empty.status == Status::Succeeded, described(empty).constData());
    QCOMPARE(intAt(empty.output, "filesWritten"), 1);
    QCOMPARE(content(fixture, "store/out/empty.csv"), QByteArray("a,b\n"));
}

void TestCopyFiles::copiesEachFileOfTheSource()
{
    const CopyFixture fixture;
    QVERIFY(QDir().mkpath(fixture.path("store/in/2024")));
    fixture.write("store/in/a.csv", "a,b\n1,x\n");
    fixture.write("store/in/2024/b.csv", "a,b\n2,y\n3,z\n");
    FileTarget each = target(fixture, "");
    each.naming = FileTarget::Naming::AsSource;
    each.sourceFolder = QStringLiteral("in");
    CopyPlan made = plan(fixture, "store/in", text(each));
    auto &source = std::get<CsvFileSource>(made.source);
    source.files = FileSet{
        .root = fixture.path("store"), .path = QStringLiteral("in"), .choice = {.folder = QStringLiteral("in")}};
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(intAt(outcome.output, "filesWritten"), 2);
    QCOMPARE(content(fixture, "store/out/a.csv"), QByteArray("a,b\n1,x\n"));
    QCOMPARE(content(fixture, "store/out/2024/b.csv"), QByteArray("a,b\n2,y\n3,z\n"));
}

void TestCopyFiles::leavesOutWhatTheFormCannotHold()
{
    const CopyFixture fixture;
    fixture.write("in.csv", "a,b\n1,x\n2,\xE2\x82\xAC\n3,\xE4\xB8\xAD\n4,y\n");
    DelimitedTextFileSink sink = text(target(fixture, "out.csv"));
    sink.format.encoding = QStringLiteral("windows-1252");
    CopyPlan made = plan(fixture, "in.csv", sink);
    const CopyOutcome refused = copyNow(made);
    QVERIFY(refused.status == Status::Failed);
    QCOMPARE(refused.error.errorCode, QStringLiteral("UserErrorInvalidDataValue"));
    QCOMPARE(intAt(refused.error.details, "row"), 3);
    QCOMPARE(stringAt(refused.error.details, "column"), QStringLiteral("b"));
    QVERIFY(found(fixture).isEmpty());
    made.skip.isOn = true;
    const CopyOutcome skipped = copyNow(made);
    QVERIFY2(skipped.status == Status::Succeeded, described(skipped).constData());
    QCOMPARE(skipped.counts.rowsCopied, 3);
    QCOMPARE(skipped.counts.rowsSkipped, 1);
    QCOMPARE(content(fixture, "store/out/out.csv"), QByteArray("a,b\n1,x\n2,\x80\n4,y\n"));
}

void TestCopyFiles::refusesAPreCopyScript()
{
    const CopyFixture fixture;
    fixture.writeRows("in.csv", 1);
    CopyPlan made = plan(fixture, "in.csv", text(target(fixture, "out.csv")));
    made.preCopyScript = QStringLiteral("delete from t");
    const CopyOutcome outcome = copyNow(made);
    QVERIFY(outcome.status == Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorPreCopyScriptNotSupported"));
    QVERIFY(found(fixture).isEmpty());
}

// One who opens the file again and again sees all of one load.
void TestCopyFiles::readerSeesWholeFilesOnly()
{
    const CopyFixture fixture;
    constexpr int rows = 20000;
    const auto fill = [&fixture](int generation, const QByteArray &end = {}) {
        QByteArray all = "a,b\n";
        for (int i = 0; i < rows; ++i)
            all += QByteArray::number(i) + ',' + QByteArray::number(generation) + '\n';
        fixture.write("in.csv", all + end);
        return all;
    };
    QSet<QByteArray> whole{fill(0)};
    CopyPlan made = plan(fixture, "in.csv", text(target(fixture, "out.csv")));
    QVERIFY(copyNow(made).status == Status::Succeeded);
    std::atomic_bool isDone{false};
    QSet<QByteArray> seen;
    std::thread reader([&] {
        while (!isDone)
            seen.insert(content(fixture, "store/out/out.csv"));
    });
    QByteArray problem;
    for (int i = 1; i <= 12 && problem.isEmpty(); ++i) {
        const int kind = i % 3; // 0: a bad row at the end; 1: good; 2: cancelled
        const QByteArray all = fill(i, kind == 0 ? "1,2,3\n" : QByteArray());
        CancelToken cancel;
        CopyHooks hooks;
        hooks.progress = [&](const CopyProgress &progress) {
            if (kind == 2 && progress.phase == CopyPhase::Committing)
                cancel.cancel();
        };
        const CopyOutcome outcome = copyNow(made, CopyFixture::identity(), hooks, cancel);
        if ((outcome.status == Status::Succeeded) != (kind == 1))
            problem = described(outcome);
        if (outcome.status == Status::Succeeded)
            whole.insert(all);
    }
    isDone = true;
    reader.join();
    QVERIFY2(problem.isEmpty(), problem.constData());
    QVERIFY(seen.size() >= 2);
    for (const QByteArray &state : std::as_const(seen))
        QVERIFY2(whole.contains(state), state.left(100).constData());
    QCOMPARE(found(fixture), QStringList{QStringLiteral("out.csv")});
}

void TestCopyFiles::copiesAndMayDie()
{
    const QStringList job = qEnvironmentVariable(jobVariable).split(u'|');
    if (job.size() != 4)
        return;
    const LoadIdentity identity{LoadId(job.at(3)), RunId(QStringLiteral("R")), QStringLiteral("Copy"), 1};
    const CopyOutcome outcome = copyNow(crashPlan(job.at(0), job.at(1), job.at(2).toInt()), identity);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
}

void TestCopyFiles::deadProcessLeavesOldOrNewFiles_data()
{
    QTest::addColumn<int>("rowsPerFile");
    QTest::addColumn<QString>("place");
    QTest::addColumn<bool>("isLoaded");
    for (const int rowsPerFile : {0, 3000}) {
        const auto row = [rowsPerFile](std::string_view name, const char *passage, bool isLoaded) {
            const QString place = QString::fromUtf8(name.data(), qsizetype(name.size())) + QString::fromLatin1(passage);
            QTest::newRow(
                qPrintable((rowsPerFile == 0 ? QStringLiteral("one file, ") : QStringLiteral("several, ")) + place))
                << rowsPerFile << place << isLoaded;
        };
        row(CrashPoint::copyBegin, "", false);
        row(CrashPoint::copyScript, "", false);
        row(CrashPoint::copyLoad, "", false);
        row(CrashPoint::copyLoad, ":3", false);
        row(CrashPoint::copyBeforeCommit, "", false);
        row(CrashPoint::copyCommitSent, "", false);
        row(CrashPoint::copyFileRenamed, "", true);
        row(CrashPoint::copyAfterCommit, "", true);
        if (rowsPerFile > 0)
            row(CrashPoint::copyFileRenamed, ":3", true);
        row("copy.never", "", true);
    }
}

void TestCopyFiles::deadProcessLeavesOldOrNewFiles()
{
    QFETCH(int, rowsPerFile);
    QFETCH(QString, place);
    QFETCH(bool, isLoaded);
    const CopyFixture fixture;
    fixture.writeRows("in.csv", 10000);
    const QStringList names = rowsPerFile == 0 ? QStringList{QStringLiteral("all.csv")}
                                               : QStringList{QStringLiteral("part_00000.csv"),
                                                             QStringLiteral("part_00001.csv"),
                                                             QStringLiteral("part_00002.csv"),
                                                             QStringLiteral("part_00003.csv")};
    QVERIFY(QDir().mkpath(fixture.path("store/out")));
    fixture.write(qPrintable(u"store/out/"_qs + names.first()), "old");
    const auto rows = [&] {
        int count = 0;
        for (const QString &name : names)
            count += int(content(fixture, qPrintable(u"store/out/"_qs + name)).count("row "));
        return count;
    };
    const LoadId load = LoadId::create();
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QStringList job{fixture.path("in.csv"), fixture.path("store"), QString::number(rowsPerFile), load.text()};
    environment.insert(QString::fromLatin1(jobVariable), job.join(u'|'));
    environment.insert(QStringLiteral("SLIPWAY_CRASH_AT"), place);
    child.setProcessEnvironment(environment);
    child.setProcessChannelMode(QProcess::MergedChannels);
    child.start(QCoreApplication::applicationFilePath(),
                {QStringLiteral("--class"), QStringLiteral("TestCopyFiles"), QStringLiteral("copiesAndMayDie")});
    QVERIFY(child.waitForFinished());
    const bool mayLive = place == u"copy.never";
    QVERIFY2(child.exitCode() == (mayLive ? 0 : 9), child.readAll().constData());

    const CopyPlan made = crashPlan(fixture.path("in.csv"), fixture.path("store"), rowsPerFile);
    const auto answer = lookUpLoad(made.sink, load);
    VERIFY_OK(answer);
    QCOMPARE(answer->committed, isLoaded);
    QCOMPARE(found(fixture), isLoaded ? names : QStringList{names.first()});
    QCOMPARE(rows(), isLoaded ? 10000 : 0);
    if (isLoaded)
        QCOMPARE(answer->rowsWritten, 10000);

    fixture.writeRows("in.csv", 9999); // a load that was made twice would show
    const CopyOutcome outcome = copyNow(made, {load, RunId(QStringLiteral("R")), QStringLiteral("Copy"), 2});
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(rows(), isLoaded ? 10000 : 9999);
    QCOMPARE(found(fixture), names);
}

#include "TestCopyFiles.moc"
