#include "scoring/metrics/Drift.h"
#include "tests/support/TestMain.h"

#include <cmath>
#include <limits>
#include <numeric>

using namespace scoring;

class TestDrift : public QObject
{
    Q_OBJECT

private slots:
    void isZeroForTheTrainingRowsThemselves();
    void weighsSharesByTheirLogarithm();
    void seesMissingUnseenAndFarValues();
    void addsUpThreads();
    void survivesTheCard();
    void readsDamagedProfiles();
};

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

TrainingColumn ages()
{
    TrainingColumn column;
    column.name = QStringLiteral("age");
    for (int i = 0; i < 1000; ++i)
        column.numbers.push_back(i % 10 == 0 ? none : double(i % 97));
    return column;
}

TrainingColumn ports()
{
    TrainingColumn column;
    column.name = QStringLiteral("port");
    column.type = FieldType::Text;
    column.texts = {"C", "S"};
    for (int i = 0; i < 1000; ++i)
        column.codes.push_back(i % 4 == 0 ? 0 : 1);
    return column;
}

std::vector<int> allRows()
{
    std::vector<int> rows(1000);
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
}

QList<FeatureProfile> profiles()
{
    const std::vector<int> rows = allRows();
    return {profileOf(ages(), rows, FieldUse::Continuous, {}),
            profileOf(ports(), rows, FieldUse::Categorical, {QStringLiteral("C"), QStringLiteral("S")})};
}

} // namespace

void TestDrift::isZeroForTheTrainingRowsThemselves()
{
    const QList<FeatureProfile> made = profiles();
    QCOMPARE(made.at(0).missing, 100);
    QCOMPARE(made.at(0).least, 0.0);
    QCOMPARE(std::accumulate(made.at(0).counts.begin(), made.at(0).counts.end(), qint64(0)), 900);
    QCOMPARE(made.at(0).counts.size(), size_t(10));
    DriftCounter counter(made);
    const TrainingColumn age = ages();
    const TrainingColumn port = ports();
    std::vector<std::string_view> texts;
    for (const int32_t code : port.codes)
        texts.emplace_back(port.texts[size_t(code)]);
    InputBatch batch;
    batch.rows = 1000;
    batch.columns = {{age.numbers, {}, {}}, {{}, texts, {}}};
    counter.addRows(batch);
    const DriftReport report = counter.report();
    QCOMPARE(report.features.at(0).stability, 0.0);
    QCOMPARE(report.features.at(1).stability, 0.0);
    QCOMPARE(report.features.at(0).missingRate, 0.1);
    QCOMPARE(report.features.at(0).outsideRate, 0.0);
    COMPARE_NAMED(report.worst, DriftLevel::None);
}

void TestDrift::weighsSharesByTheirLogarithm()
{
    const std::vector<qint64> then{50, 50};
    const std::vector<qint64> now{30, 70};
    const double expected = -0.2 * std::log(0.6) + 0.2 * std::log(1.4);
    QVERIFY(std::fabs(populationStability(then, now) - expected) < 1e-15);
    const std::vector<qint64> empty{0, 100};
    QVERIFY(std::isfinite(populationStability(then, empty)));
    const std::vector<qint64> nothing{0, 0};
    QCOMPARE(populationStability(then, nothing), 0.0);
}

void TestDrift::seesMissingUnseenAndFarValues()
{
    DriftCounter counter(profiles(),
                         {profileOfScores(QStringLiteral("probability(1)"), std::vector<double>{0.1, 0.2, 0.3, 0.4})});
    const std::vector<double> numbers{none, none, 500, 20};
    const std::vector<std::string_view> texts{"Q", "C", std::string_view(), "S"};
    InputBatch batch;
    batch.rows = 4;
    batch.columns = {{numbers, {}, {}}, {{}, texts, {}}};
    counter.addRows(batch);
    counter.addScores(0, std::vector<double>{0.9, 0.95, 0.99, 0.8});
    const DriftReport report = counter.report();
    QCOMPARE(report.features.at(0).missingRate, 0.5);
    QCOMPARE(report.features.at(0).outsideRate, 0.25);
    QCOMPARE(report.features.at(1).unseenRate, 0.25);
    QCOMPARE(report.features.at(1).missingRate, 0.25);
    COMPARE_NAMED(report.features.at(1).level, DriftLevel::Alarm);
    COMPARE_NAMED(report.scores.at(0).level, DriftLevel::Alarm);
    COMPARE_NAMED(report.worst, DriftLevel::Alarm);
    const DriftReport back = driftReportFromJson(toJson(report));
    QCOMPARE(back.features.at(1).unseenRate, 0.25);
    QCOMPARE(back.scores.at(0).stability, report.scores.at(0).stability);
    COMPARE_NAMED(back.worst, DriftLevel::Alarm);
}

void TestDrift::addsUpThreads()
{
    const std::vector<double> first{1, 2, none};
    const std::vector<double> second{300, 50, 60, 70};
    const std::vector<double> both{1, 2, none, 300, 50, 60, 70};
    const auto count = [](DriftCounter &counter, const std::vector<double> &numbers) {
        InputBatch batch;
        batch.rows = int(numbers.size());
        batch.columns = {{numbers, {}, {}}};
        counter.addRows(batch);
    };
    const QList<FeatureProfile> one{profiles().constFirst()};
    DriftCounter a(one), b(one), whole(one);
    count(a, first);
    count(b, second);
    count(whole, both);
    b.add(a);
    QCOMPARE(b.report().features.at(0).stability, whole.report().features.at(0).stability);
    QCOMPARE(b.report().features.at(0).rows, 7);
}

void TestDrift::survivesTheCard()
{
    for (const FeatureProfile &profile : profiles()) {
        const FeatureProfile back = featureProfileFromJson(toJson(profile));
        QCOMPARE(back.name, profile.name);
        QCOMPARE(back.counts, profile.counts);
        QCOMPARE(back.edges, profile.edges);
        QCOMPARE(back.levels, profile.levels);
        QCOMPARE(back.missing, profile.missing);
        COMPARE_NAMED(back.type, profile.type);
    }
}

void TestDrift::readsDamagedProfiles()
{
    const engine::Json damaged = {{"name", "age"}, {"edges", {5, "x", 1}}, {"counts", {-3}}, {"levels", 7}};
    const FeatureProfile profile = featureProfileFromJson(damaged);
    QCOMPARE(profile.edges, (std::vector<double>{1, 5}));
    QCOMPARE(profile.counts, (std::vector<qint64>{0, 0, 0}));
}

SLIPWAY_TEST(TestDrift)
#include "TestDrift.moc"
