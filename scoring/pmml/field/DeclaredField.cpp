#include "scoring/pmml/field/DeclaredField.h"

#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Row.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace scoring::pmml {

namespace {

struct DeclaredFieldText
{
    Q_DECLARE_TR_FUNCTIONS(DeclaredFieldText)
};

bool holds(const std::vector<Value> &values, const Value &wanted)
{
    return std::any_of(values.begin(), values.end(), [&](const Value &each) { return isSame(each, wanted); });
}

} // namespace

Interval readInterval(Reading &reading, const Node &node)
{
    Interval interval;
    interval.low = reading.numberOr(node, "leftMargin", -HUGE_VAL);
    interval.high = reading.numberOr(node, "rightMargin", HUGE_VAL);
    const std::string_view closure = node.attributeOr("closure", "closedClosed");
    interval.lowIn = closure.starts_with("closed");
    interval.highIn = closure.ends_with("Closed");
    return interval;
}

bool DeclaredField::isValid(const Value &value) const
{
    if (!value.isPresent() || (!invalid.empty() && holds(invalid, value)))
        return false;
    if (!listsValid())
        return true;
    if (value.isText() && !validCodes.empty())
        return value.text < int32_t(validCodes.size()) && validCodes[size_t(value.text)] != 0;
    for (const Interval &interval : intervals) {
        if (value.isNumber() && interval.holds(value.number))
            return true;
    }
    return holds(valid, value);
}

bool DeclaredField::meansMissing(const Value &value) const
{
    return !missing.empty() && value.isPresent() && holds(missing, value);
}

void FieldDictionary::read(Reading &reading, const Node &dictionary)
{
    for (const Node each : dictionary) {
        if (!each.is("DataField"))
            continue;
        DeclaredField field;
        field.name = reading.required(each, "name");
        field.type = reading.typeOr(each, "dataType", {});
        const std::string_view use = each.attributeOr("optype", "");
        if (field.type.data == CellType::None)
            field.type.data = use == "continuous" ? CellType::Double : CellType::String;
        field.use = use == "ordinal"                                       ? FieldUse::Ordinal
            : use == "categorical" || (use.empty() && field.type.isText()) ? FieldUse::Categorical
                                                                           : FieldUse::Continuous;
        for (const Node part : each) {
            if (part.is("Interval"))
                field.intervals.push_back(readInterval(reading, part));
            if (!part.is("Value"))
                continue;
            const std::string_view text = reading.required(part, "value");
            const std::string_view property = part.attributeOr("property", "valid");
            const Value value = reading.constant(text, field.type);
            if (property == "missing") {
                field.missing.push_back(value);
            } else if (property == "invalid") {
                field.invalid.push_back(value);
            } else if (!holds(field.valid, value)) {
                field.valid.push_back(value);
                field.validTexts.emplace_back(text);
                field.displayTexts.emplace_back(part.attributeOr("displayValue", ""));
            }
        }
        if (field.type.isText()) {
            for (const Value &value : field.valid) {
                if (value.text >= int32_t(field.validCodes.size()))
                    field.validCodes.resize(size_t(value.text) + 1, 0);
                field.validCodes[size_t(value.text)] = 1;
            }
        }
        const std::string name = field.name;
        if (!m_fields.emplace(name, std::move(field)).second)
            reading.fail(each, DeclaredFieldText::tr("The field %1 is declared twice.").arg(quoted(name)));
    }
}

const DeclaredField *FieldDictionary::find(std::string_view name) const
{
    const auto found = m_fields.find(name);
    return found == m_fields.end() ? nullptr : &found->second;
}

bool Treatment::isDefault() const
{
    return invalid == Invalid::ReturnInvalid && outliers == Outliers::AsIs && !missingIsInvalid
        && missingReplacement.isMissing() && invalidReplacement.isMissing();
}

Value Treatment::apply(Value cell, const DeclaredField *field, Row &row, int input) const
{
    if (field && field->meansMissing(cell))
        cell = Value::missing();
    if (!cell.isMissing() && (!cell.isPresent() || (field && !field->isValid(cell)))) {
        switch (invalid) {
        case Invalid::ReturnInvalid:
            row.invalidInput = input;
            return Value::invalid();
        case Invalid::AsIs:
            cell.unlisted = true;
            break;
        case Invalid::AsMissing:
            cell = Value::missing();
            break;
        case Invalid::AsValue:
            cell = invalidReplacement;
            break;
        }
    } else if (outliers != Outliers::AsIs && cell.isNumber() && (cell.number < low || cell.number > high)) {
        if (outliers == Outliers::AsMissing)
            cell = Value::missing();
        else
            cell.number = std::clamp(cell.number, low, high);
    }
    if (!cell.isMissing())
        return cell;
    if (missingIsInvalid && missingReplacement.isMissing()) {
        row.invalidInput = input;
        return Value::invalid();
    }
    return missingReplacement;
}

Treatment readTreatment(Reading &reading, const Node &node, Type type)
{
    Treatment treatment;
    const std::string_view invalid = node.attributeOr("invalidValueTreatment", "returnInvalid");
    if (invalid == "asIs")
        treatment.invalid = Treatment::Invalid::AsIs;
    else if (invalid == "asMissing")
        treatment.invalid = Treatment::Invalid::AsMissing;
    else if (invalid == "asValue")
        treatment.invalid = Treatment::Invalid::AsValue;
    else if (invalid != "returnInvalid")
        reading.fail(node, DeclaredFieldText::tr("%1 is no treatment of invalid values.").arg(quoted(invalid)));
    if (treatment.invalid == Treatment::Invalid::AsValue)
        treatment.invalidReplacement = reading.constant(reading.required(node, "invalidValueReplacement"), type);
    const std::string_view outliers = node.attributeOr("outliers", "asIs");
    if (outliers == "asMissingValues")
        treatment.outliers = Treatment::Outliers::AsMissing;
    else if (outliers == "asExtremeValues")
        treatment.outliers = Treatment::Outliers::AsExtreme;
    else if (outliers != "asIs")
        reading.fail(node, DeclaredFieldText::tr("%1 is no treatment of outliers.").arg(quoted(outliers)));
    treatment.low = reading.numberOr(node, "lowValue", -HUGE_VAL);
    treatment.high = reading.numberOr(node, "highValue", HUGE_VAL);
    if (treatment.outliers != Treatment::Outliers::AsIs && !(treatment.low <= treatment.high))
        reading.fail(node, DeclaredFieldText::tr("The lowValue of an outlier treatment is above its highValue."));
    treatment.missingIsInvalid = node.attributeOr("missingValueTreatment", "") == "returnInvalid";
    if (const auto replacement = node.attribute("missingValueReplacement"))
        treatment.missingReplacement = reading.constant(*replacement, type);
    return treatment;
}

} // namespace scoring::pmml
