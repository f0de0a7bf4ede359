#include "scoring/training/Split.h"
#include "scoring/training/Trainer.h"
#include "tests/scoring/ReferenceTables.h"
#include "tests/support/TestMain.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace engine;
using namespace scoring;

class TestTrainer : public QObject
{
    Q_OBJECT

private slots:
    void splitsAsNumPy();
    void regressesWithStandardErrors();
    void regressesWithRidgeAndWeights();
    void fitsWithoutPenaltyWithStandardErrors();
    void weighsRows();
    void trainsWithoutIntercept();
    void weighsClassesOneVersusRest();
    void comesToTheSameOptimumWithLbfgs();
    void givesTheSameBitsOnAnyNumberOfThreads();
    void keepsColumnsOfAnyScaleExact();
    void namesTheColumnThatSeparates_data();
    void namesTheColumnThatSeparates();
    void reportsColumnsThatFollowFromOthers();
    void refusesWhatCannotBeLearned_data();
    void refusesWhatCannotBeLearned();
    void refusesNamesThatAreThereTwice();
    void leavesOutRowsWithoutTarget();
    void replacesMissingCells();
    void stopsWhenCancelled();
};

namespace {

std::vector<int> allRows(const TrainingTable &table)
{
    std::vector<int> rows(size_t(table.rows()));
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
}

Result<TrainedPipeline> train(const TrainingTable &table, const TrainingOptions &options)
{
    return trainLinear(table, allRows(table), options);
}

TrainingTable tableOf(std::vector<TrainingColumn> columns)
{
    const int rows = int(columns[0].numbers.size() + columns[0].codes.size());
    return *TrainingTable::ofColumns(std::move(columns), rows);
}

TrainingColumn numbers(const char *name, std::vector<double> values)
{
    TrainingColumn column;
    column.name = QString::fromLatin1(name);
    column.numbers = std::move(values);
    return column;
}

TrainingColumn texts(const char *name, const std::vector<const char *> &values)
{
    TrainingColumn column;
    column.name = QString::fromLatin1(name);
    column.type = FieldType::Text;
    for (const char *value : values) {
        if (!value) {
            column.codes.push_back(-1);
            continue;
        }
        const auto found = std::find(column.texts.begin(), column.texts.end(), value);
        column.codes.push_back(int32_t(found - column.texts.begin()));
        if (found == column.texts.end())
            column.texts.emplace_back(value);
    }
    return column;
}

TrainingTable irisWithWeights()
{
    std::vector<TrainingColumn> columns = tests::readTable(QStringLiteral("iris.csv")).columns();
    std::vector<double> weights;
    for (int i = 0; i < 150; ++i)
        weights.push_back(1 + i % 3);
    columns.push_back(numbers("w", weights));
    return tableOf(columns);
}

TrainingOptions plain(const char *target)
{
    TrainingOptions options;
    options.target = QString::fromLatin1(target);
    options.preparation.standardise = false;
    return options;
}

const QStringList irisMeasures{
    QStringLiteral("sepal_width"), QStringLiteral("petal_length"), QStringLiteral("petal_width")};

bool areClose(const std::vector<double> &actual, const std::vector<double> &expected, double tolerance)
{
    bool close = actual.size() == expected.size();
    for (size_t i = 0; close && i < actual.size(); ++i)
        close = tests::isClose(actual[i], expected[i], tolerance, tolerance, QStringLiteral("number %1").arg(i));
    return close;
}

} // namespace

void TestTrainer::splitsAsNumPy()
{
    QCOMPARE(permutation(10, 0), (std::vector<int>{2, 8, 4, 9, 1, 6, 7, 3, 0, 5}));
    const std::vector<int> many = permutation(1309, 42);
    QCOMPARE(std::vector<int>(many.begin(), many.begin() + 5), (std::vector<int>{1148, 1049, 982, 808, 1195}));
    QCOMPARE(permutation(3, 7), (std::vector<int>{2, 1, 0}));
    const Result<Split> split = splitRows(10, 0.25, 0);
    QCOMPARE(split->test, (std::vector<int>{2, 8, 4}));
    QCOMPARE(split->train.size(), size_t(7));
    QVERIFY(!splitRows(10, 0.99, 0) && !splitRows(10, 1, 0) && !splitRows(0, 0.5, 0));
}

