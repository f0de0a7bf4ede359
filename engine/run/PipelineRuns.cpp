#include "engine/run/PipelineRuns.h"

#include "engine/base/Log.h"
#include "engine/expression/Expression.h"
#include "engine/model/EntityFile.h"
#include "engine/model/ResolvedEntities.h"

#include <QCoreApplication>
#include <QPointer>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PipelineRunsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineRuns)
};

constexpr int deepestChild = 32;

// What the parameters that a trigger gives can ask for.
class TriggerValues final : public ValueResolver
{
public:
    TriggerValues(const Json &trigger, Instant now)
        : m_trigger(triggerValue(trigger))
        , m_body(memberAt(m_trigger, "body"))
        , m_now(now)
    {
    }

    Result<const Json *> root(ExpressionRoot root, const std::string &) override
    {
        if (root == ExpressionRoot::Trigger)
            return &m_trigger;
        if (root == ExpressionRoot::TriggerBody)
            return &m_body;
        return Error{
            ErrorCode::InvalidInput, PipelineRunsText::tr("Here only trigger() and triggerBody() have a value."), {}};
    }
    Instant now() const override { return m_now; }

private:
    const Json m_trigger;
    const Json m_body;
    Instant m_now;
};

RunEvent eventOf(const RunRecord &run)
{
    return {.at = run.lastUpdated, .factory = run.factory, .run = run.id, .body = run};
}

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
    Result<RunPlan> made = makeRunPlan(published->factory,
                                       published->files,
                                       published->record.path,
                                       {.pipeline = run.pipeline, .parameters = run.parameters, .debug = run.debug},
                                       m_versions.machine());
    if (!made)
        return made.error();
    return std::make_shared<const RunPlan>(*std::move(made));
}

struct PipelineRuns::Wanted
{
    QString pipeline;
    const Json &parameters;
    Invoker invoker = {};
    Json trigger = Json::object();
    std::optional<DebugOptions> debug = {};
};

Result<RunRecord> PipelineRuns::prepareOf(const Result<PublishedFactory> &version, const Wanted &wanted) const
{
    if (!version)
        return version.error();
    const Result<RunPlan> made =
        makeRunPlan(version->factory,
                    version->files,
                    version->record.path,
                    {.pipeline = wanted.pipeline, .parameters = wanted.parameters, .debug = wanted.debug},
                    m_versions.machine());
    if (!made)
        return made.error();
    RunRecord run;
    run.id = RunId::create();
    run.group = RunGroupId(run.id.text());
    run.factory = version->record.id;
    run.version = version->version;
    run.pipeline = made->pipeline; // as it is spelled where it is made
    run.parameters = made->parameters;
    run.invokedBy = wanted.invoker;
    run.trigger = wanted.trigger;
    run.debug = wanted.debug;
    run.queuedAt = m_parts.clock.now();
    run.lastUpdated = run.queuedAt;
    return run;
}

Result<RunRecord> PipelineRuns::prepare(const FactoryId &factory,
                                        const QString &pipeline,
                                        const Json &parameters,
                                        const Invoker &invoker,
                                        const Json &trigger) const
{
    TriggerValues values(trigger, m_parts.clock.now());
    const Result<Json> evaluated = evaluateAll(parameters, values, QStringLiteral("trigger/%1.json").arg(invoker.name));
    if (!evaluated)
        return evaluated.error();
    return prepareOf(m_versions.load(factory),
                     {.pipeline = pipeline, .parameters = *evaluated, .invoker = invoker, .trigger = trigger});
}

