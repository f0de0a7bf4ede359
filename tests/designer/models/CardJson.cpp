#include "tests/designer/models/CardJson.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using engine::Json;
using engine::toStdString;

namespace tests {

namespace {

struct Row
{
    double score;
    bool isPositive;
};

std::vector<Row> scoredRows(double shift)
{
    std::mt19937 random(42);
    std::vector<Row> rows;
    const auto uniform = [&] { return double(random()) / 4294967296.0; };
    for (int i = 0; i < 328; ++i) {
        const bool isPositive = uniform() < 0.41;
        const double middle = isPositive ? 0.55 + shift : 0.35;
        const double noise = (uniform() + uniform() + uniform() - 1.5) * 0.5;
        rows.push_back({std::clamp(middle + noise, 0.01, 0.99), isPositive});
    }
    std::sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) { return a.score > b.score; });
    return rows;
}

Json rocPoint(double across, double up) { return {{"threshold", 0.5}, {"fpr", across}, {"tpr", up}}; }

void addCurves(Json &card, const std::vector<Row> &rows)
{
    const double all = double(rows.size());
    const double positives =
        double(std::count_if(rows.begin(), rows.end(), [](const Row &row) { return row.isPositive; }));
    const double negatives = all - positives;
    Json roc = Json::array({rocPoint(0, 0)});
    Json recall = Json::array();
    Json lift = Json::array();
    Json cuts = Json::array();
    double found = 0;
    double area = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
        // Positive above the threshold: at this score, the rows before it.
        if (i == 0 || rows[i].score != rows[i - 1].score) // equal scores are one threshold
            cuts.push_back({{"threshold", rows[i].score},
                            {"tp", found},
                            {"fp", double(i) - found},
                            {"tn", negatives - (double(i) - found)},
                            {"fn", positives - found}});
        found += rows[i].isPositive ? 1 : 0;
        area += rows[i].isPositive ? 0 : found / positives / negatives;
        const double seen = double(i + 1);
        roc.push_back(rocPoint((seen - found) / negatives, found / positives));
        recall.push_back({{"threshold", rows[i].score}, {"recall", found / positives}, {"precision", found / seen}});
        if (const size_t part = lift.size() + 1; i + 1 == size_t(std::ceil(all * double(part) / 10)))
            lift.push_back({{"part", part},
                            {"weight", seen - std::ceil(all * double(part - 1) / 10)},
                            {"cumulativeLift", found / seen / (positives / all)}});
    }
    Json bins = Json::array();
    Json calibration = Json::array();
    for (int bin = 0; bin < 10; ++bin) {
        double in = 0;
        double good = 0;
        double sum = 0;
        for (const Row &row : rows) {
            if (row.score >= bin / 10.0 && row.score < (bin + 1) / 10.0) {
                in += 1;
                good += row.isPositive ? 1 : 0;
                sum += row.score;
            }
        }
        bins.push_back(
            {{"low", bin / 10.0}, {"high", (bin + 1) / 10.0}, {"positives", good}, {"negatives", in - good}});
        if (in > 0)
            calibration.push_back({{"meanScore", sum / in}, {"observedRate", good / in}});
    }
    card["curves"] = {{"roc", roc},
                      {"precisionRecall", recall},
                      {"calibration", calibration},
                      {"gains", lift},
                      {"histogram", bins},
                      {"thresholds", cuts}};
    card["metrics"]["test"]["rocAuc"] = area;
}

Json coefficient(const char *term, double value, const char *outcome = "")
{
    return {
        {"class", outcome}, {"name", term}, {"value", value}, {"standardError", 0.113}, {"oddsRatio", std::exp(value)}};
}

} // namespace

