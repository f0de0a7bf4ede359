#include "engine/http/HttpText.h"

#include "tests/support/TestMain.h"

using namespace engine;

class TestHttpText : public QObject
{
    Q_OBJECT

private slots:
    void targets_data();
    void targets();
    void badTargets_data();
    void badTargets();
    void targetsSurviveTheWay();
    void headsCannotBeSplit();
    void headSaysWhatIsTrue();
    void requestHeads();
};

SLIPWAY_TEST(TestHttpText)

void TestHttpText::targets_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("query");
    QTest::newRow("root") << QByteArray("/") << "/"
                          << "";
    QTest::newRow("plain") << QByteArray("/v1/runs") << "/v1/runs"
                           << "";
    QTest::newRow("decoded") << QByteArray("/a%20b/M%C3%BCller%2Fx") << QStringLiteral("/a b/Müller/x") << "";
    QTest::newRow("query") << QByteArray("/r?after=5&name=a%26b") << "/r"
                           << "after=5 name=a&b ";
    QTest::newRow("plus is plus") << QByteArray("/r?at=2026-01-01T00:00:00+01:00") << "/r"
                                  << "at=2026-01-01T00:00:00+01:00 ";
    QTest::newRow("empty parts") << QByteArray("/r?&a&b=&&") << "/r"
                                 << "a= b= ";
    QTest::newRow("second mark") << QByteArray("/r?a=b?c=d") << "/r"
                                 << "a=b?c=d ";
    QTest::newRow("dots stay") << QByteArray("/a/../b") << "/a/../b"
                               << "";
}

void TestHttpText::targets()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QString, path);
    QFETCH(const QString, query);
    HttpRequest request;
    VERIFY_OK(readTarget(target, request));
    QCOMPARE(request.path, path);
    QString joined;
    for (auto pair = request.query.begin(); pair != request.query.end(); ++pair)
        joined += pair.key() + u'=' + pair.value() + u' ';
    QCOMPARE(joined, query);
}

void TestHttpText::badTargets_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char *target : {"",
                               "*",
                               "v1/runs",
                               "http://localhost/v1",
                               "/a#b",
                               "/a%",
                               "/a%2",
                               "/a%zz",
                               "/a%00b",
                               "/a%0d%0aX: y",
                               "/a%7f",
                               "/%ff%fe",
                               "/%c0%af",
                               "/a?x=%0a",
                               "/a?x=1&x=2"})
        QTest::addRow("'%s'", target) << QByteArray(target);
}

void TestHttpText::badTargets()
{
    QFETCH(const QByteArray, target);
    HttpRequest request;
    const auto read = readTarget(target, request);
    QVERIFY(!read);
    QCOMPARE(toString(read.error().code), QStringLiteral("InvalidInput"));
}

void TestHttpText::targetsSurviveTheWay()
{
    HttpRequest request;
    request.path = QStringLiteral("/v1/pipelines/Müller & Söhne 100%?#+/run");
    request.query = {{QStringLiteral("a=b"), QStringLiteral("c&d+e")}, {QStringLiteral("ä"), QString()}};
    HttpRequest read;
    VERIFY_OK(readTarget(writeTarget(request), read));
    QCOMPARE(read.path, request.path);
    QCOMPARE(read.query, request.query);
}

void TestHttpText::headsCannotBeSplit()
{
    HttpResponse response;
    response.headers = {{"X-Good", "yes"},
                        {"X-Bad", "a\r\nX-Injected: b"},
                        {"X Bad", "c"},
                        {"X-Bad\r\nX-Other", "d"},
                        {"", "e"},
                        {"Content-Length", "0"},
                        {"transfer-ENCODING", "gzip"}};
    response.contentType = "text/plain\r\nX-Injected: f";
    const QByteArray head = responseHead(response, 5, {}, true);
    QCOMPARE(head, QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\nX-Good: yes\r\n\r\n"));
}

void TestHttpText::headSaysWhatIsTrue()
{
    HttpResponse response;
    QCOMPARE(responseHead(response, std::nullopt, "chunked", false),
             QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
                        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
    response.status = 204;
    QCOMPARE(responseHead(response, 0, {}, true),
             QByteArray("HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"));
    response = plainAnswer(409, QStringLiteral("Läuft \"schon\""));
    const QByteArray expected = "{\"error\":{\"code\":\"Conflict\",\"message\":\"Läuft \\\"schon\\\"\"}}";
    QCOMPARE(response.body, expected);
}

void TestHttpText::requestHeads()
{
    HttpRequest request;
    request.method = "GET";
    request.path = QStringLiteral("/v1/runs");
    QCOMPARE(requestHead(request), QByteArray("GET /v1/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    request.method = "POST";
    request.body = "{}";
    request.headers = {{"content-type", "text/csv"}, {"x-a", "b"}, {"host", "elsewhere"}};
    QCOMPARE(requestHead(request),
             QByteArray("POST /v1/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/csv\r\n"
                        "Content-Length: 2\r\nx-a: b\r\n\r\n"));
}

#include "TestHttpText.moc"
