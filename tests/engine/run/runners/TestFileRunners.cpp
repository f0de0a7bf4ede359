#include "engine/run/runners/DeleteRunner.h"
#include "engine/run/runners/GetMetadataRunner.h"
#include "engine/run/runners/ValidationRunner.h"
#include "tests/engine/run/runners/RunnerFixture.h"
#include "tests/support/TestMain.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace engine;
using tests::outputOf;

// Get Metadata, Delete and Validation on real files.
class TestFileRunners : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void describesAFile();
    void describesAFolder();
    void describesATable();
    void failsOnWhatIsNotThereUnlessAskedForExists();
    void refusesFieldsThatAreNotKnown();
    void deletesAFile();
    void deletesAFolderWithItself();
    void deletesOnlyTheFilesOfAFolderWhenNotRecursive();
    void deletesWhatAWildcardMeans();
    void neverDeletesOutsideOfTheFolder();
    void deletesLinksAndNotWhatTheyLeadTo();
    void deletesTheFilesOfAList();
    void tellsOfTheFilesOfAList();
    void readsDatasetsOfTheOlderKind();
    void findsNothingLeftInALaterAttempt();
    void writesALogOfWhatWasDeleted();
    void validatesWhatIsThere();
    void waitsUntilAFileIsLargeEnough();
    void saysWhatWasMissingWhenTheTimeIsOver();
    void cancelEndsTheWaiting();

private:
    QByteArray metadata(const QByteArray &dataset, const QByteArray &fields);
    QByteArray erase(const QByteArray &dataset, const QByteArray &more = {});

    std::unique_ptr<tests::RunnerFixture> m_fixture;
    std::unique_ptr<GetMetadataRunner> m_metadata;
    std::unique_ptr<DeleteRunner> m_delete;
    std::unique_ptr<ValidationRunner> m_validation;
};

SLIPWAY_TEST(TestFileRunners)

