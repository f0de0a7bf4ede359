#include "designer/manage/ManagePage.h"

#include "designer/document/FactoryDocument.h"
#include "designer/manage/LinkedServiceModel.h"
#include "designer/manage/LogTail.h"
#include "designer/manage/TriggerModel.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Moment.h"
#include "engine/records/Records.h"
#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QTemporaryDir>

using namespace designer;
using namespace engine;

namespace {

Json trigger(const char *name, const char *state, int inMinutes)
{
    return {{"factory", "f1"},
            {"factoryName", "titanic"},
            {"name", name},
            {"type", "ScheduleTrigger"},
            {"runtimeState", state},
            {"sentence", "Every day at 22:00"},
            {"next", {{{"at", toStdString(toIso(presentInstant() + std::chrono::minutes(inMinutes)))}}}},
            {"pipelines", {"LoadSales"}}};
}

class OpenedUrls : public QObject
{
    Q_OBJECT

public:
    QList<QUrl> urls;

public slots:
    void open(const QUrl &url) { urls.append(url); }
};

} // namespace

class TestManagePage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void goesToTheSectionOfALink();
    void listsTriggersWithTheirNextFiresAndLastResults();
    void startsAndStopsTriggers();
    void saysWhyATriggerDidNotStart();
    void keepsTheSelectedTriggerWhenOthersCome();
    void sortsByTheTimeOfTheNextFire();
    void searchesTriggers();
    void copiesRows();
    void opensOnlyTriggersOfTheOpenFactory();
    void takesASkippedOccurrenceForTheLastResult();
    void offersTheEngineWhenItIsNotRunning();
    void listsKernelsWithTheirProblems();
    void showsWhatTheEngineDoes();
    void asksBeforeItStopsWithRunsUnderWay();
    void stopsAtOnceWithoutRuns();
    void opensTheDataFolder();
    void followsTheLog();
    void readsTheLogOfAnEngineThatIsGone();
    void addsOnlyWhatIsNewInALog();
    void asksForAFactoryBeforeLinkedServices();
    void saysWhatLinkedServicesAreBoundTo();
    void testsConnectionsInTheirRows();
    void dropsResultsOfTheFactoryBefore();
    void listsTriggersThatAreNotPublished();
    void namesEveryButton();

private:
    void open(const char *section);
    void openSample();
    QAbstractButton *button(const char *name) { return m_page->findChild<QAbstractButton *>(QLatin1String(name)); }
    QTableView *table(const char *name) { return m_page->findChild<QTableView *>(QLatin1String(name)); }
    QString cell(const char *view, int row, int column)
    {
        return table(view)->model()->index(row, column).data().toString();
    }
    QString text(const char *name) { return m_page->findChild<QLabel *>(QLatin1String(name))->text(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeEngineClient> m_client;
    std::unique_ptr<EngineConnection> m_engine;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<ManagePage> m_page;
    Json m_triggers = Json::array();
    Json m_hello = Json::object();
};

void TestManagePage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_client = std::make_unique<tests::FakeEngineClient>();
    m_triggers = Json::array({trigger("Daily", "Started", 1500), trigger("Hourly", "Stopped", 30)});
    m_hello = {{"buildId", "test"},
               {"version", "0.1.0"},
               {"pid", 4711},
               {"startedAt", toStdString(toIso(presentInstant()))},
               {"dataFolder", toStdString(m_folder->path())},
               {"settingsFolder", toStdString(m_folder->path())},
               {"log", toStdString(m_folder->filePath(QStringLiteral("engine.log")))},
               {"activeRuns", 0},
               {"startedTriggers", 1},
               {"kernels", {{"inUse", 1}, {"limit", 2}}},
               {"copies", {{"inUse", 0}, {"limit", 2}}}};
    m_client->on(QStringLiteral("GET /slipway/v1/engine"), [this](const auto &) { return Result<Json>(m_hello); });
    m_client->on(QStringLiteral("GET /slipway/v1/engine/log"), Json{{"text", "one\ntwo\n"}});
    m_client->on(QStringLiteral("POST /slipway/v1/engine/stop"), Json{{"stopping", true}});
    m_client->on(QStringLiteral("GET /slipway/v1/triggers"), [this](const auto &) {
        return Result<Json>(Json{{"value", m_triggers}});
    });
    m_client->on(QStringLiteral("POST /slipway/v1/runs/query"), Json{{"value", Json::array()}, {"total", 0}});
    m_client->on(QStringLiteral("GET /slipway/v1/kernels"),
                 Json{{"value",
                       {{{"name", "python3"},
                         {"displayName", "Python 3"},
                         {"language", "python"},
                         {"interpreter", "/usr/bin/python3"},
                         {"version", "3.11.2"}},
                        {{"name", "ir"}, {"language", "R"}, {"problem", "R is not installed"}}}}});
    m_engine = std::make_unique<EngineConnection>(*m_client, QStringLiteral("slipwayd"), "test");
    m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    m_workbench = std::make_unique<Workbench>(*m_engine, *m_settings);
}

