#include "scoring/trees/TreeEnsemble.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::trees {

namespace {

struct EnsembleText
{
    Q_DECLARE_TR_FUNCTIONS(EnsembleText)
};

constexpr size_t mostNodes = size_t(1) << 30;
constexpr int mostFeatures = 1 << 25; // × lanes fits 32 bits
constexpr int deepest = 4096; // steps; real trees have tens

template <typename Real> constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();

// x <= t is x < the next number above t; nothing is above infinity, so there the test always holds.
template <typename Real> Real strict(Real threshold)
{
    if (threshold == std::numeric_limits<Real>::infinity())
        return nan<Real>;
    return std::nextafter(threshold, std::numeric_limits<Real>::infinity());
}

Error damaged(qsizetype tree, const QString &what)
{
    return {ErrorCode::InvalidInput,
            EnsembleText::tr("Tree %1 of the model is damaged: %2").arg(tree).arg(what),
            QStringLiteral("trees/%1").arg(tree)};
}

} // namespace

// What is known while trees are laid out.
struct TreeEnsemble::Placing
{
    struct Waiting
    {
        int source; // index in Tree::nodes
        uint32_t at; // its place in the layout
        int depth;
    };

    qsizetype tree = 0;
    uint32_t nodes = 0; // placed by now
    size_t leaves = 0; // of the trees before
    std::vector<Waiting> queue;
    std::vector<bool> seen;
};

template <typename Real> void TreeEnsemble::placeNode(std::vector<Node<Real>> &nodes, uint32_t at, const TreeNode &node)
{
    Node<Real> &placed = nodes[at];
    if (node.split == Split::Leaf) {
        placed = {nan<Real>, at, 0};
        return;
    }
    const Real threshold = Real(node.threshold);
    placed.threshold = node.split == Split::LessOrEqual ? strict(threshold) : threshold;
    placed.column = uint32_t(node.feature) * lanes + (node.missingYes ? 0U : uint32_t(MissingRight))
        + (node.zeroIsMissing ? uint32_t(ZeroIsMissing) : 0U) + (node.split == Split::Equal ? uint32_t(IsEqual) : 0U)
        + (node.split == Split::InSet ? uint32_t(IsSet) : 0U);
}

Result<void> TreeEnsemble::place(const Tree &tree, Placing &placing)
{
    const auto inRange = [](int index, size_t size) { return index >= 0 && size_t(index) < size; };
    const size_t width = size_t(m_shape.leafWidth);
    const size_t leaves = tree.values.size() / width;
    const bool isFloat = m_shape.precision == Precision::Float;
    Root root{placing.nodes, std::numeric_limits<uint16_t>::max(), 0, tree.output};
    placing.seen.assign(tree.nodes.size(), false);
    placing.queue.assign(1, {0, placing.nodes, 0});
    ++placing.nodes;

    for (size_t next = 0; next < placing.queue.size(); ++next) {
        const auto [source, at, depth] = placing.queue[next];
        if (!inRange(source, tree.nodes.size()) || placing.seen[size_t(source)])
            return damaged(placing.tree, EnsembleText::tr("a node points to none, or to one that is used already."));
        placing.seen[size_t(source)] = true;
        if (depth > deepest || placing.nodes > mostNodes)
            return damaged(placing.tree, EnsembleText::tr("it is too deep or too large."));
        const TreeNode &node = tree.nodes[size_t(source)];
        const bool isLeaf = node.split == Split::Leaf;
        if (isLeaf ? !inRange(node.leaf, leaves) : !inRange(node.feature, size_t(m_shape.features)))
            return damaged(placing.tree, EnsembleText::tr("node %1 has no such leaf or feature.").arg(source));
        if (node.split == Split::InSet && !inRange(node.set, tree.sets.size()))
            return damaged(placing.tree, EnsembleText::tr("node %1 has no set of values.").arg(source));

        const size_t room = placing.nodes + (isLeaf ? 0 : 2);
        m_leaves.resize(room, -1);
        m_bits.resize(room);
        if (isFloat)
            m_floats.resize(room);
        else
            m_doubles.resize(room);
        if (isFloat)
            placeNode(m_floats, at, node);
        else
            placeNode(m_doubles, at, node);
        if (isLeaf) {
            m_leaves[at] = int32_t(placing.leaves) + node.leaf;
            root.shallow = uint16_t(std::min<int>(root.shallow, depth));
            root.deep = uint16_t(std::max<int>(root.deep, depth));
            continue;
        }
        (isFloat ? m_floats[at].left : m_doubles[at].left) = placing.nodes;
        placing.queue.push_back({node.yes, placing.nodes, depth + 1});
        placing.queue.push_back({node.no, placing.nodes + 1, depth + 1});
        placing.nodes += 2;
        m_plain = m_plain && !node.zeroIsMissing && (node.split == Split::Less || node.split == Split::LessOrEqual);
        if (node.split == Split::InSet) {
            const std::vector<uint32_t> &set = tree.sets[size_t(node.set)];
            m_bits[at] = {uint32_t(m_words.size()), uint32_t(set.size())};
            m_words.insert(m_words.end(), set.begin(), set.end());
        }
    }
    m_roots.push_back(root);
    return {};
}

