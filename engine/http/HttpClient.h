#pragma once

#include "engine/http/HttpServer.h"

namespace engine {

// HTTP/1.1 client over a Unix socket. One I/O thread for all requests of one client; every `context`
// lives on the thread of the client, callbacks come there, and not at all when it is gone. When the client goes,
// requests under way are given up without an answer.
class HttpClient final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HttpClient)

public:
    explicit HttpClient(QString socketPath, QObject *parent = nullptr);
    ~HttpClient() override;

    using Answer = std::function<void(Result<HttpResponse>)>;
    // Errors: NotFound (no socket there), Io (refused, cut), Timeout. Any status is an answer, 404 and 500 too. A
    // header "content-type" says what the body is, JSON unless said.
    void
    send(HttpRequest request, QObject *context, Answer answer, std::chrono::seconds timeout = std::chrono::seconds(60));

    // A streamed GET: `line` for each line of the body, without its end; `ended` once, with an error for a status other
    // than 200 or a stream that breaks off. Reading pauses while lines wait for their thread. Returns a handle for
    // stop().
    using StreamId = quint64;
    StreamId stream(const QString &pathAndQuery,
                    QObject *context,
                    std::function<void(QByteArray)> line,
                    std::function<void(Result<>)> ended);
    void stop(StreamId stream); // nothing is called after it

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace engine
