#pragma once

#include "engine/client/EngineClient.h"

#include <QObject>

namespace designer {

// The window's one connection to the engine: finds or starts it, keeps watching it, and tells everyone what happens.
// GUI thread; never waits.
class EngineConnection final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EngineConnection)

public:
    enum class State {
        Connecting,
        Running,
        OtherBuild, // it answers, but is another build than this window: works after a restart
        Stopped, // by the user: nothing is started until start()
        Failed // see error()
    };

    // `client` outlives the connection. `program`: slipwayd, started when nobody answers; empty = never started.
    EngineConnection(engine::EngineClient &client, QString program, QByteArray buildId, QObject *parent = nullptr);

    State state() const { return m_state; }
    const engine::Error &error() const { return m_error; }
    const engine::Json &hello() const { return m_hello; } // {"build","version","dataFolder",…}
    bool isRunning() const { return m_state == State::Running; }

    void start(); // also: try again
    // Asks the engine to end; refused() while runs are under way, unless forced: the next start takes them up.
    enum class Force { No, Yes };
    void stop(Force force = Force::No);
    void restart(Force force = Force::No);
    bool isOwn() const; // it runs, and this window started it
    // For a window that closes: ends it when isOwn() and no run is under way. `done` when it has answered, after two
    // seconds at the latest, never at once.
    void leave(QObject *context, std::function<void()> done);

    // As EngineClient::call; the answer comes on the GUI thread unless `context` is gone.
    void call(const QByteArray &method,
              const QString &pathAndQuery,
              const engine::Json &body,
              QObject *context,
              engine::EngineClient::Answer answer);
    void get(const QString &pathAndQuery, QObject *context, engine::EngineClient::Answer answer);
    void
    post(const QString &pathAndQuery, const engine::Json &body, QObject *context, engine::EngineClient::Answer answer);
    const engine::Json &errorDetails() const { return m_client.errorDetails(); }

signals:
    void stateChanged();
    void happened(const engine::RunEvent &event); // every event of every run, from the first connection on
    void refused(const engine::Error &error); // a stop or restart
    void caughtUp(); // the stream is open again after a cut: what was asked for before may be old

private:
    void helloReceived(const engine::Result<engine::Json> &hello);
    void setState(State state, const engine::Error &error = {});
    void end(bool startsAgain, Force force);
    void watch();

    engine::EngineClient &m_client;
    const QString m_program;
    const QByteArray m_buildId;
    State m_state = State::Connecting;
    engine::Error m_error;
    engine::Json m_hello = engine::Json::object();
    bool m_isWatching = false;
    bool m_isEnding = false; // at our request
    bool m_startsAgain = false;
};

} // namespace designer
