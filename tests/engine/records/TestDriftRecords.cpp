#include "engine/records/DriftRecords.h"
#include "tests/support/TestMain.h"

using namespace engine;

// What is kept of the drift that a notebook's cells have told.
class TestDriftRecords : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatAKernelSends();
    void survivesAnythingAKernelMaySend();
    void sumsUpWhatMovedFarthest();
    void knowsAnActivityThatComparedNothing();
};

namespace {

Json feature(const std::string &name, double stability, const char *level)
{
    return {{"name", name}, {"psi", stability}, {"level", level}};
}

} // namespace

void TestDriftRecords::readsWhatAKernelSends()
{
    const Json sent =
        *parseJson(R"json({"cell": 4, "drift": 1, "model": "titanic", "version": 3, "rows": 891, "worst": "alarm",
        "features": [{"name": "port", "kind": "categorical", "rows": 891, "psi": 0.3, "level": "alarm", "missingRate": 0.4,
                      "trainingMissingRate": 0.1, "unseenRate": 0.05, "unseen": [{"value": "Q", "rows": 7}]},
                     {"name": "fare", "kind": "continuous", "psi": 0.02, "level": "none", "outsideRate": 0.01, "high": 512,
                      "trainingLow": 0, "trainingHigh": 80, "mayBeChance": true}],
        "scores": [{"name": "probability(1)", "psi": 0.12, "level": "warning"}]})json",
                   QString());
    const ScoringDrift drift = scoringDriftFromJson(sent);
    QCOMPARE(drift.cell, 4);
    QCOMPARE(drift.model, QStringLiteral("titanic"));
    QCOMPARE(drift.version, 3);
    QCOMPARE(drift.rows, 891);
    COMPARE_NAMED(drift.worst, DriftLevel::Alarm);
    QCOMPARE(drift.features.size(), 3);
    QVERIFY(drift.features.at(0).isScore);
    COMPARE_NAMED(drift.features.at(0).level, DriftLevel::Warning);
    QVERIFY(drift.features.at(1).isCategorical);
    QCOMPARE(drift.features.at(1).unseen.at(0).value, QStringLiteral("Q"));
    QCOMPARE(drift.features.at(1).trainingMissingRate, 0.1);
    QVERIFY(drift.features.at(2).mayBeChance);
    QCOMPARE(drift.features.at(2).high.value(), 512.0);
    QVERIFY(!drift.features.at(2).low);
}

void TestDriftRecords::survivesAnythingAKernelMaySend()
{
    for (const char *text : {"null",
                             "7",
                             "[]",
                             R"({"features": 7, "scores": "x", "rows": -5, "version": 1e300})",
                             R"({"features": [7, null, {"psi": "x", "missingRate": 1e300, "unseen": {"a": 1}}]})"}) {
        const ScoringDrift drift = scoringDriftFromJson(*parseJson(text, QString()));
        QCOMPARE(drift.rows, 0);
        for (const FeatureDrift &one : drift.features) {
            QCOMPARE(one.stability, 0.0);
            QVERIFY(one.missingRate <= 1);
        }
        const Json list = Json::array({*parseJson(text, QString())});
        QCOMPARE(stringAt(driftSummary(list), "worst"), QStringLiteral("none"));
    }
}

void TestDriftRecords::sumsUpWhatMovedFarthest()
{
    Json features = Json::array();
    for (int i = 0; i < 14; ++i)
        features.push_back(feature("f" + std::to_string(i), i / 20.0, i < 2 ? "none" : i < 5 ? "warning" : "alarm"));
    const Json scorings = Json::array({{{"cell", 2}, {"features", {feature("a", 0.01, "none")}}},
                                       {{"cell", 5},
                                        {"model", "m"},
                                        {"version", 2},
                                        {"rows", 10},
                                        {"features", features},
                                        {"scores", {feature("p", 0.07, "none")}}}});
    const Json summary = driftSummary(scorings);
    QCOMPARE(stringAt(summary, "worst"), QStringLiteral("alarm"));
    const Json &first = summary.at("scorings").at(0);
    QCOMPARE(stringAt(first, "worst"), QStringLiteral("none"));
    QVERIFY(memberAt(first, "score").is_null());
    QCOMPARE(memberAt(first, "most").get<double>(), 0.01);
    const Json &second = summary.at("scorings").at(1);
    QCOMPARE(intAt(second, "cell"), 5);
    QCOMPARE(memberAt(second, "score").get<double>(), 0.07);
    QCOMPARE(memberAt(second, "most").get<double>(), 0.65);
    QCOMPARE(memberAt(second, "moved").size(), size_t(10));
    QCOMPARE(stringAt(second.at("moved").at(0), "name"), QStringLiteral("f13"));
    const Json output = {{"slipway", {{"drift", summary}}}};
    COMPARE_NAMED(driftOf(output).value(), DriftLevel::Alarm);
}

void TestDriftRecords::knowsAnActivityThatComparedNothing()
{
    QVERIFY(!driftOf(Json()));
    QVERIFY(!driftOf(Json{{"slipway", {{"kernel", "python3"}}}}));
    COMPARE_NAMED(driftOf(Json{{"slipway", {{"drift", {{"worst", "none"}}}}}}).value(), DriftLevel::None);
}

SLIPWAY_TEST(TestDriftRecords)
#include "TestDriftRecords.moc"