void TestManagePage::cleanup()
{
    m_page.reset();
    m_workbench.reset();
    m_settings.reset();
    m_engine.reset();
    m_client.reset();
}

void TestManagePage::open(const char *section)
{
    m_page = std::make_unique<ManagePage>(*m_workbench);
    m_page->resize(1400, 900);
    m_page->show();
    Link link;
    link.kind = Link::Kind::Manage;
    link.detail = QLatin1String(section);
    m_page->go(link);
    for (QTableView *const view : m_page->findChildren<QTableView *>()) {
        QList<QAbstractItemModel *> models{view->model()};
        if (const auto *proxy = qobject_cast<QSortFilterProxyModel *>(view->model()))
            models.append(proxy->sourceModel());
        for (QAbstractItemModel *const model : std::as_const(models))
            new QAbstractItemModelTester(model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
    }
    m_engine->start();
}

void TestManagePage::goesToTheSectionOfALink()
{
    open("kernels");
    QCOMPARE(m_page->section(), QStringLiteral("kernels"));
    QVERIFY(m_page->findChild<QWidget *>(QStringLiteral("kernelsSection"))->isVisible());
    QTest::keyClick(m_page->findChild<QListWidget *>(), Qt::Key_Down);
    QCOMPARE(m_page->section(), QStringLiteral("secrets"));
    Link nowhere;
    nowhere.kind = Link::Kind::Manage;
    m_page->go(nowhere);
    QCOMPARE(m_page->section(), QStringLiteral("secrets"));
    const ManagePage again(*m_workbench);
    QCOMPARE(again.section(), QStringLiteral("secrets")); // remembered
}

void TestManagePage::listsTriggersWithTheirNextFiresAndLastResults()
{
    RunRecord run;
    run.id = RunId(QStringLiteral("r1"));
    run.factory = FactoryId(QStringLiteral("f1"));
    run.invokedBy = {QStringLiteral("Daily"), QStringLiteral("ScheduleTrigger"), {}};
    run.status = RunStatus::Failed;
    run.start = presentInstant();
    m_client->on(QStringLiteral("POST /slipway/v1/runs/query"), Json{{"value", {toJson(run)}}, {"total", 1}});
    open("triggers");
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 2);
    QCOMPARE(cell("triggersTable", 0, TriggerModel::Name), QStringLiteral("Daily"));
    QCOMPARE(cell("triggersTable", 0, TriggerModel::Schedule), QStringLiteral("Every day at 22:00"));
    QCOMPARE(cell("triggersTable", 0, TriggerModel::State), QStringLiteral("Started"));
    QVERIFY(!cell("triggersTable", 0, TriggerModel::Next).isEmpty());
    QVERIFY(cell("triggersTable", 0, TriggerModel::Last).startsWith(QStringLiteral("Failed, ")));
    QVERIFY(cell("triggersTable", 1, TriggerModel::Next).isEmpty()); // it is stopped
    QVERIFY(cell("triggersTable", 1, TriggerModel::Last).isEmpty());
}

