#pragma once

#include "app/ctl/Session.h"

#include <QCommandLineParser>

namespace ctl {

// How a run is asked for.
struct RunRequest
{
    QString pipeline; // as it is printed
    QString path; // POST; the answer is {"runId"}
    engine::Json body;
};

// --parameter NAME=VALUE, of commands that evaluate something.
void addParameterOption(QCommandLineParser &parser);
// The options of commands that make a run: --parameter and --no-wait.
void addRunOptions(QCommandLineParser &parser);
// --standalone, of commands that can do without the engine's service.
void addStandaloneOption(QCommandLineParser &parser);
// With --standalone, makes the session ask an engine in this program from now on. InvalidInput beside --no-wait: the
// run would go with the program.
engine::Result<> startWhereWished(Session &session, const QCommandLineParser &parser);
// The values of --parameter: JSON where the text is JSON, else text. InvalidInput.
engine::Result<engine::Json> runParameters(const QCommandLineParser &parser);
// Asks for the run and, without --no-wait, prints what happens up to its end. The engine must have answered. Returns
// the exit code.
int executeRun(Session &session, const QCommandLineParser &parser, RunRequest request);

} // namespace ctl
