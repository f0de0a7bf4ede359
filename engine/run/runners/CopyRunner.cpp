#include "engine/run/runners/CopyRunner.h"

#include "engine/base/PostTo.h"
#include "engine/copy/CopyJob.h"
#include "engine/copy/rejects/RejectWriter.h"

#include <QCoreApplication>
#include <QPointer>

#include <cmath>
#include <condition_variable>
#include <mutex>

namespace engine {

namespace {

constexpr Millis outcomeTimeout = std::chrono::minutes(15);
constexpr Millis askSinkAgainAfter{5000};

// The context of this file's texts for translators.
struct CopyRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CopyRunner)
};

RunError userError(const Error &error)
{
    return {.errorCode = QStringLiteral("UserErrorInvalidCopyActivity"),
            .message = error.message,
            .failureType = QStringLiteral("UserError"),
            .target = {},
            .details = {{"where", toStdString(error.where)}}};
}

Json progressJson(const CopyProgress &progress)
{
    Json json = {{"phase", toStdString(toString(progress.phase))},
                 {"rowsRead", progress.counts.rowsRead},
                 {"rowsCopied", progress.counts.rowsCopied},
                 {"rowsSkipped", progress.counts.rowsSkipped},
                 {"dataRead", progress.counts.dataRead},
                 {"dataWritten", progress.counts.dataWritten},
                 {"sourceSize", progress.counts.sourceSize},
                 {"rowsPerSecond", std::llround(progress.rowsPerSecond)},
                 {"bytesPerSecond", std::llround(progress.bytesPerSecond)}};
    if (progress.remaining)
        json["remainingSeconds"] = progress.remaining->count();
    return json;
}

// What the copy's thread and the engine loop share. The thread may outlive neither the gate nor the pool.
struct Gate
{
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Result<>> answer; // to beforeCommit
    bool abandoned = false; // the execution is gone

    Result<> wait()
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return answer.has_value() || abandoned; });
        if (!answer)
            return Error{ErrorCode::Cancelled, CopyRunnerText::tr("The engine is stopping."), {}};
        return *answer;
    }

    void open(const Result<> &result)
    {
        const std::lock_guard lock(mutex);
        answer = result;
        changed.notify_all();
    }

    void abandon()
    {
        const std::lock_guard lock(mutex);
        abandoned = true;
        changed.notify_all();
    }
};

class CopyExecution final : public ActivityExecution
{
public:
    CopyExecution(const ActivityTask &task, QThreadPool &pool, Clock &clock, const RejectKeeping &rejects)
        : m_task(task)
        , m_pool(pool)
        , m_clock(clock)
        , m_rejects(rejects)
        , m_gate(std::make_shared<Gate>())
        , m_done(std::make_shared<Gate>())
    {
    }

    ~CopyExecution() override
    {
        m_clock.cancel(m_timer);
        m_cancel.cancel();
        m_gate->abandon();
        if (m_running)
            (void)m_done->wait(); // the thread rolls back and goes
    }

