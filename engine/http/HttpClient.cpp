#include "engine/http/HttpClient.h"

#include <utility> // before asio: g++ 12 misses std::exchange in its coroutine support

#include "engine/base/Json.h"
#include "engine/base/PostTo.h"
#include "engine/http/HttpText.h"

#include <QCoreApplication>
#include <QFile>
#include <QPointer>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <atomic>
#include <limits>
#include <map>
#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace engine {

namespace {

using Local = asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::uint64_t answerMost = 512 * 1024 * 1024;
constexpr std::uint32_t answerHeadMost = 64 * 1024;
constexpr qsizetype lineMost = 64 * 1024 * 1024;

struct HttpClientText
{
    Q_DECLARE_TR_FUNCTIONS(engine::HttpClient)
};

// One request on a connection of its own, on the I/O thread.
class Call : public std::enable_shared_from_this<Call>
{
public:
    Call(asio::io_context &io, QString socketPath) : m_stream(io), m_path(std::move(socketPath))
    {
        m_parser.body_limit(answerMost);
        m_parser.header_limit(answerHeadMost);
    }
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;
    virtual ~Call() = default;

    void start(const HttpRequest &request, std::chrono::seconds timeout);
    void close() { m_stream.close(); }

protected:
    virtual void headRead() = 0; // of the answer
    virtual void failed(const Error &error) = 0;
    void readAll(std::function<void()> done);
    HttpResponse response();
    Error errorOf(error_code error) const;

    using Parser = http::response_parser<http::string_body>;
    beast::basic_stream<Local> m_stream;
    beast::flat_buffer m_buffer;
    Parser m_parser;

private:
    void readHead(error_code writeError);

    QString m_path;
    QByteArray m_request;
};

void Call::start(const HttpRequest &request, std::chrono::seconds timeout)
{
    m_request = requestHead(request) + request.body;
    m_parser.skip(request.method == "HEAD");
    const QByteArray name = QFile::encodeName(m_path);
    if (name.isEmpty() || size_t(name.size()) >= sizeof sockaddr_un::sun_path)
        return failed({ErrorCode::InvalidInput, HttpClientText::tr("%1 is no path of a socket.").arg(m_path), m_path});
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return failed(
            {ErrorCode::Io, HttpClientText::tr("No socket can be opened: %1.").arg(qt_error_string(errno)), m_path});
    m_stream.socket().assign(Local(), fd);
    m_stream.expires_after(timeout); // for all of it
    m_stream.async_connect(Local::endpoint(name.toStdString()), [self = shared_from_this()](error_code error) {
        if (error)
            return self->failed(self->errorOf(error));
        asio::async_write(self->m_stream,
                          asio::buffer(self->m_request.constData(), size_t(self->m_request.size())),
                          [self](error_code failure, std::size_t) { self->readHead(failure); });
    });
}

// A server may answer and close before it has read everything: then its answer counts, not the failure to send.
void Call::readHead(error_code writeError)
{
    if (writeError == beast::error::timeout)
        return failed(errorOf(writeError));
    http::async_read_header(
        m_stream, m_buffer, m_parser, [self = shared_from_this(), writeError](error_code error, std::size_t) {
            if (error)
                return self->failed(self->errorOf(writeError ? writeError : error));
            self->headRead();
        });
}

void Call::readAll(std::function<void()> done)
{
    http::async_read(m_stream,
                     m_buffer,
                     m_parser,
                     [self = shared_from_this(), done = std::move(done)](error_code error, std::size_t) {
                         if (error)
                             return self->failed(self->errorOf(error));
                         self->close();
                         done();
                     });
}

HttpResponse Call::response()
{
    auto message = m_parser.release();
    HttpResponse response;
    response.status = int(message.result_int());
    response.contentType.clear();
    for (const auto &field : message) {
        const QByteArray name = QByteArray(field.name_string().data(), qsizetype(field.name_string().size())).toLower();
        const QByteArray value(field.value().data(), qsizetype(field.value().size()));
        response.headers[name] = value;
        if (name == "content-type")
            response.contentType = value;
    }
    response.body = QByteArray(message.body().data(), qsizetype(message.body().size()));
    return response;
}

Error Call::errorOf(error_code error) const
{
    if (error == beast::error::timeout)
        return {ErrorCode::Timeout, HttpClientText::tr("The engine at %1 did not answer in time.").arg(m_path), m_path};
    if (error == boost::system::errc::no_such_file_or_directory)
        return {ErrorCode::NotFound,
                HttpClientText::tr("No engine is running: there is no socket %1.").arg(m_path),
                m_path};
    if (error == boost::system::errc::connection_refused)
        return {ErrorCode::Io,
                HttpClientText::tr("The engine at %1 is gone: nobody answers. Start it again.").arg(m_path),
                m_path};
    return {ErrorCode::Io,
            HttpClientText::tr("The connection to the engine at %1 broke: %2.")
                .arg(m_path, QString::fromStdString(error.message())),
            m_path};
}

class SingleCall final : public Call
{
public:
    SingleCall(asio::io_context &io, QString socketPath, std::function<void(Result<HttpResponse>)> answer)
        : Call(io, std::move(socketPath))
        , m_answer(std::move(answer))
    {
    }

private:
    void headRead() override
    {
        readAll([this] { m_answer(response()); });
    }
    void failed(const Error &error) override
    {
        close();
        m_answer(error);
    }

