#include "designer/properties/CopyDatasets.h"

#include "designer/properties/JsonPath.h"

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

} // namespace

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
    // "AzureBlobStorageLocation" is read by "AzureBlobStorageReadSettings".
    QString location = stringAt(jsonAt(datasetFile, QStringLiteral("properties.typeProperties.location")), "type");
    if (location.endsWith(u"Location")) {
        location.chop(8);
        setJsonAt(copy, source + u".storeSettings.type", toStdString(location + u"ReadSettings"));
    }
}

} // namespace designer
