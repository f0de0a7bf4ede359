#include "engine/notebook/KernelSession.h"

#include <QPointer>

namespace engine {

namespace {

constexpr Millis infoInterval{50};
constexpr Millis drainTime{150}; // for what the kernel sent before it went away
constexpr Millis shutdownGrace{3000};

KernelLaunch launchOf(const KernelSetup &setup, const RunFolder &folder)
{
    KernelLaunch launch;
    launch.command =
        setup.sandbox ? sandboxCommand(setup.sandboxProgram, *setup.sandbox, setup.command) : setup.command;
    launch.env = setup.env;
    launch.folder = folder.work();
    launch.token = folder.token();
    launch.memoryLimit = setup.memoryLimit;
    return launch;
}

} // namespace

KernelSession::KernelSession(
    KernelSetup setup, const RunFolder &folder, const KernelConnection &connection, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_setup(std::move(setup))
    , m_clock(clock)
    , m_process(launchOf(m_setup, folder))
    , m_channels(connection)
{
    connect(&m_process, &KernelProcess::failedToStart, this, &KernelSession::failStart);
    connect(&m_process, &KernelProcess::printed, this, &KernelSession::printed);
    connect(&m_process, &KernelProcess::ended, this, &KernelSession::onEnded);
    connect(&m_channels, &KernelChannels::received, this, &KernelSession::onReceived);
    connect(&m_channels, &KernelChannels::failed, this, [this](const QString &reason) {
        if (m_stage == Stage::Starting)
            failStart(tr("The kernel's sockets cannot be used: %1.").arg(reason));
        else
            m_process.kill();
    });
}

KernelSession::~KernelSession()
{
    disconnect(&m_process, nullptr, this, nullptr);
    disconnect(&m_channels, nullptr, this, nullptr);
}

void KernelSession::start(Millis timeout)
{
    m_stage = Stage::Starting;
    m_process.start();
    if (m_stage != Stage::Starting)
        return;
    askForInfo();
    m_clock.after(timeout, this, [this, timeout] {
        if (m_stage != Stage::Starting)
            return;
        m_process.drain();
        QString reason = tr("The kernel \"%1\" did not answer within %2 seconds.")
                             .arg(m_setup.spec.name)
                             .arg(double(timeout.count()) / 1000);
        if (const QString tail = m_process.errorTail(); !tail.isEmpty())
            reason += QStringLiteral(" ") + tr("It wrote: %1").arg(tail);
        failStart(reason);
    });
}

// A subscription may reach the kernel after its first messages, which are then lost. So the question is asked again
// until both ways are known to work: an answer has come, and an "idle" that belongs to one of the questions.
void KernelSession::askForInfo()
{
    if (m_stage != Stage::Starting)
        return;
    if (m_info || m_infoRequests.isEmpty())
        m_infoRequests += m_channels.send(JupyterChannel::Shell, QStringLiteral("kernel_info_request"), {});
    m_clock.after(infoInterval, this, [this] { askForInfo(); });
}

QString KernelSession::execute(const QString &code)
{
    return m_channels.send(JupyterChannel::Shell,
                           QStringLiteral("execute_request"),
                           {{QStringLiteral("code"), code},
                            {QStringLiteral("silent"), false},
                            {QStringLiteral("store_history"), true},
                            {QStringLiteral("user_expressions"), QJsonObject()},
                            {QStringLiteral("allow_stdin"), m_setup.mayAsk},
                            {QStringLiteral("stop_on_error"), false}}); // one cell at a time: the engine decides
}

void KernelSession::answer(const JupyterMessage &question, const QString &value)
{
    m_channels.send(JupyterChannel::Stdin,
                    QStringLiteral("input_reply"),
                    {{QStringLiteral("status"), QStringLiteral("ok")}, {QStringLiteral("value"), value}},
                    question.header);
}

QString KernelSession::interrupt()
{
    if (m_setup.spec.interruptMode == u"message")
        return m_channels.send(JupyterChannel::Control, QStringLiteral("interrupt_request"), {});
    m_process.interrupt();
    return {};
}

void KernelSession::shutdown()
{
    if (m_stage == Stage::Stopping || m_stage == Stage::Ended)
        return;
    m_process.sample();
    m_stage = Stage::Stopping;
    m_channels.send(JupyterChannel::Control, QStringLiteral("shutdown_request"), {{QStringLiteral("restart"), false}});
    m_clock.after(shutdownGrace, this, [this] {
        if (m_stage == Stage::Stopping)
            m_process.kill();
    });
}

void KernelSession::onReceived(const JupyterMessage &message)
{
    if (m_stage != Stage::Starting) {
        if (m_stage != Stage::Ended)
            emit received(message);
        return;
    }
    if (message.type == u"kernel_info_reply" && m_infoRequests.contains(message.parent))
        m_info = message.content;
    else if (message.type == u"iopub_welcome")
        m_hearsIopub = true;
    else if (message.type == u"status" && m_infoRequests.contains(message.parent)
             && message.content.value(QStringLiteral("execution_state")).toString() == u"idle")
        m_hearsIopub = true;
    if (m_info && m_hearsIopub) {
        m_stage = Stage::Ready;
        emit ready(*m_info);
    }
}

void KernelSession::onEnded(const KernelExit &exit)
{
    switch (m_stage) {
    case Stage::Starting: {
        const QString tail = m_process.errorTail();
        QString reason = tr("The kernel \"%1\" did not start: its program %2.").arg(m_setup.spec.name, exit.text());
        if (tail.contains(u"No module named ipykernel"))
            reason += QStringLiteral(" ")
                + tr("%1 has no ipykernel; install it there (package python3-ipykernel).")
                      .arg(m_setup.command.value(0));
        else if (tail.contains(u"there is no package called") && tail.contains(u"IRkernel"))
            reason += QStringLiteral(" ") + tr("R has no IRkernel; install it (package r-cran-irkernel).");
        if (!tail.isEmpty())
            reason += QStringLiteral(" ") + tr("It wrote: %1").arg(tail);
        failStart(reason);
        break;
    }
    case Stage::Ready:
        m_clock.after(drainTime, this, [this, exit] { end(exit); });
        break;
    case Stage::Stopping:
        end(exit);
        break;
    case Stage::Idle:
    case Stage::Ended:
        break;
    }
}

void KernelSession::failStart(const QString &reason)
{
    if (m_stage != Stage::Starting)
        return;
    m_stage = Stage::Ended;
    m_process.kill();
    emit startFailed(reason);
}

void KernelSession::end(const KernelExit &exit)
{
    if (m_stage == Stage::Ended)
        return;
    m_stage = Stage::Ended;
    emit ended(exit);
}

} // namespace engine

#include "moc_KernelSession.cpp"
