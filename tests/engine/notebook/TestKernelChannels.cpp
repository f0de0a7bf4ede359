#include "engine/notebook/KernelChannels.h"

#include "tests/support/TestMain.h"

#include <QTemporaryDir>

#include <zmq.hpp>

using namespace engine;

namespace {

constexpr std::chrono::milliseconds patience{10000};

// A kernel's side of the sockets that ask and answer; each is bound when the test says so.
class FakeKernel
{
public:
    FakeKernel() : m_connection{m_folder.filePath(QStringLiteral("k")), "key", QStringLiteral("fake")}
    {
        for (zmq::socket_t *const socket : {&shell, &questions}) {
            socket->set(zmq::sockopt::linger, 0);
            socket->set(zmq::sockopt::router_mandatory, true); // to send to nobody is an error, not silence
        }
    }

    const KernelConnection &connection() const { return m_connection; }
    void bind(zmq::socket_t &socket, int port) { socket.bind(m_connection.endpoint(port).toStdString()); }

    // The identity of who sent the next message, once its frames are taken; empty: none came in time.
    static std::string asked(zmq::socket_t &socket, std::chrono::milliseconds within)
    {
        zmq::pollitem_t item{socket.handle(), 0, ZMQ_POLLIN, 0};
        zmq::poll(&item, 1, within);
        zmq::message_t identity;
        if (item.revents == 0 || !socket.recv(identity))
            return {};
        for (zmq::message_t frame; frame.size() == 0 || frame.more();)
            if (!socket.recv(frame))
                return {};
        return identity.to_string();
    }

private:
    QTemporaryDir m_folder;
    KernelConnection m_connection;
    zmq::context_t m_context{1};

public:
    zmq::socket_t shell{m_context, zmq::socket_type::router};
    zmq::socket_t questions{m_context, zmq::socket_type::router};
};

} // namespace

// The sockets of a kernel that takes its time.
class TestKernelChannels : public QObject
{
    Q_OBJECT

private slots:
    void asksOnlyAKernelThatCanAskBack();
};

void TestKernelChannels::asksOnlyAKernelThatCanAskBack()
{
    FakeKernel kernel;
    kernel.bind(kernel.shell, 1);
    KernelChannels channels(kernel.connection());
    channels.send(JupyterChannel::Shell, QStringLiteral("kernel_info_request"), {});
    QVERIFY2(FakeKernel::asked(kernel.shell, std::chrono::milliseconds(300)).empty(),
             "it was asked before it could ask back");

    kernel.bind(kernel.questions, 3);
    const std::string identity = FakeKernel::asked(kernel.shell, patience);
    QVERIFY(!identity.empty());
    try {
        kernel.questions.send(zmq::buffer(identity), zmq::send_flags::sndmore);
        kernel.questions.send(zmq::str_buffer("a question"), zmq::send_flags::none);
    } catch (const zmq::error_t &error) {
        QFAIL(error.what());
    }
}

SLIPWAY_TEST(TestKernelChannels)

#include "TestKernelChannels.moc"
