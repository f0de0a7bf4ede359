#include "engine/notebook/KernelChannels.h"

#include "engine/base/Log.h"
#include "engine/base/PostTo.h"

#include <QPointer>
#include <QUuid>

#include <malloc.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include <zmq.hpp>

namespace engine {

namespace {

constexpr int messagesPerTurn = 256; // taken from one socket before the others have their turn
constexpr int largeBlock = 2 * 1024 * 1024; // bytes
constexpr int reconnectMilliseconds = 10; // the kernel binds its sockets some time after it was started

using Batch = std::vector<JupyterMessage>;

// Large messages are made in one thread and freed in another. By default glibc learns from them to keep such blocks in
// its arenas, and 100 MB of output then hold 300 MB of memory for ever; with a fixed limit they go back to the system.
void returnLargeBlocksToTheSystem()
{
    static const int done = ::mallopt(M_MMAP_THRESHOLD, largeBlock);
    Q_UNUSED(done)
}

// Takes one whole message when there is one.
bool receive(zmq::socket_t &socket, std::vector<zmq::message_t> &frames)
{
    frames.clear();
    do {
        zmq::message_t frame;
        if (!socket.recv(frame, zmq::recv_flags::dontwait))
            return false; // only before a first frame: zmq delivers messages whole
        frames.push_back(std::move(frame));
    } while (frames.back().more());
    return true;
}

QList<QByteArray> viewsOf(const std::vector<zmq::message_t> &frames)
{
    QList<QByteArray> views;
    for (const zmq::message_t &frame : frames)
        views += QByteArray::fromRawData(static_cast<const char *>(frame.data()), qsizetype(frame.size()));
    return views;
}

} // namespace

KernelChannels::KernelChannels(const KernelConnection &connection, QObject *parent)
    : QObject(parent)
    , m_codec(connection.key, QUuid::createUuid().toString(QUuid::WithoutBraces))
    , m_identity(QUuid::createUuid().toByteArray(QUuid::Id128))
    , m_wakeFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    returnLargeBlocksToTheSystem();
    m_thread = std::thread([this, connection] { run(connection); });
}

KernelChannels::~KernelChannels()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stop = true;
    }
    wake();
    m_thread.join();
    ::close(m_wakeFd);
}

QString KernelChannels::send(JupyterChannel channel,
                             const QString &type,
                             const QJsonObject &content,
                             const QJsonObject &parentHeader)
{
    const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    Outgoing message{channel, m_codec.encode(type, id, content, parentHeader)};
    {
        const std::scoped_lock lock(m_mutex);
        m_outgoing.push_back(std::move(message));
    }
    wake();
    return id;
}

void KernelChannels::wake() const
{
    const quint64 one = 1;
    if (::write(m_wakeFd, &one, sizeof one) != sizeof one)
        qCWarning(logNotebook) << "The thread of a kernel's sockets cannot be woken.";
}

void KernelChannels::run(const KernelConnection &connection)
{
    try {
        exchange(connection);
    } catch (const zmq::error_t &error) {
        const QString reason = QString::fromUtf8(error.what());
        postTo(this, [this, reason] { emit failed(reason); });
    }
}

void KernelChannels::exchange(const KernelConnection &connection)
{
    zmq::context_t context(1);
    using enum JupyterChannel;
    const std::array channels = {Shell, Iopub, Stdin, Control};
    std::array sockets = {zmq::socket_t(context, zmq::socket_type::dealer),
                          zmq::socket_t(context, zmq::socket_type::sub),
                          zmq::socket_t(context, zmq::socket_type::dealer),
                          zmq::socket_t(context, zmq::socket_type::dealer)};
    // A kernel that is asked before it knows our stdin puts its own question to nobody, and waits for the answer.
    const char *const connected = "inproc://stdin-connected";
    if (zmq_socket_monitor(sockets[2].handle(), connected, ZMQ_EVENT_HANDSHAKE_SUCCEEDED) != 0)
        throw zmq::error_t();
    zmq::socket_t events(context, zmq::socket_type::pair);
    events.connect(connected);
    bool hearsQuestions = false;
    for (size_t at = 0; at < sockets.size(); ++at) {
        zmq::socket_t &socket = sockets[at];
        socket.set(zmq::sockopt::linger, 0);
        socket.set(zmq::sockopt::rcvhwm, 0); // the default drops messages silently, the end of a cell among them
        socket.set(zmq::sockopt::sndhwm, 0);
        socket.set(zmq::sockopt::reconnect_ivl, reconnectMilliseconds);
        if (channels[at] == Iopub)
            socket.set(zmq::sockopt::subscribe, "");
        else // stdin must have the identity of shell: the kernel asks back by it
            socket.set(zmq::sockopt::routing_id, zmq::const_buffer(m_identity.constData(), size_t(m_identity.size())));
        socket.connect(connection.endpoint(int(at) + 1).toStdString());
    }

    std::array<zmq::pollitem_t, 6> items{};
    for (size_t at = 0; at < sockets.size(); ++at)
        items[at] = {sockets[at].handle(), 0, ZMQ_POLLIN, 0};
    items[4] = {nullptr, m_wakeFd, ZMQ_POLLIN, 0};
    items[5] = {events.handle(), 0, ZMQ_POLLIN, 0};

    std::vector<zmq::message_t> frames;
    qint64 rejected = 0;
    while (true) {
        zmq::poll(items.data(), items.size(), std::chrono::milliseconds(-1));
        while (items[5].revents != 0 && receive(events, frames))
            hearsQuestions = true;
        if (items[4].revents != 0 || items[5].revents != 0) {
            quint64 count = 0;
            if (items[4].revents != 0 && ::read(m_wakeFd, &count, sizeof count) < 0 && errno != EAGAIN)
                qCWarning(logNotebook) << "The thread of a kernel's sockets cannot read its wake-up calls.";
            std::deque<Outgoing> outgoing;
            {
                const std::scoped_lock lock(m_mutex);
                if (m_stop)
                    return;
                if (hearsQuestions)
                    outgoing.swap(m_outgoing);
            }
            for (const Outgoing &message : outgoing) {
                for (qsizetype at = 0; at < message.frames.size(); ++at) {
                    const QByteArray &frame = message.frames.at(at);
                    const bool last = at + 1 == message.frames.size();
                    // An unlimited DEALER always takes a message; it waits there until the kernel listens.
                    const auto flags =
                        last ? zmq::send_flags::dontwait : zmq::send_flags::dontwait | zmq::send_flags::sndmore;
                    if (!sockets[size_t(message.channel)].send(
                            zmq::const_buffer(frame.constData(), size_t(frame.size())), flags))
                        throw zmq::error_t();
                }
            }
        }
        Batch batch;
        for (size_t at = 0; at < sockets.size(); ++at) {
            if ((items[at].revents & ZMQ_POLLIN) == 0)
                continue;
            for (int count = 0; count < messagesPerTurn && receive(sockets[at], frames); ++count) {
                if (auto message = m_codec.decode(viewsOf(frames), channels[at]))
                    batch.push_back(*std::move(message));
                else if (++rejected == 1)
                    qCWarning(logNotebook) << "A message of a kernel was dropped: it is malformed or wrongly signed.";
            }
        }
        if (batch.empty())
            continue;
        postTo(this, [this, messages = std::move(batch)] {
            const QPointer<KernelChannels> self(this); // a receiver may end the kernel
            for (const JupyterMessage &message : messages) {
                if (!self)
                    return;
                emit received(message);
            }
        });
    }
}

} // namespace engine

#include "moc_KernelChannels.cpp"
