#pragma once

#include "engine/base/Json.h"

#include <QHash>
#include <QList>
#include <QPointF>
#include <QString>
#include <QStringList>

#include <functional>

namespace designer {

// Where activities stand in a pipeline file: in its own list, and in the lists of containers at any depth. Places are
// paths below "properties": "activities[1].typeProperties.ifTrueActivities[0]". Pure.

struct BranchPlace
{
    QString property; // below typeProperties: "ifTrueActivities", "cases[1].activities"
    QString label; // translated: "True", "Default"; the value of a case; empty where there is one list only
    bool operator==(const BranchPlace &) const = default;
};

QList<BranchPlace> branchesOf(const engine::Json &activity); // none: it is no container
// A list of activities by its place: "activities", "activities[1].typeProperties.activities"; a null when it is not
// there.
const engine::Json &activityList(const engine::Json &pipelineFile, const QString &place);

// Every activity, containers before what is in them. `names` are those of its containers, from outside.
void visitActivities(
    const engine::Json &pipelineFile,
    const std::function<void(const engine::Json &activity, const QString &place, const QStringList &names)> &visit);
QString activityPlace(const engine::Json &pipelineFile, const QString &name); // of the first with it; empty = none
QString listOf(const QString &activityPlace); // the list it stands in: without its "[0]"
QStringList activityNames(const engine::Json &pipelineFile); // all

// Activities are known by paths where a name is not enough: in layouts, options and records, "Loop/Load".
QString activityPath(const engine::Json &pipelineFile, const QString &name);
// Iterations stay: "Loop[3]/Load".
QString renamedPath(const QString &path, const QHash<QString, QString> &names);

// The way to a list of activities that is inside of containers, by their names: it outlives other changes of the file.
struct BranchStep
{
    QString container;
    QString property; // as in BranchPlace
    bool operator==(const BranchStep &) const = default;
};
using BranchPath = QList<BranchStep>; // empty: the pipeline's own list

BranchPath branchPathTo(const engine::Json &pipelineFile, const QString &place); // of a list, activity or property
QString listPlace(const engine::Json &pipelineFile, const BranchPath &path); // empty when a step is not there

// A list of activities as a pipeline file of its own, for what works with whole pipelines.
engine::Json partOf(const engine::Json &pipelineFile, const QString &list);
engine::Json withPart(engine::Json pipelineFile, const QString &list, const engine::Json &part);

} // namespace designer
