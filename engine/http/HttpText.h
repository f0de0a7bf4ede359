#pragma once

#include "engine/http/HttpServer.h"

namespace engine {

// The parts of HTTP that are only text.

// Path and query of a request target, percent-decoded, into `request`. InvalidInput for anything but the origin form
// ("/a/b?c=d") in sound UTF-8 without control characters, and for a name that comes twice in the query. A plus sign is
// a plus sign.
Result<> readTarget(QByteArrayView target, HttpRequest &request);
QByteArray writeTarget(const HttpRequest &request);

bool isToken(QByteArrayView text); // a method or header name
bool isFieldValue(QByteArrayView text); // no control characters: nothing that could start another header

// "HTTP/1.1 200 OK\r\n…\r\n\r\n". Headers that are not sound are left out. A null `length` says nothing about the
// body's length.
QByteArray
responseHead(const HttpResponse &response, std::optional<qsizetype> length, QByteArrayView transfer, bool keepAlive);
QByteArray requestHead(const HttpRequest &request);

// What the server says by itself: {"error":{"code","message"}}.
HttpResponse plainAnswer(int status, const QString &message);

} // namespace engine
