#include "engine/service/EngineService.h"

#include "BuildId.h"
#include "engine/api/Controllers.h"
#include "engine/api/EventStream.h"
#include "engine/base/Log.h"
#include "engine/base/PostTo.h"
#include "engine/http/HttpServer.h"
#include "engine/notebook/InstalledKernels.h"
#include "engine/notebook/RunFolder.h"
#include "engine/run/runners/CopyRunner.h"
#include "engine/run/runners/DeleteRunner.h"
#include "engine/run/runners/ExecutePipelineRunner.h"
#include "engine/run/runners/GetMetadataRunner.h"
#include "engine/run/runners/LookupRunner.h"
#include "engine/run/runners/NotebookRunner.h"
#include "engine/run/runners/ScriptRunner.h"
#include "engine/run/runners/ValidationRunner.h"
#include "engine/run/runners/WebHookRunner.h"
#include "engine/secrets/SecretStore.h"
#include "engine/service/LocalMachine.h"
#include "engine/service/PooledCopyTrials.h"
#include "engine/service/PooledModels.h"
#include "engine/service/PooledRejects.h"
#include "engine/service/PooledStoreLooks.h"

#include <QCoreApplication>

#include <unistd.h>

namespace engine {

namespace {

constexpr Millis idleCheckEvery{5000};
constexpr Millis idleLimit{60000};
constexpr int lookupPlaces = 8; // of what asks a database or a folder
constexpr int callPlaces = 32; // of web calls
constexpr int waitPlaces = 64; // of what waits for a callback or a file
constexpr int lookThreads = 4; // for those to look with

// The context of this file's texts for translators.
struct EngineServiceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::EngineService)
};

// The scheduler's way to runs: it knows nothing of them beyond this.
class ScheduledRuns final : public RunRequests
{
public:
    explicit ScheduledRuns(PipelineRuns &runs) : m_runs(runs) { }

    Result<RunRecord> prepare(const FactoryId &factory,
                              const QString &pipeline,
                              const Json &parameters,
                              const Invoker &invoker,
                              const Json &trigger) override
    {
        return m_runs.prepare(factory, pipeline, parameters, invoker, trigger);
    }
    void dispatch(const RunRecord &run) override { m_runs.dispatch(run); }

private:
    PipelineRuns &m_runs;
};

NotebookEnvironment notebookEnvironment(const EngineOptions &options)
{
    NotebookEnvironment environment;
    environment.runtimeFolder = options.places.kernels;
    environment.python = options.settings.python;
    environment.variables = options.settings.proxies.variables();
    environment.modulesFolder = resourcesFolder() + QStringLiteral("/python");
    environment.kernelFolders = {ownKernelsFolder()};
    environment.modelsFolder = options.places.data + QStringLiteral("/models");
    return environment;
}

} // namespace

class EngineService::Private
{
public:
    Private(EngineOptions engineOptions, EngineService *service)
        : options(std::move(engineOptions))
        , q(service)
        , artifacts(options.places.data + QStringLiteral("/artifacts"))
        , secrets(std::make_shared<SecretStore>(options.places.data))
    {
    }

    ~Private()
    {
        // What is running ends before what it stands on; the order is that of the floor plan, upside down.
        server.reset();
        events.reset();
        machine.reset();
        rejects.reset();
        models.reset();
        trials.reset();
        stores.reset();
        triggers.reset();
        runs.reset();
        pool.waitForDone();
        activityPool.waitForDone();
        // Replies and outcomes posted by workers must not find their targets gone later.
        QCoreApplication::sendPostedEvents();
    }

    Result<> openStore()
    {
        Result<std::unique_ptr<RunJournal>> opened = RunJournal::open(options.places.data, clock);
        if (!opened)
            return opened.error();
        journal = *std::move(opened);
        Result<std::unique_ptr<TelemetryLog>> log = TelemetryLog::open(options.places.data);
        if (!log)
            return log.error();
        telemetry = *std::move(log);
        return {};
    }

