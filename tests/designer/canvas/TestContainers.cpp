#include "designer/canvas/CanvasActions.h"
#include "designer/canvas/PipelineEditor.h"
#include "designer/canvas/PipelineEdits.h"
#include "designer/document/ActivityNames.h"
#include "designer/document/FactoryDocument.h"
#include "designer/properties/PropertyPanel.h"
#include "tests/designer/canvas/CanvasFixture.h"
#include "tests/designer/document/FactoryFolder.h"
#include "tests/support/TestMain.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

using namespace designer;
using engine::Json;

namespace {

QString q(const char *text) { return QString::fromUtf8(text); }

Json parse(const char *text) { return *engine::parseJson(text, QString()); }

// Before → If1 { True: A → B, False: nothing } and Loop { Inner, By { x: Deep, Default: nothing } }.
Json nested()
{
    return parse(R"json({"name":"Nested","properties":{"activities":[
      {"name":"Before","type":"Wait","typeProperties":{"waitTimeInSeconds":1}},
      {"name":"If1","type":"IfCondition","dependsOn":[{"activity":"Before","dependencyConditions":["Succeeded"]}],
       "typeProperties":{"expression":{"value":"@true","type":"Expression"},
         "ifTrueActivities":[{"name":"A","type":"Wait","odd":1},
           {"name":"B","type":"Fail","dependsOn":[{"activity":"A","dependencyConditions":["Failed"]}],
            "typeProperties":{"message":"@activity('A').error.message","errorCode":"1"}}]}},
      {"name":"Loop","type":"ForEach","typeProperties":{"items":{"value":"@range(0,3)","type":"Expression"},
         "activities":[{"name":"Inner","type":"Wait"},
           {"name":"By","type":"Switch","typeProperties":{"cases":[{"value":"x","activities":[
             {"name":"Deep","type":"Wait"}]}]}}]}}]}})json");
}

QString places(const QHash<QString, QPointF> &layout)
{
    QStringList keys = layout.keys();
    keys.sort();
    return keys.join(u' ');
}

const BranchPath inLoop{{QStringLiteral("Loop"), QStringLiteral("activities")}};
const BranchPath inCase{{QStringLiteral("Loop"), QStringLiteral("activities")},
                        {QStringLiteral("By"), QStringLiteral("cases[0].activities")}};

} // namespace

class TestContainers : public QObject
{
    Q_OBJECT

private slots:
    void aNodeSaysWhatIsInside()
    {
        const PipelineGraph graph = PipelineGraph::fromJson(nested());
        QCOMPARE(graph.nodes[0].branches.size(), 0);
        QCOMPARE(graph.nodes[1].branches.size(), 2);
        QCOMPARE(graph.nodes[1].branches[0].count, 2);
        QCOMPARE(graph.nodes[1].branches[0].names, (QStringList{q("A"), q("B")}));
        QCOMPARE(graph.nodes[1].branches[1].count, 0);
        QVERIFY(graph.nodes[2].isLoop);
        QVERIFY(heightOf(graph.nodes[1]) > heightOf(graph.nodes[0]));
        // However many ways there are, a node does not grow without end.
        Json cases = Json::array();
        for (int i = 0; i < 30; ++i)
            cases.push_back(Json{{"value", std::to_string(i)}, {"activities", Json::array()}});
        const Json file = {
            {"properties",
             {{"activities", {{{"name", "S"}, {"type", "Switch"}, {"typeProperties", {{"cases", cases}}}}}}}}};
        const PipelineGraph wide = PipelineGraph::fromJson(file);
        QCOMPARE(wide.nodes[0].branches.size(), 31);
        QCOMPARE(trayRowsOf(wide.nodes[0]), 4);
    }

    void layoutLeavesRoomForWhatIsInside()
    {
        const PipelineGraph graph = PipelineGraph::fromJson(nested());
        const QList<QPointF> positions = layeredLayout(graph);
        for (int a = 0; a < positions.size(); ++a) {
            for (int b = 0; b < a; ++b)
                QVERIFY(!bodyOf(graph.nodes[a], positions[a]).intersects(bodyOf(graph.nodes[b], positions[b])));
        }
        // Links run straight: they come and go at the same height, however tall the node.
        QCOMPARE(positions[0].y(), positions[1].y());
    }

