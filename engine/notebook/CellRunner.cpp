#include "engine/notebook/CellRunner.h"

#include "engine/notebook/KernelSession.h"
#include "engine/notebook/Traceback.h"

#include <QJsonArray>

namespace engine {

namespace {

constexpr Millis silenceLimit{10000}; // between the reply and "idle", or the other way round
constexpr Millis startGrace{500}; // a cell that was only just sent cannot be interrupted yet
// Of what is said of an error in every event, record and list; the whole is in the executed copy.
constexpr qsizetype nameMost = 1024;
constexpr qsizetype valueMost = 8 * 1024;
constexpr qsizetype frameMost = 16 * 1024;
constexpr qsizetype framesMost = 64;

bool endsWell(const CellResult &result)
{
    if (result.ename == u"NotebookExit") // slipway.exit()
        return true;
    return result.ename == u"SystemExit"
        && (result.evalue.isEmpty() || result.evalue == u"0" || result.evalue == u"None");
}

bool asksToExit(const QJsonObject &reply)
{
    const QJsonArray payloads = reply.value(QStringLiteral("payload")).toArray();
    return std::any_of(payloads.begin(), payloads.end(), [](const QJsonValue &payload) {
        return payload.toObject().value(QStringLiteral("source")).toString() == u"ask_exit";
    });
}

} // namespace

CellRunner::CellRunner(KernelSession &session, Clock &clock, Millis interruptStep, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_clock(clock)
    , m_interruptStep(interruptStep)
{
}

QString CellRunner::run(const QString &code)
{
    m_result = {};
    m_hasStarted = m_hasReply = m_isIdle = m_stopping = m_stopWaits = false;
    m_request = m_session.execute(code);
    return m_request;
}

void CellRunner::stop()
{
    if (m_stopping || !isRunning())
        return;
    m_stopping = true;
    if (m_hasStarted) {
        escalate(0);
        return;
    }
    m_stopWaits = true;
    m_stopTimer = m_clock.after(std::min(startGrace, m_interruptStep), this, [this] {
        if (std::exchange(m_stopWaits, false))
            escalate(0);
    });
}

void CellRunner::escalate(int step)
{
    if (!isRunning())
        return;
    if (step < 2)
        m_session.interrupt();
    else if (step == 2)
        m_session.terminate();
    else
        m_session.kill();
    if (step < 3)
        m_stopTimer = m_clock.after(m_interruptStep, this, [this, step] { escalate(step + 1); });
}

void CellRunner::handle(const JupyterMessage &message)
{
    if (!isRunning() || message.parent != m_request)
        return;
    m_lastHeard = m_clock.monotonic();
    if (message.type == u"status") {
        const QString state = message.content.value(QStringLiteral("execution_state")).toString();
        if (state == u"busy") {
            m_result.times[QStringLiteral("iopub.status.busy")] = m_clock.now();
        } else if (state == u"idle") {
            m_result.times[QStringLiteral("iopub.status.idle")] = m_clock.now();
            m_isIdle = true;
        }
    } else if (message.type == u"execute_input") {
        m_result.times[QStringLiteral("iopub.execute_input")] = m_clock.now();
        m_hasStarted = true;
        if (std::exchange(m_stopWaits, false)) {
            m_clock.cancel(m_stopTimer);
            escalate(0);
        }
    } else if (message.type == u"execute_reply" && message.channel == JupyterChannel::Shell) {
        onReply(message);
    }
    if (m_hasReply && m_isIdle)
        finish();
    else if ((m_hasReply || m_isIdle) && m_silenceTimer == 0)
        m_silenceTimer = m_clock.after(silenceLimit, this, [this] { checkSilence(); });
}

void CellRunner::onReply(const JupyterMessage &message)
{
    const QJsonObject &reply = message.content;
    const QString status = reply.value(QStringLiteral("status")).toString();
    m_result.times[QStringLiteral("shell.execute_reply")] = m_clock.now();
    m_hasReply = true;
    if (const QJsonValue count = reply.value(QStringLiteral("execution_count")); count.isDouble())
        m_result.executionCount = count.toInt();
    if (status == u"ok") {
        m_result.end = asksToExit(reply) ? CellResult::End::Exit : CellResult::End::Ok;
        return;
    }
    m_result.ename = plainExceptionName(shortened(reply.value(QStringLiteral("ename")).toString(), nameMost));
    m_result.evalue = shortened(reply.value(QStringLiteral("evalue")).toString(), valueMost);
    const QJsonArray traceback = reply.value(QStringLiteral("traceback")).toArray();
    for (qsizetype i = 0; i < traceback.size(); ++i) {
        // The beginning says what it is, the end what happened.
        if (i < framesMost / 2 || i + framesMost / 2 >= traceback.size())
            m_result.traceback += shortened(traceback.at(i).toString(), frameMost);
    }
    if (m_result.ename.isEmpty())
        m_result.ename = status.isEmpty() ? QStringLiteral("error") : status; // "aborted"
    m_result.end = endsWell(m_result) ? CellResult::End::Exit : CellResult::End::Error;
}

void CellRunner::checkSilence()
{
    m_silenceTimer = 0;
    const Millis silent = m_clock.monotonic() - m_lastHeard;
    if (silent < silenceLimit) {
        m_silenceTimer = m_clock.after(silenceLimit - silent, this, [this] { checkSilence(); });
        return;
    }
    if (m_hasReply) {
        m_result.warning = tr("The kernel did not say that the cell's output is complete; some may be missing.");
    } else {
        // Without a reply there is no evidence that the cell succeeded.
        m_result.end = CellResult::End::Error;
        m_result.ename = QStringLiteral("NoReply");
        m_result.evalue = tr("the kernel is idle again but never answered the request");
    }
    finish();
}

void CellRunner::kernelEnded(const KernelExit &exit)
{
    if (!isRunning())
        return;
    if (!m_hasReply) {
        m_result.end = CellResult::End::KernelDied;
        m_result.exit = exit;
    }
    finish();
}

void CellRunner::finish()
{
    m_clock.cancel(std::exchange(m_silenceTimer, 0));
    m_clock.cancel(std::exchange(m_stopTimer, 0));
    m_request.clear();
    m_session.process().drain();
    m_session.process().sample();
    emit finished(m_result);
}

} // namespace engine

#include "moc_CellRunner.cpp"