    void makeParts()
    {
        pool.setMaxThreadCount(options.settings.copies + 2); // and two for artifacts and questions to sinks
        kernels = std::make_unique<Slots>(options.settings.kernels,
                                          EngineServiceText::tr("waiting for a free kernel (%1 of %2 in use)"));
        copies = std::make_unique<Slots>(options.settings.copies,
                                         EngineServiceText::tr("waiting for another copy to end (%1 of %2 running)"));
        const auto notebooks =
            std::make_shared<NotebookRunner>(notebookEnvironment(options), *kernels, artifacts, pool, clock);
        runners.add(QStringLiteral("DatabricksNotebook"), notebooks);
        runners.add(QStringLiteral("SynapseNotebook"), notebooks);
        runners.add(QStringLiteral("TridentNotebook"), notebooks);
        runners.add(QStringLiteral("DatabricksSparkPython"), notebooks);
        runners.add(QStringLiteral("Copy"), std::make_shared<CopyRunner>(*copies, pool, clock, rejectKeeping()));
        addActivityRunners();

        const auto installed = std::make_shared<const InstalledKernels>(notebookEnvironment(options));
        versions = std::make_unique<PublishedVersions>(
            *journal, artifacts, clock, [installed] { return KnownMachine{.kernels = installed->names()}; });
        versions->setSecrets(secrets);
        runs = std::make_unique<PipelineRuns>(*versions,
                                              PipelineRun::Parts{runners, *journal, *telemetry, clock, secrets.get()});
        runners.add(QStringLiteral("ExecutePipeline"), std::make_shared<ExecutePipelineRunner>(*runs));
        scheduled = std::make_unique<ScheduledRuns>(*runs);
        triggers = std::make_unique<TriggerLoop>(*journal, *scheduled, clock);
        machine = std::make_unique<LocalMachine>(notebookEnvironment(options), options.places, *journal, clock);
        stores = std::make_unique<PooledStoreLooks>(notebookEnvironment(options), clock);
        stores->setSecrets(secrets);
        trials = std::make_unique<PooledCopyTrials>(*versions, clock, secrets);
        models = std::make_unique<PooledModels>(options.places.data + QStringLiteral("/models"), clock);
        rejects = std::make_unique<PooledRejects>(
            PooledRejects::Parts{options.places.data, *journal, *versions, clock, [this](const RunEvent &event) {
                                     if (events)
                                         events->announce(event);
                                 }});
        events = std::make_unique<EventStream>(*journal, *telemetry, clock);

        QObject::connect(journal.get(), &RunJournal::degraded, q, [this](bool isDegraded, const QString &why) {
            degradedReason = isDegraded ? why : QString();
            if (isDegraded)
                qCWarning(logEngine).noquote() << "Nothing new is started:" << why;
            runs->setHeld(isDegraded);
        });
        QObject::connect(versions.get(), &PublishedVersions::published, q, [this](const FactoryId &factory) {
            loadTriggers(factory);
        });
    }

    // Where copies keep the rows they leave out; no secret gets there.
    RejectKeeping rejectKeeping() const
    {
        return {[folder = options.places.data](const RunId &run, const ActivityRunId &activityRun) {
                    return rejectFile(folder, run, activityRun.text());
                },
                [known = secrets](const QString &text) {
                    const auto redactor = known->redactor();
                    return redactor && !redactor->isEmpty() ? redactor->redacted(text) : text;
                },
                options.settings.rejectedRows};
    }

    // Their own threads and places: what waits for a database or a server keeps no copy waiting.
    void addActivityRunners()
    {
        activityPool.setMaxThreadCount(lookupPlaces + callPlaces + lookThreads);
        lookups = std::make_unique<Slots>(
            lookupPlaces, EngineServiceText::tr("waiting for another activity to end (%1 of %2 running)"));
        const RunnerParts parts{*lookups, activityPool, clock};
        runners.add(QStringLiteral("Lookup"), std::make_shared<LookupRunner>(parts));
        runners.add(QStringLiteral("GetMetadata"), std::make_shared<GetMetadataRunner>(parts));
        runners.add(QStringLiteral("Delete"), std::make_shared<DeleteRunner>(parts));
        runners.add(QStringLiteral("Script"), std::make_shared<ScriptRunner>(parts));
        runners.add(QStringLiteral("SqlServerStoredProcedure"), std::make_shared<StoredProcedureRunner>(parts));
        calls = std::make_unique<Slots>(
            callPlaces, EngineServiceText::tr("waiting for another web call to end (%1 of %2 running)"));
        const auto web = std::make_shared<WebActivityRunner>(RunnerParts{*calls, activityPool, clock});
        runners.add(QStringLiteral("WebActivity"), web);
        runners.add(QStringLiteral("AzureFunctionActivity"), web);
        // These mostly wait, without a thread.
        waits = std::make_unique<Slots>(
            waitPlaces, EngineServiceText::tr("waiting for another activity to end (%1 of %2 waiting)"));
        const RunnerParts waiting{*waits, activityPool, clock};
        runners.add(QStringLiteral("WebHook"), std::make_shared<WebHookRunner>(waiting));
        runners.add(QStringLiteral("Validation"), std::make_shared<ValidationRunner>(waiting));
    }

