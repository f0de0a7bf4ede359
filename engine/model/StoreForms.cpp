#include "engine/model/ActivityForms.h"
#include "engine/model/FormParts.h"

#include <QCoreApplication>

namespace engine {

using namespace forms;

namespace {

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ActivityDescriptor)
};

const char *const sourceType = "typeProperties.source.type";

QStringList words(const char *text) { return QString::fromLatin1(text).split(u' '); }

// By what their sources call the query.
const char *const serverSources = "AzureSqlSource SqlServerSource SqlSource SqlMISource SqlDWSource";
const char *const querySources =
    "AzurePostgreSqlSource PostgreSqlSource PostgreSqlV2Source OdbcSource RelationalSource "
    "AzureMySqlSource MySqlSource SnowflakeSource SnowflakeV2Source OracleSource";
const char *const fileSources = "DelimitedTextSource JsonSource ParquetSource ExcelSource XmlSource";

PropertyDescriptor sql(PropertyDescriptor property)
{
    property.kind = Kind::Code;
    property.language = QStringLiteral("sql");
    return property;
}

QList<PropertyDescriptor> lookupSource()
{
    const QString query = FormText::tr("Query");
    const QString help = FormText::tr("SQL that is asked instead of the whole table.");
    return {
        onlyWhen(sql(property(settings(), "typeProperties.source.sqlReaderQuery", Kind::Code, query, help)),
                 sourceType,
                 words(serverSources)),
        onlyWhen(sql(property(settings(), "typeProperties.source.query", Kind::Code, query, help)),
                 sourceType,
                 words(querySources)),
        onlyWhen(property(settings(),
                          "typeProperties.source.sqlReaderStoredProcedureName",
                          Kind::Text,
                          FormText::tr("Stored procedure"),
                          FormText::tr("Called instead of a query; its rows are what is looked up.")),
                 sourceType,
                 words(serverSources)),
        onlyWhen(property(settings(),
                          "typeProperties.source.storedProcedureParameters",
                          Kind::TypedValues,
                          FormText::tr("Stored procedure parameters"),
                          FormText::tr("Names, types and values the procedure is called with.")),
                 sourceType,
                 words(serverSources)),
        onlyWhen(property(settings(),
                          "typeProperties.source.queryTimeout",
                          Kind::Duration,
                          FormText::tr("Query timeout"),
                          FormText::tr("How long the database may take to answer, as hh:mm:ss.")),
                 sourceType,
                 words(serverSources) + words(querySources)),
        onlyWhen(property(settings(),
                          "typeProperties.source.storeSettings.wildcardFileName",
                          Kind::Text,
                          FormText::tr("Wildcard file name"),
                          FormText::tr("Files with such names are read, like *.csv, instead of the dataset's own.")),
                 sourceType,
                 words(fileSources)),
        onlyWhen(withDefault(literal(property(settings(),
                                              "typeProperties.source.storeSettings.recursive",
                                              Kind::Boolean,
                                              FormText::tr("Recursively"),
                                              FormText::tr("Also files in the folders inside."))),
                             true),
                 sourceType,
                 words(fileSources)),
    };
}

} // namespace

ActivityDescriptor lookupDescriptor()
{
    ActivityDescriptor lookup;
    lookup.type = QStringLiteral("Lookup");
    lookup.title = FormText::tr("Lookup");
    lookup.icon = QStringLiteral("text-search");
    lookup.group = generalGroup();
    lookup.namePrefix = QStringLiteral("Lookup");
    lookup.tells = QStringLiteral("typeProperties.dataset");
    lookup.initial = withPolicy(
        "Lookup", Json{{"source", {{"type", "DelimitedTextSource"}}}, {"dataset", emptyReference("DatasetReference")}});
    lookup.properties = identityProperties() + policyProperties();
    lookup.properties.append(dataset(settings(),
                                     QStringLiteral("typeProperties.dataset"),
                                     FormText::tr("Source dataset"),
                                     FormText::tr("What is read: a file or a table.")));
    lookup.properties.append(
        literal(withDefault(property(settings(),
                                     "typeProperties.firstRowOnly",
                                     Kind::Boolean,
                                     FormText::tr("First row only"),
                                     FormText::tr("The output is output.firstRow; otherwise output.value holds all "
                                                  "rows, up to 5,000.")),
                            true)));
    lookup.properties.append(lookupSource());
    lookup.properties.append(userProperties());
    return lookup;
}

