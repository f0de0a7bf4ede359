#include "engine/base/Json.h"
#include "scoring/onnx/OnnxGraph.h"
#include "scoring/onnx/OnnxRun.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <cmath>
#include <functional>
#include <random>

using namespace scoring::onnx;
using engine::Json;

Q_DECLARE_METATYPE(Node)

// Operators one by one, with attributes that no file of the corpus has, beside ONNX Runtime.
class TestOnnxOperators : public QObject
{
    Q_OBJECT

private slots:
    void computesWhatOnnxRuntimeDoes_data();
    void computesWhatOnnxRuntimeDoes();
    void refusesMachinesThatDoNotFit_data();
    void refusesMachinesThatDoNotFit();
};

namespace {

constexpr int rows = 60;
constexpr int width = 4;

Attribute numbers(const std::vector<double> &values)
{
    Attribute attribute;
    attribute.numbers = values;
    return attribute;
}

Attribute text(const std::string &value)
{
    Attribute attribute;
    attribute.text = value;
    return attribute;
}

Attribute number(double value)
{
    Attribute attribute;
    attribute.number = value;
    return attribute;
}

Attribute texts(const std::vector<std::string> &values)
{
    Attribute attribute;
    attribute.texts = values;
    return attribute;
}

std::vector<double> any(int count, unsigned seed, double from = -1, double to = 1)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> between(from, to);
    std::vector<double> values;
    for (int i = 0; i < count; ++i)
        values.push_back(double(float(between(random))));
    return values;
}

Node nodeOf(const std::string &op, std::map<std::string, Attribute, std::less<>> attributes)
{
    Node node;
    node.name = "n";
    node.op = op;
    node.domain = "ai.onnx.ml";
    node.inputs = {"x"};
    node.outputs =
        op.ends_with("Classifier") ? std::vector<std::string>{"label", "scores"} : std::vector<std::string>{"y"};
    node.attributes = std::move(attributes);
    return node;
}

// A machine of `classes` classes: 3 vectors of the first, 2 of the second, 4 of the third.
Node classifier(size_t classes, const char *kernel, bool hasProbabilities, const char *transform)
{
    std::vector<double> perClass{3, 2, 4};
    perClass.resize(classes);
    const int vectors = classes == 2 ? 5 : 9;
    const int pairs = int(classes * (classes - 1) / 2);
    std::map<std::string, Attribute, std::less<>> attributes{
        {"kernel_type", text(kernel)},
        {"kernel_params", numbers({0.4, 0.25, 3})},
        {"vectors_per_class", numbers(perClass)},
        {"support_vectors", numbers(any(vectors * width, 2))},
        {"coefficients", numbers(any(vectors * int(classes - 1), 3))},
        {"rho", numbers(any(pairs, 4, -0.2, 0.2))},
        {"post_transform", text(transform)}};
    if (hasProbabilities) {
        attributes["prob_a"] = numbers(any(pairs, 5, -3, -1));
        attributes["prob_b"] = numbers(any(pairs, 6, -0.3, 0.3));
    }
    if (classes == 2)
        attributes["classlabels_ints"] = numbers({7, 9});
    else
        attributes["classlabels_strings"] = texts({"a", "ö", "c"});
    return nodeOf("SVMClassifier", attributes);
}

Node regressor(const char *kernel, bool isOneClass)
{
    return nodeOf("SVMRegressor",
                  {{"kernel_type", text(kernel)},
                   {"kernel_params", numbers({0.3, 0.5, 2})},
                   {"n_supports", number(6)},
                   {"support_vectors", numbers(any(6 * width, 8))},
                   {"coefficients", numbers(any(6, 9))},
                   {"rho", numbers({0.1})},
                   {"one_class", number(isOneClass ? 1 : 0)}});
}

