#include "engine/sqlite/Transaction.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

class TestCopyJob : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<CopyFixture>(); }
    void replacesTheRows();
    void appendsWithoutScript();
    void countsTheRowsOfTheTableAgain();
    void packedFilesOfAFolderArriveOrNone();
    void titanicColumnsArriveTyped();
    void outputIsThatOfDataFactory();
    void progressTellsPhasesInOrder();
    void failureKeepsTheOldRows_data();
    void failureKeepsTheOldRows();
    void badRowNamesFileLineColumnAndValue();
    void emptySourceIsRefusedBeforeTheScript();
    void emptySourceIsAllowedWhenMeant();
    void sourceChangedDuringReadRollsBack();
    void cancelLeavesTheSinkAsItWas_data();
    void cancelLeavesTheSinkAsItWas();
    void lockedDatabaseIsTransient();
    void sameLoadTwiceIsLoadedOnce();
    void lookUpTellsWhetherALoadArrived();
    void commitThatCannotBeRecordedRollsBack();
    void intentIsWhatGetsCommitted();

private:
    QString refusal(const CopyOutcome &outcome) const
    {
        return outcome.error.errorCode + QStringLiteral(": ") + outcome.error.message;
    }

    std::unique_ptr<CopyFixture> m_fixture;
    const QString m_old = QStringLiteral("-1:old -2:older");
};

SLIPWAY_TEST(TestCopyJob)

void TestCopyJob::replacesTheRows()
{
    m_fixture->write("in.csv", "b,a,unknown\nten,10,x\n\"with, comma\",11,y\n,12,z\n");
    const CopyOutcome outcome = copyNow(m_fixture->plan("in.csv"));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsRead, 3);
    QCOMPARE(outcome.counts.rowsCopied, 3);
    QCOMPARE(outcome.counts.rowsSkipped, 0);
    QVERIFY(outcome.error.isEmpty());
    const QString last = m_fixture->text("SELECT quote(b) FROM t WHERE a = 12");
    QVERIFY2(last == u"NULL" || last == u"''", qPrintable(last)); // as the dataset's nullValue says
    QCOMPARE(m_fixture->text("SELECT group_concat(a || b, ';') FROM t WHERE a < 12"),
             QStringLiteral("10ten;11with, comma"));
    QCOMPARE(QString::fromStdString(outcome.output["slipway"]["ignoredColumns"][0].get<std::string>()),
             QStringLiteral("unknown"));
    QCOMPARE(outcome.output["slipway"]["preCopyScriptRows"].get<int>(), 2);
}

void TestCopyJob::appendsWithoutScript()
{
    m_fixture->writeRows("in.csv", 2);
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.preCopyScript.clear();
    for (int i = 0; i < 2; ++i)
        QVERIFY(copyNow(plan).status == Status::Succeeded);
    QCOMPARE(m_fixture->rows(), QStringLiteral("-1:old -2:older 1:row 1 2:row 2 1:row 1 2:row 2"));
}

void TestCopyJob::packedFilesOfAFolderArriveOrNone()
{
    QVERIFY(QDir().mkpath(m_fixture->path("in/deep")));
    m_fixture->write("in/deep/a.csv", QByteArray("a,b\n1,\xE4\n"));
    m_fixture->write("in/b.csv", QByteArray("a,b\n2,\x80\n"));
    m_fixture->write("in/notes.txt", "no rows");
    QCOMPARE(QProcess::execute(QStringLiteral("gzip"), {m_fixture->path("in/deep/a.csv"), m_fixture->path("in/b.csv")}),
             0);
    CopyPlan plan = m_fixture->plan("in");
    auto &source = std::get<CsvFileSource>(plan.source);
    source.format.compression = FileCompression::Gzip;
    source.format.encoding = QStringLiteral("windows-1252");
    source.files = FileSet{.root = m_fixture->path(""),
                           .path = QStringLiteral("in"),
                           .choice = {.folder = QStringLiteral("in"), .wildcardName = QStringLiteral("*.gz")}};
    const CopyOutcome outcome = copyNow(plan);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(m_fixture->rows(), QStringLiteral("2:€ 1:ä"));
    QCOMPARE(outcome.output["filesRead"].get<int>(), 2);
    QCOMPARE(outcome.output["dataRead"].get<qint64>(),
             QFileInfo(m_fixture->path("in/b.csv.gz")).size() + QFileInfo(m_fixture->path("in/deep/a.csv.gz")).size());
    // The second file is cut off: no row of the first one is left.
    QFile cut(m_fixture->path("in/deep/a.csv.gz"));
    QVERIFY(cut.resize(cut.size() - 4));
    const CopyOutcome failed = copyNow(plan);
    QVERIFY(failed.status == Status::Failed);
    QVERIFY2(failed.error.message.contains(QStringLiteral("in/deep/a.csv.gz")), qPrintable(failed.error.message));
    QCOMPARE(m_fixture->rows(), QStringLiteral("2:€ 1:ä"));
}

