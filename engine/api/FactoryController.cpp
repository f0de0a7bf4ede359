#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct FactoryControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FactoryController)
};

Json factoryJson(const FactoryRecord &factory)
{
    return {{"factory", toStdString(factory.id.text())},
            {"name", toStdString(factory.name)},
            {"path", toStdString(factory.path)},
            {"publishedVersion", factory.publishedVersion}};
}

Json restFactoryJson(const FactoryRecord &factory)
{
    return {{"id", toStdString(u"/factories/" + factory.id.text())},
            {"name", toStdString(factory.name)},
            {"type", "Microsoft.DataFactory/factories"},
            {"location", "local"},
            {"properties", {{"provisioningState", "Succeeded"}, {"version", "2018-06-01"}}},
            {"slipway", factoryJson(factory)}};
}

Json versionJson(const VersionRecord &version, int published)
{
    Json json = {{"version", version.number},
                 {"publishedAt", toStdString(toIso(version.publishedAt))},
                 {"comment", toStdString(version.comment)},
                 {"published", version.number == published},
                 {"files", int(memberAt(version.manifest, "files").size())}};
    if (version.restoredFrom > 0)
        json["restoredFrom"] = version.restoredFrom;
    return json;
}

Json problemsJson(const QList<Problem> &problems)
{
    Json json = Json::array();
    for (const Problem &problem : problems)
        json.push_back(toJson(problem));
    return json;
}

// An entity as the REST API shows it: {"id","name","type","etag","properties"}.
Json entityJson(const char *kind, const QString &name, const Json &file)
{
    return {{"id", std::string("/") + kind + '/' + toStdString(name)},
            {"name", toStdString(name)},
            {"type", std::string("Microsoft.DataFactory/factories/") + kind},
            {"etag", std::to_string(std::hash<std::string>()(file.dump()))},
            {"properties", memberAt(file, "properties")}};
}

template <typename Entities>
void addEntityRoutes(Router &router, const ApiParts &parts, const char *kind, Entities Factory::*entities)
{
    const QString base = factoryRoute + u'/' + QLatin1String(kind);
    router.add("GET", base, [parts, kind, entities](const ApiRequest &request, ApiReply reply) {
        const Result<FactoryRecord> factory = parts.versions.factory(request.path.value(QStringLiteral("factory")));
        if (!factory)
            return reply.send(factory.error());
        const Result<PublishedFactory> published = parts.versions.load(factory->id);
        if (!published)
            return reply.send(published.error());
        Json list = Json::array();
        for (const auto &entity : (*published->factory).*entities)
            list.push_back(entityJson(kind, entity.name, entity.json));
        reply.send(Json{{"value", list}});
    });
    router.add(
        "GET", base + QStringLiteral("/{name}"), [parts, kind, entities](const ApiRequest &request, ApiReply reply) {
            const Result<FactoryRecord> factory = parts.versions.factory(request.path.value(QStringLiteral("factory")));
            if (!factory)
                return reply.send(factory.error());
            const Result<PublishedFactory> published = parts.versions.load(factory->id);
            if (!published)
                return reply.send(published.error());
            const QString name = request.path.value(QStringLiteral("name"));
            const auto &all = (*published->factory).*entities;
            const auto found = all.constFind(name);
            if (found == all.constEnd())
                return reply.send(
                    Error{ErrorCode::NotFound,
                          FactoryControllerText::tr("There is no %1 in %2.").arg(name, QLatin1String(kind)),
                          name});
            reply.send(entityJson(kind, found->name, found->json));
        });
}

void publish(const ApiParts &parts, const FactoryId &factory, const QString &comment, ApiReply reply)
{
    parts.versions.publish(
        factory,
        comment,
        &parts.loop,
        [reply](const Result<Publication> &published, const QList<Problem> &problems) mutable {
            if (!published)
                return reply.send(published.error(), problemsJson(problems));
            Json changes = Json::array();
            for (const Change &change : published->changes)
                changes.push_back({{"change", toStdString(toString(change.kind))}, {"path", toStdString(change.path)}});
            Json json = versionJson(published->version, published->version.number);
            json["factory"] = toStdString(published->factory.id.text());
            json["name"] = toStdString(published->factory.name);
            json["changes"] = changes;
            json["problems"] = problemsJson(published->problems);
            reply.send(json);
        });
}

// {"files": {path: text}}: what is not saved yet, in place of what the folder has.
void check(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Result<FactoryRecord> factory = parts.versions.factory(request.path.value(QStringLiteral("factory")));
    if (!factory)
        return reply.send(factory.error());
    const Result<QMap<QString, QByteArray>> unsaved = filesIn(request.body);
    if (!unsaved)
        return reply.send(unsaved.error());
    parts.versions.check(factory->id, *unsaved, &parts.loop, [reply](const Result<QList<Problem>> &problems) mutable {
        if (!problems)
            return reply.send(problems.error());
        const auto errors = std::count_if(problems->cbegin(), problems->cend(), [](const Problem &problem) {
            return problem.severity == Problem::Severity::Error;
        });
        reply.send(Json{{"errors", errors}, {"problems", problemsJson(*problems)}});
    });
}

