#include "scoring/onnx/OnnxClasses.h"
#include "scoring/trees/TreeEnsemble.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace scoring::onnx {

namespace {

struct TreesText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::Trees)
};

using trees::Split;
using trees::Tree;
using trees::TreeEnsemble;
using trees::TreeNode;

// The values of an attribute, whether they are floats or a tensor of doubles.
const Attribute *eitherOf(const Node &node, const std::string &name)
{
    const Attribute *tensor = node.find(name + "_as_tensor");
    return tensor != nullptr ? tensor : node.find(name);
}

std::vector<double> numbersOf(const Attribute *attribute)
{
    return attribute == nullptr ? std::vector<double>() : attribute->numbers;
}

constexpr size_t mostValues = size_t(1) << 26; // of all leaves: each may have as many as there are outputs

struct Forest
{
    std::vector<Tree> trees;
    size_t outputs = 1;
    size_t usedOutputs = 1; // different ones that leaves add to
    bool isWide = false; // leaves add to several
    bool hasNegative = false;
    bool isDouble = false;
    int features = 0;
};

std::optional<std::pair<Split, bool>> splitOf(const std::string &mode) // and whether yes and no change places
{
    if (mode == "BRANCH_LEQ")
        return std::pair(Split::LessOrEqual, false);
    if (mode == "BRANCH_LT")
        return std::pair(Split::Less, false);
    if (mode == "BRANCH_GT")
        return std::pair(Split::LessOrEqual, true);
    if (mode == "BRANCH_GTE")
        return std::pair(Split::Less, true);
    if (mode == "BRANCH_EQ")
        return std::pair(Split::Equal, false);
    if (mode == "BRANCH_NEQ")
        return std::pair(Split::Equal, true);
    return std::nullopt;
}

// Nodes and leaf weights as parallel lists, each with the number of its tree and of its node in it. `prefix` is
// "class" or "target".
std::optional<Forest> readForest(const Node &node, const std::string &prefix, size_t outputs)
{
    const auto &treeIds = node.numbers("nodes_treeids");
    const auto &nodeIds = node.numbers("nodes_nodeids");
    const auto &features = node.numbers("nodes_featureids");
    const auto &modes = node.texts("nodes_modes");
    const auto &yes = node.numbers("nodes_truenodeids");
    const auto &no = node.numbers("nodes_falsenodeids");
    const auto &missing = node.numbers("nodes_missing_value_tracks_true");
    const Attribute *thresholds = eitherOf(node, "nodes_values");
    const std::vector<double> values = numbersOf(thresholds);
    const size_t count = treeIds.size();
    if (count == 0 || nodeIds.size() != count || features.size() != count || modes.size() != count
        || yes.size() != count || no.size() != count || values.size() != count
        || (!missing.empty() && missing.size() != count))
        return std::nullopt;

    Forest forest;
    forest.outputs = outputs;
    forest.isDouble = thresholds->isDouble;
    std::map<double, size_t> trees; // by number, in the order they come
    std::map<std::pair<double, double>, std::pair<size_t, size_t>> places; // tree, node → tree, index
    for (size_t i = 0; i < count; ++i) {
        const auto [tree, isNew] = trees.emplace(treeIds[i], trees.size());
        if (isNew)
            forest.trees.emplace_back();
        Tree &to = forest.trees[tree->second];
        if (!places.emplace(std::pair(treeIds[i], nodeIds[i]), std::pair(tree->second, to.nodes.size())).second)
            return std::nullopt;
        to.nodes.emplace_back();
    }
    const auto indexOf = [&places](double tree, double id) {
        const auto found = places.find({tree, id});
        return found == places.end() ? -1 : int(found->second.second);
    };
    for (size_t i = 0; i < count; ++i) {
        const auto [tree, index] = places.at({treeIds[i], nodeIds[i]});
        TreeNode &to = forest.trees[tree].nodes[index];
        if (modes[i] == "LEAF")
            continue;
        const auto split = splitOf(modes[i]);
        if (!split || !(features[i] >= 0) || features[i] > 1e7)
            return std::nullopt;
        to.split = split->first;
        to.feature = int(features[i]);
        to.threshold = values[i];
        to.yes = indexOf(treeIds[i], yes[i]);
        to.no = indexOf(treeIds[i], no[i]);
        // Where the comparison fails for NaN it is no; a turned comparison fails too, and its no is our yes.
        to.missingYes = !missing.empty() && missing[i] != 0;
        if (split->second) {
            std::swap(to.yes, to.no);
            to.missingYes = !to.missingYes;
            if (split->first == Split::Equal && (missing.empty() || missing[i] == 0))
                to.missingYes = false; // NaN != x holds
        }
        forest.features = std::max(forest.features, to.feature + 1);
    }

    const auto &leafTrees = node.numbers(prefix + "_treeids");
    const auto &leafNodes = node.numbers(prefix + "_nodeids");
    const auto &leafOutputs = node.numbers(prefix + "_ids");
    const std::vector<double> weights = numbersOf(eitherOf(node, prefix + "_weights"));
    if (leafNodes.size() != leafTrees.size() || leafOutputs.size() != leafTrees.size()
        || weights.size() != leafTrees.size())
        return std::nullopt;
    std::vector<std::map<size_t, std::map<size_t, double>>> leaves(forest.trees.size()); // node → output → weight
    std::map<size_t, bool> used;
    for (size_t i = 0; i < weights.size(); ++i) {
        const auto found = places.find({leafTrees[i], leafNodes[i]});
        if (found == places.end() || !(leafOutputs[i] >= 0) || leafOutputs[i] >= double(outputs))
            return std::nullopt;
        const auto output = size_t(leafOutputs[i]);
        leaves[found->second.first][found->second.second][output] += weights[i];
        used[output] = true;
        forest.hasNegative = forest.hasNegative || weights[i] < 0;
    }
    forest.usedOutputs = used.size();
    for (size_t t = 0; t < leaves.size(); ++t) {
        std::optional<size_t> only;
        for (const auto &[index, sums] : leaves[t])
            for (const auto &[output, weight] : sums) {
                forest.isWide = forest.isWide || (only && *only != output);
                only = output;
            }
        forest.trees[t].output = int(only.value_or(0));
    }
    const size_t width = forest.isWide ? outputs : 1;
    if (count * width > mostValues)
        return std::nullopt;
    for (size_t t = 0; t < leaves.size(); ++t) {
        Tree &tree = forest.trees[t];
        for (size_t i = 0; i < tree.nodes.size(); ++i) {
            if (tree.nodes[i].split != Split::Leaf)
                continue;
            tree.nodes[i].leaf = int(tree.values.size() / width);
            tree.values.resize(tree.values.size() + width, 0);
            for (const auto &[output, weight] : leaves[t][i])
                tree.values[tree.values.size() - width + (forest.isWide ? output : 0)] = weight;
        }
        if (forest.isWide)
            tree.output = 0;
    }
    return forest;
}

