#include "designer/models/ConfusionMatrix.h"
#include "designer/models/ModelCharts.h"
#include "designer/models/ThresholdPanel.h"
#include "tests/designer/models/CardJson.h"
#include "tests/support/TestMain.h"

#include <QLabel>
#include <QSlider>

using namespace designer;
using engine::Json;

class TestModelCard : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatTheEngineSays();
    void takesNothingForGranted();
    void theThresholdMovesTheMatrix();
    void theFirstClassMayBeThePositiveOne();
    void curvesOfTwoVersionsAreNamed();
    void manyClassesAndCoefficientsAreCutShort();
};

void TestModelCard::readsWhatTheEngineSays()
{
    const ModelCard card = modelCardFromJson(tests::binaryCard(QStringLiteral("titanic"), 2));
    QCOMPARE(card.version, 2);
    QCOMPARE(card.aliases, QStringList{QStringLiteral("champion")});
    QCOMPARE(card.test(QStringLiteral("accuracy")), std::optional(0.7957));
    QCOMPARE(card.coefficients.size(), 8);
    QCOMPARE(card.features.first().range, QStringLiteral("0.1667 to 80"));
    QVERIFY2(card.features.last().range.endsWith(u": female, male"), qPrintable(card.features.last().range));
    QVERIFY(card.cuts.size() > 200);
    QCOMPARE(card.lift.size(), 10); // tenths of the rows
    QVERIFY(qAbs(card.lift.first().x() - 0.1) < 0.01);
    QCOMPARE(card.lift.last().x(), 1.0);
    QVERIFY(qAbs(card.lift.last().y() - 1) < 1e-9);
    QVERIFY(std::is_sorted(
        card.cuts.begin(), card.cuts.end(), [](const auto &a, const auto &b) { return a.threshold < b.threshold; }));
    QCOMPARE(metricTitle(QStringLiteral("rocAuc")), QStringLiteral("ROC AUC"));
    QCOMPARE(metricTitle(QStringLiteral("house_metric")), QStringLiteral("house_metric"));
}

void TestModelCard::takesNothingForGranted()
{
    for (const char *text :
         {"{}",
          "[]",
          "null",
          R"({"metrics":[1],"target":3,"curves":{"roc":[[1],"x",{"fpr":"0"}],"thresholds":{}},"coefficients":[7]})"}) {
        const ModelCard card = modelCardFromJson(Json::parse(text));
        QVERIFY(card.metrics.isEmpty());
        QVERIFY(!card.test(QStringLiteral("rocAuc")));
        QCOMPARE(card.cutAt(0.5).truePositives, 0.0);
        for (const CurveChart::Content &content : {rocContent(card, nullptr),
                                                   calibrationContent(card, &card),
                                                   scoresContent(card),
                                                   weightsContent(card, &card)})
            QVERIFY(!content.title.isEmpty());
    }
    QCOMPARE(metricText(std::nullopt), QStringLiteral("–"));
}

void TestModelCard::theThresholdMovesTheMatrix()
{
    const ModelCard card = modelCardFromJson(tests::binaryCard(QStringLiteral("titanic"), 2));
    ThresholdPanel panel;
    panel.setCard(card);
    auto *const matrix = panel.findChild<ConfusionMatrix *>();
    const auto rates = [&] { return panel.findChild<QLabel *>(QStringLiteral("thresholdRates"))->text(); };
    const auto sum = [&](int row) { return matrix->counts()[row][0] + matrix->counts()[row][1]; };
    QCOMPARE(panel.threshold(), 0.5);
    QVERIFY(panel.findChild<QLabel *>(QStringLiteral("thresholdWords"))->text().contains(u"own"));
    const QList<QList<double>> own = matrix->counts();
    QCOMPARE(sum(0) + sum(1), 328.0);
    const QString before = rates();
    auto *const slider = panel.findChild<QSlider *>(QStringLiteral("thresholdSlider"));
    double moved = 0;
    connect(&panel, &ThresholdPanel::thresholdChanged, &panel, [&](double threshold) { moved = threshold; });
    slider->setValue(slider->maximum());
    QCOMPARE(moved, 1.0);
    QVERIFY(rates() != before);
    QVERIFY(matrix->counts()[1][1] == 0 && matrix->counts()[0][1] == 0); // nothing is above 1
    slider->setValue(0);
    QVERIFY(matrix->counts()[1][1] > own[1][1] && matrix->counts()[0][1] > own[0][1]);
    QCOMPARE(sum(0) + sum(1), 328.0);
}

void TestModelCard::theFirstClassMayBeThePositiveOne()
{
    Json json = tests::binaryCard(QStringLiteral("titanic"), 1);
    json["target"]["positive"] = "0";
    json["curves"]["thresholds"] = {{{"threshold", 0.0}, {"tp", 7}, {"fp", 1}, {"tn", 5}, {"fn", 2}}};
    ThresholdPanel panel;
    panel.setCard(modelCardFromJson(json));
    const QList<QList<double>> expected{{7, 2}, {1, 5}}; // rows: 0, the positive class, then 1
    QCOMPARE(panel.findChild<ConfusionMatrix *>()->counts(), expected);
}

void TestModelCard::curvesOfTwoVersionsAreNamed()
{
    const ModelCard one = modelCardFromJson(tests::binaryCard(QStringLiteral("titanic"), 1, 0));
    const ModelCard two = modelCardFromJson(tests::binaryCard(QStringLiteral("titanic"), 2));
    const CurveChart::Content roc = rocContent(two, &one);
    QCOMPARE(roc.series.size(), 3);
    QCOMPARE(roc.series.at(0).name, QStringLiteral("version 2"));
    QCOMPARE(roc.series.at(1).name, QStringLiteral("version 1"));
    QCOMPARE(roc.series.at(2).kind, PlotSeries::Kind::Reference);
    QVERIFY2(roc.summary.contains(u"version 1"), qPrintable(roc.summary));
    QCOMPARE(rocContent(two, nullptr).series.first().name, QString());
}

void TestModelCard::manyClassesAndCoefficientsAreCutShort()
{
    const ModelCard many = modelCardFromJson(tests::multinomialCard(QStringLiteral("iris"), 12));
    QCOMPARE(rocContent(many, nullptr).series.size(), 7); // six classes and chance
    ThresholdPanel panel;
    panel.setCard(many);
    QCOMPARE(panel.findChild<ConfusionMatrix *>()->counts().size(), 12);
    const ModelCard wide = modelCardFromJson(tests::wideCard(QStringLiteral("wide"), 200));
    const CurveChart::Content weights = weightsContent(wide, nullptr);
    QCOMPARE(weights.series.first().points.size(), 20);
    QVERIFY2(weights.summary.contains(u"200"), qPrintable(weights.summary));
}

SLIPWAY_TEST(TestModelCard)
#include "TestModelCard.moc"
