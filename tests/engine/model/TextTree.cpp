#include "tests/engine/model/TextTree.h"

using namespace engine;

namespace tests {

TextTree::TextTree(const QByteArray &text)
{
    QString path;
    QByteArray content;
    for (const QByteArray &line : text.split('\n')) {
        if (!line.startsWith("=== ")) {
            content += line + '\n';
            continue;
        }
        if (!path.isEmpty())
            m_contents.insert(path, content);
        path = QString::fromUtf8(line.mid(4).trimmed());
        content.clear();
    }
    if (!path.isEmpty())
        m_contents.insert(path, content);
}

TextTree::TextTree(std::initializer_list<std::pair<QString, QByteArray>> files)
{
    for (const auto &[path, content] : files)
        m_contents.insert(path, content);
}

QStringList TextTree::files() const
{
    QStringList paths = m_contents.keys();
    paths.removeAll(QStringLiteral(".slipway/local/bindings.json"));
    return paths;
}

Result<QByteArray> TextTree::read(const QString &path) const
{
    const auto found = m_contents.constFind(path);
    if (found == m_contents.cend())
        return Error{ErrorCode::NotFound, QStringLiteral("no such file"), path};
    return *found;
}

TextTree titanicTree()
{
    return TextTree(QByteArrayLiteral(R"(=== pipeline/PublishPythonSql.json
{ "name": "PublishPythonSql", "properties": {
  "description": "Scores the passengers",
  "folder": {"name": "Titanic/Daily"},
  "activities": [
    { "name": "TitanicPredictions", "type": "DatabricksNotebook", "dependsOn": [],
      "policy": {"timeout":"0.12:00:00","retry":0,"retryIntervalInSeconds":30,"secureOutput":false,"secureInput":false},
      "userProperties": [{"name":"owner","value":"harbour"}],
      "typeProperties": {"notebookPath":"/Shared/titanic_scoring","baseParameters":{"limit":"10"}},
      "linkedServiceName": {"referenceName":"LocalNotebooks","type":"LinkedServiceReference"} },
    { "name": "CopyStorageToSql", "type": "Copy",
      "dependsOn": [{"activity":"TitanicPredictions","dependencyConditions":["Succeeded"]}],
      "policy": {"timeout":"0.12:00:00","retry":2,"retryIntervalInSeconds":60},
      "userProperties": [],
      "typeProperties": {
        "source": {"type":"DelimitedTextSource","storeSettings":{"type":"AzureBlobStorageReadSettings","recursive":true},
                   "formatSettings":{"type":"DelimitedTextReadSettings"}},
        "sink": {"type":"AzureSqlSink","preCopyScript":"delete from [dbo].[titanic_predictions]","writeBehavior":"insert"},
        "enableStaging": false,
        "translator": {"type":"TabularTranslator","mappings":[
          {"source":{"name":"survived","type":"String","physicalType":"String"},
           "sink":{"name":"survived","type":"Int64","physicalType":"bigint"}}],
          "typeConversion":true} },
      "inputs":  [{"referenceName":"FinBlobOutput","type":"DatasetReference"}],
      "outputs": [{"referenceName":"FinSqlTable","type":"DatasetReference"}] } ],
  "annotations": ["daily"] } }
=== dataset/FinBlobOutput.json
{ "name": "FinBlobOutput", "properties": { "type": "DelimitedText",
  "linkedServiceName": {"referenceName":"AzureBlobStorage1","type":"LinkedServiceReference"},
  "typeProperties": {"location":{"type":"AzureBlobStorageLocation","folderPath":"finoutput","container":"data"},
                     "columnDelimiter":",","firstRowAsHeader":true},
  "schema": [{"name":"survived","type":"String"},{"name":"age","type":"String"}] } }
=== dataset/FinSqlTable.json
{ "name": "FinSqlTable", "properties": { "type": "AzureSqlTable",
  "linkedServiceName": {"referenceName":"AzureSqlDatabase1","type":"LinkedServiceReference"},
  "typeProperties": {"schema":"dbo","table":"titanic_predictions"} } }
=== linkedService/AzureBlobStorage1.json
{ "name": "AzureBlobStorage1", "properties": { "type": "AzureBlobStorage", "typeProperties": {"sasUri":"x"} } }
=== linkedService/AzureSqlDatabase1.json
{ "name": "AzureSqlDatabase1", "properties": { "type": "AzureSqlDatabase", "typeProperties": {"connectionString":"y"} } }
=== linkedService/LocalNotebooks.json
{ "name": "LocalNotebooks", "properties": { "type": "AzureDatabricks" } }
=== trigger/TriggerEveryDay.json
{ "name": "TriggerEveryDay", "properties": { "type": "ScheduleTrigger", "runtimeState": "Started",
  "description": "Run model scoring pipeline every day at 10pm",
  "pipelines": [{"pipelineReference":{"referenceName":"PublishPythonSql","type":"PipelineReference"}}],
  "typeProperties": {"recurrence":{"frequency":"Day","interval":1,"startTime":"2019-03-06T16:09:00Z","timeZone":"UTC",
                                   "schedule":{"minutes":[0],"hours":[22]}}} } }
=== factory/harbour.json
{ "name": "harbour", "location": "here" }
=== notebooks/Shared/titanic_scoring.ipynb
{}
=== .slipway/options/PublishPythonSql.json
{ "CopyStorageToSql": {"allowEmptySource": true}, "Loop/Load": {"maxErrors": 7} }
=== .slipway/bindings.json
{ "linkedServices": {
    "AzureBlobStorage1": { "store": "folder", "root": "storage" },
    "AzureSqlDatabase1": { "store": "sqlite", "file": "titanic.db", "schemas": "ignore" },
    "LocalNotebooks": { "compute": "kernel", "kernel": "python3", "notebooks": "notebooks",
                        "mounts": { "/dbfs/mnt/frzstg": { "linkedService": "AzureBlobStorage1", "container": "data" } },
                        "connections": ["AzureSqlDatabase1"],
                        "limits": { "memory": "4 GiB", "network": false } } } }
)"));
}

} // namespace tests
