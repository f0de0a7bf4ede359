#include "engine/http/HttpServer.h"

#include "tests/engine/http/RawPeer.h"
#include "tests/support/TestMain.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QThread>

#include <thread>

#include <sys/stat.h>
#include <sys/syscall.h>

using namespace engine;
using namespace tests;

class TestHttpServer : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void requestArrivesWholeAndOnTheRightThread();
    void connectionIsKeptAndClosedAsAsked();
    void pipelinedRequestsAreAnsweredInOrder();
    void headHasNoBody();
    void expectedBodyIsAskedFor();
    void repliesMayComeLater();
    void unansweredRequestIsA500();
    void secondAnswerIsIgnored();
    void streamsComeInChunks();
    void streamToOldClientEndsWithTheConnection();
    void droppedStreamIsCutOff();
    void slowReaderOfAStreamIsDropped();
    void clientThatLeavesIsNoticed();
    void clientThatOnlyFinishedSendingIsAnswered();
    void serverMayGoWhileRepliesArePending();
    void otherUsersAreTurnedAway();
    void socketIsPrivateAndCleanedUp();
    void staleSocketIsReplacedAndALiveOneIsNot();
    void badPathsAreRefused();

private:
    void listen(const HttpLimits &limits = {})
    {
        m_server = std::make_unique<HttpServer>(
            [this](const HttpRequest &request, HttpReply reply) { m_handler(request, reply); }, limits);
        VERIFY_OK(m_server->listenUnix(m_path));
    }

    std::optional<QTemporaryDir> m_folder;
    QString m_path;
    HttpServer::Handler m_handler;
    std::unique_ptr<HttpServer> m_server;
};

SLIPWAY_TEST(TestHttpServer)

void TestHttpServer::init()
{
    m_folder.emplace();
    m_path = m_folder->filePath(QStringLiteral("engine.sock"));
    m_handler = [](const HttpRequest &request, HttpReply reply) {
        reply.send({.status = 200,
                    .contentType = "text/plain",
                    .body = request.method + ' ' + request.path.toUtf8(),
                    .headers = {}});
    };
}

void TestHttpServer::cleanup() { m_server.reset(); }

void TestHttpServer::requestArrivesWholeAndOnTheRightThread()
{
    std::optional<HttpRequest> seen;
    m_handler = [&seen](const HttpRequest &request, HttpReply reply) {
        QCOMPARE(QThread::currentThread(), qApp->thread());
        seen = request;
        reply.send({.status = 201, .body = "{\"ok\":true}", .headers = {{"Location", "/v1/runs/7"}}});
    };
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("PUT /v1/M%C3%BCller?a=b%20c HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nx-one: 2\r\n"
                         "Content-Length: 5\r\n\r\nh\0llo"));
    // A literal ends at its zero: the rest of the body comes separately.
    QVERIFY(peer.sendAll(QByteArray("\0llo", 4)));
    QVERIFY(peer.waitForText("{\"ok\":true}"));
    QVERIFY(seen);
    QCOMPARE(seen->method, QByteArray("PUT"));
    QCOMPARE(seen->path, QStringLiteral("/v1/Müller"));
    QCOMPARE(seen->query.value(QStringLiteral("a")), QStringLiteral("b c"));
    QCOMPARE(seen->headers.value("x-one"), QByteArray("1, 2"));
    QCOMPARE(seen->body, QByteArray("h\0llo", 5));
    QVERIFY(peer.heard().startsWith("HTTP/1.1 201 Created\r\n"));
    QVERIFY(peer.heard().contains("Location: /v1/runs/7\r\n"));
    QVERIFY(peer.heard().contains("Content-Length: 11\r\n"));
}

