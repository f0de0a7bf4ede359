#include "engine/connectors/files/CsvSource.h"
#include "engine/connectors/files/FolderStore.h"
#include "engine/connectors/files/SourceRows.h"
#include "tests/support/OrdinaryUser.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace engine;

// Folders of files, looked at.
class TestFolderStore : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void saysWhatTheFolderAllows();
    void tellsWhatIsWrongWithTheFolder_data();
    void tellsWhatIsWrongWithTheFolder();
    void listsFoldersThenFiles();
    void knowsNotebooks();
    void staysInTheFolder_data();
    void staysInTheFolder();
    void cutsALongList();
    void columnsAreStringsNamedByTheHeader();
    void showsTheFirstRows();
    void stopsAfterTheRowsAskedFor();
    void countsBadRowsAmongThoseRead();
    void readsTheFilesOfAFolderInOrder();
    void namesWhatIsNear_data();
    void namesWhatIsNear();
    void cancelIsHeard();

private:
    void write(const QString &name, const QByteArray &text) const
    {
        const QString path = m_folder->filePath(name);
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }
    FolderStore store(const QString &below = {}) const
    {
        return FolderStore(m_folder->filePath(below), FolderStore::Content::Files, {});
    }
    SourceRows rows(const QString &name, const CancelToken &cancel = {}) const
    {
        CsvFileSource source;
        source.path = m_folder->filePath(name);
        source.displayPath = name;
        source.format.firstRowAsHeader = true;
        CsvSource::Tuning tuning;
        tuning.cancel = cancel;
        return SourceRows({[source, tuning] { return std::make_unique<CsvSource>(source, tuning); }, source.path, name},
                          cancel);
    }
    static QStringList paths(const StoreListing &listing)
    {
        QStringList texts;
        for (const StoreEntry &entry : listing.entries)
            texts += toString(entry.kind) + u' ' + entry.path;
        return texts;
    }
    static QString shown(const StorePreview &preview)
    {
        QStringList lines;
        for (const auto &row : preview.rows) {
            QStringList cells;
            for (const auto &cell : row)
                cells += cell.value_or(QStringLiteral("NULL"));
            lines += cells.join(u'|');
        }
        return lines.join(u' ');
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

SLIPWAY_TEST(TestFolderStore)

void TestFolderStore::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    write(QStringLiteral("data/in.csv"), "id,word\n1,one\n2,\"two\nlines\"\n3,\n");
    write(QStringLiteral("data/B.csv"), "id,word\n4,four\n");
    write(QStringLiteral("data/a.csv"), "id,word\n5,five\n");
    write(QStringLiteral("data/deep/x.txt"), "x");
    write(QStringLiteral("data/.hidden"), "x");
}

void TestFolderStore::saysWhatTheFolderAllows()
{
    const auto both = store().test();
    VERIFY_OK(both);
    QVERIFY2(both->contains(m_folder->path()) && both->endsWith(u"readable and writable"), qPrintable(*both));
    QVERIFY(QFile::setPermissions(m_folder->path(),
                                  QFile::ReadOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther));
    const tests::OrdinaryUser user;
    const auto one = store().test();
    VERIFY_OK(one);
    QVERIFY2(one->endsWith(u"read-only"), qPrintable(*one));
}

void TestFolderStore::tellsWhatIsWrongWithTheFolder_data()
{
    QTest::addColumn<QString>("below");
    QTest::addColumn<QString>("said");
    QTest::newRow("not there") << QStringLiteral("dta") << QStringLiteral("Did you mean “data”?");
    QTest::newRow("a file") << QStringLiteral("data/in.csv") << QStringLiteral("is a file");
    QTest::newRow("not readable") << QStringLiteral("data") << QStringLiteral("permission");
}

void TestFolderStore::tellsWhatIsWrongWithTheFolder()
{
    QFETCH(QString, below);
    QFETCH(QString, said);
    QVERIFY(QFile::setPermissions(m_folder->path(),
                                  QFile::permissions(m_folder->path()) | QFile::ReadOther | QFile::ExeOther));
    const bool closed = qstrcmp(QTest::currentDataTag(), "not readable") == 0;
    QVERIFY(!closed || QFile::setPermissions(m_folder->filePath(below), {}));
    const tests::OrdinaryUser user;
    const auto answer = store(below).test();
    QVERIFY(!answer);
    QVERIFY2(answer.error().message.contains(said), qPrintable(answer.error().message));
    QCOMPARE(answer.error().where, QStringLiteral("binding.root"));
    QVERIFY(!store(below).browse({}));
}

void TestFolderStore::listsFoldersThenFiles()
{
    const auto root = store().browse({});
    VERIFY_OK(root);
    QCOMPARE(paths(*root), QStringList{QStringLiteral("folder data")});
    QVERIFY(!root->entries.first().size);
    const auto data = store().browse(QStringLiteral("data/"));
    VERIFY_OK(data);
    QCOMPARE(paths(*data),
             (QStringList{QStringLiteral("folder data/deep"),
                          QStringLiteral("file data/a.csv"),
                          QStringLiteral("file data/B.csv"),
                          QStringLiteral("file data/in.csv")}));
    QCOMPARE(data->entries.at(1).size.value_or(0), 15);
    QVERIFY(data->entries.at(1).modified.has_value());
    QVERIFY(!data->truncated);
}

