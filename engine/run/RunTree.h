#pragma once

#include "engine/run/ActivityRunner.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace engine {

struct ActivityNode;

// The activities of one list at work: those of the pipeline itself, of a branch, or of one iteration of a loop. Owns
// its nodes; ends when all of them have. Engine loop.
struct ActivityScope
{
    ActivityScope(const QList<Activity> &list, const RunId &run, const QString &pipeline, const QString &pathPrefix);
    ~ActivityScope();
    Q_DISABLE_COPY_MOVE(ActivityScope)

    const QList<Activity> &activities; // of the plan, which outlives this
    QString prefix; // of the paths: "", "Loop[3]/", "Loop[3]/Choice/"
    ActivityNode *container = nullptr; // nullptr: the pipeline
    int iteration = 0; // 0-based, of ForEach and Until
    Json item; // of ForEach
    std::vector<std::shared_ptr<ActivityNode>> nodes; // one each of `activities`, in their order

    ActivityNode *find(const QString &name) const; // nullptr when there is none
    ActivityScope *outer() const; // that of the container; nullptr for the pipeline
    bool hasEnded() const;
    bool hasSucceeded() const; // by the leaf rule
    const ActivityNode *firstFailed() const; // nullptr when none has failed
    QMap<QString, ActivityStatus> statuses() const; // an inactive activity counts as what it is marked as
};

// What a container has done of its work.
struct ContainerProgress
{
    std::vector<std::unique_ptr<ActivityScope>> scopes; // under way
    std::unique_ptr<ActivityScope> lastRound; // of Until: its expression reads what ran in it
    Json items = Json::array(); // of ForEach
    int next = 0; // the iteration to begin next
    int atOnce = 1; // iterations side by side
    int failed = 0; // iterations
    RunError firstError; // of a failed iteration
    bool hasTimedOut = false;
};

// One activity run on its way from Pending to its end. Held by its scope; what waits for a place, a timer or the store
// keeps a weak pointer.
struct ActivityNode : std::enable_shared_from_this<ActivityNode>
{
    const Activity *written = nullptr; // in the plan
    std::shared_ptr<const Activity> resolved; // its expressions evaluated; nullptr before it begins
    ActivityScope *scope = nullptr;
    ActivityRecord record;
    Json output = Json::object(); // as expressions read it, also when the policy hides it in the record
    std::optional<Json> value; // what activity('name') gives, once it has ended
    bool readsHidden = false; // its expressions have read what another activity hides
    Json hidden = Json::object(); // what the record does not show: "input", "output", "activity", "variable"

    std::optional<AttemptRecord> attempt; // the last one
    int userRetries = 0; // attempts that the policy's retry paid for
    int systemRetries = 0;
    ActivityRunner::Lease lease;
    std::unique_ptr<ActivityExecution> execution;
    Clock::TimerId timer = 0;
    bool resolving = false; // the sink is being asked
    bool isInQueue = false;

    std::unique_ptr<ContainerProgress> inside; // of a container in progress

    bool isContainer() const { return engine::isContainer(written->type); }
    const Activity &activity() const { return resolved ? *resolved : *written; }
    // By its policy, or because it reads what another one hides. An activity that only works on values gives away in
    // its output what it was given.
    bool hidesInput() const;
    bool hidesOutput() const;
    const Json &input() const; // as it is, also when the record hides it
};

} // namespace engine
