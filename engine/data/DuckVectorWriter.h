#pragma once

#include "engine/data/DuckFeed.h"
#include "engine/data/DuckHandles.h"

#include <optional>

namespace engine {

// Of which type DuckDB's column is (DuckFeed.h).
DuckType duckTypeOf(const DuckFeed::Target &column);

// Some rows of one column of a batch, on their way into a vector. The first value that does not fit ends it.
class DuckVectorWriter
{
public:
    DuckVectorWriter(duckdb_vector vector, const DuckFeed::Target &target, const Column &column, int first, int count)
        : m_vector(vector)
        , m_values(DUCK(vector_get_data)(vector))
        , m_target(target)
        , m_column(column)
        , m_first(first)
        , m_count(count)
    {
    }

    struct Refused
    {
        int row = 0; // of the batch
        QString reason;
    };
    std::optional<Refused> write();

private:
    using Reason = std::optional<QString>; // why a value does not fit

    template <typename Put> std::optional<Refused> eachValue(Put put);
    template <typename Value> std::optional<Refused> writeIntegers();
    std::optional<Refused> writeText();
    std::optional<Refused> writeMicroseconds();
    Reason putDecimal(idx_t to, std::string_view text);
    template <typename Value> Value &at(idx_t to) { return static_cast<Value *>(m_values)[to]; }

    duckdb_vector m_vector;
    void *m_values;
    const DuckFeed::Target &m_target;
    const Column &m_column;
    int m_first;
    int m_count;
};

} // namespace engine
