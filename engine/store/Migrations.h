#pragma once

#include "engine/sqlite/Database.h"

#include <QList>

namespace engine {

// The statements that lead from version number - 1 to version number of a store's schema.
struct Migration
{
    int number = 1;
    QByteArray sql;
};

// From resources/store/<kind>/<number>.sql, ascending, without gaps.
const QList<Migration> &journalMigrations();
const QList<Migration> &telemetryMigrations();

// What kind of file it is, kept in the file itself (PRAGMA application_id).
enum class StoreKind { Journal = 0x534c5049, Telemetry = 0x534c5054 };

// The version of the schema in the file; 0 = empty. Unsupported when it is newer than `migrations` know; InvalidInput
// when it is a database of somebody else. Changes nothing.
Result<int> storeVersion(Database &database, StoreKind kind, const QList<Migration> &migrations);

// Brings the schema up to the last migration, in one transaction: afterwards it is the old one or the new one, whole.
Result<> migrate(Database &database, StoreKind kind, const QList<Migration> &migrations);

} // namespace engine