    void enterOpensAndEscapeGoesBack()
    {
        tests::CanvasFixture fixture(nested());
        PipelineCanvas &canvas = fixture.canvas();
        canvas.select({q("If1")});
        fixture.key(Qt::Key_Return);
        QCOMPARE(canvas.list(), q("activities[1].typeProperties.ifTrueActivities"));
        QCOMPARE(fixture.scene().graph().ids(), (QStringList{q("A"), q("B")}));
        QVERIFY(canvas.findChild<QWidget *>(q("breadcrumb"))->isVisible());
        fixture.key(Qt::Key_Escape);
        QVERIFY(canvas.openPath().isEmpty());
        QCOMPARE(canvas.selection(), QStringList{q("If1")});
        QVERIFY(!canvas.findChild<QWidget *>(q("breadcrumb"))->isVisible());
        QVERIFY(fixture.changes().isEmpty());
    }

    void aDoubleClickOnAWayOpensIt()
    {
        tests::CanvasFixture fixture(nested());
        const QPoint second = fixture.at(q("If1"), {100, nodes::height + 1.5 * nodes::trayRow});
        fixture.click(second);
        QTest::mouseDClick(fixture.view().viewport(), Qt::LeftButton, {}, second);
        QCOMPARE(fixture.canvas().list(), q("activities[1].typeProperties.ifFalseActivities"));
        // Nothing is in it: it says so, and what to do.
        const auto *hint = fixture.canvas().findChild<QWidget *>(q("canvasHint"));
        QVERIFY(hint->isVisible());
        QVERIFY(hint->findChildren<QLabel *>()[1]->text().contains(q("If1")));
    }

    void theButtonsOpenWithOneClick()
    {
        tests::CanvasFixture fixture(nested());
        fixture.click(fixture.at(q("If1"), NodeTray::pencil(1).center()));
        QCOMPARE(fixture.canvas().list(), q("activities[1].typeProperties.ifFalseActivities"));
        fixture.canvas().leave();
        fixture.click(fixture.at(q("Loop"), NodeTray::header().center()));
        QCOMPARE(fixture.canvas().list(), q("activities[2].typeProperties.activities"));
    }

    void theMenuOffersToOpenContainersOnly()
    {
        tests::CanvasFixture fixture(nested());
        auto *const open = fixture.canvas().actions().findChild<QAction *>(q("openContainer"));
        fixture.canvas().select({q("Before")});
        QVERIFY(!open->isEnabled() && !open->isVisible());
        fixture.canvas().select({q("Loop")});
        QVERIFY(open->isEnabled() && open->isVisible());
        open->trigger();
        QCOMPARE(fixture.canvas().openPath(), inLoop);
    }

    void theBreadcrumbGoesAnywhereOnTheWay()
    {
        tests::CanvasFixture fixture(nested());
        PipelineCanvas &canvas = fixture.canvas();
        canvas.open(inCase);
        QCOMPARE(fixture.scene().graph().ids(), QStringList{q("Deep")});
        auto *const ways = canvas.findChild<QToolButton *>(q("wayChooser"));
        QVERIFY(ways != nullptr);
        QCOMPARE(ways->menu()->actions().size(), 2);
        ways->menu()->actions()[1]->trigger();
        QCOMPARE(canvas.openPath().last().property, q("defaultActivities"));
        canvas.findChild<QToolButton *>(q("crumb1"))->click();
        QCOMPARE(canvas.openPath(), inLoop);
        canvas.findChild<QToolButton *>(q("crumb0"))->click();
        QVERIFY(canvas.openPath().isEmpty());
    }

