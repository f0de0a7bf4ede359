#include "designer/monitor/TimelineView.h"

#include "tests/designer/monitor/ToldRun.h"
#include "tests/support/TestMain.h"

#include <QSignalSpy>
#include <QWheelEvent>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

Instant at(const char *iso) { return *instantFromIso(QLatin1String(iso)); }

QStringList textsOf(const TimeAxis &axis, const char *zone)
{
    QStringList texts;
    for (const TimeAxis::Tick &tick : axis.ticks(QTimeZone(zone)))
        texts.append(tick.text);
    return texts;
}

} // namespace

class TestTimeline : public QObject
{
    Q_OBJECT

private slots:
    void showsActivitiesAndCells();
    void saysWhyAnActivityDidNotStart();
    void showsAttemptsOneAfterTheOther();
    void ticksAreRoundAndShort();
    void namesTheDateAtMidnight();
    void marksTheChangeOfTheClocks();
    void zoomsAroundThePointer();
    void selectsAndOpensByMouseAndKeyboard();
    void foldsTheCellsOfAnActivity();
};

void TestTimeline::showsActivitiesAndCells()
{
    RunBook book;
    const ToldRun told = failedTitanic(book);
    const RunWatch run(book.workbench, told.run.id);
    QTRY_VERIFY(!run.pipeline().is_null());
    const QList<TimelineRow> rows = timelineRows(run, {});
    QCOMPARE(rows.size(), 7); // two activities, five cells
    QCOMPARE(rows.at(1).label, QStringLiteral("Cell 1 Secrets"));
    QCOMPARE(rows.at(1).depth, 1);
    QVERIFY(rows.at(0).bars.first().waitedFrom == told.at(0)); // since the run began
    QVERIFY(rows.at(0).bars.first().start == told.at(540));
    QVERIFY(rows.at(0).bars.first().isFailed);
    QVERIFY(rows.at(4).bars.first().waitedFrom == told.at(3170)); // the end of the cell before
    QVERIFY(rows.at(5).bars.isEmpty());
    QCOMPARE(rows.at(5).note, QStringLiteral("Not run"));
}

void TestTimeline::saysWhyAnActivityDidNotStart()
{
    RunBook book;
    const ToldRun told = failedTitanic(book);
    const RunWatch run(book.workbench, told.run.id);
    QTRY_VERIFY(!run.pipeline().is_null());
    QCOMPARE(timelineRows(run, {}).last().note, QStringLiteral("not started: TitanicPredictions failed"));
}

void TestTimeline::showsAttemptsOneAfterTheOther()
{
    RunBook book;
    ToldRun told = salesCopy(book, ActivityStatus::InProgress);
    for (int number = 1; number <= 2; ++number) {
        AttemptRecord attempt;
        attempt.activityRun = told.activities.first().id;
        attempt.run = told.run.id;
        attempt.number = number;
        attempt.start = told.at(number * 1000);
        attempt.status = number == 1 ? AttemptStatus::Failed : AttemptStatus::Running;
        if (number == 1)
            attempt.end = told.at(1200);
        told.attempts.append(attempt);
    }
    told.serve();
    const RunWatch run(book.workbench, told.run.id);
    QTRY_VERIFY(run.state() == RunWatch::State::Ready);
    const TimelineRow row = timelineRows(run, {}).first();
    QCOMPARE(row.bars.size(), 2);
    QVERIFY(row.bars.first().isFailed);
    QVERIFY(row.bars.last().waitedFrom == told.at(1200));
    QVERIFY(!row.bars.last().end);
}

void TestTimeline::ticksAreRoundAndShort()
{
    const TimeAxis axis = fittingAxis(at("2026-11-20T22:00:01.100Z"), at("2026-11-20T22:00:05.900Z"), 0, 1000);
    QVERIFY(axis.from <= at("2026-11-20T22:00:01.100Z"));
    QVERIFY(axis.to > at("2026-11-20T22:00:05.900Z"));
    QCOMPARE(
        textsOf(axis, "UTC").mid(0, 4),
        (QStringList{QStringLiteral("22:00:01"), QStringLiteral("02"), QStringLiteral("03"), QStringLiteral("04")}));
}

