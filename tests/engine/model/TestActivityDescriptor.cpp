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
        QCOMPARE(types, (QStringList{QStringLiteral("Copy"), QStringLiteral("DatabricksNotebook")}));
        QVERIFY(activityDescriptor(QStringLiteral("databricksnotebook")) == &activityDescriptors()[1]);
        QCOMPARE(activityDescriptor(QStringLiteral("SynapseNotebook"))->type, QStringLiteral("SynapseNotebook"));
        QVERIFY(activityDescriptor(QStringLiteral("WebActivity")) == nullptr);
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
                QVERIFY2(!property.path.isEmpty() && !paths.contains(property.path), place.constData());
                QVERIFY2(!property.label.isEmpty() && !property.help.isEmpty(), place.constData());
                QVERIFY2(!tabTitle(property.tab).isEmpty(), place.constData());
                QVERIFY2((property.kind == PropertyDescriptor::Kind::Choice) == !property.choices.isEmpty(),
                         place.constData());
                paths.append(property.path);
            }
        }
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
        QTest::newRow("unknown") << QByteArray(R"({"type":"WebActivity"})") << QStringLiteral("WebActivity");
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
