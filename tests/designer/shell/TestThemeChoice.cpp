#include "designer/shell/ThemeChoice.h"

#include "designer/shell/WindowSettings.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>

using namespace designer;

namespace {

// The desktop's portal, as far as a theme asks it.
class SettingsPortal : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

public:
    uint scheme = 1;

public slots:
    QDBusVariant Read(const QString &space, const QString &key) const
    {
        const bool isAsked = space == u"org.freedesktop.appearance" && key == u"color-scheme";
        // Wrapped twice, as the portal does.
        return QDBusVariant(QVariant::fromValue(QDBusVariant(isAsked ? scheme : 0U)));
    }

signals:
    void SettingChanged(const QString &space, const QString &key, const QDBusVariant &value);
};

} // namespace

class TestThemeChoice : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void takesTheColourSchemeOfThePortal();
    void followsThePortalOnlyWhenAskedTo();
    void startsInTheSchemeThatWasKnownLast();
    void standsWithoutAPortal();

private:
    QProcess m_bus;
    SettingsPortal m_portal;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
};

// A session bus of this test's own.
void TestThemeChoice::initTestCase()
{
    m_bus.start(QStringLiteral("dbus-daemon"),
                {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address")});
    QVERIFY2(m_bus.waitForStarted(), "dbus-daemon is missing: run ./setup test");
    QVERIFY(m_bus.waitForReadyRead());
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
    QDBusConnection bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("portal")); // another program's
    QVERIFY(bus.isConnected());
    QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.portal.Desktop")));
    QVERIFY(bus.registerObject(QStringLiteral("/org/freedesktop/portal/desktop"),
                               &m_portal,
                               QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
}

void TestThemeChoice::cleanupTestCase()
{
    QDBusConnection::disconnectFromBus(QStringLiteral("portal"));
    QDBusConnection::disconnectFromBus(QStringLiteral("qt_default_session_bus"));
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    m_bus.terminate();
    m_bus.waitForFinished();
    applyTheme(Theme::light());
}

void TestThemeChoice::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    m_portal.scheme = 1;
    applyTheme(Theme::light());
}

void TestThemeChoice::takesTheColourSchemeOfThePortal()
{
    ThemeChoice theme(*m_settings);
    theme.apply();
    QTRY_VERIFY(Theme::current().mode == Theme::Mode::Dark);
    QCOMPARE(choice::systemScheme(*m_settings), QStringLiteral("dark"));
    emit m_portal.SettingChanged(
        QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"), QDBusVariant(2U));
    QTRY_VERIFY(Theme::current().mode == Theme::Mode::Light);
}

void TestThemeChoice::followsThePortalOnlyWhenAskedTo()
{
    choice::setTheme(*m_settings, choice::ThemeName::Light);
    ThemeChoice theme(*m_settings);
    theme.apply();
    QTRY_COMPARE(choice::systemScheme(*m_settings), QStringLiteral("dark"));
    QVERIFY(Theme::current().mode == Theme::Mode::Light);
    choice::setTheme(*m_settings, choice::ThemeName::System);
    theme.apply();
    QVERIFY(Theme::current().mode == Theme::Mode::Dark);
}

void TestThemeChoice::startsInTheSchemeThatWasKnownLast()
{
    choice::setSystemScheme(*m_settings, QStringLiteral("dark"));
    ThemeChoice::apply(*m_settings);
    QVERIFY(Theme::current().mode == Theme::Mode::Dark); // before any answer
}

void TestThemeChoice::standsWithoutAPortal()
{
    QCOMPARE(ThemeChoice::schemeOf(0), QString());
    ThemeChoice::apply(*m_settings);
    QVERIFY(Theme::current().mode == Theme::Mode::Light); // the test platform's palette
}

SLIPWAY_TEST(TestThemeChoice)

#include "TestThemeChoice.moc"
