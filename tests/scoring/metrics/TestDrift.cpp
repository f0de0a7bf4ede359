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
    void doesNotTakeFewRowsForDrift();
    void addsUpThreads();
    void namesTheSameUnseenLevelsHoweverRowsAreDivided();
    void countsAsOneByOne();
    void findsShortLevels();
    void ordersByWhatMovedFarthest();
    void saysInOneLineWhatMoved();
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
    std::vector<double> numbers;
    std::vector<std::string_view> texts;
    std::vector<double> scores;
    for (int i = 0; i < 50; ++i) {
        numbers.insert(numbers.end(), {none, none, 500 + double(i), -7});
        texts.insert(texts.end(), {"Q", "C", std::string_view(), "S"});
        scores.insert(scores.end(), {0.9, 0.95, 0.99, 0.8});
    }
    InputBatch batch;
    batch.rows = 200;
    std::vector<uint8_t> invalid(200, 0);
    invalid[0] = 1;
    batch.columns = {{numbers, {}, invalid}, {{}, texts, {}}};
    counter.addRows(batch);
    counter.addScores(0, scores);
    const DriftReport report = counter.report();
    const DriftOfFeature &age = report.features.at(0);
    QCOMPARE(report.rows, 200);
    QCOMPARE(age.missingRate, 0.5);
    QCOMPARE(age.invalidRate, 0.005);
    QCOMPARE(age.outsideRate, 0.5);
    QCOMPARE(age.low.value(), -7.0);
    QCOMPARE(age.high.value(), 549.0);
    QCOMPARE(age.trainingLow.value(), 0.0);
    QCOMPARE(age.trainingHigh.value(), 96.0);
    QCOMPARE(report.features.at(1).unseenRate, 0.25);
    QCOMPARE(report.features.at(1).missingRate, 0.25);
    QCOMPARE(report.features.at(1).unseen.size(), 1);
    QCOMPARE(report.features.at(1).unseen.constFirst().text, QStringLiteral("Q"));
    QCOMPARE(report.features.at(1).unseen.constFirst().rows, 50);
    COMPARE_NAMED(report.features.at(1).level, DriftLevel::Alarm);
    COMPARE_NAMED(report.scores.at(0).level, DriftLevel::Alarm);
    COMPARE_NAMED(report.worst, DriftLevel::Alarm);
    const DriftReport back = driftReportFromJson(toJson(report));
    QCOMPARE(back.features.at(1).unseenRate, 0.25);
    QCOMPARE(back.features.at(1).unseen.constFirst().text, QStringLiteral("Q"));
    QCOMPARE(back.features.at(0).high.value(), 549.0);
    QCOMPARE(back.rows, 200);
    QCOMPARE(back.scores.at(0).stability, report.scores.at(0).stability);
    COMPARE_NAMED(back.worst, DriftLevel::Alarm);
}

