#include "engine/model/ActivityReader.h"
#include "engine/model/Validation.h"

#include <algorithm>

namespace engine {

namespace {

enum class Mark { New, OnPath, Done };

// The names of a cycle, beginning with the first in the alphabet, which comes last once more.
QString cycleText(QStringList names)
{
    const auto first = std::min_element(names.cbegin(), names.cend()) - names.cbegin();
    std::rotate(names.begin(), names.begin() + first, names.end());
    names.append(names.first());
    return names.join(QStringLiteral(" → "));
}

} // namespace

void Validation::checkDependencies(const Pipeline &pipeline,
                                   const PipelineScope &scope,
                                   const PipelineScope::List &list)
{
    for (const int entry : list.entries) {
        const PipelineScope::Entry &at = scope.entries()[size_t(entry)];
        const Activity &activity = *at.activity;
        const Place place = Place{pipeline.file, at.path} / QStringLiteral("dependsOn");
        const Json &json = memberAt(activity.json, "dependsOn");
        if (!json.is_null() && !json.is_array())
            error("WrongType", place, tr("\"dependsOn\" is no list."), tr("Put the dependencies between [ and ]."));
        for (qsizetype i = 0; i < activity.dependsOn.size(); ++i)
            checkDependency(activity.dependsOn[i], json[size_t(i)], place[i], scope, list, activity);
        checkConditions(activity, place);
    }
}

void Validation::checkDependency(const Dependency &dependency,
                                 const Json &json,
                                 const Place &place,
                                 const PipelineScope &scope,
                                 const PipelineScope::List &list,
                                 const Activity &activity)
{
    const QString &on = dependency.activity;
    const QString path = (place / QStringLiteral("activity")).property;
    if (on == activity.name) {
        error("DependencyCycle",
              place,
              tr("The activity \"%1\" depends on itself.").arg(on),
              tr("Remove this dependency."))
            .repair = removing(place.property, true);
    } else if (!list.names.contains(on)) {
        const int elsewhere = scope.find(on);
        Problem &problem = elsewhere < 0
            ? error("UnknownDependency",
                    place,
                    tr("\"%1\" depends on \"%2\", which is no activity of this pipeline.").arg(activity.name, on),
                    tr("Remove this dependency."))
            : error("UnknownDependency",
                    place,
                    tr("\"%1\" depends on \"%2\", which is not beside it but at %3.")
                        .arg(activity.name, on, scope.entries()[size_t(elsewhere)].path),
                    tr("Depend on the container it is in, or move one of the two."));
        if (elsewhere < 0)
            suggest(problem, on, list.names.keys(), path);
        if (!problem.repair)
            problem.repair = removing(place.property, on.isEmpty());
    }
    static const QStringList conditions = {
        QStringLiteral("Succeeded"), QStringLiteral("Failed"), QStringLiteral("Skipped"), QStringLiteral("Completed")};
    const QStringList words = readStrings(memberAt(json, "dependencyConditions"));
    const Place where = place / QStringLiteral("dependencyConditions");
    if (words.isEmpty())
        warning("MissingCondition",
                where,
                tr("The dependency on \"%1\" has no condition; Succeeded is taken.").arg(on),
                tr("Write \"dependencyConditions\": [\"Succeeded\"]."))
            .repair = setting(where.property, Json::array({"Succeeded"}));
    for (qsizetype i = 0; i < words.size(); ++i) {
        const auto condition = dependencyConditionFromString(words[i]);
        if (!condition)
            suggest(error("UnknownCondition",
                          where[i],
                          tr("\"%1\" is no condition of a dependency.").arg(words[i]),
                          tr("Write Succeeded, Failed, Skipped or Completed.")),
                    words[i],
                    conditions,
                    where[i].property);
        else if (words[i] != toString(*condition))
            hint("SpelledOtherwise",
                 where[i],
                 tr("Data Factory writes the condition \"%1\" as \"%2\".").arg(words[i], toString(*condition)),
                 tr("It works here; write \"%1\".").arg(toString(*condition)))
                .repair = setting(where[i].property, Json(toStdString(toString(*condition))));
    }
}

// Over all entries that name one activity: Studio lets nobody draw Completed beside Succeeded or Failed.
void Validation::checkConditions(const Activity &activity, const Place &place)
{
    QHash<QString, std::pair<qsizetype, QSet<int>>> byActivity; // → first entry, conditions
    for (qsizetype i = 0; i < activity.dependsOn.size(); ++i) {
        const Dependency &dependency = activity.dependsOn[i];
        const bool isKnown = byActivity.contains(dependency.activity);
        auto &[first, conditions] = byActivity[dependency.activity];
        if (!isKnown)
            first = i;
        else
            warning("DuplicateDependency",
                    place[i],
                    tr("The dependency on \"%1\" is there already; both have to be met.").arg(dependency.activity),
                    tr("Put the conditions into one of them, of which any is enough."));
        for (const DependencyCondition condition : dependency.conditions)
            conditions.insert(int(condition));
    }
    for (auto found = byActivity.cbegin(); found != byActivity.cend(); ++found) {
        const auto &[first, conditions] = *found;
        if (conditions.contains(int(DependencyCondition::Completed))
            && (conditions.contains(int(DependencyCondition::Succeeded))
                || conditions.contains(int(DependencyCondition::Failed))))
            warning("CompletedBesideOthers",
                    place[first] / QStringLiteral("dependencyConditions"),
                    tr("Completed means Succeeded or Failed: beside it these say nothing, and Studio refuses them."),
                    tr("Keep Completed alone, or the other ones."));
    }
}

// Depth first; each cycle is named once, by the activity at which it closes.
void Validation::checkCycles(const Pipeline &pipeline, const PipelineScope &scope, const PipelineScope::List &list)
{
    std::vector<Mark> marks(list.entries.size(), Mark::New);
    struct Step
    {
        int index;
        qsizetype next;
    };
    const auto activityAt = [&](int index) -> const Activity & {
        return *scope.entries()[size_t(list.entries[size_t(index)])].activity;
    };
    for (int start = 0; start < int(list.entries.size()); ++start) {
        if (marks[size_t(start)] != Mark::New)
            continue;
        std::vector<Step> path{{start, 0}};
        marks[size_t(start)] = Mark::OnPath;
        while (!path.empty()) {
            Step &step = path.back();
            const QList<Dependency> &dependencies = activityAt(step.index).dependsOn;
            if (step.next >= dependencies.size()) {
                marks[size_t(step.index)] = Mark::Done;
                path.pop_back();
                continue;
            }
            const int on = list.names.value(dependencies[step.next++].activity, -1);
            if (on < 0 || on == step.index || marks[size_t(on)] == Mark::Done)
                continue;
            if (marks[size_t(on)] == Mark::New) {
                marks[size_t(on)] = Mark::OnPath;
                path.push_back({on, 0});
                continue;
            }
            QStringList names;
            for (auto it = path.crbegin(); it != path.crend(); ++it) {
                names.append(activityAt(it->index).name); // the path goes backwards in time
                if (it->index == on)
                    break;
            }
            error("DependencyCycle",
                  Place{pipeline.file, list.path},
                  tr("These activities wait for each other: %1.").arg(cycleText(names)),
                  tr("Remove one of the dependencies."));
        }
    }
}

// A pipeline that executes itself, directly or around corners, never ends.
void Validation::checkPipelineCycles(const QStringList &pipelines)
{
    struct Call
    {
        QString pipeline;
        QString path; // of the reference
    };
    const auto callsOf = [this](const QString &name) {
        std::vector<Call> calls;
        const auto pipeline = m_factory.pipelines.constFind(name);
        if (pipeline == m_factory.pipelines.cend())
            return calls;
        visitActivities(*pipeline, [&calls, this](const Activity &activity, const QString &path) {
            if (activity.inactive || activity.type.compare(u"ExecutePipeline", Qt::CaseInsensitive) != 0)
                return;
            if (const Pipeline *called =
                    executed(stringAt(memberAt(typePropertiesOf(activity), "pipeline"), "referenceName")))
                calls.push_back({called->name, path + QStringLiteral(".typeProperties.pipeline")});
        });
        return calls;
    };
    struct Step
    {
        QString pipeline;
        std::vector<Call> calls;
        size_t next = 0;
    };
    QHash<QString, Mark> marks;
    for (const QString &start : pipelines) {
        if (marks.value(start, Mark::New) != Mark::New)
            continue;
        std::vector<Step> path;
        path.push_back({start, callsOf(start)});
        marks[start] = Mark::OnPath;
        while (!path.empty()) {
            Step &step = path.back();
            if (step.next >= step.calls.size()) {
                marks[step.pipeline] = Mark::Done;
                path.pop_back();
                continue;
            }
            const Call call = step.calls[step.next++];
            const Mark mark = marks.value(call.pipeline, Mark::New);
            if (mark == Mark::New) {
                marks[call.pipeline] = Mark::OnPath;
                path.push_back({call.pipeline, callsOf(call.pipeline)});
            } else if (mark == Mark::OnPath) {
                QStringList names;
                for (auto it = path.crbegin(); it != path.crend(); ++it) {
                    names.prepend(it->pipeline);
                    if (it->pipeline == call.pipeline)
                        break;
                }
                error("PipelineCycle",
                      Place{m_factory.pipelines.constFind(step.pipeline)->file, call.path},
                      names.size() == 1
                          ? tr("The pipeline \"%1\" executes itself: a run of it would never end.").arg(step.pipeline)
                          : tr("These pipelines execute each other, so a run of them would never end: %1.")
                                .arg(cycleText(names)),
                      tr("Remove this activity, or repeat what is inside of it with an Until."));
            }
        }
    }
}

} // namespace engine
