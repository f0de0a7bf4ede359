#include "engine/connectors/files/CsvColumns.h"

#include "engine/data/TemporalText.h"
#include "engine/data/TextNumbers.h"

#include <algorithm>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

using namespace engine;

namespace {

// The first such character; 16 bytes behind `to` must be readable. Not before `to` when there is none.
[[gnu::always_inline]] inline const char *find(char wanted, const char *from, const char *to)
{
#if defined(__SSE2__)
    const __m128i pattern = _mm_set1_epi8(wanted);
    for (; from < to; from += sizeof pattern) {
        const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i *>(from));
        const auto found = unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(here, pattern)));
        if (found)
            return from + std::countr_zero(found);
    }
    return to;
#else
    return std::find(from, to, wanted);
#endif
}

} // namespace

// One pass over the fields of a column.
struct CsvColumns::Loop
{
    const CsvColumns &columns;
    const Window &window;
    const CsvRowPlaces &rows;
    RowBatch &batch;
    const Target &target;
    int end; // rows before it are wanted
    std::optional<Refusal> &refusal;

    // Calls take(from, to, slot) for each row until one is refused.
    template <typename Take> void forEach(Take take)
    {
        const char *const text = window.text;
        const uint32_t *const separators = window.separators + target.field;
        const auto gap = uint32_t(columns.m_dialect.delimiter.size());
        const int count = end;
        auto slot = size_t(batch.rows);
        if (target.field == 0) {
            for (int row = 0; row < count; ++row, ++slot) {
                if (!take(text + rows.starts[size_t(row)], text + separators[rows.separators[size_t(row)]], slot))
                    return refuse(row);
            }
            return;
        }
        for (int row = 0; row < count; ++row, ++slot) {
            const uint32_t *const behind = separators + rows.separators[size_t(row)];
            if (!take(text + behind[-1] + gap, text + behind[0], slot))
                return refuse(row);
        }
    }

    [[gnu::noinline]] void integers()
    {
        const Column::Places places = target.places;
        const int64_t smallest = target.converter.smallest();
        const int64_t largest = target.converter.largest();
        forEach([ =, this ](const char *from, const char *to, size_t slot) __attribute__((always_inline)) {
            int64_t value = 0;
            const auto size = size_t(to - from);
            const bool isNumber = parseShortInteger(from, size, value) || parseInteger({from, size}, value);
            if (isNumber && value >= smallest && value <= largest) [[likely]] {
                places.integers[slot] = value;
                places.valid[slot] = from != to;
                return true;
            }
            return any(from, to, slot);
        });
    }

    [[gnu::noinline]] void reals()
    {
        const Column::Places places = target.places;
        forEach([ =, this ](const char *from, const char *to, size_t slot) __attribute__((always_inline)) {
            double value = 0;
            const auto size = size_t(to - from);
            if (parseShortReal(from, size, value) || parseReal({from, size}, value)) [[likely]] {
                places.reals[slot] = value;
                places.valid[slot] = from != to;
                return true;
            }
            return any(from, to, slot);
        });
    }

    [[gnu::noinline]] void texts()
    {
        const Column::Places places = target.places;
        constexpr int noCharacter = -1; // a NUL is no quote either
        const char quote = columns.m_dialect.quote;
        const int begin = quote ? static_cast<unsigned char>(quote) : noCharacter;
        const bool isNullWhenEmpty = columns.m_emptyIsNull;
        const std::string_view null = columns.m_nullValue;
        const bool escapes = window.escapes;
        forEach([ =, this ](const char *from, const char *to, size_t slot) __attribute__((always_inline)) {
            auto size = size_t(to - from);
            if (static_cast<unsigned char>(*from) == begin && size > 0) {
                if (escapes || find(quote, from + 1, to) != to - 1)
                    return any(from, to, slot);
                places.bytes[slot] = {from + 1, size - 2};
                places.valid[slot] = 1;
                return true;
            }
            bool valid = size > 0 || !isNullWhenEmpty;
            if (!null.empty() && std::string_view(from, size) == null)
                size = valid = 0;
            places.bytes[slot] = {from, size};
            places.valid[slot] = valid;
            return true;
        });
    }

