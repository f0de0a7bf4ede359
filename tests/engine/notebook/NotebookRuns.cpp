#include "tests/engine/notebook/NotebookRuns.h"

#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;

#ifdef __SANITIZE_THREAD__
// QProcess without a child modifier uses vfork(), in which the sanitizer takes the parent for a forked child.
extern "C" const char *__tsan_default_options();
extern "C" const char *__tsan_default_options() { return "die_after_fork=0"; }
#endif

namespace tests {

QByteArray notebookFile(const QList<CellText> &cells, const QString &kernel)
{
    Json list = Json::array();
    for (const CellText &cell : cells) {
        Json json = {{"cell_type", toStdString(cell.kind)},
                     {"id", "cell-" + std::to_string(list.size() + 1)},
                     {"metadata", Json::object()},
                     {"source", toStdString(cell.source)}};
        for (const QString &tag : cell.tags)
            json["metadata"]["tags"].push_back(toStdString(tag));
        if (cell.kind == u"code") {
            json["outputs"] = Json::array();
            json["execution_count"] = nullptr;
        }
        list.push_back(std::move(json));
    }
    return toPretty(Json{{"cells", std::move(list)},
                         {"metadata", {{"kernelspec", {{"display_name", "K"}, {"name", toStdString(kernel)}}}}},
                         {"nbformat", 4},
                         {"nbformat_minor", 5}});
}

NotebookRun::NotebookRun()
{
    request.run = RunId::create();
    request.activityRun = ActivityRunId::create();
    request.activity = QStringLiteral("Score");
    request.path = QStringLiteral("notebooks/score.ipynb");
    environment.runtimeFolder = m_folder.path() + QStringLiteral("/r");
    environment.modulesFolder = sourceDir() + QStringLiteral("/resources/python");
}

NotebookRun::~NotebookRun() = default;

void NotebookRun::start(const QList<CellText> &cells)
{
    request.content = notebookFile(cells);
    start();
}

void NotebookRun::start()
{
    m_job = std::make_unique<NotebookJob>(request, environment, m_clock);
    connect(m_job.get(), &NotebookJob::cellChanged, this, [this](const CellRecord &cell) {
        m_cells.insert(cell.index, cell);
        m_history[cell.index] += toString(cell.status);
    });
    connect(m_job.get(), &NotebookJob::outputChanged, this, [this](const CellOutput &output) {
        ++m_outputEvents;
        m_outputBytes += toCompact(output.output).size();
        Json &list = m_outputs[output.cell];
        if (output.change == CellOutput::Change::Clear)
            list = Json::array();
        else if (output.change == CellOutput::Change::Append && size_t(output.position) == list.size())
            list.push_back(output.output);
        else
            list.at(size_t(output.position)) = output.output;
    });
    connect(m_job.get(), &NotebookJob::finished, this, [this](const NotebookOutcome &outcome) {
        m_outcome = outcome;
        ++m_finished;
    });
    m_job->start();
}

QStringList NotebookRun::statuses() const
{
    QStringList statuses;
    for (const CellRecord &cell : m_cells)
        statuses += toString(cell.status);
    return statuses;
}

const Json &NotebookRun::outputs(int index)
{
    Json &list = m_outputs[index];
    if (list.is_null())
        list = Json::array();
    return list;
}

QString NotebookRun::text(int index, const QString &stream)
{
    QString text;
    for (const Json &output : outputs(index))
        if (stringAt(output, "name") == stream)
            text += stringAt(output, "text");
    return text;
}

Json NotebookRun::executed() const
{
    const Result<Json> json = parseJson(m_outcome.executed, QStringLiteral("executed"));
    return json ? *json : Json();
}

QString NotebookRun::executedText(int index, const QString &stream) const
{
    std::string text;
    const Json json = executed();
    for (const Json &output : json.at("cells").at(size_t(index)).at("outputs")) {
        if (stringAt(output, "name") != stream)
            continue;
        for (const Json &line : output.at("text"))
            text += line.get<std::string>();
    }
    return toQString(text);
}

bool NotebookRun::leftNothing() const
{
    // The path of the run's folder is in the environment of all its processes.
    const QByteArray mark = environment.runtimeFolder.toUtf8();
    const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &entry : entries) {
        QFile file(QStringLiteral("/proc/%1/environ").arg(entry));
        if (entry.toLongLong() > 0 && file.open(QIODevice::ReadOnly) && file.readAll().contains(mark))
            return false;
    }
    return QDir(environment.runtimeFolder).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).isEmpty();
}

} // namespace tests

#include "moc_NotebookRuns.cpp"
