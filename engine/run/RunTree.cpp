#include "engine/run/RunTree.h"

#include <algorithm>

namespace engine {

ActivityScope::ActivityScope(const QList<Activity> &list,
                             const RunId &run,
                             const QString &pipeline,
                             const QString &pathPrefix)
    : activities(list)
    , prefix(pathPrefix)
{
    nodes.reserve(size_t(activities.size()));
    for (const Activity &activity : activities) {
        auto node = std::make_shared<ActivityNode>();
        node->written = &activity;
        node->scope = this;
        node->record.id = ActivityRunId::create();
        node->record.run = run;
        node->record.pipeline = pipeline;
        node->record.name = activity.name;
        node->record.path = prefix + activity.name;
        node->record.type = activity.type;
        node->record.linkedService = activity.linkedService;
        for (auto it = activity.userProperties.constBegin(); it != activity.userProperties.constEnd(); ++it)
            node->record.userProperties[toStdString(it.key())] = it->literal;
        nodes.push_back(std::move(node));
    }
}

ActivityScope::~ActivityScope() = default;

ActivityNode *ActivityScope::find(const QString &name) const
{
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [&](const auto &node) { return node->written->name == name; });
    return found == nodes.end() ? nullptr : found->get();
}

ActivityScope *ActivityScope::outer() const { return container ? container->scope : nullptr; }

bool ActivityScope::hasEnded() const
{
    return std::all_of(nodes.begin(), nodes.end(), [](const auto &node) { return isTerminal(node->record.status); });
}

bool ActivityScope::hasSucceeded() const { return succeedsByLeafRule(activities, statuses()); }

const ActivityNode *ActivityScope::firstFailed() const
{
    const auto failed = std::find_if(
        nodes.begin(), nodes.end(), [](const auto &node) { return node->record.status == ActivityStatus::Failed; });
    return failed == nodes.end() ? nullptr : failed->get();
}

QMap<QString, ActivityStatus> ActivityScope::statuses() const
{
    QMap<QString, ActivityStatus> statuses;
    for (const auto &node : nodes)
        statuses.insert(node->written->name,
                        node->record.status == ActivityStatus::Inactive ? markedAs(*node->written)
                                                                        : node->record.status);
    return statuses;
}

bool ActivityNode::hidesInput() const { return readsHidden || activity().policy.secureInput; }

bool ActivityNode::hidesOutput() const
{
    static const QStringList valueTypes{
        QStringLiteral("SetVariable"), QStringLiteral("AppendVariable"), QStringLiteral("Filter")};
    return activity().policy.secureOutput || (hidesInput() && valueTypes.contains(written->type, Qt::CaseInsensitive));
}

const Json &ActivityNode::input() const { return hidden.contains("input") ? hidden.at("input") : record.input; }

} // namespace engine
