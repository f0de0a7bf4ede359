#include "designer/canvas/GestureMarks.h"
#include "tests/designer/canvas/CanvasFixture.h"
#include "tests/support/TestMain.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace designer;

namespace {

QString q(const char *text) { return QString::fromUtf8(text); }

const QHash<QString, QPointF> &places()
{
    static const QHash<QString, QPointF> made{{q("A"), {0, 0}}, {q("B"), {320, 0}}, {q("C"), {320, 160}}};
    return made;
}

tests::CanvasFixture abc(bool readOnly = false)
{
    return tests::CanvasFixture(tests::pipeline({q("A>B"), q("C")}), places(), readOnly);
}

} // namespace

// What the mouse does on the canvas. The other half, without a mouse: TestCanvasKeys.
class TestCanvasGestures : public QObject
{
    Q_OBJECT

private slots:
    void aClickSelects();
    void ctrlClickAddsAndTakesAway();
    void aClickOnNothingSelectsNothing();
    void aClickOnALinkSelectsIt();
    void theRubberBandSelectsWhatItTouches();
    void escapeGivesBackTheSelectionBeforeTheBand();
    void aDragMovesTheSelectionOnTheGridInOneChange();
    void escapePutsBackWhatWasDragged();
    void aSmallTremorMovesNothing();
    void aDragFromAPortConnects();
    void aSecondDragAddsItsCondition();
    void aDragToWhatComesBeforeIsRefusedWithAWord();
    void whatCannotBeTheEndIsDimmedAndTheEndGlows();
    void escapeLetsALinkGo();
    void aDragFromAPortToNothingOffersActivities();
    void aDoubleClickOpensProperties();
    void aDoubleClickOnNothingOffersActivities();
    void anActivityFromThePaletteStandsWhereItsGhostStood();
    void aForeignDropIsRefused();
    void anEmptyCanvasTakesADropInItsMiddle();
    void aDragToTheEdgeScrolls();
    void ctrlWheelZoomsAtThePointer();
    void wheelScrolls();
    void middleDragPans();
    void spaceDragPans();
    void theMapLooksElsewhere();
    void readOnlyChangesNothing();
};

void TestCanvasGestures::aClickSelects()
{
    tests::CanvasFixture on(abc());
    const QSignalSpy selected(&on.canvas(), &PipelineCanvas::selectionChanged);
    on.click(on.at(q("B")));
    QCOMPARE(on.canvas().selection(), QStringList({q("B")}));
    on.click(on.at(q("C")));
    QCOMPARE(on.canvas().selection(), QStringList({q("C")}));
    QCOMPARE(selected.size(), 2);
    QCOMPARE(selected.last().first().toStringList(), QStringList({q("C")}));
}

void TestCanvasGestures::ctrlClickAddsAndTakesAway()
{
    tests::CanvasFixture on(abc());
    on.click(on.at(q("A")));
    on.click(on.at(q("C")), Qt::ControlModifier);
    QCOMPARE(on.canvas().selection(), QStringList({q("A"), q("C")}));
    on.click(on.at(q("A")), Qt::ControlModifier);
    QCOMPARE(on.canvas().selection(), QStringList({q("C")}));
}

void TestCanvasGestures::aClickOnNothingSelectsNothing()
{
    tests::CanvasFixture on(abc());
    on.click(on.at(q("A")));
    on.click(on.at(q("A"), {0, -60}));
    QVERIFY(on.canvas().selection().isEmpty());
}

void TestCanvasGestures::aClickOnALinkSelectsIt()
{
    tests::CanvasFixture on(abc());
    on.click(on.at(q("A"), {268, 32}));
    QCOMPARE(on.scene().selectedLinks(), QList<LinkId>({LinkId{q("A"), q("B")}}));
    QVERIFY(on.canvas().selection().isEmpty());
}

void TestCanvasGestures::theRubberBandSelectsWhatItTouches()
{
    tests::CanvasFixture on(abc());
    on.drag(on.at(q("B"), {-20, -30}), on.at(q("C"), {40, 40}));
    QCOMPARE(on.canvas().selection(), QStringList({q("B"), q("C")}));
    QVERIFY(on.changes().isEmpty());
}

