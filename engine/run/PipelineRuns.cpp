#include "engine/run/PipelineRuns.h"

#include "engine/base/Log.h"

#include <QCoreApplication>
#include <QPointer>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PipelineRunsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineRuns)
};

} // namespace

PipelineRuns::PipelineRuns(PublishedVersions &versions, const PipelineRun::Parts &parts, QObject *parent)
    : QObject(parent)
    , m_versions(versions)
    , m_parts(parts)
{
}

PipelineRuns::~PipelineRuns() = default;

Result<std::shared_ptr<const RunPlan>> PipelineRuns::plan(const RunRecord &run) const
{
    const Result<PublishedFactory> published = m_versions.load(run.factory, run.version);
    if (!published)
        return published.error();
    Result<RunPlan> made =
        makeRunPlan(published->factory, published->files, published->record.path, run.pipeline, run.parameters);
    if (!made)
        return made.error();
    return std::make_shared<const RunPlan>(*std::move(made));
}

Result<RunRecord> PipelineRuns::prepare(const FactoryId &factory,
                                        const QString &pipeline,
                                        const Json &parameters,
                                        const Invoker &invoker,
                                        const Json &trigger) const
{
    const Result<PublishedFactory> published = m_versions.load(factory);
    if (!published)
        return published.error();
    const Result<RunPlan> made =
        makeRunPlan(published->factory, published->files, published->record.path, pipeline, parameters);
    if (!made)
        return made.error();
    RunRecord run;
    run.id = RunId::create();
    run.group = RunGroupId(run.id.text());
    run.factory = factory;
    run.version = published->version;
    run.pipeline = pipeline;
    run.parameters = made->parameters;
    run.invokedBy = invoker;
    run.trigger = trigger;
    run.queuedAt = m_parts.clock.now();
    run.lastUpdated = run.queuedAt;
    return run;
}

void PipelineRuns::recordRun(RunRecord run, std::function<void(Result<>)> done)
{
    run.lastUpdated = m_parts.clock.now();
    m_parts.journal.append({RunEvent{.at = run.lastUpdated, .factory = run.factory, .run = run.id, .body = run}},
                           [done = std::move(done)](const Result<> &recorded) {
                               if (done)
                                   done(recorded);
                               else if (!recorded)
                                   qCWarning(logRun).noquote() << recorded.error().message;
                           });
}

void PipelineRuns::create(const FactoryId &factory,
                          const QString &pipeline,
                          const Json &parameters,
                          QObject *context,
                          std::function<void(Result<RunRecord>)> done)
{
    const Result<RunRecord> run = prepare(factory, pipeline, parameters, {}, Json::object());
    if (!run) {
        done(run.error());
        return;
    }
    const QPointer<QObject> guard(context);
    const QPointer<PipelineRuns> self(this);
    recordRun(*run, [self, guard, run = *run, done = std::move(done)](const Result<> &recorded) {
        if (recorded && self)
            self->dispatch(run);
        if (!guard)
            return;
        if (recorded)
            done(run);
        else
            done(recorded.error());
    });
}

void PipelineRuns::dispatch(const RunRecord &run)
{
    m_queue.append(run);
    startQueued();
}

void PipelineRuns::startQueued()
{
    if (m_held)
        return;
    QMap<QString, int> busy;
    for (const auto &[id, run] : m_running)
        ++busy[run->record().factory.text() + u'/' + run->record().pipeline];
    QList<RunRecord> waiting;
    const QList<RunRecord> queue = std::exchange(m_queue, {});
    for (RunRecord run : queue) {
        const QString key = run.factory.text() + u'/' + run.pipeline;
        const Result<PublishedFactory> published = m_versions.load(run.factory, run.version);
        const int limit = published ? published->factory->pipelines.value(run.pipeline).concurrency : 0;
        if (limit > 0 && busy.value(key) >= limit) {
            const QString reason = PipelineRunsText::tr("waiting for an earlier run of %1 (%2 of %3 running)")
                                       .arg(run.pipeline)
                                       .arg(busy.value(key))
                                       .arg(limit);
            if (run.reason != reason) {
                run.reason = reason;
                recordRun(run);
            }
            waiting.append(run);
            continue;
        }
        ++busy[key];
        startOne(run);
    }
    m_queue = waiting + m_queue;
}