void TestFolderStore::knowsNotebooks()
{
    write(QStringLiteral("n/x.ipynb"), "{}");
    const FolderStore::Content notebooks = FolderStore::Content::Notebooks;
    const auto listing = FolderStore(m_folder->path(), notebooks, {}).browse(QStringLiteral("n"));
    VERIFY_OK(listing);
    QCOMPARE(paths(*listing), QStringList{QStringLiteral("notebook n/x.ipynb")});
    const auto files = store().browse(QStringLiteral("n"));
    VERIFY_OK(files);
    QCOMPARE(paths(*files), QStringList{QStringLiteral("file n/x.ipynb")});
}

void TestFolderStore::staysInTheFolder_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("up") << QStringLiteral("..");
    QTest::newRow("up and down") << QStringLiteral("data/../../etc");
    QTest::newRow("absolute") << QStringLiteral("/etc");
}

void TestFolderStore::staysInTheFolder()
{
    QFETCH(QString, path);
    const auto listing = store().browse(path);
    QVERIFY(!listing);
    QVERIFY(listing.error().code == ErrorCode::InvalidInput);
    QCOMPARE(listing.error().where, QStringLiteral("path"));
}

void TestFolderStore::cutsALongList()
{
    const QDir many(m_folder->filePath(QStringLiteral("many")));
    QVERIFY(QDir().mkpath(many.path()));
    for (int i = 0; i <= Store::maximumEntries; ++i) {
        QFile file(many.filePath(QString::number(i)));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    const auto listing = store().browse(QStringLiteral("many"));
    VERIFY_OK(listing);
    QCOMPARE(listing->entries.size(), Store::maximumEntries);
    QVERIFY(listing->truncated);
}

void TestFolderStore::columnsAreStringsNamedByTheHeader()
{
    const auto columns = rows(QStringLiteral("data/in.csv")).schema();
    VERIFY_OK(columns);
    QCOMPARE(columns->size(), 2);
    QCOMPARE(columns->at(1),
             (StoreColumn{QStringLiteral("word"), QStringLiteral("String"), QStringLiteral("String"), true}));
}

void TestFolderStore::showsTheFirstRows()
{
    const auto preview = rows(QStringLiteral("data/in.csv")).preview(1000);
    VERIFY_OK(preview);
    QCOMPARE(shown(*preview), QStringLiteral("1|one 2|two\nlines 3|NULL"));
    QVERIFY(!preview->more);
    QVERIFY(preview->problems.isEmpty());
}

void TestFolderStore::stopsAfterTheRowsAskedFor()
{
    QByteArray text = "id\n";
    for (int i = 1; i <= 100000; ++i)
        text += QByteArray::number(i) + '\n';
    text += "\"never closed"; // an error, but behind what is looked at
    write(QStringLiteral("long.csv"), text);
    const auto preview = rows(QStringLiteral("long.csv")).preview(3);
    VERIFY_OK(preview);
    QCOMPARE(shown(*preview), QStringLiteral("1 2 3"));
    QVERIFY(preview->more);
    const auto exact = rows(QStringLiteral("data/in.csv")).preview(3);
    VERIFY_OK(exact);
    QVERIFY(!exact->more);
}

void TestFolderStore::countsBadRowsAmongThoseRead()
{
    write(QStringLiteral("ragged.csv"), "id,word\n1,a\n2,b,c\n3,c\n4,d\n");
    const auto preview = rows(QStringLiteral("ragged.csv")).preview(3);
    VERIFY_OK(preview);
    QCOMPARE(shown(*preview), QStringLiteral("1|a 3|c"));
    QVERIFY(preview->more);
    QCOMPARE(preview->problems.size(), 1);
    QCOMPARE(preview->problems.first().row, 2);
    QVERIFY2(preview->problems.first().message.contains(u"line 3"), qPrintable(preview->problems.first().message));
}

void TestFolderStore::readsTheFilesOfAFolderInOrder()
{
    const auto preview = rows(QStringLiteral("data")).preview(2);
    VERIFY_OK(preview);
    QCOMPARE(shown(*preview), QStringLiteral("4|four 5|five"));
    QVERIFY(preview->more);
}

void TestFolderStore::namesWhatIsNear_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("said");
    QTest::newRow("file") << QStringLiteral("data/inn.csv") << QStringLiteral("Did you mean “in.csv”?");
    QTest::newRow("folder above") << QStringLiteral("dat/in.csv") << QStringLiteral("Did you mean “data”?");
    QTest::newRow("no file") << QStringLiteral("empty") << QStringLiteral("holds no file");
}

void TestFolderStore::namesWhatIsNear()
{
    QFETCH(QString, name);
    QFETCH(QString, said);
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("empty")));
    const auto preview = rows(name).preview(10);
    QVERIFY(!preview);
    QVERIFY(preview.error().code == ErrorCode::NotFound);
    QVERIFY2(preview.error().message.contains(said), qPrintable(preview.error().message));
    QCOMPARE(preview.error().where, QStringLiteral("dataset.location"));
}

void TestFolderStore::cancelIsHeard()
{
    const CancelToken cancel;
    cancel.cancel();
    const auto preview = rows(QStringLiteral("data"), cancel).preview(10);
    QVERIFY(!preview);
    QVERIFY(preview.error().code == ErrorCode::Cancelled);
    const auto listing =
        FolderStore(m_folder->path(), FolderStore::Content::Files, cancel).browse(QStringLiteral("data"));
    QVERIFY(!listing);
    QVERIFY(listing.error().code == ErrorCode::Cancelled);
}

#include "TestFolderStore.moc"
