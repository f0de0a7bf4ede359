#include "engine/data/ValueConversion.h"
#include "tests/support/CaseFile.h"
#include "tests/support/TestMain.h"

#include <cmath>
#include <limits>

using namespace engine;

namespace {

Column columnOf(InterimType type, int rows = 1)
{
    Column column;
    column.type = type;
    column.resize(rows);
    return column;
}

ValueConverter converter(InterimType from, InterimType to)
{
    auto made = ValueConverter::make(from, {.to = to, .format = {}, .treatBooleanAsNumber = false});
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    return *std::move(made);
}

Column valueOf(InterimType type, const QByteArray &text, Arena &arena)
{
    Column column = columnOf(type);
    auto reader = TextConverter::make(type, {});
    if (!reader || !reader->convert({text.constData(), size_t(text.size())}, column, 0, arena))
        qFatal("%s is no value", text.constData());
    return column;
}

} // namespace

// What becomes of a value of one type in another.
class TestValueConversion : public QObject
{
    Q_OBJECT

private slots:
    void convertsExactlyOrRefuses_data();
    void convertsExactlyOrRefuses();
    void keepsWhatIsNoFiniteNumberAmongReals();
    void nullStaysNull();
    void copiesBytes();
    void leavesTheSlotAloneWhenItRefuses();
    void everyPairIsAsDataFactoryHasIt();
    void saysWhy_data();
    void saysWhy();
};

SLIPWAY_TEST(TestValueConversion)

void TestValueConversion::convertsExactlyOrRefuses_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    for (const QString &file : tests::caseFiles(QStringLiteral("tests/cases/data/typed"))) {
        for (const tests::Case &each : tests::readCases(file)) {
            const QByteArrayList lines = each.input.split('\n');
            const QByteArrayList expected = each.expected.split('\n');
            if (lines.size() != expected.size() + 1)
                QFAIL(qPrintable(QStringLiteral("%1, %2: as many values as results").arg(file, each.name)));
            for (qsizetype i = 0; i < expected.size(); ++i)
                QTest::newRow(QByteArray(lines.first() + ": '" + lines.at(i + 1) + "'").constData())
                    << lines.first() << lines.at(i + 1) << expected.at(i);
        }
    }
}

void TestValueConversion::convertsExactlyOrRefuses()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const QByteArrayList words = head.split(' ');
    const InterimType from = interimTypeFromString(QString::fromLatin1(words.at(0))).value();
    const InterimType to = interimTypeFromString(QString::fromLatin1(words.at(1))).value();
    ValueConverter::Options options{
        .to = to, .format = {}, .treatBooleanAsNumber = words.size() > 2 && words.at(2) == "bool"};
    const int format = words.size() > 3 && words.at(2) == "culture" ? 4 : 2;
    if (format == 4)
        options.culture = QString::fromLatin1(words.at(3));
    if (words.size() > format + 1 && words.at(format) == "format")
        options.format = QString::fromUtf8(words.mid(format + 1).join(' '));
    Arena arena;
    const Column column = valueOf(from, text, arena);
    const auto made = ValueConverter::make(from, options);
    if (expected == "impossible") {
        QVERIFY(!made);
        QVERIFY(made.error().code == ErrorCode::Unsupported);
        QVERIFY2(made.error().message.contains(toString(to)), qPrintable(made.error().message));
        return;
    }
    VERIFY_OK(made);
    Column target = columnOf(to);
    if (!made->convert(column, 0, target, 0, arena)) {
        QCOMPARE(target.valid[0], uint8_t(0));
        QVERIFY(!made->reason(column, 0).isEmpty());
        QCOMPARE(QByteArray("refused"), expected);
        return;
    }
    std::string spelled;
    appendText(spelled, target, 0);
    QCOMPARE(QByteArray::fromStdString(spelled), expected);
}

// Data Factory's table of conversions: a line for each type it is from, a mark for each it may become, in the order of
// InterimType. (A DateTime and a DateTimeOffset of offset zero become each other too: nothing is lost.)
void TestValueConversion::everyPairIsAsDataFactoryHasIt()
{
    const QByteArray number = "xxxxxxxxxxxxx.....";
    QByteArrayList table(12, number); // Boolean … Decimal
    table += {"xxxxxxxxxxxxxxxxxx", // String
              "............xx....", // Byte[]
              "............x.xx..", // DateTime
              "............x.xx..", // DateTimeOffset
              "............x...x.", // TimeSpan
              "............x....x"}; // Guid
    for (int from = 0; from <= int(InterimType::Guid); ++from) {
        for (int to = 0; to <= int(InterimType::Guid); ++to) {
            const bool isPossible =
                ValueConverter::make(InterimType(from),
                                     {.to = InterimType(to), .format = {}, .treatBooleanAsNumber = false})
                    .ok();
            QVERIFY2(isPossible == (table.at(from).at(to) == 'x'),
                     qPrintable(toString(InterimType(from)) + u' ' + toString(InterimType(to))));
        }
    }
}

