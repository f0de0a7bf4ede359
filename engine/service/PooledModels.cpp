#include "engine/service/PooledModels.h"

#include "engine/base/PostTo.h"
#include "scoring/registry/MlflowFolder.h"
#include "scoring/registry/ModelRegistry.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace engine {

namespace {

constexpr int threads = 2;

// The context of this file's texts for translators.
struct PooledModelsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PooledModels)
};

Json textsJson(const QStringList &texts)
{
    Json json = Json::array();
    for (const QString &text : texts)
        json.push_back(toStdString(text));
    return json;
}

Result<scoring::ModelVersion> versionAt(const scoring::ModelRegistry &registry, const ModelPlace &place)
{
    return registry.find({.name = place.name, .version = place.version, .alias = {}});
}

// What a list says of a version.
Json briefly(const scoring::ModelRegistry &registry, const scoring::ModelVersion &version)
{
    Json json{{"version", version.version}, {"aliases", textsJson(version.aliases)}};
    const Result<scoring::ModelCard> card = registry.card(version);
    if (!card) {
        json["problem"] = toStdString(card.error().message);
        return json;
    }
    const Json &metrics = memberAt(card->json, "metrics");
    json["createdAt"] = memberAt(card->json, "createdAt");
    json["algorithm"] = memberAt(card->json, "algorithm");
    json["target"] = memberAt(memberAt(card->json, "target"), "name");
    Json shown = Json::object();
    const Json &measured = memberAt(metrics, memberAt(metrics, "test").is_object() ? "test" : "train");
    for (const char *metric : {"rocAuc", "accuracy", "r2", "rmse"}) {
        if (memberAt(measured, metric).is_number())
            shown[metric] = memberAt(measured, metric);
    }
    json["metrics"] = shown;
    return json;
}

Result<Json> listed(const scoring::ModelRegistry &registry, const CancelToken &cancel)
{
    Json models = Json::array();
    if (!QFileInfo(registry.folder()).isDir())
        return Json{{"models", models}};
    const Result<QStringList> names = registry.names();
    if (!names)
        return names.error();
    for (const QString &name : *names) {
        if (cancel.isCancelled())
            return Error{ErrorCode::Cancelled, {}, {}};
        Json model{{"name", toStdString(name)}, {"versions", Json::array()}};
        const Result<QList<scoring::ModelVersion>> versions = registry.versions(name);
        if (versions) {
            for (auto version = versions->crbegin(); version != versions->crend(); ++version)
                model["versions"].push_back(briefly(registry, *version));
        } else {
            model["problem"] = toStdString(versions.error().message);
        }
        models.push_back(model);
    }
    return Json{{"models", models}};
}

Result<Json> cardAt(const scoring::ModelRegistry &registry, const ModelPlace &place)
{
    const Result<scoring::ModelVersion> version = versionAt(registry, place);
    if (!version)
        return version.error();
    const Result<scoring::ModelCard> card = registry.card(*version);
    if (!card)
        return card.error();
    Json json = card->json;
    json["name"] = toStdString(version->name);
    json["version"] = version->version;
    json["aliases"] = textsJson(version->aliases);
    if (const auto folder = scoring::readMlmodel(version->folder))
        json["file"] = toStdString(folder->flavor.file);
    return json;
}

Result<Json> exported(const scoring::ModelRegistry &registry, const ModelPlace &place, const QString &file)
{
    const Result<scoring::ModelVersion> version = versionAt(registry, place);
    if (!version)
        return version.error();
    const auto folder = scoring::readMlmodel(version->folder);
    if (!folder)
        return folder.error();
    QFile from(version->folder + u'/' + folder->flavor.file);
    QSaveFile to(file);
    if (!from.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     PooledModelsText::tr("%1 cannot be read: %2").arg(from.fileName(), from.errorString()),
                     from.fileName()};
    const QByteArray bytes = from.readAll();
    if (!to.open(QIODevice::WriteOnly) || to.write(bytes) != bytes.size() || !to.commit())
        return Error{
            ErrorCode::Io,
            PooledModelsText::tr("%1 cannot be written: %2. Choose another place.").arg(file, to.errorString()),
            file};
    return Json{{"file", toStdString(file)}};
}

} // namespace

PooledModels::PooledModels(const QString &folder, Clock &clock) : m_folder(folder), m_clock(clock)
{
    m_pool.setMaxThreadCount(threads);
}

PooledModels::~PooledModels() { m_pool.waitForDone(); }

void PooledModels::ask(const CancelToken &cancel, std::function<Result<Json>()> work, const Answer &answer)
{
    m_pool.start([this, cancel, work = std::move(work), answer] {
        const Result<Json> result = work();
        postTo(&m_home, [cancel, answer, result] {
            if (!cancel.isCancelled())
                answer(result);
        });
    });
}

void PooledModels::list(const CancelToken &cancel, Answer answer)
{
    ask(
        cancel, [folder = m_folder, cancel] { return listed(scoring::ModelRegistry(folder), cancel); }, answer);
}

void PooledModels::card(const ModelPlace &place, const CancelToken &cancel, Answer answer)
{
    ask(
        cancel, [folder = m_folder, place] { return cardAt(scoring::ModelRegistry(folder), place); }, answer);
}

void PooledModels::setAlias(const ModelPlace &place, const QString &alias, const CancelToken &cancel, Answer answer)
{
    const QString who = qEnvironmentVariable("USER");
    const QString at = toIso(m_clock.now());
    ask(
        cancel,
        [folder = m_folder, place, alias, who, at]() -> Result<Json> {
            const Result<> set = scoring::ModelRegistry(folder).setAlias(place.name, alias, place.version, who, at);
            return set ? Result<Json>(Json::object()) : Result<Json>(set.error());
        },
        answer);
}

void PooledModels::exportTo(const ModelPlace &place, const QString &file, const CancelToken &cancel, Answer answer)
{
    ask(
        cancel,
        [folder = m_folder, place, file] { return exported(scoring::ModelRegistry(folder), place, file); },
        answer);
}

} // namespace engine
