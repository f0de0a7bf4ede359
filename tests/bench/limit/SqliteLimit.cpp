// bench_sqlite_limit FILE.csv OUT.db wal|delete [TABLE], or version: appends to table t of a database that has it, by
// one INSERT … SELECT from a virtual table that the reader's thread feeds; a table that is named is emptied before. One
// transaction, durable as by default.
#include "tests/bench/limit/LimitCsv.h"

#include <sqlite3.h>

#include <cstdio>
#include <string>

namespace {

struct Rows // what the virtual table reads from
{
    limit::ReadAhead *ahead = nullptr;
    const limit::Batch *batch = nullptr;
    size_t row = 0;
    size_t columns = 0;
    std::string declaration;

    void advance()
    {
        if (!batch || ++row == batch->rows) {
            batch = ahead->next();
            row = 0;
        }
    }
};

struct Table : sqlite3_vtab
{
    Rows *rows = nullptr;
};

Rows &rowsOf(sqlite3_vtab_cursor *cursor) { return *static_cast<Table *>(cursor->pVtab)->rows; }

int giveColumn(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column)
{
    const Rows &rows = rowsOf(cursor);
    const limit::Value &value = rows.batch->values[rows.row * rows.columns + size_t(column)];
    switch (value.type) {
    case limit::Value::Type::Integer:
        sqlite3_result_int64(context, value.integer);
        break;
    case limit::Value::Type::Real:
        sqlite3_result_double(context, value.real);
        break;
    case limit::Value::Type::Text:
        sqlite3_result_text(context, value.text, int(value.length), SQLITE_STATIC);
        break;
    case limit::Value::Type::Null:
        sqlite3_result_null(context);
        break;
    }
    return SQLITE_OK;
}

sqlite3_module rowsModule()
{
    sqlite3_module module{};
    module.xConnect = [](sqlite3 *database, void *rows, int, const char *const *, sqlite3_vtab **table, char **) {
        auto *const made = new Table;
        made->rows = static_cast<Rows *>(rows);
        *table = made;
        return sqlite3_declare_vtab(database, made->rows->declaration.c_str());
    };
    module.xBestIndex = [](sqlite3_vtab *, sqlite3_index_info *) { return SQLITE_OK; };
    module.xDisconnect = [](sqlite3_vtab *table) {
        delete static_cast<Table *>(table);
        return SQLITE_OK;
    };
    module.xOpen = [](sqlite3_vtab *, sqlite3_vtab_cursor **cursor) {
        *cursor = new sqlite3_vtab_cursor{};
        return SQLITE_OK;
    };
    module.xClose = [](sqlite3_vtab_cursor *cursor) {
        delete cursor;
        return SQLITE_OK;
    };
    module.xFilter = [](sqlite3_vtab_cursor *cursor, int, const char *, int, sqlite3_value **) {
        rowsOf(cursor).advance();
        return SQLITE_OK;
    };
    module.xNext = [](sqlite3_vtab_cursor *cursor) {
        rowsOf(cursor).advance();
        return SQLITE_OK;
    };
    module.xEof = [](sqlite3_vtab_cursor *cursor) { return rowsOf(cursor).batch == nullptr ? 1 : 0; };
    module.xColumn = giveColumn;
    module.xRowid = [](sqlite3_vtab_cursor *cursor, sqlite3_int64 *id) {
        *id = sqlite3_int64(rowsOf(cursor).row);
        return SQLITE_OK;
    };
    return module;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 2 && std::string_view(argv[1]) == "version") {
        std::puts(sqlite3_libversion());
        return 0;
    }
    if (argc != 4 && argc != 5)
        return 2;
    const std::string table = argc == 5 ? argv[4] : "t";
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3 *database = nullptr;
    if (sqlite3_open(argv[2], &database) != SQLITE_OK)
        return 1;
    const auto execute = [database](const std::string &sql) {
        if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            std::fprintf(stderr, "%s: %s\n", sql.c_str(), sqlite3_errmsg(database));
            std::exit(1);
        }
    };
    limit::Reader reader(argv[1]);
    Rows rows;
    rows.columns = reader.kinds().size();
    for (size_t i = 0; i < rows.columns; ++i)
        rows.declaration += (i ? ",c" : "create table x(c") + std::to_string(i);
    rows.declaration += ')';
    const sqlite3_module module = rowsModule();
    sqlite3_create_module(database, "rows", &module, &rows);
    execute("pragma journal_mode=" + std::string(argv[3]));
    execute("pragma synchronous=normal");
    execute("pragma cache_size=-32768");
    execute("begin immediate");
    if (argc == 5)
        execute("delete from " + table);
    {
        limit::ReadAhead ahead(reader);
        rows.ahead = &ahead;
        execute("insert into " + table + " select * from rows");
    }
    execute("commit");
    std::printf("rows %lld\n", static_cast<long long>(sqlite3_changes64(database)));
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1; // a WAL is checkpointed here
}