Result<TreeEnsemble> TreeEnsemble::make(const Shape &shape, const std::vector<Tree> &trees)
{
    if (shape.features < 0 || shape.features > mostFeatures || shape.outputs < 1
        || (shape.leafWidth != 1 && shape.leafWidth != shape.outputs))
        return Error{ErrorCode::InvalidInput,
                     EnsembleText::tr("The model has %1 features and %2 outputs, which cannot be.")
                         .arg(shape.features)
                         .arg(shape.outputs),
                     {}};
    TreeEnsemble ensemble;
    ensemble.m_shape = shape;
    const size_t width = size_t(shape.leafWidth);
    Placing placing;
    for (const Tree &tree : trees) {
        const size_t leaves = tree.values.size() / width;
        if (tree.values.size() % width != 0 || (!tree.numbers.empty() && tree.numbers.size() != leaves)
            || (!tree.linear.empty() && tree.linear.size() != leaves) || tree.output < 0 || tree.output >= shape.outputs
            || placing.leaves + leaves > mostNodes)
            return damaged(placing.tree, EnsembleText::tr("its leaves do not fit."));
        for (const LinearLeaf &leaf : tree.linear)
            if (leaf.features.size() != leaf.coefficients.size()
                || !std::ranges::all_of(leaf.features, [&](int f) { return f >= 0 && f < shape.features; }))
                return damaged(placing.tree, EnsembleText::tr("a linear leaf has features the model does not have."));
        if (const Result<void> placed = ensemble.place(tree, placing); !placed)
            return placed.error();
        for (size_t leaf = 0; leaf < leaves; ++leaf) {
            ensemble.m_numbers.push_back(tree.numbers.empty() ? int(leaf) : tree.numbers[leaf]);
            ensemble.m_linear.push_back(tree.linear.empty() ? LinearLeaf{nan<double>, {}, {}} : tree.linear[leaf]);
        }
        ensemble.m_computes = ensemble.m_computes || !tree.linear.empty();
        ensemble.m_values.insert(ensemble.m_values.end(), tree.values.begin(), tree.values.end());
        placing.leaves += leaves;
        ++placing.tree;
    }
    if (!ensemble.m_computes)
        ensemble.m_linear = {};
    if (ensemble.m_plain)
        ensemble.m_bits = {};
    if (width == 1) { // one look-up less for each row and tree
        std::vector<double> byNode(ensemble.m_leaves.size(), 0);
        for (size_t node = 0; node < byNode.size(); ++node)
            if (ensemble.m_leaves[node] >= 0)
                byNode[node] = ensemble.m_values[size_t(ensemble.m_leaves[node])];
        ensemble.m_values = std::move(byNode);
    }
    if (shape.precision == Precision::Float) {
        ensemble.m_floatValues.assign(ensemble.m_values.begin(), ensemble.m_values.end());
        ensemble.m_values = {};
    }
    return ensemble;
}

} // namespace scoring::trees
