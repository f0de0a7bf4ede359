#include "designer/shell/SettingsDialog.h"

#include "designer/shell/ProxySettings.h"
#include "designer/shell/Theme.h"
#include "designer/shell/WindowSettings.h"
#include "designer/shell/Workbench.h"
#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QFontInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QNetworkProxy>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>

using namespace designer;
using namespace engine;

class TestSettingsDialog : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void appliesTheThemeAtOnce();
    void appliesTheFontAtOnceAndGoesBackToTheSystems();
    void changesTheTimeZone();
    void changesTheEnginesSettings();
    void saysWhatTheEngineRefuses();
    void saysWhenARestartIsNeededAndRestarts();
    void asksForTheEngineWhenItIsNotRunning();
    void remembersHowToDealWithTheEngine();
    void handsProxiesToTheWindowAndTheEngine();
    void refusesAProxyWithoutAPort();
    void handsProxiesOnOnceTheEngineRuns();
    void knowsWhichHostsNeedNoProxy_data();
    void knowsWhichHostsNeedNoProxy();
    void resetsTheLayout();
    void namesEveryField();

private:
    void open(const char *page);
    template <typename T> T *find(const char *name) { return m_dialog->findChild<T *>(QLatin1String(name)); }
    int puts() const { return m_client->count(QStringLiteral("PUT /slipway/v1/settings")); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeEngineClient> m_client;
    std::unique_ptr<EngineConnection> m_engine;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<SettingsDialog> m_dialog;
    Json m_kept = Json::object();
};

void TestSettingsDialog::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_client = std::make_unique<tests::FakeEngineClient>();
    m_kept = {{"kernels", 2}, {"copies", 2}, {"python", "/usr/bin/python3"}, {"restartNeeded", false}};
    m_client->on(QStringLiteral("GET /slipway/v1/settings"), [this](const auto &) { return Result<Json>(m_kept); });
    m_client->on(QStringLiteral("PUT /slipway/v1/settings"),
                 [this](const tests::FakeEngineClient::Call &call) -> Result<Json> {
                     m_kept.update(call.body);
                     m_kept["restartNeeded"] = true;
                     return m_kept;
                 });
    m_engine = std::make_unique<EngineConnection>(*m_client, QStringLiteral("slipwayd"), "test");
    m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    m_workbench = std::make_unique<Workbench>(*m_engine, *m_settings);
}

void TestSettingsDialog::cleanup()
{
    m_dialog.reset();
    m_workbench.reset();
    m_settings.reset();
    m_engine.reset();
    m_client.reset();
    QNetworkProxyFactory::setUseSystemConfiguration(false);
    applyTheme(Theme::light());
}

void TestSettingsDialog::open(const char *page)
{
    const tests::WatchedApplication::Pause pause; // the list of fonts is read from disk
    m_dialog = std::make_unique<SettingsDialog>(*m_workbench);
    m_dialog->showPage(QLatin1String(page));
    m_dialog->show();
    m_engine->start();
}

void TestSettingsDialog::appliesTheThemeAtOnce()
{
    open("appearance");
    const tests::WatchedApplication::Pause pause; // every widget is polished again
    auto *const theme = find<QComboBox>("theme");
    theme->setCurrentIndex(theme->findText(QStringLiteral("Dark")));
    QVERIFY(Theme::current().mode == Theme::Mode::Dark);
    QVERIFY(choice::theme(*m_settings) == choice::ThemeName::Dark);
    theme->setCurrentIndex(theme->findText(QStringLiteral("Light")));
    QVERIFY(Theme::current().mode == Theme::Mode::Light);
}

void TestSettingsDialog::appliesTheFontAtOnceAndGoesBackToTheSystems()
{
    open("appearance");
    const tests::WatchedApplication::Pause pause;
    const int before = QFontInfo(QApplication::font()).pixelSize();
    find<QSpinBox>("fontSize")->setValue(18);
    QCOMPARE(QFontInfo(QApplication::font()).pixelSize(), 18);
    QCOMPARE(QFontInfo(m_dialog->font()).pixelSize(), 18);
    QCOMPARE(choice::fontSize(*m_settings), 18);
    find<QAbstractButton>("systemFont")->click();
    QCOMPARE(QFontInfo(QApplication::font()).pixelSize(), before);
    QCOMPARE(find<QSpinBox>("fontSize")->value(), before);
}

void TestSettingsDialog::changesTheTimeZone()
{
    open("region");
    auto *const zone = find<QComboBox>("timeZone");
    zone->setCurrentIndex(zone->findText(QStringLiteral("Asia/Kathmandu")));
    emit zone->activated(zone->currentIndex());
    QCOMPARE(m_workbench->zone().id(), QByteArray("Asia/Kathmandu"));
    QVERIFY(find<QLabel>("timeNow")->text().contains(QStringLiteral("UTC+05:45")));
    QVERIFY(!choice::usesSystemZone(*m_settings));
    zone->setCurrentIndex(0);
    emit zone->activated(0);
    QCOMPARE(m_workbench->zone(), QTimeZone::systemTimeZone());
    QVERIFY(choice::usesSystemZone(*m_settings));
}

