#pragma once

#include "scoring/pmml/expression/Expression.h"

#include <vector>

namespace scoring::pmml {

class Node;

// The straight lines of a NormContinuous: what is beyond the ends is extrapolated, cut off or missing.
class Lines
{
public:
    enum class Outliers : uint8_t { AsIs, AsMissing, AsExtreme };

    void read(Reading &reading, const Node &normContinuous);
    double normOf(double x) const; // NaN: missing
    double origOf(double norm) const; // backwards, as NeuralOutput needs it

private:
    struct Point
    {
        double orig = 0;
        double norm = 0;
    };
    std::vector<Point> m_points; // two or more, ascending orig
    Outliers m_outliers = Outliers::AsIs;
};

ExpressionPtr readNormContinuous(Reading &reading, Scope &scope, const Node &node);
ExpressionPtr readNormDiscrete(Reading &reading, Scope &scope, const Node &node);

} // namespace scoring::pmml