// ONNX's machine-learning opset 5: one list of inner nodes, one of leaves, and the roots.
std::optional<Forest> readForest5(const Node &node)
{
    static const std::vector<std::string> modes{
        "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"};
    const auto &kinds = node.numbers("nodes_modes");
    const auto &features = node.numbers("nodes_featureids");
    const auto &splits = node.numbers("nodes_splits");
    const auto &yes = node.numbers("nodes_truenodeids");
    const auto &no = node.numbers("nodes_falsenodeids");
    const auto &isYesLeaf = node.numbers("nodes_trueleafs");
    const auto &isNoLeaf = node.numbers("nodes_falseleafs");
    const auto &missing = node.numbers("nodes_missing_value_tracks_true");
    const auto &targets = node.numbers("leaf_targetids");
    const auto &weights = node.numbers("leaf_weights");
    const size_t count = kinds.size();
    const double outputs = node.number("n_targets", 1);
    if (features.size() != count || splits.size() != count || yes.size() != count || no.size() != count
        || isYesLeaf.size() != count || isNoLeaf.size() != count || (!missing.empty() && missing.size() != count)
        || targets.size() != weights.size() || !(outputs >= 1) || outputs > 1e6)
        return std::nullopt;
    Forest forest;
    forest.outputs = size_t(outputs);
    if ((weights.size() + 1) * forest.outputs * std::max<size_t>(1, node.numbers("tree_roots").size()) > mostValues)
        return std::nullopt;
    forest.isWide = forest.outputs > 1;
    forest.isDouble = node.find("nodes_splits") != nullptr && node.find("nodes_splits")->isDouble;
    constexpr size_t mostNodes = 1 << 24;
    for (const double root : node.numbers("tree_roots")) {
        Tree tree;
        std::vector<std::pair<double, bool>> sources{{root, count == 0}}; // index and whether it is a leaf
        tree.nodes.emplace_back();
        for (size_t at = 0; at < sources.size(); ++at) {
            const auto [source, isLeaf] = sources[at];
            TreeNode made;
            if (!(source >= 0) || source >= double(isLeaf ? weights.size() : count) || sources.size() > mostNodes)
                return std::nullopt;
            const auto i = size_t(source);
            if (isLeaf) {
                made.leaf = int(tree.values.size() / forest.outputs);
                tree.values.resize(tree.values.size() + forest.outputs, 0);
                if (!(targets[i] >= 0) || targets[i] >= outputs)
                    return std::nullopt;
                tree.values[tree.values.size() - forest.outputs + size_t(targets[i])] = weights[i];
            } else {
                const auto mode =
                    kinds[i] >= 0 && kinds[i] < double(modes.size()) ? splitOf(modes[size_t(kinds[i])]) : std::nullopt;
                if (!mode || !(features[i] >= 0) || features[i] > 1e7 || sources.size() > 2 * count + 1)
                    return std::nullopt;
                made.split = mode->first;
                made.feature = int(features[i]);
                made.threshold = splits[i];
                made.missingYes = !missing.empty() && missing[i] != 0;
                made.yes = int(sources.size());
                made.no = made.yes + 1;
                sources.emplace_back(yes[i], isYesLeaf[i] != 0);
                sources.emplace_back(no[i], isNoLeaf[i] != 0);
                tree.nodes.resize(sources.size());
                if (mode->second) {
                    std::swap(made.yes, made.no);
                    made.missingYes = mode->first != Split::Equal && !made.missingYes;
                }
                forest.features = std::max(forest.features, made.feature + 1);
            }
            tree.nodes[at] = made;
        }
        forest.trees.push_back(std::move(tree));
    }
    return forest;
}

