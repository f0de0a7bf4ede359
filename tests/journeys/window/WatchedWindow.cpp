// Slipway as it is, with the watchdog of tests and Eyes for a journey: SLIPWAY_EYES names the socket.

#include "app/window/WindowProgram.h"
#include "tests/journeys/window/Eyes.h"
#include "tests/support/Watchdog.h"

#include <optional>

int main(int argc, char **argv)
{
    tests::WatchedApplication application(argc, argv);
    std::optional<tests::Eyes> eyes;
    return runWindow(application, [&eyes](designer::MainWindow & /*window*/, designer::Workbench &workbench) {
        eyes.emplace(workbench, qEnvironmentVariable("SLIPWAY_EYES"));
    });
}
