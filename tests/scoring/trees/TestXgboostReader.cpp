#include "scoring/ModelFile.h"
#include "scoring/trees/XgboostReader.h"
#include "tests/scoring/trees/ScoredTable.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

#include <cmath>
#include <limits>

using namespace scoring;
using namespace tests;

class TestXgboostReader : public QObject
{
    Q_OBJECT

private slots:
    void predictsAsXgboostWithEveryObjective_data();
    void predictsAsXgboostWithEveryObjective();
    void readsUbjAsJson_data();
    void readsUbjAsJson();
    void stopsAtTheBestRound();
    void usesTheCategoriesOfTheFile();
    void takesABaseScoreForEachClass();
    void refusesInfiniteCells();
    void refusesWhatItDoesNotKnow();
    void refusesDamagedFiles_data();
    void refusesDamagedFiles();
    void refusesAUbjThatPromisesTooMuch_data();
    void refusesAUbjThatPromisesTooMuch();
};

namespace {

QString xgboostFile(const QString &name) { return corpusFile(QStringLiteral("xgboost/") + name); }

QByteArray bytesOf(const QString &name)
{
    QFile file(xgboostFile(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// Two inputs, one split on the second: a category of the set goes right to 2, others left to 1, missing left.
QByteArray categoricalModel(const QByteArray &categories)
{
    return R"x({"learner":{"attributes":{},"feature_names":["a","b"],"feature_types":["float","c"],"gradient_booster":{"model":{
"cats":)x"
        + categories
        + R"x(,"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"1"},"iteration_indptr":[0,1],"tree_info":[0],"trees":[{
"base_weights":[0,1,2],"categories":[1,2],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[2],
"default_left":[1,0,0],"id":0,"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_conditions":[0,1,2],
"split_indices":[1,0,0],"split_type":[1,0,0],"tree_param":{"num_nodes":"3","size_leaf_vector":"1"}}]},"name":"gbtree"},
"learner_model_param":{"base_score":"[0E0]","num_class":"0","num_feature":"2","num_target":"1"},
"objective":{"name":"reg:squarederror"}},"version":[3,1,0]})x";
}

} // namespace

void TestXgboostReader::predictsAsXgboostWithEveryObjective_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &file : QDir(xgboostFile({})).entryList({QStringLiteral("*.json")}))
        QTest::newRow(file.toUtf8().constData()) << file.chopped(5);
}

void TestXgboostReader::predictsAsXgboostWithEveryObjective()
{
    QFETCH(QString, name);
    const auto model = readModel(xgboostFile(name + QStringLiteral(".json")));
    QVERIFY2(model.ok(), model.ok() ? "" : qPrintable(model.error().message));
    const NumberTable input = NumberTable::read(xgboostFile(QStringLiteral("input.csv")));
    const auto check = [&](const QString &kind, const ScoreOptions &options, double tolerance, int first) {
        const NumberTable expected = NumberTable::read(xgboostFile(name + kind));
        const OutputBatch scored = scoreTable(**model, input, options);
        return difference(scored, expected, tolerance, first);
    };
    const bool hasTwoClasses = (*model)->description().classes.size() == 2 && name != QLatin1String("hinge");
    const bool isLabel = name == QLatin1String("softmax") || name == QLatin1String("hinge");
    const bool hasLabel = !(*model)->description().classes.isEmpty();
    QCOMPARE(check(QStringLiteral(".expected.csv"),
                   {},
                   1e-6,
                   isLabel             ? 0
                       : hasTwoClasses ? 2
                       : hasLabel      ? 1
                                       : 0),
             QString());
    // XGBoost's margins of a hinge are its classes.
    ScoreOptions raw{.output = OutputChoice::Raw, .iterations = {}};
    QCOMPARE(check(QStringLiteral(".margin.csv"), raw, 1e-6, 0), QString());
    if (name.startsWith(QLatin1String("gblinear")))
        return;
    QCOMPARE(check(QStringLiteral(".leaf.csv"), {.output = OutputChoice::Leaf, .iterations = {}}, 0, 0), QString());
    raw.iterations = 2;
    QCOMPARE(check(QStringLiteral(".round2.csv"), raw, 1e-6, 0), QString());
}

void TestXgboostReader::readsUbjAsJson_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &file : QDir(xgboostFile({})).entryList({QStringLiteral("*.ubj")}))
        QTest::newRow(file.toUtf8().constData()) << file.chopped(4);
}