// The sums of all trees for each row, or their average, least or largest value.
class ForestSums
{
public:
    ForestSums(TreeEnsemble ensemble, std::vector<double> base, std::string aggregate)
        : m_ensemble(std::make_unique<TreeEnsemble>(std::move(ensemble)))
        , m_march(*m_ensemble)
        , m_base(std::move(base))
        , m_aggregate(std::move(aggregate))
    {
        m_base.resize(size_t(m_ensemble->shape().outputs), 0);
    }

    bool fits(const Tensor &from) const
    {
        return from.type != ElementType::Text && !from.isConstant && from.elements() >= m_ensemble->shape().features;
    }

    // rows × outputs, row-major.
    const std::vector<double> &compute(const Tensor &from, int rows)
    {
        const auto outputs = size_t(m_ensemble->shape().outputs);
        const auto count = size_t(rows);
        m_columns.clear();
        for (size_t feature = 0; feature < size_t(m_ensemble->shape().features); ++feature)
            m_columns.push_back(from.numbers.data() + feature * count);
        const int trees = m_ensemble->size();
        m_sums.assign(count * outputs, 0);
        if (m_aggregate == "MIN" || m_aggregate == "MAX") {
            const double worst = std::numeric_limits<double>::infinity() * (m_aggregate == "MIN" ? 1 : -1);
            std::ranges::fill(m_sums, worst);
            for (int tree = 0; tree < trees; ++tree) {
                m_one.assign(m_sums.size(), 0);
                m_march.add(m_columns, rows, tree, tree + 1, m_one.data());
                for (size_t i = 0; i < m_sums.size(); ++i)
                    m_sums[i] = m_aggregate == "MIN" ? std::min(m_sums[i], m_one[i]) : std::max(m_sums[i], m_one[i]);
            }
        } else {
            m_march.add(m_columns, rows, 0, trees, m_sums.data());
            if (m_aggregate == "AVERAGE")
                for (double &sum : m_sums)
                    sum /= trees;
        }
        for (size_t i = 0; i < m_sums.size(); ++i)
            m_sums[i] += m_base[i % outputs];
        return m_sums;
    }

private:
    std::unique_ptr<TreeEnsemble> m_ensemble;
    trees::TreeMarch m_march;
    std::vector<double> m_base;
    std::string m_aggregate;
    std::vector<const double *> m_columns;
    std::vector<double> m_sums;
    std::vector<double> m_one;
};

std::optional<TreeEnsemble> layOut(const Forest &forest)
{
    TreeEnsemble::Shape shape;
    shape.features = forest.features;
    shape.outputs = int(forest.outputs);
    shape.leafWidth = forest.isWide ? int(forest.outputs) : 1;
    shape.precision = forest.isDouble ? trees::Precision::Double : trees::Precision::Float;
    auto ensemble = TreeEnsemble::make(shape, forest.trees);
    return ensemble ? std::optional(*std::move(ensemble)) : std::nullopt;
}

class TreeClassifier final : public Operator
{
public:
    TreeClassifier(const Node &node, Classes classes, std::unique_ptr<ForestSums> sums, bool isSingle, bool hasNegative)
        : m_classes(std::move(classes))
        , m_sums(std::move(sums))
        , m_transform(node.text("post_transform", "NONE"))
        , m_isSingle(isSingle)
        , m_hasNegative(hasNegative)
    {
    }

