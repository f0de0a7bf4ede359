#pragma once

#include "engine/model/Factory.h"

#include <QHash>
#include <QList>
#include <QPointF>
#include <QString>
#include <QStringList>

#include <array>

namespace designer {

using engine::DependencyCondition;

// The four conditions in the order of a node's ports, top down.
inline constexpr std::array portOrder{DependencyCondition::Succeeded,
                                      DependencyCondition::Failed,
                                      DependencyCondition::Completed,
                                      DependencyCondition::Skipped};
QString conditionWord(DependencyCondition condition); // translated

// One list of activities inside of a container, as its node shows it.
struct GraphBranch
{
    QString property = {}; // see BranchPlace
    QString label = {};
    int count = 0;
    QStringList names = {}; // of the first few
    QStringList icons = {};
    bool operator==(const GraphBranch &) const = default;
};

struct GraphNode
{
    QString id; // the name; of a second activity with the same name, or one without, another text: see activityIds()
    QString name;
    QString type; // as written
    QString title; // of the type, translated: "Notebook"
    QString icon;
    QString summary; // the second line
    bool isInactive = false;
    bool isKnown = true; // this build runs it
    bool isLoop = false; // what is inside runs several times
    QList<GraphBranch> branches; // of a container
    bool operator==(const GraphNode &) const = default;
};

// The dependencies of `to` on `from`; several entries of a file for the same two are one link.
struct GraphLink
{
    int from = 0; // index of a node
    int to = 0;
    QList<DependencyCondition> conditions; // in the order of the ports, never empty
    bool operator==(const GraphLink &) const = default;
};

// What the canvas draws of a pipeline file: nodes in the order of "activities", so that indexes are those of the
// Validator's places. Dependencies on nothing are left out. A value; pure.
struct PipelineGraph
{
    QList<GraphNode> nodes;
    QList<GraphLink> links;
    QHash<QString, int> indexes; // by id

    static PipelineGraph fromJson(const engine::Json &pipelineFile);
    int indexOf(const QString &id) const { return indexes.value(id, -1); }
    QStringList ids() const;
    const GraphLink *link(int from, int to) const; // nullptr when there is none
    bool reaches(int from, int to) const; // along links, in any number of steps; also when they are the same
    QList<int> sourcesOf(int node) const;
    QList<int> targetsOf(int node) const;
    bool operator==(const PipelineGraph &) const = default;
};

} // namespace designer
