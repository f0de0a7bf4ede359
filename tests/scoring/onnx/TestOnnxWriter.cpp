#include "engine/base/Json.h"
#include "scoring/ModelFile.h"
#include "scoring/onnx/OnnxWriter.h"
#include "scoring/training/LinearPipelineModel.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <cmath>
#include <limits>
#include <random>

using namespace scoring;
using engine::Json;

// Pipelines of ours as ONNX, computed by ONNX Runtime and by our own reader.
class TestOnnxWriter : public QObject
{
    Q_OBJECT

private slots:
    void computesTheSameInOnnxRuntime_data();
    void computesTheSameInOnnxRuntime();
    void givesTheSameMargins_data();
    void givesTheSameMargins();
    void refusesAThresholdOnnxDoesNotHave();
};

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr int rows = 400;

// A number, texts and numbers as categories, all of them with missing cells; as many rows of coefficients as `link`
// has.
LinearPipeline pipelineOf(LinearLink link)
{
    LinearPipeline pipeline;
    pipeline.name = QStringLiteral("passengers");
    pipeline.target = QStringLiteral("survived");
    PipelineFeature age{.name = QStringLiteral("age")};
    age.imputeValue = 28;
    age.mean = 29.7;
    age.scale = 12.65;
    PipelineFeature fare{.name = QStringLiteral("fare paid")};
    PipelineFeature sex{.name = QStringLiteral("sex"), .type = FieldType::Text, .use = FieldUse::Categorical};
    sex.badCell = BadCell::Zeros;
    sex.levels = {QStringLiteral("female"), QStringLiteral("male"), QStringLiteral("ö")};
    sex.imputeLevel = QStringLiteral("male");
    PipelineFeature cabin{.name = QStringLiteral("class"), .type = FieldType::Integer, .use = FieldUse::Categorical};
    cabin.badCell = BadCell::Zeros;
    cabin.levels = {QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("10")};
    cabin.imputeLevel = QStringLiteral("2");
    pipeline.features = {age, fare, sex, cabin};
    pipeline.columns = {{QStringLiteral("age"), 0, -1},
                        {QStringLiteral("fare paid"), 1, -1},
                        {QStringLiteral("sex=female"), 2, 0},
                        {QStringLiteral("sex=male"), 2, 1},
                        {QStringLiteral("sex=ö"), 2, 2},
                        {QStringLiteral("class=2"), 3, 1},
                        {QStringLiteral("class=10"), 3, 2}};
    pipeline.link = link;
    pipeline.targetType = link == LinearLink::Softmax ? FieldType::Integer : FieldType::Text;
    if (link == LinearLink::Identity)
        pipeline.targetType = FieldType::Double;
    else if (link == LinearLink::Logit)
        pipeline.classes = {QStringLiteral("no"), QStringLiteral("yes")};
    else
        pipeline.classes = {QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3")};
    const int count = link == LinearLink::Identity || link == LinearLink::Logit ? 1 : 3;
    std::mt19937 random(3);
    std::uniform_real_distribution<double> any(-1.5, 1.5);
    for (int row = 0; row < count; ++row) {
        for (int column = 0; column < pipeline.width(); ++column)
            pipeline.coefficients.push_back(column == 1 ? any(random) / 50 : any(random));
        pipeline.intercepts.push_back(any(random));
    }
    return pipeline;
}

struct Rows
{
    std::vector<double> age;
    std::vector<double> fare;
    std::vector<std::string> sexes;
    std::vector<std::string_view> sex;
    std::vector<double> cabin;

    Rows()
    {
        std::mt19937 random(5);
        std::uniform_real_distribution<double> any(0, 1);
        const std::vector<std::string> levels{"female", "male", "ö", "other"};
        const std::vector<double> cabins{1, 2, 10, 3};
        for (int row = 0; row < rows; ++row) {
            age.push_back(any(random) < 0.1 ? missing : double(float(any(random) * 80)));
            fare.push_back(double(float(any(random) * 100)));
            sexes.push_back(levels[random() % 4]);
            cabin.push_back(any(random) < 0.1 ? missing : cabins[random() % 4]);
        }
        for (int row = 0; row < rows; ++row)
            sex.push_back(row % 11 == 3 ? std::string_view() : std::string_view(sexes[size_t(row)]));
    }

    InputBatch batch() const { return {rows, {{age, {}, {}}, {fare, {}, {}}, {{}, sex, {}}, {cabin, {}, {}}}}; }

    Json feeds() const
    {
        const auto numbers = [](const std::vector<double> &cells) {
            Json list = Json::array();
            for (const double cell : cells)
                list.push_back(std::isnan(cell) ? Json() : Json(cell));
            return list;
        };
        Json texts = Json::array();
        for (const std::string_view text : sex)
            texts.push_back(text.data() == nullptr ? Json() : Json(text));
        return {{"age", numbers(age)}, {"fare paid", numbers(fare)}, {"sex", texts}, {"class", numbers(cabin)}};
    }
};

void write(const QString &file, const QByteArray &bytes)
{
    QFile device(file);
    if (!device.open(QIODevice::WriteOnly) || device.write(bytes) != bytes.size())
        qFatal("%s cannot be written", qPrintable(file));
}

QString labelAt(const OutputColumn &column, size_t row)
{
    return column.codes.empty() ? QString::number(column.numbers[row])
                                : QString::fromStdString(column.texts[size_t(column.codes[row])]);
}

} // namespace

