#include "scoring/pmml/PmmlReader.h"
#include "tests/scoring/pmml/Documents.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace scoring;
using namespace tests;

// What becomes of missing, invalid and extreme cells; the traps of exporters.
class TestPmmlTreatment : public QObject
{
    Q_OBJECT

private slots:
    void treatsCellsAsTheSchemaSays_data();
    void treatsCellsAsTheSchemaSays();
    void tellsWhyARowHasNoScore();
    void countsMissingCategoriesAsZeroAndMissingNumbersAsNoResult();
    void splitsNoFieldNames();
    void extrapolatesLinesUnlessTold_data();
    void extrapolatesLinesUnlessTold();
    void mapsValuesByAllColumns();
    void discretizesIntoTheFirstBinThatFits();
    void limitsAndScalesPredictions();
    void decidesWithTheOutputsBefore();
    void takesHugeValuesForNoProbability();
    void givesClassesNoNeighbourHasNoVote();
};

namespace {

QByteArray regression(const QByteArray &schema, const QByteArray &predictors, const QByteArray &more = {})
{
    return "<RegressionModel functionName=\"regression\"><MiningSchema>" + schema + "</MiningSchema>" + more
        + "<RegressionTable intercept=\"100\">" + predictors + "</RegressionTable></RegressionModel>";
}

const QByteArray numberX = R"(<DataField name="x" dataType="double" optype="continuous"/>)";
const QByteArray activeX = R"(<MiningField name="x"/>)";
const QByteArray plusX = R"(<NumericPredictor name="x" coefficient="1"/>)";

QString predicted(const QByteArray &document, const char *cells)
{
    return scoreRow(document, QString::fromUtf8(cells)).at(0, 0).value_or(QStringLiteral("null"));
}

} // namespace

void TestPmmlTreatment::treatsCellsAsTheSchemaSays_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("attributes");
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("expected");
    const QByteArray range = R"(<Interval closure="closedOpen" leftMargin="0" rightMargin="10"/>)";
    const auto add = [](const char *name,
                        const QByteArray &content,
                        const QByteArray &attributes,
                        const char *cells,
                        const char *expected) {
        QTest::newRow(name) << content << attributes << QString::fromLatin1(cells) << QString::fromLatin1(expected);
    };
    add("valid", range, "", "x=0", "100");
    add("outside: no result", range, "", "x=10", "null");
    add("outside, as is", range, "invalidValueTreatment='asIs'", "x=10", "110");
    add("outside, as missing", range, "invalidValueTreatment='asMissing' missingValueReplacement='5'", "x=10", "105");
    add("outside, another value", range, "invalidValueTreatment='asValue' invalidValueReplacement='7'", "x=10", "107");
    add("a text where a number is due", "", "", "x=abc", "null");
    add("a text as missing", "", "invalidValueTreatment='asMissing' missingValueReplacement='5'", "x=abc", "105");
    add("missing: no result", "", "", "x", "null");
    add("missing, replaced", "", "missingValueReplacement='5'", "x", "105");
    add("missing is invalid", "", "missingValueTreatment='returnInvalid'", "x", "null");
    add("a value that means missing",
        "<Value value='-999' property='missing'/>",
        "missingValueReplacement='5'",
        "x=-999",
        "105");
    add("a value declared invalid", "<Value value='3' property='invalid'/>", "", "x=3", "null");
    add("outlier, as is", "", "lowValue='0' highValue='1'", "x=5", "105");
    add("outlier, the limit", "", "outliers='asExtremeValues' lowValue='0' highValue='1'", "x=5", "101");
    add("outlier, missing",
        "",
        "outliers='asMissingValues' lowValue='0' highValue='1' missingValueReplacement='0.5'",
        "x=5",
        "100.5");
}

void TestPmmlTreatment::treatsCellsAsTheSchemaSays()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QByteArray, attributes);
    QFETCH(const QString, cells);
    QFETCH(const QString, expected);
    const QByteArray document =
        pmml("<DataField name=\"x\" dataType=\"double\" optype=\"continuous\">" + content + "</DataField>",
             {},
             regression("<MiningField name=\"x\" " + attributes + "/>", plusX));
    QCOMPARE(scoreRow(document, cells).at(0, 0).value_or(QStringLiteral("null")), expected);
}

void TestPmmlTreatment::tellsWhyARowHasNoScore()
{
    const QByteArray document = pmml(numberX, {}, regression(activeX, plusX));
    QVERIFY(scoreRow(document, QStringLiteral("x=1")).batch.problems.empty());
    QVERIFY(scoreRow(document, QStringLiteral("x")).problem(0).startsWith(QLatin1String("x: ")));
    QVERIFY(scoreRow(document, QStringLiteral("x=abc")).problem(0).startsWith(QLatin1String("x: ")));
}

