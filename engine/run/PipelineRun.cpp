#include "engine/run/PipelineRun.h"

#include "engine/base/Log.h"
#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QPointer>

namespace engine {

namespace {

constexpr Millis recordAgainAfter{2000};
constexpr Millis longestTurn{8}; // of the engine loop, before others come to theirs
constexpr int stepsBetweenLooks = 32; // at the clock
constexpr int mostStepsATurn = 2000;
constexpr qsizetype mostUnrecorded = 4096; // events: then the store has to catch up first

// The context of this file's texts for translators.
struct PipelineRunText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineRun)
};

} // namespace

PipelineRun::PipelineRun(RunRecord record, std::shared_ptr<const RunPlan> plan, const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_record(std::move(record))
    , m_plan(std::move(plan))
    , m_runners(parts.runners)
    , m_journal(parts.journal)
    , m_telemetry(parts.telemetry)
    , m_clock(parts.clock)
    , m_secrets(parts.secrets)
    , m_values(m_record, *m_plan)
    , m_root(m_plan->activities(), m_record.id, m_record.pipeline, {})
{
}

PipelineRun::~PipelineRun()
{
    const auto cancelTimers = [this](const auto &self, const Scope &scope) -> void {
        for (const auto &node : scope.nodes) {
            m_clock.cancel(node->timer);
            if (!node->inside)
                continue;
            for (const auto &inner : node->inside->scopes)
                self(self, *inner);
        }
    };
    cancelTimers(cancelTimers, m_root);
}

void PipelineRun::start()
{
    setRun(RunInput::SlotFree);
    m_record.start = m_clock.now();
    m_record.reason.clear();
    Bodies bodies{m_record};
    for (const auto &node : m_root.nodes)
        bodies.append(node->record);
    advance(m_root, bodies);
    proceed(std::move(bodies));
}

void PipelineRun::cancel()
{
    if (m_record.status != RunStatus::InProgress)
        return;
    setRun(RunInput::CancelRequested);
    record({m_record}, [this] {
        if (isTerminal(m_record.status))
            return; // everything had ended by itself meanwhile
        Bodies bodies;
        stopScope(m_root, bodies);
        advance(m_root, bodies);
        proceed(std::move(bodies));
    });
}

// --- recording -----------------------------------------------------------------------------------------------------

void PipelineRun::record(Bodies bodies, std::function<void()> then)
{
    QList<RunEvent> events;
    const Instant now = m_clock.now();
    for (RunEvent::Body &body : bodies) {
        if (auto *run = std::get_if<RunRecord>(&body))
            run->lastUpdated = now;
        events.append({.at = now, .factory = m_record.factory, .run = m_record.id, .body = std::move(body)});
    }
    if (events.isEmpty()) {
        if (then)
            then();
        return;
    }
    m_unrecorded += events.size();
    const qsizetype count = events.size();
    const auto recorded = [this, count, then = std::move(then)] {
        m_unrecorded -= count;
        if (then)
            then();
        if (!m_queue.empty())
            proceedLater();
    };
    appendUntilRecorded(std::move(events), recorded, std::exchange(m_hidden, {}));
}

void PipelineRun::hide(Node &node, const char *what, const Json &value)
{
    node.hidden[what] = value;
    node.hidden["readsHidden"] = node.readsHidden;
    const HiddenValue hidden{m_record.id, node.record.id, node.hidden};
    if (!m_hidden.isEmpty() && m_hidden.last().activityRun == node.record.id)
        m_hidden.last() = hidden;
    else
        m_hidden.append(hidden);
}

void PipelineRun::setInput(Node &node, const Json &input)
{
    const bool isHidden = node.hidesInput();
    node.record.input = isHidden ? Json::object({{"secureInput", true}}) : input;
    if (isHidden)
        hide(node, "input", input);
}

void PipelineRun::appendUntilRecorded(QList<RunEvent> events, std::function<void()> then, QList<HiddenValue> hidden)
{
    const QPointer<PipelineRun> self(this);
    const auto appended = [self, events, hidden, then = std::move(then)](const Result<> &recorded) {
        if (!self)
            return;
        if (recorded) {
            if (then)
                then();
            return;
        }
        const ErrorCode code = recorded.error().code;
        if (code == ErrorCode::Conflict || code == ErrorCode::InvalidInput) {
            // Another engine has the store now, or the run has ended in it: whatever is recorded there is the truth.
            qCCritical(logRun).noquote() << "Run" << self->m_record.id.text()
                                         << "stops here:" << recorded.error().message;
            return;
        }
        qCWarning(logRun).noquote() << "Run" << self->m_record.id.text()
                                    << "waits for the store:" << recorded.error().message;
        self->m_clock.after(
            recordAgainAfter, self, [self, events, hidden, then] { self->appendUntilRecorded(events, then, hidden); });
    };
    m_journal.append(events, appended, hidden);
}

// --- deciding ------------------------------------------------------------------------------------------------------

void PipelineRun::setRun(RunInput input)
{
    const std::optional<RunStatus> next = after(m_record.status, input);
    Q_ASSERT(next);
    m_record.status = *next;
}

void PipelineRun::enqueue(Node &node)
{
    if (node.isInQueue)
        return;
    node.isInQueue = true;
    m_queue.push_back(&node);
}

void PipelineRun::proceedLater()
{
    if (m_willProceed)
        return;
    m_willProceed = true;
    postTo(this, [this] {
        m_willProceed = false;
        proceed();
    });
}

void PipelineRun::proceed(Bodies bodies)
{
    Starts starts;
    const Millis end = m_clock.monotonic() + longestTurn;
    for (int steps = 0; !m_queue.empty() && m_unrecorded + bodies.size() < mostUnrecorded; ++steps) {
        if (steps == mostStepsATurn || (steps % stepsBetweenLooks == 0 && m_clock.monotonic() > end))
            break;
        Node *const node = m_queue.front();
        m_queue.pop_front();
        node->isInQueue = false;
        step(*node, bodies, starts);
    }
    const bool ended = isTerminal(m_record.status) && !std::exchange(m_isFinishing, isTerminal(m_record.status));
    record(std::move(bodies), [this, starts, ended] {
        for (const std::weak_ptr<Node> &started : starts) {
            if (const auto node = started.lock(); node && node->record.status == ActivityStatus::Queued)
                acquire(*node);
        }
        if (ended)
            emit finished(m_record.status);
    });
    if (!m_queue.empty() && m_unrecorded < mostUnrecorded)
        proceedLater();
}

void PipelineRun::step(Node &node, Bodies &bodies, Starts &starts)
{
    if (node.record.status == ActivityStatus::InProgress && node.inside) {
        stepContainer(node, bodies);
        return;
    }
    if (node.record.status != ActivityStatus::Queued)
        return; // cancelled in the queue
    if (takeMock(node, bodies))
        return;
    if (node.isContainer()) {
        beginContainer(node, bodies);
    } else if (!runner(node)) {
        runControl(node, bodies);
    } else {
        bodies.append(node.record);
        starts.append(node.weak_from_this());
    }
}

void PipelineRun::advance(Scope &scope, Bodies &bodies)
{
    for (bool changed = true; changed && !isStopping();) {
        changed = false;
        const QMap<QString, ActivityStatus> statuses = scope.statuses();
        for (const auto &node : scope.nodes) {
            if (node->record.status != ActivityStatus::Pending)
                continue;
            const Readiness state = readiness(*node->written, statuses);
            if (state == Readiness::Waiting)
                continue;
            const ActivityInput input = state == Readiness::Unmet ? ActivityInput::DependenciesUnmet
                : node->written->inactive                         ? ActivityInput::SwitchedOff
                                                                  : ActivityInput::DependenciesMet;
            node->record.status = *after(node->record.status, input);
            if (input == ActivityInput::DependenciesMet) {
                enqueue(*node); // recorded as soon as it is known what becomes of it
            } else {
                node->record.end = m_clock.now();
                bodies.append(node->record);
                changed = true;
            }
        }
    }
    if (!scope.hasEnded())
        return;
    if (scope.container)
        enqueue(*scope.container);
    else if (!isTerminal(m_record.status))
        endRun(bodies);
}

void PipelineRun::endRun(Bodies &bodies)
{
    const bool good = m_root.hasSucceeded();
    for (const auto &node : m_root.nodes) {
        const ActivityRecord &record = node->record;
        if (record.status != ActivityStatus::Failed)
            continue;
        m_record.failedActivities = true;
        if (!good && m_record.message.isEmpty())
            m_record.message =
                PipelineRunText::tr("Operation on target %1 failed: %2").arg(record.name, record.error.message);
    }
    if (good && !isStopping() && !m_drifted.isEmpty())
        m_record.message =
            PipelineRunText::tr("Drift: the rows that %1 scored have moved far from those of training.").arg(m_drifted);
    setRun(isStopping() ? RunInput::ActivitiesStopped
               : good   ? RunInput::ActivitiesSucceeded
                        : RunInput::ActivitiesFailed);
    m_record.end = m_clock.now();
    bodies.append(m_record);
}

void PipelineRun::stopScope(Scope &scope, Bodies &bodies)
{
    for (const auto &node : scope.nodes)
        stopNode(*node, bodies);
}

void PipelineRun::stopNode(Node &node, Bodies &bodies)
{
    if (isTerminal(node.record.status) || node.resolving)
        return;
    if (node.inside) {
        for (const auto &scope : node.inside->scopes)
            stopScope(*scope, bodies);
        enqueue(node); // it ends when all that is in it has
        return;
    }
    if (node.execution) {
        node.execution->cancel(); // its finished() settles the rest
        return;
    }
    m_clock.cancel(std::exchange(node.timer, 0));
    if (node.attempt && node.attempt->status == AttemptStatus::Starting)
        finishAttempt(node, AttemptInput::Cancelled, {}, bodies);
    node.lease.reset();
    finishActivity(node, ActivityInput::Cancelled, node.record.output, node.record.error, bodies);
}

} // namespace engine

#include "moc_PipelineRun.cpp"
