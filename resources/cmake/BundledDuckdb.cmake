# DuckDB reads and writes Parquet. Debian has none: its makers publish the shared library on npm, and its C header with
# the older package `duckdb`, which is taken for that one file. Building that package would need node-gyp and a hundred
# more: package.json puts one that is here anyway in their place.
set(duckdb_library ${PROJECT_SOURCE_DIR}/node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so)
set(duckdb_include ${PROJECT_SOURCE_DIR}/node_modules/duckdb/src/duckdb/src/include)
if(NOT EXISTS ${duckdb_library} OR NOT EXISTS ${duckdb_include}/duckdb.h)
    message(FATAL_ERROR "DuckDB is missing: run ./setup first (npm ci fetches it).")
endif()
add_library(bundled_duckdb INTERFACE) # its header; the library is loaded where it is needed first (engine/data/DuckLibrary.h)
target_include_directories(bundled_duckdb SYSTEM INTERFACE ${duckdb_include})
# Beside the programs, in ../lib.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
file(REAL_PATH ${duckdb_library} duckdb_file)
file(CREATE_LINK ${duckdb_file} ${PROJECT_BINARY_DIR}/lib/libduckdb.so COPY_ON_ERROR)
