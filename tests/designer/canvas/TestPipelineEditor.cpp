#include "designer/canvas/CanvasActions.h"
#include "designer/canvas/PipelineEditor.h"
#include "designer/document/FactoryDocument.h"
#include "designer/properties/PropertyPanel.h"
#include "tests/designer/canvas/CanvasFixture.h"
#include "tests/designer/document/FactoryFolder.h"
#include "tests/support/TestMain.h"

#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QTabBar>
#include <QTreeView>

using namespace designer;

namespace {

QString q(const char *text) { return QString::fromUtf8(text); }

} // namespace

class TestPipelineEditor : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void showsThePipelineOfTheFactory();
    void openingChangesNothing();
    void everyEditIsOneStepAndCanBeUndone_data();
    void everyEditIsOneStepAndCanBeUndone();
    void nudgesBecomeOneStep();
    void escapePushesNothing();
    void renamingTakesPlaceAndOptionsAlong();
    void thePaletteAdds();
    void followsChangesMadeElsewhere();
    void revealsWhatAProblemIsAbout();
    void showsProblemsAtTheirActivities();
    void undoDoesNotMoveTheView();
    void showsThePropertiesOfWhatIsSelected();
    void enterGoesToTheProperties();
    void keepsTheSelectionOfWhatIsRenamedInTheProperties();
    void survivesTheEndOfItsPipeline();
    void cleanup();

private:
    PipelineCanvas &canvas() { return m_editor->canvas(); }
    FactoryDocument &document() { return *m_bench->workbench.document(); }
    QPoint at(const QString &name) { return canvas().view().mapFromScene(node(name)->body().center()); }
    NodeItem *node(const QString &name) { return canvas().scene().node(canvas().scene().graph().indexOf(name)); }
    void drag(const QPoint &from, const QPoint &to, bool releases = true);
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(&canvas().view(), key, modifiers); }

    std::unique_ptr<tests::FactoryFolder> m_folder;
    std::unique_ptr<tests::TestBench> m_bench;
    std::unique_ptr<PipelineEditor> m_editor;
    const EntityRef m_pipeline = tests::pipelineRef(QStringLiteral("PublishPythonSql"));
    const QString m_first = QStringLiteral("TitanicPredictions");
    const QString m_second = QStringLiteral("CopyStorageToSql");
};

void TestPipelineEditor::init()
{
    m_folder = std::make_unique<tests::FactoryFolder>();
    m_folder->write(q(".slipway/options/PublishPythonSql.json"),
                    R"({"TitanicPredictions":{"onEngineRestart":"rerun"},"Loop[3]/TitanicPredictions":{"x":1}})");
    m_bench = std::make_unique<tests::TestBench>();
    m_bench->workbench.setDocument(m_folder->open());
    m_editor = std::make_unique<PipelineEditor>(m_bench->workbench, m_pipeline);
    m_editor->resize(1200, 700);
    m_editor->show();
    m_editor->activateWindow();
    canvas().view().setFocus();
    QVERIFY(QTest::qWaitForWindowActive(m_editor.get()));
}

void TestPipelineEditor::drag(const QPoint &from, const QPoint &to, bool releases)
{
    QWidget *const viewport = canvas().view().viewport();
    QTest::mousePress(viewport, Qt::LeftButton, {}, from);
    for (const QPoint &point : {(from + to) / 2, to}) {
        QMouseEvent event(
            QEvent::MouseMove, point, viewport->mapToGlobal(QPointF(point)), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(viewport, &event);
    }
    if (releases)
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, to);
}

void TestPipelineEditor::showsThePipelineOfTheFactory()
{
    QCOMPARE(canvas().scene().graph().ids(), QStringList({m_first, m_second}));
    QCOMPARE(node(m_second)->pos(), document().layout(m_pipeline.name).value(m_second));
    QCOMPARE(m_editor->toolActions().size(), 1);
    QCOMPARE(m_editor->toolActions().first()->text(), q("Arrange"));
}

void TestPipelineEditor::openingChangesNothing()
{
    canvas().fit();
    canvas().select({m_first});
    QVERIFY(!document().isDirty());
    QCOMPARE(document().undoStack().count(), 0);
}

void TestPipelineEditor::everyEditIsOneStepAndCanBeUndone_data()
{
    QTest::addColumn<QString>("edit");
    for (const char *const edit : {"move",
                                   "connect",
                                   "delete",
                                   "cut",
                                   "paste",
                                   "duplicate",
                                   "add",
                                   "rename",
                                   "condition",
                                   "arrange",
                                   "inactive"})
        QTest::newRow(edit) << q(edit);
}

