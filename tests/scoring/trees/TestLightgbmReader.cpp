#include "scoring/ModelFile.h"
#include "scoring/trees/LightgbmReader.h"
#include "tests/scoring/trees/ScoredTable.h"
#include "tests/support/TestMain.h"

#include <cmath>
#include <limits>

using namespace scoring;
using namespace tests;

class TestLightgbmReader : public QObject
{
    Q_OBJECT

private slots:
    void sendsMissingValuesWhereTheNodeSays_data();
    void sendsMissingValuesWhereTheNodeSays();
    void comparesCategoriesOfPandasAsNumbers();
    void readsCategoriesOfPandasThatAreTexts();
    void computesInLinearLeaves();
    void turnsMarginsIntoPredictions_data();
    void turnsMarginsIntoPredictions();
    void takesAConstantTree();
    void refusesDamagedFiles_data();
    void refusesDamagedFiles();
};

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

QByteArray model(const QByteArray &tree,
                 const QByteArray &objective = "regression",
                 const QByteArray &infos = "[0:9] [0:9]",
                 const QByteArray &end = {})
{
    return "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=1\nobjective="
        + objective + "\nfeature_names=a b\nfeature_infos=" + infos + "\ntree_sizes=1\n\nTree=0\n" + tree
        + "\nshrinkage=1\n\n\nend of trees\n\n" + end;
}

// b at most 2.5: 10, else 20.
QByteArray split(const QByteArray &decision, const QByteArray &threshold = "2.5")
{
    return "num_leaves=2\nnum_cat=0\nsplit_feature=1\nthreshold=" + threshold + "\ndecision_type=" + decision
        + "\nleft_child=-1\nright_child=-2\nleaf_value=10 20";
}

ModelPtr read(const QByteArray &text)
{
    const auto read = readModel(text, QStringLiteral("m.txt"));
    if (!read)
        qFatal("%s", qPrintable(read.error().message));
    return *read;
}

double score(const ModelPtr &model, std::vector<double> a, std::vector<double> b)
{
    OutputBatch scored;
    (*model->scorer({}))->score({1, {{a, {}, {}}, {b, {}, {}}}}, scored);
    return scored.columns.front().numbers.front();
}

} // namespace

void TestLightgbmReader::sendsMissingValuesWhereTheNodeSays_data()
{
    QTest::addColumn<QByteArray>("tree");
    QTest::addColumn<double>("cell");
    QTest::addColumn<double>("expected");
    QTest::newRow("on the threshold") << split("8") << 2.5 << 10.0;
    QTest::newRow("next to it") << split("8") << std::nextafter(2.5, 3) << 20.0;
    QTest::newRow("NaN goes right") << split("8") << missing << 20.0;
    QTest::newRow("NaN goes left") << split("10") << missing << 10.0;
    QTest::newRow("NaN is 0, left of 2.5") << split("0") << missing << 10.0;
    QTest::newRow("NaN is 0, right of −1") << split("2", "-1") << missing << 20.0;
    QTest::newRow("0 is missing, right") << split("4") << 0.0 << 20.0;
    QTest::newRow("0 is missing, left") << split("6", "-1") << 0.0 << 10.0;
    QTest::newRow("nearly 0 is missing") << split("4") << 1e-36 << 20.0;
    QTest::newRow("not nearly enough") << split("4") << 1e-34 << 10.0;
    QTest::newRow("NaN where 0 is missing") << split("4") << missing << 20.0;
    QTest::newRow("infinite") << split("8") << infinite << 20.0;
    QTest::newRow("infinite at an infinite threshold") << split("8", "inf") << infinite << 10.0;
    const QByteArray set = "num_leaves=2\nnum_cat=1\nsplit_feature=1\nthreshold=0\ndecision_type=1\nleft_child=-1\n"
                           "right_child=-2\nleaf_value=10 20\ncat_boundaries=0 2\ncat_threshold=4 1";
    QTest::newRow("a member") << set << 2.0 << 10.0;
    QTest::newRow("a member of the second word") << set << 32.0 << 10.0;
    QTest::newRow("cut to an integer") << set << 2.9 << 10.0;
    QTest::newRow("no member") << set << 3.0 << 20.0;
    QTest::newRow("beyond the set") << set << 64.0 << 20.0;
    QTest::newRow("below zero") << set << -3.0 << 20.0;
    QTest::newRow("too large for an integer") << set << 1e300 << 20.0;
    QTest::newRow("a missing category") << set << missing << 20.0;
}

void TestLightgbmReader::sendsMissingValuesWhereTheNodeSays()
{
    QFETCH(QByteArray, tree);
    QFETCH(double, cell);
    QFETCH(double, expected);
    QCOMPARE(score(read(model(tree)), {0}, {cell}), expected);
}

namespace {

const QByteArray pandasSet = "num_leaves=2\nnum_cat=1\nsplit_feature=1\nthreshold=0\ndecision_type=1\nleft_child=-1\n"
                             "right_child=-2\nleaf_value=10 20\ncat_boundaries=0 1\ncat_threshold=2"; // code 1

} // namespace

