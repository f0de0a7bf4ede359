#pragma once

#include "scoring/pmml/field/Texts.h"
#include "scoring/pmml/field/Value.h"

#include <cstdint>
#include <vector>

namespace scoring::pmml {

// What one model element says about a row. Vectors have the size their model gave them and are reused row after row.
struct Outcome
{
    Value value; // the prediction, after Targets; missing = null
    Value raw; // before Targets
    int winner = -1; // class of a classifier, in its model's order
    std::vector<double> probability; // per class; NaN where the model gives none
    std::vector<double> confidence; // per class; NaN where the model gives none
    std::vector<double> margin; // per class, or one: before the link function
    int entity = -1; // node, cluster, rule or neighbour: index in its model
    std::vector<double> affinity; // per entity
    std::vector<int> ranking; // entities, reason codes: the best first
    std::vector<Value> targets; // of a model with several, in the order of its targets
    bool evaluated = false; // this row came here
};

// Everything that changes while one row is scored. One per scorer.
struct Row
{
    explicit Row(const Texts &model) : texts(model) { }

    std::vector<Value> values; // inputs, derived fields, outputs of models
    std::vector<Outcome> outcomes; // one per model element
    std::vector<double> scratch; // shared out to the model elements when they are read
    RowTexts texts;
    std::vector<const double *> forestSums; // one per forest: what the trees add up to; null = score tree by tree
    const Value *arguments = nullptr; // of the function that is being computed
    int invalidInput = -1; // the input that spoils the row, -1 = none
    bool invalidResult = false; // a computation had no result where one is due
};

} // namespace scoring::pmml
