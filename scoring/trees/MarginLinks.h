#pragma once

#include "scoring/trees/BoostedModel.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <type_traits>

namespace scoring::trees {

// From margins to what they mean, step by step as the libraries compute it: XGBoost in floats, LightGBM in doubles.

// XGBoost's 1 / (e^-x + 1 + 1e-16) with e^-x kept finite; LightGBM's without those two.
template <typename Real> Real logisticOf(Real x)
{
    if constexpr (std::is_same_v<Real, float>)
        return 1.0F / (std::exp(std::min(-x, 88.7F)) + 1.0F + 1e-16F);
    else
        return 1.0 / (1.0 + std::exp(-x));
}

template <typename Real> Real numberOf(Meaning meaning, Real margin)
{
    switch (meaning) {
    case Meaning::Exp:
        return std::exp(margin);
    case Meaning::SignedSquare:
        return std::copysign(margin * margin, margin);
    case Meaning::Logistic:
        return logisticOf(margin);
    case Meaning::LogOnePlusExp:
        return std::log1p(std::exp(margin));
    default:
        return margin;
    }
}

// The share of each class; with Meaning::Sign 0 and 1, the class a row is given.
template <typename Real>
void sharesOf(Meaning meaning, Real slope, std::span<const double> margins, std::span<double> shares)
{
    switch (meaning) {
    case Meaning::Sign:
        shares[1] = margins[0] > 0 ? 1 : 0;
        shares[0] = 1 - shares[1];
        return;
    case Meaning::OneVsAll:
        for (size_t k = 0; k < shares.size(); ++k)
            shares[k] = double(logisticOf(slope * Real(margins[k])));
        return;
    case Meaning::Softmax: {
        const Real largest = Real(*std::ranges::max_element(margins));
        double sum = 0; // a double in XGBoost too
        for (size_t k = 0; k < shares.size(); ++k) {
            shares[k] = double(std::exp(Real(margins[k]) - largest));
            sum += shares[k];
        }
        for (double &share : shares)
            share = double(Real(share) / Real(sum));
        return;
    }
    default: {
        const Real positive = logisticOf(slope * Real(margins[0]));
        shares[1] = double(positive);
        shares[0] = double(Real(1) - positive);
        return;
    }
    }
}

} // namespace scoring::trees
