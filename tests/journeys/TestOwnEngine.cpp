#include "engine/base/Places.h"
#include "engine/client/EngineClient.h"
#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <optional>

using namespace engine;

// Which of two windows has started the engine they both use.
class TestOwnEngine : public QObject
{
    Q_OBJECT

private slots:
    void isOwnWhereItWasStarted();

private:
    void ensure(LocalEngineClient &client)
    {
        std::optional<Result<Json>> hello;
        client.ensureEngine(tests::EngineHome::program(QStringLiteral("slipwayd")),
                            this,
                            [&hello](const Result<Json> &answer) { hello = answer; });
        QTRY_VERIFY_WITH_TIMEOUT(hello, 40000);
        VERIFY_OK(*hello);
    }

    tests::EngineHome m_home;
};

void TestOwnEngine::isOwnWhereItWasStarted()
{
    qputenv("SLIPWAY_HOME", m_home.path(QStringLiteral("home")).toUtf8());
    LocalEngineClient first(Places::standard());
    LocalEngineClient second(Places::standard());
    QVERIFY(!first.isOwnEngine());
    ensure(first);
    ensure(second);
    QVERIFY(first.isOwnEngine());
    QVERIFY(!second.isOwnEngine());
    ensure(first); // found running now
    QVERIFY(first.isOwnEngine());
    m_home.stopEngine();
    ensure(second);
    ensure(first);
    QVERIFY(second.isOwnEngine());
    QVERIFY(!first.isOwnEngine());
    qunsetenv("SLIPWAY_HOME");
}

SLIPWAY_TEST(TestOwnEngine)

#include "TestOwnEngine.moc"
