#include "scoring/metrics/ClassMetrics.h"
#include "scoring/metrics/Evaluation.h"
#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/Split.h"
#include "scoring/training/Trainer.h"
#include "tests/scoring/ReferenceTables.h"
#include "tests/support/TestMain.h"

#include <cmath>

using namespace engine;
using namespace scoring;

class TestClassMetrics : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheReferences_data();
    void agreesWithTheReferences();
    void measuresWithAndWithoutWeights();
    void drawsTheRocCurveFromItsOrigin();
    void binsCalibrationAsScikitLearn();
    void reachesAnIntervalByDeLong();
    void cutsTenthsOfTheRows();
    void countsAtThresholds();
    void measuresThreeClasses();
    void saysWhatHasNoValue();
    void measuresNumbers();
    void leavesOutRowsWithoutTruthOrScore();
    void refusesATruthThatIsNoClass();
};

namespace {

const std::vector<int> truth{1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0,
                             0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0};
const std::vector<double> scores{0.9, 0.95, 0.2,  0.5, 0.9,  0.9, 0.4, 0.3, 0.4, 0.6, 0.1, 0.6, 0.7, 0.7,
                                 0.8, 0.2,  0.5,  0.9, 0.05, 0.5, 0.7, 0.8, 0.2, 0.6, 0.4, 0.3, 0.6, 0.2,
                                 0.5, 0.1,  0.05, 0.5, 0.4,  0.5, 0.6, 0.3, 0.7, 0.1, 0.4, 0.5};
const QStringList twoClasses{QStringLiteral("0"), QStringLiteral("1")};

ScoredClasses someScored(bool weighted)
{
    ScoredClasses scored;
    scored.truth = truth;
    for (size_t i = 0; i < truth.size(); ++i) {
        scored.predicted.push_back(scores[i] > 0.5 ? 1 : 0);
        scored.probabilities.push_back(1 - scores[i]);
        scored.probabilities.push_back(scores[i]);
        if (weighted)
            scored.weights.push_back(1 + double(i % 4));
    }
    return scored;
}

bool isNear(double actual, double expected)
{
    return tests::isClose(actual, expected, 1e-12, 1e-12, QStringLiteral("metric"));
}

QStringList textsOf(const Json &list)
{
    QStringList texts;
    for (const Json &text : list)
        texts.append(toQString(text.get<std::string>()));
    return texts;
}

} // namespace

void TestClassMetrics::agreesWithTheReferences_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("liblinear");
    const QString titanic = QStringLiteral("titanic3.csv");
    for (const bool liblinear : {false, true}) {
        for (const char *name : {"titanic3_default", "titanic3_balanced", "titanic3_C100"})
            QTest::addRow("%s%s", name, liblinear ? ", liblinear" : "")
                << QString::fromLatin1(name) << titanic << liblinear;
    }
    QTest::newRow("iris") << QStringLiteral("iris_raw") << QStringLiteral("iris.csv") << false;
    QTest::newRow("breast cancer") << QStringLiteral("breast_cancer_standardised")
                                   << QStringLiteral("breast_cancer.csv") << false;
}

