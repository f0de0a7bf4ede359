#include "scoring/metrics/ClassMetrics.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace scoring {

namespace {

struct ClassMetricsText
{
    Q_DECLARE_TR_FUNCTIONS(ClassMetricsText)
};

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double undefinedNumber = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

bool areEqual(const std::vector<double> &weights)
{
    return weights.empty()
        || std::all_of(weights.begin(), weights.end(), [&](double weight) { return weight == weights.front(); });
}

void measurePerClass(const QStringList &names, ClassificationMetrics &metrics)
{
    const size_t classes = metrics.confusion.size();
    double present = 0;
    double counted = 0;
    for (size_t k = 0; k < classes; ++k) {
        double predicted = 0;
        for (size_t t = 0; t < classes; ++t)
            predicted += metrics.confusion[t][k];
        const double right = metrics.confusion[k][k];
        ClassMetrics one;
        one.support = std::accumulate(metrics.confusion[k].begin(), metrics.confusion[k].end(), 0.0);
        one.precision = ratio(right, predicted);
        one.recall = ratio(right, one.support);
        one.f1 = ratio(2 * right, predicted + one.support);
        if (predicted == 0)
            metrics.undefined.append(
                ClassMetricsText::tr("Precision of “%1”: no row was predicted to be of this class.")
                    .arg(names.value(int(k))));
        if (one.support == 0)
            metrics.undefined.append(
                ClassMetricsText::tr("Recall of “%1”: no row is of this class.").arg(names.value(int(k))));
        metrics.perClass.push_back(one);
        if (one.support > 0) {
            present += 1;
            metrics.balancedAccuracy += one.recall;
        }
        if (one.support == 0 && predicted == 0)
            continue; // a class that is nowhere has no part in the means
        counted += 1;
        metrics.macro.precision += one.precision;
        metrics.macro.recall += one.recall;
        metrics.macro.f1 += one.f1;
        metrics.weighted.precision += one.precision * one.support;
        metrics.weighted.recall += one.recall * one.support;
        metrics.weighted.f1 += one.f1 * one.support;
    }
    metrics.balancedAccuracy = ratio(metrics.balancedAccuracy, present);
    for (double *const mean : {&metrics.macro.precision, &metrics.macro.recall, &metrics.macro.f1})
        *mean = ratio(*mean, counted);
    for (double *const mean : {&metrics.weighted.precision, &metrics.weighted.recall, &metrics.weighted.f1})
        *mean = ratio(*mean, metrics.weight);
    metrics.macro.support = metrics.weighted.support = metrics.weight;
}

double matthewsOf(const std::vector<std::vector<double>> &confusion)
{
    const size_t classes = confusion.size();
    double total = 0;
    double right = 0;
    double both = 0;
    double predictedSquares = 0;
    double trueSquares = 0;
    for (size_t k = 0; k < classes; ++k) {
        double predicted = 0;
        double truth = 0;
        for (size_t other = 0; other < classes; ++other) {
            predicted += confusion[other][k];
            truth += confusion[k][other];
        }
        total += truth;
        right += confusion[k][k];
        both += predicted * truth;
        predictedSquares += predicted * predicted;
        trueSquares += truth * truth;
    }
    const double squares = (total * total - predictedSquares) * (total * total - trueSquares);
    return squares <= 0 ? 0 : (right * total - both) / std::sqrt(squares);
}

ClassificationMetrics::Binary measureBinary(const ScoredClasses &scored, const ClassificationMetrics &metrics)
{
    ClassificationMetrics::Binary binary;
    const size_t positive = size_t(scored.positive);
    const RankedScores ranked = rankedBy(scored, scored.positive);
    binary.precision = metrics.perClass[positive].precision;
    binary.recall = metrics.perClass[positive].recall;
    binary.f1 = metrics.perClass[positive].f1;
    binary.specificity = metrics.perClass[1 - positive].recall;
    binary.averagePrecision = averagePrecision(ranked);
    binary.gini = 2 * metrics.rocAuc - 1;
    binary.kolmogorovSmirnov = kolmogorovSmirnov(ranked);
    binary.liftTopTenth = liftAt(ranked, 0.1);
    binary.calibrationError = expectedCalibrationError(calibration(ranked, Bins::Uniform));
    binary.rocAucInterval =
        areEqual(scored.weights) ? delongInterval(ranked) : Interval{undefinedNumber, undefinedNumber};
    double squares = 0;
    for (size_t i = 0; i < scored.truth.size(); ++i) {
        const double target = scored.truth[i] == scored.positive ? 1 : 0;
        const double rest = scored.probabilities[2 * i + positive] - target;
        squares += (scored.weights.empty() ? 1 : scored.weights[i]) * rest * rest;
    }
    binary.brier = ratio(squares, metrics.weight);
    return binary;
}

} // namespace

