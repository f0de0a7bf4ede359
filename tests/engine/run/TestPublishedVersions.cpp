#include "tests/engine/run/PublishedFixture.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>

#include <algorithm>

using namespace engine;

class TestPublishedVersions : public QObject
{
    Q_OBJECT

private slots:
    void init() { m = std::make_unique<tests::PublishedFixture>(); }
    void cleanup() { m.reset(); }

    void knowsAFolderAgain();
    void givesACopyOfAFolderAnIdOfItsOwn();
    void followsAFolderThatMoved();
    void publishesTheFolderAsTheNextVersion();
    void publishesNothingWhenThereAreErrors();
    void publishesBesideWhatCannotRunHere();
    void asksForTheKernelsOfThisMachine();
    void checksWithoutPublishing();
    void countsNoLayoutAsAChange();
    void keepsWhatWasPublishedWhenTheFolderChanges();
    void restoresAnOlderVersionAsANewOne();
    void keepsADraftOnceAndApart();
    void explainsWhatIsNotThere();

private:
    std::unique_ptr<tests::PublishedFixture> m;
};

void TestPublishedVersions::knowsAFolderAgain()
{
    const Result<FactoryRecord> again = m->registerFolder(m->factoryFolder + QStringLiteral("/./"));
    VERIFY_OK(again);
    QCOMPARE(*again, m->factory);
    QVERIFY(QFile::exists(m->factoryFolder + QStringLiteral("/.slipway/.gitignore")));
}

void TestPublishedVersions::givesACopyOfAFolderAnIdOfItsOwn()
{
    const QString copy = m->folder.filePath(QStringLiteral("copy"));
    QVERIFY(QDir().mkpath(copy + QStringLiteral("/.slipway/local")));
    QVERIFY(QFile::copy(m->factoryFolder + QStringLiteral("/.slipway/local/factory-id"),
                        copy + QStringLiteral("/.slipway/local/factory-id")));
    const Result<FactoryRecord> other = m->registerFolder(copy);
    VERIFY_OK(other);
    QVERIFY(other->id != m->factory.id);
    QCOMPARE(m->registerFolder(m->factoryFolder)->id, m->factory.id);
}

void TestPublishedVersions::followsAFolderThatMoved()
{
    VERIFY_OK(m->publish());
    const QString moved = m->folder.filePath(QStringLiteral("moved"));
    QVERIFY(QDir().rename(m->factoryFolder, moved));
    const Result<FactoryRecord> record = m->registerFolder(moved);
    VERIFY_OK(record);
    QCOMPARE(record->id, m->factory.id);
    QCOMPARE(record->path, moved);
    QCOMPARE(m->versions->load(record->id)->record.path, moved);
}

void TestPublishedVersions::publishesTheFolderAsTheNextVersion()
{
    QSignalSpy published(m->versions.get(), &PublishedVersions::published);
    const Result<Publication> first = m->publish(QStringLiteral("first"));
    VERIFY_OK(first);
    QCOMPARE(first->version.number, 1);
    QCOMPARE(first->version.comment, QStringLiteral("first"));
    QCOMPARE(published.count(), 1);
    m->pipeline(QStringLiteral("Q"), 0);
    QVERIFY(QFile::remove(m->factoryFolder + QStringLiteral("/pipeline/P.json")));
    const Result<Publication> second = m->publish();
    VERIFY_OK(second);
    QCOMPARE(second->version.number, 2);
    QStringList changes;
    for (const Change &change : second->changes)
        changes.append(toString(change.kind) + u' ' + change.path);
    QCOMPARE(changes,
             (QStringList{QStringLiteral("Added pipeline/Q.json"), QStringLiteral("Deleted pipeline/P.json")}));
    QVERIFY(m->versions->load(m->factory.id)->factory->pipelines.contains(QStringLiteral("Q")));
}

void TestPublishedVersions::publishesNothingWhenThereAreErrors()
{
    VERIFY_OK(m->publish());
    m->write(QStringLiteral("pipeline/Bad.json"), "{");
    const Result<Publication> refused = m->publish();
    QVERIFY(!refused);
    COMPARE_NAMED(refused.error().code, ErrorCode::InvalidInput);
    QVERIFY(hasErrors(m->problems));
    QCOMPARE(m->versions->load(m->factory.id)->version, 1);
}

// A factory of a hundred pipelines is not held up by the one that needs a cloud.
void TestPublishedVersions::publishesBesideWhatCannotRunHere()
{
    m->write(QStringLiteral("pipeline/Flow.json"),
             R"({"name":"Flow","properties":{"activities":[
                {"name":"F","type":"ExecuteDataFlow","typeProperties":{"dataFlow":{"referenceName":"D"}}}]}})");
    VERIFY_OK(m->publish());
    const auto published = m->versions->load(m->factory.id);
    QVERIFY(published->factory->pipelines.contains(QStringLiteral("Flow")));
    const Json none = Json::object();
    const auto plan = [&](const char *name) {
        return makeRunPlan(published->factory, published->files, m->factoryFolder, {QLatin1String(name), none});
    };
    VERIFY_OK(plan("P"));
    const auto refused = plan("Flow");
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.contains(u"ExecuteDataFlow"), qPrintable(refused.error().message));
    QVERIFY(hasErrors(m->problems));
}

void TestPublishedVersions::asksForTheKernelsOfThisMachine()
{
    m->notebookPipeline(QStringLiteral("Notes"));
    m->kernels = QStringList{QStringLiteral("ir")};
    QVERIFY(!m->publish());
    QCOMPARE(m->problems.size(), 1);
    QCOMPARE(m->problems[0].code, QStringLiteral("MissingKernel"));
    QCOMPARE(m->problems[0].line, 6);
    QVERIFY2(m->problems[0].message.contains(u"\"python3\""), qPrintable(m->problems[0].message));
    m->kernels = QStringList{QStringLiteral("python3")};
    VERIFY_OK(m->publish());
}

