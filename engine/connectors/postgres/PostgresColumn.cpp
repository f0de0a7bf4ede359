#include "engine/connectors/postgres/PostgresColumn.h"

#include "engine/connectors/NearNames.h"
#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>

namespace engine {
namespace {

struct PostgresColumnText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresColumn)
};

struct PostgresType
{
    QLatin1String name; // pg_type.typname
    PostgresForm form;
    InterimType type;
};

constexpr std::array postgresTypes{
    PostgresType{QLatin1String("bool"), PostgresForm::Bool, InterimType::Boolean},
    PostgresType{QLatin1String("int2"), PostgresForm::Int2, InterimType::Int16},
    PostgresType{QLatin1String("int4"), PostgresForm::Int4, InterimType::Int32},
    PostgresType{QLatin1String("int8"), PostgresForm::Int8, InterimType::Int64},
    PostgresType{QLatin1String("float4"), PostgresForm::Float4, InterimType::Single},
    PostgresType{QLatin1String("float8"), PostgresForm::Float8, InterimType::Double},
    PostgresType{QLatin1String("numeric"), PostgresForm::Numeric, InterimType::Decimal},
    PostgresType{QLatin1String("text"), PostgresForm::Text, InterimType::String},
    PostgresType{QLatin1String("varchar"), PostgresForm::Text, InterimType::String},
    PostgresType{QLatin1String("bpchar"), PostgresForm::Text, InterimType::String},
    PostgresType{QLatin1String("citext"), PostgresForm::Text, InterimType::String},
    PostgresType{QLatin1String("json"), PostgresForm::Text, InterimType::String},
    PostgresType{QLatin1String("jsonb"), PostgresForm::Jsonb, InterimType::String},
    PostgresType{QLatin1String("bytea"), PostgresForm::Bytea, InterimType::Binary},
    PostgresType{QLatin1String("date"), PostgresForm::Date, InterimType::DateTime},
    PostgresType{QLatin1String("time"), PostgresForm::Time, InterimType::TimeSpan},
    PostgresType{QLatin1String("timestamp"), PostgresForm::Timestamp, InterimType::DateTime},
    PostgresType{QLatin1String("timestamptz"), PostgresForm::TimestampTz, InterimType::DateTimeOffset},
    PostgresType{QLatin1String("interval"), PostgresForm::Interval, InterimType::TimeSpan},
    PostgresType{QLatin1String("uuid"), PostgresForm::Uuid, InterimType::Guid},
};

constexpr int modifierHeader = 4; // of varchar, char and numeric: typmod counts a header

void describeModifier(PostgresColumn &column, const QString &type, int modifier)
{
    if (modifier < 0)
        return;
    if (type == u"varchar" || type == u"bpchar") {
        column.length = modifier - modifierHeader;
    } else if (type == u"numeric") {
        const int packed = modifier - modifierHeader;
        column.precision = (packed >> 16) & 0xffff;
        column.scale = ((packed & 0x7ff) ^ 1024) - 1024; // eleven bits, signed
    } else if (type == u"interval") {
        const bool hasFields = ((modifier >> 16) & 0x7fff) != 0x7fff; // interval day to hour …
        column.form = hasFields ? PostgresForm::None : column.form;
        if ((modifier & 0xffff) != 0xffff)
            column.precision = modifier & 0xffff;
    } else if (type.startsWith(u"time")) {
        column.precision = modifier;
    }
}

Result<QStringList> tablesOf(PostgresConnection &connection, const QString &schema)
{
    const auto rows =
        connection.query("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                         "WHERE c.relkind IN ('r', 'p', 'v', 'f') AND c.relname NOT LIKE '\\_slipway\\_%' "
                         "AND CASE WHEN $1 = '' THEN pg_table_is_visible(c.oid) AND n.nspname NOT IN "
                         "('pg_catalog', 'information_schema') ELSE n.nspname = $1 END ORDER BY 1",
                         {schema});
    if (!rows)
        return rows.error();
    QStringList names;
    for (int i = 0; i < rows->count(); ++i)
        names += rows->text(i, 0);
    return names;
}

Error notFound(PostgresConnection &connection, const QString &schema, const QString &table)
{
    const QString place = schema.isEmpty() ? table : QString(schema + u'.' + table);
    if (!schema.isEmpty()) {
        const auto found = connection.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", {schema});
        if (!found)
            return found.error();
        if (found->count() == 0) {
            const auto schemas =
                connection.query("SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND "
                                 "nspname <> 'information_schema' ORDER BY 1");
            if (!schemas)
                return schemas.error();
            QStringList names;
            for (int i = 0; i < schemas->count(); ++i)
                names += schemas->text(i, 0);
            return Error{ErrorCode::NotFound,
                         PostgresColumnText::tr("There is no schema “%1” in the PostgreSQL database. %2")
                             .arg(schema, suggestName(schema, names)),
                         place};
        }
    }
    const auto names = tablesOf(connection, schema);
    if (!names)
        return names.error();
    const QString there =
        names->isEmpty() ? PostgresColumnText::tr("There is no table at all.") : suggestName(table, *names);
    return Error{ErrorCode::NotFound,
                 PostgresColumnText::tr("There is no table “%1” in the PostgreSQL database. %2").arg(place, there),
                 place};
}

} // namespace