    void loadTriggers(const FactoryId &factory)
    {
        const Result<PublishedFactory> published = versions->load(factory);
        if (published)
            triggers->setTriggers(factory, published->factory->triggers);
        else
            qCWarning(logScheduler).noquote() << "No trigger of this factory fires:" << published.error().message;
    }

    Result<> takeUp()
    {
        if (const Result<> recovered = runs->recover(); !recovered)
            return recovered;
        const Result<QList<FactoryRecord>> factories = journal->factories();
        if (!factories)
            return factories.error();
        for (const FactoryRecord &factory : *factories) {
            if (factory.publishedVersion > 0)
                loadTriggers(factory.id);
        }
        rejects->takeUp();
        triggers->resume();
        return {};
    }

    Result<> listen()
    {
        const ApiParts parts{*journal,
                             *telemetry,
                             artifacts,
                             *versions,
                             *runs,
                             *triggers,
                             *stores,
                             *trials,
                             *rejects,
                             *models,
                             *machine,
                             *secrets,
                             clock,
                             *q};
        addEngineRoutes();
        addSettingsRoutes();
        addConnectionRoutes(router, parts);
        addCopyTrialRoutes(router, parts);
        addDatasetRoutes(router, parts);
        addFactoryRoutes(router, parts);
        addMachineRoutes(router, parts);
        addDebugRoutes(router, parts);
        addModelRoutes(router, parts);
        addRejectRoutes(router, parts);
        addRunListRoutes(router, parts);
        addRunRoutes(router, parts);
        addRunDetailRoutes(router, parts);
        addScheduleRoutes(router, parts);
        addSecretRoutes(router, parts);
        addTriggerRoutes(router, parts);
        events->addRoutes(router);
        server = std::make_unique<HttpServer>(
            [this](const HttpRequest &request, HttpReply reply) { router.handle(request, std::move(reply)); });
        return server->listenUnix(options.places.socket);
    }

    void addEngineRoutes()
    {
        router.add("GET", QStringLiteral("/slipway/v1/engine"), [this](const ApiRequest &, ApiReply reply) {
            reply.send(q->hello());
        });
        router.add(
            "POST", QStringLiteral("/slipway/v1/engine/stop"), [this](const ApiRequest &request, ApiReply reply) {
                const int active = runs->active();
                if (active > 0 && !boolAt(request.body, "force"))
                    return reply.send(Error{
                        ErrorCode::Conflict,
                        QCoreApplication::translate("engine::EngineService",
                                                    "%n run(s) are under way; wait for them, cancel them, or stop with "
                                                    "--force (they are taken up at the next start).",
                                                    nullptr,
                                                    active),
                        QStringLiteral("engine")});
                reply.send(Json{{"stopping", true}, {"pid", getpid()}});
                clock.after(Millis(50), q, [this] { emit q->stopRequested(); }); // the answer goes out first
            });
    }

    void sendSettings(ApiReply reply, const Result<EngineSettings> &settings)
    {
        if (!settings)
            return reply.send(settings.error());
        Json json = toJson(*settings);
        json["file"] = toStdString(options.places.settings + QStringLiteral("/engine.json"));
        json["restartNeeded"] = *settings != options.settings;
        reply.send(json);
    }

    // Files may be on a disk that sleeps: read and written on the pool.
    void addSettingsRoutes()
    {
        const QString route = QStringLiteral("/slipway/v1/settings");
        const auto onPool = [this](ApiReply reply, std::function<Result<EngineSettings>()> work) {
            pool.start([this, reply, work = std::move(work)] {
                postTo(q, [this, reply, settings = work()] { sendSettings(reply, settings); });
            });
        };
        const QString folder = options.places.settings;
        router.add("GET", route, [onPool, folder](const ApiRequest &, ApiReply reply) {
            onPool(std::move(reply), [folder] { return EngineSettings::read(folder); });
        });
        router.add("PUT", route, [onPool, folder](const ApiRequest &request, ApiReply reply) {
            onPool(std::move(reply),
                   [folder, changes = request.body] { return EngineSettings::change(folder, changes); });
        });
    }