    std::function<void(Result<HttpResponse>)> m_answer; // thread-safe
};

// What one stream is for, known to its call (I/O thread) and to the client.
struct StreamReceiver
{
    std::function<void(QByteArray)> line; // client's thread, like the next
    std::function<void(Result<>)> ended;
    std::atomic_bool stopped = false;
};

class StreamCall final : public Call
{
public:
    // `post` brings a call home to the client's thread.
    using Post = std::function<void(std::function<void()>)>;

    StreamCall(std::shared_ptr<asio::io_context> io,
               QString socketPath,
               std::shared_ptr<StreamReceiver> receiver,
               Post post)
        : Call(*io, std::move(socketPath))
        , m_io(io)
        , m_receiver(std::move(receiver))
        , m_post(std::move(post))
    {
        m_parser.body_limit(std::numeric_limits<std::uint64_t>::max()); // Beast 1.74 takes none for zero
    }

private:
    // Lines on their way home. Reading goes on once they have arrived; when they never will, the connection ends.
    struct Delivery
    {
        Delivery(std::shared_ptr<asio::io_context> loop, std::shared_ptr<StreamCall> owner)
            : io(std::move(loop))
            , call(std::move(owner))
        {
        }
        Delivery(const Delivery &) = delete;
        Delivery &operator=(const Delivery &) = delete;
        ~Delivery()
        {
            asio::post(*io, [owner = std::move(call), goOn = delivered] { goOn ? owner->readMore() : owner->close(); });
        }

        std::shared_ptr<asio::io_context> io;
        std::shared_ptr<StreamCall> call;
        bool delivered = false;
    };

    void headRead() override;
    void failed(const Error &error) override;
    void readMore();
    void deliver(QList<QByteArray> lines);
    void end(const Result<> &result);

    std::weak_ptr<asio::io_context> m_io; // it owns this call
    std::shared_ptr<StreamReceiver> m_receiver;
    Post m_post;
    QByteArray m_rest; // of an unfinished line
};

void StreamCall::headRead()
{
    if (m_parser.get().result_int() == 200) {
        m_stream.expires_never();
        return readMore();
    }
    readAll([this] {
        const HttpResponse answer = response();
        const auto json = parseJson(answer.body, QString());
        const QString said = json ? stringAt(memberAt(*json, "error"), "message") : QString();
        const ErrorCode code = answer.status == 404 ? ErrorCode::NotFound
            : answer.status == 409                  ? ErrorCode::Conflict
            : answer.status < 500                   ? ErrorCode::InvalidInput
                                                    : ErrorCode::Io;
        const QString plain = HttpClientText::tr("The engine refused the stream (HTTP %1).").arg(answer.status);
        end(Error{code, said.isEmpty() ? plain : said, {}});
    });
}

void StreamCall::failed(const Error &error)
{
    close();
    end(error);
}

void StreamCall::readMore()
{
    if (m_receiver->stopped)
        return close();
    if (m_parser.is_done()) {
        close();
        if (!m_rest.isEmpty())
            return deliver({std::exchange(m_rest, {})}); // comes back here
        return end({});
    }
    const auto self = std::static_pointer_cast<StreamCall>(shared_from_this());
    http::async_read_some(m_stream, m_buffer, m_parser, [self](error_code error, std::size_t) {
        std::string &body = self->m_parser.get().body();
        self->m_rest.append(body.data(), qsizetype(body.size()));
        body.clear();
        if (self->m_rest.size() > lineMost)
            error = http::make_error_code(http::error::body_limit);
        if (error)
            return self->failed(self->errorOf(error));
        QList<QByteArray> lines = self->m_rest.split('\n');
        self->m_rest = lines.takeLast();
        lines.isEmpty() ? self->readMore() : self->deliver(std::move(lines));
    });
}

void StreamCall::deliver(QList<QByteArray> lines)
{
    const auto delivery =
        std::make_shared<Delivery>(m_io.lock(), std::static_pointer_cast<StreamCall>(shared_from_this()));
    m_post([receiver = m_receiver, lines = std::move(lines), delivery] {
        for (const QByteArray &line : lines) {
            if (receiver->stopped)
                return;
            receiver->line(line);
        }
        delivery->delivered = true;
    });
}

void StreamCall::end(const Result<> &result)
{
    m_post([receiver = m_receiver, result] {
        if (!receiver->stopped.exchange(true))
            receiver->ended(result);
    });
}

} // namespace

