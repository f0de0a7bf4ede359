#include "tests/engine/connectors/CuttingProxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace tests {
namespace {

constexpr int pollMilliseconds = 20;

sockaddr_in localAddress(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(uint16_t(port));
    return address;
}

void sendAll(int socket, const char *bytes, ssize_t size)
{
    while (size > 0) {
        const ssize_t sent = ::send(socket, bytes, size_t(size), MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        size -= sent;
    }
}

} // namespace

CuttingProxy::CuttingProxy(int serverPort) : m_serverPort(serverPort)
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = localAddress(0);
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(m_listener, generic, size) != 0 || ::listen(m_listener, 8) != 0
        || ::getsockname(m_listener, generic, &size) != 0)
        qFatal("the proxy has no port");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy()
{
    m_stopping = true;
    m_thread.join();
    ::close(m_listener);
}

void CuttingProxy::cutAt(const QByteArray &text, Cut cut)
{
    const std::lock_guard lock(m_mutex);
    m_text = text;
    m_cut = cut;
}

void CuttingProxy::cutAfter(qint64 bytes, Side from)
{
    const std::lock_guard lock(m_mutex);
    m_left = bytes;
    m_side = from;
    m_stalls = false;
}

void CuttingProxy::stallAfter(qint64 bytes, Side from)
{
    cutAfter(bytes, from);
    const std::lock_guard lock(m_mutex);
    m_stalls = true;
}

void CuttingProxy::goOn() { m_isStalled = false; }

// False when the client has gone.
bool CuttingProxy::waitWhileStalled(int client)
{
    while (m_isStalled && !m_stopping) {
        pollfd waiting{client, POLLRDHUP, 0};
        if (::poll(&waiting, 1, pollMilliseconds) > 0)
            return false;
    }
    return !m_stopping;
}

// How many of the bytes may pass; fewer than `count`: then comes the cut.
qint64 CuttingProxy::allowed(Side from, qint64 count)
{
    if (m_left < 0 || m_side != from)
        return count;
    const qint64 passing = std::min(count, m_left);
    m_left -= passing;
    if (m_stalls && passing < count) { // what has come already is late, and not lost
        m_left = -1;
        m_isStalled = true;
        return count;
    }
    if (passing < count) {
        m_left = -1;
        ++m_cuts;
    }
    return passing;
}

void CuttingProxy::serve()
{
    while (!m_stopping) { // one connection after the other
        pollfd waiting{m_listener, POLLIN, 0};
        if (::poll(&waiting, 1, pollMilliseconds) <= 0)
            continue;
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        relay(client);
        ::close(client);
    }
}

void CuttingProxy::relay(int client)
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = localAddress(m_serverPort);
    bool isOpen = ::connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    char bytes[65536];
    while (isOpen && !m_stopping) {
        pollfd waiting[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        if (::poll(waiting, 2, pollMilliseconds) <= 0)
            continue;
        if (!waitWhileStalled(client))
            break;
        if (waiting[0].revents) {
            const ssize_t count = ::recv(client, bytes, sizeof bytes, 0);
            isOpen = count > 0;
            const std::lock_guard lock(m_mutex);
            if (const qint64 passing = isOpen ? allowed(Side::Client, count) : count; passing < count) {
                sendAll(server, bytes, passing);
                break;
            }
            const bool isMoment = isOpen && !m_text.isEmpty() && QByteArray::fromRawData(bytes, count).contains(m_text);
            if (!isMoment || m_cut == Cut::Answer)
                sendAll(server, bytes, count);
            if (isMoment) {
                if (m_cut == Cut::Answer && ::recv(server, bytes, sizeof bytes, 0) < 0) // it has done what it was asked
                    qWarning("the server gave no answer");
                m_text.clear();
                ++m_cuts;
                isOpen = false;
            }
        }
        if (isOpen && waiting[1].revents) {
            const ssize_t count = ::recv(server, bytes, sizeof bytes, 0);
            isOpen = count > 0;
            const std::lock_guard lock(m_mutex);
            const qint64 passing = isOpen ? allowed(Side::Server, count) : count;
            sendAll(client, bytes, passing);
            isOpen = isOpen && passing == count;
        }
    }
    ::close(server);
}

} // namespace tests
