#include "engine/model/EntityFile.h"

#include "tests/support/TestMain.h"

using namespace engine;

class TestEntityFile : public QObject
{
    Q_OBJECT

private slots:
    void knowsWhatAFileIs_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("folder"); // empty: it is no entity
        QTest::addColumn<QString>("name");
        const auto row = [](const char *path, const char *folder, const char *name) {
            QTest::newRow(path) << QString::fromLatin1(path) << QString::fromLatin1(folder)
                                << QString::fromLatin1(name);
        };
        row("pipeline/A.json", "pipeline", "A");
        row("pipeline/A.JSON", "pipeline", "A");
        row("pipeline/A.md", "", "");
        row("A.DataPipeline/pipeline-content.json", "pipeline", "A");
        row("A.DataPipeline/.platform", "", "");
        row("integrationRuntime/R.json", "integrationRuntime", "R");
        row("managedVirtualNetwork/default.json", "managedVirtualNetwork", "default");
        row("managedVirtualNetwork/default/managedPrivateEndpoint/e.json", "", "");
        row("notebook/N.json", "notebook", "N");
        row("notebook/N.ipynb", "notebooks", "notebook/N");
        row("notebooks/Shared/N.ipynb", "notebooks", "notebooks/Shared/N");
        row("dataset/x.py", "", "");
        row(".slipway/layout/A.json", "", "");
        row("factory/f.json", "", "");
        row("setup.py", "", "");
    }

    void knowsWhatAFileIs()
    {
        QFETCH(QString, path);
        QFETCH(QString, folder);
        QFETCH(QString, name);
        const std::optional<EntityKind> kind = entityKindOf(path);
        QCOMPARE(kind ? folderOf(*kind) : QString(), folder);
        if (kind)
            QCOMPARE(entityNameByFile(path), name);
    }
};

SLIPWAY_TEST(TestEntityFile)
#include "TestEntityFile.moc"