void TestPipelineEditor::everyEditIsOneStepAndCanBeUndone()
{
    QFETCH(QString, edit);
    CanvasEditing &editing = canvas().actions().editing();
    canvas().select({m_second});
    editing.copy();
    const engine::Json file = document().json(m_pipeline);
    const QHash<QString, QPointF> layout = document().layout(m_pipeline.name);
    const QHash<QString, QPointF> shown = canvas().scene().positions();
    if (edit == u"move")
        drag(at(m_second), at(m_second) + QPoint(80, 160));
    else if (edit == u"connect")
        editing.connect(m_first, DependencyCondition::Failed, m_second);
    else if (edit == u"delete")
        key(Qt::Key_Delete);
    else if (edit == u"cut")
        key(Qt::Key_X, Qt::ControlModifier);
    else if (edit == u"paste")
        key(Qt::Key_V, Qt::ControlModifier);
    else if (edit == u"duplicate")
        key(Qt::Key_D, Qt::ControlModifier);
    else if (edit == u"add")
        editing.add(q("Copy"), {0, 400});
    else if (edit == u"rename")
        editing.rename(m_second, q("Other"));
    else if (edit == u"inactive")
        editing.switchInactive();
    else if (edit == u"arrange") {
        drag(at(m_second), at(m_second) + QPoint(-40, 240));
        m_editor->toolActions().first()->trigger();
        QCOMPARE(document().undoStack().count(), 2);
        document().undoStack().undo();
    } else if (edit == u"condition") {
        key(Qt::Key_L);
        key(Qt::Key_3);
    }
    if (edit != u"arrange")
        QCOMPARE(document().undoStack().count(), 1);
    QVERIFY(document().isDirty(m_pipeline));
    const engine::Json after = document().json(m_pipeline);
    const QHash<QString, QPointF> shownAfter = canvas().scene().positions();
    QVERIFY(after != file || shownAfter != shown);
    document().undoStack().undo();
    QCOMPARE(engine::toCompact(document().json(m_pipeline)), engine::toCompact(file));
    QCOMPARE(document().layout(m_pipeline.name), layout);
    QCOMPARE(canvas().scene().positions(), shown);
    QVERIFY(!document().isDirty());
    document().undoStack().redo();
    QCOMPARE(engine::toCompact(document().json(m_pipeline)), engine::toCompact(after));
    QCOMPARE(canvas().scene().positions(), shownAfter);
}

