#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/Store.h"

#include <memory>

namespace engine {

class SqliteReading;

// A user's SQLite file. Never made, never written to; waits 3 s for other programs' locks.
class SqliteStore final : public Store
{
public:
    SqliteStore(QString file, CancelToken cancel); // absolute
    ~SqliteStore() override;

    Result<QString> test() override; // "SQLite 3.54.1, 4 tables, WAL"
    Result<StoreListing>
    browse(const QString &path) override; // tables and views are the root's, and have nothing below

private:
    std::unique_ptr<SqliteReading> m_reading;
};

// The rows of a table or view in it.
class SqliteRows final : public StoredRows
{
public:
    SqliteRows(QString file, QString table, CancelToken cancel);
    ~SqliteRows() override;

    Result<QList<StoreColumn>> schema() override;
    Result<StorePreview> preview(int rows) override;

private:
    QString m_table;
    std::unique_ptr<SqliteReading> m_reading;
};

} // namespace engine