Node linear(size_t classes, bool isPositive, const char *transform)
{
    return nodeOf(
        "LinearClassifier",
        {{"coefficients", numbers(any(int(classes) * width, 10, isPositive ? 0 : -1, 1))},
         {"intercepts", numbers(any(int(classes), 11, -0.2, 0.2))},
         {"classlabels_ints", numbers(classes == 2 ? std::vector<double>{0, 1} : std::vector<double>{0, 1, 2})},
         {"post_transform", text(transform)}});
}

Graph graphOf(const Node &node)
{
    Graph graph;
    graph.name = QStringLiteral("one");
    graph.opset = 15;
    graph.inputs = {{"x", ElementType::Float, width}};
    graph.outputs = node.outputs;
    graph.nodes = {node};
    return graph;
}

void write(const QString &file, const QByteArray &bytes)
{
    QFile device(file);
    if (!device.open(QIODevice::WriteOnly) || device.write(bytes) != bytes.size())
        qFatal("%s cannot be written", qPrintable(file));
}

} // namespace

void TestOnnxOperators::computesWhatOnnxRuntimeDoes_data()
{
    QTest::addColumn<Node>("node");
    for (const char *kernel : {"LINEAR", "POLY", "RBF", "SIGMOID"}) {
        for (const size_t classes : {size_t(2), size_t(3)}) {
            QTest::addRow("%zu classes, %s", classes, kernel) << classifier(classes, kernel, false, "NONE");
            QTest::addRow("%zu classes, %s, probabilities", classes, kernel)
                << classifier(classes, kernel, true, "NONE");
        }
        QTest::addRow("regression, %s", kernel) << regressor(kernel, false);
        QTest::addRow("outliers, %s", kernel) << regressor(kernel, true);
    }
    for (const char *transform : {"LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"}) {
        QTest::addRow("machine of 2, %s", transform) << classifier(2, "RBF", false, transform);
        QTest::addRow("machine of 3, %s", transform) << classifier(3, "RBF", false, transform);
        QTest::addRow("linear of 2, %s", transform) << linear(2, false, transform);
        QTest::addRow("linear of 3, %s", transform) << linear(3, false, transform);
    }
    for (const size_t classes : {size_t(2), size_t(3)}) {
        for (const bool isPositive : {false, true}) {
            Node node = linear(classes, isPositive, "NONE");
            node.op = "SVMClassifier";
            node.attributes["rho"] = numbers({0.15});
            node.attributes["kernel_type"] = text("LINEAR");
            node.attributes["kernel_params"] = numbers({0, 0, 0});
            node.attributes.erase("intercepts");
            QTest::addRow("liblinear, %zu classes%s", classes, isPositive ? ", positive" : "") << node;
        }
    }
    Node flat = regressor("LINEAR", false);
    flat.attributes["n_supports"] = number(0);
    flat.attributes["coefficients"] = numbers(any(width, 12));
    flat.attributes.erase("support_vectors");
    QTest::newRow("linear regression by a machine") << flat;
    for (const char *norm : {"MAX", "L1", "L2"})
        QTest::addRow("Normalizer %s", norm) << nodeOf("Normalizer", {{"norm", text(norm)}});
    QTest::newRow("Binarizer") << nodeOf("Binarizer", {{"threshold", number(0.25)}});
    QTest::newRow("Scaler") << nodeOf(
        "Scaler", {{"offset", numbers(any(width, 13))}, {"scale", numbers(any(width, 14, 0.5, 2))}});
    QTest::newRow("Scaler, one for all") << nodeOf("Scaler", {{"offset", numbers({0.5})}, {"scale", numbers({3})}});
}