void TestSettingsDialog::changesTheEnginesSettings()
{
    open("engine");
    QTRY_VERIFY(find<QSpinBox>("kernelsAtOnce")->isEnabled());
    QCOMPARE(find<QLineEdit>("pythonOfNotebooks")->text(), QStringLiteral("/usr/bin/python3"));
    find<QSpinBox>("kernelsAtOnce")->setValue(5);
    find<QSpinBox>("copiesAtOnce")->setValue(3);
    QTRY_COMPARE(puts(), 1); // both in one
    QCOMPARE(toCompact(m_client->calls().last().body), QByteArray(R"({"kernels":5,"copies":3})"));
    auto *const python = find<QLineEdit>("pythonOfNotebooks");
    python->setText(QStringLiteral("/opt/venv/bin/python"));
    QTest::keyClick(python, Qt::Key_Return);
    QTRY_COMPARE(puts(), 2);
    QCOMPARE(stringAt(m_client->calls().last().body, "python"), QStringLiteral("/opt/venv/bin/python"));
    QTest::keyClick(python, Qt::Key_Return);
    QCOMPARE(puts(), 2); // nothing has changed
    QVERIFY(m_dialog->isVisible()); // Enter ends the field only
}

void TestSettingsDialog::saysWhatTheEngineRefuses()
{
    open("engine");
    QTRY_VERIFY(find<QSpinBox>("kernelsAtOnce")->isEnabled());
    m_client->refuse(QStringLiteral("PUT /slipway/v1/settings"),
                     {ErrorCode::InvalidInput, QStringLiteral("no such program"), QStringLiteral("python")});
    auto *const python = find<QLineEdit>("pythonOfNotebooks");
    python->setText(QStringLiteral("/nowhere"));
    QTest::keyClick(python, Qt::Key_Return);
    QTRY_COMPARE(find<QLabel>("engineSettingsProblem")->text(), QStringLiteral("no such program"));
    QCOMPARE(python->property("look").toString(), QStringLiteral("wrong"));
    QCOMPARE(python->text(), QStringLiteral("/nowhere"));
    python->setText(QStringLiteral("/usr/bin/python3"));
    QTest::keyClick(python, Qt::Key_Return);
    QVERIFY(!find<QLabel>("engineSettingsProblem")->isVisible());
}

void TestSettingsDialog::saysWhenARestartIsNeededAndRestarts()
{
    m_client->on(QStringLiteral("POST /slipway/v1/engine/stop"), Json{{"stopping", true}});
    open("engine");
    QTRY_VERIFY(find<QSpinBox>("kernelsAtOnce")->isEnabled());
    QVERIFY(!find<QAbstractButton>("settingsEngine")->isVisible());
    find<QSpinBox>("kernelsAtOnce")->setValue(4);
    QTRY_VERIFY(find<QAbstractButton>("settingsEngine")->isVisible());
    QTest::mouseClick(find<QAbstractButton>("settingsEngine"), Qt::LeftButton);
    QTRY_COMPARE(m_client->count(QStringLiteral("POST /slipway/v1/engine/stop")), 1);
    m_kept["restartNeeded"] = false;
    m_client->lose({ErrorCode::Io, QStringLiteral("gone"), {}});
    QTRY_VERIFY(m_engine->isRunning() && !find<QAbstractButton>("settingsEngine")->isVisible());
}

void TestSettingsDialog::asksForTheEngineWhenItIsNotRunning()
{
    m_client->refuse(QStringLiteral("GET /slipway/v1/engine"), {ErrorCode::Io, QStringLiteral("no disk"), {}});
    open("engine");
    QTRY_VERIFY(m_engine->state() == EngineConnection::State::Failed);
    QVERIFY(!find<QSpinBox>("kernelsAtOnce")->isEnabled());
    m_client->on(QStringLiteral("GET /slipway/v1/engine"), Json{{"buildId", "test"}});
    QTest::mouseClick(find<QAbstractButton>("settingsEngine"), Qt::LeftButton);
    QTRY_VERIFY(find<QSpinBox>("kernelsAtOnce")->isEnabled());
}

void TestSettingsDialog::remembersHowToDealWithTheEngine()
{
    open("engine");
    QVERIFY(choice::startsEngine(*m_settings) && choice::keepsEngine(*m_settings));
    find<QAbstractButton>("startEngineWithWindow")->click();
    find<QAbstractButton>("keepEngineRunning")->click();
    QVERIFY(!choice::startsEngine(*m_settings) && !choice::keepsEngine(*m_settings));
}

