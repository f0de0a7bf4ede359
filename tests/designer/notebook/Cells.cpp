#include "tests/designer/notebook/Cells.h"

#include <QBuffer>
#include <QImage>
#include <QStringList>

namespace tests {

using namespace engine;

namespace {

const Instant start = *instantFromIso(QStringLiteral("2026-11-20T21:00:01.482Z"));

const char16_t *const traceback =
    u"---------------------------------------------------------------------------\n"
    u"ValueError                                Traceback (most recent call last)\n"
    u"Cell In [3], line 2\n"
    u"      1 X = df.drop(columns=[\"survived\", \"embarkation\"])\n"
    u"----> 2 p = model.predict_proba(X)[:, 1]\n"
    u"      3 df[\"predictions\"] = (p >= 0.5).astype(int)\n"
    u"\n"
    u"File /usr/lib/python3/dist-packages/sklearn/linear_model/_logistic.py:1309, in predict_proba(self, X)\n"
    u"   1308 if ovr:\n"
    u"-> 1309     return super()._predict_proba_lr(X)\n"
    u"\n"
    u"File /usr/lib/python3/dist-packages/sklearn/linear_model/_base.py:432, in _predict_proba_lr(self, X)\n"
    u"--> 432     prob = self.decision_function(X)\n"
    u"\n"
    u"File /usr/lib/python3/dist-packages/sklearn/base.py:400, in _check_n_features(self, X, reset)\n"
    u"--> 400     raise ValueError(\n"
    u"\n"
    u"ValueError: X has 7 features, but LogisticRegression is expecting 8 features as input.";

} // namespace

Json streamOutput(const QString &text, const char *name)
{
    return {{"output_type", "stream"}, {"name", name}, {"text", toStdString(text)}};
}

Json bundleOutput(const char *form, const Json &value)
{
    return {{"output_type", "display_data"}, {"metadata", Json::object()}, {"data", {{form, value}}}};
}

Json errorOutput(const QString &ename, const QString &evalue, const QStringList &lines)
{
    Json list = Json::array();
    for (const QString &line : lines)
        list.push_back(toStdString(line));
    return {
        {"output_type", "error"}, {"ename", toStdString(ename)}, {"evalue", toStdString(evalue)}, {"traceback", list}};
}

QByteArray pngOf(int width, int height)
{
    QImage picture(width, height, QImage::Format_RGB32);
    picture.fill(Qt::darkGreen);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    picture.save(&buffer, "PNG");
    return bytes.toBase64();
}

RunRecord notebookRunRecord(RunStatus status)
{
    RunRecord run;
    run.id = RunId(QStringLiteral("6f1c2a34-0000-4000-8000-000000000001"));
    run.pipeline = QStringLiteral("PublishPythonSql");
    run.version = 7;
    run.status = status;
    run.queuedAt = start - Millis(40);
    run.start = start;
    run.invokedBy.name = QStringLiteral("TriggerEveryDay");
    run.parameters = {{"day", "2026-11-20"}};
    return run;
}

ActivityRecord notebookActivity(ActivityStatus status)
{
    ActivityRecord activity;
    activity.id = ActivityRunId(QStringLiteral("a0000000-0000-4000-8000-000000000002"));
    activity.run = notebookRunRecord().id;
    activity.pipeline = QStringLiteral("PublishPythonSql");
    activity.name = QStringLiteral("TitanicPredictions");
    activity.path = activity.name;
    activity.type = QStringLiteral("DatabricksNotebook");
    activity.status = status;
    activity.attempts = 1;
    activity.start = start;
    activity.input = {{"notebookPath", "/Shared/titanic_scoring"},
                      {"baseParameters", {{"day", "2026-11-20"}, {"limit", 10}}}};
    if (status == ActivityStatus::Failed) {
        activity.error = {.errorCode = QStringLiteral("UserErrorNotebookCellFailed"),
                          .message = QStringLiteral("Cell 4 failed: ValueError: X has 7 features (line 2)"),
                          .failureType = QStringLiteral("UserError"),
                          .target = activity.name,
                          .details = {{"cell", 4}}};
        activity.output = {{"slipway",
                            {{"notebook", "notebooks/Shared/titanic_scoring.ipynb"},
                             {"kernel", "python3"},
                             {"sandbox", "bubblewrap"},
                             {"resources", {{"peakRss", 224395264}, {"cpuSeconds", 3.5}}}}}};
    }
    return activity;
}

AttemptRecord notebookAttempt(int number, AttemptStatus status)
{
    AttemptRecord attempt;
    attempt.activityRun = notebookActivity().id;
    attempt.run = notebookRunRecord().id;
    attempt.number = number;
    attempt.status = status;
    attempt.start = start;
    if (isTerminal(status))
        attempt.end = start + Millis(4100);
    return attempt;
}

CellRecord cellRecord(int index, const QString &title, const QString &source, CellStatus status)
{
    CellRecord cell;
    cell.run = notebookRunRecord().id;
    cell.activityRun = notebookActivity().id;
    cell.index = index;
    cell.cellId = QStringLiteral("c%1").arg(index);
    cell.kind = QStringLiteral("code");
    cell.title = title;
    cell.language = QStringLiteral("python");
    cell.source = source;
    cell.status = status;
    return cell;
}

QList<CellRecord> predictionCells()
{
    const auto text = [](const char16_t *utf16) { return QString::fromUtf16(utf16); };
    QList<CellRecord> cells{
        cellRecord(0, text(u"Secrets and connections"), text(u"import os\nimport slipway"), CellStatus::Succeeded),
        cellRecord(1,
                   text(u"Read passengers"),
                   text(u"df = pd.read_sql(\"select * from titanic\", c)"),
                   CellStatus::Succeeded),
        cellRecord(2,
                   text(u"Load model"),
                   text(u"model = joblib.load(\"/dbfs/mnt/frzstg/finmodels/titanic.pkl\")\nmodel.n_features_in_"),
                   CellStatus::Succeeded),
        cellRecord(3,
                   text(u"Predict"),
                   text(u"X = df.drop(columns=[\"survived\", \"embarkation\"])\np = model.predict_proba(X)[:, 1]\n"
                        u"df[\"predictions\"] = (p >= 0.5).astype(int)"),
                   CellStatus::Failed),
        cellRecord(4,
                   text(u"Write output.csv"),
                   text(u"df.to_csv(\"/dbfs/mnt/frzstg/finoutput/output.csv\", index=False)"),
                   CellStatus::NotRun),
        cellRecord(5, text(u"Exit value"), text(u"slipway.exit(len(df))"), CellStatus::NotRun)};
    const int durations[] = {412, 900, 1700, 38};
    Instant at = start;
    for (int index = 0; index < 4; ++index) {
        cells[index].start = at;
        at += Millis(durations[index]);
        cells[index].end = at;
        cells[index].executionCount = index;
    }
    cells[3].ename = QStringLiteral("ValueError");
    cells[3].evalue = QStringLiteral("X has 7 features, but LogisticRegression is expecting 8 features as input.");
    cells[3].errorLine = 2;
    cells[3].traceback = QString::fromUtf16(traceback);
    return cells;
}

Json cellsAnswer(const QList<CellRecord> &cells, const QList<QList<Json>> &outputs)
{
    Json list = Json::array();
    for (const CellRecord &cell : cells) {
        Json json = toJson(cell);
        json["outputs"] = Json::array();
        for (const Json &output : outputs.value(cell.index))
            json["outputs"].push_back(output);
        list.push_back(std::move(json));
    }
    return {{"value", std::move(list)}};
}

} // namespace tests
