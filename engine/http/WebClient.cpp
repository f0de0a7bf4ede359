#include "engine/http/WebClient.h"

#include "engine/http/HttpText.h"

#include <QCoreApplication>
#include <QUrl>

#include <memory>

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace engine {

namespace {

struct WebClientText
{
    Q_DECLARE_TR_FUNCTIONS(engine::WebClient)
};

constexpr int redirectsMost = 10;
constexpr qsizetype headersMost = 256 * 1024; // bytes of an answer
constexpr int pollMilliseconds = 100;

struct EasyDelete
{
    void operator()(CURL *easy) const { curl_easy_cleanup(easy); }
};
struct MultiDelete
{
    void operator()(CURLM *multi) const { curl_multi_cleanup(multi); }
};
struct ListDelete
{
    void operator()(curl_slist *list) const { curl_slist_free_all(list); }
};

// What curl's callbacks need of one exchange.
struct Exchange
{
    const WebRules &rules;
    QString host;
    qint64 answerLimit;
    WebResponse response;
    std::optional<InternetAddress> refused;
    qsizetype headerBytes = 0;
    bool isTooLong = false;
};

QUrl sound(const QString &text)
{
    const QUrl url(text.trimmed(), QUrl::TolerantMode);
    const bool isWeb = url.scheme() == u"http" || url.scheme() == u"https";
    return url.isValid() && isWeb && !url.host().isEmpty() && url.userInfo().isEmpty() ? url : QUrl();
}

int portOf(const QUrl &url) { return url.port(url.scheme() == u"https" ? 443 : 80); }

bool isSameServer(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && a.host() == b.host() && portOf(a) == portOf(b);
}

// Not to be told to another server than the one it was meant for.
bool isCredential(const QByteArray &name)
{
    static const QList<QByteArray> names{"authorization",
                                         "proxy-authorization",
                                         "cookie",
                                         "x-functions-key",
                                         "x-api-key",
                                         "api-key",
                                         "apikey",
                                         "ocp-apim-subscription-key",
                                         "x-auth-token"};
    return names.contains(name.toLower());
}

curl_socket_t openSocket(void *data, curlsocktype, curl_sockaddr *address)
{
    auto *const exchange = static_cast<Exchange *>(data);
    const auto known = InternetAddress::fromSocket(&address->addr);
    if (!known)
        return CURL_SOCKET_BAD;
    // The port lies at the same place in both families.
    const quint16 port = ntohs(reinterpret_cast<const sockaddr_in *>(&address->addr)->sin_port);
    if (!exchange->rules.allows(exchange->host, *known, port)) {
        exchange->refused = known;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t takeHeader(char *bytes, size_t size, size_t count, void *data)
{
    auto *const exchange = static_cast<Exchange *>(data);
    const QByteArray line = QByteArray(bytes, qsizetype(size * count)).trimmed();
    exchange->headerBytes += qsizetype(size * count);
    if (exchange->headerBytes > headersMost) {
        exchange->isTooLong = true;
        return 0;
    }
    if (line.startsWith("HTTP/")) { // another answer: what went before was "100 Continue"
        exchange->response.headers.clear();
        const QList<QByteArray> words = line.split(' ');
        exchange->response.reason = words.mid(2).join(' ');
    } else if (const qsizetype colon = line.indexOf(':'); colon > 0) {
        exchange->response.headers.append({line.first(colon).trimmed(), line.mid(colon + 1).trimmed()});
    }
    return size * count;
}

size_t takeBody(char *bytes, size_t size, size_t count, void *data)
{
    auto *const exchange = static_cast<Exchange *>(data);
    QByteArray &body = exchange->response.body;
    if (body.size() + qsizetype(size * count) > exchange->answerLimit) {
        exchange->isTooLong = true;
        return 0;
    }
    body.append(bytes, qsizetype(size * count));
    return size * count;
}

// One request without its redirects.
class Sending
{
public:
    Sending(const WebRequest &request, const QUrl &url, const WebRules &rules)
        : m_request(request)
        , m_shown(shownUrl(url.toString()))
        , m_easy(curl_easy_init())
        , m_multi(curl_multi_init())
        , m_exchange{
              .rules = rules, .host = url.host(), .answerLimit = request.answerLimit, .response = {}, .refused = {}}
    {
        prepare(url.toEncoded(QUrl::FullyEncoded | QUrl::RemoveFragment));
    }

    Result<WebResponse> run(const CancelToken &cancel, std::optional<std::chrono::steady_clock::time_point> deadline);

private:
    void prepare(const QByteArray &url);
    void addHeaders();
    Error failure(CURLcode code) const;

    const WebRequest &m_request;
    QString m_shown;
    std::unique_ptr<CURL, EasyDelete> m_easy;
    std::unique_ptr<CURLM, MultiDelete> m_multi;
    std::unique_ptr<curl_slist, ListDelete> m_headers;
    Exchange m_exchange;
    char m_said[CURL_ERROR_SIZE]{};
};

void Sending::addHeaders()
{
    curl_slist *list = nullptr;
    for (const auto &[name, value] : m_request.headers) // "name;" is curl's way to send an empty one
        list = curl_slist_append(
            list, (value.isEmpty() ? QByteArray(name + ';') : QByteArray(name + ": " + value)).constData());
    list = curl_slist_append(list, "Expect:");
    if (headerOf(m_request.headers, "user-agent").isNull())
        list = curl_slist_append(list, "User-Agent: slipway");
    m_headers.reset(list);
}

void Sending::prepare(const QByteArray &url)
{
    CURL *const easy = m_easy.get();
    curl_easy_setopt(easy, CURLOPT_URL, url.constData());
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, m_said);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // a name server that is silent keeps nobody waiting
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); // none of the environment's either
    curl_easy_setopt(easy, CURLOPT_NETRC, long(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, openSocket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &m_exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, takeHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &m_exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, takeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &m_exchange);
    if (!m_request.verifiesCertificate) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (m_request.hasBody) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(m_request.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, m_request.body.isNull() ? "" : m_request.body.constData());
    }
    if (m_request.method == "HEAD")
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, m_request.method.constData());
    if (m_request.basic) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, long(CURLAUTH_BASIC));
        curl_easy_setopt(easy, CURLOPT_USERNAME, m_request.basic->first.toUtf8().constData());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, m_request.basic->second.toUtf8().constData());
    }
    addHeaders();
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, m_headers.get());
}

