#pragma once

#include "designer/canvas/PipelineGraph.h"
#include "engine/base/Result.h"

namespace engine {
struct ActivityDescriptor;
}

namespace designer::edits {

// Changes of a pipeline file: take the file, return the changed one; what they do not know survives, and so does the
// order of everything. Activities are named by the ids of activityIds(). Pure. Messages of errors say what to do.

// A name nobody has, in any case: `wish` itself, else its stem with the next free number. `elsewhere`: names that are
// taken in other lists of the same pipeline.
QString freeActivityName(const engine::Json &file, const QString &wish, const QStringList &elsewhere = {});
engine::Json newActivity(const engine::ActivityDescriptor &descriptor, const QString &name);
engine::Json addActivity(engine::Json file, const engine::Json &activity);
// With the dependencies on them. `heals`: what waited for a removed one waits for what that one waited for.
engine::Json removeActivities(engine::Json file, const QStringList &ids, bool heals = false);
engine::Json setInactive(engine::Json file, const QStringList &ids, bool inactive);

// There is one dependency at most between two activities: a further condition is added to it. Conflict for a cycle;
// unchanged when the condition is there already.
engine::Result<engine::Json>
connect(engine::Json file, const QString &from, const QString &to, DependencyCondition condition);
engine::Json disconnect(engine::Json file, const QString &from, const QString &to);
// `conditions` is not empty; unchanged when nothing links the two.
engine::Json
setConditions(engine::Json file, const QString &from, const QString &to, const QList<DependencyCondition> &conditions);

// Copies, as an array, in the order of the file.
engine::Json copyOf(const engine::Json &file, const QStringList &ids);

struct Pasted
{
    engine::Json file;
    QStringList ids; // of the new activities, in the order of `activities`
};
// With free names, also of what is in containers; dependencies and expressions among them follow, dependencies on
// others are left out. `elsewhere`: as above.
Pasted paste(engine::Json file, const engine::Json &activities, const QStringList &elsewhere = {});

} // namespace designer::edits
