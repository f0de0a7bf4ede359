#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/Split.h"
#include "scoring/training/Trainer.h"
#include "tests/scoring/ReferenceTables.h"
#include "tests/support/TestMain.h"

#include <QFile>

#include <numeric>

using namespace engine;
using namespace scoring;

// The numbers of tests/data/scoring/reference, within the rules of its README.
class TestReferences : public QObject
{
    Q_OBJECT

private slots:
    void trainsToTheOptimum_data();
    void trainsToTheOptimum();
    void trainsAsLiblinear_data();
    void trainsAsLiblinear();
    void repeatsTheOldRecipe();

private:
    static TrainingTable tableOf(const Json &reference, const QString &file);
    static TrainingOptions optionsOf(const Json &reference);
};

namespace {

QStringList textsOf(const Json &list)
{
    QStringList texts;
    for (const Json &text : list)
        texts.append(toQString(text.get<std::string>()));
    return texts;
}

bool areClose(const std::vector<double> &actual,
              const std::vector<double> &expected,
              double relative,
              double absolute,
              const QString &what)
{
    if (actual.size() != expected.size()) {
        qDebug("%s: %zu instead of %zu numbers", qPrintable(what), actual.size(), expected.size());
        return false;
    }
    for (size_t i = 0; i < actual.size(); ++i) {
        if (!tests::isClose(actual[i], expected[i], relative, absolute, QStringLiteral("%1 %2").arg(what).arg(i)))
            return false;
    }
    return true;
}

// The probabilities "optimum(…)" of the test rows, row by row.
std::vector<double> probabilitiesIn(const QString &name, int classes)
{
    QFile file(tests::sourceDir() + QStringLiteral("/tests/data/scoring/reference/%1_proba.csv").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    std::vector<double> probabilities;
    file.readLine();
    while (!file.atEnd()) {
        const QList<QByteArray> cells = file.readLine().trimmed().split(',');
        for (int k = 0; k < classes; ++k)
            probabilities.push_back(cells.at(1 + k).toDouble());
    }
    return probabilities;
}

std::vector<double> predict(const LinearPipeline &pipeline, const TrainingTable &table, const std::vector<int> &rows)
{
    const auto model = LinearPipelineModel::make(pipeline);
    std::vector<int> columns;
    std::vector<FieldType> types;
    for (const PipelineFeature &feature : pipeline.features) {
        columns.push_back(table.find(feature.name));
        types.push_back(feature.type);
    }
    const TrainingTable::View view = table.view(columns, types, rows);
    OutputBatch scored;
    (*(*model)->scorer({.output = OutputChoice::Probability}))->score(view.batch, scored);
    std::vector<double> probabilities;
    for (int row = 0; row < scored.rows; ++row) {
        for (const OutputColumn &column : scored.columns)
            probabilities.push_back(column.numbers[size_t(row)]);
    }
    return probabilities;
}

bool preparationIsRight(const LinearPipeline &pipeline, const Json &preprocessing)
{
    const Json &numeric = memberAt(preprocessing, "numeric");
    const Json &categorical = memberAt(preprocessing, "categorical");
    std::vector<double> medians, means, scales;
    QStringList modes;
    QList<QStringList> levels;
    for (const PipelineFeature &feature : pipeline.features) {
        if (feature.use == FieldUse::Continuous) {
            medians.push_back(feature.imputeValue.value_or(0));
            means.push_back(feature.mean);
            scales.push_back(feature.scale);
        } else {
            modes.append(*feature.imputeLevel);
            levels.append(feature.levels);
        }
    }
    const Json &flat = numeric.is_null() ? preprocessing : numeric;
    if (!areClose(means, tests::numbersOf(memberAt(flat, "mean")), 1e-14, 0, QStringLiteral("mean"))
        || !areClose(scales, tests::numbersOf(memberAt(flat, "scale")), 1e-14, 0, QStringLiteral("scale")))
        return false;
    if (numeric.is_null())
        return true;
    if (!areClose(medians, tests::numbersOf(memberAt(numeric, "median")), 1e-14, 0, QStringLiteral("median"))
        || modes != textsOf(memberAt(categorical, "most_frequent")))
        return false;
    const Json &categories = memberAt(categorical, "categories");
    for (size_t i = 0; i < categories.size(); ++i) {
        if (levels.value(int(i)) != textsOf(categories[i]))
            return false;
    }
    return levels.size() == qsizetype(categories.size());
}

} // namespace

TrainingTable TestReferences::tableOf(const Json &reference, const QString &file)
{
    QMap<QString, FieldType> types;
    if (memberAt(reference, "categorical").is_array())
        types.insert(QStringLiteral("pclass"), FieldType::Text);
    return tests::readTable(file, types);
}

TrainingOptions TestReferences::optionsOf(const Json &reference)
{
    TrainingOptions options;
    options.target = stringAt(reference, "target", QStringLiteral("target"));
    if (memberAt(reference, "numeric").is_array())
        options.features = textsOf(memberAt(reference, "numeric")) + textsOf(memberAt(reference, "categorical"));
    options.C = memberAt(reference, "C").get<double>();
    options.balanced = memberAt(reference, "class_weight").is_string();
    options.preparation.standardise = !memberAt(reference, "preprocessing").is_null();
    return options;
}

void TestReferences::trainsToTheOptimum_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("file");
    const QString titanic = QStringLiteral("titanic3.csv");
    QTest::newRow("titanic3") << QStringLiteral("titanic3_default") << titanic;
    QTest::newRow("titanic3, balanced") << QStringLiteral("titanic3_balanced") << titanic;
    QTest::newRow("titanic3, C = 100") << QStringLiteral("titanic3_C100") << titanic;
    QTest::newRow("iris") << QStringLiteral("iris_raw") << QStringLiteral("iris.csv");
    QTest::newRow("breast cancer") << QStringLiteral("breast_cancer_standardised")
                                   << QStringLiteral("breast_cancer.csv");
}

