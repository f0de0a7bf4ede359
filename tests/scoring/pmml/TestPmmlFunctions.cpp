#include "tests/scoring/pmml/Documents.h"
#include "tests/support/TestMain.h"

using namespace tests;

// Every built-in function and transformation, on one row.
class TestPmmlFunctions : public QObject
{
    Q_OBJECT

private slots:
    void computesNumbers_data();
    void computesNumbers();
    void computesTexts_data();
    void computesTexts();
    void callsDefinedFunctions();
    void readsSasParametersInConstants();
    void roundsFloatsTo32Bits();
};

namespace {

QByteArray apply(const QByteArray &function, const QByteArray &arguments, const QByteArray &attributes = {})
{
    QByteArray body;
    for (const QByteArray &each : arguments.split(' ')) {
        if (each.isEmpty())
            continue;
        if (each.startsWith('\''))
            body += "<Constant dataType=\"string\">" + each.mid(1) + "</Constant>";
        else if (each[0] == '-' || (each[0] >= '0' && each[0] <= '9'))
            body += "<Constant>" + each + "</Constant>";
        else
            body += "<FieldRef field=\"" + each + "\"/>";
    }
    return "<Apply function=\"" + function + "\"" + attributes + ">" + body + "</Apply>";
}

} // namespace

void TestPmmlFunctions::computesNumbers_data()
{
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("expected"); // empty = null
    const auto add = [](const QByteArray &function,
                        const QByteArray &arguments,
                        const char *cells,
                        const char *expected,
                        const QByteArray &attributes = {}) {
        QTest::addRow("%s(%s) of %s %s", function.constData(), arguments.constData(), cells, attributes.constData())
            << apply(function, arguments, attributes) << QString::fromUtf8(cells) << QString::fromLatin1(expected);
    };
    add("+", "x y", "x=1.5 y=2", "3.5");
    add("-", "x y", "x=1.5 y=2", "-0.5");
    add("*", "x y", "x=1.5 y=2", "3");
    add("/", "x y", "x=3 y=2", "1.5");
    add("/", "n 2", "n=3", "1.5");
    add("/", "x y", "x=3 y=0", "");
    add("+", "x y", "x=1", "");
    add("+", "x y", "x=1", "7", " mapMissingTo=\"7\"");
    add("+", "x y", "x=1", "8", " defaultValue=\"8\"");
    add("ln", "x", "x=-1", "");
    add("ln", "x", "x=-1", "9", " invalidValueTreatment=\"asMissing\" defaultValue=\"9\"");
    add("min", "x y z", "x=3 z=2", "2");
    add("max", "x y z", "x=3 z=2", "3");
    add("sum", "x y z", "x=3 z=2", "5");
    add("avg", "x y z", "x=3 z=2", "2.5");
    add("median", "x y z", "x=3 y=1 z=2", "2");
    add("product", "x y z", "x=3 z=2", "6");
    add("avg", "x y", "n=1", "");
    add("log10", "x", "x=1000", "3");
    add("ln", "x", "x=1", "0");
    add("sqrt", "x", "x=9", "3");
    add("abs", "x", "x=-9.5", "9.5");
    add("exp", "x", "x=0", "1");
    add("pow", "x y", "x=2 y=10", "1024");
    add("threshold", "x y", "x=2 y=1", "1");
    add("threshold", "x y", "x=1 y=1", "0");
    add("floor", "x", "x=-1.5", "-2");
    add("ceil", "x", "x=-1.5", "-1");
    add("round", "x", "x=-2.5", "-2");
    add("round", "x", "x=2.5", "3");
    add("rint", "x", "x=2.5", "2");
    add("modulo", "x y", "x=-7 y=3", "2");
    add("x-modulo", "x y", "x=7 y=-3", "-2");
    add("hypot", "x y", "x=3 y=4", "5");
    add("ln1p", "x", "x=0", "0");
    add("expm1", "x", "x=0", "0");
    add("sin", "x", "x=0", "0");
    add("cos", "x", "x=0", "1");
    add("tan", "x", "x=0", "0");
    add("asin", "x", "x=0", "0");
    add("acos", "x", "x=1", "0");
    add("atan", "x", "x=0", "0");
    add("sinh", "x", "x=0", "0");
    add("cosh", "x", "x=0", "1");
    add("tanh", "x", "x=0", "0");
    add("erf", "x", "x=0", "0");
    add("stdNormalCDF", "x", "x=0", "0.5");
    add("normalCDF", "x y z", "x=3 y=3 z=2", "0.5");
    add("stdNormalPDF", "x", "x=0", "0.3989422804014327");
    add("normalPDF", "x y z", "x=3 y=3 z=2", "0.19947114020071635");
    add("stdNormalIDF", "x", "x=0.975", "1.9599639845400543");
    add("stdNormalIDF", "x", "x=1", "");
    add("normalIDF", "x y z", "x=0.5 y=3 z=2", "3");
    add("stringLength", "s", "s=größe", "5");
    add("dateDaysSinceYear", "day 1960", "day=1960-03-01", "60");
    add("dateSecondsSinceYear", "day 1970", "day=1970-01-02", "86400");
    add("dateSecondsSinceMidnight", "'01:00:05", "x=1", "3605");
    add("isMissing", "x", "y=1", "1");
    add("isNotMissing", "x", "y=1", "0");
    add("isValid", "x", "x=1", "1");
    add("isNotValid", "x", "y=1", "1");
    add("equal", "s 'a", "s=a", "1");
    add("equal", "x 1", "x=1", "1");
    add("notEqual", "s 'a", "s=a", "0");
    add("lessThan", "x y", "x=1 y=2", "1");
    add("lessOrEqual", "x y", "x=2 y=2", "1");
    add("greaterThan", "x y", "x=2 y=2", "0");
    add("greaterOrEqual", "x y", "x=2 y=2", "1");
    add("lessThan", "s t", "s=apple t=pear", "1");
    add("isIn", "s 'a 'b", "s=b", "1");
    add("isNotIn", "x 1 2", "x=3", "1");
    add("not", "flag", "flag=true", "0");
    add("and", "flag x", "flag=false", "0"); // false decides, whatever is missing
    add("and", "flag x", "flag=true", "");
    add("or", "flag x", "flag=true", "1");
    add("if", "flag x y", "flag=true x=4 y=5", "4");
    add("if", "flag x y", "flag=false x=4 y=5", "5");
    add("if", "flag x", "flag=false x=4", "");
    add("if", "flag x y", "x=4 y=5", "");
    add("matches", "s '^a.c$", "s=abc", "1");
}

