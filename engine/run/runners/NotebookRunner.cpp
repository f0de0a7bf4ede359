#include "engine/run/runners/NotebookRunner.h"

#include "engine/base/PostTo.h"
#include "engine/copy/DatasetPlan.h"
#include "engine/model/NotebookSource.h"
#include "engine/notebook/NotebookWriter.h"
#include "engine/records/DriftRecords.h"

#include <QCoreApplication>
#include <QDir>
#include <QPointer>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct NotebookRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::NotebookRunner)
};

QString absolute(const QString &folder, const QString &path)
{
    return QDir::cleanPath(QDir(folder).absoluteFilePath(path));
}

RunError userError(const Error &error)
{
    return {.errorCode = error.code == ErrorCode::NotFound ? QStringLiteral("UserErrorNotebookNotFound")
                                                           : QStringLiteral("UserErrorInvalidNotebookActivity"),
            .message = error.message,
            .failureType = QStringLiteral("UserError"),
            .target = {},
            .details = {{"where", toStdString(error.where)}}};
}

Result<Json> connectionOf(const Factory &factory, const QString &name, const QString &folder)
{
    const std::optional<Binding> binding = factory.bindings.find(name);
    if (binding) {
        if (const auto *sqlite = std::get_if<SqliteBinding>(&*binding))
            return Json{{"store", "sqlite"},
                        {"file", toStdString(absolute(folder, sqlite->file))},
                        {"ignoreSchemas", sqlite->ignoreSchemas}};
        if (const auto *postgres = std::get_if<PostgresBinding>(&*binding)) {
            PostgresBinding without = *postgres; // the password is in no file
            without.secret.clear();
            const Result<QString> connection = conninfoOf(without, name);
            if (!connection)
                return connection.error();
            Json json{{"store", "postgresql"}, {"connection", toStdString(*connection)}};
            if (!postgres->secret.isEmpty())
                json["password"] = "engine";
            return json;
        }
    }
    return Error{
        ErrorCode::InvalidInput,
        NotebookRunnerText::tr("The notebook may connect to %1, but that is not bound to a database.").arg(name),
        QStringLiteral(".slipway/bindings.json: linkedServices.%1").arg(name)};
}

bool isPythonFile(const ActivityTask &task)
{
    return task.activity->type.compare(u"DatabricksSparkPython", Qt::CaseInsensitive) == 0;
}

// "dbfs:/Shared/load.py" is looked for as a notebook of that name would be.
NotebookActivity pythonFileActivity(const ActivityTask &task)
{
    QString path = stringAt(typePropertiesOf(*task.activity), "pythonFile");
    if (path.startsWith(u"dbfs:"))
        path.remove(0, 5);
    NotebookActivity activity;
    activity.notebookPath.literal = toStdString(path);
    return activity;
}

// A notebook of two cells: what a program finds when it starts, and the file itself, so that lines in errors are its
// own. sys.exit() ends it well or, with a status, as failed.
QByteArray notebookOfFile(const ActivityTask &task, const QString &file, const QByteArray &content)
{
    Json arguments = Json::array({toStdString(file)});
    const Json &parameters = memberAt(typePropertiesOf(*task.activity), "parameters");
    for (size_t i = 0; parameters.is_array() && i < parameters.size(); ++i)
        arguments.push_back(parameters[i].is_string() ? parameters[i] : Json(toCompact(parameters[i]).toStdString()));
    // JSON inside a JSON text is a Python literal that needs no escaping of its own.
    const std::string list = toCompact(Json(toCompact(arguments).toStdString())).toStdString();
    const std::string start = "import json as _json, sys\n"
                              "sys.argv = _json.loads("
        + list
        + ")\n"
          "__file__ = sys.argv[0]\n"
          "def _exit(status=None):\n"
          "    if status in (None, 0):\n"
          "        import slipway\n"
          "        slipway.exit()\n"
          "    raise RuntimeError(f'sys.exit({status!r})')\n"
          "sys.exit = _exit\n";
    const auto cell = [](const char *id, const std::string &source, const Json &metadata = Json::object()) {
        return Json{{"cell_type", "code"},
                    {"execution_count", nullptr},
                    {"id", id},
                    {"metadata", metadata},
                    {"outputs", Json::array()},
                    {"source", source}};
    };
    const Json tagged = {{"tags", Json::array({"injected-parameters"})}};
    const Json notebook = {{"cells", Json::array({cell("start", start, tagged), cell("file", content.toStdString())})},
                           {"metadata", Json::object()},
                           {"nbformat", 4},
                           {"nbformat_minor", 5}};
    return toCompact(notebook);
}

