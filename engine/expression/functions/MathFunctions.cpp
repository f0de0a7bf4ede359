#include "engine/expression/functions/Comparison.h"
#include "engine/expression/functions/Function.h"
#include "engine/expression/Limits.h"

#include <QRandomGenerator>

#include <cmath>

namespace engine::expression {

namespace {

// Whole numbers stay whole, and overflow is an error; a Float on either side makes a Float.
bool giveFloat(Call &call, double value)
{
    if (!std::isfinite(value))
        return call.fail(ExpressionText::tr("The result is too large for a number."));
    return call.give(value);
}

template <typename Whole, typename Fraction> bool calculate(Call &call, Whole whole, Fraction fraction)
{
    if (!call.number(0) || !call.number(1))
        return false;
    if (call[0].is_number_float() || call[1].is_number_float())
        return giveFloat(call, fraction(call[0].get<double>(), call[1].get<double>()));
    int64_t left = 0;
    int64_t right = 0;
    if (!call.whole(0, left) || !call.whole(1, right))
        return false;
    int64_t result = 0;
    if (whole(left, right, &result))
        return call.fail(ExpressionText::tr("The result is too large for an Integer."));
    return call.give(result);
}

bool add(Call &call)
{
    return calculate(
        call,
        [](int64_t left, int64_t right, int64_t *out) { return __builtin_add_overflow(left, right, out); },
        [](double left, double right) { return left + right; });
}

bool sub(Call &call)
{
    return calculate(
        call,
        [](int64_t left, int64_t right, int64_t *out) { return __builtin_sub_overflow(left, right, out); },
        [](double left, double right) { return left - right; });
}

bool mul(Call &call)
{
    return calculate(
        call,
        [](int64_t left, int64_t right, int64_t *out) { return __builtin_mul_overflow(left, right, out); },
        [](double left, double right) { return left * right; });
}

bool isZero(Call &call)
{
    return call[1].is_number() && call[1].get<double>() == 0 && !call.failAt(1, ExpressionText::tr("must not be 0."));
}

bool div(Call &call)
{
    if (isZero(call))
        return false;
    return calculate(
        call,
        [](int64_t left, int64_t right, int64_t *out) {
            if (left == INT64_MIN && right == -1)
                return true;
            *out = left / right;
            return false;
        },
        [](double left, double right) { return left / right; });
}

bool mod(Call &call)
{
    if (isZero(call))
        return false;
    return calculate(
        call,
        [](int64_t left, int64_t right, int64_t *out) {
            *out = right == -1 ? 0 : left % right;
            return false;
        },
        [](double left, double right) { return std::fmod(left, right); });
}

// Of several numbers, or of the numbers in one array.
bool extreme(Call &call, bool isMaximum)
{
    const bool isList = call.count() == 1 && call[0].is_array();
    const size_t count = isList ? call[0].size() : call.count();
    if (count == 0)
        return call.failAt(0, ExpressionText::tr("must not be empty."));
    const Json *best = nullptr;
    for (size_t i = 0; i < count; ++i) {
        const Json &value = isList ? call[0][i] : call[i];
        if (!value.is_number())
            return isList ? call.failAt(0,
                                        ExpressionText::tr("must have numbers only; item %1 is of type %2.")
                                            .arg(QString::number(i), typeName(value)))
                          : call.number(i);
        if (best == nullptr || (isMaximum ? *compare(value, *best) > 0 : *compare(value, *best) < 0))
            best = &value;
    }
    return call.give(*best);
}

bool max(Call &call) { return extreme(call, true); }
bool min(Call &call) { return extreme(call, false); }

bool rand(Call &call)
{
    int64_t from = 0;
    int64_t to = 0;
    if (!call.whole(0, from) || !call.whole(1, to))
        return false;
    if (to <= from)
        return call.failAt(1, ExpressionText::tr("must be greater than the first one."));
    const uint64_t width = uint64_t(to) - uint64_t(from);
    // Numbers above the largest multiple of the width would favour small results.
    const uint64_t limit = UINT64_MAX - UINT64_MAX % width;
    uint64_t number = QRandomGenerator::global()->generate64();
    while (number >= limit)
        number = QRandomGenerator::global()->generate64();
    return call.give(int64_t(uint64_t(from) + number % width));
}

bool range(Call &call)
{
    int64_t start = 0;
    int64_t count = 0;
    if (!call.whole(0, start) || !call.whole(1, count))
        return false;
    if (count < 0 || count > maximumList)
        return call.failAt(1, ExpressionText::tr("must be between 0 and %1.").arg(maximumList));
    int64_t end = 0;
    if (__builtin_add_overflow(start, count, &end))
        return call.fail(ExpressionText::tr("The result is too large for an Integer."));
    Json::array_t numbers;
    numbers.reserve(size_t(count));
    for (int64_t i = 0; i < count; ++i)
        numbers.emplace_back(start + i);
    return call.give(std::move(numbers));
}

constexpr auto group = FunctionGroup::Math;

// clang-format off
const Function functions[] = {
    {"add", "add(summand1, summand2)", 2, 2, add, QT_TRANSLATE_NOOP("engine::Expression", "The sum of two numbers."), group},
    {"div", "div(dividend, divisor)", 2, 2, div, QT_TRANSLATE_NOOP("engine::Expression", "The quotient; of two Integers without the remainder."), group},
    {"max", "max(number, …)", 1, -1, max, QT_TRANSLATE_NOOP("engine::Expression", "The greatest of several numbers or of an array of them."), group},
    {"min", "min(number, …)", 1, -1, min, QT_TRANSLATE_NOOP("engine::Expression", "The least of several numbers or of an array of them."), group},
    {"mod", "mod(dividend, divisor)", 2, 2, mod, QT_TRANSLATE_NOOP("engine::Expression", "What a division leaves over."), group},
    {"mul", "mul(multiplicand1, multiplicand2)", 2, 2, mul, QT_TRANSLATE_NOOP("engine::Expression", "The product of two numbers."), group},
    {"rand", "rand(minValue, maxValue)", 2, 2, rand, QT_TRANSLATE_NOOP("engine::Expression", "A random Integer from the first to before the second."), group},
    {"range", "range(startIndex, count)", 2, 2, range, QT_TRANSLATE_NOOP("engine::Expression", "An array of so many Integers from the first on."), group},
    {"sub", "sub(minuend, subtrahend)", 2, 2, sub, QT_TRANSLATE_NOOP("engine::Expression", "The difference of two numbers."), group},
};
// clang-format on

} // namespace

std::span<const Function> mathFunctions() { return functions; }

} // namespace engine::expression
