// slipwayctl: the command line, a client of the engine's API.

#include "app/ctl/Command.h"
#include "BuildId.h"
#include "engine/base/Translation.h"

#include <QCoreApplication>

#include <csignal>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    engine::installTranslation({});
    QCoreApplication::setApplicationName(QStringLiteral("slipwayctl"));
    QCoreApplication::setApplicationVersion(QString::fromLatin1(slipwayBuildId));
    std::signal(SIGPIPE, SIG_IGN);
    return ctl::run(application.arguments().mid(1));
}
