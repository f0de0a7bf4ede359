#include "engine/run/runners/PooledRunner.h"

#include "engine/base/PostTo.h"
#include "engine/model/TimeSpan.h"

#include <QCoreApplication>
#include <QPointer>
#include <QSemaphore>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PooledRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PooledRunner)
};

class PooledExecution final : public ActivityExecution
{
public:
    PooledExecution(const ActivityTask &task, Result<PooledRunner::Work> work, const RunnerParts &parts)
        : m_task(task)
        , m_work(std::move(work))
        , m_parts(parts)
    {
    }

    ~PooledExecution() override
    {
        m_parts.clock.cancel(m_timer);
        m_cancel.cancel();
        if (m_isRunning)
            m_done->acquire();
    }

    void start() override
    {
        if (!m_work) {
            postTo(this, [this] { emit finished(invalidActivity(m_task, m_work.error())); });
            return;
        }
        m_timer = m_parts.clock.after(m_task.activity->policy.timeout, this, [this] {
            m_isLate = true;
            m_cancel.cancel();
        });
        m_isRunning = true;
        emit started();
        const QPointer<PooledExecution> self(this);
        QObject *const loop = QCoreApplication::instance();
        m_parts.pool.start([self, loop, work = *m_work, cancel = m_cancel, done = m_done] {
            const ActivityOutcome outcome = work(cancel);
            done->release();
            postTo(loop, [self, outcome] {
                if (self)
                    self->conclude(outcome);
            });
        });
    }

    void cancel() override { m_cancel.cancel(); }

private:
    void conclude(ActivityOutcome outcome)
    {
        m_isRunning = false;
        m_parts.clock.cancel(std::exchange(m_timer, 0));
        if (outcome.status == ActivityOutcome::Status::Cancelled && m_isLate)
            outcome = timedOutAfter(m_task);
        emit finished(outcome);
    }

    ActivityTask m_task;
    Result<PooledRunner::Work> m_work;
    RunnerParts m_parts;
    CancelToken m_cancel;
    std::shared_ptr<QSemaphore> m_done = std::make_shared<QSemaphore>(); // released when the thread has let go
    Clock::TimerId m_timer = 0;
    bool m_isRunning = false;
    bool m_isLate = false;
};

QString placeOf(const ActivityTask &task, const QString &property)
{
    return QStringLiteral("%1: %2.%3").arg(task.plan->definition().file, task.path, property);
}

} // namespace

void PlainRunner::acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting)
{
    m_parts.places.acquire(context, std::move(granted), std::move(waiting));
}

Json PlainRunner::input(const ActivityTask &task) const
{
    const Json &properties = typePropertiesOf(*task.activity);
    return properties.is_object() ? properties : Json::object();
}

ActivityRunner::Restart PlainRunner::onEngineRestart(const ActivityTask &task) const
{
    const Json option = task.plan->factory->option(task.plan->pipeline, task.path, "onEngineRestart");
    if (option == "restart")
        return Restart::Again;
    return option == "fail" ? Restart::Fail : m_restart;
}

void PlainRunner::resolve(const ActivityTask &,
                          const AttemptRecord &,
                          QObject *,
                          std::function<void(Result<std::optional<Json>>)> answer)
{
    answer(std::optional<Json>()); // nothing is ever committed
}

std::unique_ptr<ActivityExecution> PooledRunner::make(const ActivityTask &task)
{
    return makePooledExecution(task, plan(task), parts());
}

std::unique_ptr<ActivityExecution>
makePooledExecution(const ActivityTask &task, Result<PooledRunner::Work> work, const RunnerParts &parts)
{
    return std::make_unique<PooledExecution>(task, std::move(work), parts);
}

ActivityOutcome succeededWith(Json output)
{
    output["effectiveIntegrationRuntime"] = "Local";
    output["durationInQueue"] = {{"integrationRuntimeQueue", 0}};
    return {.status = ActivityOutcome::Status::Succeeded, .output = std::move(output), .error = {}};
}

ActivityOutcome failedWith(const QString &errorCode, const Error &error, Json details)
{
    ActivityOutcome outcome;
    if (error.code == ErrorCode::Cancelled) {
        outcome.status = ActivityOutcome::Status::Cancelled;
        return outcome;
    }
    if (!error.where.isEmpty() && !details.contains("where"))
        details["where"] = toStdString(error.where);
    const bool isSystem = error.code == ErrorCode::Io || error.code == ErrorCode::Internal;
    outcome.error = {.errorCode = errorCode,
                     .message = error.message,
                     .failureType = isSystem ? QStringLiteral("SystemError") : QStringLiteral("UserError"),
                     .target = {},
                     .details = std::move(details)};
    return outcome;
}

ActivityOutcome invalidActivity(const ActivityTask &task, const Error &error)
{
    QString type = task.activity->type;
    if (type.endsWith(u"Activity"))
        type.chop(8);
    ActivityOutcome outcome = failedWith(QStringLiteral("UserErrorInvalid%1Activity").arg(type), error);
    outcome.retryable = false;
    return outcome;
}

ActivityOutcome timedOutAfter(const ActivityTask &task)
{
    ActivityOutcome outcome = failedWith(QStringLiteral("UserErrorActivityTimeout"),
                                         {ErrorCode::Timeout,
                                          PooledRunnerText::tr("The activity did not end within its timeout of %1 s.")
                                              .arg(task.activity->policy.timeout.count()),
                                          {}});
    outcome.status = ActivityOutcome::Status::TimedOut;
    return outcome;
}

void addWarning(Json &output, const QString &warning) { output["slipway"]["warnings"].push_back(toStdString(warning)); }

std::optional<std::chrono::seconds> durationAt(const Json &object, const char *key)
{
    const Json &value = memberAt(object, key);
    if (value.is_number_integer() && value.get<qint64>() >= 0)
        return std::chrono::seconds(value.get<qint64>());
    return value.is_string() ? parseTimeSpan(stringAt(object, key)) : std::nullopt;
}

Error invalidProperty(const ActivityTask &task, const QString &property, const QString &message)
{
    return {ErrorCode::InvalidInput, message, placeOf(task, property)};
}

Error unsupportedProperty(const ActivityTask &task, const QString &property, const QString &message)
{
    return {ErrorCode::Unsupported, message, placeOf(task, property)};
}

} // namespace engine