void TestPmmlFunctions::computesNumbers()
{
    QFETCH(const QByteArray, expression);
    QFETCH(const QString, cells);
    QFETCH(const QString, expected);
    const ScoredTexts scored = scoreRow(computing(expression), cells);
    const auto is = scored.at(0, 0);
    if (expected.isEmpty())
        QVERIFY2(!is, qPrintable(*is));
    else
        QVERIFY2(is && std::abs(is->toDouble() - expected.toDouble()) <= 4e-16 * std::abs(expected.toDouble()),
                 qPrintable(is.value_or(QStringLiteral("null"))));
}

void TestPmmlFunctions::computesTexts_data()
{
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("expected");
    const auto add =
        [](const QByteArray &function, const QByteArray &arguments, const char *cells, const char *expected) {
            QTest::addRow("%s(%s) of %s", function.constData(), arguments.constData(), cells)
                << apply(function, arguments) << QString::fromUtf8(cells) << QString::fromUtf8(expected);
        };
    add("uppercase", "s", "s=größe", "GRÖSSE");
    add("lowercase", "s", "s=ÄB", "äb");
    add("substring", "s 2 3", "s=abcdef", "bcd");
    add("substring", "s 5 9", "s=abcdef", "ef");
    add("concat", "s t n", "s=a t=b n=3", "ab3");
    add("replace", "s 'b+ 'c", "s=abbbd", "acd");
    add("formatNumber", "n '%05d", "n=42", "00042");
    add("formatNumber", "x '%.2f", "x=1.005", "1.00");
    add("formatDatetime", "day '%d.%m.%y", "day=2004-08-20", "20.08.04");
    add("formatDatetime", "day '%A", "day=2004-08-20", "Friday");
    add("SAS-EM-String-Normalize", "4 s", "s=abcdef", "ABCD");
}

void TestPmmlFunctions::computesTexts()
{
    QFETCH(const QByteArray, expression);
    QFETCH(const QString, cells);
    QFETCH(const QString, expected);
    const ScoredTexts scored = scoreRow(computing(expression, "string"), cells);
    QCOMPARE(scored.at(QStringLiteral("text"), 0).value_or(QStringLiteral("null")), expected);
}

void TestPmmlFunctions::callsDefinedFunctions()
{
    const QByteArray functions =
        "<DefineFunction name=\"half\" dataType=\"double\" optype=\"continuous\"><ParameterField name=\"a\"/>"
        "<Apply function=\"/\"><FieldRef field=\"a\"/><Constant>2</Constant></Apply></DefineFunction>"
        "<DefineFunction name=\"quarter\" dataType=\"double\" optype=\"continuous\"><ParameterField name=\"a\"/>"
        "<Apply function=\"half\"><Apply function=\"half\"><FieldRef field=\"a\"/></Apply></Apply></DefineFunction>";
    const ScoredTexts scored = scoreRow(computing(apply("quarter", "x"), "double", functions), QStringLiteral("x=10"));
    QCOMPARE(scored.number(scored.fields[0].name, 0), 2.5);
}

// SAS Enterprise Miner writes the name of a parameter into a Constant.
void TestPmmlFunctions::readsSasParametersInConstants()
{
    const QByteArray functions =
        "<DefineFunction name=\"SAS-EM-String-Normalize\" dataType=\"string\" optype=\"categorical\">"
        "<ParameterField name=\"FMTWIDTH\" optype=\"continuous\"/><ParameterField name=\"AnyCInput\"/>"
        "<Apply function=\"trimBlanks\"><Apply function=\"uppercase\"><Apply function=\"substring\">"
        "<FieldRef field=\"AnyCInput\"/><Constant>1</Constant><Constant>FMTWIDTH</Constant>"
        "</Apply></Apply></Apply></DefineFunction>";
    const ScoredTexts scored =
        scoreRow(computing(apply("SAS-EM-String-Normalize", "3 s"), "string", functions), QStringLiteral("s=abcdef"));
    QCOMPARE(scored.at(QStringLiteral("text"), 0), QStringLiteral("ABC"));
}

void TestPmmlFunctions::roundsFloatsTo32Bits()
{
    const QByteArray same = "<FieldRef field=\"f\"/>";
    QCOMPARE(scoreRow(computing(same), QStringLiteral("f=0.1")).number(QStringLiteral("predictedValue"), 0),
             double(0.1F));
    QCOMPARE(scoreRow(computing("<FieldRef field=\"x\"/>", "float"), QStringLiteral("x=0.1"))
                 .number(QStringLiteral("predictedValue"), 0),
             double(0.1F));
    QCOMPARE(
        scoreRow(computing(apply("+", "f f")), QStringLiteral("f=0.3")).number(QStringLiteral("predictedValue"), 0),
        double(0.3F + 0.3F));
}

SLIPWAY_TEST(TestPmmlFunctions)

#include "TestPmmlFunctions.moc"
