#pragma once

#include "engine/model/Factory.h"

#include <QHash>

#include <vector>

namespace engine {

// Where each activity of a pipeline stands: in which list, inside of which container, after which others. Made once per
// pipeline and linear in its size. Borrows the pipeline. One thread at a time.
class PipelineScope
{
public:
    struct Entry
    {
        const Activity *activity = nullptr;
        QString path; // "activities[1].typeProperties.ifTrueActivities[0]"
        int list = 0;
        int index = 0; // in the list
        bool isInactive = false; // it, or a container it is in
    };
    struct List
    {
        QString path; // "activities"
        int container = -1; // entry; -1: the pipeline
        std::vector<int> entries;
        QHash<QString, int> names; // → index in the list; of one name the first
    };

    explicit PipelineScope(const Pipeline &pipeline);

    const std::vector<Entry> &entries() const { return m_entries; } // containers before what is in them
    const std::vector<List> &lists() const { return m_lists; }

    int find(const QString &name) const { return m_names.value(name, -1); } // entry; -1: none
    QStringList names() const;
    int containerOf(int entry) const { return m_lists[size_t(m_entries[size_t(entry)].list)].container; }
    bool isInside(int entry, int container) const; // at any depth
    int nearestContainer(int entry, QStringView type) const; // entry of that type around it; -1: none

    // `used` has ended whenever `entry` starts: one of those it depends on, directly or not, or one that a container it
    // is in depends on. In a list of more than `longestExact`, all of it counts.
    bool isUpstream(int entry, int used) const;
    static constexpr int longestExact = 8192;

private:
    void add(const QList<Activity> &activities, const QString &path, int container, bool isInactive);
    bool dependsOn(const List &list, int listIndex, int from, int on) const;

    std::vector<Entry> m_entries;
    std::vector<List> m_lists;
    QHash<QString, int> m_names;
    // Of lists that were asked about: which activities each one comes after, as bits.
    mutable QHash<int, std::vector<std::vector<quint64>>> m_before;
};

} // namespace engine