void TestTrainer::regressesWithStandardErrors()
{
    TrainingOptions options = plain("sepal_length");
    options.algorithm = Algorithm::LinearRegression;
    options.features = irisMeasures;
    options.penalty = false;
    const Result<TrainedPipeline> trained = train(tests::readTable(QStringLiteral("iris.csv")), options);
    VERIFY_OK(trained);
    QCOMPARE(trained->pipeline.link, LinearLink::Identity);
    QVERIFY(
        areClose(trained->pipeline.coefficients, {0.6508371593132886, 0.7091319591367491, -0.5564826601670506}, 1e-12));
    QVERIFY(areClose(trained->pipeline.intercepts, {1.8559974929172844}, 1e-12));
    QVERIFY(areClose(
        trained->report.coefficientErrors, {0.06664739438650437, 0.05671928802047844, 0.1275479495665884}, 1e-11));
    QVERIFY(areClose(trained->report.interceptErrors, {0.2507771127558207}, 1e-11));
    QVERIFY(areClose({trained->report.residualDeviation}, {0.3145490892465425}, 1e-12));
    QVERIFY(!trained->report.approximateErrors);
    QCOMPARE(trained->report.rank, 4);
}

void TestTrainer::regressesWithRidgeAndWeights()
{
    TrainingOptions options = plain("sepal_length");
    options.algorithm = Algorithm::LinearRegression;
    options.features = irisMeasures;
    options.weight = QStringLiteral("w");
    options.C = 1 / 2.5;
    const Result<TrainedPipeline> trained = train(irisWithWeights(), options);
    VERIFY_OK(trained);
    QVERIFY(
        areClose(trained->pipeline.coefficients, {0.575756878221453, 0.6424269671917738, -0.4291212371924867}, 1e-10));
    QVERIFY(areClose(trained->pipeline.intercepts, {2.1812521303841432}, 1e-10));
    QVERIFY(trained->report.approximateErrors);
}

void TestTrainer::fitsWithoutPenaltyWithStandardErrors()
{
    const TrainingTable table = tests::readTable(QStringLiteral("titanic_features.csv"));
    std::vector<int> complete;
    for (int row = 0; row < table.rows(); ++row) {
        const auto isThere = [&](const char *name) {
            const int at = table.find(QString::fromLatin1(name));
            return !std::isnan(table.columns()[size_t(at)].numbers[size_t(row)]);
        };
        if (isThere("fare") && isThere("embarkation"))
            complete.push_back(row);
    }
    QCOMPARE(complete.size(), size_t(1306));
    TrainingOptions options = plain("survived");
    options.features = {
        QStringLiteral("pclass"), QStringLiteral("is_female"), QStringLiteral("age"), QStringLiteral("fare")};
    options.penalty = false;
    const Result<TrainedPipeline> trained = trainLinear(table, complete, options);
    VERIFY_OK(trained);
    QVERIFY(areClose(trained->pipeline.coefficients,
                     {-1.0385053316189425, 2.4845064169501527, -3.2030644102231033e-02, 7.1218659692252732e-04},
                     1e-10));
    QVERIFY(areClose(
        trained->report.coefficientErrors, {0.1097655845804, 0.1497916944865, 0.0060549498071, 0.0016266029831}, 1e-8));
    QVERIFY(areClose(trained->report.interceptErrors, {0.37517282274}, 1e-8));
    QVERIFY(!trained->report.approximateErrors);
    QVERIFY(twoSidedP(1.959963984540054) - 0.05 < 1e-12);
}

void TestTrainer::weighsRows()
{
    TrainingOptions options = plain("target");
    options.weight = QStringLiteral("w");
    options.C = 0.5;
    const Result<TrainedPipeline> trained = train(irisWithWeights(), options);
    VERIFY_OK(trained);
    QVERIFY(areClose(trained->pipeline.coefficients,
                     {-0.44769144288589063,
                      0.9609837839866896,
                      -2.5119323744020963,
                      -1.0973224340661376,
                      0.6584224336060995,
                      -0.28065218685764853,
                      -0.2942431931800898,
                      -0.8325717439538602,
                      -0.21073099072021834,
                      -0.6803315971290473,
                      2.8061755675821836,
                      1.9298941780200063},
                     1e-6));
    QVERIFY(
        areClose(trained->pipeline.intercepts, {10.007670545430368, 1.6135470424212914, -11.621217587851843}, 1e-5));
    QVERIFY(std::fabs(std::accumulate(trained->pipeline.intercepts.begin(), trained->pipeline.intercepts.end(), 0.0))
            < 1e-12);
}

