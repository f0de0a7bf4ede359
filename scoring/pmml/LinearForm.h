#pragma once

#include "scoring/Model.h"
#include "scoring/pmml/xml/Document.h"
#include "scoring/training/LinearPipelineModel.h"

#include <memory>
#include <optional>
#include <vector>

namespace scoring::pmml {

struct Output;
struct PmmlPlan;

// A file whose model is no more than a linear pipeline: numbers as they are or shifted and scaled, levels as columns of
// 0 and 1, one regression over them. It is scored by columns then, many rows at once, with the same bits.
struct LinearForm
{
    std::shared_ptr<const LinearPipelineModel> model;
    std::vector<int> inputs; // beside the pipeline's features: the plan's inputs
};

// `element`: the model in the file. None when anything in it is more than that.
std::optional<LinearForm> linearFormOf(const Node &root, const Node &element, const PmmlPlan &plan);

// A scorer that takes batches by columns, and leaves those with a cell that needs a closer look to `careful`, which
// knows all of PMML and says what is wrong with a row. `careful` itself where an output is more than a label, number or
// probability of the form.
std::unique_ptr<Scorer> scorerByColumns(std::unique_ptr<Scorer> careful,
                                        std::shared_ptr<const PmmlPlan> plan,
                                        const std::vector<const Output *> &outputs);

} // namespace scoring::pmml