Error Sending::failure(CURLcode code) const
{
    if (m_exchange.isTooLong)
        return {ErrorCode::InvalidInput,
                WebClientText::tr("The answer of %1 is longer than %2 MB: ask for less, or fetch it with a Copy.")
                    .arg(m_shown)
                    .arg(m_request.answerLimit / 1024 / 1024),
                m_shown};
    if (m_exchange.refused)
        return {
            ErrorCode::Unsupported,
            WebClientText::tr("%1 leads to %2, an address of this machine or its network, which web activities do not "
                              "reach unless .slipway/bindings.json says so: \"web\": {\"allow\": [\"%3\"]}.")
                .arg(m_shown,
                     m_exchange.refused->text(),
                     m_exchange.refused->isV4() ? QString(m_exchange.refused->text() + u":*")
                                                : QString(u'[' + m_exchange.refused->text() + u"]:*")),
            m_shown};
    const QString said = QString::fromUtf8(*m_said ? m_said : curl_easy_strerror(code));
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)
        return {ErrorCode::Io, WebClientText::tr("No safe connection to %1: %2.").arg(m_shown, said), m_shown};
    return {ErrorCode::Io, WebClientText::tr("%1 cannot be reached: %2.").arg(m_shown, said), m_shown};
}

Result<WebResponse> Sending::run(const CancelToken &cancel,
                                 std::optional<std::chrono::steady_clock::time_point> deadline)
{
    CURLM *const multi = m_multi.get();
    curl_multi_add_handle(multi, m_easy.get());
    int running = 1;
    std::optional<Error> given;
    while (running > 0 && !given) {
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            given = failure(CURLE_FAILED_INIT);
        else if (cancel.isCancelled())
            given = Error{ErrorCode::Cancelled, WebClientText::tr("The request was stopped."), m_shown};
        else if (running > 0 && deadline && std::chrono::steady_clock::now() > *deadline)
            given = Error{ErrorCode::Timeout,
                          WebClientText::tr("%1 did not answer within %2 s.")
                              .arg(m_shown)
                              .arg(double(m_request.timeout.count()) / 1000),
                          m_shown};
        else if (running > 0)
            curl_multi_poll(multi, nullptr, 0, pollMilliseconds, nullptr);
    }
    int left = 0;
    if (const CURLMsg *message = curl_multi_info_read(multi, &left);
        !given && message && message->data.result != CURLE_OK)
        given = failure(message->data.result);
    WebResponse &response = m_exchange.response;
    long status = 0;
    long port = 0;
    const char *address = nullptr;
    curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(m_easy.get(), CURLINFO_PRIMARY_IP, &address);
    curl_easy_getinfo(m_easy.get(), CURLINFO_PRIMARY_PORT, &port);
    const QString ip = QString::fromLatin1(address);
    response.status = int(status);
    response.url = m_shown;
    response.address = QStringLiteral("%1:%2").arg(ip.contains(u':') ? QString(u'[' + ip + u']') : ip).arg(port);
    curl_multi_remove_handle(multi, m_easy.get());
    if (given)
        return *given;
    return std::move(response);
}

