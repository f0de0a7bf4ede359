#include "designer/canvas/PipelineGraph.h"

#include "designer/document/ActivityNames.h"
#include "designer/document/ActivityTree.h"
#include "designer/document/JsonPath.h"
#include "engine/model/ActivityDescriptor.h"
#include "engine/model/ActivityReader.h"

#include <QCoreApplication>

namespace designer {

namespace {

struct GraphText
{
    Q_DECLARE_TR_FUNCTIONS(designer::PipelineGraph)
};

const engine::Json &activitiesOf(const engine::Json &file)
{
    return engine::memberAt(engine::memberAt(file, "properties"), "activities");
}

constexpr int shownInside = 6; // activities of a branch, as small pictures

QList<GraphBranch> branchesIn(const engine::Json &container)
{
    QList<GraphBranch> branches;
    for (const BranchPlace &place : branchesOf(container)) {
        GraphBranch branch{.property = place.property, .label = place.label};
        const engine::Json &list = jsonAt(engine::memberAt(container, "typeProperties"), place.property);
        branch.count = list.is_array() ? int(list.size()) : 0;
        for (int i = 0; i < std::min(branch.count, shownInside); ++i) {
            const engine::Json &inner = list[size_t(i)];
            const engine::ActivityDescriptor *const descriptor =
                engine::activityDescriptor(engine::stringAt(inner, "type"));
            branch.names.append(engine::stringAt(inner, "name"));
            branch.icons.append(descriptor ? descriptor->icon : QStringLiteral("circle-help"));
        }
        branches.append(branch);
    }
    return branches;
}

GraphNode nodeOf(const engine::Json &activity)
{
    GraphNode node;
    node.name = engine::stringAt(activity, "name");
    node.type = engine::stringAt(activity, "type");
    node.isInactive = engine::stringAt(activity, "state").compare(u"Inactive", Qt::CaseInsensitive) == 0;
    const engine::ActivityDescriptor *const descriptor = engine::activityDescriptor(node.type);
    node.isKnown = descriptor != nullptr;
    node.title = descriptor ? descriptor->title : node.type;
    node.icon = descriptor ? descriptor->icon : QStringLiteral("circle-help");
    node.branches = branchesIn(activity);
    node.isLoop = node.branches.size() == 1 && node.branches.first().label.isEmpty();
    if (descriptor)
        node.summary = engine::activitySummary(activity);
    else if (node.type.isEmpty())
        node.summary = GraphText::tr("No type");
    else
        node.summary = GraphText::tr("%1 · not run by this build").arg(node.type);
    if (node.isInactive)
        node.summary = GraphText::tr("Inactive · %1").arg(node.summary);
    return node;
}

QList<DependencyCondition> inPortOrder(const QList<DependencyCondition> &conditions)
{
    QList<DependencyCondition> sorted;
    for (const DependencyCondition condition : portOrder) {
        if (conditions.contains(condition))
            sorted.append(condition);
    }
    return sorted;
}

} // namespace

QString conditionWord(DependencyCondition condition)
{
    switch (condition) {
    case DependencyCondition::Succeeded:
        return GraphText::tr("Succeeded");
    case DependencyCondition::Failed:
        return GraphText::tr("Failed");
    case DependencyCondition::Skipped:
        return GraphText::tr("Skipped");
    case DependencyCondition::Completed:
        return GraphText::tr("Completed");
    }
    return {};
}

PipelineGraph PipelineGraph::fromJson(const engine::Json &pipelineFile)
{
    PipelineGraph graph;
    const engine::Json &activities = activitiesOf(pipelineFile);
    if (!activities.is_array())
        return graph;
    const QStringList ids = activityIds(pipelineFile);
    for (const engine::Json &activity : activities) {
        GraphNode node = nodeOf(activity);
        node.id = ids[graph.nodes.size()];
        graph.indexes.insert(node.id, int(graph.nodes.size()));
        graph.nodes.append(node);
    }
    QHash<std::pair<int, int>, qsizetype> links;
    for (int to = 0; to < graph.nodes.size(); ++to) {
        const engine::Activity activity = engine::readActivity(activities[size_t(to)]);
        for (const engine::Dependency &dependency : activity.dependsOn) {
            const int from = graph.indexOf(dependency.activity);
            if (from < 0)
                continue;
            if (const auto known = links.constFind({from, to}); known != links.cend()) {
                GraphLink &link = graph.links[*known];
                link.conditions = inPortOrder(link.conditions + dependency.conditions);
            } else {
                links.insert({from, to}, graph.links.size());
                graph.links.append({from, to, inPortOrder(dependency.conditions)});
            }
        }
    }
    return graph;
}

QStringList PipelineGraph::ids() const
{
    QStringList all;
    for (const GraphNode &node : nodes)
        all.append(node.id);
    return all;
}

const GraphLink *PipelineGraph::link(int from, int to) const
{
    for (const GraphLink &candidate : links) {
        if (candidate.from == from && candidate.to == to)
            return &candidate;
    }
    return nullptr;
}

bool PipelineGraph::reaches(int from, int to) const
{
    if (from == to)
        return true;
    QList<bool> seen(nodes.size(), false);
    QList<int> open{from};
    QHash<int, QList<int>> next;
    for (const GraphLink &each : links)
        next[each.from].append(each.to);
    while (!open.isEmpty()) {
        for (const int target : next.value(open.takeLast())) {
            if (target == to)
                return true;
            if (!seen[target]) {
                seen[target] = true;
                open.append(target);
            }
        }
    }
    return false;
}

QList<int> PipelineGraph::sourcesOf(int node) const
{
    QList<int> sources;
    for (const GraphLink &each : links) {
        if (each.to == node)
            sources.append(each.from);
    }
    return sources;
}

QList<int> PipelineGraph::targetsOf(int node) const
{
    QList<int> targets;
    for (const GraphLink &each : links) {
        if (each.from == node)
            targets.append(each.to);
    }
    return targets;
}

} // namespace designer
