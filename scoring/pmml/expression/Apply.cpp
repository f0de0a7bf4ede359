#include "scoring/pmml/expression/Builtin.h"
#include "scoring/pmml/expression/Expression.h"
#include "scoring/pmml/field/Scope.h"
#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Row.h"

#include <QCoreApplication>

#include <array>
#include <cmath>

namespace scoring::pmml {

namespace {

struct ApplyText
{
    Q_DECLARE_TR_FUNCTIONS(ApplyText)
};

constexpr size_t fewArguments = 8; // so many live on the stack
constexpr size_t mostParameters = 24;

// What all applications have in common: what becomes of missing arguments and of results there are none of.
class Application : public Expression
{
public:
    void readCommon(Reading &reading, const Node &node)
    {
        if (const auto text = node.attribute("mapMissingTo")) {
            mapsMissing = true;
            mapMissingTo = reading.constant(*text, guess(*text));
        }
        if (const auto text = node.attribute("defaultValue"))
            fallback = reading.constant(*text, guess(*text));
        treatment = node.attributeOr("invalidValueTreatment", "returnInvalid") == "asMissing" ? Value::missing()
                                                                                              : Value::invalid();
        for (const ExpressionPtr &each : arguments)
            holds(*each);
    }

    std::vector<ExpressionPtr> arguments;

protected:
    Value finished(Value result) const
    {
        if (result.kind == Kind::Invalid)
            result = treatment;
        return result.isMissing() ? fallback : result;
    }

    bool mapsMissing = false;
    Value mapMissingTo;
    Value fallback;
    Value treatment; // of an invalid result

private:
    static Type guess(std::string_view text) { return {parseNumber(text) ? CellType::Double : CellType::String, 0}; }
};

class BuiltinCall : public Application
{
public:
    explicit BuiltinCall(const Builtin &builtin) : m_builtin(builtin) { }

    Value evaluate(Row &row) const override
    {
        std::array<Value, fewArguments> few;
        std::vector<Value> many;
        Value *values = few.data();
        if (arguments.size() > fewArguments) {
            many.resize(arguments.size());
            values = many.data();
        }
        for (size_t i = 0; i < arguments.size(); ++i) {
            values[i] = arguments[i]->evaluate(row);
            if (values[i].isMissing() && mapsMissing)
                return mapMissingTo;
            if (!values[i].isPresent() && !m_builtin.seesMissing)
                return finished(values[i]);
        }
        return finished(m_builtin.compute(std::span<const Value>(values, arguments.size()), row.texts));
    }

private:
    const Builtin &m_builtin;
};

// + - * / of two numbers, as most expressions are.
template <char Operator> class Arithmetic : public Application
{
public:
    explicit Arithmetic(const Builtin &builtin) : m_builtin(builtin) { }

    Value evaluate(Row &row) const override
    {
        const Value a = arguments[0]->evaluate(row);
        const Value b = arguments[1]->evaluate(row);
        if (a.kind == Kind::Double && b.kind == Kind::Double) {
            const double result = compute(a.number, b.number);
            if (!std::isnan(result) && !(Operator == '/' && b.number == 0.0))
                return Value::of(result);
            return finished(Value::invalid());
        }
        if (mapsMissing && (a.isMissing() || b.isMissing()))
            return mapMissingTo;
        if (!a.isPresent() || !b.isPresent())
            return finished(a.isPresent() ? b : a);
        const std::array both{a, b};
        return finished(m_builtin.compute(both, row.texts));
    }

private:
    static double compute(double a, double b)
    {
        if constexpr (Operator == '+')
            return a + b;
        else if constexpr (Operator == '-')
            return a - b;
        else if constexpr (Operator == '*')
            return a * b;
        else
            return a / b;
    }
    const Builtin &m_builtin;
};

class If : public Application
{
public:
    Value evaluate(Row &row) const override
    {
        const Value condition = cast(arguments[0]->evaluate(row), {CellType::Boolean, 0}, row.texts);
        if (condition.isMissing() && mapsMissing)
            return mapMissingTo;
        if (!condition.isPresent())
            return finished(condition);
        if (condition.number != 0.0)
            return finished(arguments[1]->evaluate(row));
        return finished(arguments.size() > 2 ? arguments[2]->evaluate(row) : Value::missing());
    }
};

// Three-valued: a false one decides "and", a true one "or", whatever is missing.
template <bool Decides> class Logical : public Application
{
public:
    Value evaluate(Row &row) const override
    {
        Value result = Value::ofBool(!Decides);
        for (const ExpressionPtr &argument : arguments) {
            const Value each = cast(argument->evaluate(row), {CellType::Boolean, 0}, row.texts);
            if (each.isMissing() && mapsMissing)
                return mapMissingTo;
            if (!each.isPresent())
                result = each;
            else if ((each.number != 0.0) == Decides)
                return Value::ofBool(Decides);
        }
        return finished(result);
    }
};

class FunctionCall : public Application
{
public:
    explicit FunctionCall(std::shared_ptr<Function> function) : m_function(std::move(function))
    {
        holds(*m_function->body);
    }

