#include "engine/http/HttpServer.h"

#include <utility> // before asio: g++ 12 misses std::exchange in its coroutine support

#include "engine/base/PostTo.h"
#include "engine/http/HttpText.h"
#include "engine/http/ListeningSocket.h"

#include <QCoreApplication>
#include <QFile>
#include <QPointer>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <atomic>
#include <deque>
#include <set>
#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace engine {

namespace {

// Unix sockets, and TCP too: asio only moves the bytes of descriptors that are open already.
using Protocol = asio::local::stream_protocol;
using Stream = beast::basic_stream<Protocol>;
using Parser = http::request_parser<http::string_body>;
using boost::system::error_code;

constexpr qsizetype behindMost = 8 * 1024 * 1024;
constexpr qsizetype writeMost = 256 * 1024; // in one go, so that the deadline is for progress, not for size
constexpr qsizetype targetMost = 8 * 1024;
constexpr int fieldsMost = 100;

struct HttpServerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::HttpServer)
};

class Session;

// What outlives server and sessions while a reply is held somewhere: the loop that replies are posted to, and the
// counts that limits are about.
struct ServerState
{
    explicit ServerState(const HttpLimits &given) : limits(given) { }

    const HttpLimits limits;
    quint16 port = 0; // of TCP; set before the first connection
    std::atomic_int connections = 0;
    std::atomic_int inFlight = 0;
    std::atomic_int streams = 0;
    asio::io_context io{1}; // last: sessions die with it, and count themselves out
};

// One request and its answer, shared by the session (I/O thread) and the reply (engine loop).
struct Exchange
{
    std::shared_ptr<ServerState> server;
    std::weak_ptr<Session> session; // I/O thread
    std::atomic_bool closed = false; // the client is gone
    std::atomic<qsizetype> behind = 0; // bytes given to write() and not yet taken by the client

    // Engine loop.
    bool answered = false; // send() or startStream()
    bool streaming = false;
    std::vector<std::pair<QPointer<QObject>, std::function<void()>>> closedCalls;

    void tellClosed()
    {
        for (auto &[context, call] : std::exchange(closedCalls, {})) {
            if (context)
                postTo(context, std::move(call));
        }
    }
};

bool isOwnPeer(int fd)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

