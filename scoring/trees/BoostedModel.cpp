#include "scoring/trees/BoostedModel.h"

#include "scoring/trees/BoostedScorer.h"

#include <QCoreApplication>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::trees {

namespace {

struct BoostedText
{
    Q_DECLARE_TR_FUNCTIONS(BoostedText)
};

int classesOf(const BoostedTrees &trees)
{
    switch (trees.meaning) {
    case Meaning::TwoClasses:
    case Meaning::Sign:
        return 2;
    case Meaning::Softmax:
    case Meaning::OneVsAll:
        return trees.ensemble.shape().outputs;
    default:
        return 0;
    }
}

} // namespace

BoostedModel::BoostedModel(Description description, BoostedTrees trees)
    : Model(std::move(description))
    , m_trees(std::move(trees))
{
}

ModelPtr BoostedModel::make(BoostedTrees trees)
{
    Description description;
    description.algorithm = trees.algorithm;
    description.inputs = trees.inputs;
    for (int k = 0; k < classesOf(trees); ++k)
        description.classes << QString::number(k);
    return ModelPtr(new BoostedModel(std::move(description), std::move(trees)));
}

Result<std::unique_ptr<Scorer>> BoostedModel::scorer(const ScoreOptions &options) const
{
    const bool isLinear = !m_trees.linear.empty();
    const bool hasProbabilities = !description().classes.isEmpty() && m_trees.meaning != Meaning::Sign;
    if (options.output == OutputChoice::Leaf && isLinear)
        return Error{ErrorCode::Unsupported, BoostedText::tr("A linear booster has no leaves."), {}};
    if (options.output == OutputChoice::Probability && !hasProbabilities)
        return Error{ErrorCode::Unsupported, BoostedText::tr("This model gives no probabilities."), {}};
    if (options.output == OutputChoice::Label && description().classes.isEmpty())
        return Error{ErrorCode::Unsupported, BoostedText::tr("This model predicts a number and has no label."), {}};
    int rounds = m_trees.usedRounds;
    if (options.iterations) {
        if (isLinear)
            return Error{ErrorCode::Unsupported, BoostedText::tr("A linear booster has no rounds to choose."), {}};
        rounds = *options.iterations;
        if (rounds < 1 || size_t(rounds) > m_trees.roundEnds.size())
            return Error{ErrorCode::InvalidInput,
                         BoostedText::tr("The model has %n round(s); choose from 1 to that.",
                                         nullptr,
                                         int(m_trees.roundEnds.size())),
                         {}};
    }
    return std::unique_ptr<Scorer>(std::make_unique<BoostedScorer>(
        std::static_pointer_cast<const BoostedModel>(shared_from_this()), options.output, rounds));
}

} // namespace scoring::trees
