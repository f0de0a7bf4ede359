#include "scoring/ModelFile.h"
#include "scoring/pmml/PmmlReader.h"
#include "scoring/pmml/PmmlWriter.h"
#include "scoring/training/LinearPipelineModel.h"
#include "tests/scoring/pmml/TextTable.h"
#include "tests/support/TestMain.h"

#include <bit>
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
