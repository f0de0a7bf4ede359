#pragma once

#include "engine/connectors/postgres/PostgresColumn.h"
#include "engine/data/RowBatch.h"

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <endian.h>

namespace engine {

// Bytes on their way to the server.
class CopyBuffer
{
public:
    char *grow(size_t bytes)
    {
        if (m_used + bytes > m_bytes.size()) [[unlikely]]
            enlarge(bytes);
        char *const place = m_bytes.data() + m_used;
        m_used += bytes;
        return place;
    }
    void put16(uint16_t value) { putNumber(htobe16(value)); }
    void put32(uint32_t value) { putNumber(htobe32(value)); }
    void put64(uint64_t value) { putNumber(htobe64(value)); }
    // A value of so many bits behind its length.
    void put32WithLength(uint32_t value) { put64(uint64_t(sizeof value) << 32 | value); }
    void put64WithLength(uint64_t value)
    {
        char *const place = grow(sizeof(uint32_t) + sizeof value);
        const uint32_t length = htobe32(uint32_t(sizeof value));
        const uint64_t wire = htobe64(value);
        std::memcpy(place, &length, sizeof length);
        std::memcpy(place + sizeof length, &wire, sizeof wire);
    }
    void put(std::string_view bytes)
    {
        if (!bytes.empty())
            std::memcpy(grow(bytes.size()), bytes.data(), bytes.size());
    }
    const char *data() const { return m_bytes.data(); }
    size_t size() const { return m_used; }
    void clear() { m_used = 0; }

private:
    void enlarge(size_t bytes);
    template <typename Number> void putNumber(Number wire) { std::memcpy(grow(sizeof wire), &wire, sizeof wire); }

    std::vector<char> m_bytes;
    size_t m_used = 0;
};

// Writes the values of one column in COPY's binary form, exactly, or refuses them.
class PostgresEncoder
{
public:
    explicit PostgresEncoder(PostgresColumn target);

    bool accepts(InterimType type) const; // else nothing of that type can be written

    struct Refusal
    {
        int row = 0; // in the batch
        QString message;
    };
    // Checks the column's values of the next batch, which must live until the following call. Rows before `from` were
    // looked at by an earlier call for the same batch: calling it with the row after a refused one finds the next.
    std::optional<Refusal> take(const Column &column, int rows, int from = 0);
    void append(CopyBuffer &out, int row) const; // length and bytes

    const PostgresColumn &target() const { return m_target; }

private:
    std::optional<QString> problem(const Column &column, size_t row) const; // why the value cannot be stored exactly
    std::optional<QString> textProblem(std::string_view text) const;
    std::optional<QString> decimalProblem(std::string_view text) const;
    std::optional<QString> integerProblem(InterimType type, int64_t value) const;
    std::optional<QString> timeProblem(int64_t ticks) const;
    void appendNumeric(CopyBuffer &out, std::string_view text) const;
    bool isAlwaysExact(InterimType type) const;

    PostgresColumn m_target;
    const Column *m_column = nullptr;
    bool m_isSpelled = false; // the values of the batch are written as text
    std::string m_spelled;
    std::vector<size_t> m_ends; // of each text in m_spelled
};

} // namespace engine
