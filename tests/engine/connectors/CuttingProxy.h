#pragma once

#include <QByteArray>

#include <atomic>
#include <mutex>
#include <thread>

namespace tests {

// Stands between a client and a server on 127.0.0.1 and loses the connection at a chosen moment: when the client sends
// a text, either without passing it on, or after it, keeping the answer back; or after so many bytes either way.
class CuttingProxy
{
public:
    enum class Cut { Request, Answer };

    explicit CuttingProxy(int serverPort);
    ~CuttingProxy();

    int port() const { return m_port; }
    void cutAt(const QByteArray &text, Cut cut); // once
    enum class Side { Client, Server };
    // Once, when so many bytes have come from that side: those are passed on, nothing after them.
    void cutAfter(qint64 bytes, Side from);
    // When so many bytes have come from that side, nothing passes either way until goOn(): a network that is silent.
    void stallAfter(qint64 bytes, Side from);
    void goOn();
    bool isStalled() const { return m_isStalled; }
    int cuts() const { return m_cuts; }

private:
    void serve();
    void relay(int client);
    qint64 allowed(Side from, qint64 count);
    bool waitWhileStalled(int client);

    int m_serverPort;
    int m_listener = -1;
    int m_port = 0;
    std::atomic_bool m_stopping{false};
    std::atomic_int m_cuts{0};
    std::mutex m_mutex;
    QByteArray m_text;
    Cut m_cut = Cut::Answer;
    qint64 m_left = -1; // bytes until the cut; -1 = no such cut
    Side m_side = Side::Client;
    bool m_stalls = false; // instead of the cut
    std::atomic_bool m_isStalled{false};
    std::thread m_thread;
};

} // namespace tests
