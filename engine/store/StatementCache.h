#pragma once

#include "engine/sqlite/Database.h"

#include <unordered_map>

namespace engine {

// Statements prepared once per text. The texts must be literals: their address is the key.
class StatementCache
{
public:
    explicit StatementCache(Database &database) : m_database(database) { }

    // Reset and without bindings. Valid as long as the cache.
    Result<Statement *> get(const char *sql)
    {
        const auto known = m_statements.find(sql);
        if (known != m_statements.end()) {
            known->second.reset();
            known->second.clearBindings();
            return &known->second;
        }
        auto prepared = m_database.prepare(sql, true);
        if (!prepared)
            return prepared.error();
        return &m_statements.emplace(sql, std::move(prepared).value()).first->second;
    }

private:
    Database &m_database;
    std::unordered_map<const char *, Statement> m_statements;
};

} // namespace engine
