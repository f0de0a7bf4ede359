#include "scoring/registry/ModelCard.h"

#include <cmath>

using engine::Json;
using engine::toStdString;

namespace scoring {

namespace {

constexpr int mostPoints = 500; // of a curve: more are not seen on any screen

Json numberOrNull(double number) { return std::isfinite(number) ? Json(number) : Json(nullptr); }

Json classJson(const ClassMetrics &metrics)
{
    return {
        {"precision", metrics.precision}, {"recall", metrics.recall}, {"f1", metrics.f1}, {"support", metrics.support}};
}

Json regressionJson(const RegressionMetrics &metrics)
{
    return {{"rows", metrics.rows},
            {"weight", metrics.weight},
            {"mae", numberOrNull(metrics.meanAbsoluteError)},
            {"medianAe", numberOrNull(metrics.medianAbsoluteError)},
            {"mse", numberOrNull(metrics.meanSquaredError)},
            {"rmse", numberOrNull(metrics.rootMeanSquaredError)},
            {"mape", numberOrNull(metrics.meanAbsolutePercentageError)},
            {"msle", metrics.meanSquaredLogError ? numberOrNull(*metrics.meanSquaredLogError) : Json(nullptr)},
            {"r2", numberOrNull(metrics.r2)},
            {"explainedVariance", numberOrNull(metrics.explainedVariance)}};
}

void addBinary(const ClassificationMetrics::Binary &binary, Json &json)
{
    json["precision"] = binary.precision;
    json["recall"] = binary.recall;
    json["specificity"] = binary.specificity;
    json["f1"] = binary.f1;
    json["averagePrecision"] = numberOrNull(binary.averagePrecision);
    json["brier"] = binary.brier;
    json["gini"] = numberOrNull(binary.gini);
    json["ks"] = numberOrNull(binary.kolmogorovSmirnov);
    json["liftTop10"] = numberOrNull(binary.liftTopTenth);
    json["calibrationError"] = numberOrNull(binary.calibrationError);
    json["rocAucLow"] = numberOrNull(binary.rocAucInterval.low);
    json["rocAucHigh"] = numberOrNull(binary.rocAucInterval.high);
}

Json pointsJson(const std::vector<ThresholdPoint> &points, bool roc)
{
    Json json = Json::array();
    for (const ThresholdPoint &point : points) {
        Json one = {{"threshold", numberOrNull(point.threshold)}};
        if (roc) {
            one["fpr"] = point.falsePositiveRate();
            one["tpr"] = point.recall();
        } else {
            one["recall"] = point.recall();
            one["precision"] = point.precision();
        }
        json.push_back(std::move(one));
    }
    return json;
}

Json thresholdsJson(const RankedScores &ranked)
{
    std::vector<double> thresholds;
    for (int i = 0; i <= 100; ++i)
        thresholds.push_back(i / 100.0);
    Json json = Json::array();
    for (const ThresholdPoint &point : pointsAt(ranked, thresholds))
        json.push_back({{"threshold", point.threshold},
                        {"tp", point.truePositives},
                        {"fp", point.falsePositives},
                        {"tn", point.trueNegatives},
                        {"fn", point.falseNegatives},
                        {"precision", point.precision()},
                        {"recall", point.recall()},
                        {"f1", point.f1()},
                        {"accuracy", point.accuracy()}});
    return json;
}

Json curvesOf(const RankedScores &ranked)
{
    const std::vector<ThresholdPoint> points = thinned(thresholdPoints(ranked), mostPoints);
    Json calibrated = Json::array();
    for (const CalibrationBin &bin : calibration(ranked, Bins::Uniform))
        calibrated.push_back({{"low", bin.low},
                              {"high", bin.high},
                              {"weight", bin.weight},
                              {"meanScore", numberOrNull(bin.meanScore)},
                              {"observedRate", numberOrNull(bin.observedRate)}});
    Json gains = Json::array();
    for (const GainRow &row : gainTable(ranked))
        gains.push_back({{"part", row.part},
                         {"weight", row.weight},
                         {"positives", row.positives},
                         {"rate", row.rate},
                         {"lift", row.lift},
                         {"cumulativeGain", row.cumulativeGain},
                         {"cumulativeLift", row.cumulativeLift},
                         {"leastScore", row.leastScore}});
    Json histogram = Json::array();
    for (const HistogramBin &bin : scoreHistogram(ranked))
        histogram.push_back(
            {{"low", bin.low}, {"high", bin.high}, {"positives", bin.positives}, {"negatives", bin.negatives}});
    return {{"roc", pointsJson(points, true)},
            {"precisionRecall", pointsJson(points, false)},
            {"calibration", std::move(calibrated)},
            {"gains", std::move(gains)},
            {"histogram", std::move(histogram)},
            {"thresholds", thresholdsJson(ranked)}};
}

} // namespace

Json metricsJson(const Evaluated &evaluated)
{
    if (evaluated.classes.isEmpty())
        return regressionJson(measureNumbers(evaluated.truth, evaluated.predicted, evaluated.weights));
    const ClassificationMetrics metrics = measureClasses(evaluated.scored, evaluated.classes);
    Json json = {{"rows", metrics.rows},
                 {"weight", metrics.weight},
                 {"accuracy", metrics.accuracy},
                 {"balancedAccuracy", metrics.balancedAccuracy},
                 {"matthews", metrics.matthews},
                 {"logLoss", metrics.logLoss},
                 {"rocAuc", numberOrNull(metrics.rocAuc)}};
    if (metrics.binary)
        addBinary(*metrics.binary, json);
    json["classes"] = Json::array();
    json["perClass"] = Json::array();
    for (int k = 0; k < evaluated.classes.size(); ++k) {
        json["classes"].push_back(toStdString(evaluated.classes.at(k)));
        Json one = classJson(metrics.perClass[size_t(k)]);
        one["rocAuc"] = numberOrNull(metrics.rocAucs[size_t(k)]);
        json["perClass"].push_back(std::move(one));
    }
    json["macro"] = classJson(metrics.macro);
    json["weighted"] = classJson(metrics.weighted);
    json["confusion"] = metrics.confusion;
    json["undefined"] = Json::array();
    for (const QString &what : metrics.undefined)
        json["undefined"].push_back(toStdString(what));
    return json;
}

Json curvesJson(const Evaluated &evaluated)
{
    if (evaluated.scored.classes == 2)
        return curvesOf(rankedBy(evaluated.scored, evaluated.scored.positive));
    Json json = Json::object();
    for (int k = 0; k < evaluated.classes.size(); ++k)
        json[toStdString(evaluated.classes.at(k))] = curvesOf(rankedBy(evaluated.scored, k));
    return {{"oneVersusRest", std::move(json)}};
}

} // namespace scoring
