#include "engine/run/runners/WebHookRunner.h"

#include "engine/base/PostTo.h"
#include "engine/http/HttpServer.h"

#include <QCoreApplication>
#include <QPointer>
#include <QRandomGenerator>
#include <QTimer>

#include <array>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct WebHookRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::WebHookRunner)
};

constexpr std::chrono::seconds callLimit{60}; // of the first call, as in Data Factory
constexpr std::chrono::seconds lastAnswer{2}; // for the caller to read what it is told

QString unguessablePath()
{
    std::array<quint32, 8> random{};
    QRandomGenerator::system()->fillRange(random.data(), qsizetype(random.size()));
    const QByteArray bytes(reinterpret_cast<const char *>(random.data()), qsizetype(sizeof random));
    return QStringLiteral("/slipway/callbacks/") + QString::fromLatin1(bytes.toHex());
}

HttpLimits callbackLimits()
{
    HttpLimits limits;
    limits.connections = 16;
    limits.inFlight = 4;
    return limits;
}

class WebHookExecution final : public ActivityExecution
{
public:
    WebHookExecution(const ActivityTask &task, Result<WebHookPlan> plan, const RunnerParts &parts)
        : m_task(task)
        , m_plan(std::move(plan))
        , m_parts(parts)
        , m_caller(parts.pool)
    {
    }

    ~WebHookExecution() override
    {
        m_parts.clock.cancel(m_limit);
        closeServer();
    }

    void start() override
    {
        if (!m_plan) {
            postTo(this, [this] { emit finished(invalidActivity(m_task, m_plan.error())); });
            return;
        }
        m_path = unguessablePath();
        const QPointer<WebHookExecution> self(this); // the server outlives it by its last answer
        m_server = new HttpServer(
            [self](const HttpRequest &request, HttpReply reply) {
                if (self)
                    self->calledBack(request, std::move(reply));
                else
                    reply.send({.status = 410, .body = "{}", .headers = {}});
            },
            callbackLimits());
        const Result<quint16> port = m_server->listenLoopback();
        if (!port) {
            const Error error = port.error();
            postTo(this, [this, error] { end(failedWith(QStringLiteral("WebHookCallbackFailed"), error)); });
            return;
        }
        Json body = m_plan->body;
        body["callBackUri"] = toStdString(QStringLiteral("http://127.0.0.1:%1%2").arg(*port).arg(m_path));
        m_plan->call.request.body = toCompact(body);
        m_limit = m_parts.clock.after(m_plan->timeout, this, [this] { tooLate(); });
        emit started();
        m_caller.send(m_plan->call.request, m_plan->call.rules, this, [this](const Result<WebResponse> &answer) {
            m_isCalling = false;
            if (m_isOver)
                return;
            if (!answer)
                end(failedCall(m_task, answer.error()));
            else if (answer->status >= 400)
                end(failedAnswer(m_task, *answer));
            else if (m_posted)
                conclude();
        });
    }

    void cancel() override
    {
        m_caller.cancel();
        if (!m_isCalling)
            postTo(this, [this] { end(failedCall(m_task, {ErrorCode::Cancelled, {}, {}})); });
    }

private:
    void calledBack(const HttpRequest &request, HttpReply reply)
    {
        if (request.path != m_path)
            return reply.send({.status = 404, .body = "{}", .headers = {}});
        if (request.method != "POST")
            return reply.send({.status = 405, .body = "{}", .headers = {}});
        if (m_posted || m_isOver)
            return reply.send({.status = 409, .body = "{}", .headers = {}}); // the first one counts
        Result<Json> json = parseJson(request.body, QStringLiteral("callback"));
        if (m_plan->reportsStatus && (!json || !json->is_object()))
            return reply.send(
                {.status = 400, .body = R"({"error":"a JSON object with StatusCode is needed"})", .headers = {}});
        m_posted = json && json->is_object() ? *std::move(json) : Json::object();
        reply.send({.status = 200, .body = "{}", .headers = {}});
        if (!m_isCalling) // else the answer to the first call decides
            conclude();
    }

