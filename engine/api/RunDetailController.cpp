#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"
#include "engine/records/DriftRecords.h"

#include <QCoreApplication>

#include <limits>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RunDetailControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunDetailController)
};

template <typename Record> void sendAll(const Result<QList<Record>> &records, ApiReply reply)
{
    if (!records)
        return reply.send(records.error());
    Json list = Json::array();
    for (const Record &record : *records)
        list.push_back(toJson(record));
    reply.send(Json{{"value", std::move(list)}});
}

void sendRecord(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Result<RunRecord> run = runOf(parts, request);
    if (!run)
        return reply.send(run.error());
    const auto names = factoryNames(parts);
    if (names)
        reply.send(runJson(*run, *names));
    else
        reply.send(names.error());
}

void sendCells(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const QString asked = request.http.query.value(QStringLiteral("outputs"));
    const bool isNone = asked == u"none"; // states and times alone
    if (!asked.isEmpty() && asked != u"preview" && asked != u"whole" && !isNone)
        return reply.send(Error{
            ErrorCode::InvalidInput,
            RunDetailControllerText::tr("Outputs are asked for as whole, preview or none, not as \"%1\".").arg(asked),
            QStringLiteral("outputs")});
    const auto which = asked == u"preview" ? TelemetryLog::Outputs::Preview : TelemetryLog::Outputs::Whole;
    const RunId run(request.path.value(QStringLiteral("run")));
    const Result<QList<CellRecord>> cells = parts.journal.cells(run);
    if (!cells)
        return reply.send(cells.error());
    Json list = Json::array();
    QMap<QString, QMap<int, Json>> outputs; // of each attempt, read once
    for (const CellRecord &cell : *cells) {
        if (isNone) {
            list.push_back(toJson(cell));
            continue;
        }
        const QString key = QStringLiteral("%1/%2").arg(cell.activityRun.text()).arg(cell.attempt);
        if (!outputs.contains(key)) {
            Result<QMap<int, Json>> read = parts.telemetry.outputs(cell.activityRun, cell.attempt, which);
            if (!read)
                return reply.send(read.error());
            outputs.insert(key, *std::move(read));
        }
        Json json = toJson(cell);
        Json &shown = outputs[key][cell.index];
        json["outputs"] = shown.is_array() ? std::move(shown) : Json::array();
        list.push_back(std::move(json));
    }
    reply.send(Json{{"value", std::move(list)}});
}

void sendOutput(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    int numbers[3] = {};
    const char *const names[3] = {"attempt", "index", "position"};
    for (int i = 0; i < 3; ++i) {
        bool isNumber = false;
        const QString text = request.path.value(QLatin1String(names[i]));
        numbers[i] = text.toInt(&isNumber);
        if (!isNumber || numbers[i] < 0)
            return reply.send(Error{ErrorCode::InvalidInput,
                                    RunDetailControllerText::tr("\"%1\" is no number.").arg(text),
                                    QString::fromLatin1(names[i])});
    }
    const ActivityRunId activityRun(request.path.value(QStringLiteral("activityRun")));
    const Result<QByteArray> output = parts.telemetry.output(activityRun, numbers[0], numbers[1], numbers[2]);
    if (output)
        reply.sendText(*output, "application/json; charset=utf-8");
    else
        reply.send(output.error());
}

void sendProgress(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const ActivityRunId activityRun(request.http.query.value(QStringLiteral("activityRun")));
    if (activityRun.isEmpty())
        return reply.send(Error{ErrorCode::InvalidInput,
                                RunDetailControllerText::tr("Say of which activity: ?activityRun=ID."),
                                QStringLiteral("activityRun")});
    const auto history = parts.telemetry.progressHistory(activityRun);
    if (!history)
        return reply.send(history.error());
    Json list = Json::array();
    for (const ProgressRecord &record : *history) {
        Json point = {{"at", toStdString(toIso(record.at))}, {"attempt", record.attempt}};
        for (const auto &item : record.progress.items())
            point[item.key()] = item.value();
        list.push_back(std::move(point));
    }
    reply.send(Json{{"value", std::move(list)}});
}

// The names of datasets that anything in `json` refers to.
void collectDatasets(const Json &json, QStringList &names)
{
    if (!json.is_structured())
        return;
    if (stringAt(json, "type") == u"DatasetReference") {
        const QString name = stringAt(json, "referenceName");
        if (!name.isEmpty() && !names.contains(name))
            names.append(name);
    }
    for (const Json &member : json)
        collectDatasets(member, names);
}

