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

// Data Factory puts a range of the partition column in its place; this is how it is spelled from here on.
QString withOneSpelling(QString query)
{
    for (const char *condition : {"?DfDynamicRangePartitionCondition", "?AdfRangePartitionCondition"})
        query.replace(QLatin1String(condition), PostgresParts::rangeCondition.toString(), Qt::CaseInsensitive);
    return query;
}

// All ranges at once.
QString withoutRanges(QString query)
{
    return query.replace(PostgresParts::rangeCondition.toString(), QStringLiteral("(1 = 1)"), Qt::CaseInsensitive);
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

bool isOption(const Json &source, QStringView option)
{
    return textAt(source, "partitionOption").compare(option, Qt::CaseInsensitive) == 0;
}

bool isOfPartitions(const Json &source, const QString &query)
{
    return isOption(source, u"PhysicalPartitionsOfTable") || !partitionNames(source).isEmpty()
        || query.contains(PostgresParts::partitionName, Qt::CaseInsensitive);
}

// The physical partitions of a table, those that are named or all; `table` is what the dataset names.
Result<CopySource> planPartitions(const Json &source,
                                  const QString &where,
                                  const QString &query,
                                  const DatasetPlan &table,
                                  std::chrono::milliseconds timeout)
{
    const bool isNamed =
        !partitionNames(source).isEmpty() || query.contains(PostgresParts::partitionName, Qt::CaseInsensitive);
    const auto *postgres = std::get_if<PostgresTableSink>(&table);
    if (postgres == nullptr && isNamed)
        return invalid(where + QStringLiteral(".partitionSettings"),
                       QueryPlanText::tr("Physical partitions are read from a table of PostgreSQL, which the dataset "
                                         "has to name."));
    if (postgres == nullptr) { // SQLite has none
        const auto &sqlite = std::get<SqliteTableSink>(table);
        return CopySource(SqliteQuerySource{sqlite.file, sqlite.schema, sqlite.table, query, timeout});
    }
    PostgresQuerySource planned{postgres->connection, postgres->schema, postgres->table, query, timeout};
    planned.query.replace(
        PostgresParts::partitionName.toString(), qualifiedName(postgres->schema, postgres->table), Qt::CaseInsensitive);
    PostgresParts parts;
    parts.by = PostgresParts::By::Partitions;
    parts.partitions = partitionNames(source);
    parts.query = query;
    const bool isOfAll = parts.partitions.isEmpty() && !isOption(source, u"PhysicalPartitionsOfTable");
    const bool isCut = query.isEmpty() || query.contains(PostgresParts::partitionName, Qt::CaseInsensitive);
    if (!isOfAll && isCut)
        planned.parts = parts;
    return CopySource(planned);
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

CopySource sourceOfTable(const DatasetPlan &table, std::chrono::milliseconds timeout)
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

// By one reader, or by several that each read a range.
PostgresQuerySource rangesOf(PostgresQuerySource whole, const Json &source, const QString &query)
{
    if (!isOption(source, u"DynamicRange"))
        return whole;
    const Json &settings = memberAt(source, "partitionSettings");
    PostgresParts parts;
    parts.column = textAt(settings, "partitionColumnName");
    parts.lower = textAt(settings, "partitionLowerBound");
    parts.upper = textAt(settings, "partitionUpperBound");
    parts.query = query;
    const bool isCut = query.isEmpty()
        || (query.contains(PostgresParts::rangeCondition, Qt::CaseInsensitive) && !parts.column.isEmpty());
    if (isCut)
        whole.parts = parts;
    return whole;
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
            query = withOneSpelling(textAt(source, key));
    }
    if (query.trimmed().isEmpty())
        query.clear();
    if (query.contains(QChar(u'\0')))
        return invalid(where, QueryPlanText::tr("The query has the character of code zero in it: remove it."));
    const bool isOfParts = isOfPartitions(source, query);
    const bool isPlainQuery = !query.isEmpty() && !query.contains(PostgresParts::partitionName, Qt::CaseInsensitive)
        && partitionNames(source).isEmpty();
    if (query.isEmpty() || (isOfParts && !isPlainQuery)) {
        const auto table = planTable(dataset, binding, folder);
        if (!table)
            return table.error();
        if (isOfParts)
            return planPartitions(source, where, withoutRanges(query), *table, *timeout);
        auto whole = sourceOfTable(*table, *timeout);
        if (auto *const postgres = std::get_if<PostgresQuerySource>(&whole))
            whole = rangesOf(*postgres, source, {});
        return whole;
    }
    if (const auto *sqlite = std::get_if<SqliteBinding>(&binding)) {
        const QString file = QDir::cleanPath(QDir(folder).absoluteFilePath(sqlite->file));
        return CopySource(SqliteQuerySource{file, {}, {}, withoutRanges(query), *timeout});
    }
    if (const auto *postgres = std::get_if<PostgresBinding>(&binding)) {
        const Result<QString> conninfo = conninfoOf(*postgres, dataset.linkedService);
        if (!conninfo)
            return conninfo.error();
        const PostgresQuerySource whole{*conninfo, {}, {}, withoutRanges(query), *timeout};
        return CopySource(rangesOf(whole, source, query));
    }
    return noDatabase(dataset);
}

} // namespace engine
