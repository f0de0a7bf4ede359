#include "engine/model/ActivityReader.h"
#include "engine/model/TimeSpan.h"
#include "engine/model/Validation.h"

#include <algorithm>

namespace engine {

namespace {

const Json &propertiesOf(const Pipeline &pipeline) { return memberAt(pipeline.json, "properties"); }

bool isWholeNumber(const Json &json)
{
    if (json.is_number_integer())
        return true;
    bool ok = false;
    if (json.is_string())
        toQString(json.get_ref<const std::string &>()).toLongLong(&ok);
    return ok;
}

// Whether a default or argument fits the type of its parameter; "5" for an Int is accepted, as Data Factory does.
bool fitsType(const Json &value, const QString &type)
{
    if (value.is_null() || ValueSource::fromJson(value).isExpression)
        return true;
    if (type == u"Int")
        return isWholeNumber(value);
    if (type == u"Float") {
        bool ok = value.is_number();
        if (value.is_string())
            toQString(value.get_ref<const std::string &>()).toDouble(&ok);
        return ok;
    }
    if (type == u"Bool") {
        if (!value.is_string())
            return value.is_boolean();
        const QString text = toQString(value.get_ref<const std::string &>());
        return text.compare(u"true", Qt::CaseInsensitive) == 0 || text.compare(u"false", Qt::CaseInsensitive) == 0;
    }
    if (type == u"Array")
        return value.is_array();
    if (type == u"Object")
        return !value.is_array();
    return !value.is_object() && !value.is_array();
}

QString shortened(const QString &text) { return text.size() > 60 ? text.left(59) + u'…' : text; }

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
              tr("Leave it out for no limit."));
    checkParameters(memberAt(properties, "parameters"), place / QStringLiteral("parameters"));
    checkParameters(memberAt(properties, "variables"), place / QStringLiteral("variables"));
    checkActivityNames(pipeline);
    checkDependencies(pipeline);
    checkCycles(pipeline);
    for (qsizetype i = 0; i < pipeline.activities.size(); ++i)
        checkActivity({pipeline, pipeline.activities[i], (place / QStringLiteral("activities"))[i]});
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
            error("UnknownType",
                  where / QStringLiteral("type"),
                  tr("\"%1\" is no type of \"%2\".").arg(parameter->type, parameter.key()),
                  tr("Write one of: %1.").arg(types.join(QStringLiteral(", "))));
        else if (parameter->hasDefault && !fitsType(parameter->defaultValue, parameter->type))
            error("BadValue",
                  where / QStringLiteral("defaultValue"),
                  tr("The default of \"%1\" is no %2.").arg(parameter.key(), parameter->type),
                  tr("Give a value of type %1.").arg(parameter->type));
        checkDynamicContent(parameter->defaultValue, where / QStringLiteral("defaultValue"));
    }
}

void Validation::checkActivityNames(const Pipeline &pipeline)
{
    QMap<QString, qsizetype> seen; // folded name → index
    for (qsizetype i = 0; i < pipeline.activities.size(); ++i) {
        const QString &name = pipeline.activities[i].name;
        const Place place = (Place{pipeline.file, QStringLiteral("activities")})[i];
        checkName(name, NamedThing::Activity, place);
        if (name.isEmpty())
            continue;
        if (const auto other = seen.constFind(name.toCaseFolded()); other != seen.cend())
            error("DuplicateActivity",
                  place / QStringLiteral("name"),
                  tr("The name \"%1\" is that of activities[%2] already.").arg(name).arg(*other),
                  tr("Rename one of the two."));
        else
            seen.insert(name.toCaseFolded(), i);
    }
}