// The pipeline as the run's version has it: what its canvas is drawn from.
void sendPipeline(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Result<RunRecord> run = runOf(parts, request);
    if (!run)
        return reply.send(run.error());
    const Result<PublishedFactory> published = parts.versions.load(run->factory, run->version);
    if (!published)
        return reply.send(published.error());
    const auto pipeline = published->factory->pipelines.constFind(run->pipeline);
    if (pipeline == published->factory->pipelines.cend())
        return reply.send(Error{
            ErrorCode::NotFound,
            RunDetailControllerText::tr("Version %1 has no pipeline \"%2\".").arg(run->version).arg(run->pipeline),
            run->pipeline});
    Json layout;
    if (const auto text = published->files->read(QStringLiteral(".slipway/layout/%1.json").arg(run->pipeline))) {
        if (const auto read = parseJson(*text, QStringLiteral("layout")))
            layout = *read; // one that cannot be read is as good as none: the canvas is laid out by itself
    }
    QStringList names;
    collectDatasets(pipeline->json, names);
    Json datasets = Json::object();
    for (const QString &name : std::as_const(names)) {
        const auto dataset = published->factory->datasets.constFind(name);
        if (dataset != published->factory->datasets.cend())
            datasets[toStdString(name)] = dataset->json;
    }
    reply.send(Json{{"name", toStdString(run->pipeline)},
                    {"pipeline", pipeline->json},
                    {"layout", layout},
                    {"datasets", datasets},
                    {"version", run->version}});
}

std::optional<ActivityRecord> activityOf(const QList<ActivityRecord> &activities, const QString &id)
{
    for (const ActivityRecord &activity : activities) {
        if (activity.id.text() == id)
            return activity;
    }
    return std::nullopt;
}

// What the same activity said in the last runs of the pipeline up to `run`, oldest first: the summary of DriftRecords.h
// with "runId" and "start".
Result<Json> driftHistory(const ApiParts &parts, const RunRecord &run, const QString &path)
{
    constexpr int mostRuns = 30;
    RunSearch search;
    search.factory = run.factory;
    search.kind = run.version < 0 ? RunKind::Debug : RunKind::Production;
    search.pipelines = {run.pipeline};
    search.before = run.start.value_or(run.queuedAt);
    search.limit = mostRuns;
    const Result<RunPage> page = parts.journal.find(search);
    if (!page)
        return page.error();
    Json history = Json::array();
    for (auto earlier = page->runs.crbegin(); earlier != page->runs.crend(); ++earlier) {
        const Result<QList<ActivityRecord>> activities = parts.journal.activities(earlier->id);
        if (!activities)
            return activities.error();
        for (const ActivityRecord &activity : *activities) {
            if (activity.path != path || !driftOf(activity.output))
                continue;
            Json point = {{"runId", toStdString(earlier->id.text())},
                          {"start", toStdString(toIso(earlier->start.value_or(earlier->queuedAt)))}};
            for (const char *key : {"worst", "scorings"})
                point[key] = memberAt(memberAt(memberAt(activity.output, "slipway"), "drift"), key);
            history.push_back(std::move(point));
        }
    }
    return history;
}

void sendDrift(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Result<RunRecord> run = runOf(parts, request);
    if (!run)
        return reply.send(run.error());
    const Result<QList<ActivityRecord>> activities = parts.journal.activities(run->id);
    if (!activities)
        return reply.send(activities.error());
    const QString id = request.path.value(QStringLiteral("activityRun"));
    const std::optional<ActivityRecord> activity = activityOf(*activities, id);
    if (!activity || !driftOf(activity->output))
        return reply.send(Error{ErrorCode::NotFound,
                                RunDetailControllerText::tr("This activity run has compared no rows with those a model "
                                                            "was trained with."),
                                id});
    const Json &drift = memberAt(memberAt(activity->output, "slipway"), "drift");
    const Result<QByteArray> report = parts.artifacts.get(stringAt(drift, "report"));
    if (!report)
        return reply.send(report.error());
    Result<Json> whole = parseJson(*report, QStringLiteral("drift"));
    if (!whole)
        return reply.send(whole.error());
    const Result<Json> history = driftHistory(parts, *run, activity->path);
    if (!history)
        return reply.send(history.error());
    reply.send(Json{{"worst", memberAt(drift, "worst")},
                    {"scorings", memberAt(*std::move(whole), "scorings")},
                    {"history", *history}});
}

} // namespace

void addRunDetailRoutes(Router &router, const ApiParts &parts)
{
    const QString run = QStringLiteral("/slipway/v1/runs/{run}");
    using Send = void (*)(const ApiParts &, const ApiRequest &, ApiReply);
    for (const auto &[path, send] :
         {std::pair<const char *, Send>{"/record", sendRecord},
          {"/pipeline", sendPipeline},
          {"/progress", sendProgress},
          {"/cells", sendCells},
          {"/activities/{activityRun}/drift", sendDrift},
          {"/activities/{activityRun}/attempts/{attempt}/cells/{index}/outputs/{position}", sendOutput}}) {
        router.add("GET", run + QLatin1String(path), [parts, send](const ApiRequest &request, ApiReply reply) {
            send(parts, request, std::move(reply));
        });
    }
    router.add("GET", run + QStringLiteral("/activityrecords"), [parts](const ApiRequest &request, ApiReply reply) {
        sendAll(parts.journal.activities(RunId(request.path.value(QStringLiteral("run")))), std::move(reply));
    });
    router.add("GET", run + QStringLiteral("/attempts"), [parts](const ApiRequest &request, ApiReply reply) {
        sendAll(parts.journal.attempts(RunId(request.path.value(QStringLiteral("run")))), std::move(reply));
    });
}

} // namespace engine
