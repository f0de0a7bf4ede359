#pragma once

#include "engine/connectors/postgres/PostgresConnection.h"
#include "engine/connectors/Sink.h"

namespace engine {

// How COPY's binary form of a value looks.
enum class PostgresForm {
    Bool,
    Int2,
    Int4,
    Int8,
    Float4,
    Float8,
    Numeric,
    Text,
    Jsonb,
    Bytea,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Interval,
    Uuid,
    None // no value can be written
};

struct PostgresColumn
{
    SinkColumn column;
    PostgresForm form = PostgresForm::None;
    int length = -1; // characters of varchar(n) and char(n); -1 = no limit
    int precision = -1; // of numeric: digits in all; of times: digits of a second
    int scale = 0; // of numeric
    bool operator==(const PostgresColumn &other) const;
};

// The type of a column that holds every value of the interim type that PostgreSQL can hold at all.
QString postgresTypeFor(InterimType type);

struct PostgresTable
{
    QString schema;
    QString name;
    QString kind; // pg_class.relkind: r, p, f, v, m
    QList<PostgresColumn> columns;
    QString qualified() const; // quoted
};

// Whatever rows can be read from; `schema` empty = found by the search path. NotFound (says which tables there are), or
// what the server reports.
Result<PostgresTable>
describePostgresTable(PostgresConnection &connection, const QString &schema, const QString &table);
// What rows can be written to: Unsupported for a view.
Result<PostgresTable> readPostgresTable(PostgresConnection &connection, const QString &schema, const QString &table);

} // namespace engine
