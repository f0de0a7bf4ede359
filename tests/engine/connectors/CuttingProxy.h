#pragma once

#include <QByteArray>

#include <atomic>
#include <mutex>
#include <thread>

namespace tests {

// Stands between a client and a server on 127.0.0.1 and loses the connection at a chosen moment: when the client sends
// a text, either without passing it on, or after it, keeping the answer back.
class CuttingProxy
{
public:
    enum class Cut { Request, Answer };

    explicit CuttingProxy(int serverPort);
    ~CuttingProxy();

    int port() const { return m_port; }
    void cutAt(const QByteArray &text, Cut cut); // once
    int cuts() const { return m_cuts; }

private:
    void serve();
    void relay(int client);

    int m_serverPort;
    int m_listener = -1;
    int m_port = 0;
    std::atomic_bool m_stopping{false};
    std::atomic_int m_cuts{0};
    std::mutex m_mutex;
    QByteArray m_text;
    Cut m_cut = Cut::Answer;
    std::thread m_thread;
};

} // namespace tests
