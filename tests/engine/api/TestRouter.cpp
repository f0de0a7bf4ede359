#include "engine/api/Router.h"
#include "engine/http/HttpClient.h"
#include "tests/support/TestMain.h"

#include <QTemporaryDir>

using namespace engine;

// Over a real socket: what a client gets for each kind of request.
class TestRouter : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void findsTheHandlerAndItsNames_data();
    void findsTheHandlerAndItsNames();
    void tellsUnknownPathsAndMethods();
    void refusesABodyThatIsNoJson();
    void mapsErrorsToStatus_data();
    void mapsErrorsToStatus();

private:
    HttpResponse send(const QByteArray &method, const QString &path, const QByteArray &body = {});

    QTemporaryDir m_folder;
    Router m_router;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<HttpClient> m_client;
};

void TestRouter::initTestCase()
{
    m_router.add("GET", QStringLiteral("/slipway/v1/runs/{run}"), [](const ApiRequest &request, ApiReply reply) {
        reply.send(Json{{"run", toStdString(request.path.value(QStringLiteral("run")))}});
    });
    m_router.add("POST", QStringLiteral("/slipway/v1/runs"), [](const ApiRequest &request, ApiReply reply) {
        reply.send(request.body);
    });
    for (const ErrorCode code :
         {ErrorCode::InvalidInput, ErrorCode::NotFound, ErrorCode::Conflict, ErrorCode::Io, ErrorCode::Timeout})
        m_router.add("GET", u"/fail/" + toString(code), [code](const ApiRequest &, ApiReply reply) {
            reply.send(Error{code, QStringLiteral("what"), QStringLiteral("here")});
        });
    m_server = std::make_unique<HttpServer>(
        [this](const HttpRequest &request, HttpReply reply) { m_router.handle(request, std::move(reply)); });
    VERIFY_OK(m_server->listenUnix(m_folder.filePath(QStringLiteral("s"))));
    m_client = std::make_unique<HttpClient>(m_folder.filePath(QStringLiteral("s")));
}

HttpResponse TestRouter::send(const QByteArray &method, const QString &path, const QByteArray &body)
{
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.body = body;
    std::optional<Result<HttpResponse>> answer;
    m_client->send(request, this, [&answer](Result<HttpResponse> response) { answer = std::move(response); });
    [&] { QTRY_VERIFY(answer.has_value()); }();
    return answer && *answer ? **answer : HttpResponse{0, {}, {}, {}};
}

void TestRouter::findsTheHandlerAndItsNames_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("run");
    QTest::newRow("plain") << "/slipway/v1/runs/42"
                           << "42";
    QTest::newRow("literals in any case, as Azure") << "/Slipway/V1/RUNS/Ab"
                                                    << "Ab";
    QTest::newRow("trailing slash") << "/slipway/v1/runs/42/"
                                    << "42";
}

void TestRouter::findsTheHandlerAndItsNames()
{
    QFETCH(QString, path);
    QFETCH(QString, run);
    const HttpResponse response = send("GET", path);
    QCOMPARE(response.status, 200);
    QCOMPARE(stringAt(*parseJson(response.body, QString()), "run"), run);
}

void TestRouter::tellsUnknownPathsAndMethods()
{
    QCOMPARE(send("GET", QStringLiteral("/nothing")).status, 404);
    const HttpResponse wrongMethod = send("DELETE", QStringLiteral("/slipway/v1/runs/42"));
    QCOMPARE(wrongMethod.status, 405);
    QCOMPARE(wrongMethod.headers.value("allow"), QByteArray("GET"));
}

void TestRouter::refusesABodyThatIsNoJson()
{
    QCOMPARE(send("POST", QStringLiteral("/slipway/v1/runs"), "{\"a\":1}").status, 200);
    const HttpResponse refused = send("POST", QStringLiteral("/slipway/v1/runs"), "{\"a\":\n}");
    QCOMPARE(refused.status, 400);
    QVERIFY(stringAt(memberAt(*parseJson(refused.body, QString()), "error"), "where").startsWith(u"body:2:"));
    QCOMPARE(send("POST", QStringLiteral("/slipway/v1/runs"), "{\"a\":1,\"a\":2}").status, 400);
}

void TestRouter::mapsErrorsToStatus_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("status");
    QTest::newRow("invalid input") << "InvalidInput" << 400;
    QTest::newRow("not found") << "NotFound" << 404;
    QTest::newRow("conflict") << "Conflict" << 409;
    QTest::newRow("io") << "Io" << 500;
    QTest::newRow("timeout") << "Timeout" << 504;
}

void TestRouter::mapsErrorsToStatus()
{
    QFETCH(QString, code);
    QFETCH(int, status);
    const HttpResponse response = send("GET", u"/fail/" + code);
    QCOMPARE(response.status, status);
    const Json error = memberAt(*parseJson(response.body, QString()), "error");
    QCOMPARE(stringAt(error, "code"), code);
    QCOMPARE(stringAt(error, "message"), QStringLiteral("what"));
    QCOMPARE(stringAt(error, "where"), QStringLiteral("here"));
}

SLIPWAY_TEST(TestRouter)

#include "TestRouter.moc"
