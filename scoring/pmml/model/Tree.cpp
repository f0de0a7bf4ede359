#include "scoring/pmml/model/Tree.h"
#include "scoring/pmml/model/ModelElement.h"
#include "scoring/pmml/Predicate.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace scoring::pmml {

namespace {

struct TreeText
{
    Q_DECLARE_TR_FUNCTIONS(TreeText)
};

} // namespace

void Tree::evaluate(Row &row, Outcome &outcome) const
{
    if (strategy == Strategy::WeightedConfidence || strategy == Strategy::AggregateNodes) {
        aggregate(row, outcome);
        return;
    }
    double penalty = 1;
    const int node = walk(row, penalty);
    if (node >= 0)
        conclude(node, penalty, outcome);
}

// The node the row ends in, -1 = null.
int Tree::walk(const Row &row, double &penalty) const
{
    int at = 0;
    int last = -1; // the last one with a score
    const Truth root = predicates.evaluate(nodes[0].predicate, row);
    if (root == Truth::False || (root == Truth::Unknown && strategy != Strategy::DefaultChild))
        return -1;
    while (true) {
        const TreeNode &node = nodes[size_t(at)];
        if (node.hasScore)
            last = at;
        if (node.children == 0)
            return node.hasScore ? at : last >= 0 && lastOnNoTrueChild ? last : -1;
        int next = -1;
        for (int i = node.firstChild; i < node.firstChild + node.children && next < 0; ++i) {
            const int child = childIndexes[size_t(i)];
            const int predicate = nodes[size_t(child)].predicate;
            const Truth truth = predicates.evaluate(predicate, row);
            if (truth == Truth::True) {
                next = child;
                if (missingPenalty != 1 && predicates.usesSurrogate(predicate, row))
                    penalty *= missingPenalty;
            } else if (truth == Truth::Unknown && strategy != Strategy::None) {
                if (strategy == Strategy::NullPrediction)
                    return -1;
                if (strategy == Strategy::LastPrediction)
                    return node.hasScore ? at : last;
                next = node.defaultChild;
                penalty *= missingPenalty;
                if (next < 0)
                    return -1;
            }
        }
        if (next < 0)
            return lastOnNoTrueChild ? last : -1;
        at = next;
    }
}

void Tree::conclude(int index, double penalty, Outcome &outcome) const
{
    const TreeNode &node = nodes[size_t(index)];
    outcome.entity = index;
    if (!isClassifier) {
        outcome.value = Value::of(node.value);
        return;
    }
    outcome.winner = node.winner;
    for (int i = node.firstShare; i < node.firstShare + node.shares; ++i) {
        const Share &share = shares[size_t(i)];
        outcome.probability[size_t(share.category)] = share.probability;
        outcome.confidence[size_t(share.category)] = share.confidence * penalty;
    }
}

// Sums up what the branches say that are not false, by their record counts; scratch: per class, then value, weight.
void Tree::collect(int index, double weight, Row &row) const
{
    const TreeNode &node = nodes[size_t(index)];
    double *sums = row.scratch.data() + scratch;
    int taken = -1;
    bool unknown = false;
    for (int i = node.firstChild; i < node.firstChild + node.children && taken < 0; ++i) {
        const Truth truth = predicates.evaluate(nodes[size_t(childIndexes[size_t(i)])].predicate, row);
        if (truth == Truth::Unknown)
            unknown = true;
        else if (truth == Truth::True && !unknown)
            taken = childIndexes[size_t(i)];
    }
    if (taken >= 0) {
        collect(taken, weight, row);
        return;
    }
    if (unknown) {
        double records = 0;
        for (int i = node.firstChild; i < node.firstChild + node.children; ++i) {
            const TreeNode &child = nodes[size_t(childIndexes[size_t(i)])];
            if (predicates.evaluate(child.predicate, row) != Truth::False)
                records += child.records;
        }
        for (int i = node.firstChild; i < node.firstChild + node.children; ++i) {
            const int child = childIndexes[size_t(i)];
            if (predicates.evaluate(nodes[size_t(child)].predicate, row) == Truth::False)
                continue;
            collect(child, records > 0 ? weight * nodes[size_t(child)].records / records : 0, row);
        }
        return;
    }
    if (node.children > 0 && !lastOnNoTrueChild)
        return;
    const double factor = strategy == Strategy::AggregateNodes ? 1 : weight;
    for (int i = node.firstShare; i < node.firstShare + node.shares; ++i) {
        const Share &share = shares[size_t(i)];
        sums[share.category] += factor * (strategy == Strategy::AggregateNodes ? share.records : share.confidence);
    }
    const double records = strategy == Strategy::AggregateNodes ? node.records : weight;
    sums[classes] += records * node.value;
    sums[classes + 1] += strategy == Strategy::AggregateNodes ? node.records : weight;
}

void Tree::aggregate(Row &row, Outcome &outcome) const
{
    double *sums = row.scratch.data() + scratch;
    std::fill(sums, sums + classes + 2, 0.0);
    if (predicates.evaluate(nodes[0].predicate, row) == Truth::False)
        return;
    collect(0, 1, row);
    const double total = sums[classes + 1];
    if (!(total > 0))
        return;
    if (!isClassifier) {
        outcome.value = Value::of(sums[classes] / total);
        return;
    }
    const double divisor = strategy == Strategy::AggregateNodes ? total : 1;
    for (int i = 0; i < classes; ++i) {
        outcome.probability[size_t(i)] = sums[i] / divisor;
        outcome.confidence[size_t(i)] = sums[i] / divisor;
    }
}