Json binaryCard(const QString &name, int version, double shift)
{
    Json card{
        {"name", toStdString(name)},
        {"version", version},
        {"aliases", version == 2 ? Json{"champion"} : Json::array()},
        {"createdAt", "2026-11-20T22:00:01Z"},
        {"author", "anna"},
        {"algorithm", "logistic_reg"},
        {"target",
         {{"name", "survived"}, {"type", "integer"}, {"classes", {"0", "1"}}, {"positive", "1"}, {"threshold", 0.5}}},
        {"warnings", Json::array()}};
    card["training"] = {{"source", "titanic_features"},
                        {"rows", 981},
                        {"fingerprint", "9ca5999e6f1f0d3f2b8a6a3c1d2e4f506172839405162738495a6b7c8d9eafb0"},
                        {"split", {{"testShare", 0.25}, {"seed", 42}, {"trainRows", 981}, {"testRows", 328}}},
                        {"options", {{"objective", "freeIntercept"}, {"penalty", "l2"}, {"C", 1.0}}},
                        {"solver", "Newton"},
                        {"iterations", 6},
                        {"gradientNorm", 2.1e-11}};
    card["metrics"] = {{"train", {{"accuracy", 0.8012}, {"logLoss", 0.4552}, {"brier", 0.1431}, {"f1", 0.72}}},
                       {"test", {{"accuracy", 0.7957}, {"logLoss", 0.4687}, {"brier", 0.1487}, {"f1", 0.7393}}}};
    card["coefficients"] = {coefficient("(intercept)", -0.0265007072),
                            coefficient("age", -0.3197845744 - shift),
                            coefficient("sibsp", -0.2430620181),
                            coefficient("fare", 0.1210973329),
                            coefficient("sex=female", 1.2649430064),
                            coefficient("sex=male", -1.2649430064),
                            coefficient("pclass=1", 0.8219384150),
                            coefficient("pclass=3", -0.8631701579)};
    card["approximateErrors"] = true;
    card["features"] = {{{"name", "age"},
                         {"type", "number"},
                         {"role", "continuous"},
                         {"missingRate", 0.2009},
                         {"min", 0.1667},
                         {"max", 80.0},
                         {"mean", 29.88},
                         {"sd", 14.41}},
                        {{"name", "sex"},
                         {"type", "text"},
                         {"role", "categorical"},
                         {"missingRate", 0.0},
                         {"levels", {"female", "male"}}}};
    addCurves(card, scoredRows(shift));
    return card;
}

Json multinomialCard(const QString &name, int classes)
{
    Json card{{"name", toStdString(name)},
              {"version", 1},
              {"createdAt", "2026-11-20T22:00:01Z"},
              {"algorithm", "logistic_reg"},
              {"target", {{"name", "species"}}},
              {"metrics", {{"test", {{"accuracy", 0.97}, {"logLoss", 0.1087}}}}}};
    card["target"]["classes"] = Json::array();
    card["metrics"]["test"]["confusion"] = Json::array();
    for (int i = 0; i < classes; ++i) {
        const std::string outcome = i == 0 ? "setosa" : "species number " + std::to_string(i);
        card["target"]["classes"].push_back(outcome);
        Json counts = Json::array();
        for (int k = 0; k < classes; ++k)
            counts.push_back(k == i ? 12 : (k + i) % 4 == 0 ? 1 : 0);
        card["metrics"]["test"]["confusion"].push_back(counts);
        card["curves"]["oneVersusRest"][outcome]["roc"] = {
            rocPoint(0, 0), rocPoint(0.02 * i, 0.8), rocPoint(0.1, 0.95), rocPoint(1, 1)};
        for (const char *term : {"(intercept)", "sepal length", "petal width"})
            card["coefficients"].push_back(coefficient(term, 0.3 * (i + 1), outcome.c_str()));
    }
    return card;
}

Json wideCard(const QString &name, int features)
{
    Json card = binaryCard(name, 1);
    card["coefficients"] = Json::array();
    card["features"] = Json::array();
    for (int i = 0; i < features; ++i) {
        const std::string term = "a_feature_with_quite_a_long_name_" + std::to_string(i);
        card["coefficients"].push_back(coefficient(term.c_str(), std::sin(i * 1.7) * 2));
        card["features"].push_back({{"name", term},
                                    {"type", "number"},
                                    {"role", "continuous"},
                                    {"missingRate", 0.01 * (i % 30)},
                                    {"min", -3.0},
                                    {"max", 3.0},
                                    {"mean", 0.0},
                                    {"sd", 1.0}});
    }
    return card;
}

Json regressionCard(const QString &name)
{
    return {{"name", toStdString(name)},
            {"version", 1},
            {"createdAt", "2026-11-20T22:00:01Z"},
            {"algorithm", "linear_reg"},
            {"target", {{"name", "fare"}}},
            {"metrics", {{"test", {{"r2", 0.41}, {"rmse", 39.2}, {"mae", 18.7}}}}},
            {"coefficients", {coefficient("(intercept)", 12.5), coefficient("age", 0.31)}}};
}

Json modelList()
{
    const auto version = [](int number, const char *algorithm, const Json &metrics, const Json &aliases) {
        return Json{{"version", number},
                    {"createdAt", "2026-11-20T22:00:01Z"},
                    {"algorithm", algorithm},
                    {"target", "survived"},
                    {"aliases", aliases},
                    {"metrics", metrics}};
    };
    return {{"models",
             {{{"name", "titanic"},
               {"versions",
                {version(2, "logistic_reg", {{"rocAuc", 0.8673}}, {"champion"}),
                 version(1, "logistic_reg", {{"rocAuc", 0.8142}}, Json::array())}}},
              {{"name", "fare"}, {"versions", {version(1, "linear_reg", {{"r2", 0.41}}, Json::array())}}},
              {{"name", "broken"}, {"problem", "card.json: line 3 is no JSON."}, {"versions", Json::array()}}}}};
}

} // namespace tests