ActivityDescriptor getMetadataDescriptor()
{
    ActivityDescriptor metadata;
    metadata.type = QStringLiteral("GetMetadata");
    metadata.title = FormText::tr("Get metadata");
    metadata.icon = QStringLiteral("file-search");
    metadata.group = generalGroup();
    metadata.namePrefix = QStringLiteral("GetMetadata");
    metadata.tells = QStringLiteral("typeProperties.dataset");
    metadata.initial =
        withPolicy("GetMetadata", Json{{"dataset", emptyReference("DatasetReference")}, {"fieldList", Json::array()}});
    metadata.properties = identityProperties() + policyProperties();
    metadata.properties.append(dataset(settings(),
                                       QStringLiteral("typeProperties.dataset"),
                                       FormText::tr("Dataset"),
                                       FormText::tr("The file, folder or table that is asked about.")));
    PropertyDescriptor fields = required(property(settings(),
                                                  "typeProperties.fieldList",
                                                  Kind::Fields,
                                                  FormText::tr("Field list"),
                                                  FormText::tr("What the output says: output.exists, output.size …")));
    fields.choices =
        words("exists itemName itemType size lastModified created childItems contentMD5 columnCount structure");
    metadata.properties.append(fields);
    metadata.properties.append(property(settings(),
                                        "typeProperties.storeSettings.fileListPath",
                                        Kind::Text,
                                        FormText::tr("Path to file list"),
                                        FormText::tr("A text file with the path of one file in each line, relative to "
                                                     "the folder of the dataset: childItems are these files, and "
                                                     "exists says whether all are there.")));
    metadata.properties.append(property(settings(),
                                        "typeProperties.storeSettings.modifiedDatetimeStart",
                                        Kind::Text,
                                        FormText::tr("Modified after"),
                                        FormText::tr("Only files changed since then (UTC), like "
                                                     "2026-01-31T00:00:00Z.")));
    metadata.properties.append(property(settings(),
                                        "typeProperties.storeSettings.modifiedDatetimeEnd",
                                        Kind::Text,
                                        FormText::tr("Modified before"),
                                        FormText::tr("Only files changed before then (UTC).")));
    metadata.properties.append(userProperties());
    return metadata;
}

ActivityDescriptor deleteDescriptor()
{
    const QString source = QStringLiteral("Source");
    const QString logging = QStringLiteral("Logging settings");
    ActivityDescriptor removal;
    removal.type = QStringLiteral("Delete");
    removal.title = FormText::tr("Delete");
    removal.icon = QStringLiteral("trash-2");
    removal.group = generalGroup();
    removal.namePrefix = QStringLiteral("Delete");
    removal.tells = QStringLiteral("typeProperties.dataset");
    removal.initial =
        withPolicy("Delete",
                   Json{{"dataset", emptyReference("DatasetReference")},
                        {"enableLogging", false},
                        {"storeSettings", {{"type", "AzureBlobStorageReadSettings"}, {"recursive", true}}}});
    removal.properties = identityProperties() + policyProperties();
    removal.properties.append(dataset(source,
                                      QStringLiteral("typeProperties.dataset"),
                                      FormText::tr("Dataset"),
                                      FormText::tr("The file or folder that is deleted.")));
    removal.properties.append(literal(withDefault(property(source,
                                                           "typeProperties.storeSettings.recursive",
                                                           Kind::Boolean,
                                                           FormText::tr("Recursively"),
                                                           FormText::tr("Also what is in the folders inside.")),
                                                  false)));
    removal.properties.append(property(source,
                                       "typeProperties.storeSettings.wildcardFileName",
                                       Kind::Text,
                                       FormText::tr("Wildcard file name"),
                                       FormText::tr("Only files with such names are deleted, like *.tmp.")));
    removal.properties.append(property(source,
                                       "typeProperties.storeSettings.modifiedDatetimeEnd",
                                       Kind::Text,
                                       FormText::tr("Modified before"),
                                       FormText::tr("Only files changed before then (UTC).")));
    removal.properties.append(literal(withDefault(property(logging,
                                                           "typeProperties.enableLogging",
                                                           Kind::Boolean,
                                                           FormText::tr("Enable logging"),
                                                           FormText::tr("Writes the names of what was deleted.")),
                                                  false)));
    removal.properties.append(onlyWhen(literal(property(logging,
                                                        "typeProperties.logStorageSettings.linkedServiceName",
                                                        Kind::LinkedServiceReference,
                                                        FormText::tr("Logging account"),
                                                        FormText::tr("The store the names are written to."))),
                                       "typeProperties.enableLogging",
                                       {QStringLiteral("true")}));
    removal.properties.append(onlyWhen(property(logging,
                                                "typeProperties.logStorageSettings.path",
                                                Kind::Text,
                                                FormText::tr("Folder path"),
                                                FormText::tr("The folder of that store.")),
                                       "typeProperties.enableLogging",
                                       {QStringLiteral("true")}));
    removal.properties.append(userProperties());
    return removal;
}

