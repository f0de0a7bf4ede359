#include "engine/api/EventStream.h"

#include "engine/records/OutputPreview.h"

namespace engine {

namespace {

constexpr Millis pingEvery{15000};
constexpr int pageSize = 500;

// A large output is announced by its preview; who wants it asks for it. Sent whole it would put every client behind.
Json eventJson(const RunEvent &event)
{
    const auto *output = std::get_if<CellOutput>(&event.body);
    const qint64 size = output ? outputBytes(output->output) : 0;
    if (size <= largestOutput)
        return toJson(event);
    CellOutput shown{.activityRun = output->activityRun,
                     .attempt = output->attempt,
                     .cell = output->cell,
                     .change = output->change,
                     .position = output->position,
                     .output = outputPreview(output->output, size)};
    return toJson(RunEvent{
        .sequence = event.sequence, .at = event.at, .factory = event.factory, .run = event.run, .body = shown});
}

} // namespace

EventStream::EventStream(RunJournal &journal, TelemetryLog &telemetry, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_journal(journal)
    , m_clock(clock)
{
    connect(&journal, &RunJournal::recorded, this, &EventStream::tell);
    connect(&telemetry, &TelemetryLog::recorded, this, &EventStream::tell);
    ping();
}

EventStream::~EventStream()
{
    for (Client &client : m_clients)
        client.reply.finish();
}

void EventStream::addRoutes(Router &router)
{
    router.add("GET", QStringLiteral("/slipway/v1/events"), [this](const ApiRequest &request, ApiReply reply) {
        open(request, std::move(reply));
    });
}

void EventStream::open(const ApiRequest &request, ApiReply reply)
{
    const RunId run(request.http.query.value(QStringLiteral("run")));
    const bool withPast = request.http.query.contains(QStringLiteral("after"));
    qint64 after = request.http.query.value(QStringLiteral("after")).toLongLong();
    HttpReply &stream = reply.stream();
    stream.startStream();
    stream.write("{\"kind\":\"hello\"}\n");
    // Everything up to now in one go: nothing can be recorded between the last page and the first live event, because
    // both are told on this loop.
    while (withPast) {
        const Result<QList<RunEvent>> page = m_journal.events(after, pageSize);
        if (!page) {
            stream.write(toCompact(Json{{"error", toJson(page.error())}}) + '\n');
            stream.finish();
            return;
        }
        for (const RunEvent &event : *page) {
            after = event.sequence;
            if ((run.isEmpty() || event.run == run) && !stream.write(toCompact(toJson(event)) + '\n'))
                return;
        }
        if (page->size() < pageSize)
            break;
    }
    m_clients.push_back({stream, run});
    const auto client = std::prev(m_clients.end());
    stream.onClosed(this, [this, client] { m_clients.erase(client); });
}

void EventStream::tell(const RunEvent &event)
{
    if (m_clients.empty())
        return;
    const QByteArray line = toCompact(eventJson(event)) + '\n';
    for (Client &client : m_clients) {
        if (client.run.isEmpty() || client.run == event.run)
            client.reply.write(line); // a client that is gone is told to onClosed
    }
}

void EventStream::ping()
{
    for (Client &client : m_clients)
        client.reply.write("{\"kind\":\"ping\"}\n");
    m_clock.after(pingEvery, this, [this] { ping(); });
}

} // namespace engine

#include "moc_EventStream.cpp"