    Value evaluate(Row &row) const override
    {
        std::array<Value, mostParameters> values;
        for (size_t i = 0; i < arguments.size(); ++i) {
            const Value value = arguments[i]->evaluate(row);
            if (value.isMissing() && mapsMissing)
                return mapMissingTo;
            values[i] = cast(value, m_function->parameters[i].type, row.texts);
        }
        const Value *outer = row.arguments;
        row.arguments = values.data();
        const Value result = m_function->body->evaluate(row);
        row.arguments = outer;
        return finished(cast(result, m_function->type, row.texts));
    }

private:
    std::shared_ptr<Function> m_function;
};

// A Function as it was announced, with the element it is read from.
struct Announced : Function
{
    Node node;
};

std::shared_ptr<Function> functionOf(Reading &reading, Scope &scope, const Node &caller, std::string_view name)
{
    const auto found = reading.functions.find(name);
    if (found == reading.functions.end())
        return nullptr;
    const auto function = std::static_pointer_cast<Announced>(found->second);
    if (function->isRead)
        return function;
    if (function->isBeingRead || ++reading.depth > 200) {
        reading.fail(caller, ApplyText::tr("The function %1 calls itself.").arg(quoted(name)));
        return nullptr;
    }
    function->isBeingRead = true;
    for (const Node each : function->node) {
        if (each.is("ParameterField"))
            function->parameters.push_back(
                {std::string(reading.required(each, "name")), reading.typeOr(each, "dataType", {})});
    }
    const Node body = expressionIn(function->node);
    if (!body || function->parameters.size() > mostParameters)
        reading.fail(function->node,
                     ApplyText::tr("The function %1 has no expression, or more than %2 parameters.")
                         .arg(quoted(name))
                         .arg(mostParameters));
    else
        function->body = readExpression(reading, scope, body, function.get());
    function->type = reading.typeOr(function->node, "dataType", function->body ? function->body->type : Type());
    function->isBeingRead = false;
    --reading.depth;
    function->isRead = function->body && isBearable(reading, function->node, *function->body);
    return function->isRead ? function : nullptr;
}

std::unique_ptr<Application> applicationOf(const Builtin &builtin, size_t arguments)
{
    if (arguments == 2 && builtin.name == "+")
        return std::make_unique<Arithmetic<'+'>>(builtin);
    if (arguments == 2 && builtin.name == "-")
        return std::make_unique<Arithmetic<'-'>>(builtin);
    if (arguments == 2 && builtin.name == "*")
        return std::make_unique<Arithmetic<'*'>>(builtin);
    if (arguments == 2 && builtin.name == "/")
        return std::make_unique<Arithmetic<'/'>>(builtin);
    return std::make_unique<BuiltinCall>(builtin);
}

Type resultOf(std::string_view name, const std::vector<ExpressionPtr> &arguments)
{
    static constexpr std::string_view booleans[] = {"isMissing",
                                                    "isNotMissing",
                                                    "isValid",
                                                    "isNotValid",
                                                    "equal",
                                                    "notEqual",
                                                    "lessThan",
                                                    "lessOrEqual",
                                                    "greaterThan",
                                                    "greaterOrEqual",
                                                    "isIn",
                                                    "isNotIn",
                                                    "not",
                                                    "and",
                                                    "or",
                                                    "matches"};
    for (const std::string_view each : booleans) {
        if (each == name)
            return {CellType::Boolean, 0};
    }
    static constexpr std::string_view strings[] = {
        "uppercase", "lowercase", "substring", "trimBlanks", "concat", "replace", "formatNumber", "formatDatetime"};
    for (const std::string_view each : strings) {
        if (each == name)
            return {CellType::String, 0};
    }
    if (name == "if" && arguments.size() > 1)
        return arguments[1]->type;
    return {CellType::Double, 0};
}

} // namespace

void announceFunctions(Reading &reading, const Node &transformations)
{
    for (const Node each : transformations) {
        if (!each.is("DefineFunction"))
            continue;
        auto function = std::make_shared<Announced>();
        function->node = each;
        const std::string name(reading.required(each, "name"));
        if (!reading.functions.emplace(name, function).second)
            reading.fail(each, ApplyText::tr("The function %1 is defined twice.").arg(quoted(name)));
    }
}

ExpressionPtr readApply(Reading &reading, Scope &scope, const Node &node, const Function *inside)
{
    const std::string_view name = reading.required(node, "function");
    std::vector<ExpressionPtr> arguments;
    for (const Node each : node) {
        if (each.is("Extension"))
            continue;
        ExpressionPtr argument = readExpression(reading, scope, each, inside);
        if (!argument)
            return nullptr;
        arguments.push_back(std::move(argument));
    }
    std::unique_ptr<Application> application;
    int least = 1;
    int most = -1;
    Type type;
    if (reading.functions.contains(name)) {
        const auto function = functionOf(reading, scope, node, name);
        if (!function)
            return nullptr;
        least = most = int(function->parameters.size());
        type = function->type;
        application = std::make_unique<FunctionCall>(function);
    } else if (name == "if") {
        least = 2;
        most = 3;
        application = std::make_unique<If>();
    } else if (name == "and" || name == "or") {
        if (name == "and")
            application = std::make_unique<Logical<false>>();
        else
            application = std::make_unique<Logical<true>>();
    } else if (const Builtin *builtin = builtinOf(name)) {
        least = builtin->least;
        most = builtin->most;
        application = applicationOf(*builtin, arguments.size());
    } else {
        reading.refuse(node, ApplyText::tr("the function %1").arg(quoted(name)));
        return nullptr;
    }
    if (int(arguments.size()) < least || (most >= 0 && int(arguments.size()) > most)) {
        reading.fail(
            node,
            ApplyText::tr("The function %1 cannot be applied to %n argument(s).", nullptr, int(arguments.size()))
                .arg(quoted(name)));
        return nullptr;
    }
    application->type = type.data == CellType::None ? resultOf(name, arguments) : type;
    application->arguments = std::move(arguments);
    application->readCommon(reading, node);
    return application;
}

} // namespace scoring::pmml