void TestReferences::trainsToTheOptimum()
{
    QFETCH(QString, name);
    QFETCH(QString, file);
    const Json reference = tests::readReference(name + QStringLiteral(".json"));
    const TrainingTable table = tableOf(reference, file);
    const auto seed = uint32_t(intAt(reference, "random_state"));
    const Result<Split> split =
        splitRows(table.rows(),
                  memberAt(reference, "test_size").is_null() ? 0.25 : memberAt(reference, "test_size").get<double>(),
                  seed);
    VERIFY_OK(split);
    const std::vector<double> testRows = tests::numbersOf(memberAt(reference, "test_rows"));
    QCOMPARE(std::vector<double>(split->test.begin(), split->test.end()), testRows);
    TrainingOptions options = optionsOf(reference);
    for (const int threads : {1, 3}) {
        options.threads = threads;
        const Result<TrainedPipeline> trained = trainLinear(table, split->train, options);
        VERIFY_OK(trained);
        const LinearPipeline &pipeline = trained->pipeline;
        const Json &optimum = memberAt(reference, "optimum");
        QVERIFY(areClose(
            pipeline.coefficients, tests::numbersOf(memberAt(optimum, "coef")), 1e-7, 1e-9, QStringLiteral("coef")));
        QVERIFY(areClose(pipeline.intercepts,
                         tests::numbersOf(memberAt(optimum, "intercept")),
                         1e-7,
                         1e-9,
                         QStringLiteral("intercept")));
        QVERIFY(tests::isClose(trained->report.objective,
                               memberAt(optimum, "objective").get<double>(),
                               1e-12,
                               0,
                               QStringLiteral("objective")));
        QVERIFY(trained->report.gradientNorm <= 1e-10 * (1 + options.C * trained->report.rows));
        const Json &preprocessing = memberAt(reference, "preprocessing");
        QVERIFY(preprocessing.is_null() || preparationIsRight(pipeline, preprocessing));
        QVERIFY(areClose(predict(pipeline, table, split->test),
                         probabilitiesIn(name, int(pipeline.classes.size())),
                         0,
                         1e-9,
                         QStringLiteral("probability")));
    }
}

