#include "engine/model/ResolvedEntities.h"

#include "engine/expression/Expression.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/LinkedServiceReader.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ResolvedEntitiesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ResolvedEntities)
};

// What the content of a dataset or linked service can ask for: its own parameters.
class EntityValues final : public ValueResolver
{
public:
    EntityValues(ExpressionRoot own, Json parameters, Instant now)
        : m_own(own)
        , m_parameters(std::move(parameters))
        , m_now(now)
    {
    }

    Result<const Json *> root(ExpressionRoot root, const std::string &) override
    {
        if (root == m_own)
            return &m_parameters;
        return Error{ErrorCode::InvalidInput,
                     m_own == ExpressionRoot::Dataset
                         ? ResolvedEntitiesText::tr("A dataset knows its own parameters only, as dataset().name; give "
                                                    "it the value as a parameter.")
                         : ResolvedEntitiesText::tr("A linked service knows its own parameters only, as "
                                                    "linkedService().name; give it the value as a parameter."),
                     {}};
    }
    Instant now() const override { return m_now; }

private:
    ExpressionRoot m_own;
    Json m_parameters;
    Instant m_now;
};

// A parameter with neither value nor default is left out: only who reads it needs it.
Result<Json> bind(const QMap<QString, Parameter> &declared,
                  const Json &given,
                  const QString &name,
                  const QString &file,
                  ExpressionRoot own,
                  Instant now)
{
    Json bound = Json::object();
    if (given.is_object()) {
        for (const auto &item : given.items()) {
            if (!declared.contains(toQString(item.key())))
                return Error{ErrorCode::InvalidInput,
                             declared.isEmpty() ? ResolvedEntitiesText::tr("%1 has no parameter \"%2\"; it takes none.")
                                                      .arg(name, toQString(item.key()))
                                                : ResolvedEntitiesText::tr("%1 has no parameter \"%2\"; it takes %3.")
                                                      .arg(name,
                                                           toQString(item.key()),
                                                           QStringList(declared.keys()).join(QStringLiteral(", "))),
                             file + QStringLiteral(": parameters")};
        }
    }
    for (auto it = declared.constBegin(); it != declared.constEnd(); ++it) {
        const std::string key = toStdString(it.key());
        if (given.is_object() && given.contains(key)) {
            bound[key] = given.at(key);
        } else if (it->hasDefault) {
            EntityValues none(own, Json::object(), now);
            Result<Json> value = evaluateAll(
                it->defaultValue, none, QStringLiteral("%1: parameters.%2.defaultValue").arg(file, it.key()));
            if (!value)
                return value.error();
            bound[key] = *std::move(value);
        }
    }
    return bound;
}

// The entity's JSON with what is dynamic in it evaluated, but for what declares it.
Result<Json> evaluated(const Json &json, EntityValues &values, const QString &file)
{
    static const QStringList declarations = {QStringLiteral("parameters"),
                                             QStringLiteral("annotations"),
                                             QStringLiteral("folder"),
                                             QStringLiteral("description")};
    Result<Json> properties = evaluateAll(memberAt(json, "properties"), values, file + u':', declarations);
    if (!properties) {
        Error error = properties.error();
        error.where.replace(QStringLiteral(":."), QStringLiteral(": "));
        return error;
    }
    Json resolved = json;
    resolved["properties"] = *std::move(properties);
    return resolved;
}

} // namespace

Result<Dataset> resolveDataset(const Dataset &dataset, const Json &parameters, Instant now)
{
    Result<Json> bound = bind(dataset.parameters, parameters, dataset.name, dataset.file, ExpressionRoot::Dataset, now);
    if (!bound)
        return bound.error();
    EntityValues values(ExpressionRoot::Dataset, *std::move(bound), now);
    const Result<Json> json = evaluated(dataset.json, values, dataset.file);
    if (!json)
        return json.error();
    Dataset resolved = readDataset(*json, dataset.name, dataset.file);
    resolved.linkedService = dataset.linkedService;
    return resolved;
}

Result<Dataset> resolveDataset(const Factory &factory, const QString &name, const Json &parameters, Instant now)
{
    const Dataset *const found = entityNamed(factory.datasets, name);
    if (found == nullptr)
        return Error{ErrorCode::NotFound,
                     ResolvedEntitiesText::tr("There is no dataset \"%1\" in this factory.").arg(name),
                     QStringLiteral("dataset/%1.json").arg(name)};
    return resolveDataset(*found, parameters, now);
}

Result<LinkedService>
resolveLinkedService(const Factory &factory, const QString &name, const Json &parameters, Instant now)
{
    const LinkedService *const found = entityNamed(factory.linkedServices, name);
    if (found == nullptr)
        return Error{ErrorCode::NotFound,
                     ResolvedEntitiesText::tr("There is no linked service \"%1\" in this factory.").arg(name),
                     QStringLiteral("linkedService/%1.json").arg(name)};
    Result<Json> bound = bind(found->parameters, parameters, name, found->file, ExpressionRoot::LinkedService, now);
    if (!bound)
        return bound.error();
    EntityValues values(ExpressionRoot::LinkedService, *std::move(bound), now);
    const Result<Json> json = evaluated(found->json, values, found->file);
    if (!json)
        return json.error();
    return readLinkedService(*json, name, found->file);
}

Result<Dataset> resolveDataset(const Factory &factory, const Json &reference, Instant now)
{
    return resolveDataset(factory, stringAt(reference, "referenceName"), memberAt(reference, "parameters"), now);
}

} // namespace engine
