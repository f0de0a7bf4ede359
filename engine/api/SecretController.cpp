#include "engine/api/Controllers.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct SecretControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SecretController)
};

} // namespace

void addSecretRoutes(Router &router, const ApiParts &parts)
{
    const QString all = QStringLiteral("/slipway/v1/secrets");
    const QString one = all + QStringLiteral("/{scope}/{name}");
    router.add("GET", all, [parts](const ApiRequest &, ApiReply reply) {
        const Result<QList<SecretRecord>> secrets = parts.secrets.list();
        if (!secrets)
            return reply.send(secrets.error());
        Json list = Json::array();
        for (const SecretRecord &secret : *secrets)
            list.push_back(toJson(secret));
        reply.send(Json{{"value", list}});
    });
    router.add("PUT", one, [parts](const ApiRequest &request, ApiReply reply) {
        const Json &value = memberAt(request.body, "value");
        if (!value.is_string())
            return reply.send(Error{ErrorCode::InvalidInput,
                                    SecretControllerText::tr("Send the value of the secret: {\"value\": …}."),
                                    QStringLiteral("value")});
        const Result<SecretRecord> secret = parts.secrets.set(request.path.value(QStringLiteral("scope")),
                                                              request.path.value(QStringLiteral("name")),
                                                              toQString(value.get_ref<const std::string &>()),
                                                              parts.clock.now());
        if (secret)
            reply.send(toJson(*secret));
        else
            reply.send(secret.error());
    });
    router.add("DELETE", one, [parts](const ApiRequest &request, ApiReply reply) {
        const Result<> removed = parts.secrets.remove(request.path.value(QStringLiteral("scope")),
                                                      request.path.value(QStringLiteral("name")));
        if (removed)
            reply.sendNothing();
        else
            reply.send(removed.error());
    });
}

} // namespace engine
