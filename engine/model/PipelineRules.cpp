#include "engine/model/ActivityReader.h"
#include "engine/model/KnownTypes.h"
#include "engine/model/TimeSpan.h"
#include "engine/model/Validation.h"

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PipelineRulesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineRules)
};

const Json &propertiesOf(const Pipeline &pipeline) { return memberAt(pipeline.json, "properties"); }

// What an activity of Data Factory that does not run here would need. Empty: no type of Data Factory.
QStringList runnableTypes()
{
    QStringList types;
    for (const ActivityDescriptor &descriptor : activityDescriptors())
        types << descriptor.type << descriptor.alsoFor;
    types.removeDuplicates();
    types.sort(Qt::CaseInsensitive);
    return types;
}

} // namespace

void Validation::checkPipeline(const Pipeline &pipeline)
{
    const Place place{pipeline.file, {}};
    checkName(pipeline.name, NamedThing::Pipeline, place);
    const Json &properties = propertiesOf(pipeline);
    const Json &activities = memberAt(properties, "activities");
    if (!activities.is_null() && !activities.is_array())
        error("WrongType",
              place / QStringLiteral("activities"),
              tr("\"activities\" is no list."),
              tr("Put the activities between [ and ]."));
    else if (pipeline.activities.isEmpty())
        warning("EmptyPipeline",
                place / QStringLiteral("activities"),
                tr("The pipeline \"%1\" has no activities: a run of it does nothing.").arg(pipeline.name),
                tr("Add an activity."));
    if (const Json &concurrency = memberAt(properties, "concurrency");
        !concurrency.is_null() && (!isWholeNumber(concurrency) || intAt(properties, "concurrency") < 1))
        error("BadValue",
              place / QStringLiteral("concurrency"),
              tr("The concurrency is no whole number above 0."),
              tr("Leave it out for no limit."))
            .repair = removing(QStringLiteral("concurrency"), true);
    checkParameters(memberAt(properties, "parameters"), place / QStringLiteral("parameters"));
    checkParameters(memberAt(properties, "variables"), place / QStringLiteral("variables"));
    m_uses = {};
    const PipelineScope scope(pipeline);
    for (const PipelineScope::List &list : scope.lists()) {
        checkDependencies(pipeline, scope, list);
        checkCycles(pipeline, scope, list);
    }
    for (size_t i = 0; i < scope.entries().size(); ++i) {
        const PipelineScope::Entry &entry = scope.entries()[i];
        checkActivity({pipeline, *entry.activity, Place{pipeline.file, entry.path}, scope, int(i)});
    }
    checkActivityNames(pipeline, scope);
    checkLimits(pipeline, scope);
    checkUses(pipeline, scope);
    checkRedundant(pipeline, scope);
}

void Validation::checkParameters(const Json &json, const Place &place)
{
    static const QStringList types = {QStringLiteral("Object"),
                                      QStringLiteral("String"),
                                      QStringLiteral("Int"),
                                      QStringLiteral("Float"),
                                      QStringLiteral("Bool"),
                                      QStringLiteral("Array"),
                                      QStringLiteral("SecureString")};
    const QMap<QString, Parameter> parameters = readParameters(json);
    for (auto parameter = parameters.cbegin(); parameter != parameters.cend(); ++parameter) {
        const Place where = place / parameter.key();
        if (!types.contains(parameter->type))
            suggest(error("UnknownType",
                          where / QStringLiteral("type"),
                          tr("\"%1\" is no type of \"%2\".").arg(parameter->type, parameter.key()),
                          tr("Write one of: %1.").arg(types.join(QStringLiteral(", ")))),
                    parameter->type,
                    types,
                    (where / QStringLiteral("type")).property);
        else if (parameter->hasDefault && !fitsType(parameter->defaultValue, parameter->type))
            error("BadValue",
                  where / QStringLiteral("defaultValue"),
                  tr("The default of \"%1\" is no %2.").arg(parameter.key(), parameter->type),
                  tr("Give a value of type %1.").arg(parameter->type));
        if (parameter->type == u"SecureString" && parameter->defaultValue.is_string()
            && !parameter->defaultValue.get_ref<const std::string &>().empty()
            && !isDynamicValue(parameter->defaultValue))
            warning("PlainSecret",
                    where / QStringLiteral("defaultValue"),
                    tr("The default of the SecureString \"%1\" stands in the file for everyone to read.")
                        .arg(parameter.key()),
                    tr("Give the value when the pipeline is started, or read it from a vault."));
    }
}

