#include "engine/model/EntityText.h"
#include "engine/model/Factory.h"
#include "engine/model/Validator.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTextStream>

#include <algorithm>
#include <ctime>

using namespace engine;

// Loads and validates a generated factory, and opens one giant pipeline. Prints milliseconds of each round.
//   bench_load_factory [PIPELINES] [ACTIVITIES] [MIB]
namespace {

QTextStream &out()
{
    static QTextStream stream(stdout);
    return stream;
}

void write(const QDir &folder, const QString &path, const Json &json)
{
    const QString whole = folder.filePath(path);
    QDir().mkpath(QFileInfo(whole).path());
    QFile file(whole);
    if (!file.open(QIODevice::WriteOnly) || file.write(writeEntity(json)) < 0)
        qFatal("cannot write %s", qPrintable(whole));
}

Json reference(const char *type, const std::string &name) { return {{"referenceName", name}, {"type", type}}; }

// Copies, notebooks, waits, variables and loops in turn; each after the one before.
Json activity(int index, int pipeline)
{
    const auto nameOf = [](int of) { return "Step " + std::to_string(of); };
    Json json = {{"name", nameOf(index)}, {"type", "Copy"}, {"dependsOn", Json::array()}};
    if (index > 0)
        json["dependsOn"].push_back({{"activity", nameOf(index - 1)}, {"dependencyConditions", {"Succeeded"}}});
    json["policy"] = {{"timeout", "0.12:00:00"}, {"retry", 0}, {"retryIntervalInSeconds", 30}, {"secureOutput", false}};
    json["userProperties"] = Json::array();
    switch (index % 5) {
    case 0:
        json["typeProperties"] = {
            {"source",
             {{"type", "DelimitedTextSource"},
              {"storeSettings", {{"type", "AzureBlobStorageReadSettings"}, {"recursive", true}}}}},
            {"sink", {{"type", "AzureSqlSink"}, {"preCopyScript", "delete from [dbo].[t]"}}},
            {"translator", {{"type", "TabularTranslator"}, {"mappings", Json::array()}}}};
        for (int column = 0; column < 10; ++column)
            json["typeProperties"]["translator"]["mappings"].push_back(
                {{"source", {{"name", "c" + std::to_string(column)}, {"type", "String"}}},
                 {"sink", {{"name", "c" + std::to_string(column)}, {"type", "Int64"}}}});
        json["inputs"] = Json::array({reference("DatasetReference", "Files" + std::to_string(pipeline % 100))});
        json["outputs"] = Json::array({reference("DatasetReference", "Table" + std::to_string(pipeline % 100))});
        break;
    case 1:
        json["type"] = "DatabricksNotebook";
        json["typeProperties"] = {
            {"notebookPath", "/Shared/scoring"},
            {"baseParameters",
             {{"day", {{"value", "@formatDateTime(utcnow(), 'yyyy-MM-dd')"}, {"type", "Expression"}}}}}};
        json["linkedServiceName"] = reference("LinkedServiceReference", "Notebooks");
        break;
    case 2:
        json["type"] = "SetVariable";
        json["typeProperties"] = {
            {"variableName", "text"},
            {"value",
             "@{concat(pipeline().parameters.prefix, '-', string(pipeline().RunId))} of @{variables('text')}"}};
        break;
    case 3:
        json["type"] = "Wait";
        json["typeProperties"] = {{"waitTimeInSeconds", 1}};
        break;
    default:
        json["type"] = "ForEach";
        json["typeProperties"] = {{"items", {{"value", "@createArray('a', 'b')"}, {"type", "Expression"}}},
                                  {"activities",
                                   Json::array({{{"name", "Inner " + std::to_string(index)},
                                                 {"type", "Wait"},
                                                 {"dependsOn", Json::array()},
                                                 {"typeProperties", {{"waitTimeInSeconds", 1}}}}})}};
    }
    return json;
}

Json pipelineOf(int number, int activities)
{
    Json json = {{"name", "Pipeline" + std::to_string(number)}};
    Json &properties = json["properties"];
    properties["activities"] = Json::array();
    for (int index = 0; index < activities; ++index)
        properties["activities"].push_back(activity(index, number));
    properties["parameters"] = {{"prefix", {{"type", "string"}, {"defaultValue", "p"}}}};
    properties["variables"] = {{"text", {{"type", "String"}}}};
    properties["annotations"] = Json::array();
    return json;
}

void generate(const QDir &folder, int pipelines, int activities)
{
    for (int number = 0; number < pipelines; ++number)
        write(folder, QStringLiteral("pipeline/Pipeline%1.json").arg(number), pipelineOf(number, activities));
    for (int number = 0; number < 100; ++number) {
        const std::string digits = std::to_string(number);
        write(folder,
              QStringLiteral("dataset/Files%1.json").arg(number),
              {{"name", "Files" + digits},
               {"properties",
                {{"type", "DelimitedText"},
                 {"linkedServiceName", reference("LinkedServiceReference", "Storage")},
                 {"typeProperties",
                  {{"location", {{"type", "AzureBlobStorageLocation"}, {"container", "data"}}},
                   {"firstRowAsHeader", true}}}}}});
        write(folder,
              QStringLiteral("dataset/Table%1.json").arg(number),
              {{"name", "Table" + digits},
               {"properties",
                {{"type", "AzureSqlTable"},
                 {"linkedServiceName", reference("LinkedServiceReference", "Warehouse")},
                 {"typeProperties", {{"schema", "dbo"}, {"table", "t" + digits}}}}}});
    }
    const auto service = [&folder](const char *name, const char *type) {
        write(folder,
              QStringLiteral("linkedService/%1.json").arg(QLatin1String(name)),
              {{"name", name}, {"properties", {{"type", type}, {"typeProperties", Json::object()}}}});
    };
    service("Storage", "AzureBlobStorage");
    service("Warehouse", "AzureSqlDatabase");
    service("Notebooks", "AzureDatabricks");
    write(folder,
          QStringLiteral(".slipway/bindings.json"),
          {{"linkedServices",
            {{"Storage", {{"store", "folder"}, {"root", "storage"}}},
             {"Warehouse", {{"store", "sqlite"}, {"file", "w.db"}}},
             {"Notebooks", {{"compute", "kernel"}}}}}});
    write(folder,
          QStringLiteral("notebooks/Shared/scoring.ipynb"),
          {{"nbformat", 4}, {"nbformat_minor", 5}, {"metadata", Json::object()}, {"cells", Json::array()}});
}

// The processor time of this program, in milliseconds: what other programs do does not count.
qint64 processorTime() { return qint64(std::clock()) * 1000 / CLOCKS_PER_SEC; }

// The largest resident memory so far, in MiB.
long peakMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toLong() / 1024;
    }
    return 0;
}

