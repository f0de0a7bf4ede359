#include "engine/run/RunPlan.h"

#include "engine/model/ProblemPlace.h"
#include "engine/model/ResolvedEntities.h"

#include <QCoreApplication>
#include <QSet>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RunPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunPlan)
};

// The value as the declared type: what Data Factory accepts, text for numbers and booleans included.
std::optional<Json> converted(const Json &value, const QString &type)
{
    if (type == u"String" || type == u"SecureString") {
        if (value.is_string())
            return value;
        if (value.is_number() || value.is_boolean())
            return Json(value.dump());
        return std::nullopt;
    }
    if (type == u"Int" || type == u"Integer") {
        if (value.is_number_integer())
            return value;
        if (value.is_string()) {
            bool ok = false;
            const qint64 number = toQString(value.get_ref<const std::string &>()).toLongLong(&ok);
            if (ok)
                return Json(number);
        }
        return std::nullopt;
    }
    if (type == u"Float") {
        if (value.is_number())
            return value;
        if (value.is_string()) {
            bool ok = false;
            const double number = toQString(value.get_ref<const std::string &>()).toDouble(&ok);
            if (ok)
                return Json(number);
        }
        return std::nullopt;
    }
    if (type == u"Bool" || type == u"Boolean") {
        if (value.is_boolean())
            return value;
        if (value.is_string()) {
            const QString text = toQString(value.get_ref<const std::string &>()).toLower();
            if (text == u"true" || text == u"false")
                return Json(text == u"true");
        }
        return std::nullopt;
    }
    if (type == u"Array" || type == u"Object") {
        const bool wantsArray = type == u"Array";
        if (wantsArray ? value.is_array() : value.is_object())
            return value;
        if (value.is_string()) {
            const Result<Json> parsed = parseJson(QByteArray::fromStdString(value.get<std::string>()), type);
            if (parsed && (wantsArray ? parsed->is_array() : parsed->is_object()))
                return *parsed;
        }
        return std::nullopt;
    }
    return value;
}

Result<Json> bindParameters(const Pipeline &pipeline, const Json &given)
{
    const QString place = QStringLiteral("%1: parameters").arg(pipeline.file);
    Json bound = Json::object();
    if (given.is_object()) {
        for (const auto &item : given.items()) {
            const QString name = toQString(item.key());
            if (!pipeline.parameters.contains(name)) {
                const QStringList known = pipeline.parameters.keys();
                return Error{ErrorCode::InvalidInput,
                             known.isEmpty() ? RunPlanText::tr("Pipeline %1 has no parameter \"%2\"; it takes none.")
                                                   .arg(pipeline.name, name)
                                             : RunPlanText::tr("Pipeline %1 has no parameter \"%2\"; it takes %3.")
                                                   .arg(pipeline.name, name, known.join(QStringLiteral(", "))),
                             place};
            }
        }
    }
    for (auto it = pipeline.parameters.constBegin(); it != pipeline.parameters.constEnd(); ++it) {
        const std::string key = toStdString(it.key());
        const bool isGiven = given.is_object() && given.contains(key);
        if (!isGiven && !it->hasDefault)
            return Error{ErrorCode::InvalidInput,
                         RunPlanText::tr("Parameter \"%1\" of pipeline %2 has no value and no default; give one.")
                             .arg(it.key(), pipeline.name),
                         place + u'.' + it.key()};
        const Json &value = isGiven ? given.at(key) : it->defaultValue;
        const std::optional<Json> typed = converted(value, it->type);
        if (!typed)
            return Error{ErrorCode::InvalidInput,
                         RunPlanText::tr("Parameter \"%1\" of pipeline %2 is of type %3; \"%4\" is not.")
                             .arg(it.key(), pipeline.name, it->type, QString::fromUtf8(toCompact(value).left(80))),
                         place + u'.' + it.key()};
        bound[key] = *typed;
    }
    return bound;
}

bool meets(ActivityStatus status, DependencyCondition condition)
{
    switch (condition) {
    case DependencyCondition::Succeeded:
        return status == ActivityStatus::Succeeded;
    case DependencyCondition::Failed:
        return status == ActivityStatus::Failed;
    case DependencyCondition::Skipped:
        return status == ActivityStatus::Skipped;
    case DependencyCondition::Completed:
        return status == ActivityStatus::Succeeded || status == ActivityStatus::Failed;
    }
    return false;
}

