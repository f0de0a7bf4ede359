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

const char *const sinkType = "typeProperties.sink.type";
const char *const behavior = "typeProperties.sink.writeBehavior";

QString sink() { return QStringLiteral("Sink"); }

QStringList listed(const char *names) { return QString::fromLatin1(names).split(u' '); }

QStringList files() { return listed("DelimitedTextSink JsonSink ParquetSink BinarySink"); }
QStringList sqlServerSinks() { return listed("AzureSqlSink SqlServerSink SqlSink SqlMISink SqlDWSink"); }
QStringList behaviorSinks() { return sqlServerSinks() + QStringList{QStringLiteral("AzurePostgreSqlSink")}; }
QStringList tables() { return behaviorSinks() + listed("OdbcSink AzureMySqlSink"); }

PropertyDescriptor at(const char *path, Kind kind, const QString &label, const QString &help)
{
    PropertyDescriptor made = property(sink(), "", kind, label, help);
    made.path = QStringLiteral("typeProperties.sink.") + QString::fromLatin1(path);
    return made;
}

PropertyDescriptor forTables(PropertyDescriptor shown) { return onlyWhen(std::move(shown), sinkType, tables()); }

QList<PropertyDescriptor> scriptProperties()
{
    PropertyDescriptor script =
        at("preCopyScript",
           Kind::Code,
           FormText::tr("Pre-copy script"),
           FormText::tr("SQL run before the load, in the same transaction: \"delete from [dbo].[t]\" replaces the "
                        "rows that are there."));
    script.language = QStringLiteral("sql");
    return {forTables(script)};
}

QList<PropertyDescriptor> behaviorProperties()
{
    const QStringList upsert{QStringLiteral("upsert")};
    const QStringList procedure{QStringLiteral("storedProcedure")};
    return {
        onlyWhen(withDefault(oneOf(at("writeBehavior",
                                      Kind::Choice,
                                      FormText::tr("Write behavior"),
                                      FormText::tr("Insert adds the rows; upsert replaces those with the same keys; a "
                                                   "stored procedure is given the rows and writes them itself.")),
                                   listed("insert upsert storedProcedure")),
                             "insert"),
                 sinkType,
                 behaviorSinks()),
        onlyWhen(literal(at("upsertSettings.keys",
                            Kind::Strings,
                            FormText::tr("Key columns"),
                            FormText::tr("Rows that are the same in these columns are one row; there is a unique index "
                                         "on them. None = the primary key."))),
                 behavior,
                 upsert),
        onlyWhen(at("sqlWriterStoredProcedureName",
                    Kind::Text,
                    FormText::tr("Stored procedure name"),
                    FormText::tr("The procedure that is given the rows.")),
                 behavior,
                 procedure),
        onlyWhen(at("sqlWriterTableType",
                    Kind::Text,
                    FormText::tr("Table type"),
                    FormText::tr("The type of one row; on PostgreSQL a composite type, and the procedure takes an "
                                 "array of it.")),
                 behavior,
                 procedure),
        onlyWhen(at("storedProcedureTableTypeParameterName",
                    Kind::Text,
                    FormText::tr("Table type parameter name"),
                    FormText::tr("The parameter of the procedure that takes the rows.")),
                 behavior,
                 procedure),
        onlyWhen(at("storedProcedureParameters",
                    Kind::TypedValues,
                    FormText::tr("Stored procedure parameters"),
                    FormText::tr("Its other parameters, by their names.")),
                 behavior,
                 procedure),
    };
}

QList<PropertyDescriptor> loadProperties()
{
    return {
        forTables(
            withDefault(oneOf(at("tableOption",
                                 Kind::Choice,
                                 FormText::tr("Table option"),
                                 FormText::tr("Auto create makes the table when it is not there, with the columns "
                                              "of the mapping.")),
                              listed("none autoCreate")),
                        "none")),
        onlyWhen(withDefault(literal(at("sqlWriterUseTableLock",
                                        Kind::Boolean,
                                        FormText::tr("Bulk insert table lock"),
                                        FormText::tr("Nobody else writes to the table while it is loaded."))),
                             false),
                 sinkType,
                 sqlServerSinks()),
        forTables(within(at("writeBatchSize",
                            Kind::Integer,
                            FormText::tr("Write batch size"),
                            FormText::tr("Rows written at a time; the load is one transaction all the same.")),
                         1,
                         0)),
        forTables(at("writeBatchTimeout",
                     Kind::Duration,
                     FormText::tr("Write batch timeout"),
                     FormText::tr("How long the load may take before it is given up, as hh:mm:ss."))),
        forTables(within(withDefault(at("sinkRetryCount",
                                        Kind::Integer,
                                        FormText::tr("Sink retry count"),
                                        FormText::tr("How often the sink is asked again when it cannot be reached.")),
                                     0),
                         0,
                         1000)),
        forTables(at("sinkRetryWait",
                     Kind::Duration,
                     FormText::tr("Sink retry wait"),
                     FormText::tr("Time between two of these attempts, as hh:mm:ss."))),
    };
}

QList<PropertyDescriptor> fileProperties()
{
    const QStringList text{QStringLiteral("DelimitedTextSink")};
    const QStringList rows{QStringLiteral("DelimitedTextSink"), QStringLiteral("ParquetSink")};
    return {
        onlyWhen(oneOf(at("storeSettings.copyBehavior",
                          Kind::Choice,
                          FormText::tr("Copy behavior"),
                          FormText::tr("Files into files: folders are kept, all go into one folder, or become one "
                                       "file.")),
                       QStringList{QString()} + listed("PreserveHierarchy FlattenHierarchy MergeFiles")),
                 sinkType,
                 files()),
        onlyWhen(withDefault(literal(at("formatSettings.quoteAllText",
                                        Kind::Boolean,
                                        FormText::tr("Quote all text"),
                                        FormText::tr("Every value is quoted, not only those that need it."))),
                             false),
                 sinkType,
                 text),
        onlyWhen(withDefault(at("formatSettings.fileExtension",
                                Kind::Text,
                                FormText::tr("File extension"),
                                FormText::tr("Of files whose name is made up, because the dataset names none.")),
                             ".txt"),
                 sinkType,
                 text),
        onlyWhen(withDefault(oneOf(at("formatSettings.filePattern",
                                      Kind::Choice,
                                      FormText::tr("File pattern"),
                                      FormText::tr("One object in each line, or one array of objects.")),
                                   listed("setOfObjects arrayOfObjects")),
                             "setOfObjects"),
                 sinkType,
                 {QStringLiteral("JsonSink")}),
        onlyWhen(within(at("formatSettings.maxRowsPerFile",
                           Kind::Integer,
                           FormText::tr("Max rows per file"),
                           FormText::tr("After so many rows another file is begun; empty = one file.")),
                        1,
                        0),
                 sinkType,
                 rows),
        onlyWhen(at("formatSettings.fileNamePrefix",
                    Kind::Text,
                    FormText::tr("File name prefix"),
                    FormText::tr("Several files are called <prefix>_00000 and so on.")),
                 sinkType,
                 rows),
    };
}

} // namespace

QList<PropertyDescriptor> copySinkProperties()
{
    return dataset(sink(),
                   QStringLiteral("outputs[0]"),
                   FormText::tr("Sink dataset"),
                   FormText::tr("Where it is written: a table of a database, or files in a folder."))
        + behaviorProperties() + scriptProperties() + loadProperties() + fileProperties();
}

} // namespace engine