    void conclude()
    {
        if (!m_plan->reportsStatus)
            return end(succeededWith(*m_posted));
        const Json &output =
            m_posted->contains("Output") ? memberAt(*m_posted, "Output") : memberAt(*m_posted, "output");
        const qint64 status = intAt(*m_posted, "StatusCode", intAt(*m_posted, "statusCode", 200));
        const Json shown = output.is_object() ? output : Json::object();
        if (status < 400)
            return end(succeededWith(shown));
        const Json &error = m_posted->contains("Error") ? memberAt(*m_posted, "Error") : memberAt(*m_posted, "error");
        const QString code = stringAt(error, "ErrorCode", stringAt(error, "errorCode"));
        const QString message = stringAt(error, "Message", stringAt(error, "message"));
        ActivityOutcome outcome = failedWith(
            code.isEmpty() ? QStringLiteral("WebHookReportedFailure") : code,
            {ErrorCode::InvalidInput,
             message.isEmpty() ? WebHookRunnerText::tr("The callback reported the status %1.").arg(status) : message,
             {}},
            {{"statusCode", status}});
        outcome.output = shown;
        end(outcome);
    }

    void tooLate()
    {
        ActivityOutcome outcome = failedWith(
            QStringLiteral("WebHookTimeout"),
            {ErrorCode::Timeout,
             WebHookRunnerText::tr("Nobody called back within %1 s. The address is on this machine only: whoever calls "
                                   "back must run here.")
                 .arg(m_plan->timeout.count()),
             {}});
        outcome.status = ActivityOutcome::Status::TimedOut;
        m_caller.cancel();
        end(outcome);
    }

    // Later, so that the caller gets its answer.
    void closeServer()
    {
        if (!m_server)
            return;
        HttpServer *const server = std::exchange(m_server, nullptr);
        if (!m_isOver || !m_posted) {
            delete server;
            return;
        }
        server->setParent(QCoreApplication::instance());
        QTimer::singleShot(lastAnswer, server, [server] { delete server; });
    }

    void end(const ActivityOutcome &outcome)
    {
        if (std::exchange(m_isOver, true))
            return;
        m_parts.clock.cancel(std::exchange(m_limit, 0));
        closeServer();
        emit finished(outcome);
    }

    ActivityTask m_task;
    Result<WebHookPlan> m_plan;
    RunnerParts m_parts;
    HttpServer *m_server = nullptr;
    QString m_path;
    std::optional<Json> m_posted;
    Clock::TimerId m_limit = 0;
    bool m_isCalling = true;
    bool m_isOver = false;
    WebCaller m_caller; // last: its thread ends first
};

} // namespace

Result<WebHookPlan> planWebHook(const ActivityTask &task)
{
    const Json &properties = typePropertiesOf(*task.activity);
    Result<WebPlan> call = planWeb(task);
    if (!call)
        return call.error();
    if (call->request.method != "POST")
        return invalidProperty(
            task, QStringLiteral("typeProperties.method"), WebHookRunnerText::tr("A WebHook is called with POST."));
    WebHookPlan plan{.call = *std::move(call), .body = memberAt(properties, "body")};
    if (plan.body.is_string()) {
        const Result<Json> parsed =
            parseJson(QByteArray::fromStdString(plan.body.get<std::string>()), QStringLiteral("body"));
        plan.body = parsed ? *parsed : Json(0);
    }
    if (plan.body.is_null())
        plan.body = Json::object();
    if (!plan.body.is_object())
        return invalidProperty(task,
                               QStringLiteral("typeProperties.body"),
                               WebHookRunnerText::tr("The body must be a JSON object: callBackUri is added to it."));
    plan.call.request.hasBody = true;
    plan.call.request.timeout = callLimit;
    if (headerOf(plan.call.request.headers, "content-type").isNull())
        plan.call.request.headers.append(
            std::pair<QByteArray, QByteArray>("Content-Type", "application/json; charset=utf-8"));
    if (const auto timeout = durationAt(properties, "timeout"); timeout && timeout->count() > 0)
        plan.timeout = *timeout;
    plan.reportsStatus = boolAt(properties, "reportStatusOnCallBack");
    return plan;
}

std::unique_ptr<ActivityExecution> WebHookRunner::make(const ActivityTask &task)
{
    return std::make_unique<WebHookExecution>(task, planWebHook(task), parts());
}

Json WebHookRunner::input(const ActivityTask &task) const { return withoutSecrets(PlainRunner::input(task)); }

} // namespace engine
