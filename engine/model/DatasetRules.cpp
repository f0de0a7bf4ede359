#include "engine/model/ActivityReader.h"
#include "engine/model/KnownTypes.h"
#include "engine/model/Validation.h"

#include <algorithm>

namespace engine {

// {"referenceName", "parameters"}. The dataset, or nullptr after saying that it is not there.
const Dataset *Validation::checkDatasetReference(const Json &reference, const Place &place)
{
    const QString name = stringAt(reference, "referenceName");
    if (name.isEmpty()) {
        error("MissingDataset",
              place,
              tr("No dataset is named here."),
              tr("Write {\"referenceName\": \"…\", \"type\": \"DatasetReference\"}."));
        return nullptr;
    }
    const Dataset *const dataset = spelled(m_factory.datasets, name, place / QStringLiteral("referenceName"));
    if (dataset == nullptr) {
        suggest(error("MissingDataset", place, tr("There is no dataset \"%1\" in this factory.").arg(name)),
                name,
                m_factory.datasets.keys(),
                (place / QStringLiteral("referenceName")).property);
        return nullptr;
    }
    checkDataset(*dataset);
    checkArguments(dataset->parameters,
                   memberAt(reference, "parameters"),
                   place / QStringLiteral("parameters"),
                   tr("The dataset \"%1\"").arg(name));
    return dataset;
}

// Fabric writes a dataset where it is used, with a connection of its own.
bool Validation::sayInlineDataset(const Json &settings, const Place &place)
{
    if (!settings.is_object())
        return false;
    error("InlineDataset",
          place,
          tr("The dataset (%1) stands in the activity itself, as Fabric writes it, which this build does not run.")
              .arg(stringAt(settings, "type", tr("without a type"))),
          tr("Make a dataset of the factory of it, on a linked service that is bound here, and refer to that."));
    return true;
}

// What must hold for every dataset, used or not.
void Validation::checkDataset(const Dataset &dataset)
{
    if (!m_checkedDatasets.insert(dataset.name).second)
        return;
    const Place place{dataset.file, {}};
    const Json &properties = memberAt(dataset.json, "properties");
    checkName(dataset.name, NamedThing::Dataset, place);
    checkParameters(memberAt(properties, "parameters"), place / QStringLiteral("parameters"));
    if (dataset.type.isEmpty())
        error("MissingType",
              place / QStringLiteral("type"),
              tr("The dataset \"%1\" has no type.").arg(dataset.name),
              tr("Write for instance \"type\": \"DelimitedText\"."));
    else
        checkKnownType(dataset.type, knownDatasetTypes(), place / QStringLiteral("type"));
    ContentScope scope;
    scope.dataset = &dataset.parameters;
    checkContent(dataset.typeProperties, place / QStringLiteral("typeProperties"), scope);
    const Json &reference = memberAt(properties, "linkedServiceName");
    const Place service = place / QStringLiteral("linkedServiceName");
    checkContent(memberAt(reference, "parameters"), service / QStringLiteral("parameters"), scope);
    if (dataset.linkedService.isEmpty()) {
        error("MissingLinkedService",
              service,
              tr("The dataset \"%1\" names no linked service.").arg(dataset.name),
              tr("Write \"linkedServiceName\": {\"referenceName\": \"…\", \"type\": \"LinkedServiceReference\"}."));
        return;
    }
    const LinkedService *const found = named(m_factory.linkedServices, dataset.linkedService);
    if (found == nullptr) {
        suggest(error("MissingLinkedService",
                      service,
                      tr("There is no linked service \"%1\" in this factory.").arg(dataset.linkedService)),
                dataset.linkedService,
                m_factory.linkedServices.keys(),
                (service / QStringLiteral("referenceName")).property);
        return;
    }
    checkArguments(readParameters(memberAt(memberAt(found->json, "properties"), "parameters")),
                   memberAt(reference, "parameters"),
                   service / QStringLiteral("parameters"),
                   tr("The linked service \"%1\"").arg(found->name),
                   Problem::Severity::Warning);
}

void Validation::checkService(const LinkedService &service)
{
    if (!m_checkedServices.insert(service.name).second)
        return;
    const Place place{service.file, {}};
    checkName(service.name, NamedThing::LinkedService, place);
    const Json &parameters = memberAt(memberAt(service.json, "properties"), "parameters");
    checkParameters(parameters, place / QStringLiteral("parameters"));
    checkKnownType(service.type, knownLinkedServiceTypes(), place / QStringLiteral("type"));
    checkCloudReferences(service);
    const QMap<QString, Parameter> declared = readParameters(parameters);
    ContentScope scope;
    scope.linkedService = &declared;
    const qsizetype before = m_problems.size();
    checkContent(service.typeProperties, place / QStringLiteral("typeProperties"), scope);
    if (!m_factory.bindings.find(service.name))
        return;
    for (qsizetype i = before; i < m_problems.size(); ++i) // the binding replaces what is wrong
        m_problems[i].severity = std::max(m_problems[i].severity, Problem::Severity::Warning);
}

// Types are many and new ones come: only what looks like a slip of one that is known is worth a word.
void Validation::checkKnownType(const QString &type, const QStringList &known, const Place &place)
{
    if (type.isEmpty() || known.contains(type, Qt::CaseInsensitive))
        return;
    const Nearest near = nearest(type, known);
    if (!near.name.isEmpty() && near.isCertain)
        warning("UnknownType",
                place,
                tr("\"%1\" is no type that is known here.").arg(type),
                tr("Did you mean \"%1\"?").arg(near.name))
            .repair = setting(place.property, Json(toStdString(near.name)), false);
}

// What only Azure needs to use the linked service: where it runs, and as whom.
void Validation::checkCloudReferences(const LinkedService &service)
{
    const Json &properties = memberAt(service.json, "properties");
    const auto check = [&](const Json &reference, const auto &entities, const QString &path, const QString &message) {
        const QString name = stringAt(reference, "referenceName");
        if (name.isEmpty() || name.contains(u'@')
            || name.compare(u"AutoResolveIntegrationRuntime", Qt::CaseInsensitive) == 0
            || named(entities, name) != nullptr || !m_absent.insert(path + name.toCaseFolded()).second)
            return;
        hint("MissingCloudEntity",
             Place{service.file, path},
             message.arg(name),
             tr("It is not needed here; add it if the factory is to move to Azure."));
    };
    check(memberAt(properties, "connectVia"),
          m_factory.integrationRuntimes,
          QStringLiteral("connectVia"),
          tr("There is no integration runtime \"%1\" in this factory."));
    check(memberAt(service.typeProperties, "credential"),
          m_factory.credentials,
          QStringLiteral("typeProperties.credential"),
          tr("There is no credential \"%1\" in this factory."));
    if (!service.typeProperties.is_object() || m_factory.bindings.find(service.name))
        return; // the binding replaces it
    for (const auto &[key, value] : service.typeProperties.items()) {
        const QString store = stringAt(memberAt(value, "store"), "referenceName");
        const Place place{service.file, QStringLiteral("typeProperties.%1.store").arg(toQString(key))};
        if (!store.isEmpty() && !store.contains(u'@') && named(m_factory.linkedServices, store) == nullptr)
            suggest(warning("MissingLinkedService",
                            place,
                            tr("There is no linked service \"%1\" in this factory.").arg(store)),
                    store,
                    m_factory.linkedServices.keys(),
                    (place / QStringLiteral("referenceName")).property);
    }
}

void Validation::checkArguments(
    const Parameters &declared, const Json &given, const Place &place, const QString &what, Problem::Severity severity)
{
    if (isDynamicValue(given))
        return; // known when it runs
    if (given.is_object()) {
        for (const auto &[key, value] : given.items()) {
            const QString name = toQString(key);
            const Place where = place / name;
            const auto parameter = declared.constFind(name);
            if (parameter != declared.cend()) {
                const bool isTyped = value.is_object() && value.contains("value") && value.contains("type");
                if (!isTyped && !fitsType(value, parameter->type))
                    add(severity,
                        "BadArgument",
                        where,
                        tr("%1 takes a value of type %2 as \"%3\".").arg(what, parameter->type, name),
                        tr("Give a value of this type."));
                continue;
            }
            const Nearest near = nearest(name, declared.keys());
            Problem &problem = add(severity,
                                   "UnknownParameter",
                                   where,
                                   tr("%1 has no parameter \"%2\".").arg(what, name),
                                   near.name.isEmpty() ? tr("Remove it, or add the parameter there.")
                                                       : tr("Did you mean \"%1\"?").arg(near.name));
            if (near.name.isEmpty())
                problem.repair = removing(where.property, false);
            else if (!given.contains(toStdString(near.name)))
                problem.repair =
                    ProblemFix{tr("Rename it to \"%1\"").arg(near.name),
                               {{where.property, FixEdit::Operation::Rename, Json(toStdString(near.name))}},
                               near.isCertain};
        }
    }
    for (auto parameter = declared.cbegin(); parameter != declared.cend(); ++parameter) {
        if (parameter->hasDefault || (given.is_object() && given.contains(toStdString(parameter.key()))))
            continue;
        add(severity,
            "MissingParameter",
            place,
            tr("%1 needs the parameter \"%2\", which has no default.").arg(what, parameter.key()),
            tr("Add \"%1\" here, or give it a default there.").arg(parameter.key()));
    }
}

} // namespace engine