RankedScores rankedBy(const ScoredClasses &scored, int category)
{
    std::vector<double> scores;
    std::vector<uint8_t> is;
    for (size_t i = 0; i < scored.truth.size(); ++i) {
        scores.push_back(scored.probabilities[i * size_t(scored.classes) + size_t(category)]);
        is.push_back(scored.truth[i] == category ? 1 : 0);
    }
    return rankScores(scores, is, scored.weights);
}

ClassificationMetrics measureClasses(const ScoredClasses &scored, const QStringList &classes)
{
    ClassificationMetrics metrics;
    const size_t count = size_t(scored.classes);
    metrics.rows = int(scored.truth.size());
    metrics.confusion.assign(count, std::vector<double>(count, 0));
    double right = 0;
    for (size_t i = 0; i < scored.truth.size(); ++i) {
        const double weight = scored.weights.empty() ? 1 : scored.weights[i];
        metrics.weight += weight;
        metrics.confusion[size_t(scored.truth[i])][size_t(scored.predicted[i])] += weight;
        right += scored.truth[i] == scored.predicted[i] ? weight : 0;
        const double p = scored.probabilities[i * count + size_t(scored.truth[i])];
        metrics.logLoss -= weight * std::log(std::clamp(p, epsilon, 1 - epsilon));
    }
    metrics.accuracy = ratio(right, metrics.weight);
    metrics.logLoss = ratio(metrics.logLoss, metrics.weight);
    metrics.matthews = matthewsOf(metrics.confusion);
    measurePerClass(classes, metrics);
    for (int k = 0; k < scored.classes; ++k)
        metrics.rocAucs.push_back(rocAuc(rankedBy(scored, k)));
    if (scored.classes == 2) {
        metrics.rocAuc = metrics.rocAucs[size_t(scored.positive)];
        metrics.binary = measureBinary(scored, metrics);
    } else {
        metrics.rocAuc = std::accumulate(metrics.rocAucs.begin(), metrics.rocAucs.end(), 0.0) / double(count);
    }
    return metrics;
}

RegressionMetrics
measureNumbers(std::span<const double> truth, std::span<const double> predicted, std::span<const double> weights)
{
    RegressionMetrics metrics;
    metrics.rows = int(truth.size());
    const auto weightOf = [&](size_t i) { return weights.empty() ? 1.0 : weights[i]; };
    double mean = 0;
    double meanRest = 0;
    bool logs = true;
    double logSquares = 0;
    std::vector<std::pair<double, double>> errors;
    for (size_t i = 0; i < truth.size(); ++i) {
        const double weight = weightOf(i);
        const double rest = truth[i] - predicted[i];
        metrics.weight += weight;
        mean += weight * truth[i];
        meanRest += weight * rest;
        metrics.meanAbsoluteError += weight * std::fabs(rest);
        metrics.meanSquaredError += weight * rest * rest;
        metrics.meanAbsolutePercentageError += weight * std::fabs(rest) / std::max(std::fabs(truth[i]), epsilon);
        logs = logs && truth[i] >= 0 && predicted[i] >= 0;
        if (logs)
            logSquares += weight * std::pow(std::log1p(truth[i]) - std::log1p(predicted[i]), 2);
        errors.emplace_back(std::fabs(rest), weight);
    }
    mean = ratio(mean, metrics.weight);
    meanRest = ratio(meanRest, metrics.weight);
    double squares = 0;
    double restSquares = 0;
    for (size_t i = 0; i < truth.size(); ++i) {
        squares += weightOf(i) * (truth[i] - mean) * (truth[i] - mean);
        restSquares += weightOf(i) * std::pow(truth[i] - predicted[i] - meanRest, 2);
    }
    metrics.r2 = squares > 0 ? 1 - metrics.meanSquaredError / squares : undefinedNumber;
    metrics.explainedVariance = squares > 0 ? 1 - restSquares / squares : undefinedNumber;
    metrics.meanAbsoluteError = ratio(metrics.meanAbsoluteError, metrics.weight);
    metrics.meanSquaredError = ratio(metrics.meanSquaredError, metrics.weight);
    metrics.rootMeanSquaredError = std::sqrt(metrics.meanSquaredError);
    metrics.meanAbsolutePercentageError = ratio(metrics.meanAbsolutePercentageError, metrics.weight);
    if (logs)
        metrics.meanSquaredLogError = ratio(logSquares, metrics.weight);
    std::sort(errors.begin(), errors.end());
    double seen = 0;
    for (size_t i = 0; i < errors.size(); ++i) {
        seen += errors[i].second;
        if (seen < metrics.weight / 2)
            continue;
        // Exactly half below: the mean of the two in the middle.
        const bool isHalf = seen == metrics.weight / 2 && i + 1 < errors.size();
        metrics.medianAbsoluteError = isHalf ? (errors[i].first + errors[i + 1].first) / 2 : errors[i].first;
        break;
    }
    return metrics;
}

} // namespace scoring
