#include "tests/designer/canvas/CanvasFixture.h"
#include "tests/support/TestMain.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>

using namespace designer;

namespace {

QString q(const char *text) { return QString::fromUtf8(text); }

tests::CanvasFixture abc(bool readOnly = false)
{
    return tests::CanvasFixture(
        tests::pipeline({q("A>B"), q("C")}), {{q("A"), {0, 0}}, {q("B"), {320, 0}}, {q("C"), {320, 160}}}, readOnly);
}

QLineEdit *searchOf(QWidget *popup) { return popup ? popup->findChild<QLineEdit *>() : nullptr; }

} // namespace

// Everything the canvas does, by keys alone.
class TestCanvasKeys : public QObject
{
    Q_OBJECT

private slots:
    void arrowsGoToTheNearestActivity();
    void shiftArrowsSelectMore();
    void ctrlArrowsNudge();
    void enterOpensProperties();
    void deleteRemovesActivitiesAndTheirLinks_data();
    void deleteRemovesActivitiesAndTheirLinks();
    void deleteRemovesTheSelectedLinkOnly();
    void ctrlDeleteJoinsTheLinks();
    void linksAreReachedAndTheirConditionsChanged();
    void theLastConditionStays();
    void connectsByList();
    void renamesInPlace();
    void refusesBadNamesInPlace();
    void escapeKeepsTheName();
    void addsFromAMenu_data();
    void addsFromAMenu();
    void copiesAndPastes();
    void cutsAndPastesElsewhere();
    void pastesNothingButActivities();
    void duplicates();
    void selectsAll();
    void zooms();
    void arrangesInOneChange();
    void arrangesTheSelectionOnly();
    void deactivates();
    void readOnlyRefuses();
    void worksWithoutActivities();
    void survivesOddNames();
};

void TestCanvasKeys::arrowsGoToTheNearestActivity()
{
    tests::CanvasFixture on(abc());
    on.key(Qt::Key_Right); // from nowhere: the first
    QCOMPARE(on.canvas().selection(), QStringList({q("A")}));
    on.key(Qt::Key_Right);
    QCOMPARE(on.canvas().selection(), QStringList({q("B")}));
    on.key(Qt::Key_Down);
    QCOMPARE(on.canvas().selection(), QStringList({q("C")}));
    on.key(Qt::Key_Down); // nothing there
    QCOMPARE(on.canvas().selection(), QStringList({q("C")}));
    on.key(Qt::Key_Left);
    QCOMPARE(on.canvas().selection(), QStringList({q("A")}));
    on.key(Qt::Key_End);
    QCOMPARE(on.canvas().selection(), QStringList({q("C")}));
    QVERIFY(on.changes().isEmpty());
}

