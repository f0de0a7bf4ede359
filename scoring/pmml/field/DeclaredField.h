#pragma once

#include "scoring/Field.h"
#include "scoring/pmml/field/CellType.h"
#include "scoring/pmml/field/Value.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace scoring::pmml {

class Reading;
class Node;
struct Row;

struct Interval
{
    double low = 0;
    double high = 0;
    bool lowIn = true;
    bool highIn = true;

    bool holds(double x) const { return (lowIn ? x >= low : x > low) && (highIn ? x <= high : x < high); }
};
Interval readInterval(Reading &reading, const Node &node); // open where a margin is absent

// A field of the DataDictionary: its type and which values are valid or mean "missing".
struct DeclaredField
{
    std::string name;
    Type type;
    FieldUse use = FieldUse::Continuous;
    std::vector<Value> valid;
    std::vector<std::string> validTexts; // as written, beside `valid`
    std::vector<std::string> displayTexts; // beside `valid`; empty = none
    std::vector<Value> invalid;
    std::vector<Value> missing;
    std::vector<Interval> intervals;
    std::vector<uint8_t> validCodes; // by code: 1 = listed as valid; of text fields

    bool listsValid() const { return !valid.empty() || !intervals.empty(); }
    bool isValid(const Value &value) const; // of the field's type
    bool meansMissing(const Value &value) const;
};

class FieldDictionary
{
public:
    void read(Reading &reading, const Node &dictionary);
    const DeclaredField *find(std::string_view name) const;

private:
    std::map<std::string, DeclaredField, std::less<>> m_fields;
};

// What a MiningField makes of missing, invalid and extreme values.
struct Treatment
{
    enum class Invalid : uint8_t { ReturnInvalid, AsIs, AsMissing, AsValue };
    enum class Outliers : uint8_t { AsIs, AsMissing, AsExtreme };

    Invalid invalid = Invalid::ReturnInvalid;
    Outliers outliers = Outliers::AsIs;
    bool missingIsInvalid = false; // missingValueTreatment="returnInvalid"
    double low = 0;
    double high = 0;
    Value missingReplacement; // missing = none
    Value invalidReplacement; // missing = none

    bool isDefault() const; // changes nothing in a value that is valid already

    // The cell the model sees. ReturnInvalid gives Invalid and writes `input` into the row.
    Value apply(Value cell, const DeclaredField *field, Row &row, int input) const;
};
Treatment readTreatment(Reading &reading, const Node &miningField, Type type);

} // namespace scoring::pmml