void Validation::checkActivityNames(const Pipeline &pipeline, const PipelineScope &scope)
{
    QHash<QString, QString> seen; // folded name → path
    for (const PipelineScope::Entry &entry : scope.entries())
        seen.insert(entry.activity->name.toCaseFolded(), {});
    QSet<QString> awaited;
    for (const PipelineScope::Entry &entry : scope.entries()) {
        for (const Dependency &dependency : entry.activity->dependsOn)
            awaited.insert(dependency.activity);
    }
    for (const PipelineScope::Entry &entry : scope.entries()) {
        const QString &name = entry.activity->name;
        const Place place{pipeline.file, entry.path};
        checkName(name, NamedThing::Activity, place);
        if (name.isEmpty())
            continue;
        QString &first = seen[name.toCaseFolded()];
        if (first.isEmpty()) {
            first = entry.path;
            continue;
        }
        int number = 2;
        const auto numbered = [&name, &number] { return QString(name.left(50) + QString::number(number)); };
        while (seen.contains(numbered().toCaseFolded()))
            ++number;
        const QString free = numbered();
        seen.insert(free.toCaseFolded(), entry.path);
        const QString path = (place / QStringLiteral("name")).property;
        error("DuplicateActivity",
              place / QStringLiteral("name"),
              tr("The name \"%1\" is that of %2 already.").arg(name, first),
              tr("Rename one of the two."))
            .repair =
            setting(path, Json(toStdString(free)), !awaited.contains(name) && !m_uses.activities.contains(name));
    }
}

void Validation::checkActivity(const ActivityPlace &at)
{
    checkState(at);
    checkPolicy(at);
    checkType(at);
    const ActivityDescriptor *const descriptor = activityDescriptor(at.activity.type);
    if (at.scope.entries()[size_t(at.entry)].isInactive || descriptor == nullptr)
        return; // it does not run, so nothing it needs has to be there
    checkUserProperties(at);
    checkActivityContent(at);
    checkDescriptor(at, *descriptor);
    if (const auto *notebook = std::get_if<NotebookActivity>(&at.activity.typeProperties))
        checkNotebook(at, *notebook);
    else if (const auto *copy = std::get_if<CopyActivity>(&at.activity.typeProperties))
        checkCopy(at, *copy);
    else if (at.is(u"DatabricksSparkPython"))
        checkPythonFile(at);
    checkControl(at);
    checkStep(at);
}

void Validation::checkType(const ActivityPlace &at)
{
    const QString &type = at.activity.type;
    const Place place = at.place / QStringLiteral("type");
    if (type.isEmpty()) {
        error("MissingType",
              place,
              tr("The activity \"%1\" has no type.").arg(at.activity.name),
              tr("Write for instance \"type\": \"Copy\"."));
        return;
    }
    if (const ActivityDescriptor *descriptor = activityDescriptor(type)) {
        const QStringList known = QStringList{descriptor->type} + descriptor->alsoFor;
        if (const QString usual = spelledAs(known, type); !known.contains(type))
            hint("SpelledOtherwise",
                 place,
                 tr("Data Factory writes the type \"%1\" as \"%2\".").arg(type, usual),
                 tr("It works here; write \"%1\".").arg(usual))
                .repair = setting(place.property, Json(toStdString(usual)));
        return;
    }
    if (at.scope.entries()[size_t(at.entry)].isInactive)
        return;
    const QString need = needOfActivity(type);
    Problem &problem =
        error("UnsupportedActivity",
              place,
              tr("\"%1\" is an activity of type %2, which this build does not run.").arg(at.activity.name, type),
              tr("It needs %1. Deactivate the activity (\"state\": \"Inactive\") to run the others.")
                  .arg(need.isEmpty() ? tr("a runner for %1, which is no type that is known here").arg(type) : need));
    if (need.isEmpty())
        suggest(problem, type, runnableTypes(), place.property);
    if (!problem.repair)
        problem.repair = {tr("Deactivate the activity"),
                          {{(at.place / QStringLiteral("state")).property, FixEdit::Operation::Set, "Inactive"}},
                          false};
}

