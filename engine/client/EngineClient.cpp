#include "engine/client/EngineClient.h"

#include "engine/base/PostTo.h"
#include "engine/base/ProcessState.h"
#include "engine/http/HttpClient.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QProcess>
#include <QThreadPool>
#include <QTimer>
#include <QUrl>
#include <QUrlQuery>

namespace engine {

namespace {

constexpr int helloTimeoutMs = 30000;
constexpr int helloEveryMs = 50;
constexpr int graceMs = 1500;
constexpr int watchAgainMs = 500;
constexpr qsizetype readAtOnce = 128 * 1024; // bytes of an answer that are parsed in no time

// The context of this file's texts for translators.
struct EngineClientText
{
    Q_DECLARE_TR_FUNCTIONS(engine::EngineClient)
};

ErrorCode codeFrom(const QString &text)
{
    for (const ErrorCode code : {ErrorCode::InvalidInput,
                                 ErrorCode::NotFound,
                                 ErrorCode::Io,
                                 ErrorCode::Timeout,
                                 ErrorCode::Cancelled,
                                 ErrorCode::Conflict,
                                 ErrorCode::Unsupported}) {
        if (toString(code) == text)
            return code;
    }
    return ErrorCode::Internal;
}

// The last lines of the engine's log that are about the start that failed.
QString lastWords(const QString &log, qint64 from)
{
    QFile file(log);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    file.seek(std::max(from, file.size() - 2000));
    return QString::fromUtf8(file.readAll()).trimmed();
}

// What an answer without failure says as JSON; text of another kind is {"text": …}.
Result<Json> contentOf(const HttpResponse &response)
{
    if (response.body.isEmpty())
        return Json::object();
    if (response.contentType.startsWith("application/json"))
        return parseJson(response.body, QStringLiteral("answer"));
    return Json{{"text", response.body.toStdString()}};
}

} // namespace

QString encodedPath(const QString &segment) { return QString::fromLatin1(QUrl::toPercentEncoding(segment)); }

EngineClient::~EngineClient() = default;

class LocalEngineClient::Private
{
public:
    explicit Private(Places enginePlaces) : places(std::move(enginePlaces)), http(places.socket) { }

    struct Start
    {
        QPointer<QObject> context;
        Answer hello;
        QElapsedTimer since;
        QElapsedTimer endedSince;
        qint64 logSize = 0;
        qint64 pid = 0;
    };

    // Parses a large answer on a thread of the pool.
    void read(LocalEngineClient *client,
              HttpResponse response,
              QObject *context,
              std::function<void(int, Result<Json>)> tell)
    {
        readers.start([client, response = std::move(response), guard = QPointer(context), tell = std::move(tell)] {
            const auto json = std::make_shared<Result<Json>>(contentOf(response));
            postTo(client, [json, status = response.status, guard, tell] {
                if (guard)
                    tell(status, std::move(*json));
            });
        });
    }