void TestSettingsDialog::handsProxiesToTheWindowAndTheEngine()
{
    open("proxies");
    QTRY_VERIFY(m_engine->isRunning());
    QVERIFY(!find<QLineEdit>("proxyHttp")->isEnabled());
    auto *const mode = find<QComboBox>("proxyMode");
    mode->setCurrentIndex(mode->findText(QStringLiteral("Manual")));
    QTest::keyClicks(find<QLineEdit>("proxyHttp"), QStringLiteral("proxy.intern:3128"));
    QTest::keyClick(find<QLineEdit>("proxyHttp"), Qt::Key_Return);
    QTRY_COMPARE(stringAt(memberAt(m_client->calls().last().body, "proxies"), "http"),
                 QStringLiteral("proxy.intern:3128"));
    QCOMPARE(stringAt(memberAt(m_client->calls().last().body, "proxies"), "https"),
             QStringLiteral("proxy.intern:3128"));
    const auto proxyFor = [](const char *address) {
        return QNetworkProxyFactory::proxyForQuery(QNetworkProxyQuery(QUrl(QLatin1String(address)))).constFirst();
    };
    QCOMPARE(proxyFor("https://example.org").hostName(), QStringLiteral("proxy.intern"));
    QCOMPARE(proxyFor("https://example.org").port(), 3128);
    QVERIFY(proxyFor("http://localhost:80").type() == QNetworkProxy::NoProxy);
    QVERIFY(ProxySettings::read(*m_settings).mode == ProxySettings::Mode::Manual);
    mode->setCurrentIndex(mode->findText(QStringLiteral("None")));
    QTRY_COMPARE(stringAt(memberAt(m_client->calls().last().body, "proxies"), "http", QStringLiteral("?")), QString());
    QVERIFY(proxyFor("https://example.org").type() == QNetworkProxy::NoProxy);
}

void TestSettingsDialog::refusesAProxyWithoutAPort()
{
    open("proxies");
    QTRY_VERIFY(m_engine->isRunning());
    auto *const mode = find<QComboBox>("proxyMode");
    mode->setCurrentIndex(mode->findText(QStringLiteral("Manual")));
    const int before = puts();
    auto *const http = find<QLineEdit>("proxyHttp");
    http->setText(QStringLiteral("proxy"));
    QTest::keyClick(http, Qt::Key_Return);
    QVERIFY(find<QLabel>("proxyProblem")->isVisible());
    QCOMPARE(http->property("look").toString(), QStringLiteral("wrong"));
    QCOMPARE(puts(), before);
    QVERIFY(ProxySettings::read(*m_settings).http.isEmpty());
}

void TestSettingsDialog::handsProxiesOnOnceTheEngineRuns()
{
    m_client->refuse(QStringLiteral("GET /slipway/v1/engine"), {ErrorCode::Io, QStringLiteral("no disk"), {}});
    open("proxies");
    QTRY_VERIFY(m_engine->state() == EngineConnection::State::Failed);
    auto *const mode = find<QComboBox>("proxyMode");
    mode->setCurrentIndex(mode->findText(QStringLiteral("None")));
    QCOMPARE(puts(), 0);
    m_client->on(QStringLiteral("GET /slipway/v1/engine"), Json{{"buildId", "test"}});
    m_engine->start();
    QTRY_COMPARE(puts(), 1);
}

void TestSettingsDialog::knowsWhichHostsNeedNoProxy_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("excepted");
    QTest::newRow("the host") << "localhost" << true;
    QTest::newRow("in the domain") << "a.b.intern" << true;
    QTest::newRow("in capitals") << "A.INTERN" << true;
    QTest::newRow("below a host") << "x.example.org" << true;
    QTest::newRow("only its end") << "myexample.org" << false;
    QTest::newRow("another") << "example.com" << false;
}

void TestSettingsDialog::knowsWhichHostsNeedNoProxy()
{
    QFETCH(QString, host);
    QFETCH(bool, excepted);
    QCOMPARE(isExcepted(host, QStringLiteral("localhost, .intern,example.org")), excepted);
}

void TestSettingsDialog::resetsTheLayout()
{
    m_settings->setValue(QStringLiteral("window/geometry"), 1);
    m_settings->setValue(QStringLiteral("manage/triggers/header"), 1);
    m_settings->setValue(QStringLiteral("palette/recent"), 1);
    open("window");
    const QSignalSpy reset(m_dialog.get(), &SettingsDialog::layoutReset);
    find<QAbstractButton>("resetLayout")->click();
    QCOMPARE(reset.count(), 1);
    QVERIFY(!m_settings->contains(QStringLiteral("window/geometry")));
    QVERIFY(!m_settings->contains(QStringLiteral("manage/triggers/header")));
    QVERIFY(m_settings->contains(QStringLiteral("palette/recent")));
}

void TestSettingsDialog::namesEveryField()
{
    open("appearance");
    for (const char *const field : {"theme",
                                    "fontFamily",
                                    "fontSize",
                                    "systemFont",
                                    "language",
                                    "timeZone",
                                    "startEngineWithWindow",
                                    "keepEngineRunning",
                                    "pythonOfNotebooks",
                                    "browsePython",
                                    "kernelsAtOnce",
                                    "copiesAtOnce",
                                    "proxyMode",
                                    "proxyHttp",
                                    "proxyHttps",
                                    "proxyExcept",
                                    "resetLayout",
                                    "closeSettings"}) {
        const auto *const widget = find<QWidget>(field);
        QVERIFY2(widget, field);
        QVERIFY2(!widget->accessibleName().isEmpty(), field);
        QVERIFY2(!widget->toolTip().isEmpty(), field);
    }
}

SLIPWAY_TEST(TestSettingsDialog)

#include "TestSettingsDialog.moc"
