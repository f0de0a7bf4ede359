#include "scoring/pmml/model/Forest.h"

#include "scoring/pmml/model/Tree.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace scoring::pmml {

namespace {

using Test = Predicates::Kind;

// One tree on its way: PMML's lists of children become tests with two ways out.
class Planting
{
public:
    Planting(const Mining &mining,
             const Mining::Segment &segment,
             const Tree &source,
             std::map<int, int> &features,
             const Texts &texts)
        : m_mining(mining)
        , m_segment(segment)
        , m_source(source)
        , m_features(features)
        , m_texts(texts)
    {
    }

    bool plant()
    {
        if (m_source.strategy == Tree::Strategy::WeightedConfidence
            || m_source.strategy == Tree::Strategy::AggregateNodes || m_source.missingPenalty != 1
            || m_source.predicates.at(m_source.nodes[0].predicate).kind != Test::True)
            return false;
        needsAll = m_source.strategy != Tree::Strategy::DefaultChild;
        const int root = grow(0, -1);
        return root == 0 && m_fits;
    }

    trees::Tree tree;
    bool needsAll = false;

private:
    // The tests of `index`'s children, then what is left: `last` is the node whose score counts when none holds.
    int grow(int index, int last)
    {
        const TreeNode &node = m_source.nodes[size_t(index)];
        if (node.hasScore)
            last = index;
        if (node.children == 0)
            return leaf(node.hasScore ? index : m_source.lastOnNoTrueChild ? last : -1);
        return test(node, 0, last);
    }

    int test(const TreeNode &node, int child, int last)
    {
        if (child == node.children)
            return leaf(m_source.lastOnNoTrueChild ? last : -1);
        const int to = m_source.childIndexes[size_t(node.firstChild + child)];
        const Predicates::Predicate &predicate = m_source.predicates.at(m_source.nodes[size_t(to)].predicate);
        if (predicate.kind == Test::True)
            return grow(to, last);
        const auto at = int(tree.nodes.size());
        tree.nodes.emplace_back();
        trees::TreeNode made;
        bool inverted = false;
        if (!convert(predicate, made, inverted)) {
            m_fits = false;
            return at;
        }
        const bool complement = child + 2 == node.children && isComplement(node, child);
        const int yes = grow(to, last);
        const int rest = child + 1 < node.children ? m_source.childIndexes[size_t(node.firstChild + child + 1)] : -1;
        const int no = complement ? grow(rest, last) : test(node, child + 1, last);
        made.yes = inverted ? no : yes;
        made.no = inverted ? yes : no;
        made.missingYes = node.defaultChild == to ? !inverted : inverted;
        if (!complement || (node.defaultChild != to && node.defaultChild != rest))
            needsAll = true;
        tree.nodes[size_t(at)] = made;
        return at;
    }

    // x <= 3 and x > 3: the second test needs not be made.
    bool isComplement(const TreeNode &node, int child) const
    {
        const auto at = [&](int i) {
            const int to = m_source.childIndexes[size_t(node.firstChild + i)];
            return m_source.predicates.at(m_source.nodes[size_t(to)].predicate);
        };
        const Predicates::Predicate a = at(child);
        const Predicates::Predicate b = at(child + 1);
        static constexpr std::pair<Test, Test> pairs[] = {{Test::Less, Test::GreaterOrEqual},
                                                          {Test::LessOrEqual, Test::Greater},
                                                          {Test::Equal, Test::NotEqual},
                                                          {Test::EqualText, Test::NotEqualText}};
        for (const auto &[one, other] : pairs) {
            if (((a.kind == one && b.kind == other) || (a.kind == other && b.kind == one)) && a.slot == b.slot
                && a.number == b.number && a.text == b.text)
                return true;
        }
        const bool sets = (a.kind == Test::InTexts && b.kind == Test::NotInTexts)
            || (a.kind == Test::NotInTexts && b.kind == Test::InTexts);
        if (!sets || a.slot != b.slot || a.count != b.count)
            return false;
        const Predicates &predicates = m_source.predicates;
        return std::equal(predicates.codesOf(a), predicates.codesOf(a) + a.count, predicates.codesOf(b));
    }

    bool convert(const Predicates::Predicate &predicate, trees::TreeNode &made, bool &inverted)
    {
        made.feature = m_features.emplace(predicate.slot, int(m_features.size())).first->second;
        made.threshold = predicate.number;
        switch (predicate.kind) {
        case Test::Less:
        case Test::GreaterOrEqual:
            made.split = trees::Split::Less;
            inverted = predicate.kind == Test::GreaterOrEqual;
            return true;
        case Test::LessOrEqual:
        case Test::Greater:
            made.split = trees::Split::LessOrEqual;
            inverted = predicate.kind == Test::Greater;
            return true;
        case Test::Equal:
        case Test::NotEqual:
            made.split = trees::Split::Equal;
            inverted = predicate.kind == Test::NotEqual;
            return true;
        case Test::EqualText:
        case Test::NotEqualText:
            made.split = trees::Split::Equal;
            made.threshold = predicate.text;
            inverted = predicate.kind == Test::NotEqualText;
            return true;
        case Test::InTexts:
        case Test::NotInTexts:
            made.split = trees::Split::InSet;
            made.set = set(predicate);
            inverted = predicate.kind == Test::NotInTexts;
            return true;
        default:
            return false;
        }
    }

