#include "scoring/pmml/model/Mining.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace scoring::pmml {

namespace {

// The middle one; of two middle ones their mean.
double middle(double *values, size_t count)
{
    std::sort(values, values + count);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

// The first value by size at which half of the weight is reached.
double weightedMiddle(const double *values, const double *weights, size_t count)
{
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t(0));
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
    const double half = std::accumulate(weights, weights + count, 0.0) / 2;
    double sum = 0;
    for (const size_t i : order) {
        sum += weights[i];
        if (sum >= half)
            return values[i];
    }
    return values[order.back()];
}

template <typename Number> double summed(const double *values, const double *weights, size_t count)
{
    Number sum = 0;
    for (size_t i = 0; i < count; ++i)
        sum += weights ? Number(weights[i]) * Number(values[i]) : Number(values[i]);
    return double(sum);
}

} // namespace

void Mining::evaluate(Row &row, Outcome &outcome) const
{
    if (forest >= 0 && row.forestSums[size_t(forest)]) {
        conclude(row.forestSums[size_t(forest)], outcome);
        return;
    }
    for (const int slot : resetSlots)
        row.values[size_t(slot)] = Value::missing();
    for (const int each : resetOutcomes)
        row.outcomes[size_t(each)].evaluated = false;
    const Segment *last = nullptr;
    double missed = 0;
    double total = 0;
    for (const Segment &segment : segments) {
        if (predicates.evaluate(segment.predicate, row) != Truth::True)
            continue;
        segment.model->evaluate(row);
        if (row.invalidInput >= 0)
            return;
        const bool isNull = !row.outcomes[size_t(segment.model->outcome)].value.isPresent();
        total += segment.weight;
        missed += isNull ? segment.weight : 0;
        last = &segment;
        if (method == Method::SelectFirst)
            break;
    }
    if (!last)
        return;
    if (missing == Missing::ReturnMissing && missed > 0)
        return;
    if (missing == Missing::SkipSegment && method != Method::ModelChain && missed > missingThreshold * total)
        return;
    if (method == Method::SelectFirst || method == Method::ModelChain)
        take(*last, row, outcome);
    else if (method == Method::SelectAll)
        selectAll(row, outcome);
    else
        combine(row, outcome);
}

// The trees have marched already: what they add up to, divided as the method says.
void Mining::conclude(const double *sums, Outcome &outcome) const
{
    double divisor = 1;
    if (method == Method::Average || method == Method::MajorityVote)
        divisor = double(segments.size());
    else if (method == Method::WeightedAverage || method == Method::WeightedMajorityVote)
        divisor = totalWeight;
    if (!isClassifier) {
        outcome.margin.front() = sums[0] / divisor;
        outcome.value = Value::of(sums[0] / divisor);
        return;
    }
    for (int i = 0; i < classes; ++i)
        outcome.probability[size_t(i)] = sums[i] / divisor;
}

bool Mining::counts(const Segment &segment, const Row &row) const
{
    return row.outcomes[size_t(segment.model->outcome)].evaluated;
}

void Mining::take(const Segment &segment, const Row &row, Outcome &outcome) const
{
    const Outcome &chosen = row.outcomes[size_t(segment.model->outcome)];
    outcome.value = chosen.value;
    outcome.entity = chosen.entity;
    outcome.ranking = chosen.ranking;
    for (size_t i = 0; i < chosen.affinity.size() && i < outcome.affinity.size(); ++i)
        outcome.affinity[i] = chosen.affinity[i];
    if (!isClassifier) {
        outcome.margin.front() = chosen.margin.empty() ? notANumber : chosen.margin.front();
        return;
    }
    outcome.winner = chosen.winner < 0 ? -1 : segment.classes[size_t(chosen.winner)];
    for (size_t i = 0; i < segment.classes.size(); ++i) {
        outcome.probability[size_t(segment.classes[i])] = chosen.probability[i];
        outcome.confidence[size_t(segment.classes[i])] = chosen.confidence[i];
        outcome.margin[size_t(segment.classes[i])] = chosen.margin[i];
    }
}

// All predictions, as one text.
void Mining::selectAll(Row &row, Outcome &outcome) const
{
    std::string all;
    for (const Segment &segment : segments) {
        if (!counts(segment, row))
            continue;
        if (!all.empty())
            all += ", ";
        all += textOf(row.outcomes[size_t(segment.model->outcome)].value, row.texts);
    }
    outcome.value = Value::ofText(row.texts.keep(all));
}

