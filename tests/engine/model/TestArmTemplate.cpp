#include "engine/model/ArmExpression.h"
#include "engine/model/ArmTemplate.h"
#include "engine/model/EntityText.h"
#include "engine/model/Factory.h"
#include "tests/engine/model/TextTree.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace engine;

namespace {

QString dataPath(const char *name)
{
    return tests::sourceDir() + QStringLiteral("/tests/data/factories/arm/") + QLatin1String(name);
}

QStringList pathsOf(const ArmImport &import)
{
    QStringList paths;
    for (const ArmImport::File &file : import.files)
        paths.append(file.path);
    return paths;
}

Json jsonOf(const ArmImport &import, const char *path)
{
    for (const ArmImport::File &file : import.files) {
        if (file.path == QLatin1String(path))
            return *parseEntity(file.text, file.path);
    }
    return {};
}

QString codes(const QList<Problem> &problems)
{
    QStringList lines;
    for (const Problem &problem : problems)
        lines.append(problem.code + u' ' + problem.where);
    return lines.join(u'|');
}

Result<ArmImport> imported(const QByteArray &text)
{
    return importArmTemplate({text, QStringLiteral("t.json"), {}, {}, {}});
}

} // namespace

class TestArmTemplate : public QObject
{
    Q_OBJECT

private slots:
    void evaluatesExpressions_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char *text, const char *value) {
            QTest::newRow(text) << QString::fromUtf8(text) << QByteArray(value);
        };
        row("plain", "\"plain\"");
        row("[[dbo].[t]", "\"[dbo].[t]\"");
        row("@concat('a')", "\"@concat('a')\"");
        row("[parameters('name')]", "\"adf\"");
        row("[concat(PARAMETERS('Name'), '/it''s ', 7)]", "\"adf/it's 7\"");
        row("[variables('id')]", "\"Microsoft.DataFactory/factories/adf\"");
        row("[variables('map').b[1]]", "3");
        row("[variables('map')['b'][0]]", "2");
        row("[toUpper(substring(parameters('name'), 1, 2))]", "\"DF\"");
        row("[if(equals(length(createArray(1, 2)), 2), 'two', 'more')]", "\"two\"");
        row("[format('{0}-{1}', parameters('name'), add(1, mul(2, 3)))]", "\"adf-7\"");
        row("[split('a,b', ',')]", "[\"a\",\"b\"]");
        row("[union(createObject('a', 1), createObject('b', true()))]", R"({"a":1,"b":true})");
        row("[coalesce(null(), json('{\"x\": 1.5}').x)]", "1.5");
        row("[base64ToString(base64('über'))]", "\"über\"");
        row("[not(contains(parameters('name'), 'x'))]", "true");
        row("[reference('x').y]", "");
        row("[parameters('nothing')]", "");
        row("[parameters('none')]", "");
        row("[variables('circle')]", "");
        row("[concat('a'", "\"[concat('a'\"");
        row("[concat('a'))]", "");
        row("[div(1, 0)]", "");
        row("[dbo].[t]", "");
    }

    void evaluatesExpressions()
    {
        QFETCH(QString, text);
        QFETCH(QByteArray, value);
        const ArmEvaluator evaluator(
            {{"name", {{"type", "string"}, {"defaultValue", "x"}}}, {"none", {{"type", "string"}}}},
            {{"name", "adf"}},
            {{"id", "[concat('Microsoft.DataFactory/factories/', parameters('name'))]"},
             {"map", {{"b", {2, 3}}}},
             {"circle", "[variables('circle')]"}});
        const Result<Json> result = evaluator.text(text);
        QCOMPARE(result ? toCompact(*result) : QByteArray(), value);
        if (!result)
            QVERIFY(!result.error().message.isEmpty());
    }

    void importsAFullExport()
    {
        const Result<ArmImport> import =
            readArmTemplate(dataPath("full"), dataPath("full/ARMTemplateParametersForFactory.json"));
        VERIFY_OK(import);
        QCOMPARE(import->factoryName, QStringLiteral("adf-sample"));
        QCOMPARE(pathsOf(*import),
                 (QStringList{QStringLiteral("dataset/People.json"),
                              QStringLiteral("factory/adf-sample.json"),
                              QStringLiteral("linkedService/Storage.json"),
                              QStringLiteral("pipeline/Load.json"),
                              QStringLiteral("trigger/Daily.json")}));
        const Json pipeline = jsonOf(*import, "pipeline/Load.json");
        QCOMPARE(stringAt(pipeline, "name"), QStringLiteral("Load"));
        const Json activity = memberAt(memberAt(pipeline, "properties"), "activities")[0];
        QCOMPARE(stringAt(memberAt(activity, "typeProperties"), "storedProcedureName"), QStringLiteral("[dbo].[load]"));
        QCOMPARE(stringAt(memberAt(memberAt(memberAt(jsonOf(*import, "factory/adf-sample.json"), "properties"),
                                            "globalParameters"),
                                   "Environment"),
                          "value"),
                 QStringLiteral("production"));
        // A secret has no value in a template: it stays as it is, by name.
        QCOMPARE(codes(import->problems),
                 QStringLiteral("Unresolved linkedService/Storage.json: properties.typeProperties.connectionString"));
        QVERIFY(import->problems[0].message.contains(u"Storage_connectionString"));
        QCOMPARE(import->files[3].text.left(30), QByteArray("{\n\t\"name\": \"Load\",\n\t\"propertie"));
    }

    void readsAsAFactory()
    {
        const Result<ArmImport> import = readArmTemplate(dataPath("full"), {});
        VERIFY_OK(import);
        tests::TextTree tree;
        for (const ArmImport::File &file : import->files)
            tree.put(file.path, file.text);
        const FactoryReading reading = readFactory(tree);
        QCOMPARE(codes(reading.problems), QString());
        QCOMPARE(reading.factory.pipelines.keys(), QStringList{QStringLiteral("Load")});
        QCOMPARE(reading.factory.globalParameters.keys(), QStringList{QStringLiteral("Environment")});
    }

    void importsATemplateOfTheGallery()
    {
        const Result<ArmImport> import = readArmTemplate(dataPath("gallery/manifest.json"), {});
        VERIFY_OK(import);
        QCOMPARE(pathsOf(*import),
                 (QStringList{QStringLiteral("dataset/Files.json"),
                              QStringLiteral("linkedService/SourceStore.json"),
                              QStringLiteral("pipeline/CopyAll.json")}));
        QCOMPARE(stringAt(memberAt(jsonOf(*import, "linkedService/SourceStore.json"), "properties"), "type"),
                 QStringLiteral("AzureBlobStorage"));
        QCOMPARE(codes(import->problems), QStringLiteral("ServiceToBind linkedService/SourceStore.json"));
    }

    void followsLinkedAndNestedTemplates()
    {
        const Result<ArmImport> import = readArmTemplate(dataPath("linked/ArmTemplate_master.json"), {});
        VERIFY_OK(import);
        QCOMPARE(pathsOf(*import),
                 (QStringList{QStringLiteral("pipeline/FromInner.json"),
                              QStringLiteral("pipeline/FromLinked.json"),
                              QStringLiteral("pipeline/FromOuter.json")}));
        QCOMPARE(stringAt(memberAt(jsonOf(*import, "pipeline/FromInner.json"), "properties"), "description"),
                 QStringLiteral("inside"));
        QCOMPARE(stringAt(memberAt(jsonOf(*import, "pipeline/FromOuter.json"), "properties"), "description"),
                 QStringLiteral("outside"));
        QVERIFY(codes(import->problems).contains(u"LinkedTemplate"));
    }

    void importsBareTypesOfFabric()
    {
        const Result<ArmImport> import =
            imported(R"({"resources":[{"type":"pipelines","name":"Copy it","properties":{"activities":[]}}]})");
        VERIFY_OK(import);
        QCOMPARE(codes(import->problems), QString());
        QCOMPARE(pathsOf(*import), QStringList{QStringLiteral("pipeline/Copy it.json")});
    }

    void namesWhatItLeavesOut()
    {
        const Result<ArmImport> import = imported(R"({"parameters":{"x":{"type":"string"}},"resources":[
            {"type":"Microsoft.Storage/storageAccounts","name":"s"},
            {"type":"Microsoft.DataFactory/factories/pipelines","name":"[concat('f/', parameters('x'))]","properties":{}},
            {"type":"Microsoft.DataFactory/factories/pipelines","name":"f/A","condition":false,"properties":{}},
            {"type":"Microsoft.DataFactory/factories/pipelines","name":"f/B","copy":{"count":2},"properties":{}},
            {"type":"Microsoft.DataFactory/factories/pipelines","name":"f/C","properties":{}},
            {"type":"Microsoft.DataFactory/factories/pipelines","name":"f/c","properties":{}},
            {"type":"Microsoft.DataFactory/factories/pipelines","name":"f/..%2Fescape","properties":{}},
            {"type":"Microsoft.DataFactory/factories/moons","name":"f/M","properties":{}}, 7, null]})");
        VERIFY_OK(import);
        QCOMPARE(pathsOf(*import),
                 (QStringList{QStringLiteral("pipeline/..%252Fescape.json"), QStringLiteral("pipeline/C.json")}));
        const QString all = codes(import->problems);
        for (const char *code :
             {"NotOfAFactory", "NoName", "ConditionNotMet", "CopyLoop", "DuplicateName", "UnknownKind"})
            QVERIFY2(all.contains(QLatin1String(code)), code);
        QVERIFY(!imported("{}"));
        QVERIFY(!imported("[1"));
    }

    void neverReplacesWithoutBeingAsked()
    {
        const Result<ArmImport> import = readArmTemplate(dataPath("full"), {});
        VERIFY_OK(import);
        const QTemporaryDir folder;
        const QString root = folder.path() + QStringLiteral("/new/factory");
        const Result<QStringList> written = writeArmImport(*import, root, Existing::Refuse);
        VERIFY_OK(written);
        QCOMPARE(written->size(), import->files.size());
        QVERIFY(QFile::remove(root + QStringLiteral("/trigger/Daily.json")));
        const Result<QStringList> again = writeArmImport(*import, root, Existing::Refuse);
        QVERIFY(!again && again.error().code == ErrorCode::Conflict);
        QVERIFY(!QFile::exists(root + QStringLiteral("/trigger/Daily.json")));
        VERIFY_OK(writeArmImport(*import, root, Existing::Replace));
        QVERIFY(QFile::exists(root + QStringLiteral("/trigger/Daily.json")));
    }
};

SLIPWAY_TEST(TestArmTemplate)

#include "TestArmTemplate.moc"
