#include "designer/shell/Theme.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QStandardPaths>

int main(int argc, char **argv)
{
    tests::WatchedApplication application(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(13);
    QApplication::setFont(font);
    designer::applyTheme(designer::Theme::light());
    const int failures = tests::runTests(application.arguments());
    qInfo("The longest event: %s", qPrintable(application.slowest()));
    return failures + application.slowEvents();
}
