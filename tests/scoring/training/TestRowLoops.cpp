#include "scoring/Exponential.h"
#include "scoring/training/LevelCodes.h"
#include "scoring/training/RowLoops.h"
#include "tests/support/TestMain.h"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace scoring;

// The arithmetic that scoring and training share: right, and the same bits however wide the processor's vectors are.
class TestRowLoops : public QObject
{
    Q_OBJECT

private slots:
    void computesTheExponentialToTheLastDigit();
    void computesTheLogarithmToTheLastDigits();
    void givesTheSameBitsInEveryWidth_data();
    void givesTheSameBitsInEveryWidth();
    void findsLevelsAsOneByOne_data();
    void findsLevelsAsOneByOne();
};

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// How many doubles lie between two.
int64_t between(double a, double b) { return std::abs(std::bit_cast<int64_t>(a) - std::bit_cast<int64_t>(b)); }

std::vector<uint64_t> bitsOf(const std::vector<double> &numbers)
{
    std::vector<uint64_t> bits;
    for (const double number : numbers)
        bits.push_back(std::isnan(number) ? 0 : std::bit_cast<uint64_t>(number));
    return bits;
}

} // namespace

void TestRowLoops::computesTheExponentialToTheLastDigit()
{
    std::mt19937_64 random(1);
    for (int i = 0; i < 200'000; ++i) {
        const double x = -double(random() >> 11) * 0x1p-53 * (i % 3 == 0 ? 745 : i % 3 == 1 ? 40 : 1);
        if (between(exponential(x), std::exp(x)) > 1)
            QFAIL(qPrintable(QString::number(x, 'g', 17)));
    }
    QCOMPARE(exponential(0.0), 1.0);
    QCOMPARE(exponential(-0.0), 1.0);
    QCOMPARE(exponential(-745.13), std::numeric_limits<double>::denorm_min());
    QCOMPARE(exponential(-746.5), 0.0);
    QCOMPARE(exponential(-1e308), 0.0);
    QCOMPARE(exponential(-infinity), 0.0);
    QVERIFY(std::isnan(exponential(missing)));
}

void TestRowLoops::computesTheLogarithmToTheLastDigits()
{
    std::mt19937_64 random(2);
    for (int i = 0; i < 100'000; ++i) {
        const double e = double(random() >> 11) * 0x1p-53 * (i % 2 == 0 ? 1 : 1e-9);
        if (between(logOfOnePlus(e), std::log1p(e)) > 3)
            QFAIL(qPrintable(QString::number(e, 'g', 17)));
    }
    QCOMPARE(logOfOnePlus(0), 0.0);
    QCOMPARE(logOfOnePlus(1e-300), 1e-300);
}

void TestRowLoops::givesTheSameBitsInEveryWidth_data()
{
    QTest::addColumn<int>("rows");
    for (const int rows : {0, 1, 3, 4, 7, 64, 1021})
        QTest::addRow("%d", rows) << rows;
}

