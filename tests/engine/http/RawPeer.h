#pragma once

#include <QByteArray>
#include <QString>
#include <QTest>

#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tests {

// A client that says exactly the bytes it is told, sound or not, and never waits by itself.
class RawPeer
{
public:
    explicit RawPeer(const QString &path) : m_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const QByteArray name = path.toUtf8();
        std::copy(name.begin(), name.end(), address.sun_path);
        m_connected = ::connect(m_fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
        ::fcntl(m_fd, F_SETFL, O_NONBLOCK);
    }
    RawPeer(const RawPeer &) = delete;
    RawPeer &operator=(const RawPeer &) = delete;
    ~RawPeer() { close(); }

    bool isConnected() const { return m_connected; }
    void close() { ::close(std::exchange(m_fd, -1)); }
    void finishSending() { ::shutdown(m_fd, SHUT_WR); }

    // What went out before the other side stopped taking.
    qsizetype send(QByteArrayView bytes)
    {
        const ssize_t sent = ::send(m_fd, bytes.data(), size_t(bytes.size()), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN)
            m_refused = true;
        return sent < 0 ? 0 : sent;
    }
    bool sendAll(QByteArray bytes)
    {
        return QTest::qWaitFor([this, &bytes] {
                   bytes.remove(0, send(bytes));
                   return bytes.isEmpty() || m_refused;
               })
            && bytes.isEmpty();
    }

    // All that has come so far.
    const QByteArray &heard()
    {
        char block[16 * 1024];
        while (true) {
            const ssize_t bytes = ::recv(m_fd, block, sizeof block, 0);
            if (bytes > 0) {
                m_heard.append(block, bytes);
                continue;
            }
            m_closed = m_closed || bytes == 0 || (errno != EAGAIN && errno != EINTR);
            return m_heard;
        }
    }
    bool isClosed() { return heard(), m_closed; }
    bool waitForClosed(int timeout = 5000)
    {
        return QTest::qWaitFor([this] { return isClosed(); }, timeout);
    }
    bool waitForText(const QByteArray &text, int timeout = 5000)
    {
        return QTest::qWaitFor([this, &text] { return heard().contains(text); }, timeout);
    }
    int answers() { return int(heard().count("\r\nConnection: ")); }

private:
    int m_fd;
    bool m_connected = false;
    bool m_closed = false;
    bool m_refused = false;
    QByteArray m_heard;
};

} // namespace tests
