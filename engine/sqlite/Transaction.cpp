#include "engine/sqlite/Transaction.h"

#include <sqlite3.h>

#include <utility>

namespace engine {

Result<Transaction> Transaction::begin(Database &database, Kind kind)
{
    const char *sql = kind == Kind::Deferred ? "BEGIN DEFERRED"
        : kind == Kind::Exclusive            ? "BEGIN EXCLUSIVE"
                                             : "BEGIN IMMEDIATE";
    if (auto begun = database.exec(sql); !begun)
        return begun.error();
    return Transaction(database);
}

Transaction::Transaction(Transaction &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) { }

Transaction::~Transaction() { rollback(); }

Result<> Transaction::commit()
{
    auto committed = m_database->exec("COMMIT");
    if (!committed)
        rollback();
    m_database = nullptr;
    return committed;
}

void Transaction::rollback()
{
    // SQLite may have rolled back by itself (disk full, I/O error): then there is nothing left to do. The handle is
    // used directly so that lastCode() keeps naming what went wrong before.
    if (m_database && m_database->inTransaction())
        sqlite3_exec(m_database->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    m_database = nullptr;
}

} // namespace engine
