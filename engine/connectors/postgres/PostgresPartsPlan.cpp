#include "engine/connectors/postgres/PostgresPartsPlan.h"

#include "engine/connectors/postgres/PostgresColumn.h"
#include "engine/connectors/SqlScript.h"
#include "engine/connectors/SqlSession.h"
#include "engine/connectors/TypedBatch.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PartsPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresPartsPlan)
};

const QString columnSetting = QStringLiteral("partitionSettings.partitionColumnName");

// How values between two bounds are cut: `cut` gives the begin of range `k` of %1, from the bounds $1 and $2.
struct RangeKind
{
    QList<Oid> types;
    const char *type; // that the bounds are read as
    const char *finite; // of the column %1, for looking bounds up
    const char *cut;
};

const QList<RangeKind> &rangeKinds()
{
    static const QList<RangeKind> kinds{
        {{20, 21, 23}, // bigint, smallint, integer
         "numeric",
         "true",
         "$1::numeric + div(($2::numeric - $1::numeric) * k, %1::numeric) + 1"},
        {{1082}, "date", "isfinite(%1)", "$1::date + (($2::date - $1::date)::bigint * k / %1)::integer + 1"},
        {{1114},
         "timestamp",
         "isfinite(%1)",
         "$1::timestamp + ($2::timestamp - $1::timestamp) * (k / %1::double precision)"},
        {{1184},
         "timestamptz",
         "isfinite(%1)",
         "$1::timestamptz + ($2::timestamptz - $1::timestamptz) * (k / %1::double precision)"},
    };
    return kinds;
}

QString quotedText(QString text) { return u'\'' + text.replace(u'\'', QStringLiteral("''")) + u'\''; }

// Finds the parts in a transaction whose snapshot they share.
class PartsPlanner
{
public:
    PartsPlanner(const PostgresSource::Origin &whole, const PostgresParts &parts) : m_whole(whole), m_parts(parts) { }

    Result<QList<PostgresSource::Origin>> plan(PostgresConnection &connection);
    QByteArray snapshot() const { return m_snapshot; }
    QString database() const { return m_database; }

private:
    using Origins = QList<PostgresSource::Origin>;

    Result<> begin();
    Result<Origins> byPartitions();
    Result<Origins> byRanges();
    Result<QString> rangeColumn(); // as SQL spells it; empty = there is none
    Result<Oid> typeOf(const QString &column);
    Result<QStringList> cuts(const QString &column, const RangeKind &kind);
    QString relation() const; // what the rows are selected from, all of them
    PostgresSource::Origin partOf(const QString &condition) const;

    const PostgresSource::Origin &m_whole;
    const PostgresParts &m_parts;
    PostgresConnection *m_connection = nullptr;
    std::optional<PostgresTable> m_table; // nothing: a query
    QByteArray m_snapshot;
    QString m_database;
};

Result<> PartsPlanner::begin()
{
    for (const char *sql : {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                            "SET LOCAL idle_in_transaction_session_timeout = 0",
                            "SET LOCAL datestyle = 'ISO, YMD'"}) {
        if (const auto done = m_connection->query(sql); !done)
            return done.error();
    }
    const auto said = m_connection->query("SELECT pg_export_snapshot(), current_database()");
    if (!said)
        return said.error();
    m_snapshot = said->text(0, 0).toUtf8();
    m_database = said->text(0, 1);
    return {};
}

Result<QList<PostgresSource::Origin>> PartsPlanner::plan(PostgresConnection &connection)
{
    m_connection = &connection;
    if (const auto begun = begin(); !begun)
        return begun.error();
    if (!m_whole.table.isEmpty()) {
        auto table = describePostgresTable(connection, m_whole.schema, m_whole.table);
        if (!table)
            return table.error();
        m_table = *std::move(table);
    }
    Result<Origins> found = Origins();
    if (m_parts.by != PostgresParts::By::Ranges)
        found = byPartitions();
    const bool isLeft =
        m_parts.by == PostgresParts::By::Ranges || (m_parts.by == PostgresParts::By::Any && found && found->size() < 2);
    if (isLeft)
        found = byRanges();
    if (!found)
        return found;
    if (found->isEmpty())
        found->append(m_whole);
    for (PostgresSource::Origin &part : *found)
        part.snapshot = m_snapshot;
    return found;
}