void Validation::checkState(const ActivityPlace &at)
{
    const QString state = stringAt(at.activity.json, "state", QStringLiteral("Active"));
    if (state.compare(u"Active", Qt::CaseInsensitive) != 0 && state.compare(u"Inactive", Qt::CaseInsensitive) != 0)
        suggest(error("BadValue",
                      at.place / QStringLiteral("state"),
                      tr("\"%1\" is no state of an activity.").arg(state),
                      tr("Write Active or Inactive.")),
                state,
                {QStringLiteral("Active"), QStringLiteral("Inactive")},
                (at.place / QStringLiteral("state")).property);
    const QString &mark = at.activity.onInactiveMarkAs;
    if (mark != u"Succeeded" && mark != u"Failed" && mark != u"Skipped")
        error("BadValue",
              at.place / QStringLiteral("onInactiveMarkAs"),
              tr("An inactive activity cannot be marked as \"%1\".").arg(mark),
              tr("Write Succeeded, Failed or Skipped."));
}

void Validation::checkPolicy(const ActivityPlace &at)
{
    const Json &policy = memberAt(at.activity.json, "policy");
    const Place place = at.place / QStringLiteral("policy");
    if (policy.is_null())
        return;
    if (!policy.is_object()) {
        error("WrongType", place, tr("The policy is no object."), tr("Put it between { and }."));
        return;
    }
    checkTimeSpan(memberAt(policy, "timeout"), place / QStringLiteral("timeout"), tr("Leave it out for 12 hours."));
    const auto checkNumber = [&](const char *key, qint64 most) {
        const Json &number = memberAt(policy, key);
        if (number.is_null() || isDynamicValue(number))
            return;
        const qint64 value = intAt(policy, key);
        if (!isWholeNumber(number) || value < 0 || value > most)
            error("BadRetry",
                  place / QString::fromLatin1(key),
                  tr("\"%1\" is no whole number from 0 to %2.")
                      .arg(shortened(ValueSource::fromJson(number).text()))
                      .arg(most),
                  tr("Correct it, or leave it out."))
                .repair = setting((place / QString::fromLatin1(key)).property,
                                  isWholeNumber(number) ? Json(std::clamp<qint64>(value, 0, most)) : Json(0),
                                  isWholeNumber(number));
    };
    checkNumber("retry", 1000);
    checkNumber("retryIntervalInSeconds", 86'400);
    if (isWholeNumber(memberAt(policy, "retryIntervalInSeconds")) && intAt(policy, "retryIntervalInSeconds") >= 0
        && intAt(policy, "retryIntervalInSeconds") < 30)
        warning("BadRetry",
                place / QStringLiteral("retryIntervalInSeconds"),
                tr("Data Factory accepts no retry interval under 30 seconds."),
                tr("It works here; write at least 30 if the factory is to move to Azure."))
            .repair = setting((place / QStringLiteral("retryIntervalInSeconds")).property, Json(30), false);
}

void Validation::checkUserProperties(const ActivityPlace &at)
{
    const Json &properties = memberAt(at.activity.json, "userProperties");
    if (properties.is_array() && properties.size() > 5)
        warning("TooManyUserProperties",
                at.place / QStringLiteral("userProperties"),
                tr("Data Factory allows 5 user properties; this activity has %1.").arg(properties.size()),
                tr("Keep the five that matter."));
}

void Validation::checkTimeSpan(const Json &json, const Place &place, const QString &absent)
{
    if (json.is_null() || isDynamicValue(json))
        return;
    const QString text = ValueSource::fromJson(json).text();
    const auto span = json.is_string() ? parseTimeSpan(text) : std::nullopt;
    if (!span)
        error("BadTimeout",
              place,
              tr("\"%1\" is no time span.").arg(shortened(text)),
              tr("Write days.hours:minutes:seconds: \"0.12:00:00\" is twelve hours."));
    else if (span->count() == 0)
        error("BadTimeout", place, tr("A timeout of zero lets nothing run."), absent).repair =
            removing(place.property, true);
    else if (*span > std::chrono::hours(24 * 7))
        warning("BadTimeout",
                place,
                tr("The timeout is longer than the 7 days Data Factory allows."),
                tr("Write at most \"7.00:00:00\"."))
            .repair = setting(place.property, "7.00:00:00");
}

} // namespace engine
