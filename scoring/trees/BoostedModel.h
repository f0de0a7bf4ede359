#pragma once

#include "scoring/Model.h"
#include "scoring/trees/TreeEnsemble.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scoring::trees {

// What a row's sums, its margins, are turned into.
enum class Meaning : uint8_t {
    Number, // as they are
    Exp,
    SignedSquare, // sign(x) x²: learned on square roots
    Logistic, // a number from 0 to 1
    LogOnePlusExp,
    TwoClasses, // the logistic function of one margin is the probability of class 1
    Sign, // class 1 where the margin is above 0, no probabilities
    Softmax, // one margin for each class
    OneVsAll // one margin for each class, a logistic function for each, not normalised
};

// The codes trees test for the categories of one feature.
struct CategoryCodes
{
    struct Hash : std::hash<std::string_view>
    {
        using is_transparent = void;
    };
    std::unordered_map<std::string, int, Hash, std::equal_to<>> texts; // of a Text field
    std::unordered_map<double, int> numbers; // of any other
    bool refusesUnseen = false; // false: a category training has not seen is missing
};

// What a reader gives: trees, or the weights of a linear booster, and how their sums are to be read.
struct BoostedTrees
{
    QString algorithm;
    QList<Field> inputs; // as many as the ensemble has features
    std::vector<std::optional<CategoryCodes>> codes; // of each input
    TreeEnsemble ensemble;
    std::vector<float> linear; // (inputs + 1) × outputs, row-major, the intercepts last; empty = trees
    Meaning meaning = Meaning::Number;
    double slope = 1; // the logistic function is that of slope × margin
    std::vector<double> base; // the margins before the first tree: outputs
    std::vector<int> roundEnds; // trees in the first round, in the first two, …
    int usedRounds = 0; // unless ScoreOptions::iterations says otherwise
    bool averages = false; // margins are divided by the number of rounds
    bool leavesAreShares = false; // no link: margins are probabilities, or the number, already
    bool refusesInfinity = false;
};

// XGBoost and LightGBM models. Outputs: "label" (classes are called 0, 1, …) and "probability(CLASS)", or "prediction";
// Raw gives "margin" or "margin(CLASS)", Leaf "leaf(TREE)" with TREE from 1. In single precision throughout where the
// trees are. The probability of class 0 of two is 1 − p, as the libraries' own classifiers have it.
class BoostedModel final : public Model
{
public:
    static ModelPtr make(BoostedTrees trees);

    // Errors: Unsupported: probabilities of a model that predicts a number, leaves or rounds of a linear booster.
    engine::Result<std::unique_ptr<Scorer>> scorer(const ScoreOptions &options) const override;

    const BoostedTrees &trees() const { return m_trees; }

private:
    BoostedModel(Description description, BoostedTrees trees);

    BoostedTrees m_trees;
};

} // namespace scoring::trees
