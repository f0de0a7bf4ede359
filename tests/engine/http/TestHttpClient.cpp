#include "engine/http/HttpClient.h"

#include "tests/engine/http/RawPeer.h"
#include "tests/support/TestMain.h"

#include <QTemporaryDir>

using namespace engine;

class TestHttpClient : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void requestAndAnswerSurviveTheWay();
    void manyAtOnce();
    void headHasNoBody();
    void errorStatusIsAnAnswer();
    void noEngineIsNotFound();
    void deadEngineIsIo();
    void silentEngineIsATimeout();
    void cutAnswerIsIo();
    void largeRefusedBodyStillGetsItsAnswer();
    void noCallbackForAGoneContext();
    void linesComeOneByOne();
    void streamEndsWithAnErrorWhenCutOrRefused();
    void stoppedStreamIsSilentAndClosed();
    void streamEndsWhenItsContextGoes();
    void slowReceiverHoldsTheStreamBack();
    void clientMayGoWithRequestsUnderWay();

private:
    Result<HttpResponse> ask(HttpRequest request, std::chrono::seconds timeout = std::chrono::seconds(10))
    {
        std::optional<Result<HttpResponse>> answer;
        m_client->send(
            std::move(request), this, [&answer](Result<HttpResponse> result) { answer = std::move(result); }, timeout);
        if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 15'000))
            return Error{ErrorCode::Internal, QStringLiteral("No callback."), {}};
        return *answer;
    }

    static HttpRequest get(const QString &path)
    {
        HttpRequest request;
        request.method = "GET";
        request.path = path;
        return request;
    }

    std::optional<QTemporaryDir> m_folder;
    QString m_path;
    HttpServer::Handler m_handler;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<HttpClient> m_client;
    QList<HttpReply> m_replies;
};

SLIPWAY_TEST(TestHttpClient)

void TestHttpClient::init()
{
    m_folder.emplace();
    m_path = m_folder->filePath(QStringLiteral("engine.sock"));
    m_handler = [this](const HttpRequest &, const HttpReply &reply) { m_replies += reply; };
    m_server = std::make_unique<HttpServer>(
        [this](const HttpRequest &request, HttpReply reply) { m_handler(request, reply); });
    VERIFY_OK(m_server->listenUnix(m_path));
    m_client = std::make_unique<HttpClient>(m_path);
}

void TestHttpClient::cleanup()
{
    m_client.reset();
    m_server.reset();
    m_replies.clear();
}

