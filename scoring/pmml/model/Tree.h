#pragma once

#include "scoring/pmml/model/ModelElement.h"
#include "scoring/pmml/Predicate.h"

#include <vector>

namespace scoring::pmml {

// A class's part of the records of a node.
struct Share
{
    int category = -1;
    double records = 0;
    double probability = 0;
    double confidence = 0;
};

struct TreeNode
{
    int predicate = 0;
    int firstChild = 0; // in Tree::childIndexes
    int children = 0;
    int defaultChild = -1; // in Tree::nodes
    double value = 0; // a regression's score
    double records = 0;
    int winner = -1; // a classifier's score
    int firstShare = 0; // in Tree::shares
    int shares = 0;
    bool hasScore = false;
};

// A TreeModel; node 0 is its root.
class Tree : public Evaluator
{
public:
    // What happens where a predicate is unknown.
    enum class Strategy : uint8_t {
        None, // it counts as false
        LastPrediction,
        NullPrediction,
        DefaultChild,
        WeightedConfidence,
        AggregateNodes
    };

    void evaluate(Row &row, Outcome &outcome) const override;

    Predicates predicates;
    std::vector<TreeNode> nodes;
    std::vector<int> childIndexes;
    std::vector<Share> shares;
    Strategy strategy = Strategy::None;
    bool lastOnNoTrueChild = false;
    bool isClassifier = false;
    double missingPenalty = 1;
    int classes = 0;
    int scratch = 0;

private:
    int walk(const Row &row, double &penalty) const;
    void conclude(int index, double penalty, Outcome &outcome) const;
    void collect(int index, double weight, Row &row) const;
    void aggregate(Row &row, Outcome &outcome) const;
};

} // namespace scoring::pmml
