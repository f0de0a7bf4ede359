#include "scoring/metrics/Drift.h"
#include "scoring/registry/MlflowFolder.h"
#include "scoring/registry/ModelRegistry.h"
#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/Split.h"
#include "tests/scoring/ReferenceTables.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <cmath>
#include <thread>

using namespace engine;
using namespace scoring;

class TestModelRegistry : public QObject
{
    Q_OBJECT

private slots:
    void writesACardOfWhatWasTrained();
    void writesACardOfARegression();
    void keepsVersionsThatDoNotChange();
    void givesEveryVersionItsOwnNumber();
    void movesAliases();
    void refusesNames_data();
    void refusesNames();
    void leavesNothingBehindWhenItCannotWrite();
};

namespace {

ModelCard titanicCard()
{
    const TrainingTable table = tests::readTable(QStringLiteral("titanic3.csv"));
    TrainingOptions options;
    options.name = QStringLiteral("titanic");
    options.target = QStringLiteral("survived");
    options.features = {QStringLiteral("age"), QStringLiteral("sex"), QStringLiteral("pclass")};
    options.categorical = {QStringLiteral("pclass")};
    const Split split = *splitRows(table.rows(), 0.25, 42);
    const TrainedPipeline trained = *trainLinear(table, split.train, options);
    const auto model = *LinearPipelineModel::make(trained.pipeline);
    const Evaluated train = *evaluateModel(*model, table, split.train);
    const Evaluated test = *evaluateModel(*model, table, split.test);
    CardMaterial material{trained, options, table, split.train, train, &test};
    material.split = {0.25, 42, int(split.train.size()), int(split.test.size())};
    material.origin.source = QStringLiteral("titanic3.csv");
    material.origin.createdAt = QStringLiteral("2026-01-02T03:04:05Z");
    return makeCard(material);
}

ModelRegistry::NewVersion newVersion()
{
    ModelRegistry::NewVersion version;
    version.name = QStringLiteral("titanic");
    version.card.json = {{"inputExample", {{"age", 29}}}};
    version.model = "<PMML/>";
    version.onnx = "onnx";
    return version;
}

} // namespace

void TestModelRegistry::writesACardOfWhatWasTrained()
{
    const ModelCard card = titanicCard();
    QCOMPARE(stringAt(memberAt(card.json, "target"), "positive"), QStringLiteral("1"));
    QCOMPARE(intAt(memberAt(memberAt(card.json, "training"), "split"), "trainRows"), 981);
    QCOMPARE(stringAt(memberAt(card.json, "training"), "fingerprint").size(), 64);
    QCOMPARE(intAt(memberAt(memberAt(card.json, "metrics"), "test"), "rows"), 328);
    const Json &coefficients = memberAt(card.json, "coefficients");
    QCOMPARE(coefficients.size(), size_t(7)); // age, two sexes, three classes, intercept
    const double value = memberAt(coefficients[1], "value").get<double>();
    QCOMPARE(stringAt(coefficients[1], "name"), QStringLiteral("sex=female"));
    QCOMPARE(memberAt(coefficients[1], "oddsRatio").get<double>(), std::exp(value));
    QVERIFY(memberAt(coefficients[0], "p").get<double>() < 1e-3);
    QVERIFY(memberAt(card.json, "approximateErrors").get<bool>());
    const Json &curves = memberAt(card.json, "curves");
    QCOMPARE(memberAt(memberAt(curves, "roc")[0], "tpr").get<double>(), 0.0);
    QCOMPARE(memberAt(curves, "thresholds").size(), size_t(101));
    QCOMPARE(memberAt(curves, "gains").size(), size_t(10));
    // What the card keeps is enough to see drift.
    const QList<FeatureProfile> features = card.features();
    QCOMPARE(features.size(), 3);
    QCOMPARE(features.at(1).levels, (QStringList{QStringLiteral("female"), QStringLiteral("male")}));
    QCOMPARE(card.scores().size(), 2);
    const DriftCounter counter(features, card.scores());
    QCOMPARE(counter.report().features.size(), 3);
    QVERIFY(parseJson(toPretty(card.json), QStringLiteral("card")).ok()); // no number that JSON has not
}

void TestModelRegistry::writesACardOfARegression()
{
    const TrainingTable table = tests::readTable(QStringLiteral("iris.csv"));
    TrainingOptions options;
    options.target = QStringLiteral("sepal_length");
    options.algorithm = Algorithm::LinearRegression;
    options.penalty = false;
    const Split split = *splitRows(table.rows(), 0, 0);
    const TrainedPipeline trained = *trainLinear(table, split.train, options);
    const auto model = *LinearPipelineModel::make(trained.pipeline);
    const Evaluated train = *evaluateModel(*model, table, split.train);
    const ModelCard card = makeCard({trained, options, table, split.train, train});
    const Json &metrics = memberAt(memberAt(card.json, "metrics"), "train");
    QVERIFY(memberAt(metrics, "r2").get<double>() > 0.85);
    QVERIFY(memberAt(memberAt(card.json, "metrics"), "test").is_null());
    QVERIFY(memberAt(memberAt(card.json, "coefficients")[0], "oddsRatio").is_null());
    QCOMPARE(card.scores().size(), 1);
}

