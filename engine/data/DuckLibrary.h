#pragma once

#include "engine/base/Result.h"

#include <duckdb.h>

namespace engine {

// DuckDB's shared library, loaded by the first who needs it and then kept: to link its tables of virtual functions
// takes 20 ms, which every start of every program would pay. It lies in ../lib beside the program. Any thread. Error:
// it is missing or cannot be loaded.
Result<> loadDuckLibrary();

// A function of the library, which has been loaded; ends the program when the library has none of this name.
void *duckFunction(const char *name);

} // namespace engine

// DUCK(open)(path, &database) calls duckdb_open(path, &database).
#define DUCK(name)                                                                                                     \
    ([]() -> decltype(&duckdb_##name) {                                                                                \
        static const auto loadedFunction =                                                                             \
            reinterpret_cast<decltype(&duckdb_##name)>(engine::duckFunction("duckdb_" #name));                         \
        return loadedFunction;                                                                                         \
    }())
