#include "engine/run/runners/ExecutePipelineRunner.h"

#include "engine/base/PostTo.h"
#include "engine/run/PipelineRuns.h"

#include <QCoreApplication>
#include <QUuid>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ExecutePipelineText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ExecutePipelineRunner)
};

// Another user attempt is another child; an attempt after a lost engine is the same one.
RunId childOf(const ActivityTask &task)
{
    const QUuid activity(task.activityRun.text());
    return RunId(
        QUuid::createUuidV5(activity, QStringLiteral("child/%1").arg(task.userAttempt)).toString(QUuid::WithoutBraces));
}

class ChildExecution final : public ActivityExecution
{
public:
    ChildExecution(const ActivityTask &task, PipelineRuns &runs) : m_task(task), m_runs(runs) { }

    void start() override
    {
        const Json &properties = typePropertiesOf(*m_task.activity);
        m_waits = boolAt(properties, "waitOnCompletion", false);
        const QString reference = stringAt(memberAt(properties, "pipeline"), "referenceName");
        const ChildRun wish{.id = childOf(m_task),
                            .parent = m_task.record,
                            .pipeline = m_task.plan->factory->pipelineNamed(reference),
                            .parameters = memberAt(properties, "parameters")};
        connect(&m_runs, &PipelineRuns::ended, this, [this, id = wish.id](const RunRecord &run) {
            if (run.id == id && m_waits)
                conclude(run);
        });
        emit started();
        m_runs.createChild(wish, this, [this](const Result<RunRecord> &run) { begun(run); });
    }

    void cancel() override
    {
        m_isCancelled = true;
        if (!m_child.isEmpty())
            m_runs.cancel(m_child, this, [](const Result<> &) {}); // one that has ended says so itself
    }

private:
    void begun(const Result<RunRecord> &run)
    {
        if (!run) {
            end({.retryable = false,
                 .error = {.errorCode = QStringLiteral("UserErrorInvalidPipeline"),
                           .message = run.error().message,
                           .failureType = QStringLiteral("UserError"),
                           .target = {},
                           .details = {{"where", toStdString(run.error().where)}}}});
            return;
        }
        m_child = run->id;
        if (isTerminal(run->status) || !m_waits)
            conclude(*run);
        else if (m_isCancelled)
            cancel();
    }

    void conclude(const RunRecord &run)
    {
        ActivityOutcome outcome;
        outcome.output = {{"pipelineName", toStdString(run.pipeline)}, {"pipelineRunId", toStdString(run.id.text())}};
        if (!run.returnValue.is_null())
            outcome.output["pipelineReturnValue"] = run.returnValue;
        if (!m_waits || run.status == RunStatus::Succeeded) {
            outcome.status = ActivityOutcome::Status::Succeeded;
        } else if (run.status == RunStatus::Cancelled && m_isCancelled) {
            outcome.status = ActivityOutcome::Status::Cancelled;
        } else {
            outcome.error = {.errorCode = QStringLiteral("ActionFailed"),
                             .message = run.status == RunStatus::Cancelled
                                 ? ExecutePipelineText::tr("The run of %1 was cancelled.").arg(run.pipeline)
                                 : ExecutePipelineText::tr("The run of %1 failed: %2").arg(run.pipeline, run.message),
                             .failureType = QStringLiteral("UserError"),
                             .target = {},
                             .details = {{"pipelineRunId", toStdString(run.id.text())}}};
        }
        end(outcome);
    }

    void end(const ActivityOutcome &outcome)
    {
        if (std::exchange(m_hasEnded, true))
            return;
        postTo(this, [this, outcome] { emit finished(outcome); });
    }

    ActivityTask m_task;
    PipelineRuns &m_runs;
    RunId m_child;
    bool m_waits = false;
    bool m_isCancelled = false;
    bool m_hasEnded = false;
};

} // namespace

void ExecutePipelineRunner::acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)>)
{
    postTo(context, [granted = std::move(granted)] { granted(std::make_shared<int>()); }); // waits in the child's queue
}

std::unique_ptr<ActivityExecution> ExecutePipelineRunner::make(const ActivityTask &task)
{
    return std::make_unique<ChildExecution>(task, m_runs);
}

Json ExecutePipelineRunner::input(const ActivityTask &task) const
{
    const Json &written = typePropertiesOf(*task.activity);
    return written.is_object() ? written : Json::object();
}

ActivityRunner::Restart ExecutePipelineRunner::onEngineRestart(const ActivityTask &) const { return Restart::Again; }

void ExecutePipelineRunner::resolve(const ActivityTask &,
                                    const AttemptRecord &,
                                    QObject *,
                                    std::function<void(Result<std::optional<Json>>)> answer)
{
    answer(std::optional<Json>()); // commits nothing
}

} // namespace engine