// The largest first, so that all readers end together.
Result<QList<PostgresSource::Origin>> PartsPlanner::byPartitions()
{
    if (!m_table)
        return Origins();
    QStringList names;
    for (const QString &name : m_parts.partitions) {
        const QStringList parts = partsOfSqlName(name);
        names += qualifiedName(parts.size() > 1 ? parts.at(parts.size() - 2) : m_table->schema, parts.last());
    }
    if (names.isEmpty()) {
        const auto leaves = m_connection->query(
            "SELECT n.nspname, c.relname FROM pg_partition_tree(to_regclass($1)) t JOIN pg_class c ON c.oid = t.relid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE t.isleaf ORDER BY pg_relation_size(c.oid) DESC, c.oid",
            {m_table->qualified()});
        if (!leaves)
            return leaves.error();
        for (int i = 0; i < leaves->count(); ++i)
            names += qualifiedName(leaves->text(i, 0), leaves->text(i, 1));
    }
    QStringList columns;
    for (const PostgresColumn &column : m_table->columns)
        columns += quoteIdentifier(column.column.name);
    Origins origins;
    for (const QString &name : std::as_const(names)) {
        PostgresSource::Origin part = m_whole;
        part.query = m_parts.query;
        part.query.replace(PostgresParts::partitionName.toString(), name, Qt::CaseInsensitive);
        if (part.query.isEmpty()) { // a partition may have the columns in an order of its own
            part.query = QStringLiteral("SELECT %1 FROM %2").arg(columns.join(QStringLiteral(", ")), name);
            part.isSelection = true;
        }
        part.schema.clear();
        part.table.clear();
        origins += part;
    }
    return origins;
}

QString PartsPlanner::relation() const
{
    if (m_table)
        return m_table->qualified();
    QString query = m_parts.query.trimmed();
    while (query.endsWith(u';'))
        query = query.chopped(1).trimmed();
    query.replace(PostgresParts::rangeCondition.toString(), QStringLiteral("(1 = 1)"), Qt::CaseInsensitive);
    return u'(' + translateScript(query, SqlDialect::PostgreSql) + QStringLiteral("\n) AS q");
}

PostgresSource::Origin PartsPlanner::partOf(const QString &condition) const
{
    PostgresSource::Origin part = m_whole;
    if (m_table) {
        part.condition = condition;
    } else {
        part.query = m_parts.query;
        part.query.replace(PostgresParts::rangeCondition.toString(), u'(' + condition + u')', Qt::CaseInsensitive);
    }
    return part;
}

Result<QString> PartsPlanner::rangeColumn()
{
    if (!m_table) { // as the query spells it: id, o.id, [Order Id]
        static const QRegularExpression plain(QStringLiteral("^[A-Za-z_][\\w.$]*$"));
        if (m_parts.column.isEmpty() || plain.match(m_parts.column).hasMatch())
            return m_parts.column;
        QStringList quoted;
        for (const QString &name : partsOfSqlName(m_parts.column))
            quoted += quoteIdentifier(name);
        return quoted.join(u'.');
    }
    if (!m_parts.column.isEmpty()) {
        for (const auto sensitivity : {Qt::CaseSensitive, Qt::CaseInsensitive}) {
            for (const PostgresColumn &column : std::as_const(m_table->columns)) {
                if (column.column.name.compare(m_parts.column, sensitivity) == 0)
                    return quoteIdentifier(column.column.name);
            }
        }
        return Error{ErrorCode::InvalidInput,
                     PartsPlanText::tr("The table %1 has no column “%2” to cut ranges of.")
                         .arg(m_table->qualified(), m_parts.column),
                     columnSetting};
    }
    const auto key = m_connection->query("SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = "
                                         "i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = to_regclass($1) "
                                         "AND i.indisprimary AND i.indnkeyatts = 1",
                                         {m_table->qualified()});
    if (!key)
        return key.error();
    return key->count() == 1 ? quoteIdentifier(key->text(0, 0)) : QString();
}

// 0 = the query does not give the column, and nothing else tells.
Result<Oid> PartsPlanner::typeOf(const QString &column)
{
    if (const auto saved = m_connection->query("SAVEPOINT parts"); !saved)
        return saved.error();
    const auto described = m_connection->describe(QStringLiteral("SELECT %1 FROM %2").arg(column, relation()).toUtf8());
    if (described)
        return described->columnType(0);
    if (m_table || m_connection->serverError().state.isEmpty())
        return described.error();
    if (const auto back = m_connection->query("ROLLBACK TO SAVEPOINT parts"); !back)
        return back.error();
    bool isNumber = false;
    m_parts.lower.toLongLong(&isNumber);
    if (m_parts.lower.isEmpty() || m_parts.upper.isEmpty())
        return Oid(0);
    return isNumber ? Oid(20) : Oid(1114);
}