void TestClassMetrics::agreesWithTheReferences()
{
    QFETCH(QString, name);
    QFETCH(QString, file);
    QFETCH(bool, liblinear);
    const Json reference = tests::readReference(name + QStringLiteral(".json"));
    const bool titanic = file == u"titanic3.csv";
    TrainingOptions options;
    options.target = titanic ? QStringLiteral("survived") : QStringLiteral("target");
    if (titanic)
        options.features = textsOf(memberAt(reference, "numeric")) + textsOf(memberAt(reference, "categorical"));
    options.categorical = {QStringLiteral("pclass")};
    options.C = memberAt(reference, "C").get<double>();
    options.balanced = memberAt(reference, "class_weight").is_string();
    options.preparation.standardise = !memberAt(reference, "preprocessing").is_null();
    options.objective = liblinear ? Objective::PenalisedIntercept : Objective::FreeIntercept;
    const TrainingTable table = tests::readTable(file);
    const Result<Split> split = splitRows(table.rows(), 0.25, 42);
    const Result<TrainedPipeline> trained = trainLinear(table, split->train, options);
    VERIFY_OK(trained);
    const auto model = LinearPipelineModel::make(trained->pipeline);
    const Result<Evaluated> evaluated = evaluateModel(**model, table, split->test);
    VERIFY_OK(evaluated);
    const ClassificationMetrics metrics = measureClasses(evaluated->scored, evaluated->classes);
    const Json &expected = memberAt(memberAt(reference, liblinear ? "liblinear" : "optimum"), "test_metrics");
    QMap<QString, double> actual{{QStringLiteral("n"), metrics.rows},
                                 {QStringLiteral("accuracy"), metrics.accuracy},
                                 {QStringLiteral("log_loss"), metrics.logLoss},
                                 {QStringLiteral("f1_macro"), metrics.macro.f1},
                                 {QStringLiteral("mcc"), metrics.matthews},
                                 {QStringLiteral("roc_auc"), metrics.rocAuc},
                                 {QStringLiteral("roc_auc_ovr_macro"), metrics.rocAuc}};
    if (metrics.binary) {
        actual[QStringLiteral("average_precision")] = metrics.binary->averagePrecision;
        actual[QStringLiteral("brier")] = metrics.binary->brier;
        actual[QStringLiteral("precision")] = metrics.binary->precision;
        actual[QStringLiteral("recall")] = metrics.binary->recall;
        actual[QStringLiteral("f1")] = metrics.binary->f1;
        actual[QStringLiteral("lift_top_10pct")] = metrics.binary->liftTopTenth;
        actual[QStringLiteral("ks")] = metrics.binary->kolmogorovSmirnov;
    }
    for (const auto &[key, value] : expected.items()) {
        const QString metric = QString::fromStdString(key);
        if (metric == u"confusion_matrix")
            continue;
        QVERIFY2(actual.contains(metric), qPrintable(metric));
        // liblinear itself stops some digits before the optimum, which shows in sums of probabilities.
        const double tolerance = liblinear && (metric == u"log_loss" || metric == u"brier") ? 1e-6 : 1e-12;
        QVERIFY(tests::isClose(actual.value(metric), value.get<double>(), tolerance, tolerance, metric));
    }
    std::vector<double> confusion;
    for (const std::vector<double> &row : metrics.confusion)
        confusion.insert(confusion.end(), row.begin(), row.end());
    QCOMPARE(confusion, tests::numbersOf(memberAt(expected, "confusion_matrix")));
}

void TestClassMetrics::measuresWithAndWithoutWeights()
{
    const ClassificationMetrics equal = measureClasses(someScored(false), twoClasses);
    QVERIFY(isNear(equal.rocAuc, 0.7769423558897244));
    QVERIFY(isNear(equal.binary->averagePrecision, 0.7787461210082454));
    QVERIFY(isNear(equal.logLoss, 0.5228680777027328));
    QVERIFY(isNear(equal.binary->brier, 0.1824375));
    QVERIFY(isNear(equal.binary->kolmogorovSmirnov, 0.4285714285714286));
    QVERIFY(isNear(equal.binary->gini, 2 * 0.7769423558897244 - 1));
    const ClassificationMetrics weighted = measureClasses(someScored(true), twoClasses);
    QCOMPARE(weighted.weight, 100.0);
    QVERIFY(isNear(weighted.rocAuc, 0.775));
    QVERIFY(isNear(weighted.binary->averagePrecision, 0.731939648005321));
    QVERIFY(isNear(weighted.logLoss, 0.5255842412354629));
    QVERIFY(isNear(weighted.binary->brier, 0.1826));
    QVERIFY(isNear(weighted.accuracy, 0.72));
    QVERIFY(isNear(weighted.balancedAccuracy, 0.6958333333333333));
    QVERIFY(isNear(weighted.matthews, 0.4050520238294317));
    QVERIFY(isNear(weighted.macro.precision, 0.7094474153297683));
    QVERIFY(isNear(weighted.macro.f1, 0.6996996996996997));
    QVERIFY(isNear(weighted.weighted.precision, 0.7160427807486631));
    QVERIFY(isNear(weighted.weighted.f1, 0.7153153153153152));
    QVERIFY(isNear(weighted.binary->precision, 0.6764705882352942));
    QVERIFY(isNear(weighted.binary->recall, 0.575));
    QVERIFY(isNear(weighted.binary->kolmogorovSmirnov, 0.45));
    QVERIFY(std::isnan(weighted.binary->rocAucInterval.low));
}

void TestClassMetrics::drawsTheRocCurveFromItsOrigin()
{
    const std::vector<ThresholdPoint> points = thresholdPoints(rankedBy(someScored(true), 1));
    const std::vector<double> falsePositives{
        0, 0, 0, 0, 1 / 30., 5.5 / 30, 14 / 30., 15.5 / 30, 0.55, 23.5 / 30, 0.9, 1};
    const std::vector<double> truePositives{0, 0.05, 0.2, 0.325, 0.4, 0.575, 0.65, 0.8, 1, 1, 1, 1};
    QCOMPARE(points.size(), falsePositives.size());
    QVERIFY(std::isinf(points[0].threshold));
    for (size_t i = 0; i < points.size(); ++i) {
        QVERIFY(isNear(points[i].falsePositiveRate(), falsePositives[i]));
        QVERIFY(isNear(points[i].recall(), truePositives[i]));
    }
    QCOMPARE(points[1].threshold, 0.95);
    QCOMPARE(thinned(points, 4).size(), size_t(4));
    QCOMPARE(thinned(points, 4).back().recall(), 1.0);
}

