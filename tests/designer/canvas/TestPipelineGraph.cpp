#include "designer/canvas/PipelineGraph.h"
#include "designer/document/ActivityNames.h"
#include "tests/designer/canvas/Pipelines.h"
#include "tests/support/TestMain.h"

using namespace designer;

class TestPipelineGraph : public QObject
{
    Q_OBJECT

private slots:
    void readsNodesInTheOrderOfTheFile();
    void joinsSeveralEntriesForTheSameTwoActivities();
    void leavesOutDependenciesOnNothing();
    void tellsActivitiesOfTheSameNameApart();
    void drawsUnknownAndInactiveActivitiesAsSuch();
    void survivesFilesThatAreNoPipelines();
    void knowsWhatComesAfterWhat();
};

void TestPipelineGraph::readsNodesInTheOrderOfTheFile()
{
    const PipelineGraph graph = PipelineGraph::fromJson(tests::pipeline({QStringLiteral("B>A"), QStringLiteral("C")}));
    QCOMPARE(graph.ids(), QStringList({QStringLiteral("B"), QStringLiteral("A"), QStringLiteral("C")}));
    QCOMPARE(graph.links.size(), 1);
    QCOMPARE(graph.links[0].from, 0);
    QCOMPARE(graph.links[0].to, 1);
    QCOMPARE(graph.nodes[0].summary, QStringLiteral("Notebook · B"));
}

void TestPipelineGraph::joinsSeveralEntriesForTheSameTwoActivities()
{
    const PipelineGraph graph =
        PipelineGraph::fromJson(tests::pipeline({QStringLiteral("A!B"), QStringLiteral("A>B"), QStringLiteral("A>B")}));
    QCOMPARE(graph.links.size(), 1);
    const QList<DependencyCondition> both{DependencyCondition::Succeeded, DependencyCondition::Failed};
    QVERIFY(graph.links[0].conditions == both);
}

void TestPipelineGraph::leavesOutDependenciesOnNothing()
{
    const PipelineGraph graph = PipelineGraph::fromJson(tests::json(
        R"({"properties":{"activities":[{"name":"A","type":"Copy","dependsOn":[{"activity":"Gone"},{"activity":7},3]}]}})"));
    QCOMPARE(graph.nodes.size(), 1);
    QVERIFY(graph.links.isEmpty());
}

void TestPipelineGraph::tellsActivitiesOfTheSameNameApart()
{
    const engine::Json file = tests::json(
        R"({"properties":{"activities":[{"name":"A"},{"name":"A"},{"type":"Copy"},{"type":"Copy"},null]}})");
    const QStringList ids = activityIds(file);
    QCOMPARE(ids.size(), 5);
    QCOMPARE(ids.first(), QStringLiteral("A"));
    QCOMPARE(QSet<QString>(ids.cbegin(), ids.cend()).size(), 5);
    QCOMPARE(PipelineGraph::fromJson(file).ids(), ids);
}

void TestPipelineGraph::drawsUnknownAndInactiveActivitiesAsSuch()
{
    const PipelineGraph graph = PipelineGraph::fromJson(tests::json(
        R"({"properties":{"activities":[{"name":"A","type":"HDInsightHive"},{"name":"B","type":"Copy","state":"Inactive"}]}})"));
    QVERIFY(!graph.nodes[0].isKnown);
    QVERIFY(graph.nodes[0].summary.contains(QStringLiteral("HDInsightHive")));
    QVERIFY(graph.nodes[1].isKnown);
    QVERIFY(graph.nodes[1].isInactive);
    QVERIFY(graph.nodes[1].summary.startsWith(QStringLiteral("Inactive")));
}

void TestPipelineGraph::survivesFilesThatAreNoPipelines()
{
    for (const char *const text : {"null", "[]", "7", R"({"properties":[]})", R"({"properties":{"activities":{}}})"})
        QVERIFY(PipelineGraph::fromJson(tests::json(text)).nodes.isEmpty());
}

void TestPipelineGraph::knowsWhatComesAfterWhat()
{
    const PipelineGraph graph = PipelineGraph::fromJson(
        tests::pipeline({QStringLiteral("A>B"), QStringLiteral("B>C"), QStringLiteral("C>B"), QStringLiteral("D")}));
    QVERIFY(graph.reaches(0, 2));
    QVERIFY(!graph.reaches(2, 0));
    QVERIFY(graph.reaches(2, 1)); // through a cycle of the file
    QVERIFY(!graph.reaches(0, 3));
    QCOMPARE(graph.sourcesOf(1), QList<int>({0, 2}));
    QCOMPARE(graph.targetsOf(1), QList<int>({2}));
}

SLIPWAY_TEST(TestPipelineGraph)
#include "TestPipelineGraph.moc"
