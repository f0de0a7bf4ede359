#pragma once

#include "engine/base/Json.h"
#include "engine/base/Places.h"
#include "engine/records/RunEvent.h"

#include <QObject>

#include <functional>
#include <memory>

namespace engine {

// What a front end asks of an engine. Asynchronous: answers come on the thread of `context`, never when it is gone.
class EngineClient : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    ~EngineClient() override;

    using Answer = std::function<void(Result<Json>)>;
    // Any route of the API. A refusal arrives as the Error the engine gave; `details` of it in errorDetails().
    virtual void
    call(const QByteArray &method, const QString &pathAndQuery, const Json &body, QObject *context, Answer answer) = 0;

    // Events from now on (or after `after`, when it is not negative); the stream opens again by itself after a cut.
    // `opened` once when the first line has come; nothing that is asked for after it can be missed.
    virtual void watch(qint64 after,
                       QObject *context,
                       std::function<void()> opened,
                       std::function<void(const RunEvent &)> event) = 0;

    // The engine's hello; when nobody answers, starts `program` detached (`--on-demand`) and waits for its hello, at
    // most 30 s. Errors: NotFound (no engine and `program` empty), Io with what the engine wrote, Timeout.
    virtual void ensureEngine(const QString &program, QObject *context, Answer hello) = 0;

    const Json &errorDetails() const { return m_errorDetails; } // of the last refusal
    // The engine that said hello last is one that ensureEngine() started here; false when it was found running.
    bool isOwnEngine() const { return m_isOwnEngine; }

signals:
    void lost(const engine::Error &error); // the engine went away

protected:
    Json m_errorDetails;
    bool m_isOwnEngine = false;
};

// Over the Unix socket of an engine on this machine.
class LocalEngineClient final : public EngineClient
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LocalEngineClient)

public:
    explicit LocalEngineClient(Places places, QObject *parent = nullptr);
    ~LocalEngineClient() override;

    void call(const QByteArray &method,
              const QString &pathAndQuery,
              const Json &body,
              QObject *context,
              Answer answer) override;
    void watch(qint64 after,
               QObject *context,
               std::function<void()> opened,
               std::function<void(const RunEvent &)> event) override;

    void ensureEngine(const QString &program, QObject *context, Answer hello) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

QString encodedPath(const QString &segment); // percent-encoded for one segment of a path

} // namespace engine
