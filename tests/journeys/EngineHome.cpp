#include "tests/journeys/EngineHome.h"

#include "engine/base/ProcessState.h"
#include "engine/sqlite/Database.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QThread>

#include <csignal>

using namespace engine;

namespace tests {

namespace {

constexpr const char *pipelineJson = R"({
  "name": "LoadOnly",
  "properties": { "activities": [ {
    "name": "Load", "type": "Copy", "dependsOn": [], "policy": { "timeout": "0.00:10:00", "retry": 0 },
    "typeProperties": {
      "source": { "type": "DelimitedTextSource", "storeSettings": { "type": "AzureBlobStorageReadSettings" }, "formatSettings": { "type": "DelimitedTextReadSettings" } },
      "sink": { "type": "AzureSqlSink", "preCopyScript": "delete from [dbo].[target]", "writeBehavior": "insert" },
      "enableStaging": false },
    "inputs": [ { "referenceName": "Rows", "type": "DatasetReference" } ],
    "outputs": [ { "referenceName": "Target", "type": "DatasetReference" } ] } ],
    "annotations": [] } })";
constexpr const char *sourceJson = R"({ "name": "Rows", "properties": { "type": "DelimitedText",
  "linkedServiceName": { "referenceName": "Files", "type": "LinkedServiceReference" },
  "typeProperties": { "location": { "type": "AzureBlobStorageLocation", "container": "data", "fileName": "in.csv" },
  "columnDelimiter": ",", "firstRowAsHeader": true, "quoteChar": "\"" }, "schema": [] } })";
constexpr const char *sinkJson = R"({ "name": "Target", "properties": { "type": "AzureSqlTable",
  "linkedServiceName": { "referenceName": "Warehouse", "type": "LinkedServiceReference" },
  "typeProperties": { "schema": "dbo", "table": "target" }, "schema": [] } })";
constexpr const char *filesJson =
    R"({ "name": "Files", "properties": { "type": "AzureBlobStorage", "typeProperties": {} } })";
constexpr const char *warehouseJson =
    R"({ "name": "Warehouse", "properties": { "type": "AzureSqlDatabase", "typeProperties": { "connectionString": "" } } })";
constexpr const char *bindingsJson = R"({ "linkedServices": {
  "Files": { "store": "folder", "root": "storage" }, "Warehouse": { "store": "sqlite", "file": "sink.db" } } })";

Database openSink(const QString &factory)
{
    Result<Database> database = Database::open(factory + QStringLiteral("/sink.db"));
    if (!database)
        qFatal("%s", qPrintable(database.error().message));
    return *std::move(database);
}

void mustRun(Database &database, const QByteArray &sql)
{
    if (const Result<> done = database.exec(sql); !done)
        qFatal("%s", qPrintable(done.error().message));
}

} // namespace

QList<Json> EngineHome::Answer::json() const
{
    QList<Json> lines;
    for (const QString &line : out.split(u'\n', Qt::SkipEmptyParts)) {
        const Result<Json> json = parseJson(line.toUtf8(), QStringLiteral("stdout"));
        lines.append(json ? *json : Json());
    }
    return lines;
}

EngineHome::EngineHome() : m_environment(QProcessEnvironment::systemEnvironment())
{
    m_environment.insert(QStringLiteral("SLIPWAY_HOME"), path(QStringLiteral("home")));
    m_environment.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    m_environment.remove(QStringLiteral("SLIPWAY_CRASH_AT"));
}

EngineHome::~EngineHome() { killEngine(); }

QString EngineHome::program(const QString &name) { return QCoreApplication::applicationDirPath() + u'/' + name; }

QString EngineHome::path(const QString &relative) const
{
    return relative.isEmpty() ? m_folder.path() : m_folder.filePath(relative);
}

void EngineHome::setEnvironment(const QString &name, const QString &value)
{
    if (value.isEmpty())
        m_environment.remove(name);
    else
        m_environment.insert(name, value);
}

std::unique_ptr<QProcess> EngineHome::startCtl(const QStringList &arguments) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(m_environment);
    process->setProgram(program(QStringLiteral("slipwayctl")));
    process->setArguments(QFileInfo::exists(factory()) ? QStringList{QStringLiteral("--factory"), factory()} + arguments
                                                       : arguments);
    process->setWorkingDirectory(m_folder.path());
    process->start();
    return process;
}

EngineHome::Answer EngineHome::ctl(const QStringList &arguments, int timeoutMs) const
{
    const std::unique_ptr<QProcess> process = startCtl(arguments);
    if (!process->waitForFinished(timeoutMs)) {
        process->kill();
        process->waitForFinished();
        return {
            -1, QString::fromUtf8(process->readAllStandardOutput()), QStringLiteral("no end within the time limit")};
    }
    return {process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1,
            QString::fromUtf8(process->readAllStandardOutput()),
            QString::fromUtf8(process->readAllStandardError())};
}

void EngineHome::write(const QString &relative, const QByteArray &content) const
{
    QFile file(factory() + u'/' + relative);
    QDir().mkpath(QFileInfo(file).path());
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
}

void EngineHome::makeCopyFactory(int oldRows) const
{
    write(QStringLiteral("pipeline/LoadOnly.json"), pipelineJson);
    write(QStringLiteral("dataset/Rows.json"), sourceJson);
    write(QStringLiteral("dataset/Target.json"), sinkJson);
    write(QStringLiteral("linkedService/Files.json"), filesJson);
    write(QStringLiteral("linkedService/Warehouse.json"), warehouseJson);
    write(QStringLiteral(".slipway/bindings.json"), bindingsJson);
    Database database = openSink(factory());
    mustRun(database, "PRAGMA journal_mode=WAL");
    mustRun(database, "CREATE TABLE target (id INTEGER, generation INTEGER, text TEXT)");
    mustRun(database,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT " + QByteArray::number(oldRows)
                + ") INSERT INTO target SELECT i, 0, 'old ' || i FROM n");
}

void EngineHome::writeRows(int rows, int generation) const
{
    QByteArray csv = "id,generation,text\n";
    for (int i = 1; i <= rows; ++i)
        csv +=
            QByteArray::number(i) + ',' + QByteArray::number(generation) + ",\"row " + QByteArray::number(i) + "\"\n";
    write(QStringLiteral("storage/data/in.csv"), csv);
}

QMap<int, int> EngineHome::generations() const
{
    Database database = openSink(factory());
    Result<Statement> statement = database.prepare("SELECT generation, count(*) FROM target GROUP BY 1");
    if (!statement)
        qFatal("%s", qPrintable(statement.error().message));
    QMap<int, int> counts;
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row)
            qFatal("%s", qPrintable(row.error().message));
        if (!*row)
            return counts;
        counts.insert(int(statement->integer(0)), int(statement->integer(1)));
    }
}

qint64 EngineHome::enginePid() const
{
    const Answer answer = ctl({QStringLiteral("engine"), QStringLiteral("status"), QStringLiteral("--json")});
    return answer.exitCode == 0 && !answer.json().isEmpty() ? intAt(answer.json().first(), "pid") : 0;
}

void EngineHome::killEngine() const
{
    const qint64 pid = enginePid();
    if (pid <= 0)
        return;
    ::kill(pid_t(pid), SIGKILL);
    while (isProcessAlive(pid))
        QThread::msleep(5);
}

void EngineHome::stopEngine() const
{
    (void)ctl({QStringLiteral("engine"), QStringLiteral("stop"), QStringLiteral("--force")});
}

} // namespace tests
