#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"

#include <QCoreApplication>

#include <array>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RunListControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunListController)
};

constexpr int pageMost = 1000;
constexpr int pageUsual = 200;

struct KeyName
{
    const char *name;
    RunSearch::Key key;
};
constexpr std::array keyNames{KeyName{"start", RunSearch::Key::Start},
                              KeyName{"duration", RunSearch::Key::Duration},
                              KeyName{"pipeline", RunSearch::Key::Pipeline},
                              KeyName{"status", RunSearch::Key::Status},
                              KeyName{"version", RunSearch::Key::Version},
                              KeyName{"triggeredBy", RunSearch::Key::TriggeredBy}};

Result<QList<RunStatus>> statusesIn(const Json &body)
{
    const Result<QStringList> names = textsIn(body, "statuses");
    if (!names)
        return names.error();
    QList<RunStatus> statuses;
    for (const QString &name : *names) {
        const auto status = statusFromString<RunStatus>(name);
        if (!status)
            return Error{ErrorCode::InvalidInput,
                         RunListControllerText::tr("\"%1\" is no status of a run; use Queued, InProgress, Canceling, "
                                                   "Succeeded, Failed or Cancelled.")
                             .arg(name),
                         QStringLiteral("statuses")};
        statuses.append(*status);
    }
    return statuses;
}

Result<> readOrder(const Json &body, RunSearch &search)
{
    const QString by = stringAt(body, "orderBy", QStringLiteral("start"));
    const auto key = std::find_if(
        keyNames.begin(), keyNames.end(), [&by](const KeyName &name) { return by == QLatin1String(name.name); });
    if (key == keyNames.end())
        return Error{ErrorCode::InvalidInput,
                     RunListControllerText::tr("Runs are not sorted by \"%1\"; use start, duration, pipeline, status, "
                                               "version or triggeredBy.")
                         .arg(by),
                     QStringLiteral("orderBy")};
    search.orderBy = key->key;
    const QString order = stringAt(body, "order", QStringLiteral("desc")).toLower();
    if (order != u"asc" && order != u"desc")
        return Error{ErrorCode::InvalidInput,
                     RunListControllerText::tr("The order is asc or desc, not \"%1\".").arg(order),
                     QStringLiteral("order")};
    search.order = order == u"asc" ? RunSearch::Direction::Ascending : RunSearch::Direction::Descending;
    return {};
}

Result<RunSearch> searchFrom(const ApiParts &parts, const Json &body)
{
    RunSearch search;
    if (const QString name = stringAt(body, "factory"); !name.isEmpty()) {
        const Result<FactoryRecord> factory = parts.versions.factory(name);
        if (!factory)
            return factory.error();
        search.factory = factory->id;
    }
    search.kind = stringAt(body, "debug") == u"all" ? RunKind::All
        : boolAt(body, "debug")                     ? RunKind::Debug
                                                    : RunKind::Production;
    search.text = stringAt(body, "text").trimmed();
    const auto pipelines = textsIn(body, "pipelines");
    const auto triggeredBy = textsIn(body, "triggeredBy");
    if (!pipelines || !triggeredBy)
        return pipelines ? triggeredBy.error() : pipelines.error();
    search.pipelines = *pipelines;
    search.triggeredBy = *triggeredBy;
    const auto statuses = statusesIn(body);
    if (!statuses)
        return statuses.error();
    search.statuses = *statuses;
    const auto after = instantIn(body, "after");
    const auto before = instantIn(body, "before");
    if (!after || !before)
        return after ? before.error() : after.error();
    search.after = *after;
    search.before = *before;
    if (const Result<> ordered = readOrder(body, search); !ordered)
        return ordered.error();
    const auto offset = numberIn(body, "offset", 0, 0, std::numeric_limits<int>::max());
    const auto limit = numberIn(body, "limit", pageUsual, 0, pageMost);
    if (!offset || !limit)
        return offset ? limit.error() : offset.error();
    search.offset = *offset;
    search.limit = *limit;
    search.now = parts.clock.now();
    return search;
}

void sendPage(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Result<RunSearch> search = searchFrom(parts, request.body);
    if (!search)
        return reply.send(search.error());
    const Result<RunPage> page = parts.journal.find(*search);
    if (!page)
        return reply.send(page.error());
    const auto names = factoryNames(parts);
    if (!names)
        return reply.send(names.error());
    Json runs = Json::array();
    for (const RunRecord &run : page->runs)
        runs.push_back(runJson(run, *names));
    Json counts = Json::object();
    for (auto count = page->counts.cbegin(); count != page->counts.cend(); ++count)
        counts[toStdString(toString(count.key()))] = count.value();
    reply.send(Json{{"value", std::move(runs)}, {"total", page->total}, {"counts", std::move(counts)}});
}

void rerun(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Json &parameters = memberAt(request.body, "parameters");
    if (!parameters.is_null() && !parameters.is_object())
        return reply.send(Error{ErrorCode::InvalidInput,
                                RunListControllerText::tr("The parameters must be an object: {\"name\": value}."),
                                QStringLiteral("parameters")});
    const Rerun wish{.of = RunId(request.path.value(QStringLiteral("run"))),
                     .parameters = parameters.is_null() ? Json::object() : parameters};
    parts.runs.rerun(wish, &parts.loop, [reply](const Result<RunRecord> &run) mutable {
        if (run)
            reply.send(Json{{"runId", toStdString(run->id.text())}});
        else
            reply.send(run.error());
    });
}

} // namespace

void addRunListRoutes(Router &router, const ApiParts &parts)
{
    router.add("POST", QStringLiteral("/slipway/v1/runs/query"), [parts](const ApiRequest &request, ApiReply reply) {
        sendPage(parts, request, std::move(reply));
    });
    router.add("POST",
               QStringLiteral("/slipway/v1/runs/{run}/rerun"),
               [parts](const ApiRequest &request, ApiReply reply) { rerun(parts, request, std::move(reply)); });
}

} // namespace engine
