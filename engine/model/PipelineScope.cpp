#include "engine/model/PipelineScope.h"

namespace engine {

PipelineScope::PipelineScope(const Pipeline &pipeline)
{
    add(pipeline.activities, QStringLiteral("activities"), -1, false);
}

void PipelineScope::add(const QList<Activity> &activities, const QString &path, int container, bool isInactive)
{
    const int list = int(m_lists.size());
    m_lists.push_back({path, container, {}, {}});
    for (qsizetype i = 0; i < activities.size(); ++i) {
        const Activity &activity = activities[i];
        const int entry = int(m_entries.size());
        const bool isOut = isInactive || activity.inactive;
        const QString place = path + u'[' + QString::number(i) + u']';
        m_entries.push_back({&activity, place, list, int(i), isOut});
        m_lists[size_t(list)].entries.push_back(entry);
        QHash<QString, int> &names = m_lists[size_t(list)].names;
        if (!names.contains(activity.name))
            names.insert(activity.name, int(i));
        if (!m_names.contains(activity.name))
            m_names.insert(activity.name, entry);
        for (const ActivityBranch &branch : activity.branches)
            add(branch.activities, place + QStringLiteral(".typeProperties.") + branch.property, entry, isOut);
    }
}

QStringList PipelineScope::names() const { return m_names.keys(); }

bool PipelineScope::isInside(int entry, int container) const
{
    for (int at = containerOf(entry); at >= 0; at = containerOf(at)) {
        if (at == container)
            return true;
    }
    return false;
}

int PipelineScope::nearestContainer(int entry, QStringView type) const
{
    for (int at = containerOf(entry); at >= 0; at = containerOf(at)) {
        if (m_entries[size_t(at)].activity->type.compare(type, Qt::CaseInsensitive) == 0)
            return at;
    }
    return -1;
}

bool PipelineScope::isUpstream(int entry, int used) const
{
    const int wanted = m_entries[size_t(used)].list;
    for (int at = entry; at >= 0; at = containerOf(at)) {
        const Entry &here = m_entries[size_t(at)];
        if (here.list == wanted)
            return dependsOn(m_lists[size_t(wanted)], wanted, here.index, m_entries[size_t(used)].index);
    }
    return false;
}

bool PipelineScope::dependsOn(const List &list, int listIndex, int from, int on) const
{
    const size_t size = list.entries.size();
    if (from == on)
        return false;
    if (int(size) > longestExact)
        return true;
    std::vector<std::vector<quint64>> &before = m_before[listIndex];
    if (before.empty())
        before.resize(size);
    // Depth first from `from`; each activity is finished once, when all it waits for are.
    struct Step
    {
        int index;
        qsizetype next;
    };
    std::vector<Step> path;
    const auto begin = [&](int index) {
        before[size_t(index)].assign(size / 64 + 1, 0);
        path.push_back({index, 0});
    };
    if (before[size_t(from)].empty())
        begin(from);
    while (!path.empty()) {
        const int index = path.back().index;
        const QList<Dependency> &dependencies = m_entries[size_t(list.entries[size_t(index)])].activity->dependsOn;
        if (path.back().next == dependencies.size()) {
            for (const Dependency &dependency : dependencies) {
                const int other = list.names.value(dependency.activity, -1);
                if (other < 0)
                    continue;
                before[size_t(index)][size_t(other) / 64] |= quint64(1) << (other % 64);
                for (size_t i = 0; i < before[size_t(other)].size(); ++i)
                    before[size_t(index)][i] |= before[size_t(other)][i];
            }
            path.pop_back();
            continue;
        }
        const int other = list.names.value(dependencies[path.back().next++].activity, -1);
        if (other >= 0 && before[size_t(other)].empty())
            begin(other);
    }
    return ((before[size_t(from)][size_t(on) / 64] >> (on % 64)) & 1) != 0;
}

} // namespace engine