// Seven of the training rows themselves: by the bare index they had moved far.
void TestDrift::doesNotTakeFewRowsForDrift()
{
    DriftCounter counter(profiles());
    const std::vector<double> numbers{3, 14, 15, 92, 65, 35, 89};
    const std::vector<std::string_view> texts{"C", "S", "S", "C", "S", "S", "S"};
    InputBatch batch;
    batch.rows = 7;
    batch.columns = {{numbers, {}, {}}, {{}, texts, {}}};
    counter.addRows(batch);
    const DriftReport few = counter.report();
    QVERIFY(few.features.at(0).stability > driftAlarm);
    QVERIFY(few.features.at(0).mayBeChance);
    COMPARE_NAMED(few.worst, DriftLevel::None);
    QVERIFY(few.mayBeChance());
    for (int i = 0; i < 30; ++i)
        counter.addRows(batch);
    QVERIFY(!counter.report().features.at(0).mayBeChance);
    COMPARE_NAMED(counter.report().worst, DriftLevel::Alarm);
    QVERIFY(!counter.report().mayBeChance());
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

void TestDrift::namesTheSameUnseenLevelsHoweverRowsAreDivided()
{
    const QList<FeatureProfile> one{profiles().constLast()};
    std::vector<std::string> names;
    for (int i = 0; i < 1000; ++i)
        names.push_back("port " + std::to_string(i * 7919 % 300));
    const std::vector<std::string_view> texts(names.begin(), names.end());
    const auto count = [&](DriftCounter &counter, size_t from, size_t to) {
        InputBatch batch;
        batch.rows = int(to - from);
        const std::span<const std::string_view> part = std::span(texts).subspan(from, to - from);
        batch.columns = {{{}, part, {}}};
        counter.addRows(batch);
    };
    DriftCounter whole(one);
    count(whole, 0, 1000);
    for (const size_t cut : {1, 333, 999}) {
        DriftCounter first(one), second(one);
        count(first, 0, cut);
        count(second, cut, 1000);
        second.add(first);
        QCOMPARE(engine::toCompact(toJson(second.report())), engine::toCompact(toJson(whole.report())));
    }
    QCOMPARE(whole.report().features.at(0).unseen.size(), DriftOfFeature::mostUnseen);
    QCOMPARE(whole.report().features.at(0).unseen.at(0).rows, 4);
}

void TestDrift::countsAsOneByOne()
{
    const std::vector<double> edges{-1, 0, 2.5, 7, 1e9};
    NumberBins bins(edges, -2, 8);
    std::vector<double> numbers;
    for (int i = 0; i < 5001; ++i)
        numbers.push_back(i % 17 == 0        ? none
                              : i % 101 == 0 ? std::numeric_limits<double>::infinity()
                                             : double(i % 23) / 2 - 3);
    bins.add(numbers);
    std::vector<int64_t> counts(edges.size() + 1, 0);
    int64_t missing = 0;
    int64_t outside = 0;
    for (const double number : numbers) {
        if (std::isnan(number)) {
            ++missing;
            continue;
        }
        outside += number < -2 || number > 8 ? 1 : 0;
        ++counts[size_t(std::lower_bound(edges.begin(), edges.end(), number) - edges.begin())];
    }
    QCOMPARE(bins.counts(), counts);
    QCOMPARE(bins.missing(), missing);
    QCOMPARE(bins.outside(), outside);
    QCOMPARE(bins.lowest(), -3.0);
    QVERIFY(std::isinf(bins.highest()));
}

void TestDrift::findsShortLevels()
{
    const QStringList levels{QString(),
                             QStringLiteral("a"),
                             QStringLiteral("ab"),
                             QStringLiteral("abc"),
                             QStringLiteral("abcd"),
                             QStringLiteral("abcdefg"),
                             QStringLiteral("ä€"),
                             QStringLiteral("abcdefgh")};
    const ShortLevels found(levels);
    QVERIFY(found.isUsable());
    for (int i = 0; i < levels.size(); ++i) {
        const std::string text = levels.at(i).toStdString();
        QCOMPARE(found.find(text), i);
    }
    using namespace std::string_view_literals;
    for (const std::string_view other : {"b"sv, "a\0"sv, "\0"sv, "abd"sv, "abcdefgi"sv, "abcdefghi"sv, "bbcd"sv})
        QCOMPARE(found.find(other), -1);
    QVERIFY(!ShortLevels({QStringLiteral("ninechars")}).isUsable());
    QVERIFY(!ShortLevels(levels + QStringList{QStringLiteral("x")}).isUsable());
}

void TestDrift::ordersByWhatMovedFarthest()
{
    DriftReport report;
    const auto one = [](const char *name, double stability, DriftLevel level) {
        DriftOfFeature drift;
        drift.name = QString::fromLatin1(name);
        drift.stability = stability;
        drift.level = level;
        return drift;
    };
    report.features = {
        one("a", 0.01, DriftLevel::None), one("b", 0.9, DriftLevel::None), one("c", 0.3, DriftLevel::Alarm)};
    report.scores = {one("p", 0.15, DriftLevel::Warning)};
    QStringList names;
    for (const DriftOfFeature &drift : report.byStability())
        names += drift.name;
    QCOMPARE(names.join(u' '), QStringLiteral("c p b a"));
}

void TestDrift::saysInOneLineWhatMoved()
{
    DriftOfFeature drift;
    drift.name = QStringLiteral("port");
    drift.stability = 0.312;
    drift.missingRate = 0.4;
    drift.trainingMissingRate = 0.02;
    drift.unseenRate = 0.05;
    drift.unseen = {{QStringLiteral("Q"), 3}, {QStringLiteral("R"), 1}};
    QCOMPARE(driftText(drift), QStringLiteral("port: PSI 0.31, missing 40 % (training 2.0 %), unseen 5.0 %: “Q”, “R”"));
    DriftOfFeature far;
    far.name = QStringLiteral("fare");
    far.stability = 0.004;
    far.outsideRate = 0.125;
    far.high = 512;
    far.trainingLow = 0;
    far.trainingHigh = 80;
    QCOMPARE(driftText(far), QStringLiteral("fare: PSI 0.004, out of range 13 %: 0 … 512 (training 0 … 80)"));
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
