#include "designer/home/HomePage.h"

#include "designer/shell/RecentFactories.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Moment.h"
#include "engine/records/Records.h"
#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace designer;
using namespace engine;

namespace {

Json failedRun(const char *id, const char *pipeline, const char *message, int minutesAgo)
{
    RunRecord run;
    run.id = RunId(QString::fromLatin1(id));
    run.pipeline = QString::fromUtf8(pipeline);
    run.status = RunStatus::Failed;
    run.message = QString::fromUtf8(message);
    run.queuedAt = presentInstant() - std::chrono::minutes(minutesAgo);
    run.start = run.queuedAt;
    run.end = run.queuedAt;
    run.lastUpdated = run.queuedAt;
    Json json = toJson(run);
    json["factoryName"] = "titanic";
    return json;
}

Json fire(int inMinutes) { return {{"at", toStdString(toIso(presentInstant() + std::chrono::minutes(inMinutes)))}}; }

Json triggers()
{
    return {{"value",
             {{{"factoryName", "sales"},
               {"name", "HourlySales"},
               {"runtimeState", "Started"},
               {"next", {fire(30)}},
               {"pipelines", {"LoadSales"}}},
              {{"factoryName", "titanic"},
               {"name", "TriggerEveryDay"},
               {"runtimeState", "Started"},
               {"next", {fire(60), fire(1500)}},
               {"pipelines", {"PublishPythonSql"}}}}}};
}

Json setup()
{
    const auto check = [](const char *id, const char *state, const char *title, const char *message, const char *fix) {
        return Json{{"id", id}, {"state", state}, {"title", title}, {"message", message}, {"fix", fix}};
    };
    return {{"checks",
             {check("store", "ok", "Store", "writes in 0.8 ms", ""),
              check("kernels", "ok", "Kernels", "Python 3.11, R 4.2", ""),
              check("timezone", "warning", "Time zone", "The system's zone is unknown.", "Set it with timedatectl.")}}};
}

} // namespace

class TestHomePage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void saysWhatNeedsAttention();
    void leavesOutRunsThatWereRunAgain();
    void opensTheRunThatFailed();
    void namesTriggersThatCannotFire();
    void namesWhatIsBrokenOnTheMachine();
    void followsTheEventsOfRuns();
    void keepsARowAndTheFocusWhileOthersCome();
    void listsTheNextFires();
    void offersTriggersWhenNoneIsStarted();
    void showsTheSetupAndCopiesIt();
    void saysThatTheEngineIsGoneAndStartsIt();
    void listsRecentFactories();
    void marksAFolderThatIsMissing();
    void remembersTheVisit();
    void welcomesTheFirstTime();
    void putsTheCardsBelowEachOtherInANarrowWindow();
    void namesEveryButton();

private:
    HomePage &open(const QSize &size = {1536, 936});
    QAbstractButton *button(const char *name) { return m_page->findChild<QAbstractButton *>(QLatin1String(name)); }
    QString text(const char *name) { return m_page->findChild<QLabel *>(QLatin1String(name))->text(); }
    bool shows(const QString &part) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeEngineClient> m_client;
    std::unique_ptr<EngineConnection> m_engine;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<RecentFactories> m_recent;
    std::unique_ptr<HomePage> m_page;
    Json m_failed = Json::array();
};

