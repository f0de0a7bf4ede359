#include "engine/model/BindingNeeds.h"
#include "tests/engine/model/TextTree.h"
#include "tests/support/TestMain.h"

using namespace engine;
using tests::TextTree;

namespace {

QByteArray service(const char *name, const char *type)
{
    return QByteArray(R"({"name":"%1","properties":{"type":"%2","typeProperties":{}}})")
        .replace("%1", name)
        .replace("%2", type);
}

TextTree imported()
{
    return TextTree({{QStringLiteral("linkedService/Blob.json"), service("Blob", "AzureBlobStorage")},
                     {QStringLiteral("linkedService/Sql.json"), service("Sql", "azuresqldatabase")},
                     {QStringLiteral("linkedService/Vault.json"), service("Vault", "AzureKeyVault")},
                     {QStringLiteral("linkedService/Bricks.json"),
                      R"({"name":"Bricks","properties":{"type":"AzureDatabricks","typeProperties":{"accessToken":
                          {"type":"AzureKeyVaultSecret","store":{"referenceName":"vault","type":"LinkedServiceReference"}}}}})"},
                     {QStringLiteral("linkedService/Idle.json"), service("Idle", "Sftp")},
                     {QStringLiteral("linkedService/Rest.json"), service("Rest", "RestService")},
                     {QStringLiteral("linkedService/Odd.json"), service("Odd", "AzureBatch")},
                     {QStringLiteral("dataset/People.json"),
                      R"({"name":"People","properties":{"type":"Json","linkedServiceName":
                          {"referenceName":"Blob","type":"LinkedServiceReference"}}})"},
                     {QStringLiteral("dataset/Web.json"),
                      R"({"name":"Web","properties":{"type":"RestResource","linkedServiceName":
                          {"referenceName":"Rest","type":"LinkedServiceReference"}}})"},
                     {QStringLiteral("pipeline/Load.json"),
                      R"({"name":"Load","properties":{"activities":[
                          {"name":"Each","type":"ForEach","typeProperties":{"activities":[
                              {"name":"Clean","type":"Script","linkedServiceName":{"referenceName":"Sql","type":"LinkedServiceReference"}},
                              {"name":"Score","type":"DatabricksNotebook","linkedServiceName":{"referenceName":"Bricks","type":"LinkedServiceReference"}}]}},
                          {"name":"Batch","type":"Custom","linkedServiceName":{"referenceName":"Odd","type":"LinkedServiceReference"}},
                          {"name":"Gone","type":"Script","linkedServiceName":{"referenceName":"Missing","type":"LinkedServiceReference"}},
                          {"name":"Pooled","type":"SynapseNotebook","typeProperties":{"sparkPool":{"referenceName":"pool1","type":"BigDataPoolReference"}}},
                          {"name":"Fabric","type":"TridentNotebook","typeProperties":{"notebookId":"x"}}]}})"}});
}

const BindingNeed *find(const QList<BindingNeed> &needs, const char *name)
{
    for (const BindingNeed &need : needs) {
        if (need.linkedService == QLatin1String(name))
            return &need;
    }
    return nullptr;
}

} // namespace

