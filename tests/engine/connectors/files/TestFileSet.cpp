#include "engine/connectors/files/FileSet.h"
#include "tests/engine/connectors/files/CsvRows.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

using namespace engine;

// Which files of a bound folder are read.
class TestFileSet : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void choosesFiles_data();
    void choosesFiles();
    void readsWhatIsChosenAndNothingElse();
    void refusesLinksThatLeadOut();
    void noticesAFileThatIsChosenLater();

private:
    void write(const QString &name, const QByteArray &text) const
    {
        const QString path = m_dir->filePath(name);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), qint64(text.size()));
    }
    FileSet set(const QString &path, FileChoice choice = {}) const
    {
        if (choice.folder.isEmpty() && choice.fileList.isEmpty())
            choice.folder = path;
        return {.root = m_dir->path(), .container = u"data"_qs, .path = path, .fileName = {}, .choice = choice};
    }
    CsvFileSource source(const FileSet &files) const
    {
        CsvFileSource source;
        source.path = QDir(files.root).filePath(files.path);
        source.displayPath = files.path;
        source.format.firstRowAsHeader = true;
        source.files = files;
        return source;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

SLIPWAY_TEST(TestFileSet)

void TestFileSet::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    write(u"data/a.csv"_qs, "n\n1\n");
    write(u"data/b.txt"_qs, "n\n2\n");
    write(u"data/2024/c.csv"_qs, "n\n3\n");
    write(u"data/2024/01/d.csv"_qs, "n\n4\n");
    write(u"data/2025/e.csv"_qs, "n\n5\n");
    write(u"data/_temporary/f.csv"_qs, "n\n6\n");
    write(u"data/.hidden"_qs, "n\n7\n");
    QFile old(m_dir->filePath(u"data/a.csv"_qs));
    QVERIFY(old.open(QIODevice::ReadWrite));
    QVERIFY(old.setFileTime(QDateTime::fromString(u"2020-01-01T00:00:00Z"_qs, Qt::ISODate),
                            QFileDevice::FileModificationTime));
    write(u"list"_qs, "2024/c.csv\r\n/a.csv\n\n");
}

void TestFileSet::choosesFiles_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<FileChoice>("choice");
    QTest::addColumn<QString>("files");
    const auto row = [](const char *name, const QString &path, const FileChoice &choice, const QString &files) {
        QTest::newRow(name) << path << choice << files;
    };
    const QString data = u"data"_qs;
    const auto y2023 = instantFromIso(u"2023-01-01T00:00:00Z"_qs);
    row("one file", u"data/a.csv"_qs, {}, u"a.csv"_qs);
    row("a hidden file that is named", u"data/.hidden"_qs, {}, u".hidden"_qs);
    row("a folder", data, {}, u"2024/01/d.csv 2024/c.csv 2025/e.csv a.csv b.txt"_qs);
    row("a hidden folder that is named", u"data/_temporary"_qs, {}, u"_temporary/f.csv"_qs);
    row("not recursive", data, {.recursive = false}, u"a.csv b.txt"_qs);
    row("names", data, {.wildcardName = u"?.csv"_qs, .recursive = false}, u"a.csv"_qs);
    row("folders",
        data,
        {.folder = data, .wildcardFolder = u"20*"_qs, .wildcardName = u"*.csv"_qs, .recursive = false},
        u"2024/c.csv 2025/e.csv"_qs);
    row("a prefix", data, {.prefix = u"2024/0"_qs}, u"2024/01/d.csv"_qs);
    row("from a time", data, {.recursive = false, .modifiedFrom = y2023}, u"b.txt"_qs);
    row("before a time", data, {.recursive = false, .modifiedBefore = y2023}, u"a.csv"_qs);
    row("one file at another time", u"data/a.csv"_qs, {.modifiedFrom = y2023}, {});
    row("a list", data, {.folder = data, .fileList = u"list"_qs}, u"2024/c.csv a.csv"_qs);
}

void TestFileSet::choosesFiles()
{
    QFETCH(QString, path);
    QFETCH(FileChoice, choice);
    QFETCH(QString, files);
    const auto folder = BoundFolder::open(m_dir->path());
    VERIFY_OK(folder);
    const auto found = filesIn(*folder, set(path, choice), {});
    VERIFY_OK(found);
    QStringList paths;
    for (const BoundFolder::Entry &file : *found)
        paths += file.path.mid(5);
    QCOMPARE(paths.join(u' '), files);
}

void TestFileSet::readsWhatIsChosenAndNothingElse()
{
    FileChoice choice;
    choice.wildcardName = u"*.csv"_qs;
    QCOMPARE(tests::printRows(source(set(u"data/2024"_qs, choice))), QByteArray("n\n2: 4\n2: 3\n"));
    CsvSource rows(source(set(u"data/2024"_qs, choice)));
    VERIFY_OK(rows.open());
    QCOMPARE(rows.fingerprint().at("files").at(0).at("path").get<std::string>(),
             toStdString(m_dir->filePath(u"data/2024/01/d.csv"_qs)));
    choice.wildcardName = u"*.parquet"_qs;
    QCOMPARE(tests::printRows(source(set(u"data/2024"_qs, choice))), QByteArray("error NotFound data/2024\n"));
    QVERIFY(tests::printRows(source(set(u"data/nowhere"_qs))).startsWith("error NotFound"));
    const FileSet gone{.root = m_dir->path(), .path = u"data/gone.csv"_qs}; // without a choice: not the whole store
    QVERIFY(tests::printRows(source(gone)).startsWith("error NotFound"));
}

void TestFileSet::refusesLinksThatLeadOut()
{
    QTemporaryDir other;
    QFile file(other.filePath(u"secret.csv"_qs));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("n\n9\n") == 4);
    file.close();
    QVERIFY(QFile::link(other.filePath(u"secret.csv"_qs), m_dir->filePath(u"data/2025/link.csv"_qs)));
    QVERIFY(tests::printRows(source(set(u"data/2025/link.csv"_qs))).startsWith("error InvalidInput"));
    QCOMPARE(tests::printRows(source(set(u"data/2025"_qs))), QByteArray("n\n2: 5\n"));
}

void TestFileSet::noticesAFileThatIsChosenLater()
{
    CsvSource rows(source(set(u"data/2024"_qs)));
    VERIFY_OK(rows.open());
    VERIFY_OK(rows.verifyUnchanged());
    write(u"data/2025/other.csv"_qs, "n\n1\n");
    VERIFY_OK(rows.verifyUnchanged());
    write(u"data/2024/02/more.csv"_qs, "n\n1\n");
    QVERIFY(!rows.verifyUnchanged());
}

#include "TestFileSet.moc"
