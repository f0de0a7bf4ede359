#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace scoring {

// Rows with the score of one class, ordered from the highest score down; of equals the earlier row comes first.
struct RankedScores
{
    std::vector<double> scores;
    std::vector<double> positives; // weight of the row where it is of the class, else 0
    std::vector<double> negatives; // and the other way round
    double positiveWeight = 0; // sums
    double negativeWeight = 0;

    double totalWeight() const { return positiveWeight + negativeWeight; }
};

// `isPositive`: 1 or 0 for each row; `weights` may be empty: all 1. Scores are finite.
RankedScores
rankScores(std::span<const double> scores, std::span<const uint8_t> isPositive, std::span<const double> weights = {});

// What a threshold makes of the rows: those with a score of at least `threshold` are predicted positive.
struct ThresholdPoint
{
    double threshold = 0; // infinite in the first point, where nothing is predicted positive
    double truePositives = 0; // weights
    double falsePositives = 0;
    double trueNegatives = 0;
    double falseNegatives = 0;

    double recall() const; // true positive rate; 0 where there is no positive row
    double falsePositiveRate() const;
    double precision() const; // 1 in the first point
    double f1() const;
    double accuracy() const;
    double cost(double ofFalsePositive, double ofFalseNegative) const;
};

// One point for each distinct score, from the highest down, (0, 0) first: ROC and precision-recall curve.
std::vector<ThresholdPoint> thresholdPoints(const RankedScores &ranked);
// At most `most` of them, first and last kept, evenly by the number of points.
std::vector<ThresholdPoint> thinned(const std::vector<ThresholdPoint> &points, int most);
// The points at the given thresholds, ascending or not.
std::vector<ThresholdPoint> pointsAt(const RankedScores &ranked, std::span<const double> thresholds);

// P(score of a positive row > of a negative one) + ½ P(equal). NaN without rows of both.
double rocAuc(const RankedScores &ranked);
// Σ (recall − recall before) · precision. NaN without positive rows.
double averagePrecision(const RankedScores &ranked);
double kolmogorovSmirnov(const RankedScores &ranked); // largest difference of recall and false positive rate
// Rate of positives among the best `share` of the weight (at least one row), by that of all rows.
double liftAt(const RankedScores &ranked, double share);

// DeLong's interval of the area at this confidence, within [0, 1]. For rows of equal weight only; NaN with fewer than
// two rows of a kind.
struct Interval
{
    double low = 0;
    double high = 0;
};
Interval delongInterval(const RankedScores &ranked, double confidence = 0.95);

// Tenths of the rows, from the highest scores down.
struct GainRow
{
    int part = 0; // 1-based
    double weight = 0;
    double positives = 0;
    double rate = 0; // positives / weight
    double lift = 0; // rate / rate of all rows
    double cumulativeGain = 0; // share of all positives in this and the parts above
    double cumulativeLift = 0;
    double leastScore = 0;
};
std::vector<GainRow> gainTable(const RankedScores &ranked, int parts = 10);

enum class Bins : uint8_t { Uniform, Quantile };
struct CalibrationBin
{
    double low = 0; // of the scores it is for; the last one includes its end
    double high = 0;
    double weight = 0;
    double meanScore = 0; // NaN when empty
    double observedRate = 0;
};
std::vector<CalibrationBin> calibration(const RankedScores &ranked, Bins kind, int bins = 10);
// Mean difference of score and rate, by weight.
double expectedCalibrationError(const std::vector<CalibrationBin> &bins);

// Weights of positives and negatives in equal parts of [0, 1].
struct HistogramBin
{
    double low = 0;
    double high = 0;
    double positives = 0;
    double negatives = 0;
};
std::vector<HistogramBin> scoreHistogram(const RankedScores &ranked, int bins = 20);

} // namespace scoring
