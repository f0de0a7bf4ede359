#include "designer/monitor/RunTableModel.h"

#include "designer/monitor/Now.h"
#include "designer/widgets/StatusLook.h"
#include "tests/designer/monitor/RunBook.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>

using namespace designer;
using namespace engine;
using namespace std::chrono_literals;
using tests::RunBook;

namespace {

RunListFilter everything()
{
    RunListFilter filter;
    filter.span = RunListFilter::Span::All;
    return filter;
}

QString nameAt(const RunTableModel &model, int row)
{
    return model.index(row, RunTableModel::Pipeline).data().toString();
}

// The ids of the model's rows that are held, by row, must be those of the book, the newest first.
bool isLike(const RunTableModel &model, const RunBook &book)
{
    if (model.total() != book.runs.size())
        return false;
    for (int row = 0; row < model.total(); ++row) {
        const RunRecord *const run = model.runAt(row);
        if (run && run->id != book.runs.at(book.runs.size() - 1 - row).id)
            return false;
    }
    return true;
}

} // namespace

class TestRunTableModel : public QObject
{
    Q_OBJECT

private slots:
    void knowsAllAndHoldsWhatIsLookedAt();
    void holdsABoundedNumberOfRuns();
    void insertsANewRunAtTheTopWithoutAskingAgain();
    void changesARunInPlace();
    void marksARunThatSucceededWithDrift();
    void keepsARunThatStopsMatchingUntilRefresh();
    void findsItsWayAfterItMissedEvents();
    void saysHowManyNewRunsHaveNoPlaceInAnotherOrder();
    void doesNotTakeInWhatTheFilterLeavesOut();
    void answersOfAnOldFilterAreDropped();
    void saysWhyItFailedAndRecovers();
    void showsWhereARunningCopyStands();
    void checksSurviveChanges();
    void staysRightWhateverHappens();
};

void TestRunTableModel::knowsAllAndHoldsWhatIsLookedAt()
{
    RunBook book(1000);
    RunTableModel model(book.workbench);
    const QAbstractItemModelTester tester(&model);
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 1000);
    QVERIFY(model.runAt(0));
    QVERIFY(!model.runAt(700));
    QCOMPARE(nameAt(model, 700), QStringLiteral("…"));
    model.setVisibleRows(700, 720);
    QTRY_VERIFY(model.runAt(700));
    QCOMPARE(model.runAt(700)->id, book.runs.at(299).id);
    QVERIFY(!model.runAt(400));
}

void TestRunTableModel::holdsABoundedNumberOfRuns()
{
    RunBook book(10'000);
    RunTableModel model(book.workbench);
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 10'000);
    for (int row = 0; row < 10'000; row += 200) {
        model.setVisibleRows(row, row + 30);
        QTRY_VERIFY(model.runAt(row + 30));
    }
    int heldRows = 0;
    for (int row = 0; row < model.total(); ++row)
        heldRows += model.runAt(row) ? 1 : 0;
    QVERIFY2(heldRows <= RunTableModel::held, qPrintable(QString::number(heldRows)));
    QVERIFY(isLike(model, book));
}

void TestRunTableModel::insertsANewRunAtTheTopWithoutAskingAgain()
{
    RunBook book(300);
    RunTableModel model(book.workbench);
    const QAbstractItemModelTester tester(&model);
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 300);
    const int asked = book.queries();
    const QSignalSpy resets(&model, &RunTableModel::modelReset);
    const QSignalSpy inserts(&model, &RunTableModel::rowsInserted);
    book.happen(book.make(QStringLiteral("Fresh"), RunStatus::Queued));
    QTRY_COMPARE(model.rowCount(), 301);
    QCOMPARE(nameAt(model, 0), QStringLiteral("Fresh"));
    QCOMPARE(model.count(RunStatus::Queued), 1);
    QCOMPARE(inserts.count(), 1);
    QCOMPARE(resets.count(), 0);
    QCOMPARE(book.queries(), asked);
    // The next page begins one further down now.
    model.setVisibleRows(250, 280);
    QTRY_VERIFY(model.runAt(280));
    QVERIFY(isLike(model, book));
}

void TestRunTableModel::marksARunThatSucceededWithDrift()
{
    RunBook book(1);
    RunTableModel model(book.workbench);
    RunRecord run = book.make(QStringLiteral("Score"), RunStatus::Succeeded);
    run.message = QStringLiteral("Drift: the rows that Score scored have moved far from those of training.");
    book.add(run);
    book.add(book.make(QStringLiteral("Copy"), RunStatus::Succeeded));
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 3);
    const auto look = [&](int row) {
        return model.index(row, RunTableModel::Status).data(RunTableModel::LookRole).value<StatusLook>();
    };
    QCOMPARE(look(1).word, QStringLiteral("Succeeded, drift"));
    QCOMPARE(look(1).icon, QStringLiteral("triangle-alert"));
    QCOMPARE(model.index(1, RunTableModel::What).data().toString(), run.message);
    QCOMPARE(look(0).word, QStringLiteral("Succeeded"));
    QVERIFY(model.index(1, RunTableModel::Pipeline).data(Qt::AccessibleTextRole).toString().contains(u"drift"));
}

