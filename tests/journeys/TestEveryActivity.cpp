#include "tests/journeys/EngineHome.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QProcess>

using namespace engine;

namespace {

// A web server: counts at /count, echoes at /echo, is a function at /api/Double, and calls back at /hook.
constexpr const char *serverScript = R"python(
import http.server, json, threading, urllib.request
count = 0
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args): pass
    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        global count
        count += 1
        self.answer({"count": count})
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/hook":
            self.answer({})
            def call():
                data = json.dumps({"output": {"heard": body["word"]}}).encode()
                request = urllib.request.Request(body["callBackUri"], data, {"Content-Type": "application/json"})
                urllib.request.urlopen(request).read()
            threading.Thread(target=call).start()
        elif self.path == "/api/Double":
            self.answer({"doubled": 2 * body["n"]})
        else:
            self.answer({"echo": body})
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
)python";

QByteArray dataset(const char *name, const char *type, const char *service, const char *typeProperties)
{
    return QByteArray(R"({"name":")") + name + R"(","properties":{"type":")" + type
        + R"(","linkedServiceName":{"referenceName":")" + service
        + R"(","type":"LinkedServiceReference"},"annotations":[],"typeProperties":)" + typeProperties + "}}";
}

QByteArray service(const char *name, const char *type)
{
    return QByteArray(R"({"name":")") + name + R"(","properties":{"type":")" + type
        + R"(","annotations":[],"typeProperties":{}}})";
}

QByteArray dataFile(const char *name)
{
    QFile file(tests::sourceDir() + QStringLiteral("/tests/data/journeys/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// What of an output is the same in every run.
Json lasting(const Json &output)
{
    static const QList<QByteArray> names = {"firstRow",
                                            "count",
                                            "value",
                                            "Value",
                                            "ItemsCount",
                                            "FilteredItemsCount",
                                            "name",
                                            "rowsCopied",
                                            "exists",
                                            "itemName",
                                            "columnCount",
                                            "pipelineReturnValue",
                                            "echo",
                                            "doubled",
                                            "heard",
                                            "runOutput",
                                            "filesDeleted",
                                            "resultSets",
                                            "recordsAffected"};
    Json kept = Json::object();
    for (const QByteArray &name : names) {
        if (output.is_object() && output.contains(name.constData()))
            kept[name.toStdString()] = output.at(name.constData());
    }
    return kept;
}

} // namespace

// One pipeline with every kind of activity, on a real engine, PostgreSQL, kernel and web server.
class TestEveryActivity : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void runsEveryKindOfActivity();

private:
    tests::EngineHome m_home;
    tests::PostgresServer m_postgres;
    QProcess m_server;
};

void TestEveryActivity::initTestCase()
{
    QVERIFY2(m_postgres.start(), qPrintable(m_postgres.error()));
    m_server.start(QStringLiteral("/usr/bin/python3"), {QStringLiteral("-c"), QString::fromUtf8(serverScript)});
    QVERIFY(m_server.waitForStarted());
    QTRY_VERIFY(m_server.canReadLine());
    const QByteArray port = m_server.readLine().trimmed();

    const Json bindings = {
        {"linkedServices",
         {{"Files", {{"store", "folder"}, {"root", "storage"}}},
          {"Warehouse",
           {{"store", "postgresql"},
            {"host", m_postgres.folder().toStdString()},
            {"port", m_postgres.port()},
            {"database", "postgres"},
            {"user", m_postgres.user().toStdString()}}},
          {"Notebooks", {{"compute", "kernel"}, {"kernel", "python3"}, {"notebooks", "notebooks"}}}}},
        {"web",
         {{"allow", {"127.0.0.1:" + port.toStdString()}},
          {"addresses", {{"Functions", "http://127.0.0.1:" + port.toStdString()}}}}}};
    m_home.write(QStringLiteral(".slipway/bindings.json"), toPretty(bindings));
    m_home.write(QStringLiteral("linkedService/Files.json"), service("Files", "AzureBlobStorage"));
    m_home.write(QStringLiteral("linkedService/Warehouse.json"), service("Warehouse", "AzurePostgreSql"));
    m_home.write(QStringLiteral("linkedService/Notebooks.json"), service("Notebooks", "AzureDatabricks"));
    m_home.write(QStringLiteral("linkedService/Functions.json"), service("Functions", "AzureFunction"));
    m_home.write(QStringLiteral("dataset/SalesCsv.json"),
                 dataset("SalesCsv",
                         "DelimitedText",
                         "Files",
                         R"({"location":{"type":"AzureBlobStorageLocation","container":"in","fileName":"sales.csv"},
                             "columnDelimiter":",","firstRowAsHeader":true})"));
    m_home.write(QStringLiteral("dataset/SalesTable.json"),
                 dataset("SalesTable", "AzurePostgreSqlTable", "Warehouse", R"({"schema":"public","table":"sales"})"));
    m_home.write(QStringLiteral("storage/in/sales.csv"), "id,amount\n1,10.5\n2,20\n3,30.25\n");
    m_home.write(QStringLiteral("notebooks/double.ipynb"), dataFile("double.ipynb"));
    m_home.write(QStringLiteral("notebooks/job.py"), "import sys\nprint(sys.argv[1])\n");
    m_home.write(QStringLiteral("pipeline/Leaf.json"), dataFile("leaf-pipeline.json"));
    m_home.write(QStringLiteral("pipeline/Every.json"), dataFile("every-pipeline.json").replace("PORT", port));
    const auto published = m_home.ctl({QStringLiteral("publish")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.out + published.err));
}

void TestEveryActivity::cleanupTestCase()
{
    m_server.kill();
    m_server.waitForFinished();
}

void TestEveryActivity::runsEveryKindOfActivity()
{
    const auto ran = m_home.ctl({QStringLiteral("run"), QStringLiteral("Every")});
    QCOMPARE(ran.exitCode, 1); // it ends with a Fail
    const auto runs = m_home.ctl(
        {QStringLiteral("runs"), QStringLiteral("--pipeline"), QStringLiteral("Every"), QStringLiteral("--json")});
    const Json list = runs.json().value(0);
    const QString id = stringAt(memberAt(list, "value")[0], "runId");
    const auto shown = m_home.ctl({QStringLiteral("show"), id, QStringLiteral("--json")});
    QVERIFY(!shown.json().isEmpty());
    const Json record = shown.json().first();
    Json actual = Json::object();
    actual["status"] = memberAt(memberAt(record, "run"), "status");
    actual["message"] = memberAt(memberAt(record, "run"), "message");
    Json &activities = actual["activities"] = Json::object();
    for (const Json &activity : memberAt(record, "activities")) {
        const std::string path = stringAt(memberAt(activity, "slipway"), "path").toStdString();
        activities[path] = {{"status", memberAt(activity, "status")},
                            {"output", lasting(memberAt(activity, "output"))}};
        if (const QString code = stringAt(memberAt(activity, "error"), "errorCode"); !code.isEmpty())
            activities[path]["error"] = code.toStdString();
    }
    const QByteArray expected = dataFile("every-expected.json");
    if (toPretty(actual) != expected)
        qInfo().noquote() << toPretty(actual); // QCOMPARE shows the beginning only
    QCOMPARE(QString::fromUtf8(toPretty(actual)), QString::fromUtf8(expected));
}

SLIPWAY_TEST(TestEveryActivity)
#include "TestEveryActivity.moc"
