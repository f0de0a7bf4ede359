#include "scoring/metrics/RankedScores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace scoring {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

// The z of a two-sided interval, by bisection: erfc is exact, its inverse is not in the library.
double normalQuantile(double confidence)
{
    double low = 0;
    double high = 40;
    for (int i = 0; i < 200; ++i) {
        const double middle = (low + high) / 2;
        (std::erfc(middle / std::sqrt(2.0)) > 1 - confidence ? low : high) = middle;
    }
    return low;
}

// For each row of one kind how many rows of the other kind it is above, equals counting half, by their number.
struct Placements
{
    std::vector<double> ofPositives;
    std::vector<double> ofNegatives;
};

Placements placements(const RankedScores &ranked)
{
    Placements placed;
    double positivesAbove = 0;
    double negativesAbove = 0;
    const double positives = double(
        std::count_if(ranked.positives.begin(), ranked.positives.end(), [](double weight) { return weight > 0; }));
    const double negatives = double(
        std::count_if(ranked.negatives.begin(), ranked.negatives.end(), [](double weight) { return weight > 0; }));
    for (size_t first = 0; first < ranked.scores.size();) {
        size_t last = first;
        double positivesHere = 0;
        double negativesHere = 0;
        for (; last < ranked.scores.size() && ranked.scores[last] == ranked.scores[first]; ++last) {
            positivesHere += ranked.positives[last] > 0;
            negativesHere += ranked.negatives[last] > 0;
        }
        const double below = negatives - negativesAbove - negativesHere;
        placed.ofPositives.insert(
            placed.ofPositives.end(), size_t(positivesHere), (below + 0.5 * negativesHere) / negatives);
        placed.ofNegatives.insert(
            placed.ofNegatives.end(), size_t(negativesHere), (positivesAbove + 0.5 * positivesHere) / positives);
        positivesAbove += positivesHere;
        negativesAbove += negativesHere;
        first = last;
    }
    return placed;
}

double varianceOf(const std::vector<double> &values)
{
    const double n = double(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    return squares / (n - 1);
}

} // namespace

double ThresholdPoint::recall() const { return ratio(truePositives, truePositives + falseNegatives); }
double ThresholdPoint::falsePositiveRate() const { return ratio(falsePositives, falsePositives + trueNegatives); }
double ThresholdPoint::precision() const
{
    const double predicted = truePositives + falsePositives;
    return predicted == 0 ? 1 : truePositives / predicted;
}
double ThresholdPoint::f1() const
{
    return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
}
double ThresholdPoint::accuracy() const
{
    return ratio(truePositives + trueNegatives, truePositives + trueNegatives + falsePositives + falseNegatives);
}
double ThresholdPoint::cost(double ofFalsePositive, double ofFalseNegative) const
{
    return ofFalsePositive * falsePositives + ofFalseNegative * falseNegatives;
}

RankedScores
rankScores(std::span<const double> scores, std::span<const uint8_t> isPositive, std::span<const double> weights)
{
    std::vector<int> order(scores.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return scores[size_t(a)] > scores[size_t(b)]; });
    RankedScores ranked;
    ranked.scores.reserve(scores.size());
    for (const int row : order) {
        const double weight = weights.empty() ? 1 : weights[size_t(row)];
        const bool is = isPositive[size_t(row)] != 0;
        ranked.scores.push_back(scores[size_t(row)]);
        ranked.positives.push_back(is ? weight : 0);
        ranked.negatives.push_back(is ? 0 : weight);
        (is ? ranked.positiveWeight : ranked.negativeWeight) += weight;
    }
    return ranked;
}