    void watchIdle()
    {
        const bool busy = server->connections() > 0 || runs->active() > 0 || triggers->anyStarted();
        const Millis now = clock.monotonic();
        if (busy)
            lastBusy = now;
        if (now - lastBusy >= idleLimit) {
            qCInfo(logEngine) << "Nobody needs this engine; it ends.";
            emit q->stopRequested();
            return;
        }
        clock.after(idleCheckEvery, q, [this] { watchIdle(); });
    }

    EngineOptions options;
    EngineService *q;
    SystemClock clock;
    ArtifactStore artifacts;
    std::shared_ptr<SecretStore> secrets;
    QThreadPool pool;
    std::unique_ptr<RunJournal> journal;
    std::unique_ptr<TelemetryLog> telemetry;
    std::unique_ptr<Slots> kernels;
    std::unique_ptr<Slots> copies;
    QThreadPool activityPool;
    std::unique_ptr<Slots> lookups;
    std::unique_ptr<Slots> calls;
    std::unique_ptr<Slots> waits;
    RunnerRegistry runners;
    std::unique_ptr<PublishedVersions> versions;
    std::unique_ptr<PipelineRuns> runs;
    std::unique_ptr<ScheduledRuns> scheduled;
    std::unique_ptr<TriggerLoop> triggers;
    std::unique_ptr<PooledStoreLooks> stores;
    std::unique_ptr<PooledCopyTrials> trials;
    std::unique_ptr<PooledModels> models;
    std::unique_ptr<PooledRejects> rejects;
    std::unique_ptr<LocalMachine> machine;
    std::unique_ptr<EventStream> events;
    Router router;
    std::unique_ptr<HttpServer> server;
    QString degradedReason;
    Instant startedAt;
    Millis lastBusy{0};
};

EngineService::EngineService(EngineOptions options, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(std::move(options), this))
{
}

EngineService::~EngineService() = default;

Result<> EngineService::start()
{
    if (const Result<> made = d->options.places.make(); !made)
        return made;
    if (const Result<> opened = d->openStore(); !opened)
        return opened;
    d->startedAt = d->clock.now();
    d->makeParts();
    if (const int stale = removeStaleRuns(d->options.places.kernels); stale > 0)
        qCInfo(logEngine) << "Ended what" << stale << "notebook runs of an earlier engine had left.";
    if (const Result<> taken = d->takeUp(); !taken)
        return taken;
    if (const Result<> listening = d->listen(); !listening)
        return listening;
    d->lastBusy = d->clock.monotonic();
    if (d->options.onDemand)
        d->watchIdle();
    qCInfo(logEngine).noquote() << "Engine" << slipwayBuildId << "serves" << d->options.places.data << "at"
                                << d->options.places.socket;
    return {};
}

Json EngineService::hello() const
{
    Json json = {{"product", "slipway"},
                 {"version", slipwayVersion},
                 {"buildId", slipwayBuildId},
                 {"pid", getpid()},
                 {"data", toStdString(d->options.places.data)},
                 {"socket", toStdString(d->options.places.socket)},
                 {"startedAt", toStdString(toIso(d->startedAt))},
                 {"epoch", d->journal->epoch()},
                 {"onDemand", d->options.onDemand},
                 {"dataFolder", toStdString(d->options.places.data)},
                 {"settingsFolder", toStdString(d->options.places.settings)},
                 {"log", toStdString(d->options.places.log)},
                 {"activeRuns", d->runs->active()},
                 {"startedTriggers", d->triggers->startedCount()},
                 {"clients", d->server ? d->server->connections() : 0},
                 {"kernels", {{"inUse", d->kernels->inUse()}, {"limit", d->kernels->limit()}}},
                 {"copies", {{"inUse", d->copies->inUse()}, {"limit", d->copies->limit()}}},
                 {"degraded", !d->degradedReason.isEmpty()}};
    if (!d->degradedReason.isEmpty())
        json["degradedReason"] = toStdString(d->degradedReason);
    return json;
}

} // namespace engine

#include "moc_EngineService.cpp"
