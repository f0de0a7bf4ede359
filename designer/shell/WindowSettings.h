#pragma once

#include <QString>

class QSettings;

namespace designer {

// What the user chose for this window, with its defaults: the one place that knows the keys of the settings. Pure reads
// and writes; GUI thread.
namespace choice {

enum class ThemeName { System, Light, Dark };
ThemeName theme(const QSettings &settings);
void setTheme(QSettings &settings, ThemeName theme);

// What the desktop said last, so that the window starts in the right colours: "light", "dark"; empty = never asked.
QString systemScheme(const QSettings &settings);
void setSystemScheme(QSettings &settings, const QString &scheme);

QString fontFamily(const QSettings &settings); // empty = the system's
int fontSize(const QSettings &settings); // pixels; 0 = the system's
void setFont(QSettings &settings, const QString &family, int size);
inline constexpr int smallestFont = 10;
inline constexpr int largestFont = 26;

QString language(const QSettings &settings); // "de"; empty = the system's
void setLanguage(QSettings &settings, const QString &language);

bool usesSystemZone(const QSettings &settings); // else Workbench::zone() was chosen
void useSystemZone(QSettings &settings); // after Workbench::setZone(), which keeps its zone

bool startsEngine(const QSettings &settings); // with the window; true
void setStartsEngine(QSettings &settings, bool starts);
bool keepsEngine(const QSettings &settings); // the one the window started, when the window closes; true
void setKeepsEngine(QSettings &settings, bool keeps);

void forgetLayout(QSettings &settings); // sizes, splitters, columns of everything

} // namespace choice

} // namespace designer
