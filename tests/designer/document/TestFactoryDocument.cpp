#include "designer/document/FactoryDocument.h"

#include "tests/designer/document/FactoryFolder.h"
#include "tests/support/TestMain.h"

#include <QSignalSpy>

using namespace designer;
using namespace engine;
using namespace tests;

class TestFactoryDocument : public QObject
{
    Q_OBJECT

private slots:
    void showsTheSample();
    void savingWhatWasOpenedWritesNothing();
    void editsAreSteps();
    void stepsWithOneKeyBecomeOne();
    void saveWritesWhatDiffers();
    void createsRenamesClonesAndRemoves();
    void writesANewFileAsTheOthersBesideIt();
    void keepsLayoutInItsFile();
};

SLIPWAY_TEST(TestFactoryDocument)

namespace {

const EntityRef publish = pipelineRef(QStringLiteral("PublishPythonSql"));

Json described(const FactoryDocument &document, const EntityRef &ref, const char *text)
{
    Json json = document.json(ref);
    json["properties"]["description"] = text;
    return json;
}

} // namespace

void TestFactoryDocument::showsTheSample()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    QVERIFY(document);
    QCOMPARE(document->name(), QStringLiteral("titanic"));
    QCOMPARE(document->entities(EntityKind::Pipeline).size(), 4);
    QCOMPARE(document->entities(EntityKind::Notebook).size(), 5);
    QCOMPARE(document->entities(EntityKind::Notebook).first().name, QStringLiteral("notebooks/Shared/titanic_scoring"));
    QCOMPARE(document->path(publish), QStringLiteral("pipeline/PublishPythonSql.json"));
    QVERIFY(document->entityAt(QStringLiteral("pipeline/PublishPythonSql.json")) == publish);
    QVERIFY(document->content(QStringLiteral("notebooks/Shared/titanic_scoring.ipynb")).startsWith('{'));
    QCOMPARE(document->layout(publish.name).value(QStringLiteral("CopyStorageToSql")), QPointF(400, 120));
    QVERIFY(!hasErrors(document->problems()));
    QVERIFY(!document->isDirty());
}

void TestFactoryDocument::savingWhatWasOpenedWritesNothing()
{
    const FactoryFolder folder;
    const auto before = folder.files();
    {
        const auto document = folder.open();
        QVERIFY(document);
        for (const EntityKind kind : {EntityKind::Pipeline, EntityKind::Dataset, EntityKind::Trigger}) {
            for (const EntityRef &ref : document->entities(kind))
                document->setJson(ref, document->json(ref), QStringLiteral("Nothing"));
        }
        QCOMPARE(document->undoStack().count(), 0);
        VERIFY_OK(saveNow(*document));
    }
    QVERIFY(folder.files() == before);
    QVERIFY(!QFileInfo::exists(folder.path() + QStringLiteral("/.slipway/local")));
}

void TestFactoryDocument::editsAreSteps()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    const QByteArray before = document->content(document->path(publish));
    QSignalSpy changed(document.get(), &FactoryDocument::filesChanged);
    QSignalSpy entityChanged(document.get(), &FactoryDocument::entityChanged);
    document->setJson(publish, described(*document, publish, "Ünicode"), QStringLiteral("Edit description"));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(entityChanged.count(), 1);
    QVERIFY(document->isDirty(publish));
    QCOMPARE(document->factory().pipelines[publish.name].description, QStringLiteral("Ünicode"));
    const QByteArray after = document->content(document->path(publish));
    QVERIFY(after.contains("\t\t\"description\": \"Ünicode\",\n"));
    document->undoStack().undo();
    QCOMPARE(document->content(document->path(publish)), before);
    QVERIFY(!document->isDirty());
    document->undoStack().redo();
    QCOMPARE(document->content(document->path(publish)), after);
    QCOMPARE(document->undoStack().undoText(), QStringLiteral("Edit description"));
}

void TestFactoryDocument::stepsWithOneKeyBecomeOne()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    for (const char *text : {"a", "ab", "abc"})
        document->setJson(publish, described(*document, publish, text), QStringLiteral("Type"), QStringLiteral("k"));
    QCOMPARE(document->undoStack().count(), 1);
    document->setJson(publish, described(*document, publish, "abcd"), QStringLiteral("Type"), QStringLiteral("l"));
    QCOMPARE(document->undoStack().count(), 2);
    document->undoStack().setIndex(0);
    QVERIFY(!document->isDirty());
}

void TestFactoryDocument::saveWritesWhatDiffers()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    auto before = folder.files();
    document->setJson(publish, described(*document, publish, "new"), QStringLiteral("Edit"));
    VERIFY_OK(saveNow(*document));
    QVERIFY(!document->isDirty());
    before[document->path(publish)] = document->content(document->path(publish));
    QVERIFY(folder.files() == before);
}

void TestFactoryDocument::createsRenamesClonesAndRemoves()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    QSignalSpy added(document.get(), &FactoryDocument::entityAdded);
    QSignalSpy removed(document.get(), &FactoryDocument::entityRemoved);
    QSignalSpy renamed(document.get(), &FactoryDocument::entityRenamed);
    const auto clone = document->clone(publish);
    VERIFY_OK(clone);
    QCOMPARE(clone->name, QStringLiteral("Copy of PublishPythonSql"));
    QCOMPARE(added.count(), 1);
    QCOMPARE(document->layout(clone->name).size(), 2);
    VERIFY_OK(document->rename(publish, QStringLiteral("Publish")));
    QCOMPARE(renamed.count(), 1);
    QCOMPARE(removed.count(), 0);
    QCOMPARE(document->factory().triggers[QStringLiteral("TriggerEveryDay")].pipelines[0].pipeline,
             QStringLiteral("Publish"));
    document->remove({*clone});
    QCOMPARE(removed.count(), 1);
    document->undoStack().setIndex(0);
    QVERIFY(!document->isDirty());
    QVERIFY(document->contains(publish));
    QCOMPARE(renamed.count(), 2);
}

void TestFactoryDocument::writesANewFileAsTheOthersBesideIt()
{
    const FactoryFolder folder({{QStringLiteral("factory/f.json"), "{\n  \"name\": \"f\"\n}"},
                                {QStringLiteral("pipeline/Old.json"), "{\r\n  \"name\": \"Old\"\r\n}\r\n"}});
    const auto document = folder.open();
    VERIFY_OK(document->create(pipelineRef(QStringLiteral("New")), Json::object()));
    QCOMPARE(document->content(QStringLiteral("pipeline/New.json")), QByteArray("{\r\n  \"name\": \"New\"\r\n}\r\n"));
    VERIFY_OK(document->create(datasetRef(QStringLiteral("First")), Json::object())); // nothing beside it
    QCOMPARE(document->content(QStringLiteral("dataset/First.json")), QByteArray("{\n\t\"name\": \"First\"\n}"));
}

void TestFactoryDocument::keepsLayoutInItsFile()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    auto positions = document->layout(publish.name);
    positions[QStringLiteral("CopyStorageToSql")] = {480, 120.5};
    QSignalSpy moved(document.get(), &FactoryDocument::layoutChanged);
    document->edit(QStringLiteral("Move"), {document->changedLayout(publish.name, positions)});
    QCOMPARE(moved.count(), 1);
    QCOMPARE(document->layout(publish.name), positions);
    QVERIFY(
        document->content(QStringLiteral(".slipway/layout/PublishPythonSql.json")).contains("      \"y\": 120.5\n"));
}

#include "TestFactoryDocument.moc"
