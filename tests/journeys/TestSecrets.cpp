#include "tests/journeys/EngineHome.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QDirIterator>
#include <QFile>
#include <QProcess>

using namespace engine;

namespace {

// Says what it was sent: what a badly made service does with a token.
constexpr const char *echoScript = R"python(
import http.server, json
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args): pass
    def do_GET(self):
        body = json.dumps({"token": self.headers["X-Token"], "length": len(self.headers["X-Token"])}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
)python";

QByteArray pipelineText()
{
    QFile file(tests::sourceDir() + QStringLiteral("/tests/data/journeys/secrets-pipeline.json"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

constexpr const char *notebookText = R"json({
 "cells": [{
   "cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [],
   "source": ["CREATE TABLE Warehouse.counted AS SELECT 20 + 2 AS n;\n",
              "EXIT (SELECT {'n': sum(n)} FROM Warehouse.public.counted)"] }],
 "metadata": { "kernelspec": { "display_name": "SQL", "language": "sql", "name": "slipway-sql" } },
 "nbformat": 4, "nbformat_minor": 5 })json";

QByteArray service(const char *name, const char *type)
{
    return QByteArray(R"({"name":")") + name + R"(","properties":{"type":")" + type
        + R"(","annotations":[],"typeProperties":{}}})";
}

const QByteArray password = "corr€ct horse 'battery' \\ staple";
const QByteArray token = "t0ken-of-the-vault";

} // namespace

// Passwords and keys: from the terminal into the engine, from there to a real PostgreSQL and a real web server, and
// into no file.
class TestSecrets : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void saysWhichSecretIsMissing();
    void opensADatabaseWithAPassword();
    void handsAPasswordToASqlNotebook();
    void sendsASecretOfAVaultAndRecordsItNowhere();
    void listsNamesOnly();
    void refusesWhatItCannotKeep();
    void deletes();

private:
    bool set(const char *name, const QByteArray &value) const;
    Json outputOf(const char *activity, QString *error = nullptr, const char *pipeline = "Ask") const;

    tests::EngineHome m_home;
    tests::PostgresServer m_postgres;
    QProcess m_server;
};

bool TestSecrets::set(const char *name, const QByteArray &value) const
{
    const auto process = m_home.startCtl({QStringLiteral("secret"), QStringLiteral("set"), QLatin1String(name)});
    process->write(value + '\n');
    process->closeWriteChannel();
    return process->waitForFinished() && process->exitCode() == 0;
}