void TestOnnxWriter::computesTheSameInOnnxRuntime_data()
{
    QTest::addColumn<int>("link");
    QTest::newRow("a number") << int(LinearLink::Identity);
    QTest::newRow("two classes") << int(LinearLink::Logit);
    QTest::newRow("three classes") << int(LinearLink::Softmax);
    QTest::newRow("one against the rest") << int(LinearLink::OneVsRest);
}

void TestOnnxWriter::computesTheSameInOnnxRuntime()
{
    QFETCH(int, link);
    const auto model = LinearPipelineModel::make(pipelineOf(LinearLink(link)));
    QVERIFY2(model.ok(), model.ok() ? "" : qPrintable(model.error().message));
    const Rows input;
    OutputBatch due;
    (*(*model)->scorer({}))->score(input.batch(), due);
    QVERIFY(due.problems.empty());
    const auto bytes = onnx::writeOnnx((*model)->pipeline());
    QVERIFY2(bytes.ok(), bytes.ok() ? "" : qPrintable(bytes.error().message));
    const auto again = readModel(*bytes, QStringLiteral("m.onnx"));
    QVERIFY2(again.ok(), again.ok() ? "" : qPrintable(again.error().message));
    OutputBatch ours;
    (*(*again)->scorer({}))->score(input.batch(), ours);

    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("m.onnx"));
    const QString feeds = folder.filePath(QStringLiteral("feeds.json"));
    const QString root = qEnvironmentVariable("SLIPWAY_SOURCE_DIR");
    write(file, *bytes);
    write(feeds, engine::toCompact(input.feeds()));
    QProcess node;
    node.start(QStringLiteral("node"), {root + QStringLiteral("/tests/scoring/onnx/runtime.js"), root, file, feeds});
    QVERIFY(node.waitForFinished(60000));
    QVERIFY2(node.exitCode() == 0, node.readAllStandardError().constData());
    const auto theirs = engine::parseJson(node.readAllStandardOutput(), QStringLiteral("node"));
    QVERIFY(theirs.ok());

    const bool isNumber = link == int(LinearLink::Identity);
    const Json &values = engine::memberAt(*theirs, isNumber ? "prediction" : "probabilities");
    const size_t width = due.columns.size() - (isNumber ? 0 : 1);
    QCOMPARE(values.size(), width * rows);
    for (size_t row = 0; row < rows; ++row) {
        for (size_t k = 0; k < width; ++k) {
            const size_t column = k + (isNumber ? 0 : 1);
            const double expected = due.columns[column].numbers[row];
            const double most = 1e-6 * std::max(1.0, std::abs(expected));
            QVERIFY(std::abs(values[row * width + k].get<double>() - expected) <= most);
            QVERIFY(std::abs(ours.columns[column].numbers[row] - expected) <= most);
        }
        if (isNumber)
            continue;
        const Json &label = engine::memberAt(*theirs, "label")[row];
        const QString named =
            label.is_string() ? engine::toQString(label.get<std::string>()) : QString::number(label.get<double>());
        QCOMPARE(named, labelAt(due.columns[0], row));
        QCOMPARE(labelAt(ours.columns[0], row), named);
    }
}

void TestOnnxWriter::givesTheSameMargins_data() { computesTheSameInOnnxRuntime_data(); }

void TestOnnxWriter::givesTheSameMargins()
{
    QFETCH(int, link);
    const auto model = LinearPipelineModel::make(pipelineOf(LinearLink(link)));
    QVERIFY(model.ok());
    const auto bytes = onnx::writeOnnx((*model)->pipeline());
    const auto again = bytes.ok() ? readModel(*bytes, QStringLiteral("m.onnx")) : bytes.error();
    QVERIFY2(again.ok(), again.ok() ? "" : qPrintable(again.error().message));
    ScoreOptions raw;
    raw.output = OutputChoice::Raw;
    const auto ours = (*model)->scorer(raw);
    const auto theirs = (*again)->scorer(raw);
    QVERIFY2(theirs.ok(), theirs.ok() ? "" : qPrintable(theirs.error().message));
    const qsizetype first = (*theirs)->outputs().size() - (*ours)->outputs().size();
    QCOMPARE(first, link == int(LinearLink::Logit) ? 1 : 0); // two classes are written as −m and m
    const Rows input;
    OutputBatch due;
    OutputBatch margins;
    (*ours)->score(input.batch(), due);
    (*theirs)->score(input.batch(), margins);
    QVERIFY(due.problems.empty() && margins.problems.empty());
    for (size_t k = 0; k < due.columns.size(); ++k) {
        const OutputField &field = (*theirs)->outputs().at(qsizetype(k) + first);
        QCOMPARE(field.name, first == 1 ? QStringLiteral("margin(yes)") : (*ours)->outputs().at(qsizetype(k)).name);
        QVERIFY(field.kind == OutputKind::Raw);
        for (size_t row = 0; row < rows; ++row) {
            const double expected = due.columns[k].numbers[row];
            QVERIFY(std::abs(margins.columns[k + size_t(first)].numbers[row] - expected)
                    <= 2e-6 * std::max(1.0, std::abs(expected)));
        }
    }
}

void TestOnnxWriter::refusesAThresholdOnnxDoesNotHave()
{
    LinearPipeline pipeline = pipelineOf(LinearLink::Logit);
    pipeline.threshold = 0.3;
    const auto bytes = onnx::writeOnnx(pipeline);
    QVERIFY(!bytes.ok());
    QVERIFY(bytes.error().message.contains(QLatin1String("0.3")));
}

SLIPWAY_TEST(TestOnnxWriter)
#include "TestOnnxWriter.moc"