std::vector<ThresholdPoint> thresholdPoints(const RankedScores &ranked)
{
    ThresholdPoint point;
    point.threshold = std::numeric_limits<double>::infinity();
    point.trueNegatives = ranked.negativeWeight;
    point.falseNegatives = ranked.positiveWeight;
    std::vector<ThresholdPoint> points{point};
    for (size_t i = 0; i < ranked.scores.size(); ++i) {
        point.threshold = ranked.scores[i];
        point.truePositives += ranked.positives[i];
        point.falsePositives += ranked.negatives[i];
        if (i + 1 < ranked.scores.size() && ranked.scores[i + 1] == ranked.scores[i])
            continue;
        point.trueNegatives = std::max(0.0, ranked.negativeWeight - point.falsePositives);
        point.falseNegatives = std::max(0.0, ranked.positiveWeight - point.truePositives);
        points.push_back(point);
    }
    return points;
}

std::vector<ThresholdPoint> thinned(const std::vector<ThresholdPoint> &points, int most)
{
    if (points.size() <= size_t(most) || most < 2)
        return points;
    std::vector<ThresholdPoint> fewer;
    const double step = double(points.size() - 1) / (most - 1);
    for (int i = 0; i < most; ++i)
        fewer.push_back(points[size_t(std::lround(i * step))]);
    return fewer;
}

std::vector<ThresholdPoint> pointsAt(const RankedScores &ranked, std::span<const double> thresholds)
{
    const std::vector<ThresholdPoint> all = thresholdPoints(ranked);
    std::vector<ThresholdPoint> points;
    for (const double threshold : thresholds) {
        // The last point whose threshold is not below the one asked for.
        auto found = std::partition_point(
            all.begin(), all.end(), [&](const ThresholdPoint &point) { return point.threshold >= threshold; });
        points.push_back(*(found - 1));
        points.back().threshold = threshold;
    }
    return points;
}

double rocAuc(const RankedScores &ranked)
{
    if (ranked.positiveWeight == 0 || ranked.negativeWeight == 0)
        return undefined;
    double area = 0;
    double positivesAbove = 0;
    for (size_t first = 0; first < ranked.scores.size();) {
        size_t last = first;
        double positives = 0;
        double negatives = 0;
        for (; last < ranked.scores.size() && ranked.scores[last] == ranked.scores[first]; ++last) {
            positives += ranked.positives[last];
            negatives += ranked.negatives[last];
        }
        area += negatives * (positivesAbove + 0.5 * positives);
        positivesAbove += positives;
        first = last;
    }
    return area / (ranked.positiveWeight * ranked.negativeWeight);
}

double averagePrecision(const RankedScores &ranked)
{
    if (ranked.positiveWeight == 0)
        return undefined;
    double sum = 0;
    double before = 0;
    for (const ThresholdPoint &point : thresholdPoints(ranked)) {
        sum += (point.recall() - before) * point.precision();
        before = point.recall();
    }
    return sum;
}

double kolmogorovSmirnov(const RankedScores &ranked)
{
    if (ranked.positiveWeight == 0 || ranked.negativeWeight == 0)
        return undefined;
    double largest = 0;
    for (const ThresholdPoint &point : thresholdPoints(ranked))
        largest = std::max(largest, point.recall() - point.falsePositiveRate());
    return largest;
}

double liftAt(const RankedScores &ranked, double share)
{
    const double total = ranked.totalWeight();
    if (ranked.positiveWeight == 0)
        return undefined;
    double weight = 0;
    double positives = 0;
    for (size_t i = 0; i < ranked.scores.size() && (weight == 0 || weight < share * total); ++i) {
        weight += ranked.positives[i] + ranked.negatives[i];
        positives += ranked.positives[i];
    }
    return (positives / weight) / (ranked.positiveWeight / total);
}

Interval delongInterval(const RankedScores &ranked, double confidence)
{
    const Placements placed = placements(ranked);
    if (placed.ofPositives.size() < 2 || placed.ofNegatives.size() < 2)
        return {undefined, undefined};
    const double variance = varianceOf(placed.ofPositives) / double(placed.ofPositives.size())
        + varianceOf(placed.ofNegatives) / double(placed.ofNegatives.size());
    const double area =
        std::accumulate(placed.ofPositives.begin(), placed.ofPositives.end(), 0.0) / double(placed.ofPositives.size());
    const double reach = normalQuantile(confidence) * std::sqrt(variance);
    return {std::max(0.0, area - reach), std::min(1.0, area + reach)};
}

