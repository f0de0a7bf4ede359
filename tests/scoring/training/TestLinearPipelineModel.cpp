#include "scoring/training/LinearPipelineModel.h"
#include "tests/support/TestMain.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace scoring;

class TestLinearPipelineModel : public QObject
{
    Q_OBJECT

private slots:
    void givesEachClassItsOwnProbability();
    void givesTheSameBitsFusedAndUnfused_data();
    void givesTheSameBitsFusedAndUnfused();
    void doesNotDependOnTheBatch();
    void treatsCellsItCannotUseAsItsPolicySays_data();
    void treatsCellsItCannotUseAsItsPolicySays();
    void decidesByItsThreshold();
    void saysThatAResultOverflows();
    void refusesOutputsItDoesNotHave();
    void refusesADamagedPipeline_data();
    void refusesADamagedPipeline();
};

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// age: median 28, standardised; sex: one column for each level; class: a number with levels, the first left out.
LinearPipeline somePipeline()
{
    LinearPipeline pipeline;
    pipeline.target = QStringLiteral("survived");
    pipeline.targetType = FieldType::Integer;
    PipelineFeature age{.name = QStringLiteral("age")};
    age.imputeValue = 28;
    age.mean = 29.7;
    age.scale = 12.65;
    PipelineFeature sex{.name = QStringLiteral("sex"), .type = FieldType::Text, .use = FieldUse::Categorical};
    sex.levels = {QStringLiteral("female"), QStringLiteral("male")};
    sex.imputeLevel = QStringLiteral("male");
    PipelineFeature cabin{.name = QStringLiteral("class"), .type = FieldType::Integer, .use = FieldUse::Categorical};
    cabin.levels = {QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("10")};
    pipeline.features = {age, sex, cabin};
    pipeline.columns = {{QStringLiteral("age"), 0, -1},
                        {QStringLiteral("sex=female"), 1, 0},
                        {QStringLiteral("sex=male"), 1, 1},
                        {QStringLiteral("class=2"), 2, 1},
                        {QStringLiteral("class=10"), 2, 2}};
    pipeline.link = LinearLink::Logit;
    pipeline.classes = {QStringLiteral("0"), QStringLiteral("1")};
    pipeline.coefficients = {-0.32, 1.26, -1.27, -0.4, -1.1};
    pipeline.intercepts = {0.3};
    return pipeline;
}

struct Rows
{
    std::vector<double> age;
    std::vector<std::string_view> sex;
    std::vector<double> cabin;
    std::vector<uint8_t> invalidAge;

    InputBatch batch(int first = 0, int count = -1) const
    {
        InputBatch batch;
        const size_t n = count < 0 ? age.size() : size_t(count);
        batch.rows = int(n);
        batch.columns.resize(3);
        batch.columns[0].numbers = std::span(age).subspan(size_t(first), n);
        if (!invalidAge.empty())
            batch.columns[0].invalid = std::span(invalidAge).subspan(size_t(first), n);
        batch.columns[1].texts = std::span(sex).subspan(size_t(first), n);
        batch.columns[2].numbers = std::span(cabin).subspan(size_t(first), n);
        return batch;
    }
};

Rows randomRows(int count)
{
    std::mt19937 random(7);
    Rows rows;
    for (int i = 0; i < count; ++i) {
        rows.age.push_back(random() % 5 == 0 ? missing : double(random() % 8000) / 100);
        rows.sex.push_back(random() % 2 ? "female" : "male");
        rows.cabin.push_back(random() % 3 == 0 ? 10 : double(1 + random() % 2));
    }
    return rows;
}

OutputBatch scoreWith(const LinearPipeline &pipeline, const InputBatch &batch, const ScoreOptions &options = {})
{
    const auto model = LinearPipelineModel::make(pipeline);
    if (!model)
        qFatal("%s", qPrintable(model.error().message));
    OutputBatch scored;
    (*(*model)->scorer(options))->score(batch, scored);
    return scored;
}

QList<quint64> bitsOf(const OutputBatch &scored)
{
    QList<quint64> bits;
    for (const OutputColumn &column : scored.columns) {
        for (const double number : column.numbers)
            bits.append(std::bit_cast<quint64>(number));
        for (const int32_t code : column.codes)
            bits.append(quint64(qint64(code)));
    }
    return bits;
}

} // namespace

