#include "app/ctl/Commands.h"
#include "app/ctl/ProblemText.h"
#include "app/ctl/RunWatch.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct RunCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::RunCommand)
};

class RunCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("run"); }
    QString summary() const override
    {
        return RunCommandText::tr("Run the published version of a pipeline and wait for its end.");
    }
    QString arguments() const override { return QStringLiteral("PIPELINE"); }
    void addOptions(QCommandLineParser &parser) const override
    {
        addRunOptions(parser);
        addStandaloneOption(parser);
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() != 1)
            return session.failUsage(RunCommandText::tr("Usage: slipwayctl run PIPELINE [--parameter NAME=VALUE …]"));
        const Result<Json> parameters = runParameters(parser);
        if (!parameters)
            return session.fail(parameters.error());
        if (const Result<> started = startWhereWished(session, parser); !started)
            return session.fail(started.error());
        const Result<QString> factory = session.factory();
        if (!factory)
            return session.fail(factory.error());
        if (session.isStandalone()) {
            if (const int code = publishFolder(session, *factory); code != Done)
                return code;
        }
        const QString path =
            session.factoryPath() + QStringLiteral("/pipelines/%1/createRun").arg(encodedPath(words.first()));
        return executeRun(session, parser, {.pipeline = words.first(), .path = path, .body = *parameters});
    }

private:
    static int publishFolder(Session &session, const QString &factory); // the exit code
};

// The engine in this program knows no version: the folder is its first.
int RunCommand::publishFolder(Session &session, const QString &factory)
{
    const Result<Json> version =
        session.call("POST", QStringLiteral("/slipway/v1/factories/%1/publish").arg(factory), Json::object());
    if (version)
        return Done;
    for (const Json &problem : session.errorDetails())
        session.say(problemText(problem));
    const int code = session.fail(version.error(), session.errorDetails());
    return version.error().code == ErrorCode::InvalidInput ? int(CheckFailed) : code;
}

class RerunCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("rerun"); }
    QString summary() const override
    {
        return RunCommandText::tr("Run once more what has run: its parameters, the version published now.");
    }
    QString arguments() const override { return QStringLiteral("RUN"); }
    void addOptions(QCommandLineParser &parser) const override { addRunOptions(parser); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() != 1)
            return session.failUsage(RunCommandText::tr(
                "Usage: slipwayctl rerun RUN [--parameter NAME=VALUE …]; RUN is an id, its beginning, or \"last\"."));
        const Result<Json> parameters = runParameters(parser);
        if (!parameters)
            return session.fail(parameters.error());
        if (const Result<QString> factory = session.factory(); !factory)
            return session.fail(factory.error());
        const Result<QString> id = session.runId(words.first());
        if (!id)
            return session.fail(id.error());
        const QString path = QStringLiteral("/slipway/v1/runs/") + *id;
        const Result<Json> record = session.call("GET", path + QStringLiteral("/record"));
        if (!record)
            return session.fail(record.error());
        return executeRun(session,
                          parser,
                          {.pipeline = stringAt(*record, "pipeline"),
                           .path = path + QStringLiteral("/rerun"),
                           .body = {{"parameters", *parameters}}});
    }
};

} // namespace

std::unique_ptr<Command> makeRunCommand() { return std::make_unique<RunCommand>(); }

std::unique_ptr<Command> makeRerunCommand() { return std::make_unique<RerunCommand>(); }

} // namespace ctl
