#include "engine/http/HttpServer.h"
#include "tests/engine/http/RawPeer.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

using namespace engine;
using namespace tests;

// The probes of a hostile client: whatever it does, the engine's memory stays flat and others are served.
class TestHttpLimits : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void badRequestsNeverArrive_data();
    void badRequestsNeverArrive();
    void endlessHeaderIsRefusedFlat();
    void bodyOverTheLimitIsRefusedFlat_data();
    void bodyOverTheLimitIsRefusedFlat();
    void bodyAtTheLimitIsTaken();
    void drippingClientsAreClosedAndOthersServed();
    void stalledBodiesAreClosed();
    void idleConnectionsAreClosed();
    void readersWhoStopAreClosed();
    void connectionsAreCounted();
    void requestsInFlightAreCounted();
    void streamsAreCounted();

private:
    void listen(const HttpLimits &limits)
    {
        m_server = std::make_unique<HttpServer>(
            [this](const HttpRequest &request, HttpReply reply) {
                m_paths += request.path;
                m_handler(request, reply);
            },
            limits);
        VERIFY_OK(m_server->listenUnix(m_path));
    }

    static qint64 residentKib()
    {
        QFile status(QStringLiteral("/proc/self/status"));
        if (!status.open(QIODevice::ReadOnly))
            return 0;
        const QByteArray text = status.readAll();
        const qsizetype at = text.indexOf("VmRSS:") + 6;
        return text.mid(at, text.indexOf('k', at) - at).trimmed().toLongLong();
    }

    bool served()
    {
        RawPeer peer(m_path);
        return peer.sendAll("GET /fine HTTP/1.1\r\nHost: x\r\n\r\n") && peer.waitForText("200 OK", 1000);
    }

    std::optional<QTemporaryDir> m_folder;
    QString m_path;
    QStringList m_paths; // that reached the handler
    HttpServer::Handler m_handler;
    std::unique_ptr<HttpServer> m_server;
};

SLIPWAY_TEST(TestHttpLimits)

void TestHttpLimits::init()
{
    m_server.reset();
    m_folder.emplace();
    m_path = m_folder->filePath(QStringLiteral("engine.sock"));
    m_paths.clear();
    m_handler = [](const HttpRequest &, HttpReply reply) { reply.send({}); };
}

