#include "engine/store/ArtifactStore.h"
#include "tests/support/TestMain.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace engine;

class TestArtifactStore : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder.emplace();
        m_store.emplace(m_folder->filePath(QStringLiteral("artifacts")));
    }
    void contentComesBack_data();
    void contentComesBack();
    void namesAreContent();
    void fileIsStreamed();
    void missingOnesAreNotFound();
    void damagedOneIsNamedAndReplaced();
    void nothingUnfinishedIsLeft();
    void unwritableFolderIsAnError();

private:
    QStringList files() const
    {
        QStringList names;
        QDir root(m_folder->filePath(QStringLiteral("artifacts")));
        const auto folders = root.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString &folder : folders)
            names += QDir(root.filePath(folder)).entryList(QDir::Files);
        return names + root.entryList(QDir::Files);
    }

    QString write(const QByteArray &content)
    {
        QFile file(m_folder->filePath(QStringLiteral("source.csv")));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("The sample cannot be written.");
        return file.fileName();
    }

    std::optional<QTemporaryDir> m_folder;
    std::optional<ArtifactStore> m_store;
};

SLIPWAY_TEST(TestArtifactStore)

void TestArtifactStore::contentComesBack_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("{\"name\": \"Load\"}");
    QTest::newRow("zeros") << QByteArray(1000, '\0');
    QTest::newRow("several portions") << QByteArray("0123456789").repeated(100'000);
}

void TestArtifactStore::contentComesBack()
{
    QFETCH(const QByteArray, content);
    const auto put = m_store->put(content);
    VERIFY_OK(put);
    QCOMPARE(*put, QString::fromLatin1(QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex()));
    QVERIFY(m_store->contains(*put));
    const auto got = m_store->get(*put);
    VERIFY_OK(got);
    QCOMPARE(*got, content);
    const auto file = m_store->putFile(write(content));
    VERIFY_OK(file);
    QCOMPARE(*file, *put);
    QCOMPARE(files(), QStringList{*put});
}

void TestArtifactStore::namesAreContent()
{
    const QString hash = *m_store->put("content");
    QVERIFY(m_store->path(hash).endsWith(u"/artifacts/" + hash.left(2) + u'/' + hash));
    struct stat before
    {
    };
    QCOMPARE(::stat(QFile::encodeName(m_store->path(hash)).constData(), &before), 0);
    VERIFY_OK(m_store->put("content"));
    struct stat after
    {
    };
    QCOMPARE(::stat(QFile::encodeName(m_store->path(hash)).constData(), &after), 0);
    QCOMPARE(after.st_ino, before.st_ino); // not written again
    QCOMPARE(before.st_mode & 077, 0u);
    QCOMPARE(files().size(), 1);
}

void TestArtifactStore::fileIsStreamed()
{
    // A sparse file far larger than what a portion takes; its content is known without reading it here.
    const QString source = write("x");
    QVERIFY(QFile::resize(source, 40 * 1024 * 1024));
    const auto hash = m_store->putFile(source);
    VERIFY_OK(hash);
    QCOMPARE(QFileInfo(m_store->path(*hash)).size(), 40 * 1024 * 1024);
    QCOMPARE(m_store->get(*hash)->at(0), 'x');
}

void TestArtifactStore::missingOnesAreNotFound()
{
    const QString outside = write("secret");
    for (const QString &name : {QString(64, u'a'),
                                QString(),
                                QStringLiteral("../source.csv"),
                                QString(QStringLiteral("../../") + outside),
                                QString(64, u'A'),
                                QString(QString(62, u'a') + QStringLiteral("/."))}) {
        QVERIFY2(!m_store->contains(name), qPrintable(name));
        QCOMPARE(toString(m_store->get(name).error().code), QStringLiteral("NotFound"));
    }
    QCOMPARE(toString(m_store->putFile(QStringLiteral("/no/such/file")).error().code), QStringLiteral("NotFound"));
    QCOMPARE(toString(m_store->putFile(m_folder->path()).error().code), QStringLiteral("Io"));
    QVERIFY(files().isEmpty());
}

void TestArtifactStore::damagedOneIsNamedAndReplaced()
{
    const QString hash = *m_store->put("the true content");
    QFile file(m_store->path(hash));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("another content!");
    file.close();
    const auto got = m_store->get(hash);
    QVERIFY(!got);
    QCOMPARE(toString(got.error().code), QStringLiteral("Io"));
    QVERIFY2(got.error().message.contains(hash), qPrintable(got.error().message));
    QVERIFY(file.resize(3)); // cut off
    VERIFY_OK(m_store->put("the true content"));
    VERIFY_OK(m_store->get(hash));
}

void TestArtifactStore::nothingUnfinishedIsLeft()
{
    const QString source = write(QByteArray(10'000, 'x'));
    VERIFY_OK(m_store->putFile(source));
    VERIFY_OK(m_store->putFile(source)); // recognised only after it was written
    QCOMPARE(files().size(), 1);
}

void TestArtifactStore::unwritableFolderIsAnError()
{
    // A file stands where the folder should be.
    const ArtifactStore store(write("x"));
    const auto put = store.put("content");
    QVERIFY(!put);
    QCOMPARE(toString(put.error().code), QStringLiteral("Io"));
}

#include "TestArtifactStore.moc"