void TestManagePage::startsAndStopsTriggers()
{
    const QString base = QStringLiteral("POST /subscriptions/local/resourceGroups/local/providers/"
                                        "Microsoft.DataFactory/factories/f1/triggers/");
    m_client->on(base, [this](const tests::FakeEngineClient::Call &call) -> Result<Json> {
        m_triggers[1]["runtimeState"] = call.path.endsWith(QStringLiteral("/start")) ? "Started" : "Stopped";
        return Json::object();
    });
    open("triggers");
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 2);
    QVERIFY(!button("startTrigger")->isEnabled());
    table("triggersTable")->selectRow(1);
    QVERIFY(button("startTrigger")->isEnabled());
    QVERIFY(!button("stopTrigger")->isEnabled());
    QTest::mouseClick(button("startTrigger"), Qt::LeftButton);
    QVERIFY(!button("startTrigger")->isEnabled()); // not twice
    QTRY_COMPARE(cell("triggersTable", 1, TriggerModel::State), QStringLiteral("Started"));
    QCOMPARE(m_client->count(base + QStringLiteral("Hourly/start")), 1);
    QTest::mouseClick(button("stopTrigger"), Qt::LeftButton);
    QTRY_COMPARE(cell("triggersTable", 1, TriggerModel::State), QStringLiteral("Stopped"));
}

void TestManagePage::saysWhyATriggerDidNotStart()
{
    m_client->refuse(QStringLiteral("POST /subscriptions/"),
                     {ErrorCode::InvalidInput, QStringLiteral("no pipeline"), {}});
    open("triggers");
    const QSignalSpy told(m_workbench.get(), &Workbench::told);
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 2);
    table("triggersTable")->selectRow(1);
    QTest::mouseClick(button("startTrigger"), Qt::LeftButton);
    QTRY_COMPARE(told.count(), 1);
    QCOMPARE(told.first().first().value<Message>().text, QStringLiteral("Hourly: no pipeline"));
    QVERIFY(button("startTrigger")->isEnabled());
}

void TestManagePage::keepsTheSelectedTriggerWhenOthersCome()
{
    open("triggers");
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 2);
    table("triggersTable")->selectRow(0);
    m_triggers.push_back(trigger("A first one", "Started", 5));
    RunRecord run;
    run.invokedBy.type = QStringLiteral("ScheduleTrigger");
    m_client->emitEvent({.sequence = 1, .at = {}, .factory = {}, .run = {}, .body = run});
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 3);
    const QModelIndexList rows = table("triggersTable")->selectionModel()->selectedRows();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.first().data().toString(), QStringLiteral("Daily"));
    QCOMPARE(rows.first().row(), 1);
}

void TestManagePage::sortsByTheTimeOfTheNextFire()
{
    m_triggers.push_back(trigger("Zulu", "Started", 5));
    open("triggers");
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 3);
    table("triggersTable")->sortByColumn(TriggerModel::Next, Qt::AscendingOrder);
    QCOMPARE(cell("triggersTable", 0, TriggerModel::Name), QStringLiteral("Zulu"));
    QCOMPARE(cell("triggersTable", 2, TriggerModel::Name), QStringLiteral("Hourly")); // stopped: never
}

void TestManagePage::searchesTriggers()
{
    open("triggers");
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 2);
    auto *const search = m_page->findChild<QLineEdit *>(QStringLiteral("triggersSearch"));
    QTest::keyClicks(search, QStringLiteral("HOUR"));
    QCOMPARE(table("triggersTable")->model()->rowCount(), 1);
    QTest::keyClicks(search, QStringLiteral("xyz"));
    QVERIFY(!table("triggersTable")->isVisible());
    search->clear();
    QVERIFY(table("triggersTable")->isVisible());
}

