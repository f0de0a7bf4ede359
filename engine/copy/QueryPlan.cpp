#include "engine/copy/QueryPlan.h"

#include "engine/connectors/SqlScript.h"
#include "engine/data/TemporalText.h"
#include "engine/data/Ticks.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct QueryPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::QueryPlan)
};

constexpr std::chrono::hours usualTimeout(2); // of a query, as Data Factory has it

Error invalid(const QString &where, const QString &message) { return {ErrorCode::InvalidInput, message, where}; }

std::optional<Error> refuseUnless(const Json &source, const QString &where, const char *key, const QStringList &known)
{
    const QString value = textAt(source, key);
    if (value.isEmpty() || known.contains(value, Qt::CaseInsensitive))
        return {};
    return Error{ErrorCode::Unsupported,
                 QueryPlanText::tr("“%1” is no %2; it can be one of: %3.")
                     .arg(value, QString::fromLatin1(key), known.join(QStringLiteral(", "))),
                 where + u'.' + QString::fromLatin1(key)};
}

std::optional<Error> checkOptions(const Json &source, const QString &where)
{
    if (auto error = refuseUnless(
            source,
            where,
            "partitionOption",
            {QStringLiteral("None"), QStringLiteral("PhysicalPartitionsOfTable"), QStringLiteral("DynamicRange")}))
        return error;
    // All rows come as they were at one moment, which is what any of them asks for, or more.
    return refuseUnless(source,
                        where,
                        "isolationLevel",
                        {QStringLiteral("Unspecified"),
                         QStringLiteral("ReadUncommitted"),
                         QStringLiteral("ReadCommitted"),
                         QStringLiteral("RepeatableRead"),
                         QStringLiteral("Snapshot"),
                         QStringLiteral("Serializable")});
}

constexpr QStringView partitionName = u"?AdfTabularPartitionName";

// Data Factory puts a range of the partition column in its place and reads all ranges. Here all are read at once: the
// rows then come in one order and from one moment.
QString withoutRanges(QString query)
{
    for (const char *condition :
         {"?AdfDynamicRangePartitionCondition", "?DfDynamicRangePartitionCondition", "?AdfRangePartitionCondition"})
        query.replace(QLatin1String(condition), QLatin1String("(1 = 1)"), Qt::CaseInsensitive);
    return query;
}

QStringList partitionNames(const Json &source)
{
    QStringList names;
    const Json &settings = memberAt(source, "partitionSettings");
    const Json &given = memberAt(settings, "partitionNames");
    for (size_t i = 0; given.is_array() && i < given.size(); ++i) {
        if (given[i].is_string() && !given[i].get<std::string>().empty())
            names += toQString(given[i].get<std::string>());
    }
    return names;
}

QString quotedName(const QString &name, const QString &schema)
{
    const QStringList parts = partsOfSqlName(name);
    return qualifiedName(parts.size() > 1 ? parts.at(parts.size() - 2) : schema, parts.last());
}

// The query over each of the physical partitions that are named, or over the whole table.
Result<QString> overPartitions(const QString &query,
                               const Json &source,
                               const QString &where,
                               const std::optional<PostgresTableSink> &table)
{
    QStringList names = partitionNames(source);
    const bool isNamed = query.contains(partitionName, Qt::CaseInsensitive);
    if (names.isEmpty() && !isNamed)
        return query;
    if (!table)
        return invalid(where + QStringLiteral(".partitionSettings"),
                       QueryPlanText::tr("Physical partitions are read from a table of PostgreSQL, which the dataset "
                                         "has to name."));
    if (names.isEmpty())
        names += qualifiedName(table->schema, table->table);
    QStringList queries;
    for (const QString &name : std::as_const(names)) {
        QString part = query.isEmpty() ? QString(QStringLiteral("SELECT * FROM ") + partitionName.toString()) : query;
        part.replace(partitionName.toString(), quotedName(name, table->schema), Qt::CaseInsensitive);
        queries +=
            names.size() == 1 ? part : QStringLiteral("SELECT * FROM (%1\n) AS p%2").arg(part).arg(queries.size());
    }
    return queries.join(QStringLiteral("\nUNION ALL "));
}