void Validation::checkDependencies(const Pipeline &pipeline)
{
    QStringList names;
    for (const Activity &activity : pipeline.activities)
        names.append(activity.name);
    for (qsizetype i = 0; i < pipeline.activities.size(); ++i) {
        const Activity &activity = pipeline.activities[i];
        const Place list = (Place{pipeline.file, QStringLiteral("activities")})[i] / QStringLiteral("dependsOn");
        const Json &json = memberAt(activity.json, "dependsOn");
        for (qsizetype j = 0; j < activity.dependsOn.size(); ++j) {
            const QString &on = activity.dependsOn[j].activity;
            if (on == activity.name)
                error("DependencyCycle",
                      list[j],
                      tr("The activity \"%1\" depends on itself.").arg(on),
                      tr("Remove this dependency."));
            else if (!names.contains(on))
                error("UnknownDependency",
                      list[j],
                      tr("\"%1\" depends on \"%2\", which is no activity of this pipeline.").arg(activity.name, on),
                      suggestion(on, names));
            const QStringList words = readStrings(memberAt(json[size_t(j)], "dependencyConditions"));
            const Place conditions = list[j] / QStringLiteral("dependencyConditions");
            if (words.isEmpty())
                warning("MissingCondition",
                        conditions,
                        tr("The dependency on \"%1\" has no condition; Succeeded is taken.").arg(on),
                        tr("Write \"dependencyConditions\": [\"Succeeded\"]."));
            for (qsizetype k = 0; k < words.size(); ++k) {
                if (!dependencyConditionFromString(words[k]))
                    error("UnknownCondition",
                          conditions[k],
                          tr("\"%1\" is no condition of a dependency.").arg(words[k]),
                          tr("Write Succeeded, Failed, Skipped or Completed."));
            }
        }
    }
}

// Depth first; each cycle is named once, by the activity at which it closes.
void Validation::checkCycles(const Pipeline &pipeline)
{
    enum class Mark { New, OnPath, Done };
    QMap<QString, Mark> marks;
    struct Step
    {
        const Activity *activity;
        qsizetype next;
    };
    for (const Activity &start : pipeline.activities) {
        if (marks.value(start.name, Mark::New) != Mark::New)
            continue;
        std::vector<Step> path{{&start, 0}};
        marks[start.name] = Mark::OnPath;
        while (!path.empty()) {
            Step &step = path.back();
            if (step.next >= step.activity->dependsOn.size()) {
                marks[step.activity->name] = Mark::Done;
                path.pop_back();
                continue;
            }
            const Activity *on = pipeline.activity(step.activity->dependsOn[step.next++].activity);
            if (on == nullptr || on->name == step.activity->name)
                continue;
            const Mark mark = marks.value(on->name, Mark::New);
            if (mark == Mark::New) {
                marks[on->name] = Mark::OnPath;
                path.push_back({on, 0});
            } else if (mark == Mark::OnPath) {
                QStringList names;
                for (auto it = path.crbegin(); it != path.crend(); ++it) {
                    names.append(it->activity->name); // the path goes backwards in time
                    if (it->activity->name == on->name)
                        break;
                }
                const auto first = std::min_element(names.cbegin(), names.cend()) - names.cbegin();
                std::rotate(names.begin(), names.begin() + first, names.end());
                names.append(names.first());
                error("DependencyCycle",
                      Place{pipeline.file, QStringLiteral("activities")},
                      tr("These activities wait for each other: %1.").arg(names.join(QStringLiteral(" → "))),
                      tr("Remove one of the dependencies."));
            }
        }
    }
}

void Validation::checkActivity(const ActivityPlace &at)
{
    const Activity &activity = at.activity;
    checkState(at);
    checkPolicy(at);
    if (activity.type.isEmpty()) {
        error("MissingType",
              at.place / QStringLiteral("type"),
              tr("The activity \"%1\" has no type.").arg(activity.name),
              tr("Write for instance \"type\": \"Copy\"."));
        return;
    }
    if (activity.inactive)
        return; // it does not run, so nothing it needs has to be there
    if (std::holds_alternative<OtherActivity>(activity.typeProperties)) {
        error("UnsupportedActivity",
              at.place / QStringLiteral("type"),
              tr("\"%1\" is an activity of type %2, which this build does not run.").arg(activity.name, activity.type),
              tr("It needs a runner for %1; this build has Copy, DatabricksNotebook, SynapseNotebook and "
                 "TridentNotebook. Deactivate the activity (\"state\": \"Inactive\") to run the others.")
                  .arg(activity.type));
        return;
    }
    checkUserProperties(at);
    checkDynamicContent(memberAt(activity.json, "typeProperties"), at.place / QStringLiteral("typeProperties"));
    if (const auto *notebook = std::get_if<NotebookActivity>(&activity.typeProperties))
        checkNotebook(at, *notebook);
    else if (const auto *copy = std::get_if<CopyActivity>(&activity.typeProperties))
        checkCopy(at, *copy);
}

