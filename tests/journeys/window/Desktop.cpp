#include "tests/journeys/window/Desktop.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QScreen>
#include <QTest>
#include <QWindow>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace tests {

namespace {

struct Running
{
    std::unique_ptr<QProcess> server;
    std::unique_ptr<QProcess> manager;
    QString error;
};

Running &running()
{
    static Running parts;
    return parts;
}

std::unique_ptr<QProcess> started(const QString &program, const QStringList &arguments)
{
    auto process = std::make_unique<QProcess>();
    process->setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); }); // it does not outlive the test
    process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process->setStandardErrorFile(QProcess::nullDevice());
    process->start(program, arguments);
    if (!process->waitForStarted(5000)) {
        running().error = program + QStringLiteral(": ") + process->errorString();
        return {};
    }
    return process;
}

QString artifacts()
{
    const QString folder = qEnvironmentVariable(
        "SLIPWAY_ARTIFACTS", QCoreApplication::applicationDirPath() + QStringLiteral("/../artifacts"));
    QDir().mkpath(folder);
    return folder;
}

} // namespace

bool Desktop::start(const QString &size)
{
    auto server = started(QStringLiteral("Xvfb"),
                          {QStringLiteral("-displayfd"),
                           QStringLiteral("1"),
                           QStringLiteral("-screen"),
                           QStringLiteral("0"),
                           size,
                           QStringLiteral("-nolisten"),
                           QStringLiteral("tcp"),
                           QStringLiteral("-noreset")});
    if (!server)
        return false;
    QElapsedTimer since;
    since.start();
    while (!server->canReadLine() && since.elapsed() < 10000)
        server->waitForReadyRead(200);
    const QByteArray number = server->readLine().trimmed();
    if (number.isEmpty()) {
        running().error = QStringLiteral("Xvfb named no display");
        return false;
    }
    qputenv("DISPLAY", ':' + number);
    qputenv("QT_QPA_PLATFORM", "xcb");
    qputenv("XDG_CURRENT_DESKTOP", "none");
    running().server = std::move(server);
    running().manager = started(QStringLiteral("openbox"), {QStringLiteral("--sm-disable")});
    return running().manager != nullptr;
}

void Desktop::stop()
{
    for (std::unique_ptr<QProcess> *const process : {&running().manager, &running().server}) {
        if (*process) {
            (*process)->kill();
            (*process)->waitForFinished(2000);
            process->reset();
        }
    }
}

QString Desktop::error() { return running().error; }

QWidget *Hands::find(const QString &objectName, int timeoutMs) const
{
    QWidget *found = nullptr;
    const auto look = [&found, &objectName] {
        const QWidgetList all = QApplication::allWidgets();
        for (QWidget *const widget : all) {
            if (widget->objectName() == objectName && widget->isVisible() && widget->isEnabled()) {
                found = widget;
                return true;
            }
        }
        return false;
    };
    if (!QTest::qWaitFor(look, timeoutMs))
        QTest::qFail(qPrintable(QStringLiteral("There is no %1 to be seen").arg(objectName)), __FILE__, __LINE__);
    return found;
}

void Hands::run(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral("xdotool"), arguments);
    QElapsedTimer since;
    since.start();
    while (process.state() != QProcess::NotRunning && since.elapsed() < 20000)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    if (process.exitCode() != 0)
        qWarning("xdotool %s: %s", qPrintable(arguments.join(u' ')), process.readAllStandardError().constData());
    settle();
}

void Hands::settle()
{
    for (int round = 0; round < 3; ++round)
        QTest::qWait(15);
}

QPoint Hands::centreOf(const QWidget *widget) { return widget->mapToGlobal(widget->rect().center()); }

void Hands::moveTo(const QPoint &onScreen)
{
    run({QStringLiteral("mousemove"), QString::number(onScreen.x()), QString::number(onScreen.y())});
}

void Hands::click(const QString &objectName)
{
    if (const QWidget *const widget = find(objectName))
        clickAt(centreOf(widget));
}

void Hands::clickAt(const QPoint &onScreen, int button)
{
    moveTo(onScreen);
    run({QStringLiteral("click"), QString::number(button)});
}

void Hands::doubleClickAt(const QPoint &onScreen)
{
    moveTo(onScreen);
    run({QStringLiteral("click"),
         QStringLiteral("--repeat"),
         QStringLiteral("2"),
         QStringLiteral("--delay"),
         QStringLiteral("60"),
         QStringLiteral("1")});
}

// One call of xdotool: a drag and drop runs an event loop of its own, in which nobody here could go on.
void Hands::drag(const QPoint &from, const QPoint &to)
{
    constexpr int steps = 8;
    QStringList gesture;
    const auto moveTo = [&gesture](const QPoint &point) {
        gesture << QStringLiteral("mousemove") << QString::number(point.x()) << QString::number(point.y())
                << QStringLiteral("sleep") << QStringLiteral("0.06");
    };
    moveTo(from);
    gesture << QStringLiteral("mousedown") << QStringLiteral("1") << QStringLiteral("sleep") << QStringLiteral("0.1");
    for (int step = 1; step <= steps; ++step)
        moveTo(from + (to - from) * step / steps);
    gesture << QStringLiteral("sleep") << QStringLiteral("0.1") << QStringLiteral("mouseup") << QStringLiteral("1");
    run(gesture);
}

void Hands::type(const QString &text)
{
    run({QStringLiteral("type"), QStringLiteral("--delay"), QStringLiteral("8"), QStringLiteral("--"), text});
}

void Hands::key(const QString &keys) { run({QStringLiteral("key"), QStringLiteral("--clearmodifiers"), keys}); }

void Hands::keys(const QStringList &list)
{
    for (const QString &one : list)
        key(one);
}

void Hands::picture(const QString &name)
{
    settle();
    const QPixmap screen = QGuiApplication::primaryScreen()->grabWindow(0);
    const QString path = artifacts() + u'/' + name + QStringLiteral(".png");
    if (!screen.save(path))
        qWarning("The picture %s cannot be written", qPrintable(path));
}

} // namespace tests
