#include "engine/api/Router.h"

#include <QCoreApplication>
#include <QSet>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RouterText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Router)
};

bool isName(const QString &segment) { return segment.startsWith(u'{') && segment.endsWith(u'}'); }

bool matches(const QStringList &pattern, const QStringList &path, QMap<QString, QString> &values)
{
    if (pattern.size() != path.size())
        return false;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QString &expected = pattern.at(i);
        if (isName(expected))
            values.insert(expected.mid(1, expected.size() - 2), path.at(i));
        else if (expected.compare(path.at(i), Qt::CaseInsensitive) != 0)
            return false;
    }
    return true;
}

} // namespace

int httpStatus(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput:
    case ErrorCode::Unsupported:
        return 400;
    case ErrorCode::NotFound:
        return 404;
    case ErrorCode::Conflict:
    case ErrorCode::Cancelled:
        return 409;
    case ErrorCode::Timeout:
        return 504;
    case ErrorCode::Io:
    case ErrorCode::Internal:
        break;
    }
    return 500;
}

Json toJson(const Error &error)
{
    return {{"code", toStdString(toString(error.code))},
            {"message", toStdString(error.message)},
            {"where", toStdString(error.where)},
            {"target", toStdString(error.where)}};
}

void ApiReply::send(const Json &json, int status)
{
    HttpResponse response;
    response.status = status;
    response.body = toCompact(json);
    m_reply.send(std::move(response));
}

void ApiReply::sendText(const QByteArray &text, const QByteArray &contentType)
{
    HttpResponse response;
    response.contentType = contentType;
    response.body = text;
    m_reply.send(std::move(response));
}

void ApiReply::send(const Error &error) { send(Json{{"error", toJson(error)}}, httpStatus(error.code)); }

void ApiReply::send(const Error &error, const Json &details)
{
    Json json = toJson(error);
    json["details"] = details;
    send(Json{{"error", json}}, httpStatus(error.code));
}

void ApiReply::sendNothing(int status)
{
    HttpResponse response;
    response.status = status;
    m_reply.send(std::move(response));
}

CancelToken ApiReply::untilClosed(QObject *context)
{
    const CancelToken cancel;
    m_reply.onClosed(context, [cancel] { cancel.cancel(); });
    return cancel;
}

void Router::add(const QByteArray &method, const QString &pattern, Handler handler)
{
    m_routes.push_back({method, pattern.split(u'/', Qt::SkipEmptyParts), std::move(handler)});
}

void Router::handle(const HttpRequest &request, HttpReply reply) const
{
    ApiReply answer(std::move(reply));
    const QStringList path = request.path.split(u'/', Qt::SkipEmptyParts);
    const QByteArray method = request.method == "HEAD" ? QByteArray("GET") : request.method;
    QSet<QByteArray> allowed;
    for (const Route &route : m_routes) {
        QMap<QString, QString> values;
        if (!matches(route.segments, path, values))
            continue;
        if (route.method != method) {
            allowed.insert(route.method);
            continue;
        }
        Json body;
        if (!request.body.trimmed().isEmpty()) {
            Result<Json> parsed = parseJson(request.body, QStringLiteral("body"));
            if (!parsed) {
                answer.send(parsed.error());
                return;
            }
            body = *std::move(parsed);
        }
        route.handler(ApiRequest{request, values, std::move(body)}, answer);
        return;
    }
    if (allowed.isEmpty()) {
        answer.send(Error{ErrorCode::NotFound, RouterText::tr("There is nothing at this address."), request.path});
        return;
    }
    HttpResponse response;
    response.status = 405;
    response.headers.insert("Allow", QByteArrayList(allowed.begin(), allowed.end()).join(", "));
    const Error error{ErrorCode::InvalidInput,
                      RouterText::tr("%1 is not possible here.").arg(QString::fromLatin1(request.method)),
                      request.path};
    response.body = toCompact(Json{{"error", toJson(error)}});
    answer.stream().send(std::move(response));
}

} // namespace engine
