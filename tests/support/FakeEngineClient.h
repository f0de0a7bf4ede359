#pragma once

#include "engine/client/EngineClient.h"

#include <QList>
#include <QMap>
#include <QPointer>

namespace tests {

// An engine that answers what the test says, in later turns of the event loop as the real one does.
class FakeEngineClient final : public engine::EngineClient
{
    Q_OBJECT

public:
    struct Call
    {
        QByteArray method;
        QString path; // with its query
        engine::Json body;
    };
    using Handler = std::function<engine::Result<engine::Json>(const Call &)>;

    explicit FakeEngineClient(QObject *parent = nullptr);
    ~FakeEngineClient() override;

    // The longest matching prefix of "POST /slipway/v1/runs/query" answers; NotFound without one.
    void on(const QString &methodAndPath, Handler handler);
    void on(const QString &methodAndPath, const engine::Json &answer);
    void refuse(const QString &methodAndPath, const engine::Error &error);
    void hold(bool held); // answers wait until released
    void setOwnEngine(bool own) { m_isOwnEngine = own; } // as if ensureEngine() had started it

    const QList<Call> &calls() const { return m_calls; }
    int count(const QString &methodAndPath) const; // of calls with this prefix

    void emitEvent(const engine::RunEvent &event); // to everyone who watches
    void lose(const engine::Error &error) { emit lost(error); }

    void call(const QByteArray &method,
              const QString &pathAndQuery,
              const engine::Json &body,
              QObject *context,
              Answer answer) override;
    void watch(qint64 after,
               QObject *context,
               std::function<void()> opened,
               std::function<void(const engine::RunEvent &)> event) override;
    void ensureEngine(const QString &program, QObject *context, Answer hello) override;

private:
    struct Watcher
    {
        QPointer<QObject> context;
        std::function<void(const engine::RunEvent &)> event;
    };
    engine::Result<engine::Json> answerTo(const Call &call) const;

    QMap<QString, Handler> m_handlers;
    QList<Call> m_calls;
    QList<Watcher> m_watchers;
    QList<std::function<void()>> m_heldAnswers;
    bool m_held = false;
};

} // namespace tests
