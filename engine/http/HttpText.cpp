#include "engine/http/HttpText.h"

#include "engine/base/Json.h"

#include <QCoreApplication>
#include <QStringDecoder>
#include <QUrl>

#include <algorithm>
#include <array>
#include <optional>

namespace engine {

namespace {

struct HttpText
{
    Q_DECLARE_TR_FUNCTIONS(engine::HttpText)
};

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = char(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<QString> percentDecoded(QByteArrayView text)
{
    QByteArray bytes;
    bytes.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            c = char(high * 16 + low);
            i += 2;
        }
        if (uchar(c) < 0x20 || c == 0x7f)
            return std::nullopt;
        bytes += c;
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString decoded = decoder(bytes);
    return decoder.hasError() ? std::nullopt : std::optional(std::move(decoded));
}

const char *reasonOf(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 413:
        return "Payload Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Supported";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return status < 400 ? "OK" : "Error";
    }
}

void addHeader(QByteArray &head, const QByteArray &name, const QByteArray &value)
{
    if (isToken(name) && isFieldValue(value))
        head += name + ": " + value + "\r\n";
}

// What the server and the client say themselves.
bool isOwnHeader(const QByteArray &name)
{
    static constexpr std::array own = {"connection", "content-length", "content-type", "transfer-encoding", "host"};
    const QByteArray lower = name.toLower();
    return std::ranges::any_of(own, [&lower](const char *known) { return lower == known; });
}

} // namespace

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
    });
}

bool isFieldValue(QByteArrayView text)
{
    return std::ranges::all_of(text, [](char c) { return uchar(c) >= 0x20 && c != 0x7f; });
}

Result<> readTarget(QByteArrayView target, HttpRequest &request)
{
    const auto wrong = [] {
        return Error{ErrorCode::InvalidInput,
                     HttpText::tr("The address of the request cannot be read: write it as /path?name=value, "
                                  "percent-encoded UTF-8."),
                     {}};
    };
    if (!target.startsWith('/') || target.contains('#'))
        return wrong();
    const qsizetype mark = target.indexOf('?');
    const auto path = percentDecoded(mark < 0 ? target : target.first(mark));
    if (!path)
        return wrong();
    request.path = *path;
    request.query.clear();
    if (mark < 0)
        return {};
    const QList<QByteArray> pairs = target.sliced(mark + 1).toByteArray().split('&');
    for (const QByteArray &pair : pairs) {
        if (pair.isEmpty())
            continue;
        const qsizetype equals = pair.indexOf('=');
        const auto name = percentDecoded(equals < 0 ? QByteArrayView(pair) : QByteArrayView(pair).first(equals));
        const auto value = percentDecoded(equals < 0 ? QByteArrayView() : QByteArrayView(pair).sliced(equals + 1));
        if (!name || !value || request.query.contains(*name))
            return wrong();
        request.query.insert(*name, *value);
    }
    return {};
}

QByteArray writeTarget(const HttpRequest &request)
{
    QByteArray target = QUrl::toPercentEncoding(request.path, "/");
    char separator = '?';
    for (auto pair = request.query.begin(); pair != request.query.end(); ++pair) {
        target += separator + QUrl::toPercentEncoding(pair.key()) + '=' + QUrl::toPercentEncoding(pair.value());
        separator = '&';
    }
    return target;
}

QByteArray
responseHead(const HttpResponse &response, std::optional<qsizetype> length, QByteArrayView transfer, bool keepAlive)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(response.status) + ' ' + reasonOf(response.status) + "\r\n";
    if (response.status != 204 && !response.contentType.isEmpty())
        addHeader(head, "Content-Type", response.contentType);
    if (length && response.status != 204)
        addHeader(head, "Content-Length", QByteArray::number(*length));
    if (!transfer.isEmpty())
        addHeader(head, "Transfer-Encoding", transfer.toByteArray());
    addHeader(head, "Connection", keepAlive ? "keep-alive" : "close");
    for (auto header = response.headers.begin(); header != response.headers.end(); ++header) {
        if (!isOwnHeader(header.key()))
            addHeader(head, header.key(), header.value());
    }
    return head + "\r\n";
}

QByteArray requestHead(const HttpRequest &request)
{
    QByteArray head = request.method + ' ' + writeTarget(request) + " HTTP/1.1\r\nHost: localhost\r\n";
    addHeader(head, "Connection", "close");
    if (!request.body.isEmpty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH") {
        addHeader(head, "Content-Type", request.headers.value("content-type", "application/json; charset=utf-8"));
        addHeader(head, "Content-Length", QByteArray::number(request.body.size()));
    }
    for (auto header = request.headers.begin(); header != request.headers.end(); ++header) {
        if (!isOwnHeader(header.key()))
            addHeader(head, header.key(), header.value());
    }
    return head + "\r\n";
}

HttpResponse plainAnswer(int status, const QString &message)
{
    HttpResponse response;
    response.status = status;
    const Json error = {{"code", std::string(reasonOf(status))}, {"message", toStdString(message)}};
    response.body = toCompact(Json{{"error", error}});
    return response;
}

} // namespace engine