void TestValueConversion::keepsWhatIsNoFiniteNumberAmongReals()
{
    Arena arena;
    for (const double real : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        Column from = columnOf(InterimType::Double);
        from.valid[0] = 1;
        from.reals[0] = real;
        Column single = columnOf(InterimType::Single);
        QVERIFY(converter(InterimType::Double, InterimType::Single).convert(from, 0, single, 0, arena));
        QCOMPARE(std::isnan(single.reals[0]), std::isnan(real));
        QCOMPARE(std::isinf(single.reals[0]), std::isinf(real));
        for (const InterimType type : {InterimType::Boolean, InterimType::Int64, InterimType::Decimal}) {
            Column to = columnOf(type);
            QVERIFY(!converter(InterimType::Double, type).convert(from, 0, to, 0, arena));
            const QString reason = converter(InterimType::Double, type).reason(from, 0);
            QVERIFY2(reason.contains(u"not a finite number"), qPrintable(reason));
        }
    }
}

void TestValueConversion::nullStaysNull()
{
    Arena arena;
    for (int i = 0; i <= int(InterimType::Guid); ++i) {
        for (int j = 0; j <= int(InterimType::Guid); ++j) {
            const auto made = ValueConverter::make(InterimType(i),
                                                   {.to = InterimType(j), .format = {}, .treatBooleanAsNumber = false});
            if (!made)
                continue;
            Column to = columnOf(InterimType(j));
            to.valid[0] = 1;
            QVERIFY(made->convert(columnOf(InterimType(i)), 0, to, 0, arena));
            QCOMPARE(to.valid[0], uint8_t(0));
        }
    }
}

// The value outlives the buffer it was read from.
void TestValueConversion::copiesBytes()
{
    for (const InterimType type : {InterimType::String, InterimType::Decimal}) {
        Arena arena;
        std::string text = "12345678";
        Column from = columnOf(InterimType::String);
        from.valid[0] = 1;
        from.bytes[0] = text;
        Column to = columnOf(type);
        QVERIFY(converter(InterimType::String, type).convert(from, 0, to, 0, arena));
        text.assign(8, 'x');
        QVERIFY(to.bytes[0] == "12345678");
    }
}

void TestValueConversion::leavesTheSlotAloneWhenItRefuses()
{
    Arena arena;
    const Column from = valueOf(InterimType::Double, "1e-40", arena);
    for (const InterimType type : {InterimType::Int32, InterimType::Decimal}) {
        Column to = columnOf(type, 2);
        QVERIFY(!converter(InterimType::Double, type).convert(from, 0, to, 1, arena));
        const Column untouched = columnOf(type, 2);
        QVERIFY(to.valid == untouched.valid);
        QVERIFY(to.integers == untouched.integers);
        QVERIFY(to.bytes == untouched.bytes);
    }
}

void TestValueConversion::saysWhy_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("to");
    QTest::addColumn<QString>("named");
    const auto row = [](InterimType from, const char *text, InterimType to, const QString &named) {
        QTest::addRow("%s to %s", text, qPrintable(toString(to))) << int(from) << QByteArray(text) << int(to) << named;
    };
    row(InterimType::Double, "0.5", InterimType::Int32, QStringLiteral("it has a fraction"));
    row(InterimType::Decimal, "0.5", InterimType::Int64, QStringLiteral("it has a fraction"));
    row(InterimType::Int64, "300", InterimType::Byte, QStringLiteral("outside 0 … 255"));
    row(InterimType::Double, "1e300", InterimType::Int64, QStringLiteral("outside -9223372036854775808"));
    row(InterimType::Int64, "-1", InterimType::UInt64, QStringLiteral("outside 0 … 18446744073709551615"));
    row(InterimType::Int64, "9007199254740993", InterimType::Double, QStringLiteral("type Double does not hold"));
    row(InterimType::Double, "1e-40", InterimType::Decimal, QStringLiteral("38 digits"));
    row(InterimType::Int64, "2", InterimType::Boolean, QStringLiteral("neither 0 nor 1"));
    row(InterimType::DateTimeOffset, "2024-02-29T00:00+02:00", InterimType::DateTime, QStringLiteral("offset"));
    row(InterimType::String, "x", InterimType::Int32, QStringLiteral("not a whole number"));
}

void TestValueConversion::saysWhy()
{
    QFETCH(int, from);
    QFETCH(QByteArray, text);
    QFETCH(int, to);
    QFETCH(QString, named);
    Arena arena;
    const Column column = valueOf(InterimType(from), text, arena);
    const QString reason = converter(InterimType(from), InterimType(to)).reason(column, 0);
    QVERIFY2(reason.contains(named), qPrintable(reason));
}

#include "TestValueConversion.moc"
