#include "designer/document/FactoryDocument.h"
#include "tests/designer/document/FactoryFolder.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QSignalSpy>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

const QString loadFile = QStringLiteral("Load.DataPipeline/pipeline-content.json");
const QString loadPlatform = QStringLiteral("Load.DataPipeline/.platform");
const EntityRef load = pipelineRef(QStringLiteral("Load"));

// As Fabric writes it on Windows: UTF-16 with a byte order mark, no name inside.
QByteArray wide(const QString &text)
{
    QByteArray bytes("\xFF\xFE", 2);
    for (const QChar character : text) {
        bytes.append(char(character.unicode() & 0xFF));
        bytes.append(char(character.unicode() >> 8));
    }
    return bytes;
}

QMap<QString, QByteArray> fabricFiles()
{
    return {{loadFile, wide(QStringLiteral("{\r\n  \"properties\": {\r\n    \"activities\": []\r\n  }\r\n}"))},
            {loadPlatform,
             R"({
  "metadata": {"type": "DataPipeline", "displayName": "Load"},
  "config": {"version": "2.0", "logicalId": "3"}
})"},
            {QStringLiteral("Load.DataPipeline/.schedules"), R"({"schedules":[]})"}};
}

// As Fabric has it: no other folder of entities beside.
std::unique_ptr<FactoryDocument> openFabric(const FactoryFolder &folder)
{
    QDir(folder.path()).rmdir(QStringLiteral("pipeline"));
    return folder.open();
}

} // namespace

class TestOtherLayouts : public QObject
{
    Q_OBJECT

private slots:
    void showsFabricPipelinesByTheirFolder()
    {
        const FactoryFolder folder(fabricFiles());
        const auto document = openFabric(folder);
        QVERIFY(document != nullptr);
        QCOMPARE(document->entities(EntityKind::Pipeline), QList<EntityRef>{load});
        QCOMPARE(document->path(load), loadFile);
        QCOMPARE(document->entityAt(loadFile).value_or(EntityRef()).name, load.name);
        QVERIFY(document->factory().pipelines.contains(load.name));
        QVERIFY(!hasErrors(document->problems()));
    }

    void keepsTheBytesOfWhatIsNotEdited()
    {
        const FactoryFolder folder(fabricFiles());
        const auto document = openFabric(folder);
        const auto before = folder.files();
        Json json = document->json(load);
        json["properties"]["description"] = "Größe";
        document->setJson(load, json, QStringLiteral("Describe"));
        QVERIFY(document->isDirty(load));
        VERIFY_OK(saveNow(*document));
        const QByteArray edited = folder.read(loadFile);
        QVERIFY(edited.startsWith(QByteArray("\xFF\xFE", 2)));
        QVERIFY(edited.contains(wide(QStringLiteral("Größe")).mid(2)));
        document->undoStack().undo();
        VERIFY_OK(saveNow(*document));
        QVERIFY(folder.files() == before);
    }

    void renamesTheFolderWithAllThatIsInIt()
    {
        const FactoryFolder folder(fabricFiles());
        const auto document = openFabric(folder);
        const auto before = folder.files();
        const QSignalSpy renamed(document.get(), &FactoryDocument::entityRenamed);
        VERIFY_OK(document->rename(load, QStringLiteral("Load all")));
        QCOMPARE(renamed.size(), 1);
        VERIFY_OK(saveNow(*document));
        QCOMPARE(folder.read(QStringLiteral("Load all.DataPipeline/pipeline-content.json")), before.value(loadFile));
        QVERIFY(
            folder.read(QStringLiteral("Load all.DataPipeline/.platform")).contains(R"("displayName": "Load all")"));
        QVERIFY(folder.read(QStringLiteral("Load all.DataPipeline/.platform")).contains(R"("logicalId": "3")"));
        QCOMPARE(folder.read(QStringLiteral("Load all.DataPipeline/.schedules")), QByteArray(R"({"schedules":[]})"));
        QVERIFY(!QFileInfo::exists(folder.path() + QStringLiteral("/Load.DataPipeline")));
        document->undoStack().undo();
        VERIFY_OK(saveNow(*document));
        QVERIFY(folder.files() == before);
    }

    void removesTheFolderOfAPipeline()
    {
        const FactoryFolder folder(fabricFiles());
        folder.write(QStringLiteral("Other.DataPipeline/pipeline-content.json"), R"({"properties":{"activities":[]}})");
        const auto document = openFabric(folder);
        document->remove({load});
        QVERIFY(!document->contains(load));
        VERIFY_OK(saveNow(*document));
        QVERIFY(!QFileInfo::exists(folder.path() + QStringLiteral("/Load.DataPipeline")));
        document->undoStack().undo();
        VERIFY_OK(saveNow(*document));
        QCOMPARE(folder.read(loadFile), fabricFiles().value(loadFile));
    }

