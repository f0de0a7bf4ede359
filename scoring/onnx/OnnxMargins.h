#pragma once

#include "scoring/onnx/OnnxGraph.h"

#include <optional>

namespace scoring::onnx {

// What a graph computes before post_transform makes probabilities of it.
struct Margins
{
    Graph graph; // ends at the margins
    const Node *node; // of the graph they were asked of: its classifier or regressor
    bool isSingle = false; // of two classes there is one margin, that of the second: the last element
};

// Nothing when `graph` has no linear or tree operator, or more than one. It outlives what is given.
std::optional<Margins> marginsOf(const Graph &graph);

} // namespace scoring::onnx
