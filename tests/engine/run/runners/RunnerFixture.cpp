#include "tests/engine/run/runners/RunnerFixture.h"

#include "engine/model/ActivityReader.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace engine;

namespace tests {

RunnerFixture::RunnerFixture() : factoryFolder(folder.filePath(QStringLiteral("factory")))
{
    QDir().mkpath(factoryFolder + QStringLiteral("/storage"));
    linkedService(QStringLiteral("Files"), QStringLiteral("AzureBlobStorage"), "{}");
    linkedService(QStringLiteral("Base"), QStringLiteral("AzureSqlDatabase"), "{}");
    linkedService(QStringLiteral("Warehouse"), QStringLiteral("AzurePostgreSql"), "{}");
    linkedService(QStringLiteral("Nowhere"), QStringLiteral("AzureSqlDatabase"), "{}");
    linkedService(QStringLiteral("Notebooks"), QStringLiteral("AzureDatabricks"), "{}");
    writeBindings();
    (void)Database::open(factoryFolder + QStringLiteral("/b.db"));
}

RunnerFixture::~RunnerFixture() { pool.waitForDone(); }

void RunnerFixture::bindPostgres(const QString &socketFolder, int port, const QString &user)
{
    m_postgres =
        QStringLiteral(R"(,"Warehouse":{"store":"postgresql","host":"%1","port":%2,"database":"postgres","user":"%3"})")
            .arg(socketFolder)
            .arg(port)
            .arg(user)
            .toUtf8();
    writeBindings();
}

void RunnerFixture::writeBindings(const QByteArray &web) const
{
    write(QStringLiteral(".slipway/bindings.json"),
          R"({"linkedServices":{"Files":{"store":"folder","root":"storage"},"Base":{"store":"sqlite","file":"b.db"},
              "Notebooks":{"compute":"kernel","kernel":"python3","notebooks":"notebooks"})"
              + m_postgres + "},\"web\":" + web + "}");
}

void RunnerFixture::write(const QString &relative, const QByteArray &content) const
{
    QFile file(factoryFolder + u'/' + relative);
    QDir().mkpath(QFileInfo(file).path());
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
}

QByteArray RunnerFixture::read(const QString &relative) const
{
    QFile file(factoryFolder + u'/' + relative);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool RunnerFixture::exists(const QString &relative) const
{
    const QFileInfo info(factoryFolder + u'/' + relative);
    return info.exists() || info.isSymLink();
}

void RunnerFixture::dataset(const QString &name,
                            const QString &type,
                            const QString &linkedService,
                            const QByteArray &typeProperties) const
{
    write(QStringLiteral("dataset/%1.json").arg(name),
          QStringLiteral(R"({"name":"%1","properties":{"type":"%2","linkedServiceName":{"referenceName":"%3",
              "type":"LinkedServiceReference"},"typeProperties":%4}})")
              .arg(name, type, linkedService, QString::fromUtf8(typeProperties))
              .toUtf8());
}

void RunnerFixture::linkedService(const QString &name, const QString &type, const QByteArray &typeProperties) const
{
    write(QStringLiteral("linkedService/%1.json").arg(name),
          QStringLiteral(R"({"name":"%1","properties":{"type":"%2","typeProperties":%3}})")
              .arg(name, type, QString::fromUtf8(typeProperties))
              .toUtf8());
}

Result<> RunnerFixture::sql(const QByteArray &statements) const
{
    auto database = Database::open(factoryFolder + QStringLiteral("/b.db"));
    return database ? database->exec(statements) : Result<>(database.error());
}

ActivityTask RunnerFixture::task(const QByteArray &activity)
{
    const Result<Json> json = parseJson("{\"name\":\"A\"," + activity + '}', QStringLiteral("activity"));
    if (!json)
        qFatal("%s: %s", qPrintable(json.error().message), activity.constData());
    write(QStringLiteral("pipeline/P.json"),
          "{\"name\":\"P\",\"properties\":{\"activities\":[" + toCompact(*json) + "]}}");
    auto plan = std::make_shared<RunPlan>();
    plan->files = std::make_shared<FolderTree>(factoryFolder);
    plan->factory = std::make_shared<Factory>(readFactory(*plan->files).factory);
    plan->folder = factoryFolder;
    plan->pipeline = QStringLiteral("P");
    ActivityTask task;
    task.plan = plan;
    task.activity = std::make_shared<const Activity>(readActivity(*json));
    task.path = QStringLiteral("A");
    task.run = RunId::create();
    task.activityRun = ActivityRunId::create();
    task.attempt = attempt;
    return task;
}

std::unique_ptr<ActivityExecution> RunnerFixture::start(ActivityRunner &runner, const ActivityTask &task)
{
    ended.reset();
    auto execution = runner.make(task);
    QObject::connect(execution.get(),
                     &ActivityExecution::finished,
                     execution.get(),
                     [this](const ActivityOutcome &outcome) { ended = outcome; });
    execution->start();
    return execution;
}

ActivityOutcome RunnerFixture::run(ActivityRunner &runner, const ActivityTask &task)
{
    const auto execution = start(runner, task);
    const bool over = QTest::qWaitFor([this] { return ended.has_value(); }, 30000);
    if (!over)
        qWarning("the activity did not end");
    return ended.value_or(ActivityOutcome{});
}

ActivityOutcome RunnerFixture::run(ActivityRunner &runner, const QByteArray &activity)
{
    return run(runner, task(activity));
}

QByteArray outputOf(const ActivityOutcome &outcome)
{
    Json output = outcome.output;
    for (const char *key : {"effectiveIntegrationRuntime", "durationInQueue", "executionDuration"})
        output.erase(key);
    if (outcome.status == ActivityOutcome::Status::Succeeded)
        return toCompact(output);
    return outcome.error.errorCode.toUtf8() + ": " + outcome.error.message.toUtf8();
}

} // namespace tests
