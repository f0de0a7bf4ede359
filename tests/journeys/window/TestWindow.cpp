#include "BuildId.h"
#include "designer/canvas/CanvasLook.h"
#include "designer/canvas/PipelineEditor.h"
#include "designer/document/FactoryDocument.h"
#include "designer/shell/MainWindow.h"
#include "tests/journeys/EngineHome.h"
#include "tests/journeys/window/Desktop.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QSettings>
#include <QTreeView>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

QModelIndex rowCalled(const QTreeView *view, const QString &text)
{
    const QModelIndexList found = view->model()->match(
        view->model()->index(0, 0), Qt::DisplayRole, text, 1, Qt::MatchExactly | Qt::MatchRecursive);
    return found.isEmpty() ? QModelIndex() : found.first();
}

QPoint onScreen(const QTreeView *view, const QString &text)
{
    return view->viewport()->mapToGlobal(view->visualRect(rowCalled(view, text)).center());
}

} // namespace

// One person's morning: draws, takes it back, and finds the line at which last night's run failed.
class TestWindow : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void drawsAndConnectsByMouse();
    void undoesByKeyboard();
    void landsOnTheLineThatFailed();
    void cleanupTestCase();

private:
    PipelineEditor *editor() const { return m_hands->findAs<PipelineEditor>(QStringLiteral("pipelineEditor")); }
    QPoint node(const QString &name, const QPointF &offset = {100, 32}) const;

    EngineHome m_home;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<LocalEngineClient> m_client;
    std::unique_ptr<EngineConnection> m_connection;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<Hands> m_hands;
};

QPoint TestWindow::node(const QString &name, const QPointF &offset) const
{
    CanvasView &view = editor()->canvas().view();
    const QPointF place = editor()->canvas().scene().positions().value(name);
    return view.viewport()->mapToGlobal(view.mapFromScene(place + offset));
}

void TestWindow::initTestCase()
{
    QCOMPARE(m_home.ctl({QStringLiteral("sample"), QStringLiteral("titanic"), m_home.factory()}).exitCode, 0);
    QCOMPARE(m_home.ctl({QStringLiteral("publish")}).exitCode, 0);
    QCOMPARE(m_home.ctl({QStringLiteral("run"), QStringLiteral("PublishPythonSqlBroken")}).exitCode, 1);
    qputenv("SLIPWAY_HOME", m_home.path(QStringLiteral("home")).toUtf8());
    const Places places = Places::standard();
    m_settings = std::make_unique<QSettings>(m_home.path(QStringLiteral("window.ini")), QSettings::IniFormat);
    m_client = std::make_unique<LocalEngineClient>(places);
    m_connection =
        std::make_unique<EngineConnection>(*m_client, EngineHome::program(QStringLiteral("slipwayd")), slipwayBuildId);
    m_workbench = std::make_unique<Workbench>(*m_connection, *m_settings);
    m_window = std::make_unique<MainWindow>(*m_workbench);
    m_hands = std::make_unique<Hands>(m_window.get());
    m_window->QWidget::show();
    m_connection->start();
    m_window->openFactory(m_home.factory());
    QTRY_VERIFY_WITH_TIMEOUT(!m_workbench->factory().isEmpty(), 40000);
    m_hands->picture(QStringLiteral("window-1-opened"));
}

void TestWindow::drawsAndConnectsByMouse()
{
    m_hands->click(QStringLiteral("railAuthor"));
    const auto *const tree = m_hands->findAs<QTreeView>(QStringLiteral("factoryView"));
    QVERIFY(tree);
    m_hands->doubleClickAt(onScreen(tree, QStringLiteral("TrainTitanicModel")));
    const auto *const palette = m_hands->findAs<QTreeView>(QStringLiteral("paletteTree"));
    QVERIFY(palette && editor());
    const QPoint middle = Hands::centreOf(editor()->canvas().view().viewport());
    m_hands->drag(onScreen(palette, QStringLiteral("Copy data")), middle + QPoint(250, -60));
    const auto activities = [this] {
        return m_workbench->document()->factory().pipelines.value(QStringLiteral("TrainTitanicModel")).activities;
    };
    QTRY_COMPARE(activities().size(), 2);
    const QString first = activities().at(0).name;
    const QString second = activities().at(1).name;
    m_hands->moveTo(node(first)); // its ports appear
    m_hands->drag(node(first, {nodes::width, CanvasLook::portY(0)}), node(second, {20, 32}));
    QTRY_COMPARE(activities().at(1).dependsOn.size(), 1);
    QCOMPARE(activities().at(1).dependsOn.first().activity, first);
    m_hands->picture(QStringLiteral("window-2-drawn"));
}

void TestWindow::undoesByKeyboard()
{
    FactoryDocument &document = *m_workbench->document();
    QVERIFY(document.isDirty());
    for (int step = 0; step < 10 && document.undoStack().canUndo(); ++step)
        m_hands->key(QStringLiteral("ctrl+z"));
    QVERIFY(!document.isDirty());
    QCOMPARE(document.factory().pipelines.value(QStringLiteral("TrainTitanicModel")).activities.size(), 1);
}

void TestWindow::landsOnTheLineThatFailed()
{
    m_hands->click(QStringLiteral("railMonitor"));
    const auto *const list = m_hands->findAs<QAbstractItemView>(QStringLiteral("runTable"));
    QVERIFY(list);
    QTRY_VERIFY(list->model()->rowCount() > 0);
    m_hands->picture(QStringLiteral("window-3-runs"));
    m_hands->doubleClickAt(list->viewport()->mapToGlobal(list->visualRect(list->model()->index(0, 2)).center()));
    QVERIFY(m_hands->find(QStringLiteral("runPage")));
    m_hands->click(QStringLiteral("openFailed"));
    QVERIFY(m_hands->find(QStringLiteral("notebookRunPage")));
    m_hands->picture(QStringLiteral("window-4-line"));
    QVERIFY(m_hands->find(QStringLiteral("copyError")));
}

void TestWindow::cleanupTestCase()
{
    m_window.reset();
    m_workbench.reset();
    m_home.stopEngine();
}

SLIPWAY_TEST(TestWindow)
#include "TestWindow.moc"
