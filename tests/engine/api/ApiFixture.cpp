#include "tests/engine/api/ApiFixture.h"

#include "engine/api/Controllers.h"
#include "tests/support/TestMain.h"

#include <QUrl>
#include <QUrlQuery>

using namespace engine;

namespace tests {

// Triggers are listed and started here; none is due while a test runs.
class ApiFixture::NoRequests final : public RunRequests
{
public:
    Result<RunRecord> prepare(const FactoryId &, const QString &, const Json &, const Invoker &, const Json &) override
    {
        return Error{ErrorCode::Unsupported, QStringLiteral("nothing is due"), {}};
    }
    void dispatch(const RunRecord &) override { }
};

// Nothing here looks into a store.
class ApiFixture::NoStores final : public StoreLooks
{
public:
    void test(const StoreDraft &, const CancelToken &, Answer<QString> answer) override { answer(error()); }
    void browse(const StoreDraft &, const QString &, const CancelToken &, Answer<StoreListing> answer) override
    {
        answer(error());
    }
    void
    schema(const StoreDraft &, const DatasetDraft &, const CancelToken &, Answer<QList<StoreColumn>> answer) override
    {
        answer(error());
    }
    void
    preview(const StoreDraft &, const DatasetDraft &, int, const CancelToken &, Answer<StorePreview> answer) override
    {
        answer(error());
    }

private:
    static Error error() { return {ErrorCode::Unsupported, QStringLiteral("no store is here"), {}}; }
};

void ApiFixture::ScriptedTrials::conversion(const CopyTrialWish &asked,
                                            const CancelToken &,
                                            Answer<ConversionPreview> reply)
{
    wish = asked;
    reply(preview);
}

void ApiFixture::ScriptedTrials::script(const CopyTrialWish &asked, const CancelToken &, Answer<ScriptTrial> reply)
{
    wish = asked;
    reply(trial);
}

void ApiFixture::ScriptedRejects::page(const RejectPlace &of, const RejectQuery &asked, Answer<RejectPage> reply)
{
    place = of;
    query = asked;
    ++calls;
    reply(answer);
}

void ApiFixture::ScriptedRejects::change(const RejectPlace &of, const RejectChange &asked, Answer<Json> reply)
{
    place = of;
    wanted = asked;
    ++calls;
    reply(changed);
}

void ApiFixture::ScriptedRejects::csv(const RejectPlace &of,
                                      const RejectQuery &asked,
                                      bool isCorrected,
                                      Answer<QByteArray> reply)
{
    place = of;
    query = asked;
    corrected = isCorrected;
    ++calls;
    reply(QByteArray("a,_row\r\n"));
}

void ApiFixture::ScriptedRejects::reload(const RejectPlace &of, const QList<qint64> &asked, Answer<Json> reply)
{
    place = of;
    ids = asked;
    ++calls;
    reply(changed);
}

void ApiFixture::ScriptedModels::list(const CancelToken &, Answer reply) { reply(answer); }

void ApiFixture::ScriptedModels::card(const ModelPlace &of, const CancelToken &, Answer reply)
{
    place = of;
    reply(answer);
}

void ApiFixture::ScriptedModels::setAlias(const ModelPlace &of, const QString &name, const CancelToken &, Answer reply)
{
    place = of;
    alias = name;
    reply(answer);
}

void ApiFixture::ScriptedModels::exportTo(const ModelPlace &of, const QString &to, const CancelToken &, Answer reply)
{
    place = of;
    file = to;
    reply(answer);
}

// A machine with one kernel and one check, at once.
class ApiFixture::SmallMachine final : public MachineLooks
{
public:
    void kernels(std::function<void(const QList<FoundKernel> &)> answer) override
    {
        answer({{.name = QStringLiteral("python3"),
                 .displayName = QStringLiteral("Python 3"),
                 .language = QStringLiteral("python"),
                 .folder = QStringLiteral("/k"),
                 .interpreter = {},
                 .version = {},
                 .problem = QStringLiteral("It is asleep.")}});
    }
    void check(std::function<void(const QList<SetupCheck> &)> answer) override
    {
        answer({{.id = QStringLiteral("disk"),
                 .state = SetupCheck::State::Warning,
                 .title = QStringLiteral("Disk"),
                 .message = QStringLiteral("It is small."),
                 .fix = QStringLiteral("Buy one.")}});
    }
    void makeSample(const QString &folder, std::function<void(const Result<MadeSample> &)> answer) override
    {
        answer(MadeSample{folder, 1309});
    }
    Result<QByteArray> log(qint64 bytes) override { return QByteArray(bytes, 'x'); }
};

ApiFixture::ApiFixture()
    : m_requests(std::make_unique<NoRequests>())
    , m_stores(std::make_unique<NoStores>())
    , m_machine(std::make_unique<SmallMachine>())
    , m_secrets(std::make_unique<SecretStore>(engine.folder.filePath(QStringLiteral("data"))))
    , m_artifacts(engine.folder.filePath(QStringLiteral("data/artifacts")))
{
    m_triggers = std::make_unique<TriggerLoop>(*engine.journal, *m_requests, engine.clock);
    connect(engine.versions.get(), &PublishedVersions::published, this, [this](const FactoryId &factory) {
        if (const auto published = engine.versions->load(factory))
            m_triggers->setTriggers(factory, published->factory->triggers);
    });
    const ApiParts parts{*engine.journal,
                         *engine.telemetry,
                         m_artifacts,
                         *engine.versions,
                         *engine.runs,
                         *m_triggers,
                         *m_stores,
                         trials,
                         rejects,
                         models,
                         *m_machine,
                         *m_secrets,
                         engine.clock,
                         *this};
    addCopyTrialRoutes(m_router, parts);
    addFactoryRoutes(m_router, parts);
    addMachineRoutes(m_router, parts);
    addModelRoutes(m_router, parts);
    addRejectRoutes(m_router, parts);
    addRunListRoutes(m_router, parts);
    addRunRoutes(m_router, parts);
    addRunDetailRoutes(m_router, parts);
    addTriggerRoutes(m_router, parts);
    addScheduleRoutes(m_router, parts);
    m_server = std::make_unique<HttpServer>(
        [this](const HttpRequest &request, HttpReply reply) { m_router.handle(request, std::move(reply)); });
    const QString socket = engine.folder.filePath(QStringLiteral("s"));
    if (const Result<> listening = m_server->listenUnix(socket); !listening)
        qFatal("%s", qPrintable(listening.error().message));
    m_client = std::make_unique<HttpClient>(socket);
}

ApiFixture::~ApiFixture() = default;

QString ApiFixture::Answer::where() const { return stringAt(memberAt(json, "error"), "where"); }

ApiFixture::Answer ApiFixture::send(const QByteArray &method, const QString &pathAndQuery, const Json &body)
{
    const QUrl url(pathAndQuery);
    HttpRequest request;
    request.method = method;
    request.path = url.path(QUrl::FullyDecoded);
    const auto items = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    for (const auto &[key, value] : items)
        request.query.insert(key, value);
    if (!body.is_null())
        request.body = toCompact(body);
    std::optional<Result<HttpResponse>> answer;
    m_client->send(request, this, [&answer](Result<HttpResponse> response) { answer = std::move(response); });
    [&] { QTRY_VERIFY(answer.has_value()); }();
    if (!answer || !*answer)
        return {};
    const HttpResponse &response = **answer;
    const auto json = parseJson(response.body, QStringLiteral("body"));
    return {response.status, json ? *json : Json(), response.body};
}

RunId ApiFixture::runToTheEnd(const QString &pipeline, const Json &parameters)
{
    RunId id;
    engine.runs->create(engine.factory.id,
                        pipeline,
                        parameters.is_object() ? parameters : Json::object(),
                        this,
                        [&id](const Result<RunRecord> &run) { id = run ? run->id : RunId(); });
    const auto ended = [&] {
        const auto run = engine.journal->run(id);
        return run && *run && isTerminal((*run)->status);
    };
    [&] { QTRY_VERIFY(ended()); }();
    [&] { QTRY_COMPARE(engine.runs->active(), 0); }();
    return id;
}

} // namespace tests
