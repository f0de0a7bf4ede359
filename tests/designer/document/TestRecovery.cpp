#include "designer/document/FactoryDocument.h"

#include "tests/designer/document/DraftSteps.h"
#include "tests/designer/document/FactoryFolder.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QSignalSpy>

#include <csignal>
#include <unistd.h>

using namespace designer;
using namespace engine;
using namespace tests;

class TestRecovery : public QObject
{
    Q_OBJECT

private slots:
    void killLosesTheLastGestureAtMost();
    void bringsBackTheUndoList();
    void nothingIsLeftAfterACleanEnd();
    void whatWasSavedIsNotOffered();
    void discardedStepsDoNotComeBack();
    void undecidedStepsStayForTheNextWindow();
    void editsMadeBeforeTheDecisionAreKept();
    void saysWhatSomebodyChangedSince();
    void aTornLineIsLeftOut();
    void leadsNeverOutOfTheFactory();
    void aSecondWindowIsTold();
    void survivesAFolderThatCannotBeWritten();

private:
    static QString probe() { return QCoreApplication::applicationDirPath() + QStringLiteral("/document_probe"); }
};

SLIPWAY_TEST(TestRecovery)

namespace {

const QString journalFile = QStringLiteral(".slipway/local/journal.jsonl");
const EntityRef publish = pipelineRef(QStringLiteral("PublishPythonSql"));
const EntityRef train = pipelineRef(QStringLiteral("TrainTitanicModel"));

void describe(FactoryDocument &document, const EntityRef &ref, const char *text, const QString &key = {})
{
    Json json = document.json(ref);
    json["properties"]["description"] = text;
    document.setJson(ref, json, QStringLiteral("Describe as %1").arg(QString::fromUtf8(text)), key);
}

// Lets the window end as kill -9 would: the journal stays, with all that was written until then.
void crash(const FactoryFolder &folder, std::unique_ptr<FactoryDocument> &document)
{
    const QString path = folder.path() + u'/' + journalFile;
    const QString kept = folder.path() + QStringLiteral("/kept");
    const auto link = [&] { return ::link(qPrintable(path), qPrintable(kept)) == 0 || QFile::exists(kept); };
    QTRY_VERIFY(link()); // under another name the end of the window does not remove it
    document.reset();
    QByteArray journal = folder.read(QStringLiteral("kept"));
    const QByteArray end = "{\"op\":\"ended\"}\n";
    if (journal.endsWith(end))
        journal.chop(end.size());
    folder.remove(QStringLiteral("kept"));
    folder.write(journalFile, journal);
}

} // namespace