void TestHomePage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_client = std::make_unique<tests::FakeEngineClient>();
    m_failed = Json::array(
        {failedRun("r2", "PublishPythonSql", "Cell 4 “Predict”: X has 7 features, but 8 are expected\nTraceback", 12),
         failedRun("r1", "LoadSales", "37 of 8,100,000 rows rejected: amount is not a Decimal(10,2)", 90)});
    m_client->on(QStringLiteral("POST /slipway/v1/runs/query"),
                 [this](const tests::FakeEngineClient::Call &call) -> Result<Json> {
                     if (memberAt(call.body, "statuses").is_array())
                         return Json{{"value", m_failed}, {"total", m_failed.size()}};
                     return Json{{"value", Json::array()},
                                 {"total", 26},
                                 {"counts", {{"Succeeded", 24}, {"Failed", m_failed.size()}}}};
                 });
    m_client->on(QStringLiteral("GET /slipway/v1/triggers"), triggers());
    m_client->on(QStringLiteral("GET /slipway/v1/setup"), setup());
    m_client->on(QStringLiteral("GET /slipway/v1/factories"),
                 Json{{"value", {{{"path", toStdString(m_folder->path())}, {"publishedVersion", 7}}}}});
    m_engine = std::make_unique<EngineConnection>(*m_client, QStringLiteral("slipwayd"), "test");
    m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    m_settings->setValue(QStringLiteral("home/lastVisit"), toIso(presentInstant() - std::chrono::hours(30)));
    m_workbench = std::make_unique<Workbench>(*m_engine, *m_settings);
    m_recent = std::make_unique<RecentFactories>(*m_settings);
}

void TestHomePage::cleanup()
{
    m_page.reset();
    m_recent.reset();
    m_workbench.reset();
    m_settings.reset();
    m_engine.reset();
    m_client.reset();
}

HomePage &TestHomePage::open(const QSize &size)
{
    m_page = std::make_unique<HomePage>(*m_workbench, *m_recent);
    m_page->resize(size);
    m_page->show();
    m_engine->start();
    return *m_page;
}

bool TestHomePage::shows(const QString &part) const
{
    for (const QLabel *const shown : m_page->findChildren<QLabel *>()) {
        if (shown->isVisible() && shown->text().contains(part))
            return true;
    }
    return false;
}

void TestHomePage::saysWhatNeedsAttention()
{
    open();
    QTRY_VERIFY(text("greeting").endsWith(QStringLiteral("Two things need you.")));
    QVERIFY(text("greeting").startsWith(QStringLiteral("Good ")));
    QVERIFY(text("sinceLastVisit").endsWith(QStringLiteral(": 26 runs, 24 fine")));
    QTRY_VERIFY(shows(QStringLiteral("Cell 4 “Predict”: X has 7 features, but 8 are expected"))); // once laid out
    QVERIFY(!shows(QStringLiteral("Traceback")));
    m_failed = Json::array();
    m_client->emitEvent({.sequence = 1, .at = {}, .factory = {}, .run = {}, .body = RunRecord()});
    QTRY_VERIFY(text("greeting").endsWith(QStringLiteral("Nothing needs you.")));
    QVERIFY(shows(QStringLiteral("No run has failed")));
}

void TestHomePage::leavesOutRunsThatWereRunAgain()
{
    m_failed[0]["isLatest"] = false;
    open();
    QTRY_VERIFY(text("greeting").endsWith(QStringLiteral("One thing needs you.")));
    QVERIFY(!button("openRun_r2"));
}

void TestHomePage::opensTheRunThatFailed()
{
    open();
    const QSignalSpy went(m_workbench.get(), &Workbench::went);
    QTRY_VERIFY(button("openRun_r2"));
    QTest::mouseClick(button("openRun_r2"), Qt::LeftButton);
    QCOMPARE(went.count(), 1);
    QCOMPARE(went.first().first().value<Link>(), runLink(QStringLiteral("r2")));
}

void TestHomePage::namesTriggersThatCannotFire()
{
    m_failed = Json::array();
    Json answer = triggers();
    answer["value"][0]["problem"] = "Its pipeline is not published any more.";
    m_client->on(QStringLiteral("GET /slipway/v1/triggers"), answer);
    open();
    const QSignalSpy went(m_workbench.get(), &Workbench::went);
    QTRY_VERIFY(text("greeting").endsWith(QStringLiteral("One thing needs you.")));
    QVERIFY(shows(QStringLiteral("cannot fire: Its pipeline is not published any more.")));
    QTest::mouseClick(button("openTrigger__HourlySales"), Qt::LeftButton);
    QCOMPARE(went.first().first().value<Link>().detail, QStringLiteral("triggers"));
}

