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

QString source() { return QStringLiteral("Source"); }

QStringList listed(const char *names) { return QString::fromLatin1(names).split(u' '); }

QStringList tabularFiles() { return listed("DelimitedTextSource JsonSource ParquetSource ExcelSource XmlSource"); }
QStringList files() { return tabularFiles() + listed("BinarySource"); }

QStringList olderFiles() { return listed("BlobSource FileSystemSource AzureBlobFSSource AzureDataLakeStoreSource"); }

QStringList sqlServerSources() { return listed("AzureSqlSource SqlServerSource SqlSource SqlMISource SqlDWSource"); }

QStringList postgresSources() { return listed("AzurePostgreSqlSource PostgreSqlSource PostgreSqlV2Source"); }

QStringList tables()
{
    return sqlServerSources() + postgresSources() + listed("OdbcSource RelationalSource AzureMySqlSource MySqlSource");
}

PropertyDescriptor at(const char *path, Kind kind, const QString &label, const QString &help)
{
    PropertyDescriptor made = property(source(), "", kind, label, help);
    made.path = QStringLiteral("typeProperties.source");
    if (*path != 0)
        made.path += u'.' + QString::fromLatin1(path);
    return made;
}

// Shown while it is there: the choice above it makes it and takes it away.
PropertyDescriptor whilePresent(PropertyDescriptor shown)
{
    shown.shownWhen = shown.path;
    shown.shownFor = {QStringLiteral("*")};
    return shown;
}

PropertyDescriptor skippedLines(const char *path)
{
    return within(withDefault(literal(at(path,
                                         Kind::Integer,
                                         FormText::tr("Skip lines"),
                                         FormText::tr("Lines passed over at the beginning of each file, before the "
                                                      "header."))),
                              0),
                  0,
                  1000000);
}

QList<PropertyDescriptor> fileNameProperties()
{
    const QString wildcard =
        FormText::tr("* stands for any number of characters, ? for one, ^ takes the meaning from the next.");
    PropertyDescriptor folder = at("storeSettings.wildcardFolderPath",
                                   Kind::Text,
                                   FormText::tr("Wildcard folder path"),
                                   FormText::tr("Folders below the container or root of the dataset; empty = the "
                                                "folder of the dataset.")
                                       + u' ' + wildcard);
    PropertyDescriptor file = at("storeSettings.wildcardFileName",
                                 Kind::Text,
                                 FormText::tr("Wildcard file name"),
                                 FormText::tr("Which files of those folders: sales_*.csv.") + u' ' + wildcard);
    for (PropertyDescriptor *shown : {&folder, &file}) {
        shown->shownWhen = QStringLiteral("typeProperties.source.storeSettings.wildcardFileName|"
                                          "typeProperties.source.storeSettings.wildcardFolderPath");
        shown->shownFor = {QStringLiteral("*")};
    }
    return {
        onlyWhen(literal(at("storeSettings",
                            Kind::FilePathMode,
                            FormText::tr("File path type"),
                            FormText::tr("Which files are read: those of the dataset, or some of them."))),
                 sourceType,
                 files()),
        whilePresent(at("storeSettings.prefix",
                        Kind::Text,
                        FormText::tr("Prefix"),
                        FormText::tr("Files whose path below the container begins with this."))),
        folder,
        file,
        whilePresent(at("storeSettings.fileListPath",
                        Kind::Text,
                        FormText::tr("Path to file list"),
                        FormText::tr("A text file with the path of one file in each line, relative to the folder of "
                                     "the dataset; the dataset itself names a folder."))),
    };
}

QList<PropertyDescriptor> fileProperties()
{
    const char *const discovery = "typeProperties.source.storeSettings.enablePartitionDiscovery";
    return fileNameProperties()
        + QList<PropertyDescriptor>{
            onlyWhen(withDefault(literal(at("storeSettings.recursive",
                                            Kind::Boolean,
                                            FormText::tr("Recursively"),
                                            FormText::tr("The files of the folders below it too."))),
                                 true),
                     sourceType,
                     files()),
            onlyWhen(at("storeSettings.modifiedDatetimeStart",
                        Kind::Text,
                        FormText::tr("Modified from"),
                        FormText::tr("Only files changed at this time or later: 2026-03-01T00:00:00Z.")),
                     sourceType,
                     files()),
            onlyWhen(at("storeSettings.modifiedDatetimeEnd",
                        Kind::Text,
                        FormText::tr("Modified before"),
                        FormText::tr("Only files changed before this time: 2026-04-01T00:00:00Z.")),
                     sourceType,
                     files()),
            onlyWhen(withDefault(literal(at("storeSettings.enablePartitionDiscovery",
                                            Kind::Boolean,
                                            FormText::tr("Enable partition discovery"),
                                            FormText::tr("Folders like year=2026/month=05 become columns."))),
                                 false),
                     sourceType,
                     tabularFiles()),
            onlyWhen(at("storeSettings.partitionRootPath",
                        Kind::Text,
                        FormText::tr("Partition root path"),
                        FormText::tr("The folder below which the folders are columns; empty = that of the dataset.")),
                     discovery,
                     {QStringLiteral("true")}),
            onlyWhen(withDefault(literal(at("storeSettings.deleteFilesAfterCompletion",
                                            Kind::Boolean,
                                            FormText::tr("Delete files after completion"),
                                            FormText::tr("Files are removed from the source once what was written is "
                                                         "safe; one that was changed meanwhile stays."))),
                                 false),
                     sourceType,
                     files()),
            onlyWhen(skippedLines("formatSettings.skipLineCount"), sourceType, {QStringLiteral("DelimitedTextSource")}),
        };
}

