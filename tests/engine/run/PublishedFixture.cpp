#include "tests/engine/run/PublishedFixture.h"

#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace engine;

namespace tests {

PublishedFixture::PublishedFixture()
    : factoryFolder(folder.filePath(QStringLiteral("factory")))
    , clock(*instantFromIso(QStringLiteral("2026-01-31T22:00:00Z")))
    , runner(std::make_shared<ScriptedRunner>())
{
    journal = *RunJournal::open(folder.filePath(QStringLiteral("data")), clock);
    telemetry = *TelemetryLog::open(folder.filePath(QStringLiteral("data")));
    runners.add(QStringLiteral("Copy"), runner);
    versions = std::make_unique<PublishedVersions>(*journal,
                                                   ArtifactStore(folder.filePath(QStringLiteral("data/artifacts"))),
                                                   clock,
                                                   [this] { return KnownMachine{.kernels = kernels}; });
    runs = std::make_unique<PipelineRuns>(*versions, PipelineRun::Parts{runners, *journal, *telemetry, clock});
    write(
        QStringLiteral("dataset/In.json"),
        R"({"name":"In","properties":{"type":"DelimitedText","linkedServiceName":{"referenceName":"Files","type":"LinkedServiceReference"},
              "typeProperties":{"location":{"type":"AzureBlobStorageLocation","container":"c","fileName":"in.csv"},"firstRowAsHeader":true}}})");
    write(
        QStringLiteral("dataset/Out.json"),
        R"({"name":"Out","properties":{"type":"AzureSqlTable","linkedServiceName":{"referenceName":"Base","type":"LinkedServiceReference"},
              "typeProperties":{"schema":"dbo","table":"t"}}})");
    write(QStringLiteral("linkedService/Files.json"),
          R"({"name":"Files","properties":{"type":"AzureBlobStorage","typeProperties":{}}})");
    write(QStringLiteral("linkedService/Base.json"),
          R"({"name":"Base","properties":{"type":"AzureSqlDatabase","typeProperties":{}}})");
    write(
        QStringLiteral(".slipway/bindings.json"),
        R"({"linkedServices":{"Files":{"store":"folder","root":"storage"},"Base":{"store":"sqlite","file":"b.db"}}})");
    pipeline(QStringLiteral("P"), 0);
    const Result<FactoryRecord> registered = registerFolder(factoryFolder);
    if (registered)
        factory = *registered;
}

void PublishedFixture::write(const QString &relative, const QByteArray &content) const
{
    QFile file(factoryFolder + u'/' + relative);
    QDir().mkpath(QFileInfo(file).path());
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
}

void PublishedFixture::pipeline(const QString &name, int concurrency) const
{
    write(QStringLiteral("pipeline/%1.json").arg(name),
          QStringLiteral(
              R"({"name":"%1","properties":{%2"activities":[{"name":"A","type":"Copy","dependsOn":[],
              "typeProperties":{"source":{"type":"DelimitedTextSource"},"sink":{"type":"AzureSqlSink"}},
              "inputs":[{"referenceName":"In","type":"DatasetReference"}],"outputs":[{"referenceName":"Out","type":"DatasetReference"}]}]}})")
              .arg(name, concurrency > 0 ? QStringLiteral("\"concurrency\":%1,").arg(concurrency) : QString())
              .toUtf8());
}

void PublishedFixture::notebookPipeline(const QString &name) const
{
    write(QStringLiteral("notebooks/n.ipynb"), R"({"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5})");
    write(QStringLiteral("linkedService/Spark.json"),
          R"({"name":"Spark","properties":{"type":"AzureDatabricks","typeProperties":{}}})");
    write(QStringLiteral(".slipway/bindings.json"),
          R"({"linkedServices":{"Files":{"store":"folder","root":"storage"},"Base":{"store":"sqlite","file":"b.db"},
              "Spark":{"compute":"kernel","kernel":"python3"}}})");
    write(QStringLiteral("pipeline/%1.json").arg(name),
          QStringLiteral("{\n\"name\":\"%1\",\n\"properties\":{\"activities\":[\n"
                         "{\"name\":\"N\",\"type\":\"DatabricksNotebook\",\"dependsOn\":[],\n"
                         "\"typeProperties\":{\"notebookPath\":\"/n\"},\n"
                         "\"linkedServiceName\":{\"referenceName\":\"Spark\",\"type\":\"LinkedServiceReference\"}}]}}")
              .arg(name)
              .toUtf8());
}

Result<FactoryRecord> PublishedFixture::registerFolder(const QString &path)
{
    std::optional<Result<FactoryRecord>> answer;
    versions->registerFolder(
        path, versions.get(), [&answer](Result<FactoryRecord> record) { answer = std::move(record); });
    [&] { QTRY_VERIFY(answer.has_value()); }();
    return *answer;
}

Result<Publication> PublishedFixture::publish(const QString &comment)
{
    std::optional<Result<Publication>> answer;
    versions->publish(
        factory.id, comment, versions.get(), [&](Result<Publication> publication, const QList<Problem> &found) {
            problems = found;
            answer = std::move(publication);
        });
    [&] { QTRY_VERIFY(answer.has_value()); }();
    return *answer;
}

} // namespace tests