    void start() override
    {
        const Factory &factory = *m_task.plan->factory;
        Result<CopyPlan> plan =
            planCopy(factory, m_task.plan->definition(), *m_task.activity, m_task.plan->folder, m_task.begun);
        if (!plan) {
            const ActivityOutcome outcome{
                .retryable = false, .output = Json::object(), .error = userError(plan.error())};
            postTo(this, [this, outcome] { emit finished(outcome); });
            return;
        }
        m_plan = *std::move(plan);
        const Json allowEmpty = factory.option(m_task.plan->pipeline, m_task.path, "allowEmptySource");
        m_plan.allowEmptySource = allowEmpty.is_boolean() && allowEmpty.get<bool>();
        const LoadIdentity identity{.load = m_task.load,
                                    .run = m_task.run,
                                    .activity = m_task.path,
                                    .attempt = m_task.attempt,
                                    .activityRun = m_task.activityRun.text()};

        const Millis timeout = m_task.activity->policy.timeout;
        m_timer = m_clock.after(timeout, this, [this] {
            m_timedOut = true;
            m_cancel.cancel();
        });
        m_running = true;
        emit started();

        const QPointer<CopyExecution> self(this);
        QObject *const loop = QCoreApplication::instance();
        const CopyHooks hooks{
            .progress = [self, loop](
                            const CopyProgress &progress) { postTo(loop, [self, progress] { tell(self, progress); }); },
            .beforeCommit =
                [self, loop, gate = m_gate](const CommitIntent &intent) {
                    postTo(loop, [self, gate, json = toJson(intent)] {
                        if (self)
                            emit self->committing(json, [gate](const Result<> &recorded) { gate->open(recorded); });
                    });
                    return gate->wait();
                },
            .rejects = keeper(),
        };
        m_pool.start([self, loop, hooks, identity, plan = m_plan, cancel = m_cancel, done = m_done] {
            const CopyOutcome outcome = runCopy(plan, identity, hooks, cancel);
            done->open({});
            postTo(loop, [self, outcome] {
                if (self)
                    self->conclude(outcome);
            });
        });
    }

    void cancel() override { m_cancel.cancel(); }

private:
    static void tell(const QPointer<CopyExecution> &self, const CopyProgress &progress)
    {
        if (self)
            emit self->happened(
                ActivityProgress{self->m_task.activityRun, progressJson(progress), self->m_task.attempt});
    }

    // What its policy hides from the history is not kept in a file beside it either.
    std::shared_ptr<RejectKeeper> keeper() const
    {
        const bool isHidden = m_task.hidesInput || m_task.activity->policy.secureOutput;
        if (!m_plan.skip.isOn || !m_rejects.file || isHidden)
            return nullptr;
        return std::make_shared<RejectWriter>(
            RejectWriter::Options{.file = m_rejects.file(m_task.run, m_task.activityRun),
                                  .mostRows = m_rejects.mostRows,
                                  .redact = m_rejects.redact});
    }

    void conclude(const CopyOutcome &outcome)
    {
        m_running = false;
        m_clock.cancel(std::exchange(m_timer, 0));
        ActivityOutcome result{.output = outcome.output, .error = outcome.error};
        switch (outcome.status) {
        case CopyOutcome::Status::Succeeded:
            result.status = ActivityOutcome::Status::Succeeded;
            break;
        case CopyOutcome::Status::Failed:
            result.status = ActivityOutcome::Status::Failed;
            result.retryable = true; // as Data Factory does: a user's retry is for every failure
            break;
        case CopyOutcome::Status::Cancelled:
            result.status = m_timedOut ? ActivityOutcome::Status::TimedOut : ActivityOutcome::Status::Cancelled;
            if (m_timedOut)
                result.error = {.errorCode = QStringLiteral("UserErrorActivityTimeout"),
                                .message = CopyRunnerText::tr(
                                               "The copy did not end within its timeout of %1 s; nothing was changed.")
                                               .arg(m_task.activity->policy.timeout.count()),
                                .failureType = QStringLiteral("UserError"),
                                .target = {}};
            break;
        case CopyOutcome::Status::OutcomeUnknown:
            result.status = ActivityOutcome::Status::OutcomeUnknown;
            m_unknown = result;
            m_unknownSince = m_clock.monotonic();
            emit sinkLost(outcome.error);
            askSink();
            return;
        }
        emit finished(result);
    }

    // The connection was lost during COMMIT: only the load ledger knows.
    void askSink()
    {
        if (m_clock.monotonic() - m_unknownSince > outcomeTimeout) {
            m_unknown.error.message =
                CopyRunnerText::tr("Whether the load was committed is not known: the sink has not answered since. "
                                   "Look into the table before you run the pipeline again.");
            emit finished(m_unknown);
            return;
        }
        m_running = true;
        m_done = std::make_shared<Gate>();
        const QPointer<CopyExecution> self(this);
        QObject *const loop = QCoreApplication::instance();
        m_pool.start([self, loop, done = m_done, sink = m_plan.sink, load = m_task.load] {
            const Result<LoadLookup> answer = lookUpLoad(sink, load);
            done->open({});
            postTo(loop, [self, answer] {
                if (self)
                    self->sinkAnswered(answer);
            });
        });
    }