void TestRowLoops::givesTheSameBitsInEveryWidth()
{
    QFETCH(const int, rows);
    constexpr int width = 19; // every way that columns are taken together
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal(0, 3);
    const auto some = [&] {
        std::vector<double> numbers(size_t(rows) + 1);
        for (double &number : numbers)
            number = random() % 50 == 0 ? missing : normal(random) * (random() % 20 == 0 ? 200 : 1);
        return numbers;
    };
    const std::vector<double> unclean = some();
    std::vector<std::vector<double>> numbers(width);
    std::vector<const double *> columns;
    for (std::vector<double> &column : numbers) {
        column = some();
        std::replace_if(
            column.begin(), column.end(), [](double x) { return std::isnan(x); }, 0.5);
        columns.push_back(column.data());
    }
    std::vector<double> targets(size_t(rows) + 1);
    for (double &target : targets)
        target = double(random() % 2);

    std::array<std::vector<uint64_t>, 2> bits;
    for (const bool isWide : {false, true}) {
        const RowLoops &loops = isWide ? RowLoops::best() : RowLoops::plain();
        std::vector<double> all;
        const auto keep = [&all](const std::vector<double> &more) { all.insert(all.end(), more.begin(), more.end()); };
        std::vector<double> margins = numbers[0];
        loops.addTerm(margins.data(), unclean.data(), rows, {.coefficient = 0.3, .mean = 1.7, .scale = 3, .impute = 2});
        loops.addTerm(margins.data(), unclean.data(), rows, {.coefficient = -0.7, .impute = 2});
        loops.addColumns(margins.data(), columns.data(), numbers[1].data(), std::min(rows, width), rows);
        keep(margins);
        std::vector<double> of0(margins.size());
        std::vector<double> of1(margins.size());
        loops.logistic(margins.data(), rows, of0.data(), of1.data());
        keep(of0);
        keep(of1);
        std::vector<double> losses(margins.size());
        std::vector<double> slopes(margins.size());
        for (double *curvatures : {static_cast<double *>(nullptr), of0.data()}) {
            loops.logisticLoss(
                {margins.data(), targets.data(), numbers[2].data(), losses.data(), slopes.data(), curvatures}, rows);
            keep(losses);
            keep(slopes);
        }
        keep(of0);
        std::vector<double> sums(width);
        loops.addProducts(sums.data(), margins.data(), columns.data(), width, rows);
        keep(sums);
        loops.multiply(of1.data(), slopes.data(), margins.data(), rows);
        keep(of1);
        keep({loops.sum(margins.data(), rows), loops.largestMagnitude(margins.data(), rows)});
        all.push_back(loops.areFinite(margins.data(), rows) ? 1 : 0);
        all.push_back(loops.areFinite(unclean.data(), rows) ? 1 : 0);
        bits[isWide ? 1 : 0] = bitsOf(all);
    }
    QCOMPARE(bits[0], bits[1]);
    std::vector<double> finite(size_t(rows), 1);
    QVERIFY(RowLoops::best().areFinite(finite.data(), rows));
    for (const double bad : {missing, infinity, -infinity}) {
        if (rows == 0)
            break;
        finite.back() = bad;
        QVERIFY(!RowLoops::best().areFinite(finite.data(), rows));
    }
}

void TestRowLoops::findsLevelsAsOneByOne_data()
{
    QTest::addColumn<QStringList>("levels");
    const auto words = [](const char *text) { return QString::fromLatin1(text).split(u' '); };
    QTest::newRow("of a few bytes") << words("1 2 3");
    QTest::newRow("of up to sixteen bytes") << words("male female Q Southampton abcdefgh abcdefghijklmnop abc ab");
    QTest::newRow("an empty one") << QStringList{QStringLiteral(""), QStringLiteral("a")};
    QTest::newRow("a long one") << words("a abcdefghijklmnopq");
    QTest::newRow("many") << words("a b c d e f g h i j k");
}

void TestRowLoops::findsLevelsAsOneByOne()
{
    QFETCH(const QStringList, levels);
    std::vector<std::string> texts{"",
                                   "m",
                                   "mal",
                                   "male",
                                   "males",
                                   "abcdefg",
                                   "abcdefgx",
                                   "abcdefghijklmno",
                                   "abcdefghijklmnox",
                                   "abcdefghijklmnopq",
                                   "Southamptom",
                                   "11"};
    for (const QString &level : levels)
        texts.push_back(level.toStdString());
    std::vector<std::string_view> cells(texts.begin(), texts.end());
    const LevelCodes codes(levels, FieldType::Text);
    std::vector<int32_t> found(cells.size() + 1);
    QVERIFY(!codes.findAll(cells, -5, found.data()));
    for (size_t i = 0; i < cells.size(); ++i)
        QCOMPARE(found[i], codes.find(cells[i]));
    const std::vector<std::string_view> known{
        cells.back(), std::string_view(), cells[texts.size() - size_t(levels.size())]};
    QVERIFY(codes.findAll(known, -5, found.data()));
    QCOMPARE(found[0], int32_t(levels.size()) - 1);
    QCOMPARE(found[1], -5);
    QCOMPARE(found[2], 0);

    QStringList numberLevels;
    for (int i = 0; i < levels.size(); ++i)
        numberLevels.append(shortestText(i * 1.5 - 1));
    const LevelCodes numbers(numberLevels, FieldType::Double);
    const std::vector<double> values{-1, 0.5, missing, 7, -0.0, infinity};
    QVERIFY(!numbers.findAll(values, -5, found.data()));
    for (size_t i = 0; i < values.size(); ++i)
        QCOMPARE(found[i], std::isnan(values[i]) ? -5 : numbers.find(values[i]));
}

SLIPWAY_TEST(TestRowLoops)
#include "TestRowLoops.moc"