void TestLightgbmReader::comparesCategoriesOfPandasAsNumbers()
{
    const ModelPtr numbers =
        read(model(pandasSet, "regression", "[0:9] 0:1:2", "pandas_categorical:[[50, 70.0, 90]]\n"));
    QVERIFY(numbers->inputs()[1].type == FieldType::Double);
    QCOMPARE(score(numbers, {0}, {70}), 10.0);
    QCOMPARE(score(numbers, {0}, {90}), 20.0);
    QCOMPARE(score(numbers, {0}, {1}), 20.0); // no category: missing, not code 1
}

void TestLightgbmReader::readsCategoriesOfPandasThatAreTexts()
{
    const ModelPtr texts =
        read(model(pandasSet, "regression", "[0:9] 0:1:2", "pandas_categorical:[[\"x\", \"y z\"]]\n"));
    QCOMPARE(texts->inputs()[1].levels, QStringList({QStringLiteral("x"), QStringLiteral("y z")}));
    const std::vector<double> a(3, 0);
    const std::vector<std::string_view> b{"y z", "x", "other"};
    OutputBatch scored;
    (*texts->scorer({}))->score({3, {{a, {}, {}}, {{}, b, {}}}}, scored);
    QCOMPARE(scored.columns[0].numbers, (std::vector<double>{10, 20, 20}));
    QVERIFY(scored.problems.empty());
    const auto unclear = trees::readLightgbm(
        model(pandasSet, "regression", "[0:9] [0:9]", "pandas_categorical:[[\"x\"]]\n"), QStringLiteral("m.txt"));
    QVERIFY(!unclear.ok());
}

void TestLightgbmReader::computesInLinearLeaves()
{
    const ModelPtr linear = read(model(split("8")
                                       + "\nis_linear=1\nleaf_const=1 5\nnum_features=2 0\nleaf_features=0 1  \n"
                                         "leaf_coeff=2 0.5  "));
    QCOMPARE(score(linear, {3}, {2}), 1 + 6 + 1.0);
    QCOMPARE(score(linear, {missing}, {2}), 10.0); // the leaf's plain value
    QCOMPARE(score(linear, {3}, {4}), 5.0);
}

void TestLightgbmReader::turnsMarginsIntoPredictions_data()
{
    QTest::addColumn<QByteArray>("objective");
    QTest::addColumn<double>("expected"); // of a margin of 10 or, below, 20
    QTest::newRow("regression") << QByteArray("regression") << 10.0;
    QTest::newRow("square root") << QByteArray("regression sqrt") << 100.0;
    QTest::newRow("poisson") << QByteArray("poisson") << std::exp(10.0);
    QTest::newRow("cross entropy") << QByteArray("cross_entropy") << 1 / (1 + std::exp(-10.0));
    QTest::newRow("cross entropy lambda") << QByteArray("cross_entropy_lambda") << std::log1p(std::exp(10.0));
    QTest::newRow("ranks") << QByteArray("lambdarank") << 10.0;
    QTest::newRow("custom") << QByteArray("custom") << 10.0;
    QTest::newRow("two classes") << QByteArray("binary sigmoid:1") << 1.0; // the label
}

void TestLightgbmReader::turnsMarginsIntoPredictions()
{
    QFETCH(QByteArray, objective);
    QFETCH(double, expected);
    QCOMPARE(score(read(model(split("8"), objective)), {0}, {1}), expected);
}

void TestLightgbmReader::takesAConstantTree()
{
    QCOMPARE(score(read(model("num_leaves=1\nnum_cat=0\nleaf_value=7.25")), {0}, {0}), 7.25);
}

void TestLightgbmReader::refusesDamagedFiles_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    QTest::newRow("a child that is not there")
        << model(split("8").replace("right_child=-2", "right_child=-3")) << QString();
    QTest::newRow("a node in itself") << model(split("8").replace("right_child=-2", "right_child=0")) << QString();
    QTest::newRow("too few leaves") << model(split("8").replace("=10 20", "=10")) << QStringLiteral("m.txt:20");
    QTest::newRow("no number") << model(split("8").replace("=10 20", "=10 x")) << QStringLiteral("m.txt:20");
    QTest::newRow("more leaves than the file")
        << model(split("8").replace("num_leaves=2", "num_leaves=2000000000")) << QStringLiteral("m.txt:13");
    QTest::newRow("a feature that is not there")
        << model(split("8").replace("split_feature=1", "split_feature=2")) << QString();
    QTest::newRow("no such set") << model(split("9")) << QString();
    QTest::newRow("unknown version") << model(split("8")).replace("version=v4", "version=v1") << QString();
    QTest::newRow("unknown objective") << model(split("8"), "foretelling") << QString();
    QTest::newRow("millions of outputs and no tree")
        << QByteArray("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=5001000\nmax_feature_idx=1\n"
                      "objective=regression\nfeature_names=a b\nfeature_infos=[0:9] [0:9]\n\nend of trees\n")
        << QStringLiteral("m.txt:1");
    QTest::newRow("cut off") << model(split("8")).replace("end of trees", "").replace("tree_sizes=1", "tree_sizes=1 2")
                             << QString();
}

void TestLightgbmReader::refusesDamagedFiles()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, where);
    const auto model = readModel(text, QStringLiteral("m.txt"));
    QVERIFY(!model.ok());
    if (!where.isEmpty())
        QCOMPARE(model.error().where, where);
}

SLIPWAY_TEST(TestLightgbmReader)
#include "TestLightgbmReader.moc"
