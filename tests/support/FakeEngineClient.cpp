#include "tests/support/FakeEngineClient.h"

#include "engine/base/PostTo.h"

#include <algorithm>

namespace tests {

using namespace engine;

namespace {

QString lineOf(const FakeEngineClient::Call &call)
{
    return QString::fromLatin1(call.method) + QStringLiteral(" ") + call.path;
}

} // namespace

FakeEngineClient::FakeEngineClient(QObject *parent) : EngineClient(parent)
{
    on(QStringLiteral("GET /slipway/v1/engine"),
       Json{{"product", "slipway"}, {"version", "0.1.0"}, {"buildId", "test"}, {"pid", 1}, {"data", "/tmp"}});
}

FakeEngineClient::~FakeEngineClient() = default;

void FakeEngineClient::on(const QString &methodAndPath, Handler handler)
{
    m_handlers.insert(methodAndPath, std::move(handler));
}

void FakeEngineClient::on(const QString &methodAndPath, const Json &answer)
{
    on(methodAndPath, [answer](const Call &) -> Result<Json> { return answer; });
}

void FakeEngineClient::refuse(const QString &methodAndPath, const Error &error)
{
    on(methodAndPath, [error](const Call &) -> Result<Json> { return error; });
}

void FakeEngineClient::hold(bool held)
{
    m_held = held;
    if (held)
        return;
    for (const auto &answer : std::exchange(m_heldAnswers, {}))
        answer();
}

int FakeEngineClient::count(const QString &methodAndPath) const
{
    return int(std::count_if(
        m_calls.cbegin(), m_calls.cend(), [&](const Call &call) { return lineOf(call).startsWith(methodAndPath); }));
}

void FakeEngineClient::emitEvent(const RunEvent &event)
{
    for (const Watcher &watcher : std::as_const(m_watchers)) {
        if (watcher.context)
            postTo(watcher.context, [call = watcher.event, event] { call(event); });
    }
}

Result<Json> FakeEngineClient::answerTo(const Call &call) const
{
    const QString line = lineOf(call);
    const Handler *best = nullptr;
    qsizetype length = -1;
    for (auto handler = m_handlers.begin(); handler != m_handlers.end(); ++handler) {
        if (line.startsWith(handler.key()) && handler.key().size() > length) {
            best = &handler.value();
            length = handler.key().size();
        }
    }
    if (best)
        return (*best)(call);
    return Error{ErrorCode::NotFound, QStringLiteral("The fake engine knows no %1").arg(line), line};
}

void FakeEngineClient::call(
    const QByteArray &method, const QString &pathAndQuery, const Json &body, QObject *context, Answer answer)
{
    m_calls.append({method, pathAndQuery, body});
    const Call made = m_calls.last();
    const QPointer<QObject> guard(context);
    const auto deliver = [this, made, guard, answer = std::move(answer)] {
        if (guard)
            postTo(guard, [result = answerTo(made), answer] { answer(result); });
    };
    if (m_held)
        m_heldAnswers.append(deliver);
    else
        deliver();
}

void FakeEngineClient::watch(qint64 /*after*/,
                             QObject *context,
                             std::function<void()> opened,
                             std::function<void(const RunEvent &)> event)
{
    m_watchers.append({context, std::move(event)});
    postTo(context, std::move(opened));
}

void FakeEngineClient::ensureEngine(const QString & /*program*/, QObject *context, Answer hello)
{
    call("GET", QStringLiteral("/slipway/v1/engine"), {}, context, std::move(hello));
}

} // namespace tests

#include "moc_FakeEngineClient.cpp"