void TestRunTableModel::changesARunInPlace()
{
    RunBook book(10);
    RunTableModel model(book.workbench);
    const QAbstractItemModelTester tester(&model);
    RunRecord run = book.add(book.make(QStringLiteral("Long"), RunStatus::InProgress));
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 11);
    const QSignalSpy inserts(&model, &RunTableModel::rowsInserted);
    run.status = RunStatus::Failed;
    run.message = QStringLiteral("The table is gone.");
    run.end = designer::now();
    run.lastUpdated = *run.end;
    book.happen(run);
    QTRY_COMPARE(model.index(0, RunTableModel::What).data().toString(), QStringLiteral("The table is gone."));
    QCOMPARE(model.index(0, RunTableModel::Status).data().toString(), QStringLiteral("Failed"));
    QCOMPARE(model.count(RunStatus::Failed), 1);
    QCOMPARE(model.count(RunStatus::InProgress), 0);
    QCOMPARE(inserts.count(), 0);
}

void TestRunTableModel::keepsARunThatStopsMatchingUntilRefresh()
{
    RunBook book(5);
    RunRecord run = book.add(book.make(QStringLiteral("Long"), RunStatus::InProgress));
    RunTableModel model(book.workbench);
    const QAbstractItemModelTester tester(&model);
    RunListFilter filter = everything();
    filter.statuses = {RunStatus::InProgress};
    model.setFilter(filter);
    QTRY_COMPARE(model.rowCount(), 1);
    run.status = RunStatus::Succeeded;
    run.end = designer::now();
    run.lastUpdated = *run.end;
    book.happen(run);
    QTRY_COMPARE(model.index(0, RunTableModel::Status).data().toString(), QStringLiteral("Succeeded"));
    const int asked = book.queries();
    QTRY_VERIFY_WITH_TIMEOUT(book.queries() > asked, 10'000); // the counts are asked for: they agree
    QCOMPARE(model.rowCount(), 1);
    model.refresh();
    QTRY_COMPARE(model.rowCount(), 0);
}

void TestRunTableModel::findsItsWayAfterItMissedEvents()
{
    RunBook book(500);
    RunTableModel model(book.workbench);
    const QAbstractItemModelTester tester(&model);
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 500);
    model.setVisibleRows(300, 320);
    QTRY_VERIFY(model.runAt(310));
    const QPersistentModelIndex read = model.index(310, RunTableModel::Pipeline);
    const QString id = read.data(RunTableModel::RunIdRole).toString();
    const QSignalSpy resets(&model, &RunTableModel::modelReset);
    for (int i = 0; i < 3; ++i)
        book.add(book.make(QStringLiteral("Missed"), RunStatus::Succeeded));
    book.client.lose({ErrorCode::Io, QStringLiteral("cut"), {}});
    QTRY_COMPARE(model.rowCount(), 503);
    QCOMPARE(resets.count(), 0);
    QCOMPARE(read.row(), 313);
    QCOMPARE(read.data(RunTableModel::RunIdRole).toString(), id);
    model.setVisibleRows(0, 20);
    QTRY_COMPARE(nameAt(model, 0), QStringLiteral("Missed"));
    QVERIFY(isLike(model, book));
}

void TestRunTableModel::saysHowManyNewRunsHaveNoPlaceInAnotherOrder()
{
    RunBook book(50);
    RunTableModel model(book.workbench);
    model.setFilter(everything());
    model.sort(RunTableModel::Duration, Qt::DescendingOrder);
    QTRY_COMPARE(model.rowCount(), 50);
    book.happen(book.make(QStringLiteral("Fresh"), RunStatus::Queued));
    QTRY_COMPARE(model.waiting(), 1);
    QCOMPARE(model.rowCount(), 50);
    model.refresh();
    QTRY_COMPARE(model.rowCount(), 51);
    QCOMPARE(model.waiting(), 0);
}

void TestRunTableModel::doesNotTakeInWhatTheFilterLeavesOut()
{
    RunBook book(5);
    RunTableModel model(book.workbench);
    RunListFilter filter = everything();
    filter.text = QStringLiteral("pipeline1");
    model.setFilter(filter);
    QTRY_COMPARE(model.rowCount(), 1);
    book.happen(book.make(QStringLiteral("Other"), RunStatus::Queued));
    book.happen(book.make(QStringLiteral("Pipeline10"), RunStatus::Queued));
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(nameAt(model, 0), QStringLiteral("Pipeline10"));
}