void TestPublishedVersions::checksWithoutPublishing()
{
    const auto check = [this](const QMap<QString, QByteArray> &unsaved) {
        std::optional<Result<QList<Problem>>> answer;
        m->versions->check(m->factory.id, unsaved, this, [&answer](const auto &found) { answer = found; });
        [&] { QTRY_VERIFY(answer.has_value()); }();
        return answer->ok() ? **answer : QList<Problem>();
    };
    QVERIFY(!hasErrors(check({})));
    m->notebookPipeline(QStringLiteral("Notes"));
    m->kernels = QStringList{};
    const QList<Problem> missing = check({});
    QCOMPARE(missing.size(), 1);
    QCOMPARE(missing[0].code, QStringLiteral("MissingKernel"));
    QVERIFY(!m->publish());
    QCOMPARE(m->problems, missing);
    const QList<Problem> unsaved = check({{QStringLiteral("pipeline/P.json"), "{\n \"name\": }"}});
    QCOMPARE(unsaved.size(), 2);
    QCOMPARE(unsaved[1].where, QStringLiteral("pipeline/P.json:2:10"));
    QVERIFY(m->journal->versions(m->factory.id)->isEmpty());
}

void TestPublishedVersions::countsNoLayoutAsAChange()
{
    VERIFY_OK(m->publish());
    m->write(QStringLiteral(".slipway/layout/P.json"), R"({"A":{"x":1,"y":2}})");
    const Result<Publication> second = m->publish();
    VERIFY_OK(second);
    QVERIFY(second->changes.isEmpty());
}

void TestPublishedVersions::keepsWhatWasPublishedWhenTheFolderChanges()
{
    VERIFY_OK(m->publish());
    m->write(QStringLiteral("pipeline/P.json"), "not json at all");
    const Result<PublishedFactory> loaded = m->versions->load(m->factory.id);
    VERIFY_OK(loaded);
    QVERIFY(loaded->factory->pipelines.contains(QStringLiteral("P")));
    VERIFY_OK(loaded->files->read(QStringLiteral("pipeline/P.json")));
    QVERIFY(!loaded->files->read(QStringLiteral("../secrets")));
}

void TestPublishedVersions::restoresAnOlderVersionAsANewOne()
{
    VERIFY_OK(m->publish());
    m->pipeline(QStringLiteral("Q"), 0);
    VERIFY_OK(m->publish());
    std::optional<Result<VersionRecord>> answer;
    m->versions->restore(
        m->factory.id, 1, this, [&answer](Result<VersionRecord> version) { answer = std::move(version); });
    QTRY_VERIFY(answer.has_value());
    VERIFY_OK(*answer);
    QCOMPARE((*answer)->number, 3);
    QCOMPARE((*answer)->restoredFrom, 1);
    const Result<PublishedFactory> loaded = m->versions->load(m->factory.id);
    QCOMPARE(loaded->version, 3);
    QVERIFY(!loaded->factory->pipelines.contains(QStringLiteral("Q")));
}

void TestPublishedVersions::keepsADraftOnceAndApart()
{
    const auto keep = [this](const QMap<QString, QByteArray> &unsaved = {}) {
        std::optional<Result<PublishedFactory>> kept;
        m->versions->keepDraft(
            m->factory.id, unsaved, this, [&kept](const Result<PublishedFactory> &draft) { kept = draft; });
        [&] { QTRY_VERIFY(kept.has_value()); }();
        return kept->ok() ? (*kept)->version : 0;
    };
    QCOMPARE(keep(), -1);
    QCOMPARE(keep(), -1); // the same content
    m->pipeline(QStringLiteral("Q"), 0);
    QCOMPARE(keep(), -2);
    QCOMPARE(keep({{QStringLiteral("pipeline/R.json"), R"({"name":"R","properties":{"activities":[]}})"}}), -3);
    QVERIFY(m->versions->load(m->factory.id, -3)->factory->pipelines.contains(QStringLiteral("R")));
    QVERIFY(!m->versions->load(m->factory.id, -2)->factory->pipelines.contains(QStringLiteral("R")));
    const Result<Publication> first = m->publish(); // drafts count for nothing
    VERIFY_OK(first);
    QCOMPARE(first->version.number, 1);
    QCOMPARE(m->journal->versions(m->factory.id)->size(), 1);
    m->write(QStringLiteral("pipeline/Bad.json"), "{");
    QCOMPARE(keep(), -4); // what a run needs is checked when it is planned
}

void TestPublishedVersions::explainsWhatIsNotThere()
{
    COMPARE_NAMED(m->registerFolder(QStringLiteral("/nowhere/at/all")).error().code, ErrorCode::NotFound);
    COMPARE_NAMED(m->versions->load(m->factory.id).error().code, ErrorCode::NotFound);
    QVERIFY(m->versions->load(m->factory.id).error().message.contains(u"publish"));
    COMPARE_NAMED(m->versions->factory(QStringLiteral("other")).error().code, ErrorCode::NotFound);
    std::optional<Result<VersionRecord>> answer;
    m->versions->restore(
        m->factory.id, 7, this, [&answer](Result<VersionRecord> version) { answer = std::move(version); });
    QTRY_VERIFY(answer.has_value());
    COMPARE_NAMED(answer->error().code, ErrorCode::NotFound);
}

SLIPWAY_TEST(TestPublishedVersions)

#include "TestPublishedVersions.moc"
