#pragma once

#include "scoring/Exponential.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace scoring {

// From a linear value to probabilities, in the one way that all models here share, so that a model and its copy in
// another format give the same bits. Each probability comes from its own expression, never as 1 − p of another one:
// 1e-20 survives.

struct TwoProbabilities
{
    double of0; // 1 / (1 + e^z)
    double of1; // 1 / (1 + e^-z)
};

inline TwoProbabilities logistic(double z)
{
    const double e = exponential(-std::fabs(z)); // never overflows; NaN stays NaN
    const double larger = 1 / (1 + e);
    const double smaller = e / (1 + e);
    return z >= 0 ? TwoProbabilities{smaller, larger} : TwoProbabilities{larger, smaller};
}

// In place: e^z / Σ e^z, summed in order, the largest subtracted first.
inline void softmax(std::span<double> z)
{
    const double largest = *std::max_element(z.begin(), z.end());
    double sum = 0;
    for (double &value : z) {
        value = exponential(value - largest);
        sum += value;
    }
    for (double &value : z)
        value /= sum;
}

// In place: the logistic function of each, divided by their sum in order.
inline void oneVsRest(std::span<double> z)
{
    double sum = 0;
    for (double &value : z) {
        value = logistic(value).of1;
        sum += value;
    }
    for (double &value : z)
        value /= sum;
}

} // namespace scoring