// The names of the activities that lead to what the problem is about, as in mocks: "Loop", "Load".
QStringList activitiesAt(const Problem &problem, const Pipeline &pipeline)
{
    QStringList names;
    const Json *at = &pipeline.json;
    for (const PathStep &step : stepsOf(pipeline.json, pathOf(problem))) {
        if (const auto *index = std::get_if<size_t>(&step)) {
            if (!at->is_array() || *index >= at->size())
                break;
            at = &(*at)[*index];
            if (memberAt(*at, "name").is_string() && memberAt(*at, "type").is_string())
                names.append(stringAt(*at, "name"));
        } else {
            at = &memberAt(*at, std::get<std::string>(step).c_str());
        }
    }
    return names;
}

// Of a debug run: a kernel is needed by what runs only. Pipelines that it starts are asked when they start.
bool isLeftOut(const Problem &problem,
               const Pipeline &pipeline,
               const std::optional<DebugOptions> &debug,
               const std::optional<QList<Activity>> &selection)
{
    if (!debug || problem.code != u"MissingKernel")
        return false;
    if (fileOf(problem) != pipeline.file)
        return true;
    const QStringList names = activitiesAt(problem, pipeline);
    if (names.isEmpty())
        return false;
    if (selection && std::none_of(selection->cbegin(), selection->cend(), [&names](const Activity &activity) {
            return activity.name == names.first();
        }))
        return true;
    QString path;
    return std::any_of(names.cbegin(), names.cend(), [&path, &debug](const QString &name) {
        path += (path.isEmpty() ? QString() : QStringLiteral("/")) + name;
        return debug->mocks.is_object() && debug->mocks.contains(toStdString(path));
    });
}

} // namespace

Result<QList<Activity>> activitiesUntil(const Pipeline &pipeline, const QString &until)
{
    QMap<QString, const Activity *> byName;
    for (const Activity &activity : pipeline.activities)
        byName.insert(activity.name, &activity);
    if (!byName.contains(until))
        return Error{ErrorCode::NotFound,
                     pipeline.activity(until)
                         ? RunPlanText::tr("\"%1\" is inside a container; a debug run can end at the activities of the "
                                           "pipeline itself: %2.")
                               .arg(until, QStringList(byName.keys()).join(QStringLiteral(", ")))
                         : RunPlanText::tr("The pipeline %1 has no activity \"%2\" to end at; it has %3.")
                               .arg(pipeline.name, until, QStringList(byName.keys()).join(QStringLiteral(", "))),
                     pipeline.file};
    QSet<QString> needed;
    QStringList toVisit{until};
    while (!toVisit.isEmpty()) {
        const QString name = toVisit.takeLast();
        const Activity *const activity = byName.value(name);
        if (!activity || needed.contains(name))
            continue;
        needed.insert(name);
        for (const Dependency &dependency : activity->dependsOn)
            toVisit.append(dependency.activity);
    }
    QList<Activity> selected;
    for (const Activity &activity : pipeline.activities) {
        if (needed.contains(activity.name))
            selected.append(activity);
    }
    return selected;
}

Result<RunPlan> makeRunPlan(std::shared_ptr<const Factory> factory,
                            std::shared_ptr<const FileTree> files,
                            const QString &folder,
                            const RunWish &wish,
                            const KnownMachine &machine)
{
    const Pipeline *const found = entityNamed(factory->pipelines, wish.pipeline);
    if (found == nullptr)
        return Error{ErrorCode::NotFound,
                     RunPlanText::tr("There is no pipeline \"%1\" here; there are: %2.")
                         .arg(wish.pipeline, QStringList(factory->pipelines.keys()).join(QStringLiteral(", "))),
                     QStringLiteral("pipeline/%1").arg(wish.pipeline)};
    const QString pipeline = found->name;
    std::optional<QList<Activity>> selection;
    if (wish.debug && !wish.debug->until.isEmpty()) {
        Result<QList<Activity>> selected = activitiesUntil(*found, wish.debug->until);
        if (!selected)
            return selected.error();
        selection = *std::move(selected);
    }
    const QList<Problem> problems = validatePipeline(*factory, pipeline, machine);
    for (const Problem &problem : problems) {
        if (problem.severity == Problem::Severity::Error && !isLeftOut(problem, *found, wish.debug, selection))
            return Error{ErrorCode::InvalidInput,
                         problem.fix.isEmpty() ? problem.message : problem.message + u' ' + problem.fix,
                         problem.where};
    }
    Result<Json> parameters = bindParameters(*found, wish.parameters);
    if (!parameters)
        return parameters.error();
    return RunPlan{.factory = std::move(factory),
                   .files = std::move(files),
                   .folder = folder,
                   .pipeline = pipeline,
                   .parameters = *std::move(parameters),
                   .selection = std::move(selection)};
}

