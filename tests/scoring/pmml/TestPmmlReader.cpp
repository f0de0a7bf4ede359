#include "scoring/ModelFile.h"
#include "scoring/pmml/PmmlReader.h"
#include "tests/scoring/pmml/Documents.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>

using namespace engine;
using namespace scoring;
using namespace tests;

// Files that are damaged, hostile or beyond us: a clear error, soon.
class TestPmmlReader : public QObject
{
    Q_OBJECT

private slots:
    void refusesWhatItCannotScoreByName_data();
    void refusesWhatItCannotScoreByName();
    void survivesEveryTruncation();
    void stopsEntityBombs();
    void stopsDeepNesting();
    void findsCycles_data();
    void findsCycles();
    void limitsFunctionsThatCallEachOther();
    void blocksAModelThatFailsItsVerification();
    void acceptsAModelThatPassesItsVerification();
    void describesWhatTheModelTakesAndGives();
    void readsPrefixesAndOtherEncodings();
};

namespace {

const QByteArray x = R"(<DataField name="x" dataType="double" optype="continuous"/>)";

QByteArray model(const QByteArray &more,
                 const QByteArray &predictor = R"(<NumericPredictor name="x" coefficient="2"/>)")
{
    return "<RegressionModel functionName=\"regression\"><MiningSchema><MiningField name=\"x\"/></MiningSchema>" + more
        + "<RegressionTable intercept=\"1\">" + predictor + "</RegressionTable></RegressionModel>";
}

QByteArray derived(const QByteArray &name, const QByteArray &from)
{
    return "<DerivedField name=\"" + name + "\" dataType=\"double\" optype=\"continuous\"><FieldRef field=\"" + from
        + "\"/></DerivedField>";
}

QByteArray verified(const QByteArray &prediction, const QByteArray &precision = "1e-9")
{
    QByteArray document = pmml(x + R"(<DataField name="y" dataType="double" optype="continuous"/>)", {}, model({}));
    document.replace("</MiningSchema>", R"(<MiningField name="y" usageType="target"/></MiningSchema>)");
    const QByteArray rows = "<ModelVerification><VerificationFields><VerificationField field=\"x\" column=\"a\"/>"
                            "<VerificationField field=\"y\" column=\"b\" precision=\""
        + precision
        + "\"/></VerificationFields><InlineTable><row><a>0</a><b>1</b></row>\n"
          "<row><a>3</a><b>"
        + prediction + "</b></row></InlineTable></ModelVerification></RegressionModel>";
    return document.replace("</RegressionModel>", rows);
}

} // namespace

void TestPmmlReader::refusesWhatItCannotScoreByName_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QString>("named");
    const auto expression = [](const char *name, const QByteArray &element, const char *named) {
        QTest::newRow(name) << computing(element) << QString::fromLatin1(named);
    };
    expression("Lag", "<Lag field='x'/>", "Lag");
    expression("Aggregate", "<Aggregate field='x' function='sum'/>", "Aggregate");
    expression("a function", "<Apply function='quux'><FieldRef field='x'/></Apply>", "quux");
    QTest::newRow("a model") << pmml(x, {}, "<AssociationModel functionName='associationRules'/>")
                             << QStringLiteral("AssociationModel");
    QTest::newRow("a version") << QByteArray(pmml(x, {}, model({}))).replace("4.4\"", "2.1\"") << QStringLiteral("2.1");
    QTest::newRow("an output feature") << pmml(
        x, {}, model("<Output><OutputField name='o' feature='ruleValue'/></Output>"))
                                       << QStringLiteral("ruleValue");
    QTest::newRow("a rank before the first")
        << pmml(x, {}, model("<Output><OutputField name='o' feature='entityId' rank='0'/></Output>"))
        << QStringLiteral("rank");
    QTest::newRow("an unknown field") << pmml(x, {}, model({}, "<NumericPredictor name='nobody' coefficient='1'/>"))
                                      << QStringLiteral("nobody");
    QTest::newRow("a missing attribute") << pmml(x, {}, model({}, "<NumericPredictor name='x'/>"))
                                         << QStringLiteral("coefficient");
    QTest::newRow("no number") << pmml(x, {}, model({}, "<NumericPredictor name='x' coefficient='1,5'/>"))
                               << QStringLiteral("1,5");
    QTest::newRow("a field twice") << pmml(x + x, {}, model({})) << QStringLiteral("x");
    for (const char *const input :
         {"<TargetValueStats><TargetValueStat value='a'><PoissonDistribution mean='1'/></TargetValueStat>"
          "</TargetValueStats>",
          "<PairCounts value='1'><TargetValueCounts><TargetValueCount value='a' count='1'/></TargetValueCounts>"
          "</PairCounts>"})
        QTest::addRow("classes without counts, %.12s", input)
            << pmml(x,
                    {},
                    QByteArray("<NaiveBayesModel functionName='classification' threshold='0.1'><MiningSchema>"
                               "<MiningField name='x'/></MiningSchema><BayesInputs><BayesInput fieldName='x'>")
                        + input + "</BayesInput></BayesInputs></NaiveBayesModel>")
            << QStringLiteral("BayesOutput");
    QTest::newRow("another root") << QByteArray("<Model/>") << QStringLiteral("Model");
}