class NotebookExecution final : public ActivityExecution
{
public:
    NotebookExecution(const ActivityTask &task,
                      const NotebookEnvironment &environment,
                      ArtifactStore artifacts,
                      QThreadPool &pool,
                      Clock &clock)
        : m_task(task)
        , m_environment(environment)
        , m_artifacts(std::move(artifacts))
        , m_pool(pool)
        , m_clock(clock)
    {
    }

    void start() override
    {
        m_startedAt = m_clock.monotonic();
        Result<NotebookRequest> request = makeNotebookRequest(m_task);
        if (!request) {
            const ActivityOutcome outcome{
                .retryable = false, .output = Json::object(), .error = userError(request.error())};
            postTo(this, [this, outcome] { emit finished(outcome); });
            return;
        }
        m_path = request->path;
        m_job = std::make_unique<NotebookJob>(*std::move(request), m_environment, m_clock);
        connect(m_job.get(), &NotebookJob::cellChanged, this, [this](const CellRecord &cell) { emit happened(cell); });
        connect(m_job.get(), &NotebookJob::outputChanged, this, [this](const CellOutput &output) {
            emit happened(output);
        });
        connect(m_job.get(), &NotebookJob::finished, this, &NotebookExecution::keepExecutedCopy);
        emit started();
        m_job->start();
        if (m_cancelled)
            m_job->cancel();
    }

    void cancel() override
    {
        m_cancelled = true;
        if (m_job)
            m_job->cancel();
    }

private:
    // What the artifact store keeps; an absent one has nothing to keep.
    struct Kept
    {
        std::optional<Result<QString>> copy = {};
        std::optional<Result<QString>> drift = {};
    };

