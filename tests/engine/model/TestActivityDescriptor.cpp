#include "engine/model/ActivityDescriptor.h"
#include "engine/model/Validator.h"
#include "tests/engine/model/TextTree.h"
#include "tests/support/TestMain.h"

using namespace engine;
using tests::TextTree;

namespace {

Json reference(const char *name, const char *type) { return Json{{"referenceName", name}, {"type", type}}; }

// The Titanic with one more activity in its pipeline, checked.
QStringList problemsWith(Json activity)
{
    activity["name"] = "Fresh";
    TextTree tree = tests::titanicTree();
    const QString file = QStringLiteral("pipeline/PublishPythonSql.json");
    Json pipeline = *parseJson(*tree.read(file), file);
    pipeline["properties"]["activities"].push_back(activity);
    tree.put(file, toPretty(pipeline));
    QStringList lines;
    for (const Problem &problem : validate(readFactory(tree).factory))
        lines.append(problem.code + u' ' + problem.where.section(QStringLiteral(": "), 1));
    return lines;
}

QList<const ActivityDescriptor *> allForms()
{
    QList<const ActivityDescriptor *> forms;
    for (const ActivityDescriptor &descriptor : activityDescriptors()) {
        forms.append(&descriptor);
        for (const QString &type : descriptor.alsoFor)
            forms.append(activityDescriptor(type));
    }
    return forms;
}

} // namespace

class TestActivityDescriptor : public QObject
{
    Q_OBJECT

private slots:
    void namesWhatThisBuildRuns()
    {
        QStringList types;
        for (const ActivityDescriptor &descriptor : activityDescriptors())
            types.append(descriptor.type);
        types.sort();
        QCOMPARE(
            types.join(u' '),
            QStringLiteral("AppendVariable AzureFunctionActivity Copy DatabricksNotebook DatabricksSparkPython Delete "
                           "ExecutePipeline Fail Filter ForEach GetMetadata IfCondition Lookup Script SetVariable "
                           "SqlServerStoredProcedure Switch Until Validation Wait WebActivity WebHook"));
        QVERIFY(activityDescriptor(QStringLiteral("databricksnotebook")) == &activityDescriptors()[1]);
        QCOMPARE(activityDescriptor(QStringLiteral("SynapseNotebook"))->type, QStringLiteral("SynapseNotebook"));
        QVERIFY(activityDescriptor(QStringLiteral("ExecuteDataFlow")) == nullptr);
    }

    void aNewNotebookLacksNothingButWhatTheUserMustChoose()
    {
        Json notebook = activityDescriptor(QStringLiteral("DatabricksNotebook"))->initial;
        QCOMPARE(problemsWith(notebook),
                 (QStringList{QStringLiteral("MissingLinkedService activities[2].linkedServiceName"),
                              QStringLiteral("MissingNotebook activities[2].typeProperties.notebookPath")}));
        notebook["linkedServiceName"] = reference("LocalNotebooks", "LinkedServiceReference");
        notebook["typeProperties"]["notebookPath"] = "/Shared/titanic_scoring";
        QCOMPARE(problemsWith(notebook), QStringList());
    }

    void aNewCopyLacksNothingButItsDatasets()
    {
        Json copy = activityDescriptor(QStringLiteral("Copy"))->initial;
        for (const QString &line : problemsWith(copy))
            QVERIFY2(line.startsWith(u"MissingDataset"), qPrintable(line));
        copy["inputs"] = Json::array({reference("FinBlobOutput", "DatasetReference")});
        copy["outputs"] = Json::array({reference("FinSqlTable", "DatasetReference")});
        QCOMPARE(problemsWith(copy), QStringList());
    }

    void tabsAreThoseOfDataFactory()
    {
        QCOMPARE(activityDescriptor(QStringLiteral("Copy"))->tabs().join(u'|'),
                 QStringLiteral("General|Source|Sink|Mapping|Settings|User properties"));
        QCOMPARE(activityDescriptor(QStringLiteral("DatabricksNotebook"))->tabs().join(u'|'),
                 QStringLiteral("General|Settings|User properties"));
    }

    void everyPropertyHasItsOwnPlaceAndWords()
    {
        for (const ActivityDescriptor *form : allForms()) {
            QVERIFY(form != nullptr);
            QStringList paths;
            for (const PropertyDescriptor &property : form->properties) {
                const QByteArray place = (form->type + u'.' + property.path).toUtf8();
                const QString shown = property.path + u'=' + property.shownFor.join(u',');
                QVERIFY2(!property.path.isEmpty() && !paths.contains(shown), place.constData());
                QVERIFY2(!property.label.isEmpty() && !property.help.isEmpty(), place.constData());
                QVERIFY2(!tabTitle(property.tab).isEmpty(), place.constData());
                QVERIFY2(property.kind != PropertyDescriptor::Kind::Choice || !property.choices.isEmpty(),
                         place.constData());
                // What it depends on is a property of the same form, the type of a source or sink, or that it is there.
                for (const QString &decider : property.shownWhen.split(u'|', Qt::SkipEmptyParts))
                    QVERIFY2(form->property(decider) != nullptr || property.shownFor == QStringList(QStringLiteral("*"))
                                 || decider == u"typeProperties.source.type" || decider == u"typeProperties.sink.type",
                             place.constData());
                QVERIFY2(property.of.isEmpty() || form->property(property.of) != nullptr, place.constData());
                paths.append(shown);
            }
        }
    }