QByteArray chunkOf(const QByteArray &bytes) { return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n"; }

// One connection, on the I/O thread: reads a request, waits for its answer, writes it, reads the next.
class Session : public std::enable_shared_from_this<Session>
{
public:
    using Dispatch = std::function<void(HttpRequest, std::shared_ptr<Exchange>)>;
    using Gone = std::function<void(std::shared_ptr<Exchange>)>;

    Session(std::shared_ptr<ServerState> state, int fd, Dispatch dispatch, Gone gone)
        : m_state(state.get())
        , m_owner(state)
        , m_stream(state->io)
        , m_dispatch(std::move(dispatch))
        , m_gone(std::move(gone))
    {
        m_stream.socket().assign(Protocol(), fd);
        ++m_state->connections;
    }
    ~Session() { --m_state->connections; }

    void start() { readHead(); }
    bool isAnswering(const std::shared_ptr<Exchange> &exchange) const { return !m_closed && m_exchange == exchange; }
    void close();
    void respond(const HttpResponse &response);
    void beginStream(const QByteArray &contentType);
    void writeChunk(const QByteArray &bytes);
    void endStream();
    void refuse(int status, const QString &message); // answers and closes

private:
    void awaitRequest();
    void readHead();
    void headRead(error_code error);
    void readBody();
    void bodyRead(error_code error);
    void dispatch();
    void watchPeer();
    void write(QByteArray bytes);
    void writeNext();
    void written(error_code error);
    void answerWritten();
    void drain();
    bool takesChunks() const { return m_version >= 11; }
    bool isForThisHost(beast::string_view host) const;

    ServerState *m_state; // outlives the session: the loop inside owns it
    std::weak_ptr<ServerState> m_owner;
    Stream m_stream;
    Dispatch m_dispatch;
    Gone m_gone;
    beast::flat_buffer m_buffer;
    std::optional<Parser> m_parser;
    std::shared_ptr<Exchange> m_exchange; // while a request is being answered
    std::deque<QByteArray> m_outgoing;
    QByteArray m_writing;
    bool m_isWriting = false;
    bool m_closed = false;
    bool m_keepAlive = false;
    bool m_isHead = false;
    bool m_lastQueued = false; // the answer's end is in m_outgoing
    unsigned m_version = 11;
    qsizetype m_drained = 0;
};

void Session::close()
{
    if (std::exchange(m_closed, true))
        return;
    error_code ignored;
    m_stream.socket().shutdown(Protocol::socket::shutdown_both, ignored);
    m_stream.close();
    if (m_exchange) {
        m_exchange->closed = true;
        --m_state->inFlight;
        m_gone(std::exchange(m_exchange, nullptr));
    }
}

void Session::awaitRequest()
{
    if (m_buffer.size() > 0) {
        readHead();
        return;
    }
    m_stream.expires_after(m_state->limits.idleDeadline);
    m_stream.async_read_some(m_buffer.prepare(4096), [self = shared_from_this()](error_code error, std::size_t bytes) {
        if (error)
            return self->close();
        self->m_buffer.commit(bytes);
        self->readHead();
    });
}

void Session::readHead()
{
    m_parser.emplace();
    m_parser->header_limit(std::uint32_t(m_state->limits.headerBytes));
    m_parser->body_limit(std::uint64_t(m_state->limits.bodyBytes));
    m_version = 11;
    m_keepAlive = false;
    m_isHead = false;
    m_lastQueued = false;
    m_stream.expires_after(m_state->limits.headerDeadline);
    http::async_read_header(m_stream, m_buffer, *m_parser, [self = shared_from_this()](error_code error, std::size_t) {
        self->headRead(error);
    });
}

void Session::headRead(error_code error)
{
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return refuse(431, HttpServerText::tr("The headers of the request are too long."));
    if (error == http::error::body_limit)
        return refuse(413, HttpServerText::tr("The body of the request is too long."));
    if (error == http::error::bad_version)
        return refuse(505, HttpServerText::tr("Only HTTP/1.0 and HTTP/1.1 are spoken here."));
    if (error && error.category() == http::make_error_code(http::error::bad_method).category()
        && error != http::error::end_of_stream && error != http::error::partial_message)
        return refuse(
            400,
            HttpServerText::tr("This is not a sound HTTP request (%1).").arg(QString::fromStdString(error.message())));
    if (error)
        return close();
    const auto &head = m_parser->get();
    m_version = head.version();
    m_isHead = head.method() == http::verb::head;
    if (!isForThisHost(head[http::field::host]))
        return refuse(421, HttpServerText::tr("This server answers on this machine only, by its address."));
    if (qsizetype(head.target().size()) > targetMost)
        return refuse(414, HttpServerText::tr("The address of the request is too long."));
    if (std::distance(head.begin(), head.end()) > fieldsMost)
        return refuse(431, HttpServerText::tr("The request has too many headers."));
    // Both at once, or a coding nobody here undoes, is how one request is smuggled inside another.
    const auto coding = head.find(http::field::transfer_encoding);
    if (coding != head.end() && !beast::iequals(coding->value(), "chunked"))
        return refuse(501, HttpServerText::tr("The only transfer encoding understood is \"chunked\"."));
    if (coding != head.end() && head.find(http::field::content_length) != head.end())
        return refuse(400, HttpServerText::tr("A request has a length or is chunked, not both."));
    if (m_parser->content_length().value_or(0) > std::uint64_t(m_state->limits.bodyBytes))
        return refuse(413, HttpServerText::tr("The body of the request is too long."));
    const auto expects = head.find(http::field::expect);
    if (expects == head.end() || m_version < 11)
        return readBody();
    if (!beast::iequals(expects->value(), "100-continue"))
        return refuse(417, HttpServerText::tr("The only expectation understood is \"100-continue\"."));
    m_stream.expires_after(m_state->limits.writeDeadline);
    static const QByteArray goOn = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(m_stream,
                      asio::buffer(goOn.constData(), size_t(goOn.size())),
                      [self = shared_from_this()](error_code failed, std::size_t) {
                          return failed ? self->close() : self->readBody();
                      });
}

// A page in a browser whose name was made to lead here names another host (DNS rebinding).
bool Session::isForThisHost(beast::string_view host) const
{
    if (m_state->port == 0)
        return true;
    const std::string port = ':' + std::to_string(m_state->port);
    return host == "127.0.0.1" + port || beast::iequals(host, "localhost" + port);
}

void Session::readBody()
{
    if (m_parser->is_done())
        return bodyRead({});
    m_stream.expires_after(m_state->limits.bodyDeadline);
    http::async_read(m_stream, m_buffer, *m_parser, [self = shared_from_this()](error_code error, std::size_t) {
        self->bodyRead(error);
    });
}

void Session::bodyRead(error_code error)
{
    if (error == http::error::body_limit)
        return refuse(413, HttpServerText::tr("The body of the request is too long."));
    if (error && error.category() == http::make_error_code(http::error::bad_chunk).category()
        && error != http::error::partial_message && error != http::error::end_of_stream)
        return refuse(400,
                      HttpServerText::tr("The body of the request cannot be read (%1).")
                          .arg(QString::fromStdString(error.message())));
    if (error)
        return close();
    dispatch();
}

void Session::dispatch()
{
    auto message = m_parser->release();
    m_keepAlive = message.keep_alive() && m_version >= 11;
    HttpRequest request;
    request.overUnixSocket = m_state->port == 0;
    request.method = QByteArray(message.method_string().data(), qsizetype(message.method_string().size()));
    if (auto read = readTarget({message.target().data(), qsizetype(message.target().size())}, request); !read)
        return refuse(400, read.error().message);
    for (const auto &field : message) {
        const QByteArray name = QByteArray(field.name_string().data(), qsizetype(field.name_string().size())).toLower();
        const QByteArray value(field.value().data(), qsizetype(field.value().size()));
        QByteArray &known = request.headers[name];
        known = known.isNull() ? value : QByteArray(known + ", " + value);
    }
    request.body = QByteArray(message.body().data(), qsizetype(message.body().size()));
    m_exchange = std::make_shared<Exchange>();
    m_exchange->server = m_owner.lock();
    m_exchange->session = weak_from_this();
    m_stream.expires_never();
    watchPeer();
    if (++m_state->inFlight > m_state->limits.inFlight) {
        HttpResponse busy = plainAnswer(503, HttpServerText::tr("Too many requests at once. Try again in a second."));
        busy.headers["Retry-After"] = "1";
        respond(busy);
    } else {
        m_dispatch(std::move(request), m_exchange);
    }
}

void Session::refuse(int status, const QString &message)
{
    m_keepAlive = false;
    respond(plainAnswer(status, message));
}

// Fires when the client has closed its side for good (a client that has only finished sending is still there).
void Session::watchPeer()
{
    m_stream.socket().async_wait(Protocol::socket::wait_error,
                                 [self = shared_from_this(), exchange = m_exchange](error_code error) {
                                     if (!error && self->m_exchange == exchange)
                                         self->close();
                                 });
}

void Session::respond(const HttpResponse &response)
{
    if (m_closed || m_lastQueued)
        return;
    m_lastQueued = true;
    QByteArray bytes = responseHead(response, response.body.size(), {}, m_keepAlive);
    if (!m_isHead && response.status != 204)
        bytes += response.body;
    write(std::move(bytes));
}

void Session::beginStream(const QByteArray &contentType)
{
    if (m_closed || m_lastQueued)
        return;
    HttpResponse response;
    response.contentType = contentType;
    response.headers["Cache-Control"] = "no-store";
    // HTTP/1.0 knows no chunks: there the end of the connection is the end of the answer.
    write(responseHead(response, std::nullopt, takesChunks() ? "chunked" : "", m_keepAlive));
}

void Session::writeChunk(const QByteArray &bytes)
{
    if (m_closed || m_lastQueued || m_isHead)
        return;
    write(takesChunks() ? chunkOf(bytes) : bytes);
}

void Session::endStream()
{
    if (m_closed || std::exchange(m_lastQueued, true))
        return;
    write(takesChunks() && !m_isHead ? QByteArray("0\r\n\r\n") : QByteArray());
}

void Session::write(QByteArray bytes)
{
    m_outgoing.push_back(std::move(bytes));
    if (!m_isWriting)
        writeNext();
}

void Session::writeNext()
{
    while (!m_outgoing.empty() && m_writing.size() < writeMost) {
        QByteArray &first = m_outgoing.front();
        const qsizetype room = writeMost - m_writing.size();
        m_writing += first.first(std::min(room, first.size()));
        if (first.size() <= room)
            m_outgoing.pop_front();
        else
            first.remove(0, room);
    }
    m_isWriting = true;
    m_stream.expires_after(m_state->limits.writeDeadline);
    asio::async_write(m_stream,
                      asio::buffer(m_writing.constData(), size_t(m_writing.size())),
                      [self = shared_from_this()](error_code error, std::size_t) { self->written(error); });
}

void Session::written(error_code error)
{
    m_isWriting = false;
    if (error)
        return close();
    if (m_exchange) {
        const qsizetype behind = m_exchange->behind;
        m_exchange->behind -= std::min(behind, m_writing.size());
    }
    m_writing.clear();
    m_stream.expires_never();
    if (!m_outgoing.empty())
        writeNext();
    else if (m_lastQueued)
        answerWritten();
}

void Session::answerWritten()
{
    if (m_exchange) {
        --m_state->inFlight;
        m_exchange.reset();
        error_code ignored;
        m_stream.socket().cancel(ignored); // the watch on the peer
    }
    if (m_keepAlive)
        return awaitRequest();
    // Whoever is cut off while still sending does not get to read the answer: give it a moment.
    error_code ignored;
    m_stream.socket().shutdown(Protocol::socket::shutdown_send, ignored);
    m_stream.expires_after(std::chrono::seconds(1));
    m_buffer.clear();
    drain();
}

void Session::drain()
{
    m_stream.async_read_some(m_buffer.prepare(16 * 1024),
                             [self = shared_from_this()](error_code error, std::size_t bytes) {
                                 self->m_drained += qsizetype(bytes);
                                 if (error || self->m_drained > behindMost)
                                     return self->close();
                                 self->drain();
                             });
}

} // namespace