ActivityDescriptor validationDescriptor()
{
    ActivityDescriptor validation;
    validation.type = QStringLiteral("Validation");
    validation.title = FormText::tr("Validation");
    validation.icon = QStringLiteral("list-checks");
    validation.group = generalGroup();
    validation.namePrefix = QStringLiteral("Validation");
    validation.tells = QStringLiteral("typeProperties.dataset");
    validation.initial = withoutPolicy(
        "Validation", Json{{"dataset", emptyReference("DatasetReference")}, {"timeout", "0.12:00:00"}, {"sleep", 10}});
    validation.properties = identityProperties();
    validation.properties.append(dataset(settings(),
                                         QStringLiteral("typeProperties.dataset"),
                                         FormText::tr("Dataset"),
                                         FormText::tr("The file, folder or table that is waited for.")));
    validation.properties.append(withDefault(property(settings(),
                                                      "typeProperties.timeout",
                                                      Kind::Duration,
                                                      FormText::tr("Timeout"),
                                                      FormText::tr("It fails when nothing is there by then; as "
                                                                   "d.hh:mm:ss.")),
                                             "7.00:00:00"));
    validation.properties.append(within(withDefault(property(settings(),
                                                             "typeProperties.sleep",
                                                             Kind::Integer,
                                                             FormText::tr("Sleep (s)"),
                                                             FormText::tr("Seconds between two looks.")),
                                                    10),
                                        1,
                                        86400));
    validation.properties.append(within(property(settings(),
                                                 "typeProperties.minimumSize",
                                                 Kind::Integer,
                                                 FormText::tr("Minimum size"),
                                                 FormText::tr("Bytes a file must have at least.")),
                                        0,
                                        0));
    validation.properties.append(
        property(settings(),
                 "typeProperties.childItems",
                 Kind::OptionalBoolean,
                 FormText::tr("Child items"),
                 FormText::tr("Of a folder: true waits until something is in it, false until nothing is.")));
    validation.properties.append(userProperties());
    return validation;
}

ActivityDescriptor scriptDescriptor()
{
    ActivityDescriptor script;
    script.type = QStringLiteral("Script");
    script.title = FormText::tr("Script");
    script.icon = QStringLiteral("square-terminal");
    script.group = generalGroup();
    script.namePrefix = QStringLiteral("Script");
    script.tells = QStringLiteral("linkedServiceName");
    script.initial = withPolicy("Script",
                                Json{{"scripts", Json::array({{{"type", "Query"}, {"text", ""}}})},
                                     {"scriptBlockExecutionTimeout", "02:00:00"}});
    script.properties = identityProperties() + policyProperties();
    script.properties.append(linkedService(FormText::tr("The database the scripts run in.")));
    script.properties.append(required(property(settings(),
                                               "typeProperties.scripts",
                                               Kind::Scripts,
                                               FormText::tr("Scripts"),
                                               FormText::tr("Run one after the other: a query gives rows, a non-query "
                                                            "the number of changed ones."))));
    script.properties.append(withDefault(property(settings(),
                                                  "typeProperties.scriptBlockExecutionTimeout",
                                                  Kind::Duration,
                                                  FormText::tr("Script timeout"),
                                                  FormText::tr("How long one script may take, as hh:mm:ss.")),
                                         "02:00:00"));
    script.properties.append(oneOf(property(settings(),
                                            "typeProperties.logSettings.logDestination",
                                            Kind::Choice,
                                            FormText::tr("Log destination"),
                                            FormText::tr("Where what the database prints goes.")),
                                   words("ActivityOutput ExternalStore")));
    script.properties.append(userProperties());
    return script;
}

ActivityDescriptor storedProcedureDescriptor()
{
    ActivityDescriptor procedure;
    procedure.type = QStringLiteral("SqlServerStoredProcedure");
    procedure.title = FormText::tr("Stored procedure");
    procedure.icon = QStringLiteral("database-zap");
    procedure.group = generalGroup();
    procedure.namePrefix = QStringLiteral("StoredProcedure");
    procedure.tells = QStringLiteral("typeProperties.storedProcedureName");
    procedure.initial = withPolicy("SqlServerStoredProcedure",
                                   Json{{"storedProcedureName", ""}, {"storedProcedureParameters", Json::object()}});
    procedure.properties = identityProperties() + policyProperties();
    procedure.properties.append(linkedService(FormText::tr("The database the procedure is in.")));
    procedure.properties.append(required(property(settings(),
                                                  "typeProperties.storedProcedureName",
                                                  Kind::Text,
                                                  FormText::tr("Stored procedure name"),
                                                  FormText::tr("With its schema, like [dbo].[load_sales]."))));
    procedure.properties.append(property(settings(),
                                         "typeProperties.storedProcedureParameters",
                                         Kind::TypedValues,
                                         FormText::tr("Stored procedure parameters"),
                                         FormText::tr("Names, types and values the procedure is called with.")));
    procedure.properties.append(userProperties());
    return procedure;
}

} // namespace engine