void TestManagePage::copiesRows()
{
    open("triggers");
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 2);
    table("triggersTable")->selectAll();
    QTest::keyClick(table("triggersTable"), Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.first().startsWith(QStringLiteral("Daily\tLoadSales\tEvery day at 22:00\tStarted\t")));
}

void TestManagePage::opensOnlyTriggersOfTheOpenFactory()
{
    open("triggers");
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 2);
    table("triggersTable")->selectRow(0);
    QVERIFY(!button("openTrigger")->isEnabled());
    QVERIFY(button("openTrigger")->toolTip().contains(QStringLiteral("titanic")));
    const QSignalSpy told(m_workbench.get(), &Workbench::told);
    table("triggersTable")->setFocus();
    emit table("triggersTable")->activated(table("triggersTable")->model()->index(0, 0));
    QCOMPARE(told.count(), 1);
}

void TestManagePage::takesASkippedOccurrenceForTheLastResult()
{
    const Instant now = presentInstant();
    Json answer = {{"value", {trigger("Daily", "Started", 5)}}};
    answer["value"][0]["last"] = {{"triggerRunTimestamp", toStdString(toIso(now))},
                                  {"status", "Succeeded"},
                                  {"slipway", {{"outcome", "SkippedMisfire"}}}};
    QList<TriggerRow> rows = triggerRows(answer, nullptr, {});
    RunRecord run;
    run.id = RunId(QStringLiteral("old"));
    run.factory = FactoryId(QStringLiteral("f1"));
    run.invokedBy.name = QStringLiteral("Daily");
    run.start = now - std::chrono::hours(24);
    addLastRuns(rows, Json{{"value", {toJson(run)}}});
    QVERIFY(rows.first().lastRun.isEmpty());
    QCOMPARE(rows.first().lastText, QStringLiteral("Skipped: the engine was not running"));
    run.start = now + std::chrono::seconds(1);
    addLastRuns(rows, Json{{"value", {toJson(run)}}});
    QCOMPARE(rows.first().lastRun, QStringLiteral("old"));
}

void TestManagePage::offersTheEngineWhenItIsNotRunning()
{
    m_client->refuse(QStringLiteral("GET /slipway/v1/engine"), {ErrorCode::Io, QStringLiteral("no disk"), {}});
    open("triggers");
    QTRY_VERIFY(m_engine->state() == EngineConnection::State::Failed);
    QAbstractButton *offer = nullptr;
    for (QAbstractButton *const each : m_page->findChildren<QAbstractButton *>(QStringLiteral("emptyAction"))) {
        if (each->isVisible())
            offer = each;
    }
    QVERIFY(offer);
    QCOMPARE(offer->text(), QStringLiteral("Start the engine"));
    m_client->on(QStringLiteral("GET /slipway/v1/engine"), m_hello);
    QTest::mouseClick(offer, Qt::LeftButton);
    QTRY_COMPARE(table("triggersTable")->model()->rowCount(), 2);
}

void TestManagePage::listsKernelsWithTheirProblems()
{
    open("kernels");
    QTRY_COMPARE(table("kernelsTable")->model()->rowCount(), 2);
    QCOMPARE(cell("kernelsTable", 1, 0), QStringLiteral("python3"));
    QCOMPARE(cell("kernelsTable", 1, 4), QStringLiteral("3.11.2"));
    QCOMPARE(cell("kernelsTable", 0, 5), QStringLiteral("R is not installed"));
    QTest::mouseClick(button("findKernels"), Qt::LeftButton);
    QTRY_COMPARE(m_client->count(QStringLiteral("GET /slipway/v1/kernels")), 2);
}

