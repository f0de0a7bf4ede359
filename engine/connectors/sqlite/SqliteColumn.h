#pragma once

#include "engine/connectors/Sink.h"
#include "engine/sqlite/Database.h"

namespace engine {

// What SQLite prefers to store in a column (https://sqlite.org/datatype3.html, 3.1).
enum class SqliteAffinity { None, Text, Numeric, Integer, Real };

struct SqliteColumn
{
    SinkColumn column;
    SqliteAffinity affinity = SqliteAffinity::None;
    bool isRowId = false; // INTEGER PRIMARY KEY: NULL would become a number of SQLite's choice
    bool isDate = false; // declared DATE: midnight is stored without time
    bool operator==(const SqliteColumn &other) const;
};

SqliteColumn sqliteColumn(const QString &name, const QString &declaredType);

// The type of a column that holds every value of the interim type as it is.
QString sqliteTypeFor(InterimType type);

struct SqliteTable
{
    QString name; // as the database spells it
    QString kind; // table, view, virtual
    QList<SqliteColumn> columns;
};

// Whatever rows can be read from. NotFound (says which tables there are), or what SQLite reports.
Result<SqliteTable> describeSqliteTable(Database &database, const QString &schema, const QString &table);
// What rows can be written to: Unsupported for a view or a virtual table.
Result<SqliteTable> readSqliteTable(Database &database, const QString &schema, const QString &table);

} // namespace engine
