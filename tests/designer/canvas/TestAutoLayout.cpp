#include "designer/canvas/AutoLayout.h"
#include "tests/designer/canvas/Pipelines.h"
#include "tests/support/TestMain.h"

#include <QRectF>

using namespace designer;

namespace {

PipelineGraph graphOf(const QStringList &parts) { return PipelineGraph::fromJson(tests::pipeline(parts)); }

int overlaps(const QList<QPointF> &places)
{
    int found = 0;
    for (qsizetype i = 0; i < places.size(); ++i) {
        for (qsizetype j = i + 1; j < places.size(); ++j) {
            const QSizeF size(nodes::width, nodes::height);
            found += QRectF(places[i], size).intersects(QRectF(places[j], size));
        }
    }
    return found;
}

} // namespace

class TestAutoLayout : public QObject
{
    Q_OBJECT

private slots:
    void putsEveryActivityRightOfWhatItWaitsFor();
    void coversNothing_data();
    void coversNothing();
    void standsOnTheGrid();
    void keepsAboveWhatIsAbove();
    void keepsTheCornerWhereItIs();
    void changesNothingTheSecondTime();
    void opensCycles();
    void putsNewActivitiesBesideWhatTheyFollow();
    void leavesKnownPlacesAlone();
};

void TestAutoLayout::putsEveryActivityRightOfWhatItWaitsFor()
{
    const PipelineGraph graph = PipelineGraph::fromJson(tests::largePipeline(200));
    const QList<QPointF> places = layeredLayout(graph);
    for (const GraphLink &link : graph.links)
        QVERIFY(places[link.from].x() + nodes::width < places[link.to].x());
}

void TestAutoLayout::coversNothing_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {0, 1, 2, 40, 200})
        QTest::addRow("%d", count) << count;
}

void TestAutoLayout::coversNothing()
{
    QFETCH(int, count);
    const QList<QPointF> places = layeredLayout(PipelineGraph::fromJson(tests::largePipeline(count)));
    QCOMPARE(places.size(), count);
    QCOMPARE(overlaps(places), 0);
}

void TestAutoLayout::standsOnTheGrid()
{
    for (const QPointF &place : layeredLayout(PipelineGraph::fromJson(tests::largePipeline(60))))
        QCOMPARE(place, snapped(place));
}

void TestAutoLayout::keepsAboveWhatIsAbove()
{
    const PipelineGraph graph = graphOf({QStringLiteral("A>B"), QStringLiteral("A>C")});
    const QList<QPointF> asWritten = layeredLayout(graph);
    QVERIFY(asWritten[1].y() < asWritten[2].y());
    const QList<QPointF> turned = layeredLayout(graph, {{0, 0}, {320, 400}, {300, -80}});
    QVERIFY(turned[2].y() < turned[1].y());
}

void TestAutoLayout::keepsTheCornerWhereItIs()
{
    const PipelineGraph graph = graphOf({QStringLiteral("A>B")});
    const QList<QPointF> places = layeredLayout(graph, {{800, 160}, {640, 400}});
    QCOMPARE(std::min(places[0].x(), places[1].x()), 640.0);
    QCOMPARE(std::min(places[0].y(), places[1].y()), 160.0);
}

void TestAutoLayout::changesNothingTheSecondTime()
{
    const PipelineGraph graph = graphOf({QStringLiteral("A>B"),
                                         QStringLiteral("A>C"),
                                         QStringLiteral("B>D"),
                                         QStringLiteral("C>D"),
                                         QStringLiteral("A>D"),
                                         QStringLiteral("E"),
                                         QStringLiteral("F")});
    const QList<QPointF> once = layeredLayout(graph);
    QCOMPARE(layeredLayout(graph, once), once);
}

void TestAutoLayout::opensCycles()
{
    const QList<QPointF> places =
        layeredLayout(graphOf({QStringLiteral("A>B"), QStringLiteral("B>C"), QStringLiteral("C>A")}));
    QCOMPARE(overlaps(places), 0);
    QVERIFY(places[0].x() < places[1].x());
    QVERIFY(places[1].x() < places[2].x());
}

void TestAutoLayout::putsNewActivitiesBesideWhatTheyFollow()
{
    const PipelineGraph graph = graphOf({QStringLiteral("A>B"), QStringLiteral("A>C"), QStringLiteral("D>A")});
    const QList<QPointF> places = completedLayout(graph, {{QStringLiteral("A"), {1000, 504}}});
    QCOMPARE(overlaps(places), 0);
    QVERIFY(places[1].x() > 1000 && places[2].x() > 1000);
    QVERIFY(places[3].x() < 1000);
}

void TestAutoLayout::leavesKnownPlacesAlone()
{
    const PipelineGraph graph = graphOf({QStringLiteral("A>B"), QStringLiteral("C")});
    const QHash<QString, QPointF> known{{QStringLiteral("A"), {3, 7}}, {QStringLiteral("B"), {3, 7}}};
    const QList<QPointF> places = completedLayout(graph, known);
    QCOMPARE(places[0], QPointF(3, 7));
    QCOMPARE(places[1], QPointF(3, 7));
    QVERIFY(places[2] != QPointF(3, 7));
}

SLIPWAY_TEST(TestAutoLayout)
#include "TestAutoLayout.moc"
