#include "tests/designer/window/WholeWindow.h"

#include "designer/author/AuthorPage.h"
#include "designer/datasets/NewEntityDialog.h"
#include "designer/shell/SettingsDialog.h"
#include "designer/shell/WindowSettings.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QSplitter>
#include <QWindow>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

const QString stopRoute = QStringLiteral("POST /slipway/v1/engine/stop");

// A press of the mouse where the widget is on the screen, whatever is drawn over it.
void clickOnScreen(const QWidget &widget)
{
    QWidget *const window = widget.window();
    const QPoint place = widget.mapTo(window, widget.rect().center());
    QTest::mouseClick(window->windowHandle(), Qt::LeftButton, Qt::NoModifier, place);
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_whole = std::make_unique<WholeWindow>(); }
    void cleanup() { m_whole.reset(); }

    void keepsTheEngineWhenItCloses();
    void stopsItsOwnEngineWhenItIsToldTo();
    void closesAllTheSameWhenRunsKeepTheEngine();
    void closesAllTheSameWhenTheEngineDoesNotAnswer();
    void leavesTheEngineOfAnother();
    void takesItsFirstSizesWhenTheLayoutIsReset();
    void makesATriggerForThePipelineThatIsShown();
    void copiesTheErrorOfACellByMouse();

private:
    int stops() const { return m_whole->book.client.count(stopRoute); }
    QSettings &settings() { return m_whole->book.settings; }

    std::unique_ptr<WholeWindow> m_whole;
};

void TestMainWindow::keepsTheEngineWhenItCloses()
{
    m_whole->book.client.setOwnEngine(true);
    QVERIFY(m_whole->window->close());
    QVERIFY(!m_whole->window->isVisible());
    QCOMPARE(stops(), 0);
}

void TestMainWindow::stopsItsOwnEngineWhenItIsToldTo()
{
    m_whole->book.client.on(stopRoute, Json{{"stopping", true}});
    m_whole->book.client.setOwnEngine(true);
    choice::setKeepsEngine(settings(), false);
    m_whole->window->close();
    QTRY_VERIFY(!m_whole->window->isVisible());
    QCOMPARE(stops(), 1);
    QVERIFY(!boolAt(m_whole->book.client.calls().last().body, "force", true)); // runs under way are not cut off
    m_whole->book.client.lose({ErrorCode::Io, QStringLiteral("gone"), {}});
    QVERIFY(m_whole->book.connection.state() == EngineConnection::State::Stopped); // and it is not started again
}

void TestMainWindow::closesAllTheSameWhenRunsKeepTheEngine()
{
    m_whole->book.client.refuse(stopRoute, {ErrorCode::Conflict, QStringLiteral("2 runs are under way"), {}});
    m_whole->book.client.setOwnEngine(true);
    choice::setKeepsEngine(settings(), false);
    m_whole->window->close();
    QTRY_VERIFY(!m_whole->window->isVisible());
    QVERIFY(m_whole->book.connection.isRunning());
}

void TestMainWindow::closesAllTheSameWhenTheEngineDoesNotAnswer()
{
    m_whole->book.client.setOwnEngine(true);
    choice::setKeepsEngine(settings(), false);
    m_whole->book.client.hold(true);
    m_whole->window->close();
    QVERIFY(m_whole->window->isVisible());
    QTRY_VERIFY(!m_whole->window->isVisible());
}

void TestMainWindow::leavesTheEngineOfAnother()
{
    choice::setKeepsEngine(settings(), false);
    QVERIFY(m_whole->window->close());
    QCOMPARE(stops(), 0);
}

void TestMainWindow::takesItsFirstSizesWhenTheLayoutIsReset()
{
    m_whole->open(EntityKind::Pipeline, WholeWindow::pipeline().name);
    MainWindow &window = *m_whole->window;
    QList<QSplitter *> splitters;
    QList<QList<int>> first;
    const WatchedApplication::Pause pause;
    const auto reset = [this, &window] {
        m_whole->inDialog(
            QStringLiteral("Settings"),
            [](const QString &, QWidget &dialog) {
                dialog.findChild<QAbstractButton *>(QStringLiteral("resetLayout"))->click();
            },
            [this] { m_whole->trigger(QStringLiteral("settings")); });
        const QSize size = window.size();
        window.resize(1600, 1000); // the screen of tests is too small for the sizes of panels
        WholeWindow::settle();
        return size;
    };
    const QSize size = reset();
    for (QSplitter *const splitter : window.findChildren<QSplitter *>()) {
        if (!splitter->isVisible() || splitter->count() != 2 || splitter->sizes().contains(0))
            continue;
        splitters += splitter;
        first += splitter->sizes();
    }
    QVERIFY(splitters.size() >= 3); // tree and work; palette and canvas; canvas and properties
    window.resize(1100, 700);
    for (QSplitter *const splitter : std::as_const(splitters))
        splitter->setSizes({400, 400});
    WholeWindow::settle();
    QCOMPARE(reset(), size);
    for (qsizetype index = 0; index < splitters.size(); ++index)
        QCOMPARE(splitters.at(index)->sizes(), first.at(index));
}

void TestMainWindow::makesATriggerForThePipelineThatIsShown()
{
    m_whole->open(EntityKind::Pipeline, QStringLiteral("TrainTitanicModel"));
    m_whole->inDialog(
        QStringLiteral("New trigger"),
        [](const QString &, QWidget &dialog) {
            QCOMPARE(dialog.findChild<QComboBox *>(QStringLiteral("newPipeline"))->currentText(),
                     QStringLiteral("TrainTitanicModel"));
        },
        [this] { m_whole->trigger(QStringLiteral("newTrigger")); });
    const WatchedApplication::Pause pause;
    NewEntityDialog other(m_whole->book.workbench, EntityKind::Trigger);
    const auto *const choice = other.findChild<QComboBox *>(QStringLiteral("newPipeline"));
    const QString before = choice->currentText();
    other.setStartedPipeline(QStringLiteral("not there"));
    QCOMPARE(choice->currentText(), before);
}

void TestMainWindow::copiesTheErrorOfACellByMouse()
{
    QApplication::clipboard()->clear();
    m_whole->go(activityLink(m_whole->failedRun, QStringLiteral("TitanicPredictions")));
    auto *const page = m_whole->find<QWidget>(QStringLiteral("notebookRunPage"));
    QTRY_VERIFY(page->findChild<QAbstractButton *>(QStringLiteral("copyError")));
    auto *const copy = page->findChild<QAbstractButton *>(QStringLiteral("copyError"));
    QTRY_VERIFY(copy->isVisible());
    clickOnScreen(*copy);
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("X has 7 features")));
}

SLIPWAY_TEST(TestMainWindow)

#include "TestMainWindow.moc"
