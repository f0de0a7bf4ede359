#include "engine/run/runners/WebActivityRunner.h"

#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QPointer>
#include <QUrl>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct WebActivityRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::WebActivityRunner)
};

constexpr std::chrono::seconds usualWait{15};
constexpr std::chrono::seconds longestWait{600};
constexpr qsizetype shownBody = 1000; // characters of an answer in a message

bool isFunction(const ActivityTask &task)
{
    return task.activity->type.compare(u"AzureFunctionActivity", Qt::CaseInsensitive) == 0;
}

QString startOf(const QByteArray &body)
{
    QString text = QString::fromUtf8(body.left(shownBody * 4)).simplified();
    if (text.size() > shownBody)
        text = text.first(shownBody) + u'…';
    return text;
}

Json headersOf(const WebResponse &response)
{
    Json headers = Json::object();
    for (const auto &[name, value] : response.headers) {
        Json &known = headers[name.toStdString()];
        const std::string text = QString::fromUtf8(value).toStdString();
        known = known.is_null() ? text : known.get<std::string>() + ", " + text;
    }
    return headers;
}

class WebExecution final : public ActivityExecution
{
public:
    WebExecution(const ActivityTask &task, Result<WebPlan> plan, const RunnerParts &parts)
        : m_task(task)
        , m_plan(std::move(plan))
        , m_parts(parts)
        , m_caller(parts.pool)
    {
    }

    ~WebExecution() override
    {
        m_parts.clock.cancel(m_limit);
        m_parts.clock.cancel(m_pause);
    }

    void start() override
    {
        if (!m_plan) {
            postTo(this, [this] { emit finished(invalidActivity(m_task, m_plan.error())); });
            return;
        }
        m_limit = m_parts.clock.after(m_task.activity->policy.timeout, this, [this] {
            m_isLate = true;
            cancel();
        });
        emit started();
        send(m_plan->request);
    }

    void cancel() override
    {
        if (m_caller.isCancelled())
            return;
        m_caller.cancel();
        if (m_pause == 0)
            return;
        m_parts.clock.cancel(std::exchange(m_pause, 0)); // nothing is under way: the end comes from here
        postTo(this, [this] { end(failedCall(m_task, {ErrorCode::Cancelled, {}, {}})); });
    }

private:
    void send(const WebRequest &request)
    {
        m_caller.send(request, m_plan->rules, this, [this](const Result<WebResponse> &answer) { answered(answer); });
    }

    void answered(const Result<WebResponse> &answer)
    {
        if (!answer)
            return end(failedCall(m_task, answer.error()));
        const QByteArray location = headerOf(answer->headers, "location");
        if (answer->status == 202 && m_plan->followsAccepted && !location.isEmpty())
            return askAgain(*answer, location);
        if (answer->status >= 400)
            return end(failedAnswer(m_task, *answer));
        conclude(*answer);
    }

    void askAgain(const WebResponse &answer, const QByteArray &location)
    {
        const QUrl next = QUrl(m_asked.isEmpty() ? m_plan->request.url : m_asked).resolved(QUrl::fromEncoded(location));
        WebRequest request = m_plan->request;
        const QUrl first(request.url);
        if (next.host() != first.host() || next.port() != first.port() || next.scheme() != first.scheme()) {
            request.basic.reset();
            request.headers.clear(); // whatever they say was for the other server
        }
        request.method = "GET";
        request.hasBody = false;
        request.headers.removeIf([](const auto &header) { return header.first.toLower().startsWith("content-"); });
        request.url = m_asked = next.toString();
        bool isNumber = false;
        const int seconds = headerOf(answer.headers, "retry-after").toInt(&isNumber);
        const auto wait = isNumber && seconds > 0 ? std::min(std::chrono::seconds(seconds), longestWait) : usualWait;
        m_pause = m_parts.clock.after(wait, this, [this, request] {
            m_pause = 0;
            send(request);
        });
        if (m_caller.isCancelled()) {
            m_parts.clock.cancel(std::exchange(m_pause, 0));
            end(failedCall(m_task, {ErrorCode::Cancelled, {}, {}}));
        }
    }