void TestHttpServer::connectionIsKeptAndClosedAsAsked()
{
    listen();
    RawPeer kept(m_path);
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(kept.sendAll("GET /kept HTTP/1.1\r\nHost: x\r\n\r\n"));
        QTRY_COMPARE(kept.answers(), i);
    }
    QVERIFY(!kept.isClosed());
    QCOMPARE(m_server->connections(), 1);
    RawPeer closing(m_path);
    QVERIFY(closing.sendAll("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    QVERIFY(closing.waitForClosed());
    QVERIFY(closing.heard().contains("Connection: close\r\n"));
    RawPeer old(m_path);
    QVERIFY(old.sendAll("GET /a HTTP/1.0\r\n\r\n"));
    QVERIFY(old.waitForClosed());
    QVERIFY(old.heard().endsWith("GET /a"));
    closing.close();
    old.close();
    QTRY_COMPARE(m_server->connections(), 1);
}

void TestHttpServer::pipelinedRequestsAreAnsweredInOrder()
{
    QList<HttpReply> replies;
    m_handler = [&replies](const HttpRequest &, const HttpReply &reply) { replies += reply; };
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"));
    QTRY_COMPARE(replies.size(), 1);
    replies[0].send({.body = "first", .headers = {}});
    QTRY_COMPARE(replies.size(), 2); // one at a time
    replies[1].send({.body = "second", .headers = {}});
    QVERIFY(peer.waitForText("second"));
    QVERIFY(peer.heard().indexOf("first") < peer.heard().indexOf("second"));
}

void TestHttpServer::headHasNoBody()
{
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(peer.waitForText("GET /next"));
    QVERIFY(peer.heard().contains("Content-Length: 9\r\n")); // "HEAD /abc"
    QVERIFY(!peer.heard().contains("HEAD /abc"));
}

void TestHttpServer::expectedBodyIsAskedFor()
{
    m_handler = [](const HttpRequest &request, HttpReply reply) {
        reply.send({.body = "got " + request.body, .headers = {}});
    };
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
    QVERIFY(peer.waitForText("HTTP/1.1 100 Continue\r\n\r\n"));
    QVERIFY(peer.sendAll("body"));
    QVERIFY(peer.waitForText("got body"));
    RawPeer odd(m_path);
    QVERIFY(odd.sendAll("POST / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 4\r\n\r\n"));
    QVERIFY(odd.waitForClosed());
    QVERIFY(odd.heard().startsWith("HTTP/1.1 417 "));
    RawPeer tooMuch(m_path);
    QVERIFY(tooMuch.sendAll("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"));
    QVERIFY(tooMuch.waitForClosed());
    QVERIFY(tooMuch.heard().startsWith("HTTP/1.1 413 ")); // instead of asking for it
}

void TestHttpServer::repliesMayComeLater()
{
    std::optional<HttpReply> kept;
    m_handler = [this, &kept](const HttpRequest &request, HttpReply reply) {
        if (request.path == u"/slow")
            kept = reply;
        else
            reply.send({.body = "fast", .headers = {}});
    };
    listen();
    RawPeer slow(m_path);
    QVERIFY(slow.sendAll("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"));
    QTRY_VERIFY(kept);
    RawPeer fast(m_path);
    QVERIFY(fast.sendAll("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(fast.waitForText("fast"));
    QCOMPARE(slow.answers(), 0);
    kept->send({.body = "at last", .headers = {}});
    QVERIFY(slow.waitForText("at last"));
}

void TestHttpServer::unansweredRequestIsA500()
{
    m_handler = [](const HttpRequest &, const HttpReply &) {};
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(peer.waitForText("not answered"));
    QVERIFY(peer.heard().startsWith("HTTP/1.1 500 "));
    QVERIFY(peer.waitForClosed());
}

void TestHttpServer::secondAnswerIsIgnored()
{
    m_handler = [](const HttpRequest &, HttpReply reply) {
        HttpReply copy = reply;
        reply.send({.body = "one", .headers = {}});
        copy.send({.body = "two", .headers = {}});
        copy.startStream();
        QVERIFY(!copy.write("three"));
    };
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(peer.waitForText("one"));
    QVERIFY(peer.sendAll("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    QVERIFY(peer.waitForClosed());
    QCOMPARE(peer.answers(), 2);
    QVERIFY(!peer.heard().contains("two") && !peer.heard().contains("three"));
}

void TestHttpServer::streamsComeInChunks()
{
    std::optional<HttpReply> stream;
    m_handler = [&stream](const HttpRequest &request, HttpReply reply) {
        if (request.path != u"/stream")
            return reply.send({.body = "after", .headers = {}});
        reply.startStream();
        stream = reply;
    };
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(peer.waitForText("\r\n\r\n"));
    QVERIFY(peer.heard().contains("Content-Type: application/x-ndjson\r\n"));
    QVERIFY(peer.heard().contains("Transfer-Encoding: chunked\r\n"));
    QVERIFY(stream->write("{\"seq\":1}\n"));
    QVERIFY(stream->write({})); // would be the end, were it a chunk
    QVERIFY(peer.waitForText("\r\n\r\na\r\n{\"seq\":1}\n\r\n")); // at once, not when the stream ends
    QVERIFY(stream->write("2\n"));
    stream->finish();
    stream->finish();
    QVERIFY(!stream->write("late\n"));
    QVERIFY(peer.waitForText("2\r\n2\n\r\n0\r\n\r\n"));
    QVERIFY(peer.sendAll("GET /after HTTP/1.1\r\nHost: x\r\n\r\n")); // the connection goes on
    QVERIFY(peer.waitForText("after"));
}

void TestHttpServer::streamToOldClientEndsWithTheConnection()
{
    m_handler = [](const HttpRequest &, HttpReply reply) {
        reply.startStream("text/plain");
        QVERIFY(reply.write("one\n"));
        QVERIFY(reply.write("two\n"));
        reply.finish();
    };
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("GET / HTTP/1.0\r\n\r\n"));
    QVERIFY(peer.waitForClosed());
    QVERIFY(peer.heard().endsWith("\r\n\r\none\ntwo\n"));
}

void TestHttpServer::droppedStreamIsCutOff()
{
    m_handler = [](const HttpRequest &, HttpReply reply) {
        reply.startStream();
        reply.write("half\n");
    };
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(peer.waitForClosed());
    QVERIFY(!peer.heard().contains("0\r\n\r\n")); // the client can tell that this was not the end
}

void TestHttpServer::slowReaderOfAStreamIsDropped()
{
    std::optional<HttpReply> stream;
    m_handler = [&stream](const HttpRequest &, HttpReply reply) {
        reply.startStream();
        stream = reply;
    };
    listen();
    RawPeer peer(m_path); // reads nothing
    QVERIFY(peer.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QTRY_VERIFY(stream);
    const QByteArray block(64 * 1024, 'x');
    int taken = 0;
    while (taken < 1000 && stream->write(block))
        ++taken;
    QVERIFY2(taken >= 128 && taken < 200, qPrintable(QString::number(taken))); // 8 MiB, and what the socket holds
    QTRY_COMPARE(m_server->connections(), 0);
    QVERIFY(!stream->write("more"));

    // Who reads is never dropped, however much there is.
    stream.reset();
    RawPeer reader(m_path);
    QVERIFY(reader.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QTRY_VERIFY(stream);
    for (int i = 1; i <= 400; ++i) {
        QVERIFY(stream->write(block));
        if (i % 80 == 0) // 5 MiB
            QTRY_VERIFY(reader.heard().size() > i * block.size());
    }
}

void TestHttpServer::clientThatLeavesIsNoticed()
{
    QList<HttpReply> replies;
    QStringList closed;
    m_handler = [this, &replies, &closed](const HttpRequest &request, HttpReply reply) {
        if (request.path == u"/stream")
            reply.startStream();
        reply.onClosed(this, [&closed, path = request.path] { closed += path; });
        replies += reply;
    };
    listen();
    for (const char *path : {"/waiting", "/stream"}) {
        RawPeer peer(m_path);
        QVERIFY(peer.sendAll("GET " + QByteArray(path) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
        const qsizetype before = replies.size();
        QTRY_COMPARE(replies.size(), before + 1);
        QVERIFY(closed.size() == before);
        peer.close();
        QTRY_COMPARE(closed.size(), before + 1);
        QCOMPARE(closed.constLast(), QString::fromLatin1(path));
    }
    QTRY_COMPARE(m_server->connections(), 0);
    QVERIFY(!replies[1].write("into the void"));
    bool late = false;
    replies[1].onClosed(this, [&late] { late = true; }); // too late to wait for it: told at once
    QTRY_VERIFY(late);
    replies[0].send({});
    replies.clear();
}

void TestHttpServer::clientThatOnlyFinishedSendingIsAnswered()
{
    std::optional<HttpReply> kept;
    bool closed = false;
    m_handler = [&](const HttpRequest &, HttpReply reply) {
        reply.onClosed(this, [&closed] { closed = true; });
        kept = reply;
    };
    listen();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    peer.finishSending();
    QTRY_VERIFY(kept);
    kept->send({.body = "here", .headers = {}});
    QVERIFY(peer.waitForText("here"));
    QVERIFY(peer.waitForClosed());
    QVERIFY(!closed); // an answered client may go
}

void TestHttpServer::serverMayGoWhileRepliesArePending()
{
    QList<HttpReply> replies;
    int closed = 0;
    QObject context;
    m_handler = [&](const HttpRequest &request, HttpReply reply) {
        if (request.path == u"/stream")
            reply.startStream();
        reply.onClosed(&context, [&closed] { ++closed; });
        replies += reply;
    };
    listen();
    RawPeer waiting(m_path);
    RawPeer streaming(m_path);
    RawPeer idle(m_path);
    QVERIFY(waiting.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(streaming.sendAll("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(idle.sendAll("GET /half HTT"));
    QTRY_COMPARE(replies.size(), 2);
    m_server.reset();
    QVERIFY(waiting.waitForClosed());
    QVERIFY(streaming.waitForClosed());
    QVERIFY(idle.waitForClosed());
    QTRY_COMPARE(closed, 2);
    for (HttpReply &reply : replies) {
        reply.send({});
        QVERIFY(!reply.write("x"));
        reply.finish();
    }
    replies.clear();
}

void TestHttpServer::otherUsersAreTurnedAway()
{
    if (::geteuid() != 0)
        QSKIP("Only root can pretend to be another user.");
    bool called = false;
    m_handler = [&called](const HttpRequest &, HttpReply reply) {
        called = true;
        reply.send({});
    };
    listen();
    // The rights of the file keep others away already; the check of the peer must do so without them.
    QVERIFY(::chmod(m_path.toUtf8().constData(), 0666) == 0);
    QVERIFY(::chmod(m_folder->path().toUtf8().constData(), 0755) == 0);
    std::unique_ptr<RawPeer> peer;
    std::thread stranger([&] {
        ::syscall(SYS_setresuid, 65534, 65534, 65534); // this thread only
        peer = std::make_unique<RawPeer>(m_path);
    });
    stranger.join();
    QVERIFY(peer->isConnected());
    peer->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    QVERIFY(peer->waitForClosed());
    QCOMPARE(peer->heard(), QByteArray());
    QVERIFY(!called);
}

void TestHttpServer::socketIsPrivateAndCleanedUp()
{
    listen();
    struct stat socket
    {
    };
    QCOMPARE(::stat(m_path.toUtf8().constData(), &socket), 0);
    QVERIFY(S_ISSOCK(socket.st_mode));
    QCOMPARE(socket.st_mode & 0777, 0600u);
    m_server.reset();
    QVERIFY(!QFileInfo::exists(m_path));
}

void TestHttpServer::staleSocketIsReplacedAndALiveOneIsNot()
{
    listen();
    HttpServer second([](const HttpRequest &, const HttpReply &) {});
    const auto refused = second.listenUnix(m_path);
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), QStringLiteral("Conflict"));
    QVERIFY(QFileInfo::exists(m_path));

    // What a killed engine leaves behind: a name that nobody listens at.
    m_server.reset();
    {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const QByteArray name = m_path.toUtf8();
        std::copy(name.begin(), name.end(), address.sun_path);
        QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        ::close(fd);
    }
    QVERIFY(QFileInfo::exists(m_path));
    VERIFY_OK(second.listenUnix(m_path));
    QVERIFY(RawPeer(m_path).isConnected());
}

void TestHttpServer::badPathsAreRefused()
{
    HttpServer server([](const HttpRequest &, const HttpReply &) {});
    QCOMPARE(toString(server.listenUnix(QStringLiteral("/tmp/") + QString(120, u'x')).error().code),
             QStringLiteral("InvalidInput"));
    QCOMPARE(toString(server.listenUnix(m_folder->filePath(QStringLiteral("no/such/folder"))).error().code),
             QStringLiteral("Io"));
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(toString(server.listenUnix(m_path).error().code), QStringLiteral("Conflict"));
    QVERIFY(file.exists()); // somebody's file stays
}

#include "TestHttpServer.moc"