void Validation::checkState(const ActivityPlace &at)
{
    const QString state = stringAt(at.activity.json, "state", QStringLiteral("Active"));
    if (state.compare(u"Active", Qt::CaseInsensitive) != 0 && state.compare(u"Inactive", Qt::CaseInsensitive) != 0)
        error("BadValue",
              at.place / QStringLiteral("state"),
              tr("\"%1\" is no state of an activity.").arg(state),
              tr("Write Active or Inactive."));
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
    checkDynamicContent(policy, place);
    if (const Json &timeout = memberAt(policy, "timeout");
        !timeout.is_null() && !ValueSource::fromJson(timeout).isExpression) {
        const auto span = timeout.is_string() ? parseTimeSpan(stringAt(policy, "timeout")) : std::nullopt;
        const Place where = place / QStringLiteral("timeout");
        if (!span)
            error("BadTimeout",
                  where,
                  tr("\"%1\" is no time span.").arg(shortened(ValueSource::fromJson(timeout).text())),
                  tr("Write days.hours:minutes:seconds: \"0.12:00:00\" is twelve hours."));
        else if (span->count() == 0)
            error("BadTimeout", where, tr("A timeout of zero lets nothing run."), tr("Leave it out for 12 hours."));
        else if (*span > std::chrono::hours(24 * 7))
            warning("BadTimeout",
                    where,
                    tr("The timeout is longer than the 7 days Data Factory allows."),
                    tr("Write at most \"7.00:00:00\"."));
    }
    const auto checkNumber = [&](const char *key, qint64 most) {
        const Json &number = memberAt(policy, key);
        if (number.is_null() || ValueSource::fromJson(number).isExpression)
            return;
        const qint64 value = intAt(policy, key);
        if (!isWholeNumber(number) || value < 0 || value > most)
            error("BadRetry",
                  place / QString::fromLatin1(key),
                  tr("\"%1\" is no whole number from 0 to %2.")
                      .arg(shortened(ValueSource::fromJson(number).text()))
                      .arg(most),
                  tr("Correct it, or leave it out."));
    };
    checkNumber("retry", 1000);
    checkNumber("retryIntervalInSeconds", 86'400);
    if (isWholeNumber(memberAt(policy, "retryIntervalInSeconds")) && intAt(policy, "retryIntervalInSeconds") >= 0
        && intAt(policy, "retryIntervalInSeconds") < 30)
        warning("BadRetry",
                place / QStringLiteral("retryIntervalInSeconds"),
                tr("Data Factory accepts no retry interval under 30 seconds."),
                tr("It works here; write at least 30 if the factory is to move to Azure."));
}

void Validation::checkUserProperties(const ActivityPlace &at)
{
    const Json &properties = memberAt(at.activity.json, "userProperties");
    if (properties.is_array() && properties.size() > 5)
        warning("TooManyUserProperties",
                at.place / QStringLiteral("userProperties"),
                tr("Data Factory allows 5 user properties; this activity has %1.").arg(properties.size()),
                tr("Keep the five that matter."));
    checkDynamicContent(properties, at.place / QStringLiteral("userProperties"));
    checkDynamicContent(memberAt(memberAt(at.activity.json, "linkedServiceName"), "parameters"),
                        at.place / QStringLiteral("linkedServiceName.parameters"));
}

// This build evaluates no expressions, so every one of them is named rather than taken as text.
void Validation::checkDynamicContent(const Json &json, const Place &place)
{
    const ValueSource value = ValueSource::fromJson(json);
    if (value.isExpression) {
        error("UnsupportedExpression",
              place,
              tr("\"%1\" is dynamic content, which this build does not evaluate.").arg(shortened(value.expression)),
              tr("Write the value itself. For text that begins with @, write @@."));
    } else if (json.is_object()) {
        for (const auto &[key, member] : json.items())
            checkDynamicContent(member, place / toQString(key));
    } else if (json.is_array()) {
        for (size_t i = 0; i < json.size(); ++i)
            checkDynamicContent(json[i], place[qsizetype(i)]);
    }
}

} // namespace engine
