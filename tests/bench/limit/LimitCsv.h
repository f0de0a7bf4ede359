#pragma once

// How fast this machine can turn the benchmark's CSV into typed values: no checks, no error rows, no cancel, the whole
// file mapped, AVX2 and PCLMUL taken for granted. Not for use: a measure for the reader that has all of these.

#include <immintrin.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace limit {

class MappedFile
{
public:
    explicit MappedFile(const char *path)
    {
        const int descriptor = ::open(path, O_RDONLY);
        struct stat state;
        if (descriptor < 0 || ::fstat(descriptor, &state) != 0)
            std::exit(1);
        m_size = size_t(state.st_size);
        m_bytes = static_cast<const char *>(::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, descriptor, 0));
        ::madvise(const_cast<char *>(m_bytes), m_size, MADV_SEQUENTIAL);
        ::close(descriptor);
    }
    const char *bytes() const { return m_bytes; }
    size_t size() const { return m_size; }

private:
    const char *m_bytes = nullptr;
    size_t m_size = 0;
};

// Positions of the commas and line feeds outside of quotes, one after the other.
class SeparatorScan
{
public:
    SeparatorScan(const char *bytes, size_t size) : m_bytes(bytes), m_size(size) { load(); }

    size_t next()
    {
        while (m_found == 0) {
            m_base += blockBytes;
            if (m_base >= m_size)
                return m_size;
            load();
        }
        const size_t position = m_base + size_t(__builtin_ctzll(m_found));
        m_found &= m_found - 1;
        return position;
    }

private:
    static constexpr size_t blockBytes = 64;

    void load()
    {
        char tail[blockBytes] = {};
        const char *block = m_bytes + m_base;
        if (m_base + blockBytes > m_size) {
            if (m_base < m_size)
                std::memcpy(tail, block, m_size - m_base);
            block = tail;
        }
        const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(block));
        const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(block + 32));
        const auto where = [&](char c) {
            const __m256i wanted = _mm256_set1_epi8(c);
            const auto lowBits = uint32_t(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
            const auto highBits = uint32_t(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
            return uint64_t(lowBits) | uint64_t(highBits) << 32;
        };
        uint64_t quoted = m_open;
        if (const uint64_t quotes = where('"')) { // carry-less multiplication by ones: the running parity
            const __m128i bits = _mm_set_epi64x(0, int64_t(quotes));
            quoted ^= uint64_t(_mm_cvtsi128_si64(_mm_clmulepi64_si128(bits, _mm_set1_epi8(char(0xFF)), 0)));
        }
        m_open = uint64_t(int64_t(quoted) >> 63);
        m_found = (where(',') | where('\n')) & ~quoted;
    }

    const char *m_bytes;
    size_t m_size;
    size_t m_base = 0;
    uint64_t m_found = 0;
    uint64_t m_open = 0;
};

enum class Kind : uint8_t { Integer, Real, Text, Day };

struct Value
{
    enum class Type : uint8_t { Null, Integer, Real, Text } type = Type::Null;
    uint32_t length = 0;
    union {
        int64_t integer;
        double real;
        const char *text;
    };
};

inline bool toInteger(std::string_view text, int64_t &value)
{
    const bool negative = text.starts_with('-');
    size_t at = negative;
    if (at == text.size() || text.size() > 18)
        return false;
    int64_t sum = 0;
    for (; at < text.size(); ++at) {
        const unsigned digit = static_cast<unsigned char>(text[at]) - unsigned('0');
        if (digit > 9)
            return false;
        sum = sum * 10 + digit;
    }
    value = negative ? -sum : sum;
    return true;
}

