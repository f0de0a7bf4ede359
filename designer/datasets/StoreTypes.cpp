#include "designer/datasets/StoreTypes.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;

namespace {

struct TypeText
{
    Q_DECLARE_TR_FUNCTIONS(designer::StoreTypes)
};

QString text(const char *latin) { return QString::fromLatin1(latin); }

template <typename T> const T *found(const QList<T> &types, const QString &type)
{
    for (const T &one : types) {
        if (one.type.compare(type, Qt::CaseInsensitive) == 0)
            return &one;
    }
    return nullptr;
}

} // namespace

const QList<ServiceType> &serviceTypes()
{
    static const QList<ServiceType> types = [] {
        const QStringList files{text("folder")};
        const QStringList tables{text("sqlite"), text("postgresql")};
        const QStringList postgres{text("postgresql"), text("sqlite")};
        const QStringList formats{text("DelimitedText"), text("Parquet"), text("Json"), text("Binary")};
        return QList<ServiceType>{
            {text("AzureBlobStorage"),
             TypeText::tr("Azure Blob Storage"),
             text("hard-drive"),
             files,
             text("AzureBlobStorageLocation"),
             formats},
            {text("AzureBlobFS"),
             TypeText::tr("Azure Data Lake Storage Gen2"),
             text("hard-drive"),
             files,
             text("AzureBlobFSLocation"),
             formats},
            {text("FileServer"),
             TypeText::tr("File system"),
             text("folder"),
             files,
             text("FileServerLocation"),
             formats},
            {text("AzureSqlDatabase"),
             TypeText::tr("Azure SQL Database"),
             text("database"),
             tables,
             {},
             {text("AzureSqlTable")}},
            {text("SqlServer"), TypeText::tr("SQL Server"), text("database"), tables, {}, {text("SqlServerTable")}},
            {text("AzurePostgreSql"),
             TypeText::tr("Azure Database for PostgreSQL"),
             text("database"),
             postgres,
             {},
             {text("AzurePostgreSqlTable")}},
            {text("PostgreSqlV2"),
             TypeText::tr("PostgreSQL"),
             text("database"),
             postgres,
             {},
             {text("PostgreSqlV2Table"), text("PostgreSqlTable")}},
            {text("AzureDatabricks"),
             TypeText::tr("Azure Databricks (notebooks)"),
             text("cpu"),
             {text("kernel")},
             {},
             {}},
        };
    }();
    return types;
}

const ServiceType *serviceType(const QString &type) { return found(serviceTypes(), type); }

const QList<DatasetType> &datasetTypes()
{
    static const QList<DatasetType> types = {
        {text("DelimitedText"), TypeText::tr("Delimited text (CSV)"), text("file-text"), true},
        {text("Parquet"), TypeText::tr("Parquet"), text("table-properties"), true},
        {text("Json"), TypeText::tr("JSON"), text("file-braces"), true},
        {text("Binary"), TypeText::tr("Binary (files as they are)"), text("binary"), true},
        {text("AzureSqlTable"), TypeText::tr("Azure SQL table"), text("table"), false},
        {text("SqlServerTable"), TypeText::tr("SQL Server table"), text("table"), false},
        {text("AzurePostgreSqlTable"), TypeText::tr("Azure PostgreSQL table"), text("table"), false},
        {text("PostgreSqlV2Table"), TypeText::tr("PostgreSQL table"), text("table"), false},
        {text("PostgreSqlTable"), TypeText::tr("PostgreSQL table (older form)"), text("table"), false},
    };
    return types;
}

const DatasetType *datasetType(const QString &type) { return found(datasetTypes(), type); }

QString bindingTitle(const QString &kind)
{
    if (kind == u"folder")
        return TypeText::tr("Folder");
    if (kind == u"sqlite")
        return TypeText::tr("SQLite file");
    if (kind == u"postgresql")
        return TypeText::tr("PostgreSQL server");
    return kind == u"kernel" ? TypeText::tr("Notebook kernel") : kind;
}

Json newLinkedService(const QString &name, const QString &type)
{
    return Json{{"name", toStdString(name)},
                {"properties",
                 {{"annotations", Json::array()}, {"type", toStdString(type)}, {"typeProperties", Json::object()}}}};
}