void TestPmmlReader::refusesWhatItCannotScoreByName()
{
    QFETCH(const QByteArray, document);
    QFETCH(const QString, named);
    const Error error = errorOf(document);
    QVERIFY2(error.message.contains(named), qPrintable(error.message));
    QVERIFY2(error.where.startsWith(QLatin1String("test.pmml:")), qPrintable(error.where));
}

void TestPmmlReader::survivesEveryTruncation()
{
    const QByteArray document = computing("<Apply function='+'><FieldRef field='x'/><Constant>1</Constant></Apply>");
    for (qsizetype size = 0; size < document.size(); ++size) {
        const Error error = errorOf(document.left(size));
        QVERIFY2(error.code == ErrorCode::InvalidInput, qPrintable(QString::number(size)));
    }
    QVERIFY(readPmml(document, QStringLiteral("test.pmml")));
}

void TestPmmlReader::stopsEntityBombs()
{
    QByteArray document = "<!DOCTYPE PMML [<!ENTITY a0 \"0123456789\">";
    for (int i = 1; i < 12; ++i) {
        const QByteArray before = "&a" + QByteArray::number(i - 1) + ";";
        document += "<!ENTITY a" + QByteArray::number(i) + " \"" + before.repeated(10) + "\">";
    }
    document += "]>" + pmml(x, {}, model({})).replace("<Header/>", "<Header copyright=\"&a11;\"/>");
    QElapsedTimer time;
    time.start();
    COMPARE_NAMED(errorOf(document).code, ErrorCode::InvalidInput);
    QVERIFY(time.elapsed() < 2000);
}

void TestPmmlReader::stopsDeepNesting()
{
    COMPARE_NAMED(errorOf(QByteArray("<PMML version=\"4.4\">") + QByteArray("<a>").repeated(1'000'000)).code,
                  ErrorCode::InvalidInput);
    const QByteArray open = "<Node score=\"1\"><True/>";
    const QByteArray tree =
        "<TreeModel functionName=\"regression\"><MiningSchema><MiningField name=\"x\"/></MiningSchema>"
        + open.repeated(1000) + QByteArray("</Node>").repeated(1000) + "</TreeModel>";
    QVERIFY(readPmml(pmml(x, {}, tree), QStringLiteral("test.pmml"))); // deep, but a tree
}

void TestPmmlReader::findsCycles_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QString>("named");
    const QByteArray usesA = model({}, "<NumericPredictor name='a' coefficient='1'/>");
    QTest::newRow("itself") << pmml(
        x, "<TransformationDictionary>" + derived("a", "a") + "</TransformationDictionary>", usesA)
                            << QStringLiteral("a");
    QTest::newRow("another") << pmml(
        x, "<TransformationDictionary>" + derived("a", "b") + derived("b", "a") + "</TransformationDictionary>", usesA)
                             << QStringLiteral("a");
    const QByteArray calls =
        "<DefineFunction name='f' dataType='double'><ParameterField name='p'/><Apply function='g'>"
        "<FieldRef field='p'/></Apply></DefineFunction><DefineFunction name='g' dataType='double'>"
        "<ParameterField name='p'/><Apply function='f'><FieldRef field='p'/></Apply></DefineFunction>";
    QTest::newRow("functions") << computing("<Apply function='f'><FieldRef field='x'/></Apply>", "double", calls)
                               << QStringLiteral("f");
    QByteArray chain;
    for (int i = 0; i < 100'000; ++i)
        chain += derived(i == 0 ? QByteArray("a") : "n" + QByteArray::number(i), "n" + QByteArray::number(i + 1));
    QTest::newRow("a chain without end") << pmml(
        x, "<TransformationDictionary>" + chain + "</TransformationDictionary>", usesA)
                                         << QStringLiteral("400");
}