inline bool toReal(std::string_view text, double &value)
{
    static constexpr double powers[] = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const bool negative = text.starts_with('-');
    size_t at = negative;
    if (text.size() - at <= 15 && text.size() > at) {
        int64_t sum = 0;
        int fraction = -1;
        for (; at < text.size(); ++at) {
            const unsigned digit = static_cast<unsigned char>(text[at]) - unsigned('0');
            if (digit <= 9) {
                sum = sum * 10 + digit;
                fraction += fraction >= 0 ? 1 : 0;
            } else if (text[at] == '.' && fraction < 0) {
                fraction = 0;
            } else {
                break;
            }
        }
        if (at == text.size()) {
            const double magnitude = fraction > 0 ? double(sum) / powers[fraction] : double(sum);
            value = negative ? -magnitude : magnitude;
            return true;
        }
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

// Text that had to be unquoted; lives as long as its batch.
class Scratch
{
public:
    char *take(size_t size)
    {
        if (m_blocks.empty() || m_used + size > blockSize) {
            if (!m_blocks.empty())
                ++m_block;
            if (m_block == m_blocks.size())
                m_blocks.emplace_back(new char[blockSize]);
            m_used = 0;
        }
        m_used += size;
        return m_blocks[m_block].get() + m_used - size;
    }
    void clear()
    {
        m_block = 0;
        m_used = 0;
    }

private:
    static constexpr size_t blockSize = 1 << 20;
    std::vector<std::unique_ptr<char[]>> m_blocks;
    size_t m_block = 0;
    size_t m_used = 0;
};

inline std::string_view unquoted(std::string_view field, Scratch &scratch)
{
    const std::string_view inner = field.substr(1, field.size() - 2);
    if (inner.find('"') == std::string_view::npos)
        return inner;
    char *const start = scratch.take(inner.size());
    char *out = start;
    for (size_t at = 0; at < inner.size(); ++at) {
        *out++ = inner[at];
        at += inner[at] == '"' ? 1 : 0;
    }
    return {start, size_t(out - start)};
}

inline Value convert(std::string_view field, Kind kind, Scratch &scratch)
{
    Value value;
    if (field.starts_with('"'))
        field = unquoted(field, scratch);
    else if (field.empty())
        return value;
    value.type = Value::Type::Text;
    value.length = uint32_t(field.size());
    value.text = field.data();
    if (int64_t integer = 0; kind == Kind::Integer && toInteger(field, integer)) {
        value.type = Value::Type::Integer;
        value.integer = integer;
    } else if (double real = 0; kind == Kind::Real && toReal(field, real)) {
        value.type = Value::Type::Real;
        value.real = real;
    }
    return value;
}

struct Batch
{
    static constexpr size_t rowsAtOnce = 2048;
    std::vector<Value> values; // row by row
    Scratch scratch;
    size_t rows = 0;
};

class Reader
{
public:
    explicit Reader(const char *path) : m_file(path), m_scan(m_file.bytes(), m_file.size())
    {
        using enum Kind;
        const std::string_view start(m_file.bytes(), std::min<size_t>(m_file.size(), 64));
        if (start.starts_with("PassengerId,Survived,Probability"))
            m_kinds = {Integer, Integer, Real};
        else if (start.starts_with("PassengerId"))
            m_kinds = {Integer, Integer, Integer, Text, Text, Real, Integer, Integer, Text, Real, Text, Text};
        else
            m_kinds = {Integer, Integer, Real, Day};
        do
            m_start = m_scan.next() + 1;
        while (m_file.bytes()[m_start - 1] != '\n');
    }

    const std::vector<Kind> &kinds() const { return m_kinds; }

    bool readRow(Value *values, Scratch &scratch)
    {
        if (m_start >= m_file.size())
            return false;
        for (const Kind kind : m_kinds) {
            const size_t end = m_scan.next();
            *values++ = convert({m_file.bytes() + m_start, end - m_start}, kind, scratch);
            m_start = end + 1;
        }
        return true;
    }

    bool fill(Batch &batch)
    {
        batch.scratch.clear();
        batch.values.resize(Batch::rowsAtOnce * m_kinds.size());
        batch.rows = 0;
        while (batch.rows < Batch::rowsAtOnce && readRow(&batch.values[batch.rows * m_kinds.size()], batch.scratch))
            ++batch.rows;
        return batch.rows > 0;
    }

private:
    MappedFile m_file;
    SeparatorScan m_scan;
    std::vector<Kind> m_kinds;
    size_t m_start = 0;
};

// Batches filled on a second thread.
class ReadAhead
{
public:
    explicit ReadAhead(Reader &reader) : m_reader(reader), m_thread([this] { run(); }) { }
    ~ReadAhead() { m_thread.join(); } // after next() has answered nullptr

    const Batch *next() // valid until the following call
    {
        std::unique_lock lock(m_mutex);
        if (m_reading) {
            m_first = (m_first + 1) % m_batches.size();
            --m_filled;
            m_changed.notify_all();
        }
        m_changed.wait(lock, [this] { return m_filled > 0 || m_ended; });
        m_reading = m_filled > 0;
        return m_reading ? &m_batches[m_first] : nullptr;
    }

private:
    void run()
    {
        for (size_t at = 0;; at = (at + 1) % m_batches.size()) {
            {
                std::unique_lock lock(m_mutex);
                m_changed.wait(lock, [this] { return m_filled + 1 < m_batches.size(); });
            }
            const bool more = m_reader.fill(m_batches[at]);
            const std::lock_guard lock(m_mutex);
            m_filled += more ? 1 : 0;
            m_ended = !more;
            m_changed.notify_all();
            if (!more)
                return;
        }
    }

    Reader &m_reader;
    std::vector<Batch> m_batches{4};
    size_t m_first = 0;
    size_t m_filled = 0;
    bool m_ended = false;
    bool m_reading = false;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::thread m_thread;
};

} // namespace limit
