#pragma once

#include "app/ctl/Session.h"

#include <QCommandLineParser>
#include <QStringList>

#include <memory>
#include <vector>

namespace ctl {

// The exit codes of every command.
enum ExitCode { Done = 0, CheckFailed = 1, WrongUsage = 2, NoEngine = 3, Stopped = 4 };

// One command of slipwayctl. A command is data (name, summary, arguments, options) plus execute(); help is made from
// it.
class Command
{
public:
    virtual ~Command();
    virtual QString name() const = 0;
    virtual QString summary() const = 0;
    virtual QString arguments() const { return {}; } // as help shows them: "PIPELINE"
    virtual void addOptions(QCommandLineParser &parser) const;
    virtual int execute(const QCommandLineParser &parser, Session &session) = 0; // → exit code

protected:
    // Positional arguments after the command's own name.
    static QStringList positional(const QCommandLineParser &parser);
};

std::vector<std::unique_ptr<Command>> allCommands(); // the one visible list

// Parses `arguments` (without the program's name) and executes. Returns the exit code.
int run(const QStringList &arguments);

} // namespace ctl
