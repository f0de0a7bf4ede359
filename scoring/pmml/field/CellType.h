#pragma once

#include "scoring/pmml/field/Texts.h"
#include "scoring/pmml/field/Value.h"

#include <optional>
#include <string>
#include <string_view>

namespace scoring::pmml {

// PMML's dataType. Dates and times are texts; what counts days or seconds is a number.
enum class CellType : uint8_t {
    None, // not given
    String,
    Integer,
    Float,
    Double,
    Boolean,
    Date,
    Time,
    DateTime,
    DaysSince, // dateDaysSince[year]
    TimeSeconds, // since midnight
    SecondsSince // dateTimeSecondsSince[year]
};

struct Type
{
    CellType data = CellType::None;
    int year = 0; // of DaysSince and SecondsSince

    bool isText() const
    {
        return data == CellType::String || data == CellType::Date || data == CellType::Time
            || data == CellType::DateTime;
    }
    bool operator==(const Type &) const = default;
};

std::optional<Type> typeOf(std::string_view dataType);

// The whole text is a number in C's notation; blanks around it, INF and NaN in any case are allowed. Never the locale.
std::optional<double> parseNumber(std::string_view text);
std::optional<bool> parseBoolean(std::string_view text); // true, false, 1, 0, 1.0, 0.0 in any case
std::string_view trimmed(std::string_view text);

// The shortest text that reads back as the same number; whole ones of Integer kind without a fraction.
std::string textOf(double number, Kind kind);
std::string textOf(const Value &value, const RowTexts &texts); // empty when not present
std::string textOf(const Value &value, const Texts &texts);

// A text as a value of the type: Invalid when it is none. The result of a text type is interned.
Value parseValue(std::string_view text, Type type, Texts &texts);
Value parseValue(std::string_view text, Type type, RowTexts &texts);

// A value as one of another type: Invalid when it cannot be one; missing and invalid stay what they are.
Value cast(Value value, Type type, RowTexts &texts);

} // namespace scoring::pmml
