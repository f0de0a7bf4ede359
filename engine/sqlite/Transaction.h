#pragma once

#include "engine/sqlite/Database.h"

namespace engine {

// Rolled back when destroyed before commit(). Move-only; the Database must outlive it and stay where it is.
class Transaction
{
public:
    enum class Kind { Deferred, Immediate, Exclusive };
    static Result<Transaction> begin(Database &database, Kind kind = Kind::Immediate);

    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();

    Result<> commit(); // on failure the transaction is rolled back
    void rollback();

private:
    explicit Transaction(Database &database) : m_database(&database) { }

    Database *m_database; // null when over
};

} // namespace engine
