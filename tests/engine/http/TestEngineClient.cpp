#include "engine/client/EngineClient.h"

#include "engine/http/HttpServer.h"
#include "tests/support/TestMain.h"

#include <QTemporaryDir>

#include <ctime>

using namespace engine;

// The client of the engine's API against a server that answers what the test says.
class TestEngineClient : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void readsLargeAnswersOnAnotherThread();
    void tellsWhyALargeRequestIsRefused();
    void mayGoWhileALargeAnswerIsRead();

private:
    QByteArray m_answer;
    int m_status = 200;
    std::optional<QTemporaryDir> m_folder;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<LocalEngineClient> m_client;
};

SLIPWAY_TEST(TestEngineClient)

namespace {

const QString route = QStringLiteral("/slipway/v1/large");

QByteArray largeJson()
{
    QByteArray rows;
    for (int row = 0; row < 200'000; ++row)
        rows += (row > 0 ? ",{\"row\":" : "{\"row\":") + QByteArray::number(row) + ",\"text\":\"a cell of a table\"}";
    return "{\"value\":[" + rows + "],\"error\":{\"code\":\"Conflict\",\"message\":\"Somebody was faster.\"}}";
}

double threadMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1000 + double(time.tv_nsec) / 1e6;
}

} // namespace

void TestEngineClient::init()
{
    m_answer = largeJson();
    m_status = 200;
    m_folder.emplace();
    Places places;
    places.socket = m_folder->filePath(QStringLiteral("engine.sock"));
    m_server = std::make_unique<HttpServer>([this](const HttpRequest &, HttpReply reply) {
        HttpResponse response;
        response.status = m_status;
        response.contentType = "application/json";
        response.body = m_answer;
        reply.send(response);
    });
    VERIFY_OK(m_server->listenUnix(places.socket));
    m_client = std::make_unique<LocalEngineClient>(places);
}

void TestEngineClient::cleanup()
{
    m_client.reset();
    m_server.reset();
    m_folder.reset();
}

void TestEngineClient::readsLargeAnswersOnAnotherThread()
{
    const double before = threadMs();
    QVERIFY(parseJson(m_answer, {}));
    const double whole = threadMs() - before;
    std::optional<Result<Json>> answer;
    const double since = threadMs();
    double taken = 0;
    m_client->call("GET", route, {}, this, [&](Result<Json> result) {
        taken = threadMs() - since;
        answer = std::move(result);
    });
    QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 60000);
    VERIFY_OK(*answer);
    QCOMPARE(memberAt(**answer, "value").size(), size_t(200'000));
    QVERIFY2(taken < whole / 2, qPrintable(QStringLiteral("%1 of %2 ms").arg(taken).arg(whole)));
}

void TestEngineClient::tellsWhyALargeRequestIsRefused()
{
    m_status = 409;
    std::optional<Result<Json>> answer;
    m_client->call("GET", route, {}, this, [&](Result<Json> result) { answer = std::move(result); });
    QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), 60000);
    QVERIFY(!*answer);
    QVERIFY(answer->error().code == ErrorCode::Conflict);
    QCOMPARE(answer->error().message, QStringLiteral("Somebody was faster."));
}

void TestEngineClient::mayGoWhileALargeAnswerIsRead()
{
    int answers = 0;
    auto context = std::make_unique<QObject>();
    m_client->call("GET", route, {}, context.get(), [&](const Result<Json> &) { ++answers; });
    std::optional<Result<Json>> other;
    m_client->call("GET", route, {}, this, [&](Result<Json> result) { other = std::move(result); });
    context.reset();
    QTRY_VERIFY_WITH_TIMEOUT(other.has_value(), 60000);
    m_client->call("GET", route, {}, this, [&](const Result<Json> &) { ++answers; });
    m_client.reset();
    QCoreApplication::processEvents();
    QCOMPARE(answers, 0);
}

#include "TestEngineClient.moc"
