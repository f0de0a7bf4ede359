#include "designer/shell/ThemeChoice.h"

#include "designer/shell/WindowSettings.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFile>
#include <QSettings>

namespace designer {

namespace {

const QString portal = QStringLiteral("org.freedesktop.portal.Desktop");
const QString portalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString settingsInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString appearance = QStringLiteral("org.freedesktop.appearance");
const QString colourScheme = QStringLiteral("color-scheme");

// Asking for a bus that is not there would start one.
bool isBusThere()
{
    return !qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")
        || QFile::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
}

Theme::Mode modeOf(const QSettings &settings)
{
    switch (choice::theme(settings)) {
    case choice::ThemeName::Light:
        return Theme::Mode::Light;
    case choice::ThemeName::Dark:
        return Theme::Mode::Dark;
    case choice::ThemeName::System:
        break;
    }
    const QString scheme = choice::systemScheme(settings);
    if (scheme.isEmpty())
        return systemMode();
    return scheme == u"dark" ? Theme::Mode::Dark : Theme::Mode::Light;
}

} // namespace

ThemeChoice::ThemeChoice(QSettings &settings, QObject *parent) : QObject(parent), m_settings(settings) { askPortal(); }

void ThemeChoice::apply() { apply(m_settings); }

void ThemeChoice::apply(const QSettings &settings)
{
    static const QFont systemFont = QApplication::font(); // as it was before the first choice
    QFont font = systemFont;
    if (const QString family = choice::fontFamily(settings); !family.isEmpty())
        font.setFamily(family);
    if (const int size = choice::fontSize(settings); size > 0)
        font.setPixelSize(size);
    if (font != QApplication::font())
        QApplication::setFont(font);
    applyTheme(modeOf(settings) == Theme::Mode::Dark ? Theme::dark() : Theme::light());
}

QString ThemeChoice::schemeOf(uint value)
{
    if (value == 1)
        return QStringLiteral("dark");
    return value == 2 ? QStringLiteral("light") : QString();
}

void ThemeChoice::askPortal()
{
    if (!isBusThere())
        return;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    qRegisterMetaType<QDBusVariant>(); // Qt takes a slot only with types it knows already
    bus.connect(portal,
                portalPath,
                settingsInterface,
                QStringLiteral("SettingChanged"),
                this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage read = QDBusMessage::createMethodCall(portal, portalPath, settingsInterface, QStringLiteral("Read"));
    read << appearance << colourScheme;
    auto *const watcher = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        watcher->deleteLater();
        if (!reply.isError()) // without a portal the last known scheme and the palette stand
            hear(reply.value().variant());
    });
}

void ThemeChoice::settingChanged(const QString &space, const QString &key, const QDBusVariant &value)
{
    if (space == appearance && key == colourScheme)
        hear(value.variant());
}

void ThemeChoice::hear(const QVariant &value)
{
    QVariant inner = value;
    while (inner.canConvert<QDBusVariant>()) // Read wraps it twice
        inner = inner.value<QDBusVariant>().variant();
    const QString scheme = schemeOf(inner.toUInt());
    if (scheme == choice::systemScheme(m_settings))
        return;
    choice::setSystemScheme(m_settings, scheme);
    if (choice::theme(m_settings) == choice::ThemeName::System)
        apply();
}

} // namespace designer

#include "moc_ThemeChoice.cpp"
