#pragma once

#include "engine/base/Result.h"
#include "engine/data/RowBatch.h"

#include <QList>
#include <QString>

#include <memory>
#include <optional>

namespace engine {

// Rows pushed into a Parquet file, which DuckDB writes on a thread of the feed's own. Memory does not grow with the
// rows: a row group ends at 122,880 rows or about 16 MiB. What a type becomes, exactly or not at all:
//   whole numbers, Boolean, Single, Double, String, Guid   BIGINT …, UBIGINT, BOOLEAN, FLOAT, DOUBLE, VARCHAR, UUID
//   Byte[]           BLOB
//   Decimal          DECIMAL(precision, scale)
//   DateTime         TIMESTAMP_NS, which reaches from 1677 to 2262: the only one that holds 100 ns
//   DateTimeOffset   VARCHAR, ISO 8601: Parquet's moments lose their offset, DuckDB's the last digit too
//   TimeSpan         VARCHAR: Parquet's TIME ends after a day
// One thread at a time; calls block.
class DuckFeed
{
public:
    struct Target
    {
        QString name;
        InterimType type = InterimType::String;
        int precision = 38; // of a Decimal
        int scale = 18;
        // A DateTime as TIMESTAMP, which knows the years 1 to 9999 but no 100 ns, a DateTimeOffset as its moment in
        // UTC.
        bool inMicroseconds = false;
    };
    enum class Codec { Snappy, Gzip, Zstandard, None };
    static constexpr qint64 memory = qint64(64) * 1024 * 1024; // bytes that DuckDB may use

    // Unsupported when two columns differ by upper and lower case only.
    static Result<> check(const QList<Target> &columns);
    // Opens the file and writes it from its beginning. `descriptor` stays the caller's. Errors: those
    // of check(), Internal.
    static Result<std::unique_ptr<DuckFeed>> start(const QList<Target> &columns, int descriptor, Codec codec);
    ~DuckFeed(); // without finish(): stops, and the file is unfinished
    Q_DISABLE_COPY_MOVE(DuckFeed)

    // Rows `first` … `first + count - 1`, at most RowBatch::maximumRows; `targets` says for each column of the batch
    // which target it is. Errors: InvalidInput for a value that does not fit: refusal() names the first such row, and
    // none was taken; Io.
    Result<> push(const RowBatch &rows, int first, int count, const QList<int> &targets);
    Result<> finish(); // everything is with the kernel

    struct Refusal
    {
        int column = 0; // of the batch
        int row = 0;
        QString reason; // a clause
    };
    const std::optional<Refusal> &refusal() const { return m_refusal; }

private:
    struct State;
    explicit DuckFeed(std::unique_ptr<State> state);

    std::unique_ptr<State> m_state;
    std::optional<Refusal> m_refusal;
};

} // namespace engine
