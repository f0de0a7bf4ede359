# One SQLite for the store and for users' databases: two SQLite libraries on one file lose each other's locks.
# The amalgamation comes pinned from npm (package.json); Debian's is older, slower, and has a WAL corruption bug.
set(sqlite_dir ${PROJECT_SOURCE_DIR}/node_modules/better-sqlite3/deps/sqlite3)
if(NOT EXISTS ${sqlite_dir}/sqlite3.c)
    message(FATAL_ERROR "The bundled SQLite is missing: run ./setup first (npm ci fetches better-sqlite3).")
endif()
add_library(bundled_sqlite STATIC ${sqlite_dir}/sqlite3.c)
target_include_directories(bundled_sqlite SYSTEM PUBLIC ${sqlite_dir})
target_compile_options(bundled_sqlite PRIVATE -O3 -w -fvisibility=hidden)
target_compile_definitions(bundled_sqlite PRIVATE
    SQLITE_THREADSAFE=2 SQLITE_DQS=0 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_DEFAULT_FOREIGN_KEYS=0
    SQLITE_LIKE_DOESNT_MATCH_BLOBS SQLITE_OMIT_DEPRECATED SQLITE_OMIT_SHARED_CACHE SQLITE_OMIT_LOAD_EXTENSION
    SQLITE_USE_ALLOCA SQLITE_ENABLE_COLUMN_METADATA SQLITE_MAX_EXPR_DEPTH=0 SQLITE_ENABLE_MATH_FUNCTIONS)
set_target_properties(bundled_sqlite PROPERTIES LINK_LIBRARIES_ONLY_TARGETS OFF)
target_link_libraries(bundled_sqlite PRIVATE m)
