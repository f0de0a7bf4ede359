#pragma once

#include "engine/base/Json.h"
#include "scoring/metrics/Evaluation.h"
#include "scoring/metrics/FeatureProfile.h"
#include "scoring/training/Trainer.h"

#include <QString>

#include <optional>

namespace scoring {

// Where a model comes from.
struct ModelOrigin
{
    QString author;
    QString toolVersion;
    QString createdAt; // ISO 8601, UTC
    QString source; // of the training data, for a person: a file, a query
    QString intendedUse;
    QString limits;
    QString licence;
    QString pipeline; // lineage: what trained it; each may be empty
    QString runId;
    QString notebook;
    QString cell;
};

struct SplitNote
{
    double testShare = 0;
    uint32_t seed = 0;
    int trainRows = 0;
    int testRows = 0;
};

// What a model card says besides the model itself: JSON in this order of members:
// {"card": 1, "name", "createdAt", "author", "toolVersion", "algorithm", "target": {"name", "type", "classes",
//  "positive", "threshold"}, "features": [profiles, see FeatureProfile.h, with "impute", "badCell"], "scores":
//  [profiles of the predicted probabilities or values], "training": {"source", "rows", "rowsWithoutTarget",
//  "schemaHash", "fingerprint" (SHA-256, hex), "split": {"testShare", "seed", "trainRows", "testRows"}, "options":
//  {"objective", "penalty", "C", "classWeights", "weight"}, "solver", "iterations", "objective", "gradientNorm",
//  "converged", "rank", "parameters", "condition" (null when infinite), "dependent", "classRows"}, "coefficients":
//  [{"name", "class", "value", "standardError", "z", "p", "oddsRatio", "oddsRatioLow", "oddsRatioHigh"}],
//  "approximateErrors", "metrics": {"train", "test"} (see toJson), "curves": {"roc", "precisionRecall", "calibration",
//  "gains", "histogram", "thresholds"} of the test rows (of the training rows when none were kept out), "inputExample",
//  "warnings", "lineage", "intendedUse", "limits", "licence"}.
struct ModelCard
{
    engine::Json json;

    QString name() const { return engine::stringAt(json, "name"); }
    QList<FeatureProfile> features() const;
    QList<FeatureProfile> scores() const;
};

// What the card of a trained pipeline is made of; borrowed for the call.
struct CardMaterial
{
    const TrainedPipeline &trained;
    const TrainingOptions &options;
    const TrainingTable &table;
    const std::vector<int> &trainRows;
    const Evaluated &train;
    const Evaluated *test = nullptr; // none when no rows were kept out
    SplitNote split{};
    ModelOrigin origin{};
};
ModelCard makeCard(const CardMaterial &material);

// Metrics of evaluated rows: of a classifier {"rows", "accuracy", "balancedAccuracy", "matthews", "logLoss", "rocAuc",
// "confusion", "perClass", "macro", "weighted"} and, with two classes, {"precision", "recall", "specificity", "f1",
// "averagePrecision", "brier", "gini", "ks", "liftTop10", "calibrationError", "rocAucLow", "rocAucHigh"}; else
// {"rows", "mae", "medianAe", "mse", "rmse", "mape", "msle", "r2", "explainedVariance"}. What has no value is null.
engine::Json metricsJson(const Evaluated &evaluated);
// Points of the curves of a classifier's positive class (of more than two classes: of each, one versus rest).
engine::Json curvesJson(const Evaluated &evaluated);

} // namespace scoring