void TestReferences::trainsAsLiblinear_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("file");
    const QString titanic = QStringLiteral("titanic3.csv");
    QTest::newRow("titanic3") << QStringLiteral("titanic3_default") << titanic;
    QTest::newRow("titanic3, balanced") << QStringLiteral("titanic3_balanced") << titanic;
    QTest::newRow("breast cancer") << QStringLiteral("breast_cancer_standardised")
                                   << QStringLiteral("breast_cancer.csv");
}

void TestReferences::trainsAsLiblinear()
{
    QFETCH(QString, name);
    QFETCH(QString, file);
    const Json reference = tests::readReference(name + QStringLiteral(".json"));
    const TrainingTable table = tableOf(reference, file);
    const Result<Split> split = splitRows(table.rows(), 0.25, uint32_t(intAt(reference, "random_state")));
    TrainingOptions options = optionsOf(reference);
    options.objective = Objective::PenalisedIntercept;
    const Result<TrainedPipeline> trained = trainLinear(table, split->train, options);
    VERIFY_OK(trained);
    // The library itself stops some digits before the optimum.
    const Json &liblinear = memberAt(reference, "liblinear");
    QVERIFY(areClose(trained->pipeline.coefficients,
                     tests::numbersOf(memberAt(liblinear, "coef")),
                     1e-5,
                     1e-6,
                     QStringLiteral("coef")));
    QVERIFY(areClose(trained->pipeline.intercepts,
                     tests::numbersOf(memberAt(liblinear, "intercept")),
                     1e-5,
                     1e-6,
                     QStringLiteral("intercept")));
}

void TestReferences::repeatsTheOldRecipe()
{
    const Json reference = tests::readReference(QStringLiteral("seed_recipe_titanic3.json"));
    const TrainingTable table = tests::withoutDuplicates(tests::readTable(QStringLiteral("titanic_features.csv")));
    QCOMPARE(table.rows(), int(intAt(reference, "rows_after_dedup")));
    const Result<Split> split = splitRows(table.rows(), 0.35, 0);
    VERIFY_OK(split);
    QCOMPARE(int(split->train.size()), int(intAt(reference, "n_train")));
    QCOMPARE(std::vector<double>(split->test.begin(), split->test.begin() + 10),
             tests::numbersOf(memberAt(reference, "first_test_rows_of_deduplicated_table")));
    TrainingOptions options;
    options.target = QStringLiteral("survived");
    options.C = 1 / 0.01;
    options.preparation.standardise = false;
    options.preparation.numbers = NumberImpute::Constant;
    for (const bool liblinear : {true, false}) {
        options.objective = liblinear ? Objective::PenalisedIntercept : Objective::FreeIntercept;
        const Result<TrainedPipeline> trained = trainLinear(table, split->train, options);
        VERIFY_OK(trained);
        const Json &expected = memberAt(reference, liblinear ? "liblinear_converged" : "optimum_newton_cholesky");
        const double tolerance = liblinear ? 1e-5 : 1e-7;
        QVERIFY(areClose(trained->pipeline.coefficients,
                         tests::numbersOf(memberAt(expected, "coef")),
                         tolerance,
                         tolerance / 100,
                         QStringLiteral("coef")));
        QVERIFY(areClose(trained->pipeline.intercepts,
                         tests::numbersOf(memberAt(expected, "intercept")),
                         tolerance,
                         tolerance / 100,
                         QStringLiteral("intercept")));
        const std::vector<double> probabilities = predict(trained->pipeline, table, split->test);
        const std::vector<double> &survived = table.columns()[size_t(table.find(options.target))].numbers;
        int right = 0;
        for (size_t i = 0; i < split->test.size(); ++i)
            right += (probabilities[2 * i + 1] > 0.5) == (survived[size_t(split->test[i])] == 1);
        QCOMPARE(right / double(split->test.size()), memberAt(expected, "accuracy").get<double>());
    }
}

SLIPWAY_TEST(TestReferences)
#include "TestReferences.moc"