// ---------------------------------------------------------------------------------------------------------------------

class HttpReply::Connection
{
public:
    explicit Connection(std::shared_ptr<Exchange> exchange) : m_exchange(std::move(exchange)) { }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection();

    template <typename Call> void toSession(Call call)
    {
        if (m_exchange->closed)
            return;
        asio::post(m_exchange->server->io, [exchange = m_exchange, call = std::move(call)] {
            if (const auto session = exchange->session.lock(); session && session->isAnswering(exchange))
                call(*session);
        });
    }
    Exchange &exchange() { return *m_exchange; }
    void endStreaming()
    {
        if (std::exchange(m_exchange->streaming, false))
            --m_exchange->server->streams;
    }

private:
    std::shared_ptr<Exchange> m_exchange;
};

HttpReply::Connection::~Connection()
{
    if (!m_exchange->answered) {
        toSession([](Session &session) { session.refuse(500, HttpServerText::tr("The request was not answered.")); });
    } else if (m_exchange->streaming) {
        toSession([](Session &session) { session.close(); }); // an end that is no end: the client can tell
    }
    endStreaming();
    m_exchange->closedCalls.clear();
}

HttpReply::HttpReply(std::shared_ptr<Connection> connection) : m_connection(std::move(connection)) { }

void HttpReply::send(HttpResponse response)
{
    if (std::exchange(m_connection->exchange().answered, true))
        return;
    m_connection->toSession([response = std::move(response)](Session &session) { session.respond(response); });
    m_connection->exchange().closedCalls.clear();
}