void TestLinearPipelineModel::givesEachClassItsOwnProbability()
{
    LinearPipeline pipeline = somePipeline();
    pipeline.intercepts = {-47};
    Rows rows{{29.7}, {"female"}, {1}, {}};
    const OutputBatch scored = scoreWith(pipeline, rows.batch());
    const double z = -47 + 1.26;
    QCOMPARE(scored.columns[0].numbers[0], 0.0);
    QCOMPARE(scored.columns[1].numbers[0], 1.0);
    QCOMPARE(scored.columns[2].numbers[0], std::exp(z) / (1 + std::exp(z)));
    QVERIFY(scored.columns[2].numbers[0] > 1e-21); // 1 − p would be 0
    pipeline.intercepts = {47};
    QVERIFY(scoreWith(pipeline, rows.batch()).columns[1].numbers[0] > 1e-22);
}

void TestLinearPipelineModel::givesTheSameBitsFusedAndUnfused_data()
{
    QTest::addColumn<LinearLink>("link");
    QTest::addColumn<OutputChoice>("output");
    QTest::newRow("logit") << LinearLink::Logit << OutputChoice::All;
    QTest::newRow("softmax") << LinearLink::Softmax << OutputChoice::All;
    QTest::newRow("one versus rest") << LinearLink::OneVsRest << OutputChoice::All;
    QTest::newRow("identity") << LinearLink::Identity << OutputChoice::All;
    QTest::newRow("margins") << LinearLink::Softmax << OutputChoice::Raw;
}

void TestLinearPipelineModel::givesTheSameBitsFusedAndUnfused()
{
    QFETCH(LinearLink, link);
    QFETCH(OutputChoice, output);
    LinearPipeline pipeline = somePipeline();
    pipeline.link = link;
    if (link == LinearLink::Identity)
        pipeline.classes.clear();
    if (link == LinearLink::Softmax || link == LinearLink::OneVsRest) {
        pipeline.classes.append(QStringLiteral("2"));
        pipeline.intercepts = {0.3, -0.1, -0.2};
        for (int i = 0; i < 10; ++i)
            pipeline.coefficients.push_back(std::sin(i));
    }
    const Rows rows = randomRows(3000);
    const OutputBatch fused = scoreWith(pipeline, rows.batch(), {.output = output, .fused = true});
    const OutputBatch unfused = scoreWith(pipeline, rows.batch(), {.output = output, .fused = false});
    QVERIFY(fused.problems.empty());
    QCOMPARE(bitsOf(fused), bitsOf(unfused));
    if (link == LinearLink::Softmax && output == OutputChoice::All) {
        for (size_t i = 0; i < 3000; ++i) {
            const double sum = fused.columns[1].numbers[i] + fused.columns[2].numbers[i] + fused.columns[3].numbers[i];
            QVERIFY(std::fabs(sum - 1) < 1e-14);
        }
    }
}

void TestLinearPipelineModel::doesNotDependOnTheBatch()
{
    const Rows rows = randomRows(2500);
    const LinearPipeline pipeline = somePipeline();
    const OutputBatch whole = scoreWith(pipeline, rows.batch());
    for (int first = 0; first < 2500; first += 777) {
        const int count = std::min(777, 2500 - first);
        const OutputBatch part = scoreWith(pipeline, rows.batch(first, count));
        for (size_t i = 0; i < size_t(count); ++i)
            QCOMPARE(part.columns[2].numbers[i], whole.columns[2].numbers[size_t(first) + i]);
    }
}

void TestLinearPipelineModel::treatsCellsItCannotUseAsItsPolicySays_data()
{
    QTest::addColumn<int>("feature");
    QTest::addColumn<BadCell>("policy");
    QTest::addColumn<double>("margin"); // NaN: no score
    const double base = 0.3 + -0.32 * ((20 - 29.7) / 12.65) + 1.26;
    QTest::newRow("infinite, no score") << 0 << BadCell::NoScore << missing;
    QTest::newRow("infinite, fails") << 0 << BadCell::Fail << missing;
    QTest::newRow("infinite, as missing") << 0 << BadCell::AsMissing << 0.3 - 0.32 * ((28 - 29.7) / 12.65) + 1.26;
    QTest::newRow("unseen, no score") << 1 << BadCell::NoScore << missing;
    QTest::newRow("unseen, fails") << 1 << BadCell::Fail << missing;
    QTest::newRow("unseen, as missing") << 1 << BadCell::AsMissing << 0.3 - 0.32 * ((20 - 29.7) / 12.65) - 1.27;
    QTest::newRow("unseen, zeros") << 1 << BadCell::Zeros << 0.3 - 0.32 * ((20 - 29.7) / 12.65);
    QTest::newRow("unseen, as missing, which is not replaced") << 2 << BadCell::AsMissing << missing;
    QTest::newRow("unseen number, zeros") << 2 << BadCell::Zeros << base;
}

