#pragma once

#include "engine/base/Json.h"

#include <QElapsedTimer>
#include <QObject>
#include <QRect>

class QLocalServer;
class QLocalSocket;
class QWidget;

namespace designer {
class Workbench;
}

namespace tests {

// What a person at the screen sees of the window under test, for a journey in another process: where a widget is, what
// it says, what has the focus. It only looks: every gesture goes through the X server. Asked over a local socket, one
// JSON object a line, {"see": WHAT, …}; answers with one line, {} when there is nothing to be seen. GUI thread; answers
// also while a dialog or a drag has an event loop of its own.
class Eyes final : public QObject
{
    Q_OBJECT

public:
    Eyes(designer::Workbench &workbench, const QString &socket, QObject *parent = nullptr);
    ~Eyes() override;

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void listen(QLocalSocket *socket);
    void answer(QLocalSocket *socket, const engine::Json &question);
    void answerWhenIdle(QLocalSocket *socket);
    engine::Json look(const engine::Json &question) const;
    engine::Json document() const;

    designer::Workbench &m_workbench;
    QLocalServer *m_server;
    QElapsedTimer m_sinceInput;
};

} // namespace tests
