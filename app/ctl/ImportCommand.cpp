#include "app/ctl/Commands.h"
#include "engine/model/ArmTemplate.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ImportCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ImportCommand)
};

class ImportCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("import"); }
    QString summary() const override
    {
        return ImportCommandText::tr("Make a factory folder of an ARM template; needs no engine.");
    }
    QString arguments() const override { return QStringLiteral("TEMPLATE.json DIR"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({QStringLiteral("parameters"),
                          ImportCommandText::tr("Values of the template's parameters, as Data Factory exports them."),
                          ImportCommandText::tr("FILE")});
        parser.addOption({QStringLiteral("force"), ImportCommandText::tr("Replace files that are there already.")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() != 2)
            return session.failUsage(ImportCommandText::tr(
                "Usage: slipwayctl import TEMPLATE.json|manifest.json|FOLDER DIR [--parameters FILE] [--force]"));
        const Result<ArmImport> import = readArmTemplate(words.first(), parser.value(QStringLiteral("parameters")));
        if (!import)
            return session.fail(import.error());
        const Result<QStringList> written = writeArmImport(
            *import, words.last(), parser.isSet(QStringLiteral("force")) ? Existing::Replace : Existing::Refuse);
        if (!written)
            return session.fail(written.error());
        bool isWhole = true;
        Json problems = Json::array();
        for (const Problem &problem : import->problems) {
            isWhole = isWhole && problem.severity != Problem::Severity::Error;
            session.say(QStringLiteral("%1  %2\n         %3 %4")
                            .arg(toString(problem.severity).toLower().leftJustified(7),
                                 problem.where,
                                 problem.message,
                                 problem.fix)
                            .trimmed());
            problems.push_back({{"severity", toStdString(toString(problem.severity))},
                                {"code", toStdString(problem.code)},
                                {"where", toStdString(problem.where)},
                                {"message", toStdString(problem.message)},
                                {"fix", toStdString(problem.fix)}});
        }
        session.say(ImportCommandText::tr("%n file(s) written to %1", nullptr, int(written->size())).arg(words.last()));
        session.say(ImportCommandText::tr("Next: slipwayctl --factory %1 bind --check").arg(words.last()));
        Json files = Json::array();
        for (const QString &path : *written)
            files.push_back(toStdString(path));
        session.print({{"folder", toStdString(words.last())}, {"files", files}, {"problems", problems}});
        return isWhole ? Done : CheckFailed;
    }
};

} // namespace

std::unique_ptr<Command> makeImportCommand() { return std::make_unique<ImportCommand>(); }

} // namespace ctl