    [[gnu::noinline]] void moments()
    {
        constexpr ptrdiff_t plainDate = 10;
        const Column::Places places = target.places;
        forEach([ =, this ](const char *from, const char *to, size_t slot) __attribute__((always_inline)) {
            if (to - from == plainDate && parsePlainDate(from, places.integers[slot])) [[likely]] {
                places.valid[slot] = 1;
                return true;
            }
            return any(from, to, slot);
        });
    }

    void others()
    {
        forEach([this](const char *from, const char *to, size_t slot)
                    __attribute__((always_inline)) { return any(from, to, slot); });
    }

    // Whatever the field is.
    bool any(const char *from, const char *to, size_t slot)
    {
        CsvField field;
        if (!decodeField(columns.m_dialect, window.escapes, from, to, batch.arena, field)) {
            refusal = Refusal{0, &target, {{from, size_t(to - from)}, true}, true};
            return false;
        }
        // Texts and bytes may be empty, in quotes or where NULL is spelled otherwise.
        const bool isText =
            target.converter.kind() == TextConverter::Kind::Text || target.converter.type() == InterimType::Binary;
        const std::string_view null = columns.m_nullValue;
        const bool isNull = field.text.empty() ? !isText || (!field.quoted && columns.m_emptyIsNull)
                                               : !field.quoted && !null.empty() && field.text == null;
        if (isNull) {
            target.places.setNull(slot);
            return true;
        }
        if (target.converter.convert(field.text, target.places, slot, batch.arena))
            return true;
        refusal = Refusal{0, &target, field, false};
        return false;
    }

    void refuse(int row)
    {
        refusal->row = row;
        end = row; // later columns only matter before it
    }
};

void CsvColumns::reset(const CsvDialect &dialect, const CsvNull &null, std::vector<Target> targets)
{
    m_dialect = dialect;
    m_nullValue = null.text;
    m_emptyIsNull = null.is({});
    m_targets = std::move(targets);
    constexpr std::string_view inNumbers = "0123456789.-+eE";
    m_plainNumbers = inNumbers.find(m_dialect.quote) == std::string_view::npos
        && inNumbers.find(m_dialect.escape) == std::string_view::npos
        && (m_nullValue.empty() || m_nullValue.find_first_not_of(inNumbers) != std::string::npos);
}

void CsvColumns::shape(RowBatch &batch, int rows)
{
    batch.columns.resize(m_targets.size());
    for (Target &target : m_targets) {
        Column &column = batch.columns[size_t(target.column)];
        column.type = target.converter.type();
        column.resize(rows);
        target.places = column.places();
    }
    batch.rowNumbers.resize(size_t(rows));
    batch.lineNumbers.resize(size_t(rows));
}

std::optional<CsvColumns::Refusal> CsvColumns::convert(const Window &window, const CsvRowPlaces &rows, RowBatch &batch)
{
    using Kind = TextConverter::Kind;
    std::optional<Refusal> refusal;
    const bool escapesOutside = !m_dialect.quote && m_dialect.escape && window.escapes;
    int end = rows.count;
    for (const Target &target : m_targets) {
        Loop loop{*this, window, rows, batch, target, end, refusal};
        const Kind kind = target.converter.kind();
        if (kind == Kind::Integer && m_plainNumbers)
            loop.integers();
        else if (kind == Kind::Double && m_plainNumbers)
            loop.reals();
        else if (kind == Kind::Moment && m_plainNumbers)
            loop.moments();
        else if (kind == Kind::Text && !escapesOutside)
            loop.texts();
        else
            loop.others();
        end = loop.end;
    }
    return refusal;
}