void TestCanvasKeys::shiftArrowsSelectMore()
{
    tests::CanvasFixture on(abc());
    on.key(Qt::Key_Home);
    on.key(Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(on.canvas().selection(), QStringList({q("A"), q("B")}));
}

void TestCanvasKeys::ctrlArrowsNudge()
{
    tests::CanvasFixture on(abc());
    on.select({q("A")});
    on.key(Qt::Key_Right, Qt::ControlModifier);
    on.key(Qt::Key_Down, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(on.place(q("A")), QPointF(8, 80));
    QCOMPARE(on.changes().size(), 2);
    QVERIFY(!on.changes()[0].mergeKey.isEmpty()); // the document makes one step of them
    QCOMPARE(on.changes()[0].mergeKey, on.changes()[1].mergeKey);
}

void TestCanvasKeys::enterOpensProperties()
{
    tests::CanvasFixture on(abc());
    const QSignalSpy activated(&on.canvas(), &PipelineCanvas::activityActivated);
    on.key(Qt::Key_Return);
    QCOMPARE(activated.size(), 0);
    on.select({q("C")});
    on.key(Qt::Key_Return);
    QCOMPARE(activated.first().first().toString(), q("C"));
}

void TestCanvasKeys::deleteRemovesActivitiesAndTheirLinks_data()
{
    QTest::addColumn<int>("key");
    QTest::newRow("Delete") << int(Qt::Key_Delete);
    QTest::newRow("Backspace") << int(Qt::Key_Backspace);
}

void TestCanvasKeys::deleteRemovesActivitiesAndTheirLinks()
{
    QFETCH(int, key);
    tests::CanvasFixture on(abc());
    on.select({q("A"), q("C")});
    on.key(Qt::Key(key));
    QCOMPARE(on.names(), QStringList({q("B")}));
    QVERIFY(on.conditions(q("A"), q("B")).isEmpty());
    QCOMPARE(on.changes().size(), 1);
    QVERIFY(!on.changes().first().layout->contains(q("A")));
    on.key(Qt::Key(key)); // nothing is selected
    QCOMPARE(on.changes().size(), 1);
}

void TestCanvasKeys::deleteRemovesTheSelectedLinkOnly()
{
    tests::CanvasFixture on(abc());
    on.select({q("A")});
    on.key(Qt::Key_L);
    on.key(Qt::Key_Delete);
    QCOMPARE(on.names().size(), 3);
    QVERIFY(on.conditions(q("A"), q("B")).isEmpty());
    QVERIFY(on.scene().graph().links.isEmpty());
    QVERIFY(on.scene().selectedLinks().isEmpty());
}

void TestCanvasKeys::ctrlDeleteJoinsTheLinks()
{
    tests::CanvasFixture on(tests::pipeline({q("A!B"), q("B>C")}));
    on.select({q("B")});
    on.key(Qt::Key_Delete, Qt::ControlModifier);
    QCOMPARE(on.conditions(q("A"), q("C")), QStringList({q("Failed")}));
}

void TestCanvasKeys::linksAreReachedAndTheirConditionsChanged()
{
    tests::CanvasFixture on(abc());
    on.select({q("B")});
    on.key(Qt::Key_L);
    QCOMPARE(on.scene().selectedLinks(), QList<LinkId>({LinkId{q("A"), q("B")}}));
    on.key(Qt::Key_2);
    QCOMPARE(on.conditions(q("A"), q("B")), QStringList({q("Succeeded"), q("Failed")}));
    QCOMPARE(on.scene().selectedLinks().size(), 1); // it stays where the keyboard is
    on.key(Qt::Key_1);
    QCOMPARE(on.conditions(q("A"), q("B")), QStringList({q("Failed")}));
    on.key(Qt::Key_4);
    on.key(Qt::Key_3);
    QCOMPARE(on.conditions(q("A"), q("B")).size(), 3);
}

void TestCanvasKeys::theLastConditionStays()
{
    tests::CanvasFixture on(abc());
    on.select({q("A")});
    on.key(Qt::Key_L);
    on.key(Qt::Key_1);
    QVERIFY(on.changes().isEmpty());
    QCOMPARE(on.conditions(q("A"), q("B")), QStringList({q("Succeeded")}));
}

void TestCanvasKeys::connectsByList()
{
    tests::CanvasFixture on(abc());
    on.select({q("B")});
    on.key(Qt::Key_C);
    QWidget *const menu = on.popup();
    QVERIFY(menu);
    menu->findChild<QComboBox *>()->setCurrentIndex(1);
    on.type(searchOf(menu), q("c"));
    QTest::keyClick(searchOf(menu), Qt::Key_Return);
    QVERIFY(!on.popup());
    QCOMPARE(on.conditions(q("B"), q("C")), QStringList({q("Failed")}));
    on.select({q("C")}); // what comes before is not offered
    on.key(Qt::Key_C);
    QVERIFY(!on.popup());
}

void TestCanvasKeys::renamesInPlace()
{
    tests::CanvasFixture on(abc());
    on.select({q("A")});
    on.key(Qt::Key_F2);
    auto *const editor = on.canvas().findChild<QLineEdit *>(q("activityName"));
    QVERIFY(editor->isVisible());
    QCOMPARE(editor->text(), q("A"));
    on.type(editor, q("Load 🚢"));
    QTest::keyClick(editor, Qt::Key_Return);
    QVERIFY(!editor->isVisible());
    QCOMPARE(on.names().first(), q("Load 🚢"));
    QCOMPARE(on.conditions(q("Load 🚢"), q("B")), QStringList({q("Succeeded")}));
    QCOMPARE(on.place(q("Load 🚢")), QPointF(0, 0));
    QCOMPARE(on.changes().first().renamed.value(q("A")), q("Load 🚢"));
    QCOMPARE(on.canvas().selection(), QStringList({q("Load 🚢")}));
    QVERIFY(on.view().hasFocus());
}

void TestCanvasKeys::refusesBadNamesInPlace()
{
    tests::CanvasFixture on(abc());
    on.select({q("A")});
    on.key(Qt::Key_F2);
    auto *const editor = on.canvas().findChild<QLineEdit *>(q("activityName"));
    on.type(editor, q("b")); // that of B, but for its case
    QCOMPARE(editor->property("look").toString(), q("wrong"));
    QTest::keyClick(editor, Qt::Key_Return);
    QVERIFY(editor->isVisible());
    QVERIFY(on.changes().isEmpty());
    on.view().setFocus(); // leaving takes no bad name either
    QVERIFY(!editor->isVisible());
    QCOMPARE(on.names().first(), q("A"));
}

void TestCanvasKeys::escapeKeepsTheName()
{
    tests::CanvasFixture on(abc());
    on.select({q("A")});
    on.key(Qt::Key_F2);
    auto *const editor = on.canvas().findChild<QLineEdit *>(q("activityName"));
    on.type(editor, q("Other"));
    QTest::keyClick(editor, Qt::Key_Escape);
    QVERIFY(!editor->isVisible());
    QVERIFY(on.changes().isEmpty());
}

void TestCanvasKeys::addsFromAMenu_data()
{
    QTest::addColumn<int>("key");
    QTest::newRow("Ins") << int(Qt::Key_Insert);
    QTest::newRow("/") << int(Qt::Key_Slash);
}

void TestCanvasKeys::addsFromAMenu()
{
    QFETCH(int, key);
    tests::CanvasFixture on(abc());
    on.key(Qt::Key(key));
    QVERIFY(on.popup());
    on.type(searchOf(on.popup()), q("noteb"));
    QTest::keyClick(searchOf(on.popup()), Qt::Key_Return);
    QCOMPARE(on.names().size(), 4);
    QCOMPARE(on.names().last(), q("Notebook1"));
    QCOMPARE(on.canvas().selection(), QStringList({q("Notebook1")}));
    QCOMPARE(on.place(q("Notebook1")), snapped(on.place(q("Notebook1"))));
}

void TestCanvasKeys::copiesAndPastes()
{
    tests::CanvasFixture on(abc());
    on.select({q("A"), q("B")});
    on.key(Qt::Key_C, Qt::ControlModifier);
    QVERIFY(on.changes().isEmpty());
    on.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(on.names(), QStringList({q("A"), q("B"), q("C"), q("A1"), q("B1")}));
    QCOMPARE(on.conditions(q("A1"), q("B1")), QStringList({q("Succeeded")}));
    QCOMPARE(on.canvas().selection(), QStringList({q("A1"), q("B1")}));
    QCOMPARE(on.place(q("B1")) - on.place(q("A1")), QPointF(320, 0));
    on.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(on.names().size(), 7);
    QVERIFY(on.place(q("A2")) != on.place(q("A1")));
    QCOMPARE(on.changes().size(), 2);
}

void TestCanvasKeys::cutsAndPastesElsewhere()
{
    tests::CanvasFixture on(abc());
    on.select({q("A"), q("B")});
    on.key(Qt::Key_X, Qt::ControlModifier);
    QCOMPARE(on.names(), QStringList({q("C")}));
    tests::CanvasFixture other(tests::pipeline({q("B")}));
    other.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(other.names(), QStringList({q("B"), q("A"), q("B1")}));
    QCOMPARE(other.conditions(q("A"), q("B1")), QStringList({q("Succeeded")}));
}

void TestCanvasKeys::pastesNothingButActivities()
{
    tests::CanvasFixture on(abc());
    QApplication::clipboard()->setText(q("Hello"));
    on.key(Qt::Key_V, Qt::ControlModifier);
    QVERIFY(on.changes().isEmpty());
    QVERIFY(on.canvas().findChild<QWidget *>(q("canvasNotice"))->isVisible());
}

void TestCanvasKeys::duplicates()
{
    tests::CanvasFixture on(abc());
    QApplication::clipboard()->setText(q("kept"));
    on.select({q("B")});
    on.key(Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(on.names().last(), q("B1"));
    QVERIFY(on.conditions(q("A"), q("B1")).isEmpty());
    QVERIFY(on.place(q("B1")) != on.place(q("B")));
    QCOMPARE(QApplication::clipboard()->text(), q("kept"));
}

void TestCanvasKeys::selectsAll()
{
    tests::CanvasFixture on(abc());
    on.key(Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(on.canvas().selection().size(), 3);
    on.key(Qt::Key_Escape);
    QVERIFY(on.canvas().selection().isEmpty());
}

void TestCanvasKeys::zooms()
{
    tests::CanvasFixture on(abc());
    on.key(Qt::Key_Plus, Qt::ControlModifier);
    QVERIFY(on.view().zoom() > 1);
    on.key(Qt::Key_Minus, Qt::ControlModifier);
    on.key(Qt::Key_Minus, Qt::ControlModifier);
    QVERIFY(on.view().zoom() < 1);
    on.key(Qt::Key_Equal, Qt::ControlModifier);
    QCOMPARE(on.view().zoom(), 1.0);
    for (int i = 0; i < 40; ++i)
        on.key(Qt::Key_Minus, Qt::ControlModifier);
    QCOMPARE(on.view().zoom(), CanvasView::leastZoom);
    on.key(Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(on.view().zoom(), 1.0);
    on.view().setZoom(4);
    on.key(Qt::Key_1, Qt::ControlModifier);
    const QRectF seen = on.view().mapToScene(on.view().viewport()->rect()).boundingRect();
    QVERIFY(seen.contains(on.scene().contentRect()));
    on.select({q("C")});
    on.key(Qt::Key_2, Qt::ControlModifier);
    QVERIFY((on.view().mapToScene(on.view().viewport()->rect().center()) - QPointF(428, 192)).manhattanLength() < 3);
}

void TestCanvasKeys::arrangesInOneChange()
{
    tests::CanvasFixture on(tests::pipeline({q("A>B"), q("B>C")}),
                            {{q("A"), {640, 0}}, {q("B"), {0, 8}}, {q("C"), {320, 400}}});
    on.key(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(on.changes().size(), 1);
    QVERIFY(on.place(q("A")).x() < on.place(q("B")).x());
    QVERIFY(on.place(q("B")).x() < on.place(q("C")).x());
    QCOMPARE(on.place(q("A")), QPointF(0, 0));
    on.key(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier); // is arranged already
    QCOMPARE(on.changes().size(), 1);
}

void TestCanvasKeys::arrangesTheSelectionOnly()
{
    tests::CanvasFixture on(tests::pipeline({q("A>B"), q("C")}),
                            {{q("A"), {640, 0}}, {q("B"), {0, 8}}, {q("C"), {111, 400}}});
    on.select({q("A"), q("B")});
    on.key(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(on.place(q("C")), QPointF(111, 400));
    QVERIFY(on.place(q("A")).x() < on.place(q("B")).x());
}

void TestCanvasKeys::deactivates()
{
    tests::CanvasFixture on(abc());
    on.select({q("A")});
    auto *const action = on.canvas().findChild<QAction *>(q("inactive"));
    action->trigger();
    QVERIFY(on.scene().graph().nodes[0].isInactive);
    action->trigger();
    QVERIFY(!on.scene().graph().nodes[0].isInactive);
    QCOMPARE(on.changes().size(), 2);
}

void TestCanvasKeys::readOnlyRefuses()
{
    tests::CanvasFixture on(abc(true));
    on.select({q("A")});
    for (const auto &[key, modifiers] : std::initializer_list<std::pair<Qt::Key, Qt::KeyboardModifiers>>{
             {Qt::Key_Delete, {}},
             {Qt::Key_Backspace, {}},
             {Qt::Key_X, Qt::ControlModifier},
             {Qt::Key_V, Qt::ControlModifier},
             {Qt::Key_D, Qt::ControlModifier},
             {Qt::Key_Right, Qt::ControlModifier},
             {Qt::Key_F2, {}},
             {Qt::Key_Insert, {}},
             {Qt::Key_Slash, {}},
             {Qt::Key_C, {}},
             {Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier}}) {
        on.key(key, modifiers);
        QVERIFY(!on.popup());
        QVERIFY(!on.canvas().findChild<QLineEdit *>(q("activityName"))->isVisible());
    }
    on.key(Qt::Key_L);
    on.key(Qt::Key_2);
    on.key(Qt::Key_Delete);
    QVERIFY(on.changes().isEmpty());
    on.select({q("A")});
    on.key(Qt::Key_C, Qt::ControlModifier); // looking and copying is free
    QVERIFY(QApplication::clipboard()->text().contains(q("\"A\"")));
}

void TestCanvasKeys::worksWithoutActivities()
{
    tests::CanvasFixture on(tests::pipeline({}));
    for (const Qt::Key key : {Qt::Key_Right, Qt::Key_Home, Qt::Key_Return, Qt::Key_Delete, Qt::Key_L, Qt::Key_F2})
        on.key(key);
    on.key(Qt::Key_1, Qt::ControlModifier);
    on.key(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    on.key(Qt::Key_A, Qt::ControlModifier);
    QVERIFY(on.changes().isEmpty());
    auto *const hint = on.canvas().findChild<QWidget *>(q("canvasHint"));
    QVERIFY(hint->isVisible());
    QTest::mouseClick(on.canvas().findChild<QWidget *>(q("addFirstActivity")), Qt::LeftButton);
    QVERIFY(on.popup());
    QTest::keyClick(searchOf(on.popup()), Qt::Key_Return);
    QCOMPARE(on.names().size(), 1);
    QVERIFY(!hint->isVisible());
}

void TestCanvasKeys::survivesOddNames()
{
    const QString longest(55, u'W');
    tests::CanvasFixture on(
        tests::pipeline({q("👩‍👩‍👧‍👦 Familie>تحميل البيانات"), longest + q(">a")}));
    on.key(Qt::Key_A, Qt::ControlModifier);
    on.key(Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(on.names().size(), 8);
    QCOMPARE(on.conditions(q("👩‍👩‍👧‍👦 Familie1"), q("تحميل البيانات1")),
             QStringList({q("Succeeded")}));
    on.key(Qt::Key_Delete);
    QCOMPARE(on.names().size(), 4);
    QVERIFY(!on.canvas().grab().isNull());
}

SLIPWAY_TEST(TestCanvasKeys)
#include "TestCanvasKeys.moc"
