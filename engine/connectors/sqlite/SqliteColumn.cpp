#include "engine/connectors/sqlite/SqliteColumn.h"

#include "engine/connectors/NearNames.h"
#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>

namespace engine {
namespace {

struct SqliteColumnText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SqliteColumn)
};

// SQLite's own rule.
SqliteAffinity affinityOf(const QString &declared)
{
    const auto has = [&](QLatin1String part) { return declared.contains(part, Qt::CaseInsensitive); };
    if (has(QLatin1String("INT")))
        return SqliteAffinity::Integer;
    if (has(QLatin1String("CHAR")) || has(QLatin1String("CLOB")) || has(QLatin1String("TEXT")))
        return SqliteAffinity::Text;
    if (declared.isEmpty() || has(QLatin1String("BLOB")))
        return SqliteAffinity::None;
    if (has(QLatin1String("REAL")) || has(QLatin1String("FLOA")) || has(QLatin1String("DOUB")))
        return SqliteAffinity::Real;
    return SqliteAffinity::Numeric;
}

struct NamedType
{
    QLatin1String name;
    InterimType type;
};

// Types people declare that SQLite itself does not know; without size and precision.
constexpr std::array namedTypes{
    NamedType{QLatin1String("BOOL"), InterimType::Boolean},
    NamedType{QLatin1String("BOOLEAN"), InterimType::Boolean},
    NamedType{QLatin1String("BIT"), InterimType::Boolean},
    NamedType{QLatin1String("DATE"), InterimType::DateTime},
    NamedType{QLatin1String("DATETIME"), InterimType::DateTime},
    NamedType{QLatin1String("DATETIME2"), InterimType::DateTime},
    NamedType{QLatin1String("SMALLDATETIME"), InterimType::DateTime},
    NamedType{QLatin1String("TIMESTAMP"), InterimType::DateTime},
    NamedType{QLatin1String("TIMESTAMP WITHOUT TIME ZONE"), InterimType::DateTime},
    NamedType{QLatin1String("DATETIMEOFFSET"), InterimType::DateTimeOffset},
    NamedType{QLatin1String("TIMESTAMPTZ"), InterimType::DateTimeOffset},
    NamedType{QLatin1String("TIMESTAMP WITH TIME ZONE"), InterimType::DateTimeOffset},
    NamedType{QLatin1String("TIME"), InterimType::TimeSpan},
    NamedType{QLatin1String("UUID"), InterimType::Guid},
    NamedType{QLatin1String("GUID"), InterimType::Guid},
    NamedType{QLatin1String("UNIQUEIDENTIFIER"), InterimType::Guid},
    NamedType{QLatin1String("BINARY"), InterimType::Binary},
    NamedType{QLatin1String("VARBINARY"), InterimType::Binary},
    NamedType{QLatin1String("IMAGE"), InterimType::Binary},
    NamedType{QLatin1String("BLOB"), InterimType::Binary},
    NamedType{QLatin1String("DECIMAL"), InterimType::Decimal},
    NamedType{QLatin1String("NUMERIC"), InterimType::Decimal},
    NamedType{QLatin1String("NUMBER"), InterimType::Decimal},
    NamedType{QLatin1String("MONEY"), InterimType::Decimal},
    NamedType{QLatin1String("SMALLMONEY"), InterimType::Decimal},
};

InterimType interimTypeOf(const QString &declared, SqliteAffinity affinity)
{
    QString bare = declared;
    if (const qsizetype open = bare.indexOf(u'('); open >= 0) {
        const qsizetype close = bare.indexOf(u')', open);
        bare.remove(open, close < 0 ? bare.size() - open : close - open + 1);
    }
    bare = bare.simplified();
    for (const NamedType &named : namedTypes) {
        if (bare.compare(named.name, Qt::CaseInsensitive) == 0)
            return named.type;
    }
    switch (affinity) {
    case SqliteAffinity::Integer:
        return InterimType::Int64;
    case SqliteAffinity::Real:
        return InterimType::Double;
    default:
        return InterimType::String;
    }
}

} // namespace

bool SqliteColumn::operator==(const SqliteColumn &other) const
{
    return column.name == other.column.name && column.physicalType == other.column.physicalType
        && column.nullable == other.column.nullable && column.generated == other.column.generated
        && isRowId == other.isRowId;
}

