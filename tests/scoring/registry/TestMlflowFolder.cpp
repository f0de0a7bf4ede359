#include "scoring/registry/MlflowFolder.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace engine;
using namespace scoring;

class TestMlflowFolder : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatMlflowWrites();
    void choosesTheFlavor_data();
    void choosesTheFlavor();
    void refusesPicklesByName();
    void refusesWhatLeavesTheFolder_data();
    void refusesWhatLeavesTheFolder();
    void refusesDamage_data();
    void refusesDamage();
    void readsWhatItWrites();
    void saysThatThereIsNone();
};

namespace {

const QString place = QStringLiteral("model/MLmodel");

QByteArray withFlavors(const QByteArray &flavors) { return "artifact_path: model\nflavors:\n" + flavors; }

} // namespace

void TestMlflowFolder::readsWhatMlflowWrites()
{
    const QByteArray text = "artifact_path: model\n"
                            "flavors:\n"
                            "  onnx:\n"
                            "    code: null\n"
                            "    data: model.onnx\n"
                            "    onnx_version: 1.12.0\n"
                            "  python_function:\n"
                            "    data: model.onnx\n"
                            "    loader_module: mlflow.onnx\n"
                            "mlflow_version: 2.9.2\n"
                            "model_uuid: 1d0d0e3f6d5b4c1f9d1e\n"
                            "run_id: abc\n"
                            "signature:\n"
                            "  inputs: '[{\"type\": \"double\", \"name\": \"age\"}, {\"type\": \"string\", \"name\": "
                            "\"home.dest\"}]'\n"
                            "  outputs: null\n"
                            "utc_time_created: '2026-01-02 03:04:05.678901'\n";
    const Result<MlflowModel> model = parseMlmodel(text, place);
    VERIFY_OK(model);
    QCOMPARE(model->flavor.name, QStringLiteral("onnx"));
    QCOMPARE(model->flavor.file, QStringLiteral("model.onnx"));
    QCOMPARE(model->inputs, (QStringList{QStringLiteral("age"), QStringLiteral("home.dest")}));
    QCOMPARE(model->mlflowVersion, QStringLiteral("2.9.2"));
    QCOMPARE(model->createdAt, QStringLiteral("2026-01-02 03:04:05.678901"));
}

void TestMlflowFolder::choosesTheFlavor_data()
{
    QTest::addColumn<QByteArray>("flavors");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("file");
    QTest::newRow("pmml before onnx") << QByteArray("  onnx: {data: m.onnx}\n  pmml: {data: m.pmml}\n")
                                      << QStringLiteral("pmml") << QStringLiteral("m.pmml");
    QTest::newRow("xgboost") << QByteArray("  xgboost: {data: model.ubj, model_format: ubj}\n  python_function: {}\n")
                             << QStringLiteral("xgboost") << QStringLiteral("model.ubj");
    QTest::newRow("lightgbm without a file")
        << QByteArray("  lightgbm: {lgb_version: 3.3}\n") << QStringLiteral("lightgbm") << QStringLiteral("model.lgb");
}

void TestMlflowFolder::choosesTheFlavor()
{
    QFETCH(QByteArray, flavors);
    QFETCH(QString, name);
    QFETCH(QString, file);
    const Result<MlflowModel> model = parseMlmodel(withFlavors(flavors), place);
    VERIFY_OK(model);
    QCOMPARE(model->flavor.name, name);
    QCOMPARE(model->flavor.file, file);
}

void TestMlflowFolder::refusesPicklesByName()
{
    const auto model =
        parseMlmodel(withFlavors("  sklearn: {pickled_model: model.pkl}\n  python_function: {}\n"), place);
    QVERIFY(!model);
    COMPARE_NAMED(model.error().code, ErrorCode::Unsupported);
    QVERIFY2(model.error().message.contains(u"sklearn") && model.error().message.contains(u"sklearn2pmml"),
             qPrintable(model.error().message));
}

void TestMlflowFolder::refusesWhatLeavesTheFolder_data()
{
    QTest::addColumn<QByteArray>("file");
    for (const char *file : {"../model.pmml", "/etc/passwd", "a/../../b", "..", "a\\\\b"})
        QTest::newRow(file) << QByteArray(file);
}

void TestMlflowFolder::refusesWhatLeavesTheFolder()
{
    QFETCH(QByteArray, file);
    const auto model = parseMlmodel(withFlavors("  pmml: {data: \"" + file + "\"}\n"), place);
    QVERIFY(!model);
    COMPARE_NAMED(model.error().code, ErrorCode::InvalidInput);
}

void TestMlflowFolder::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no flavors") << QByteArray("artifact_path: model\n");
    QTest::newRow("a list of flavors") << QByteArray("flavors: [pmml]\n");
    QTest::newRow("no YAML") << QByteArray("flavors: {pmml\n a: : b");
    QTest::newRow("a list") << QByteArray("- 1\n- 2\n");
    QTest::newRow("deep") << QByteArray(20000, '[');
    QTest::newRow("large") << QByteArray(2 * 1024 * 1024, ' ');
}

void TestMlflowFolder::refusesDamage()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseMlmodel(text, place));
}

void TestMlflowFolder::readsWhatItWrites()
{
    Field odd;
    odd.name = QStringLiteral("a \"b\": {c}\n- d é");
    odd.type = FieldType::Text;
    const MlmodelText text{{{QStringLiteral("onnx"), QStringLiteral("model.onnx")},
                            {QStringLiteral("pmml"), QStringLiteral("model.pmml")}},
                           QStringLiteral("u"),
                           QStringLiteral("run: 7"),
                           QStringLiteral("2026-01-02T03:04:05Z"),
                           {odd},
                           {}};
    QVERIFY(
        mlmodelText(text).contains("  python_function:\n    data: \"model.onnx\"\n    loader_module: mlflow.onnx\n"));
    const Result<MlflowModel> model = parseMlmodel(mlmodelText(text), place);
    VERIFY_OK(model);
    QCOMPARE(model->inputs, QStringList{odd.name});
    QCOMPARE(model->runId, QStringLiteral("run: 7"));
    QCOMPARE(model->flavor.file, QStringLiteral("model.pmml"));
}

void TestMlflowFolder::saysThatThereIsNone()
{
    QTemporaryDir folder;
    const auto model = readMlflowFolder(folder.path());
    QVERIFY(!model);
    COMPARE_NAMED(model.error().code, ErrorCode::NotFound);
    // A link out of the folder is followed by nobody.
    QFile text(folder.filePath(QStringLiteral("MLmodel")));
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write("flavors: {pmml: {data: out.pmml}}\n") > 0);
    text.close();
    QVERIFY(
        QFile::link(tests::sourceDir() + QStringLiteral("/README.md"), folder.filePath(QStringLiteral("out.pmml"))));
    const auto linked = readMlflowFolder(folder.path());
    QVERIFY(!linked);
    QVERIFY2(linked.error().message.contains(u"outside"), qPrintable(linked.error().message));
}

SLIPWAY_TEST(TestMlflowFolder)
#include "TestMlflowFolder.moc"