    void makesFabricPipelinesWhereThereAreNoOthers()
    {
        const FactoryFolder folder(fabricFiles());
        const auto document = openFabric(folder);
        const Json fresh{{"name", "Fresh"}, {"properties", {{"activities", Json::array()}}}};
        VERIFY_OK(document->create(pipelineRef(QStringLiteral("Fresh")), fresh));
        VERIFY_OK(document->clone(load));
        VERIFY_OK(saveNow(*document));
        QVERIFY(folder.read(QStringLiteral("Fresh.DataPipeline/.platform")).contains("\"displayName\": \"Fresh\""));
        QVERIFY(!folder.read(QStringLiteral("Fresh.DataPipeline/pipeline-content.json")).contains("name"));
        const QByteArray copied = folder.read(QStringLiteral("Copy of Load.DataPipeline/.platform"));
        QVERIFY(copied.contains("Copy of Load") && !copied.contains(R"("logicalId": "3")")); // another item
        QCOMPARE(document->entities(EntityKind::Pipeline).size(), 3);
        const auto again = folder.open();
        QVERIFY(again->contains(pipelineRef(QStringLiteral("Fresh"))));
    }

    void seesAPipelineThatGitBrings()
    {
        const FactoryFolder folder(fabricFiles());
        const auto document = openFabric(folder);
        const QSignalSpy added(document.get(), &FactoryDocument::entityAdded);
        folder.write(QStringLiteral("New.DataPipeline/pipeline-content.json"), R"({"properties":{"activities":[]}})");
        QTRY_COMPARE(added.size(), 1);
        folder.write(QStringLiteral("New.DataPipeline/pipeline-content.json"),
                     R"({"properties":{"description":"d","activities":[]}})");
        QTRY_VERIFY(document->factory().pipelines.value(QStringLiteral("New")).description == u"d");
    }

    void showsWhatOthersReferTo()
    {
        const FactoryFolder folder(
            {{QStringLiteral("integrationRuntime/Own.json"), R"({"name":"Own","properties":{"type":"SelfHosted"}})"},
             {QStringLiteral("managedVirtualNetwork/default.json"), R"({"name":"default","properties":{}})"},
             {QStringLiteral("managedVirtualNetwork/default/managedPrivateEndpoint/e.json"),
              R"({"name":"e","properties":{}})"},
             {QStringLiteral("notebook/Score.json"), R"({"name":"Score","properties":{}})"},
             {QStringLiteral("sqlscript/Query.json"), R"({"name":"Query","properties":{}})"},
             {QStringLiteral("linkedService/Store.json"),
              R"({"name":"Store","properties":{"type":"AzureBlobStorage","connectVia":
                                       {"referenceName":"Own","type":"IntegrationRuntimeReference"}}})"}});
        const auto document = folder.open();
        const EntityRef runtime{EntityKind::IntegrationRuntime, QStringLiteral("Own")};
        QVERIFY(document->contains(runtime));
        QVERIFY(document->contains({EntityKind::SynapseNotebook, QStringLiteral("Score")}));
        QVERIFY(document->contains({EntityKind::SqlScript, QStringLiteral("Query")}));
        QCOMPARE(document->entities(EntityKind::ManagedVirtualNetwork).size(), 1); // the endpoint is a part of it
        QCOMPARE(EntityRef::fromString(runtime.toString()), runtime);
        QCOMPARE(document->usedBy(runtime).size(), 1);
        VERIFY_OK(document->rename(runtime, QStringLiteral("Mine")));
        VERIFY_OK(document->rename({EntityKind::ManagedVirtualNetwork, QStringLiteral("default")},
                                   QStringLiteral("private")));
        VERIFY_OK(saveNow(*document));
        QVERIFY(folder.read(QStringLiteral("linkedService/Store.json")).contains(R"("referenceName":"Mine")"));
        QVERIFY(!folder.read(QStringLiteral("managedVirtualNetwork/private/managedPrivateEndpoint/e.json")).isEmpty());
        QVERIFY(folder.read(QStringLiteral("managedVirtualNetwork/default/managedPrivateEndpoint/e.json")).isEmpty());
    }
};

SLIPWAY_TEST(TestOtherLayouts)
#include "TestOtherLayouts.moc"