void TestLinearPipelineModel::treatsCellsItCannotUseAsItsPolicySays()
{
    QFETCH(int, feature);
    QFETCH(BadCell, policy);
    QFETCH(double, margin);
    LinearPipeline pipeline = somePipeline();
    pipeline.features[feature].badCell = policy;
    Rows rows{{20, 20}, {"female", "female"}, {1, 1}, {}};
    if (feature == 0)
        rows.age[1] = -std::numeric_limits<double>::infinity();
    else if (feature == 1)
        rows.sex[1] = "Female";
    else
        rows.cabin[1] = 3;
    for (const bool fused : {true, false}) {
        const OutputBatch scored = scoreWith(pipeline, rows.batch(), {.output = OutputChoice::Raw, .fused = fused});
        QVERIFY(!std::isnan(scored.columns[0].numbers[0]));
        if (!std::isnan(margin)) {
            QCOMPARE(scored.columns[0].numbers[1], margin);
            QVERIFY(scored.problems.empty());
            continue;
        }
        QVERIFY(std::isnan(scored.columns[0].numbers[1]));
        QCOMPARE(scored.problems.size(), size_t(1));
        QCOMPARE(scored.problems[0].row, 1);
        QCOMPARE(scored.problems[0].field, pipeline.features.at(feature).name);
        QCOMPARE(scored.problems[0].fails, policy == BadCell::Fail);
    }
}

void TestLinearPipelineModel::decidesByItsThreshold()
{
    LinearPipeline pipeline = somePipeline();
    pipeline.coefficients.assign(5, 0);
    pipeline.intercepts = {0}; // each class 0.5
    const Rows rows{{1}, {"male"}, {1}, {}};
    QCOMPARE(scoreWith(pipeline, rows.batch()).columns[0].numbers[0], 0.0);
    pipeline.threshold = 0.49;
    QCOMPARE(scoreWith(pipeline, rows.batch()).columns[0].numbers[0], 1.0);
    pipeline.positive = 0;
    pipeline.threshold = 0.51;
    QCOMPARE(scoreWith(pipeline, rows.batch()).columns[0].numbers[0], 1.0);
    pipeline.threshold = 0.5;
    pipeline.targetType = FieldType::Text;
    const OutputBatch scored = scoreWith(pipeline, rows.batch());
    QCOMPARE(scored.columns[0].codes[0], 0);
    QCOMPARE(scored.columns[0].texts, (std::vector<std::string>{"0", "1"}));
}

void TestLinearPipelineModel::saysThatAResultOverflows()
{
    LinearPipeline pipeline = somePipeline();
    pipeline.coefficients[0] = 1e10;
    const Rows rows{{1e300, 1}, {"male", "male"}, {1, 1}, {}};
    const OutputBatch scored = scoreWith(pipeline, rows.batch());
    QVERIFY(std::isnan(scored.columns[1].numbers[0]) && std::isnan(scored.columns[0].numbers[0]));
    QCOMPARE(scored.problems.size(), size_t(1));
    QVERIFY(!std::isnan(scored.columns[1].numbers[1]));
}

void TestLinearPipelineModel::refusesOutputsItDoesNotHave()
{
    const auto model = LinearPipelineModel::make(somePipeline());
    QVERIFY(!(*model)->scorer({.output = OutputChoice::Leaf}));
    QVERIFY(!(*model)->scorer({.iterations = 3}));
    QCOMPARE((*model)->description().inputs.at(2).levels.size(), 3);
}

void TestLinearPipelineModel::refusesADamagedPipeline_data()
{
    QTest::addColumn<int>("damage");
    for (int damage = 0; damage < 9; ++damage)
        QTest::addRow("%d", damage) << damage;
}

void TestLinearPipelineModel::refusesADamagedPipeline()
{
    QFETCH(int, damage);
    LinearPipeline pipeline = somePipeline();
    switch (damage) {
    case 0:
        pipeline.coefficients.pop_back();
        break;
    case 1:
        pipeline.features[0].scale = 0;
        break;
    case 2:
        pipeline.features[1].levels.append(QStringLiteral("male"));
        break;
    case 3:
        pipeline.columns[0].feature = 3;
        break;
    case 4:
        std::swap(pipeline.columns[1], pipeline.columns[2]);
        break;
    case 5:
        pipeline.classes.removeFirst();
        break;
    case 6:
        pipeline.intercepts[0] = missing;
        break;
    case 7:
        pipeline.features[2].levels[0] = QStringLiteral("one");
        break;
    case 8:
        pipeline.features[1].imputeLevel = QStringLiteral("none");
        break;
    }
    const auto model = LinearPipelineModel::make(pipeline);
    QVERIFY(!model);
    COMPARE_NAMED(model.error().code, engine::ErrorCode::InvalidInput);
}

SLIPWAY_TEST(TestLinearPipelineModel)
#include "TestLinearPipelineModel.moc"
