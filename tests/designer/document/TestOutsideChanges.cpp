#include "designer/document/FactoryDocument.h"

#include "tests/designer/document/DraftSteps.h"
#include "tests/designer/document/FactoryFolder.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QSignalSpy>

#include <csignal>
#include <sys/resource.h>

using namespace designer;
using namespace engine;
using namespace tests;

class TestOutsideChanges : public QObject
{
    Q_OBJECT

private slots:
    void cleanFilesFollowTheDisk();
    void changesSinceTheReadingAreNoticed();
    void filesComeAndGo();
    void filesInNewFoldersAreNoticed();
    void dirtyFilesAreInConflict();
    void aSaveNeverOverwritesWhatNobodySaw();
    void ownSavesAreNoChanges();
    void savesThatOverlapAreOneAfterTheOther();
    void notebooksAreReadAnew();
    void brokenFilesAreKept();
    void aFolderThatIsMovedIsNotMadeAnew();
    void aFullDiskLosesNothing();
};

SLIPWAY_TEST(TestOutsideChanges)

namespace {

const EntityRef publish = pipelineRef(QStringLiteral("PublishPythonSql"));
const QString publishFile = QStringLiteral("pipeline/PublishPythonSql.json");

QString description(const FactoryDocument &document, const EntityRef &ref)
{
    return stringAt(memberAt(document.json(ref), "properties"), "description");
}

void describe(FactoryDocument &document, const EntityRef &ref, const std::string &text)
{
    Json json = document.json(ref);
    json["properties"]["description"] = text;
    document.setJson(ref, json, QStringLiteral("Describe"));
}

QByteArray described(const FactoryFolder &folder, const QByteArray &text)
{
    return folder.read(publishFile).replace("Scores every passenger", text);
}

} // namespace

void TestOutsideChanges::cleanFilesFollowTheDisk()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    QSignalSpy changed(document.get(), &FactoryDocument::entityChanged);
    const QByteArray before = folder.read(publishFile);
    folder.write(publishFile, described(folder, "Somebody"));
    QTRY_VERIFY(description(*document, publish).startsWith(u"Somebody"));
    QVERIFY(!document->isDirty());
    QVERIFY(changed.count() >= 1);
    QCOMPARE(document->undoStack().count(), 1);
    document->undoStack().undo();
    QCOMPARE(document->content(publishFile), before);
    QVERIFY(document->isDirty(publish)); // mine is the older one now, and can be saved
    VERIFY_OK(saveNow(*document));
    QCOMPARE(folder.read(publishFile), before);
}

void TestOutsideChanges::aFullDiskLosesNothing()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    const QByteArray before = folder.read(publishFile);
    describe(*document, publish, "Mine");
    rlimit room{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &room), 0);
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit none = room;
    none.rlim_cur = 64; // bytes: writing more fails, as on a full disk
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &none), 0);
    const Result<> saved = saveNow(*document);
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &room), 0);
    std::signal(SIGXFSZ, oldHandler);
    QVERIFY(!saved);
    QVERIFY(saved.error().code == ErrorCode::Io);
    QCOMPARE(folder.read(publishFile), before);
    QVERIFY(document->isDirty(publish));
    VERIFY_OK(saveNow(*document));
    QVERIFY(folder.read(publishFile).contains("Mine"));
}

void TestOutsideChanges::aFolderThatIsMovedIsNotMadeAnew()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    QSignalSpy gone(document.get(), &FactoryDocument::folderGone);
    describe(*document, publish, "Mine");
    const QString elsewhere = folder.path() + QStringLiteral("-moved");
    QVERIFY(QDir().rename(folder.path(), elsewhere));
    QTRY_COMPARE_WITH_TIMEOUT(gone.count(), 1, 15000);
    QVERIFY(gone.first().first().toBool());
    const Result<> saved = saveNow(*document);
    QVERIFY(!saved);
    QVERIFY(saved.error().code == ErrorCode::NotFound);
    QVERIFY(!QDir(folder.path()).exists());
    QVERIFY(document->conflicts().isEmpty());
    QCOMPARE(description(*document, publish), QStringLiteral("Mine"));
    QVERIFY(QDir().rename(elsewhere, folder.path()));
    QTRY_COMPARE_WITH_TIMEOUT(gone.count(), 2, 15000);
    QVERIFY(!gone.last().first().toBool());
    VERIFY_OK(saveNow(*document));
    QVERIFY(folder.read(publishFile).contains("Mine"));
}

