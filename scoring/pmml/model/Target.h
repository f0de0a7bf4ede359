#pragma once

#include "scoring/pmml/field/CellType.h"
#include "scoring/pmml/field/Value.h"

#include <string>
#include <utility>
#include <vector>

namespace scoring::pmml {

class Node;
class Reading;

// What a Target element makes of a prediction: limits, then the scale, then whole numbers.
struct Target
{
    enum class Cast : uint8_t { None, Round, Ceiling, Floor };

    void read(Reading &reading, const Node &target, Type type);
    double applied(double prediction) const;

    double low;
    double high;
    double factor = 1;
    double constant = 0;
    Cast cast = Cast::None;
    bool changes = false; // anything at all
    Value fallback; // of a missing prediction: defaultValue, or the class with the greatest prior probability
    std::vector<std::pair<std::string, std::string>> displayTexts; // of classes
    std::vector<std::pair<std::string, double>> priors;

    Target();
};

} // namespace scoring::pmml
