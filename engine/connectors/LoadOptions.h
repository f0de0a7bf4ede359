#pragma once

#include "engine/connectors/SqlSession.h"

#include <QString>
#include <QStringList>

#include <chrono>

namespace engine {

// How the rows of a copy go into a table of a database.
struct LoadOptions
{
    enum class Behavior {
        Insert,
        Upsert, // a row whose key is there replaces that row's mapped columns
        Procedure // a stored procedure takes the rows, the table is its business
    } behavior = Behavior::Insert;
    // Of an upsert, columns that a unique index is on; empty = the primary key. Of rows with one key the first counts:
    // a later one is refused.
    QStringList keys = {};
    bool makesTable = false; // when it is not there
    bool locksTable = false; // nobody else writes into it meanwhile; where a store can lock one
    // The longest the store may take over one batch, waiting for the rows not counted; 0 = as long as it wants.
    std::chrono::milliseconds batchTimeout{0};

    QString procedure = {}; // "[dbo].[load]"
    QString tableType = {}; // a composite type, or a table whose rows have that form
    QString tableParameter = {}; // of the procedure: an array of the type
    QList<SqlParameter> parameters = {}; // the others
    int batchRows = 10'000; // of each call of the procedure
};

} // namespace engine
