#include "scoring/pmml/model/Links.h"

#include "scoring/Exponential.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace scoring::pmml {

std::optional<Link> linkOf(std::string_view name)
{
    static constexpr std::pair<std::string_view, Link> links[] = {
        {"none", Link::None},
        {"identity", Link::None},
        {"simplemax", Link::Simplemax},
        {"softmax", Link::Softmax},
        {"logit", Link::Logit},
        {"logistic", Link::Logit},
        {"probit", Link::Probit},
        {"cloglog", Link::Cloglog},
        {"exp", Link::Exp},
        {"loglog", Link::Loglog},
        {"cauchit", Link::Cauchit},
        {"log", Link::Log},
        {"logc", Link::Logc},
        {"negbin", Link::Negbin},
        {"oddspower", Link::OddsPower},
        {"power", Link::Power},
    };
    for (const auto &[text, link] : links) {
        if (text == name)
            return link;
    }
    return std::nullopt;
}

double sigmoid(double x)
{
    if (x >= 0)
        return 1 / (1 + exponential(-x));
    const double e = exponential(x);
    return e / (1 + e);
}

double inverse(Link link, double x, double parameter)
{
    switch (link) {
    case Link::None:
    case Link::Simplemax:
        return x;
    case Link::Softmax:
    case Link::Logit:
        return sigmoid(x);
    case Link::Probit:
        return 0.5 * std::erfc(-x / std::numbers::sqrt2);
    case Link::Cloglog:
        return -std::expm1(-std::exp(x));
    case Link::Exp:
    case Link::Log:
        return std::exp(x);
    case Link::Loglog:
        return std::exp(-std::exp(-x));
    case Link::Cauchit:
        return 0.5 + std::atan(x) / std::numbers::pi;
    case Link::Logc:
        return -std::expm1(x);
    case Link::Negbin:
        return 1 / (parameter * std::expm1(-x));
    case Link::OddsPower:
        if (parameter == 0)
            return sigmoid(x);
        return 1 / (1 + std::pow(1 + parameter * x, -1 / parameter));
    case Link::Power:
        return parameter == 0 ? std::exp(x) : std::pow(x, 1 / parameter);
    }
    return x;
}

double complement(Link link, double x)
{
    switch (link) {
    case Link::Softmax:
    case Link::Logit:
        return sigmoid(-x);
    case Link::Probit:
        return 0.5 * std::erfc(x / std::numbers::sqrt2);
    case Link::Cloglog:
        return std::exp(-std::exp(x));
    case Link::Loglog:
        return -std::expm1(-std::exp(-x));
    default:
        return 1 - inverse(link, x);
    }
}

void softmax(std::span<double> values)
{
    const double greatest = *std::max_element(values.begin(), values.end());
    double sum = 0;
    for (double &value : values) {
        value = exponential(value - greatest);
        sum += value;
    }
    for (double &value : values)
        value /= sum;
}

void simplemax(std::span<double> values)
{
    double sum = 0;
    for (const double value : values)
        sum += value;
    for (double &value : values)
        value = sum == 0 ? 0 : value / sum;
}

} // namespace scoring::pmml