void TestClassMetrics::binsCalibrationAsScikitLearn()
{
    const RankedScores ranked = rankedBy(someScored(false), 1);
    const auto uniform = calibration(ranked, Bins::Uniform, 5);
    const std::vector<double> rates{0, 0.75, 1 / 3., 2 / 3., 1};
    const std::vector<double> means{0.13333333333333336, 0.3625, 0.5416666666666666, 0.7333333333333334, 0.91};
    const auto quantile = calibration(ranked, Bins::Quantile, 5);
    const std::vector<double> quantileRates{0, 0.75, 2 / 7., 4 / 9., 1};
    for (size_t i = 0; i < 5; ++i) {
        QVERIFY(isNear(uniform[i].observedRate, rates[i]));
        QVERIFY(isNear(uniform[i].meanScore, means[i]));
        QVERIFY(isNear(quantile[i].observedRate, quantileRates[i]));
    }
    double expected = 0;
    for (size_t i = 0; i < 5; ++i)
        expected += uniform[i].weight / 40 * std::fabs(rates[i] - means[i]);
    QVERIFY(isNear(expectedCalibrationError(uniform), expected));
}

void TestClassMetrics::reachesAnIntervalByDeLong()
{
    const Interval interval = delongInterval(rankedBy(someScored(false), 1));
    QVERIFY(isNear(interval.low, 0.6346022728057985));
    QVERIFY(isNear(interval.high, 0.9192824389736503));
}

void TestClassMetrics::cutsTenthsOfTheRows()
{
    const RankedScores ranked = rankedBy(someScored(false), 1);
    const std::vector<GainRow> table = gainTable(ranked);
    QCOMPARE(table.size(), size_t(10));
    QCOMPARE(table[0].weight, 4.0);
    QCOMPARE(table[0].positives, 4.0);
    QVERIFY(isNear(table[0].lift, 1 / (19 / 40.)));
    QVERIFY(isNear(table[9].cumulativeGain, 1));
    QVERIFY(isNear(table[9].cumulativeLift, 1));
    QCOMPARE(table[9].leastScore, 0.05);
    QVERIFY(isNear(liftAt(ranked, 0.1), table[0].lift));
    const std::vector<HistogramBin> histogram = scoreHistogram(ranked, 10);
    double rows = 0;
    for (const HistogramBin &bin : histogram)
        rows += bin.positives + bin.negatives;
    QCOMPARE(rows, 40.0);
    QCOMPARE(histogram[9].positives, 5.0);
}

void TestClassMetrics::countsAtThresholds()
{
    const std::vector<double> thresholds{0.6, 0, 1, 0.55};
    const auto points = pointsAt(rankedBy(someScored(false), 1), thresholds);
    QCOMPARE(points[0].truePositives, 11.0);
    QCOMPARE(points[0].falsePositives, 5.0);
    QCOMPARE(points[0].cost(10, 1), 50.0 + 8);
    QCOMPARE(points[1].recall(), 1.0);
    QCOMPARE(points[2].truePositives, 0.0);
    QCOMPARE(points[2].precision(), 1.0);
    QCOMPARE(points[3].truePositives, points[0].truePositives);
    QVERIFY(isNear(points[0].accuracy(), 27 / 40.));
}

void TestClassMetrics::measuresThreeClasses()
{
    ScoredClasses scored;
    scored.classes = 3;
    scored.truth = {0, 1, 2, 2, 1, 0, 2};
    scored.predicted = {0, 2, 2, 2, 1, 1, 2};
    for (const int predicted : scored.predicted) {
        for (int k = 0; k < 3; ++k)
            scored.probabilities.push_back(k == predicted ? 0.8 : 0.1);
    }
    const ClassificationMetrics metrics = measureClasses(scored, {});
    QVERIFY(isNear(metrics.matthews, 0.5679301390639018));
    QVERIFY(isNear(metrics.perClass[0].f1, 2 / 3.));
    QVERIFY(isNear(metrics.perClass[2].precision, 0.75));
    QVERIFY(isNear(metrics.macro.precision, 0.75));
    QVERIFY(!metrics.binary);
    QVERIFY(isNear(metrics.rocAucs[0], 0.75));
}

void TestClassMetrics::saysWhatHasNoValue()
{
    ScoredClasses scored;
    scored.truth = {0, 0, 0};
    scored.predicted = {0, 0, 0};
    scored.probabilities = {1, 0, 0.9, 0.1, 0.8, 0.2};
    const ClassificationMetrics metrics = measureClasses(scored, twoClasses);
    QCOMPARE(metrics.binary->precision, 0.0);
    QCOMPARE(metrics.undefined.size(), 2);
    QVERIFY(std::isnan(metrics.rocAuc));
    QVERIFY(std::isfinite(metrics.logLoss)); // p = 1 is clipped
    QCOMPARE(metrics.balancedAccuracy, 1.0);
}