    // D3: the copy is safely stored before the row that refers to it.
    void keepExecutedCopy(const NotebookOutcome &outcome)
    {
        if (outcome.executed.isEmpty() && outcome.drift.empty()) {
            postTo(this, [this, outcome] { conclude(outcome, {}); });
            return;
        }
        const QPointer<NotebookExecution> self(this);
        m_pool.start([self, outcome, artifacts = m_artifacts] {
            Kept kept;
            if (!outcome.executed.isEmpty())
                kept.copy = artifacts.put(outcome.executed);
            if (!outcome.drift.empty())
                kept.drift = artifacts.put(toCompact(Json{{"scorings", outcome.drift}}));
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [self, outcome, kept] {
                    if (self)
                        self->conclude(outcome, kept);
                },
                Qt::QueuedConnection);
        });
    }

    void conclude(const NotebookOutcome &outcome, const Kept &kept)
    {
        ActivityOutcome result;
        switch (outcome.status) {
        case NotebookOutcome::Status::Succeeded:
            result.status = ActivityOutcome::Status::Succeeded;
            break;
        case NotebookOutcome::Status::Failed:
            result.status = ActivityOutcome::Status::Failed;
            break;
        case NotebookOutcome::Status::TimedOut:
            result.status = ActivityOutcome::Status::TimedOut;
            break;
        case NotebookOutcome::Status::Cancelled:
            result.status = ActivityOutcome::Status::Cancelled;
            break;
        }
        result.error = outcome.error;
        if (!result.error.isEmpty())
            result.error.details["notebook"] = toStdString(m_path);
        Json warnings = Json::array();
        for (const QString &warning : outcome.warnings)
            warnings.push_back(toStdString(warning));
        Json slipway = {{"notebook", toStdString(m_path)},
                        {"kernel", toStdString(outcome.kernelName)},
                        {"sandbox", toStdString(outcome.sandbox)},
                        {"resources", outcome.resources}};
        if (kept.copy && *kept.copy)
            slipway["executedNotebook"] = toStdString(**kept.copy);
        else if (kept.copy)
            warnings.push_back(toStdString(
                NotebookRunnerText::tr("The executed copy could not be kept: %1").arg(kept.copy->error().message)));
        if (!outcome.drift.empty()) {
            slipway["drift"] = driftSummary(outcome.drift);
            if (*kept.drift)
                slipway["drift"]["report"] = toStdString(**kept.drift);
            else
                warnings.push_back(toStdString(NotebookRunnerText::tr("The report of drift could not be kept: %1")
                                                   .arg(kept.drift->error().message)));
        }
        if (!warnings.empty())
            slipway["warnings"] = warnings;

        Json &output = result.output;
        output["runPageUrl"] = "slipway://runs/" + toStdString(m_task.run.text()) + "/activities/"
            + toStdString(m_task.activityRun.text());
        if (!outcome.runOutput.is_null())
            output["runOutput"] = outcome.runOutput;
        if (!outcome.error.isEmpty())
            output["runError"] = toStdString(outcome.error.message);
        output["effectiveIntegrationRuntime"] = "Local";
        output["executionDuration"] =
            std::chrono::duration_cast<std::chrono::seconds>(m_clock.monotonic() - m_startedAt).count();
        output["slipway"] = slipway;
        emit finished(result);
    }

    ActivityTask m_task;
    NotebookEnvironment m_environment;
    ArtifactStore m_artifacts;
    QThreadPool &m_pool;
    Clock &m_clock;
    std::unique_ptr<NotebookJob> m_job;
    QString m_path;
    Millis m_startedAt{0};
    bool m_cancelled = false;
};

} // namespace

