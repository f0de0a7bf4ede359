#pragma once

#include "engine/data/TypeConversion.h"

#include <optional>

namespace engine {

// Makes values of one interim type into values of another, as Data Factory's conversion matrix has it: exactly, or not
// at all.
//   to the same type   as it is
//   String to any      as TextConverter reads it
//   any to String      as appendText() spells it, or by the format and the culture: refused when reading it back would
//                      not give the same value
//   numbers, Boolean   to each other, when the other type holds the same number: 0.5 is no Int32, 2^53 + 1 no Double,
//                      300 no Byte, 2 no Boolean; true is 1. A Decimal becomes the Double or Single that is equal or
//                      has the same shortest digits (0.1, and every Decimal of up to 15 digits); a Double or Single
//                      becomes the Decimal of its shortest digits, or the equal one when it is whole and below 2^64.
//                      NaN and infinity stay among Double and Single.
//   DateTime           to DateTimeOffset: in UTC, as a text without offset is read
//   DateTimeOffset     to DateTime: when its offset is zero
// Guid, TimeSpan and Byte[] become themselves and String only. NULL becomes NULL. A value; one thread at a time.
class ValueConverter
{
public:
    struct Options
    {
        InterimType to = InterimType::String;
        QString format; // of dates, times and intervals in a String; empty = the usual forms
        bool treatBooleanAsNumber = false; // of a String: "true" is 1 in a number, "1" is true
        QString culture = {}; // of numbers and dates in a String: "de-DE"; empty = the invariant one
    };

    // Errors: Unsupported when the matrix has no way, InvalidInput when `format` or `culture`
    // cannot be used.
    static Result<ValueConverter> make(InterimType from, const Options &options);

    InterimType from() const { return m_from; }

    // Sets slot `slot` of `to`, which has the type asked for; bytes are copied into the arena. False: refused, the slot
    // is as before.
    bool convert(const Column &from, int row, Column &to, int slot, Arena &arena) const;

    // Why convert() said no: "it has a fraction". A clause for a person, translated.
    QString reason(const Column &from, int row) const;

private:
    enum class Way : uint8_t { Copy, Read, Spell, Number, Time };

    Way m_way = Way::Copy;
    InterimType m_from = InterimType::String;
    InterimType m_to = InterimType::String;
    bool spell(const Column &from, size_t row, std::string &text) const;

    std::optional<TextConverter> m_reader; // of Way::Read
    std::optional<TemporalPattern> m_pattern; // of Way::Spell
    std::shared_ptr<const Culture> m_culture; // of Way::Spell
};

} // namespace engine
