#include "scoring/pmml/model/Target.h"

#include "scoring/pmml/Reading.h"

#include <cmath>

namespace scoring::pmml {

Target::Target() : low(-HUGE_VAL), high(HUGE_VAL) { }

void Target::read(Reading &reading, const Node &target, Type type)
{
    low = reading.numberOr(target, "min", -HUGE_VAL);
    high = reading.numberOr(target, "max", HUGE_VAL);
    factor = reading.numberOr(target, "rescaleFactor", 1);
    constant = reading.numberOr(target, "rescaleConstant", 0);
    const std::string_view whole = target.attributeOr("castInteger", "");
    cast = whole == "round"  ? Cast::Round
        : whole == "ceiling" ? Cast::Ceiling
        : whole == "floor"   ? Cast::Floor
                             : Cast::None;
    changes = low > -HUGE_VAL || high < HUGE_VAL || factor != 1 || constant != 0 || cast != Cast::None;
    double greatest = 0;
    for (const Node each : target) {
        if (!each.is("TargetValue"))
            continue;
        const std::string value(each.attributeOr("value", ""));
        if (const auto display = each.attribute("displayValue"))
            displayTexts.emplace_back(value, std::string(*display));
        if (each.attribute("defaultValue"))
            fallback = Value::of(reading.number(each, "defaultValue"));
        if (!each.attribute("priorProbability"))
            continue;
        const double prior = reading.number(each, "priorProbability");
        priors.emplace_back(value, prior);
        if (prior > greatest && !value.empty()) {
            greatest = prior;
            fallback = reading.constant(value, type);
        }
    }
}

double Target::applied(double prediction) const
{
    if (!changes)
        return prediction;
    const double limited = std::min(std::max(prediction, low), high);
    const double scaled = limited * factor + constant;
    switch (cast) {
    case Cast::Round:
        return std::floor(scaled + 0.5);
    case Cast::Ceiling:
        return std::ceil(scaled);
    case Cast::Floor:
        return std::floor(scaled);
    case Cast::None:
        break;
    }
    return scaled;
}

} // namespace scoring::pmml
