// bench_nightly_limit FILE.db MODEL.txt OUT.csv: the passengers table of a SQLite database through one logistic
// regression into a file of predictions; bench_sqlite_limit loads that.
#include "tests/bench/limit/NightlyModel.h"

#include <sqlite3.h>

namespace {

char firstLetter(sqlite3_stmt *row, int column)
{
    const auto *const text = sqlite3_column_text(row, column);
    return text ? char(*text) : '\0';
}

} // namespace

int main(int argc, char **argv)
{
    limit::NightlyModel model{};
    sqlite3 *database = nullptr;
    sqlite3_stmt *row = nullptr;
    if (argc != 4 || !model.read(argv[2]))
        return 2;
    if (sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
        return 1;
    sqlite3_exec(database, "pragma mmap_size=4000000000", nullptr, nullptr, nullptr);
    if (sqlite3_prepare_v2(database, limit::nightlyQuery, -1, &row, nullptr) != SQLITE_OK)
        return 1;
    limit::Predictions out(argv[3]);
    while (sqlite3_step(row) == SQLITE_ROW) {
        const double age = sqlite3_column_type(row, 3) == SQLITE_NULL ? model.age : sqlite3_column_double(row, 3);
        const double p = model.probability({age,
                                            sqlite3_column_double(row, 6),
                                            double(sqlite3_column_int(row, 4)),
                                            double(sqlite3_column_int(row, 5))},
                                           firstLetter(row, 2),
                                           firstLetter(row, 7),
                                           sqlite3_column_int(row, 1));
        if (!out.add(sqlite3_column_int64(row, 0), p))
            return 1;
    }
    sqlite3_finalize(row);
    sqlite3_close(database);
    return out.close() ? 0 : 1;
}