void TestModelRegistry::keepsVersionsThatDoNotChange()
{
    QTemporaryDir folder;
    const ModelRegistry registry(folder.filePath(QStringLiteral("models")));
    QCOMPARE(registry.names()->size(), 0);
    const Result<ModelVersion> first = registry.add(newVersion());
    VERIFY_OK(first);
    const Result<ModelVersion> second = registry.add(newVersion());
    VERIFY_OK(second);
    QCOMPARE(first->version, 1);
    QCOMPARE(second->version, 2);
    QCOMPARE(*registry.names(), QStringList{QStringLiteral("titanic")});
    QCOMPARE(QDir(second->folder).entryList(QDir::Files, QDir::Name),
             (QStringList{QStringLiteral("MLmodel"),
                          QStringLiteral("card.json"),
                          QStringLiteral("input_example.json"),
                          QStringLiteral("model.onnx"),
                          QStringLiteral("model.pmml")}));
    QCOMPARE(QFile(second->folder + QStringLiteral("/model.pmml")).permissions() & QFile::WriteOwner, 0);
    QCOMPARE(readMlmodel(second->folder)->flavor.name, QStringLiteral("pmml"));
    QCOMPARE(intAt(registry.card(*second)->json, "version"), 2);
    QCOMPARE(registry.find(*modelReference(QStringLiteral("titanic")))->version, 2);
    QCOMPARE(registry.find(*modelReference(QStringLiteral("titanic/1")))->version, 1);
    QVERIFY(!registry.find(*modelReference(QStringLiteral("titanic/3"))));
    QVERIFY(!registry.find(*modelReference(QStringLiteral("other"))));
}

void TestModelRegistry::givesEveryVersionItsOwnNumber()
{
    QTemporaryDir folder;
    const ModelRegistry registry(folder.path());
    std::vector<std::jthread> threads;
    std::atomic_int failures = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int j = 0; j < 5; ++j)
                failures += registry.add(newVersion()).ok() ? 0 : 1;
        });
    threads.clear();
    QCOMPARE(failures.load(), 0);
    const auto versions = registry.versions(QStringLiteral("titanic"));
    QCOMPARE(versions->size(), 20);
    QCOMPARE(versions->constLast().version, 20);
}

void TestModelRegistry::movesAliases()
{
    QTemporaryDir folder;
    const ModelRegistry registry(folder.path());
    for (int i = 0; i < 2; ++i)
        VERIFY_OK(registry.add(newVersion()));
    const QString name = QStringLiteral("titanic");
    const QString champion = QStringLiteral("champion");
    const QString who = QStringLiteral("ada");
    VERIFY_OK(registry.setAlias(name, champion, 1, who, QStringLiteral("2026-01-01T00:00:00Z")));
    QCOMPARE(registry.find(*modelReference(QStringLiteral("titanic@champion")))->version, 1);
    VERIFY_OK(registry.setAlias(name, champion, 2, who, QStringLiteral("2026-01-02T00:00:00Z")));
    QCOMPARE(registry.find(*modelReference(QStringLiteral("titanic@champion")))->version, 2);
    QCOMPARE(registry.versions(name)->at(1).aliases, QStringList{champion});
    QVERIFY(!registry.setAlias(name, champion, 7, who, {}));
    VERIFY_OK(registry.setAlias(name, champion, 0, who, {}));
    QVERIFY(!registry.find(*modelReference(QStringLiteral("titanic@champion"))));
    QFile file(folder.filePath(QStringLiteral("titanic/aliases.json")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const Result<Json> log = parseJson(file.readAll(), file.fileName());
    QCOMPARE(memberAt(*log, "changes").size(), size_t(3));
    QCOMPARE(intAt(memberAt(*log, "changes")[1], "from"), 1);
}

void TestModelRegistry::refusesNames_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", "../x", ".x", "a b", "a/0", "a/x", "a@", "a@../b", "a/1/2", "ä"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TestModelRegistry::refusesNames()
{
    QFETCH(QString, text);
    QVERIFY(!modelReference(text));
}

void TestModelRegistry::leavesNothingBehindWhenItCannotWrite()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("titanic")));
    QVERIFY(file.open(QIODevice::WriteOnly)); // a file where a folder is due
    const ModelRegistry registry(folder.path());
    const auto added = registry.add(newVersion());
    QVERIFY(!added);
    COMPARE_NAMED(added.error().code, ErrorCode::Io);
    ModelRegistry::NewVersion bad = newVersion();
    bad.name = QStringLiteral("fine");
    bad.fileName = QStringLiteral("no/such/folder.pmml");
    QVERIFY(!registry.add(bad));
    QCOMPARE(
        QDir(folder.filePath(QStringLiteral("fine"))).entryList(QDir::AllDirs | QDir::NoDotAndDotDot | QDir::Hidden),
        QStringList());
}

SLIPWAY_TEST(TestModelRegistry)
#include "TestModelRegistry.moc"
