#include "engine/data/TypeConversion.h"
#include "tests/support/CaseFile.h"
#include "tests/support/TestMain.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <random>

using namespace engine;

namespace {

TextConverter converter(InterimType type, const TextConverter::Options &options = {})
{
    Result<TextConverter> made = TextConverter::make(type, options);
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    return *std::move(made);
}

Column columnOf(InterimType type, int rows = 1)
{
    Column column;
    column.type = type;
    column.resize(rows);
    return column;
}

// "refused", or the value's text.
QByteArray converted(const TextConverter &converter, const QByteArray &text)
{
    Arena arena;
    Column column = columnOf(converter.type());
    if (!converter.convert({text.constData(), size_t(text.size())}, column, 0, arena))
        return column.valid[0] == 0 ? "refused" : "refused, but set";
    std::string spelled;
    appendText(spelled, column, 0);
    return QByteArray::fromStdString(spelled);
}

InterimType typeOf(const QByteArray &name)
{
    return name == "Binary" ? InterimType::Binary : interimTypeFromString(QString::fromLatin1(name)).value();
}

} // namespace

class TestTypeConversion : public QObject
{
    Q_OBJECT

private slots:
    void convertsExactlyOrRefuses_data();
    void convertsExactlyOrRefuses();
    void spellsValuesSoThatTheyReadBack();
    void agreesWithTheLibraryOnEveryDouble();
    void refusesPatternsThatMeanNothing_data();
    void refusesPatternsThatMeanNothing();
    void saysWhy_data();
    void saysWhy();
    void leavesTheSlotAloneWhenItRefuses();
    void namesEveryType();
};

void TestTypeConversion::convertsExactlyOrRefuses_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    for (const QString &file : tests::caseFiles(QStringLiteral("tests/cases/data"))) {
        for (const tests::Case &each : tests::readCases(file)) {
            const QByteArrayList lines = each.input.split('\n');
            const QByteArrayList expected = each.expected.split('\n');
            if (lines.size() != expected.size() + 1)
                QFAIL(qPrintable(QStringLiteral("%1, %2: as many texts as results").arg(file, each.name)));
            for (qsizetype i = 0; i < expected.size(); ++i) {
                const QByteArray text = lines.at(i + 1);
                QTest::newRow(QByteArray(lines.first() + ": '" + text + "'").constData())
                    << lines.first() << text << expected.at(i);
            }
        }
    }
}

void TestTypeConversion::convertsExactlyOrRefuses()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    TextConverter::Options options;
    const qsizetype end = head.indexOf(' ');
    QByteArray option = end < 0 ? QByteArray() : head.mid(end + 1);
    if (option.startsWith("culture ")) {
        option.remove(0, 8);
        options.culture = QString::fromLatin1(option.split(' ').constFirst());
        option = option.contains(' ') ? option.mid(option.indexOf(' ') + 1) : QByteArray();
    }
    options.treatBooleanAsNumber = option == "bool";
    if (option.startsWith("format "))
        options.format = QString::fromUtf8(option.mid(7));
    QCOMPARE(converted(converter(typeOf(end < 0 ? head : head.left(end)), options), text), expected);
}