    void sinkAnswered(const Result<LoadLookup> &answer)
    {
        m_running = false;
        if (!answer) {
            m_timer = m_clock.after(askSinkAgainAfter, this, [this] { askSink(); });
            return;
        }
        ActivityOutcome result = m_unknown;
        result.status = answer->committed ? ActivityOutcome::Status::Succeeded : ActivityOutcome::Status::Failed;
        if (answer->committed)
            result.error = {};
        emit finished(result);
    }

    ActivityTask m_task;
    QThreadPool &m_pool;
    Clock &m_clock;
    const RejectKeeping &m_rejects;
    CopyPlan m_plan;
    CancelToken m_cancel;
    std::shared_ptr<Gate> m_gate; // before COMMIT
    std::shared_ptr<Gate> m_done; // open when the pool thread has let go
    Clock::TimerId m_timer = 0;
    ActivityOutcome m_unknown;
    Millis m_unknownSince{0};
    bool m_running = false;
    bool m_timedOut = false;
};

} // namespace

CopyRunner::CopyRunner(Slots &copies, QThreadPool &pool, Clock &clock, RejectKeeping rejects)
    : m_copies(copies)
    , m_pool(pool)
    , m_clock(clock)
    , m_rejects(std::move(rejects))
{
}

void CopyRunner::acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting)
{
    m_copies.acquire(context, std::move(granted), std::move(waiting));
}

std::unique_ptr<ActivityExecution> CopyRunner::make(const ActivityTask &task)
{
    return std::make_unique<CopyExecution>(task, m_pool, m_clock, m_rejects);
}

Json CopyRunner::input(const ActivityTask &task) const
{
    const Json &written = memberAt(task.activity->json, "typeProperties");
    return written.is_object() ? written : Json::object();
}

ActivityRunner::Restart CopyRunner::onEngineRestart(const ActivityTask &task) const
{
    const Json option = task.plan->factory->option(task.plan->pipeline, task.path, "onEngineRestart");
    return option == "fail" ? Restart::Fail : Restart::Again;
}

void CopyRunner::resolve(const ActivityTask &task,
                         const AttemptRecord &attempt,
                         QObject *context,
                         std::function<void(Result<std::optional<Json>>)> answer)
{
    const Result<CopyPlan> plan =
        planCopy(*task.plan->factory, task.plan->definition(), *task.activity, task.plan->folder, task.begun);
    if (!plan) {
        answer(plan.error());
        return;
    }
    const QPointer<QObject> guard(context);
    m_pool.start(
        [guard, answer = std::move(answer), sink = plan->sink, load = attempt.load, intent = attempt.commitIntent] {
            const Result<LoadLookup> lookup = lookUpLoad(sink, load);
            postTo(QCoreApplication::instance(), [guard, answer, lookup, intent] {
                if (!guard)
                    return;
                if (!lookup) {
                    answer(lookup.error());
                    return;
                }
                if (!lookup->committed) {
                    answer(std::optional<Json>());
                    return;
                }
                Json output = Json::object(); // what is still known: the counts recorded before COMMIT
                for (const char *key : {"rowsRead", "rowsSkipped", "dataRead", "dataWritten"})
                    output[key] = intAt(intent, key);
                output["rowsCopied"] = lookup->rowsWritten;
                output["effectiveIntegrationRuntime"] = "Local";
                output["slipway"] = {{"recovered", true}};
                answer(std::optional<Json>(output));
            });
        });
}

} // namespace engine