void TestRecovery::killLosesTheLastGestureAtMost()
{
    const WatchedApplication::Pause pause; // what a test does in one go
    for (quint32 round = 0; round < 8; ++round) {
        const FactoryFolder folder;
        const FactoryFolder twin; // where the same gestures are made without a crash
        const auto expected = twin.open();
        QVERIFY(expected);
        const quint32 seed = QRandomGenerator::global()->generate();
        QRandomGenerator random(seed);
        QList<QByteArray> states{stateOf(*expected)}; // after each gesture that changed something

        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(probe(), {QStringLiteral("edit"), folder.path(), QString::number(seed)});
        const int enough = QRandomGenerator::global()->bounded(1, 120);
        QByteArray heard;
        while (heard.count('\n') <= enough && process.waitForReadyRead(20'000))
            heard += process.readAll();
        ::kill(pid_t(process.processId()), SIGKILL);
        QVERIFY(process.waitForFinished());
        heard += process.readAll();
        const int steps = int(heard.count("step "));
        QVERIFY(steps >= enough);
        const auto follow = [&] {
            randomStep(*expected, random);
            if (const QByteArray state = stateOf(*expected); state != states.last())
                states.append(state);
        };
        for (int step = 0; step < steps; ++step)
            follow();
        const qsizetype last = states.size() - 1; // the last one that was said
        follow(); // one may have been under way

        const auto document = folder.open();
        QVERIFY(document);
        document->recover();
        const QByteArray state = stateOf(*document);
        const qsizetype back = states.lastIndexOf(state);
        QVERIFY2(back >= std::max(last - 1, qsizetype(0)),
                 qPrintable(QStringLiteral("seed %1: back at %2 of %3").arg(seed).arg(back).arg(last)));
        QVERIFY(document->conflicts().isEmpty());
        VERIFY_OK(saveNow(*document));
        QVERIFY(!document->isDirty());
    }
}

void TestRecovery::bringsBackTheUndoList()
{
    const FactoryFolder folder;
    auto document = folder.open();
    const QByteArray empty = stateOf(*document);
    describe(*document, publish, "one");
    VERIFY_OK(document->rename(publish, QStringLiteral("Publish 🚢")));
    const EntityRef renamed = pipelineRef(QStringLiteral("Publish 🚢"));
    describe(*document, renamed, "tw", QStringLiteral("k"));
    describe(*document, renamed, "two", QStringLiteral("k"));
    describe(*document, train, "three");
    document->undoStack().undo();
    const QByteArray state = stateOf(*document);
    crash(folder, document);

    document = folder.open();
    const auto recovery = document->recovery();
    QVERIFY(recovery);
    QCOMPARE(recovery->steps, 3);
    QCOMPARE(recovery->titles.first(), QStringLiteral("Describe as one"));
    QVERIFY(recovery->changedSince.isEmpty());
    QVERIFY(std::chrono::abs(recovery->last - std::chrono::floor<Millis>(std::chrono::system_clock::now()))
            < std::chrono::minutes(1));
    QCOMPARE(stateOf(*document), empty); // until it is asked for
    document->recover();
    QVERIFY(!document->recovery());
    QCOMPARE(stateOf(*document), state);
    QCOMPARE(document->undoStack().count(), 4);
    QCOMPARE(document->undoStack().index(), 3);
    QCOMPARE(document->undoStack().redoText(), QStringLiteral("Describe as three"));
    document->undoStack().redo();
    QCOMPARE(stringAt(document->json(train)["properties"], "description"), QStringLiteral("three"));
    document->undoStack().setIndex(0);
    QCOMPARE(stateOf(*document), empty);
    QVERIFY(!document->isDirty());

    document->undoStack().setIndex(3); // and once more: the window that recovered crashes too
    crash(folder, document);
    document = folder.open();
    QVERIFY(document->recovery());
    document->recover();
    QCOMPARE(stateOf(*document), state);
    QCOMPARE(document->undoStack().index(), 3);
}

void TestRecovery::nothingIsLeftAfterACleanEnd()
{
    const FactoryFolder folder;
    {
        const auto document = folder.open();
        describe(*document, publish, "one");
        QTRY_VERIFY(!folder.read(journalFile).isEmpty());
    }
    QVERIFY(!QFile::exists(folder.path() + u'/' + journalFile));
    QVERIFY(!folder.open()->recovery());
}

void TestRecovery::whatWasSavedIsNotOffered()
{
    const FactoryFolder folder;
    auto document = folder.open();
    describe(*document, publish, "one");
    VERIFY_OK(saveNow(*document));
    crash(folder, document);
    document = folder.open();
    QVERIFY(!document->recovery());

    describe(*document, publish, "two");
    VERIFY_OK(saveNow(*document));
    describe(*document, publish, "three");
    crash(folder, document);
    document = folder.open();
    QVERIFY(document->recovery());
    QCOMPARE(document->recovery()->titles, QStringList{QStringLiteral("Describe as three")});
    document->recover();
    QCOMPARE(document->undoStack().count(), 2); // what was saved can be undone too
    document->undoStack().undo();
    QVERIFY(!document->isDirty());
}

void TestRecovery::discardedStepsDoNotComeBack()
{
    const FactoryFolder folder;
    auto document = folder.open();
    describe(*document, publish, "one");
    crash(folder, document);
    document = folder.open();
    document->discardRecovery();
    QVERIFY(!document->recovery());
    document.reset();
    QVERIFY(!folder.open()->recovery());

    document = folder.open();
    describe(*document, publish, "one");
    crash(folder, document);
    document = folder.open();
    describe(*document, train, "own");
    document->discardRecovery();
    crash(folder, document);
    document = folder.open();
    QVERIFY(document->recovery());
    QCOMPARE(document->recovery()->titles, QStringList{QStringLiteral("Describe as own")});
}

void TestRecovery::undecidedStepsStayForTheNextWindow()
{
    const FactoryFolder folder;
    auto document = folder.open();
    describe(*document, publish, "one");
    crash(folder, document);
    folder.open().reset(); // looked, said nothing
    document = folder.open();
    QVERIFY(document->recovery());
    describe(*document, train, "meanwhile"); // edited, undone, still nothing said
    document->undoStack().undo();
    document.reset();
    document = folder.open();
    QVERIFY(document->recovery());
    QCOMPARE(document->recovery()->titles, QStringList{QStringLiteral("Describe as one")});
}

void TestRecovery::editsMadeBeforeTheDecisionAreKept()
{
    const FactoryFolder folder;
    auto document = folder.open();
    describe(*document, publish, "one");
    crash(folder, document);
    document = folder.open();
    describe(*document, train, "own");
    describe(*document, publish, "other");
    const QByteArray own = document->content(document->path(publish));
    document->recover();
    QCOMPARE(stringAt(document->json(train)["properties"], "description"), QStringLiteral("own"));
    QCOMPARE(stringAt(document->json(publish)["properties"], "description"), QStringLiteral("one"));
    document->undoStack().undo();
    QCOMPARE(document->content(document->path(publish)), own);
    document->undoStack().redo();
    const QByteArray state = stateOf(*document);
    crash(folder, document);
    document = folder.open();
    document->recover();
    QCOMPARE(stateOf(*document), state);
    document->undoStack().setIndex(0);
    QVERIFY(!document->isDirty());
}

void TestRecovery::saysWhatSomebodyChangedSince()
{
    const FactoryFolder folder;
    auto document = folder.open();
    const QString path = document->path(publish);
    describe(*document, publish, "mine");
    describe(*document, train, "mine");
    const QByteArray mine = document->content(path);
    crash(folder, document);
    const QByteArray theirs = folder.read(path).replace("Scores every", "Scores all");
    folder.write(path, theirs);
    document = folder.open();
    QVERIFY(document->recovery());
    QCOMPARE(document->recovery()->changedSince, QStringList{path});
    document->recover();
    QCOMPARE(document->content(path), mine);
    QCOMPARE(document->conflicts(), QStringList{path});
    COMPARE_NAMED(saveNow(*document).error().code, ErrorCode::Conflict);
    QCOMPARE(folder.read(path), theirs);
    document->keepMine(path);
    VERIFY_OK(saveNow(*document));
    QCOMPARE(folder.read(path), mine);
}

void TestRecovery::aTornLineIsLeftOut()
{
    const FactoryFolder folder;
    auto document = folder.open();
    describe(*document, publish, "one");
    describe(*document, publish, "two");
    crash(folder, document);
    const QByteArray journal = folder.read(journalFile);
    for (const qsizetype cut : {qsizetype(1), qsizetype(2), qsizetype(30)}) {
        folder.write(journalFile, journal.chopped(cut));
        document = folder.open();
        QVERIFY(document->recovery());
        QCOMPARE(document->recovery()->steps, cut == 1 ? 2 : 1);
        document.reset();
    }
    for (const char *rubbish :
         {"", "\n\n", "{}", "null\n[1]\n", "{\"op\":\"push\",\"files\":[{\"path\":\"a\",\"at\":9}]}\n"}) {
        folder.write(journalFile, rubbish);
        document = folder.open();
        QVERIFY(document);
        QVERIFY(!document->recovery());
    }
}

void TestRecovery::leadsNeverOutOfTheFactory()
{
    const FactoryFolder folder;
    for (const char *path : {"../outside.json", "/etc/x.json", "pipeline/../../x.json", ""}) {
        const Json push = {{"op", "push"},
                           {"title", "evil"},
                           {"key", ""},
                           {"time", 1},
                           {"files", {{{"path", path}, {"before", nullptr}, {"after", {{"text", "x"}}}}}}};
        folder.write(journalFile, toCompact({{"op", "begin"}}) + '\n' + toCompact(push) + '\n');
        QVERIFY(!folder.open()->recovery());
    }
}

void TestRecovery::aSecondWindowIsTold()
{
    const FactoryFolder folder;
    auto first = folder.open();
    describe(*first, publish, "one");
    auto second = folder.open();
    QVERIFY(second);
    QVERIFY(second->isReadOnly());
    QVERIFY(second->readOnlyReason().contains(QString::number(QCoreApplication::applicationPid())));
    QVERIFY(!second->recovery()); // it is no crash
    QSignalSpy failed(second.get(), &FactoryDocument::journalFailed);
    describe(*second, train, "two");
    describe(*second, train, "three");
    QTRY_COMPARE(failed.count(), 1);
    COMPARE_NAMED(saveNow(*second).error().code, ErrorCode::Conflict);
    VERIFY_OK(saveNow(*first));
    first.reset();
    QVERIFY(!second->isReadOnly());
    VERIFY_OK(saveNow(*second));
}

void TestRecovery::survivesAFolderThatCannotBeWritten()
{
    const FactoryFolder folder;
    const FactoryFolder &place = folder;
    const auto readable =
        QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther;
    QFile::setPermissions(place.path(), readable);
    for (const char *inner : {"pipeline", ".slipway"})
        QFile::setPermissions(place.path() + u'/' + QLatin1String(inner), readable);
    const auto before = folder.files();
    QProcess process;
    const QString nobody = ::geteuid() == 0 ? QStringLiteral("65534") : QString::number(::geteuid());
    process.start(probe(), {QStringLiteral("save"), folder.path(), nobody});
    QVERIFY(process.waitForFinished(20'000));
    const QString said = QString::fromUtf8(process.readAll());
    QVERIFY2(said.contains(u"read-only\n"), qPrintable(said));
    QVERIFY2(said.contains(u"journal Steps that are not saved"), qPrintable(said));
    QVERIFY2(said.contains(u"refused The folder"), qPrintable(said));
    QVERIFY(folder.files() == before);
    for (const char *inner : {"", "pipeline", ".slipway"})
        QFile::setPermissions(place.path() + u'/' + QLatin1String(inner),
                              QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

#include "TestRecovery.moc"