    Places places;
    HttpClient http;
    qint64 ownPid = 0; // of the engine that was started here last
    QThreadPool readers; // of large answers; last: nothing is read any more when the rest goes
};

LocalEngineClient::LocalEngineClient(Places places, QObject *parent)
    : EngineClient(parent)
    , d(std::make_unique<Private>(std::move(places)))
{
}

LocalEngineClient::~LocalEngineClient() = default;

void LocalEngineClient::call(
    const QByteArray &method, const QString &pathAndQuery, const Json &body, QObject *context, Answer answer)
{
    HttpRequest request;
    request.method = method;
    const QUrl url(pathAndQuery);
    request.path = url.path(QUrl::FullyDecoded);
    const auto items = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    for (const auto &[key, value] : items)
        request.query.insert(key, value);
    if (!body.is_null()) {
        request.body = toCompact(body);
        request.headers.insert("content-type", "application/json");
    }
    const QPointer<LocalEngineClient> self(this);
    const auto tell = [self, answer = std::move(answer)](int status, Result<Json> json) {
        if (!json || status < 400) {
            answer(std::move(json));
            return;
        }
        const Json &error = memberAt(*json, "error");
        if (self)
            self->m_errorDetails = memberAt(error, "details");
        answer(
            Error{codeFrom(stringAt(error, "code")),
                  stringAt(error, "message", EngineClientText::tr("The engine answered with status %1.").arg(status)),
                  stringAt(error, "where")});
    };
    d->http.send(std::move(request), context, [this, context, tell](Result<HttpResponse> response) {
        if (!response)
            tell(0, response.error());
        else if (response->body.size() <= readAtOnce)
            tell(response->status, contentOf(*response));
        else
            d->read(this, *std::move(response), context, tell);
    });
}

void LocalEngineClient::watch(qint64 after,
                              QObject *context,
                              std::function<void()> opened,
                              std::function<void(const RunEvent &)> event)
{
    struct State
    {
        qint64 last;
        bool isOpen = false;
    };
    const auto state = std::make_shared<State>(State{after});
    const QPointer<QObject> guard(context);
    const QString path =
        after < 0 ? QStringLiteral("/slipway/v1/events") : QStringLiteral("/slipway/v1/events?after=%1").arg(after);
    const auto line = [state, opened, event](const QByteArray &text) {
        const Result<Json> json = parseJson(text, QStringLiteral("event"));
        if (!json)
            return;
        const QString kind = stringAt(*json, "kind");
        if (kind == u"hello") {
            if (!std::exchange(state->isOpen, true) && opened)
                opened();
            return;
        }
        if (kind == u"ping")
            return;
        const Result<RunEvent> read = runEventFromJson(*json);
        if (!read)
            return;
        if (read->sequence > 0)
            state->last = read->sequence;
        event(*read);
    };
    d->http.stream(path, context, line, [this, guard, state, opened, event](const Result<> &ended) {
        if (!guard)
            return;
        emit lost(ended ? Error{ErrorCode::Io, EngineClientText::tr("The engine ended the event stream."), {}}
                        : ended.error());
        QTimer::singleShot(watchAgainMs, guard, [this, guard, state, opened, event] {
            watch(state->last, guard, state->isOpen ? std::function<void()>() : opened, event);
        });
    });
}

void LocalEngineClient::ensureEngine(const QString &program, QObject *context, Answer hello)
{
    const auto start = std::make_shared<Private::Start>();
    start->context = context;
    start->hello = std::move(hello);
    start->logSize = QFileInfo(d->places.log).size();
    const auto ask = std::make_shared<std::function<void()>>();
    *ask = [this, program, start, weak = std::weak_ptr(ask)] {
        call("GET",
             QStringLiteral("/slipway/v1/engine"),
             {},
             this,
             [this, program, start, ask = weak.lock()](Result<Json> answer) {
                 if (!start->context)
                     return;
                 if (answer || program.isEmpty()) {
                     if (answer) {
                         if (start->pid > 0)
                             d->ownPid = start->pid;
                         m_isOwnEngine = d->ownPid > 0 && intAt(*answer, "pid") == d->ownPid;
                         start->hello(std::move(answer));
                     } else {
                         start->hello(Error{
                             ErrorCode::NotFound,
                             EngineClientText::tr("No engine is running; start one with `slipwayctl engine start`."),
                             d->places.socket});
                     }
                     return;
                 }
                 if (!start->since.isValid()) {
                     if (const Result<> made = d->places.make(); !made) {
                         start->hello(made.error());
                         return;
                     }
                     QProcess process;
                     process.setProgram(program);
                     process.setArguments({QStringLiteral("--on-demand")});
                     process.setStandardInputFile(QProcess::nullDevice());
                     process.setStandardOutputFile(d->places.log, QIODevice::Append);
                     process.setStandardErrorFile(d->places.log, QIODevice::Append);
                     process.setWorkingDirectory(QStringLiteral("/"));
                     if (!process.startDetached(&start->pid)) {
                         start->hello(Error{ErrorCode::Io,
                                            EngineClientText::tr("The engine %1 could not be started: %2")
                                                .arg(program, process.errorString()),
                                            program});
                         return;
                     }
                     start->since.start();
                 }
                 const bool ended = start->pid > 0 && !isProcessAlive(start->pid);
                 if (ended && !start->endedSince.isValid())
                     start->endedSince.start(); // perhaps because another engine was faster, and that one answers soon
                 const bool isOver = start->endedSince.isValid() && start->endedSince.elapsed() > graceMs;
                 if (isOver || start->since.elapsed() > helloTimeoutMs) {
                     const QString words = lastWords(d->places.log, start->logSize);
                     start->hello(Error{ended ? ErrorCode::Io : ErrorCode::Timeout,
                                        EngineClientText::tr("The engine did not start: %1")
                                            .arg(words.isEmpty() ? EngineClientText::tr("it said nothing") : words),
                                        d->places.log});
                     return;
                 }
                 QTimer::singleShot(helloEveryMs, this, [ask] { (*ask)(); });
             });
    };
    (*ask)();
}

} // namespace engine

#include "moc_EngineClient.cpp"