void TestClassMetrics::measuresNumbers()
{
    const std::vector<double> is{3, -0.5, 2, 7, 4.2};
    const std::vector<double> said{2.5, 0, 2, 8, 4};
    const std::vector<double> weights{1, 2, 1, 3, 1};
    const RegressionMetrics equal = measureNumbers(is, said);
    QVERIFY(isNear(equal.meanAbsoluteError, 0.44));
    QVERIFY(isNear(equal.meanSquaredError, 0.308));
    QVERIFY(isNear(equal.r2, 0.9496600418410042));
    QVERIFY(isNear(equal.meanAbsolutePercentageError, 0.27142857142857146));
    QVERIFY(isNear(equal.explainedVariance, 0.9538441422594142));
    QVERIFY(isNear(equal.medianAbsoluteError, 0.5));
    QVERIFY(!equal.meanSquaredLogError);
    const RegressionMetrics weighted = measureNumbers(is, said, weights);
    QVERIFY(isNear(weighted.meanAbsoluteError, 0.5875));
    QVERIFY(isNear(weighted.r2, 0.9470374510899944));
    QVERIFY(isNear(weighted.explainedVariance, 0.9660599496925657));
    const std::vector<double> positive{3, 0.5, 2, 7, 4.2};
    QVERIFY(isNear(*measureNumbers(positive, said).meanSquaredLogError, 0.03952873890761893));
    const std::vector<double> constant{1, 1};
    QVERIFY(std::isnan(measureNumbers(constant, constant).r2));
}

namespace {

std::shared_ptr<const LinearPipelineModel> oneNumberModel()
{
    LinearPipeline pipeline;
    pipeline.target = QStringLiteral("y");
    pipeline.targetType = FieldType::Integer;
    PipelineFeature x;
    x.name = QStringLiteral("x");
    pipeline.features = {x};
    pipeline.columns = {{QStringLiteral("x"), 0, -1}};
    pipeline.link = LinearLink::Logit;
    pipeline.classes = twoClasses;
    pipeline.coefficients = {1};
    pipeline.intercepts = {0};
    return *LinearPipelineModel::make(pipeline);
}

TrainingTable tableOf(std::vector<double> x, std::vector<double> y)
{
    const int rows = int(x.size());
    TrainingColumn first;
    first.name = QStringLiteral("x");
    first.numbers = std::move(x);
    TrainingColumn second;
    second.name = QStringLiteral("y");
    second.numbers = std::move(y);
    return *TrainingTable::ofColumns({first, second}, rows);
}

} // namespace

void TestClassMetrics::leavesOutRowsWithoutTruthOrScore()
{
    const double none = std::numeric_limits<double>::quiet_NaN();
    const TrainingTable table = tableOf({1, 2, none, -3}, {1, none, 0, 0});
    const std::vector<int> rows{0, 1, 2, 3};
    const Result<Evaluated> evaluated = evaluateModel(*oneNumberModel(), table, rows);
    VERIFY_OK(evaluated);
    QCOMPARE(evaluated->scored.truth, (std::vector<int>{1, 0}));
    QCOMPARE(evaluated->scored.predicted, (std::vector<int>{1, 0}));
    QCOMPARE(evaluated->rowsWithoutTarget, 1);
    QCOMPARE(evaluated->rowsWithoutScore, 1);
    QVERIFY2(evaluated->firstProblem.contains(u"Row 3"), qPrintable(evaluated->firstProblem));
    EvaluationOptions options;
    options.threshold = 0.99;
    QCOMPARE(evaluateModel(*oneNumberModel(), table, rows, options)->scored.predicted, (std::vector<int>{0, 0}));
}

void TestClassMetrics::refusesATruthThatIsNoClass()
{
    const TrainingTable table = tableOf({1, 2}, {1, 2});
    const std::vector<int> rows{0, 1};
    const Result<Evaluated> evaluated = evaluateModel(*oneNumberModel(), table, rows);
    QVERIFY(!evaluated);
    QVERIFY2(evaluated.error().message.contains(u"Row 2"), qPrintable(evaluated.error().message));
    EvaluationOptions options;
    options.target = QStringLiteral("Y");
    const Result<Evaluated> misspelt = evaluateModel(*oneNumberModel(), table, rows, options);
    QVERIFY2(misspelt.error().message.contains(u"Did you mean “y”?"), qPrintable(misspelt.error().message));
}

SLIPWAY_TEST(TestClassMetrics)
#include "TestClassMetrics.moc"
