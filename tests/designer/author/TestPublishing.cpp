#include "designer/author/PublishDialog.h"
#include "designer/author/UnpublishedChanges.h"

#include "tests/designer/author/OpenSample.h"
#include "tests/support/TestMain.h"

#include <QCryptographicHash>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>

using namespace designer;
using namespace engine;

namespace {

// What the engine tells of a version that has the sample's files as they are.
Json versionOf(const tests::OpenSample &sample, const FactoryDocument &document)
{
    Json files = Json::object();
    for (const QString &path : document.factory().files) {
        QFile file(sample.path(QStringLiteral("titanic/") + path));
        if (file.open(QIODevice::ReadOnly))
            files[toStdString(path)] =
                QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex().toStdString();
    }
    return Json{{"version", 1}, {"files", files}};
}

void describe(FactoryDocument &document, const char *text)
{
    const EntityRef ref{EntityKind::Pipeline, QStringLiteral("TrainTitanicModel")};
    Json json = document.json(ref);
    json["properties"]["description"] = text;
    document.setJson(ref, json, QStringLiteral("Describe"));
}

} // namespace

class TestPublishing : public QObject
{
    Q_OBJECT

private slots:
    void comparesByContent();
    void countsChangesOfTheDraft();
    void publishesTheSavedFolder();
    void showsWhyNothingWasPublished();
    void offersToStartTheEngineThatIsAway();
};

void TestPublishing::comparesByContent()
{
    using Change = UnpublishedChanges::Change;
    const QHash<QString, QString> published{{QStringLiteral("pipeline/A.json"), QStringLiteral("1")},
                                            {QStringLiteral("pipeline/B.json"), QStringLiteral("2")},
                                            {QStringLiteral(".slipway/layout/A.json"), QStringLiteral("3")}};
    const QHash<QString, QString> draft{{QStringLiteral("pipeline/A.json"), QStringLiteral("9")},
                                        {QStringLiteral("dataset/N.json"), QStringLiteral("4")},
                                        {QStringLiteral(".slipway/layout/A.json"), QStringLiteral("5")}};
    const QList<Change> expected{{Change::Kind::Added, QStringLiteral("dataset/N.json")},
                                 {Change::Kind::Edited, QStringLiteral("pipeline/A.json")},
                                 {Change::Kind::Deleted, QStringLiteral("pipeline/B.json")}};
    QCOMPARE(UnpublishedChanges::between(published, draft), expected);
}

void TestPublishing::countsChangesOfTheDraft()
{
    tests::OpenSample sample;
    sample.engine.on(QStringLiteral("GET /slipway/v1/factories/f1/versions/1"), versionOf(sample, sample.document()));
    UnpublishedChanges changes(sample.workbench);
    sample.workbench.registerFactory();
    QTRY_VERIFY(changes.isKnown());
    QTRY_COMPARE(changes.changes().size(), 0);
    describe(sample.document(), "new");
    QTRY_COMPARE(changes.changes().size(), 1);
    QCOMPARE(changes.changes().first().path, QStringLiteral("pipeline/TrainTitanicModel.json"));
}

void TestPublishing::publishesTheSavedFolder()
{
    tests::OpenSample sample;
    sample.engine.on(QStringLiteral("GET /slipway/v1/factories/f1/versions/1"), versionOf(sample, sample.document()));
    sample.engine.on(QStringLiteral("POST /slipway/v1/factories/f1/publish"), Json{{"version", 2}});
    UnpublishedChanges changes(sample.workbench);
    describe(sample.document(), "new");
    sample.workbench.registerFactory();
    QTRY_COMPARE(changes.changes().size(), 1);
    PublishDialog dialog(sample.workbench, changes);
    dialog.show();
    QCOMPARE(dialog.findChild<QListWidget *>()->count(), 1);
    dialog.findChild<QPushButton *>(QStringLiteral("publishConfirm"))->click();
    QTRY_COMPARE(dialog.publishedVersion(), 2);
    QVERIFY(!sample.document().isDirty());
    QFile written(sample.path(QStringLiteral("titanic/pipeline/TrainTitanicModel.json")));
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(written.readAll().contains("\"new\""));
}

void TestPublishing::showsWhyNothingWasPublished()
{
    tests::OpenSample sample(0);
    sample.engine.refuse(QStringLiteral("POST /slipway/v1/factories/f1/publish"),
                         {ErrorCode::InvalidInput, QStringLiteral("2 errors"), {}});
    UnpublishedChanges changes(sample.workbench);
    sample.workbench.registerFactory();
    QTRY_VERIFY(changes.isKnown() && !changes.changes().isEmpty());
    PublishDialog dialog(sample.workbench, changes);
    dialog.show();
    auto *const confirm = dialog.findChild<QPushButton *>(QStringLiteral("publishConfirm"));
    confirm->click();
    auto *const error = dialog.findChild<QLabel *>(QStringLiteral("publishError"));
    QTRY_VERIFY(error->isVisible());
    QCOMPARE(error->text(), QStringLiteral("2 errors"));
    QVERIFY(confirm->isEnabled());
    QCOMPARE(dialog.publishedVersion(), 0);
}

void TestPublishing::offersToStartTheEngineThatIsAway()
{
    tests::OpenSample sample(0);
    sample.engine.on(QStringLiteral("POST /slipway/v1/engine/stop"), Json::object());
    UnpublishedChanges changes(sample.workbench);
    sample.workbench.registerFactory();
    QTRY_VERIFY(changes.isKnown());
    PublishDialog dialog(sample.workbench, changes);
    dialog.show();
    auto *const start = dialog.findChild<QPushButton *>(QStringLiteral("publishStartEngine"));
    auto *const confirm = dialog.findChild<QPushButton *>(QStringLiteral("publishConfirm"));
    QVERIFY(!start->isVisible());
    QVERIFY(confirm->isEnabled());
    sample.connection.stop();
    // It is cut as soon as the answer to the stop is there.
    QTRY_VERIFY((sample.engine.lose({ErrorCode::Io, QStringLiteral("cut"), {}}), start->isVisible()));
    QVERIFY(!confirm->isEnabled());
    start->click();
    QTRY_VERIFY(!start->isVisible());
    QTRY_VERIFY(confirm->isEnabled());
}

SLIPWAY_TEST(TestPublishing)
#include "TestPublishing.moc"