    void editsInsideChangeOnlyTheirList()
    {
        tests::CanvasFixture fixture(nested());
        PipelineCanvas &canvas = fixture.canvas();
        canvas.open(inCase);
        canvas.actions().editing().add(q("Wait"), {300, 40});
        Json expected = nested();
        Json &list = expected["properties"]["activities"][2]["typeProperties"]["activities"][1]["typeProperties"]
                             ["cases"][0]["activities"];
        QCOMPARE(int(fixture.file()["properties"]["activities"].size()), 3);
        list.push_back(fixture.file()["properties"]["activities"][2]["typeProperties"]["activities"][1]
                                     ["typeProperties"]["cases"][0]["activities"][1]);
        QVERIFY(fixture.file() == expected);
        QCOMPARE(engine::stringAt(list[1], "name"), q("Wait1"));
        // Its place is kept by its path, and so are those of everything else.
        QVERIFY(fixture.changes().last().layout->contains(q("Loop/By/Wait1")));
        canvas.select({q("Deep"), q("Wait1")});
        fixture.key(Qt::Key_Delete);
        QVERIFY(activityList(fixture.file(), canvas.list()).empty());
        QVERIFY(!places(*fixture.changes().last().layout).contains(q("By/")));
    }

    void namesAreFreeInTheWholePipeline()
    {
        tests::CanvasFixture fixture(nested());
        fixture.canvas().open(inLoop);
        QVERIFY(!checkActivityName(fixture.file(), q("Inner"), q("deep"), fixture.canvas().list()));
        QVERIFY(!checkActivityName(fixture.file(), q("Before"), q("A")));
        QVERIFY(checkActivityName(fixture.file(), q("Inner"), q("INNER"), fixture.canvas().list()).ok());
        // A copy of a container has new names inside, and what is said among them follows.
        const Json copied = edits::copyOf(nested(), {q("If1")});
        const edits::Pasted pasted = edits::paste(nested(), copied);
        const Json &copy = pasted.file["properties"]["activities"][3];
        const Json &inside = copy["typeProperties"]["ifTrueActivities"];
        QCOMPARE(engine::stringAt(copy, "name"), q("If2"));
        QCOMPARE(engine::stringAt(inside[0], "name"), q("A1"));
        QCOMPARE(engine::stringAt(inside[1]["dependsOn"][0], "activity"), q("A1"));
        QCOMPARE(engine::stringAt(inside[1]["typeProperties"], "message"), q("@activity('A1').error.message"));
        const QStringList names = activityNames(pasted.file);
        QCOMPARE(QSet<QString>(names.begin(), names.end()).size(), names.size());
    }

    void renamingAContainerTakesThePlacesInsideAlong()
    {
        tests::CanvasFixture fixture(nested(),
                                     {{q("Loop"), {0, 0}}, {q("Loop/Inner"), {8, 8}}, {q("If1/B"), {16, 16}}});
        fixture.canvas().actions().editing().rename(q("Loop"), q("Each"));
        const QHash<QString, QPointF> layout = *fixture.changes().last().layout;
        QCOMPARE(layout.value(q("Each/Inner")), QPointF(8, 8));
        QCOMPARE(layout.value(q("If1/B")), QPointF(16, 16));
        QVERIFY(!layout.contains(q("Loop/Inner")));
        fixture.canvas().open({{q("If1"), q("ifTrueActivities")}});
        fixture.canvas().actions().editing().rename(q("A"), q("First"));
        const Json &inside = fixture.file()["properties"]["activities"][1]["typeProperties"]["ifTrueActivities"];
        QCOMPARE(engine::stringAt(inside[0], "name"), q("First"));
        QCOMPARE(engine::stringAt(inside[1]["dependsOn"][0], "activity"), q("First"));
        QCOMPARE(engine::stringAt(inside[1]["typeProperties"], "message"), q("@activity('First').error.message"));
    }

    void staysInAContainerThatIsRenamedAndLeavesOneThatIsGone()
    {
        tests::CanvasFixture fixture(nested());
        PipelineCanvas &canvas = fixture.canvas();
        canvas.open(inCase);
        canvas.setPipeline(renamedActivity(nested(), q("Loop"), q("Each")), {});
        QCOMPARE(canvas.openPath().first().container, q("Each"));
        QCOMPARE(fixture.scene().graph().ids(), QStringList{q("Deep")});
        Json without = nested();
        without["properties"]["activities"].erase(2);
        canvas.setPipeline(without, {});
        QVERIFY(canvas.openPath().isEmpty());
    }

