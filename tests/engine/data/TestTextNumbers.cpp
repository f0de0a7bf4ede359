#include "engine/data/TextNumbers.h"
#include "tests/support/TestMain.h"

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

using namespace engine;

class TestTextNumbers : public QObject
{
    Q_OBJECT

private slots:
    void readsShortNumbersAsTheLongWay();
    void refusesShortTextsThatAreNoNumbers_data();
    void refusesShortTextsThatAreNoNumbers();
    void writesRealsAsTheLibrary();
};

namespace {

// The text with something behind it that must not count.
std::string padded(const std::string &text, char behind) { return text + std::string(16, behind); }

uint64_t bitsOf(double value)
{
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

} // namespace

// What the short way takes is what the long way says, bit for bit; and it takes what it is made for.
void TestTextNumbers::readsShortNumbersAsTheLongWay()
{
    constexpr std::string_view characters = "0123456789012345678901234567890123456789..--+e ,\"x/:\x80\xff";
    std::mt19937_64 random(20240131);
    int integers = 0;
    int reals = 0;
    for (int i = 0; i < 400'000; ++i) {
        std::string text;
        for (size_t left = 1 + random() % 10; left > 0; --left)
            text += characters[random() % (random() % 2 ? 42 : characters.size())];
        const std::string behind = padded(text, characters[random() % characters.size()]);
        int64_t integer = 0;
        if (parseShortInteger(behind.data(), text.size(), integer)) {
            int64_t expected = -1;
            QVERIFY2(parseInteger(text, expected), text.c_str());
            QCOMPARE(integer, expected);
            ++integers;
        }
        double real = 0;
        if (parseShortReal(behind.data(), text.size(), real)) {
            double expected = -1;
            QVERIFY2(parseReal(text, expected), text.c_str());
            QVERIFY2(bitsOf(real) == bitsOf(expected), text.c_str());
            ++reals;
        }
        const bool plain = text.size() <= 8 && text.find_first_not_of("0123456789") == std::string::npos;
        QVERIFY2(!plain
                     || (parseShortInteger(behind.data(), text.size(), integer)
                         && parseShortReal(behind.data(), text.size(), real)),
                 text.c_str());
    }
    QVERIFY(integers > 20'000);
    QVERIFY(reals > integers);
    for (const char *const text : {"-1", "-12345678", "12345678", "0", "-0", "00000000"}) {
        int64_t integer = 1;
        QVERIFY2(parseShortInteger(padded(text, '9').data(), std::strlen(text), integer), text);
        QCOMPARE(integer, QByteArray(text).toLongLong());
    }
    for (const char *const text : {"1.5", "-.5", "5.", "1234567.", ".1234567", "-1234.567", "-0", "0.000001"}) {
        double real = 1;
        QVERIFY2(parseShortReal(padded(text, '.').data(), std::strlen(text), real), text);
        QCOMPARE(bitsOf(real), bitsOf(QByteArray(text).toDouble()));
    }
    int64_t integer = 7;
    double real = 7;
    QVERIFY(parseShortInteger(padded("", ',').data(), 0, integer) && integer == 0);
    QVERIFY(parseShortReal(padded("", '1').data(), 0, real) && real == 0);
}

void TestTextNumbers::refusesShortTextsThatAreNoNumbers_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *const text :
         {"-", ".", "-.", "--1", "1-", "1..2", ".1.", "1,5", "1e5", "+1", " 1", "1 ", "a", "/", ":"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("NUL") << QByteArray("1\0", 2);
    QTest::newRow("high bit") << QByteArray("1\xb0");
    QTest::newRow("ten is no digit") << QByteArray("12345:78");
}

void TestTextNumbers::refusesShortTextsThatAreNoNumbers()
{
    QFETCH(QByteArray, text);
    const std::string behind = padded(text.toStdString(), '1');
    int64_t integer = 0;
    QVERIFY(!parseShortInteger(behind.data(), size_t(text.size()), integer));
    double real = 0;
    QVERIFY(!parseShortReal(behind.data(), size_t(text.size()), real));
}

SLIPWAY_TEST(TestTextNumbers)
void TestTextNumbers::writesRealsAsTheLibrary()
{
    const auto library = [](double value) {
        char digits[64];
        return std::string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    };
    const auto written = [](double value) {
        char digits[longestReal];
        return std::string(digits, writeReal(digits, value));
    };
    std::vector<double> values{
        0.0,      -0.0,      0.001,       0.0001,  0.00101, 0.1,         0.3,     99999.9999,
        1e4,      1e5,       1.2e6,       1e10,    1e11,    99999999999, 1e15,    9007199254740992.0,
        1e22,     1e-5,      5e-324,      1.0 / 3, 2.675,   100000.5,    1200000, 99999999999.9999,
        INFINITY, -INFINITY, std::nan("")};
    std::mt19937_64 random(7);
    constexpr int64_t powers[] = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000};
    for (int i = 0; i < 50'000; ++i) {
        const auto digits = int64_t(random() >> (random() % 60));
        const double near = double(digits % 10'000'000'000'000) / double(powers[random() % std::size(powers)]);
        values.push_back(near);
        values.push_back(-std::nextafter(near, 1e300));
        values.push_back(std::bit_cast<double>(random()));
    }
    for (const double value : values)
        QCOMPARE(written(value), library(value));
}

#include "TestTextNumbers.moc"