    int set(const Predicates::Predicate &predicate)
    {
        std::vector<uint32_t> bits(size_t(m_texts.size()) / 32 + 1, 0);
        const int32_t *codes = m_source.predicates.codesOf(predicate);
        for (int i = 0; i < predicate.count; ++i)
            bits[size_t(codes[i]) / 32] |= uint32_t(1) << (codes[i] % 32);
        tree.sets.push_back(std::move(bits));
        return int(tree.sets.size()) - 1;
    }

    // `index` −1: there is no prediction, which only scoring tree by tree can tell.
    int leaf(int index)
    {
        const auto at = int(tree.nodes.size());
        trees::TreeNode made;
        made.leaf = m_leaves++;
        tree.nodes.push_back(made);
        if (index < 0) {
            m_fits = false;
            return at;
        }
        const TreeNode &node = m_source.nodes[size_t(index)];
        const bool weighted = m_mining.method == Mining::Method::WeightedAverage
            || m_mining.method == Mining::Method::WeightedSum
            || m_mining.method == Mining::Method::WeightedMajorityVote;
        const double weight = weighted ? m_segment.weight : 1;
        if (!m_mining.isClassifier) {
            tree.values.push_back(weight * node.value);
            return at;
        }
        const size_t first = tree.values.size();
        tree.values.resize(first + size_t(m_mining.classes), 0);
        if (m_mining.method == Mining::Method::MajorityVote
            || m_mining.method == Mining::Method::WeightedMajorityVote) {
            tree.values[first + size_t(m_segment.classes[size_t(node.winner)])] = weight;
            return at;
        }
        for (int i = node.firstShare; i < node.firstShare + node.shares; ++i) {
            const Share &share = m_source.shares[size_t(i)];
            const double p = std::isnan(share.probability) ? 0 : share.probability;
            tree.values[first + size_t(m_segment.classes[size_t(share.category)])] = weight * p;
        }
        return at;
    }

    const Mining &m_mining;
    const Mining::Segment &m_segment;
    const Tree &m_source;
    std::map<int, int> &m_features; // slot to feature
    const Texts &m_texts;
    int m_leaves = 0;
    bool m_fits = true;
};

bool isSum(const Mining &mining)
{
    switch (mining.method) {
    case Mining::Method::Sum:
    case Mining::Method::WeightedSum:
    case Mining::Method::Average:
    case Mining::Method::WeightedAverage:
        return true;
    case Mining::Method::MajorityVote:
    case Mining::Method::WeightedMajorityVote:
        return mining.isClassifier;
    default:
        return false;
    }
}

} // namespace

std::optional<Forest> Forest::make(const Mining &mining, const ModelElement &model, const Texts &texts)
{
    if (mining.isClustering || mining.inFloat || !isSum(mining) || mining.segments.size() < 2
        || (mining.isClassifier && mining.classes == 0))
        return std::nullopt;
    for (const Output &output : model.outputs) {
        if (output.source != &model)
            return std::nullopt; // it shows a segment of its own
    }
    Forest forest;
    forest.m_needsAll = false;
    std::map<int, int> features;
    std::vector<trees::Tree> all;
    for (const Mining::Segment &segment : mining.segments) {
        const auto *tree = dynamic_cast<const Tree *>(segment.model->evaluator.get());
        const bool plain = tree && mining.predicates.at(segment.predicate).kind == Test::True
            && segment.model->treated.empty() && segment.model->steps.empty() && segment.model->outputs.empty()
            && (segment.model->targets.empty() || !segment.model->targets.front().treatment.changes)
            && !segment.model->inFloat && tree->isClassifier == mining.isClassifier;
        if (!plain)
            return std::nullopt;
        Planting planting(mining, segment, *tree, features, texts);
        if (!planting.plant())
            return std::nullopt;
        forest.m_needsAll = forest.m_needsAll || planting.needsAll;
        all.push_back(std::move(planting.tree));
    }
    trees::TreeEnsemble::Shape shape;
    shape.features = int(features.size());
    shape.outputs = mining.isClassifier ? mining.classes : 1;
    shape.leafWidth = shape.outputs;
    shape.precision = trees::Precision::Double;
    auto ensemble = trees::TreeEnsemble::make(shape, all);
    if (!ensemble)
        return std::nullopt;
    forest.m_slots.resize(features.size());
    for (const auto &[slot, feature] : features)
        forest.m_slots[size_t(feature)] = slot;
    forest.m_outputs = size_t(shape.outputs);
    forest.m_ensemble = std::make_shared<const trees::TreeEnsemble>(std::move(*ensemble));
    return forest;
}

} // namespace scoring::pmml
