#include "app/ctl/RunWatch.h"

#include "app/ctl/Command.h"
#include "app/ctl/RunPrinter.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QSocketNotifier>

#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct RunWatchText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::RunWatch)
};

int interruptSockets[2] = {-1, -1};

extern "C" void onInterrupt(int)
{
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = ::write(interruptSockets[0], &byte, 1);
}

// One run from asking for it to its end.
class Watch final : public QObject
{
public:
    Watch(Session &session, RunRequest request) : m_session(session), m_printer(session), m_request(std::move(request))
    {
    }

    int follow()
    {
        cancelOnInterrupt();
        m_session.client().watch(
            -1, this, [this] { create(); }, [this](const RunEvent &event) { take(event); });
        connect(&m_session.client(), &EngineClient::lost, this, &Watch::engineLost);
        m_loop.exec();
        return m_code;
    }

private:
    void create()
    {
        m_session.client().call("POST", m_request.path, m_request.body, this, [this](const Result<Json> &created) {
            if (!created) {
                end(created.error());
                return;
            }
            m_run = RunId(stringAt(*created, "runId"));
            m_session.say(RunWatchText::tr("Run %1 of %2").arg(m_run.text(), m_request.pipeline));
            const QList<RunEvent> early = std::exchange(m_early, {});
            for (const RunEvent &event : early)
                take(event);
        });
    }

    void take(const RunEvent &event)
    {
        if (m_run.isEmpty()) {
            m_early.append(event); // the answer to createRun may come after the first events
            return;
        }
        if (event.run != m_run)
            return;
        m_printer.show(event);
        if (const auto *run = std::get_if<RunRecord>(&event.body); run && isTerminal(run->status))
            finish(*run);
    }

    void finish(const RunRecord &run)
    {
        if (std::exchange(m_isDone, true))
            return;
        const QString time = duration((run.end.value_or(run.lastUpdated) - run.start.value_or(run.queuedAt)).count());
        m_session.say(RunWatchText::tr("%1 in %2").arg(toString(run.status), time)
                      + (run.failedActivities && run.status == RunStatus::Succeeded
                             ? RunWatchText::tr(", with failed activities")
                             : QString()));
        if (!run.message.isEmpty())
            m_session.say(run.message);
        if (m_session.isJson()) {
            const Result<Json> record = m_session.call("GET", QStringLiteral("/slipway/v1/runs/") + run.id.text());
            if (record)
                m_session.print(*record);
        }
        m_code = run.status == RunStatus::Succeeded ? Done : run.status == RunStatus::Cancelled ? Stopped : CheckFailed;
        m_loop.quit();
    }

    // The engine went away. Another one takes the run up; its events go on after the last one seen.
    void engineLost(const Error &error)
    {
        if (m_run.isEmpty()) {
            end(error);
            m_code = NoEngine;
            return;
        }
        if (std::exchange(m_isLost, true))
            return;
        m_session.say(RunWatchText::tr("The engine has gone; another one takes the run up."));
        m_session.client().ensureEngine(Session::engineProgram(), this, [this](const Result<Json> &hello) {
            if (!hello) {
                end(hello.error());
                m_code = NoEngine;
                return;
            }
            m_isLost = false;
            // What was recorded between the last event and now may be the end.
            m_session.client().call(
                "GET", QStringLiteral("/slipway/v1/runs/") + m_run.text(), {}, this, [this](const Result<Json> &run) {
                    const auto status = run ? statusFromString<RunStatus>(stringAt(*run, "status")) : std::nullopt;
                    if (!status || !isTerminal(*status))
                        return;
                    RunRecord record;
                    record.id = m_run;
                    record.status = *status;
                    record.message = stringAt(*run, "message");
                    record.start = instantFromIso(stringAt(*run, "runStart"));
                    record.end = instantFromIso(stringAt(*run, "runEnd"));
                    finish(record);
                });
        });
    }

    void end(const Error &error)
    {
        m_code = m_session.fail(error);
        m_loop.quit();
    }