    void aNewActivityHasItsTypeAndNothingItHasNoFormFor()
    {
        for (const ActivityDescriptor *form : allForms()) {
            QVERIFY2(stringAt(form->initial, "type") == form->type, qPrintable(form->type));
            QVERIFY2(form->initial["typeProperties"].is_object(), qPrintable(form->type));
            QVERIFY2(!form->icon.isEmpty() && !form->group.isEmpty() && !form->namePrefix.isEmpty(),
                     qPrintable(form->type));
            // A policy is offered exactly where the new activity has one to be tried again by.
            QCOMPARE(form->property(QStringLiteral("policy.retry")) != nullptr, form->initial.contains("policy"));
        }
    }

    void aPropertyMeansSomethingOnlyWhereItApplies()
    {
        const ActivityDescriptor &loop = *activityDescriptor(QStringLiteral("ForEach"));
        const PropertyDescriptor &batch = *loop.property(QStringLiteral("typeProperties.batchCount"));
        const auto activity = [](const char *text) { return *parseJson(text, QStringLiteral("activity")); };
        QVERIFY(loop.applies(batch, activity("{}"))); // by default it is not sequential
        QVERIFY(loop.applies(batch, activity(R"({"typeProperties":{"isSequential":"False"}})")));
        QVERIFY(!loop.applies(batch, activity(R"({"typeProperties":{"isSequential":true}})")));
        QVERIFY(loop.applies(batch, activity(R"json({"typeProperties":{"isSequential":"@variables('one')"}})json")));
        QVERIFY(loop.applies(loop.properties.first(), activity("[]")));
    }

    void aPropertyMayMeanSomethingWhileOneOfSeveralIsThere()
    {
        const ActivityDescriptor &copy = *activityDescriptor(QStringLiteral("Copy"));
        const QString place = QStringLiteral("typeProperties.source.storeSettings.wildcardFileName");
        const PropertyDescriptor &file = *copy.property(place);
        const auto activity = [](const char *settings) {
            return *parseJson(R"({"typeProperties":{"source":{"storeSettings":)" + QByteArray(settings) + "}}}",
                              QStringLiteral("activity"));
        };
        QVERIFY(!copy.applies(file, activity("{}")));
        QVERIFY(copy.applies(file, activity(R"({"wildcardFileName":""})")));
        QVERIFY(copy.applies(file, activity(R"({"wildcardFolderPath":"a*"})")));
    }

    void aPropertyIsFoundByItsPath()
    {
        const Json activity = *parseJson(R"({"inputs":[{"referenceName":"A"}],"policy":{"retry":2}})", QString());
        QCOMPARE(stringAt(propertyAt(activity, QStringLiteral("inputs[0]")), "referenceName"), QStringLiteral("A"));
        QVERIFY(propertyAt(activity, QStringLiteral("policy.retry")) == Json(2));
        QVERIFY(propertyAt(activity, QStringLiteral("inputs[1].referenceName")).is_null());
        QVERIFY(propertyAt(activity, QStringLiteral("policy.retry[0].x")).is_null());
    }

    void summaryIsTheSecondLineOfANode_data()
    {
        QTest::addColumn<QByteArray>("activity");
        QTest::addColumn<QString>("summary");
        QTest::newRow("notebook") << QByteArray(
            R"({"type":"DatabricksNotebook","typeProperties":{"notebookPath":"/Shared/titanic_scoring"}})")
                                  << QStringLiteral("Notebook · titanic_scoring");
        QTest::newRow("new notebook") << QByteArray(R"({"type":"DatabricksNotebook"})") << QStringLiteral("Notebook");
        QTest::newRow("dynamic") << QByteArray(
            R"json({"type":"DatabricksNotebook","typeProperties":{"notebookPath":"@concat('/a','/b')"}})json")
                                 << QStringLiteral("Notebook · @concat('/a','/b')");
        QTest::newRow("Synapse") << QByteArray(
            R"({"type":"SynapseNotebook","typeProperties":{"notebook":{"referenceName":"score"}}})")
                                 << QStringLiteral("Notebook · score");
        QTest::newRow("copy") << QByteArray(
            R"({"type":"Copy","typeProperties":{"source":{"type":"DelimitedTextSource"},"sink":{"type":"AzureSqlSink"}}})")
                              << QStringLiteral("Copy · CSV → table");
        QTest::newRow("copy of another kind")
            << QByteArray(R"({"type":"Copy","typeProperties":{"source":{"type":"JsonSource"},"sink":3}})")
            << QStringLiteral("Copy · Json → ?");
        QTest::newRow("address") << QByteArray(R"({"type":"WebActivity","typeProperties":{"url":"http:host/a"}})")
                                 << QStringLiteral("Web · http:host/a");
        QTest::newRow("loop") << QByteArray(
            R"json({"type":"ForEach","typeProperties":{"items":{"value":"@range(0,3)","type":"Expression"}}})json")
                              << QStringLiteral("For each · @range(0,3)");
        QTest::newRow("reference") << QByteArray(
            R"({"type":"ExecutePipeline","typeProperties":{"pipeline":{"referenceName":"Load"}}})")
                                   << QStringLiteral("Execute pipeline · Load");
        QTest::newRow("unknown") << QByteArray(R"({"type":"HDInsightHive"})") << QStringLiteral("HDInsightHive");
        QTest::newRow("no object") << QByteArray("[]") << QString();
    }

    void summaryIsTheSecondLineOfANode()
    {
        QFETCH(QByteArray, activity);
        QFETCH(QString, summary);
        QCOMPARE(activitySummary(*parseJson(activity, QStringLiteral("activity"))), summary);
    }
};

SLIPWAY_TEST(TestActivityDescriptor)
#include "TestActivityDescriptor.moc"
