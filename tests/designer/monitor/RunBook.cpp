#include "tests/designer/monitor/RunBook.h"

#include "designer/monitor/Now.h"
#include "designer/monitor/RunListFilter.h"

#include <algorithm>

namespace tests {

using namespace engine;
using namespace std::chrono_literals;

RunBook::RunBook(int count)
    : settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat)
    , connection(client, QString(), "test")
    , workbench(connection, settings)
{
    for (int i = 0; i < count; ++i) {
        RunRecord run = make(QStringLiteral("Pipeline%1").arg(i % 7), RunStatus::Succeeded);
        run.queuedAt = designer::now() - std::chrono::minutes(count - i);
        run.start = run.queuedAt + 5ms;
        run.end = *run.start + Millis(1000 + i % 900);
        run.lastUpdated = *run.end;
        runs.append(run);
    }
    client.on(QStringLiteral("POST /slipway/v1/runs/query"),
              [this](const FakeEngineClient::Call &call) -> Result<Json> { return answer(call.body); });
    workbench.setZone(QTimeZone::utc());
    connection.start();
}

RunRecord RunBook::make(const QString &pipeline, RunStatus status) const
{
    RunRecord run;
    run.id = RunId::create();
    run.group = RunGroupId(run.id.text());
    run.factory = FactoryId(QStringLiteral("f1"));
    run.version = 7;
    run.pipeline = pipeline;
    run.status = status;
    run.queuedAt = designer::now();
    run.lastUpdated = run.queuedAt;
    if (status != RunStatus::Queued)
        run.start = run.queuedAt;
    return run;
}

RunRecord &RunBook::add(RunRecord run)
{
    runs.append(std::move(run));
    return runs.last();
}

void RunBook::happen(const RunRecord &run)
{
    const auto known =
        std::find_if(runs.begin(), runs.end(), [&](const RunRecord &other) { return other.id == run.id; });
    if (known == runs.end())
        runs.append(run);
    else
        *known = run;
    client.emitEvent({++m_sequence, designer::now(), run.factory, run.id, run});
}

Json RunBook::answer(const Json &question) const
{
    designer::RunListFilter filter;
    filter.span = designer::RunListFilter::Span::Custom;
    filter.after = instantFromIso(stringAt(question, "after"));
    filter.before = instantFromIso(stringAt(question, "before"));
    filter.text = stringAt(question, "text");
    filter.factory = FactoryId(stringAt(question, "factory"));
    const Json &statuses = memberAt(question, "statuses");
    for (const Json &status : statuses)
        filter.statuses.append(*statusFromString<RunStatus>(toQString(status.get<std::string>())));
    const Json &pipelines = memberAt(question, "pipelines");
    for (const Json &pipeline : pipelines)
        filter.pipelines.append(toQString(pipeline.get<std::string>()));
    QList<const RunRecord *> found;
    QMap<RunStatus, int> counts;
    const Instant present = designer::now();
    for (const RunRecord &run : runs) {
        if (!filter.matches(run, present))
            continue;
        found.append(&run);
        ++counts[run.status];
    }
    const QString key = stringAt(question, "orderBy");
    const auto isBefore = [&key, present](const RunRecord *a, const RunRecord *b) {
        if (key == u"duration")
            return designer::durationOf(*a, present) < designer::durationOf(*b, present);
        if (key == u"pipeline")
            return a->pipeline < b->pipeline;
        return designer::timeOf(*a) < designer::timeOf(*b);
    };
    if (!std::is_sorted(found.begin(), found.end(), isBefore))
        std::stable_sort(found.begin(), found.end(), isBefore);
    if (stringAt(question, "order") == u"desc")
        std::reverse(found.begin(), found.end());
    Json list = Json::array();
    const int offset = int(intAt(question, "offset"));
    for (int i = offset; i < qMin(int(found.size()), offset + int(intAt(question, "limit", 200))); ++i) {
        Json run = toJson(*found.at(i));
        run["factoryName"] = "titanic";
        list.push_back(std::move(run));
    }
    Json byStatus = Json::object();
    for (auto count = counts.cbegin(); count != counts.cend(); ++count)
        byStatus[toStdString(toString(count.key()))] = *count;
    return {{"value", list}, {"total", int(found.size())}, {"counts", byStatus}};
}

} // namespace tests