    std::optional<QString> run(const Operands &operands) override
    {
        if (!m_sums->fits(*operands.inputs[0]) || operands.outputs.size() < 2)
            return TreesText::tr("it needs more columns than there are.");
        const std::vector<double> &sums = m_sums->compute(*operands.inputs[0], operands.rows);
        const auto rows = size_t(operands.rows);
        const size_t classes = m_classes.size();
        Tensor &labels = *operands.outputs[0];
        Tensor &to = *operands.outputs[1];
        m_classes.shapeLabels(labels, operands.rows);
        shape(to, ElementType::Float, {1, int64_t(classes)}, false, operands.rows);
        std::vector<float> scores;
        for (size_t row = 0; row < rows; ++row) {
            if (m_isSingle) { // all leaves speak of one class of two
                const auto score = float(sums[row * classes]);
                scores = {score};
                m_classes.put(labels, row, score > (m_hasNegative ? 0.0F : 0.5F) ? 1 : 0);
                writeScores(m_transform,
                            m_hasNegative ? SecondClass::Opposite : SecondClass::Complement,
                            scores,
                            to,
                            row,
                            rows);
                continue;
            }
            scores.assign(sums.begin() + std::ptrdiff_t(row * classes),
                          sums.begin() + std::ptrdiff_t((row + 1) * classes));
            m_classes.put(labels, row, size_t(std::ranges::max_element(scores) - scores.begin()));
            writeScores(m_transform, SecondClass::None, scores, to, row, rows);
        }
        return std::nullopt;
    }

private:
    Classes m_classes;
    std::unique_ptr<ForestSums> m_sums;
    std::string m_transform;
    bool m_isSingle;
    bool m_hasNegative;
};

class TreeRegressor final : public Operator
{
public:
    TreeRegressor(const Node &node, std::unique_ptr<ForestSums> sums, size_t outputs, ElementType type)
        : m_sums(std::move(sums))
        , m_outputs(outputs)
        , m_type(type)
        , m_transform(node.text("post_transform", "NONE"))
    {
    }

    std::optional<QString> run(const Operands &operands) override
    {
        if (!m_sums->fits(*operands.inputs[0]))
            return TreesText::tr("it needs more columns than there are.");
        const std::vector<double> &sums = m_sums->compute(*operands.inputs[0], operands.rows);
        const auto rows = size_t(operands.rows);
        Tensor &to = *operands.outputs[0];
        shape(to, m_type, {1, int64_t(m_outputs)}, false, operands.rows);
        const bool isPlain = m_transform == "NONE" || m_transform.empty();
        std::vector<float> scores(m_outputs);
        for (size_t row = 0; row < rows; ++row) {
            for (size_t k = 0; k < m_outputs; ++k) {
                scores[k] = float(sums[row * m_outputs + k]);
                if (isPlain)
                    to.numbers[k * rows + row] = rounded(m_type, sums[row * m_outputs + k]);
            }
            if (!isPlain)
                writeScores(m_transform, SecondClass::None, scores, to, row, rows);
        }
        return std::nullopt;
    }

private:
    std::unique_ptr<ForestSums> m_sums;
    size_t m_outputs;
    ElementType m_type;
    std::string m_transform;
};

} // namespace

std::unique_ptr<Operator> makeTrees(const Node &node, QString &problem)
{
    const bool isClassifier = node.op == "TreeEnsembleClassifier";
    const bool isFifth = node.op == "TreeEnsemble";
    if ((!isClassifier && !isFifth && node.op != "TreeEnsembleRegressor") || node.inputs.empty())
        return nullptr;
    Classes classes(node, "classlabels_int64s");
    std::optional<Forest> forest;
    if (isFifth) {
        forest = readForest5(node);
    } else if (isClassifier) {
        forest = classes.size() > 1 ? readForest(node, "class", classes.size()) : std::nullopt;
    } else {
        const double targets = node.number("n_targets", 1);
        forest = targets >= 1 && targets <= 1e6 ? readForest(node, "target", size_t(targets)) : std::nullopt;
    }
    std::optional<TreeEnsemble> ensemble = forest ? layOut(*forest) : std::nullopt;
    if (!ensemble) {
        problem = TreesText::tr("its trees are damaged, or have splits that are not known.");
        return nullptr;
    }
    std::string aggregate = node.text("aggregate_function", "SUM");
    if (isFifth) {
        static const std::vector<std::string> names{"AVERAGE", "SUM", "MIN", "MAX"};
        const double number = node.number("aggregate_function", 1);
        aggregate = number >= 0 && number < 4 ? names[size_t(number)] : "SUM";
    }
    auto sums = std::make_unique<ForestSums>(std::move(*ensemble), numbersOf(eitherOf(node, "base_values")), aggregate);
    if (isClassifier)
        return std::make_unique<TreeClassifier>(node,
                                                std::move(classes),
                                                std::move(sums),
                                                classes.size() == 2 && forest->usedOutputs == 1,
                                                forest->hasNegative);
    return std::make_unique<TreeRegressor>(
        node, std::move(sums), forest->outputs, isFifth && forest->isDouble ? ElementType::Double : ElementType::Float);
}

} // namespace scoring::onnx