void TestCopyJob::titanicColumnsArriveTyped()
{
    m_fixture->execute("CREATE TABLE titanic_predictions(survived INTEGER, pclass INTEGER, is_female INTEGER, is_male "
                       "INTEGER, age REAL, "
                       "sibsp INTEGER, parch INTEGER, fare REAL, embarkation REAL, predictions INTEGER)");
    m_fixture->write("output.csv",
                     "survived,pclass,is_female,is_male,age,sibsp,parch,fare,embarkation,predictions\n"
                     "1,1,1,0,29.0,0,0,211.3375,1.0,1\n1,1,0,1,0.9167,1,2,151.55,1.0,0\n0,3,0,1,30,0,0,,,0\n");
    CopyPlan plan = m_fixture->plan("output.csv", "titanic_predictions");
    const QStringList names =
        QStringLiteral("survived pclass is_female is_male age sibsp parch fare embarkation predictions").split(u' ');
    for (const QString &name : names) {
        ColumnMapping mapping;
        mapping.sourceName = name;
        mapping.sinkName = name;
        mapping.sinkType =
            name == u"age" || name == u"fare" || name == u"embarkation" ? InterimType::Double : InterimType::Int64;
        plan.mappings += mapping;
    }
    const CopyOutcome outcome = copyNow(plan);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(
        m_fixture->text(
            "SELECT group_concat(survived || '|' || typeof(survived) || '|' || age || '|' || typeof(age) || '|' || "
            "coalesce(fare, 'NULL'), ' ') FROM titanic_predictions"),
        QStringLiteral("1|integer|29.0|real|211.3375 1|integer|0.9167|real|151.55 0|integer|30.0|real|NULL"));
}

void TestCopyJob::outputIsThatOfDataFactory()
{
    m_fixture->writeRows("in.csv", 5000);
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.sourceService = QStringLiteral("AzureBlobStorage");
    plan.sinkService = QStringLiteral("AzureSqlDatabase");
    const CopyOutcome outcome = copyNow(plan);
    const Json &output = outcome.output;
    QCOMPARE(output["rowsRead"].get<int>(), 5000);
    QCOMPARE(output["rowsCopied"].get<int>(), 5000);
    QCOMPARE(output["dataRead"].get<qint64>(), QFile(m_fixture->path("in.csv")).size());
    QVERIFY(output["dataWritten"].get<qint64>() > 0);
    QCOMPARE(output["filesRead"].get<int>(), 1);
    QVERIFY(output["copyDuration"].get<double>() > 0);
    QVERIFY(output["throughput"].get<double>() > 0);
    QVERIFY(output["errors"].empty());
    const Json &details = output["executionDetails"][0];
    QCOMPARE(QString::fromStdString(details["status"].get<std::string>()), QStringLiteral("Succeeded"));
    QCOMPARE(QString::fromStdString(details["source"]["type"].get<std::string>()), QStringLiteral("AzureBlobStorage"));
    QCOMPARE(QString::fromStdString(details["sink"]["type"].get<std::string>()), QStringLiteral("AzureSqlDatabase"));
    for (const char *duration : {"queuingDuration", "preCopyScriptDuration", "timeToFirstByte", "transferDuration"})
        QVERIFY2(details["detailedDurations"].contains(duration), duration);
    QVERIFY(details["detailedDurations"]["transferDuration"].get<double>() > 0);
    QVERIFY(details["profile"]["transfer"]["details"]["writingToSink"]["workingDuration"].get<double>() > 0);

    m_fixture->write("bad.csv", "a,b\n1,x\nyes,y\n");
    const CopyOutcome failed = copyNow(m_fixture->plan("bad.csv"));
    QCOMPARE(failed.output["rowsCopied"].get<int>(), 0);
    QCOMPARE(QString::fromStdString(failed.output["errors"][0]["Code"].get<std::string>()), failed.error.errorCode);
    QCOMPARE(QString::fromStdString(failed.output["executionDetails"][0]["status"].get<std::string>()),
             QStringLiteral("Failed"));
}