void TestHttpLimits::badRequestsNeverArrive_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("status");

    const auto withHidden = [](const QByteArray &headers) -> QByteArray {
        return "POST /outer HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    };
    QTest::newRow("length 2^64-1") << withHidden("Content-Length: 18446744073709551615") << QByteArray("4");
    QTest::newRow("length 2^63") << withHidden("Content-Length: 9223372036854775808") << QByteArray("413");
    QTest::newRow("length 2^64") << withHidden("Content-Length: 18446744073709551616") << QByteArray("400");
    QTest::newRow("length -1") << withHidden("Content-Length: -1") << QByteArray("400");
    QTest::newRow("length +1") << withHidden("Content-Length: +1") << QByteArray("400");
    QTest::newRow("length abc") << withHidden("Content-Length: abc") << QByteArray("400");
    QTest::newRow("length 0x10") << withHidden("Content-Length: 0x10") << QByteArray("400");
    QTest::newRow("no length") << withHidden("Content-Length: ") << QByteArray("400");
    QTest::newRow("two lengths") << withHidden("Content-Length: 5\r\nContent-Length: 60") << QByteArray("400");
    QTest::newRow("length and chunks") << withHidden("Content-Length: 5\r\nTransfer-Encoding: chunked")
                                       << QByteArray("400");
    QTest::newRow("chunks and length") << withHidden("Transfer-Encoding: chunked\r\nContent-Length: 5")
                                       << QByteArray("400");
    QTest::newRow("other coding") << withHidden("Transfer-Encoding: gzip, chunked") << QByteArray("501");
    QTest::newRow("hidden coding") << withHidden("Transfer-Encoding: xchunked") << QByteArray("501");
    QTest::newRow("bad chunk") << withHidden("Transfer-Encoding: chunked\r\n\r\nzz") << QByteArray("400");
    QTest::newRow("space before colon") << withHidden("Content-Length : 0") << QByteArray("400");
    QTest::newRow("bare word") << withHidden("NoColonHere") << QByteArray("400");
    QTest::newRow("not HTTP") << QByteArray("\x16\x03\x01 hello TLS\r\n\r\n") << QByteArray("400");
    QTest::newRow("version 2") << QByteArray("GET / HTTP/2.0\r\n\r\n") << QByteArray("505");
    QTest::newRow("no path") << QByteArray("GET http://evil/ HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray("400");
    QTest::newRow("zero in path") << QByteArray("GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray("400");
    QTest::newRow("long address") << QByteArray("GET /" + QByteArray(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                  << QByteArray("414");
    QTest::newRow("many headers") << QByteArray("GET / HTTP/1.1\r\n" + QByteArray("X: y\r\n").repeated(101) + "\r\n")
                                  << QByteArray("431");
}

void TestHttpLimits::badRequestsNeverArrive()
{
    QFETCH(const QByteArray, request);
    QFETCH(const QByteArray, status);
    listen({});
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll(request));
    QVERIFY(peer.waitForClosed());
    QVERIFY2(peer.heard().startsWith(QByteArray("HTTP/1.1 " + status)), peer.heard().constData());
    QCOMPARE(peer.answers(), 1);
    QVERIFY(served());
    QCOMPARE(m_paths, QStringList{QStringLiteral("/fine")});
}

void TestHttpLimits::endlessHeaderIsRefusedFlat()
{
    listen({});
    QVERIFY(served());
    const qint64 before = residentKib();
    RawPeer peer(m_path);
    peer.sendAll("GET / HTTP/1.1\r\nX-Endless: ");
    const QByteArray block(64 * 1024, 'a');
    qsizetype sent = 0;
    // Up to 200 MiB, were it let in.
    QVERIFY(QTest::qWaitFor([&] {
        sent += peer.send(block);
        return peer.isClosed() || sent > 200 * 1024 * 1024;
    }));
    QVERIFY2(sent < 20 * 1024 * 1024, qPrintable(QString::number(sent)));
    QVERIFY(peer.heard().startsWith("HTTP/1.1 431 "));
    QVERIFY2(residentKib() - before < 8 * 1024, qPrintable(QString::number(residentKib() - before)));
    QVERIFY(served());
}

void TestHttpLimits::bodyOverTheLimitIsRefusedFlat_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("block");
    const QByteArray bytes(64 * 1024, 'b');
    QTest::newRow("announced") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n")
                               << bytes;
    QTest::newRow("chunked") << QByteArray("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                             << QByteArray("10000\r\n" + bytes + "\r\n");
}

void TestHttpLimits::bodyOverTheLimitIsRefusedFlat()
{
    QFETCH(const QByteArray, head);
    QFETCH(const QByteArray, block);
    listen({});
    QVERIFY(served());
    const qint64 before = residentKib();
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll(head));
    qsizetype sent = 0;
    QByteArray rest = block;
    QVERIFY(QTest::qWaitFor([&] {
        const qsizetype taken = peer.send(rest);
        sent += taken;
        rest.remove(0, taken);
        if (rest.isEmpty())
            rest = block;
        return peer.isClosed() || sent > 400 * 1024 * 1024;
    }));
    QVERIFY2(sent < 20 * 1024 * 1024, qPrintable(QString::number(sent)));
    QVERIFY(peer.heard().startsWith("HTTP/1.1 413 "));
    QVERIFY2(residentKib() - before < 16 * 1024, qPrintable(QString::number(residentKib() - before)));
    QVERIFY(!m_paths.contains(QStringLiteral("/")));
}

void TestHttpLimits::bodyAtTheLimitIsTaken()
{
    qsizetype size = 0;
    m_handler = [&size](const HttpRequest &request, HttpReply reply) {
        size = request.body.size();
        reply.send({});
    };
    HttpLimits limits;
    limits.bodyBytes = 100'000;
    listen(limits);
    for (const auto &[bytes, status] : {std::pair(100'000, "200"), std::pair(100'001, "413")}) {
        RawPeer peer(m_path);
        peer.sendAll("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + QByteArray::number(bytes)
                     + "\r\n\r\n" + QByteArray(bytes, 'x'));
        QVERIFY(peer.waitForClosed());
        QVERIFY2(peer.heard().startsWith(QByteArray(QByteArray("HTTP/1.1 ") + status)), peer.heard().constData());
    }
    QCOMPARE(size, 100'000);
}

void TestHttpLimits::drippingClientsAreClosedAndOthersServed()
{
    HttpLimits limits;
    limits.headerDeadline = std::chrono::seconds(1);
    listen(limits);
    std::vector<std::unique_ptr<RawPeer>> drips;
    for (int i = 0; i < 100; ++i)
        drips.push_back(std::make_unique<RawPeer>(m_path));
    QTRY_COMPARE(m_server->connections(), 100);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(served());
    QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
    // Each byte in time does not make the header come in time.
    QVERIFY(QTest::qWaitFor([&] {
        bool allClosed = true;
        for (const auto &drip : drips) {
            drip->send("G");
            allClosed = allClosed && drip->isClosed();
        }
        return allClosed;
    }));
    QTRY_COMPARE(m_server->connections(), 0);
}

void TestHttpLimits::stalledBodiesAreClosed()
{
    HttpLimits limits;
    limits.bodyDeadline = std::chrono::seconds(1);
    listen(limits);
    RawPeer peer(m_path);
    QVERIFY(peer.sendAll("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"));
    QVERIFY(peer.waitForClosed(4000));
    QVERIFY(m_paths.isEmpty());
}

void TestHttpLimits::idleConnectionsAreClosed()
{
    HttpLimits limits;
    limits.idleDeadline = std::chrono::seconds(1);
    limits.headerDeadline = std::chrono::seconds(1);
    listen(limits);
    RawPeer silent(m_path);
    RawPeer used(m_path);
    QVERIFY(used.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(used.waitForText("200 OK"));
    QVERIFY(silent.waitForClosed(4000));
    QVERIFY(used.waitForClosed(4000));
}

void TestHttpLimits::readersWhoStopAreClosed()
{
    HttpLimits limits;
    limits.writeDeadline = std::chrono::seconds(1);
    m_handler = [](const HttpRequest &, HttpReply reply) {
        reply.send({.body = QByteArray(20'000'000, 'x'), .headers = {}});
    };
    listen(limits);
    RawPeer stopped(m_path);
    RawPeer reading(m_path);
    QVERIFY(stopped.sendAll("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(reading.sendAll("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    QVERIFY(reading.waitForClosed(20'000));
    QVERIFY(reading.heard().size() > 20'000'000);
    reading.close();
    QTRY_COMPARE(m_server->connections(), 0);
}

void TestHttpLimits::connectionsAreCounted()
{
    HttpLimits limits;
    limits.connections = 3;
    listen(limits);
    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < 3; ++i)
        peers.push_back(std::make_unique<RawPeer>(m_path));
    QTRY_COMPARE(m_server->connections(), 3);
    RawPeer fourth(m_path);
    QVERIFY(fourth.waitForClosed());
    QVERIFY(!peers[0]->isClosed());
    peers.pop_back();
    QTRY_COMPARE(m_server->connections(), 2);
    QVERIFY(served());
}

void TestHttpLimits::requestsInFlightAreCounted()
{
    QList<HttpReply> pending;
    m_handler = [&pending](const HttpRequest &, const HttpReply &reply) { pending += reply; };
    HttpLimits limits;
    limits.inFlight = 2;
    listen(limits);
    RawPeer first(m_path);
    RawPeer second(m_path);
    RawPeer third(m_path);
    QVERIFY(first.sendAll("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(second.sendAll("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"));
    QTRY_COMPARE(pending.size(), 2);
    QVERIFY(third.sendAll("GET /3 HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(third.waitForText("HTTP/1.1 503 "));
    QVERIFY(third.heard().contains("Retry-After: 1\r\n"));
    pending[0].send({});
    QVERIFY(first.waitForText("200 OK"));
    QVERIFY(third.sendAll("GET /4 HTTP/1.1\r\nHost: x\r\n\r\n"));
    QTRY_COMPARE(pending.size(), 3);
    QCOMPARE(m_paths.constLast(), QStringLiteral("/4"));
    pending.clear();
}

void TestHttpLimits::streamsAreCounted()
{
    QList<HttpReply> streams;
    m_handler = [&streams](const HttpRequest &, HttpReply reply) {
        reply.startStream();
        streams += reply;
    };
    HttpLimits limits;
    limits.streams = 1;
    listen(limits);
    RawPeer first(m_path);
    QVERIFY(first.sendAll("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(first.waitForText("200 OK"));
    RawPeer second(m_path);
    QVERIFY(second.sendAll("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(second.waitForText("HTTP/1.1 503 "));
    QVERIFY(!streams[1].write("x"));
    streams[0].finish();
    RawPeer third(m_path);
    QVERIFY(third.sendAll("GET /3 HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(third.waitForText("200 OK"));
    streams.clear();
}

#include "TestHttpLimits.moc"
