#include "designer/shell/WindowSettings.h"

#include <QSettings>

namespace designer::choice {

namespace {

const QString themeKey = QStringLiteral("view/theme");
const QString schemeKey = QStringLiteral("view/systemScheme");
const QString familyKey = QStringLiteral("view/fontFamily");
const QString sizeKey = QStringLiteral("view/fontSize");
const QString languageKey = QStringLiteral("view/language");
const QString zoneKey = QStringLiteral("view/timeZone"); // Workbench's
const QString startsKey = QStringLiteral("engine/startWithWindow");
const QString keepsKey = QStringLiteral("engine/keepRunning");

} // namespace

ThemeName theme(const QSettings &settings)
{
    const QString name = settings.value(themeKey).toString();
    if (name == u"light")
        return ThemeName::Light;
    return name == u"dark" ? ThemeName::Dark : ThemeName::System;
}

void setTheme(QSettings &settings, ThemeName theme)
{
    settings.setValue(themeKey,
                      theme == ThemeName::Light      ? QStringLiteral("light")
                          : theme == ThemeName::Dark ? QStringLiteral("dark")
                                                     : QStringLiteral("system"));
}

QString systemScheme(const QSettings &settings) { return settings.value(schemeKey).toString(); }

void setSystemScheme(QSettings &settings, const QString &scheme) { settings.setValue(schemeKey, scheme); }

QString fontFamily(const QSettings &settings) { return settings.value(familyKey).toString(); }

int fontSize(const QSettings &settings)
{
    const int size = settings.value(sizeKey).toInt();
    return size == 0 ? 0 : qBound(smallestFont, size, largestFont);
}

void setFont(QSettings &settings, const QString &family, int size)
{
    settings.setValue(familyKey, family);
    settings.setValue(sizeKey, size);
}

QString language(const QSettings &settings) { return settings.value(languageKey).toString(); }

void setLanguage(QSettings &settings, const QString &language) { settings.setValue(languageKey, language); }

bool usesSystemZone(const QSettings &settings) { return settings.value(zoneKey).toByteArray().isEmpty(); }

void useSystemZone(QSettings &settings) { settings.remove(zoneKey); }

bool startsEngine(const QSettings &settings) { return settings.value(startsKey, true).toBool(); }

void setStartsEngine(QSettings &settings, bool starts) { settings.setValue(startsKey, starts); }

bool keepsEngine(const QSettings &settings) { return settings.value(keepsKey, true).toBool(); }

void setKeepsEngine(QSettings &settings, bool keeps) { settings.setValue(keepsKey, keeps); }

void forgetLayout(QSettings &settings)
{
    static const QStringList endings{QStringLiteral("/geometry"),
                                     QStringLiteral("/state"),
                                     QStringLiteral("/splitter"),
                                     QStringLiteral("/header"),
                                     QStringLiteral("/columns"),
                                     QStringLiteral("/rows")};
    for (const QString &key : settings.allKeys()) {
        for (const QString &ending : endings) {
            if (key.endsWith(ending))
                settings.remove(key);
        }
    }
}

} // namespace designer::choice
