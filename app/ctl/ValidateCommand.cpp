#include "app/ctl/Commands.h"
#include "engine/model/Validator.h"

#include <QCoreApplication>
#include <QDir>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ValidateCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ValidateCommand)
};

Json toJson(const Problem &problem)
{
    return {{"severity", toStdString(toString(problem.severity))},
            {"code", toStdString(problem.code)},
            {"where", toStdString(problem.where)},
            {"message", toStdString(problem.message)},
            {"fix", toStdString(problem.fix)}};
}

class ValidateCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("validate"); }
    QString summary() const override { return ValidateCommandText::tr("Check the factory folder; needs no engine."); }

    int execute(const QCommandLineParser &, Session &session) override
    {
        const Result<QString> folder = session.factoryFolder();
        if (!folder)
            return session.fail(folder.error());
        const FactoryReading reading = readFactory(FolderTree(*folder));
        const QList<Problem> problems = reading.problems + validate(reading.factory);
        int errors = 0;
        Json list = Json::array();
        for (const Problem &problem : problems) {
            errors += problem.severity == Problem::Severity::Error ? 1 : 0;
            list.push_back(toJson(problem));
            session.say(QStringLiteral("%1  %2\n         %3%4")
                            .arg(toString(problem.severity).toLower().leftJustified(7),
                                 problem.where,
                                 problem.message,
                                 problem.fix.isEmpty() ? QString() : u' ' + problem.fix));
        }
        const Factory &factory = reading.factory;
        session.say(
            ValidateCommandText::tr("%n pipeline(s)", nullptr, int(factory.pipelines.size())) + QStringLiteral(", ")
            + ValidateCommandText::tr("%n dataset(s)", nullptr, int(factory.datasets.size())) + QStringLiteral(", ")
            + ValidateCommandText::tr("%n linked service(s)", nullptr, int(factory.linkedServices.size()))
            + QStringLiteral(", ") + ValidateCommandText::tr("%n trigger(s)", nullptr, int(factory.triggers.size()))
            + QStringLiteral(": ")
            + (errors == 0 ? ValidateCommandText::tr("no errors")
                           : ValidateCommandText::tr("%n error(s)", nullptr, errors)));
        session.print(Json{{"factory", toStdString(*folder)},
                           {"errors", errors},
                           {"problems", list},
                           {"pipelines", factory.pipelines.size()},
                           {"datasets", factory.datasets.size()},
                           {"linkedServices", factory.linkedServices.size()},
                           {"triggers", factory.triggers.size()}});
        return errors == 0 ? Done : CheckFailed;
    }
};

} // namespace

std::unique_ptr<Command> makeValidateCommand() { return std::make_unique<ValidateCommand>(); }

} // namespace ctl
