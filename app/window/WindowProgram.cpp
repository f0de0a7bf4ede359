#include "app/window/WindowProgram.h"

#include "BuildId.h"
#include "designer/shell/MainWindow.h"
#include "designer/shell/Pictures.h"
#include "designer/shell/ProxySettings.h"
#include "designer/shell/SingleInstance.h"
#include "designer/shell/ThemeChoice.h"
#include "designer/shell/WindowSettings.h"
#include "engine/base/Places.h"
#include "engine/base/Translation.h"
#include "engine/client/EngineClient.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QScreen>
#include <QSettings>
#include <QTimer>

#include <cstdio>

using namespace designer;
using namespace engine;

namespace {

struct AppText
{
    Q_DECLARE_TR_FUNCTIONS(slipway)
};

QStringList absolute(const QStringList &what)
{
    QStringList paths;
    for (const QString &one : what)
        paths += one.startsWith(u"slipway://") ? one : QFileInfo(one).absoluteFilePath();
    return paths;
}

} // namespace

int runWindow(QApplication &application, const WindowReady &ready)
{
    QApplication::setOrganizationName(QStringLiteral("slipway"));
    QApplication::setApplicationName(QStringLiteral("slipway"));
    QApplication::setApplicationDisplayName(AppText::tr("Slipway"));
    QApplication::setApplicationVersion(QString::fromLatin1(slipwayVersion));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.slipway.Slipway"));

    QCommandLineParser parser;
    parser.setApplicationDescription(AppText::tr("Pipeline designer and monitor with a local engine."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("new-window"), AppText::tr("Open a window of its own even when one is open.")});
    parser.addOption({QStringLiteral("pictures"),
                      AppText::tr("Make pictures of the window with the factory's runs in this folder, and end."),
                      QStringLiteral("folder")});
    parser.addPositionalArgument(QStringLiteral("what"),
                                 AppText::tr("A factory folder, a file in one, or a slipway:// link."),
                                 QStringLiteral("[what…]"));
    parser.process(application);
    const QStringList what = absolute(parser.positionalArguments());

    const Places places = Places::standard();
    if (const Result<> made = places.make(); !made) {
        std::fprintf(stderr, "slipway: %s\n", qPrintable(made.error().message));
        return 2;
    }
    SingleInstance instance(places.socket.chopped(QStringLiteral(".sock").size()) + QStringLiteral(".window"));
    const QString pictures = parser.value(QStringLiteral("pictures"));
    if (!parser.isSet(QStringLiteral("new-window")) && pictures.isEmpty()) {
        if (instance.handOver(what))
            return 0;
        instance.listen();
    }

    QSettings settings(places.settings + QStringLiteral("/window.ini"), QSettings::IniFormat);
    installTranslation(choice::language(settings));
    ProxySettings::read(settings).apply();
    ThemeChoice theme(settings);
    theme.apply();
    LocalEngineClient client(places);
    EngineConnection connection(
        client, QCoreApplication::applicationDirPath() + QStringLiteral("/slipwayd"), slipwayBuildId);
    Workbench workbench(connection, settings);
    MainWindow window(workbench);
    QObject::connect(&instance, &SingleInstance::startedAgain, &window, [&window](const QStringList &given) {
        window.raiseToFront();
        for (const QString &one : given)
            window.open(one);
    });
    const QSize room = window.screen()->availableSize();
    const bool fits = window.width() <= room.width() && window.height() <= room.height();
    if (!fits && pictures.isEmpty()) // a small screen, or one that is shown at 200 %
        window.setWindowState(window.windowState() | Qt::WindowMaximized);
    window.QWidget::show();
    if (ready)
        ready(window, workbench);
    QTimer::singleShot(0, &window, [&] {
        if (choice::startsEngine(settings))
            connection.start();
        if (what.isEmpty())
            window.openLast();
        for (const QString &one : what)
            window.open(one);
    });
    Pictures artist(window, workbench, QFileInfo(pictures).absoluteFilePath());
    QObject::connect(
        &artist, &Pictures::finished, &application, [](bool allMade) { QApplication::exit(allMade ? 0 : 1); });
    if (!pictures.isEmpty()) {
        window.resize(1600, 1000);
        artist.start();
    }
    return QApplication::exec();
}
