#include "engine/model/Bindings.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

QString codes(const QList<Problem> &problems)
{
    QStringList lines;
    for (const Problem &problem : problems)
        lines.append(problem.code + u'@' + problem.where.section(QStringLiteral(": "), 1));
    return lines.join(u' ');
}

} // namespace

class TestBindings : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryKind()
    {
        Bindings bindings;
        const auto problems = bindings.read(R"({"linkedServices": {
            "Blob": {"store": "folder", "root": "storage"},
            "Db": {"store": "sqlite", "file": "titanic.db", "schemas": "keep"},
            "Dw": {"store": "postgresql", "host": "127.0.0.1", "port": "5433", "database": "dw", "user": "etl",
                   "sslMode": "require", "password": {"secret": "dw/etl"}},
            "Nb": {"compute": "kernel", "kernel": "ir", "notebooks": "src",
                   "mounts": {"/dbfs/mnt/x": {"linkedService": "Blob", "container": "data"}},
                   "connections": ["Db", "Dw"], "limits": {"memory": "1.5 GiB", "network": "true"}}},
            "keyVaults": {"KV": {"scope": "titanic"}}})",
                                            bindingsFile());
        QCOMPARE(codes(problems), QString());
        QCOMPARE(std::get<FolderBinding>(*bindings.find(QStringLiteral("Blob"))).root, QStringLiteral("storage"));
        const auto db = std::get<SqliteBinding>(*bindings.find(QStringLiteral("Db")));
        QCOMPARE(db.file, QStringLiteral("titanic.db"));
        QVERIFY(!db.ignoreSchemas);
        const auto dw = std::get<PostgresBinding>(*bindings.find(QStringLiteral("Dw")));
        QCOMPARE(dw.host, QStringLiteral("127.0.0.1"));
        QCOMPARE(dw.port, 5433);
        QCOMPARE(dw.database, QStringLiteral("dw"));
        QCOMPARE(dw.user, QStringLiteral("etl"));
        QCOMPARE(dw.sslMode, QStringLiteral("require"));
        QCOMPARE(dw.secret, QStringLiteral("dw/etl"));
        const auto nb = std::get<KernelBinding>(*bindings.find(QStringLiteral("Nb")));
        QCOMPARE(nb.kernel, QStringLiteral("ir"));
        QCOMPARE(nb.notebooks, QStringLiteral("src"));
        QCOMPARE(nb.mounts.value(QStringLiteral("/dbfs/mnt/x")),
                 (Mount{QStringLiteral("Blob"), QStringLiteral("data")}));
        QCOMPARE(nb.connections, (QStringList{QStringLiteral("Db"), QStringLiteral("Dw")}));
        QCOMPARE(nb.memoryLimit, 1'610'612'736);
        QVERIFY(nb.network);
        QCOMPARE(kindOf(*bindings.find(QStringLiteral("Dw"))), QStringLiteral("postgresql"));

        Bindings again;
        QCOMPARE(codes(again.read(bindings.toJson(), localBindingsFile())), QString());
        QVERIFY(again == bindings);
        QVERIFY(bindings.toJson().contains("titanic"));
    }

    void theMostSpecificPatternWins()
    {
        Bindings bindings;
        QVERIFY(bindings
                    .read(R"({"linkedServices": {
            "*": {"store": "folder", "root": "any"},
            "Azure*": {"store": "folder", "root": "azure"},
            "AzureBlob*": {"store": "folder", "root": "blob"},
            "AzureBlobStorage?": {"store": "folder", "root": "one"},
            "AzureBlobStorage1": {"store": "folder", "root": "exact"}}})",
                          bindingsFile())
                    .isEmpty());
        const auto root = [&](const char *name) {
            return std::get<FolderBinding>(*bindings.find(QString::fromLatin1(name))).root;
        };
        QCOMPARE(root("AzureBlobStorage1"), QStringLiteral("exact"));
        QCOMPARE(root("azureblobstorage1"), QStringLiteral("exact"));
        QCOMPARE(root("AzureBlobStorage2"), QStringLiteral("one"));
        QCOMPARE(root("AzureBlobStorage22"), QStringLiteral("blob"));
        QCOMPARE(root("AZURESQL"), QStringLiteral("azure"));
        QCOMPARE(root("Warehouse"), QStringLiteral("any"));
        QVERIFY(!Bindings().find(QStringLiteral("Warehouse")));
    }

    void aLocalFileOverrides()
    {
        Bindings bindings;
        QVERIFY(bindings
                    .read(R"({"linkedServices": {"Blob": {"store": "folder", "root": "storage"},
                              "Dw": {"store": "postgresql", "host": "db", "database": "dw", "user": "etl"}}})",
                          bindingsFile())
                    .isEmpty());
        QCOMPARE(codes(bindings.read(R"({"linkedServices": {"Blob": {"store": "folder", "root": "/srv/blob"},
                              "Dw": {"host": "127.0.0.1"}, "New": {"store": "sqlite", "file": "../x.db"}}})",
                                     localBindingsFile())),
                 QString());
        QCOMPARE(std::get<FolderBinding>(*bindings.find(QStringLiteral("Blob"))).root, QStringLiteral("/srv/blob"));
        const auto dw = std::get<PostgresBinding>(*bindings.find(QStringLiteral("Dw")));
        QCOMPARE(dw.host, QStringLiteral("127.0.0.1"));
        QCOMPARE(dw.user, QStringLiteral("etl"));
        QVERIFY(bindings.find(QStringLiteral("New")));
    }

    void refusesWhatDoesNotBelong_data()
    {
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *name, const char *entry, const char *problem) {
            QTest::newRow(name) << QByteArray(entry) << QString::fromLatin1(problem);
        };
        row("absolute root", R"({"store":"folder","root":"/srv"})", "AbsolutePath@linkedServices.X.root");
        row("root in the home", R"({"store":"folder","root":"~/data"})", "AbsolutePath@linkedServices.X.root");
        row("root outside", R"({"store":"folder","root":"a/../../b"})", "PathOutside@linkedServices.X.root");
        row("absolute file", R"({"store":"sqlite","file":"/srv/a.db"})", "AbsolutePath@linkedServices.X.file");
        row("no root", R"({"store":"folder"})", "MissingProperty@linkedServices.X.root");
        row("no host", R"({"store":"postgresql","database":"d"})", "MissingProperty@linkedServices.X.host");
        row("port",
            R"({"store":"postgresql","host":"h","database":"d","port":70000})",
            "BadValue@linkedServices.X.port");
        row("SSL mode",
            R"({"store":"postgresql","host":"h","database":"d","sslMode":"yes"})",
            "BadValue@linkedServices.X.sslMode");
        row("password in the file",
            R"({"store":"postgresql","host":"h","database":"d","password":"p"})",
            "SecretInBindings@linkedServices.X.password");
        row("unknown store", R"({"store":"cloud"})", "UnknownBinding@linkedServices.X.store");
        row("unknown compute", R"({"compute":"cloud"})", "UnknownBinding@linkedServices.X.compute");
        row("neither", R"({"root":"a"})", "UnknownBinding@linkedServices.X");
        row("no object", R"("folder")", "BadValue@linkedServices.X");
        row("schemas", R"({"store":"sqlite","file":"a","schemas":"drop"})", "BadValue@linkedServices.X.schemas");
        row("memory", R"({"compute":"kernel","limits":{"memory":"lots"}})", "BadValue@linkedServices.X.limits.memory");
        row("mount not absolute",
            R"({"compute":"kernel","mounts":{"mnt":{"linkedService":"B"}}})",
            R"(BadMount@linkedServices.X.mounts["mnt"])");
        row("mount on the system",
            R"({"compute":"kernel","mounts":{"/usr/":{"linkedService":"B"}}})",
            R"(BadMount@linkedServices.X.mounts["/usr/"])");
        row("mount of nothing",
            R"({"compute":"kernel","mounts":{"/m":{}}})",
            R"(BadMount@linkedServices.X.mounts["/m"])");
        row("container outside",
            R"({"compute":"kernel","mounts":{"/m":{"linkedService":"B","container":"../c"}}})",
            R"(BadMount@linkedServices.X.mounts["/m"].container)");
        row("notebooks outside",
            R"({"compute":"kernel","notebooks":"../nb"})",
            "PathOutside@linkedServices.X.notebooks");
        row("connections", R"({"compute":"kernel","connections":"Db"})", "BadValue@linkedServices.X.connections");
    }

    void refusesWhatDoesNotBelong()
    {
        QFETCH(QByteArray, entry);
        QFETCH(QString, problem);
        Bindings bindings;
        const auto problems = bindings.read("{\"linkedServices\": {\"X\": " + entry + "}}", bindingsFile());
        QCOMPARE(codes(problems), problem);
        QVERIFY(hasErrors(problems));
        QVERIFY(!problems.first().fix.isEmpty());
        QVERIFY(bindings.isEmpty());
    }

    void warnsOfUnknownMembers()
    {
        Bindings bindings;
        const auto problems = bindings.read(
            R"({"linkedServices": {"X": {"store": "folder", "root": "a", "rot": 1}}, "extra": 1})", bindingsFile());
        QCOMPARE(codes(problems), QStringLiteral("UnknownProperty@extra UnknownProperty@linkedServices.X.rot"));
        QVERIFY(!hasErrors(problems));
        QVERIFY(bindings.find(QStringLiteral("X")));
    }

    void namesLineAndColumnOfBadJson()
    {
        Bindings bindings;
        const auto problems = bindings.read("{\n  \"linkedServices\": {,}\n}", bindingsFile());
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems.first().where, QStringLiteral(".slipway/bindings.json:2:22"));
    }

    void readsSizes_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<qint64>("bytes"); // -1: refused
        const auto row = [](const char *written, qint64 bytes) {
            QTest::newRow(written) << QByteArray(written) << bytes;
        };
        row("1024", 1024);
        row("\"1024\"", 1024);
        row("\"4 GiB\"", 4'294'967'296);
        row("\"4GB\"", 4'000'000'000);
        row("\"512 mib\"", 536'870'912);
        row("\"1 K\"", 1000);
        row("\"2 TiB\"", 2'199'023'255'552);
        row("-1", -1);
        row("\"4 iB\"", -1);
        row("\"4 PB\"", -1);
        row("\"\"", -1);
        row("true", -1);
    }

    void readsSizes()
    {
        QFETCH(QByteArray, written);
        QFETCH(qint64, bytes);
        Bindings bindings;
        const auto problems =
            bindings.read(R"({"linkedServices": {"X": {"compute": "kernel", "limits": {"memory": )" + written + "}}}}",
                          bindingsFile());
        QCOMPARE(hasErrors(problems), bytes < 0);
        if (bytes >= 0)
            QCOMPARE(std::get<KernelBinding>(*bindings.find(QStringLiteral("X"))).memoryLimit, bytes);
    }
};

SLIPWAY_TEST(TestBindings)

#include "TestBindings.moc"