void TestHttpClient::requestAndAnswerSurviveTheWay()
{
    HttpRequest seen;
    m_handler = [&seen](const HttpRequest &request, HttpReply reply) {
        seen = request;
        reply.send({.status = 201,
                    .contentType = "text/csv",
                    .body = request.body + request.body,
                    .headers = {{"X-Answer", "42"}}});
    };
    HttpRequest request;
    request.method = "POST";
    request.path = QStringLiteral("/v1/Müller & Co/run");
    request.query = {{QStringLiteral("at"), QStringLiteral("2026-01-01T00:00:00+01:00")}};
    request.headers = {{"x-client", "test"}};
    request.body = QByteArray("\0\xff", 2).repeated(200'000);
    const auto answer = ask(request);
    VERIFY_OK(answer);
    QCOMPARE(seen.method, request.method);
    QCOMPARE(seen.path, request.path);
    QCOMPARE(seen.query, request.query);
    QCOMPARE(seen.headers.value("x-client"), QByteArray("test"));
    QCOMPARE(seen.headers.value("content-type"), QByteArray("application/json; charset=utf-8"));
    QCOMPARE(seen.body, request.body);
    QCOMPARE(answer->status, 201);
    QCOMPARE(answer->contentType, QByteArray("text/csv"));
    QCOMPARE(answer->headers.value("x-answer"), QByteArray("42"));
    QCOMPARE(answer->body.size(), 800'000);
}

void TestHttpClient::manyAtOnce()
{
    m_handler = [](const HttpRequest &request, HttpReply reply) {
        reply.send({.body = request.path.toUtf8(), .headers = {}});
    };
    int right = 0;
    for (int i = 0; i < 50; ++i) {
        const QString path = QStringLiteral("/%1").arg(i);
        m_client->send(get(path), this, [&right, path](const Result<HttpResponse> &answer) {
            right += answer && answer->body == path.toUtf8();
        });
    }
    QTRY_COMPARE(right, 50);
}

void TestHttpClient::headHasNoBody()
{
    m_handler = [](const HttpRequest &, HttpReply reply) { reply.send({.body = "12345", .headers = {}}); };
    HttpRequest request = get(QStringLiteral("/"));
    request.method = "HEAD";
    const auto answer = ask(request);
    VERIFY_OK(answer);
    QVERIFY(answer->body.isEmpty());
    QCOMPARE(answer->headers.value("content-length"), QByteArray("5"));
}

void TestHttpClient::errorStatusIsAnAnswer()
{
    m_handler = [](const HttpRequest &, HttpReply reply) { reply.send({.status = 404, .body = "{}", .headers = {}}); };
    const auto answer = ask(get(QStringLiteral("/")));
    VERIFY_OK(answer);
    QCOMPARE(answer->status, 404);
}

void TestHttpClient::noEngineIsNotFound()
{
    m_server.reset();
    const auto answer = ask(get(QStringLiteral("/")));
    QVERIFY(!answer);
    QCOMPARE(toString(answer.error().code), QStringLiteral("NotFound"));
    QVERIFY(answer.error().message.contains(m_path));
}

void TestHttpClient::deadEngineIsIo()
{
    m_server.reset();
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = m_path.toUtf8();
    std::copy(name.begin(), name.end(), address.sun_path);
    QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    ::close(fd);
    const auto answer = ask(get(QStringLiteral("/")));
    QVERIFY(!answer);
    QCOMPARE(toString(answer.error().code), QStringLiteral("Io"));
}

void TestHttpClient::silentEngineIsATimeout()
{
    const auto answer = ask(get(QStringLiteral("/")), std::chrono::seconds(1));
    QVERIFY(!answer);
    QCOMPARE(toString(answer.error().code), QStringLiteral("Timeout"));
}

void TestHttpClient::cutAnswerIsIo()
{
    m_handler = [](const HttpRequest &, HttpReply reply) {
        reply.startStream("text/plain");
        reply.write("half");
    };
    const auto answer = ask(get(QStringLiteral("/")));
    QVERIFY(!answer);
    QCOMPARE(toString(answer.error().code), QStringLiteral("Io"));
}

void TestHttpClient::largeRefusedBodyStillGetsItsAnswer()
{
    HttpRequest request = get(QStringLiteral("/"));
    request.method = "PUT";
    request.body = QByteArray(3'000'000, 'x');
    const auto answer = ask(request);
    VERIFY_OK(answer);
    QCOMPARE(answer->status, 413);
}

void TestHttpClient::noCallbackForAGoneContext()
{
    bool called = false;
    auto context = std::make_unique<QObject>();
    m_client->send(get(QStringLiteral("/")), context.get(), [&called](const Result<HttpResponse> &) { called = true; });
    QTRY_COMPARE(m_replies.size(), 1);
    context.reset();
    m_replies.first().send({});
    m_handler = [](const HttpRequest &, HttpReply reply) { reply.send({}); };
    VERIFY_OK(ask(get(QStringLiteral("/after"))));
    QVERIFY(!called);
}

void TestHttpClient::linesComeOneByOne()
{
    QString path;
    m_handler = [this, &path](const HttpRequest &request, HttpReply reply) {
        path = request.path + u' ' + request.query.value(QStringLiteral("after"));
        reply.startStream();
        m_replies += reply;
    };
    QByteArrayList lines;
    QList<Result<>> ends;
    m_client->stream(
        QStringLiteral("/v1/events?after=7"),
        this,
        [&lines](const QByteArray &line) { lines += line; },
        [&ends](const Result<> &end) { ends += end; });
    QTRY_COMPARE(m_replies.size(), 1);
    QCOMPARE(path, QStringLiteral("/v1/events 7"));
    HttpReply &reply = m_replies.first();
    reply.write("one\ntw");
    QTRY_COMPARE(lines, QByteArrayList{"one"}); // without waiting for the next
    reply.write("o\n\nthree");
    QTRY_COMPARE(lines, (QByteArrayList{"one", "two", ""}));
    QVERIFY(ends.isEmpty());
    reply.finish();
    QTRY_COMPARE(ends.size(), 1);
    VERIFY_OK(ends.first());
    QCOMPARE(lines, (QByteArrayList{"one", "two", "", "three"}));
}

void TestHttpClient::streamEndsWithAnErrorWhenCutOrRefused()
{
    QStringList codes;
    const auto run = [this, &codes](const QString &path) {
        m_client->stream(
            path,
            this,
            [](const QByteArray &) {},
            [&codes](const Result<> &end) {
                codes += end ? QStringLiteral("ok") : toString(end.error().code) + u' ' + end.error().message;
            });
        const qsizetype before = codes.size();
        return QTest::qWaitFor([&codes, before] { return codes.size() > before; });
    };
    m_handler = [](const HttpRequest &request, HttpReply reply) {
        if (request.path == u"/cut") {
            reply.startStream();
            reply.write("x\n");
        } else {
            reply.send({.status = 404,
                        .body = R"({"error":{"code":"NotFound","message":"There is no run 7."}})",
                        .headers = {}});
        }
    };
    QVERIFY(run(QStringLiteral("/cut")));
    QVERIFY2(codes.last().startsWith(QStringLiteral("Io ")), qPrintable(codes.last()));
    QVERIFY(run(QStringLiteral("/refused")));
    QCOMPARE(codes.last(), QStringLiteral("NotFound There is no run 7."));
    QVERIFY(run(QStringLiteral("no path")));
    QVERIFY(codes.last().startsWith(QStringLiteral("InvalidInput ")));
    m_server.reset();
    QVERIFY(run(QStringLiteral("/gone")));
    QVERIFY(codes.last().startsWith(QStringLiteral("NotFound ")));
    QCOMPARE(codes.size(), 4); // each once
}

void TestHttpClient::stoppedStreamIsSilentAndClosed()
{
    bool closed = false;
    m_handler = [this, &closed](const HttpRequest &, HttpReply reply) {
        reply.startStream();
        reply.onClosed(this, [&closed] { closed = true; });
        m_replies += reply;
    };
    int calls = 0;
    HttpClient::StreamId id = 0;
    id = m_client->stream(
        QStringLiteral("/"),
        this,
        [&](const QByteArray &) {
            ++calls;
            m_client->stop(id); // in the middle of several lines
        },
        [&calls](const Result<> &) { calls += 100; });
    QTRY_COMPARE(m_replies.size(), 1);
    m_replies.first().write("one\ntwo\nthree\n");
    QTRY_VERIFY(closed);
    QCOMPARE(calls, 1);
    m_client->stop(id);
    m_client->stop(12345);
}

void TestHttpClient::streamEndsWhenItsContextGoes()
{
    bool closed = false;
    m_handler = [this, &closed](const HttpRequest &, HttpReply reply) {
        reply.startStream();
        reply.onClosed(this, [&closed] { closed = true; });
        m_replies += reply;
    };
    auto context = std::make_unique<QObject>();
    m_client->stream(
        QStringLiteral("/"),
        context.get(),
        [](const QByteArray &) { QFAIL("called"); },
        [](const Result<> &) { QFAIL("called"); });
    QTRY_COMPARE(m_replies.size(), 1);
    context.reset();
    m_replies.first().write("line\n");
    QTRY_VERIFY(closed);
}

void TestHttpClient::slowReceiverHoldsTheStreamBack()
{
    m_handler = [this](const HttpRequest &, HttpReply reply) {
        reply.startStream();
        m_replies += reply;
    };
    qsizetype received = 0;
    m_client->stream(
        QStringLiteral("/"),
        this,
        [&received](const QByteArray &line) { received += line.size(); },
        [](const Result<> &) {});
    QTRY_COMPARE(m_replies.size(), 1);
    // This thread is busy and takes nothing: the server sees its client fall behind instead of our memory growing.
    const QByteArray line = QByteArray(64 * 1024 - 1, 'x') + '\n';
    int written = 0;
    while (written < 2000 && m_replies.first().write(line))
        ++written;
    QVERIFY2(written < 300, qPrintable(QString::number(written)));
}

void TestHttpClient::clientMayGoWithRequestsUnderWay()
{
    m_handler = [this](const HttpRequest &request, HttpReply reply) {
        if (request.path == u"/stream") {
            reply.startStream();
            reply.write("a\nb\n");
        }
        m_replies += reply;
    };
    bool called = false;
    m_client->send(get(QStringLiteral("/")), this, [&called](const Result<HttpResponse> &) { called = true; });
    m_client->stream(
        QStringLiteral("/stream"), this, [](const QByteArray &) {}, [&called](const Result<> &) { called = true; });
    QTRY_COMPARE(m_replies.size(), 2);
    m_client.reset();
    QTRY_COMPARE(m_server->connections(), 0);
    QVERIFY(!called);
}

#include "TestHttpClient.moc"
