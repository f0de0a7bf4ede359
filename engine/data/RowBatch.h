#pragma once

#include "engine/data/ShortCopy.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace engine {

// Data Factory's interim types (format.md §2.4), the types a value has on its way from source to sink.
enum class InterimType : uint8_t {
    Boolean,
    SByte,
    Byte,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Single,
    Double,
    Decimal, // exact: kept as its decimal text, up to 38 digits
    String, // UTF-8
    Binary, // Byte[]
    DateTime, // 100 ns ticks since 0001-01-01T00:00:00, no zone
    DateTimeOffset, // ticks of the UTC instant, and the offset in minutes
    TimeSpan, // ticks
    Guid // 16 bytes, in text order
};

QString toString(InterimType type); // "Int64", "Byte[]" …
std::optional<InterimType> interimTypeFromString(const QString &text); // as mappings spell it; case-insensitive

// How values of a type lie in a Column.
enum class Storage : uint8_t { Integer, Real, Bytes };
constexpr Storage storageOf(InterimType type)
{
    switch (type) {
    case InterimType::Single:
    case InterimType::Double:
        return Storage::Real;
    case InterimType::Decimal:
    case InterimType::String:
    case InterimType::Binary:
    case InterimType::Guid:
        return Storage::Bytes;
    default:
        return Storage::Integer; // UInt64 as its bit pattern
    }
}

// Bytes that live until the batch is cleared. Grows in blocks, which are kept for the next use.
class Arena
{
public:
    char *allocate(size_t size)
    {
        if (m_block == m_blocks.size() || m_blocks[m_block].size - m_used < size) [[unlikely]]
            useBlock(size);
        char *const start = m_blocks[m_block].bytes.get() + m_used;
        m_used += size;
        return start;
    }
    std::string_view copy(std::string_view text)
    {
        if (text.empty())
            return {};
        char *const start = allocate(text.size());
        copyShort(start, text);
        return {start, text.size()};
    }
    void clear();

private:
    void useBlock(size_t size); // the next one with so much room

    struct Block
    {
        std::unique_ptr<char[]> bytes;
        size_t size;
    };
    std::vector<Block> m_blocks;
    size_t m_block = 0;
    size_t m_used = 0;
};

// The values of one column in a batch: rows × 1. Only the vector of its storage is filled; all have `rows` elements.
struct Column
{
    InterimType type = InterimType::String;
    std::vector<uint8_t> valid; // 1 = has a value, 0 = NULL (its slot in the vector below is then 0 or empty)
    std::vector<int64_t> integers;
    std::vector<double> reals;
    std::vector<std::string_view> bytes; // into the arena, or into the source's own buffer as long as the batch lives
    std::vector<int16_t> offsets; // minutes; DateTimeOffset only

    void resize(int rows); // of what `type` needs; new slots are NULL
    void setNull(int row) { places().setNull(size_t(row)); }

    // Where the values lie, for inner loops; until the next resize(). Null pointers for what the type does not use.
    struct Places
    {
        uint8_t *valid;
        int64_t *integers;
        double *reals;
        std::string_view *bytes;
        int16_t *offsets;

        void setNull(size_t row) const
        {
            valid[row] = 0;
            if (integers)
                integers[row] = 0;
            else if (reals)
                reals[row] = 0;
            else
                bytes[row] = {};
            if (offsets)
                offsets[row] = 0;
        }
    };
    Places places();
};

// A batch of rows, columnar and typed: rows × columns. Reused: clear() keeps all memory. Owned by one thread at a time.
class RowBatch
{
public:
    static constexpr int maximumRows = 2048;

    std::vector<Column> columns;
    int rows = 0;
    std::vector<int64_t> rowNumbers; // 1-based data row in the source, headers not counted; one per row
    std::vector<int64_t> lineNumbers; // 1-based line where the row starts; empty when the source has no lines
    // The rows as the source has them, without their line ends, as long as the batch lives; empty = not kept.
    std::vector<std::string_view> originals;
    QString file; // of all its rows, for messages; empty when the source has no files
    // Of a batch without rows: files (as in `file`) that changed while they were read. What was given of them does not
    // count. Only of sources that are told to leave such files out.
    QStringList withdrawn;
    Arena arena;
    std::shared_ptr<const void> hold; // keeps the buffer that `bytes` point into

    void clear();
};

// Why one row of the source cannot be loaded.
struct RowProblem
{
    QString code; // UserErrorInvalidDataValue, UserErrorInvalidColumnCount, UserErrorSinkConstraint …
    QString file;
    qint64 row = 0; // 1-based data row of the source, as in rowNumbers; 0 = not known
    qint64 line = 0; // 1-based line of the file, 0 = none
    QString column;
    QString value; // shortened to 200 characters
    QString message; // one sentence
    QByteArray original =
        {}; // the row as the source has it, without its line end, shortened to 64 KiB; empty = not kept

    // The values as text (UTF-8) by source column, of a ragged row as many as it has; nullopt = NULL, or not read.
    // Nothing when they cannot be told or are larger than mostFieldBytes. Typed values are spelled as appendText()
    // does.
    using Fields = std::vector<std::optional<QByteArray>>;
    static constexpr size_t mostFieldBytes = 1024 * 1024;
    std::optional<Fields> fields = {};
    // Of a row that the sink refused: typed values are as the copy has converted them. The sink tells them by column of
    // the batch, the copy knows which column of the source that is.
    bool isConverted = false;
};

} // namespace engine