void TestTrainer::trainsWithoutIntercept()
{
    TrainingOptions options = plain("target");
    options.weight = QStringLiteral("w");
    options.C = 0.5;
    options.intercept = false;
    const Result<TrainedPipeline> trained = train(irisWithWeights(), options);
    VERIFY_OK(trained);
    QCOMPARE(trained->pipeline.intercepts, (std::vector<double>{0, 0, 0}));
    QVERIFY(areClose({trained->pipeline.coefficients.begin(), trained->pipeline.coefficients.begin() + 4},
                     {0.7884966247429842, 1.7254081012596185, -2.35705531018099, -1.1093457724216054},
                     1e-6));
}

void TestTrainer::weighsClassesOneVersusRest()
{
    TrainingOptions options = plain("target");
    options.objective = Objective::PenalisedIntercept;
    options.classWeights = {{QStringLiteral("0"), 2.0}, {QStringLiteral("2"), 0.5}};
    const Result<TrainedPipeline> trained = train(tests::readTable(QStringLiteral("iris.csv")), options);
    VERIFY_OK(trained);
    QCOMPARE(trained->pipeline.link, LinearLink::OneVsRest);
    QVERIFY(
        areClose(trained->pipeline.intercepts, {0.3003691147668827, 1.0947452879092725, -1.0405874765194105}, 1e-5));
    QVERIFY(areClose({trained->pipeline.coefficients.begin() + 4, trained->pipeline.coefficients.begin() + 8},
                     {0.4270074915476532, -1.611807155400206, 0.5763709242308906, -1.4069403192090992},
                     1e-5));
}

void TestTrainer::comesToTheSameOptimumWithLbfgs()
{
    // 2,100 levels make more parameters than a Hessian is made for.
    std::mt19937 random(3);
    std::vector<double> level, x, y;
    for (int i = 0; i < 6300; ++i) {
        level.push_back(i % 2100);
        x.push_back(double(random() % 1000) / 500 - 1);
        y.push_back(double(random() % 1000) / 1000 < 1 / (1 + std::exp(-x.back() - (i % 7 - 3) * 0.3)) ? 1 : 0);
    }
    TrainingOptions options = plain("y");
    options.categorical = {QStringLiteral("level")};
    const TrainingTable table = tableOf({numbers("level", level), numbers("x", x), numbers("y", y)});
    const Result<TrainedPipeline> trained = train(table, options);
    VERIFY_OK(trained);
    QCOMPARE(trained->report.solver, QStringLiteral("L-BFGS"));
    QVERIFY(trained->report.gradientNorm <= 1e-10 * 6301);
    // At the optimum the residuals sum to 0, and those of each level to its coefficient / C.
    const LinearPipeline &pipeline = trained->pipeline;
    std::vector<double> residuals(2100, 0);
    for (size_t i = 0; i < y.size(); ++i) {
        const double z =
            pipeline.intercepts[0] + pipeline.coefficients[size_t(level[i])] + pipeline.coefficients[2100] * x[i];
        residuals[size_t(level[i])] += y[i] - 1 / (1 + std::exp(-z));
    }
    for (size_t i = 0; i < residuals.size(); ++i)
        QVERIFY(std::fabs(residuals[i] - pipeline.coefficients[i]) < 1e-6);
    QVERIFY(std::fabs(std::accumulate(residuals.begin(), residuals.end(), 0.0)) < 1e-6);
}

void TestTrainer::givesTheSameBitsOnAnyNumberOfThreads()
{
    std::mt19937 random(5);
    std::vector<double> a, b, y;
    for (int i = 0; i < 70'000; ++i) { // several chunks, and a first guess by a sample
        a.push_back(double(random() % 1000) / 100);
        b.push_back(double(random() % 3));
        y.push_back(double(random() % 1000) / 1000 < 1 / (1 + std::exp(5 - a.back() + b.back())) ? 1 : 0);
    }
    TrainingOptions options = plain("y");
    options.categorical = {QStringLiteral("b")};
    const TrainingTable table = tableOf({numbers("a", a), numbers("b", b), numbers("y", y)});
    options.threads = 1;
    const Result<TrainedPipeline> one = train(table, options);
    options.threads = 5;
    const Result<TrainedPipeline> five = train(table, options);
    VERIFY_OK(one);
    VERIFY_OK(five);
    QVERIFY(one->pipeline == five->pipeline);
    QCOMPARE(one->report.coefficientErrors, five->report.coefficientErrors);
    QVERIFY(one->report.gradientNorm <= 1e-10 * 70'001);
}

void TestTrainer::keepsColumnsOfAnyScaleExact()
{
    std::mt19937 random(9);
    std::vector<double> small, large, y;
    for (int i = 0; i < 500; ++i) {
        small.push_back(double(random() % 1000) / 1000);
        large.push_back(small.back() * 1e6 + 3e9);
        y.push_back(double(random() % 1000) / 1000 < small.back() ? 1 : 0);
    }
    TrainingOptions options = plain("y");
    options.penalty = false;
    const auto first = train(tableOf({numbers("x", small), numbers("y", y)}), options);
    const auto second = train(tableOf({numbers("x", large), numbers("y", y)}), options);
    VERIFY_OK(first);
    VERIFY_OK(second);
    QVERIFY(areClose({second->pipeline.coefficients[0] * 1e6}, first->pipeline.coefficients, 1e-6));
}

void TestTrainer::namesTheColumnThatSeparates_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<bool>("standardise");
    QTest::newRow("a number") << QStringLiteral("x") << true;
    QTest::newRow("a number as it is") << QStringLiteral("x") << false;
    QTest::newRow("a level") << QStringLiteral("g=b") << true;
}

