#pragma once

#include "scoring/pmml/model/ModelElement.h"
#include "scoring/pmml/Predicate.h"

#include <vector>

namespace scoring::pmml {

// A MiningModel: segments, and how their answers become one.
class Mining : public Evaluator
{
public:
    enum class Method : uint8_t {
        MajorityVote,
        WeightedMajorityVote,
        Average,
        WeightedAverage,
        Median,
        WeightedMedian,
        Max,
        Sum,
        WeightedSum,
        SelectFirst,
        SelectAll,
        ModelChain
    };
    enum class Missing : uint8_t { Continue, SkipSegment, ReturnMissing };

    struct Segment
    {
        int predicate = 0;
        double weight = 1;
        const ModelElement *model = nullptr;
        std::vector<int> classes; // of the segment, as classes of the whole
    };

    void evaluate(Row &row, Outcome &outcome) const override;

    Method method = Method::MajorityVote;
    Missing missing = Missing::Continue;
    double missingThreshold = 1;
    bool isClassifier = false;
    bool isClustering = false;
    bool inFloat = false;
    Predicates predicates;
    std::vector<Segment> segments;
    std::vector<int> resetSlots; // outputs of segments: missing until their segment is evaluated
    std::vector<int> resetOutcomes;
    int forest = -1; // in Row::forestSums, where the segments are plain trees
    double totalWeight = 0; // of all segments together
    int classes = 0;
    int scratch = 0; // classes, twice the segments
    int weightScratch = 0;

private:
    void conclude(const double *sums, Outcome &outcome) const;
    void selectAll(Row &row, Outcome &outcome) const;
    void take(const Segment &segment, const Row &row, Outcome &outcome) const;
    void combine(Row &row, Outcome &outcome) const;
    void combineNumbers(Row &row, Outcome &outcome, double *values, double *weights, size_t count) const;
    void vote(const Row &row, Outcome &outcome) const;
    void combineProbabilities(Row &row, Outcome &outcome) const;
    bool counts(const Segment &segment, const Row &row) const;
};

} // namespace scoring::pmml