void TestOutsideChanges::changesSinceTheReadingAreNoticed()
{
    const FactoryFolder folder;
    const auto draft = FactoryDocument::readDraft(folder.path());
    VERIFY_OK(draft);
    folder.write(publishFile, described(folder, "Meanwhile"));
    FactoryDocument document(*draft);
    QTRY_VERIFY(description(document, publish).startsWith(u"Meanwhile"));
}

void TestOutsideChanges::filesComeAndGo()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    QSignalSpy added(document.get(), &FactoryDocument::entityAdded);
    QSignalSpy removed(document.get(), &FactoryDocument::entityRemoved);
    folder.write(QStringLiteral("pipeline/Neu.json"), R"({"name": "Neu", "properties": {"activities": []}})");
    QTRY_VERIFY(document->contains(pipelineRef(QStringLiteral("Neu"))));
    QCOMPARE(added.count(), 1);
    folder.remove(QStringLiteral("pipeline/Neu.json"));
    QTRY_VERIFY(!document->contains(pipelineRef(QStringLiteral("Neu"))));
    QCOMPARE(removed.count(), 1);
    QVERIFY(!document->isDirty());
    // As git does: another file takes the place of the old one.
    folder.write(QStringLiteral("new"), described(folder, "Replaced"));
    QVERIFY(QFile::remove(folder.path() + u'/' + publishFile));
    QVERIFY(QFile::rename(folder.path() + QStringLiteral("/new"), folder.path() + u'/' + publishFile));
    QTRY_VERIFY(description(*document, publish).startsWith(u"Replaced"));
    folder.write(publishFile, folder.read(publishFile).replace("Replaced", "Again")); // the new one is watched too
    QTRY_VERIFY(description(*document, publish).startsWith(u"Again"));
}

void TestOutsideChanges::filesInNewFoldersAreNoticed()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("notebooks/Neu/Leer")));
    folder.write(publishFile, described(folder, "Somebody"));
    QTRY_VERIFY(description(*document, publish).startsWith(u"Somebody")); // the new folder was looked at while empty
    QTest::qWait(500); // no look is to come any more that would find it by chance
    folder.write(QStringLiteral("notebooks/Neu/Leer/late.py"), "print(1)\n");
    QTRY_VERIFY(document->contains({EntityKind::Notebook, QStringLiteral("notebooks/Neu/Leer/late")}));
}

void TestOutsideChanges::dirtyFilesAreInConflict()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    QSignalSpy conflicts(document.get(), &FactoryDocument::conflictsChanged);
    describe(*document, publish, "mine");
    const QByteArray theirs = described(folder, "Theirs");
    folder.write(publishFile, theirs);
    QTRY_COMPARE(document->conflicts(), QStringList{publishFile});
    QCOMPARE(conflicts.count(), 1);
    COMPARE_NAMED(saveNow(*document).error().code, ErrorCode::Conflict);
    QCOMPARE(folder.read(publishFile), theirs);

    document->takeTheirs(publishFile);
    QVERIFY(document->conflicts().isEmpty());
    QVERIFY(!document->isDirty());
    QCOMPARE(document->content(publishFile), theirs);
    document->undoStack().undo();
    QCOMPARE(description(*document, publish), QStringLiteral("mine"));

    folder.remove(publishFile); // removed is a change as well
    QTRY_COMPARE(document->conflicts(), QStringList{publishFile});
    document->keepMine(publishFile);
    VERIFY_OK(saveNow(*document));
    QCOMPARE(folder.read(publishFile), document->content(publishFile));
    QVERIFY(!document->isDirty());
}

void TestOutsideChanges::aSaveNeverOverwritesWhatNobodySaw()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    describe(*document, publish, "mine");
    describe(*document, pipelineRef(QStringLiteral("TrainTitanicModel")), "mine too");
    const auto before = folder.files();
    const QByteArray theirs = described(folder, "Theirs");
    folder.write(publishFile, theirs); // and at once, before anything is noticed:
    const Result<> saved = saveNow(*document);
    QVERIFY(!saved);
    COMPARE_NAMED(saved.error().code, ErrorCode::Conflict);
    QVERIFY(saved.error().message.contains(publishFile));
    auto after = before;
    after[publishFile] = theirs;
    QVERIFY(folder.files() == after); // all or nothing
    QTRY_COMPARE(document->conflicts(), QStringList{publishFile});
}

