#include "engine/model/KnownTypes.h"

#include <QCoreApplication>

#include <utility>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct KnownTypesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::KnownTypes)
};

template <size_t count> QStringList listOf(const char *const (&names)[count])
{
    QStringList list;
    list.reserve(qsizetype(count));
    for (const char *name : names)
        list.append(QString::fromLatin1(name));
    return list;
}

} // namespace

const QStringList &knownLinkedServiceTypes()
{
    // clang-format off
    static const char *const names[] = {
        "Airflow", "AmazonMWS", "AmazonRdsForOracle", "AmazonRdsForSqlServer", "AmazonRedshift", "AmazonS3",
        "AmazonS3Compatible", "AppFigures", "Asana", "AzureBatch", "AzureBlobFS", "AzureBlobStorage",
        "AzureDatabricks", "AzureDatabricksDeltaLake", "AzureDataExplorer", "AzureDataLakeAnalytics",
        "AzureDataLakeStore", "AzureFileStorage", "AzureFunction", "AzureKeyVault", "AzureMariaDB", "AzureML",
        "AzureMLService", "AzureMySql", "AzurePostgreSql", "AzureSearch", "AzureSqlDatabase", "AzureSqlDW",
        "AzureSqlMI", "AzureStorage", "AzureSynapseArtifacts", "AzureTableStorage", "Cassandra", "CassandraV2",
        "CommonDataServiceForApps", "Concur", "CosmosDb", "CosmosDbMongoDbApi", "Couchbase", "CustomDataSource",
        "DataWarehouse", "Dataworld", "Db2", "Drill", "Dynamics", "DynamicsAX", "DynamicsCrm", "Eloqua", "FileServer",
        "FtpServer", "GoogleAdWords", "GoogleBigQuery", "GoogleBigQueryV2", "GoogleCloudStorage", "GoogleSheets",
        "Greenplum", "GreenplumV2", "HBase", "Hdfs", "HDInsight", "HDInsightOnDemand", "Hive", "HttpServer",
        "Hubspot", "Impala", "Informix", "Jira", "KustoDatabase", "Lakehouse", "Magento", "MariaDB", "Marketo",
        "MicrosoftAccess", "MongoDb", "MongoDbAtlas", "MongoDbV2", "MySql", "Netezza", "OData", "Odbc", "Office365",
        "Oracle", "OracleCloudStorage", "OracleServiceCloud", "Paypal", "Phoenix", "PostgreSql", "PostgreSqlV2",
        "PowerBIWorkspace", "Presto", "Quickbase", "QuickBooks", "Responsys", "RestService", "Salesforce",
        "SalesforceMarketingCloud", "SalesforceServiceCloud", "SalesforceServiceCloudV2", "SalesforceV2", "SapBW",
        "SapCloudForCustomer", "SapEcc", "SapHana", "SapOdp", "SapOpenHub", "SapTable", "ServiceNow", "ServiceNowV2",
        "Sftp", "SharePointOnlineList", "Shopify", "Smartsheet", "Snowflake", "SnowflakeV2", "Spark", "SqlDatabase",
        "SqlServer", "Square", "Sybase", "TeamDesk", "Teradata", "Twilio", "Vertica", "Warehouse", "Web", "Xero",
        "Zendesk", "Zoho"};
    // clang-format on
    static const QStringList list = listOf(names);
    return list;
}