void TestCopyJob::progressTellsPhasesInOrder()
{
    m_fixture->writeRows("in.csv", 30000);
    QStringList phases;
    qint64 copied = 0;
    bool isSteady = true;
    CopyHooks hooks;
    hooks.progress = [&](const CopyProgress &progress) {
        if (phases.isEmpty() || phases.last() != toString(progress.phase))
            phases += toString(progress.phase);
        isSteady = isSteady && progress.counts.rowsCopied >= copied;
        copied = progress.counts.rowsCopied;
    };
    QVERIFY(copyNow(m_fixture->plan("in.csv"), CopyFixture::identity(), hooks).status == Status::Succeeded);
    QCOMPARE(phases.join(u' '), QStringLiteral("Connecting PreCopyScript Transferring Committing Done"));
    QVERIFY(isSteady);
    QCOMPARE(copied, 30000);
}

void TestCopyJob::failureKeepsTheOldRows_data()
{
    QTest::addColumn<QByteArray>("csv");
    QTest::addColumn<QString>("script");
    QTest::addColumn<QByteArray>("sql"); // beforehand
    QTest::addColumn<QString>("errorCode");
    const QString deletes = QStringLiteral("delete from [dbo].[t]");
    QByteArray many = "a,b\n";
    for (int i = 0; i < 20000; ++i)
        many += QByteArray::number(i) + ",x\n";
    QTest::newRow("bad value at once") << QByteArray("a,b\nx,1\n") << deletes << QByteArray()
                                       << QStringLiteral("UserErrorInvalidDataValue");
    QTest::newRow("bad value late") << many + "x,1\n"
                                    << deletes << QByteArray() << QStringLiteral("UserErrorInvalidDataValue");
    QTest::newRow("ragged row") << many + "1,2,3\n" << deletes << QByteArray() << QString();
    QTest::newRow("failing script") << many << QStringLiteral("delete from t; delete from nowhere") << QByteArray()
                                    << QStringLiteral("SqlOperationFailed");
    QTest::newRow("script that commits") << many << QStringLiteral("delete from t; commit") << QByteArray()
                                         << QStringLiteral("UserErrorPreCopyScriptEndedTransaction");
    QTest::newRow("constraint") << many + "19999,y\n"
                                << deletes << QByteArray("CREATE UNIQUE INDEX u ON t(a)")
                                << QStringLiteral("UserErrorSinkConstraint");
    QTest::newRow("missing column") << QByteArray("A,B\n1,x\n") << deletes << QByteArray()
                                    << QStringLiteral("UserErrorInvalidColumnMapping");
    QTest::newRow("missing file") << QByteArray() << deletes << QByteArray() << QStringLiteral("UserErrorFileNotFound");
    QTest::newRow("invalid text") << many + "\"open,1\n" << deletes << QByteArray() << QString();
    QTest::newRow("trigger that fails")
        << many << deletes
        << QByteArray("CREATE TRIGGER g BEFORE INSERT ON t WHEN new.a = 15000 BEGIN SELECT raise(abort, 'no'); END")
        << QStringLiteral("UserErrorSinkConstraint");
}

void TestCopyJob::failureKeepsTheOldRows()
{
    QFETCH(QByteArray, csv);
    QFETCH(QString, script);
    QFETCH(QByteArray, sql);
    QFETCH(QString, errorCode);
    if (!csv.isEmpty())
        m_fixture->write("in.csv", csv);
    m_fixture->execute(sql);
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.preCopyScript = script;
    const LoadIdentity identity = CopyFixture::identity();
    const CopyOutcome outcome = copyNow(plan, identity);
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    if (!errorCode.isEmpty())
        QVERIFY2(outcome.error.errorCode == errorCode, qPrintable(refusal(outcome)));
    QVERIFY(!outcome.error.errorCode.isEmpty());
    QVERIFY(!outcome.error.message.isEmpty());
    QVERIFY(!outcome.transient);
    QCOMPARE(outcome.error.failureType, QStringLiteral("UserError"));
    QCOMPARE(m_fixture->rows(), m_old);
    const auto found = lookUpLoad(plan.sink, identity.load);
    VERIFY_OK(found);
    QVERIFY(!found->committed);
}

