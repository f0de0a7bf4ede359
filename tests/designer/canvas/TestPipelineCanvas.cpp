#include "designer/shell/Theme.h"
#include "tests/designer/canvas/CanvasFixture.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAccessible>
#include <QApplication>
#include <QHelpEvent>
#include <QLabel>
#include <QSignalSpy>
#include <QToolTip>

using namespace designer;

namespace {

QString q(const char *text) { return QString::fromUtf8(text); }

NodeState stateOf(engine::ActivityStatus status, const char *duration = "", std::optional<qint64> rows = {})
{
    return {statusLook(status), q(duration), rows};
}

engine::Problem problemAt(const char *where, engine::Problem::Severity severity)
{
    engine::Problem problem;
    problem.severity = severity;
    problem.where = q(where);
    problem.message = q("Something is wrong.");
    return problem;
}

int colourCount(const QImage &image, const QColor &colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixel(x, y) == colour.rgb();
    }
    return count;
}

} // namespace

class TestPipelineCanvas : public QObject
{
    Q_OBJECT

private slots:
    void keepsViewAndSelectionWhenTheFileChanges();
    void keepsUnwrittenPlacesWhenTheFileChanges();
    void keepsThePlaceOfARenamedActivity();
    void followsUndoOfAnythingSelected();
    void showsStatesOfARun();
    void gathersStatesThatComeFast();
    void drawsAgainOnlyWhatChanged();
    void showsRowsOnTheLinksTheyLeaveBy();
    void marksProblemsWhereTheyAre();
    void saysWhatIsUnderThePointer();
    void tellsScreenReadersWhereTheKeyboardIs();
    void followsTheTheme();
    void drawsAllDetailsAtEveryScale_data();
    void drawsAllDetailsAtEveryScale();
    void hidesTheMapOnEveryCanvas();
    void worksWithTwoHundredActivities();
};

void TestPipelineCanvas::keepsViewAndSelectionWhenTheFileChanges()
{
    tests::CanvasFixture on(tests::pipeline({q("A>B"), q("C")}));
    on.select({q("B")});
    on.view().setZoom(2);
    on.view().scrollBy({33, 12});
    const QPointF corner = on.view().mapToScene(0, 0);
    engine::Json file = on.file();
    file["properties"]["activities"][0]["typeProperties"]["notebookPath"] = "/Shared/other";
    on.canvas().setPipeline(file, {});
    QCOMPARE(on.canvas().selection(), QStringList({q("B")}));
    QCOMPARE(on.view().zoom(), 2.0);
    QCOMPARE(on.view().mapToScene(0, 0), corner);
    QCOMPARE(on.scene().node(0)->node().summary, q("Notebook · other"));
}

void TestPipelineCanvas::keepsUnwrittenPlacesWhenTheFileChanges()
{
    tests::CanvasFixture on(tests::pipeline({q("A"), q("B"), q("C")}));
    const QPointF before = on.scene().node(1)->pos();
    on.canvas().setPipeline(tests::pipeline({q("A>B"), q("C>B")}), {}); // which would lay it out anew
    QCOMPARE(on.scene().node(1)->pos(), before);
}

void TestPipelineCanvas::keepsThePlaceOfARenamedActivity()
{
    tests::CanvasFixture on(tests::pipeline({q("A"), q("B"), q("C")}));
    const QPointF before = on.scene().node(1)->pos();
    on.canvas().setPipeline(tests::pipeline({q("A"), q("New"), q("C")}), {});
    QCOMPARE(on.scene().node(1)->pos(), before);
    QCOMPARE(on.scene().node(1)->node().name, q("New"));
}

void TestPipelineCanvas::followsUndoOfAnythingSelected()
{
    tests::CanvasFixture on(tests::pipeline({q("A>B"), q("C")}));
    on.key(Qt::Key_A, Qt::ControlModifier);
    on.key(Qt::Key_End);
    const QSignalSpy selected(&on.canvas(), &PipelineCanvas::selectionChanged);
    on.canvas().setPipeline(tests::pipeline({q("A")}), {});
    QVERIFY(on.canvas().selection().isEmpty());
    QCOMPARE(selected.size(), 1);
    QCOMPARE(on.scene().current(), -1);
    on.key(Qt::Key_Right);
    QCOMPARE(on.canvas().selection(), QStringList({q("A")}));
}