const QStringList &knownDatasetTypes()
{
    // clang-format off
    static const char *const names[] = {
        "AmazonMWSObject", "AmazonRdsForOracleTable", "AmazonRdsForSqlServerTable", "AmazonRedshiftTable",
        "AmazonS3Object", "Avro", "AzureBlob", "AzureBlobFSFile", "AzureDatabricksDeltaLakeDataset",
        "AzureDataExplorerTable", "AzureDataLakeStoreFile", "AzureMariaDBTable", "AzureMySqlTable",
        "AzurePostgreSqlTable", "AzureSearchIndex", "AzureSqlDWTable", "AzureSqlMITable", "AzureSqlTable",
        "AzureTable", "Binary", "CassandraTable", "CommonDataServiceForAppsEntity", "ConcurObject",
        "CosmosDbMongoDbApiCollection", "CosmosDbSqlApiCollection", "CouchbaseTable", "CustomDataset",
        "DataWarehouseTable", "Db2Table", "DelimitedText", "Delta", "DocumentDbCollection", "DrillTable",
        "DynamicsAXResource", "DynamicsCrmEntity", "DynamicsEntity", "EloquaObject", "Excel", "FileShare",
        "GoogleAdWordsObject", "GoogleBigQueryObject", "GoogleBigQueryV2Object", "GreenplumTable", "HBaseObject",
        "HiveObject", "HttpFile", "HubspotObject", "Iceberg", "ImpalaObject", "InformixTable", "JiraObject", "Json",
        "KustoDatabaseTable", "Lakehouse", "LakehouseTable", "MagentoObject", "MariaDBTable", "MarketoObject",
        "MicrosoftAccessTable", "MongoDbAtlasCollection", "MongoDbCollection", "MongoDbV2Collection", "MySqlTable",
        "NetezzaTable", "ODataResource", "OdbcTable", "Office365Table", "OracleServiceCloudObject", "OracleTable",
        "Orc", "Parquet", "PaypalObject", "PhoenixObject", "PostgreSqlTable", "PostgreSqlV2Table", "PrestoObject",
        "QuickBooksObject", "RelationalTable", "ResponsysObject", "RestResource", "SalesforceMarketingCloudObject",
        "SalesforceObject", "SalesforceServiceCloudObject", "SalesforceServiceCloudV2Object", "SalesforceV2Object",
        "SapBwCube", "SapCloudForCustomerResource", "SapEccResource", "SapHanaTable", "SapOdpResource",
        "SapOpenHubTable", "SapTableResource", "ServiceNowObject", "ServiceNowV2Object",
        "SharePointOnlineListResource", "ShopifyObject", "SnowflakeTable", "SnowflakeV2Table", "SparkObject",
        "SqlServerTable", "SquareObject", "SybaseTable", "TeradataTable", "VerticaTable", "WarehouseTable",
        "WebTable", "XeroObject", "Xml", "ZohoObject"};
    // clang-format on
    static const QStringList list = listOf(names);
    return list;
}

QString needOfActivity(const QString &type)
{
    const std::pair<const char16_t *, QString> needs[] = {
        {u"HDInsight", KnownTypesText::tr("a Hadoop cluster")},
        {u"AzureHDInsight", KnownTypesText::tr("a Hadoop cluster")},
        {u"ExecuteDataFlow", KnownTypesText::tr("the runtime of mapping data flows, which is Azure's own")},
        {u"ExecuteWranglingDataflow", KnownTypesText::tr("the runtime of mapping data flows, which is Azure's own")},
        {u"RefreshDataflow", KnownTypesText::tr("the data flows of Fabric")},
        {u"ExecuteSSISPackage", KnownTypesText::tr("SQL Server Integration Services")},
        {u"AzureML", KnownTypesText::tr("Azure Machine Learning")},
        {u"AzureDataExplorer", KnownTypesText::tr("a cluster of Azure Data Explorer")},
        {u"KustoQueryLanguage", KnownTypesText::tr("a KQL database of Fabric")},
        {u"DataLakeAnalytics", KnownTypesText::tr("Azure Data Lake Analytics")},
        {u"DatabricksSparkJar", KnownTypesText::tr("a Spark cluster")},
        {u"DatabricksJob", KnownTypesText::tr("a workspace of Databricks, which has the job")},
        {u"SparkJob", KnownTypesText::tr("a Spark cluster")}, // and SparkJobDefinition
        {u"SqlPoolStoredProcedure",
         KnownTypesText::tr("a dedicated SQL pool of Synapse; as SqlServerStoredProcedure, on a linked service that is "
                            "bound to a database, it runs here")},
        {u"InvokePipeline",
         KnownTypesText::tr("the pipelines of Fabric; as ExecutePipeline, with the pipeline in this factory, it runs "
                            "here")},
        {u"CopyJob", KnownTypesText::tr("the copy jobs of Fabric")},
        {u"InvokeCopyJob", KnownTypesText::tr("the copy jobs of Fabric")},
        {u"PBISemanticModelRefresh", KnownTypesText::tr("Power BI")},
        {u"Office365", KnownTypesText::tr("Microsoft 365, which sends the mail")},
        {u"Teams", KnownTypesText::tr("Microsoft Teams")},
        {u"MicrosoftTeams", KnownTypesText::tr("Microsoft Teams")},
        {u"Custom", KnownTypesText::tr("a pool of Azure Batch")}};
    for (const auto &[beginning, need] : needs) {
        if (type.startsWith(QStringView(beginning), Qt::CaseInsensitive))
            return need;
    }
    return {};
}

} // namespace engine
