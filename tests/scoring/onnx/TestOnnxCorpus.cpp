#include "scoring/InputBinding.h"
#include "scoring/ModelFile.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

#include <cmath>

using namespace scoring;

// Pipelines that skl2onnx wrote, with what ONNX Runtime computes.
class TestOnnxCorpus : public QObject
{
    Q_OBJECT

private slots:
    void computesWhatOnnxRuntimeComputes_data();
    void computesWhatOnnxRuntimeComputes();
    void namesFieldsAndOutputsAsTheModelDoes();
    void scoresARowAsIfItWereAlone();
    void refusesUnknownOperators();
    void refusesWhatIsCutOff();
    void survivesAGraphThatFitsOneRowOnly();
    void namesWhatAnOperatorLacks_data();
    void namesWhatAnOperatorLacks();
};

namespace {

QString file(const QString &name)
{
    return qEnvironmentVariable("SLIPWAY_SOURCE_DIR") + QStringLiteral("/tests/data/scoring/onnx/") + name;
}

QByteArray bytesOf(const QString &name)
{
    QFile device(file(name));
    return device.open(QIODevice::ReadOnly) ? device.readAll() : QByteArray();
}

struct Table
{
    QStringList names;
    std::vector<std::vector<std::string>> columns;
    int rows = 0;
};

Table table(const QString &name)
{
    Table read;
    for (const QByteArray &line : bytesOf(name).trimmed().split('\n')) {
        const QList<QByteArray> cells = line.trimmed().split(',');
        if (read.names.isEmpty()) {
            for (const QByteArray &cell : cells)
                read.names << QString::fromUtf8(cell);
            read.columns.resize(size_t(cells.size()));
            continue;
        }
        for (size_t k = 0; k < read.columns.size(); ++k)
            read.columns[k].push_back(cells.value(qsizetype(k)).toStdString());
        ++read.rows;
    }
    return read;
}

OutputBatch score(const Model &model, const Table &input, const ScoreOptions &options = {})
{
    QList<TableColumn> columns;
    std::vector<std::vector<std::string_view>> views;
    for (qsizetype k = 0; k < input.names.size(); ++k) {
        columns << TableColumn{input.names[k], true};
        views.emplace_back(input.columns[size_t(k)].begin(), input.columns[size_t(k)].end());
    }
    std::vector<TableCells> cells;
    for (const auto &view : views)
        cells.push_back({{}, view});
    const auto binding = InputBinding::make(model.inputs(), columns);
    if (!binding)
        qFatal("%s", qPrintable(binding.error().message));
    BoundInputs inputs(*binding);
    OutputBatch scored;
    (*model.scorer(options))->score(inputs.bind(cells, input.rows), scored);
    return scored;
}

} // namespace

void TestOnnxCorpus::computesWhatOnnxRuntimeComputes_data()
{
    QTest::addColumn<QString>("name");
    const QStringList files = QDir(file({})).entryList({QStringLiteral("*.onnx")});
    QCOMPARE(files.size(), 12);
    for (const QString &model : files)
        QTest::newRow(model.toUtf8().constData()) << model.chopped(5);
}

void TestOnnxCorpus::computesWhatOnnxRuntimeComputes()
{
    QFETCH(QString, name);
    const auto model = readModel(file(name + QStringLiteral(".onnx")));
    QVERIFY2(model.ok(), model.ok() ? "" : qPrintable(model.error().message));
    const Table expected = table(name + QStringLiteral(".expected.csv"));
    const OutputBatch scored = score(**model, table(name + QStringLiteral(".input.csv")));
    QCOMPARE(scored.rows, expected.rows);
    QCOMPARE(qsizetype(scored.columns.size()), expected.names.size());
    for (size_t k = 0; k < scored.columns.size(); ++k) {
        const bool isLabel = expected.names[qsizetype(k)].contains(QLatin1String("label"));
        for (size_t row = 0; row < size_t(expected.rows); ++row) {
            const double is = scored.columns[k].numbers[row];
            const double due = QByteArray::fromStdString(expected.columns[k][row]).toDouble();
            const double most = isLabel ? 0 : 1e-5 * std::abs(due) + 1e-6;
            if (!(std::abs(is - due) <= most))
                QFAIL(qPrintable(QStringLiteral("row %1, %2: %3 instead of %4")
                                     .arg(row)
                                     .arg(expected.names[qsizetype(k)])
                                     .arg(is)
                                     .arg(due)));
        }
    }
}