void TestPipelineCanvas::showsStatesOfARun()
{
    tests::CanvasFixture on(tests::pipeline({q("A>B")}), {}, true);
    on.canvas().setStates({{q("A"), stateOf(engine::ActivityStatus::Failed, "12.4 s")}});
    QTRY_VERIFY(on.scene().node(0)->state());
    QCOMPARE(on.scene().node(0)->state()->look.word, statusLook(engine::ActivityStatus::Failed).word);
    QVERIFY(!on.scene().node(1)->state());
    QCOMPARE(on.scene().node(0)->blockColour(), Theme::current().bad); // and the map shows it
    on.canvas().setStates({});
    QTRY_VERIFY(!on.scene().node(0)->state());
}

void TestPipelineCanvas::gathersStatesThatComeFast()
{
    tests::CanvasFixture on(tests::pipeline({q("A>B")}), {}, true);
    const QSignalSpy drawn(&on.scene(), &CanvasScene::contentMoved);
    for (int i = 0; i < 200; ++i)
        on.canvas().setStates({{q("A"), stateOf(engine::ActivityStatus::InProgress, qPrintable(QString::number(i)))}});
    QTRY_VERIFY(on.scene().node(0)->state() && on.scene().node(0)->state()->duration == u"199");
    QVERIFY(drawn.size() <= 2);
}

void TestPipelineCanvas::drawsAgainOnlyWhatChanged()
{
    tests::CanvasFixture on(tests::pipeline({q("A"), q("B"), q("C")}), {}, true);
    on.canvas().setStates({{q("A"), stateOf(engine::ActivityStatus::InProgress)}});
    QTRY_VERIFY(on.scene().node(0)->state());
    QTest::qWait(1);
    QSignalSpy drawn(&on.scene(), &QGraphicsScene::changed);
    on.canvas().setStates(
        {{q("A"), stateOf(engine::ActivityStatus::InProgress)}, {q("B"), stateOf(engine::ActivityStatus::Succeeded)}});
    QTRY_VERIFY(on.scene().node(1)->state());
    QTRY_VERIFY(!drawn.isEmpty());
    QRectF area;
    for (const QList<QVariant> &each : drawn) {
        for (const QRectF &rect : each.first().value<QList<QRectF>>())
            area |= rect;
    }
    QVERIFY(area.intersects(on.scene().node(1)->body()));
    QVERIFY(!area.intersects(on.scene().node(0)->body()));
    QVERIFY(!area.intersects(on.scene().node(2)->body()));
}

void TestPipelineCanvas::showsRowsOnTheLinksTheyLeaveBy()
{
    tests::CanvasFixture on(tests::pipeline({q("A>B"), q("A!C")}), {}, true);
    on.canvas().setStates({{q("A"), stateOf(engine::ActivityStatus::Succeeded, "1 s", 1309)}});
    QTRY_VERIFY(on.scene().node(0)->state());
    QCOMPARE(on.scene().links().link(0).rows, std::optional<qint64>(1309));
    QVERIFY(!on.scene().links().link(1).rows); // what runs after a failure gets none
}

void TestPipelineCanvas::marksProblemsWhereTheyAre()
{
    tests::CanvasFixture on(tests::pipeline({q("A"), q("B"), q("C")}));
    on.canvas().setProblems({problemAt("pipeline/P.json: activities[1].type", engine::Problem::Severity::Warning),
                             problemAt("pipeline/P.json: activities[1].name", engine::Problem::Severity::Error),
                             problemAt("pipeline/P.json: activities[2]", engine::Problem::Severity::Hint),
                             problemAt("pipeline/P.json: activities[9]", engine::Problem::Severity::Error),
                             problemAt("pipeline/P.json: name", engine::Problem::Severity::Error)});
    QVERIFY(!on.scene().node(0)->problem());
    QVERIFY(on.scene().node(1)->problem() == engine::Problem::Severity::Error);
    QVERIFY(!on.scene().node(2)->problem());
    on.canvas().setProblems({});
    QVERIFY(!on.scene().node(1)->problem());
}

void TestPipelineCanvas::saysWhatIsUnderThePointer()
{
    tests::CanvasFixture on(tests::pipeline({q("Atlantic>Baltic")}));
    on.canvas().setProblems({problemAt("pipeline/P.json: activities[0].type", engine::Problem::Severity::Error)});
    const auto textAt = [&](const QPoint &place) {
        QHelpEvent help(QEvent::ToolTip, place, on.view().viewport()->mapToGlobal(place));
        QApplication::sendEvent(on.view().viewport(), &help);
        return QToolTip::text();
    };
    const QString node = textAt(on.at(q("Atlantic")));
    QVERIFY(node.contains(q("Atlantic")) && node.contains(q("Something is wrong.")));
    QVERIFY(textAt(on.at(q("Atlantic"), {268, 32})).contains(q("Succeeded")));
    QVERIFY(textAt(on.port(q("Atlantic"), 1)).contains(q("Failed")));
}

