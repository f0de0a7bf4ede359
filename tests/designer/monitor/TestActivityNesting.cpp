#include "designer/monitor/ActivityNesting.h"

#include "designer/monitor/ActivitiesPanel.h"
#include "tests/designer/monitor/ToldRun.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractItemModelTester>
#include <QTabWidget>
#include <QTreeView>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

void add(ToldRun &told, const QString &path, ActivityStatus status)
{
    ActivityRecord &activity = told.activity(path, QStringLiteral("Wait"), status);
    activity.name = path.section(u'/', -1);
    activity.path = path;
    activity.id = ActivityRunId(QStringLiteral("id of ") + path);
}

ToldRun loopRun(RunBook &book)
{
    ToldRun told(book, RunStatus::InProgress, Instant(Millis(1'700'000'000'000)));
    add(told, QStringLiteral("Loop"), ActivityStatus::InProgress);
    add(told, QStringLiteral("Loop[1]/Load"), ActivityStatus::Failed);
    add(told, QStringLiteral("Loop[0]/Load"), ActivityStatus::Succeeded);
    add(told, QStringLiteral("Loop[0]/Choice"), ActivityStatus::Succeeded);
    add(told, QStringLiteral("Loop[0]/Choice/Inner"), ActivityStatus::Succeeded);
    told.serve();
    return told;
}

QStringList namesBelow(const QAbstractItemModel &model, const QModelIndex &parent)
{
    QStringList names;
    for (int row = 0; row < model.rowCount(parent); ++row)
        names.append(model.index(row, 0, parent).data().toString());
    return names;
}

} // namespace

class TestActivityNesting : public QObject
{
    Q_OBJECT

private slots:
    void nestsContainersIterationsAndActivities()
    {
        RunBook book;
        ToldRun told = loopRun(book);
        ActivityTableModel flat(book.workbench);
        ActivityNesting nested(flat);
        const QAbstractItemModelTester tester(&nested, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const RunWatch run(book.workbench, told.run.id);
        QTRY_VERIFY(run.state() == RunWatch::State::Ready);
        flat.setRun(&run);
        QCOMPARE(namesBelow(nested, {}), QStringList{QStringLiteral("Loop")});
        const QModelIndex loop = nested.index(0, 0);
        QCOMPARE(namesBelow(nested, loop), (QStringList{QStringLiteral("Iteration 1"), QStringLiteral("Iteration 2")}));
        const QModelIndex first = nested.index(0, 0, loop);
        QCOMPARE(namesBelow(nested, first), (QStringList{QStringLiteral("Load"), QStringLiteral("Choice")}));
        QCOMPARE(namesBelow(nested, nested.index(1, 0, first)), QStringList{QStringLiteral("Inner")});
        QCOMPARE(nested.indexOf(QStringLiteral("Loop[1]/Load")).parent(), nested.index(1, 0, loop));
        // An iteration is as its worst activity.
        QCOMPARE(nested.index(1, ActivityTableModel::Status, loop).data().toString(),
                 statusLook(ActivityStatus::Failed).word);
    }

    void growsWhileItRuns()
    {
        RunBook book;
        ToldRun told = loopRun(book);
        ActivityTableModel flat(book.workbench);
        ActivityNesting nested(flat);
        const QAbstractItemModelTester tester(&nested, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const RunWatch run(book.workbench, told.run.id);
        QTRY_VERIFY(run.state() == RunWatch::State::Ready);
        flat.setRun(&run);
        const QPersistentModelIndex inner = nested.indexOf(QStringLiteral("Loop[0]/Choice/Inner"));
        add(told, QStringLiteral("Loop[3]/Load"), ActivityStatus::InProgress);
        told.happen(told.activities.last());
        add(told, QStringLiteral("Loop[2]/Load"), ActivityStatus::InProgress);
        told.happen(told.activities.last());
        QTRY_COMPARE(nested.rowCount(nested.index(0, 0)), 4);
        QCOMPARE(nested.iteration(nested.index(2, 0, nested.index(0, 0))), 2); // in their order
        QCOMPARE(inner, QPersistentModelIndex(nested.indexOf(QStringLiteral("Loop[0]/Choice/Inner"))));
    }

    void aClickOnASignShowsThatPart()
    {
        const WatchedApplication::Pause pause;
        RunBook book;
        ToldRun told = failedTitanic(book);
        const RunWatch run(book.workbench, told.run.id);
        ActivitiesPanel panel(book.workbench);
        panel.resize(1200, 400);
        panel.setRun(&run);
        panel.show();
        auto *const view = panel.findChild<QTreeView *>(QStringLiteral("activityTable"));
        QTRY_VERIFY(view->model()->rowCount() > 0);
        const QModelIndex cell = view->model()->index(0, ActivityTableModel::Details);
        QVERIFY(cell.data(ActivityTableModel::PartsRole).toInt() & ActivityTableModel::Error);
        view->scrollTo(cell);
        auto *const tabs = panel.findChild<QTabWidget *>();
        tabs->setCurrentIndex(0);
        const QRect place = view->visualRect(cell);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, QPoint(place.left() + 67, place.center().y()));
        QCOMPARE(tabs->currentIndex(), 2);
    }
};

SLIPWAY_TEST(TestActivityNesting)
#include "TestActivityNesting.moc"
