#include "engine/run/runners/ValidationRunner.h"

#include "engine/base/PostTo.h"
#include "engine/copy/Endpoints.h"

#include <QCoreApplication>
#include <QPointer>
#include <QSemaphore>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ValidationRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ValidationRunner)
};

// The output when all is as it should be, else why it is not yet.
using Look = Result<Json>;

Error notYet(const QString &message) { return {ErrorCode::NotFound, message, {}}; }

Look lookAtFile(const ValidationPlan &plan, const FilePlace &place, const CancelToken &cancel)
{
    const auto folder = BoundFolder::open(place.root);
    if (!folder)
        return folder.error();
    const auto found = folder->find(place.path);
    if (!found)
        return found.error();
    const bool wantsFile = !place.fileName.isEmpty();
    if (!*found || (wantsFile && (*found)->isFolder))
        return notYet(ValidationRunnerText::tr("There is no “%1” in %2.").arg(place.path, place.root));
    const BoundFolder::Entry &entry = **found;
    if (!entry.isFolder && entry.size < plan.minimumSize)
        return notYet(ValidationRunnerText::tr("“%1” has %2 bytes of the %3 it must have.")
                          .arg(place.path)
                          .arg(entry.size)
                          .arg(plan.minimumSize));
    if (entry.isFolder && plan.childItems) {
        const auto children = folder->list(place.path, cancel);
        if (!children)
            return children.error();
        if (*plan.childItems == children->isEmpty())
            return notYet(*plan.childItems ? ValidationRunnerText::tr("The folder “%1” is empty.").arg(place.path)
                                           : ValidationRunnerText::tr("The folder “%1” is not empty.").arg(place.path));
    }
    Json output = {
        {"exists", true}, {"itemName", toStdString(entry.name)}, {"itemType", entry.isFolder ? "Folder" : "File"}};
    if (!entry.isFolder)
        output["size"] = entry.size;
    return output;
}

Look lookAt(const ValidationPlan &plan, const CancelToken &cancel)
{
    if (const auto *place = std::get_if<FilePlace>(&plan.dataset.place))
        return lookAtFile(plan, *place, cancel);
    const auto &place = std::get<TablePlace>(plan.dataset.place);
    DatasetPlan table;
    if (const auto *sqlite = std::get_if<SqlitePlace>(&place.store))
        table = SqliteTableSink{.file = sqlite->file, .schema = place.schema, .table = place.table};
    else
        table = PostgresTableSink{std::get<PostgresPlace>(place.store).connection, place.schema, place.table};
    const auto columns = makeStoredRows(table, cancel)->schema();
    if (!columns)
        return columns.error();
    return Json{{"exists", true}, {"itemName", toStdString(place.table)}, {"itemType", "Table"}};
}

class ValidationExecution final : public ActivityExecution
{
public:
    ValidationExecution(const ActivityTask &task, Result<ValidationPlan> plan, const RunnerParts &parts)
        : m_task(task)
        , m_plan(std::move(plan))
        , m_parts(parts)
    {
    }

    ~ValidationExecution() override
    {
        m_parts.clock.cancel(m_limit);
        m_parts.clock.cancel(m_pause);
        m_cancel.cancel();
        if (m_done)
            m_done->acquire();
    }

    void start() override
    {
        if (!m_plan) {
            postTo(this, [this] { emit finished(invalidActivity(m_task, m_plan.error())); });
            return;
        }
        m_limit = m_parts.clock.after(m_plan->timeout, this, [this] {
            m_isLate = true;
            cancel();
        });
        emit started();
        look();
    }

    void cancel() override
    {
        if (m_cancel.isCancelled())
            return;
        m_cancel.cancel();
        m_parts.clock.cancel(std::exchange(m_pause, 0));
        if (!m_done) // nothing is under way that would end it
            postTo(this, [this] { stop(); });
    }

private:
    void look()
    {
        m_done = std::make_shared<QSemaphore>();
        const QPointer<ValidationExecution> self(this);
        QObject *const loop = QCoreApplication::instance();
        m_parts.pool.start([self, loop, plan = *m_plan, cancel = m_cancel, done = m_done] {
            const Look looked = lookAt(plan, cancel);
            done->release();
            postTo(loop, [self, looked] {
                if (self)
                    self->looked(looked);
            });
        });
    }

    void looked(const Look &found)
    {
        m_done.reset();
        if (found)
            return end(succeededWith(*found));
        if (m_cancel.isCancelled())
            return stop();
        m_last = found.error();
        if (m_last.code == ErrorCode::InvalidInput) // a path that leads out of the folder stays one
            return end(failedWith(QStringLiteral("UserErrorValidationFailed"), m_last));
        m_pause = m_parts.clock.after(m_plan->sleep, this, [this] {
            m_pause = 0;
            look();
        });
    }

    void stop()
    {
        ActivityOutcome outcome;
        outcome.status = ActivityOutcome::Status::Cancelled;
        if (m_isLate) {
            outcome = failedWith(QStringLiteral("UserErrorValidationTimeout"),
                                 {ErrorCode::Timeout,
                                  ValidationRunnerText::tr("“%1” was not as it should be within %2 s. %3")
                                      .arg(m_plan->dataset.dataset.name)
                                      .arg(m_plan->timeout.count())
                                      .arg(m_last.message),
                                  m_last.where});
            outcome.status = ActivityOutcome::Status::TimedOut;
        }
        end(outcome);
    }

    void end(const ActivityOutcome &outcome)
    {
        m_parts.clock.cancel(std::exchange(m_limit, 0));
        emit finished(outcome);
    }

    ActivityTask m_task;
    Result<ValidationPlan> m_plan;
    RunnerParts m_parts;
    CancelToken m_cancel;
    std::shared_ptr<QSemaphore> m_done; // while the pool looks
    Error m_last;
    Clock::TimerId m_limit = 0;
    Clock::TimerId m_pause = 0;
    bool m_isLate = false;
};

} // namespace

Result<ValidationPlan> planValidation(const ActivityTask &task)
{
    const Json &properties = typePropertiesOf(*task.activity);
    const auto dataset = planDatasetPlace(task, memberAt(properties, "dataset"));
    if (!dataset)
        return dataset.error();
    if (const auto *table = std::get_if<TablePlace>(&dataset->place); table && table->table.isEmpty())
        return invalidProperty(task,
                               QStringLiteral("typeProperties.dataset"),
                               ValidationRunnerText::tr("The dataset “%1” names no table.").arg(dataset->dataset.name));
    ValidationPlan plan{.dataset = *dataset, .childItems = {}};
    if (const auto timeout = durationAt(properties, "timeout"))
        plan.timeout = *timeout;
    if (const auto sleep = durationAt(properties, "sleep"))
        plan.sleep = std::max(*sleep, std::chrono::seconds(1));
    else if (const qint64 seconds = intAt(properties, "sleep"); seconds > 0)
        plan.sleep = std::chrono::seconds(seconds);
    plan.minimumSize = intAt(properties, "minimumSize");
    if (properties.contains("childItems") && !memberAt(properties, "childItems").is_null())
        plan.childItems = boolAt(properties, "childItems");
    return plan;
}

std::unique_ptr<ActivityExecution> ValidationRunner::make(const ActivityTask &task)
{
    return std::make_unique<ValidationExecution>(task, planValidation(task), parts());
}

} // namespace engine