void TestCopyJob::badRowNamesFileLineColumnAndValue()
{
    m_fixture->write("in.csv", "b,a\n\"two\nlines\",1\nx,12.5\n");
    const CopyOutcome outcome = copyNow(m_fixture->plan("in.csv"));
    QVERIFY2(outcome.error.errorCode == u"UserErrorInvalidDataValue", qPrintable(refusal(outcome)));
    const Json &details = outcome.error.details;
    QCOMPARE(details["row"].get<int>(), 2);
    QCOMPARE(details["line"].get<int>(), 4);
    QCOMPARE(QString::fromStdString(details["column"].get<std::string>()), QStringLiteral("a"));
    QCOMPARE(QString::fromStdString(details["value"].get<std::string>()), QStringLiteral("12.5"));
    QVERIFY(QString::fromStdString(details["file"].get<std::string>()).endsWith(u"in.csv"));
    QVERIFY2(outcome.error.message.contains(u"12.5"), qPrintable(outcome.error.message));
}

void TestCopyJob::emptySourceIsRefusedBeforeTheScript()
{
    m_fixture->write("in.csv", "a,b\n");
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.preCopyScript = QStringLiteral("delete from nowhere"); // would fail, were it run
    const CopyOutcome outcome = copyNow(plan);
    QVERIFY(outcome.status == Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("EmptySource"));
    QCOMPARE(m_fixture->rows(), m_old);
    plan.preCopyScript.clear();
    QVERIFY(copyNow(plan).status == Status::Succeeded); // nothing to append, nothing to lose
}

void TestCopyJob::emptySourceIsAllowedWhenMeant()
{
    m_fixture->write("in.csv", "a,b\n");
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.allowEmptySource = true;
    const CopyOutcome outcome = copyNow(plan);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 0);
    QCOMPARE(m_fixture->rows(), QString());
}

void TestCopyJob::sourceChangedDuringReadRollsBack()
{
    m_fixture->writeRows("in.csv", 100000);
    CopyHooks hooks;
    hooks.progress = [&](const CopyProgress &progress) {
        QFile file(m_fixture->path("in.csv"));
        if (progress.phase == CopyPhase::Transferring && progress.counts.rowsCopied == 0
            && file.open(QIODevice::Append))
            file.write("7,late\n");
    };
    const CopyOutcome outcome = copyNow(m_fixture->plan("in.csv"), CopyFixture::identity(), hooks);
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    QCOMPARE(outcome.error.errorCode, QStringLiteral("SourceChangedDuringRead"));
    QVERIFY(outcome.transient);
    QCOMPARE(m_fixture->rows(), m_old);
}

void TestCopyJob::cancelLeavesTheSinkAsItWas_data()
{
    QTest::addColumn<CopyPhase>("phase");
    QTest::newRow("connecting") << CopyPhase::Connecting;
    QTest::newRow("in the script") << CopyPhase::PreCopyScript;
    QTest::newRow("transferring") << CopyPhase::Transferring;
    QTest::newRow("before the commit") << CopyPhase::Committing;
}

void TestCopyJob::cancelLeavesTheSinkAsItWas()
{
    QFETCH(CopyPhase, phase);
    m_fixture->writeRows("in.csv", 50000);
    CopyPlan plan = m_fixture->plan("in.csv");
    if (phase == CopyPhase::PreCopyScript)
        plan.preCopyScript +=
            QStringLiteral("; with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n");
    CancelToken cancel;
    CopyHooks hooks;
    hooks.progress = [&](const CopyProgress &progress) {
        if (progress.phase == phase)
            cancel.cancel();
    };
    QElapsedTimer timer;
    timer.start();
    const LoadIdentity identity = CopyFixture::identity();
    const CopyOutcome outcome = copyNow(plan, identity, hooks, cancel);
    QVERIFY2(outcome.status == Status::Cancelled, described(outcome).constData());
    QVERIFY(timer.elapsed() < 2000);
    QCOMPARE(m_fixture->rows(), m_old);
    QVERIFY(!lookUpLoad(plan.sink, identity.load)->committed);
}

void TestCopyJob::lockedDatabaseIsTransient()
{
    m_fixture->writeRows("in.csv", 3);
    Database other = m_fixture->database();
    auto lock = Transaction::begin(other);
    VERIFY_OK(lock);
    CancelToken cancel;
    const CopyOutcome outcome = copyNow(m_fixture->plan("in.csv"), CopyFixture::identity(), {}, cancel);
    QVERIFY(outcome.status == Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("SinkLocked"));
    QCOMPARE(outcome.error.failureType, QStringLiteral("SystemError"));
    QVERIFY(outcome.transient);
}

