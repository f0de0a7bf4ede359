#include "designer/monitor/RunWatch.h"

#include "designer/monitor/ActivityTableModel.h"
#include "tests/designer/monitor/ToldRun.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

bool isReady(const RunWatch &run) { return run.state() == RunWatch::State::Ready; }

} // namespace

class TestRunWatch : public QObject
{
    Q_OBJECT

private slots:
    void readsARun();
    void followsARunByItsEvents();
    void anEventIsNotLostWhileAnswersAreOnTheirWay();
    void anAnswerDoesNotTakeBackAnEnd();
    void saysThatARunIsNotKnown();
    void listsActivitiesAsTheyAppear();
};

void TestRunWatch::readsARun()
{
    RunBook book;
    const ToldRun told = failedTitanic(book);
    const RunWatch run(book.workbench, told.run.id);
    QTRY_VERIFY(isReady(run));
    QCOMPARE(run.run().pipeline, QStringLiteral("PublishPythonSql"));
    QCOMPARE(run.factoryName(), QStringLiteral("titanic"));
    QCOMPARE(run.activities().size(), 2);
    QCOMPARE(run.firstFailure()->name, QStringLiteral("TitanicPredictions"));
    QCOMPARE(run.cells(run.firstFailure()->id).size(), 5);
    QTRY_VERIFY(!run.pipeline().is_null());
    QCOMPARE(stringAt(run.definition(QStringLiteral("CopyStorageToSql")), "type"), QStringLiteral("Copy"));
}

void TestRunWatch::followsARunByItsEvents()
{
    RunBook book;
    ToldRun told = salesCopy(book, ActivityStatus::InProgress);
    RunWatch run(book.workbench, told.run.id);
    QTRY_VERIFY(isReady(run));
    const QSignalSpy added(&run, &RunWatch::activityAdded);
    told.activity(QStringLiteral("Notify"), QStringLiteral("Wait"), ActivityStatus::Queued);
    told.happen(told.activities.last());
    told.run.status = RunStatus::Succeeded;
    told.run.lastUpdated = told.at(9000);
    told.happen(told.run);
    told.happen(ActivityProgress{told.activities.first().id, Json{{"rowsCopied", 500}}});
    QTRY_COMPARE(added.count(), 1);
    QTRY_COMPARE(run.progress(told.activities.first().id).rows(), 500);
    COMPARE_NAMED(run.run().status, RunStatus::Succeeded);
}

void TestRunWatch::anEventIsNotLostWhileAnswersAreOnTheirWay()
{
    RunBook book;
    ToldRun told = salesCopy(book, ActivityStatus::InProgress);
    QTRY_VERIFY(book.connection.isRunning());
    book.client.hold(true);
    const RunWatch run(book.workbench, told.run.id);
    told.activities.first().status = ActivityStatus::Succeeded;
    told.happen(told.activities.first()); // the answers still say InProgress
    QCoreApplication::processEvents();
    book.client.hold(false);
    QTRY_VERIFY(isReady(run));
    COMPARE_NAMED(run.activities().first().status, ActivityStatus::Succeeded);
}

void TestRunWatch::anAnswerDoesNotTakeBackAnEnd()
{
    RunBook book;
    ToldRun told = salesCopy(book, ActivityStatus::InProgress);
    RunWatch run(book.workbench, told.run.id);
    QTRY_VERIFY(isReady(run));
    told.activities.first().status = ActivityStatus::Failed;
    told.run.status = RunStatus::Failed;
    told.run.lastUpdated = told.at(9000);
    told.happen(told.activities.first());
    told.happen(told.run);
    QTRY_COMPARE(toString(run.run().status), toString(RunStatus::Failed));
    const QSignalSpy changed(&run, &RunWatch::runChanged);
    run.reload(); // the fake still answers with the old records
    QTRY_COMPARE(changed.count(), 1);
    COMPARE_NAMED(run.run().status, RunStatus::Failed);
    COMPARE_NAMED(run.activities().first().status, ActivityStatus::Failed);
}

void TestRunWatch::saysThatARunIsNotKnown()
{
    RunBook book;
    const RunWatch run(book.workbench, RunId(QStringLiteral("nobody")));
    QTRY_VERIFY(run.state() == RunWatch::State::Failed);
    COMPARE_NAMED(run.error().code, ErrorCode::NotFound);
}

void TestRunWatch::listsActivitiesAsTheyAppear()
{
    RunBook book;
    ToldRun told = failedTitanic(book);
    ActivityTableModel model(book.workbench);
    const QAbstractItemModelTester tester(&model);
    const RunWatch run(book.workbench, told.run.id);
    model.setRun(&run);
    QTRY_COMPARE(model.rowCount(), 2);
    QTRY_COMPARE(model.index(1, ActivityTableModel::What).data().toString(),
                 QStringLiteral("TitanicPredictions failed"));
    const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    told.activity(QStringLiteral("CleanUp"), QStringLiteral("Wait"), ActivityStatus::Queued).reason =
        QStringLiteral("waiting for a free slot");
    told.happen(told.activities.last());
    QTRY_COMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(2, ActivityTableModel::What).data().toString(), QStringLiteral("waiting for a free slot"));
    QCOMPARE(resets.count(), 0);
}

SLIPWAY_TEST(TestRunWatch)
#include "TestRunWatch.moc"
