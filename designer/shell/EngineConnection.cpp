#include "designer/shell/EngineConnection.h"

#include <QTimer>

#include <memory>
#include <utility>

namespace designer {

using namespace engine;

namespace {

constexpr int leaveMs = 2000;
const QString engineRoute = QStringLiteral("/slipway/v1/engine");

} // namespace

EngineConnection::EngineConnection(EngineClient &client, QString program, QByteArray buildId, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_program(std::move(program))
    , m_buildId(std::move(buildId))
{
    connect(&client, &EngineClient::lost, this, [this](const Error &error) {
        if (m_state == State::Stopped || m_state == State::Connecting)
            return;
        if (std::exchange(m_isEnding, false) && !m_startsAgain) {
            setState(State::Stopped);
            return;
        }
        m_startsAgain = false;
        m_error = error;
        start();
    });
}

void EngineConnection::start()
{
    setState(State::Connecting);
    m_client.ensureEngine(m_program, this, [this](const Result<Json> &hello) { helloReceived(hello); });
}

void EngineConnection::helloReceived(const Result<Json> &hello)
{
    if (m_state != State::Connecting)
        return;
    if (!hello) {
        setState(State::Failed, hello.error());
        return;
    }
    m_hello = *hello;
    const bool isOther = stringAt(m_hello, "buildId").toLatin1() != m_buildId;
    setState(isOther ? State::OtherBuild : State::Running);
    if (!std::exchange(m_isWatching, true))
        watch();
    emit caughtUp();
}

void EngineConnection::watch()
{
    m_client.watch(
        -1, this, [] {}, [this](const RunEvent &event) { emit happened(event); });
}

void EngineConnection::stop(Force force) { end(false, force); }

void EngineConnection::restart(Force force) { end(true, force); }

bool EngineConnection::isOwn() const
{
    return (m_state == State::Running || m_state == State::OtherBuild) && m_client.isOwnEngine();
}

void EngineConnection::leave(QObject *context, std::function<void()> done)
{
    const auto once = std::make_shared<std::function<void()>>(std::move(done));
    const auto finish = [once] {
        if (const auto act = std::exchange(*once, {}))
            act();
    };
    if (!isOwn()) {
        QTimer::singleShot(0, context, finish);
        return;
    }
    m_client.call(
        "POST", engineRoute + u"/stop", {{"force", false}}, context, [this, finish](const Result<Json> &answer) {
            m_startsAgain = false;
            m_isEnding = answer.ok(); // else runs are under way: it goes on
            finish();
        });
    QTimer::singleShot(leaveMs, context, finish);
}

void EngineConnection::end(bool startsAgain, Force force)
{
    const Json body{{"force", force == Force::Yes}};
    m_client.call("POST", engineRoute + u"/stop", body, this, [this, startsAgain](const Result<Json> &answer) {
        if (!answer) {
            emit refused(answer.error());
            return;
        }
        m_startsAgain = startsAgain;
        m_isEnding = true; // the stream will be cut
    });
}

void EngineConnection::call(const QByteArray &method,
                            const QString &pathAndQuery,
                            const Json &body,
                            QObject *context,
                            EngineClient::Answer answer)
{
    m_client.call(method, pathAndQuery, body, context, std::move(answer));
}

void EngineConnection::get(const QString &pathAndQuery, QObject *context, EngineClient::Answer answer)
{
    call("GET", pathAndQuery, {}, context, std::move(answer));
}

void EngineConnection::post(const QString &pathAndQuery,
                            const Json &body,
                            QObject *context,
                            EngineClient::Answer answer)
{
    call("POST", pathAndQuery, body, context, std::move(answer));
}

void EngineConnection::setState(State state, const Error &error)
{
    m_state = state;
    m_error = error;
    emit stateChanged();
}

} // namespace designer

#include "moc_EngineConnection.cpp"
