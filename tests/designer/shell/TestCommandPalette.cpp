#include "designer/shell/CommandPalette.h"

#include "designer/shell/Workbench.h"
#include "designer/widgets/Moment.h"
#include "engine/records/Records.h"
#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace designer;
using namespace engine;

class TestCommandPalette : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void opensByItsShortcutAndClosesByEscape();
    void runsAnActionByKeyboard();
    void leavesOutActionsThatCannotBeUsed();
    void remembersWhatWasChosen();
    void findsRunsByTheirErrors();
    void dropsAnswersToWhatWasTypedBefore();
    void saysThatRunsAreNotSearchedWithoutAnEngine();
    void closesByAClickBesideIt();
    void saysWhenNothingMatches();

private:
    QAction *action(const char *name, const char *text);
    void press(Qt::Key key) { QTest::keyClick(m_field, key); }
    QString current() const { return m_view->currentIndex().data().toString(); }
    int rows() const { return m_view->model()->rowCount(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeEngineClient> m_client;
    std::unique_ptr<EngineConnection> m_engine;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<QWidget> m_window;
    QPushButton *m_other = nullptr;
    CommandPalette *m_palette = nullptr;
    QLineEdit *m_field = nullptr;
    QListView *m_view = nullptr;
};

void TestCommandPalette::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_client = std::make_unique<tests::FakeEngineClient>();
    m_engine = std::make_unique<EngineConnection>(*m_client, QStringLiteral("slipwayd"), "test");
    m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    m_workbench = std::make_unique<Workbench>(*m_engine, *m_settings);
    m_window = std::make_unique<QWidget>();
    m_window->resize(1200, 800);
    m_other = new QPushButton(m_window.get());
    m_other->setGeometry(20, 700, 100, 30);
    m_palette = new CommandPalette(*m_workbench, m_window.get());
    m_field = m_palette->findChild<QLineEdit *>(QStringLiteral("paletteField"));
    m_view = m_palette->findChild<QListView *>(QStringLiteral("paletteList"));
    new QAbstractItemModelTester(
        m_view->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_view->model());
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_other->setFocus();
}

void TestCommandPalette::cleanup()
{
    m_window.reset();
    m_workbench.reset();
    m_settings.reset();
    m_engine.reset();
    m_client.reset();
}

QAction *TestCommandPalette::action(const char *objectName, const char *text)
{
    auto *const made = new QAction(QString::fromUtf8(text), m_window.get());
    made->setObjectName(QLatin1String(objectName));
    m_palette->addActions({made});
    return made;
}

void TestCommandPalette::opensByItsShortcutAndClosesByEscape()
{
    action("save", "&Save");
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    QVERIFY(m_palette->isVisible());
    QVERIFY(m_field->hasFocus());
    QCOMPARE(current(), QStringLiteral("Save"));
    press(Qt::Key_Escape);
    QVERIFY(!m_palette->isVisible());
    QVERIFY(m_other->hasFocus());
    QTest::keyClick(m_window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_palette->isVisible());
}

void TestCommandPalette::runsAnActionByKeyboard()
{
    action("save", "&Save");
    const QSignalSpy validated(action("validate", "&Validate"), &QAction::triggered);
    action("publish", "&Publish…");
    m_palette->open();
    QTest::keyClicks(m_field, QStringLiteral("vld"));
    QCOMPARE(rows(), 1);
    press(Qt::Key_Return);
    QVERIFY(!m_palette->isVisible());
    QTRY_COMPARE(validated.count(), 1);
}

void TestCommandPalette::leavesOutActionsThatCannotBeUsed()
{
    action("save", "Save");
    action("undo", "Undo")->setEnabled(false);
    action("hidden", "Hidden")->setVisible(false);
    delete action("gone", "Gone");
    m_palette->open();
    QCOMPARE(rows(), 1);
    press(Qt::Key_Down); // around the end
    QCOMPARE(current(), QStringLiteral("Save"));
}

