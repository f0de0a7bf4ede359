#pragma once

#include "designer/shell/Theme.h"

#include <QObject>

class QDBusVariant;
class QSettings;

namespace designer {

// Gives the application the theme and font of the settings; "as the system" means the colour scheme of the desktop's
// portal, and follows it. Where there is no portal, the lightness of the platform's palette. GUI thread; never waits.
class ThemeChoice final : public QObject
{
    Q_OBJECT

public:
    explicit ThemeChoice(QSettings &settings, QObject *parent = nullptr); // `settings` outlives it

    void apply(); // the settings as they are now

    // The same for whoever changed the settings and has no ThemeChoice.
    static void apply(const QSettings &settings);
    // What a value of the portal's "color-scheme" means: 1 dark, 2 light, else nothing is said.
    static QString schemeOf(uint value);

private slots:
    void settingChanged(const QString &space, const QString &key, const QDBusVariant &value);

private:
    void askPortal();
    void hear(const QVariant &value);

    QSettings &m_settings;
};

} // namespace designer
