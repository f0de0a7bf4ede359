#pragma once

#include "engine/base/CancelToken.h"
#include "engine/http/WebRules.h"

#include <QByteArray>
#include <QList>

#include <chrono>
#include <optional>
#include <utility>

namespace engine {

using WebHeaders = QList<std::pair<QByteArray, QByteArray>>; // in their order, as they are spelled

struct WebRequest
{
    QByteArray method = "GET"; // GET, POST, PUT, PATCH, DELETE …
    QString url; // http or https
    WebHeaders headers;
    QByteArray body;
    bool hasBody = false; // an empty one is one too
    std::optional<std::pair<QString, QString>> basic; // user and password
    bool verifiesCertificate = true;
    std::chrono::milliseconds timeout{60000}; // of all of it, redirects included; 0 = none
    qint64 answerLimit = 4 * 1024 * 1024; // bytes of the body
};

struct WebResponse
{
    int status = 0;
    QByteArray reason; // "Not Found"; may be empty
    WebHeaders headers;
    QByteArray body;
    QString url; // that answered, after redirects, as shownUrl() shows it
    QString address; // that answered: "127.0.0.1:8080", "[::1]:80"
    int redirects = 0;
};

// One request to a server, redirects followed (10 at most; POST becomes GET as browsers do, https never becomes http;
// credentials do not go to another server). Every address is checked by the rules when it is connected to, so that
// neither a name that changes its meaning nor a redirect gets around them. Takes no proxy, no .netrc and no cookies
// from the environment. Any thread; blocks, and polls the token ten times a second.
//
// Any status is an answer. Errors, `where` = shownUrl(): InvalidInput (the URL or a header; a body that is too long),
// Unsupported (an address that is not allowed), Io (not reached, cut, a certificate that is not trusted), Timeout,
// Cancelled.
Result<WebResponse> sendWebRequest(const WebRequest &request, const WebRules &rules, const CancelToken &cancel);

// Without what may be secret: user, query and fragment.
QString shownUrl(const QString &url);
// The last of that name, in any case; null when there is none.
QByteArray headerOf(const WebHeaders &headers, QByteArrayView name);

} // namespace engine
