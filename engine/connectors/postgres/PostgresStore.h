#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/Store.h"

#include <memory>

namespace engine {

class PostgresReading;

// A PostgreSQL database; `connection` is libpq's conninfo. Its sessions are read-only.
class PostgresStore final : public Store
{
public:
    PostgresStore(QString connection, CancelToken cancel);
    ~PostgresStore() override;

    Result<QString> test() override; // "PostgreSQL 15.6, 12 tables"
    // Schemas at the root, tables and views below. In a path "/" and "%" of a name are percent-encoded.
    Result<StoreListing> browse(const QString &path) override;

private:
    std::unique_ptr<PostgresReading> m_reading;
};

// The rows of a table or view in it; `schema` empty = found by the search path.
class PostgresRows final : public StoredRows
{
public:
    PostgresRows(QString connection, QString schema, QString table, CancelToken cancel);
    ~PostgresRows() override;

    Result<QList<StoreColumn>> schema() override;
    Result<StorePreview> preview(int rows) override;

private:
    QString m_schema;
    QString m_table;
    std::unique_ptr<PostgresReading> m_reading;
};

} // namespace engine