bool PostgresColumn::operator==(const PostgresColumn &other) const
{
    return column.name == other.column.name && column.physicalType == other.column.physicalType
        && column.nullable == other.column.nullable && column.generated == other.column.generated && form == other.form;
}

QString PostgresTable::qualified() const { return qualifiedName(schema, name); }

QString postgresTypeFor(InterimType type)
{
    switch (type) {
    case InterimType::Boolean:
        return QStringLiteral("boolean");
    case InterimType::SByte:
    case InterimType::Byte:
    case InterimType::Int16:
        return QStringLiteral("smallint");
    case InterimType::UInt16:
    case InterimType::Int32:
        return QStringLiteral("integer");
    case InterimType::UInt32:
    case InterimType::Int64:
        return QStringLiteral("bigint");
    case InterimType::UInt64:
    case InterimType::Decimal:
        return QStringLiteral("numeric");
    case InterimType::Single:
        return QStringLiteral("real");
    case InterimType::Double:
        return QStringLiteral("double precision");
    case InterimType::Binary:
        return QStringLiteral("bytea");
    case InterimType::DateTime:
        return QStringLiteral("timestamp");
    case InterimType::DateTimeOffset:
        return QStringLiteral("timestamptz");
    case InterimType::TimeSpan:
        return QStringLiteral("interval");
    case InterimType::Guid:
        return QStringLiteral("uuid");
    case InterimType::String:
        break;
    }
    return QStringLiteral("text");
}

Result<PostgresTable> describePostgresTable(PostgresConnection &connection, const QString &schema, const QString &table)
{
    const auto found = connection.query("SELECT c.oid, n.nspname, c.relkind FROM pg_class c "
                                        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $2 AND CASE "
                                        "WHEN $1 = '' THEN pg_table_is_visible(c.oid) ELSE n.nspname = $1 END",
                                        {schema.isNull() ? QStringLiteral("") : schema, table});
    if (!found)
        return found.error();
    if (found->count() == 0) {
        return notFound(connection, schema.isNull() ? QStringLiteral("") : schema, table);
    }
    PostgresTable described{found->text(0, 1), table, found->text(0, 2), {}};
    // A domain is followed to the type it stands on; its NOT NULL counts, its other checks are the server's.
    const auto columns = connection.query(
        "WITH RECURSIVE chain(attnum, type, modifier, required) AS ("
        "SELECT attnum, atttypid, atttypmod, attnotnull FROM pg_attribute "
        "WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped UNION ALL "
        "SELECT c.attnum, t.typbasetype, CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE c.modifier END, "
        "c.required OR t.typnotnull FROM chain c JOIN pg_type t ON t.oid = c.type WHERE t.typtype = 'd') "
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod), t.typname, c.modifier, c.required, "
        "a.atthasdef OR a.attidentity <> '', a.attgenerated <> '', t.typtype "
        "FROM chain c JOIN pg_type t ON t.oid = c.type AND t.typtype <> 'd' "
        "JOIN pg_attribute a ON a.attrelid = $1::oid AND a.attnum = c.attnum ORDER BY a.attnum",
        {found->text(0, 0)});
    if (!columns)
        return columns.error();
    for (int i = 0; i < columns->count(); ++i) {
        PostgresColumn column;
        column.column.name = columns->text(i, 0);
        column.column.physicalType = columns->text(i, 1);
        column.column.nullable = !columns->isTrue(i, 4);
        column.column.hasDefault = columns->isTrue(i, 5);
        column.column.generated = columns->isTrue(i, 6);
        const QString type = columns->text(i, 2);
        const auto known = std::find_if(
            postgresTypes.begin(), postgresTypes.end(), [&](const PostgresType &t) { return type == t.name; });
        if (known != postgresTypes.end()) {
            column.form = known->form;
            column.column.type = known->type;
            describeModifier(column, type, int(columns->integer(i, 3)));
        } else if (columns->text(i, 7) == u"e") { // an enum travels as its label
            column.form = PostgresForm::Text;
        }
        column.column.supported = column.form != PostgresForm::None;
        described.columns += column;
    }
    return described;
}

Result<PostgresTable> readPostgresTable(PostgresConnection &connection, const QString &schema, const QString &table)
{
    auto found = describePostgresTable(connection, schema, table);
    if (found && found->kind != u"r" && found->kind != u"p" && found->kind != u"f")
        return Error{ErrorCode::Unsupported,
                     PostgresColumnText::tr("“%1.%2” is no table: rows can only be copied into a table.")
                         .arg(found->schema, table),
                     found->schema + u'.' + table};
    return found;
}

} // namespace engine
