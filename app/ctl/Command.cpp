#include "app/ctl/Command.h"

#include "app/ctl/Commands.h"

#include <QCoreApplication>
#include <QTextStream>

#include <algorithm>

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct CommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::Command)
};

constexpr int headWidth = 36; // of the first column of the help

QString helpOfAll(const std::vector<std::unique_ptr<Command>> &commands)
{
    QString text = CommandText::tr("Usage: slipwayctl [--factory DIR] [--json] COMMAND …\n\nCommands:\n");
    for (const auto &command : commands) {
        const QString head =
            command->arguments().isEmpty() ? command->name() : command->name() + u' ' + command->arguments();
        const bool fits = head.size() < headWidth;
        text +=
            QStringLiteral("  %1%2\n")
                .arg(fits ? head.leftJustified(headWidth) : head + QStringLiteral("\n  ") + QString(headWidth, u' '),
                     command->summary());
    }
    text += CommandText::tr(
        "\n`slipwayctl COMMAND --help` tells more.\n"
        "Exit codes: 0 done, 1 the run or check failed, 2 wrong usage or input, 3 engine not reachable,\n"
        "4 cancelled or timed out.\n");
    return text;
}

void addCommonOptions(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("factory"),
                      CommandText::tr("The factory folder; by default the nearest parent folder that is one."),
                      CommandText::tr("DIR")});
    parser.addOption({QStringLiteral("json"), CommandText::tr("Print JSON (streams: JSON Lines).")});
    parser.addOption({{QStringLiteral("h"), QStringLiteral("help")}, CommandText::tr("Show this help.")});
}

// The command's name is the first word that is neither an option nor the value of --factory.
qsizetype indexOfCommand(const QStringList &arguments)
{
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        if (arguments.at(i) == u"--factory")
            ++i;
        else if (!arguments.at(i).startsWith(u'-'))
            return i;
    }
    return -1;
}

} // namespace

Command::~Command() = default;

void Command::addOptions(QCommandLineParser &) const { }

QStringList Command::positional(const QCommandLineParser &parser) { return parser.positionalArguments(); }

std::vector<std::unique_ptr<Command>> allCommands()
{
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(makeValidateCommand());
    commands.push_back(makeEvalCommand());
    commands.push_back(makePublishCommand());
    commands.push_back(makeVersionsCommand());
    commands.push_back(makeRunCommand());
    commands.push_back(makeDebugCommand());
    commands.push_back(makeTestCommand());
    commands.push_back(makeRerunCommand());
    commands.push_back(makeRunsCommand());
    commands.push_back(makeShowCommand());
    commands.push_back(makeCancelCommand());
    commands.push_back(makeTriggerCommand());
    commands.push_back(makeLinkedServiceCommand());
    commands.push_back(makeDatasetCommand());
    commands.push_back(makeCopyCommand());
    commands.push_back(makeCopyFilesCommand());
    commands.push_back(makeRejectsCommand());
    commands.push_back(makePreviewCommand());
    commands.push_back(makeSchemaCommand());
    commands.push_back(makeScoreCommand());
    commands.push_back(makeModelCommand());
    commands.push_back(makeEngineCommand());
    commands.push_back(makeSecretCommand());
    commands.push_back(makeSettingsCommand());
    commands.push_back(makeBindCommand());
    commands.push_back(makeImportCommand());
    commands.push_back(makeRoundtripCommand());
    commands.push_back(makeKernelsCommand());
    commands.push_back(makeDoctorCommand());
    commands.push_back(makeSampleCommand());
    return commands;
}

int run(const QStringList &arguments)
{
    const auto commands = allCommands();
    QTextStream out(stdout);
    QTextStream err(stderr);
    if (arguments.contains(QStringLiteral("--version"))) {
        out << QCoreApplication::applicationVersion() << '\n';
        return Done;
    }
    const qsizetype at = indexOfCommand(arguments);
    if (at < 0) {
        const bool asked = arguments.contains(QStringLiteral("--help")) || arguments.contains(QStringLiteral("-h"));
        (asked ? out : err) << helpOfAll(commands);
        return asked ? Done : WrongUsage;
    }
    const QString name = arguments.at(at);
    const auto found = std::find_if(
        commands.begin(), commands.end(), [&name](const auto &command) { return command->name() == name; });
    if (found == commands.end()) {
        err << CommandText::tr("slipwayctl: there is no command \"%1\".").arg(name) << "\n\n" << helpOfAll(commands);
        return WrongUsage;
    }

    QCommandLineParser parser;
    parser.setApplicationDescription((*found)->summary());
    addCommonOptions(parser);
    (*found)->addOptions(parser);
    QStringList rest = arguments;
    rest.removeAt(at);
    const bool parsed = parser.parse(QStringList{QStringLiteral("slipwayctl")} + rest);
    if (parser.isSet(QStringLiteral("help"))) {
        QString help = parser.helpText();
        help.replace(QStringLiteral("slipwayctl [options]"),
                     QStringLiteral("slipwayctl %1 [options] %2").arg(name, (*found)->arguments()).trimmed());
        out << help;
        return Done;
    }
    if (!parsed) {
        err << CommandText::tr("slipwayctl %1: %2").arg(name, parser.errorText()) << '\n';
        return WrongUsage;
    }
    Session session(parser.value(QStringLiteral("factory")), parser.isSet(QStringLiteral("json")));
    return (*found)->execute(parser, session);
}

} // namespace ctl
