#pragma once

#include "scoring/pmml/field/Value.h"

#include <optional>
#include <span>
#include <string_view>

namespace scoring::pmml {

class RowTexts;
struct Type;

// A built-in function of PMML over evaluated arguments. The result is Invalid where it is not defined (log of -1).
struct Builtin
{
    using Compute = Value (*)(std::span<const Value> arguments, RowTexts &texts);

    std::string_view name;
    Compute compute = nullptr;
    int least = 0; // arguments
    int most = 0; // -1: any number
    bool seesMissing = false; // is called with missing arguments; any other function of a missing one is missing
};

// The function of that name; also under JPMML's prefix "x-". "if", "and" and "or" are not among them: they do not
// compute all their arguments. None when PMML has no such function.
const Builtin *builtinOf(std::string_view name);

const Builtin *numericBuiltin(std::string_view name);
const Builtin *textBuiltin(std::string_view name);

double inverseNormal(double p); // of the standard normal distribution; NaN outside of (0, 1)

} // namespace scoring::pmml
