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
    Answer patch(const QString &pathAndQuery, const engine::Json &body) { return send("PATCH", pathAndQuery, body); }
    Answer post(const QString &pathAndQuery, const engine::Json &body = engine::Json::object())
    {
        return send("POST", pathAndQuery, body);
    }

    engine::RunId runToTheEnd(const QString &pipeline = QStringLiteral("P"), const engine::Json &parameters = {});

    // What the routes ask of copies, written down; and what is answered.
    class ScriptedRejects final : public engine::RejectDesk
    {
    public:
        void page(const engine::RejectPlace &of,
                  const engine::RejectQuery &asked,
                  Answer<engine::RejectPage> reply) override;
        void
        change(const engine::RejectPlace &of, const engine::RejectChange &asked, Answer<engine::Json> reply) override;
        void csv(const engine::RejectPlace &of,
                 const engine::RejectQuery &asked,
                 bool isCorrected,
                 Answer<QByteArray> reply) override;
        void reload(const engine::RejectPlace &of, const QList<qint64> &asked, Answer<engine::Json> reply) override;

        engine::RejectPlace place;
        engine::RejectQuery query;
        engine::RejectChange wanted;
        QList<qint64> ids;
        bool corrected = false;
        int calls = 0;
        engine::Result<engine::RejectPage> answer = engine::RejectPage();
        engine::Result<engine::Json> changed = engine::Error{engine::ErrorCode::NotFound, {}, {}};
    };
    class ScriptedTrials final : public engine::CopyTrials
    {
    public:
        void conversion(const engine::CopyTrialWish &asked,
                        const engine::CancelToken &cancel,
                        Answer<engine::ConversionPreview> reply) override;
        void script(const engine::CopyTrialWish &asked,
                    const engine::CancelToken &cancel,
                    Answer<engine::ScriptTrial> reply) override;

        std::optional<engine::CopyTrialWish> wish;
        engine::Result<engine::ConversionPreview> preview = engine::ConversionPreview();
        engine::Result<engine::ScriptTrial> trial = engine::ScriptTrial();
    };

    class ScriptedModels final : public engine::ModelShelf
    {
    public:
        void list(const engine::CancelToken &cancel, Answer reply) override;
        void card(const engine::ModelPlace &of, const engine::CancelToken &cancel, Answer reply) override;
        void setAlias(const engine::ModelPlace &of,
                      const QString &name,
                      const engine::CancelToken &cancel,
                      Answer reply) override;
        void exportTo(const engine::ModelPlace &of,
                      const QString &to,
                      const engine::CancelToken &cancel,
                      Answer reply) override;

        std::optional<engine::ModelPlace> place;
        QString alias;
        QString file;
        engine::Result<engine::Json> answer = engine::Json::object();
    };

    PublishedFixture engine;
    ScriptedModels models;
    ScriptedRejects rejects;
    ScriptedTrials trials;

private:
    Answer send(const QByteArray &method, const QString &pathAndQuery, const engine::Json &body);

    class NoRequests;
    class NoStores;
    class SmallMachine;
    std::unique_ptr<NoRequests> m_requests;
    std::unique_ptr<NoStores> m_stores;
    std::unique_ptr<SmallMachine> m_machine;
    std::unique_ptr<engine::SecretStore> m_secrets;
    std::unique_ptr<engine::TriggerLoop> m_triggers;
    engine::ArtifactStore m_artifacts;
    engine::Router m_router;
    std::unique_ptr<engine::HttpServer> m_server;
    std::unique_ptr<engine::HttpClient> m_client;
};

} // namespace tests
