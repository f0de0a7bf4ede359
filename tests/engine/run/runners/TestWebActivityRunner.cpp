#include "engine/http/HttpServer.h"
#include "engine/run/runners/WebHookRunner.h"
#include "tests/engine/run/runners/RunnerFixture.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>

using namespace engine;
using tests::outputOf;

// A real server on this machine, and what web activities make of it.
class TestWebActivityRunner : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void givesTheMembersOfAJsonObject();
    void givesOtherAnswersAsText();
    void sendsHeadersBodyAndPassword();
    void failsFrom400On();
    void reachesNoPrivateAddressUnlessAllowed_data();
    void reachesNoPrivateAddressUnlessAllowed();
    void followsARedirectAndChecksItAgain();
    void tellsNoPasswordToAnotherServer();
    void endsACallThatIsNotAnswered();
    void refusesAnAnswerThatIsTooLong();
    void asksAgainWhenItWasAccepted();
    void cancelEndsACall();
    void refusesIdentitiesOfAzure_data();
    void refusesIdentitiesOfAzure();
    void asksForTheScopeOfAKeyVault();
    void callsAFunctionWithItsKey();
    void showsNoSecrets();
    void waitsForTheCallBack();
    void failsAsTheCallBackReports();
    void givesUpWaitingForTheCallBack();

private:
    void handle(const HttpRequest &request, HttpReply reply);
    ActivityOutcome call(const QByteArray &path, const QByteArray &more = {});
    QByteArray address(const char *host = "127.0.0.1") const;

    tests::RunnerFixture m_fixture;
    WebActivityRunner m_runner{m_fixture.parts()};
    WebHookRunner m_hooks{m_fixture.parts()};
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<HttpServer> m_other;
    quint16 m_port = 0;
    quint16 m_otherPort = 0;
    QList<HttpRequest> m_requests;
    QList<HttpReply> m_open; // never answered
    int m_polls = 0;
};

SLIPWAY_TEST(TestWebActivityRunner)

static QByteArray web(const QByteArray &url, const QByteArray &more)
{
    return R"("type":"WebActivity","typeProperties":{"url":")" + url + '"'
        + (more.contains("\"method\"") ? QByteArray() : QByteArray(R"(,"method":"GET")")) + more + '}';
}

QByteArray TestWebActivityRunner::address(const char *host) const
{
    return QByteArray("http://") + host + ':' + QByteArray::number(m_port);
}

ActivityOutcome TestWebActivityRunner::call(const QByteArray &path, const QByteArray &more)
{
    return m_fixture.run(m_runner, web(address() + path, more));
}

void TestWebActivityRunner::initTestCase()
{
    const auto handler = [this](const HttpRequest &request, HttpReply reply) { handle(request, std::move(reply)); };
    m_server = std::make_unique<HttpServer>(handler);
    m_other = std::make_unique<HttpServer>(handler);
    const auto port = m_server->listenLoopback();
    const auto other = m_other->listenLoopback();
    VERIFY_OK(port);
    VERIFY_OK(other);
    m_port = *port;
    m_otherPort = *other;
}

void TestWebActivityRunner::init()
{
    m_requests.clear();
    m_open.clear();
    m_polls = 0;
    m_fixture.writeBindings(R"({"allow":["127.0.0.1:*"]})");
}

void TestWebActivityRunner::handle(const HttpRequest &request, HttpReply reply)
{
    m_requests.append(request);
    HttpResponse response;
    response.body = R"({"a":1})";
    if (request.path == u"/text") {
        response.contentType = "text/plain";
        response.body = "[1,2]";
    } else if (request.path == u"/missing") {
        response.status = 404;
        response.body = "nothing here";
    } else if (request.path == u"/moved") {
        response.status = 302;
        response.headers["Location"] = "/json";
    } else if (request.path == u"/elsewhere") {
        response.status = 307;
        response.headers["Location"] = "http://127.0.0.1:" + QByteArray::number(m_otherPort) + "/json";
    } else if (request.path == u"/inside") {
        response.status = 302;
        response.headers["Location"] = "http://localhost:" + QByteArray::number(m_port) + "/json";
    } else if (request.path == u"/long") {
        response.body = QByteArray(5 * 1024 * 1024, 'x');
    } else if (request.path == u"/accepted") {
        response.status = m_polls++ < 2 ? 202 : 200;
        response.headers["Location"] = "/accepted";
        response.headers["Retry-After"] = "1";
    } else if (request.path == u"/silent") {
        m_open.append(reply);
        return;
    }
    reply.send(response);
}

