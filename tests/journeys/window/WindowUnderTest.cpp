#include "tests/journeys/window/WindowUnderTest.h"

#include "tests/journeys/EngineHome.h"

#include <QElapsedTimer>
#include <QThread>

using namespace engine;

namespace tests {

namespace {

constexpr int answerMs = 60000; // a debug build on a busy machine

}

bool WindowUnderTest::start(const QStringList &arguments)
{
    kill();
    const QString path = m_folder.filePath(QStringLiteral("eyes-%1").arg(++m_starts));
    m_environment.insert(QStringLiteral("SLIPWAY_EYES"), path);
    m_process = std::make_unique<QProcess>();
    m_process->setProcessEnvironment(m_environment);
    m_process->setProcessChannelMode(QProcess::ForwardedChannels);
    m_process->start(EngineHome::program(QStringLiteral("slipway_watched")), arguments);
    if (!m_process->waitForStarted()) {
        m_why = m_process->errorString();
        return false;
    }
    QElapsedTimer since;
    since.start();
    m_socket = std::make_unique<QLocalSocket>();
    while (since.elapsed() < answerMs && m_process->state() != QProcess::NotRunning) {
        m_socket->connectToServer(path);
        if (m_socket->waitForConnected(1000))
            return true;
        QThread::msleep(20); // no signal tells that another process listens
        m_process->waitForFinished(1);
    }
    m_why = QStringLiteral("the window cannot be asked: ") + m_socket->errorString();
    return false;
}

void WindowUnderTest::kill()
{
    m_socket.reset();
    if (m_process && m_process->state() != QProcess::NotRunning) {
        m_process->kill();
        m_process->waitForFinished();
    }
    m_process.reset();
}

bool WindowUnderTest::isRunning()
{
    if (m_process && m_process->state() != QProcess::NotRunning)
        m_process->waitForFinished(0); // hears of its end
    return m_process && m_process->state() != QProcess::NotRunning;
}

bool WindowUnderTest::waitForEnd(int timeoutMs)
{
    return m_process && (m_process->state() == QProcess::NotRunning || m_process->waitForFinished(timeoutMs))
        && m_process->exitStatus() == QProcess::NormalExit && m_process->exitCode() == 0;
}

Json WindowUnderTest::see(Json question)
{
    if (!m_socket || m_socket->state() != QLocalSocket::ConnectedState)
        return Json::object();
    m_socket->write(toCompact(question) + '\n');
    m_socket->flush();
    while (!m_socket->canReadLine()) {
        if (!m_socket->waitForReadyRead(isRunning() ? answerMs : 0)) {
            m_why = QStringLiteral("the window does not answer: ") + m_socket->errorString();
            return Json::object();
        }
    }
    const Result<Json> answer = parseJson(m_socket->readLine(), {});
    return answer ? *answer : Json::object();
}

} // namespace tests
