#pragma once

#include "engine/data/DuckSession.h"

#include <duckdb.h>

#include <memory>
#include <type_traits>

namespace engine {

// DuckDB's handles as owners. Only files of this folder include it: nobody else knows duckdb.h.
template <auto destroy> struct DuckDestroyer
{
    template <typename Pointee> void operator()(Pointee *handle) const { destroy(&handle); }
};
template <typename Handle, auto destroy>
using DuckHandle = std::unique_ptr<std::remove_pointer_t<Handle>, DuckDestroyer<destroy>>;

using DuckDatabase = DuckHandle<duckdb_database, &duckdb_close>;
using DuckConnection = DuckHandle<duckdb_connection, &duckdb_disconnect>;
using DuckStatement = DuckHandle<duckdb_prepared_statement, &duckdb_destroy_prepare>;
using DuckType = DuckHandle<duckdb_logical_type, &duckdb_destroy_logical_type>;
using DuckChunk = DuckHandle<duckdb_data_chunk, &duckdb_destroy_data_chunk>;
using DuckTableFunction = DuckHandle<duckdb_table_function, &duckdb_destroy_table_function>;

// What DuckDB said, as one sentence without its own names of errors: "Invalid Input Error: No magic bytes …" → "No
// magic bytes …".
Error duckError(duckdb_error_type type, const char *message);

struct DuckSession::State
{
    DuckDatabase database;
    DuckConnection connection; // gone before the database
};

// Reads a chunk's vectors; see DuckBatch.
void readDuckChunk(duckdb_data_chunk chunk, DuckBatch &batch);

} // namespace engine