void TestWebActivityRunner::givesTheMembersOfAJsonObject()
{
    const ActivityOutcome outcome = call("/json");
    QVERIFY2(outcome.status == ActivityOutcome::Status::Succeeded, qPrintable(outcome.error.message));
    QCOMPARE(intAt(outcome.output, "a"), qint64(1));
    QCOMPARE(stringAt(outcome.output, "effectiveIntegrationRuntime"), QStringLiteral("Local"));
    QVERIFY(toCompact(memberAt(outcome.output, "ADFWebActivityResponseHeaders")).contains("application/json"));
    QCOMPARE(stringAt(memberAt(outcome.output, "slipway"), "address"), QStringLiteral("127.0.0.1:%1").arg(m_port));
}

void TestWebActivityRunner::givesOtherAnswersAsText()
{
    QCOMPARE(stringAt(call("/text").output, "Response"), QStringLiteral("[1,2]"));
}

void TestWebActivityRunner::sendsHeadersBodyAndPassword()
{
    (void)call("/json?x=1", R"(,"method":"POST","headers":{"X-One":"1"},"body":{"b":[true]},
        "authentication":{"type":"Basic","username":"u","password":{"type":"SecureString","value":"p"}})");
    QCOMPARE(m_requests.size(), 1);
    QCOMPARE(m_requests.first().method, QByteArray("POST"));
    QCOMPARE(m_requests.first().query.value(QStringLiteral("x")), QStringLiteral("1"));
    QCOMPARE(m_requests.first().body, QByteArray(R"({"b":[true]})"));
    QCOMPARE(m_requests.first().headers.value("x-one"), QByteArray("1"));
    QCOMPARE(m_requests.first().headers.value("authorization"), QByteArray("Basic " + QByteArray("u:p").toBase64()));
    QVERIFY(m_requests.first().headers.value("content-type").startsWith("application/json"));
}

void TestWebActivityRunner::failsFrom400On()
{
    const ActivityOutcome outcome = call("/missing?code=secret");
    QVERIFY(outcome.status == ActivityOutcome::Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("2108"));
    QVERIFY2(outcome.error.message.contains(u"404") && outcome.error.message.contains(u"nothing here"),
             qPrintable(outcome.error.message));
    QVERIFY(!outcome.error.message.contains(u"secret"));
    QCOMPARE(intAt(outcome.error.details, "statusCode"), qint64(404));
}

void TestWebActivityRunner::reachesNoPrivateAddressUnlessAllowed_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("loopback") << QByteArray("127.0.0.1");
    QTest::newRow("its name") << QByteArray("localhost");
    QTest::newRow("as a number") << QByteArray("2130706433");
    QTest::newRow("IPv6") << QByteArray("[::1]");
    QTest::newRow("IPv4 in IPv6") << QByteArray("[::ffff:127.0.0.1]");
    QTest::newRow("any") << QByteArray("0.0.0.0");
    QTest::newRow("metadata") << QByteArray("169.254.169.254");
    QTest::newRow("home network") << QByteArray("192.168.0.1");
}

void TestWebActivityRunner::reachesNoPrivateAddressUnlessAllowed()
{
    QFETCH(QByteArray, host);
    m_fixture.writeBindings();
    const ActivityOutcome outcome = m_fixture.run(m_runner, web(address(host.constData()) + "/json", {}));
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorWebAddressNotAllowed"));
    QVERIFY(!outcome.retryable);
    QVERIFY(m_requests.isEmpty());
}

void TestWebActivityRunner::followsARedirectAndChecksItAgain()
{
    QCOMPARE(intAt(call("/moved").output, "a"), qint64(1));
    m_fixture.writeBindings("{\"allow\":[\"127.0.0.1:" + QByteArray::number(m_port) + "\"]}");
    QCOMPARE(call("/elsewhere").error.errorCode, QStringLiteral("UserErrorWebAddressNotAllowed"));
}

