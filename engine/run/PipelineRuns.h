#pragma once

#include "engine/run/PipelineRun.h"
#include "engine/run/PublishedVersions.h"

#include <QObject>

#include <QMap>

#include <functional>
#include <map>
#include <memory>

namespace engine {

// Another run of what has run already, from its start.
struct Rerun
{
    RunId of;
    // Values that differ from those of `of`, by name. A parameter that the pipeline has no more is left out.
    Json parameters = Json::object();
    enum class Group { Same, Own } group = Group::Same; // Same: a recovery, and the latest of its group from then on
};

// A run of the draft (experience.md): never among the production runs.
struct DebugRun
{
    FactoryId factory;
    QString pipeline;
    Json parameters = Json::object();
    DebugOptions options = {};
    QMap<QString, QByteArray> unsaved = {}; // files whose content is not in the folder yet
};

// A run that an activity of another run starts.
struct ChildRun
{
    RunId id; // known beforehand, so that after a restart the same run is found again
    std::shared_ptr<const RunRecord> parent;
    QString pipeline;
    Json parameters = Json::object();
};

// All runs under way: makes them, starts them as their pipeline's concurrency allows, cancels them, and takes up what
// an earlier engine left. Engine loop.
class PipelineRuns final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PipelineRuns)

public:
    PipelineRuns(PublishedVersions &versions, const PipelineRun::Parts &parts, QObject *parent = nullptr);
    ~PipelineRuns() override;

    // A Queued run of the published version, not recorded yet. `parameters` as a trigger writes them: with expressions
    // that read `trigger`. Errors as makeRunPlan.
    Result<RunRecord> prepare(const FactoryId &factory,
                              const QString &pipeline,
                              const Json &parameters,
                              const Invoker &invoker,
                              const Json &trigger) const;
    void dispatch(const RunRecord &run); // once it is recorded as Queued

    // prepare, record, dispatch. `done` after the run is recorded.
    void create(const FactoryId &factory,
                const QString &pipeline,
                const Json &parameters,
                QObject *context,
                std::function<void(Result<RunRecord>)> done);

    // Keeps the draft, then as create(). Errors of files that the pipeline is read from are named.
    void debug(const DebugRun &wish, QObject *context, std::function<void(Result<RunRecord>)> done);

    // Of the parent's version; a child of a debug run is one. A run of that id that exists already is given back as it
    // is. InvalidInput too when pipelines start each other too deep.
    void createChild(const ChildRun &wish, QObject *context, std::function<void(Result<RunRecord>)> done);

    // As create(), of the pipeline as it is published now; a debug run again of its draft. NotFound; Conflict while
    // `of` has not ended.
    void rerun(const Rerun &wish, QObject *context, std::function<void(Result<RunRecord>)> done);

    // NotFound; Conflict when the run is in a terminal state already. `done` after the request is recorded.
    void cancel(const RunId &run, QObject *context, std::function<void(Result<>)> done);

    // At start-up, before anything is dispatched: every unfinished run goes on or is settled.
    Result<> recover();

    int active() const; // queued and running
    void setHeld(bool held); // while held nothing is taken from the queue

signals:
    void ended(const engine::RunRecord &run); // terminal and recorded

private:
    void startQueued();
    void startOne(const RunRecord &run);
    void refuse(RunRecord run, const Error &error);
    Result<std::shared_ptr<const RunPlan>> plan(const RunRecord &run) const;
    struct Wanted;
    Result<RunRecord> prepareOf(const Result<PublishedFactory> &version, const Wanted &wanted) const;
    int depthOf(RunRecord run) const; // of ExecutePipeline within ExecutePipeline
    void adopt(std::unique_ptr<PipelineRun> run);
    void recordRun(RunRecord run, std::function<void(Result<>)> done = {});
    void recordNew(const RunRecord &run,
                   QList<RunEvent> others,
                   QObject *context,
                   std::function<void(Result<RunRecord>)> done);
    Result<RunRecord> prepareRerun(const Rerun &wish) const;

    PublishedVersions &m_versions;
    PipelineRun::Parts m_parts;
    std::map<RunId, std::unique_ptr<PipelineRun>> m_running;
    QList<RunRecord> m_queue; // oldest first
    bool m_held = false;
};

} // namespace engine
