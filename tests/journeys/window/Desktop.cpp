#include "tests/journeys/window/Desktop.h"

#include <QElapsedTimer>

#include <csignal>
#include <sys/prctl.h>

namespace tests {

namespace {

constexpr const char *size = "1616x1040x24"; // a window of 1600 × 1000 and its frame
constexpr int startMs = 20000;

} // namespace

bool Desktop::start(QProcess &process, const QString &program, const QStringList &arguments)
{
    process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); }); // it does not outlive the test
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(program, arguments);
    if (!process.waitForStarted())
        m_error = QStringLiteral("No desktop: %1: %2. Run ./setup test").arg(program, process.errorString());
    return m_error.isEmpty();
}

Desktop::Desktop()
{
    if (!start(m_server,
               QStringLiteral("Xvfb"),
               {QStringLiteral("-displayfd"),
                QStringLiteral("1"),
                QStringLiteral("-screen"),
                QStringLiteral("0"),
                QString::fromLatin1(size),
                QStringLiteral("-nolisten"),
                QStringLiteral("tcp"),
                QStringLiteral("-r"), // a key that is held for long on a busy machine is still one key
                QStringLiteral("-noreset")}))
        return;
    QElapsedTimer since;
    since.start();
    while (!m_server.canReadLine() && since.elapsed() < startMs)
        m_server.waitForReadyRead(200);
    const QByteArray number = m_server.readLine().trimmed();
    if (number.isEmpty()) {
        m_error = QStringLiteral("No desktop: Xvfb named no display");
        return;
    }
    qputenv("DISPLAY", ':' + number);
    qputenv("QT_QPA_PLATFORM", "xcb");
    qputenv("XDG_CURRENT_DESKTOP", "none");
    start(m_manager, QStringLiteral("openbox"), {QStringLiteral("--sm-disable")});
}

Desktop::~Desktop()
{
    for (QProcess *const process : {&m_manager, &m_server}) {
        process->kill();
        process->waitForFinished(2000);
    }
}

} // namespace tests