void PipelineRuns::debug(const DebugRun &wish, QObject *context, std::function<void(Result<RunRecord>)> done)
{
    const QPointer<QObject> guard(context);
    m_versions.keepDraft(
        wish.factory,
        wish.unsaved,
        this,
        [this, guard, wish, done = std::move(done)](const Result<PublishedFactory> &draft) {
            if (!guard)
                return;
            if (draft && entityNamed(draft->factory->pipelines, wish.pipeline) == nullptr) {
                for (const Problem &problem : draft->problems) {
                    if (problem.severity == Problem::Severity::Error
                        && entityKindOf(fileOf(problem)) == EntityKind::Pipeline
                        && entityNameByFile(fileOf(problem)) == wish.pipeline) {
                        done(Error{ErrorCode::InvalidInput, problem.message, problem.where});
                        return;
                    }
                }
            }
            const Result<RunRecord> run =
                prepareOf(draft, {.pipeline = wish.pipeline, .parameters = wish.parameters, .debug = wish.options});
            if (run)
                recordNew(*run, {}, guard, done);
            else
                done(run.error());
        });
}

int PipelineRuns::depthOf(RunRecord run) const
{
    int depth = 0;
    while (!run.invokedBy.run.isEmpty() && depth <= deepestChild) {
        const Result<std::optional<RunRecord>> parent = m_parts.journal.run(run.invokedBy.run);
        if (!parent || !*parent)
            break;
        run = **parent;
        ++depth;
    }
    return depth;
}

void PipelineRuns::createChild(const ChildRun &wish, QObject *context, std::function<void(Result<RunRecord>)> done)
{
    if (const Result<std::optional<RunRecord>> known = m_parts.journal.run(wish.id); !known || *known) {
        if (known)
            done(**known);
        else
            done(known.error());
        return;
    }
    const RunRecord &parent = *wish.parent;
    if (depthOf(parent) >= deepestChild) {
        done(Error{ErrorCode::InvalidInput,
                   PipelineRunsText::tr("Pipelines start each other more than %1 deep; does %2 start itself?")
                       .arg(deepestChild)
                       .arg(wish.pipeline),
                   QStringLiteral("pipeline/%1.json").arg(parent.pipeline)});
        return;
    }
    Wanted wanted{.pipeline = wish.pipeline, .parameters = wish.parameters};
    wanted.invoker = {.name = parent.pipeline,
                      .type = QStringLiteral("PipelineActivity"),
                      .id = parent.id.text(),
                      .pipeline = parent.pipeline,
                      .run = parent.id};
    wanted.trigger = parent.trigger;
    if (parent.debug)
        wanted.debug = DebugOptions{};
    Result<RunRecord> run = prepareOf(m_versions.load(parent.factory, parent.version), wanted);
    if (!run) {
        done(run.error());
        return;
    }
    run->id = wish.id;
    run->group = RunGroupId(wish.id.text());
    recordNew(*run, {}, context, std::move(done));
}

