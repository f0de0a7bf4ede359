#include "engine/api/Controllers.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ModelControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ModelController)
};

Error invalid(const char *where, const QString &message)
{
    return {ErrorCode::InvalidInput, message, QString::fromLatin1(where)};
}

Result<ModelPlace> placeFrom(const QString &name, qint64 version)
{
    if (name.isEmpty())
        return invalid("name", ModelControllerText::tr("Say which model: \"name\"."));
    if (version < 0 || version > std::numeric_limits<int>::max())
        return invalid("version", ModelControllerText::tr("A version is 1 or more, 0 is the newest."));
    return ModelPlace{name, int(version)};
}

Result<ModelPlace> placeIn(const Json &body) { return placeFrom(stringAt(body, "name"), intAt(body, "version")); }

ModelShelf::Answer answering(ApiReply reply)
{
    return [reply](const Result<Json> &answer) mutable {
        if (answer)
            reply.send(*answer);
        else
            reply.send(answer.error());
    };
}

} // namespace

ModelShelf::~ModelShelf() = default;

void addModelRoutes(Router &router, const ApiParts &parts)
{
    const QString base = QStringLiteral("/slipway/v1/models");
    router.add("GET", base, [parts](const ApiRequest &, ApiReply reply) {
        parts.models.list(reply.untilClosed(&parts.loop), answering(reply));
    });
    router.add("GET", base + QStringLiteral("/card"), [parts](const ApiRequest &request, ApiReply reply) {
        const auto value = [&](const char *key) { return request.http.query.value(QLatin1String(key)); };
        bool isNumber = true;
        const qint64 version = value("version").isEmpty() ? 0 : value("version").toLongLong(&isNumber);
        const Result<ModelPlace> place = placeFrom(value("name"), isNumber ? version : -1);
        if (!place)
            return reply.send(place.error());
        parts.models.card(*place, reply.untilClosed(&parts.loop), answering(reply));
    });
    router.add("POST", base + QStringLiteral("/alias"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<ModelPlace> place = placeIn(request.body);
        if (!place)
            return reply.send(place.error());
        parts.models.setAlias(
            *place, stringAt(request.body, "alias"), reply.untilClosed(&parts.loop), answering(reply));
    });
    router.add("POST", base + QStringLiteral("/export"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<ModelPlace> place = placeIn(request.body);
        if (!place)
            return reply.send(place.error());
        const QString file = stringAt(request.body, "file");
        if (!QDir::isAbsolutePath(file))
            return reply.send(invalid("file", ModelControllerText::tr("Say where to: \"file\", an absolute path.")));
        parts.models.exportTo(*place, file, reply.untilClosed(&parts.loop), answering(reply));
    });
}

} // namespace engine
