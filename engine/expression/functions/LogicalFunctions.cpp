#include "engine/expression/functions/Comparison.h"
#include "engine/expression/functions/Function.h"

namespace engine::expression {

namespace {

// and(), or() and if() evaluate only what decides: what is guarded by a condition does not fail.
bool allOrAny(Call &call, bool decisive)
{
    for (size_t i = 0; i < call.count(); ++i) {
        bool value = false;
        if (!call.evaluate(i) || !call.boolean(i, value))
            return false;
        if (value == decisive)
            return call.give(decisive);
    }
    return call.give(!decisive);
}

bool logicalAnd(Call &call) { return allOrAny(call, false); }
bool logicalOr(Call &call) { return allOrAny(call, true); }

bool conditional(Call &call)
{
    bool condition = false;
    if (!call.evaluate(0) || !call.boolean(0, condition))
        return false;
    const size_t chosen = condition ? 1 : 2;
    return call.evaluate(chosen) && call.giveArgument(chosen);
}

bool logicalNot(Call &call)
{
    bool value = false;
    return call.boolean(0, value) && call.give(!value);
}

bool equals(Call &call) { return call.give(isEqual(call[0], call[1])); }

template <typename Test> bool ordered(Call &call, Test test)
{
    for (size_t i = 0; i < 2; ++i) {
        if (!call[i].is_number() && !call[i].is_string())
            return call.failType(i, ExpressionText::tr("a number or a String"));
    }
    const std::optional<std::partial_ordering> order = compare(call[0], call[1]);
    if (!order)
        return call.failType(1,
                             call[0].is_string() ? ExpressionText::tr("a String as the first one")
                                                 : ExpressionText::tr("a number as the first one"));
    return call.give(test(*order));
}

bool greater(Call &call)
{
    return ordered(call, [](std::partial_ordering order) { return order > 0; });
}
bool greaterOrEquals(Call &call)
{
    return ordered(call, [](std::partial_ordering order) { return order >= 0; });
}
bool less(Call &call)
{
    return ordered(call, [](std::partial_ordering order) { return order < 0; });
}
bool lessOrEquals(Call &call)
{
    return ordered(call, [](std::partial_ordering order) { return order <= 0; });
}

constexpr auto group = FunctionGroup::Logical;

// clang-format off
const Function functions[] = {
    {"and", "and(expression1, expression2, …)", 2, -1, logicalAnd, QT_TRANSLATE_NOOP("engine::Expression", "Whether all are true; what follows the first false is not evaluated."), group, true},
    {"equals", "equals(object1, object2)", 2, 2, equals, QT_TRANSLATE_NOOP("engine::Expression", "Whether both values are the same."), group},
    {"greater", "greater(value, compareTo)", 2, 2, greater, QT_TRANSLATE_NOOP("engine::Expression", "Whether the first number or text is greater."), group},
    {"greaterOrEquals", "greaterOrEquals(value, compareTo)", 2, 2, greaterOrEquals, QT_TRANSLATE_NOOP("engine::Expression", "Whether the first number or text is greater or the same."), group},
    {"if", "if(condition, valueIfTrue, valueIfFalse)", 3, 3, conditional, QT_TRANSLATE_NOOP("engine::Expression", "One of two values; the other one is not evaluated."), group, true},
    {"less", "less(value, compareTo)", 2, 2, less, QT_TRANSLATE_NOOP("engine::Expression", "Whether the first number or text is less."), group},
    {"lessOrEquals", "lessOrEquals(value, compareTo)", 2, 2, lessOrEquals, QT_TRANSLATE_NOOP("engine::Expression", "Whether the first number or text is less or the same."), group},
    {"not", "not(expression)", 1, 1, logicalNot, QT_TRANSLATE_NOOP("engine::Expression", "The opposite of a Boolean."), group},
    {"or", "or(expression1, expression2, …)", 2, -1, logicalOr, QT_TRANSLATE_NOOP("engine::Expression", "Whether one is true; what follows the first true is not evaluated."), group, true},
};
// clang-format on

} // namespace

std::span<const Function> logicalFunctions() { return functions; }

} // namespace engine::expression