void TestWebActivityRunner::tellsNoPasswordToAnotherServer()
{
    const QByteArray secret = R"(,"headers":{"Authorization":"Bearer t","X-Functions-Key":"k","X-Other":"o"})";
    (void)call("/elsewhere", secret);
    QCOMPARE(m_requests.size(), 2);
    QVERIFY(m_requests.first().headers.contains("authorization"));
    QVERIFY(!m_requests.last().headers.contains("authorization"));
    QVERIFY(!m_requests.last().headers.contains("x-functions-key"));
    QVERIFY(m_requests.last().headers.contains("x-other"));
}

void TestWebActivityRunner::endsACallThatIsNotAnswered()
{
    const ActivityOutcome outcome = call("/silent", R"(,"httpRequestTimeout":"00:00:01")");
    QCOMPARE(outcome.error.errorCode, QStringLiteral("2108"));
    QVERIFY(outcome.error.message.contains(u"1 s"));
    const ActivityOutcome closed = m_fixture.run(m_runner, web("http://127.0.0.1:1/", {}));
    QCOMPARE(closed.error.errorCode, QStringLiteral("2108"));
    QVERIFY(closed.retryable);
}

void TestWebActivityRunner::refusesAnAnswerThatIsTooLong() { QVERIFY(call("/long").error.message.contains(u"4 MB")); }

void TestWebActivityRunner::asksAgainWhenItWasAccepted()
{
    const ActivityOutcome outcome = call("/accepted", R"(,"method":"POST","body":"x")");
    QVERIFY2(outcome.status == ActivityOutcome::Status::Succeeded, qPrintable(outcome.error.message));
    QCOMPARE(m_requests.size(), 3);
    QCOMPARE(m_requests.last().method, QByteArray("GET"));
    m_polls = 0;
    m_requests.clear();
    const ActivityOutcome once = call("/accepted", R"(,"turnOffAsync":true)");
    QCOMPARE(intAt(memberAt(once.output, "slipway"), "status"), qint64(202));
    QCOMPARE(m_requests.size(), 1);
}

void TestWebActivityRunner::cancelEndsACall()
{
    const auto execution = m_fixture.start(m_runner, m_fixture.task(web(address() + "/silent", {})));
    QTRY_VERIFY(!m_open.isEmpty());
    execution->cancel();
    QTRY_VERIFY(m_fixture.ended.has_value());
    QVERIFY(m_fixture.ended->status == ActivityOutcome::Status::Cancelled);
    const ActivityOutcome late =
        m_fixture.run(m_runner, web(address() + "/silent", {}) + R"(,"policy":{"timeout":"0.00:00:01"})");
    QVERIFY(late.status == ActivityOutcome::Status::TimedOut);
}

void TestWebActivityRunner::refusesIdentitiesOfAzure_data()
{
    QTest::addColumn<QByteArray>("authentication");
    QTest::newRow("managed identity") << QByteArray(R"({"type":"MSI","resource":"https://x"})");
    QTest::newRow("certificate") << QByteArray(R"({"type":"ClientCertificate","pfx":"x"})");
    QTest::newRow("version of a secret") << QByteArray(
        R"({"type":"Basic","username":"u","password":{"type":"AzureKeyVaultSecret","secretName":"s","secretVersion":"1"}})");
}

void TestWebActivityRunner::asksForTheScopeOfAKeyVault()
{
    const ActivityTask task =
        m_fixture.task(web(address() + "/json",
                           R"(,"authentication":{"type":"Basic","username":"u","password":{"type":"AzureKeyVaultSecret",
                "secretName":"s","store":{"referenceName":"Vault"}}})"));
    const Result<WebPlan> plan = planWeb(task);
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(u"\"keyVaults\": {\"Vault\""), qPrintable(plan.error().message));
    QVERIFY(plan.error().where.contains(u"typeProperties.authentication.password"));
}

void TestWebActivityRunner::refusesIdentitiesOfAzure()
{
    QFETCH(QByteArray, authentication);
    const ActivityTask task = m_fixture.task(web(address() + "/json", ",\"authentication\":" + authentication));
    const Result<WebPlan> plan = planWeb(task);
    QVERIFY(!plan);
    COMPARE_NAMED(plan.error().code, ErrorCode::Unsupported);
    QVERIFY(plan.error().where.contains(u"typeProperties.authentication"));
}