std::vector<GainRow> gainTable(const RankedScores &ranked, int parts)
{
    std::vector<GainRow> table;
    const double total = ranked.totalWeight();
    const double baseRate = ratio(ranked.positiveWeight, total);
    double weight = 0;
    double positives = 0;
    size_t next = 0;
    for (int part = 1; part <= parts; ++part) {
        GainRow row;
        row.part = part;
        const double until = total * part / parts;
        while (next < ranked.scores.size() && (part == parts || weight < until)) {
            const double own = ranked.positives[next] + ranked.negatives[next];
            row.weight += own;
            row.positives += ranked.positives[next];
            weight += own;
            positives += ranked.positives[next];
            row.leastScore = ranked.scores[next];
            ++next;
        }
        row.rate = ratio(row.positives, row.weight);
        row.lift = ratio(row.rate, baseRate);
        row.cumulativeGain = ratio(positives, ranked.positiveWeight);
        row.cumulativeLift = ratio(ratio(positives, weight), baseRate);
        table.push_back(row);
    }
    return table;
}

std::vector<CalibrationBin> calibration(const RankedScores &ranked, Bins kind, int bins)
{
    std::vector<double> edges;
    for (int i = 0; i <= bins; ++i) {
        if (kind == Bins::Uniform || ranked.scores.empty()) {
            edges.push_back(double(i) / bins);
            continue;
        }
        // NumPy's percentiles: linear between the two nearest scores.
        const double place = double(ranked.scores.size() - 1) * i / bins;
        const size_t below = size_t(place);
        const size_t last = ranked.scores.size() - 1;
        const double low = ranked.scores[last - below];
        const double high = ranked.scores[last - std::min(below + 1, last)];
        edges.push_back(low + (high - low) * (place - double(below)));
    }
    std::vector<CalibrationBin> result(static_cast<size_t>(bins));
    for (size_t i = 0; i < result.size(); ++i) {
        result[i].low = edges[i];
        result[i].high = edges[i + 1];
    }
    for (size_t i = 0; i < ranked.scores.size(); ++i) {
        // As scikit-learn does it: a score that equals an edge belongs to the bin below.
        const auto found = std::lower_bound(edges.begin() + 1, edges.end() - 1, ranked.scores[i]);
        CalibrationBin &bin = result[size_t(found - edges.begin() - 1)];
        const double weight = ranked.positives[i] + ranked.negatives[i];
        bin.weight += weight;
        bin.meanScore += weight * ranked.scores[i];
        bin.observedRate += ranked.positives[i];
    }
    for (CalibrationBin &bin : result) {
        bin.meanScore = bin.weight > 0 ? bin.meanScore / bin.weight : undefined;
        bin.observedRate = bin.weight > 0 ? bin.observedRate / bin.weight : undefined;
    }
    return result;
}

double expectedCalibrationError(const std::vector<CalibrationBin> &bins)
{
    double weight = 0;
    double sum = 0;
    for (const CalibrationBin &bin : bins) {
        if (bin.weight == 0)
            continue;
        weight += bin.weight;
        sum += bin.weight * std::fabs(bin.meanScore - bin.observedRate);
    }
    return weight == 0 ? undefined : sum / weight;
}

std::vector<HistogramBin> scoreHistogram(const RankedScores &ranked, int bins)
{
    std::vector<HistogramBin> result(static_cast<size_t>(bins));
    for (int i = 0; i < bins; ++i) {
        result[size_t(i)].low = double(i) / bins;
        result[size_t(i)].high = double(i + 1) / bins;
    }
    for (size_t i = 0; i < ranked.scores.size(); ++i) {
        const int bin = std::clamp(int(ranked.scores[i] * bins), 0, bins - 1);
        result[size_t(bin)].positives += ranked.positives[i];
        result[size_t(bin)].negatives += ranked.negatives[i];
    }
    return result;
}

} // namespace scoring
