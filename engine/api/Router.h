#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Json.h"
#include "engine/http/HttpServer.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace engine {

struct ApiRequest
{
    const HttpRequest &http;
    QMap<QString, QString> path; // what the route's {names} stand for
    Json body; // null when there is none
};

// The answer to one API request. Copyable; engine loop; may be given later.
class ApiReply
{
public:
    explicit ApiReply(HttpReply reply) : m_reply(std::move(reply)) { }

    void send(const Json &json, int status = 200);
    void sendText(const QByteArray &text, const QByteArray &contentType);
    void send(const Error &error); // {"error":{"code","message","where","target"}}, status by the error's code
    void send(const Error &error, const Json &details); // with "details"
    void sendNothing(int status = 200);
    HttpReply &stream() { return m_reply; }
    CancelToken untilClosed(QObject *context); // cancelled when the client goes away before the answer

private:
    HttpReply m_reply;
};

// From method and path to one handler. Literal segments match whatever their case, as Azure's do. Engine loop.
class Router
{
public:
    using Handler = std::function<void(const ApiRequest &, ApiReply)>;

    // `pattern`: "/slipway/v1/runs/{run}/cells"
    void add(const QByteArray &method, const QString &pattern, Handler handler);
    // 404 for an unknown path, 405 with Allow for an unknown method, 400 for a body that is no JSON.
    void handle(const HttpRequest &request, HttpReply reply) const;

private:
    struct Route
    {
        QByteArray method;
        QStringList segments;
        Handler handler;
    };
    std::vector<Route> m_routes;
};

int httpStatus(ErrorCode code);
Json toJson(const Error &error); // {"code","message","where","target"}

} // namespace engine