void TestCanvasGestures::escapeGivesBackTheSelectionBeforeTheBand()
{
    tests::CanvasFixture on(abc());
    on.click(on.at(q("A")));
    on.press(on.at(q("B"), {-20, -30}), Qt::ShiftModifier);
    on.move(on.at(q("C"), {40, 40}));
    QCOMPARE(on.canvas().selection().size(), 3);
    on.key(Qt::Key_Escape);
    QCOMPARE(on.canvas().selection(), QStringList({q("A")}));
    on.release(on.at(q("C")));
    QCOMPARE(on.canvas().selection(), QStringList({q("A")}));
}

void TestCanvasGestures::aDragMovesTheSelectionOnTheGridInOneChange()
{
    tests::CanvasFixture on(abc());
    on.select({q("A"), q("C")});
    on.drag(on.at(q("A")), on.at(q("A")) + QPoint(43, 101));
    QCOMPARE(on.changes().size(), 1);
    QVERIFY(!on.changes().first().pipeline);
    QCOMPARE(on.place(q("A")), QPointF(40, 104));
    QCOMPARE(on.place(q("C")), QPointF(360, 264));
    QCOMPARE(on.place(q("B")), QPointF(320, 0));
    QCOMPARE(on.scene().links().link(0).start, QPointF(40 + nodes::width, 104 + 32));
}

void TestCanvasGestures::escapePutsBackWhatWasDragged()
{
    tests::CanvasFixture on(abc());
    on.press(on.at(q("A")));
    on.move(on.at(q("A")) + QPoint(200, 100));
    QVERIFY(on.scene().node(0)->pos() != QPointF(0, 0));
    on.key(Qt::Key_Escape);
    QCOMPARE(on.scene().node(0)->pos(), QPointF(0, 0));
    on.release(on.at(q("A")) + QPoint(200, 100));
    QCOMPARE(on.scene().node(0)->pos(), QPointF(0, 0));
    QVERIFY(on.changes().isEmpty());
}

void TestCanvasGestures::aSmallTremorMovesNothing()
{
    tests::CanvasFixture on(abc());
    on.drag(on.at(q("A")), on.at(q("A")) + QPoint(3, 2));
    QVERIFY(on.changes().isEmpty());
    QCOMPARE(on.canvas().selection(), QStringList({q("A")}));
}

void TestCanvasGestures::aDragFromAPortConnects()
{
    tests::CanvasFixture on(abc());
    for (int port = 0; port < 4; ++port) {
        on.select({q("B")});
        on.drag(on.port(q("B"), port), on.at(q("C")));
        QCOMPARE(on.changes().size(), port + 1);
    }
    QCOMPARE(on.conditions(q("B"), q("C")), QStringList({q("Succeeded"), q("Failed"), q("Completed"), q("Skipped")}));
    QCOMPARE(on.scene().graph().links.size(), 2); // one for each two activities
}

void TestCanvasGestures::aSecondDragAddsItsCondition()
{
    tests::CanvasFixture on(abc());
    on.select({q("A")});
    on.drag(on.port(q("A"), 1), on.at(q("B")));
    QCOMPARE(on.conditions(q("A"), q("B")), QStringList({q("Succeeded"), q("Failed")}));
    on.select({q("A")});
    on.drag(on.port(q("A"), 1), on.at(q("B"))); // there already: no change
    QCOMPARE(on.changes().size(), 1);
}

void TestCanvasGestures::aDragToWhatComesBeforeIsRefusedWithAWord()
{
    tests::CanvasFixture on(abc());
    on.select({q("B")});
    on.drag(on.port(q("B"), 0), on.at(q("A")));
    QVERIFY(on.changes().isEmpty());
    auto *const notice = on.canvas().findChild<QLabel *>(q("canvasNotice"));
    QVERIFY(notice->isVisible());
    QVERIFY(notice->text().contains(q("wait for each other")));
}

void TestCanvasGestures::whatCannotBeTheEndIsDimmedAndTheEndGlows()
{
    tests::CanvasFixture on(abc());
    on.select({q("B")});
    on.press(on.port(q("B"), 0));
    on.move(on.at(q("C")));
    QVERIFY(on.scene().node(0)->marks().testFlag(NodeItem::Dimmed)); // A comes before B
    QVERIFY(on.scene().node(2)->marks().testFlag(NodeItem::Glowing));
    on.release(on.at(q("C")));
    for (int node = 0; node < 3; ++node)
        QVERIFY(!(on.scene().node(node)->marks() & (NodeItem::Dimmed | NodeItem::Glowing)));
}