void TestHomePage::namesWhatIsBrokenOnTheMachine()
{
    m_failed = Json::array();
    Json answer = setup();
    answer["checks"][1]["state"] = "error";
    answer["checks"][1]["message"] = "No kernel can be started.";
    m_client->on(QStringLiteral("GET /slipway/v1/setup"), answer);
    open();
    const QSignalSpy went(m_workbench.get(), &Workbench::went);
    QTRY_VERIFY(text("greeting").endsWith(QStringLiteral("One thing needs you."))); // a warning is none
    QTest::mouseClick(button("openCheck_kernels"), Qt::LeftButton);
    QCOMPARE(went.first().first().value<Link>().detail, QStringLiteral("kernels"));
}

void TestHomePage::followsTheEventsOfRuns()
{
    open();
    QTRY_VERIFY(button("openRun_r2"));
    m_failed.insert(m_failed.begin(), failedRun("r3", "Newest", "No space left", 1));
    const int before = m_client->count(QStringLiteral("POST /slipway/v1/runs/query"));
    for (int i = 0; i < 50; ++i)
        m_client->emitEvent({.sequence = i + 1, .at = {}, .factory = {}, .run = {}, .body = RunRecord()});
    QTRY_VERIFY(button("openRun_r3"));
    QCOMPARE(m_client->count(QStringLiteral("POST /slipway/v1/runs/query")), before + 2); // one question of two parts
    QVERIFY(text("greeting").endsWith(QStringLiteral("Three things need you.")));
}

void TestHomePage::keepsARowAndTheFocusWhileOthersCome()
{
    open();
    QTRY_VERIFY(button("openRun_r1"));
    QAbstractButton *const before = button("openRun_r1");
    before->setFocus();
    m_failed.insert(m_failed.begin(), failedRun("r3", "Newest", "No space left", 1));
    m_client->emitEvent({.sequence = 1, .at = {}, .factory = {}, .run = {}, .body = RunRecord()});
    QTRY_VERIFY(button("openRun_r3"));
    QCOMPARE(button("openRun_r1"), before);
    QVERIFY(m_page->focusWidget() == before);
}

void TestHomePage::listsTheNextFires()
{
    open();
    QTRY_VERIFY(shows(QStringLiteral("HourlySales")));
    QVERIFY(shows(QStringLiteral("LoadSales")));
    QVERIFY(shows(momentText(presentInstant() + std::chrono::minutes(1500), presentInstant(), m_workbench->zone())
                      .section(u' ', 0, 0)));
}

void TestHomePage::offersTriggersWhenNoneIsStarted()
{
    m_client->on(QStringLiteral("GET /slipway/v1/triggers"),
                 Json{{"value", {{{"name", "T"}, {"runtimeState", "Stopped"}, {"next", Json::array()}}}}});
    open();
    const QSignalSpy went(m_workbench.get(), &Workbench::went);
    QTRY_VERIFY(button("goToTriggers")->isVisible());
    QTest::mouseClick(button("goToTriggers"), Qt::LeftButton);
    QCOMPARE(went.first().first().value<Link>().detail, QStringLiteral("triggers"));
}

void TestHomePage::showsTheSetupAndCopiesIt()
{
    open();
    QTRY_VERIFY(shows(QStringLiteral("Set it with timedatectl.")));
    QTest::mouseClick(button("copySetup"), Qt::LeftButton);
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("ok       Store: writes in 0.8 ms")));
    QTest::mouseClick(button("runSetupChecks"), Qt::LeftButton);
    QTRY_COMPARE(m_client->count(QStringLiteral("GET /slipway/v1/setup")), 2);
}

void TestHomePage::saysThatTheEngineIsGoneAndStartsIt()
{
    m_client->refuse(QStringLiteral("GET /slipway/v1/engine"), {ErrorCode::Io, QStringLiteral("no space left"), {}});
    open();
    QTRY_VERIFY(m_page->findChild<QWidget *>(QStringLiteral("engineBar"))->isVisible());
    QVERIFY(shows(QStringLiteral("no space left")));
    QVERIFY(text("greeting").endsWith(QStringLiteral("The engine is not running.")));
    m_client->on(QStringLiteral("GET /slipway/v1/engine"), Json{{"buildId", "test"}});
    QTest::mouseClick(button("startEngine"), Qt::LeftButton);
    QTRY_VERIFY(text("greeting").endsWith(QStringLiteral("Two things need you.")));
    QVERIFY(!m_page->findChild<QWidget *>(QStringLiteral("engineBar"))->isVisible());
}

