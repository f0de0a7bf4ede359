#pragma once

#include "engine/notebook/JupyterMessage.h"
#include "engine/notebook/RunFolder.h"

#include <QObject>

#include <deque>
#include <mutex>
#include <thread>

namespace engine {

// The client's side of a kernel's sockets. Lives on the engine loop; a thread of its own does the reading, decoding and
// writing, with queues that never drop a message.
class KernelChannels final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KernelChannels)

public:
    explicit KernelChannels(const KernelConnection &connection, QObject *parent = nullptr);
    ~KernelChannels() override; // ends the thread; nothing is received afterwards

    // Returns the id of the message, which its answers name as their parent.
    QString
    send(JupyterChannel channel, const QString &type, const QJsonObject &content, const QJsonObject &parentHeader = {});

signals:
    void received(const engine::JupyterMessage &message);
    void failed(const QString &reason); // the sockets cannot be used

private:
    struct Outgoing
    {
        JupyterChannel channel;
        QList<QByteArray> frames;
    };

    void run(const KernelConnection &connection);
    void exchange(const KernelConnection &connection);
    void wake() const;

    const JupyterCodec m_codec;
    const QByteArray m_identity;
    int m_wakeFd = -1;
    std::mutex m_mutex; // guards the two below
    std::deque<Outgoing> m_outgoing;
    bool m_stop = false;
    std::thread m_thread;
};

} // namespace engine
