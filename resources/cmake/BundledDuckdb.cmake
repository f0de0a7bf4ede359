# DuckDB reads and writes Parquet. Debian has none: its makers publish the shared library on npm, and its C header with
# the older package `duckdb`, which is taken for that one file. Building that package would need node-gyp and a hundred
# more: package.json puts one that is here anyway in their place.
set(duckdb_library ${PROJECT_SOURCE_DIR}/node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so)
set(duckdb_include ${PROJECT_SOURCE_DIR}/node_modules/duckdb/src/duckdb/src/include)
if(NOT EXISTS ${duckdb_library} OR NOT EXISTS ${duckdb_include}/duckdb.h)
    message(FATAL_ERROR "DuckDB is missing: run ./setup first (npm ci fetches it).")
endif()
add_library(bundled_duckdb SHARED IMPORTED GLOBAL) # programs find it by the RPATH that CMake gives them
set_target_properties(bundled_duckdb PROPERTIES
    IMPORTED_LOCATION ${duckdb_library}
    IMPORTED_SONAME libduckdb.so
    INTERFACE_INCLUDE_DIRECTORIES ${duckdb_include}
    INTERFACE_LINK_OPTIONS "LINKER:--as-needed") # 60 MB are loaded only by what uses them
