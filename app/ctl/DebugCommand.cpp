#include "app/ctl/Commands.h"
#include "app/ctl/RunWatch.h"

#include <QCoreApplication>
#include <QFile>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct DebugCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::DebugCommand)
};

constexpr qint64 largestMocks = 16 * 1024 * 1024; // bytes

Result<Json> readMocks(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, DebugCommandText::tr("Cannot read %1: %2").arg(path, file.errorString()), path};
    if (file.size() > largestMocks)
        return Error{ErrorCode::InvalidInput,
                     DebugCommandText::tr("%1 is larger than %2 MiB.").arg(path).arg(largestMocks / 1024 / 1024),
                     path};
    Result<Json> mocks = parseJson(file.readAll(), path);
    if (mocks && !mocks->is_object())
        return Error{ErrorCode::InvalidInput,
                     DebugCommandText::tr("%1 must be an object: {\"Activity\": {\"output\": …}}.").arg(path),
                     path};
    return mocks;
}

class DebugCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("debug"); }
    QString summary() const override
    {
        return DebugCommandText::tr("Run the draft of a pipeline, not the published version, and wait for its end.");
    }
    QString arguments() const override { return QStringLiteral("PIPELINE"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        addRunOptions(parser);
        addStandaloneOption(parser);
        parser.addOption({QStringLiteral("until"),
                          DebugCommandText::tr("Only this activity and those it depends on."),
                          DebugCommandText::tr("ACTIVITY")});
        parser.addOption(
            {QStringLiteral("mocks"),
             DebugCommandText::tr("Outcomes of activities that are not to run: {\"Activity\": {\"status\", "
                                  "\"output\", \"error\"}}; inside containers \"Container/Activity\"."),
             DebugCommandText::tr("FILE.json")});
        parser.addOption({QStringLiteral("mock-from"),
                          DebugCommandText::tr("Take the outcomes of the activities of --mock from this earlier run."),
                          DebugCommandText::tr("RUN")});
        parser.addOption({QStringLiteral("mock"),
                          DebugCommandText::tr("An activity whose outcome is taken from the run of --mock-from; may be "
                                               "repeated."),
                          DebugCommandText::tr("ACTIVITY")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() != 1)
            return session.failUsage(
                DebugCommandText::tr("Usage: slipwayctl debug PIPELINE [--parameter NAME=VALUE …] [--until ACTIVITY]"));
        if (parser.isSet(QStringLiteral("mock")) != parser.isSet(QStringLiteral("mock-from")))
            return session.failUsage(DebugCommandText::tr("--mock and --mock-from belong together."));
        const Result<Json> parameters = runParameters(parser);
        if (!parameters)
            return session.fail(parameters.error());
        Json body = {{"pipeline", toStdString(words.first())}, {"parameters", *parameters}};
        if (parser.isSet(QStringLiteral("until")))
            body["until"] = toStdString(parser.value(QStringLiteral("until")));
        if (parser.isSet(QStringLiteral("mocks"))) {
            const Result<Json> mocks = readMocks(parser.value(QStringLiteral("mocks")));
            if (!mocks)
                return session.fail(mocks.error());
            body["mocks"] = *mocks;
        }
        if (parser.isSet(QStringLiteral("standalone")) && parser.isSet(QStringLiteral("mock-from")))
            return session.failUsage(
                DebugCommandText::tr("--mock-from names a run of the engine, which --standalone does "
                                     "without; write the outcomes with \"slipwayctl test --record\" "
                                     "and give them as --mocks."));
        if (const Result<> started = startWhereWished(session, parser); !started)
            return session.fail(started.error());
        const Result<QString> factory = session.factory();
        if (!factory)
            return session.fail(factory.error());
        if (parser.isSet(QStringLiteral("mock-from"))) {
            const Result<QString> id = session.runId(parser.value(QStringLiteral("mock-from")));
            if (!id)
                return session.fail(id.error());
            Json activities = Json::array();
            for (const QString &activity : parser.values(QStringLiteral("mock")))
                activities.push_back(toStdString(activity));
            body["mocksFrom"] = {{"runId", toStdString(*id)}, {"activities", activities}};
        }
        return executeRun(session,
                          parser,
                          {.pipeline = words.first(),
                           .path = QStringLiteral("/slipway/v1/factories/%1/debug").arg(*factory),
                           .body = body});
    }
};

} // namespace

std::unique_ptr<Command> makeDebugCommand() { return std::make_unique<DebugCommand>(); }

} // namespace ctl
