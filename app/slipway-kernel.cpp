// slipway-kernel: the Jupyter kernel of SQL notebooks, started by the engine or by JupyterLab.

#include "BuildId.h"
#include "engine/base/Translation.h"
#include "engine/kernel/KernelServer.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <csignal>
#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    engine::installTranslation({});
    QCoreApplication::setApplicationName(QStringLiteral("slipway-kernel"));
    QCoreApplication::setApplicationVersion(QString::fromLatin1(slipwayBuildId));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("slipway-kernel", "The Jupyter kernel of SQL notebooks: queries, models, scores."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption connection(QStringLiteral("f"),
                                        QCoreApplication::translate("slipway-kernel", "The connection file."),
                                        QStringLiteral("file"));
    parser.addOption(connection);
    parser.process(application);
    if (!parser.isSet(connection)) {
        std::fprintf(stderr, "%s\n", qPrintable(parser.helpText()));
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    if (const engine::Result<> served = engine::serveKernel(parser.value(connection)); !served) {
        std::fprintf(stderr, "%s [%s]\n", qPrintable(served.error().message), qPrintable(served.error().where));
        return 1;
    }
    return 0;
}