    // The first Ctrl+C cancels the run and waits for its end; the second leaves it to the engine.
    void cancelOnInterrupt()
    {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, interruptSockets) != 0)
            return;
        auto *notifier = new QSocketNotifier(interruptSockets[1], QSocketNotifier::Read, this);
        connect(notifier, &QSocketNotifier::activated, this, [this] {
            char byte = 0;
            [[maybe_unused]] const ssize_t taken = ::read(interruptSockets[1], &byte, 1);
            if (m_run.isEmpty() || std::exchange(m_interrupted, true)) {
                m_code = Stopped;
                m_loop.quit();
                return;
            }
            m_session.say(m_session.isStandalone()
                              ? RunWatchText::tr("Cancelling the run; Ctrl+C again ends it at once.")
                              : RunWatchText::tr("Cancelling the run; Ctrl+C again leaves it to the engine."));
            m_session.client().call("POST",
                                    QStringLiteral("/slipway/v1/runs/%1/cancel").arg(m_run.text()),
                                    Json::object(),
                                    this,
                                    [](const Result<Json> &) {
                                        // Refused only when the run has just ended, and then its end is on the way.
                                    });
        });
        struct sigaction action
        {
        };
        action.sa_handler = onInterrupt;
        ::sigaction(SIGINT, &action, nullptr);
        ::sigaction(SIGTERM, &action, nullptr);
    }

    Session &m_session;
    RunPrinter m_printer;
    RunRequest m_request;
    RunId m_run;
    QList<RunEvent> m_early;
    QEventLoop m_loop;
    int m_code = CheckFailed;
    bool m_interrupted = false;
    bool m_isLost = false;
    bool m_isDone = false;
};

} // namespace

void addParameterOption(QCommandLineParser &parser)
{
    parser.addOption({{QStringLiteral("p"), QStringLiteral("parameter")},
                      RunWatchText::tr("A parameter's value; may be repeated."),
                      RunWatchText::tr("NAME=VALUE")});
}

void addRunOptions(QCommandLineParser &parser)
{
    addParameterOption(parser);
    parser.addOption({QStringLiteral("no-wait"), RunWatchText::tr("Print the run's id and leave.")});
}

void addStandaloneOption(QCommandLineParser &parser)
{
    parser.addOption(
        {QStringLiteral("standalone"),
         RunWatchText::tr("Run it in this program, without the engine: the factory as its folder has it now. "
                          "What it writes stays in the stores that it is bound to; the history of the run "
                          "is not kept.")});
}

Result<> startWhereWished(Session &session, const QCommandLineParser &parser)
{
    if (!parser.isSet(QStringLiteral("standalone")))
        return {};
    if (parser.isSet(QStringLiteral("no-wait")))
        return Error{ErrorCode::InvalidInput,
                     RunWatchText::tr("--standalone and --no-wait cannot go together: the run would end with this "
                                      "program."),
                     QStringLiteral("--no-wait")};
    if (const Result<QString> started = session.startStandalone(); !started)
        return started.error();
    return {};
}

// "name=value": a value that is JSON is taken as JSON, anything else as text.
Result<Json> runParameters(const QCommandLineParser &parser)
{
    Json parameters = Json::object();
    for (const QString &pair : parser.values(QStringLiteral("parameter"))) {
        const qsizetype equals = pair.indexOf(u'=');
        if (equals < 1)
            return Error{ErrorCode::InvalidInput,
                         RunWatchText::tr("A parameter is written NAME=VALUE; \"%1\" is not.").arg(pair),
                         QStringLiteral("--parameter")};
        const QString text = pair.mid(equals + 1);
        const Result<Json> json = parseJson(text.toUtf8(), QString());
        parameters[toStdString(pair.left(equals))] = json ? *json : Json(toStdString(text));
    }
    return parameters;
}

int executeRun(Session &session, const QCommandLineParser &parser, RunRequest request)
{
    if (!parser.isSet(QStringLiteral("no-wait"))) {
        const int code = Watch(session, std::move(request)).follow();
        if (session.isStandalone())
            session.say(RunWatchText::tr("This ran without the engine: what it has written is in the stores that the "
                                         "factory is bound to. Its history is gone; \"slipwayctl runs\" does not list "
                                         "it."));
        return code;
    }
    const Result<Json> created = session.call("POST", request.path, request.body);
    if (!created)
        return session.fail(created.error());
    session.say(stringAt(*created, "runId"));
    session.print(*created);
    return Done;
}

} // namespace ctl
