#pragma once

#include "engine/data/DuckLibrary.h"
#include "engine/data/DuckSession.h"

#include <memory>
#include <type_traits>

namespace engine {

// DuckDB's handles as owners: DUCK_HANDLE(DuckDatabase, duckdb_database, close). Only files of this folder include it:
// nobody else knows duckdb.h.
#define DUCK_HANDLE(Name, handle, destroy)                                                                             \
    struct Name##Destroyer                                                                                             \
    {                                                                                                                  \
        void operator()(handle owned) const { DUCK(destroy)(&owned); }                                                 \
    };                                                                                                                 \
    using Name = std::unique_ptr<std::remove_pointer_t<handle>, Name##Destroyer>;

DUCK_HANDLE(DuckDatabase, duckdb_database, close)
DUCK_HANDLE(DuckConnection, duckdb_connection, disconnect)
DUCK_HANDLE(DuckStatement, duckdb_prepared_statement, destroy_prepare)
DUCK_HANDLE(DuckType, duckdb_logical_type, destroy_logical_type)
DUCK_HANDLE(DuckChunk, duckdb_data_chunk, destroy_data_chunk)
DUCK_HANDLE(DuckTableFunction, duckdb_table_function, destroy_table_function)

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