void HttpReply::startStream(QByteArray contentType)
{
    Exchange &exchange = m_connection->exchange();
    if (exchange.answered)
        return;
    if (++exchange.server->streams > exchange.server->limits.streams) {
        --exchange.server->streams;
        HttpResponse busy = plainAnswer(503, HttpServerText::tr("Too many streams at once. Close another one."));
        busy.headers["Retry-After"] = "1";
        send(std::move(busy));
        return;
    }
    exchange.answered = true;
    exchange.streaming = true;
    m_connection->toSession(
        [contentType = std::move(contentType)](Session &session) { session.beginStream(contentType); });
}

bool HttpReply::write(const QByteArray &chunk)
{
    Exchange &exchange = m_connection->exchange();
    if (!exchange.streaming || exchange.closed)
        return false;
    if (chunk.isEmpty())
        return true;
    if ((exchange.behind += chunk.size()) > behindMost) {
        m_connection->toSession([](Session &session) { session.close(); });
        m_connection->endStreaming();
        return false;
    }
    m_connection->toSession([chunk](Session &session) { session.writeChunk(chunk); });
    return true;
}

void HttpReply::finish()
{
    Exchange &exchange = m_connection->exchange();
    if (!exchange.streaming)
        return;
    m_connection->toSession([](Session &session) { session.endStream(); });
    m_connection->endStreaming();
    exchange.closedCalls.clear();
}

void HttpReply::onClosed(QObject *context, std::function<void()> call)
{
    Exchange &exchange = m_connection->exchange();
    if (exchange.answered && !exchange.streaming)
        return;
    exchange.closedCalls.emplace_back(context, std::move(call));
    if (exchange.closed)
        exchange.tellClosed();
}

