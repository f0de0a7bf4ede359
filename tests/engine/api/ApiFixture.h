#pragma once

#include "engine/api/ApiParts.h"
#include "engine/api/Router.h"
#include "engine/http/HttpClient.h"
#include "engine/http/HttpServer.h"
#include "tests/engine/run/PublishedFixture.h"

namespace tests {

// The API of an engine with one published factory (PublishedFixture), over a real socket.
class ApiFixture final : public QObject
{
public:
    ApiFixture();
    ~ApiFixture() override;

    struct Answer
    {
        int status = 0;
        engine::Json json; // null when the body is none
        QByteArray body;
        QString where() const; // of an error
    };
    Answer get(const QString &pathAndQuery) { return send("GET", pathAndQuery, {}); }
    Answer post(const QString &pathAndQuery, const engine::Json &body = engine::Json::object())
    {
        return send("POST", pathAndQuery, body);
    }

    engine::RunId runToTheEnd(const QString &pipeline = QStringLiteral("P"), const engine::Json &parameters = {});

    PublishedFixture engine;

private:
    Answer send(const QByteArray &method, const QString &pathAndQuery, const engine::Json &body);

    class NoRequests;
    class NoRejects;
    class NoStores;
    class NoTrials;
    class SmallMachine;
    std::unique_ptr<NoRequests> m_requests;
    std::unique_ptr<NoStores> m_stores;
    std::unique_ptr<NoTrials> m_trials;
    std::unique_ptr<NoRejects> m_rejects;
    std::unique_ptr<SmallMachine> m_machine;
    std::unique_ptr<engine::SecretStore> m_secrets;
    std::unique_ptr<engine::TriggerLoop> m_triggers;
    engine::ArtifactStore m_artifacts;
    engine::Router m_router;
    std::unique_ptr<engine::HttpServer> m_server;
    std::unique_ptr<engine::HttpClient> m_client;
};

} // namespace tests
