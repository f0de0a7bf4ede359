#include "scoring/pmml/expression/Builtin.h"
#include "scoring/pmml/field/CellType.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace scoring::pmml {

namespace {

using Arguments = std::span<const Value>;

// What the result of arithmetic is: floats stay floats, whole numbers stay whole, anything else is double.
Kind commonKind(const Value &a, const Value &b)
{
    if (a.kind == Kind::Double || b.kind == Kind::Double)
        return Kind::Double;
    return a.kind == Kind::Float || b.kind == Kind::Float ? Kind::Float : Kind::Integer;
}

Value numberOf(double number, Kind kind)
{
    if (std::isnan(number))
        return Value::invalid();
    return Value::of(kind == Kind::Float ? double(float(number)) : number, kind);
}

// The texts among the arguments as numbers; Invalid ones stay.
template <typename Combine> Value combined(Arguments arguments, RowTexts &texts, const Combine &combine)
{
    const Type number{CellType::Double, 0};
    const Value a = arguments[0].isText() ? cast(arguments[0], number, texts) : arguments[0];
    const Value b = arguments[1].isText() ? cast(arguments[1], number, texts) : arguments[1];
    return a.isNumber() && b.isNumber() ? combine(a, b) : Value::invalid();
}

template <double (*F)(double)> Value real(Arguments arguments, RowTexts &texts)
{
    const Value x = cast(arguments[0], {CellType::Double, 0}, texts);
    return x.isNumber() ? numberOf(F(x.number), Kind::Double) : Value::invalid();
}

template <double (*F)(double, double)> Value real2(Arguments arguments, RowTexts &texts)
{
    return combined(
        arguments, texts, [](const Value &a, const Value &b) { return numberOf(F(a.number, b.number), Kind::Double); });
}

// Keeps the kind of its argument: abs, floor ...
template <double (*F)(double), Kind Result> Value kept(Arguments arguments, RowTexts &texts)
{
    const Value x = arguments[0].isText() ? cast(arguments[0], {CellType::Double, 0}, texts) : arguments[0];
    return x.isNumber() ? numberOf(F(x.number), Result == Kind::Missing ? x.kind : Result) : Value::invalid();
}

Value plus(Arguments arguments, RowTexts &texts)
{
    return combined(arguments, texts, [](const Value &a, const Value &b) {
        return numberOf(a.number + b.number, commonKind(a, b));
    });
}

Value minus(Arguments arguments, RowTexts &texts)
{
    if (arguments.size() == 1)
        return numberOf(-cast(arguments[0], {CellType::Double, 0}, texts).number, arguments[0].kind);
    return combined(arguments, texts, [](const Value &a, const Value &b) {
        return numberOf(a.number - b.number, commonKind(a, b));
    });
}

Value times(Arguments arguments, RowTexts &texts)
{
    return combined(arguments, texts, [](const Value &a, const Value &b) {
        return numberOf(a.number * b.number, commonKind(a, b));
    });
}

Value divided(Arguments arguments, RowTexts &texts)
{
    return combined(arguments, texts, [](const Value &a, const Value &b) {
        if (b.number == 0.0)
            return Value::invalid();
        const Kind kind = commonKind(a, b);
        return numberOf(a.number / b.number, kind == Kind::Integer ? Kind::Double : kind);
    });
}

Value modulo(Arguments arguments, RowTexts &texts)
{
    return combined(arguments, texts, [](const Value &a, const Value &b) {
        if (b.number == 0.0)
            return Value::invalid();
        return numberOf(a.number - b.number * std::floor(a.number / b.number), commonKind(a, b));
    });
}

Value power(Arguments arguments, RowTexts &texts)
{
    return combined(arguments, texts, [](const Value &a, const Value &b) {
        return numberOf(std::pow(a.number, b.number), commonKind(a, b));
    });
}

Value threshold(Arguments arguments, RowTexts &texts)
{
    return combined(arguments, texts, [](const Value &a, const Value &b) {
        return Value::of(a.number > b.number ? 1 : 0, Kind::Integer);
    });
}

// Half goes up, as Java's Math.round does: -2.5 becomes -2.
double rounded(double x)
{
    const double down = std::floor(x);
    return x - down >= 0.5 ? down + 1 : down;
}

double factorlessExp(double x) { return std::exp(x); }
double normalDensity(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi); }
double normalShare(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

template <double (*F)(double), bool Density> Value normal(Arguments arguments, RowTexts &texts)
{
    double x[3];
    for (size_t i = 0; i < 3; ++i) {
        const Value value = cast(arguments[i], {CellType::Double, 0}, texts);
        if (!value.isNumber())
            return value;
        x[i] = value.number;
    }
    if (!(x[2] > 0))
        return Value::invalid();
    return numberOf(F((x[0] - x[1]) / x[2]) / (Density ? x[2] : 1), Kind::Double);
}

Value normalInverse(Arguments arguments, RowTexts &texts)
{
    double x[3];
    for (size_t i = 0; i < 3; ++i)
        x[i] = cast(arguments[i], {CellType::Double, 0}, texts).number;
    return x[2] > 0 ? numberOf(x[1] + x[2] * inverseNormal(x[0]), Kind::Double) : Value::invalid();
}

// Over the arguments that are there; missing when none is.
template <typename Fold> Value folded(Arguments arguments, RowTexts &texts, const Fold &fold)
{
    Value result;
    for (const Value &argument : arguments) {
        const Value each = argument.isText() ? cast(argument, {CellType::Double, 0}, texts) : argument;
        if (each.isMissing())
            continue;
        if (!each.isPresent())
            return each;
        result = result.isMissing() ? each : fold(result, each);
    }
    return result;
}

Value least(Arguments arguments, RowTexts &texts)
{
    return folded(arguments, texts, [](const Value &a, const Value &b) { return b.number < a.number ? b : a; });
}

Value greatest(Arguments arguments, RowTexts &texts)
{
    return folded(arguments, texts, [](const Value &a, const Value &b) { return b.number > a.number ? b : a; });
}

Value sum(Arguments arguments, RowTexts &texts)
{
    return folded(arguments, texts, [](const Value &a, const Value &b) {
        return numberOf(a.number + b.number, commonKind(a, b));
    });
}

Value product(Arguments arguments, RowTexts &texts)
{
    return folded(arguments, texts, [](const Value &a, const Value &b) {
        return numberOf(a.number * b.number, commonKind(a, b));
    });
}

Value average(Arguments arguments, RowTexts &texts)
{
    const auto count = std::count_if(arguments.begin(), arguments.end(), [](const Value &v) { return v.isPresent(); });
    const Value total = sum(arguments, texts);
    return total.isNumber() ? Value::of(total.number / double(count)) : total;
}

Value median(Arguments arguments, RowTexts &texts)
{
    std::vector<double> present;
    for (const Value &argument : arguments) {
        const Value each = cast(argument, {CellType::Double, 0}, texts);
        if (each.isNumber())
            present.push_back(each.number);
    }
    if (present.empty())
        return Value::missing();
    std::sort(present.begin(), present.end());
    const size_t half = present.size() / 2;
    return Value::of(present.size() % 2 == 1 ? present[half] : (present[half - 1] + present[half]) / 2);
}

constexpr auto builtins = std::to_array<Builtin>({
    {"+", plus, 2, 2},
    {"-", minus, 1, 2},
    {"*", times, 2, 2},
    {"/", divided, 2, 2},
    {"min", least, 1, -1, true},
    {"max", greatest, 1, -1, true},
    {"sum", sum, 1, -1, true},
    {"avg", average, 1, -1, true},
    {"median", median, 1, -1, true},
    {"product", product, 1, -1, true},
    {"log10", real<std::log10>, 1, 1},
    {"ln", real<std::log>, 1, 1},
    {"ln1p", real<std::log1p>, 1, 1},
    {"sqrt", real<std::sqrt>, 1, 1},
    {"abs", kept<std::fabs, Kind::Missing>, 1, 1},
    {"exp", real<factorlessExp>, 1, 1},
    {"expm1", real<std::expm1>, 1, 1},
    {"pow", power, 2, 2},
    {"threshold", threshold, 2, 2},
    {"floor", kept<std::floor, Kind::Integer>, 1, 1},
    {"ceil", kept<std::ceil, Kind::Integer>, 1, 1},
    {"round", kept<rounded, Kind::Integer>, 1, 1},
    {"rint", kept<std::nearbyint, Kind::Integer>, 1, 1},
    {"modulo", modulo, 2, 2},
    {"sin", real<std::sin>, 1, 1},
    {"cos", real<std::cos>, 1, 1},
    {"tan", real<std::tan>, 1, 1},
    {"asin", real<std::asin>, 1, 1},
    {"acos", real<std::acos>, 1, 1},
    {"atan", real<std::atan>, 1, 1},
    {"atan2", real2<std::atan2>, 2, 2},
    {"sinh", real<std::sinh>, 1, 1},
    {"cosh", real<std::cosh>, 1, 1},
    {"tanh", real<std::tanh>, 1, 1},
    {"hypot", real2<std::hypot>, 2, 2},
    {"erf", real<std::erf>, 1, 1},
    {"normalCDF", normal<normalShare, false>, 3, 3},
    {"normalPDF", normal<normalDensity, true>, 3, 3},
    {"normalIDF", normalInverse, 3, 3},
    {"stdNormalCDF", real<normalShare>, 1, 1},
    {"stdNormalPDF", real<normalDensity>, 1, 1},
    {"stdNormalIDF", real<inverseNormal>, 1, 1},
});

} // namespace

double inverseNormal(double p)
{
    if (!(p > 0 && p < 1))
        return notANumber;
    // A rational first guess (Abramowitz and Stegun 26.2.23, 4.5e-4), then Halley's steps to the last digit.
    const double tail = std::min(p, 1 - p);
    const double t = std::sqrt(-2 * std::log(tail));
    double z = t - ((0.010328 * t + 0.802853) * t + 2.515517) / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1);
    if (p < 0.5)
        z = -z;
    for (int i = 0; i < 3; ++i) {
        const double error = z < 0 ? normalShare(z) - p : (1 - p) - normalShare(-z);
        const double step = error / normalDensity(z);
        z -= step / (1 + z * step / 2);
    }
    return z;
}

const Builtin *numericBuiltin(std::string_view name)
{
    const auto found =
        std::find_if(builtins.begin(), builtins.end(), [&](const Builtin &each) { return each.name == name; });
    return found == builtins.end() ? nullptr : &*found;
}

} // namespace scoring::pmml
