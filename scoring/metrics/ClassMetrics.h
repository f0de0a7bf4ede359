#pragma once

#include "scoring/metrics/RankedScores.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace scoring {

// Rows that were scored and whose class is known.
struct ScoredClasses
{
    int classes = 2; // K
    int positive = 1; // with two classes
    std::vector<int> truth; // index of the class
    std::vector<int> predicted;
    std::vector<double> probabilities; // rows × K
    std::vector<double> weights; // empty: all 1
};

// Of one class; 0 / 0 is 0, and `undefined` names what was.
struct ClassMetrics
{
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double support = 0; // weight of its rows
};

struct ClassificationMetrics
{
    int rows = 0;
    double weight = 0;
    double accuracy = 0;
    double balancedAccuracy = 0; // mean recall of the classes that are there
    double matthews = 0;
    double logLoss = 0; // mean −ln p of the true class, p within [2.2e-16, 1 − 2.2e-16]
    std::vector<std::vector<double>> confusion; // [true][predicted], weights
    std::vector<ClassMetrics> perClass;
    ClassMetrics macro; // means over the classes
    ClassMetrics weighted; // means weighted by support
    double rocAuc = 0; // of K > 2 classes the mean of one versus rest; NaN where a class is missing
    std::vector<double> rocAucs; // one versus rest, of each class

    // With two classes, of the positive one.
    struct Binary
    {
        double precision = 0;
        double recall = 0;
        double specificity = 0;
        double f1 = 0;
        double averagePrecision = 0;
        double brier = 0;
        double gini = 0;
        double kolmogorovSmirnov = 0;
        double liftTopTenth = 0;
        double calibrationError = 0; // of ten uniform bins
        Interval rocAucInterval; // DeLong, 95 %; NaN with weights that differ
    };
    std::optional<Binary> binary;
    QStringList undefined; // translated: what had no value and was set to 0
};

ClassificationMetrics measureClasses(const ScoredClasses &scored, const QStringList &classes);

// The rows ranked by the probability of one class.
RankedScores rankedBy(const ScoredClasses &scored, int category);

struct RegressionMetrics
{
    int rows = 0;
    double weight = 0;
    double meanAbsoluteError = 0;
    double medianAbsoluteError = 0; // weighted
    double meanSquaredError = 0;
    double rootMeanSquaredError = 0;
    double meanAbsolutePercentageError = 0; // a fraction: 0.1 = 10 %
    std::optional<double> meanSquaredLogError; // when no number is below 0
    double r2 = 0; // NaN when the truth is constant
    double explainedVariance = 0;
};

RegressionMetrics
measureNumbers(std::span<const double> truth, std::span<const double> predicted, std::span<const double> weights = {});

} // namespace scoring