void Mining::combine(Row &row, Outcome &outcome) const
{
    const bool votes = method == Method::MajorityVote || method == Method::WeightedMajorityVote;
    if (isClustering || (isClassifier && votes)) {
        vote(row, outcome);
        return;
    }
    if (isClassifier) {
        combineProbabilities(row, outcome);
        return;
    }
    double *values = row.scratch.data() + scratch;
    double *weights = row.scratch.data() + weightScratch;
    size_t count = 0;
    for (const Segment &segment : segments) {
        if (!counts(segment, row))
            continue;
        const Value &value = row.outcomes[size_t(segment.model->outcome)].value;
        if (!value.isNumber()) {
            if (missing == Missing::SkipSegment)
                continue;
            return; // a missing part makes the whole missing
        }
        values[count] = value.number;
        weights[count++] = segment.weight;
    }
    if (count > 0)
        combineNumbers(row, outcome, values, weights, count);
}

void Mining::combineNumbers(Row & /*row*/, Outcome &outcome, double *values, double *weights, size_t count) const
{
    const auto sum = [&](bool weighted) {
        return inFloat ? summed<float>(values, weighted ? weights : nullptr, count)
                       : summed<double>(values, weighted ? weights : nullptr, count);
    };
    double result = notANumber;
    switch (method) {
    case Method::Average:
    case Method::MajorityVote:
        result = inFloat ? double(float(sum(false)) / float(count)) : sum(false) / double(count);
        break;
    case Method::WeightedAverage:
    case Method::WeightedMajorityVote:
        result = sum(true) / std::accumulate(weights, weights + count, 0.0);
        break;
    case Method::Median:
        result = middle(values, count);
        break;
    case Method::WeightedMedian:
        result = weightedMiddle(values, weights, count);
        break;
    case Method::Max:
        result = *std::max_element(values, values + count);
        break;
    case Method::Sum:
        result = sum(false);
        break;
    case Method::WeightedSum:
        result = sum(true);
        break;
    default:
        break;
    }
    outcome.margin.front() = result;
    if (!std::isnan(result))
        outcome.value = Value::of(result);
}

void Mining::vote(const Row &row, Outcome &outcome) const
{
    double total = 0;
    std::vector<double> &votes = isClustering ? outcome.affinity : outcome.probability;
    std::fill(votes.begin(), votes.end(), 0.0);
    for (const Segment &segment : segments) {
        const Outcome &each = row.outcomes[size_t(segment.model->outcome)];
        const int winner = isClustering ? each.entity : each.winner;
        if (!counts(segment, row) || winner < 0 || size_t(winner) >= segment.classes.size())
            continue;
        const double weight = method == Method::WeightedMajorityVote ? segment.weight : 1;
        votes[size_t(segment.classes[size_t(winner)])] += weight;
        total += weight;
    }
    if (!(total > 0)) {
        std::fill(votes.begin(), votes.end(), notANumber);
        return;
    }
    for (double &each : votes)
        each /= total;
    if (isClustering)
        outcome.entity = int(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

void Mining::combineProbabilities(Row &row, Outcome &outcome) const
{
    double *values = row.scratch.data() + scratch;
    double *weights = row.scratch.data() + weightScratch;
    if (method == Method::Max) { // the segment that is surest of its class
        const Segment *surest = nullptr;
        double greatest = -1;
        for (const Segment &segment : segments) {
            const Outcome &each = row.outcomes[size_t(segment.model->outcome)];
            if (!counts(segment, row) || each.winner < 0 || !(each.probability[size_t(each.winner)] > greatest))
                continue;
            greatest = each.probability[size_t(each.winner)];
            surest = &segment;
        }
        if (surest)
            take(*surest, row, outcome);
        return;
    }
    for (int category = 0; category < classes; ++category) {
        size_t count = 0;
        for (const Segment &segment : segments) {
            const Outcome &each = row.outcomes[size_t(segment.model->outcome)];
            if (!counts(segment, row) || each.winner < 0)
                continue;
            double p = 0;
            for (size_t i = 0; i < segment.classes.size(); ++i) {
                if (segment.classes[i] == category && !std::isnan(each.probability[i]))
                    p = each.probability[i];
            }
            values[count] = p;
            weights[count++] = segment.weight;
        }
        if (count == 0)
            return;
        const bool weighted = method == Method::WeightedAverage || method == Method::WeightedSum;
        const double sum = inFloat ? summed<float>(values, weighted ? weights : nullptr, count)
                                   : summed<double>(values, weighted ? weights : nullptr, count);
        double &p = outcome.probability[size_t(category)];
        if (method == Method::Median)
            p = middle(values, count);
        else if (method == Method::WeightedMedian)
            p = weightedMiddle(values, weights, count);
        else if (method == Method::Sum || method == Method::WeightedSum)
            p = sum;
        else if (weighted)
            p = sum / std::accumulate(weights, weights + count, 0.0);
        else
            p = inFloat ? double(float(sum) / float(count)) : sum / double(count);
    }
}

} // namespace scoring::pmml
