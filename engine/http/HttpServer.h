#pragma once

#include "engine/base/Result.h"

#include <QByteArray>
#include <QMap>
#include <QObject>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace engine {

struct HttpRequest
{
    QByteArray method; // GET, PUT, POST, PATCH, DELETE
    QString path; // percent-decoded, without the query
    QMap<QString, QString> query; // decoded
    QMap<QByteArray, QByteArray> headers; // names in lower case
    QByteArray body;
    bool overUnixSocket = true;
};

struct HttpResponse
{
    int status = 200;
    QByteArray contentType = "application/json; charset=utf-8";
    QByteArray body;
    QMap<QByteArray, QByteArray> headers;
};

// The answer to one request. Copyable; lives on the engine loop; may be answered later. Not answering at all closes the
// connection with 500 when the last copy goes.
class HttpReply
{
public:
    void send(HttpResponse response); // once; later calls are ignored
    // Starts a streamed answer (chunked, content type application/x-ndjson unless said otherwise).
    void startStream(QByteArray contentType = "application/x-ndjson");
    bool write(const QByteArray &chunk); // false when the client is gone or 8 MiB behind (then it is dropped)
    void finish();
    void onClosed(QObject *context, std::function<void()> call); // the client went away

    class Connection;
    explicit HttpReply(std::shared_ptr<Connection> connection);

private:
    std::shared_ptr<Connection> m_connection;
};

struct HttpLimits
{
    qsizetype headerBytes = 16 * 1024;
    qsizetype bodyBytes = 1024 * 1024;
    std::chrono::seconds headerDeadline{5};
    std::chrono::seconds bodyDeadline{30};
    std::chrono::seconds writeDeadline{10};
    std::chrono::seconds idleDeadline{60};
    int connections = 256;
    int inFlight = 64; // then 503 with Retry-After
    int streams = 32;
};

// HTTP/1.1 over a Unix socket (0600, peers of the same user only, by SO_PEERCRED), or on loopback. One I/O thread; the
// handler is called on the thread of this object (the engine loop) and never concurrently. Bad requests never reach it.
class HttpServer final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HttpServer)

public:
    using Handler = std::function<void(const HttpRequest &, HttpReply)>;

    explicit HttpServer(Handler handler, HttpLimits limits = {}, QObject *parent = nullptr);
    ~HttpServer() override; // closes everything and joins

    // A stale socket file (nobody answers) is replaced; Conflict when a server answers there.
    Result<> listenUnix(const QString &socketPath);
    // Instead, 127.0.0.1 on a free port, which is the answer: for callers on this machine, of any user. Requests that
    // name another host are refused.
    Result<quint16> listenLoopback();
    int connections() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace engine