void TestTimeline::namesTheDateAtMidnight()
{
    const TimeAxis axis{at("2026-11-20T20:00:00Z"), at("2026-11-21T02:00:00Z"), 0, 800};
    // In Berlin it is an hour later.
    QVERIFY(textsOf(axis, "Europe/Berlin").contains(QLocale().toString(QDate(2026, 11, 21), QStringLiteral("d MMM"))));
}

void TestTimeline::marksTheChangeOfTheClocks()
{
    // 29 March 2026, 02:00 in Berlin becomes 03:00.
    const TimeAxis axis{at("2026-03-28T23:30:00Z"), at("2026-03-29T03:30:00Z"), 0, 800};
    const QStringList texts = textsOf(axis, "Europe/Berlin");
    QCOMPARE(texts.filter(QStringLiteral("(+02:00)")).size(), 1);
    QVERIFY2(texts.contains(QStringLiteral("03:00 (+02:00)")), qPrintable(texts.join(u'|')));
}

void TestTimeline::zoomsAroundThePointer()
{
    const TimeAxis axis{at("2026-11-20T22:00:00Z"), at("2026-11-20T22:00:10Z"), 100, 1000};
    const Instant pointed = axis.at(350);
    const TimeAxis closer = axis.zoomed(4, 350);
    QVERIFY(qAbs((closer.at(350) - pointed).count()) <= 1);
    QVERIFY(closer.to - closer.from == Millis(2500));
    QVERIFY(axis.moved(100).from - axis.from == Millis(1000));
}

void TestTimeline::selectsAndOpensByMouseAndKeyboard()
{
    RunBook book;
    const ToldRun told = failedTitanic(book);
    const RunWatch run(book.workbench, told.run.id);
    TimelineView view(book.workbench);
    view.resize(900, 400);
    view.setRun(&run);
    view.show();
    QTRY_COMPARE(view.rows().size(), 7);
    const QSignalSpy selected(&view, &TimelineView::selected);
    const QSignalSpy opened(&view, &TimelineView::opened);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(400, view.rowRect(3).center().y()));
    QCOMPARE(selected.last(), (QVariantList{QStringLiteral("TitanicPredictions"), 3}));
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(selected.last(), (QVariantList{QStringLiteral("TitanicPredictions"), 4}));
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("Failed")));
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(opened.last(), (QVariantList{QStringLiteral("TitanicPredictions"), 4}));
    QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, QPoint(400, view.rowRect(0).center().y()));
    QCOMPARE(opened.last(), (QVariantList{QStringLiteral("TitanicPredictions"), 0}));
    const Instant from = view.axis().from;
    QTest::keyClick(&view, Qt::Key_Plus);
    QVERIFY(view.axis().from > from);
    QTest::keyClick(&view, Qt::Key_0);
    QVERIFY(view.axis().from == from);
}

void TestTimeline::foldsTheCellsOfAnActivity()
{
    RunBook book;
    const ToldRun told = failedTitanic(book);
    const RunWatch run(book.workbench, told.run.id);
    TimelineView view(book.workbench);
    view.resize(900, 400);
    view.setRun(&run);
    QTRY_COMPARE(view.rows().size(), 7);
    QTest::keyClick(&view, Qt::Key_Home);
    QTest::keyClick(&view, Qt::Key_Space);
    QCOMPARE(view.rows().size(), 2);
    QVERIFY(view.selectedRow());
    QTest::keyClick(&view, Qt::Key_Space);
    QCOMPARE(view.rows().size(), 7);
}

SLIPWAY_TEST(TestTimeline)
#include "TestTimeline.moc"