static QByteArray activity(const char *type, const QByteArray &dataset, const QByteArray &more)
{
    return QByteArray("\"type\":\"") + type + R"(","typeProperties":{"dataset":{"referenceName":")" + dataset + "\"}"
        + more + '}';
}

QByteArray TestFileRunners::metadata(const QByteArray &dataset, const QByteArray &fields)
{
    return outputOf(m_fixture->run(*m_metadata, activity("GetMetadata", dataset, ",\"fieldList\":" + fields)));
}

QByteArray TestFileRunners::erase(const QByteArray &dataset, const QByteArray &more)
{
    const ActivityOutcome outcome = m_fixture->run(*m_delete, activity("Delete", dataset, more));
    if (outcome.status != ActivityOutcome::Status::Succeeded)
        return outputOf(outcome);
    return QByteArray::number(intAt(outcome.output, "filesDeleted")) + ' '
        + QByteArray::number(intAt(outcome.output, "foldersDeleted"));
}

void TestFileRunners::init()
{
    m_fixture = std::make_unique<tests::RunnerFixture>();
    m_metadata = std::make_unique<GetMetadataRunner>(m_fixture->parts());
    m_delete = std::make_unique<DeleteRunner>(m_fixture->parts());
    m_validation = std::make_unique<ValidationRunner>(m_fixture->parts());
    for (const char *path : {"a.csv", "b.txt", "deep/c.csv", "deep/deeper/d.csv"})
        m_fixture->write(QStringLiteral("storage/c/in/") + QString::fromLatin1(path), "id,name\n1,one\n");
    m_fixture->dataset(
        QStringLiteral("File"),
        QStringLiteral("DelimitedText"),
        QStringLiteral("Files"),
        R"({"location":{"container":"c","folderPath":"in","fileName":"a.csv"},"firstRowAsHeader":true})");
    m_fixture->dataset(QStringLiteral("Folder"),
                       QStringLiteral("Binary"),
                       QStringLiteral("Files"),
                       R"({"location":{"container":"c","folderPath":"in"}})");
    m_fixture->dataset(QStringLiteral("Absent"),
                       QStringLiteral("Binary"),
                       QStringLiteral("Files"),
                       R"({"location":{"container":"c","fileName":"nothing"}})");
    m_fixture->dataset(
        QStringLiteral("Table"), QStringLiteral("AzureSqlTable"), QStringLiteral("Base"), R"({"table":"t"})");
}

void TestFileRunners::describesAFile()
{
    const QByteArray md5 = QCryptographicHash::hash("id,name\n1,one\n", QCryptographicHash::Md5).toBase64();
    QCOMPARE(metadata("File", R"(["exists","itemName","itemType","size","contentMD5","columnCount","structure"])"),
             R"({"exists":true,"itemName":"a.csv","itemType":"File","size":14,"contentMD5":")" + md5
                 + R"(","columnCount":2,"structure":[{"name":"id","type":"String"},{"name":"name","type":"String"}]})");
    const QByteArray times = metadata("File", R"(["lastModified","created"])");
    QVERIFY2(times.contains(QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyy-MM-ddT")).toLatin1()),
             times.constData());
}

void TestFileRunners::describesAFolder()
{
    QCOMPARE(metadata("Folder", R"(["itemType","childItems"])"),
             QByteArray(R"({"itemType":"Folder","childItems":[{"name":"a.csv","type":"File"},)"
                        R"({"name":"b.txt","type":"File"},{"name":"deep","type":"Folder"}]})"));
}

void TestFileRunners::describesATable()
{
    VERIFY_OK(m_fixture->sql("CREATE TABLE t(id INTEGER, name TEXT)"));
    QCOMPARE(
        metadata("Table", R"(["exists","columnCount","structure"])"),
        QByteArray(
            R"({"exists":true,"columnCount":2,"structure":[{"name":"id","type":"Int64"},{"name":"name","type":"String"}]})"));
}

void TestFileRunners::failsOnWhatIsNotThereUnlessAskedForExists()
{
    for (const char *dataset : {"Absent", "Table"}) {
        QCOMPARE(metadata(dataset, R"(["exists"])"), QByteArray(R"({"exists":false})"));
        QVERIFY(metadata(dataset, R"(["structure"])").startsWith("UserError"));
    }
    QVERIFY(metadata("Absent", R"(["itemName"])").startsWith("UserErrorItemNotFound"));
}

void TestFileRunners::refusesFieldsThatAreNotKnown()
{
    QVERIFY(metadata("File", R"(["colour"])").contains("colour"));
    QVERIFY(metadata("Table", R"(["size"])").contains("structure"));
    QVERIFY(metadata("Folder", R"(["size"])").contains("folder"));
}

void TestFileRunners::deletesAFile()
{
    QCOMPARE(erase("File"), QByteArray("1 0"));
    QVERIFY(!m_fixture->exists(QStringLiteral("storage/c/in/a.csv")));
    QVERIFY(m_fixture->exists(QStringLiteral("storage/c/in/b.txt")));
    QVERIFY(erase("File").startsWith("UserErrorFileNotFound"));
}

void TestFileRunners::deletesAFolderWithItself()
{
    QCOMPARE(erase("Folder"), QByteArray("4 3"));
    QVERIFY(!m_fixture->exists(QStringLiteral("storage/c/in")));
    QVERIFY(m_fixture->exists(QStringLiteral("storage/c")));
}

void TestFileRunners::deletesOnlyTheFilesOfAFolderWhenNotRecursive()
{
    QCOMPARE(erase("Folder", R"(,"storeSettings":{"recursive":false})"), QByteArray("2 0"));
    QVERIFY(m_fixture->exists(QStringLiteral("storage/c/in/deep/c.csv")));
}

void TestFileRunners::deletesWhatAWildcardMeans()
{
    QCOMPARE(erase("Folder", R"(,"storeSettings":{"recursive":true,"wildcardFileName":"*.csv"})"), QByteArray("3 0"));
    QVERIFY(m_fixture->exists(QStringLiteral("storage/c/in/b.txt")));
    QVERIFY(m_fixture->exists(QStringLiteral("storage/c/in/deep/deeper")));
}

void TestFileRunners::neverDeletesOutsideOfTheFolder()
{
    m_fixture->write(QStringLiteral("outside/precious.csv"), "x");
    const QString factory = m_fixture->factoryFolder;
    QVERIFY(QFile::link(factory + QStringLiteral("/outside"), factory + QStringLiteral("/storage/c/in/link")));
    QVERIFY(
        QFile::link(factory + QStringLiteral("/storage/c/in/deep"), factory + QStringLiteral("/storage/c/in/inner")));
    (void)erase("Folder", R"(,"storeSettings":{"recursive":true,"wildcardFileName":"*"})");
    QVERIFY(m_fixture->exists(QStringLiteral("outside/precious.csv")));
    m_fixture->dataset(QStringLiteral("Link"),
                       QStringLiteral("Binary"),
                       QStringLiteral("Files"),
                       R"({"location":{"container":"c","folderPath":"in/link"}})");
    QCOMPARE(erase("Link"), QByteArray("1 0")); // the link itself, whatever it leads to
    QVERIFY(!QFileInfo(factory + QStringLiteral("/storage/c/in/link")).isSymLink());
    m_fixture->dataset(QStringLiteral("Up"),
                       QStringLiteral("Binary"),
                       QStringLiteral("Files"),
                       R"({"location":{"container":"c","folderPath":"../../outside"}})");
    QVERIFY(erase("Up").contains("leads out"));
    QVERIFY(m_fixture->exists(QStringLiteral("outside/precious.csv")));
}

void TestFileRunners::deletesLinksAndNotWhatTheyLeadTo()
{
    m_fixture->write(QStringLiteral("outside/precious.csv"), "x");
    m_fixture->write(QStringLiteral("storage/c/beside/kept.csv"), "x");
    const QString factory = m_fixture->factoryFolder;
    const QString in = factory + QStringLiteral("/storage/c/in/");
    QVERIFY(QFile::link(factory + QStringLiteral("/outside"), in + QStringLiteral("out")));
    QVERIFY(QFile::link(factory + QStringLiteral("/storage/c/beside"), in + QStringLiteral("deep/inner")));
    QVERIFY(QFile::link(factory + QStringLiteral("/nowhere"), in + QStringLiteral("deep/broken")));
    QCOMPARE(erase("Folder"), QByteArray("7 3"));
    QVERIFY(!m_fixture->exists(QStringLiteral("storage/c/in")));
    QVERIFY(m_fixture->exists(QStringLiteral("outside/precious.csv")));
    QVERIFY(m_fixture->exists(QStringLiteral("storage/c/beside/kept.csv")));
}

void TestFileRunners::deletesTheFilesOfAList()
{
    const QByteArray settings = R"(,"storeSettings":{"fileListPath":"c/list.txt"})";
    m_fixture->write(QStringLiteral("storage/c/list.txt"), "a.csv\r\n\ndeep/deeper/d.csv\na.csv\n");
    QCOMPARE(erase("Folder", settings), QByteArray("2 0"));
    QVERIFY(!m_fixture->exists(QStringLiteral("storage/c/in/a.csv")));
    QVERIFY(m_fixture->exists(QStringLiteral("storage/c/in/deep/c.csv")));
    QVERIFY(erase("Folder", settings).contains("which the list")); // gone already
    m_fixture->write(QStringLiteral("storage/c/list.txt"), "../list.txt\n");
    QVERIFY(erase("Folder", settings).contains("is no file below the folder"));
    QVERIFY(m_fixture->exists(QStringLiteral("storage/c/list.txt")));
    QVERIFY(erase("File", settings).contains("names the file"));
    m_fixture->attempt = 2;
    m_fixture->write(QStringLiteral("storage/c/list.txt"), "a.csv\nb.txt\n");
    QCOMPARE(erase("Folder", settings), QByteArray("1 0")); // an earlier attempt has deleted the first
}

void TestFileRunners::tellsOfTheFilesOfAList()
{
    const auto ask = [this](const QByteArray &fields) {
        return outputOf(
            m_fixture->run(*m_metadata,
                           activity("GetMetadata",
                                    "Folder",
                                    ",\"fieldList\":" + fields + R"(,"storeSettings":{"fileListPath":"c/list.txt"})")));
    };
    QVERIFY(ask(R"(["exists"])").contains("no list of files"));
    m_fixture->write(QStringLiteral("storage/c/list.txt"), "deep/deeper/d.csv\na.csv\n");
    QCOMPARE(ask(R"(["exists","itemName","childItems"])"),
             QByteArray(R"({"exists":true,"itemName":"in","childItems":[{"name":"a.csv","type":"File"},)"
                        R"({"name":"deep/deeper/d.csv","type":"File"}]})"));
    m_fixture->write(QStringLiteral("storage/c/list.txt"), "a.csv\nnowhere.csv\n");
    QCOMPARE(ask(R"(["exists","childItems"])"), QByteArray(R"({"exists":false})"));
    QVERIFY(ask(R"(["childItems"])").contains("nowhere.csv"));
}

void TestFileRunners::readsDatasetsOfTheOlderKind()
{
    m_fixture->dataset(QStringLiteral("Older"),
                       QStringLiteral("AzureBlob"),
                       QStringLiteral("Files"),
                       R"({"folderPath":"c/in","fileName":"a.csv","format":{"type":"TextFormat"}})");
    const QByteArray said = metadata("Older", R"(["exists","itemName","columnCount"])");
    QVERIFY2(said.startsWith(R"({"exists":true,"itemName":"a.csv","columnCount":)"), said.constData());
}

void TestFileRunners::findsNothingLeftInALaterAttempt()
{
    m_fixture->attempt = 2;
    QCOMPARE(erase("Absent"), QByteArray("0 0"));
}

void TestFileRunners::writesALogOfWhatWasDeleted()
{
    m_fixture->write(QStringLiteral("storage/c/in/=cmd.csv"), "x");
    const ActivityOutcome outcome = m_fixture->run(*m_delete, activity("Delete", "Folder", R"(,"enableLogging":true,
        "logStorageSettings":{"linkedServiceName":{"referenceName":"Files"},"path":"c/logs"},
        "storeSettings":{"recursive":false,"wildcardFileName":"*.csv"})"));
    const QString path = stringAt(outcome.output, "logPath");
    QVERIFY2(path.startsWith(u"c/logs/"), qPrintable(path));
    QCOMPARE(m_fixture->read(QStringLiteral("storage/") + path),
             QByteArray("Name,Category,Status,Error\nc/in/=cmd.csv,File,Deleted,\nc/in/a.csv,File,Deleted,\n"));
}

void TestFileRunners::validatesWhatIsThere()
{
    QCOMPARE(outputOf(m_fixture->run(*m_validation, activity("Validation", "File", R"(,"minimumSize":"14")"))),
             QByteArray(R"({"exists":true,"itemName":"a.csv","itemType":"File","size":14})"));
    QCOMPARE(outputOf(m_fixture->run(*m_validation, activity("Validation", "Folder", R"(,"childItems":true)"))),
             QByteArray(R"({"exists":true,"itemName":"in","itemType":"Folder"})"));
}

void TestFileRunners::waitsUntilAFileIsLargeEnough()
{
    const auto execution = m_fixture->start(
        *m_validation, m_fixture->task(activity("Validation", "File", R"(,"minimumSize":20,"sleep":1)")));
    QTest::qWait(100);
    QVERIFY(!m_fixture->ended.has_value());
    m_fixture->write(QStringLiteral("storage/c/in/a.csv"), QByteArray(20, 'x'));
    QTRY_VERIFY(m_fixture->ended.has_value());
    QVERIFY(m_fixture->ended->status == ActivityOutcome::Status::Succeeded);
}

void TestFileRunners::saysWhatWasMissingWhenTheTimeIsOver()
{
    const ActivityOutcome late =
        m_fixture->run(*m_validation, activity("Validation", "Absent", R"(,"timeout":"0.00:00:01","sleep":1)"));
    QVERIFY(late.status == ActivityOutcome::Status::TimedOut);
    QCOMPARE(late.error.errorCode, QStringLiteral("UserErrorValidationTimeout"));
    QVERIFY(late.error.message.contains(u"c/nothing"));
}

void TestFileRunners::cancelEndsTheWaiting()
{
    const auto execution = m_fixture->start(*m_validation, m_fixture->task(activity("Validation", "Absent", {})));
    execution->cancel();
    QTRY_VERIFY(m_fixture->ended.has_value());
    QVERIFY(m_fixture->ended->status == ActivityOutcome::Status::Cancelled);
}

#include "TestFileRunners.moc"
