#pragma once

#include <QAction>
#include <QPoint>
#include <QProcess>
#include <QString>
#include <QWidget>

#include <memory>

namespace tests {

// A screen nobody looks at: Xvfb with a window manager, and a person's hands on it. Events go through the X server as
// those of a mouse and a keyboard do (xdotool); widgets are found in this process by their object names.
class Desktop
{
public:
    // Starts Xvfb and openbox and sets DISPLAY; before the QApplication is made. False: see error().
    static bool start(const QString &size = QStringLiteral("1600x1000x24"));
    static void stop();
    static QString error();
};

class Hands
{
public:
    explicit Hands(QWidget *window) : m_window(window) { }

    // The visible, enabled widget with this object name in any window of the program; waits for it. Fails the test
    // (nullptr) after the time.
    QWidget *find(const QString &objectName, int timeoutMs = 10000) const;
    template <typename Widget> Widget *findAs(const QString &objectName, int timeoutMs = 10000) const
    {
        return qobject_cast<Widget *>(find(objectName, timeoutMs));
    }

    void moveTo(const QPoint &onScreen);
    void click(const QString &objectName);
    void clickAt(const QPoint &onScreen, int button = 1);
    void doubleClickAt(const QPoint &onScreen);
    void drag(const QPoint &from, const QPoint &to); // with the left button, in steps as a hand makes them
    void type(const QString &text);
    void key(const QString &keys); // "ctrl+k", "Return", "shift+F4"
    void keys(const QStringList &list);

    static QPoint centreOf(const QWidget *widget);
    static void settle(); // until the event loop has nothing to do for a moment

    // A picture of the whole screen as an artifact of the test: <SLIPWAY_ARTIFACTS or build folder>/<name>.png
    void picture(const QString &name);

private:
    void run(const QStringList &arguments);

    QWidget *m_window;
};

} // namespace tests