// Where the second range begins, and each after it; none when there is nothing to cut.
Result<QStringList> PartsPlanner::cuts(const QString &column, const RangeKind &kind)
{
    QString lower = m_parts.lower;
    QString upper = m_parts.upper;
    if (lower.isEmpty() || upper.isEmpty()) {
        QString finite = QString::fromLatin1(kind.finite);
        finite.replace(QStringLiteral("%1"), column);
        const auto bounds = m_connection->query(QStringLiteral("SELECT min(%1)::text, max(%1)::text FROM %2 WHERE %3")
                                                    .arg(column, relation(), finite)
                                                    .toUtf8());
        if (!bounds)
            return bounds.error();
        if (bounds->text(0, 0).isNull())
            return QStringList(); // there are no rows, or none with a value
        if (lower.isEmpty())
            lower = bounds->text(0, 0);
        if (upper.isEmpty())
            upper = bounds->text(0, 1);
    }
    const QString type = QString::fromLatin1(kind.type);
    const QByteArray sql = QStringLiteral("SELECT (%1)::text FROM generate_series(1, %3) AS k WHERE $1::%2 < $2::%2 "
                                          "GROUP BY 1 ORDER BY min(k)")
                               .arg(QString::fromLatin1(kind.cut).arg(m_parts.readers), type)
                               .arg(m_parts.readers - 1)
                               .toUtf8();
    const auto found = m_connection->query(sql, {lower, upper});
    if (!found)
        return Error{ErrorCode::InvalidInput,
                     PartsPlanText::tr("“%1” and “%2” are no bounds of the partition column: %3.")
                         .arg(lower, upper, m_connection->serverError().message),
                     QStringLiteral("partitionSettings.partitionLowerBound")};
    QStringList cuts;
    for (int i = 0; i < found->count(); ++i)
        cuts += found->text(i, 0);
    return cuts;
}

Result<QList<PostgresSource::Origin>> PartsPlanner::byRanges()
{
    const bool isCut = m_table || m_parts.query.contains(PostgresParts::rangeCondition, Qt::CaseInsensitive);
    const auto column = isCut ? rangeColumn() : Result<QString>(QString());
    if (!column)
        return column.error();
    if (column->isEmpty() || m_parts.readers < 2)
        return Origins();
    const auto type = typeOf(*column);
    if (!type)
        return type.error();
    const auto kind = std::find_if(rangeKinds().begin(), rangeKinds().end(), [&type](const RangeKind &each) {
        return each.types.contains(*type);
    });
    if (kind == rangeKinds().end()) {
        if (m_parts.column.isEmpty()) // nobody asked for the key
            return Origins();
        return Error{ErrorCode::Unsupported,
                     *type == 0 ? PartsPlanText::tr("The query does not give its partition column “%1”: give its "
                                                    "lower and upper bound.")
                                      .arg(m_parts.column)
                                : PartsPlanText::tr("No ranges are made of the values of “%1”: choose a column of "
                                                    "whole numbers, dates or moments.")
                                      .arg(m_parts.column),
                     columnSetting};
    }
    const auto begins = cuts(*column, *kind);
    if (!begins)
        return begins.error();
    if (begins->isEmpty())
        return Origins();
    const auto literal = [&](const QString &text) { return kind->types.contains(20) ? text : quotedText(text); };
    Origins origins;
    for (qsizetype i = 0; i <= begins->size(); ++i) {
        QStringList conditions;
        if (i > 0)
            conditions += *column + QStringLiteral(" >= ") + literal(begins->at(i - 1));
        if (i < begins->size())
            conditions += *column + QStringLiteral(" < ") + literal(begins->at(i));
        QString condition = conditions.join(QStringLiteral(" AND "));
        if (i == 0)
            condition = QStringLiteral("(%1 OR %2 IS NULL)").arg(condition, *column);
        origins += partOf(condition);
    }
    return origins;
}

} // namespace

std::variant<ParallelSource::Parts, ParallelSource::Failure>
planPostgresParts(const PostgresSource::Origin &whole, const PostgresParts &parts, const CancelToken &cancel)
{
    auto opened = PostgresConnection::open(whole.connection, cancel);
    if (!opened)
        return ParallelSource::Failure{
            opened.error(), QStringLiteral("SqlFailedToConnect"), opened.error().code != ErrorCode::Cancelled};
    const auto connection = std::make_shared<PostgresConnection>(std::move(*opened));
    if (whole.queryTimeout.count() > 0)
        connection->setDeadline(std::chrono::steady_clock::now() + whole.queryTimeout);
    PartsPlanner planner(whole, parts);
    const auto origins = planner.plan(*connection);
    if (!origins) {
        const Error &error = origins.error();
        const bool isLost = connection->isLost();
        const QString name = isLost             ? QStringLiteral("SqlFailedToConnect")
            : error.code == ErrorCode::NotFound ? QStringLiteral("SourceTableNotFound")
                                                : QStringLiteral("SqlOperationFailed");
        return ParallelSource::Failure{error, name, isLost};
    }
    ParallelSource::Parts made;
    for (const PostgresSource::Origin &origin : *origins)
        made.parts.push_back([origin](const CancelToken &token) -> std::unique_ptr<Source> {
            return std::make_unique<PostgresSource>(origin, token);
        });
    made.readers = parts.readers;
    made.fingerprint =
        rowsFingerprint(planner.database(),
                        whole.schema.isEmpty() ? whole.table : QString(whole.schema + u'.' + whole.table),
                        parts.query);
    made.hold = connection;
    return made;
}

} // namespace engine