void TestWebActivityRunner::callsAFunctionWithItsKey()
{
    m_fixture.linkedService(
        QStringLiteral("Functions"),
        QStringLiteral("AzureFunction"),
        R"({"functionAppUrl":"https://nowhere.invalid","functionKey":{"type":"SecureString","value":"k"}})");
    m_fixture.writeBindings("{\"allow\":[\"127.0.0.1\"],\"addresses\":{\"Functions\":\"" + address() + "\"}}");
    const QByteArray activity = R"("type":"AzureFunctionActivity","linkedServiceName":{"referenceName":"Functions"},
        "typeProperties":{"functionName":"score","method":"POST","body":{"x":1}})";
    const ActivityOutcome outcome = m_fixture.run(m_runner, activity);
    QVERIFY2(outcome.status == ActivityOutcome::Status::Succeeded, qPrintable(outcome.error.message));
    QCOMPARE(m_requests.first().path, QStringLiteral("/api/score"));
    QCOMPARE(m_requests.first().headers.value("x-functions-key"), QByteArray("k"));
}

void TestWebActivityRunner::showsNoSecrets()
{
    const ActivityTask task = m_fixture.task(web(address(), R"(,"headers":{"Authorization":"Bearer hush"},
        "authentication":{"type":"Basic","username":"u","password":"hush"},"body":{"s":{"type":"SecureString","value":"hush"}})"));
    const QByteArray shown = toCompact(m_runner.input(task));
    QVERIFY2(!shown.contains("hush") && shown.contains("***"), shown.constData());
}

static QByteArray hook(const QByteArray &url, const QByteArray &more)
{
    return R"("type":"WebHook","typeProperties":{"method":"POST","body":{"job":7},"url":")" + url + '"' + more + '}';
}

// What another program would do with the callBackUri it was given.
static Result<WebResponse> postTo(const HttpRequest &given, const QByteArray &body)
{
    const Json json = *parseJson(given.body, QStringLiteral("body"));
    WebRequest request{.method = "POST",
                       .url = stringAt(json, "callBackUri"),
                       .headers = {},
                       .body = body,
                       .hasBody = true,
                       .basic = {}};
    const WebRules rules = *WebRules::read({{"allow", {"127.0.0.1"}}});
    std::optional<Result<WebResponse>> answer;
    QThreadPool::globalInstance()->start([&] { answer = sendWebRequest(request, rules, {}); });
    while (!QThreadPool::globalInstance()->waitForDone(10))
        QCoreApplication::processEvents();
    return *answer;
}

void TestWebActivityRunner::waitsForTheCallBack()
{
    const auto execution = m_fixture.start(m_hooks, m_fixture.task(hook(address() + "/json", {})));
    QTRY_COMPARE(m_requests.size(), 1);
    QCOMPARE(intAt(*parseJson(m_requests.first().body, QString()), "job"), qint64(7));
    const auto answer = postTo(m_requests.first(), R"({"done":true})");
    VERIFY_OK(answer);
    QCOMPARE(answer->status, 200);
    QTRY_VERIFY(m_fixture.ended.has_value());
    QCOMPARE(outputOf(*m_fixture.ended), QByteArray(R"({"done":true})"));
}

void TestWebActivityRunner::failsAsTheCallBackReports()
{
    const auto execution =
        m_fixture.start(m_hooks, m_fixture.task(hook(address() + "/json", R"(,"reportStatusOnCallBack":true)")));
    QTRY_COMPARE(m_requests.size(), 1);
    VERIFY_OK(postTo(m_requests.first(),
                     R"({"Output":{"n":1},"Error":{"ErrorCode":"E1","Message":"went wrong"},"StatusCode":"403"})"));
    QTRY_VERIFY(m_fixture.ended.has_value());
    QCOMPARE(m_fixture.ended->error.errorCode, QStringLiteral("E1"));
    QCOMPARE(m_fixture.ended->error.message, QStringLiteral("went wrong"));
    QCOMPARE(intAt(m_fixture.ended->output, "n"), qint64(1));
}

void TestWebActivityRunner::givesUpWaitingForTheCallBack()
{
    const ActivityOutcome late = m_fixture.run(m_hooks, hook(address() + "/json", R"(,"timeout":"00:00:01")"));
    QVERIFY(late.status == ActivityOutcome::Status::TimedOut);
    QCOMPARE(late.error.errorCode, QStringLiteral("WebHookTimeout"));
    QCOMPARE(m_fixture.run(m_hooks, hook(address() + "/missing", {})).error.errorCode, QStringLiteral("2108"));
}

#include "TestWebActivityRunner.moc"