void TestOnnxOperators::computesWhatOnnxRuntimeDoes()
{
    QFETCH(Node, node);
    const Graph graph = graphOf(node);
    const std::vector<double> cells = any(rows * width, 20, -2, 2); // row by row
    auto run = OnnxRun::make(graph, QStringLiteral("m.onnx"));
    QVERIFY2(run.ok(), run.ok() ? "" : qPrintable(run.error().message));
    Tensor &x = (*run)->value("x");
    shape(x, ElementType::Float, {1, width}, false, rows);
    Json feed = Json::array();
    for (int row = 0; row < rows; ++row) {
        feed.push_back(Json::array());
        for (int i = 0; i < width; ++i) {
            x.numbers[size_t(i * rows + row)] = cells[size_t(row * width + i)];
            feed.back().push_back(cells[size_t(row * width + i)]);
        }
    }
    VERIFY_OK((*run)->run(rows));

    const QTemporaryDir folder;
    const QString root = qEnvironmentVariable("SLIPWAY_SOURCE_DIR");
    write(folder.filePath(QStringLiteral("m.onnx")), writeGraph(graph));
    write(folder.filePath(QStringLiteral("feeds.json")), engine::toCompact(Json{{"x", feed}}));
    QProcess runtime;
    runtime.start(QStringLiteral("node"),
                  {root + QStringLiteral("/tests/scoring/onnx/runtime.js"),
                   root,
                   folder.filePath(QStringLiteral("m.onnx")),
                   folder.filePath(QStringLiteral("feeds.json"))});
    QVERIFY(runtime.waitForFinished(-1));
    QVERIFY2(runtime.exitCode() == 0, runtime.readAllStandardError().constData());
    const auto answer = engine::parseJson(runtime.readAllStandardOutput(), QString());
    VERIFY_OK(answer);
    for (const std::string &output : node.outputs) {
        const Tensor &ours = (*run)->value(output);
        const Json &theirs = answer->at(output);
        const auto elements = size_t(ours.elements());
        QCOMPARE(theirs.size(), elements * rows);
        for (size_t row = 0; row < rows; ++row)
            for (size_t i = 0; i < elements; ++i) {
                const Json &due = theirs[row * elements + i];
                if (ours.type == ElementType::Text) {
                    QCOMPARE(ours.texts[i * rows + row], due.get<std::string>());
                    continue;
                }
                const double is = ours.numbers[i * rows + row];
                QVERIFY2(std::abs(is - due.get<double>()) <= 2e-6 * std::max(1.0, std::abs(is)),
                         qPrintable(QStringLiteral("%1, row %2, %3: %4, due %5")
                                        .arg(QString::fromStdString(output))
                                        .arg(row)
                                        .arg(i)
                                        .arg(is)
                                        .arg(due.get<double>())));
            }
    }
}

void TestOnnxOperators::refusesMachinesThatDoNotFit_data()
{
    QTest::addColumn<Node>("node");
    Node node = classifier(3, "RBF", false, "NONE");
    node.attributes["vectors_per_class"] = numbers({3, 2});
    QTest::newRow("classes without vectors") << node;
    node.attributes["vectors_per_class"] = numbers({3, 2, 4000000});
    QTest::newRow("vectors without coefficients") << node;
    node.attributes["vectors_per_class"] = numbers({3, 9, -3});
    QTest::newRow("vectors below zero") << node;
    node = classifier(3, "RBF", true, "NONE");
    node.attributes["prob_b"] = numbers({1});
    QTest::newRow("half of the probabilities") << node;
    node = classifier(3, "RBF", false, "NONE");
    node.attributes["rho"] = numbers({1});
    QTest::newRow("too few constants") << node;
    node = regressor("RBF", false);
    node.attributes["coefficients"] = numbers({1, 2});
    QTest::newRow("coefficients of other vectors") << node;
}

void TestOnnxOperators::refusesMachinesThatDoNotFit()
{
    QFETCH(Node, node);
    const Graph graph = graphOf(node);
    auto run = OnnxRun::make(graph, QStringLiteral("m.onnx"));
    if (run.ok()) { // found by the trial with one row
        shape((*run)->value("x"), ElementType::Float, {1, width}, false, 1);
        const auto tried = (*run)->run(1);
        QVERIFY(!tried.ok());
        return;
    }
    QVERIFY2(run.error().message.contains(QString::fromStdString(node.op)), qPrintable(run.error().message));
}

SLIPWAY_TEST(TestOnnxOperators)
#include "TestOnnxOperators.moc"