namespace {

// Reads the nodes in document order, children beside each other in `childIndexes`.
class TreeReader
{
public:
    explicit TreeReader(ModelContext &context)
        : m_context(context)
        , m_reading(context.reading)
        , m_tree(std::make_unique<Tree>())
    {
    }

    std::unique_ptr<Evaluator> read()
    {
        const Node node = m_context.node;
        readStrategy();
        m_tree->missingPenalty = m_reading.numberOr(node, "missingValuePenalty", 1);
        m_tree->lastOnNoTrueChild =
            node.attributeOr("noTrueChildStrategy", "returnNullPrediction") == "returnLastPrediction";
        m_tree->isClassifier = m_context.model.purpose == Purpose::Classification;
        m_inFloat = m_context.model.inFloat;
        const Node root = node.child("Node");
        if (!root) {
            m_reading.fail(node, TreeText::tr("The tree has no Node."));
            return nullptr;
        }
        readNode(root);
        addDeclaredClasses(m_context);
        m_tree->classes = m_context.model.classes.size();
        m_tree->scratch = m_reading.newScratch(node, size_t(m_tree->classes) + 2);
        return std::move(m_tree);
    }

private:
    void readStrategy()
    {
        static constexpr std::pair<std::string_view, Tree::Strategy> strategies[] = {
            {"none", Tree::Strategy::None},
            {"lastPrediction", Tree::Strategy::LastPrediction},
            {"nullPrediction", Tree::Strategy::NullPrediction},
            {"defaultChild", Tree::Strategy::DefaultChild},
            {"weightedConfidence", Tree::Strategy::WeightedConfidence},
            {"aggregateNodes", Tree::Strategy::AggregateNodes},
        };
        const std::string_view name = m_context.node.attributeOr("missingValueStrategy", "none");
        const auto found = std::find_if(
            std::begin(strategies), std::end(strategies), [&](const auto &each) { return each.first == name; });
        if (found == std::end(strategies))
            m_reading.refuse(m_context.node, TreeText::tr("the missing value strategy %1").arg(quoted(name)));
        else
            m_tree->strategy = found->second;
    }

    int readNode(const Node &node)
    {
        const auto index = int(m_tree->nodes.size());
        m_tree->nodes.emplace_back();
        const auto id = node.attribute("id");
        m_context.model.entities.push_back(m_reading.texts.intern(id ? std::string(*id) : std::to_string(index + 1)));
        TreeNode made;
        made.predicate = m_tree->predicates.readIn(m_reading, m_context.scope, node);
        made.records = m_reading.numberOr(node, "recordCount", 0);
        std::vector<int> children;
        const auto defaultChild = node.attribute("defaultChild");
        for (const Node each : node) {
            if (each.is("Node")) {
                const int child = readNode(each);
                children.push_back(child);
                if (defaultChild && each.attribute("id") == defaultChild)
                    made.defaultChild = child;
            } else if (each.is("Regression") || each.is("DecisionTree")) {
                m_reading.refuse(each, TreeText::tr("a model inside of a tree's node (%1)").arg(quoted(each.name())));
            }
            if (m_reading.failed())
                return index;
        }
        if (defaultChild && made.defaultChild < 0)
            m_reading.fail(node,
                           TreeText::tr("The default child %1 is no child of its node.").arg(quoted(*defaultChild)));
        readScore(node, made);
        made.firstChild = int(m_tree->childIndexes.size());
        made.children = int(children.size());
        m_tree->childIndexes.insert(m_tree->childIndexes.end(), children.begin(), children.end());
        m_tree->nodes[size_t(index)] = made;
        return index;
    }

    void readScore(const Node &node, TreeNode &made)
    {
        Classes &classes = m_context.model.classes;
        const auto score = node.attribute("score");
        made.hasScore = score.has_value();
        if (score && !m_tree->isClassifier)
            made.value = m_inFloat ? double(float(m_reading.number(node, "score"))) : m_reading.number(node, "score");
        made.firstShare = int(m_tree->shares.size());
        double total = 0;
        for (const Node each : node) {
            if (!each.is("ScoreDistribution") || !m_tree->isClassifier)
                continue;
            Share share;
            share.category = classes.add(m_reading, m_reading.required(each, "value"), m_context.model.classType());
            share.records = m_reading.numberOr(each, "recordCount", 0);
            share.probability = m_reading.numberOr(each, "probability", notANumber);
            share.confidence = m_reading.numberOr(each, "confidence", notANumber);
            total += share.records;
            m_tree->shares.push_back(share);
        }
        made.shares = int(m_tree->shares.size()) - made.firstShare;
        double most = -1;
        for (int i = made.firstShare; i < made.firstShare + made.shares; ++i) {
            Share &share = m_tree->shares[size_t(i)];
            if (std::isnan(share.probability))
                share.probability = total > 0 ? share.records / total : notANumber;
            if (std::isnan(share.confidence))
                share.confidence = share.probability;
            if (std::isnan(share.probability))
                share.probability = share.confidence;
            if (share.probability > most) {
                most = share.probability;
                made.winner = share.category;
            }
        }
        if (score && m_tree->isClassifier)
            made.winner = classes.add(m_reading, *score, m_context.model.classType());
        if (made.winner >= 0)
            made.hasScore = true;
        if (made.shares == 0 && score && m_tree->isClassifier) {
            m_tree->shares.push_back({made.winner, 0, 1, 1}); // a label without a distribution is certain
            made.shares = 1;
        }
    }

    ModelContext &m_context;
    Reading &m_reading;
    std::unique_ptr<Tree> m_tree;
    bool m_inFloat = false;
};

} // namespace

std::unique_ptr<Evaluator> readTree(ModelContext &context) { return TreeReader(context).read(); }

} // namespace scoring::pmml