void TestPmmlTreatment::countsMissingCategoriesAsZeroAndMissingNumbersAsNoResult()
{
    const QByteArray document =
        pmml(numberX + R"(<DataField name="s" dataType="string" optype="categorical"/>)",
             {},
             regression(activeX + R"(<MiningField name="s"/>)",
                        plusX + R"(<CategoricalPredictor name="s" value="a" coefficient="10"/>)"));
    QCOMPARE(predicted(document, "x=1 s=a"), QStringLiteral("111"));
    QCOMPARE(predicted(document, "x=1 s"), QStringLiteral("101"));
    QCOMPARE(predicted(document, "x s=a"), QStringLiteral("null"));
}

void TestPmmlTreatment::splitsNoFieldNames()
{
    const QByteArray name = "a.b[1]@c/d(e)";
    const QByteArray document = pmml("<DataField name=\"" + name + "\" dataType=\"double\" optype=\"continuous\"/>",
                                     {},
                                     regression("<MiningField name=\"" + name + "\"/>",
                                                "<NumericPredictor name=\"" + name + "\" coefficient=\"2\"/>"));
    QCOMPARE(predicted(document, "a.b[1]@c/d(e)=4"), QStringLiteral("108"));
}

void TestPmmlTreatment::extrapolatesLinesUnlessTold_data()
{
    QTest::addColumn<QByteArray>("outliers");
    QTest::addColumn<QString>("cells");
    QTest::addColumn<QString>("expected");
    QTest::newRow("as is") << QByteArray() << QStringLiteral("x=-1") << QStringLiteral("-3");
    QTest::newRow("beyond the end") << QByteArray() << QStringLiteral("x=12") << QStringLiteral("22");
    QTest::newRow("between") << QByteArray() << QStringLiteral("x=5") << QStringLiteral("15");
    QTest::newRow("limits") << QByteArray("outliers='asExtremeValues'") << QStringLiteral("x=12")
                            << QStringLiteral("20");
    QTest::newRow("missing") << QByteArray("outliers='asMissingValues' mapMissingTo='7'") << QStringLiteral("x=12")
                             << QStringLiteral("7");
}

void TestPmmlTreatment::extrapolatesLinesUnlessTold()
{
    QFETCH(const QByteArray, outliers);
    QFETCH(const QString, cells);
    QFETCH(const QString, expected);
    const QByteArray lines = "<NormContinuous field='x' " + outliers
        + "><LinearNorm orig='0' norm='0'/><LinearNorm orig='5' norm='15'/><LinearNorm orig='10' norm='20'/>"
          "</NormContinuous>";
    QCOMPARE(predicted(computing(lines), cells.toUtf8().constData()), expected);
}

void TestPmmlTreatment::mapsValuesByAllColumns()
{
    const QByteArray map =
        "<MapValues outputColumn='out' dataType='double' defaultValue='-1' mapMissingTo='-2'>"
        "<FieldColumnPair field='s' column='one'/><FieldColumnPair field='n' column='two'/><InlineTable>"
        "<row><one>a</one><two>1</two><out>10</out></row><row><one>a</one><two>2</two><out>20</out></row>"
        "<row><one>a</one><two>2</two><out>99</out></row></InlineTable></MapValues>";
    QCOMPARE(predicted(computing(map), "s=a n=1"), QStringLiteral("10"));
    QCOMPARE(predicted(computing(map), "s=a n=2"), QStringLiteral("20"));
    QCOMPARE(predicted(computing(map), "s=b n=2"), QStringLiteral("-1"));
    QCOMPARE(predicted(computing(map), "s=a n"), QStringLiteral("-2"));
}

void TestPmmlTreatment::discretizesIntoTheFirstBinThatFits()
{
    const QByteArray bins =
        "<Discretize field='x' dataType='double' defaultValue='3' mapMissingTo='4'>"
        "<DiscretizeBin binValue='1'><Interval closure='openOpen' rightMargin='5'/></DiscretizeBin>"
        "<DiscretizeBin binValue='2'><Interval closure='closedClosed' leftMargin='5' rightMargin='6'/>"
        "</DiscretizeBin></Discretize>";
    QCOMPARE(predicted(computing(bins), "x=-100"), QStringLiteral("1"));
    QCOMPARE(predicted(computing(bins), "x=5"), QStringLiteral("2"));
    QCOMPARE(predicted(computing(bins), "x=7"), QStringLiteral("3"));
    QCOMPARE(predicted(computing(bins), "x"), QStringLiteral("4"));
}

void TestPmmlTreatment::limitsAndScalesPredictions()
{
    const QByteArray targets = "<Targets><Target field='y' min='0' max='110' rescaleFactor='2' rescaleConstant='0.7' "
                               "castInteger='round'/></Targets>";
    const QByteArray document =
        pmml(numberX + "<DataField name='y' dataType='double' optype='continuous'/>",
             {},
             regression(activeX + "<MiningField name='y' usageType='target'/>", plusX, targets));
    QCOMPARE(predicted(document, "x=5"), QStringLiteral("211"));
    QCOMPARE(predicted(document, "x=50"), QStringLiteral("221"));
    QCOMPARE(predicted(document, "x=-500"), QStringLiteral("1"));
}

