#pragma once

#include "engine/base/Result.h"
#include "engine/data/Culture.h"
#include "engine/data/RowBatch.h"
#include "engine/data/TemporalPattern.h"
#include "engine/data/TextNumbers.h"

#include <QString>

#include <memory>
#include <string>
#include <string_view>

namespace engine {

// Reads text as values of one interim type: exactly, or not at all. "1.0" is no Int64, 300 is no Byte, 1e400 is no
// Double, "NaN" is no number. Spaces around numbers, dates and truth values are passed over, as .NET does.
//   Boolean   true, false in any case; 1 and 0 too when treatBooleanAsNumber
//   numbers   digits with sign; reals with "." and exponent; with treatBooleanAsNumber also true = 1, false = 0
//   Decimal   at most 38 digits, kept in the normal spelling (TextNumbers.h)
//   Binary    base64 with its padding, as Data Factory writes Byte[]
//   dates     TemporalText.h, or the .NET pattern alone when one is given
//   Guid      32 hexadecimal digits, with hyphens or without, in {…} or (…) or bare
// With a culture, numbers and dates are written as there (Culture.h): "1.234,5" and "31.12.2026" in de-DE.
// A value; used by one thread at a time.
class TextConverter
{
public:
    struct Options
    {
        QString format; // of dates, times and intervals; empty = the usual forms
        bool treatBooleanAsNumber = false;
        QString culture = {}; // "de-DE"; empty = the invariant one
    };

    // Errors: InvalidInput when `format` or `culture` cannot be used.
    static Result<TextConverter> make(InterimType type, const Options &options);

    InterimType type() const { return m_type; }

    enum class Kind : uint8_t {
        Integer,
        Double,
        Text,
        Moment,
        Other
    }; // Moment: a DateTime as parseDateTime() reads it
    Kind kind() const { return m_kind; }
    int64_t smallest() const { return m_smallest; } // that an Integer may be
    int64_t largest() const { return m_largest; }

    // Sets slot `row` of `column`, which has this type and that size. A String keeps pointing at `text`; other bytes go
    // into the arena. False: refused, the slot is as before.
    bool convert(std::string_view text, Column &column, int row, Arena &arena) const
    {
        return convert(text, column.places(), size_t(row), arena);
    }

    bool convert(std::string_view text, const Column::Places &column, size_t slot, Arena &arena) const
    {
        switch (m_kind) {
        case Kind::Integer:
            if (int64_t value = 0; parseInteger(text, value) && value >= m_smallest && value <= m_largest) {
                column.integers[slot] = value;
                column.valid[slot] = 1;
                return true;
            }
            break;
        case Kind::Double:
            if (double value = 0; parseReal(text, value)) {
                column.reals[slot] = value;
                column.valid[slot] = 1;
                return true;
            }
            break;
        case Kind::Text:
            column.bytes[slot] = text;
            column.valid[slot] = 1;
            return true;
        case Kind::Moment:
        case Kind::Other:
            break;
        }
        return convertOther(withoutSpaces(text), column, slot, arena);
    }

    // Why convert() said no: "it is outside -128 … 127". A clause for a person, translated.
    QString reason(std::string_view text) const;

private:
    bool convertOther(std::string_view text, const Column::Places &column, size_t slot, Arena &arena) const;
    bool convertNumber(std::string_view text, const Column::Places &column, size_t slot) const;
    bool convertLocal(std::string_view text, const Column::Places &column, size_t slot, Arena &arena) const;
    bool convertTime(std::string_view text, const Column::Places &column, size_t slot) const;

    InterimType m_type = InterimType::String;
    Kind m_kind = Kind::Text;
    bool m_booleanAsNumber = false;
    int64_t m_smallest = 0;
    int64_t m_largest = 0;
    std::shared_ptr<const TemporalPattern> m_pattern;
    std::shared_ptr<const Culture> m_culture; // null: the invariant one
};

// Value → text, in the one spelling that reads back as the same value: true · 42 · 0.1 (the shortest digits) ·
// 2024-01-31T12:34:56 · 1.02:03:04 · lower-case Guid with hyphens · base64. The slot must not be NULL.
void appendText(std::string &out, const Column &column, int row);

} // namespace engine
