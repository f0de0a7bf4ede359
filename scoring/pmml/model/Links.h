#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace scoring::pmml {

// How a linear predictor becomes a probability or a mean.
enum class Link : uint8_t {
    None,
    Simplemax,
    Softmax,
    Logit,
    Probit,
    Cloglog,
    Exp,
    Loglog,
    Cauchit,
    Log, // exp again, as linkFunction calls it
    Logc,
    Negbin,
    OddsPower,
    Power
};

std::optional<Link> linkOf(std::string_view name);

double sigmoid(double x); // 1/(1+e^-x) without overflow; tiny results survive
// The inverse of the link; `parameter` is of Negbin, OddsPower and Power.
double inverse(Link link, double x, double parameter = 1);
// 1 - inverse(link, x), exact where the link is symmetric.
double complement(Link link, double x);

void softmax(std::span<double> values); // the greatest is subtracted first
void simplemax(std::span<double> values);

} // namespace scoring::pmml
