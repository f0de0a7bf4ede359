#pragma once

#include "engine/base/Json.h"

#include <QLocalSocket>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

#include <memory>

namespace tests {

// The window in a process of its own, so that it can be killed: started as a user starts it, asked through its Eyes.
// Ended with this object, without mercy.
class WindowUnderTest
{
public:
    explicit WindowUnderTest(QProcessEnvironment environment) : m_environment(std::move(environment)) { }
    ~WindowUnderTest() { kill(); }

    bool start(const QStringList &arguments = {}); // waits until it can be asked; false: why()
    void kill(); // SIGKILL, and waits
    bool waitForEnd(int timeoutMs = 60000); // after it was closed; false: it goes on, or did not exit with 0
    bool isRunning();
    qint64 processId() const { return m_process ? m_process->processId() : 0; }
    QString why() const { return m_why; }

    // See Eyes; an empty object when it says nothing within the time.
    engine::Json see(engine::Json question);

private:
    QProcessEnvironment m_environment;
    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_process;
    std::unique_ptr<QLocalSocket> m_socket;
    int m_starts = 0;
    QString m_why;
};

} // namespace tests
