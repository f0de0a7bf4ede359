#include "tests/engine/run/ScriptedRunner.h"

#include "engine/base/PostTo.h"

using namespace engine;

namespace tests {

class ScriptedRunner::Execution final : public ActivityExecution
{
public:
    Execution(ScriptedRunner &runner, const ActivityTask &task, Step step)
        : m_runner(runner)
        , m_name(task.activity->name)
        , m_tag(QStringLiteral("%1:%2").arg(m_name).arg(task.attempt))
        , m_step(step)
    {
        m_runner.running.insert(m_name, this);
    }
    ~Execution() override
    {
        if (m_runner.running.value(m_name) == this)
            m_runner.running.remove(m_name);
    }

    void start() override
    {
        m_runner.log.append(m_tag + QStringLiteral(" start"));
        emit started();
        if (m_step == Step::CommitThenSucceed || m_step == Step::CommitThenHang || m_step == Step::LoseSink) {
            emit committing(Json{{"rowsRead", 3}, {"rowsCopied", 3}}, [this](const Result<> &recorded) {
                m_runner.log.append(m_tag + (recorded ? QStringLiteral(" committed") : QStringLiteral(" rolled back")));
                if (!recorded)
                    end(ActivityOutcome::Status::Cancelled);
                else if (m_step == Step::CommitThenSucceed)
                    end(ActivityOutcome::Status::Succeeded);
                else if (m_step == Step::LoseSink)
                    emit sinkLost(RunError{.errorCode = QStringLiteral("SinkLost"),
                                           .message = QStringLiteral("gone"),
                                           .failureType = {},
                                           .target = {}});
            });
            return;
        }
        play(m_step);
    }

    void cancel() override
    {
        m_runner.log.append(m_tag + QStringLiteral(" cancel"));
        end(ActivityOutcome::Status::Cancelled);
    }

    void play(Step step)
    {
        switch (step) {
        case Step::Fail:
        case Step::FailForGood:
            end(ActivityOutcome::Status::Failed, step == Step::Fail);
            break;
        case Step::TimeOut:
            end(ActivityOutcome::Status::TimedOut);
            break;
        case Step::Hang:
            break;
        default:
            end(ActivityOutcome::Status::Succeeded);
        }
    }

private:
    void end(ActivityOutcome::Status status, bool retryable = true)
    {
        ActivityOutcome outcome{
            .status = status, .retryable = retryable, .output = {{"by", toStdString(m_tag)}}, .error = {}};
        if (m_runner.slipway.contains(m_name))
            outcome.output["slipway"] = m_runner.slipway.value(m_name);
        if (status == ActivityOutcome::Status::Failed)
            outcome.error = {.errorCode = QStringLiteral("Scripted"),
                             .message = m_tag + QStringLiteral(" broke"),
                             .failureType = {},
                             .target = {}};
        postTo(this, [this, outcome] { emit finished(outcome); });
    }

    ScriptedRunner &m_runner;
    QString m_name;
    QString m_tag;
    Step m_step;
};

void ScriptedRunner::release(const QString &activity, Step step)
{
    if (Execution *execution = running.value(activity))
        execution->play(step);
}

void ScriptedRunner::acquire(QObject *, std::function<void(Lease)> granted, std::function<void(QString)> waiting)
{
    if (!waitingFor.isEmpty()) {
        waiting(waitingFor.first());
        return;
    }
    ++leases;
    granted(Lease(this, [this](void *) { --leases; }));
}

std::unique_ptr<ActivityExecution> ScriptedRunner::make(const ActivityTask &task)
{
    inputs[task.activity->name] = toCompact(typePropertiesOf(*task.activity));
    QList<Step> &steps = script[task.activity->name];
    const Step step = steps.isEmpty() ? Step::Succeed : steps.takeFirst();
    return std::make_unique<Execution>(*this, task, step);
}

Json ScriptedRunner::input(const ActivityTask &task) const
{
    const Json &properties = typePropertiesOf(*task.activity);
    return properties.is_object() ? properties : Json{{"activity", toStdString(task.activity->name)}};
}

void ScriptedRunner::resolve(const ActivityTask &,
                             const AttemptRecord &,
                             QObject *,
                             std::function<void(Result<std::optional<Json>>)> answer)
{
    if (sinkReachable)
        answer(ledger);
    else
        answer(Error{ErrorCode::Io, QStringLiteral("the sink does not answer"), {}});
}

} // namespace tests