void TestOnnxCorpus::namesFieldsAndOutputsAsTheModelDoes()
{
    const auto model = readModel(file(QStringLiteral("pipeline_titanic.onnx")));
    QStringList inputs;
    for (const Field &field : (*model)->inputs())
        inputs << field.name;
    QCOMPARE(inputs,
             QStringList({QStringLiteral("pclass"),
                          QStringLiteral("sex"),
                          QStringLiteral("age"),
                          QStringLiteral("fare"),
                          QStringLiteral("embarked")}));
    QVERIFY((*model)->inputs()[1].type == FieldType::Text && (*model)->inputs()[2].type == FieldType::Float);
    QCOMPARE((*model)->description().classes, QStringList({QStringLiteral("0"), QStringLiteral("1")}));
    const auto scorer = (*model)->scorer({});
    QCOMPARE((*scorer)->outputs()[0].name, QStringLiteral("output_label"));
    QVERIFY((*scorer)->outputs()[0].kind == OutputKind::Label);
    QCOMPARE((*scorer)->outputs()[2].name, QStringLiteral("output_probability(1)"));
    QCOMPARE((*scorer)->outputs()[2].category, QStringLiteral("1"));
    const auto probabilities = (*model)->scorer({.output = OutputChoice::Probability, .iterations = {}});
    QCOMPARE((*probabilities)->outputs().size(), 2);
    QVERIFY(!(*model)->scorer({.output = OutputChoice::Leaf, .iterations = {}}).ok());
}

void TestOnnxCorpus::scoresARowAsIfItWereAlone()
{
    const auto model = readModel(file(QStringLiteral("rf_iris.onnx")));
    const Table all = table(QStringLiteral("rf_iris.input.csv"));
    const OutputBatch together = score(**model, all);
    for (const size_t row : {size_t(0), size_t(77), size_t(199)}) {
        Table alone = all;
        for (auto &column : alone.columns)
            column = {column[row]};
        alone.rows = 1;
        const OutputBatch one = score(**model, alone);
        for (size_t k = 0; k < one.columns.size(); ++k)
            QVERIFY(one.columns[k].numbers[0] == together.columns[k].numbers[row]);
    }
}

void TestOnnxCorpus::refusesUnknownOperators()
{
    QByteArray bytes = bytesOf(QStringLiteral("tut_simplified_model.onnx"));
    QVERIFY(bytes.contains("Normalizer"));
    bytes.replace("Normalizer", "Denormizer");
    const auto model = readModel(bytes, QStringLiteral("m.onnx"));
    QVERIFY(!model.ok());
    QVERIFY(model.error().code == engine::ErrorCode::Unsupported);
    QVERIFY2(model.error().message.contains(QLatin1String("Denormizer")), qPrintable(model.error().message));
}

void TestOnnxCorpus::refusesWhatIsCutOff()
{
    const QByteArray bytes = bytesOf(QStringLiteral("pipeline_titanic.onnx"));
    int read = 0;
    for (qsizetype size = 3; size < bytes.size(); size += 7)
        read += readModel(bytes.left(size), QStringLiteral("m.onnx")).ok() ? 1 : 0;
    QCOMPARE(read, 0);
}

// Found by fuzzing.
void TestOnnxCorpus::namesWhatAnOperatorLacks_data()
{
    QTest::addColumn<QString>("seed");
    QTest::addColumn<QString>("named");
    QTest::newRow("what nothing computes")
        << QStringLiteral("output_nobody_computes.onnx") << QStringLiteral("probability_tensor");
    QTest::newRow("an input without a name")
        << QStringLiteral("concat_without_input.onnx") << QStringLiteral("lacks its input");
}

void TestOnnxCorpus::namesWhatAnOperatorLacks()
{
    QFETCH(QString, seed);
    QFETCH(QString, named);
    QFile device(qEnvironmentVariable("SLIPWAY_SOURCE_DIR") + QStringLiteral("/tests/fuzz/seeds/onnx/") + seed);
    QVERIFY(device.open(QIODevice::ReadOnly));
    const auto model = readModel(device.readAll(), QStringLiteral("m.onnx"));
    QVERIFY(!model.ok());
    QVERIFY2(model.error().message.contains(named), qPrintable(model.error().message));
}

// Found by fuzzing: the trial with one row went well, many rows did not.
void TestOnnxCorpus::survivesAGraphThatFitsOneRowOnly()
{
    QFile device(qEnvironmentVariable("SLIPWAY_SOURCE_DIR")
                 + QStringLiteral("/tests/fuzz/seeds/onnx/no_rows_left.onnx"));
    QVERIFY(device.open(QIODevice::ReadOnly));
    const auto model = readModel(device.readAll(), QStringLiteral("m.onnx"));
    if (!model)
        return; // refused from the start is as good
    Table input;
    for (const Field &field : (*model)->inputs()) {
        input.names << field.name;
        input.columns.emplace_back(67, "1");
    }
    input.rows = 67;
    const OutputBatch scored = score(**model, input);
    QCOMPARE(scored.rows, 67);
    for (const OutputColumn &column : scored.columns)
        QVERIFY(column.numbers.size() == 67 || column.codes.size() == 67);
}

SLIPWAY_TEST(TestOnnxCorpus)
#include "TestOnnxCorpus.moc"