// Of a run of the pipeline.
Json TestSecrets::outputOf(const char *activity, QString *error, const char *pipeline) const
{
    m_home.ctl({QStringLiteral("run"), QLatin1String(pipeline)});
    const auto shown = m_home.ctl({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--json")}).json();
    for (const Json &record : memberAt(shown.value(0, Json::object()), "activities")) {
        if (stringAt(record, "activityName") != QLatin1String(activity))
            continue;
        if (error)
            *error = stringAt(memberAt(record, "error"), "message");
        return memberAt(record, "output");
    }
    return nullptr;
}

void TestSecrets::initTestCase()
{
    QVERIFY2(m_postgres.start(), qPrintable(m_postgres.error()));
    const auto psql = [this](const QString &sql) {
        QProcess process;
        process.start(QStringLiteral("psql"),
                      {m_postgres.connection(),
                       QStringLiteral("-v"),
                       QStringLiteral("ON_ERROR_STOP=1"),
                       QStringLiteral("-qAtc"),
                       sql});
        return process.waitForFinished() && process.exitCode() == 0;
    };
    QVERIFY(psql(QStringLiteral("create role etl login password E'%1'")
                     .arg(QString::fromUtf8(password)
                              .replace(QStringLiteral("\\"), QStringLiteral("\\\\"))
                              .replace(QStringLiteral("'"), QStringLiteral("\\'")))));
    const QString rules = m_postgres.folder() + QStringLiteral("/cluster/pg_hba.conf");
    QFile file(rules);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray before = file.readAll();
    file.seek(0);
    file.write("host all etl 127.0.0.1/32 scram-sha-256\n" + before);
    file.close();
    QVERIFY(psql(QStringLiteral("select pg_reload_conf()")));

    m_server.start(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-c"), QString::fromUtf8(echoScript)});
    QVERIFY(m_server.waitForStarted());
    QTRY_VERIFY(m_server.canReadLine());
    const QByteArray port = m_server.readLine().trimmed();
    const Json bindings = {{"linkedServices",
                            {{"Warehouse",
                              {{"store", "postgresql"},
                               {"host", "127.0.0.1"},
                               {"port", m_postgres.port()},
                               {"database", "postgres"},
                               {"user", "etl"},
                               {"password", {{"secret", "dw/etl"}}}}},
                             {"Notebooks",
                              {{"compute", "kernel"},
                               {"kernel", "slipway-sql"},
                               {"connections", {"Warehouse"}},
                               {"limits", {{"network", true}}}}}}},
                           {"keyVaults", {{"Va*", {{"scope", "titanic"}}}}},
                           {"web", {{"allow", {"127.0.0.1:" + port.toStdString()}}}}};
    m_home.write(QStringLiteral(".slipway/bindings.json"), toPretty(bindings));
    m_home.write(QStringLiteral("linkedService/Warehouse.json"), service("Warehouse", "AzurePostgreSql"));
    m_home.write(QStringLiteral("linkedService/Vault.json"), service("Vault", "AzureKeyVault"));
    m_home.write(QStringLiteral("dataset/People.json"),
                 R"({"name":"People","properties":{"type":"AzurePostgreSqlTable","annotations":[],)"
                 R"("linkedServiceName":{"referenceName":"Warehouse","type":"LinkedServiceReference"},)"
                 R"("typeProperties":{"schema":"public","table":"people"}}})");
    m_home.write(QStringLiteral("linkedService/Notebooks.json"), service("Notebooks", "AzureDatabricks"));
    m_home.write(QStringLiteral("notebooks/count.ipynb"), notebookText);
    m_home.write(QStringLiteral("pipeline/Count.json"),
                 R"({"name":"Count","properties":{"activities":[{"name":"CountThem","type":"DatabricksNotebook",)"
                 R"("dependsOn":[],"typeProperties":{"notebookPath":"/count"},"linkedServiceName":)"
                 R"({"referenceName":"Notebooks","type":"LinkedServiceReference"}}]}})");
    QVERIFY(psql(QStringLiteral("grant create on schema public to etl")));
    m_home.write(QStringLiteral("pipeline/Ask.json"), pipelineText().replace("PORT", port));
    const auto published = m_home.ctl({QStringLiteral("publish")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.out + published.err));
}

void TestSecrets::cleanupTestCase()
{
    m_server.kill();
    m_server.waitForFinished();
}

void TestSecrets::saysWhichSecretIsMissing()
{
    QString error;
    outputOf("Who", &error);
    QVERIFY2(error.contains(u"slipwayctl secret set dw/etl"), qPrintable(error));
    outputOf("Call", &error);
    QVERIFY2(error.contains(u"“token” in the scope “titanic”"), qPrintable(error));
    const auto tested =
        m_home.ctl({QStringLiteral("linkedservice"), QStringLiteral("test"), QStringLiteral("Warehouse")});
    QVERIFY(tested.exitCode != 0);
    QVERIFY2(tested.err.contains(u"dw/etl"), qPrintable(tested.err));
}

void TestSecrets::opensADatabaseWithAPassword()
{
    QVERIFY(set("dw/etl", "a wrong one"));
    QString error;
    outputOf("Who", &error);
    QVERIFY2(error.contains(u"password authentication failed"), qPrintable(error));
    QVERIFY(set("dw/etl", password));
    const Json output = outputOf("Who", &error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    QCOMPARE(stringAt(memberAt(output, "firstRow"), "name"), QStringLiteral("etl"));
    const auto tested =
        m_home.ctl({QStringLiteral("linkedservice"), QStringLiteral("test"), QStringLiteral("Warehouse")});
    QVERIFY2(tested.exitCode == 0, qPrintable(tested.err));
}

void TestSecrets::handsAPasswordToASqlNotebook()
{
    QString error;
    const Json output = outputOf("CountThem", &error, "Count");
    QVERIFY2(error.isEmpty(), qPrintable(error));
    QCOMPARE(intAt(memberAt(output, "runOutput"), "n"), 22);
}

void TestSecrets::sendsASecretOfAVaultAndRecordsItNowhere()
{
    QVERIFY(set("titanic/token", token));
    QString error;
    const Json output = outputOf("Call", &error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    QCOMPARE(intAt(output, "length"), token.size());
    QCOMPARE(stringAt(output, "token"), QStringLiteral("[REDACTED]"));
    m_home.stopEngine();
    int files = 0;
    QDirIterator all(m_home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        QFile file(all.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        ++files;
        for (const QByteArray &secret : {token, password, token.toBase64().chopped(2), password.toBase64().chopped(2)})
            QVERIFY2(!bytes.contains(secret), qPrintable(file.fileName()));
    }
    QVERIFY(files > 5); // the store is among them
}

void TestSecrets::listsNamesOnly()
{
    const auto listed = m_home.ctl({QStringLiteral("secret"), QStringLiteral("list"), QStringLiteral("--json")});
    QVERIFY2(listed.exitCode == 0, qPrintable(listed.out + listed.err));
    const Json list = memberAt(listed.json().value(0), "value");
    QCOMPARE(int(list.size()), 2);
    QCOMPARE(stringAt(list[0], "name"), QStringLiteral("etl"));
    QCOMPARE(intAt(list[0], "version"), 2);
    QCOMPARE(list[0].size(), size_t(4)); // scope, name, version, changed
}

void TestSecrets::refusesWhatItCannotKeep()
{
    QVERIFY(!set("dw/etl", {}));
    QVERIFY(!set("dw/e tl", "x"));
    QCOMPARE(m_home.ctl({QStringLiteral("secret"), QStringLiteral("set"), QStringLiteral("etl")}).exitCode, 2);
    QCOMPARE(m_home.ctl({QStringLiteral("secret")}).exitCode, 2);
}

void TestSecrets::deletes()
{
    const QStringList command{QStringLiteral("secret"), QStringLiteral("delete"), QStringLiteral("titanic/token")};
    QCOMPARE(m_home.ctl(command).exitCode, 0);
    const auto again = m_home.ctl(command);
    QVERIFY(again.exitCode != 0);
    QVERIFY(again.err.contains(u"titanic"));
}

SLIPWAY_TEST(TestSecrets)
#include "TestSecrets.moc"