void TestTrainer::namesTheColumnThatSeparates()
{
    QFETCH(QString, column);
    QFETCH(bool, standardise);
    const std::vector<double> y{0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
    const std::vector<double> noise{3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
    TrainingColumn culprit = numbers("x", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    if (column != u"x") // only rows of one class have level b
        culprit = texts("g", {"a", "a", "c", "c", "a", "a", "b", "b", "c", "c"});
    TrainingOptions options = plain("y");
    options.preparation.standardise = standardise;
    options.preparation.dropFirstLevel = true;
    options.penalty = false;
    const TrainingTable table = tableOf({numbers("noise", noise), culprit, numbers("y", y)});
    const auto trained = train(table, options);
    QVERIFY(!trained);
    QCOMPARE(trained.error().where, column);
    QVERIFY2(trained.error().message.contains(column), qPrintable(trained.error().message));
    options.penalty = true;
    VERIFY_OK(train(table, options));
}

void TestTrainer::reportsColumnsThatFollowFromOthers()
{
    std::mt19937 random(11);
    std::vector<double> a, b, c, constant, y;
    for (int i = 0; i < 200; ++i) {
        a.push_back(double(random() % 100));
        b.push_back(double(random() % 100));
        c.push_back(2 * a.back() - b.back());
        constant.push_back(4);
        y.push_back(double(random() % 2));
    }
    TrainingOptions options = plain("y");
    options.preparation.standardise = true;
    options.penalty = false;
    const TrainingTable table =
        tableOf({numbers("a", a), numbers("b", b), numbers("c", c), numbers("constant", constant), numbers("y", y)});
    const auto trained = train(table, options);
    VERIFY_OK(trained);
    QCOMPARE(trained->report.dependent, (QStringList{QStringLiteral("c"), QStringLiteral("constant")}));
    QCOMPARE(trained->report.rank, 3);
    QVERIFY(std::isinf(trained->report.condition));
    QVERIFY(trained->report.approximateErrors);
    QCOMPARE(trained->pipeline.coefficients[3], 0.0);
    QVERIFY(!trained->report.warnings.isEmpty());
}

void TestTrainer::refusesWhatCannotBeLearned_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<QString>("named");
    QTest::newRow("one class") << 0 << QStringLiteral("one");
    QTest::newRow("one row of a class") << 1 << QStringLiteral("single");
    QTest::newRow("a constant target") << 2 << QStringLiteral("x");
    QTest::newRow("all missing") << 3 << QStringLiteral("gone");
    QTest::newRow("all missing texts") << 4 << QStringLiteral("gonetext");
    QTest::newRow("no such column") << 5 << QStringLiteral("X");
    QTest::newRow("a feature twice") << 6 << QStringLiteral("x");
    QTest::newRow("the target as a feature") << 7 << QStringLiteral("y");
    QTest::newRow("missing cells that stay") << 8 << QStringLiteral("holes");
    QTest::newRow("a class of no row") << 9 << QStringLiteral("7");
    QTest::newRow("a negative weight") << 10 << QStringLiteral("x");
    QTest::newRow("texts to regress") << 11 << QStringLiteral("name");
    QTest::newRow("too many levels") << 12 << QStringLiteral("name");
    QTest::newRow("C is zero") << 13 << QStringLiteral("C");
    QTest::newRow("no positive class of that name") << 14 << QStringLiteral("yes");
}

void TestTrainer::refusesWhatCannotBeLearned()
{
    QFETCH(int, what);
    QFETCH(QString, named);
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const TrainingTable table = tableOf({numbers("x", {-1, 2, -1, 4, 5}),
                                         numbers("one", {1, 1, 1, 1, 1}),
                                         numbers("single", {0, 0, 0, 0, 1}),
                                         numbers("y", {0, 1, 0, 1, 1}),
                                         numbers("gone", {none, none, none, none, none}),
                                         texts("gonetext", {nullptr, nullptr, nullptr, nullptr, nullptr}),
                                         numbers("holes", {1, none, 3, 2, 1}),
                                         texts("name", {"a", "b", "c", "d", "e"})});
    TrainingOptions options = plain("y");
    options.features = {QStringLiteral("x")};
    switch (what) {
    case 0:
        options.target = named;
        break;
    case 1:
        options.target = named;
        break;
    case 2:
        options.algorithm = Algorithm::LinearRegression;
        options.target = QStringLiteral("one");
        break;
    case 6:
        options.features.append(named);
        break;
    case 9:
        options.classWeights.insert(named, 2);
        break;
    case 10:
        options.weight = named;
        options.features = {QStringLiteral("one")};
        break;
    case 11:
        options.algorithm = Algorithm::LinearRegression;
        options.target = named;
        break;
    case 12:
        options.preparation.mostLevels = 4;
        options.features = {named};
        break;
    case 13:
        options.C = 0;
        break;
    case 14:
        options.positive = named;
        break;
    default:
        options.features = {named};
        break;
    }
    if (what == 8)
        options.preparation.numbers = NumberImpute::None;
    const auto trained = train(table, options);
    QVERIFY(!trained);
    const QString expected = what == 2 ? QStringLiteral("one") : named;
    QVERIFY2(trained.error().message.contains(expected), qPrintable(trained.error().message));
}

void TestTrainer::refusesNamesThatAreThereTwice()
{
    QVERIFY(!TrainingTable::make({{QStringLiteral("Age")}, {QStringLiteral("age")}}));
    Result<TrainingTable> table = TrainingTable::make({{QStringLiteral("a")}});
    const std::vector<double> cells{1, std::numeric_limits<double>::infinity()};
    InputBatch batch;
    batch.rows = 2;
    batch.columns.resize(1);
    batch.columns[0].numbers = cells;
    const Result<void> appended = table->append(batch);
    QVERIFY(!appended);
    QVERIFY2(appended.error().message.contains(u"Row 2 of “a”"), qPrintable(appended.error().message));
}

void TestTrainer::leavesOutRowsWithoutTarget()
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const TrainingTable table = tableOf({numbers("x", {1, 2, 3, 4, 5, 6}), numbers("y", {0, none, 0, 1, 1, 0})});
    const auto trained = train(table, plain("y"));
    VERIFY_OK(trained);
    QCOMPARE(trained->report.rows, 5);
    QCOMPARE(trained->report.rowsWithoutTarget, 1);
    QCOMPARE(trained->report.classRows, (std::vector<int>{3, 2}));
    QCOMPARE(trained->report.warnings.size(), 1);
}

void TestTrainer::replacesMissingCells()
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    TrainingOptions options = plain("y");
    const TrainingTable table = tableOf({numbers("x", {1, 4, none, 10, 2, 2}),
                                         texts("t", {"b", "a", nullptr, "b", "a", "c"}),
                                         numbers("y", {0, 1, 0, 1, 1, 0})});
    const auto feature = [&](int index) {
        const auto trained = train(table, options);
        return trained ? trained->pipeline.features.at(index) : PipelineFeature();
    };
    QCOMPARE(*feature(0).imputeValue, 2.0);
    QCOMPARE(*feature(1).imputeLevel, QStringLiteral("a"));
    options.preparation.numbers = NumberImpute::Mean;
    QCOMPARE(*feature(0).imputeValue, 3.8);
    options.preparation.numbers = NumberImpute::Constant;
    options.preparation.constantNumber = -1;
    QCOMPARE(*feature(0).imputeValue, -1.0);
    options.preparation.rules[QStringLiteral("x")].numbers = NumberImpute::MostFrequent;
    QCOMPARE(*feature(0).imputeValue, 2.0);
    options.preparation.levels = LevelImpute::Constant;
    QCOMPARE(feature(1).levels,
             (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("missing")}));
}

void TestTrainer::stopsWhenCancelled()
{
    const TrainingTable table = tests::readTable(QStringLiteral("iris.csv"));
    CancelToken cancel;
    cancel.cancel();
    const auto trained = trainLinear(table, allRows(table), plain("target"), cancel);
    QVERIFY(!trained);
    COMPARE_NAMED(trained.error().code, ErrorCode::Cancelled);
}

SLIPWAY_TEST(TestTrainer)
#include "TestTrainer.moc"