void TestOutsideChanges::ownSavesAreNoChanges()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    for (int i = 0; i < 5; ++i) {
        describe(*document, publish, "save " + std::to_string(i));
        (void)document->create(pipelineRef(QStringLiteral("New%1").arg(i)), Json::object());
        VERIFY_OK(saveNow(*document));
    }
    folder.write(QStringLiteral("pipeline/Last.json"), R"({"name":"Last","properties":{}})"); // all before it was seen
    QTRY_VERIFY(document->contains(pipelineRef(QStringLiteral("Last"))));
    QCOMPARE(document->undoStack().count(), 11);
    QVERIFY(document->conflicts().isEmpty());
    QVERIFY(!document->isDirty());
}

void TestOutsideChanges::savesThatOverlapAreOneAfterTheOther()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    int good = 0;
    for (int i = 0; i < 10; ++i) {
        describe(*document, publish, "save " + std::to_string(i));
        document->save(document.get(), [&](const Result<> &result) { good += result.ok() ? 1 : 0; });
    }
    QTRY_COMPARE(good, 10);
    QVERIFY(!document->isDirty());
    QCOMPARE(folder.read(publishFile), document->content(publishFile));
}

void TestOutsideChanges::notebooksAreReadAnew()
{
    const FactoryFolder folder;
    const auto document = folder.open();
    const EntityRef notebook{EntityKind::Notebook, QStringLiteral("notebooks/Shared/titanic_scoring")};
    QSignalSpy changed(document.get(), &FactoryDocument::entityChanged);
    folder.write(document->path(notebook), "{\"cells\": []}");
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(document->content(document->path(notebook)), QByteArray("{\"cells\": []}"));
    QCOMPARE(document->undoStack().count(), 0);
    folder.write(QStringLiteral("notebooks/deep/er/new.py"), "print(1)");
    QTRY_VERIFY(document->contains({EntityKind::Notebook, QStringLiteral("notebooks/deep/er/new")}));
    folder.remove(document->path(notebook));
    QTRY_VERIFY(!document->contains(notebook));
    QVERIFY(!document->isDirty());
    QTRY_VERIFY(std::any_of(document->problems().cbegin(), document->problems().cend(), [](const Problem &problem) {
        return problem.code == u"MissingNotebook";
    }));
}

void TestOutsideChanges::brokenFilesAreKept()
{
    const FactoryFolder folder;
    const QByteArray broken = "{\"name\": \"Half\", \"properties\": {";
    const QByteArray binary("\xff\xfe\x00\x01\xc3\x28", 6);
    folder.write(QStringLiteral("pipeline/Half.json"), broken);
    folder.write(QStringLiteral("dataset/Binary.json"), binary);
    folder.write(QStringLiteral("pipeline/List.json"), "[1]");
    const auto document = folder.open();
    const auto has = [&](const QString &file) {
        return std::any_of(document->problems().cbegin(), document->problems().cend(), [&](const Problem &problem) {
            return problem.where.startsWith(file) && problem.code == u"InvalidJson";
        });
    };
    QVERIFY(has(QStringLiteral("pipeline/Half.json")));
    QVERIFY(has(QStringLiteral("dataset/Binary.json")));
    QVERIFY(has(QStringLiteral("pipeline/List.json")));
    const EntityRef half = pipelineRef(QStringLiteral("Half"));
    QVERIFY(document->contains(half));
    QVERIFY(document->json(half).is_null());
    QCOMPARE(document->content(document->path(half)), broken);
    VERIFY_OK(document->rename(publish, QStringLiteral("Other"))); // walks through all files
    const auto renamed = document->rename(half, QStringLiteral("Hälfte"));
    VERIFY_OK(renamed);
    VERIFY_OK(saveNow(*document));
    QCOMPARE(folder.read(QStringLiteral("pipeline/Hälfte.json")), broken);
    QCOMPARE(folder.read(QStringLiteral("dataset/Binary.json")), binary);
    document->edit(QStringLiteral("Repair"),
                   {{document->path(*renamed), QByteArray("{\"name\": \"Half\", \"properties\": {}}")}});
    QVERIFY(document->factory().pipelines.contains(QStringLiteral("Half")));
    QVERIFY(document->contains(half));
    document->checkNow();
    QTRY_VERIFY(!document->isChecking());
    QVERIFY(!has(QStringLiteral("pipeline/H")));
}

#include "TestOutsideChanges.moc"
