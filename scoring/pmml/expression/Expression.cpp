#include "scoring/pmml/expression/Expression.h"

#include "scoring/pmml/expression/Normalization.h"
#include "scoring/pmml/expression/Tables.h"
#include "scoring/pmml/field/Scope.h"
#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Row.h"

#include <QCoreApplication>

namespace scoring::pmml {

namespace {

struct ExpressionText
{
    Q_DECLARE_TR_FUNCTIONS(ExpressionText)
};

constexpr double mostSteps = 5'000'000; // for one field of one row
constexpr int deepest = 2500;

class Constant : public Expression
{
public:
    explicit Constant(Value value) : m_value(value) { }
    Value evaluate(Row & /*row*/) const override { return m_value; }

private:
    Value m_value;
};

class FieldValue : public Expression
{
public:
    FieldValue(int slot, Value mapMissingTo) : m_slot(slot), m_mapMissingTo(mapMissingTo) { }
    Value evaluate(Row &row) const override
    {
        const Value &value = row.values[size_t(m_slot)];
        return value.isMissing() ? m_mapMissingTo : value;
    }

private:
    int m_slot;
    Value m_mapMissingTo;
};

class ParameterValue : public Expression
{
public:
    ParameterValue(size_t index, Value mapMissingTo) : m_index(index), m_mapMissingTo(mapMissingTo) { }
    Value evaluate(Row &row) const override
    {
        const Value &value = row.arguments[m_index];
        return value.isMissing() ? m_mapMissingTo : value;
    }

private:
    size_t m_index;
    Value m_mapMissingTo;
};

Value mapMissingTo(Reading &reading, const Node &node, Type type)
{
    const auto text = node.attribute("mapMissingTo");
    return text ? reading.constant(*text, type) : Value::missing();
}

std::optional<size_t> parameterOf(const Function *inside, std::string_view name)
{
    for (size_t i = 0; inside && i < inside->parameters.size(); ++i) {
        if (inside->parameters[i].name == name)
            return i;
    }
    return std::nullopt;
}

ExpressionPtr readConstant(Reading &reading, const Node &node, const Function *inside)
{
    const std::string_view text = node.text();
    // SAS writes a parameter's name into a Constant where it means the parameter.
    if (const auto index = parameterOf(inside, trimmed(text))) {
        auto parameter = std::make_unique<ParameterValue>(*index, Value::missing());
        parameter->type = inside->parameters[*index].type;
        return parameter;
    }
    Type type = reading.typeOr(node, "dataType", {});
    if (type.data == CellType::None) {
        const auto number = parseNumber(text);
        const bool whole = number && text.find_first_of(".eEnNiI") == std::string_view::npos;
        type.data = whole ? CellType::Integer : number ? CellType::Double : CellType::String;
    }
    Value value = Value::missing();
    if (!reading.boolOr(node, "missing", false)) {
        value = parseValue(text, type, reading.texts);
        if (!value.isPresent())
            reading.fail(node, ExpressionText::tr("The constant %1 is not of its data type.").arg(quoted(text)));
    }
    auto constant = std::make_unique<Constant>(value);
    constant->type = type;
    return constant;
}

ExpressionPtr readFieldRef(Reading &reading, Scope &scope, const Node &node, const Function *inside)
{
    const std::string_view name = reading.required(node, "field");
    if (inside) {
        const auto index = parameterOf(inside, name);
        if (!index) {
            reading.fail(node, ExpressionText::tr("The function has no parameter %1.").arg(quoted(name)));
            return nullptr;
        }
        const Type type = inside->parameters[*index].type;
        auto parameter = std::make_unique<ParameterValue>(*index, mapMissingTo(reading, node, type));
        parameter->type = type;
        return parameter;
    }
    const FieldReference field = scope.require(node, name);
    auto reference = std::make_unique<FieldValue>(field.slot, mapMissingTo(reading, node, field.type));
    reference->type = field.type;
    return reference;
}

} // namespace

Node expressionIn(const Node &parent)
{
    for (const Node each : parent) {
        if (!each.is("Extension") && !each.is("Value") && !each.is("Interval") && !each.is("ParameterField")
            && !each.is("Decisions"))
            return each;
    }
    return {};
}

ExpressionPtr readExpression(Reading &reading, Scope &scope, const Node &node, const Function *inside)
{
    if (reading.failed())
        return nullptr;
    if (node.is("Constant"))
        return readConstant(reading, node, inside);
    if (node.is("FieldRef"))
        return readFieldRef(reading, scope, node, inside);
    if (node.is("Apply"))
        return readApply(reading, scope, node, inside);
    if (inside && !node.is("Constant")) {
        // Transformations of a field: inside a function, of a parameter. They see it through a slot of their own.
        reading.refuse(node, ExpressionText::tr("the element %1 inside DefineFunction").arg(quoted(node.name())));
        return nullptr;
    }
    if (node.is("NormContinuous"))
        return readNormContinuous(reading, scope, node);
    if (node.is("NormDiscrete"))
        return readNormDiscrete(reading, scope, node);
    if (node.is("Discretize"))
        return readDiscretize(reading, scope, node);
    if (node.is("MapValues"))
        return readMapValues(reading, scope, node);
    reading.refuse(node, ExpressionText::tr("the transformation %1").arg(quoted(node.name())));
    return nullptr;
}

bool isBearable(Reading &reading, const Node &node, const Expression &expression)
{
    if (expression.cost <= mostSteps && expression.depth <= deepest)
        return true;
    reading.fail(node, ExpressionText::tr("The functions of this expression call each other too often."));
    return false;
}

} // namespace scoring::pmml
