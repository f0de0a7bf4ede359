#include "engine/model/ActivityReader.h"

#include "engine/model/TimeSpan.h"

#include <array>
#include <limits>

namespace engine {

namespace {

bool isType(const QString &written, QStringView name) { return written.compare(name, Qt::CaseInsensitive) == 0; }

QList<Dependency> readDependencies(const Json &json)
{
    QList<Dependency> dependencies;
    if (!json.is_array())
        return dependencies;
    for (const Json &entry : json) {
        Dependency dependency;
        dependency.activity = stringAt(entry, "activity");
        for (const QString &word : readStrings(memberAt(entry, "dependencyConditions"))) {
            const auto condition = dependencyConditionFromString(word);
            if (condition && !dependency.conditions.contains(*condition))
                dependency.conditions.append(*condition);
        }
        if (dependency.conditions.isEmpty())
            dependency.conditions.append(DependencyCondition::Succeeded);
        dependencies.append(dependency);
    }
    return dependencies;
}

int countAt(const Json &json, const char *key, int fallback)
{
    return int(std::clamp<qint64>(intAt(json, key, fallback), 0, std::numeric_limits<int>::max()));
}

ActivityPolicy readPolicy(const Json &json)
{
    ActivityPolicy policy;
    policy.timeout = parseTimeSpan(stringAt(json, "timeout")).value_or(policy.timeout);
    policy.retry = countAt(json, "retry", policy.retry);
    policy.retryInterval =
        std::chrono::seconds(countAt(json, "retryIntervalInSeconds", int(policy.retryInterval.count())));
    policy.secureInput = boolAt(json, "secureInput");
    policy.secureOutput = boolAt(json, "secureOutput");
    return policy;
}

ValueSource valueOf(const Json &json, Content content)
{
    return content == Content::Evaluated ? ValueSource{json, {}, false} : ValueSource::fromJson(json);
}

// [{"name", "value"}]
QMap<QString, ValueSource> readUserProperties(const Json &json, Content content)
{
    QMap<QString, ValueSource> properties;
    if (json.is_array()) {
        for (const Json &entry : json)
            properties.insert(stringAt(entry, "name"), valueOf(memberAt(entry, "value"), content));
    }
    return properties;
}

NotebookActivity readDatabricksNotebook(const Json &typeProperties, Content content)
{
    NotebookActivity notebook{valueOf(memberAt(typeProperties, "notebookPath"), content), {}};
    if (const Json &parameters = memberAt(typeProperties, "baseParameters"); parameters.is_object()) {
        for (const auto &[key, value] : parameters.items())
            notebook.baseParameters.insert(toQString(key), valueOf(value, content));
    }
    return notebook;
}

// Synapse names a notebook entity, Fabric an id; both write parameters as {"name": {"value", "type"}}.
NotebookActivity readNamedNotebook(const Json &typeProperties, Content content)
{
    NotebookActivity notebook;
    const Json &name = memberAt(memberAt(typeProperties, "notebook"), "referenceName");
    notebook.notebookPath = valueOf(name.is_null() ? memberAt(typeProperties, "notebookId") : name, content);
    const Json &parameters = memberAt(typeProperties, "parameters");
    if (parameters.is_object()) {
        for (const auto &[key, entry] : parameters.items()) {
            const bool isTyped =
                entry.is_object() && entry.contains("value") && !isType(stringAt(entry, "type"), u"Expression");
            notebook.baseParameters.insert(toQString(key),
                                           valueOf(isTyped ? memberAt(entry, "value") : entry, content));
        }
    }
    return notebook;
}

const Json &firstReference(const Json &json)
{
    static const Json none;
    return json.is_array() && !json.empty() ? json.front() : none;
}

Json parametersOf(const Json &reference)
{
    const Json &parameters = memberAt(reference, "parameters");
    return parameters.is_object() ? parameters : Json::object();
}

CopyActivity readCopy(const Json &activity, const Json &typeProperties)
{
    CopyActivity copy;
    const Json &input = firstReference(memberAt(activity, "inputs"));
    const Json &output = firstReference(memberAt(activity, "outputs"));
    copy.input = stringAt(input, "referenceName");
    copy.output = stringAt(output, "referenceName");
    copy.inputParameters = parametersOf(input);
    copy.outputParameters = parametersOf(output);
    copy.source = memberAt(typeProperties, "source");
    copy.sink = memberAt(typeProperties, "sink");
    copy.translator = memberAt(typeProperties, "translator");
    copy.settings = Json::object();
    if (typeProperties.is_object()) {
        for (const auto &[key, value] : typeProperties.items()) {
            if (key != "source" && key != "sink" && key != "translator")
                copy.settings[key] = value;
        }
    }
    return copy;
}

constexpr int deepestNesting = 64;

QList<Activity> readActivitiesAt(const Json &list, int depth);

QList<ActivityBranch> readBranches(const QString &type, const Json &typeProperties, int depth)
{
    const auto branch = [&](const Json &from, const char *key, const QString &property, const QString &label) {
        return ActivityBranch{property, label, readActivitiesAt(memberAt(from, key), depth + 1)};
    };
    if (isType(type, u"ForEach") || isType(type, u"Until"))
        return {branch(typeProperties, "activities", QStringLiteral("activities"), {})};
    if (isType(type, u"IfCondition"))
        return {
            branch(typeProperties, "ifTrueActivities", QStringLiteral("ifTrueActivities"), QStringLiteral("True")),
            branch(typeProperties, "ifFalseActivities", QStringLiteral("ifFalseActivities"), QStringLiteral("False"))};
    if (!isType(type, u"Switch"))
        return {};
    QList<ActivityBranch> branches;
    const Json &cases = memberAt(typeProperties, "cases");
    for (size_t i = 0; cases.is_array() && i < cases.size(); ++i)
        branches.append(branch(cases[i],
                               "activities",
                               QStringLiteral("cases[%1].activities").arg(i),
                               ValueSource::fromJson(memberAt(cases[i], "value")).text()));
    branches.append(
        branch(typeProperties, "defaultActivities", QStringLiteral("defaultActivities"), QStringLiteral("Default")));
    return branches;
}

Activity readActivityAt(const Json &json, Content content, int depth);

QList<Activity> readActivitiesAt(const Json &list, int depth)
{
    QList<Activity> activities;
    if (list.is_array() && depth <= deepestNesting) {
        for (const Json &entry : list)
            activities.append(readActivityAt(entry, Content::Written, depth));
    }
    return activities;
}

Activity readActivityAt(const Json &json, Content content, int depth)
{
    Activity activity;
    activity.name = stringAt(json, "name");
    activity.type = stringAt(json, "type");
    activity.description = stringAt(json, "description");
    activity.inactive = isType(stringAt(json, "state"), u"Inactive");
    activity.onInactiveMarkAs =
        spelledAs({QStringLiteral("Succeeded"), QStringLiteral("Failed"), QStringLiteral("Skipped")},
                  stringAt(json, "onInactiveMarkAs", activity.onInactiveMarkAs));
    activity.dependsOn = readDependencies(memberAt(json, "dependsOn"));
    activity.policy = readPolicy(memberAt(json, "policy"));
    activity.linkedService = stringAt(memberAt(json, "linkedServiceName"), "referenceName");
    activity.userProperties = readUserProperties(memberAt(json, "userProperties"), content);
    activity.json = json;

    const Json &typeProperties = memberAt(json, "typeProperties");
    activity.branches = readBranches(activity.type, typeProperties, depth);
    if (isType(activity.type, u"DatabricksNotebook")) {
        activity.typeProperties = readDatabricksNotebook(typeProperties, content);
    } else if (isType(activity.type, u"SynapseNotebook") || isType(activity.type, u"TridentNotebook")) {
        activity.typeProperties = readNamedNotebook(typeProperties, content);
        if (activity.linkedService.isEmpty())
            activity.linkedService = stringAt(memberAt(typeProperties, "sparkPool"), "referenceName");
        if (activity.linkedService.isEmpty()) // bound by the name of its type
            activity.linkedService =
                spelledAs({QStringLiteral("SynapseNotebook"), QStringLiteral("TridentNotebook")}, activity.type);
    } else if (isType(activity.type, u"Copy")) {
        activity.typeProperties = readCopy(json, typeProperties);
    }
    return activity;
}

} // namespace

QString spelledAs(const QStringList &known, const QString &written)
{
    for (const QString &name : known) {
        if (isType(written, name))
            return name;
    }
    return written;
}

std::optional<DependencyCondition> dependencyConditionFromString(const QString &text)
{
    constexpr std::array all{DependencyCondition::Succeeded,
                             DependencyCondition::Failed,
                             DependencyCondition::Skipped,
                             DependencyCondition::Completed};
    for (const DependencyCondition condition : all) {
        if (isType(text, toString(condition)))
            return condition;
    }
    return std::nullopt;
}

QMap<QString, Parameter> readParameters(const Json &json)
{
    static const QStringList types = {QStringLiteral("Object"),
                                      QStringLiteral("String"),
                                      QStringLiteral("Int"),
                                      QStringLiteral("Float"),
                                      QStringLiteral("Bool"),
                                      QStringLiteral("Array"),
                                      QStringLiteral("SecureString")};
    QMap<QString, Parameter> parameters;
    if (!json.is_object())
        return parameters;
    for (const auto &[key, entry] : json.items()) {
        Parameter parameter;
        parameter.type = spelledAs(types, stringAt(entry, "type", QStringLiteral("String")));
        if (isType(parameter.type, u"Integer"))
            parameter.type = QStringLiteral("Int");
        else if (isType(parameter.type, u"Boolean"))
            parameter.type = QStringLiteral("Bool");
        parameter.hasDefault = entry.is_object() && entry.contains("defaultValue");
        parameter.defaultValue = memberAt(entry, "defaultValue");
        parameters.insert(toQString(key), parameter);
    }
    return parameters;
}

QMap<QString, ValueSource> readValues(const Json &json)
{
    QMap<QString, ValueSource> values;
    if (json.is_object()) {
        for (const auto &[key, value] : json.items())
            values.insert(toQString(key), ValueSource::fromJson(value));
    }
    return values;
}

QStringList readStrings(const Json &json)
{
    QStringList strings;
    if (json.is_array()) {
        for (const Json &entry : json) {
            if (entry.is_string())
                strings.append(toQString(entry.get_ref<const std::string &>()));
        }
    }
    return strings;
}

Activity readActivity(const Json &json, Content content) { return readActivityAt(json, content, 0); }

QList<Activity> readActivities(const Json &list) { return readActivitiesAt(list, 0); }

} // namespace engine
