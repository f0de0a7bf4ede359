#pragma once

#include "engine/base/Result.h"
#include "engine/connectors/Sink.h"

#include <QList>
#include <QStringList>

namespace engine {

// Columns that tell the rows of a table apart: its primary key, or what a unique index without condition is on.
struct TableKey
{
    QStringList columns; // as the table spells them
    QStringList collations; // of each, where the store has them; else empty
    bool isPrimary = false;
};

// The one that an upsert goes by: the one on exactly the columns `wanted` (in any order, upper and lower case the
// same), or without any the primary key. `loaded`: the columns that get values. InvalidInput says what to do.
Result<TableKey>
chooseKey(const QList<TableKey> &keys, const QStringList &wanted, const QStringList &loaded, const QString &table);

// "a" bigint, "b" text, PRIMARY KEY ("a"): the inside of a CREATE TABLE. `keys` may be empty.
QByteArray tableDefinition(const QList<SinkColumn> &columns, const QStringList &keys);

} // namespace engine
