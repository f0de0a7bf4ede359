#include "engine/model/Factory.h"
#include "engine/model/FileTree.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace engine;

class TestFileTree : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(m_dir->isValid());
        QVERIFY(QDir(m_dir->path()).mkpath(QStringLiteral("factory")));
    }

    void listsEntitiesNotebooksAndSlipwayOnly()
    {
        for (const char *path : {"pipeline/A.json",
                                 "pipeline/readme.md",
                                 "dataset/B.json",
                                 "linkedService/C.json",
                                 "trigger/D.json",
                                 "notebooks/Shared/n.ipynb",
                                 "notebooks/lib/tool.txt",
                                 "notebooks/.ipynb_checkpoints/n.ipynb",
                                 "notebooks/node_modules/x.py",
                                 "storage/data/big.csv",
                                 ".git/config",
                                 "node_modules/x/pipeline.json",
                                 ".slipway/bindings.json",
                                 ".slipway/options/A.json",
                                 ".slipway/local/factory.json",
                                 "titanic.db"})
            put(path);
        QCOMPARE(tree().files().join(u'|'),
                 QStringLiteral(".slipway/bindings.json|.slipway/options/A.json|dataset/B.json|linkedService/C.json|"
                                "notebooks/Shared/n.ipynb|notebooks/lib/tool.txt|pipeline/A.json|trigger/D.json"));
    }

    void listsNotebooksWhereABindingPutsThem()
    {
        put("src/nb/x.ipynb");
        put("src/nb/data.csv");
        put("mine/y.py");
        put(".slipway/bindings.json", R"({"linkedServices": {"N": {"compute": "kernel", "notebooks": "src/nb"}}})");
        put(".slipway/local/bindings.json", R"({"linkedServices": {"M": {"compute": "kernel", "notebooks": "mine"}}})");
        QCOMPARE(tree().files().join(u'|'), QStringLiteral(".slipway/bindings.json|mine/y.py|src/nb/x.ipynb"));
    }

    void followsNoLinkOutOfTheFolder()
    {
        QVERIFY(QDir(m_dir->path()).mkpath(QStringLiteral("outside/deep")));
        write(m_dir->filePath(QStringLiteral("outside/deep/Secret.json")), "{}");
        put("pipeline/A.json");
        put("notebooks/real/n.ipynb");
        link("../../outside/deep/Secret.json", "pipeline/Leak.json");
        link("../outside/deep", "dataset");
        link("A.json", "pipeline/Inside.json");
        link("real", "notebooks/alias");
        link("..", "notebooks/loop");
        link("nowhere.json", "pipeline/Broken.json");
        put(".slipway/local/private.json");
        link("../.slipway/local/private.json", "pipeline/Private.json");
        QCOMPARE(tree().files().join(u'|'),
                 QStringLiteral("notebooks/alias/n.ipynb|notebooks/real/n.ipynb|pipeline/A.json|pipeline/Inside.json"));
        const auto leak = tree().read(QStringLiteral("pipeline/Leak.json"));
        QVERIFY(!leak);
        QVERIFY(leak.error().code == ErrorCode::InvalidInput);
        const auto dataset = tree().read(QStringLiteral("dataset/Secret.json"));
        QVERIFY(!dataset);
    }

    void refusesPathsOut_data()
    {
        QTest::addColumn<QString>("path");
        for (const char *path : {"/etc/passwd", "../outside", "pipeline/../../x", "", "pipeline//A.json", "./pipeline"})
            QTest::newRow(path) << QString::fromLatin1(path);
    }

    void refusesPathsOut()
    {
        QFETCH(QString, path);
        const auto content = tree().read(path);
        QVERIFY(!content);
        QVERIFY(content.error().code == ErrorCode::InvalidInput);
    }

    void saysWhyAFileCannotBeRead()
    {
        const auto missing = tree().read(QStringLiteral("pipeline/None.json"));
        QVERIFY(!missing);
        QVERIFY(missing.error().code == ErrorCode::NotFound);
        QVERIFY(missing.error().message.contains(u"pipeline/None.json"));

        put("pipeline/A.json", "{}");
        QCOMPARE(tree().read(QStringLiteral("pipeline/A.json")).value(), QByteArray("{}"));
        const auto folder = tree().read(QStringLiteral("pipeline"));
        QVERIFY(!folder);
        QVERIFY(folder.error().code == ErrorCode::Io);
    }

    void neverOpensAPipe()
    {
        put("pipeline/A.json");
        const QByteArray pipe = QFile::encodeName(path("pipeline/P.json"));
        QCOMPARE(mkfifo(pipe.constData(), 0600), 0);
        QCOMPARE(tree().files(), QStringList{QStringLiteral("pipeline/A.json")});
        QVERIFY(!tree().read(QStringLiteral("pipeline/P.json"))); // and does not wait for a writer
    }

    void copesWithTenThousandFiles()
    {
        QVERIFY(QDir(path("")).mkpath(QStringLiteral("dataset")));
        for (int i = 0; i < 10'000; ++i)
            write(path("dataset/D%1.json").arg(i),
                  "{\"name\": \"D" + QByteArray::number(i) + "\", \"properties\": {}}");
        QElapsedTimer timer;
        timer.start();
        const FactoryReading reading = readFactory(tree());
        QCOMPARE(reading.factory.datasets.size(), 10'000);
        QVERIFY(reading.problems.isEmpty());
        QVERIFY2(timer.elapsed() < 20'000, "reading 10,000 files should take seconds at most");
    }

    void findsTheFactoryAbove()
    {
        put("pipeline/A.json");
        put("notebooks/Shared/n.ipynb");
        QCOMPARE(findFactoryFolder(path("notebooks/Shared")), std::optional(path("")));
        QCOMPARE(findFactoryFolder(path("pipeline/A.json")), std::optional(path("")));
        QCOMPARE(findFactoryFolder(path("")), std::optional(path("")));
        QVERIFY(QDir(m_dir->path()).mkpath(QStringLiteral("empty")));
        QCOMPARE(findFactoryFolder(m_dir->filePath(QStringLiteral("empty"))), std::nullopt);
    }

private:
    FolderTree tree() const { return FolderTree(path("")); }

    QString path(const char *relative) const
    {
        return QDir::cleanPath(m_dir->path() + QStringLiteral("/factory/") + QString::fromLatin1(relative));
    }

    void put(const char *relative, const QByteArray &content = "{}")
    {
        const QString file = path(relative);
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        write(file, content);
    }

    void link(const char *target, const char *relative)
    {
        QVERIFY(QFile::link(QString::fromLatin1(target), path(relative)));
    }

    static void write(const QString &file, const QByteArray &content)
    {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        QCOMPARE(out.write(content), content.size());
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

SLIPWAY_TEST(TestFileTree)

#include "TestFileTree.moc"