Result<NotebookRequest> makeNotebookRequest(const ActivityTask &task)
{
    const Factory &factory = *task.plan->factory;
    const QString &folder = task.plan->folder;
    const bool isPython = isPythonFile(task);
    const NotebookActivity activity =
        isPython ? pythonFileActivity(task) : std::get<NotebookActivity>(task.activity->typeProperties);
    const QString place = QStringLiteral("%1: activities.%2").arg(task.plan->definition().file, task.activity->name);

    const std::optional<Binding> bound = factory.bindings.find(task.activity->linkedService);
    const KernelBinding *binding = bound ? std::get_if<KernelBinding>(&*bound) : nullptr;
    if (!binding)
        return Error{
            ErrorCode::InvalidInput,
            NotebookRunnerText::tr("Linked service %1 is not bound to a kernel; bind it in .slipway/bindings.json.")
                .arg(task.activity->linkedService),
            place + QStringLiteral(".linkedServiceName")};

    const std::optional<QString> file = factory.notebookFile(activity.notebookPath.text(), binding->notebooks);
    if (!file)
        return Error{ErrorCode::NotFound,
                     NotebookRunnerText::tr("Notebook %1 is not in the folder %2.")
                         .arg(activity.notebookPath.text(), binding->notebooks),
                     place + QStringLiteral(".typeProperties.notebookPath")};
    const Result<QByteArray> content = task.plan->files->read(*file);
    if (!content)
        return content.error();

    NotebookRequest request;
    request.run = task.run;
    request.activityRun = task.activityRun;
    request.attempt = task.attempt;
    request.activity = task.path;
    request.path = *file;
    if (isPython) {
        request.content = notebookOfFile(task, *file, *content);
    } else if (file->endsWith(u".ipynb", Qt::CaseInsensitive)) {
        request.content = *content;
    } else {
        const Result<Notebook> notebook = readNotebookSource(*content, *file);
        if (!notebook)
            return notebook.error();
        request.content = writeNotebook(*notebook);
    }
    for (auto it = activity.baseParameters.constBegin(); it != activity.baseParameters.constEnd(); ++it)
        request.parameters[toStdString(it.key())] = it->literal;
    request.hidesParameters = task.hidesInput;
    request.kernel = binding->kernel;
    for (auto it = binding->mounts.constBegin(); it != binding->mounts.constEnd(); ++it) {
        const std::optional<Binding> store = factory.bindings.find(it->linkedService);
        const FolderBinding *storage = store ? std::get_if<FolderBinding>(&*store) : nullptr;
        if (!storage)
            return Error{
                ErrorCode::InvalidInput,
                NotebookRunnerText::tr("Mount %1 is of %2, which is not bound to a folder.")
                    .arg(it.key(), it->linkedService),
                QStringLiteral(".slipway/bindings.json: linkedServices.%1.mounts").arg(task.activity->linkedService)};
        const QString target = absolute(absolute(folder, storage->root), it->container);
        if (!QDir().mkpath(target))
            return Error{ErrorCode::Io,
                         NotebookRunnerText::tr("Cannot make the folder %1 behind mount %2.").arg(target, it.key()),
                         target};
        request.mounts.insert(it.key(), target);
    }
    for (const QString &name : binding->connections) {
        const Result<Json> connection = connectionOf(factory, name, folder);
        if (!connection)
            return connection.error();
        request.connections[toStdString(name)] = *connection;
    }
    request.password = [bindings = factory.bindings](const QString &name) -> Result<QString> {
        const std::optional<Binding> database = bindings.find(name);
        const auto *postgres = database ? std::get_if<PostgresBinding>(&*database) : nullptr;
        if (postgres == nullptr)
            return Error{ErrorCode::NotFound, NotebookRunnerText::tr("%1 has no password.").arg(name), name};
        return secretAt(postgres->secrets, postgres->secret);
    };
    request.pipeline = task.plan->pipeline;
    request.memoryLimit = binding->memoryLimit;
    request.network = binding->network;
    request.timeout = task.activity->policy.timeout;
    return request;
}

NotebookRunner::NotebookRunner(
    NotebookEnvironment environment, Slots &kernels, ArtifactStore artifacts, QThreadPool &pool, Clock &clock)
    : m_environment(std::move(environment))
    , m_kernels(kernels)
    , m_artifacts(std::move(artifacts))
    , m_pool(pool)
    , m_clock(clock)
{
}

void NotebookRunner::acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting)
{
    m_kernels.acquire(context, std::move(granted), std::move(waiting));
}

std::unique_ptr<ActivityExecution> NotebookRunner::make(const ActivityTask &task)
{
    return std::make_unique<NotebookExecution>(task, m_environment, m_artifacts, m_pool, m_clock);
}

Json NotebookRunner::input(const ActivityTask &task) const
{
    if (isPythonFile(task))
        return typePropertiesOf(*task.activity);
    const auto &activity = std::get<NotebookActivity>(task.activity->typeProperties);
    Json parameters = Json::object();
    for (auto it = activity.baseParameters.constBegin(); it != activity.baseParameters.constEnd(); ++it)
        parameters[toStdString(it.key())] = it->literal;
    return {{"notebookPath", toStdString(activity.notebookPath.text())}, {"baseParameters", parameters}};
}

ActivityRunner::Restart NotebookRunner::onEngineRestart(const ActivityTask &task) const
{
    const Json option = task.plan->factory->option(task.plan->pipeline, task.path, "onEngineRestart");
    return option == "restart" ? Restart::Again : Restart::Fail;
}

void NotebookRunner::resolve(const ActivityTask &,
                             const AttemptRecord &,
                             QObject *,
                             std::function<void(Result<std::optional<Json>>)> answer)
{
    answer(std::optional<Json>()); // a notebook never commits
}

} // namespace engine