void TestCommandPalette::remembersWhatWasChosen()
{
    action("a", "Alpha");
    action("b", "Beta");
    action("c", "Gamma");
    m_palette->open();
    press(Qt::Key_Up);
    QCOMPARE(current(), QStringLiteral("Gamma"));
    press(Qt::Key_Return);
    m_palette->open();
    QCOMPARE(current(), QStringLiteral("Gamma"));
    QCOMPARE(m_settings->value(QStringLiteral("palette/recent")).toStringList(),
             QStringList{QStringLiteral("action/c")});
}

void TestCommandPalette::findsRunsByTheirErrors()
{
    RunRecord run;
    run.id = RunId(QStringLiteral("r7"));
    run.pipeline = QStringLiteral("LoadSales");
    run.status = RunStatus::Failed;
    run.message = QStringLiteral("amount is not a Decimal(10,2)");
    run.queuedAt = presentInstant();
    m_client->on(QStringLiteral("POST /slipway/v1/runs/query"), Json{{"value", {toJson(run)}}, {"total", 1}});
    m_engine->start();
    QTRY_VERIFY(m_engine->isRunning());
    const QSignalSpy went(m_workbench.get(), &Workbench::went);
    m_palette->open();
    QTest::keyClicks(m_field, QStringLiteral("decimal"));
    QTRY_COMPARE(rows(), 1);
    QCOMPARE(m_client->count(QStringLiteral("POST /slipway/v1/runs/query")), 1); // typed fast, asked once
    QCOMPARE(stringAt(m_client->calls().last().body, "text"), QStringLiteral("decimal"));
    QCOMPARE(current(), QStringLiteral("LoadSales"));
    press(Qt::Key_Return);
    QCOMPARE(went.count(), 1);
    QCOMPARE(went.first().first().value<Link>(), runLink(QStringLiteral("r7")));
}

void TestCommandPalette::dropsAnswersToWhatWasTypedBefore()
{
    m_client->on(QStringLiteral("POST /slipway/v1/runs/query"), [](const tests::FakeEngineClient::Call &call) {
        RunRecord run;
        run.id = RunId(stringAt(call.body, "text"));
        run.pipeline = stringAt(call.body, "text");
        return Result<Json>(Json{{"value", {toJson(run)}}, {"total", 1}});
    });
    m_engine->start();
    QTRY_VERIFY(m_engine->isRunning());
    m_client->hold(true);
    m_palette->open();
    QTest::keyClicks(m_field, QStringLiteral("ab"));
    QTRY_COMPARE(m_client->count(QStringLiteral("POST /slipway/v1/runs/query")), 1);
    QTest::keyClicks(m_field, QStringLiteral("c"));
    m_client->hold(false); // the answer to "ab"
    m_client->hold(true);
    QTRY_COMPARE(m_client->count(QStringLiteral("POST /slipway/v1/runs/query")), 2);
    QCOMPARE(rows(), 0);
    m_client->hold(false);
    QTRY_COMPARE(rows(), 1);
    QCOMPARE(current(), QStringLiteral("abc"));
}

void TestCommandPalette::saysThatRunsAreNotSearchedWithoutAnEngine()
{
    m_palette->open();
    QTest::keyClicks(m_field, QStringLiteral("x"));
    bool isSaid = false;
    for (const QLabel *const label : m_palette->findChildren<QLabel *>())
        isSaid = isSaid || label->text().contains(QStringLiteral("the engine is not running"));
    QVERIFY(isSaid);
}

void TestCommandPalette::closesByAClickBesideIt()
{
    m_palette->open();
    const QSignalSpy clicked(m_other, &QPushButton::clicked);
    QTest::mouseClick(m_other, Qt::LeftButton);
    QVERIFY(!m_palette->isVisible());
    QCOMPARE(clicked.count(), 1);
}

void TestCommandPalette::saysWhenNothingMatches()
{
    action("save", "Save");
    m_palette->open();
    QTest::keyClicks(m_field, QStringLiteral("zzz"));
    QCOMPARE(rows(), 0);
    press(Qt::Key_Return);
    QVERIFY(m_palette->isVisible());
}

SLIPWAY_TEST(TestCommandPalette)

#include "TestCommandPalette.moc"