class HttpClient::Private
{
public:
    struct OpenStream
    {
        std::shared_ptr<StreamReceiver> receiver;
        std::weak_ptr<StreamCall> call;
        QMetaObject::Connection contextGone;
    };

    explicit Private(QString path) : socketPath(std::move(path)), thread([this] { io->run(); }) { }

    QString socketPath;
    std::shared_ptr<asio::io_context> io = std::make_shared<asio::io_context>(1);
    asio::executor_work_guard<asio::io_context::executor_type> work{io->get_executor()};
    std::map<StreamId, OpenStream> streams;
    StreamId lastStream = 0;
    std::thread thread; // last: it runs the loop above
};

HttpClient::HttpClient(QString socketPath, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(std::move(socketPath)))
{
}

HttpClient::~HttpClient()
{
    for (const auto &[id, stream] : d->streams)
        stream.receiver->stopped = true;
    d->io->stop();
    d->thread.join();
}

void HttpClient::send(HttpRequest request, QObject *context, Answer answer, std::chrono::seconds timeout)
{
    Q_ASSERT(context->thread() == thread());
    // The way home leads over this object, which outlives the I/O thread; `context` may go at any time.
    auto home = [this, guard = QPointer(context), answer = std::move(answer)](Result<HttpResponse> result) {
        postTo(this, [guard, answer, result = std::move(result)] {
            if (guard)
                answer(result);
        });
    };
    auto call = std::make_shared<SingleCall>(*d->io, d->socketPath, std::move(home));
    asio::post(*d->io,
               [call = std::move(call), request = std::move(request), timeout] { call->start(request, timeout); });
}

HttpClient::StreamId HttpClient::stream(const QString &pathAndQuery,
                                        QObject *context,
                                        std::function<void(QByteArray)> line,
                                        std::function<void(Result<>)> ended)
{
    Q_ASSERT(context->thread() == thread());
    const StreamId id = ++d->lastStream;
    auto receiver = std::make_shared<StreamReceiver>();
    receiver->line = std::move(line);
    receiver->ended = [this, id, ended = std::move(ended)](const Result<> &result) {
        stop(id);
        ended(result);
    };
    auto call = std::make_shared<StreamCall>(
        d->io, d->socketPath, receiver, [this](std::function<void()> home) { postTo(this, std::move(home)); });
    d->streams[id] = {.receiver = receiver,
                      .call = call,
                      .contextGone = connect(context, &QObject::destroyed, this, [this, id] { stop(id); })};
    HttpRequest request;
    request.method = "GET";
    if (auto read = readTarget(pathAndQuery.toUtf8(), request); !read) {
        postTo(this, [receiver, error = read.error()] {
            if (!receiver->stopped.exchange(true))
                receiver->ended(error);
        });
        return id;
    }
    asio::post(*d->io, [call = std::move(call), request = std::move(request)] {
        call->start(request, std::chrono::seconds(60)); // until the answer begins
    });
    return id;
}

void HttpClient::stop(StreamId stream)
{
    const auto known = d->streams.find(stream);
    if (known == d->streams.end())
        return;
    known->second.receiver->stopped = true;
    disconnect(known->second.contextGone);
    asio::post(*d->io, [call = known->second.call] {
        if (const auto open = call.lock())
            open->close();
    });
    d->streams.erase(known);
}

} // namespace engine

#include "moc_HttpClient.cpp"