void TestTypeConversion::spellsValuesSoThatTheyReadBack()
{
    std::mt19937_64 random(20240607);
    for (const InterimType type : {InterimType::Int64,
                                   InterimType::UInt64,
                                   InterimType::Double,
                                   InterimType::Single,
                                   InterimType::DateTime,
                                   InterimType::DateTimeOffset,
                                   InterimType::TimeSpan,
                                   InterimType::Guid,
                                   InterimType::Binary}) {
        const TextConverter convert = converter(type);
        for (int i = 0; i < 2000; ++i) {
            const uint64_t bits = random();
            Column column = columnOf(type);
            column.valid[0] = 1;
            std::string text;
            Arena arena;
            if (type == InterimType::Double || type == InterimType::Single) {
                double value = 0;
                std::memcpy(&value, &bits, sizeof value);
                if (type == InterimType::Single)
                    value = double(float(value));
                if (!std::isfinite(value))
                    continue;
                column.reals[0] = value;
            } else if (type == InterimType::Guid) {
                text.assign(16, char(bits));
                column.bytes[0] = arena.copy(text);
            } else if (type == InterimType::Binary) {
                text.assign(bits % 40, char(bits >> 8));
                column.bytes[0] = arena.copy(text);
            } else if (type == InterimType::DateTime || type == InterimType::DateTimeOffset) {
                column.integers[0] =
                    int64_t(bits % uint64_t(3'652'057) * 864'000'000'000ULL) + 864'000'000'000 + i * 37;
                if (type == InterimType::DateTimeOffset)
                    column.offsets[0] = int16_t(int(bits % 1681) - 840);
            } else {
                column.integers[0] = int64_t(bits);
            }
            text.clear();
            appendText(text, column, 0);
            Column back = columnOf(type);
            QVERIFY2(convert.convert(text, back, 0, arena), text.c_str());
            QVERIFY(back.integers == column.integers);
            QVERIFY(back.reals == column.reals);
            QVERIFY(back.bytes == column.bytes);
            QVERIFY(back.offsets == column.offsets);
        }
    }
}

void TestTypeConversion::agreesWithTheLibraryOnEveryDouble()
{
    std::mt19937_64 random(7);
    for (int i = 0; i < 200'000; ++i) {
        std::string text = std::to_string(random() >> (random() % 64));
        const size_t digits = text.size();
        if (random() % 2)
            text.insert(random() % (digits + 1), ".");
        if (random() % 4 == 0)
            text.insert(0, "-");
        double ours = 0;
        double theirs = 1;
        QVERIFY2(parseReal(text, ours), text.c_str());
        std::from_chars(text.data(), text.data() + text.size(), theirs);
        QVERIFY2(std::memcmp(&ours, &theirs, sizeof ours) == 0, text.c_str());
    }
}

void TestTypeConversion::refusesPatternsThatMeanNothing_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown letter") << u"yyyy-QQ"_qs << u"\"QQ\""_qs;
    QTest::newRow("too long") << u"HHH:mm"_qs << u"\"HHH\""_qs;
    QTest::newRow("open quote") << u"yyyy'"_qs << u"not closed"_qs;
    QTest::newRow("half of which day") << u"hh:mm"_qs << u"\"h\" and \"t\""_qs;
    QTest::newRow("unknown standard pattern") << u"X"_qs << u"\"X\""_qs;
}

void TestTypeConversion::refusesPatternsThatMeanNothing()
{
    QFETCH(QString, pattern);
    QFETCH(QString, named);
    const auto made = TextConverter::make(InterimType::DateTime, {.format = pattern});
    QVERIFY(!made);
    QVERIFY(made.error().code == ErrorCode::InvalidInput);
    QVERIFY2(made.error().message.contains(named), qPrintable(made.error().message));
    QVERIFY(made.error().message.contains(pattern));
}

void TestTypeConversion::saysWhy_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("named");
    const auto row = [](InterimType type, const char *text, const QString &named) {
        QTest::newRow(text) << int(type) << QByteArray(text) << named;
    };
    row(InterimType::Int64, "1.0", u"without decimal point"_qs);
    row(InterimType::Byte, "300", u"outside 0 … 255"_qs);
    row(InterimType::UInt64, "-1", u"outside 0 … 18446744073709551615"_qs);
    row(InterimType::Int32, "abc", u"not a whole number"_qs);
    row(InterimType::Double, "1e400", u"can hold"_qs);
    row(InterimType::Double, "1,5", u"a point"_qs);
    row(InterimType::DateTime, "2024-01-31T00:00+02:00", u"DateTimeOffset"_qs);
    row(InterimType::DateTime, "31.1.2024", u"a format"_qs);
    row(InterimType::Boolean, "yes", u"neither true nor false"_qs);
}

void TestTypeConversion::saysWhy()
{
    QFETCH(int, type);
    QFETCH(QByteArray, text);
    QFETCH(QString, named);
    const QString reason = converter(InterimType(type)).reason({text.constData(), size_t(text.size())});
    QVERIFY2(reason.contains(named), qPrintable(reason));
}

void TestTypeConversion::leavesTheSlotAloneWhenItRefuses()
{
    Arena arena;
    for (const InterimType type : {InterimType::Int32,
                                   InterimType::Double,
                                   InterimType::Decimal,
                                   InterimType::DateTime,
                                   InterimType::TimeSpan,
                                   InterimType::Guid,
                                   InterimType::Binary}) {
        const TextConverter convert = converter(type);
        Column column = columnOf(type, 2);
        QVERIFY(!convert.convert("?", column, 1, arena));
        const Column untouched = columnOf(type, 2);
        QVERIFY(column.valid == untouched.valid);
        QVERIFY(column.integers == untouched.integers);
        QVERIFY(column.reals == untouched.reals);
        QVERIFY(column.bytes == untouched.bytes);
    }
}

void TestTypeConversion::namesEveryType()
{
    for (int i = 0; i <= int(InterimType::Guid); ++i) {
        const QString name = toString(InterimType(i));
        QVERIFY(interimTypeFromString(name) == InterimType(i));
        QVERIFY(interimTypeFromString(name.toUpper()) == InterimType(i));
    }
    QCOMPARE(toString(InterimType::Binary), u"Byte[]"_qs);
    QVERIFY(!interimTypeFromString(u"Int128"_qs));
}

SLIPWAY_TEST(TestTypeConversion)
#include "TestTypeConversion.moc"