SqliteColumn sqliteColumn(const QString &name, const QString &declaredType)
{
    SqliteColumn described;
    described.affinity = affinityOf(declaredType);
    described.isDate = declaredType.compare(u"DATE", Qt::CaseInsensitive) == 0;
    described.column.name = name;
    described.column.physicalType = declaredType;
    described.column.type = interimTypeOf(declaredType, described.affinity);
    described.column.anyType = declaredType.isEmpty() || declaredType.compare(u"ANY", Qt::CaseInsensitive) == 0;
    return described;
}

QString sqliteTypeFor(InterimType type)
{
    switch (type) {
    case InterimType::Boolean:
        return QStringLiteral("BOOLEAN");
    case InterimType::SByte:
    case InterimType::Byte:
    case InterimType::Int16:
    case InterimType::UInt16:
    case InterimType::Int32:
    case InterimType::UInt32:
    case InterimType::Int64:
        return QStringLiteral("BIGINT");
    case InterimType::Single:
    case InterimType::Double:
        return QStringLiteral("DOUBLE");
    case InterimType::DateTime:
        return QStringLiteral("DATETIME");
    case InterimType::DateTimeOffset:
        return QStringLiteral("DATETIMEOFFSET");
    case InterimType::TimeSpan:
        return QStringLiteral("TIME");
    case InterimType::Guid:
        return QStringLiteral("GUID");
    case InterimType::Binary:
        return QStringLiteral("VARBINARY");
    case InterimType::UInt64: // SQLite's numbers end at 63 bits, and at 15 digits with a point
    case InterimType::Decimal:
    case InterimType::String:
        break;
    }
    return QStringLiteral("TEXT");
}

Result<SqliteTable> describeSqliteTable(Database &database, const QString &schema, const QString &table)
{
    auto tables = database.prepare("SELECT name, type, wr FROM pragma_table_list WHERE schema IN (?1, 'main') "
                                   "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
    if (!tables)
        return tables.error();
    tables->bind(1, schema);
    SqliteTable found;
    bool withoutRowId = false;
    QStringList names;
    while (true) {
        const auto row = tables->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const QString name = tables->text(0);
        if (name.compare(table, Qt::CaseInsensitive) == 0) {
            found.name = name;
            found.kind = tables->text(1);
            withoutRowId = tables->integer(2) != 0;
        } else if (!name.startsWith(u"_slipway_")) {
            names += name;
        }
    }
    if (found.name.isEmpty()) {
        const QString there =
            names.isEmpty() ? SqliteColumnText::tr("It has no table at all.") : suggestName(table, names);
        return Error{
            ErrorCode::NotFound,
            SqliteColumnText::tr("There is no table “%1” in the database %2. %3").arg(table, database.path(), there),
            database.path()};
    }
    auto columns = database.prepare("SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk, hidden "
                                    "FROM pragma_table_xinfo(?1, ?2) ORDER BY cid");
    if (!columns)
        return columns.error();
    columns->bind(1, found.name).bind(2, schema);
    int keyColumns = 0;
    while (true) {
        const auto row = columns->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        SqliteColumn column = sqliteColumn(columns->text(0), columns->text(1));
        const bool isKey = columns->integer(4) > 0;
        keyColumns += isKey;
        column.column.nullable = columns->integer(2) == 0 && !(isKey && withoutRowId);
        column.column.hasDefault = columns->integer(3) != 0;
        column.column.generated = columns->integer(5) >= 2;
        column.isRowId =
            isKey && !withoutRowId && column.column.physicalType.compare(u"INTEGER", Qt::CaseInsensitive) == 0;
        found.columns += column;
    }
    for (SqliteColumn &column : found.columns) {
        column.isRowId = column.isRowId && keyColumns == 1;
        if (column.isRowId)
            column.column.hasDefault = true;
    }
    return found;
}

Result<SqliteTable> readSqliteTable(Database &database, const QString &schema, const QString &table)
{
    auto found = describeSqliteTable(database, schema, table);
    if (found && found->kind != u"table")
        return Error{ErrorCode::Unsupported,
                     SqliteColumnText::tr("“%1” in the database %2 is a %3: rows can only be copied into a table.")
                         .arg(found->name, database.path(), found->kind),
                     database.path()};
    return found;
}

} // namespace engine