Result<std::chrono::milliseconds> timeoutOf(const Json &source, const QString &where)
{
    const QString text = textAt(source, "queryTimeout");
    if (text.isEmpty())
        return std::chrono::milliseconds(usualTimeout);
    int64_t ticks = 0;
    if (!parseTimeSpan(text.trimmed().toStdString(), ticks) || ticks <= 0)
        return invalid(where + QStringLiteral(".queryTimeout"),
                       QueryPlanText::tr("“%1” is no queryTimeout: write it as hours:minutes:seconds.").arg(text));
    return std::chrono::milliseconds(ticks / (ticksPerSecond / 1000));
}

Result<CopySource> sourceOfTable(const DatasetPlan &table, std::chrono::milliseconds timeout)
{
    if (const auto *sqlite = std::get_if<SqliteTableSink>(&table))
        return CopySource(SqliteQuerySource{sqlite->file, sqlite->schema, sqlite->table, {}, timeout});
    const auto &postgres = std::get<PostgresTableSink>(table);
    return CopySource(PostgresQuerySource{postgres.connection, postgres.schema, postgres.table, {}, timeout});
}

Error noDatabase(const Dataset &dataset)
{
    return invalid(dataset.file + QStringLiteral(": linkedServiceName"),
                   QueryPlanText::tr("The linked service “%1” is bound to no database, but a query needs a sqlite or "
                                     "postgresql store.")
                       .arg(dataset.linkedService));
}

Result<CopySource> planProcedure(const Json &source,
                                 const QString &procedure,
                                 const QString &where,
                                 const Dataset &dataset,
                                 const Binding &binding,
                                 std::chrono::milliseconds timeout)
{
    const auto *postgres = std::get_if<PostgresBinding>(&binding);
    if (!postgres)
        return Error{ErrorCode::Unsupported,
                     QueryPlanText::tr("The linked service “%1” is bound to a store without stored procedures; "
                                       "PostgreSQL has them: write a query.")
                         .arg(dataset.linkedService),
                     where + QStringLiteral(".sqlReaderStoredProcedureName")};
    const Result<QString> conninfo = conninfoOf(*postgres, dataset.linkedService);
    if (!conninfo)
        return conninfo.error();
    return CopySource(PostgresQuerySource{*conninfo,
                                          {},
                                          {},
                                          {},
                                          timeout,
                                          procedure,
                                          readProcedureParameters(memberAt(source, "storedProcedureParameters"))});
}

} // namespace

Result<CopySource> planQuery(
    const Json &source, const QString &where, const Dataset &dataset, const Binding &binding, const QString &folder)
{
    if (auto error = checkOptions(source, where))
        return *error;
    const auto timeout = timeoutOf(source, where);
    if (!timeout)
        return timeout.error();
    if (const QString procedure = textAt(source, "sqlReaderStoredProcedureName"); !procedure.isEmpty())
        return planProcedure(source, procedure, where, dataset, binding, *timeout);
    QString query;
    for (const char *key : {"sqlReaderQuery", "query"}) {
        if (query.trimmed().isEmpty())
            query = withoutRanges(textAt(source, key));
    }
    if (query.contains(QChar(u'\0')))
        return invalid(where, QueryPlanText::tr("The query has the character of code zero in it: remove it."));
    const bool hasPartitions = query.contains(partitionName, Qt::CaseInsensitive) || !partitionNames(source).isEmpty();
    if (query.trimmed().isEmpty() || hasPartitions) {
        const auto table = planTable(dataset, binding, folder);
        if (!table)
            return table.error();
        if (!hasPartitions)
            return sourceOfTable(*table, *timeout);
        std::optional<PostgresTableSink> partitioned;
        if (const auto *postgres = std::get_if<PostgresTableSink>(&*table))
            partitioned = *postgres;
        auto parts = overPartitions(query, source, where, partitioned);
        if (!parts)
            return parts.error();
        query = *parts;
    }
    if (const auto *sqlite = std::get_if<SqliteBinding>(&binding)) {
        const QString file = QDir::cleanPath(QDir(folder).absoluteFilePath(sqlite->file));
        return CopySource(SqliteQuerySource{file, {}, {}, query, *timeout});
    }
    if (const auto *postgres = std::get_if<PostgresBinding>(&binding)) {
        const Result<QString> conninfo = conninfoOf(*postgres, dataset.linkedService);
        if (!conninfo)
            return conninfo.error();
        return CopySource(PostgresQuerySource{*conninfo, {}, {}, query, *timeout});
    }
    return noDatabase(dataset);
}

} // namespace engine
