#pragma once

#include <cstdint>
#include <limits>

namespace scoring::pmml {

// The three states of a cell, and what a valid one holds.
enum class Kind : uint8_t {
    Missing,
    Invalid, // nothing can be computed with it, and it is not missing either
    Double,
    Float, // a double that is a 32-bit number
    Integer,
    Boolean, // 1 or 0
    Text // also dates and times
};

// One cell while a row is scored. 16 bytes; texts are codes of the row's Texts.
struct Value
{
    double number = 0;
    int32_t text = -1;
    Kind kind = Kind::Missing;
    bool unlisted = false; // present, though not among the valid values of its field (invalidValueTreatment="asIs")

    bool isMissing() const { return kind == Kind::Missing; }
    bool isPresent() const { return kind > Kind::Invalid; }
    bool isNumber() const { return kind > Kind::Invalid && kind < Kind::Text; }
    bool isText() const { return kind == Kind::Text; }

    static Value missing() { return {}; }
    static Value invalid() { return {0, -1, Kind::Invalid, false}; }
    static Value of(double number) { return {number, -1, Kind::Double, false}; }
    static Value of(double number, Kind kind) { return {number, -1, kind, false}; }
    static Value ofBool(bool yes) { return {yes ? 1.0 : 0.0, -1, Kind::Boolean, false}; }
    static Value ofText(int32_t code) { return {0, code, Kind::Text, false}; }
};

// Of present values of the same sort; a text and a number are never the same.
inline bool isSame(const Value &a, const Value &b)
{
    if (a.kind == Kind::Text || b.kind == Kind::Text)
        return a.kind == b.kind && a.text == b.text;
    return a.number == b.number;
}

inline constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

} // namespace scoring::pmml
