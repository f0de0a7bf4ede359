// bench_parse_limit FILE.csv: all columns typed and unquoted on one thread; prints sums that bench_parse_slipway must
// match.
#include "tests/bench/limit/LimitCsv.h"

#include <cstdio>

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    limit::Reader reader(argv[1]);
    std::vector<limit::Value> row(reader.kinds().size());
    limit::Scratch scratch;
    long rows = 0;
    int64_t integers = 0;
    double reals = 0;
    size_t bytes = 0;
    while (reader.readRow(row.data(), scratch)) {
        ++rows;
        for (const limit::Value &value : row) {
            using Type = limit::Value::Type;
            if (value.type == Type::Integer)
                integers += value.integer;
            else if (value.type == Type::Real)
                reals += value.real;
            else if (value.type == Type::Text)
                bytes += value.length;
        }
        scratch.clear();
    }
    std::printf("rows %ld integers %lld reals %.2f bytes %zu\n", rows, static_cast<long long>(integers), reals, bytes);
}
