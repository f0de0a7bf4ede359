#include "designer/properties/CopyDatasets.h"

#include "designer/document/JsonPath.h"

#include <QHash>

namespace designer {

using namespace engine;

namespace {

QString sinkTypeOf(const QString &dataset)
{
    static const QHash<QString, QString> types = {
        {QStringLiteral("delimitedtext"), QStringLiteral("DelimitedTextSink")},
        {QStringLiteral("json"), QStringLiteral("JsonSink")},
        {QStringLiteral("parquet"), QStringLiteral("ParquetSink")},
        {QStringLiteral("binary"), QStringLiteral("BinarySink")},
        {QStringLiteral("azureblob"), QStringLiteral("BlobSink")},
        {QStringLiteral("fileshare"), QStringLiteral("FileSystemSink")},
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
        {QStringLiteral("binary"), QStringLiteral("BinarySource")},
        {QStringLiteral("azureblob"), QStringLiteral("BlobSource")},
        {QStringLiteral("fileshare"), QStringLiteral("FileSystemSource")},
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
QString storeSettingsOf(const Json &datasetFile, QLatin1String ending)
{
    QString location = stringAt(jsonAt(datasetFile, QStringLiteral("properties.typeProperties.location")), "type");
    if (!location.endsWith(u"Location"))
        return {};
    location.chop(8);
    return location + ending;
}

QString readSettingsOf(const Json &datasetFile) { return storeSettingsOf(datasetFile, QLatin1String("ReadSettings")); }

using Keys = std::initializer_list<const char *>;

void eraseAll(Json &json, Keys keys)
{
    for (const char *key : keys)
        json.erase(key);
}

bool isSqlServer(const QString &type)
{
    return type.startsWith(u"AzureSql") || type.startsWith(u"SqlServer") || type.startsWith(u"SqlMI")
        || type.startsWith(u"SqlDW") || type == u"SqlSource" || type == u"SqlSink";
}

// "DelimitedTextSource" → "DelimitedText".
QString formatOf(const QString &type) { return type.left(type.size() - (type.endsWith(u"Source") ? 6 : 4)); }

void setStore(Json &end, const QString &settings, bool isNew)
{
    Json &store = end["storeSettings"];
    if (!store.is_object())
        store = Json::object();
    if (isNew && store.empty() && settings.endsWith(u"ReadSettings"))
        store["recursive"] = true;
    if (stringAt(store, "type") == settings)
        return;
    Json typed{{"type", toStdString(settings)}}; // the type stands first
    store.erase("type");
    if (!settings.startsWith(u"AzureBlobStorage") && !settings.startsWith(u"AmazonS3"))
        store.erase("prefix"); // others have no such word
    typed.update(store);
    store = typed;
}

void setFormat(Json &end, const QString &type, QLatin1String ending)
{
    const QString wanted = formatOf(type) + ending;
    Json &format = end["formatSettings"];
    if (stringAt(format, "type") == wanted)
        return;
    Json fresh{{"type", toStdString(wanted)}};
    // What formats have in common.
    for (const char *key : {"compressionProperties", "maxRowsPerFile", "fileNamePrefix"}) {
        const bool isReading = ending == QLatin1String("ReadSettings");
        if (format.contains(key) && (isReading ? type != u"ParquetSource" : type != u"JsonSink"))
            fresh[key] = format[key];
    }
    if (type == u"DelimitedTextSink")
        fresh["fileExtension"] = ".txt";
    format = fresh;
}

// Named after its store: the dataset is of the older kind, and says the form.
bool isOlder(const QString &type) { return type.startsWith(u"BlobS") || type.startsWith(u"FileSystemS"); }

constexpr Keys tableSourceWords{"sqlReaderQuery",
                                "query",
                                "sqlReaderStoredProcedureName",
                                "storedProcedureParameters",
                                "isolationLevel",
                                "produceAdditionalTypes",
                                "partitionOption",
                                "partitionSettings",
                                "queryTimeout"};
constexpr Keys tableSinkWords{"preCopyScript",
                              "tableOption",
                              "writeBehavior",
                              "writeMethod",
                              "upsertSettings",
                              "sqlWriterUseTableLock",
                              "sqlWriterStoredProcedureName",
                              "sqlWriterTableType",
                              "storedProcedureTableTypeParameterName",
                              "storedProcedureParameters",
                              "writeBatchSize",
                              "writeBatchTimeout"};

// A table's query in the word of its type.
void setQueryWord(Json &source, const QString &type)
{
    const char *const wanted = isSqlServer(type) ? "sqlReaderQuery" : "query";
    const char *const other = isSqlServer(type) ? "query" : "sqlReaderQuery";
    if (!source.contains(other))
        return;
    if (!source.contains(wanted))
        source[wanted] = source[other];
    source.erase(other);
}

void setSourceType(Json &source, const QString &type, const QString &settings)
{
    const bool isOther = stringAt(source, "type") != type;
    Json typed{{"type", toStdString(type)}};
    source.erase("type");
    typed.update(source);
    source = typed;
    if (isOlder(type)) {
        eraseAll(source, tableSourceWords);
        eraseAll(source, {"storeSettings", "formatSettings"});
        return;
    }
    if (settings.isEmpty()) {
        eraseAll(source, {"storeSettings", "formatSettings", "recursive", "treatEmptyAsNull", "skipHeaderLineCount"});
        setQueryWord(source, type);
        if (!isSqlServer(type))
            eraseAll(source,
                     {"sqlReaderStoredProcedureName",
                      "storedProcedureParameters",
                      "isolationLevel",
                      "produceAdditionalTypes"});
        if (!isSqlServer(type) && type != u"AzurePostgreSqlSource")
            eraseAll(source, {"partitionOption", "partitionSettings"});
        return;
    }
    eraseAll(source, tableSourceWords);
    setStore(source, settings, isOther);
    if (isOther || !source.contains("formatSettings"))
        setFormat(source, type, QLatin1String("ReadSettings"));
    if (type == u"BinarySource")
        source.erase("additionalColumns");
}

void setSinkType(Json &sink, const QString &type, const QString &settings)
{
    Json typed{{"type", toStdString(type)}};
    const bool isOther = stringAt(sink, "type") != type;
    sink.erase("type");
    typed.update(sink);
    sink = typed;
    if (isOlder(type)) {
        eraseAll(sink, tableSinkWords);
        eraseAll(sink, {"storeSettings", "formatSettings"});
        return;
    }
    if (!settings.isEmpty()) {
        eraseAll(sink, tableSinkWords);
        setStore(sink, settings, isOther);
        if (type == u"BinarySink")
            sink.erase("formatSettings");
        else if (isOther || !sink.contains("formatSettings"))
            setFormat(sink, type, QLatin1String("WriteSettings"));
        return;
    }
    eraseAll(sink, {"storeSettings", "formatSettings", "copyBehavior"});
    if (isSqlServer(type)) {
        sink.erase("writeMethod");
        if (isOther && !sink.contains("writeBehavior"))
            sink["writeBehavior"] = "insert";
        return;
    }
    eraseAll(sink,
             {"sqlWriterUseTableLock",
              "sqlWriterStoredProcedureName",
              "sqlWriterTableType",
              "storedProcedureTableTypeParameterName",
              "storedProcedureParameters"});
    if (type != u"AzurePostgreSqlSink"
        || stringAt(sink, "writeBehavior").compare(u"storedProcedure", Qt::CaseInsensitive) == 0)
        eraseAll(sink, {"writeBehavior", "upsertSettings"});
}

// Files as they are have no columns; all else has a mapping of some kind.
void fitTranslator(Json &copy)
{
    const QString place = QStringLiteral("typeProperties.translator");
    const bool isBinary = stringAt(jsonAt(copy, QStringLiteral("typeProperties.source")), "type") == u"BinarySource";
    if (isBinary)
        removeJsonAt(copy, place);
    else if (jsonAt(copy, place).is_null())
        setJsonAt(copy,
                  place,
                  Json{{"type", "TabularTranslator"},
                       {"typeConversion", true},
                       {"typeConversionSettings", {{"allowDataTruncation", true}, {"treatBooleanAsNumber", false}}}});
}

Json objectAt(const Json &json, const QString &path)
{
    const Json &found = jsonAt(json, path);
    return found.is_object() ? found : Json::object();
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
    const QString dataset = stringAt(memberAt(datasetFile, "properties"), "type");
    const QString type = end == CopyEnd::Source ? sourceTypeOf(dataset) : sinkTypeOf(dataset);
    if (type.isEmpty())
        return; // what there is no word for stays as it was
    const QString place =
        end == CopyEnd::Source ? QStringLiteral("typeProperties.source") : QStringLiteral("typeProperties.sink");
    Json part = objectAt(copy, place);
    const bool wasBinary = stringAt(part, "type") == u"BinarySource";
    if (end == CopyEnd::Source)
        setSourceType(part, type, readSettingsOf(datasetFile));
    else
        setSinkType(part, type, storeSettingsOf(datasetFile, QLatin1String("WriteSettings")));
    setJsonAt(copy, place, part);
    if (end == CopyEnd::Source && (wasBinary || type == u"BinarySource"))
        fitTranslator(copy);
}

void completeSettings(Json &copy, const Json &source, const Json &sink)
{
    const auto complete = [&copy](const QString &place, const QString &store, QLatin1String ending) {
        Json part = objectAt(copy, place);
        const QString type = stringAt(part, "type");
        const auto first = [&part](const char *key, const QString &word) {
            if (!memberAt(part, key).is_object() || part[key].contains("type") || word.isEmpty())
                return;
            Json typed{{"type", toStdString(word)}};
            typed.update(part[key]);
            part[key] = typed;
        };
        first("storeSettings", store);
        first("formatSettings", type.isEmpty() ? QString() : formatOf(type) + ending);
        if (part != jsonAt(copy, place))
            setJsonAt(copy, place, part);
    };
    complete(QStringLiteral("typeProperties.source"), readSettingsOf(source), QLatin1String("ReadSettings"));
    complete(QStringLiteral("typeProperties.sink"),
             storeSettingsOf(sink, QLatin1String("WriteSettings")),
             QLatin1String("WriteSettings"));
}

} // namespace designer