Json newBinding(const QString &kind, const QString &serviceName)
{
    if (kind == u"folder")
        return Json{{"store", "folder"}, {"root", "storage"}};
    if (kind == u"sqlite")
        return Json{{"store", "sqlite"}, {"file", toStdString(serviceName + u".db")}, {"schemas", "ignore"}};
    if (kind == u"postgresql")
        return Json{{"store", "postgresql"}, {"host", "localhost"}, {"port", 5432}, {"database", "postgres"}};
    return Json{{"compute", "kernel"}, {"kernel", "python3"}, {"notebooks", "notebooks"}};
}

Json newFormat(const QString &type)
{
    if (type == u"Parquet")
        return Json{{"compressionCodec", "snappy"}};
    if (type == u"Json" || type == u"Binary")
        return Json::object();
    return Json{{"columnDelimiter", ","}, {"escapeChar", "\\"}, {"firstRowAsHeader", true}, {"quoteChar", "\""}};
}

Json newDataset(const QString &name, const QString &type, const QString &service, const QString &serviceKind)
{
    const DatasetType *const known = datasetType(type);
    Json typeProperties = Json::object();
    if (known == nullptr || known->isFile) {
        const ServiceType *const store = serviceType(serviceKind);
        const QString location =
            store != nullptr && !store->location.isEmpty() ? store->location : text("AzureBlobStorageLocation");
        typeProperties = Json{{"location", {{"type", toStdString(location)}}}};
        typeProperties.update(newFormat(known == nullptr ? QString() : known->type));
    } else {
        typeProperties = Json{{"schema", "dbo"}, {"table", ""}};
        if (type.contains(u"Postgre", Qt::CaseInsensitive))
            typeProperties["schema"] = "public";
    }
    return Json{{"name", toStdString(name)},
                {"properties",
                 {{"linkedServiceName", {{"referenceName", toStdString(service)}, {"type", "LinkedServiceReference"}}},
                  {"annotations", Json::array()},
                  {"type", toStdString(type)},
                  {"typeProperties", typeProperties},
                  {"schema", Json::array()}}}};
}

Json newPipeline(const QString &name)
{
    return Json{{"name", toStdString(name)},
                {"properties", {{"activities", Json::array()}, {"annotations", Json::array()}}}};
}

Json newTrigger(const QString &name, const QString &pipeline, const QString &start, const QString &timeZone)
{
    Json pipelines = Json::array();
    if (!pipeline.isEmpty())
        pipelines.push_back(
            Json{{"pipelineReference", {{"referenceName", toStdString(pipeline)}, {"type", "PipelineReference"}}}});
    return Json{{"name", toStdString(name)},
                {"properties",
                 {{"annotations", Json::array()},
                  {"runtimeState", "Stopped"},
                  {"pipelines", pipelines},
                  {"type", "ScheduleTrigger"},
                  {"typeProperties",
                   {{"recurrence",
                     {{"frequency", "Day"},
                      {"interval", 1},
                      {"startTime", toStdString(start)},
                      {"timeZone", toStdString(timeZone)},
                      {"schedule", {{"minutes", {0}}, {"hours", {22}}}}}}}}}}};
}

Json newNotebook(const QString &kernel, const QString &displayName, const QString &language)
{
    const auto cell = [](const char *kind, const char *id, const QString &source) {
        Json json{{"cell_type", kind}, {"id", id}, {"metadata", Json::object()}, {"source", toStdString(source)}};
        if (std::string_view(kind) == "code") {
            json["execution_count"] = nullptr;
            json["outputs"] = Json::array();
        }
        return json;
    };
    Json parameters = cell("code", "parameters", TypeText::tr("# Parameters: the values here are the defaults."));
    parameters["metadata"] = Json{{"tags", {"parameters"}}};
    return Json{{"cells", {parameters, cell("code", "first", QString())}},
                {"metadata",
                 {{"kernelspec",
                   {{"display_name", toStdString(displayName)},
                    {"language", toStdString(language)},
                    {"name", toStdString(kernel)}}},
                  {"language_info", {{"name", toStdString(language)}}}}},
                {"nbformat", 4},
                {"nbformat_minor", 5}};
}

} // namespace designer
