#pragma once

#include "engine/http/HttpServer.h"

namespace engine {

// HTTP/1.1 client over a Unix socket. One I/O thread for all requests of one client; callbacks come on the thread of
// `context`, and not at all when it is gone.
class HttpClient final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HttpClient)

public:
    explicit HttpClient(QString socketPath, QObject *parent = nullptr);
    ~HttpClient() override;

    using Answer = std::function<void(Result<HttpResponse>)>;
    // Errors: NotFound (no socket there), Io (refused, cut), Timeout.
    void
    send(HttpRequest request, QObject *context, Answer answer, std::chrono::seconds timeout = std::chrono::seconds(60));

    // A streamed GET: `line` for each line of the body, `ended` once. Returns a handle for stop().
    using StreamId = quint64;
    StreamId stream(const QString &pathAndQuery,
                    QObject *context,
                    std::function<void(QByteArray)> line,
                    std::function<void(Result<>)> ended);
    void stop(StreamId stream);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace engine