    void conclude(const WebResponse &response)
    {
        Json output = Json::object();
        const Result<Json> json = parseJson(response.body, QStringLiteral("response"));
        if (json && json->is_object()) {
            output = *json;
        } else if (m_plan->needsObject) {
            return end(
                failedWith(QStringLiteral("3603"),
                           {ErrorCode::InvalidInput,
                            WebActivityRunnerText::tr("Response Content is not a valid JObject: the function must "
                                                      "answer with a JSON object, not “%1”.")
                                .arg(startOf(response.body)),
                            response.url}));
        } else {
            output["Response"] = QString::fromUtf8(response.body).toStdString();
        }
        if (!m_plan->needsObject)
            output["ADFWebActivityResponseHeaders"] = headersOf(response);
        ActivityOutcome outcome = succeededWith(std::move(output));
        outcome.output["slipway"] = {{"status", response.status},
                                     {"url", toStdString(response.url)},
                                     {"address", toStdString(response.address)}};
        if (response.redirects > 0)
            outcome.output["slipway"]["redirects"] = response.redirects;
        for (const QString &warning : m_plan->warnings)
            addWarning(outcome.output, warning);
        end(outcome);
    }

    void end(const ActivityOutcome &outcome)
    {
        m_parts.clock.cancel(std::exchange(m_limit, 0));
        const bool isLate = m_isLate && outcome.status == ActivityOutcome::Status::Cancelled;
        emit finished(isLate ? timedOutAfter(m_task) : outcome);
    }

    ActivityTask m_task;
    Result<WebPlan> m_plan;
    RunnerParts m_parts;
    QString m_asked; // where the last answer was asked for; empty = the activity's own
    Clock::TimerId m_limit = 0;
    Clock::TimerId m_pause = 0;
    bool m_isLate = false;
    WebCaller m_caller; // last: its thread ends first
};

} // namespace

WebCaller::~WebCaller()
{
    m_cancel.cancel();
    if (m_done)
        m_done->acquire();
}

void WebCaller::send(const WebRequest &request,
                     const WebRules &rules,
                     QObject *context,
                     std::function<void(const Result<WebResponse> &)> answered)
{
    m_done = std::make_shared<QSemaphore>();
    const QPointer<QObject> guard(context);
    QObject *const loop = QCoreApplication::instance();
    m_pool.start([this, guard, loop, request, rules, cancel = m_cancel, done = m_done, answered = std::move(answered)] {
        const Result<WebResponse> answer = sendWebRequest(request, rules, cancel);
        done->release();
        postTo(loop, [this, guard, answer, answered] {
            if (!guard)
                return;
            m_done.reset(); // the caller lives as long as its context
            answered(answer);
        });
    });
}

ActivityOutcome failedCall(const ActivityTask &task, const Error &error)
{
    if (error.code == ErrorCode::Unsupported) {
        ActivityOutcome outcome = failedWith(QStringLiteral("UserErrorWebAddressNotAllowed"), error);
        outcome.retryable = false;
        return outcome;
    }
    return failedWith(isFunction(task) ? QStringLiteral("3608") : QStringLiteral("2108"), error);
}

ActivityOutcome failedAnswer(const ActivityTask &task, const WebResponse &response)
{
    const QString status = QStringLiteral("%1 - %2").arg(QString::fromUtf8(response.reason)).arg(response.status);
    const QString body = startOf(response.body);
    const QString message = isFunction(task)
        ? WebActivityRunnerText::tr("Call to provided Azure function '%1' failed with status-'%2' and message - '%3'.")
              .arg(stringAt(typePropertiesOf(*task.activity), "functionName"), status, body)
        : WebActivityRunnerText::tr("Error calling the endpoint '%1'. Response status code: '%2'. More details: %3")
              .arg(response.url, status, body);
    return failedWith(
        isFunction(task) ? QStringLiteral("3608") : QStringLiteral("2108"),
        {ErrorCode::InvalidInput, message, response.url},
        {{"statusCode", response.status}, {"body", toStdString(body)}, {"address", toStdString(response.address)}});
}

std::unique_ptr<ActivityExecution> WebActivityRunner::make(const ActivityTask &task)
{
    return std::make_unique<WebExecution>(task, planWeb(task), parts());
}

Json WebActivityRunner::input(const ActivityTask &task) const { return withoutSecrets(PlainRunner::input(task)); }

} // namespace engine