// ---------------------------------------------------------------------------------------------------------------------

class HttpServer::Private
{
public:
    Private(HttpServer *server, Handler requestHandler, const HttpLimits &limits)
        : q(server)
        , handler(std::move(requestHandler))
        , state(std::make_shared<ServerState>(limits))
    {
    }

    Result<> listenAt(const Result<int> &socket);
    void stop();

    // I/O thread.
    void awaitConnection();
    void accept();

    HttpServer *q;
    Handler handler;
    std::shared_ptr<ServerState> state;
    std::vector<std::weak_ptr<Exchange>> exchanges; // engine loop: to tell them when the server goes
    QString socketPath;
    struct stat socketFile
    {
    };
    std::thread thread;

    std::optional<Protocol::acceptor> acceptor; // I/O thread
    std::optional<asio::steady_timer> pause; // I/O thread
    std::vector<std::weak_ptr<Session>> sessions; // I/O thread
};

HttpServer::HttpServer(Handler handler, HttpLimits limits, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(handler), limits))
{
}

HttpServer::~HttpServer() { d->stop(); }

int HttpServer::connections() const { return d->state->connections; }

Result<> HttpServer::listenUnix(const QString &socketPath)
{
    Q_ASSERT(!d->acceptor);
    const Result<int> socket = listenOnUnixSocket(socketPath, &d->socketFile);
    if (socket)
        d->socketPath = socketPath;
    return d->listenAt(socket);
}

Result<quint16> HttpServer::listenLoopback()
{
    Q_ASSERT(!d->acceptor);
    const Result<int> socket = listenOnLoopback(&d->state->port);
    if (const Result<> listening = d->listenAt(socket); !listening)
        return listening.error();
    return d->state->port;
}

Result<> HttpServer::Private::listenAt(const Result<int> &socket)
{
    if (!socket)
        return socket.error();
    acceptor.emplace(state->io);
    acceptor->assign(Protocol(), *socket);
    pause.emplace(state->io);
    awaitConnection();
    thread = std::thread([this] { state->io.run(); });
    return {};
}

void HttpServer::Private::awaitConnection()
{
    acceptor->async_wait(Protocol::acceptor::wait_read, [this](error_code error) {
        if (!error)
            accept();
    });
}

void HttpServer::Private::accept()
{
    std::erase_if(sessions, [](const auto &session) { return session.expired(); });
    while (true) {
        const int fd = ::accept4(acceptor->native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (fd < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            // No file descriptors left, most likely: others will be closed meanwhile.
            pause->expires_after(std::chrono::milliseconds(100));
            pause->async_wait([this](error_code error) {
                if (!error)
                    accept();
            });
            return;
        }
        if (fd < 0)
            break;
        if ((state->port == 0 && !isOwnPeer(fd)) || state->connections >= state->limits.connections) {
            ::close(fd);
            continue;
        }
        const auto session = std::make_shared<Session>(
            state,
            fd,
            [this](HttpRequest request, std::shared_ptr<Exchange> exchange) {
                postTo(q, [this, request = std::move(request), exchange = std::move(exchange)] {
                    std::erase_if(exchanges, [](const auto &known) { return known.expired(); });
                    exchanges.push_back(exchange);
                    handler(request, HttpReply(std::make_shared<HttpReply::Connection>(exchange)));
                });
            },
            [this](std::shared_ptr<Exchange> exchange) {
                postTo(q, [exchange = std::move(exchange)] { exchange->tellClosed(); });
            });
        sessions.push_back(session);
        session->start();
    }
    awaitConnection();
}

void HttpServer::Private::stop()
{
    if (thread.joinable()) {
        asio::post(state->io, [this] {
            error_code ignored;
            acceptor->close(ignored);
            pause->cancel();
            for (const auto &known : std::exchange(sessions, {})) {
                if (const auto session = known.lock())
                    session->close();
            }
        });
        thread.join(); // when nothing is under way any more
    }
    const QByteArray name = QFile::encodeName(socketPath);
    struct stat now
    {
    };
    if (!socketPath.isEmpty() && ::lstat(name.constData(), &now) == 0 && now.st_ino == socketFile.st_ino
        && now.st_dev == socketFile.st_dev)
        ::unlink(name.constData());
    for (const auto &known : std::exchange(exchanges, {})) {
        if (const auto exchange = known.lock()) {
            exchange->closed = true;
            exchange->tellClosed();
        }
    }
}

} // namespace engine

#include "moc_HttpServer.cpp"
