#include "designer/notebook/CellList.h"
#include "tests/support/TestMain.h"

#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

using namespace designer;

namespace {

QWidget *block(int height)
{
    auto *const widget = new QWidget;
    auto *const layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *const inner = new QWidget;
    inner->setObjectName(QStringLiteral("inner"));
    inner->setFixedHeight(height);
    layout->addWidget(inner);
    return widget;
}

// 300 cells; the estimate is wrong on purpose.
CellList::Source source(int height = 160)
{
    return {.estimatedHeight = [](int) { return 100; }, .make = [height](int) { return block(height); }, .mayGo = {}};
}

int topInSight(const CellList &list, int index) { return list.cell(index)->mapTo(&list, QPoint(0, 0)).y(); }

} // namespace

class TestCellList : public QObject
{
    Q_OBJECT

private slots:
    void makesOnlyWhatIsInSight();
    void goesToACellFarAway();
    void doesNotMoveWhenACellAboveGrows();
    void staysAtACellWhileOthersAreMade();
    void letsFarCellsGo();
    void keepsTheTopWhenCellsAreAdded();
    void showsTheCellBefore();
};

void TestCellList::makesOnlyWhatIsInSight()
{
    CellList list;
    list.resize(600, 500);
    list.setSource(source());
    list.show();
    list.setCount(300);
    QTRY_VERIFY(list.madeCount() > 2);
    QTest::qWait(50);
    QVERIFY2(list.madeCount() < 20, qPrintable(QString::number(list.madeCount())));
    QVERIFY(list.cell(0));
    QVERIFY(!list.cell(200));
}

void TestCellList::goesToACellFarAway()
{
    CellList list;
    list.resize(600, 500);
    list.setSource(source(700));
    list.show();
    list.setCount(300);
    list.scrollTo(250, 400);
    QVERIFY(list.cell(250));
    const int line = topInSight(list, 250) + 400;
    QVERIFY2(line > 0 && line < 500, qPrintable(QString::number(line)));
    QTest::qWait(50); // its neighbours are made
    QCOMPARE(topInSight(list, 250) + 400, line);
    list.scrollTo(10);
    const int top = topInSight(list, 10);
    QVERIFY2(top >= 0 && top < 60, qPrintable(QString::number(top)));
}

void TestCellList::doesNotMoveWhenACellAboveGrows()
{
    CellList list;
    list.resize(600, 500);
    list.setSource(source());
    list.show();
    list.setCount(50);
    list.scrollTo(6);
    QTest::qWait(50);
    list.verticalScrollBar()->setValue(list.verticalScrollBar()->value() + 10); // somebody scrolls
    const int before = topInSight(list, 6);
    list.cell(3)->findChild<QWidget *>(QStringLiteral("inner"))->setFixedHeight(900);
    QTRY_COMPARE(list.cell(3)->height(), 900);
    QCOMPARE(topInSight(list, 6), before);
}

void TestCellList::staysAtACellWhileOthersAreMade()
{
    CellList list;
    list.resize(600, 500);
    list.setSource(source(240)); // every one of them is taller than it was taken for
    list.show();
    list.setCount(30);
    list.scrollTo(3);
    QTest::qWait(50);
    const int top = topInSight(list, 3);
    QVERIFY2(top >= 0 && top < 400, qPrintable(QString::number(top)));
    list.resize(500, 450);
    QTest::qWait(50);
    QVERIFY(topInSight(list, 3) >= 0 && topInSight(list, 3) < 400);
}

void TestCellList::letsFarCellsGo()
{
    CellList list;
    list.resize(600, 500);
    list.setSource(source());
    list.show();
    list.setCount(300);
    for (int index = 0; index < 300; index += 5) {
        list.scrollTo(index);
        QCoreApplication::processEvents();
    }
    QVERIFY2(list.madeCount() <= 80, qPrintable(QString::number(list.madeCount())));
    QVERIFY(!list.cell(0));
    list.scrollTo(0);
    QVERIFY(list.cell(0));
}

void TestCellList::keepsTheTopWhenCellsAreAdded()
{
    CellList list;
    list.resize(600, 500);
    list.setSource(source());
    list.show();
    list.setCount(20);
    list.scrollTo(10);
    QTest::qWait(50);
    const int before = topInSight(list, 10);
    list.setCount(40);
    QCOMPARE(topInSight(list, 10), before);
    list.setCount(5);
    QCOMPARE(list.count(), 5);
}

void TestCellList::showsTheCellBefore()
{
    CellList list;
    list.resize(600, 500);
    list.setSource(source(60));
    list.show();
    list.setCount(30);
    list.scrollTo(10);
    QTest::qWait(50);
    QVERIFY(topInSight(list, 9) >= 0 && topInSight(list, 9) < 20);
    QVERIFY(topInSight(list, 10) > topInSight(list, 9));
}

SLIPWAY_TEST(TestCellList)
#include "TestCellList.moc"
