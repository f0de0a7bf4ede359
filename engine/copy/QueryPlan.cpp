#include "engine/copy/QueryPlan.h"

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

std::optional<Error> refuseOptions(const Json &source, const QString &where)
{
    if (const QString option = textAt(source, "partitionOption");
        !option.isEmpty() && option.compare(u"None", Qt::CaseInsensitive) != 0)
        return Error{ErrorCode::Unsupported,
                     QueryPlanText::tr("Reading in partitions (“%1”) is not possible, the rows come by one query: set "
                                       "partitionOption to None.")
                         .arg(option),
                     where + QStringLiteral(".partitionOption")};
    if (const QString procedure = textAt(source, "sqlReaderStoredProcedureName"); !procedure.isEmpty())
        return Error{
            ErrorCode::Unsupported,
            QueryPlanText::tr("A copy cannot read from the stored procedure “%1”: write a query, on PostgreSQL "
                              "“SELECT * FROM” a function.")
                .arg(procedure),
            where + QStringLiteral(".sqlReaderStoredProcedureName")};
    return {};
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

} // namespace

Result<CopySource> planQuery(
    const Json &source, const QString &where, const Dataset &dataset, const Binding &binding, const QString &folder)
{
    if (auto error = refuseOptions(source, where))
        return *error;
    const auto timeout = timeoutOf(source, where);
    if (!timeout)
        return timeout.error();
    QString query;
    for (const char *key : {"sqlReaderQuery", "query"}) {
        if (query.isEmpty())
            query = textAt(source, key);
    }
    if (query.trimmed().isEmpty()) {
        const auto table = planTable(dataset, binding, folder);
        if (!table)
            return table.error();
        return sourceOfTable(*table, *timeout);
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
    return invalid(dataset.file + QStringLiteral(": linkedServiceName"),
                   QueryPlanText::tr("The linked service “%1” is bound to no database, but a query needs a sqlite or "
                                     "postgresql store.")
                       .arg(dataset.linkedService));
}

} // namespace engine
