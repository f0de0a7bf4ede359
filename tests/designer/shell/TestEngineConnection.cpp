#include "designer/shell/EngineConnection.h"

#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"

#include <QSignalSpy>

using namespace designer;
using namespace engine;

class TestEngineConnection : public QObject
{
    Q_OBJECT

private slots:
    void runsOnceTheEngineAnswers();
    void tellsAnEngineOfAnotherBuild();
    void saysWhyTheEngineDidNotStart();
    void comesBackAfterTheEngineWentAway();
    void staysStoppedWhenTheUserStoppedIt();
    void saysWhyTheEngineDoesNotStop();
    void handsOnEvents();
};

void TestEngineConnection::runsOnceTheEngineAnswers()
{
    tests::FakeEngineClient client;
    EngineConnection connection(client, QStringLiteral("slipwayd"), "test");
    connection.start();
    QTRY_VERIFY(connection.isRunning());
    QCOMPARE(stringAt(connection.hello(), "buildId"), QStringLiteral("test"));
}

void TestEngineConnection::tellsAnEngineOfAnotherBuild()
{
    tests::FakeEngineClient client;
    EngineConnection connection(client, QStringLiteral("slipwayd"), "newer");
    connection.start();
    QTRY_VERIFY(connection.state() == EngineConnection::State::OtherBuild);
}

void TestEngineConnection::saysWhyTheEngineDidNotStart()
{
    tests::FakeEngineClient client;
    client.refuse(QStringLiteral("GET /slipway/v1/engine"), {ErrorCode::Io, QStringLiteral("no disk"), {}});
    EngineConnection connection(client, QStringLiteral("slipwayd"), "test");
    connection.start();
    QTRY_VERIFY(connection.state() == EngineConnection::State::Failed);
    QCOMPARE(connection.error().message, QStringLiteral("no disk"));
}

void TestEngineConnection::comesBackAfterTheEngineWentAway()
{
    tests::FakeEngineClient client;
    EngineConnection connection(client, QStringLiteral("slipwayd"), "test");
    const QSignalSpy caughtUp(&connection, &EngineConnection::caughtUp);
    connection.start();
    QTRY_COMPARE(caughtUp.count(), 1);
    client.lose({ErrorCode::Io, QStringLiteral("gone"), {}});
    QVERIFY(connection.state() == EngineConnection::State::Connecting);
    QTRY_COMPARE(caughtUp.count(), 2);
    QVERIFY(connection.isRunning());
}

void TestEngineConnection::staysStoppedWhenTheUserStoppedIt()
{
    tests::FakeEngineClient client;
    client.on(QStringLiteral("POST /slipway/v1/engine/stop"), Json{{"stopping", true}});
    EngineConnection connection(client, QStringLiteral("slipwayd"), "test");
    connection.start();
    QTRY_VERIFY(connection.isRunning());
    connection.stop();
    QTRY_COMPARE(client.count(QStringLiteral("POST /slipway/v1/engine/stop")), 1);
    QCoreApplication::processEvents();
    client.lose({ErrorCode::Io, QStringLiteral("gone"), {}});
    QVERIFY(connection.state() == EngineConnection::State::Stopped);
}

void TestEngineConnection::saysWhyTheEngineDoesNotStop()
{
    tests::FakeEngineClient client;
    client.refuse(QStringLiteral("POST /slipway/v1/engine/stop"),
                  {ErrorCode::Conflict, QStringLiteral("1 run is under way"), {}});
    EngineConnection connection(client, QStringLiteral("slipwayd"), "test");
    const QSignalSpy refused(&connection, &EngineConnection::refused);
    connection.start();
    QTRY_VERIFY(connection.isRunning());
    connection.stop();
    QTRY_COMPARE(refused.count(), 1);
    QVERIFY(connection.isRunning());
}

void TestEngineConnection::handsOnEvents()
{
    tests::FakeEngineClient client;
    EngineConnection connection(client, QStringLiteral("slipwayd"), "test");
    const QSignalSpy happened(&connection, &EngineConnection::happened);
    connection.start();
    QTRY_VERIFY(connection.isRunning());
    RunEvent event;
    event.run = RunId::create();
    event.body = RunRecord{};
    client.emitEvent(event);
    QTRY_COMPARE(happened.count(), 1);
}

SLIPWAY_TEST(TestEngineConnection)
#include "TestEngineConnection.moc"
