#include "engine/model/DatasetReader.h"

#include "engine/model/ActivityReader.h"

namespace engine {

namespace {

const QStringList &datasetTypes()
{
    static const QStringList types = QStringList{QStringLiteral("DelimitedText"),
                                                 QStringLiteral("Json"),
                                                 QStringLiteral("Binary"),
                                                 QStringLiteral("Parquet")}
        + tableDatasetTypes();
    return types;
}

QList<SchemaColumn> readSchema(const Json &json)
{
    QList<SchemaColumn> columns;
    if (json.is_array()) {
        for (const Json &entry : json)
            columns.append({stringAt(entry, "name"), stringAt(entry, "type")});
    }
    return columns;
}

} // namespace

const QStringList &fileDatasetTypes()
{
    static const QStringList types = {
        QStringLiteral("DelimitedText"), QStringLiteral("Json"), QStringLiteral("Parquet")};
    return types;
}

const QStringList &fileSourceTypes()
{
    static const QStringList types = {QStringLiteral("DelimitedTextSource"),
                                      QStringLiteral("JsonSource"),
                                      QStringLiteral("ParquetSource"),
                                      QStringLiteral("BlobSource"),
                                      QStringLiteral("FileSystemSource"),
                                      QStringLiteral("AzureBlobFSSource"),
                                      QStringLiteral("AzureDataLakeStoreSource")};
    return types;
}

const QStringList &tableDatasetTypes()
{
    static const QStringList types = {QStringLiteral("AzureSqlTable"),
                                      QStringLiteral("AzureSqlMITable"),
                                      QStringLiteral("AzureSqlDWTable"),
                                      QStringLiteral("SqlServerTable"),
                                      QStringLiteral("AzurePostgreSqlTable"),
                                      QStringLiteral("PostgreSqlTable"),
                                      QStringLiteral("PostgreSqlV2Table"),
                                      QStringLiteral("OdbcTable"),
                                      QStringLiteral("MySqlTable")};
    return types;
}

const QStringList &tableSourceTypes()
{
    static const QStringList types = {QStringLiteral("AzureSqlSource"),
                                      QStringLiteral("SqlServerSource"),
                                      QStringLiteral("SqlSource"),
                                      QStringLiteral("SqlMISource"),
                                      QStringLiteral("SqlDWSource"),
                                      QStringLiteral("AzurePostgreSqlSource"),
                                      QStringLiteral("PostgreSqlV2Source"),
                                      QStringLiteral("PostgreSqlSource"),
                                      QStringLiteral("OdbcSource"),
                                      QStringLiteral("RelationalSource"),
                                      QStringLiteral("AzureMySqlSource"),
                                      QStringLiteral("MySqlSource")};
    return types;
}

const QStringList &fileSinkTypes()
{
    static const QStringList types = {QStringLiteral("DelimitedTextSink"),
                                      QStringLiteral("JsonSink"),
                                      QStringLiteral("ParquetSink"),
                                      QStringLiteral("BlobSink"),
                                      QStringLiteral("FileSystemSink"),
                                      QStringLiteral("AzureBlobFSSink"),
                                      QStringLiteral("AzureDataLakeStoreSink")};
    return types;
}

const QStringList &fileCompressions()
{
    static const QStringList codecs = {QStringLiteral("none"),
                                       QStringLiteral("gzip"),
                                       QStringLiteral("bzip2"),
                                       QStringLiteral("deflate"),
                                       QStringLiteral("zstd"),
                                       QStringLiteral("lz4"),
                                       QStringLiteral("ZipDeflate"),
                                       QStringLiteral("Tar"),
                                       QStringLiteral("TarGzip")};
    return codecs;
}

Dataset readDataset(const Json &json, const QString &name, const QString &file)
{
    const Json &properties = memberAt(json, "properties");
    Dataset dataset;
    dataset.name = name;
    dataset.file = file;
    dataset.type = spelledAs(datasetTypes(), stringAt(properties, "type"));
    dataset.linkedService = stringAt(memberAt(properties, "linkedServiceName"), "referenceName");
    dataset.typeProperties = memberAt(properties, "typeProperties");
    dataset.schema = readSchema(memberAt(properties, "schema"));
    if (dataset.schema.isEmpty())
        dataset.schema = readSchema(memberAt(properties, "structure")); // as older factories call it
    dataset.parameters = readParameters(memberAt(properties, "parameters"));
    dataset.json = json;
    return dataset;
}

} // namespace engine