Readiness readiness(const Activity &activity, const QMap<QString, ActivityStatus> &statusByName)
{
    bool met = true;
    for (const Dependency &dependency : activity.dependsOn) {
        const ActivityStatus status = statusByName.value(dependency.activity, ActivityStatus::Pending);
        if (!isTerminal(status))
            return Readiness::Waiting;
        const bool any = std::any_of(dependency.conditions.begin(),
                                     dependency.conditions.end(),
                                     [status](auto condition) { return meets(status, condition); });
        met = met && any;
    }
    return met ? Readiness::Met : Readiness::Unmet;
}

bool succeedsByLeafRule(const QList<Activity> &activities, const QMap<QString, ActivityStatus> &statusByName)
{
    QSet<QString> withSuccessor;
    QMap<QString, const Activity *> byName;
    for (const Activity &activity : activities) {
        byName.insert(activity.name, &activity);
        for (const Dependency &dependency : activity.dependsOn)
            withSuccessor.insert(dependency.activity);
    }
    QList<const Activity *> toJudge;
    for (const Activity &activity : activities) {
        if (!withSuccessor.contains(activity.name))
            toJudge.append(&activity);
    }
    QSet<QString> judged;
    while (!toJudge.isEmpty()) {
        const Activity *activity = toJudge.takeLast();
        if (judged.contains(activity->name))
            continue;
        judged.insert(activity->name);
        const ActivityStatus status = statusByName.value(activity->name);
        if (status == ActivityStatus::Skipped) {
            for (const Dependency &dependency : activity->dependsOn) {
                if (const Activity *parent = byName.value(dependency.activity))
                    toJudge.append(parent);
            }
        } else if (status != ActivityStatus::Succeeded) {
            return false;
        }
    }
    return true;
}

ActivityStatus markedAs(const Activity &activity)
{
    return statusFromString<ActivityStatus>(activity.onInactiveMarkAs).value_or(ActivityStatus::Succeeded);
}

namespace {

void printActivities(const QList<Activity> &activities, const QString &indentation, QStringList &lines)
{
    for (const Activity &activity : activities) {
        QStringList needs;
        for (const Dependency &dependency : activity.dependsOn) {
            QStringList conditions;
            for (const DependencyCondition condition : dependency.conditions)
                conditions.append(toString(condition));
            needs.append(dependency.activity + u'[' + conditions.join(u'|') + u']');
        }
        QString line = indentation + QStringLiteral("%1 (%2)").arg(activity.name, activity.type);
        if (activity.inactive)
            line += QStringLiteral(" inactive as %1").arg(activity.onInactiveMarkAs);
        if (!needs.isEmpty())
            line += QStringLiteral(" after ") + needs.join(QStringLiteral(", "));
        if (activity.policy.retry > 0)
            line += QStringLiteral(" retry %1 every %2 s")
                        .arg(activity.policy.retry)
                        .arg(activity.policy.retryInterval.count());
        lines.append(line);
        for (const ActivityBranch &branch : activity.branches) {
            if (!branch.label.isEmpty())
                lines.append(indentation + QStringLiteral("  ") + branch.label + u':');
            printActivities(branch.activities, indentation + QString(branch.label.isEmpty() ? 2 : 4, u' '), lines);
        }
    }
}

} // namespace

QString printPlan(const RunPlan &plan)
{
    QStringList lines{QStringLiteral("%1 %2").arg(plan.pipeline, QString::fromUtf8(toCompact(plan.parameters)))};
    printActivities(plan.activities(), QStringLiteral("  "), lines);
    return lines.join(u'\n') + u'\n';
}

} // namespace engine