void TestManagePage::showsWhatTheEngineDoes()
{
    m_hello["activeRuns"] = 3;
    open("engine");
    QTRY_COMPARE(text("engineVersion"), QStringLiteral("0.1.0, build test"));
    QTRY_COMPARE(text("engineRuns"), QStringLiteral("3"));
    QCOMPARE(text("engineProcess"), QStringLiteral("4711"));
    QCOMPARE(text("engineSlots"), QStringLiteral("1 of 2 kernels, 0 of 2 copies"));
    QVERIFY(!button("startTheEngine")->isVisible());
    QVERIFY(button("stopTheEngine")->isVisible());
}

void TestManagePage::asksBeforeItStopsWithRunsUnderWay()
{
    m_hello["activeRuns"] = 2;
    open("engine");
    QTRY_VERIFY(m_engine->isRunning());
    QTest::mouseClick(button("stopTheEngine"), Qt::LeftButton);
    QTRY_VERIFY(m_page->findChild<QMessageBox *>(QStringLiteral("endEngineQuestion")));
    auto *const box = m_page->findChild<QMessageBox *>(QStringLiteral("endEngineQuestion"));
    QCOMPARE(box->text(), QStringLiteral("2 runs are under way."));
    QCOMPARE(m_client->count(QStringLiteral("POST /slipway/v1/engine/stop")), 0);
    QTest::mouseClick(box->findChild<QAbstractButton *>(QStringLiteral("endAnyway")), Qt::LeftButton);
    QTRY_COMPARE(m_client->count(QStringLiteral("POST /slipway/v1/engine/stop")), 1);
    QVERIFY(boolAt(m_client->calls().last().body, "force"));
    QCoreApplication::processEvents(); // the answer comes before the cut
    m_client->lose({ErrorCode::Io, QStringLiteral("gone"), {}});
    QTRY_VERIFY(m_engine->state() == EngineConnection::State::Stopped);
    QVERIFY(button("startTheEngine")->isVisible());
    QVERIFY(text("engineProblem").startsWith(QStringLiteral("You stopped it.")));
}

void TestManagePage::stopsAtOnceWithoutRuns()
{
    open("engine");
    QTRY_VERIFY(m_engine->isRunning());
    QTest::mouseClick(button("restartTheEngine"), Qt::LeftButton);
    QTRY_COMPARE(m_client->count(QStringLiteral("POST /slipway/v1/engine/stop")), 1);
    QVERIFY(!boolAt(m_client->calls().last().body, "force", true));
    QCoreApplication::processEvents(); // the answer comes before the cut
    QVERIFY(!m_page->findChild<QMessageBox *>());
    m_client->lose({ErrorCode::Io, QStringLiteral("gone"), {}});
    QTRY_VERIFY(m_engine->isRunning());
}

void TestManagePage::opensTheDataFolder()
{
    OpenedUrls opened;
    QDesktopServices::setUrlHandler(QStringLiteral("file"), &opened, "open");
    open("engine");
    QTRY_VERIFY(button("openDataFolder")->isEnabled());
    QTest::mouseClick(button("openDataFolder"), Qt::LeftButton);
    QTest::mouseClick(button("openLog"), Qt::LeftButton);
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
    QCOMPARE(opened.urls,
             QList<QUrl>({QUrl::fromLocalFile(m_folder->path()),
                          QUrl::fromLocalFile(m_folder->filePath(QStringLiteral("engine.log")))}));
}

void TestManagePage::followsTheLog()
{
    open("engine");
    auto *const log = m_page->findChild<QPlainTextEdit *>(QStringLiteral("engineLog"));
    QTRY_COMPARE(log->toPlainText(), QStringLiteral("one\ntwo\n"));
    m_client->on(QStringLiteral("GET /slipway/v1/engine/log"), Json{{"text", "two\nthree\n"}});
    m_page->findChild<LogTail *>()->refresh();
    QTRY_COMPARE(log->toPlainText(), QStringLiteral("two\nthree\n"));
    button("followLog")->click();
    m_client->on(QStringLiteral("GET /slipway/v1/engine/log"), Json{{"text", "two\nthree\nfour\n"}});
    const int before = m_client->count(QStringLiteral("GET /slipway/v1/engine/log"));
    m_page->findChild<LogTail *>()->refresh();
    QCOMPARE(m_client->count(QStringLiteral("GET /slipway/v1/engine/log")), before);
    button("followLog")->click();
    QTRY_COMPARE(log->toPlainText(), QStringLiteral("two\nthree\nfour\n"));
    button("copyLog")->click();
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("two\nthree\nfour\n"));
}