// Of the sources that are called after their store, and whose datasets say the form.
QList<PropertyDescriptor> olderFileProperties()
{
    return {
        onlyWhen(withDefault(literal(at("recursive",
                                        Kind::Boolean,
                                        FormText::tr("Recursively"),
                                        FormText::tr("The files of the folders below it too."))),
                             true),
                 sourceType,
                 olderFiles()),
        onlyWhen(skippedLines("skipHeaderLineCount"), sourceType, olderFiles()),
        onlyWhen(withDefault(literal(at("treatEmptyAsNull",
                                        Kind::Boolean,
                                        FormText::tr("Treat empty as NULL"),
                                        FormText::tr("Of text: an empty value without quotes is NULL."))),
                             true),
                 sourceType,
                 olderFiles()),
    };
}

QList<PropertyDescriptor> queryProperties()
{
    const QString condition = FormText::tr("With a partition option, ?DfDynamicRangePartitionCondition in its WHERE.");
    PropertyDescriptor sqlQuery =
        whilePresent(at("sqlReaderQuery",
                        Kind::Code,
                        FormText::tr("Query"),
                        FormText::tr("What is read in place of the table.") + u' ' + condition));
    PropertyDescriptor query = whilePresent(
        at("query", Kind::Code, FormText::tr("Query"), FormText::tr("What is read in place of the table.")));
    for (PropertyDescriptor *shown : {&sqlQuery, &query})
        shown->language = QStringLiteral("sql");
    PropertyDescriptor arguments = at("storedProcedureParameters",
                                      Kind::TypedValues,
                                      FormText::tr("Stored procedure parameters"),
                                      FormText::tr("Given to the procedure by their names."));
    arguments.shownWhen = QStringLiteral("typeProperties.source.sqlReaderStoredProcedureName");
    arguments.shownFor = {QStringLiteral("*")};
    return {
        onlyWhen(literal(at("",
                            Kind::QueryMode,
                            FormText::tr("Use query"),
                            FormText::tr("What is read: the whole table, a query, or what a procedure returns."))),
                 sourceType,
                 tables()),
        sqlQuery,
        query,
        whilePresent(at("sqlReaderStoredProcedureName",
                        Kind::Text,
                        FormText::tr("Stored procedure name"),
                        FormText::tr("A procedure or function that returns rows."))),
        arguments,
        onlyWhen(withDefault(at("queryTimeout",
                                Kind::Duration,
                                FormText::tr("Query timeout"),
                                FormText::tr("How long the query may take, as hh:mm:ss.")),
                             "02:00:00"),
                 sourceType,
                 tables()),
        onlyWhen(oneOf(at("isolationLevel",
                          Kind::Choice,
                          FormText::tr("Isolation level"),
                          FormText::tr("What others change while it reads is seen or not.")),
                       QStringList{QString()}
                           + listed("ReadCommitted ReadUncommitted RepeatableRead Serializable Snapshot")),
                 sourceType,
                 sqlServerSources()),
    };
}

QList<PropertyDescriptor> partitionProperties()
{
    const char *const option = "typeProperties.source.partitionOption";
    const QStringList ranges{QStringLiteral("DynamicRange")};
    const auto when = [&](const char *path, Kind kind, const QString &label, const QString &help) {
        return onlyWhen(at(path, kind, label, help), option, ranges);
    };
    return {
        onlyWhen(withDefault(oneOf(at("partitionOption",
                                      Kind::Choice,
                                      FormText::tr("Partition option"),
                                      FormText::tr("A large table is read in parts, several at once: its own "
                                                   "partitions, or ranges of a column. How many: Degree of copy "
                                                   "parallelism.")),
                                   listed("None PhysicalPartitionsOfTable DynamicRange")),
                             "None"),
                 sourceType,
                 sqlServerSources() + QStringList{QStringLiteral("AzurePostgreSqlSource")}),
        onlyWhen(at("partitionSettings.partitionNames",
                    Kind::Strings,
                    FormText::tr("Partition names"),
                    FormText::tr("Only these partitions; none = all.")),
                 option,
                 {QStringLiteral("PhysicalPartitionsOfTable")}),
        when("partitionSettings.partitionColumnName",
             Kind::Text,
             FormText::tr("Partition column name"),
             FormText::tr("A column of numbers or dates; empty = the primary key.")),
        when("partitionSettings.partitionUpperBound",
             Kind::Text,
             FormText::tr("Partition upper bound"),
             FormText::tr("The largest value, for cutting ranges; rows above it are read too. Empty = looked up.")),
        when("partitionSettings.partitionLowerBound",
             Kind::Text,
             FormText::tr("Partition lower bound"),
             FormText::tr("The smallest value, for cutting ranges; rows below it are read too. Empty = looked up.")),
    };
}

} // namespace

QList<PropertyDescriptor> copySourceProperties()
{
    const PropertyDescriptor columns =
        onlyWhen(at("additionalColumns",
                    Kind::AdditionalColumns,
                    FormText::tr("Additional columns"),
                    FormText::tr("Columns added to every row: $$FILEPATH is the path of the file, $$COLUMN:name the "
                                 "value of another column, anything else a text or dynamic content.")),
                 sourceType,
                 tabularFiles() + olderFiles() + tables());
    return dataset(source(),
                   QStringLiteral("inputs[0]"),
                   FormText::tr("Source dataset"),
                   FormText::tr("What is read: files of a folder, or a table of a database."))
        + fileProperties() + olderFileProperties() + queryProperties() + partitionProperties() + QList{columns};
}

} // namespace engine