std::optional<Error> unsound(const WebRequest &request)
{
    const QString shown = shownUrl(request.url);
    if (sound(request.url).isEmpty())
        return Error{
            ErrorCode::InvalidInput,
            WebClientText::tr("“%1” is no address of the web: it must begin with http:// or https:// and name a "
                              "host, without a user; put name and password into the authentication.")
                .arg(shown),
            shown};
    if (!isToken(request.method))
        return Error{ErrorCode::InvalidInput,
                     WebClientText::tr("“%1” is no method of HTTP.").arg(QString::fromUtf8(request.method)),
                     shown};
    for (const auto &[name, value] : request.headers) {
        if (!isToken(name) || !isFieldValue(value))
            return Error{ErrorCode::InvalidInput,
                         WebClientText::tr("The header “%1” cannot be sent: a name has no spaces, and a value no line "
                                           "breaks.")
                             .arg(QString::fromUtf8(name)),
                         shown};
    }
    return std::nullopt;
}

// The request that a redirect asks for.
void redirect(WebRequest &request, const QUrl &from, const QUrl &to, int status)
{
    const bool keepsMethod = status == 307 || status == 308;
    const bool becomesGet = status == 303 || request.method == "POST";
    if (!keepsMethod && becomesGet && request.method != "HEAD") {
        request.method = "GET";
        request.hasBody = false;
        request.body.clear();
        request.headers.removeIf([](const auto &header) { return header.first.toLower().startsWith("content-"); });
    }
    if (!isSameServer(from, to)) {
        request.basic.reset();
        request.headers.removeIf([](const auto &header) { return isCredential(header.first); });
    }
}

} // namespace

QString shownUrl(const QString &url)
{
    const QUrl parsed(url.trimmed(), QUrl::TolerantMode);
    if (!parsed.isValid() || parsed.host().isEmpty())
        return url.section(u'?', 0, 0).section(u'#', 0, 0).section(u'@', -1);
    return parsed.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

QByteArray headerOf(const WebHeaders &headers, QByteArrayView name)
{
    for (auto header = headers.crbegin(); header != headers.crend(); ++header) {
        if (header->first.compare(name, Qt::CaseInsensitive) == 0)
            return header->second.isNull() ? QByteArray("") : header->second;
    }
    return {};
}

Result<WebResponse> sendWebRequest(const WebRequest &wanted, const WebRules &rules, const CancelToken &cancel)
{
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK)
        return Error{ErrorCode::Internal, QString::fromUtf8(curl_easy_strerror(initialised)), {}};
    if (auto error = unsound(wanted))
        return *std::move(error);
    std::optional<std::chrono::steady_clock::time_point> deadline;
    if (wanted.timeout.count() > 0)
        deadline = std::chrono::steady_clock::now() + wanted.timeout;
    WebRequest request = wanted;
    QUrl url = sound(request.url);
    for (int redirects = 0;; ++redirects) {
        Result<WebResponse> answer = Sending(request, url, rules).run(cancel, deadline);
        if (!answer)
            return answer;
        answer->redirects = redirects;
        static const QList<int> moved{301, 302, 303, 307, 308};
        const QByteArray location = headerOf(answer->headers, "location");
        if (!moved.contains(answer->status) || location.isEmpty())
            return answer;
        const QUrl next = sound(url.resolved(QUrl::fromEncoded(location, QUrl::TolerantMode)).toString());
        if (next.isEmpty() || (url.scheme() == u"https" && next.scheme() == u"http"))
            return Error{ErrorCode::Unsupported,
                         WebClientText::tr("%1 redirects to %2, which is not followed: it is not safe.")
                             .arg(answer->url, shownUrl(QString::fromUtf8(location))),
                         answer->url};
        if (redirects == redirectsMost)
            return Error{ErrorCode::InvalidInput,
                         WebClientText::tr("%1 redirects again and again.").arg(shownUrl(wanted.url)),
                         shownUrl(wanted.url)};
        redirect(request, url, next, answer->status);
        url = next;
    }
}

} // namespace engine