void TestPipelineCanvas::tellsScreenReadersWhereTheKeyboardIs()
{
    tests::CanvasFixture on(tests::pipeline({q("A>B"), q("B!C")}));
    on.canvas().setStates({{q("B"), stateOf(engine::ActivityStatus::Failed, "3 s")}});
    QTRY_VERIFY(on.scene().node(1)->state());
    on.key(Qt::Key_Home);
    on.key(Qt::Key_Right);
    const QString text = on.view().accessibleDescription();
    for (const char *const part : {"Notebook · B", "Failed", "3 s", "after A (Succeeded)", "before C (Failed)"})
        QVERIFY2(text.contains(q(part)), qPrintable(text));
    QAccessibleInterface *const list = QAccessible::queryAccessibleInterface(&on.view());
    QVERIFY(list);
    QCOMPARE(list->childCount(), 3);
    QVERIFY(list->role() == QAccessible::List);
    QCOMPARE(list->child(2)->text(QAccessible::Name), q("C"));
    QCOMPARE(list->indexOfChild(list->child(2)), 2);
    QCOMPARE(list->focusChild()->text(QAccessible::Name), q("B"));
    QVERIFY(list->child(1)->state().selected);
    const QRect place = list->child(1)->rect();
    QCOMPARE(list->childAt(place.center().x(), place.center().y())->text(QAccessible::Name), q("B"));
    QAccessibleInterface *const gone = list->child(2);
    on.select({q("C")});
    on.key(Qt::Key_Delete);
    QVERIFY(!gone->isValid());
}

void TestPipelineCanvas::followsTheTheme()
{
    const tests::WatchedApplication::Pause pause; // the style sheet of the whole application
    tests::CanvasFixture on(tests::pipeline({q("A>B")}));
    QVERIFY(colourCount(on.view().grab().toImage(), Theme::light().raised) > 1000);
    applyTheme(Theme::dark());
    QCoreApplication::processEvents();
    const QImage dark = on.view().grab().toImage();
    applyTheme(Theme::light());
    QCOMPARE(colourCount(dark, Theme::light().raised), 0);
    QVERIFY(colourCount(dark, Theme::dark().raised) > 1000);
}

void TestPipelineCanvas::drawsAllDetailsAtEveryScale_data()
{
    QTest::addColumn<double>("zoom");
    for (const double zoom : {0.05, 0.2, 0.5, 1.0, 2.5})
        QTest::addRow("%g", zoom) << zoom;
}

void TestPipelineCanvas::drawsAllDetailsAtEveryScale()
{
    QFETCH(double, zoom);
    tests::CanvasFixture on(tests::pipeline({q("A>B"), q("A!C"), q("B>C")}), {}, true);
    on.canvas().setStates({{q("A"), stateOf(engine::ActivityStatus::Failed)}});
    QTRY_VERIFY(on.scene().node(0)->state());
    on.view().setZoom(zoom);
    on.view().centerOn(on.scene().node(0)->body().center());
    const QImage image = on.view().viewport()->grab().toImage();
    QVERIFY(colourCount(image, Theme::current().bad) > 0); // the state is seen however small it is
}

void TestPipelineCanvas::hidesTheMapOnEveryCanvas()
{
    tests::TestBench bench;
    PipelineCanvas first(bench.workbench);
    first.setPipeline(tests::pipeline({q("A")}), {});
    QVERIFY(first.isMapShown());
    first.setMapShown(false);
    PipelineCanvas second(bench.workbench);
    second.setPipeline(tests::pipeline({q("A")}), {});
    QVERIFY(second.findChild<QWidget *>(q("minimap"))->isHidden());
}

void TestPipelineCanvas::worksWithTwoHundredActivities()
{
    tests::CanvasFixture on(tests::largePipeline(200));
    on.canvas().fit();
    on.view().setZoom(1);
    on.canvas().select({q("Activity 150")});
    on.drag(on.at(q("Activity 150")), on.at(q("Activity 150")) + QPoint(64, 64));
    QCOMPARE(on.changes().size(), 1);
    on.select({q("Activity 150")});
    on.key(Qt::Key_Delete);
    QCOMPARE(on.names().size(), 199);
    QHash<QString, NodeState> states;
    for (const QString &name : on.names())
        states.insert(name, stateOf(engine::ActivityStatus::Succeeded, "1 s", 7));
    on.canvas().setStates(states);
    QTRY_VERIFY(on.scene().node(198)->state());
}

SLIPWAY_TEST(TestPipelineCanvas)
#include "TestPipelineCanvas.moc"