void addOwnRoutes(Router &router, const ApiParts &parts)
{
    const QString base = QStringLiteral("/slipway/v1/factories");
    router.add("GET", base, [parts](const ApiRequest &, ApiReply reply) {
        const Result<QList<FactoryRecord>> factories = parts.journal.factories();
        if (!factories)
            return reply.send(factories.error());
        Json list = Json::array();
        for (const FactoryRecord &factory : *factories)
            list.push_back(factoryJson(factory));
        reply.send(Json{{"value", list}});
    });
    router.add("POST", base, [parts](const ApiRequest &request, ApiReply reply) {
        const QString folder = stringAt(request.body, "path");
        if (folder.isEmpty())
            return reply.send(Error{ErrorCode::InvalidInput,
                                    FactoryControllerText::tr("Say which folder: {\"path\": …}."),
                                    QStringLiteral("path")});
        parts.versions.registerFolder(folder, &parts.loop, [reply](const Result<FactoryRecord> &factory) mutable {
            if (factory)
                reply.send(factoryJson(*factory));
            else
                reply.send(factory.error());
        });
    });
    router.add("POST", base + QStringLiteral("/{factory}/publish"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<FactoryRecord> factory = parts.versions.factory(request.path.value(QStringLiteral("factory")));
        if (!factory)
            return reply.send(factory.error());
        publish(parts, factory->id, stringAt(request.body, "comment"), std::move(reply));
    });
    router.add("POST",
               base + QStringLiteral("/{factory}/validate"),
               [parts](const ApiRequest &request, ApiReply reply) { check(parts, request, std::move(reply)); });
    router.add("GET", base + QStringLiteral("/{factory}/versions"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<FactoryRecord> factory = parts.versions.factory(request.path.value(QStringLiteral("factory")));
        if (!factory)
            return reply.send(factory.error());
        const Result<QList<VersionRecord>> versions = parts.journal.versions(factory->id);
        if (!versions)
            return reply.send(versions.error());
        Json list = Json::array();
        for (const VersionRecord &version : *versions)
            list.push_back(versionJson(version, factory->publishedVersion));
        reply.send(Json{{"value", list}});
    });
    router.add("POST",
               base + QStringLiteral("/{factory}/versions/{number}/restore"),
               [parts](const ApiRequest &request, ApiReply reply) {
                   const Result<FactoryRecord> factory =
                       parts.versions.factory(request.path.value(QStringLiteral("factory")));
                   if (!factory)
                       return reply.send(factory.error());
                   const int number = request.path.value(QStringLiteral("number")).toInt();
                   parts.versions.restore(
                       factory->id, number, &parts.loop, [reply](const Result<VersionRecord> &version) mutable {
                           if (version)
                               reply.send(versionJson(*version, version->number));
                           else
                               reply.send(version.error());
                       });
               });
}

void sendVersion(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Result<FactoryRecord> factory = parts.versions.factory(request.path.value(QStringLiteral("factory")));
    if (!factory)
        return reply.send(factory.error());
    const QString asked = request.path.value(QStringLiteral("version"));
    const Result<std::optional<VersionRecord>> version = parts.journal.version(factory->id, asked.toInt());
    if (!version)
        return reply.send(version.error());
    if (!*version)
        return reply.send(Error{ErrorCode::NotFound,
                                FactoryControllerText::tr("%1 has no version %2.").arg(factory->name, asked),
                                QStringLiteral("versions/") + asked});
    Json json = versionJson(**version, factory->publishedVersion);
    json["files"] = memberAt((*version)->manifest, "files");
    reply.send(json);
}

} // namespace

void addFactoryRoutes(Router &router, const ApiParts &parts)
{
    addOwnRoutes(router, parts);
    router.add("GET",
               QStringLiteral("/slipway/v1/factories/{factory}/versions/{version}"),
               [parts](const ApiRequest &request, ApiReply reply) { sendVersion(parts, request, std::move(reply)); });
    router.add("GET", factoryRoute, [parts](const ApiRequest &request, ApiReply reply) {
        const Result<FactoryRecord> factory = parts.versions.factory(request.path.value(QStringLiteral("factory")));
        if (factory)
            reply.send(restFactoryJson(*factory));
        else
            reply.send(factory.error());
    });
    const auto list = [parts](const ApiRequest &, ApiReply reply) {
        const Result<QList<FactoryRecord>> factories = parts.journal.factories();
        if (!factories)
            return reply.send(factories.error());
        Json all = Json::array();
        for (const FactoryRecord &factory : *factories)
            all.push_back(restFactoryJson(factory));
        reply.send(Json{{"value", all}});
    };
    router.add("GET", QStringLiteral("/subscriptions/{subscription}/providers/Microsoft.DataFactory/factories"), list);
    router.add("GET",
               QStringLiteral(
                   "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories"),
               list);
    addEntityRoutes(router, parts, "pipelines", &Factory::pipelines);
    addEntityRoutes(router, parts, "datasets", &Factory::datasets);
    addEntityRoutes(router, parts, "linkedservices", &Factory::linkedServices);
}

} // namespace engine
