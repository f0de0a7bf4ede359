#include "designer/shell/SingleInstance.h"

#include <QLocalSocket>
#include <QTimer>

namespace designer {

namespace {

constexpr int timeoutMs = 1000;
constexpr qint64 mostBytes = 64 * 1024;

} // namespace

SingleInstance::SingleInstance(QString socket, QObject *parent) : QObject(parent), m_socket(std::move(socket))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        QLocalSocket *const peer = m_server.nextPendingConnection();
        connect(peer, &QLocalSocket::disconnected, this, [this, peer] {
            const QByteArray text = peer->read(mostBytes);
            peer->deleteLater();
            if (!text.isEmpty())
                emit startedAgain(QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts));
        });
        QTimer::singleShot(timeoutMs, peer, &QLocalSocket::abort); // nobody may keep it open
    });
}

bool SingleInstance::handOver(const QStringList &what) const
{
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    if (!socket.waitForConnected(timeoutMs))
        return false;
    socket.write(what.join(u'\n').toUtf8() + '\n');
    socket.waitForBytesWritten(timeoutMs);
    socket.disconnectFromServer();
    return true;
}

bool SingleInstance::listen()
{
    if (m_server.listen(m_socket))
        return true;
    QLocalServer::removeServer(m_socket); // left by a window that was killed: handOver() found nobody there
    return m_server.listen(m_socket);
}

} // namespace designer

#include "moc_SingleInstance.cpp"