void TestPmmlReader::findsCycles()
{
    QFETCH(const QByteArray, document);
    QFETCH(const QString, named);
    const Error error = errorOf(document);
    COMPARE_NAMED(error.code, ErrorCode::InvalidInput);
    QVERIFY2(error.message.contains(named), qPrintable(error.message));
}

// 2^40 calls for one row, from forty short functions.
void TestPmmlReader::limitsFunctionsThatCallEachOther()
{
    QByteArray functions = "<DefineFunction name='f0' dataType='double'><ParameterField name='p'/><FieldRef field='p'/>"
                           "</DefineFunction>";
    for (int i = 1; i <= 40; ++i) {
        const QByteArray before = "<Apply function='f" + QByteArray::number(i - 1) + "'><FieldRef field='p'/></Apply>";
        functions += "<DefineFunction name='f" + QByteArray::number(i)
            + "' dataType='double'><ParameterField name='p'/><Apply function='+'>" + before + before
            + "</Apply></DefineFunction>";
    }
    const Error error = errorOf(computing("<Apply function='f40'><FieldRef field='x'/></Apply>", "double", functions));
    COMPARE_NAMED(error.code, ErrorCode::InvalidInput);
}

void TestPmmlReader::blocksAModelThatFailsItsVerification()
{
    const Error error = errorOf(verified("7.001"));
    COMPARE_NAMED(error.code, ErrorCode::InvalidInput);
    QVERIFY2(error.message.contains(QLatin1String("row 2")) && error.message.contains(QLatin1String("field y")),
             qPrintable(error.message));
    QCOMPARE(error.where, QStringLiteral("test.pmml:5"));
}

void TestPmmlReader::acceptsAModelThatPassesItsVerification()
{
    const auto same = readPmml(verified("7"), QStringLiteral("test.pmml"));
    VERIFY_OK(same);
    const auto near = readPmml(verified("7.001", "1e-3"), QStringLiteral("test.pmml"));
    VERIFY_OK(near);
}

void TestPmmlReader::describesWhatTheModelTakesAndGives()
{
    const QString file = pmmlFile(QStringLiteral("dmg/dmg_svm_classification_cat_predictors.xml"));
    const auto read = readModel(file);
    VERIFY_OK(read);
    const Model::Description &description = (*read)->description();
    QCOMPARE(description.target, QStringLiteral("TARGET"));
    QCOMPARE(description.classes.size(), 2);
    QCOMPARE(description.inputs.size(), 2);
    QCOMPARE(description.inputs[0].name, QStringLiteral("Age"));
    QCOMPARE(description.inputs[0].type, FieldType::Integer);
    QCOMPARE(description.inputs[1].levels.size(), 4);
    QVERIFY((*read)->scorer({OutputChoice::Label, {}, true}));
    QVERIFY(!(*read)->scorer({OutputChoice::Leaf, {}, true}));
}

void TestPmmlReader::readsPrefixesAndOtherEncodings()
{
    QByteArray prefixed = pmml(x, {}, model({}));
    prefixed.replace("xmlns=", "xmlns:p=").replace("</", "\x01").replace("<", "<p:").replace("\x01", "</p:");
    const auto read = readModel(prefixed, QStringLiteral("test.pmml"));
    VERIFY_OK(read);
    const QString text = QString::fromUtf8(pmml(x, {}, model({})));
    QByteArray wide("\xFF\xFE");
    wide.append(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
    VERIFY_OK(readModel(wide, QStringLiteral("test.pmml")));
}

SLIPWAY_TEST(TestPmmlReader)

#include "TestPmmlReader.moc"
