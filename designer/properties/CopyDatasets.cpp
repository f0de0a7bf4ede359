#include "designer/properties/CopyDatasets.h"

#include "designer/document/JsonPath.h"

#include <QHash>

namespace designer {

using namespace engine;

namespace {

QString sinkTypeOf(const QString &dataset)
{
    static const QHash<QString, QString> types = {
        {QStringLiteral("azuresqltable"), QStringLiteral("AzureSqlSink")},
        {QStringLiteral("sqlservertable"), QStringLiteral("SqlServerSink")},
        {QStringLiteral("azuresqlmitable"), QStringLiteral("SqlMISink")},
        {QStringLiteral("azuresqldwtable"), QStringLiteral("SqlDWSink")},
        {QStringLiteral("azurepostgresqltable"), QStringLiteral("AzurePostgreSqlSink")},
        {QStringLiteral("postgresqltable"), QStringLiteral("AzurePostgreSqlSink")},
        {QStringLiteral("postgresqlv2table"), QStringLiteral("AzurePostgreSqlSink")},
        {QStringLiteral("odbctable"), QStringLiteral("OdbcSink")},
        {QStringLiteral("mysqltable"), QStringLiteral("AzureMySqlSink")}};
    return types.value(dataset.toLower());
}

QString sourceTypeOf(const QString &dataset)
{
    static const QHash<QString, QString> types = {
        {QStringLiteral("delimitedtext"), QStringLiteral("DelimitedTextSource")},
        {QStringLiteral("json"), QStringLiteral("JsonSource")},
        {QStringLiteral("parquet"), QStringLiteral("ParquetSource")},
        {QStringLiteral("excel"), QStringLiteral("ExcelSource")},
        {QStringLiteral("xml"), QStringLiteral("XmlSource")},
        {QStringLiteral("azuresqltable"), QStringLiteral("AzureSqlSource")},
        {QStringLiteral("sqlservertable"), QStringLiteral("SqlServerSource")},
        {QStringLiteral("azuresqlmitable"), QStringLiteral("SqlMISource")},
        {QStringLiteral("azuresqldwtable"), QStringLiteral("SqlDWSource")},
        {QStringLiteral("azurepostgresqltable"), QStringLiteral("AzurePostgreSqlSource")},
        {QStringLiteral("postgresqltable"), QStringLiteral("PostgreSqlSource")},
        {QStringLiteral("postgresqlv2table"), QStringLiteral("PostgreSqlV2Source")},
        {QStringLiteral("odbctable"), QStringLiteral("OdbcSource")},
        {QStringLiteral("azuremysqltable"), QStringLiteral("AzureMySqlSource")},
        {QStringLiteral("mysqltable"), QStringLiteral("MySqlSource")}};
    return types.value(dataset.toLower());
}

// "AzureBlobStorageLocation" is read by "AzureBlobStorageReadSettings"; empty for a table.
QString readSettingsOf(const Json &datasetFile)
{
    QString location = stringAt(jsonAt(datasetFile, QStringLiteral("properties.typeProperties.location")), "type");
    if (!location.endsWith(u"Location"))
        return {};
    location.chop(8);
    return location + u"ReadSettings";
}

} // namespace

void setReaderTypes(Json &activity, const Json &datasetFile)
{
    const QString source = sourceTypeOf(stringAt(memberAt(datasetFile, "properties"), "type"));
    const QString settings = readSettingsOf(datasetFile);
    const Json &typeProperties = memberAt(activity, "typeProperties");
    const bool isLookup = typeProperties.contains("source");
    const QString place = QStringLiteral("typeProperties.source");
    if (isLookup && !source.isEmpty() && stringAt(jsonAt(activity, place), "type") != source)
        setJsonAt(activity, place, Json{{"type", toStdString(source)}}); // queries of another kind mean nothing to it
    const QString store = (isLookup ? place : QStringLiteral("typeProperties")) + u".storeSettings";
    if (settings.isEmpty()) {
        if (isLookup)
            removeJsonAt(activity, store);
    } else if (isLookup || !jsonAt(activity, store).is_null()) {
        setJsonAt(activity, store + u".type", toStdString(settings));
    }
}

void setCopyDataset(Json &copy, CopyEnd end, const Json &reference, const Json &datasetFile)
{
    setJsonAt(copy, end == CopyEnd::Source ? QStringLiteral("inputs[0]") : QStringLiteral("outputs[0]"), reference);
    const QString type = stringAt(memberAt(datasetFile, "properties"), "type");
    if (end == CopyEnd::Sink) {
        const QString sink = sinkTypeOf(type);
        if (!sink.isEmpty() && stringAt(jsonAt(copy, QStringLiteral("typeProperties.sink")), "type") != sink)
            setJsonAt(copy, QStringLiteral("typeProperties.sink.type"), toStdString(sink));
        return;
    }
    if (type.compare(u"DelimitedText", Qt::CaseInsensitive) != 0)
        return;
    const QString source = QStringLiteral("typeProperties.source");
    if (stringAt(jsonAt(copy, source), "type") != u"DelimitedTextSource")
        setJsonAt(copy, source + u".type", "DelimitedTextSource");
    if (const QString settings = readSettingsOf(datasetFile); !settings.isEmpty())
        setJsonAt(copy, source + u".storeSettings.type", toStdString(settings));
}

} // namespace designer
