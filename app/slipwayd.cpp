// slipwayd: the engine without a display. `slipwayd [--on-demand]`; where it keeps things is in engine/base/Places.h.

#include "BuildId.h"
#include "engine/base/Translation.h"
#include "engine/service/EngineService.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace engine;

namespace {

int signalSockets[2] = {-1, -1};

extern "C" void onSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = ::write(signalSockets[0], &byte, 1);
}

// SIGTERM, SIGINT and SIGHUP end the engine as a client's request does.
void quitOnSignals(QCoreApplication &application)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, signalSockets) != 0)
        return;
    auto *notifier = new QSocketNotifier(signalSockets[1], QSocketNotifier::Read, &application);
    QObject::connect(notifier, &QSocketNotifier::activated, &application, &QCoreApplication::quit);
    struct sigaction action
    {
    };
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        ::sigaction(number, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    engine::installTranslation({});
    QCoreApplication::setApplicationName(QStringLiteral("slipwayd"));
    QCoreApplication::setApplicationVersion(QString::fromLatin1(slipwayBuildId));
    ::prctl(PR_SET_DUMPABLE, 0); // no core with users' data in it
    ::umask(077);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("slipwayd", "The Slipway engine: runs published pipelines and serves the API."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption onDemand(
        QStringLiteral("on-demand"),
        QCoreApplication::translate("slipwayd", "End after 60 s without a client, a run or a started trigger."));
    parser.addOption(onDemand);
    parser.process(application);

    EngineOptions options;
    options.places = Places::standard();
    options.onDemand = parser.isSet(onDemand);
    const Result<EngineSettings> settings = EngineSettings::read(options.places.settings);
    if (!settings) {
        std::fprintf(stderr, "%s [%s]\n", qPrintable(settings.error().message), qPrintable(settings.error().where));
        return 2;
    }
    options.settings = *settings;

    quitOnSignals(application);
    EngineService service(options);
    QObject::connect(&service, &EngineService::stopRequested, &application, &QCoreApplication::quit);
    if (const Result<> started = service.start(); !started) {
        std::fprintf(stderr, "%s [%s]\n", qPrintable(started.error().message), qPrintable(started.error().where));
        return 1;
    }
    return QCoreApplication::exec();
}
