#include "designer/shell/Theme.h"
#include "tests/journeys/window/Desktop.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QFont>

int main(int argc, char **argv)
{
    int failures = 1;
    {
        int noArguments = 1;
        const QCoreApplication starter(noArguments, argv); // QProcess wants one; the real one needs the display first
        if (!tests::Desktop::start()) {
            qCritical("No desktop: %s. Run ./setup test", qPrintable(tests::Desktop::error()));
            return 1;
        }
    }
    {
        tests::WatchedApplication application(argc, argv);
        QFont font(QStringLiteral("Inter"));
        font.setPixelSize(13);
        QApplication::setFont(font);
        designer::applyTheme(designer::Theme::light());
        failures =
            tests::runTests(application.arguments()); // slow events are printed: pages are made at their first visit
    }
    tests::Desktop::stop();
    return failures;
}