void TestXgboostReader::readsUbjAsJson()
{
    QFETCH(QString, name);
    const auto json = readModel(xgboostFile(name + QStringLiteral(".json")));
    const auto ubj = readModel(xgboostFile(name + QStringLiteral(".ubj")));
    QVERIFY2(ubj.ok(), ubj.ok() ? "" : qPrintable(ubj.error().message));
    const NumberTable input = NumberTable::read(xgboostFile(QStringLiteral("input.csv")));
    const OutputBatch first = scoreTable(**json, input, {});
    const OutputBatch second = scoreTable(**ubj, input, {});
    for (size_t k = 0; k < first.columns.size(); ++k)
        QCOMPARE(second.columns[k].numbers, first.columns[k].numbers);
}

void TestXgboostReader::stopsAtTheBestRound()
{
    const auto model = readModel(xgboostFile(QStringLiteral("logistic.json")));
    const auto best = (*model)->scorer({.output = OutputChoice::Leaf, .iterations = {}});
    const auto all = (*model)->scorer({.output = OutputChoice::Leaf, .iterations = 3});
    QCOMPARE((*best)->outputs().size(), 1); // the first round was the best one, two more followed
    QCOMPARE((*all)->outputs().size(), 3);
    QVERIFY((*model)->scorer({.output = OutputChoice::All, .iterations = 4}).error().code
            == engine::ErrorCode::InvalidInput);
}

void TestXgboostReader::usesTheCategoriesOfTheFile()
{
    // "x", "yy", "é" as one run of bytes with offsets.
    const auto model = trees::readXgboostJson(
        categoricalModel(R"({"enc":[{"values":[],"type":9},{"offsets":[0,1,3,5],"values":[120,121,121,-61,-87]}]})"),
        QStringLiteral("m.json"));
    QVERIFY2(model.ok(), model.ok() ? "" : qPrintable(model.error().message));
    QVERIFY((*model)->inputs()[1].type == FieldType::Text);
    QCOMPARE((*model)->inputs()[1].levels,
             QStringList({QStringLiteral("x"), QStringLiteral("yy"), QStringLiteral("é")}));
    const std::vector<std::string_view> texts{"x", "yy", "\xc3\xa9", {}, "z"};
    const std::vector<double> numbers(5, 0);
    OutputBatch scored;
    (*(*model)->scorer({}))->score({5, {{numbers, {}, {}}, {{}, texts, {}}}}, scored);
    const std::vector<double> &is = scored.columns[0].numbers;
    QCOMPARE(std::vector<double>(is.begin(), is.begin() + 4), (std::vector<double>{1, 2, 2, 1}));
    QVERIFY(std::isnan(is[4]));
    QCOMPARE(scored.problems.size(), size_t(1));
    QCOMPARE(scored.problems[0].row, 4);
    QCOMPARE(scored.problems[0].field, QStringLiteral("b"));
    QVERIFY(scored.problems[0].reason.contains(QLatin1String("\"z\"")));
}

void TestXgboostReader::takesABaseScoreForEachClass()
{
    QByteArray text = bytesOf(QStringLiteral("softprob.json"));
    QVERIFY(text.contains("\"base_score\":\"5E-1\""));
    text.replace("\"base_score\":\"5E-1\"", "\"base_score\":\"[5E-1,1.5E0,-2E0]\"");
    const NumberTable input = NumberTable::read(xgboostFile(QStringLiteral("input.csv")));
    const ScoreOptions raw{.output = OutputChoice::Raw, .iterations = {}};
    const auto model = trees::readXgboostJson(text, QStringLiteral("m.json"));
    const OutputBatch scored = scoreTable(**model, input, raw);
    const NumberTable before = NumberTable::read(xgboostFile(QStringLiteral("softprob.margin.csv")));
    QVERIFY(std::abs(scored.columns[1].numbers[0] - before.rows[0][1] - 1) < 1e-6);
    QVERIFY(std::abs(scored.columns[2].numbers[0] - before.rows[0][2] + 2.5) < 1e-6);
}

void TestXgboostReader::refusesInfiniteCells()
{
    const auto model = readModel(xgboostFile(QStringLiteral("squarederror.json")));
    const std::vector<double> fine{1, 2};
    const std::vector<double> bad{1, std::numeric_limits<double>::infinity()};
    OutputBatch scored;
    (*(*model)->scorer({}))
        ->score({2, {{fine, {}, {}}, {bad, {}, {}}, {fine, {}, {}}, {fine, {}, {}}, {fine, {}, {}}}}, scored);
    QVERIFY(!std::isnan(scored.columns[0].numbers[0]));
    QVERIFY(std::isnan(scored.columns[0].numbers[1]));
    QCOMPARE(scored.problems.size(), size_t(1));
    QCOMPARE(scored.problems[0].field, QStringLiteral("fare paid"));
}