void TestCopyJob::sameLoadTwiceIsLoadedOnce()
{
    m_fixture->writeRows("in.csv", 3);
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.preCopyScript.clear();
    LoadIdentity identity = CopyFixture::identity();
    QVERIFY(copyNow(plan, identity).status == Status::Succeeded);
    identity.attempt = 2; // of the same activity run
    const CopyOutcome again = copyNow(plan, identity);
    QVERIFY2(again.status == Status::Succeeded, described(again).constData());
    QCOMPARE(again.counts.rowsCopied, 3);
    QVERIFY(again.output["slipway"]["alreadyLoaded"].get<bool>());
    QCOMPARE(m_fixture->rows(), QStringLiteral("-1:old -2:older 1:row 1 2:row 2 3:row 3"));
    QVERIFY(copyNow(plan).status == Status::Succeeded); // another run appends
    QCOMPARE(m_fixture->text("SELECT count(*) FROM t"), QStringLiteral("8"));
}

void TestCopyJob::lookUpTellsWhetherALoadArrived()
{
    m_fixture->writeRows("in.csv", 3);
    const CopyPlan plan = m_fixture->plan("in.csv");
    const LoadIdentity identity = CopyFixture::identity();
    auto found = lookUpLoad(plan.sink, identity.load);
    VERIFY_OK(found);
    QVERIFY(!found->committed);
    QVERIFY(copyNow(plan, identity).status == Status::Succeeded);
    found = lookUpLoad(plan.sink, identity.load);
    VERIFY_OK(found);
    QVERIFY(found->committed);
    QCOMPARE(found->rowsWritten, 3);
    const auto unreachable =
        lookUpLoad(SqliteTableSink{m_fixture->path("gone.db"), {}, QStringLiteral("t"), std::chrono::milliseconds(500)},
                   identity.load);
    QVERIFY(!unreachable);
    QVERIFY(unreachable.error().code == ErrorCode::Io);
}

void TestCopyJob::commitThatCannotBeRecordedRollsBack()
{
    m_fixture->writeRows("in.csv", 3);
    CopyHooks hooks;
    hooks.beforeCommit = [](const CommitIntent &) {
        return Result<>(Error{ErrorCode::Io, QStringLiteral("the journal is full"), {}});
    };
    const CopyOutcome outcome = copyNow(m_fixture->plan("in.csv"), CopyFixture::identity(), hooks);
    QVERIFY(outcome.status == Status::Failed);
    QVERIFY(outcome.error.message.contains(u"the journal is full"));
    QCOMPARE(m_fixture->rows(), m_old);
}

void TestCopyJob::intentIsWhatGetsCommitted()
{
    m_fixture->writeRows("in.csv", 4000);
    std::optional<CommitIntent> intent;
    CopyHooks hooks;
    hooks.beforeCommit = [&](const CommitIntent &about) {
        intent = about;
        [&] { QCOMPARE(m_fixture->rows(), m_old); }();
        return Result<>();
    };
    const CopyOutcome outcome = copyNow(m_fixture->plan("in.csv"), CopyFixture::identity(), hooks);
    QVERIFY(outcome.status == Status::Succeeded);
    QVERIFY(intent);
    QCOMPARE(intent->counts.rowsCopied, 4000);
    const Json json = toJson(*intent);
    QCOMPARE(json["rowsRead"].get<int>(), 4000);
    QCOMPARE(json["rowsWritten"].get<int>(), 4000);
    QVERIFY(!json["source"].empty());
}

// A trigger that takes rows away goes unseen, unless the load is to be validated.
void TestCopyJob::countsTheRowsOfTheTableAgain()
{
    m_fixture->writeRows("in.csv", 10);
    m_fixture->execute("CREATE TRIGGER eats AFTER INSERT ON t WHEN new.a = 2 BEGIN DELETE FROM t WHERE a = 2; END");
    CopyPlan plan = m_fixture->plan("in.csv");
    plan.validateConsistency = true;
    const CopyOutcome refused = copyNow(plan);
    QVERIFY2(refused.status == CopyOutcome::Status::Failed, described(refused).constData());
    QCOMPARE(refused.error.errorCode, QStringLiteral("DataConsistencyRowCountMismatch"));
    QCOMPARE(m_fixture->rows(), QStringLiteral("-1:old -2:older"));
    plan.validateConsistency = false;
    QVERIFY(copyNow(plan).status == CopyOutcome::Status::Succeeded);
    m_fixture->execute("DROP TRIGGER eats");
    plan.validateConsistency = true;
    const CopyOutcome outcome = copyNow(plan);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 10);
}

#include "TestCopyJob.moc"
