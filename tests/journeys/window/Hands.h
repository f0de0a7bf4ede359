#pragma once

#include "tests/journeys/window/WindowUnderTest.h"

#include <QPoint>
#include <QRect>

#include <functional>
#include <optional>

namespace tests {

// A person at the desktop: looks (Eyes), and moves a real mouse and presses real keys (xdotool, through the X server).
// What it looks for it waits for; every gesture says whether it could be made, else why() says what was missing.
class Hands
{
public:
    explicit Hands(WindowUnderTest &window) : m_window(window) { }

    QString why() const { return m_why; }

    // How long a person waits before giving up: these end a test that cannot go on, and say nothing about speed.
    static constexpr int patienceMs = 60000;
    static constexpr int patienceForRunsMs = 240000; // of notebooks, too

    // --- Looking: waits, until it is there
    // A widget that can be used, in the window that has the keyboard.
    bool sees(const QString &name, int timeoutMs = patienceMs);
    bool seesRow(const QString &view, const QString &text, int timeoutMs = patienceMs);
    bool until(const std::function<bool()> &isSo, const QString &what, int timeoutMs = patienceMs);
    bool isSettled(const std::function<bool()> &isSo); // now, and when all gestures are handled
    QString value(const QString &name); // what the widget says
    bool says(const QString &name, const QString &text, int timeoutMs = patienceMs); // waits until that is a part of it
    engine::Json see(engine::Json question) { return m_window.see(std::move(question)); }
    engine::Json document() { return see({{"see", "document"}}); }

    // --- By mouse
    bool click(const QString &name);
    bool clickButton(const QString &text); // of a message box
    bool clickRow(const QString &view, const QString &text, int column = 0);
    bool openRow(const QString &view, const QString &text, int column = 0); // double-click
    bool clickTab(const QString &tabs, const QString &text);
    bool chooseFromMenu(const QString &button, const QString &action);
    bool clickNode(const QString &activity);
    bool dragLink(const QString &from, const QString &to); // from the port Succeeded
    bool dragRowTo(const QString &view, const QString &text, const QPoint &to);
    bool fill(const QString &name, const QString &text); // a line, a box to choose from
    void moveTo(const QPoint &onScreen);
    void clickAt(const QPoint &onScreen, int button = 1);
    void doubleClickAt(const QPoint &onScreen);
    void drag(const QPoint &from, const QPoint &to); // with the left button, in steps as a hand makes them

    // --- By keyboard
    bool choosePath(const QString &path); // in the file dialog that opens
    bool reach(const QString &name, const QString &key = QStringLiteral("Tab")); // until it has the focus
    bool press(const QString &name); // reach it, then Space
    bool write(const QString &name, const QString &text); // reach it, replace what is there
    bool goToRow(const QString &view, const QString &text); // reach it, then arrows
    bool goToTab(const QString &tabs, const QString &text); // reach it, then arrows
    bool command(const QString &text); // through the command palette
    void key(const QString &keys); // "ctrl+k", "Return", "shift+F4"
    void keys(const QStringList &list);
    void type(const QString &text);

    std::optional<QRect> place(engine::Json question, int timeoutMs = patienceMs); // on the screen
    void settle(); // until nothing is to be handled any more
    // The whole screen as an artifact of the test: SLIPWAY_ARTIFACTS/<name>.png
    void picture(const QString &name);

private:
    bool fail(const QString &why);
    bool clickOn(const engine::Json &question);
    void run(const QStringList &arguments);

    WindowUnderTest &m_window;
    QString m_why;
};

} // namespace tests