    void problemsInsideAreShownAtTheContainer()
    {
        tests::CanvasFixture fixture(nested());
        engine::Problem problem;
        problem.severity = engine::Problem::Severity::Error;
        problem.message = q("No message");
        problem.where =
            q("pipeline/Nested.json: activities[1].typeProperties.ifTrueActivities[1].typeProperties.message");
        fixture.canvas().setProblems({problem});
        QVERIFY(fixture.scene().node(1)->problem().has_value());
        QVERIFY(!fixture.scene().node(0)->problem().has_value());
        fixture.canvas().open({{q("If1"), q("ifTrueActivities")}});
        fixture.canvas().setProblems({problem});
        QVERIFY(!fixture.scene().node(0)->problem().has_value());
        QVERIFY(fixture.scene().node(1)->problem().has_value());
    }

    void aRunIsShownByIteration()
    {
        tests::CanvasFixture fixture(nested(), {}, true);
        PipelineCanvas &canvas = fixture.canvas();
        const QSignalSpy shown(&canvas, &PipelineCanvas::shownChanged);
        canvas.reveal(q("Loop[2]/By/Deep"));
        QCOMPARE(canvas.openPath(), inCase);
        QCOMPARE(canvas.selection(), QStringList{q("Deep")});
        QCOMPARE(canvas.recordPath(q("Deep")), q("Loop[2]/By/Deep"));
        QCOMPARE(canvas.loopPath(), q("Loop"));
        canvas.setIterations(5, {1, 4});
        auto *const picker = canvas.findChild<QSpinBox *>(q("iteration"));
        QVERIFY(picker->isVisible());
        QCOMPARE(picker->value(), 3);
        canvas.findChild<QToolButton *>(q("nextFailedIteration"))->click();
        QCOMPARE(canvas.recordPath(q("Deep")), q("Loop[4]/By/Deep"));
        picker->setValue(1);
        QCOMPARE(canvas.recordPath(q("Deep")), q("Loop[0]/By/Deep"));
        QVERIFY(shown.size() >= 3);
        canvas.open({});
        QCOMPARE(canvas.recordPath(q("Loop")), q("Loop"));
        QVERIFY(canvas.loopPath().isEmpty());
    }

    void theEditorRevealsAndEditsWhatIsInside()
    {
        tests::FactoryFolder folder;
        folder.write(q("pipeline/Nested.json"), engine::toPretty(nested()));
        tests::TestBench bench;
        bench.workbench.setDocument(folder.open());
        FactoryDocument &document = *bench.workbench.document();
        PipelineEditor editor(bench.workbench, tests::pipelineRef(q("Nested")));
        editor.resize(1200, 800);
        editor.show();
        editor.reveal(q("activities[1].typeProperties.ifTrueActivities[1].typeProperties.message"));
        QCOMPARE(editor.canvas().selection(), QStringList{q("B")});
        QCOMPARE(editor.properties().currentTab(), q("Settings"));
        // A list is revealed by being opened.
        editor.reveal(q("activities[2].typeProperties.activities"));
        QCOMPARE(editor.canvas().openPath(), inLoop);
        editor.canvas().select({q("Inner")});
        QTRY_VERIFY(editor.properties().findChild<QLineEdit *>(q("field:name"))->text() == q("Inner"));
        auto *const name = editor.properties().findChild<QLineEdit *>(q("field:name"));
        name->setText(q("Step"));
        emit name->textEdited(q("Step"));
        emit name->returnPressed();
        QVERIFY(!activityPlace(document.json(editor.entity()), q("Step")).isEmpty());
        QCOMPARE(document.undoStack().count(), 1);
        document.undoStack().undo();
        QCOMPARE(document.content(q("pipeline/Nested.json")), engine::toPretty(nested()));
        QCOMPARE(editor.canvas().openPath(), inLoop);
    }
};

SLIPWAY_TEST(TestContainers)
#include "TestContainers.moc"
