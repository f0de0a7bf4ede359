#include "scoring/registry/ModelCard.h"

#include <cmath>

using engine::Json;
using engine::memberAt;
using engine::toStdString;

namespace scoring {

namespace {

constexpr double confident95 = 1.959963984540054; // z of a two-sided interval of 95 %

Json numberOrNull(double number) { return std::isfinite(number) ? Json(number) : Json(nullptr); }

Json textsJson(const QStringList &texts)
{
    Json json = Json::array();
    for (const QString &text : texts)
        json.push_back(toStdString(text));
    return json;
}

const char *nameOf(BadCell policy)
{
    switch (policy) {
    case BadCell::Fail:
        return "fail";
    case BadCell::NoScore:
        return "noScore";
    case BadCell::AsMissing:
        return "asMissing";
    case BadCell::Zeros:
        return "zeros";
    }
    return "";
}

Json targetJson(const LinearPipeline &pipeline)
{
    Json json = {{"name", toStdString(pipeline.target)}, {"type", toStdString(toString(pipeline.targetType))}};
    if (pipeline.classes.isEmpty())
        return json;
    json["classes"] = textsJson(pipeline.classes);
    if (pipeline.classes.size() == 2) {
        json["positive"] = toStdString(pipeline.classes.at(pipeline.positive));
        json["threshold"] = pipeline.threshold;
    }
    return json;
}

Json featuresJson(const CardMaterial &material)
{
    Json json = Json::array();
    for (const PipelineFeature &feature : material.trained.pipeline.features) {
        const TrainingColumn &column = material.table.columns()[size_t(material.table.find(feature.name))];
        Json one = toJson(profileOf(column, material.trainRows, feature.use, feature.levels));
        if (feature.imputeValue)
            one["impute"] = *feature.imputeValue;
        if (feature.imputeLevel)
            one["impute"] = toStdString(*feature.imputeLevel);
        one["badCell"] = nameOf(feature.badCell);
        json.push_back(std::move(one));
    }
    return json;
}

Json scoresJson(const Evaluated &evaluated)
{
    Json json = Json::array();
    if (evaluated.classes.isEmpty()) {
        json.push_back(toJson(profileOfScores(QStringLiteral("value"), evaluated.predicted)));
        return json;
    }
    const size_t classes = size_t(evaluated.classes.size());
    for (size_t k = 0; k < classes; ++k) {
        std::vector<double> scores;
        for (size_t i = k; i < evaluated.scored.probabilities.size(); i += classes)
            scores.push_back(evaluated.scored.probabilities[i]);
        json.push_back(
            toJson(profileOfScores(QStringLiteral("probability(%1)").arg(evaluated.classes.at(int(k))), scores)));
    }
    return json;
}

Json trainingJson(const CardMaterial &material)
{
    const TrainingReport &report = material.trained.report;
    const TrainingOptions &options = material.options;
    Json weights = Json::object();
    for (size_t k = 0; k < report.classWeights.size(); ++k)
        weights[toStdString(material.trained.pipeline.classes.at(int(k)))] = report.classWeights[k];
    return {{"source", toStdString(material.origin.source)},
            {"rows", report.rows},
            {"rowsWithoutTarget", report.rowsWithoutTarget},
            {"schemaHash", material.table.schemaHash().toHex().toStdString()},
            {"fingerprint", material.table.fingerprint().toHex().toStdString()},
            {"split",
             {{"testShare", material.split.testShare},
              {"seed", material.split.seed},
              {"trainRows", material.split.trainRows},
              {"testRows", material.split.testRows}}},
            {"options",
             {{"objective", options.objective == Objective::FreeIntercept ? "freeIntercept" : "penalisedIntercept"},
              {"penalty", options.penalty ? "l2" : "none"},
              {"C", options.penalty ? Json(options.C) : Json(nullptr)},
              {"classWeights", weights},
              {"weight", toStdString(options.weight)}}},
            {"solver", toStdString(report.solver)},
            {"iterations", report.iterations},
            {"objective", report.objective},
            {"gradientNorm", report.gradientNorm},
            {"converged", report.converged},
            {"rank", report.rank},
            {"parameters", report.parameters},
            {"condition", numberOrNull(report.condition)},
            {"dependent", textsJson(report.dependent)},
            {"classRows", report.classRows}};
}

// One coefficient with what its standard error says of it.
Json coefficientJson(const QString &name, const QString &category, double value, const double *error, bool odds)
{
    Json json = {{"name", toStdString(name)}, {"class", toStdString(category)}, {"value", value}};
    const bool known = error && *error > 0 && std::isfinite(*error);
    json["standardError"] = known ? Json(*error) : Json(nullptr);
    json["z"] = known ? Json(value / *error) : Json(nullptr);
    json["p"] = known ? Json(twoSidedP(value / *error)) : Json(nullptr);
    if (odds) {
        json["oddsRatio"] = numberOrNull(oddsRatio(value));
        json["oddsRatioLow"] = known ? numberOrNull(oddsRatio(value - confident95 * *error)) : Json(nullptr);
        json["oddsRatioHigh"] = known ? numberOrNull(oddsRatio(value + confident95 * *error)) : Json(nullptr);
    }
    return json;
}

Json coefficientsJson(const TrainedPipeline &trained)
{
    const LinearPipeline &pipeline = trained.pipeline;
    const TrainingReport &report = trained.report;
    const bool odds = pipeline.link != LinearLink::Identity;
    Json json = Json::array();
    for (int k = 0; k < pipeline.rows(); ++k) {
        const QString category = !odds ? QString() : pipeline.classes.at(pipeline.rows() == 1 ? 1 : k);
        for (int j = 0; j < pipeline.width(); ++j) {
            const size_t at = size_t(k) * size_t(pipeline.width()) + size_t(j);
            const double *const error = at < report.coefficientErrors.size() ? &report.coefficientErrors[at] : nullptr;
            json.push_back(
                coefficientJson(pipeline.columns.at(j).name, category, pipeline.coefficient(k, j), error, odds));
        }
        const double *const error =
            size_t(k) < report.interceptErrors.size() ? &report.interceptErrors[size_t(k)] : nullptr;
        json.push_back(
            coefficientJson(QStringLiteral("(intercept)"), category, pipeline.intercepts[size_t(k)], error, odds));
    }
    return json;
}

// The first training row without a missing cell, or the first one.
Json exampleJson(const CardMaterial &material)
{
    Json example = Json::object();
    for (const int row : material.trainRows) {
        Json cells = Json::object();
        bool whole = true;
        for (const PipelineFeature &feature : material.trained.pipeline.features) {
            const TrainingColumn &column = material.table.columns()[size_t(material.table.find(feature.name))];
            Json cell = nullptr;
            if (column.type == FieldType::Text && column.codes[size_t(row)] >= 0)
                cell = column.texts[size_t(column.codes[size_t(row)])];
            else if (column.type != FieldType::Text && !std::isnan(column.numbers[size_t(row)]))
                cell = column.numbers[size_t(row)];
            whole = whole && !cell.is_null();
            cells[toStdString(feature.name)] = std::move(cell);
        }
        if (whole || example.empty())
            example = std::move(cells);
        if (whole)
            break;
    }
    return example;
}

QList<FeatureProfile> profilesFrom(const Json &json)
{
    QList<FeatureProfile> profiles;
    for (const Json &one : json)
        profiles.append(featureProfileFromJson(one));
    return profiles;
}

} // namespace

QList<FeatureProfile> ModelCard::features() const { return profilesFrom(memberAt(json, "features")); }
QList<FeatureProfile> ModelCard::scores() const { return profilesFrom(memberAt(json, "scores")); }

ModelCard makeCard(const CardMaterial &material)
{
    const LinearPipeline &pipeline = material.trained.pipeline;
    const ModelOrigin &origin = material.origin;
    const Evaluated &shown = material.test ? *material.test : material.train;
    Json metrics = {{"train", metricsJson(material.train)}};
    metrics["test"] = material.test ? metricsJson(*material.test) : Json(nullptr);
    ModelCard card;
    card.json = {{"card", 1},
                 {"name", toStdString(pipeline.name)},
                 {"createdAt", toStdString(origin.createdAt)},
                 {"author", toStdString(origin.author)},
                 {"toolVersion", toStdString(origin.toolVersion)},
                 {"algorithm", pipeline.link == LinearLink::Identity ? "linear_reg" : "logistic_reg"},
                 {"target", targetJson(pipeline)},
                 {"features", featuresJson(material)},
                 {"scores", scoresJson(material.train)},
                 {"training", trainingJson(material)},
                 {"coefficients", coefficientsJson(material.trained)},
                 {"approximateErrors", material.trained.report.approximateErrors},
                 {"metrics", std::move(metrics)},
                 {"curves", pipeline.classes.isEmpty() ? Json::object() : curvesJson(shown)},
                 {"inputExample", exampleJson(material)},
                 {"warnings", textsJson(material.trained.report.warnings)},
                 {"lineage",
                  {{"pipeline", toStdString(origin.pipeline)},
                   {"runId", toStdString(origin.runId)},
                   {"notebook", toStdString(origin.notebook)},
                   {"cell", toStdString(origin.cell)}}},
                 {"intendedUse", toStdString(origin.intendedUse)},
                 {"limits", toStdString(origin.limits)},
                 {"licence", toStdString(origin.licence)}};
    return card;
}

} // namespace scoring