void loadAndValidate(const QDir &folder)
{
    QElapsedTimer timer;
    timer.start();
    const qint64 before = processorTime();
    const FactoryReading reading = readFactory(FolderTree(folder.path()));
    const qint64 loaded = timer.elapsed();
    const QList<Problem> problems = validate(reading.factory);
    const qint64 whole = timer.elapsed();
    const qint64 used = processorTime() - before;
    const auto errors = std::count_if(problems.cbegin(), problems.cend(), [](const Problem &problem) {
        return problem.severity == Problem::Severity::Error;
    });
    qsizetype activities = 0;
    for (const Pipeline &pipeline : reading.factory.pipelines)
        activities += pipeline.activities.size();
    out() << "load " << loaded << " ms, validate " << whole - loaded << " ms, processor " << used
          << " ms: " << reading.factory.pipelines.size() << " pipelines, " << activities << " activities, "
          << reading.problems.size() << " reading problems, " << errors << " errors, " << problems.size()
          << " problems, " << peakMemory() << " MiB at most" << Qt::endl;
    if (!problems.isEmpty())
        out() << "  first: " << problems.first().where << " " << problems.first().message << Qt::endl;
}

void openGiant(int mib)
{
    const QByteArray one = writeEntity(pipelineOf(0, 1000));
    const int times = int((qsizetype(mib) << 20) / one.size()) + 1;
    const QTemporaryDir folder;
    write(QDir(folder.path()), QStringLiteral("pipeline/Giant.json"), pipelineOf(0, times * 1000));
    QElapsedTimer timer;
    timer.start();
    const qint64 before = processorTime();
    const FactoryReading reading = readFactory(FolderTree(folder.path()));
    const qint64 used = processorTime() - before;
    out() << "a pipeline of " << QFileInfo(folder.filePath(QStringLiteral("pipeline/Giant.json"))).size() / 1048576
          << " MiB: " << timer.elapsed() << " ms, processor " << used << " ms, "
          << (reading.problems.isEmpty() ? QStringLiteral("opened") : reading.problems.first().message) << ", "
          << peakMemory() << " MiB at most" << Qt::endl;
}

} // namespace

int main(int argc, char **argv)
{
    const int pipelines = argc > 1 ? std::atoi(argv[1]) : 1000;
    const int activities = argc > 2 ? std::atoi(argv[2]) : 20;
    const QTemporaryDir folder;
    generate(QDir(folder.path()), pipelines, activities);
    for (int round = 0; round < 5; ++round)
        loadAndValidate(QDir(folder.path()));
    if (argc > 3) {
        openGiant(std::atoi(argv[3]));
    } else {
        openGiant(15);
        openGiant(50);
    }
    return 0;
}
