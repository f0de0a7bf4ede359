#include "engine/model/Factory.h"
#include "engine/model/Validator.h"
#include "tests/engine/model/TextTree.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QStringConverter>
#include <QTemporaryDir>

using namespace engine;
using tests::TextTree;

namespace {

QString codes(const QList<Problem> &problems)
{
    QStringList lines;
    for (const Problem &problem : problems)
        lines.append(problem.code + u' ' + problem.where);
    return lines.join(u'|');
}

} // namespace

class TestFactoryReader : public QObject
{
    Q_OBJECT

private slots:
    void readsGlobalParametersFromBothPlaces()
    {
        const TextTree tree(
            {{QStringLiteral("factory/adf.json"),
              R"({"name":"adf","properties":{"globalParameters":{
                  "Environment":{"type":"string","value":"test"},"Limits":{"type":"Object","value":{"rows":10}}}}})"},
             {QStringLiteral("globalParameters/adf_GlobalParameters.json"),
              R"({"Environment":{"type":"String","value":"prod"},"Days":{"type":"int","value":7},"None":{"type":"Bool"}})"}});
        const FactoryReading reading = readFactory(tree);
        QCOMPARE(codes(reading.problems), QString());
        const QMap<QString, Parameter> &parameters = reading.factory.globalParameters;
        QCOMPARE(parameters.keys().join(u' '), QStringLiteral("Days Environment Limits None"));
        QVERIFY(parameters.value(QStringLiteral("Environment")) == (Parameter{QStringLiteral("String"), "test", true}));
        QVERIFY(parameters.value(QStringLiteral("Days")) == (Parameter{QStringLiteral("Int"), 7, true}));
        QVERIFY(parameters.value(QStringLiteral("Limits")).defaultValue == Json({{"rows", 10}}));
        QVERIFY(!parameters.value(QStringLiteral("None")).hasDefault);
    }

    void readsEveryKindOfEntity()
    {
        const TextTree tree(
            {{QStringLiteral("Load.DataPipeline/pipeline-content.json"), R"({"properties":{"activities":[]}})"},
             {QStringLiteral("credential/c.json"), R"({"name":"C","properties":{"type":"ServicePrincipal"}})"},
             {QStringLiteral("dataflow/d.json"), R"({"name":"D","properties":{"type":"MappingDataFlow"}})"},
             {QStringLiteral("integrationRuntime/i.json"), R"({"name":"I","properties":{"type":"SelfHosted"}})"},
             {QStringLiteral("managedVirtualNetwork/default.json"), R"({"name":"default","properties":{}})"},
             {QStringLiteral("managedVirtualNetwork/default/managedPrivateEndpoint/e.json"),
              R"({"name":"e","properties":{}})"}});
        const FactoryReading reading = readFactory(tree);
        QCOMPARE(codes(reading.problems), QString());
        const Factory &factory = reading.factory;
        QCOMPARE(factory.pipelines.keys(), QStringList{QStringLiteral("Load")});
        QCOMPARE(factory.credentials.value(QStringLiteral("C")).type, QStringLiteral("ServicePrincipal"));
        QCOMPARE(factory.dataflows.value(QStringLiteral("D")).type, QStringLiteral("MappingDataFlow"));
        QCOMPARE(factory.integrationRuntimes.value(QStringLiteral("I")).type, QStringLiteral("SelfHosted"));
        QCOMPARE(factory.managedVirtualNetworks.keys(), QStringList{QStringLiteral("default")});
    }

    void findsItemsOfFabricByTheirIds()
    {
        TextTree tree(
            {{QStringLiteral("Load.DataPipeline/pipeline-content.json"), R"({"properties":{"activities":[]}})"},
             {QStringLiteral("Load.DataPipeline/.platform"),
              R"({"metadata":{"type":"DataPipeline"},"config":{"logicalId":"F2A51FA4-bd34"}})"},
             {QStringLiteral("Score.Notebook/notebook-content.py"), "# Fabric notebook source\n"},
             {QStringLiteral("Score.Notebook/.platform"), R"({"config":{"logicalId":"9d0b"}})"},
             {QStringLiteral("Bad.Notebook/.platform"), "{"},
             {QStringLiteral("Main.DataPipeline/pipeline-content.json"),
              R"({"properties":{"activities":[{"name":"Go","type":"ExecutePipeline","typeProperties":
                            {"pipeline":{"referenceName":"f2a51fa4-bd34","type":"PipelineReference"}}}]}})"}});
        Factory factory = readFactory(tree).factory;
        QCOMPARE(factory.pipelineNamed(QStringLiteral("f2a51fa4-BD34")), QStringLiteral("Load"));
        QCOMPARE(factory.pipelineNamed(QStringLiteral("LOAD")), QStringLiteral("Load"));
        QCOMPARE(factory.pipelineNamed(QStringLiteral("nothing")), QStringLiteral("nothing"));
        QCOMPARE(factory.notebookFile(QStringLiteral("9d0b"), QStringLiteral("notebooks")).value_or(QString()),
                 QStringLiteral("Score.Notebook/notebook-content.py"));
        QVERIFY(!codes(validate(factory)).contains(u"MissingPipeline"));
        tree.put(QStringLiteral("Load.DataPipeline/.platform"), R"({"config":{"logicalId":"other"}})");
        updateFactory(factory, tree, {QStringLiteral("Load.DataPipeline/.platform")});
        QVERIFY(codes(validate(factory)).contains(u"MissingPipeline"));
    }

    void readsFactoriesAsTheyAre()
    {
        const QString root = tests::sourceDir() + QStringLiteral("/tests/data/factories/");
        QCOMPARE(factoriesBelow(root),
                 (QStringList{root + QStringLiteral("DataFactory"),
                              root + QStringLiteral("Fabric"),
                              root + QStringLiteral("Synapse")}));
        const FactoryReading reading = readFactory(FolderTree(root + QStringLiteral("DataFactory")));
        QCOMPARE(codes(reading.problems), QString());
        const Factory &factory = reading.factory;
        QCOMPARE(factory.name, QStringLiteral("adf-sample"));
        QCOMPARE(factory.pipelines.size(), 23);
        QCOMPARE(factory.pipelines.value(QStringLiteral("Ad hoc")).file, QStringLiteral("pipeline/~Ad%20hoc.json"));
        QCOMPARE(factory.pipelines.value(QStringLiteral("Templated")).file,
                 QStringLiteral("pipeline/{Environment}_Load.json"));
        QCOMPARE(factory.pipelines.value(QStringLiteral("Utf16")).description, QStringLiteral("Größe"));
        QVERIFY(factory.pipelines.contains(QStringLiteral("Utf16WithoutMark")));
        const Pipeline texts = factory.pipelines.value(QStringLiteral("StringsForOthers"));
        QCOMPARE(texts.concurrency, 2);
        QCOMPARE(texts.parameters.value(QStringLiteral("Count")).type, QStringLiteral("Int"));
        QCOMPARE(texts.variables.value(QStringLiteral("n")).type, QStringLiteral("Int"));
        QCOMPARE(factory.datasets.value(QStringLiteral("People")).type, QStringLiteral("DelimitedText"));
        QVERIFY(factory.triggers.value(QStringLiteral("Nothing")).pipelines.isEmpty());
        QVERIFY(factory.globalParameters.value(QStringLiteral("Environment")).defaultValue == "test");
        QVERIFY(factory.files.contains(QStringLiteral("publish_config.json")));
        QVERIFY(!validate(factory).isEmpty());

        const Factory fabric = readFactory(FolderTree(root + QStringLiteral("Fabric"))).factory;
        QCOMPARE(fabric.pipelines.value(QStringLiteral("Load")).activities.size(), 1);
        QVERIFY(fabric.files.contains(QStringLiteral("Load.DataPipeline/.platform")));
        const Factory synapse = readFactory(FolderTree(root + QStringLiteral("Synapse"))).factory;
        QCOMPARE(synapse.pipelines.keys(), QStringList{QStringLiteral("Tabs")});
    }

    void choosesAFactoryOrNamesThem()
    {
        const QTemporaryDir folder;
        const QString root = QFileInfo(folder.path()).canonicalFilePath();
        QVERIFY(chooseFactoryBelow(root).error().code == ErrorCode::NotFound);
        QVERIFY(QDir(root).mkpath(QStringLiteral("DataFactory/pipeline")));
        QCOMPARE(*chooseFactoryFolder(root), root + QStringLiteral("/DataFactory"));
        QVERIFY(QDir(root).mkpath(QStringLiteral("Synapse/Load.DataPipeline")));
        const Result<QString> two = chooseFactoryFolder(root);
        QVERIFY(two.error().code == ErrorCode::InvalidInput);
        QVERIFY(two.error().message.contains(u"/DataFactory") && two.error().message.contains(u"/Synapse"));
        QCOMPARE(*chooseFactoryFolder(root + QStringLiteral("/Synapse")), root + QStringLiteral("/Synapse"));
    }

    void readsTheTitanic()
    {
        const FactoryReading reading = readFactory(tests::titanicTree());
        QCOMPARE(codes(reading.problems), QString());
        const Factory &factory = reading.factory;
        QCOMPARE(factory.name, QStringLiteral("harbour"));
        const Pipeline pipeline = factory.pipelines.value(QStringLiteral("PublishPythonSql"));
        QCOMPARE(pipeline.file, QStringLiteral("pipeline/PublishPythonSql.json"));
        QCOMPARE(pipeline.description, QStringLiteral("Scores the passengers"));
        QCOMPARE(pipeline.folder, QStringLiteral("Titanic/Daily"));
        QCOMPARE(pipeline.annotations, QStringList{QStringLiteral("daily")});
        QCOMPARE(pipeline.activities.size(), 2);
        QCOMPARE(pipeline.activity(QStringLiteral("Nobody")), nullptr);

        const Activity &first = *pipeline.activity(QStringLiteral("TitanicPredictions"));
        QCOMPARE(first.type, QStringLiteral("DatabricksNotebook"));
        QCOMPARE(first.linkedService, QStringLiteral("LocalNotebooks"));
        QCOMPARE(first.userProperties.value(QStringLiteral("owner")).text(), QStringLiteral("harbour"));
        const auto &notebook = std::get<NotebookActivity>(first.typeProperties);
        QCOMPARE(notebook.notebookPath.text(), QStringLiteral("/Shared/titanic_scoring"));
        QCOMPARE(notebook.baseParameters.value(QStringLiteral("limit")).text(), QStringLiteral("10"));

        const Activity &second = *pipeline.activity(QStringLiteral("CopyStorageToSql"));
        QCOMPARE(second.dependsOn.size(), 1);
        QCOMPARE(second.dependsOn[0].activity, QStringLiteral("TitanicPredictions"));
        QVERIFY(second.dependsOn[0].conditions == (QList{DependencyCondition::Succeeded}));
        QCOMPARE(second.policy.timeout, std::chrono::seconds(std::chrono::hours(12)));
        QCOMPARE(second.policy.retry, 2);
        QCOMPARE(second.policy.retryInterval, std::chrono::seconds(60));
        const auto &copy = std::get<CopyActivity>(second.typeProperties);
        QCOMPARE(copy.input, QStringLiteral("FinBlobOutput"));
        QCOMPARE(copy.output, QStringLiteral("FinSqlTable"));
        QCOMPARE(stringAt(copy.source, "type"), QStringLiteral("DelimitedTextSource"));
        QCOMPARE(stringAt(copy.sink, "writeBehavior"), QStringLiteral("insert"));
        QCOMPARE(memberAt(copy.translator, "mappings").size(), size_t(1));
        QCOMPARE(toCompact(copy.settings), QByteArray(R"j({"enableStaging":false})j"));

        const Dataset blob = factory.datasets.value(QStringLiteral("FinBlobOutput"));
        QCOMPARE(blob.type, QStringLiteral("DelimitedText"));
        QCOMPARE(blob.linkedService, QStringLiteral("AzureBlobStorage1"));
        QCOMPARE(blob.schema.size(), 2);
        QCOMPARE(blob.schema[1].name, QStringLiteral("age"));
        QCOMPARE(factory.linkedServices.value(QStringLiteral("LocalNotebooks")).type,
                 QStringLiteral("AzureDatabricks"));
        const Trigger trigger = factory.triggers.value(QStringLiteral("TriggerEveryDay"));
        QCOMPARE(trigger.type, QStringLiteral("ScheduleTrigger"));
        QCOMPARE(trigger.runtimeState, QStringLiteral("Started"));
        QCOMPARE(trigger.pipelines.size(), 1);
        QCOMPARE(trigger.pipelines[0].pipeline, QStringLiteral("PublishPythonSql"));
        QCOMPARE(stringAt(memberAt(trigger.typeProperties, "recurrence"), "frequency"), QStringLiteral("Day"));
        QCOMPARE(kindOf(*factory.bindings.find(QStringLiteral("AzureSqlDatabase1"))), QStringLiteral("sqlite"));
        QVERIFY(factory.files.contains(QStringLiteral("notebooks/Shared/titanic_scoring.ipynb")));
    }

    void aFileThatIsNoJsonSpoilsNothingElse()
    {
        TextTree tree = tests::titanicTree();
        tree.put(QStringLiteral("pipeline/Broken.json"), "{\n  \"name\": \"Broken\",\n  \"properties\": {]\n}");
        tree.put(QStringLiteral("dataset/List.json"), "[]");
        tree.put(QStringLiteral("trigger/Empty.json"), "");
        tree.put(QStringLiteral("trigger/Twice.json"), "{\"name\": \"T\",\n \"name\": \"T\"}");
        const FactoryReading reading = readFactory(tree);
        QCOMPARE(codes(reading.problems),
                 QStringLiteral("InvalidJson dataset/List.json:1:1|InvalidJson pipeline/Broken.json:3:18|"
                                "InvalidJson trigger/Empty.json:1:1|InvalidJson trigger/Twice.json:2:7"));
        QVERIFY(hasErrors(reading.problems));
        QCOMPARE(reading.factory.pipelines.size(), 1);
        QCOMPARE(reading.factory.datasets.size(), 2);
        QCOMPARE(reading.factory.triggers.size(), 1);
    }

    void acceptsTheQuirksOfRealFactories()
    {
        const FactoryReading reading = readFactory(
            TextTree{{QStringLiteral("pipeline/%7EOther name.json"),
                      R"j({"name": "Real", "extra": [1.0], "properties": {"concurrency": "3",
                 "parameters": {"a": {"type": "int", "defaultValue": "5"}, "b": {"type": "STRING"}, "c": {"type": "integer"}},
                 "activities": [
                   {"name": "C", "type": "copy", "inputs": "nothing", "dependsOn": [{"activity": "N",
                     "dependencyConditions": ["failed", "SKIPPED", "failed"]}, {"activity": "N"}]},
                   {"name": "N", "type": "SynapseNotebook", "state": "inactive", "onInactiveMarkAs": "skipped",
                     "policy": {"retry": "4", "retryIntervalInSeconds": "45", "secureInput": "true", "timeout": "nonsense"},
                     "typeProperties": {"notebook": {"referenceName": "Train", "type": "NotebookReference"},
                       "sparkPool": {"referenceName": "Pool"},
                       "parameters": {"p": {"value": "v", "type": "string"}, "q": {"value": "@item()", "type": "Expression"}}}},
                   {"name": "F", "type": "ForEach", "typeProperties": {"isSequential": "true"}},
                   17]}})j"},
                     {QStringLiteral("trigger/T.json"),
                      R"j({"name": "T", "properties": {"type": "scheduletrigger", "typeProperties": {}}})j"},
                     {QStringLiteral("trigger/W.json"),
                      R"j({"name": "W", "properties": {"type": "TumblingWindowTrigger", "pipeline":
                 {"pipelineReference": {"referenceName": "REAL"}, "parameters": {"a": "@trigger().x"}}}})j"},
                     {QStringLiteral("linkedService/L.json"), R"j({"properties": {"type": "azureblobstorage"}})j"}});
        QCOMPARE(codes(reading.problems), QStringLiteral("MissingName linkedService/L.json: name"));
        QVERIFY(!hasErrors(reading.problems));
        const Pipeline pipeline = reading.factory.pipelines.value(QStringLiteral("Real"));
        QCOMPARE(pipeline.concurrency, 3);
        QCOMPARE(pipeline.parameters.value(QStringLiteral("a")).type, QStringLiteral("Int"));
        QVERIFY(pipeline.parameters.value(QStringLiteral("a")).hasDefault);
        QCOMPARE(pipeline.parameters.value(QStringLiteral("b")).type, QStringLiteral("String"));
        QVERIFY(!pipeline.parameters.value(QStringLiteral("b")).hasDefault);
        QCOMPARE(pipeline.parameters.value(QStringLiteral("c")).type, QStringLiteral("Int"));
        QCOMPARE(pipeline.activities.size(), 4);
        const Activity &copy = pipeline.activities[0];
        QVERIFY(std::holds_alternative<CopyActivity>(copy.typeProperties));
        QCOMPARE(copy.type, QStringLiteral("copy"));
        QVERIFY(copy.dependsOn[0].conditions == ((QList{DependencyCondition::Failed, DependencyCondition::Skipped})));
        QVERIFY(copy.dependsOn[1].conditions == (QList{DependencyCondition::Succeeded}));
        const Activity &notebook = pipeline.activities[1];
        QVERIFY(notebook.inactive);
        QCOMPARE(notebook.onInactiveMarkAs, QStringLiteral("Skipped"));
        QCOMPARE(notebook.policy.retry, 4);
        QCOMPARE(notebook.policy.retryInterval, std::chrono::seconds(45));
        QVERIFY(notebook.policy.secureInput);
        QCOMPARE(notebook.policy.timeout, std::chrono::seconds(std::chrono::hours(12)));
        QCOMPARE(notebook.linkedService, QStringLiteral("Pool"));
        const auto &train = std::get<NotebookActivity>(notebook.typeProperties);
        QCOMPARE(train.notebookPath.text(), QStringLiteral("Train"));
        QCOMPARE(train.baseParameters.value(QStringLiteral("p")).text(), QStringLiteral("v"));
        QVERIFY(train.baseParameters.value(QStringLiteral("q")).isExpression);
        QVERIFY(std::holds_alternative<OtherActivity>(pipeline.activities[2].typeProperties));
        QCOMPARE(stringAt(memberAt(pipeline.activities[2].json, "typeProperties"), "isSequential"),
                 QStringLiteral("true"));
        QCOMPARE(toCompact(memberAt(pipeline.json, "extra")), QByteArray("[1.0]"));
        QCOMPARE(reading.factory.triggers.value(QStringLiteral("T")).type, QStringLiteral("ScheduleTrigger"));
        const Trigger window = reading.factory.triggers.value(QStringLiteral("W"));
        QCOMPARE(window.pipelines.value(0).pipeline, QStringLiteral("Real")); // spelled as the pipeline is
        QVERIFY(window.pipelines.value(0).parameters.value(QStringLiteral("a")).isExpression);
        QCOMPARE(reading.factory.linkedServices.value(QStringLiteral("L")).type, QStringLiteral("AzureBlobStorage"));
    }

    void readsUtf16_data()
    {
        QTest::addColumn<QStringConverter::Encoding>("encoding");
        QTest::addColumn<bool>("mark");
        QTest::newRow("little endian with mark") << QStringConverter::Utf16LE << true;
        QTest::newRow("big endian with mark") << QStringConverter::Utf16BE << true;
        QTest::newRow("little endian") << QStringConverter::Utf16LE << false;
        QTest::newRow("big endian") << QStringConverter::Utf16BE << false;
        QTest::newRow("UTF-8 with mark") << QStringConverter::Utf8 << true;
    }

    void readsUtf16()
    {
        QFETCH(QStringConverter::Encoding, encoding);
        QFETCH(bool, mark);
        QStringEncoder encoder(encoding, mark ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
        const QByteArray text = encoder(QStringLiteral(R"j({"name": "Größe", "properties": {"type": "Json"}})j"));
        const FactoryReading reading = readFactory(TextTree{{QStringLiteral("dataset/G.json"), text}});
        QCOMPARE(codes(reading.problems), QString());
        QVERIFY(reading.factory.datasets.contains(QStringLiteral("Größe")));
    }

    void reportsTheSecondEntityOfAName()
    {
        const FactoryReading reading = readFactory(
            TextTree{{QStringLiteral("dataset/A.json"), R"j({"name": "X", "properties": {"type": "Json"}})j"},
                     {QStringLiteral("dataset/B.json"), R"j({"name": "X", "properties": {"type": "Binary"}})j"},
                     {QStringLiteral("dataset/C.json"), R"j({"name": "C"})j"}});
        QCOMPARE(codes(reading.problems),
                 QStringLiteral("DuplicateName dataset/B.json: name|MissingProperties dataset/C.json: properties"));
        QVERIFY(reading.problems[0].message.contains(u"dataset/A.json"));
        QCOMPARE(reading.factory.datasets.value(QStringLiteral("X")).type, QStringLiteral("Json"));
    }

    void findsNotebooks()
    {
        Factory factory;
        const auto names = [&](const char *path) {
            return factory.notebookFile(QString::fromLatin1(path), QStringLiteral("notebooks")).value_or(QString());
        };
        factory.files = {QStringLiteral("notebooks/Shared/a.py"),
                         QStringLiteral("notebooks/Shared/a.ipynb"),
                         QStringLiteral("notebooks/b.sql"),
                         QStringLiteral("notebooks/Shared/c.dbc"),
                         QStringLiteral("notebooks/c.ipynb")};
        QCOMPARE(names("/Shared/a"), QStringLiteral("notebooks/Shared/a.ipynb"));
        QCOMPARE(names("/Shared/a.py"), QStringLiteral("notebooks/Shared/a.py"));
        QCOMPARE(names("/Users/me/b"), QStringLiteral("notebooks/b.sql"));
        QCOMPARE(names("/Shared/c"), QStringLiteral("notebooks/Shared/c.dbc"));
        QCOMPARE(names("/Shared/d"), QString());
        QCOMPARE(names("/../notebooks/b"), QString());
        QCOMPARE(names(""), QString());
        QCOMPARE(Factory::notebookCandidates(QStringLiteral("/S/x"), QStringLiteral("nb/")).join(u' '),
                 QStringLiteral("nb/S/x.ipynb nb/S/x.py nb/S/x.sql nb/S/x.dbc nb/x.ipynb nb/x.py nb/x.sql nb/x.dbc"));
    }

    void findsOptionsByActivityPath()
    {
        const Factory factory = readFactory(tests::titanicTree()).factory;
        const QString pipeline = QStringLiteral("PublishPythonSql");
        QVERIFY(factory.option(pipeline, QStringLiteral("CopyStorageToSql"), "allowEmptySource") == Json(true));
        QVERIFY(factory.option(pipeline, QStringLiteral("Loop[12]/Load"), "maxErrors") == Json(7));
        QVERIFY(factory.option(pipeline, QStringLiteral("CopyStorageToSql"), "network").is_null());
        QVERIFY(factory.option(pipeline, QStringLiteral("Nobody"), "network").is_null());
        QVERIFY(factory.option(QStringLiteral("Nothing"), QStringLiteral("x"), "network").is_null());
    }

    void localBindingsComeLast()
    {
        TextTree tree = tests::titanicTree();
        tree.put(localBindingsFile(),
                 R"j({"linkedServices": {"AzureSqlDatabase1": {"store": "sqlite", "file": "/srv/t.db"}}})j");
        const FactoryReading reading = readFactory(tree);
        QCOMPARE(codes(reading.problems), QString());
        QCOMPARE(std::get<SqliteBinding>(*reading.factory.bindings.find(QStringLiteral("AzureSqlDatabase1"))).file,
                 QStringLiteral("/srv/t.db"));
    }
};

SLIPWAY_TEST(TestFactoryReader)

#include "TestFactoryReader.moc"