void TestRunTableModel::answersOfAnOldFilterAreDropped()
{
    RunBook book(50);
    RunTableModel model(book.workbench);
    QTRY_VERIFY(book.connection.isRunning());
    book.client.hold(true);
    model.setFilter(everything());
    RunListFilter filter = everything();
    filter.text = QStringLiteral("pipeline3");
    model.setFilter(filter);
    book.client.hold(false);
    QTRY_COMPARE(model.rowCount(), 7);
    for (int row = 0; row < 7; ++row)
        QCOMPARE(nameAt(model, row), QStringLiteral("Pipeline3"));
}

void TestRunTableModel::saysWhyItFailedAndRecovers()
{
    RunBook book;
    tests::FakeEngineClient broken;
    broken.refuse(QStringLiteral("POST /slipway/v1/runs/query"), {ErrorCode::Io, QStringLiteral("disk full"), {}});
    EngineConnection connection(broken, QString(), "test");
    Workbench workbench(connection, book.settings);
    RunTableModel failing(workbench);
    failing.setFilter(everything());
    QTRY_VERIFY(failing.state() == RunTableModel::State::Failed);
    QCOMPARE(failing.error().message, QStringLiteral("disk full"));
    broken.on(QStringLiteral("POST /slipway/v1/runs/query"), Json{{"value", Json::array()}, {"total", 0}});
    failing.refresh();
    QTRY_VERIFY(failing.state() == RunTableModel::State::Ready);
}

void TestRunTableModel::showsWhereARunningCopyStands()
{
    RunBook book(1);
    const RunRecord run = book.add(book.make(QStringLiteral("LoadSales"), RunStatus::InProgress));
    RunTableModel model(book.workbench);
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 2);
    const Instant start = designer::now();
    for (int i = 0; i <= 2; ++i)
        book.client.emitEvent({0,
                               start + i * 500ms,
                               run.factory,
                               run.id,
                               ActivityProgress{ActivityRunId(QStringLiteral("a1")),
                                                Json{{"rowsRead", i * 419'000}, {"rowsCopied", i * 419'000}}}});
    const QString expected = QLocale().toString(838'000) + QStringLiteral(" row(s) · 838 k rows/s");
    QTRY_COMPARE(model.index(0, RunTableModel::What).data().toString(), expected);
}

void TestRunTableModel::checksSurviveChanges()
{
    RunBook book(20);
    RunTableModel model(book.workbench);
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 20);
    model.toggleCheck({2, 3});
    QCOMPARE(model.checkedRuns().size(), 2);
    const QString id = model.runAt(2)->id.text();
    book.happen(book.make(QStringLiteral("Fresh"), RunStatus::Queued));
    QTRY_COMPARE(model.rowCount(), 21);
    QCOMPARE(model.index(3, 0).data(Qt::CheckStateRole).value<Qt::CheckState>(), Qt::Checked);
    QCOMPARE(model.index(3, 0).data(RunTableModel::RunIdRole).toString(), id);
    model.toggleCheck({3, 4});
    QVERIFY(model.checkedRuns().isEmpty());
}

// Runs come, change and are missed in any order, while the list is scrolled: what is held is always what the engine
// has at that row.
void TestRunTableModel::staysRightWhateverHappens()
{
    QRandomGenerator random(20'261'120);
    RunBook book(700);
    RunTableModel model(book.workbench);
    const QAbstractItemModelTester tester(&model);
    model.setFilter(everything());
    QTRY_COMPARE(model.rowCount(), 700);
    for (int step = 0; step < 120; ++step) {
        switch (random.bounded(5)) {
        case 0:
            book.happen(book.make(QStringLiteral("Fresh%1").arg(step), RunStatus::Queued));
            break;
        case 1:
            book.add(book.make(QStringLiteral("Missed%1").arg(step), RunStatus::Succeeded));
            break;
        case 2: {
            RunRecord run = book.runs.at(random.bounded(int(book.runs.size())));
            run.message = QStringLiteral("changed %1").arg(step);
            run.lastUpdated = designer::now();
            book.happen(run);
            break;
        }
        case 3:
            model.refresh();
            break;
        default: {
            const int row = random.bounded(model.total());
            model.setVisibleRows(row, row + 30);
        }
        }
        if (random.bounded(3) == 0)
            QCoreApplication::processEvents();
    }
    model.refresh();
    QTRY_VERIFY(isLike(model, book));
}

SLIPWAY_TEST(TestRunTableModel)
#include "TestRunTableModel.moc"