void TestCanvasGestures::escapeLetsALinkGo()
{
    tests::CanvasFixture on(abc());
    on.select({q("B")});
    on.press(on.port(q("B"), 0));
    on.move(on.at(q("C")));
    on.key(Qt::Key_Escape);
    on.release(on.at(q("C")));
    QVERIFY(on.changes().isEmpty());
    QVERIFY(!on.scene().node(2)->marks().testFlag(NodeItem::Glowing));
}

void TestCanvasGestures::aDragFromAPortToNothingOffersActivities()
{
    tests::CanvasFixture on(abc());
    on.select({q("C")});
    on.drag(on.port(q("C"), 1), on.at(q("C"), {300, 60}));
    QVERIFY(on.popup());
    QTest::keyClick(on.popup()->findChild<QLineEdit *>(), Qt::Key_Return);
    QCOMPARE(on.changes().size(), 1);
    QCOMPARE(on.names().size(), 4);
    QCOMPARE(on.conditions(q("C"), on.names().last()), QStringList({q("Failed")}));
    QVERIFY(on.place(on.names().last()).x() > on.place(q("C")).x());
}

void TestCanvasGestures::aDoubleClickOpensProperties()
{
    tests::CanvasFixture on(abc());
    const QSignalSpy activated(&on.canvas(), &PipelineCanvas::activityActivated);
    QTest::mouseDClick(on.view().viewport(), Qt::LeftButton, {}, on.at(q("B")));
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().toString(), q("B"));
}

void TestCanvasGestures::aDoubleClickOnNothingOffersActivities()
{
    tests::CanvasFixture on(abc());
    QTest::mouseDClick(on.view().viewport(), Qt::LeftButton, {}, on.at(q("A"), {0, 200}));
    QVERIFY(on.popup());
    QTest::keyClick(on.popup()->findChild<QLineEdit *>(), Qt::Key_Escape);
    QVERIFY(!on.popup());
    QVERIFY(on.changes().isEmpty());
}

void TestCanvasGestures::anActivityFromThePaletteStandsWhereItsGhostStood()
{
    tests::CanvasFixture on(abc());
    QMimeData mime;
    mime.setData(activityTypeMime(), "Copy");
    const QPoint place = on.at(q("A"), {131, 233});
    QDragEnterEvent enter(place, Qt::CopyAction, &mime, Qt::LeftButton, {});
    QApplication::sendEvent(on.view().viewport(), &enter);
    QVERIFY(enter.isAccepted());
    QDragMoveEvent over(place, Qt::CopyAction, &mime, Qt::LeftButton, {});
    QApplication::sendEvent(on.view().viewport(), &over);
    const std::optional<QPointF> ghost = on.scene().gestureMarks().ghost();
    QVERIFY(ghost);
    QCOMPARE(*ghost, snapped(*ghost));
    QDropEvent drop(place, Qt::CopyAction, &mime, Qt::LeftButton, {});
    QApplication::sendEvent(on.view().viewport(), &drop);
    QCOMPARE(on.changes().size(), 1);
    const QString added = on.names().last();
    QCOMPARE(on.place(added), *ghost);
    QCOMPARE(on.canvas().selection(), QStringList({added}));
    QVERIFY(!on.scene().gestureMarks().ghost());
}

void TestCanvasGestures::aForeignDropIsRefused()
{
    tests::CanvasFixture on(abc());
    QMimeData mime;
    mime.setText(q("Copy"));
    QDragEnterEvent enter({100, 100}, Qt::CopyAction, &mime, Qt::LeftButton, {});
    QApplication::sendEvent(on.view().viewport(), &enter);
    QVERIFY(!enter.isAccepted());
}

void TestCanvasGestures::anEmptyCanvasTakesADropInItsMiddle()
{
    tests::CanvasFixture on(tests::pipeline({}));
    QWidget *under = on.canvas().childAt(on.canvas().rect().center());
    QVERIFY(on.canvas().findChild<QWidget *>(q("canvasHint"))->isAncestorOf(under)); // the hint is there
    while (!under->acceptDrops())
        under = under->parentWidget();
    QCOMPARE(under, on.view().viewport());
    on.view().scrollBy({70, 30});
    auto *const hint = on.canvas().findChild<QWidget *>(q("canvasHint"));
    QVERIFY((hint->geometry().center() - on.canvas().rect().center()).manhattanLength() < 4);
}