void TestPmmlTreatment::decidesWithTheOutputsBefore()
{
    const QByteArray output =
        "<Output><OutputField name='score' feature='predictedValue' dataType='double' optype='continuous'/>"
        "<OutputField name='hidden' feature='transformedValue' dataType='double' isFinalResult='false'>"
        "<Apply function='*'><FieldRef field='score'/><Constant>2</Constant></Apply></OutputField>"
        "<OutputField name='what' feature='decision' dataType='string' optype='categorical'>"
        "<Apply function='if'><Apply function='greaterThan'><FieldRef field='hidden'/><Constant>210</Constant></Apply>"
        "<Constant>accept</Constant><Constant>refuse</Constant></Apply></OutputField></Output>";
    const QByteArray document = pmml(numberX, {}, regression(activeX, plusX, output));
    const ScoredTexts scored = scoreRow(document, QStringLiteral("x=6"));
    QCOMPARE(scored.at(QStringLiteral("what"), 0), QStringLiteral("accept"));
    QCOMPARE(scored.output(QStringLiteral("hidden")), -1);
    QCOMPARE(scoreRow(document, QStringLiteral("x=5")).at(QStringLiteral("what"), 0), QStringLiteral("refuse"));
}

void TestPmmlTreatment::takesHugeValuesForNoProbability()
{
    const QByteArray document =
        pmml(numberX
                 + "<DataField name='y' dataType='string' optype='categorical'><Value value='no'/><Value value='yes'/>"
                   "</DataField>",
             {},
             "<RegressionModel functionName='classification' normalizationMethod='logit'><MiningSchema>" + activeX
                 + "<MiningField name='y' usageType='target'/></MiningSchema>"
                   "<RegressionTable targetCategory='yes' intercept='0'><NumericPredictor name='x' coefficient='10'/>"
                   "</RegressionTable><RegressionTable targetCategory='no' intercept='0'/></RegressionModel>");
    const ScoredTexts small = scoreRow(document, QStringLiteral("x=-4.6"));
    QVERIFY(small.number(QStringLiteral("probability(yes)"), 0) > 1e-21); // not 1 - 1
    QVERIFY(small.number(QStringLiteral("probability(yes)"), 0) < 1.1e-20);
    QCOMPARE(scoreRow(document, QStringLiteral("x=0")).at(0, 0), QStringLiteral("no")); // a tie: the first one declared
    const ScoredTexts huge = scoreRow(document, QStringLiteral("x=1e308"));
    QVERIFY(!huge.at(0, 0));
    QVERIFY(!huge.problem(0).isEmpty());
}

void TestPmmlTreatment::givesClassesNoNeighbourHasNoVote()
{
    QByteArray values; // more than the neighbours have: what lay behind room for two was a probability
    for (int i = 0; i < 100; ++i)
        values += "<Value value='c" + QByteArray::number(i) + "'/>";
    const QByteArray classes = "<DataField name='y' dataType='string' optype='categorical'>" + values + "</DataField>";
    const QByteArray document =
        pmml(numberX + classes,
             "",
             "<NearestNeighborModel functionName='classification' numberOfNeighbors='3'><MiningSchema>" + activeX
                 + "<MiningField name='y' usageType='target'/></MiningSchema><TrainingInstances><InstanceFields>"
                   "<InstanceField field='x'/><InstanceField field='y'/></InstanceFields><InlineTable>"
                   "<row><x>1</x><y>c0</y></row><row><x>2</x><y>c0</y></row><row><x>3</x><y>c7</y></row>"
                   "</InlineTable></TrainingInstances><ComparisonMeasure kind='distance'><euclidean/>"
                   "</ComparisonMeasure><KNNInputs><KNNInput field='x'/></KNNInputs></NearestNeighborModel>");
    const ScoredTexts scored = scoreRow(document, QStringLiteral("x=1"));
    QCOMPARE(scored.at(0, 0), QStringLiteral("c0"));
    QVERIFY(qAbs(scored.number(QStringLiteral("probability(c0)"), 0) - 2.0 / 3) < 1e-15);
    QVERIFY(qAbs(scored.number(QStringLiteral("probability(c7)"), 0) - 1.0 / 3) < 1e-15);
    for (int i = 0; i < 100; ++i)
        if (i != 0 && i != 7)
            QVERIFY(scored.number(QStringLiteral("probability(c%1)").arg(i), 0) == 0);
}

SLIPWAY_TEST(TestPmmlTreatment)

#include "TestPmmlTreatment.moc"