void TestXgboostReader::refusesWhatItDoesNotKnow()
{
    QByteArray text = bytesOf(QStringLiteral("squarederror.json"));
    text.replace("reg:squarederror", "reg:unheardof");
    const auto objective = trees::readXgboostJson(text, QStringLiteral("m.json"));
    QVERIFY(!objective.ok());
    QVERIFY(objective.error().code == engine::ErrorCode::Unsupported);
    QVERIFY(objective.error().message.contains(QLatin1String("reg:unheardof")));
    const auto model = readModel(xgboostFile(QStringLiteral("squarederror.json")));
    QVERIFY((*model)->scorer({.output = OutputChoice::Probability, .iterations = {}}).error().code
            == engine::ErrorCode::Unsupported);
}

void TestXgboostReader::refusesDamagedFiles_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::newRow("a child that is not there")
        << QByteArray("\"left_children\":[1,") << QByteArray("\"left_children\":[99,");
    QTest::newRow("a cycle") << QByteArray("\"left_children\":[1,") << QByteArray("\"left_children\":[0,");
    QTest::newRow("a node with two parents")
        << QByteArray("\"left_children\":[1,") << QByteArray("\"left_children\":[2,");
    QTest::newRow("a feature that is not there")
        << QByteArray("\"split_indices\":[") << QByteArray("\"split_indices\":[7");
    QTest::newRow("arrays of different lengths")
        << QByteArray("\"default_left\":[") << QByteArray("\"default_left\":[1,");
    QTest::newRow("no base score") << QByteArray("\"base_score\":\"5E-1\"") << QByteArray("\"base_score\":\"x\"");
    QTest::newRow("too many features") << QByteArray("\"num_class\":\"0\",\"num_feature\":\"5\"")
                                       << QByteArray("\"num_class\":\"0\",\"num_feature\":\"5555555555\"");
    QTest::newRow("cut off") << QByteArray("\"version\"") << QByteArray("\"ver");
}

void TestXgboostReader::refusesDamagedFiles()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QByteArray text = bytesOf(QStringLiteral("squarederror.json"));
    const qsizetype at = text.indexOf(before);
    QVERIFY(at >= 0);
    text.replace(at, before.size(), after);
    if (after == "\"ver")
        text.truncate(at);
    const auto model = trees::readXgboostJson(text, QStringLiteral("m.json"));
    QVERIFY(!model.ok());
    QVERIFY(model.error().code == engine::ErrorCode::InvalidInput);
    QVERIFY2(model.error().where.startsWith(QLatin1String("m.json")), qPrintable(model.error().where));
}

void TestXgboostReader::refusesAUbjThatPromisesTooMuch_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray head("{L\0\0\0\0\0\0\0\x07learner", 17);
    QTest::newRow("nulls without end") << head + QByteArray("[$Z#L\x00\x00\x7f\xff\xff\xff\xff\xff", 13);
    QTest::newRow("numbers that are not there") << head + QByteArray("[$d#L\x00\x00\x00\x7f\xff\xff\xff\xff", 13);
    QTest::newRow("a negative length") << head + QByteArray("[$d#L\xff\xff\xff\xff\xff\xff\xff\xff", 13);
    QTest::newRow("a text that is not there") << head + QByteArray("SL\x00\x00\x7f\xff\xff\xff\xff\xff", 10);
    QTest::newRow("too deep") << head + QByteArray(100000, '[');
    QTest::newRow("cut off") << bytesOf(QStringLiteral("dart.ubj")).chopped(100);
}

void TestXgboostReader::refusesAUbjThatPromisesTooMuch()
{
    QFETCH(QByteArray, bytes);
    const auto model = readModel(bytes, QStringLiteral("m.ubj"));
    QVERIFY(!model.ok());
    QVERIFY(model.error().code == engine::ErrorCode::InvalidInput);
    QVERIFY2(model.error().where.startsWith(QLatin1String("m.ubj:byte")), qPrintable(model.error().where));
}

SLIPWAY_TEST(TestXgboostReader)
#include "TestXgboostReader.moc"
