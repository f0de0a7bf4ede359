#include "tests/designer/monitor/ToldRun.h"

namespace tests {

using namespace engine;

namespace {

const Instant evening = *instantFromIso(QStringLiteral("2026-11-20T22:00:01.000Z"));

Json listOf(const auto &records)
{
    Json list = Json::array();
    for (const auto &record : records)
        list.push_back(toJson(record));
    return {{"value", list}};
}

} // namespace

ToldRun::ToldRun(RunBook &owner, RunStatus status, Instant start)
    : book(owner)
    , run(owner.make(QStringLiteral("PublishPythonSql"), status))
{
    run.queuedAt = start;
    run.start = start;
    run.lastUpdated = start;
    run.invokedBy = {QStringLiteral("TriggerEveryDay"), QStringLiteral("ScheduleTrigger"), QStringLiteral("t1")};
}

ActivityRecord &ToldRun::activity(const QString &name, const QString &type, ActivityStatus status)
{
    ActivityRecord record;
    record.id = ActivityRunId(QStringLiteral("act-") + name);
    record.run = run.id;
    record.pipeline = run.pipeline;
    record.name = name;
    record.path = name;
    record.type = type;
    record.status = status;
    activities.append(record);
    return activities.last();
}

ActivityRecord &ToldRun::of(const QString &name)
{
    for (ActivityRecord &record : activities) {
        if (record.name == name)
            return record;
    }
    qFatal("no such activity");
}

CellRecord &ToldRun::cell(const QString &name, CellStatus status, qint64 fromMs, qint64 toMs)
{
    CellRecord record;
    record.run = run.id;
    record.activityRun = of(name).id;
    record.index = int(cells.size());
    record.kind = QStringLiteral("code");
    record.status = status;
    if (toMs > 0) {
        record.start = at(fromMs);
        record.end = at(toMs);
    }
    cells.append(record);
    return cells.last();
}

void ToldRun::define(const QString &name, const QString &type, const QStringList &after)
{
    Json dependencies = Json::array();
    for (const QString &before : after)
        dependencies.push_back(
            {{"activity", toStdString(before)}, {"dependencyConditions", Json::array({"Succeeded"})}});
    definitions.push_back({{"name", toStdString(name)}, {"type", toStdString(type)}, {"dependsOn", dependencies}});
}

void ToldRun::serve()
{
    const QString base = QStringLiteral("GET /slipway/v1/runs/") + run.id.text();
    Json record = toJson(run);
    record["factoryName"] = "titanic";
    book.client.on(base + QStringLiteral("/record"), record);
    book.client.on(base + QStringLiteral("/activityrecords"), listOf(activities));
    book.client.on(base + QStringLiteral("/attempts"), listOf(attempts));
    book.client.on(base + QStringLiteral("/cells"), listOf(cells));
    book.client.on(base + QStringLiteral("/progress"), Json{{"value", progress}});
    book.client.on(
        base + QStringLiteral("/pipeline"),
        Json{{"name", toStdString(run.pipeline)},
             {"pipeline", {{"name", toStdString(run.pipeline)}, {"properties", {{"activities", definitions}}}}},
             {"layout", nullptr},
             {"datasets", datasets},
             {"version", run.version}});
    bool isKnown = false;
    for (RunRecord &known : book.runs) {
        if (known.id == run.id) {
            known = run;
            isKnown = true;
        }
    }
    if (!isKnown)
        book.add(run);
}

void ToldRun::happen(const RunEvent::Body &body) { book.client.emitEvent({0, at(0), run.factory, run.id, body}); }

ToldRun failedTitanic(RunBook &book)
{
    ToldRun told(book, RunStatus::Failed, evening);
    told.run.end = told.at(4100);
    told.run.message = QStringLiteral("Cell 4 “Predict”: X has 7 features, but LogisticRegression is expecting 8");
    told.run.parameters = {{"day", "2026-11-20"}, {"limit", 1000}};
    told.run.trigger = {{"scheduledTime", "2026-11-20T22:00:00.000Z"}};
    const QString notebook = QStringLiteral("TitanicPredictions");
    ActivityRecord &predictions = told.activity(notebook, QStringLiteral("DatabricksNotebook"), ActivityStatus::Failed);
    predictions.start = told.at(540);
    predictions.end = told.at(4100);
    predictions.attempts = 1;
    predictions.input = {{"notebookPath", "/Shared/titanic_scoring"}};
    predictions.error.errorCode = QStringLiteral("UserErrorNotebookCellFailed");
    predictions.error.message = told.run.message;
    predictions.error.failureType = QStringLiteral("UserError");
    told.activity(QStringLiteral("CopyStorageToSql"), QStringLiteral("Copy"), ActivityStatus::Skipped);
    told.cell(notebook, CellStatus::Succeeded, 540, 800).title = QStringLiteral("Secrets");
    told.cell(notebook, CellStatus::Succeeded, 810, 1440);
    told.cell(notebook, CellStatus::Succeeded, 1440, 3170);
    CellRecord &failed = told.cell(notebook, CellStatus::Failed, 3990, 4100);
    failed.title = QStringLiteral("Predict");
    failed.source = QStringLiteral("X = df.drop()\np = model.predict_proba(X)\n");
    failed.errorLine = 2;
    failed.traceback = QStringLiteral("Traceback (most recent call last):\nValueError: X has 7 features");
    told.cell(notebook, CellStatus::NotRun, 0, 0);
    told.define(notebook, QStringLiteral("DatabricksNotebook"), {});
    told.define(QStringLiteral("CopyStorageToSql"), QStringLiteral("Copy"), {notebook});
    told.serve();
    return told;
}

ToldRun salesCopy(RunBook &book, ActivityStatus status)
{
    const bool isEnded = status == ActivityStatus::Succeeded;
    ToldRun told(book, isEnded ? RunStatus::Succeeded : RunStatus::InProgress, evening);
    told.run.pipeline = QStringLiteral("LoadSales");
    ActivityRecord &copy = told.activity(QStringLiteral("CopySales"), QStringLiteral("Copy"), status);
    copy.pipeline = told.run.pipeline;
    copy.start = told.at(0);
    copy.attempts = 1;
    if (isEnded) {
        copy.end = told.at(9800);
        told.run.end = told.at(9810);
        const Json details = {{"readingFromSource", {{"type", "File"}, {"workingDuration", 1.7}}},
                              {"writingToSink", {{"type", "PostgreSql"}, {"workingDuration", 7.3}}}};
        const Json profile = {{"queue", {{"duration", 0.1}}},
                              {"preCopyScript", {{"duration", 0.4}}},
                              {"transfer", {{"duration", 8.9}, {"details", details}}}};
        copy.output = {{"dataRead", 641728512},
                       {"dataWritten", 590000000},
                       {"filesRead", 31},
                       {"rowsRead", 8100000},
                       {"rowsCopied", 8099963},
                       {"rowsSkipped", 37},
                       {"executionDetails", Json::array({Json{{"profile", profile}}})},
                       {"slipway", {{"commitDuration", 0.4}}}};
    }
    told.define(QStringLiteral("CopySales"), QStringLiteral("Copy"), {});
    Json &definition = told.definitions.back();
    definition["inputs"] = Json::array({Json{{"referenceName", "SalesCsv"}, {"type", "DatasetReference"}}});
    definition["outputs"] = Json::array({Json{{"referenceName", "FactSales"}, {"type", "DatasetReference"}}});
    const auto column = [](const char *from, const char *to) {
        return Json{{"source", {{"name", from}, {"type", "String"}}}, {"sink", {{"name", to}, {"type", "Decimal"}}}};
    };
    definition["typeProperties"] = {
        {"translator", {{"type", "TabularTranslator"}, {"mappings", Json::array({column("amount", "amount_eur")})}}}};
    told.datasets["SalesCsv"] = {
        {"properties",
         {{"type", "DelimitedText"},
          {"linkedServiceName", {{"referenceName", "Storage"}}},
          {"typeProperties", {{"location", {{"folderPath", "sales/2024/03"}, {"fileName", "*.csv"}}}}}}}};
    told.datasets["FactSales"] = {{"properties",
                                   {{"type", "PostgreSqlTable"},
                                    {"linkedServiceName", {{"referenceName", "Warehouse"}}},
                                    {"typeProperties", {{"schema", "sales"}, {"table", "fact_sales"}}}}}};
    for (int i = 0; i <= 98; ++i) {
        const qint64 rows = qint64(i) * 82'000 + (i % 9) * 6'000;
        told.progress.push_back({{"at", toStdString(toIso(told.at(i * 100)))},
                                 {"attempt", 1},
                                 {"phase", "Transferring"},
                                 {"rowsRead", rows},
                                 {"rowsCopied", rows}});
    }
    told.serve();
    return told;
}

} // namespace tests