void PipelineRuns::startOne(const RunRecord &run)
{
    const Result<std::shared_ptr<const RunPlan>> made = plan(run);
    if (!made) {
        refuse(run, made.error());
        return;
    }
    auto started = std::make_unique<PipelineRun>(run, *made, m_parts);
    PipelineRun *const pipelineRun = started.get();
    adopt(std::move(started));
    pipelineRun->start();
}

void PipelineRuns::refuse(RunRecord run, const Error &error)
{
    run.status = after(run.status, RunInput::Refused).value_or(RunStatus::Failed);
    run.message = error.where.isEmpty() ? error.message : QStringLiteral("%1 [%2]").arg(error.message, error.where);
    run.reason.clear();
    run.end = m_parts.clock.now();
    recordRun(run);
}

void PipelineRuns::adopt(std::unique_ptr<PipelineRun> run)
{
    const RunId id = run->record().id;
    connect(run.get(), &PipelineRun::finished, this, [this, id] {
        const auto found = m_running.find(id);
        if (found == m_running.end())
            return;
        found->second.release()->deleteLater(); // it is still on the stack
        m_running.erase(found);
        startQueued();
    });
    m_running.emplace(id, std::move(run));
}

void PipelineRuns::cancel(const RunId &run, QObject *context, std::function<void(Result<>)> done)
{
    const QPointer<QObject> guard(context);
    if (const auto found = m_running.find(run); found != m_running.end()) {
        found->second->cancel();
        // The request is recorded in the order of the calls: an empty append comes back after it.
        m_parts.journal.append({}, [guard, done = std::move(done)](const Result<> &recorded) {
            if (guard)
                done(recorded);
        });
        return;
    }
    for (qsizetype i = 0; i < m_queue.size(); ++i) {
        if (m_queue.at(i).id != run)
            continue;
        RunRecord cancelled = m_queue.takeAt(i);
        cancelled.status = *after(cancelled.status, RunInput::CancelRequested);
        cancelled.reason.clear();
        cancelled.end = m_parts.clock.now();
        recordRun(cancelled, [guard, done = std::move(done)](const Result<> &recorded) {
            if (guard)
                done(recorded);
        });
        return;
    }
    const Result<std::optional<RunRecord>> known = m_parts.journal.run(run);
    if (!known)
        done(known.error());
    else if (!*known)
        done(Error{ErrorCode::NotFound, PipelineRunsText::tr("There is no run %1.").arg(run.text()), run.text()});
    else
        done(Error{ErrorCode::Conflict,
                   PipelineRunsText::tr("Run %1 has ended already (%2); there is nothing to cancel.")
                       .arg(run.text(), toString((*known)->status)),
                   run.text()});
}

Result<> PipelineRuns::recover()
{
    const Result<QList<RunRecord>> unfinished = m_parts.journal.unfinishedRuns();
    if (!unfinished)
        return unfinished.error();
    for (const RunRecord &run : *unfinished) {
        if (run.status == RunStatus::Queued) {
            m_queue.append(run);
            continue;
        }
        const Result<std::shared_ptr<const RunPlan>> made = plan(run);
        if (!made) {
            refuse(run, made.error());
            continue;
        }
        const Result<QList<ActivityRecord>> activities = m_parts.journal.activities(run.id);
        const Result<QList<AttemptRecord>> attempts = m_parts.journal.attempts(run.id);
        const Result<QList<CellRecord>> cells = m_parts.journal.cells(run.id);
        if (!activities || !attempts || !cells)
            return !activities ? activities.error() : !attempts ? attempts.error() : cells.error();
        auto resumed = std::make_unique<PipelineRun>(run, *made, m_parts);
        PipelineRun *const pipelineRun = resumed.get();
        adopt(std::move(resumed));
        pipelineRun->resume({*activities, *attempts, *cells});
    }
    startQueued();
    return {};
}

int PipelineRuns::active() const { return int(m_running.size()) + int(m_queue.size()); }

void PipelineRuns::setHeld(bool held)
{
    m_held = held;
    if (!held)
        startQueued();
}

} // namespace engine

#include "moc_PipelineRuns.cpp"
