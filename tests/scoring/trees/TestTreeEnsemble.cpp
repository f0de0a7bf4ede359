#include "scoring/trees/TreeEnsemble.h"
#include "tests/support/TestMain.h"

#include <cmath>
#include <functional>
#include <limits>
#include <random>

using namespace scoring::trees;

class TestTreeEnsemble : public QObject
{
    Q_OBJECT

private slots:
    void goesWhereAPlainWalkGoes_data();
    void goesWhereAPlainWalkGoes();
    void addsInTheOrderOfTheTrees();
    void refusesWhatIsNoTree();
};

namespace {

constexpr int features = 7;

// Grown at random: lopsided, with ties on the thresholds, and with all kinds of splits unless `plain`.
Tree randomTree(std::mt19937 &random, bool plain, int outputs)
{
    Tree tree;
    const auto below = [&random](int n) { return int(random() % unsigned(n)); };
    tree.sets = {{5}, {0, 2}};
    tree.output = below(outputs);
    const std::function<int(int)> grow = [&](int depth) {
        const int at = int(tree.nodes.size());
        tree.nodes.emplace_back();
        if (depth == 0 || below(5) == 0) {
            tree.nodes[size_t(at)].leaf = int(tree.values.size());
            tree.numbers.push_back(100 + int(tree.values.size()));
            tree.values.push_back(double(float(below(1000)) / 7));
            return at;
        }
        TreeNode node;
        node.split = plain ? (below(2) == 0 ? Split::Less : Split::LessOrEqual) : Split(1 + below(4));
        node.feature = below(features);
        node.threshold = below(8) - 3;
        node.missingYes = below(2) == 0;
        node.zeroIsMissing = !plain && below(4) == 0;
        node.set = below(2);
        node.yes = grow(depth - 1);
        node.no = grow(depth - 1);
        tree.nodes[size_t(at)] = node;
        return at;
    };
    grow(9);
    return tree;
}

int leafOf(const Tree &tree, const std::vector<double> &row)
{
    int at = 0;
    while (tree.nodes[size_t(at)].split != Split::Leaf) {
        const TreeNode &node = tree.nodes[size_t(at)];
        const double x = row[size_t(node.feature)];
        bool yes = false;
        if (std::isnan(x) || (node.zeroIsMissing && x == 0)) {
            yes = node.missingYes;
        } else if (node.split == Split::InSet) {
            const std::vector<uint32_t> &set = tree.sets[size_t(node.set)];
            yes = x >= 0 && size_t(x) / 32 < set.size() && ((set[size_t(x) / 32] >> (unsigned(x) % 32U)) & 1U) != 0;
        } else {
            yes = node.split == Split::Less  ? x < node.threshold
                : node.split == Split::Equal ? x == node.threshold
                                             : x <= node.threshold;
        }
        at = yes ? node.yes : node.no;
    }
    return tree.nodes[size_t(at)].leaf;
}

} // namespace

void TestTreeEnsemble::goesWhereAPlainWalkGoes_data()
{
    QTest::addColumn<bool>("plain");
    QTest::addColumn<bool>("single");
    QTest::addColumn<int>("rows");
    QTest::addColumn<bool>("hasMissing");
    QTest::newRow("no cell missing, float") << true << true << 1000 << false;
    QTest::newRow("no cell missing, double") << true << false << 1000 << false;
    for (const int rows : {1, 63, 64, 65, 5000}) {
        QTest::addRow("%d rows, plain, double", rows) << true << false << rows << true;
        QTest::addRow("%d rows, plain, float", rows) << true << true << rows << true;
        QTest::addRow("%d rows, all kinds, double", rows) << false << false << rows << true;
        QTest::addRow("%d rows, all kinds, float", rows) << false << true << rows << true;
    }
}

void TestTreeEnsemble::goesWhereAPlainWalkGoes()
{
    QFETCH(bool, plain);
    QFETCH(bool, single);
    QFETCH(int, rows);
    QFETCH(bool, hasMissing);
    std::mt19937 random(17);
    std::vector<Tree> trees;
    for (int i = 0; i < 20; ++i)
        trees.push_back(randomTree(random, plain, 3));
    const TreeEnsemble::Shape shape{features, 3, 1, single ? Precision::Float : Precision::Double};
    const auto ensemble = TreeEnsemble::make(shape, trees);
    QVERIFY(ensemble.ok());

    std::vector<std::vector<double>> columns(features, std::vector<double>(size_t(rows)));
    for (std::vector<double> &column : columns)
        for (double &cell : column)
            cell = hasMissing && random() % 9 == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                   : double(int(random() % 10) - 4);
    std::vector<const double *> pointers;
    for (const std::vector<double> &column : columns)
        pointers.push_back(column.data());
    TreeMarch march(*ensemble);
    std::vector<double> sums(size_t(rows) * 3, 0.5);
    march.add(pointers, rows, 2, 18, sums.data());
    std::vector<int32_t> leaves(size_t(rows) * 16);
    march.leaves(pointers, rows, 2, 18, leaves.data());

    for (int row = 0; row < rows; ++row) {
        std::vector<double> cells;
        for (const std::vector<double> &column : columns)
            cells.push_back(column[size_t(row)]);
        std::vector<double> expected(3, 0.5);
        for (int tree = 2; tree < 18; ++tree) {
            const int leaf = leafOf(trees[size_t(tree)], cells);
            QCOMPARE(leaves[size_t(row * 16 + tree - 2)], 100 + leaf);
            double &sum = expected[size_t(trees[size_t(tree)].output)];
            const double value = trees[size_t(tree)].values[size_t(leaf)];
            sum = single ? double(float(sum) + float(value)) : sum + value;
        }
        for (int k = 0; k < 3; ++k)
            QVERIFY(sums[size_t(row * 3 + k)] == expected[size_t(k)]);
    }
}

void TestTreeEnsemble::addsInTheOrderOfTheTrees()
{
    std::vector<Tree> trees;
    for (const double value : {1e17, 1.0, -1e17, 1.0}) {
        Tree tree;
        tree.nodes.resize(1);
        tree.nodes[0].leaf = 0;
        tree.values = {value};
        trees.push_back(tree);
    }
    const auto ensemble = TreeEnsemble::make({0, 1, 1, Precision::Double}, trees);
    QVERIFY(ensemble.ok());
    double sum = 0;
    TreeMarch(*ensemble).add({}, 1, 0, 4, &sum);
    QVERIFY(sum == 1.0); // 1e17 + 1 is 1e17: another order gives 2 or 0
}

void TestTreeEnsemble::refusesWhatIsNoTree()
{
    Tree cycle;
    cycle.nodes.resize(2);
    cycle.nodes[0].split = Split::Less;
    cycle.nodes[0].yes = 1;
    cycle.nodes[0].no = 0;
    cycle.nodes[1].leaf = 0;
    cycle.values = {1};
    QVERIFY(!TreeEnsemble::make({1, 1, 1, Precision::Float}, {cycle}).ok());
    Tree leafless = cycle;
    leafless.nodes[0].no = 1;
    QVERIFY(!TreeEnsemble::make({1, 1, 1, Precision::Float}, {leafless}).ok());
    Tree empty;
    const auto refused = TreeEnsemble::make({1, 1, 1, Precision::Float}, {empty});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().where, QStringLiteral("trees/0"));
}

SLIPWAY_TEST(TestTreeEnsemble)
#include "TestTreeEnsemble.moc"
