#include "scoring/ModelFile.h"
#include "scoring/pmml/PmmlModel.h"
#include "scoring/pmml/PmmlReader.h"
#include "scoring/pmml/PmmlWriter.h"
#include "scoring/training/LinearPipelineModel.h"
#include "tests/scoring/pmml/TextTable.h"
#include "tests/support/TestMain.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace engine;
using namespace scoring;
using namespace tests;

// Trained here, written, read again: the same bits.
class TestPmmlWriter : public QObject
{
    Q_OBJECT

private slots:
    void predictsTheSameBitsAfterReadingAgain_data();
    void predictsTheSameBitsAfterReadingAgain();
    void scoresByColumnsWithTheSameBits_data();
    void scoresByColumnsWithTheSameBits();
    void scoresOthersRowByRow();
    void provesItselfByVerificationRows();
    void givesTheBytesOfAModelThatWasRead();
    void refusesWhatXmlCannotHold();
};

namespace {

std::vector<double> randoms(size_t count, uint32_t seed)
{
    std::mt19937 generator(seed);
    std::vector<double> numbers;
    for (size_t i = 0; i < count; ++i)
        numbers.push_back(double(generator()) / 2147483648.0 - 1.0);
    return numbers;
}

LinearPipeline pipeline(LinearLink link, const QStringList &classes, BadCell badCell)
{
    LinearPipeline made;
    made.name = QStringLiteral("Überlebt <&\">");
    made.target = QStringLiteral("survived");
    PipelineFeature age;
    age.name = QStringLiteral("age");
    age.imputeValue = 28.25;
    age.mean = 29.881134512;
    age.scale = 12.883193243702;
    age.badCell = badCell == BadCell::Zeros ? BadCell::NoScore : badCell;
    PipelineFeature sex;
    sex.name = QStringLiteral("sex.of[a] person");
    sex.type = FieldType::Text;
    sex.use = FieldUse::Categorical;
    sex.levels = {QStringLiteral("female"), QStringLiteral("mäle & co"), QStringLiteral("unknown")};
    sex.imputeLevel = QStringLiteral("unknown");
    sex.badCell = badCell;
    PipelineFeature fare;
    fare.name = QStringLiteral("fare");
    fare.badCell = BadCell::NoScore;
    PipelineFeature deck;
    deck.name = QStringLiteral("deck");
    deck.type = FieldType::Integer;
    deck.use = FieldUse::Categorical;
    deck.levels = {QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3")};
    deck.badCell = badCell == BadCell::AsMissing ? BadCell::NoScore : badCell;
    made.features = {age, sex, fare, deck};
    made.columns = {{QStringLiteral("age"), 0, -1},
                    {QStringLiteral("sex=female"), 1, 0},
                    {QStringLiteral("sex=male"), 1, 1},
                    {QStringLiteral("sex=unknown"), 1, 2},
                    {QStringLiteral("fare"), 2, -1},
                    {QStringLiteral("deck=2"), 3, 1},
                    {QStringLiteral("deck=3"), 3, 2}};
    made.link = link;
    made.classes = classes;
    const size_t rows = link == LinearLink::Softmax || link == LinearLink::OneVsRest ? size_t(classes.size()) : 1;
    made.coefficients = randoms(rows * made.columns.size(), 1);
    made.intercepts = randoms(rows, 2);
    return made;
}

TextTable rows(int count)
{
    TextTable table;
    table.names = {
        QStringLiteral("age"), QStringLiteral("sex.of[a] person"), QStringLiteral("fare"), QStringLiteral("deck")};
    const QStringList sexes{
        QStringLiteral("female"), QStringLiteral("mäle & co"), QStringLiteral("unknown"), QStringLiteral("neither")};
    const std::vector<double> numbers = randoms(size_t(count) * 2, 3);
    for (int i = 0; i < count; ++i) {
        const QString age = QString::number(numbers[size_t(i)] * 40 + 30, 'g', 17);
        const QString fare = QString::number(numbers[size_t(count + i)] * 3, 'g', 17);
        QList<std::optional<QString>> row{age, sexes[i % 4], fare, QString::number(i % 5)};
        if (i % 7 == 3)
            row[i % 4] = std::nullopt;
        table.rows.append(row);
    }
    return table;
}

} // namespace

void TestPmmlWriter::predictsTheSameBitsAfterReadingAgain_data()
{
    QTest::addColumn<int>("link");
    QTest::addColumn<QStringList>("classes");
    QTest::addColumn<int>("badCell");
    QTest::addColumn<double>("threshold");
    QTest::addColumn<int>("targetType");
    const QStringList two{QStringLiteral("no"), QStringLiteral("yes")};
    const QStringList three{QStringLiteral("a"), QStringLiteral("b < c"), QStringLiteral("d")};
    const auto add = [](const char *name,
                        LinearLink link,
                        const QStringList &classes,
                        BadCell bad,
                        double threshold,
                        FieldType type) {
        QTest::newRow(name) << int(link) << classes << int(bad) << threshold << int(type);
    };
    add("a number", LinearLink::Identity, {}, BadCell::NoScore, 0.5, FieldType::Double);
    add("two classes", LinearLink::Logit, two, BadCell::NoScore, 0.5, FieldType::Text);
    add("unseen levels as missing", LinearLink::Logit, two, BadCell::AsMissing, 0.5, FieldType::Text);
    add("unseen levels as zeros", LinearLink::Logit, two, BadCell::Zeros, 0.5, FieldType::Text);
    add("another threshold", LinearLink::Logit, two, BadCell::Zeros, 0.3, FieldType::Text);
    add("classes that are numbers",
        LinearLink::Logit,
        {QStringLiteral("0"), QStringLiteral("1")},
        BadCell::Zeros,
        0.5,
        FieldType::Integer);
    add("three classes", LinearLink::Softmax, three, BadCell::Zeros, 0.5, FieldType::Text);
    add("one against the rest", LinearLink::OneVsRest, three, BadCell::Zeros, 0.5, FieldType::Text);
}

void TestPmmlWriter::predictsTheSameBitsAfterReadingAgain()
{
    QFETCH(const int, link);
    QFETCH(const QStringList, classes);
    QFETCH(const int, badCell);
    QFETCH(const double, threshold);
    QFETCH(const int, targetType);
    LinearPipeline made = pipeline(LinearLink(link), classes, BadCell(badCell));
    made.threshold = threshold;
    made.targetType = FieldType(targetType);
    const auto trained = LinearPipelineModel::make(made);
    VERIFY_OK(trained);
    const auto bytes = writePmml(**trained, QStringLiteral("m.pmml"));
    VERIFY_OK(bytes);
    const auto read = readModel(*bytes, QStringLiteral("m.pmml"));
    VERIFY_OK(read);
    const TextTable table = rows(500);
    const ScoredTexts before = scoreTexts(**trained, table);
    const ScoredTexts after = scoreTexts(**read, table);
    QCOMPARE(after.fields.size(), before.fields.size());
    int nulls = 0;
    for (qsizetype i = 0; i < before.fields.size(); ++i) {
        QCOMPARE(after.fields[i].name, before.fields[i].name);
        for (int r = 0; r < table.rows.size(); ++r) {
            const auto is = after.at(int(i), r);
            const auto due = before.at(int(i), r);
            QVERIFY2(is == due,
                     qPrintable(QStringLiteral("%1, row %2: %3 instead of %4")
                                    .arg(before.fields[i].name)
                                    .arg(r)
                                    .arg(is.value_or(QStringLiteral("null")), due.value_or(QStringLiteral("null")))));
            nulls += due ? 0 : 1;
        }
    }
    QVERIFY(nulls > 0 && nulls < before.fields.size() * table.rows.size());
}

void TestPmmlWriter::scoresByColumnsWithTheSameBits_data()
{
    QTest::addColumn<int>("link");
    QTest::addColumn<QStringList>("classes");
    QTest::addColumn<int>("badCell");
    const QStringList two{QStringLiteral("no"), QStringLiteral("yes")};
    QTest::newRow("a number") << int(LinearLink::Identity) << QStringList() << int(BadCell::NoScore);
    QTest::newRow("two classes") << int(LinearLink::Logit) << two << int(BadCell::NoScore);
    QTest::newRow("two classes, unseen levels as zeros") << int(LinearLink::Logit) << two << int(BadCell::Zeros);
    QTest::newRow("two classes, unseen levels as missing") << int(LinearLink::Logit) << two << int(BadCell::AsMissing);
    QTest::newRow("three classes") << int(LinearLink::Softmax) << two + QStringList{QStringLiteral("or")}
                                   << int(BadCell::NoScore);
}

void TestPmmlWriter::scoresByColumnsWithTheSameBits()
{
    QFETCH(const int, link);
    QFETCH(const QStringList, classes);
    QFETCH(const int, badCell);
    LinearPipeline made = pipeline(LinearLink(link), classes, BadCell(badCell));
    made.threshold = link == int(LinearLink::Logit) ? 0.4 : 0.5;
    const auto trained = LinearPipelineModel::make(made);
    VERIFY_OK(trained);
    const auto read = readModel(*writePmml(**trained, QStringLiteral("m.pmml")), QStringLiteral("m.pmml"));
    VERIFY_OK(read);
    QVERIFY(dynamic_cast<const pmml::PmmlModel &>(**read).isScoredByColumns());
    // Blocks without and with a cell that needs a closer look, one after the other with the same scorers.
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    const std::vector<std::string_view> sexes{"female", "mäle & co", "unknown"};
    const auto quick = (*read)->scorer({});
    const auto careful = (*read)->scorer({.fused = false});
    VERIFY_OK(quick);
    VERIFY_OK(careful);
    OutputBatch one;
    OutputBatch other;
    for (int odd = 0; odd < 8; ++odd) {
        constexpr size_t count = 1500;
        std::vector<double> age = randoms(count, uint32_t(odd));
        std::vector<double> fare = randoms(count, uint32_t(odd) + 100);
        std::vector<std::string_view> sex;
        std::vector<double> deck;
        std::vector<uint8_t> invalid(odd == 7 ? count : 0, 0);
        for (size_t i = 0; i < count; ++i) {
            sex.push_back(i % 11 == 0 ? std::string_view() : sexes[i * 7 % 3]);
            deck.push_back(double(i % 3) + 1);
            age[i] = i % 5 == 0 ? missing : age[i] * 60;
        }
        if (odd == 1)
            fare[3] = missing;
        if (odd == 2)
            age[1400] = std::numeric_limits<double>::infinity();
        if (odd == 3)
            sex[7] = "neither";
        if (odd == 4)
            deck[8] = 2.5;
        if (odd == 5)
            deck[1499] = missing;
        if (odd == 6)
            fare[5] = 1.7e308;
        if (odd == 7)
            invalid[9] = 1;
        InputBatch batch;
        batch.rows = int(count);
        batch.columns = {{age, {}, invalid}, {{}, sex, {}}, {fare, {}, {}}, {deck, {}, {}}};
        (*quick)->score(batch, one);
        (*careful)->score(batch, other);
        QCOMPARE(one.problems.size(), other.problems.size());
        for (size_t i = 0; i < one.problems.size(); ++i) {
            QCOMPARE(one.problems[i].row, other.problems[i].row);
            QCOMPARE(one.problems[i].reason, other.problems[i].reason);
        }
        for (size_t c = 0; c < one.columns.size(); ++c) {
            const bool isText = (*quick)->outputs().at(qsizetype(c)).type == FieldType::Text;
            for (size_t i = 0; i < count; ++i) {
                if (isText) {
                    const auto textOf = [i](const OutputColumn &column) {
                        return column.codes[i] < 0 ? std::string("null") : column.texts[size_t(column.codes[i])];
                    };
                    QCOMPARE(textOf(one.columns[c]), textOf(other.columns[c]));
                } else {
                    const auto bitsOf = [i](const OutputColumn &column) {
                        return std::isnan(column.numbers[i]) ? 0 : std::bit_cast<uint64_t>(column.numbers[i]);
                    };
                    QCOMPARE(bitsOf(one.columns[c]), bitsOf(other.columns[c]));
                }
            }
        }
    }
}

void TestPmmlWriter::scoresOthersRowByRow()
{
    const auto trained = LinearPipelineModel::make(
        pipeline(LinearLink::Logit, {QStringLiteral("no"), QStringLiteral("yes")}, BadCell::Zeros));
    VERIFY_OK(trained);
    const QByteArray bytes = *writePmml(**trained, QStringLiteral("m.pmml"));
    const QList<std::pair<QByteArray, QByteArray>> changes{
        {"<Apply function=\"-\">", "<Apply function=\"-\" mapMissingTo=\"1\">"},
        {"<NormDiscrete ", "<NormDiscrete mapMissingTo=\"0\" "},
        {"<MiningField name=\"fare\"",
         "<MiningField outliers=\"asExtremeValues\" lowValue=\"0\" highValue=\"1\" name=\"fare\""},
        {"<DataField name=\"fare\" optype=\"continuous\" dataType=\"double\"/>",
         "<DataField name=\"fare\" optype=\"continuous\" dataType=\"float\"/>"},
        {"<RegressionModel ", "<RegressionModel x-mathContext=\"float\" "},
        {"normalizationMethod=\"logit\"", "normalizationMethod=\"cauchit\""}};
    for (const auto &[from, to] : changes) {
        QByteArray changed = bytes;
        const qsizetype proof = changed.indexOf("<ModelVerification");
        changed.remove(proof, changed.indexOf("</ModelVerification>") + 20 - proof);
        QVERIFY2(changed.contains(from), from.constData());
        const auto before = readPmml(changed, QStringLiteral("m.pmml"));
        QVERIFY(dynamic_cast<const pmml::PmmlModel &>(**before).isScoredByColumns());
        changed.replace(changed.indexOf(from), from.size(), to);
        const auto after = readPmml(changed, QStringLiteral("m.pmml"));
        VERIFY_OK(after);
        QVERIFY2(!dynamic_cast<const pmml::PmmlModel &>(**after).isScoredByColumns(), to.constData());
    }
}

void TestPmmlWriter::provesItselfByVerificationRows()
{
    const auto trained = LinearPipelineModel::make(
        pipeline(LinearLink::Logit, {QStringLiteral("no"), QStringLiteral("yes")}, BadCell::Zeros));
    VERIFY_OK(trained);
    QByteArray bytes = *writePmml(**trained, QStringLiteral("m.pmml"));
    QVERIFY(bytes.contains("<ModelVerification recordCount=\"12\">"));
    const qsizetype at = bytes.indexOf("<NumericPredictor");
    bytes.replace(
        at, bytes.indexOf("/>", at) + 2 - at, QByteArray(R"(<NumericPredictor name="fare" coefficient="3"/>)"));
    const auto changed = readPmml(bytes, QStringLiteral("m.pmml"));
    QVERIFY(!changed);
    QVERIFY2(changed.error().message.contains(QLatin1String("verification")), qPrintable(changed.error().message));
}

void TestPmmlWriter::givesTheBytesOfAModelThatWasRead()
{
    const QString file = pmmlFile(QStringLiteral("knime/pmml/NeuralNetworkIris.pmml"));
    const auto read = readModel(file);
    VERIFY_OK(read);
    const auto written = writePmml(**read, QStringLiteral("copy.pmml"));
    VERIFY_OK(written);
    QCOMPARE(*written, contentOf(file));
}

void TestPmmlWriter::refusesWhatXmlCannotHold()
{
    const auto trained = LinearPipelineModel::make(
        pipeline(LinearLink::Logit, {QStringLiteral("no"), QString(QChar(1))}, BadCell::Zeros));
    VERIFY_OK(trained);
    const auto written = writePmml(**trained, QStringLiteral("m.pmml"));
    QVERIFY(!written);
    COMPARE_NAMED(written.error().code, ErrorCode::InvalidInput);
}

SLIPWAY_TEST(TestPmmlWriter)

#include "TestPmmlWriter.moc"