void TestCanvasGestures::aDragToTheEdgeScrolls()
{
    tests::CanvasFixture on(abc());
    const QPointF before = on.view().mapToScene(0, 0);
    on.press(on.at(q("A")));
    on.move(QPoint(on.view().width() - 4, 300));
    QTRY_VERIFY(on.view().mapToScene(0, 0).x() > before.x() + 30);
    QVERIFY(on.scene().node(0)->pos().x() > 300); // and comes along
    on.key(Qt::Key_Escape);
    QCOMPARE(on.scene().node(0)->pos(), QPointF(0, 0));
}

void TestCanvasGestures::ctrlWheelZoomsAtThePointer()
{
    tests::CanvasFixture on(abc());
    const QPoint pointer = on.at(q("B"));
    const QPointF held = on.view().mapToScene(pointer);
    QWheelEvent wheel(pointer,
                      on.view().viewport()->mapToGlobal(QPointF(pointer)),
                      {},
                      {0, 240},
                      Qt::NoButton,
                      Qt::ControlModifier,
                      Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(on.view().viewport(), &wheel);
    QVERIFY(on.view().zoom() > 1.4);
    const QPointF now = on.view().mapToScene(pointer);
    QVERIFY(std::abs(now.x() - held.x()) <= 1 && std::abs(now.y() - held.y()) <= 1);
}

void TestCanvasGestures::wheelScrolls()
{
    tests::CanvasFixture on(abc());
    const QPointF before = on.view().mapToScene(0, 0);
    const auto turn = [&](Qt::KeyboardModifiers modifiers) {
        QWheelEvent wheel({100, 100}, {100, 100}, {}, {0, -120}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(on.view().viewport(), &wheel);
    };
    turn({});
    QCOMPARE(on.view().mapToScene(0, 0), before + QPointF(0, 60));
    turn(Qt::ShiftModifier);
    QCOMPARE(on.view().mapToScene(0, 0), before + QPointF(60, 60));
    QCOMPARE(on.view().zoom(), 1.0);
}

void TestCanvasGestures::middleDragPans()
{
    tests::CanvasFixture on(abc());
    const QPointF before = on.view().mapToScene(0, 0);
    on.press({300, 300}, {}, Qt::MiddleButton);
    on.move({260, 330});
    QCOMPARE(on.view().mapToScene(0, 0), before + QPointF(40, -30));
    on.key(Qt::Key_Escape);
    QCOMPARE(on.view().mapToScene(0, 0), before);
}

void TestCanvasGestures::spaceDragPans()
{
    tests::CanvasFixture on(abc());
    const QPointF before = on.view().mapToScene(0, 0);
    QTest::keyPress(&on.view(), Qt::Key_Space);
    on.drag(on.at(q("A")), on.at(q("A")) + QPoint(50, 20));
    QTest::keyRelease(&on.view(), Qt::Key_Space);
    QCOMPARE(on.view().mapToScene(0, 0), before - QPointF(50, 20));
    QVERIFY(on.changes().isEmpty());
}

void TestCanvasGestures::theMapLooksElsewhere()
{
    tests::CanvasFixture on(abc());
    on.view().setZoom(4);
    auto *const map = on.canvas().findChild<QWidget *>(q("minimap"));
    QVERIFY(map->isVisible());
    const QPointF before = on.view().mapToScene(0, 0);
    QTest::mousePress(map, Qt::LeftButton, {}, {20, 70});
    QVERIFY(on.view().mapToScene(0, 0) != before);
}

void TestCanvasGestures::readOnlyChangesNothing()
{
    tests::CanvasFixture on(abc(true));
    on.drag(on.at(q("A")), on.at(q("A")) + QPoint(80, 80));
    on.select({q("B")});
    on.drag(on.port(q("B"), 0), on.at(q("C")));
    QTest::mouseDClick(on.view().viewport(), Qt::LeftButton, {}, on.at(q("A"), {0, 200}));
    QVERIFY(!on.popup());
    QMimeData mime;
    mime.setData(activityTypeMime(), "Copy");
    QDragEnterEvent enter({100, 100}, Qt::CopyAction, &mime, Qt::LeftButton, {});
    QApplication::sendEvent(on.view().viewport(), &enter);
    QVERIFY(!enter.isAccepted());
    QVERIFY(on.changes().isEmpty());
    QCOMPARE(on.scene().node(0)->pos(), QPointF(0, 0));
}

SLIPWAY_TEST(TestCanvasGestures)
#include "TestCanvasGestures.moc"