class TestBindingNeeds : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatAnImportedFactoryNeeds()
    {
        QStringList lines;
        for (const BindingNeed &need : bindingNeeds(readFactory(imported()).factory))
            lines.append(QStringLiteral("%1 %2 %3 [%4]%5")
                             .arg(need.linkedService,
                                  need.type,
                                  toString(need.fit),
                                  need.usedBy.join(u';'),
                                  need.isMissing() ? QStringLiteral(" missing") : QString()));
        QCOMPARE(lines.join(u'\n'),
                 QStringLiteral("Blob AzureBlobStorage folder [dataset People] missing\n"
                                "Bricks AzureDatabricks kernel [pipeline Load: Score] missing\n"
                                "Idle Sftp folder []\n"
                                "Missing  unknown [pipeline Load: Gone] missing\n"
                                "Odd AzureBatch unknown [pipeline Load: Batch] missing\n"
                                "pool1 SynapseNotebook kernel [pipeline Load: Pooled] missing\n"
                                "Rest RestService none [dataset Web]\n"
                                "Sql AzureSqlDatabase database [pipeline Load: Clean] missing\n"
                                "TridentNotebook TridentNotebook kernel [pipeline Load: Fabric] missing\n"
                                "Vault AzureKeyVault secrets [linked service Bricks] missing"));
    }

    void findsWhatIsBoundByNameOrPattern()
    {
        TextTree tree = imported();
        tree.put(bindingsFile(), R"({"linkedServices":{"B*":{"store":"folder","root":"all"},
            "Bricks":{"compute":"kernel"},"Sql":{"store":"folder","root":"x"}},"keyVaults":{"v*":{"scope":"titanic"}},
            "web":{"allow":["127.0.0.1:*"]}})");
        const Factory factory = readFactory(tree).factory;
        const QList<BindingNeed> needs = bindingNeeds(factory);
        QCOMPARE(kindOf(*find(needs, "Blob")->binding), QStringLiteral("folder"));
        QVERIFY(!find(needs, "Blob")->isMissing());
        QCOMPARE(kindOf(*find(needs, "Bricks")->binding), QStringLiteral("kernel"));
        QVERIFY(find(needs, "Bricks")->problem.isEmpty());
        QVERIFY(find(needs, "Sql")->problem.contains(u"does not fit"));
        QCOMPARE(find(needs, "Vault")->scope, QStringLiteral("titanic"));
        QVERIFY(!find(needs, "Vault")->isMissing());
        QCOMPARE(factory.bindings.webAllow(), QStringList{QStringLiteral("127.0.0.1:*")});
    }

    void refusesKeyVaultsWithoutScope()
    {
        Bindings bindings;
        const QList<Problem> problems =
            bindings.read(R"({"keyVaults":{"A":{},"B":{"scope":"b"}},"web":{"allow":"all"}})", bindingsFile());
        QCOMPARE(problems.size(), 2);
        QCOMPARE(problems[0].where, bindingsFile() + QStringLiteral(": keyVaults.A"));
        QCOMPARE(problems[1].where, bindingsFile() + QStringLiteral(": web.allow"));
        QVERIFY(!bindings.secretScope(QStringLiteral("A")));
        QCOMPARE(bindings.secretScope(QStringLiteral("b")).value_or(QString()), QStringLiteral("b"));
    }

    void whatItSuggestsIsReadAndFits()
    {
        TextTree tree = imported();
        QList<BindingEntry> entries;
        for (const BindingNeed &need : bindingNeeds(readFactory(tree).factory)) {
            if (const Json json = suggestedBinding(need); need.isMissing() && !json.is_null())
                entries.append({need.linkedService, need.fit, json});
        }
        QCOMPARE(entries.size(), 6);
        const Result<QByteArray> text = withBindings({}, bindingsFile(), entries);
        VERIFY_OK(text);
        tree.put(bindingsFile(), *text);
        const FactoryReading reading = readFactory(tree);
        QCOMPARE(reading.problems.size(), 0);
        for (const BindingNeed &need : bindingNeeds(reading.factory)) {
            QVERIFY2(!need.isMissing() || need.fit == BindingFit::Unknown, qPrintable(need.linkedService));
            QCOMPARE(need.problem, QString());
        }
    }

    void changesOnlyItsOwnLinesOfTheBindings()
    {
        const QByteArray before = "{ \"linkedServices\": {\n    \"A\": { \"store\": \"folder\", \"root\": \"a\" },\n"
                                  "    \"B\": {\"store\":\"sqlite\",\"file\":\"b.db\"}\n  },\n  \"note\": 1.0 }\n";
        const Result<QByteArray> after = withBindings(
            before, bindingsFile(), {{QStringLiteral("a"), BindingFit::Folder, {{"store", "folder"}, {"root", "z"}}}});
        VERIFY_OK(after);
        QCOMPARE(*after, QByteArray(before).replace("\"root\": \"a\"", "\"root\": \"z\""));
        const Result<QByteArray> less =
            withBindings(before, bindingsFile(), {{QStringLiteral("B"), BindingFit::Folder, {}}});
        VERIFY_OK(less);
        QCOMPARE(*less, QByteArray(before).replace(",\n    \"B\": {\"store\":\"sqlite\",\"file\":\"b.db\"}", ""));
        QVERIFY(!withBindings("{", bindingsFile(), {}));
    }

    void keepsPathsOfThisMachineApart()
    {
        QVERIFY(isOfThisMachine({{"store", "folder"}, {"root", "/data"}}));
        QVERIFY(isOfThisMachine({{"store", "sqlite"}, {"file", "../x.db"}}));
        QVERIFY(isOfThisMachine({{"compute", "kernel"}, {"notebooks", "~/n"}}));
        QVERIFY(!isOfThisMachine({{"store", "folder"}, {"root", "storage/a"}}));
        QVERIFY(!isOfThisMachine({{"store", "postgresql"}, {"host", "/run/postgresql"}, {"database", "d"}}));
    }
};

SLIPWAY_TEST(TestBindingNeeds)

#include "TestBindingNeeds.moc"