void TestHomePage::listsRecentFactories()
{
    m_recent->add(m_folder->path(), QStringLiteral("titanic"));
    open();
    const QSignalSpy requested(m_page.get(), &HomePage::recentRequested);
    QTRY_VERIFY(shows(QStringLiteral("0 pipelines · v7")));
    QTest::keyClick(button("recent_titanic"), Qt::Key_Return);
    QTRY_COMPARE(requested.count(), 1);
    QCOMPARE(requested.first().first().toString(), m_folder->path());
    QTest::mouseClick(button("pin_titanic"), Qt::LeftButton);
    QVERIFY(m_recent->list().first().isPinned);
    QTest::mouseClick(button("remove_titanic"), Qt::LeftButton);
    QVERIFY(m_recent->list().isEmpty());
    QVERIFY(shows(QStringLiteral("Factories you open are listed here.")));
}

void TestHomePage::marksAFolderThatIsMissing()
{
    m_recent->add(m_folder->filePath(QStringLiteral("gone")), QStringLiteral("contoso"));
    open();
    const QSignalSpy requested(m_page.get(), &HomePage::recentRequested);
    const QSignalSpy told(m_workbench.get(), &Workbench::told);
    QTRY_VERIFY(shows(QStringLiteral("folder is missing")));
    QTest::mouseClick(button("recent_contoso"), Qt::LeftButton);
    QCOMPARE(requested.count(), 0);
    QCOMPARE(told.count(), 1);
    told.first().first().value<Message>().act();
    QVERIFY(m_recent->list().isEmpty());
}

void TestHomePage::remembersTheVisit()
{
    open();
    m_page.reset();
    const auto kept = instantFromIso(m_settings->value(QStringLiteral("home/lastVisit")).toString());
    QVERIFY(kept && presentInstant() - *kept < std::chrono::minutes(1));
}

void TestHomePage::welcomesTheFirstTime()
{
    m_settings->remove(QStringLiteral("home/lastVisit"));
    m_client->on(QStringLiteral("POST /slipway/v1/runs/query"), Json{{"value", Json::array()}, {"total", 0}});
    open();
    QTRY_VERIFY(text("greeting").endsWith(QStringLiteral("Welcome to Slipway.")));
    const QSignalSpy sample(m_page.get(), &HomePage::sampleRequested);
    QTest::mouseClick(button("titanicSample"), Qt::LeftButton);
    QCOMPARE(sample.count(), 1);
}

void TestHomePage::putsTheCardsBelowEachOtherInANarrowWindow()
{
    open({1536, 900});
    QTRY_VERIFY(button("openRun_r1"));
    const QWidget *const attention = m_page->findChild<QWidget *>(QStringLiteral("needsAttention"));
    const QWidget *const next = m_page->findChild<QWidget *>(QStringLiteral("nextFires"));
    QTRY_COMPARE(next->y(), attention->y());
    m_page->resize(800, 900);
    QTRY_VERIFY(next->y() > attention->y());
    QVERIFY(attention->geometry().right() < 800);
    m_page->resize(2400, 1200);
    QTRY_COMPARE(next->y(), attention->y());
    QVERIFY(next->geometry().right() - attention->x() <= HomePage::widest);
}

void TestHomePage::namesEveryButton()
{
    m_recent->add(m_folder->path(), QStringLiteral("titanic"));
    open();
    QTRY_VERIFY(button("openRun_r1"));
    for (const QAbstractButton *const each : m_page->findChildren<QAbstractButton *>()) {
        QVERIFY2(!each->objectName().isEmpty(), qPrintable(each->text()));
        QVERIFY2(!each->accessibleName().isEmpty(), qPrintable(each->objectName()));
        QVERIFY2(!each->toolTip().isEmpty(), qPrintable(each->objectName()));
    }
}

SLIPWAY_TEST(TestHomePage)

#include "TestHomePage.moc"
