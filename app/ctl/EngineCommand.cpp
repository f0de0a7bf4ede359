#include "app/ctl/Commands.h"

#include "BuildId.h"
#include "engine/base/ProcessState.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QThread>

using namespace engine;

namespace ctl {

namespace {

constexpr int stopTimeoutMs = 60000;

// The context of this file's texts for translators.
struct EngineCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::EngineCommand)
};

class EngineCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("engine"); }
    QString summary() const override
    {
        return EngineCommandText::tr("Start, stop or look at the engine, or read its log.");
    }
    QString arguments() const override { return QStringLiteral("start | stop | status | log"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({QStringLiteral("force"),
                          EngineCommandText::tr("stop: even while runs are under way; the next start takes them up.")});
        parser.addOption({QStringLiteral("bytes"),
                          EngineCommandText::tr("log: how much of its end (65536)."),
                          EngineCommandText::tr("N"),
                          QStringLiteral("65536")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const QString action = words.value(0);
        if (words.size() == 1 && action == u"start")
            return status(session, Session::Start::IfNeeded);
        if (words.size() == 1 && action == u"status")
            return status(session, Session::Start::Never);
        if (words.size() == 1 && action == u"stop")
            return stop(session, parser.isSet(QStringLiteral("force")));
        if (words.size() == 1 && action == u"log")
            return log(session, parser.value(QStringLiteral("bytes")));
        return session.failUsage(
            EngineCommandText::tr("Usage: slipwayctl engine start | stop [--force] | status | log [--bytes N]"));
    }

private:
    static int status(Session &session, Session::Start start)
    {
        const Result<Json> hello = session.engine(start);
        if (!hello)
            return session.fail(hello.error());
        session.say(EngineCommandText::tr("Engine %1, process %2, since %3")
                        .arg(stringAt(*hello, "buildId"))
                        .arg(intAt(*hello, "pid"))
                        .arg(stringAt(*hello, "startedAt")));
        session.say(EngineCommandText::tr("data %1").arg(stringAt(*hello, "data")));
        session.say(EngineCommandText::tr("%1 active runs, %2 of %3 kernels and %4 of %5 copies in use")
                        .arg(intAt(*hello, "activeRuns"))
                        .arg(intAt(memberAt(*hello, "kernels"), "inUse"))
                        .arg(intAt(memberAt(*hello, "kernels"), "limit"))
                        .arg(intAt(memberAt(*hello, "copies"), "inUse"))
                        .arg(intAt(memberAt(*hello, "copies"), "limit")));
        if (boolAt(*hello, "degraded"))
            session.say(
                EngineCommandText::tr("DEGRADED, nothing new is started: %1").arg(stringAt(*hello, "degradedReason")));
        if (stringAt(*hello, "buildId") != QLatin1String(slipwayBuildId))
            session.say(
                EngineCommandText::tr("It is of another build than this slipwayctl (%1); stop it to use this one.")
                    .arg(QLatin1String(slipwayBuildId)));
        session.print(*hello);
        return Done;
    }

    static int log(Session &session, const QString &bytes)
    {
        if (const Result<Json> hello = session.engine(Session::Start::Never); !hello)
            return session.fail(hello.error());
        const Result<Json> text =
            session.call("GET", QStringLiteral("/slipway/v1/engine/log?bytes=") + encodedPath(bytes));
        if (!text)
            return session.fail(text.error());
        QString lines = stringAt(*text, "text");
        if (lines.endsWith(u'\n'))
            lines.chop(1);
        if (!lines.isEmpty())
            session.say(lines);
        session.print(*text);
        return Done;
    }

    static int stop(Session &session, bool force)
    {
        const Result<Json> hello = session.engine(Session::Start::Never);
        if (!hello) {
            if (hello.error().code != ErrorCode::NotFound)
                return session.fail(hello.error());
            session.say(EngineCommandText::tr("No engine is running."));
            session.print(Json{{"stopped", true}, {"running", false}});
            return Done;
        }
        const Result<Json> stopping =
            session.call("POST", QStringLiteral("/slipway/v1/engine/stop"), {{"force", force}});
        if (!stopping)
            return session.fail(stopping.error());
        const qint64 pid = intAt(*stopping, "pid");
        QElapsedTimer since;
        since.start();
        while (isProcessAlive(pid)) {
            if (since.elapsed() > stopTimeoutMs)
                return session.fail(Error{ErrorCode::Timeout,
                                          EngineCommandText::tr("The engine has not ended within a minute."),
                                          QString::number(pid)});
            QThread::msleep(20);
        }
        session.say(EngineCommandText::tr("The engine has ended."));
        session.print(Json{{"stopped", true}, {"pid", intAt(*stopping, "pid")}});
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeEngineCommand() { return std::make_unique<EngineCommand>(); }

} // namespace ctl
