// slipway-kernel: the Jupyter kernel of SQL notebooks, started by the engine or by JupyterLab.

#include "app/FactoryContext.h"
#include "BuildId.h"
#include "engine/base/Places.h"
#include "engine/base/Translation.h"
#include "engine/kernel/KernelServer.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>

#include <csignal>
#include <cstdio>

namespace {

// What the engine says; started by JupyterLab or nbconvert, what the factory around the notebook says.
engine::Result<engine::KernelContext> kernelContext()
{
    engine::Result<std::optional<engine::KernelContext>> said = engine::KernelContext::read();
    if (!said)
        return said.error();
    if (*said)
        return **std::move(said);
    return engine::factoryContext(QDir::currentPath(), engine::Places::standard());
}

} // namespace

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
    engine::Result<engine::KernelContext> context = kernelContext();
    if (!context) {
        std::fprintf(stderr, "%s [%s]\n", qPrintable(context.error().message), qPrintable(context.error().where));
        return 1;
    }
    const engine::Result<> served = engine::serveKernel(parser.value(connection), *std::move(context));
    if (!served) {
        std::fprintf(stderr, "%s [%s]\n", qPrintable(served.error().message), qPrintable(served.error().where));
        return 1;
    }
    return 0;
}