void TestPipelineEditor::nudgesBecomeOneStep()
{
    canvas().select({m_first});
    const QPointF before = node(m_first)->pos();
    for (int i = 0; i < 5; ++i)
        key(Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(document().undoStack().count(), 1);
    QCOMPARE(node(m_first)->pos(), before + QPointF(0, 40));
    document().undoStack().undo();
    QCOMPARE(node(m_first)->pos(), before);
}

void TestPipelineEditor::escapePushesNothing()
{
    const QPointF before = node(m_first)->pos();
    drag(at(m_first), at(m_first) + QPoint(100, 100), false);
    QVERIFY(node(m_first)->pos() != before);
    key(Qt::Key_Escape);
    QTest::mouseRelease(canvas().view().viewport(), Qt::LeftButton, {}, at(m_first));
    QCOMPARE(document().undoStack().count(), 0);
    QCOMPARE(node(m_first)->pos(), before);
}

void TestPipelineEditor::renamingTakesPlaceAndOptionsAlong()
{
    const QPointF place = node(m_first)->pos();
    canvas().actions().editing().rename(m_first, q("Scores"));
    QCOMPARE(document().layout(m_pipeline.name).value(q("Scores")), place);
    QVERIFY(!document().layout(m_pipeline.name).contains(m_first));
    const engine::Json options = document().fileJson(q(".slipway/options/PublishPythonSql.json"));
    QCOMPARE(engine::toCompact(options),
             QByteArray(R"({"Scores":{"onEngineRestart":"rerun"},"Loop[3]/Scores":{"x":1}})"));
    QCOMPARE(document().undoStack().count(), 1);
    document().undoStack().undo();
    QVERIFY(document().fileJson(q(".slipway/options/PublishPythonSql.json")).contains("TitanicPredictions"));
}

void TestPipelineEditor::thePaletteAdds()
{
    auto *const tree = m_editor->findChild<QTreeView *>(q("paletteTree"));
    tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
    QTest::keyClick(tree, Qt::Key_Return);
    QTest::keyClick(tree, Qt::Key_Return);
    const QStringList ids = canvas().scene().graph().ids();
    QCOMPARE(ids.size(), 4);
    QCOMPARE(canvas().selection(), QStringList({ids.last()}));
    QVERIFY(!node(ids[2])->body().intersects(node(ids[3])->body()));
}

void TestPipelineEditor::followsChangesMadeElsewhere()
{
    engine::Json file = document().json(m_pipeline);
    file["properties"]["activities"].push_back({{"name", "Typed in the JSON view"}, {"type", "NotKnownHere"}});
    document().setJson(m_pipeline, file, q("Edit JSON"));
    QCOMPARE(canvas().scene().graph().nodes.size(), 3);
    QVERIFY(!canvas().scene().graph().nodes[2].isKnown);
    document().undoStack().undo();
    QCOMPARE(canvas().scene().graph().nodes.size(), 2);
}

void TestPipelineEditor::revealsWhatAProblemIsAbout()
{
    m_editor->reveal(q("activities[1].typeProperties.sink"));
    QCOMPARE(canvas().selection(), QStringList({m_second}));
    m_editor->reveal(q("parameters.x"));
    QVERIFY(canvas().selection().isEmpty());
    m_editor->reveal(q("activities[77]"));
    QVERIFY(canvas().selection().isEmpty());
}

void TestPipelineEditor::showsProblemsAtTheirActivities()
{
    engine::Json file = document().json(m_pipeline);
    file["properties"]["activities"][1]["inputs"][0]["referenceName"] = "Nowhere";
    document().setJson(m_pipeline, file, q("Break it"));
    document().checkNow();
    QTRY_VERIFY(node(m_second)->problem());
    QVERIFY(!node(m_first)->problem());
    document().undoStack().undo();
    document().checkNow();
    QTRY_VERIFY(!node(m_second)->problem());
}

void TestPipelineEditor::undoDoesNotMoveTheView()
{
    drag(at(m_second), at(m_second) + QPoint(80, 160));
    canvas().view().setZoom(1.5);
    canvas().view().scrollBy({120, 40});
    const QPointF corner = canvas().view().mapToScene(0, 0);
    document().undoStack().undo();
    QCOMPARE(canvas().view().mapToScene(0, 0), corner);
    QCOMPARE(canvas().view().zoom(), 1.5);
}

void TestPipelineEditor::showsThePropertiesOfWhatIsSelected()
{
    auto *const tabs = m_editor->properties().findChild<QTabBar *>();
    const auto titles = [tabs] {
        QStringList all;
        for (int tab = 0; tab < tabs->count(); ++tab)
            all.append(tabs->tabText(tab));
        return all;
    };
    const QStringList ofPipeline = titles();
    QVERIFY(!ofPipeline.isEmpty());
    canvas().select({m_second});
    QTRY_VERIFY(titles().contains(q("Mapping")));
    canvas().select({m_first, m_second});
    QTRY_COMPARE(titles(), ofPipeline);
    m_editor->reveal(q("activities[1].typeProperties.sink.preCopyScript"));
    QCOMPARE(m_editor->properties().currentTab(), q("Sink"));
}

void TestPipelineEditor::enterGoesToTheProperties()
{
    canvas().select({m_second});
    key(Qt::Key_Return);
    QVERIFY(m_editor->properties().isAncestorOf(QApplication::focusWidget()));
}

void TestPipelineEditor::keepsTheSelectionOfWhatIsRenamedInTheProperties()
{
    canvas().select({m_first});
    m_editor->reveal(q("activities[0].name"));
    auto *const field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QVERIFY(field);
    QCOMPARE(field->text(), m_first);
    field->selectAll();
    QTest::keyClicks(field, q("Scores"));
    QTest::keyClick(field, Qt::Key_Return);
    m_editor->properties().flush();
    QTRY_COMPARE(canvas().scene().graph().ids().first(), q("Scores"));
    QTRY_COMPARE(canvas().selection(), QStringList({q("Scores")}));
}

void TestPipelineEditor::survivesTheEndOfItsPipeline()
{
    document().remove({m_pipeline});
    key(Qt::Key_Right);
    document().undoStack().undo();
    QCOMPARE(canvas().scene().graph().nodes.size(), 2);
}

void TestPipelineEditor::cleanup()
{
    m_editor.reset();
    m_bench.reset();
    m_folder.reset();
}

SLIPWAY_TEST(TestPipelineEditor)
#include "TestPipelineEditor.moc"
