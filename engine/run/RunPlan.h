#pragma once

#include "engine/model/Factory.h"
#include "engine/model/Validator.h"
#include "engine/records/Records.h"

#include <memory>
#include <optional>

namespace engine {

// What a run will do, made before anything starts: the pipeline of a published version with its parameters bound.
struct RunPlan
{
    std::shared_ptr<const Factory> factory;
    std::shared_ptr<const FileTree> files; // of the pinned version
    QString folder; // the factory folder: where relative paths of bindings start
    QString pipeline;
    Json parameters = Json::object(); // name → value, defaults filled in, converted to the declared types

    std::optional<QList<Activity>> selection =
        {}; // of a debug run that ends at one activity: that one and what it needs

    const Pipeline &definition() const { return *factory->pipelines.constFind(pipeline); }
    const QList<Activity> &activities() const { return selection ? *selection : definition().activities; }
};

// Which run is asked for. Borrows the parameters.
struct RunWish
{
    QString pipeline;
    const Json &parameters; // those given, by name
    std::optional<DebugOptions> debug = {};
};

// Binds the given parameters to the pipeline's. Errors: NotFound (no such pipeline, no such activity to stop at),
// InvalidInput (unknown or missing parameter, wrong type, or the first validation error of what the run needs), each
// naming where. A kernel that only activities need whose outcome is given, or that are left out, may be missing.
Result<RunPlan> makeRunPlan(std::shared_ptr<const Factory> factory,
                            std::shared_ptr<const FileTree> files,
                            const QString &folder,
                            const RunWish &wish,
                            const KnownMachine &machine = {});

// The activity and everything it waits for, in the order of the pipeline. NotFound names what there is.
Result<QList<Activity>> activitiesUntil(const Pipeline &pipeline, const QString &activity);

// How a dependency stands. `status` of an inactive activity is what it is marked as.
enum class Readiness { Waiting, Met, Unmet };
Readiness readiness(const Activity &activity, const QMap<QString, ActivityStatus> &statusByName);

// Data Factory's rule: every leaf, or for a skipped leaf its parents, must have succeeded.
bool succeedsByLeafRule(const QList<Activity> &activities, const QMap<QString, ActivityStatus> &statusByName);

// What an inactive activity counts as for its successors.
ActivityStatus markedAs(const Activity &activity);

// The plan as text, one line an activity: for tests, logs and bug reports.
QString printPlan(const RunPlan &plan);

} // namespace engine