void PipelineRuns::recordRun(RunRecord run, std::function<void(Result<>)> done)
{
    run.lastUpdated = m_parts.clock.now();
    m_parts.journal.append({eventOf(run)}, [done = std::move(done)](const Result<> &recorded) {
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
    const Result<RunRecord> run = prepareOf(m_versions.load(factory), {.pipeline = pipeline, .parameters = parameters});
    if (!run) {
        done(run.error());
        return;
    }
    recordNew(*run, {}, context, std::move(done));
}

// `others` become true together with the run, or not at all.
void PipelineRuns::recordNew(const RunRecord &run,
                             QList<RunEvent> others,
                             QObject *context,
                             std::function<void(Result<RunRecord>)> done)
{
    const QPointer<QObject> guard(context);
    const QPointer<PipelineRuns> self(this);
    others.append(eventOf(run));
    m_parts.journal.append(others, [self, guard, run, done = std::move(done)](const Result<> &recorded) {
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

Result<RunRecord> PipelineRuns::prepareRerun(const Rerun &wish) const
{
    const Result<std::optional<RunRecord>> known = m_parts.journal.run(wish.of);
    if (!known)
        return known.error();
    if (!*known)
        return Error{
            ErrorCode::NotFound, PipelineRunsText::tr("There is no run %1.").arg(wish.of.text()), wish.of.text()};
    const RunRecord &old = **known;
    if (!isTerminal(old.status))
        return Error{ErrorCode::Conflict,
                     PipelineRunsText::tr("Run %1 has not ended yet (%2); wait for its end or cancel it first.")
                         .arg(old.id.text(), toString(old.status)),
                     old.id.text()};
    const Result<PublishedFactory> published = m_versions.load(old.factory, old.debug ? old.version : 0);
    if (!published)
        return published.error();
    const Pipeline *const pipeline = entityNamed(published->factory->pipelines, old.pipeline);
    Json parameters = Json::object();
    for (const auto &item : old.parameters.items()) {
        if (pipeline != nullptr && pipeline->parameters.contains(toQString(item.key())))
            parameters[item.key()] = item.value();
    }
    for (const auto &item : wish.parameters.items())
        parameters[item.key()] = item.value();
    Result<RunRecord> run = prepareOf(
        published, {.pipeline = old.pipeline, .parameters = parameters, .trigger = old.trigger, .debug = old.debug});
    if (run && wish.group == Rerun::Group::Same) {
        run->group = old.group;
        run->rerunOf = old.id;
    }
    return run;
}

void PipelineRuns::rerun(const Rerun &wish, QObject *context, std::function<void(Result<RunRecord>)> done)
{
    const Result<RunRecord> run = prepareRerun(wish);
    if (!run) {
        done(run.error());
        return;
    }
    QList<RunEvent> others;
    if (wish.group == Rerun::Group::Same) {
        using Condition = RunFilter::Condition;
        const Result<QList<RunRecord>> group = m_parts.journal.runs(
            {.kind = RunKind::All,
             .conditions = {{Condition::Operand::RunGroup, Condition::Operator::Equals, {run->group.text()}},
                            {Condition::Operand::LatestOnly, Condition::Operator::Equals, {QStringLiteral("true")}}}});
        if (!group) {
            done(group.error());
            return;
        }
        for (RunRecord earlier : *group) {
            // A rerun under way writes its own record; only what has ended is ours to change.
            if (!isTerminal(earlier.status)) {
                done(Error{ErrorCode::Conflict,
                           PipelineRunsText::tr("Run %1 repeats this run already (%2); wait for its end or cancel it "
                                                "first.")
                               .arg(earlier.id.text(), toString(earlier.status)),
                           earlier.id.text()});
                return;
            }
            earlier.isLatest = false;
            earlier.lastUpdated = run->queuedAt;
            others.append(eventOf(earlier));
        }
    }
    recordNew(*run, others, context, std::move(done));
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
    const QPointer<PipelineRuns> self(this);
    recordRun(run, [self, run](const Result<> &recorded) {
        if (recorded && self)
            emit self->ended(run);
        else if (!recorded)
            qCWarning(logRun).noquote() << recorded.error().message;
    });
}

void PipelineRuns::adopt(std::unique_ptr<PipelineRun> run)
{
    const RunId id = run->record().id;
    connect(run.get(), &PipelineRun::finished, this, [this, id] {
        const auto found = m_running.find(id);
        if (found == m_running.end())
            return;
        const RunRecord record = found->second->record();
        found->second.release()->deleteLater(); // it is still on the stack
        m_running.erase(found);
        emit ended(record);
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
        const QPointer<PipelineRuns> self(this);
        recordRun(cancelled, [self, cancelled, guard, done = std::move(done)](const Result<> &recorded) {
            if (recorded && self)
                emit self->ended(cancelled);
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
        const Result<QHash<QString, Json>> hidden = m_parts.journal.hidden(run.id);
        if (!activities || !attempts || !cells)
            return !activities ? activities.error() : !attempts ? attempts.error() : cells.error();
        if (!hidden)
            return hidden.error();
        auto resumed = std::make_unique<PipelineRun>(run, *made, m_parts);
        PipelineRun *const pipelineRun = resumed.get();
        adopt(std::move(resumed));
        pipelineRun->resume({*activities, *attempts, *cells, *hidden});
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