void TestManagePage::readsTheLogOfAnEngineThatIsGone()
{
    open("engine");
    QTRY_VERIFY(m_engine->isRunning());
    QFile file(m_folder->filePath(QStringLiteral("engine.log")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("last words\n");
    file.close();
    m_client->refuse(QStringLiteral("GET /slipway/v1/engine"), {ErrorCode::Io, QStringLiteral("no disk"), {}});
    m_client->lose({ErrorCode::Io, QStringLiteral("gone"), {}});
    auto *const log = m_page->findChild<QPlainTextEdit *>(QStringLiteral("engineLog"));
    QTRY_COMPARE(log->toPlainText(), QStringLiteral("last words\n"));
    QVERIFY(text("engineProblem").contains(QStringLiteral("no disk")));
}

void TestManagePage::addsOnlyWhatIsNewInALog()
{
    QVERIFY(!addedText({}, QStringLiteral("a")));
    QCOMPARE(addedText(QStringLiteral("a\n"), QStringLiteral("a\nb\n")), QStringLiteral("b\n"));
    QCOMPARE(addedText(QString(1000, u'x') + QStringLiteral("end\n"), QString(600, u'x') + QStringLiteral("end\nb\n")),
             QStringLiteral("b\n"));
    QVERIFY(!addedText(QStringLiteral("a\n"), QStringLiteral("c\n")));
}

void TestManagePage::asksForAFactoryBeforeLinkedServices()
{
    open("linkedServices");
    const QSignalSpy went(m_workbench.get(), &Workbench::went);
    QAbstractButton *offer = nullptr;
    for (QAbstractButton *const each : m_page->findChildren<QAbstractButton *>(QStringLiteral("emptyAction"))) {
        if (each->isVisible())
            offer = each;
    }
    QVERIFY(offer);
    QTest::mouseClick(offer, Qt::LeftButton);
    QVERIFY(went.first().first().value<Link>().kind == Link::Kind::Home);
}

void TestManagePage::openSample()
{
    const tests::WatchedApplication::Pause pause; // reading is done on the pool in the window
    auto draft = FactoryDocument::readDraft(tests::sourceDir() + QStringLiteral("/resources/samples/titanic"));
    VERIFY_OK(draft);
    m_workbench->setDocument(std::make_unique<FactoryDocument>(*draft));
}

void TestManagePage::saysWhatLinkedServicesAreBoundTo()
{
    openSample();
    open("linkedServices");
    QCOMPARE(table("linkedServicesTable")->model()->rowCount(), 4);
    QCOMPARE(cell("linkedServicesTable", 1, LinkedServiceModel::Name), QStringLiteral("AzureSqlDatabase1"));
    QCOMPARE(cell("linkedServicesTable", 1, LinkedServiceModel::BoundTo), QStringLiteral("SQLite titanic.db"));
    QVERIFY(cell("linkedServicesTable", 1, LinkedServiceModel::UsedBy).toInt() > 0);
    const QSignalSpy went(m_workbench.get(), &Workbench::went);
    table("linkedServicesTable")->selectRow(1);
    QTest::mouseClick(button("openLinkedService"), Qt::LeftButton);
    QCOMPARE(went.first().first().value<Link>().entity, QStringLiteral("linkedService/AzureSqlDatabase1"));
}

void TestManagePage::testsConnectionsInTheirRows()
{
    m_client->on(QStringLiteral("POST /slipway/v1/connections/test"),
                 [](const tests::FakeEngineClient::Call &call) -> Result<Json> {
                     if (stringAt(memberAt(call.body, "linkedService"), "name") == u"AzureSqlDatabase1")
                         return Json{{"ok", true}, {"message", "SQLite 3.54.1, 4 tables, WAL"}};
                     return Error{ErrorCode::NotFound, QStringLiteral("The folder does not exist."), {}};
                 });
    openSample();
    open("linkedServices");
    QTRY_VERIFY(button("testAllConnections")->isEnabled());
    table("linkedServicesTable")->selectRow(1);
    m_client->hold(true);
    QTest::mouseClick(button("testConnection"), Qt::LeftButton);
    QCOMPARE(cell("linkedServicesTable", 1, LinkedServiceModel::Result), QStringLiteral("Testing…"));
    m_client->hold(false);
    QTRY_COMPARE(cell("linkedServicesTable", 1, LinkedServiceModel::Result),
                 QStringLiteral("SQLite 3.54.1, 4 tables, WAL"));
    QVERIFY(cell("linkedServicesTable", 0, LinkedServiceModel::Result).isEmpty());
    QTest::mouseClick(button("testAllConnections"), Qt::LeftButton);
    QTRY_COMPARE(cell("linkedServicesTable", 0, LinkedServiceModel::Result),
                 QStringLiteral("The folder does not exist."));
    QCOMPARE(m_client->count(QStringLiteral("POST /slipway/v1/connections/test")), 5);
}

void TestManagePage::dropsResultsOfTheFactoryBefore()
{
    m_client->on(QStringLiteral("POST /slipway/v1/connections/test"), Json{{"ok", true}, {"message", "fine"}});
    openSample();
    open("linkedServices");
    QTRY_VERIFY(button("testAllConnections")->isEnabled());
    m_client->hold(true);
    QTest::mouseClick(button("testAllConnections"), Qt::LeftButton);
    openSample(); // another one, with the same names
    m_client->hold(false);
    QTest::qWait(20);
    QCOMPARE(cell("linkedServicesTable", 0, LinkedServiceModel::Result), QString());
    m_workbench->setDocument(nullptr);
    QCOMPARE(table("linkedServicesTable")->model()->rowCount(), 0);
}

void TestManagePage::listsTriggersThatAreNotPublished()
{
    openSample();
    const QStringList names = m_workbench->document()->factory().triggers.keys();
    QVERIFY(!names.isEmpty());
    const QList<TriggerRow> rows =
        triggerRows(Json{{"value", Json::array()}}, m_workbench->document(), QStringLiteral("f1"));
    QCOMPARE(rows.size(), names.size());
    QVERIFY(rows.first().state == TriggerRow::State::Unpublished);
    QVERIFY(!rows.first().pipelines.isEmpty());
    Json published = trigger(names.first().toUtf8().constData(), "Stopped", 5);
    const QList<TriggerRow> after =
        triggerRows(Json{{"value", {published}}}, m_workbench->document(), QStringLiteral("f1"));
    QCOMPARE(after.size(), names.size());
    QVERIFY(after.first().state == TriggerRow::State::Stopped);
}

void TestManagePage::namesEveryButton()
{
    open("engine");
    QTRY_VERIFY(m_engine->isRunning());
    for (const QAbstractButton *const each : m_page->findChildren<QAbstractButton *>()) {
        if (each->inherits("QTableCornerButton") || each->objectName() == u"emptyAction"
            || qobject_cast<QLineEdit *>(each->parentWidget()))
            continue;
        QVERIFY2(!each->objectName().isEmpty(), qPrintable(each->text()));
        QVERIFY2(!each->accessibleName().isEmpty(), qPrintable(each->objectName()));
        QVERIFY2(!each->toolTip().isEmpty(), qPrintable(each->objectName()));
    }
}

SLIPWAY_TEST(TestManagePage)

#include "TestManagePage.moc"
