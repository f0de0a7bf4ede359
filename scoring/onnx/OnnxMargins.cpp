#include "scoring/onnx/OnnxMargins.h"

#include <algorithm>
#include <set>

namespace scoring::onnx {
namespace {

bool hasMargins(const Node &node)
{
    return node.op == "LinearClassifier" || node.op == "LinearRegressor" || node.op.starts_with("TreeEnsemble");
}

bool isSingle(const Node &node)
{
    const auto &outputs = node.numbers("class_ids");
    return node.op == "LinearClassifier" ? node.numbers("intercepts").size() == 1
                                         : std::set(outputs.begin(), outputs.end()).size() == 1;
}

} // namespace

std::optional<Margins> marginsOf(const Graph &graph)
{
    const auto found = std::ranges::find_if(graph.nodes, hasMargins);
    if (found == graph.nodes.end() || std::ranges::count_if(graph.nodes, hasMargins) > 1)
        return std::nullopt;
    const bool isClassifier = found->op.ends_with("Classifier");
    const size_t output = isClassifier ? 1 : 0;
    if (found->outputs.size() <= output || found->outputs[output].empty())
        return std::nullopt;
    Margins margins{graph, &*found, isClassifier && isSingle(*found)};
    margins.graph.outputs = {found->outputs[output]};
    margins.graph.nodes.resize(size_t(found - graph.nodes.begin()) + 1); // what follows needs it, not the other way
    margins.graph.nodes.back().attributes.erase("post_transform");
    return margins;
}

} // namespace scoring::onnx
